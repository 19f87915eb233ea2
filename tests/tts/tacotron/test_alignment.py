"""Scores of attention: what a good alignment is, and what skips, repeats and blurred rows cost."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.tts.tacotron.alignment import alignment_errors, diagonality, guided_attention_weights

SYMBOLS = 20


def reading(order: list[int], *, steps_each: int = 2) -> np.ndarray:
    """Attention that reads the symbols in this order, some steps each."""
    return np.eye(SYMBOLS, dtype=np.float32)[np.repeat(order, steps_each)]


STRAIGHT = reading(list(range(SYMBOLS)))


def test_reading_once_in_order_is_perfect_at_any_pace() -> None:
    uneven = np.eye(SYMBOLS)[np.repeat(np.arange(SYMBOLS), np.random.default_rng(1).integers(1, 6, SYMBOLS))]
    assert diagonality(STRAIGHT) == diagonality(uneven) == 1
    assert alignment_errors(STRAIGHT) == alignment_errors(uneven) == (0, 0)


@pytest.mark.parametrize(
    ("order", "skipped", "repeats"),
    [
        ([*range(8), *range(13, SYMBOLS)], 5, 0),  # jumps over five symbols
        ([*range(12), *range(5, SYMBOLS)], 0, 1),  # reads seven symbols twice
        ([*range(10), *range(4, 10), *range(4, SYMBOLS)], 0, 2),
        (list(range(9)), 11, 0),  # stops too early
    ],
)
def test_skips_and_repeats_are_counted_and_cost_diagonality(order: list[int], skipped: int, repeats: int) -> None:
    assert alignment_errors(reading(order)) == (skipped, repeats)
    assert diagonality(reading(order)) < 0.95


def test_blurred_and_reversed_attention_score_low() -> None:
    assert diagonality(np.full((60, SYMBOLS), 1 / SYMBOLS)) == pytest.approx(3 / SYMBOLS, abs=0.01)
    assert diagonality(STRAIGHT[::-1].copy()) < 0.3


def test_blur_costs_in_proportion() -> None:
    """Half of the attention spread evenly: half of the diagonal is left, and 3/N of the other half."""
    mixed = 0.5 * STRAIGHT + 0.5 / SYMBOLS
    assert diagonality(mixed) == pytest.approx(
        0.5 + 0.5 * 3 / SYMBOLS, abs=0.01
    )  # edges have two neighbours, not three


def test_one_step_and_one_symbol_are_enough() -> None:
    assert diagonality(np.ones((1, 1))) == 1
    assert diagonality(np.full((1, 4), 0.25)) == 0, "the end cannot be reached"


def test_guided_attention_is_zero_on_the_diagonal_and_grows_away_from_it() -> None:
    weights = guided_attention_weights(40, 20)
    assert weights.shape == (40, 20)
    np.testing.assert_allclose(weights[::2].diagonal(), 0, atol=1e-7)  # float32
    assert (np.diff(weights[0]) >= 0).all()
    assert weights[0, -1] > 0.99
    assert weights[4, 6] == pytest.approx(1 - np.exp(-((6 / 20 - 4 / 40) ** 2) / (2 * 0.2**2)), abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        np.eye(3)[0],
        np.zeros((0, 3)),
        np.eye(3, dtype=np.int64),
        np.full((2, 2), np.nan),
        np.ones((3, 3)),
        [[1.0]],
    ],
    ids=["one row", "empty", "whole numbers", "NaN", "rows do not sum to 1", "a list"],
)
def test_what_is_not_attention_is_refused(wrong: np.ndarray) -> None:
    for score in (diagonality, alignment_errors):
        with pytest.raises(AudioCourseError, match=r"ttention weights"):
            score(wrong)
    with pytest.raises(AudioCourseError, match="steps"):
        guided_attention_weights(0, 5)
