"""Voice activity detection by rules: from the level of a frame to the times at which someone speaks.

The stages are small and can be exchanged one by one::

    frames → score per frame → yes/no per frame → smoothed yes/no  → (start, end) in seconds
             frame_level_db     hysteresis         hangover           to_segments
             noise_floor_db                        smooth_decisions

How wrong the result is, is measured in `audiocourse.classify.scoring`.
"""

from __future__ import annotations

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Segment
from audiocourse.signal import BoolArray, FloatArray, frame, frame_level_db, remove_dc

FRAME_SECONDS = 0.025
HOP_SECONDS = 0.010


def noise_floor_db(level_db: FloatArray, *, rise_db: float) -> FloatArray:
    """Track the level of the background under speech, frame by frame.

    floor[0] = level[0], floor[m] = min(level[m], floor[m − 1] + rise): the floor falls at once with any softer frame
    and climbs by at most ``rise_db`` per frame, too slowly to follow a syllable. The simplest relative of minimum
    statistics (Martin 2001, IEEE Trans. Speech and Audio Processing 9(5)).

    Parameters
    ----------
    level_db : np.ndarray [shape=(frames,)]
        Level of each frame in dB.
    rise_db : float
        How much the floor may climb from one frame to the next, in dB.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        The floor, in dB; never above the level.

    Raises
    ------
    AudioCourseError
        If the levels are not one-dimensional, or the rise is negative.

    Examples
    --------
    >>> noise_floor_db(np.array([-60.0, -20.0, -20.0, -70.0]), rise_db=1.0)
    array([-60., -59., -58., -70.])

    Notebook: ex05_vad
    """
    level_db = require_scores(level_db)
    if not rise_db >= 0:
        raise AudioCourseError(f"The floor cannot rise by {rise_db} dB per frame; give 0 or more.")
    floor = level_db.copy()
    for m in range(1, len(floor)):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


def hysteresis(score: FloatArray, *, on: float, off: float) -> BoolArray:
    """Decide with two thresholds: speech begins at ``on`` and ends below ``off``.

    Before the first frame the decision is no. It becomes yes at score[m] ≥ on, and no at score[m] < off; in between it
    does not change (a Schmitt trigger).

    Parameters
    ----------
    score : np.ndarray [shape=(frames,)]
        Any score that is higher for speech.
    on, off : float
        The thresholds, on ≥ off, in the unit of the score.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        True where the decision is speech.

    Raises
    ------
    AudioCourseError
        If the score is not one-dimensional, or on < off.

    Examples
    --------
    >>> hysteresis(np.array([4.0, 9.0, 4.0, 2.0, 4.0]), on=8.0, off=3.0)
    array([False,  True,  True, False, False])

    Notebook: ex05_vad
    """
    score = require_scores(score)
    if on < off:
        raise AudioCourseError(f"Hysteresis needs on ≥ off, not on = {on} and off = {off}.")
    active = np.zeros(len(score), dtype=bool)
    speaking = False
    for m, value in enumerate(score):
        speaking = value >= off if speaking else value >= on
        active[m] = speaking
    return active


def hangover(active: BoolArray, *, frames: int) -> BoolArray:
    """Hold a yes for some frames after it ended, so that soft word endings are not cut off.

    A frame of the result is yes if it, or one of the ``frames`` frames before it, is yes.

    Parameters
    ----------
    active : np.ndarray [shape=(frames,), dtype=bool]
        Decision of each frame.
    frames : int
        How many frames to hold.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        The longer decisions.

    Raises
    ------
    AudioCourseError
        If the decisions are not booleans in a row, or ``frames`` is negative.

    Examples
    --------
    >>> hangover(np.array([False, True, False, False, False]), frames=2)
    array([False,  True,  True,  True, False])

    Notebook: ex05_vad
    """
    active = require_decisions(active)
    if frames < 0:
        raise AudioCourseError(f"A hangover of {frames} frames is not possible; give 0 or more.")
    held = active.copy()
    for lag in range(1, min(frames, len(active)) + 1):
        held[lag:] |= active[:-lag]
    return held


def smooth_decisions(active: BoolArray, *, min_speech: int, min_silence: int) -> BoolArray:
    """Close gaps that are too short for a pause, then drop bursts that are too short for a word.

    First, each run of no shorter than ``min_silence`` frames between two runs of yes becomes yes. Then, each run of yes
    shorter than ``min_speech`` frames becomes no. Silence before the first and after the last yes is left alone.

    Parameters
    ----------
    active : np.ndarray [shape=(frames,), dtype=bool]
        Decision of each frame.
    min_speech, min_silence : int
        Shortest run that is kept, in frames.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        The smoothed decisions.

    Raises
    ------
    AudioCourseError
        If the decisions are not booleans in a row.

    Examples
    --------
    >>> smooth_decisions(np.array([0, 1, 1, 0, 1, 0, 0, 0, 1, 0], dtype=bool), min_speech=3, min_silence=2)
    array([False,  True,  True,  True,  True, False, False, False, False,
           False])

    Notebook: ex05_vad
    """
    smooth = require_decisions(active).copy()
    for start, end in runs(~smooth):
        if start > 0 and end < len(smooth) and end - start < min_silence:
            smooth[start:end] = True
    for start, end in runs(smooth):
        if end - start < min_speech:
            smooth[start:end] = False
    return smooth


