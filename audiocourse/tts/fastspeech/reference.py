"""Recordings that describe a voice: which ones can, at which level they are read, and as what."""

from __future__ import annotations

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.tts.mel import log_mel, require_rate

SHORTEST = 0.8  # seconds: less says little about a voice
QUIETEST_DB = -60.0  # re full scale
LEVEL_DB = -26.0  # re full scale: that of every sentence in training


def reference_frames(y: FloatArray, sr: int) -> FloatArray:
    """Compute what the reference encoder reads, whatever the level of the recording: (samples,) -> (frames, n_mels)."""
    return log_mel(at_level(require_reference(y, sr)), sr).frames


def require_reference(y: FloatArray, sr: int) -> FloatArray:
    """Refuse a recording y [shape=(samples,)] that cannot describe a voice; return it."""
    require_rate(sr)
    if require_mono(y).size < SHORTEST * sr:
        raise AudioCourseError(
            f"The reference lasts {y.size / sr:.1f} s, too short to describe a voice: record at least one sentence."
        )
    if level(y) < QUIETEST_DB:
        raise AudioCourseError(
            f"The reference is almost silent ({level(y):.0f} dB re full scale): record it again, closer to the "
            "microphone."
        )
    return y


def at_level(y: FloatArray, level_db: float = LEVEL_DB) -> FloatArray:
    """Amplify a recording to a level in dB re full scale, (samples,) -> (samples,)."""
    if not np.any(y):
        raise AudioCourseError("The recording is silent, and no gain makes a voice of it: record it again.")
    return (y * 10 ** ((level_db - level(y)) / 20)).astype(np.float32)


def level(y: FloatArray) -> float:
    """Measure 10 · log₁₀ of the mean square, in dB re full scale, with −120 for silence; (samples,) -> float."""
    return float(10 * np.log10(np.mean(np.square(y, dtype=np.float64)) + 1e-12))
