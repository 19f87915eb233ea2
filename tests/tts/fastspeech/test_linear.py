"""Tests of FastSpeech's stages in NumPy: what the voice, the rate and the pitch change, and what they do not."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.tts.fastspeech.linear import LinearFastSpeech, conditioned_frames

RNG = np.random.default_rng(4)
ENCODED = RNG.normal(0, 0.2, (5, 4))
WEIGHTS = LinearFastSpeech(
    voice=RNG.normal(0, 0.3, (4, 2)),
    duration=np.array([0.1, 0.0, 0.0, 1.0]),
    pitch=RNG.normal(size=4),
    pitch_embedding=RNG.normal(size=4),
    mel=RNG.normal(size=(3, 4)),
)
ENCODED[:, 3] += 2.0  # about six frames for each symbol
VOICE = np.array([0.6, -0.8])


def test_another_voice_has_other_durations() -> None:
    slow = dict(WEIGHTS, voice=np.zeros((4, 2)))
    slow["voice"][3, 0] = 1.0  # the voice speaks exp(0.6) times as slowly
    frames = [len(conditioned_frames(ENCODED, voice, LinearFastSpeech(**slow))) for voice in (VOICE, 0 * VOICE)]  # type: ignore[typeddict-item]
    assert frames[0] > 1.5 * frames[1]


def test_twice_the_rate_is_half_the_frames_and_the_same_content() -> None:
    slow = conditioned_frames(ENCODED, VOICE, WEIGHTS)
    fast = conditioned_frames(ENCODED, VOICE, WEIGHTS, rate=2.0)
    assert 0.4 < len(fast) / len(slow) < 0.6  # whole frames
    assert {row.tobytes() for row in fast} == {row.tobytes() for row in slow}


def test_a_pitch_shift_moves_every_frame_by_the_same_vector_and_no_duration() -> None:
    plain = conditioned_frames(ENCODED, VOICE, WEIGHTS)
    raised = conditioned_frames(ENCODED, VOICE, WEIGHTS, pitch_shift=0.5)
    expected = np.tile(0.5 * WEIGHTS["mel"] @ WEIGHTS["pitch_embedding"], (len(plain), 1))
    np.testing.assert_allclose(raised - plain, expected, atol=1e-12)  # float64


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="check their shapes"):
        conditioned_frames(ENCODED[0], VOICE, WEIGHTS)
    with pytest.raises(AudioCourseError, match="check their shapes"):
        conditioned_frames(ENCODED, np.zeros(3), WEIGHTS)
