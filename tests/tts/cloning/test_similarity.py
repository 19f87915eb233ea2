"""Similarity of voices: natural speech of unseen speakers is told apart, and the measures do what they say."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray
from audiocourse.tts.cloning.similarity import (
    nearest_share,
    similarity,
    training_statistics,
    voice_features,
    voice_similarity,
    voice_vector,
)

SR = 16_000


def test_unseen_speakers_are_told_apart(spoken: dict[str, list[FloatArray]]) -> None:
    vectors = np.array([[voice_vector(y, SR) for y in clips] for clips in spoken.values()])  # (speakers, 2, features)
    for number, (one, other) in enumerate(vectors):
        others = np.delete(vectors[:, 1], number, axis=0)
        assert nearest_share(one[None], other[None], others) == 1.0


def test_level_does_not_matter(spoken: dict[str, list[FloatArray]]) -> None:
    y = next(iter(spoken.values()))[0]
    assert np.allclose(voice_features(y, SR), voice_features(0.1 * y, SR), atol=0.05)  # dB; of the floor of −100 dB


def test_pitch_is_measured() -> None:
    y = np.sign(np.sin(2 * np.pi * 125 * np.arange(SR) / SR + 0.1)).astype(np.float32) * 0.3
    features = voice_features(y, SR)
    assert np.exp(features[-2]) == pytest.approx(125, rel=0.01)
    assert features[-1] < 0.02


def test_training_speakers_have_mean_0() -> None:
    mean, spread = training_statistics()
    assert mean.shape == spread.shape == (40,)
    assert np.all(spread > 0)
    assert 80 < np.exp(mean[-2]) < 250


def test_the_same_recording_is_1(spoken: dict[str, list[FloatArray]]) -> None:
    first, second = (clips[0] for clips in list(spoken.values())[:2])
    assert voice_similarity(first, first, SR) == pytest.approx(1)
    assert voice_similarity(first, second, SR) < 0.8


def test_nearest_share_counts_each_clone() -> None:
    voices = np.eye(4)
    clones = voices[[0, 1]] + 0.1
    assert nearest_share(clones, voices[[0, 1]], voices[2:]) == 1.0
    assert nearest_share(clones, voices[[1, 0]], voices[2:]) == 0.0  # a tie with every other voice is not nearer
    own_others = np.stack([voices[[1, 2]], voices[[1, 3]]])  # the second clone's rival is its own voice
    assert nearest_share(clones, voices[[0, 2]], own_others) == 0.5
    assert nearest_share(50 * clones, voices[[0, 1]], 0.1 * voices[2:]) == 1.0  # lengths do not matter


@pytest.mark.parametrize(
    ("clones", "targets", "others", "message"),
    [
        (np.zeros((1, 3)), np.ones((1, 3)), np.ones((2, 3)), "no direction"),
        (np.ones((2, 3)), np.ones((1, 3)), np.ones((2, 3)), "do not fit"),
        (np.ones((1, 3)), np.ones((1, 3)), np.ones((0, 3)), "not be empty"),
        (np.full((1, 3), np.nan), np.ones((1, 3)), np.ones((2, 3)), "not finite"),
    ],
)
def test_bad_vectors_are_one_sentence(
    clones: FloatArray, targets: FloatArray, others: FloatArray, message: str
) -> None:
    with pytest.raises(AudioCourseError, match=message):
        nearest_share(clones, targets, others)


@pytest.mark.parametrize(
    ("y", "sr", "message"),
    [
        (np.zeros(SR, np.float32), SR, "silent"),
        (np.ones(1_600, np.float32), SR, "too short"),
        (np.full(SR, np.nan, np.float32), SR, "NaN"),
        (np.ones(SR, np.float32), 8_000, "16 000"),
    ],
)
def test_bad_recordings_are_one_sentence(y: FloatArray, sr: int, message: str) -> None:
    with pytest.raises(AudioCourseError, match=message):
        voice_vector(y, sr)


def test_vectors_of_two_encoders_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="one encoder"):
        similarity(np.ones(3), np.ones(4))
