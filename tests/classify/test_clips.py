"""Synthetic scenes and digits: the same each time, with their labels, spoken by people of the right split."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.classify.clips import (
    ACCENTS,
    DIGIT_SR,
    _draw_speaker,
    training_digit,
    training_events,
    training_scene,
    training_timbres,
)
from audiocourse.sounds import speakers
from audiocourse.sounds.speech.espeak import voice_languages


def test_a_scene_is_the_same_each_time_and_has_its_labels() -> None:
    share = []
    for number in range(12):
        y, active = training_scene(rng=np.random.default_rng(number), seconds=4.0)
        again, _ = training_scene(rng=np.random.default_rng(number), seconds=4.0)
        np.testing.assert_array_equal(y, again)
        assert y.shape == active.shape == (64_000,)
        assert y.dtype == np.float32
        assert np.abs(y).max() <= 1
        share.append(active.mean())
    assert 0.3 < np.mean(share) < 0.9


def test_a_digit_is_the_same_each_time() -> None:
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
    assert 0.4 < np.median([y.size / DIGIT_SR for y, _ in words]) < 1.2  # with the pauses around the word


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_the_people_of_a_split_have_the_timbres_of_that_split(split: str) -> None:
    allowed = {speaker.voice.partition("+")[2] for speaker in speakers("en", split=split)}
    others = {speaker.voice.partition("+")[2] for speaker in speakers("en") if speaker.split != split}
    allowed |= set(training_timbres()) if split == "train" else set()
    assert split != "train" or allowed.isdisjoint(others)
    drawn = [_draw_speaker(np.random.default_rng(number), split) for number in range(100)]
    assert {speaker.voice.partition("+")[2] for speaker in drawn} <= allowed
    assert {speaker.voice.partition("+")[0] for speaker in drawn} == set(ACCENTS) <= set(voice_languages())


def test_an_unknown_split_is_refused(refuses) -> None:
    with refuses("split"):
        training_digit(rng=np.random.default_rng(0), split="tests")


def test_a_crowded_scene_finds_a_place_for_all_its_events() -> None:
    """Eight events, one at a time: of 6,400 scenes this one was refused after eight draws."""
    y, events = training_events(rng=np.random.default_rng([7, 2_623]))
    assert y.shape == (160_000,)
    assert len(events) == 8
