"""Clips for tagging: the same each time, their times and levels, all kinds, and people of the right split."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.classify import tagged_clips
from audiocourse.classify.tagged_clips import TAGS, tagged_clip
from audiocourse.sounds import speakers


def test_a_clip_is_the_same_each_time_and_its_sounds_lie_inside() -> None:
    for number in range(12):
        y, intervals = tagged_clip(rng=np.random.default_rng(number), seconds=2.0)
        again, same = tagged_clip(rng=np.random.default_rng(number), seconds=2.0)
        np.testing.assert_array_equal(y, again)
        assert intervals == same
        assert y.shape == (32_000,) and y.dtype == np.float32 and np.abs(y).max() <= 1
        assert all(0 <= interval.start < interval.end <= 2 for interval in intervals)
        assert len({interval.label for interval in intervals}) <= 2


def test_all_kinds_come_up_and_some_clips_have_none() -> None:
    labels = [
        {interval.label for interval in tagged_clip(rng=np.random.default_rng([1, number]), seconds=1.0)[1]}
        for number in range(60)
    ]
    assert set().union(*labels) == set(TAGS)
    assert 3 <= sum(not each for each in labels) <= 20
    assert 6 <= sum(len(each) == 2 for each in labels) <= 30


def test_the_interval_is_where_the_sound_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a room without reverberation, samples outside the intervals are 40 dB below an event's peak, which is 0.5."""
    monkeypatch.setattr(tagged_clips, "reverberate", lambda y, _: y)
    for number in range(12):
        y, intervals = tagged_clips._tagged_sound(np.random.default_rng(number), TAGS[number % 10], "train", 3.0)
        inside = np.zeros(48_000, dtype=bool)
        for interval in intervals:
            inside[max(0, round(interval.start * 16_000) - 1) : round(interval.end * 16_000) + 1] = True
        assert y.shape == (48_000,)
        if np.any(~inside):
            assert np.abs(y[~inside]).max() <= 0.0051


def test_people_are_of_the_split(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def recorded(rng: np.random.Generator, speaker: object, split: str) -> object:
        drawn.append(speaker)
        return original(rng, speaker, split)

    original = tagged_clips.utterance_of
    monkeypatch.setattr(tagged_clips, "utterance_of", recorded)
    for number in range(4):
        tagged_clips._tagged_sound(np.random.default_rng(number), "speech", "test", 2.0)
    assert len(drawn) == 4 and all(speaker in speakers(split="test") for speaker in drawn)
