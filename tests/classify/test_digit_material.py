"""The made digits: the same each time, all ten, of people who are in the right split, about as long as real ones."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.classify.digit_material import ACCENTS, SR, _someone, _timbres, training_digit
from audiocourse.sounds import speakers
from audiocourse.sounds.speech.espeak import voice_languages


def test_a_word_is_the_same_each_time() -> None:
    for number in range(5):
        y, digit = training_digit(rng=np.random.default_rng(number))
        again, same = training_digit(rng=np.random.default_rng(number))
        np.testing.assert_array_equal(y, again)
        assert digit == same
        assert y.dtype == np.float32
        assert y.ndim == 1
        assert 0 < np.abs(y).max() <= 1


def test_all_ten_digits_come_up_and_last_as_long_as_words() -> None:
    words = [training_digit(rng=np.random.default_rng([2, number])) for number in range(80)]
    assert {digit for _, digit in words} == set(range(10))
    assert 0.4 < np.median([y.size / SR for y, _ in words]) < 1.2  # with the pauses around the word


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_the_people_of_a_split_have_the_timbres_of_that_split(split: str) -> None:
    allowed = {one.voice.partition("+")[2] for one in speakers("en", split=split)}
    others = {one.voice.partition("+")[2] for one in speakers("en") if one.split != split}
    allowed |= set(_timbres()) if split == "train" else set()
    assert split != "train" or allowed.isdisjoint(others)
    drawn = [_someone(np.random.default_rng(number), split) for number in range(100)]
    assert {one.voice.partition("+")[2] for one in drawn} <= allowed
    assert {one.voice.partition("+")[0] for one in drawn} == set(ACCENTS) <= set(voice_languages())


def test_an_unknown_split_is_refused(refuses) -> None:
    with refuses("split"):
        training_digit(rng=np.random.default_rng(0), split="tests")
