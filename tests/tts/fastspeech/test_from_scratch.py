"""Length regulator, loss of durations and rate, in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.tts.fastspeech.from_scratch import (
    average_by_symbol,
    durations_at_rate,
    length_regulate,
    log_duration_loss,
)


def test_every_state_is_repeated_and_the_frames_add_up() -> None:
    rng = np.random.default_rng(0)
    states, durations = rng.normal(size=(9, 4)), rng.integers(0, 6, 9)
    frames = length_regulate(states, durations)
    assert len(frames) == durations.sum()
    expected = [state for state, times in zip(states, durations, strict=True) for _ in range(times)]
    np.testing.assert_array_equal(frames, expected)


@pytest.mark.parametrize(
    "durations", [np.array([1.0, 2.0]), np.array([1, -1]), np.array([1, 2, 3]), np.array([[1, 2]]), [1, 2]]
)
def test_wrong_durations_are_refused(durations: np.ndarray) -> None:
    with pytest.raises(AudioCourseError):
        length_regulate(np.zeros((2, 3)), durations)


def test_padding_does_not_count_and_ratios_do() -> None:
    durations = np.array([[3, 7, 0], [1, 0, 5]])
    lengths = np.array([2, 3])
    predicted = np.log1p(durations.astype(float))
    predicted[0, 2] = 50.0
    assert log_duration_loss(predicted, durations, lengths) == 0
    twice = np.log1p(2 * np.array([[10.0, 100.0]]) + 1)  # 1 + d doubles for both
    assert log_duration_loss(twice, np.array([[10, 100]]), np.array([2])) == pytest.approx(np.log(2) ** 2)


@pytest.mark.parametrize("lengths", [np.array([4, 1]), np.array([0, 0]), np.array([1])])
def test_wrong_lengths_are_refused(lengths: np.ndarray) -> None:
    with pytest.raises(AudioCourseError):
        log_duration_loss(np.zeros((2, 3)), np.ones((2, 3), dtype=int), lengths)


def test_a_higher_rate_is_shorter_and_no_symbol_is_lost() -> None:
    p = np.log1p(np.array([0.2, 3.0, 12.0]))
    assert durations_at_rate(p, rate=1).tolist() == [1, 3, 12]
    assert durations_at_rate(p, rate=2).tolist() == [1, 2, 6]
    assert durations_at_rate(p, rate=0.5).tolist() == [1, 6, 24]
    with pytest.raises(AudioCourseError, match="rate"):
        durations_at_rate(p, rate=0)


def test_unvoiced_frames_do_not_count_and_symbols_without_voice_lie_between_their_neighbours() -> None:
    contour = np.array([np.nan, 2.0, 4.0, np.nan, np.nan, 9.0, np.nan])
    average = average_by_symbol(contour, np.isfinite(contour), np.array([1, 2, 1, 0, 1, 1, 1]))
    np.testing.assert_allclose(average, [3, 3, 4.5, 6, 7.5, 9, 9])


def test_averages_agree_with_a_loop() -> None:
    rng = np.random.default_rng(4)
    durations = rng.integers(0, 6, 30)
    contour = rng.normal(size=durations.sum())
    average = average_by_symbol(contour, np.ones(contour.size, dtype=bool), durations)
    ends = np.cumsum(durations)
    for i in np.flatnonzero(durations):
        assert average[i] == pytest.approx(contour[ends[i] - durations[i] : ends[i]].mean())


@pytest.mark.parametrize(
    ("voiced", "durations", "words"),
    [
        ([True, True], [1, 2], "add up"),
        ([False, False], [1, 1], "at least one True"),
        ([True, True], [3, -1], "negative"),
        ([1, 0], [1, 1], "Boolean"),
    ],
)
def test_impossible_contours_are_refused(voiced: list[bool], durations: list[int], words: str) -> None:
    with pytest.raises(AudioCourseError, match=words):
        average_by_symbol(np.ones(2), np.array(voiced), np.array(durations))
