"""The voice activity detector of WebRTC: its decisions, a score from its four modes, and a ready detector."""

from __future__ import annotations

from typing import Literal

import numpy as np
import webrtcvad

from audiocourse.classify.vad.from_scratch import postprocess, to_segments
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Segment
from audiocourse.require import require_mono
from audiocourse.signal import BoolArray, FloatArray, frame, pad_to_frames, to_pcm16

WEBRTC_RATES = (8_000, 16_000, 32_000, 48_000)
WEBRTC_FRAMES_MS = (10, 20, 30)


def webrtc_decisions(
    y: FloatArray, sr: int, *, aggressiveness: Literal[0, 1, 2, 3] = 2, frame_ms: Literal[10, 20, 30] = 30
) -> BoolArray:
    """Classify each frame with the voice activity detector of WebRTC.

    A Gaussian mixture decides from the energies of six bands. Samples are clipped, never wrapped, on their way to 16
    bits; the last frame is filled with zeros, so that every sample is classified.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1].
    sr : int
        8000, 16000, 32000 or 48000 samples per second.
    aggressiveness : int
        0 (the most permissive) to 3 (the strictest).
    frame_ms : int
        10, 20 or 30 ms; frames do not overlap.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        ceil(samples / frame length) decisions.

    Raises
    ------
    AudioCourseError
        If y is not mono, or the rate, the aggressiveness or the frame is one that WebRTC does not support.

    Notebook: 04a_voice_activity
    """
    y = require_mono(y)
    if sr not in WEBRTC_RATES:
        raise AudioCourseError(f"WebRTC's detector takes {WEBRTC_RATES} samples per second, not {sr}; resample first.")
    if frame_ms not in WEBRTC_FRAMES_MS or aggressiveness not in range(4):
        raise AudioCourseError("WebRTC's detector takes frames of 10, 20 or 30 ms and an aggressiveness of 0 to 3.")
    length = sr * frame_ms // 1000
    blocks = frame(pad_to_frames(y, frame_length=length, hop_length=length), frame_length=length, hop_length=length)
    detector = webrtcvad.Vad(aggressiveness)
    return np.array([detector.is_speech(to_pcm16(block).tobytes(), sr) for block in blocks.T], dtype=bool)


def webrtc_score(y: FloatArray, sr: int, *, frame_ms: Literal[10, 20, 30] = 10) -> FloatArray:
    """Score frames by how many of WebRTC's four modes say yes.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1].
    sr : int
        8000, 16000, 32000 or 48000 samples per second.
    frame_ms : int
        10, 20 or 30 ms.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        0 to 4.

    Raises
    ------
    AudioCourseError
        As for `webrtc_decisions`.

    Notebook: 04a_voice_activity
    """
    modes: tuple[Literal[0, 1, 2, 3], ...] = (0, 1, 2, 3)
    decisions = [webrtc_decisions(y, sr, aggressiveness=mode, frame_ms=frame_ms) for mode in modes]
    score: FloatArray = np.sum(decisions, axis=0, dtype=np.float32)
    return score


def webrtc_vad(
    y: FloatArray, sr: int, *, aggressiveness: Literal[0, 1, 2, 3] = 2, frame_ms: Literal[10, 20, 30] = 10
) -> list[Segment]:
    """Find speech with WebRTC's detector, smoothed like `adaptive_vad` because its own hangover is too short.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1].
    sr : int
        8000, 16000, 32000 or 48000 samples per second.
    aggressiveness, frame_ms : int
        See `webrtc_decisions`.

    Returns
    -------
    list of (start, end)
        In seconds; the last one ends with the recording at the latest, though the last frame was filled with zeros.

    Raises
    ------
    AudioCourseError
        As for `webrtc_decisions`.

    Notebook: 04a_voice_activity
    """
    active = webrtc_decisions(y, sr, aggressiveness=aggressiveness, frame_ms=frame_ms)
    active = postprocess(active, hop_seconds=frame_ms / 1000)
    length = sr * frame_ms // 1000
    segments = to_segments(active, frame_length=length, hop_length=length, sr=sr)
    return [(start, min(end, y.size / sr)) for start, end in segments]
