"""Forced alignment against every path of small cases; spans and times of words."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocourse.asr.ctc.alignment import Alignment, forced_align, label_spans, token_spans, word_times
from audiocourse.asr.ctc.from_scratch import ctc_collapse, ctc_forward, frames_needed
from audiocourse.sounds import Interval

SYMBOLS = ("", " ", "a", "b")


def distributions(frames: int, symbols: int, seed: int) -> np.ndarray:
    scores = np.random.default_rng(seed).normal(0, 2, (frames, symbols))
    return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)


@given(st.integers(1, 7), st.lists(st.integers(1, 2), max_size=4), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_no_path_of_the_text_is_more_probable(frames: int, labels: list[int], seed: int) -> None:
    frames = max(frames, frames_needed(labels))
    log_probs = distributions(frames, 3, seed)
    found = forced_align(log_probs, labels)
    paths = [path for path in product(range(3), repeat=frames) if ctc_collapse(path).tolist() == labels]
    best = max(float(log_probs[np.arange(frames), path].sum()) for path in paths)
    assert ctc_collapse(found.path).tolist() == labels
    assert found.scores.sum() == pytest.approx(best)
    np.testing.assert_array_equal(found.scores, log_probs[np.arange(frames), found.path])
    assert best <= ctc_forward(log_probs, labels) + 1e-12


def test_of_equal_paths_the_one_that_moves_on_earlier() -> None:
    even = np.log(np.full((4, 3), 1 / 3))
    assert forced_align(even, [1, 2]).path.tolist() == [1, 2, 0, 0]


def test_spans_are_the_runs_of_letters() -> None:
    path = np.array([0, 2, 2, 0, 2, 3, 3, 3, 0])
    scores = np.log([0.9, 0.5, 0.7, 0.9, 1.0, 0.3, 0.6, 0.9, 0.9])
    spans = token_spans(Alignment(path, scores))
    assert [(span.label, span.start, span.end) for span in spans] == [(2, 1, 3), (2, 4, 5), (3, 5, 8)]
    assert [span.score for span in spans] == pytest.approx([0.6, 1.0, 0.6])


@given(st.lists(st.integers(0, 2), max_size=12), st.integers(0, 2))
def test_spans_spell_the_collapsed_path_and_cover_all_that_is_no_blank(path: list[int], blank: int) -> None:
    spans = label_spans(np.array(path, dtype=int), blank=blank)
    assert [label for label, _, _ in spans] == ctc_collapse(path, blank=blank).tolist()
    covered = {t: label for label, start, end in spans for t in range(start, end)}
    assert covered == {t: symbol for t, symbol in enumerate(path) if symbol != blank}


def test_spans_with_a_blank_of_another_number() -> None:
    spans = token_spans(Alignment(np.array([3, 0, 3]), np.zeros(3)), blank=3)
    assert [(span.label, span.start, span.end) for span in spans] == [(0, 1, 2)]


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_words_have_their_times_in_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = [2, 3, 1, 3, 3, 1, 2]
    log_probs = distributions(int(rng.integers(frames_needed(labels), 60)), 4, seed)
    words = word_times(token_spans(forced_align(log_probs, labels)), SYMBOLS, frame_seconds=0.04)
    assert [word.label for word in words] == ["ab", "bb", "a"]
    edges = [edge for word in words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= 0.04 * len(log_probs) + 1e-9


def test_times_are_frames_times_their_length() -> None:
    spans = token_spans(Alignment(np.array([0, 1, 2, 0, 3, 1, 0]), np.zeros(7)))
    assert word_times(spans, SYMBOLS, frame_seconds=0.5) == [Interval(1.0, 2.5, "ab")]
    assert word_times(spans, SYMBOLS, frame_seconds=0.5, begin=-0.25) == [Interval(0.75, 2.25, "ab")]
    assert word_times(spans, SYMBOLS, frame_seconds=0.5, begin=-1.0) == [Interval(0.0, 1.5, "ab")]
    assert word_times([], SYMBOLS, frame_seconds=0.5) == []


def test_an_empty_text_is_all_blank() -> None:
    assert forced_align(distributions(4, 3, 1), []).path.tolist() == [0, 0, 0, 0]


def test_bad_input_is_one_sentence(refuses) -> None:  # type: ignore[no-untyped-def]
    log_probs = distributions(3, 3, 0)
    with refuses("3 labels need 4 frames", "but there are 3"):
        forced_align(log_probs, [1, 1, 2])
    with refuses("Label 3 is not one of the 3 symbols"):
        forced_align(log_probs, [3])
    with refuses("sum to"):
        forced_align(np.zeros((3, 3)), [1])
    with np.errstate(divide="ignore"):
        never = np.log(np.array([[0.5, 0.5, 0.0]] * 3))
    with refuses("probability 0", "fit together"):
        forced_align(never, [2])
    with refuses("frame_seconds", "longer than 0 s"):
        word_times([], SYMBOLS, frame_seconds=0.0)
