"""Tests of the recordings of the open task: what was done to them is in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.sounds import speakers
from audiocourse.tts.fastspeech.reference import LEVEL_DB, at_level, level
from audiocourse.tts.practice.messy_recordings import (
    CUT_SECONDS,
    KINDS,
    SR,
    MessyRecordings,
    describe_voices,
    messy_recordings,
    single_distance,
    voice_distance,
)


def encode(recordings: Sequence[np.ndarray]) -> np.ndarray:
    """Describe a recording by its level in four bands: enough to tell noise from speech."""
    power = [np.abs(np.fft.rfft(at_level(y))) ** 2 for y in recordings]
    vectors = np.log([[part.mean() + 1e-9 for part in np.array_split(each, 4)] for each in power])
    vectors -= vectors.mean(axis=1, keepdims=True)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def sets() -> list[MessyRecordings]:
    return messy_recordings(np.random.default_rng(1), speakers=speakers("en", split="test")[:3], encode=encode)


def test_each_set_has_one_recording_of_each_kind_in_random_order(sets: list[MessyRecordings]) -> None:
    assert len(sets) == 12
    assert all(sorted(each.kinds) == sorted(KINDS) for each in sets)
    assert len({each.kinds for each in sets}) > 6


def test_noise_raises_the_floor_and_weak_recordings_are_soft_or_short(sets: list[MessyRecordings]) -> None:
    above = {
        kind: np.mean([(each.level_db - each.floor_db)[each.kinds.index(kind)] for each in sets]) for kind in KINDS
    }
    assert above["noisy"] < above["fair"] - 5  # 0 to 12 dB of noise against 22 to 32
    for each in sets:
        weak = each.kinds.index("weak")
        seconds = each.recordings[weak].size / SR
        assert seconds <= CUT_SECONDS[1] or each.level_db[weak] < -47


def test_vectors_are_those_of_the_recordings_whatever_their_level(sets: list[MessyRecordings]) -> None:
    for each in sets:
        np.testing.assert_allclose(np.linalg.norm(each.vectors, axis=1), 1, atol=1e-6)  # float32
        louder = encode([at_level(y, -10.0) for y in each.recordings])
        np.testing.assert_allclose(louder, each.vectors, atol=1e-4)  # float32 samples


def test_the_distance_counts_from_the_voice(sets: list[MessyRecordings]) -> None:
    truth = {each.vectors.tobytes(): each.voice for each in sets}
    assert voice_distance(lambda vectors, *_: truth[vectors.tobytes()], sets) < 1e-6  # float32
    assert single_distance(sets) > 0.01
    first = describe_voices(lambda vectors, *_: vectors[0], sets)
    assert "% of that of one recording (synthetic)" in first


def test_a_blank_is_said_to_be_one(sets: list[MessyRecordings]) -> None:
    def not_yet(*_: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    assert describe_voices(not_yet, sets) == "not_yet is not written yet."


def test_levels_and_what_cannot_be_amplified() -> None:
    y = np.random.default_rng(2).uniform(-0.1, 0.1, 1000).astype(np.float32)
    assert level(at_level(y)) == pytest.approx(LEVEL_DB, abs=1e-3)  # float32
    with pytest.raises(AudioCourseError, match="silent"):
        at_level(np.zeros(100, dtype=np.float32))
    with pytest.raises(AudioCourseError, match="two speakers"):
        messy_recordings(np.random.default_rng(1), speakers=speakers("en")[:1], encode=encode)