def runs(active: BoolArray) -> list[tuple[int, int]]:
    """Return (first, one past the last) of each unbroken run of yes.

    Parameters
    ----------
    active : np.ndarray [shape=(frames,), dtype=bool]
        Decision of each frame.

    Returns
    -------
    list of (int, int)
        Frame numbers, in order.

    Examples
    --------
    >>> runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]

    Notebook: ex05_vad
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], active, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def to_segments(active: BoolArray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    """Turn frame decisions into times.

    Frame m stands for the hop around its centre: from (mH + N/2 − H/2)/sr to (mH + N/2 + H/2)/sr seconds, with
    N = frame_length and H = hop_length. Neighbouring frames with a yes form one segment.

    Parameters
    ----------
    active : np.ndarray [shape=(frames,), dtype=bool]
        Decision of each frame.
    frame_length, hop_length : int
        N and H in samples.
    sr : int
        Samples per second.

    Returns
    -------
    list of (start, end)
        In seconds, in order, without overlap.

    Raises
    ------
    AudioCourseError
        If the decisions are not booleans in a row.

    Examples
    --------
    >>> to_segments(np.array([False, True, True]), frame_length=400, hop_length=160, sr=16000)
    [(0.0175, 0.0375)]

    Notebook: ex05_vad
    """
    offset = (frame_length - hop_length) / 2
    return [
        ((start * hop_length + offset) / sr, (end * hop_length + offset) / sr)
        for start, end in runs(require_decisions(active))
    ]


def energy_score(y: FloatArray, sr: int) -> FloatArray:
    """Score frames of 25 ms, one every 10 ms, by their level alone, each without its mean (the offset of a microphone).

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        Level in dB re full scale.

    Raises
    ------
    AudioCourseError
        If y is not mono, or shorter than a frame.

    Notebook: 04a_voice_activity
    """
    length, hop = frame_sizes(sr)
    return frame_level_db(remove_dc(frame(y, frame_length=length, hop_length=hop)))


def adaptive_score(y: FloatArray, sr: int, *, rise_db: float = 0.02) -> FloatArray:
    """Score frames of 25 ms, one every 10 ms, by their level above the tracked noise floor.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.
    rise_db : float
        See `noise_floor_db`; 0.02 dB per frame are 2 dB per second.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        Level above the floor in dB, 0 or more.

    Raises
    ------
    AudioCourseError
        If y is not mono, or shorter than a frame.

    Notebook: 04a_voice_activity
    """
    level = energy_score(y, sr)
    return level - noise_floor_db(level, rise_db=rise_db)


def adaptive_vad(
    y: FloatArray, sr: int, *, on_db: float = 8.0, off_db: float = 3.0, rise_db: float = 0.02
) -> list[Segment]:
    """Find speech by its level above the tracked noise floor, with hysteresis, hangover and minimum lengths.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.
    on_db, off_db : float
        Thresholds above the floor in dB.
    rise_db : float
        See `noise_floor_db`.

    Returns
    -------
    list of (start, end)
        In seconds.

    Raises
    ------
    AudioCourseError
        If y is not mono, or shorter than a frame.

    Notebook: 04a_voice_activity
    """
    length, hop = frame_sizes(sr)
    active = hysteresis(adaptive_score(y, sr, rise_db=rise_db), on=on_db, off=off_db)
    return to_segments(postprocess(active, hop_seconds=HOP_SECONDS), frame_length=length, hop_length=hop, sr=sr)


def frame_sizes(sr: int) -> tuple[int, int]:
    """Return frame length and hop, 25 ms and 10 ms, in samples."""
    return round(FRAME_SECONDS * sr), round(HOP_SECONDS * sr)


def postprocess(active: BoolArray, *, hop_seconds: float) -> BoolArray:
    """Hold decisions [shape=(frames,)] for 50 ms, close gaps under 200 ms, drop bursts under 100 ms."""
    held = hangover(active, frames=round(0.05 / hop_seconds))
    return smooth_decisions(held, min_speech=round(0.1 / hop_seconds), min_silence=round(0.2 / hop_seconds))


def require_scores(scores: FloatArray) -> FloatArray:
    """Refuse anything but one finite number per frame [shape=(frames,)]."""
    array = np.asarray(scores)
    if array.ndim != 1 or array.dtype.kind != "f" or not np.all(np.isfinite(array)):
        raise AudioCourseError(f"One finite number per frame is needed, not {array.dtype} of shape {array.shape}.")
    return array


def require_decisions(active: BoolArray) -> BoolArray:
    """Refuse anything but one yes or no per frame [shape=(frames,)]."""
    array = np.asarray(active)
    if array.ndim != 1 or array.dtype != bool:
        raise AudioCourseError(
            f"One yes or no (dtype bool) per frame is needed, not {array.dtype} of shape {array.shape}."
        )
    return array
