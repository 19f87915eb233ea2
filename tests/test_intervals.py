"""Intervals: unions, sums, shifts and masks, against the same things done sample by sample."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from audiocourse.intervals import Interval, active_samples, clip_to, merge, merge_by_label, shift, total_duration


@pytest.mark.parametrize(("start", "end"), [(-0.1, 1), (2, 1), (0, np.inf), (np.nan, 1), (0, np.nan)])
def test_an_interval_that_cannot_be(start: float, end: float, refuses: Any) -> None:
    with refuses("interval", "0 ≤ start ≤ end"):
        Interval(start, end)


def test_an_interval_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Interval(0, 1).start = 2  # type: ignore[misc]


def test_merge_is_the_union_of_the_samples(rng: np.random.Generator) -> None:
    for _ in range(50):
        starts = rng.integers(0, 900, 12)
        intervals = [
            Interval(int(start), int(start + length))
            for start, length in zip(starts, rng.integers(1, 99, 12), strict=True)
        ]
        merged = merge(intervals)
        mask = active_samples(intervals, samples=1000, sr=1)
        assert np.array_equal(active_samples(merged, samples=1000, sr=1), mask)
        assert total_duration(merged) == np.count_nonzero(mask)
        assert all(a.end < b.start for a, b in pairwise(merged))


def test_merge_closes_gaps_up_to_the_stated_one() -> None:
    apart = [Interval(0, 1), Interval(1.5, 2), Interval(2.75, 3)]
    assert merge(apart, gap=0.5) == [Interval(0, 2), Interval(2.75, 3)]
    assert merge(apart, gap=0.49) == apart


def test_merging_by_label_unites_what_has_the_same_label_only() -> None:
    turns = [Interval(4, 5, "b"), Interval(0, 2, "a"), Interval(1, 3, "a"), Interval(1, 2, "b"), Interval(2, 4, "b")]
    assert merge_by_label(turns) == [Interval(0, 3, "a"), Interval(1, 5, "b")]
    apart = [Interval(0, 1, "a"), Interval(1.5, 2, "a")]
    assert merge_by_label(apart) == apart
    assert merge_by_label(apart, gap=0.5) == [Interval(0, 2, "a")]


def test_merge_keeps_the_end_of_an_interval_that_holds_another() -> None:
    assert merge([Interval(0, 5), Interval(1, 2), Interval(4, 4.5)]) == [Interval(0, 5)]


def test_merge_of_nothing() -> None:
    assert merge([]) == []
    assert total_duration([]) == 0


@pytest.mark.parametrize("gap", [-0.1, np.nan, np.inf])
def test_merge_refuses_a_gap_that_is_none(gap: float, refuses: Any) -> None:
    with refuses("gap"):
        merge([], gap=gap)


def test_total_counts_overlaps_twice() -> None:
    assert total_duration([Interval(0, 2), Interval(1, 2)]) == 3


def test_shift_keeps_labels_and_durations() -> None:
    words = [Interval(0.5, 1, "two"), Interval(0, 0.5, "one")]
    moved = shift(words, 2)
    assert moved == [Interval(2.5, 3, "two"), Interval(2, 2.5, "one")]
    assert shift(moved, -2) == words


def test_shift_does_not_leave_the_recording(refuses: Any) -> None:
    with refuses("interval"):
        shift([Interval(1, 2)], -1.5)


def test_clip_cuts_at_the_end() -> None:
    intervals = [Interval(0, 1, "a"), Interval(0.5, 3, "b"), Interval(2, 3, "c")]
    assert clip_to(intervals, end=2) == [Interval(0, 1, "a"), Interval(0.5, 2, "b")]


def test_active_samples_end_before_the_end() -> None:
    assert np.flatnonzero(active_samples([Interval(0.5, 1.0)], samples=16, sr=10)).tolist() == [5, 6, 7, 8, 9]
