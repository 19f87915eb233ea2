"""The board of the open task of exercise 1: who reaches which band."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from audiocourse.asr.practice.overlapping_windows import OverlappingHypotheses
from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("joining_scores.py"))


def test_a_rate_counts_wrong_words_over_all_texts() -> None:
    texts = [OverlappingHypotheses(("a", "b", "c"), (("a", "b"), ("x",))), OverlappingHypotheses(("d",), (("d",),))]
    assert board.word_error_rate(lambda windows: [word for window in windows for word in window], texts) == 0.25


def test_a_band_is_reached_at_its_bound() -> None:
    assert [board.band_of(rate) for rate in (2.5, 0.15, 0.151, 0.085, 0.053, 0.0)] == [0, 1, 0, 2, 3, 3]


def test_the_ladder_has_a_band_for_each_idea() -> None:
    answers = board.measured([1])
    assert [board.band_of(float(answer.graded[0])) for answer in answers.values()] == [0, 1, 2, 3]
    assert [board.band_of(answer.practice) for answer in answers.values()] == [0, 1, 2, 3]


def test_a_row_tells_how_often_the_practice_texts_foretell_the_band() -> None:
    row = board.Answer(0.2, np.array([0.14, 0.16, 0.07, 0.05])).row("mine")
    assert row.split() == ["mine", "20.0", "10.5", "5.0", "16.0", "25", "25", "25", "25", "50"]
