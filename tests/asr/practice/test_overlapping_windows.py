"""Random mistakes: from the seed alone, at the stated rates, worse at the edges."""

from __future__ import annotations

import numpy as np

from audiocourse.asr.practice.overlapping_windows import overlapping_hypotheses
from audiocourse.asr.scoring import edit_distance


def made(seed: int = 1, **options: float) -> object:
    return overlapping_hypotheses(np.random.default_rng(seed), language="de", split="train", **options)


def test_the_seed_decides() -> None:
    assert made(1) == made(1) != made(2)


def test_one_window_over_all_is_wrong_in_one_word_of_nine() -> None:
    text = overlapping_hypotheses(
        np.random.default_rng(3), language="en", split="train", sentences=150, window=900.0, hop=900.0
    )
    assert len(text.windows) == 1
    assert 0.09 < edit_distance(text.words, text.windows[0]) / len(text.words) < 0.13  # 0.11 of about 1600 words


def test_windows_begin_and_end_with_halves_of_words() -> None:
    text = overlapping_hypotheses(np.random.default_rng(4), language="it", split="train", sentences=60)
    known = set(text.words)
    last = [words[-1] not in known for words in text.windows[:-1]]
    inner = [words[len(words) // 2] not in known for words in text.windows[:-1]]
    assert np.mean(last) > 3 * np.mean(inner)


def test_windows_overlap_so_that_words_are_in_four_windows() -> None:
    text = overlapping_hypotheses(np.random.default_rng(5), language="fr", split="train", sentences=60)
    assert 3.5 < sum(map(len, text.windows)) / len(text.words) < 4.2
