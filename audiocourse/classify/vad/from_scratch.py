"""Voice activity detection: from the level of a frame to the times at which somebody speaks, and how wrong they are.

The stages are small and can be exchanged one by one::

    frames → score per frame → yes/no per frame → tidied yes/no → (start, end) in seconds → error against the truth
             frame_level_db     hysteresis         hangover         to_segments             detection_error
             noise_floor_db     webrtc_decisions   smooth_decisions
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

import numpy as np
import webrtcvad

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, Segment
from audiocourse.require import require_mono
from audiocourse.signal import (
    BoolArray,
    FloatArray,
    frame,
    frame_level_db,
    frame_times,
    pad_to_frames,
    remove_dc,
    to_pcm16,
)

WEBRTC_RATES = (8_000, 16_000, 32_000, 48_000)
WEBRTC_FRAMES_MS = (10, 20, 30)
FRAME_SECONDS = 0.025
HOP_SECONDS = 0.010


def noise_floor_db(level_db: FloatArray, *, rise_db: float) -> FloatArray:
    """Track the level of the background under speech, frame by frame.

    floor[0] = level[0], floor[m] = min(level[m], floor[m − 1] + rise): the floor falls at once with any softer frame
    and climbs by at most ``rise_db`` a frame, too slowly to follow a syllable. The simplest relative of minimum
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
    level_db = _require_row(level_db)
    if not rise_db >= 0:
        raise AudioCourseError(f"The floor cannot rise by {rise_db} dB a frame; give 0 or more.")
    floor = level_db.copy()
    for m in range(1, len(floor)):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


def hysteresis(score: FloatArray, *, on: float, off: float) -> BoolArray:
    """Decide with two thresholds: it takes ``on`` to begin, and falling below ``off`` to end.

    Before the first frame the decision is no. It becomes yes at score[m] ≥ on, and no at score[m] < off; in between it
    stays what it was (a Schmitt trigger).

    Parameters
    ----------
    score : np.ndarray [shape=(frames,)]
        Any score that is higher for speech.
    on, off : float
        The thresholds, on ≥ off, in the unit of the score.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        True where speech is decided.

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
    score = _require_row(score)
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
    active = _require_decisions(active)
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
        Shortest run that is believed, in frames.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        The tidied decisions.

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
    smooth = _require_decisions(active).copy()
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
        for start, end in runs(_require_decisions(active))
    ]


def detection_error(
    reference: Sequence[Segment | Interval], hypothesis: Sequence[Segment | Interval]
) -> tuple[float, float, float]:
    """Measure how much speech was missed and how much was invented.

    missed = seconds in the reference but not in the hypothesis, false alarm = seconds in the hypothesis but not in the
    reference, error = (missed + false alarm) / seconds in the reference. The error has no upper bound.

    Parameters
    ----------
    reference, hypothesis : list of (start, end) or of Interval
        Times in seconds; each list in order and without overlap.

    Returns
    -------
    missed, false_alarm : float
        In seconds.
    error : float
        As a ratio.

    Raises
    ------
    AudioCourseError
        If there is no speech in the reference, or a list is out of order.

    Examples
    --------
    >>> detection_error([(0.0, 2.0)], [(0.5, 3.0)])
    (0.5, 1.0, 0.75)

    Notebook: ex05_vad
    """
    reference = _pairs(reference)
    hypothesis = _pairs(hypothesis)
    for name, segments in {"reference": reference, "hypothesis": hypothesis}.items():
        ends = [end for segment in segments for end in segment]
        if ends != sorted(ends) or not np.all(np.isfinite(ends)):
            raise AudioCourseError(f"The {name} is out of order or overlaps itself; sort and merge its segments first.")
    spoken = sum(end - start for start, end in reference)
    if spoken <= 0:
        raise AudioCourseError("There is no speech in the reference, so an error relative to it is not defined.")
    found = sum(end - start for start, end in hypothesis)
    both = sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in itertools.product(reference, hypothesis))
    return spoken - both, found - both, (spoken + found - 2 * both) / spoken


def _pairs(segments: Sequence[Segment | Interval]) -> list[Segment]:
    """Return segments as (start, end), whether they are pairs or the course's own intervals."""
    return [(one.start, one.end) if isinstance(one, Interval) else (one[0], one[1]) for one in segments]


def frame_truth(
    segments: Sequence[Segment | Interval], *, frames: int, frame_length: int, hop_length: int, sr: int
) -> BoolArray:
    """Say for each frame whether its centre lies in a segment.

    Parameters
    ----------
    segments : list of (start, end) or of Interval
        Times in seconds.
    frames : int
        Number of frames.
    frame_length, hop_length : int
        In samples.
    sr : int
        Samples per second.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        The truth, frame by frame.

    Notebook: 04a_voice_activity
    """
    centres = frame_times(frames, frame_length=frame_length, hop_length=hop_length, sr=sr)
    truth = np.zeros(frames, dtype=bool)
    for start, end in _pairs(segments):
        truth |= (start <= centres) & (centres < end)
    return truth


def roc_point(truth: BoolArray, decided: BoolArray) -> tuple[float, float]:
    """Return the false alarm rate and the hit rate of some decisions: one point of an ROC curve.

    false alarm rate = P(yes | no speech), hit rate = P(yes | speech).

    Parameters
    ----------
    truth, decided : np.ndarray [shape=(frames,), dtype=bool]
        What is, and what was decided.

    Returns
    -------
    false_alarm_rate, hit_rate : float
        Between 0 and 1.

    Raises
    ------
    AudioCourseError
        If the lengths differ, or the truth holds only one of the two classes.

    Examples
    --------
    >>> roc_point(np.array([True, True, False, False]), np.array([True, False, False, False]))
    (0.0, 0.5)

    Notebook: 04a_voice_activity
    """
    _require_two_classes(truth, _require_decisions(decided))
    return float(np.mean(decided[~truth])), float(np.mean(decided[truth]))


def roc_auc(truth: BoolArray, score: FloatArray) -> float:
    """Return the area under the ROC curve: the chance that a speech frame scores higher than a silent one.

    AUC = P(s₊ > s₋) + P(s₊ = s₋)/2, counted over all pairs through ranks (Mann and Whitney 1947).

    Parameters
    ----------
    truth : np.ndarray [shape=(frames,), dtype=bool]
        Where there is speech.
    score : np.ndarray [shape=(frames,)]
        Higher for speech.

    Returns
    -------
    float
        0.5 for a score that knows nothing, 1 for one that never errs.

    Raises
    ------
    AudioCourseError
        If the lengths differ, or the truth holds only one of the two classes.

    Examples
    --------
    >>> roc_auc(np.array([True, False, False]), np.array([0.9, 0.9, 0.1]))
    0.75

    Notebook: 04a_voice_activity
    """
    from scipy.stats import rankdata

    _require_two_classes(truth, _require_row(score))
    ranks = rankdata(score)
    yes = int(truth.sum())
    no = int((~truth).sum())
    return float((ranks[truth].sum() - yes * (yes + 1) / 2) / (yes * no))


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
    """Score frames of 25 ms, one every 10 ms, by how far they stand above the tracked noise floor.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.
    rise_db : float
        See `noise_floor_db`; 0.02 dB a frame are 2 dB a second.

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
    return to_segments(_tidied(active, hop_seconds=HOP_SECONDS), frame_length=length, hop_length=hop, sr=sr)


def frame_sizes(sr: int) -> tuple[int, int]:
    """Return frame length and hop in samples of the usual 25 ms and 10 ms at a rate."""
    return round(FRAME_SECONDS * sr), round(HOP_SECONDS * sr)


def webrtc_decisions(
    y: FloatArray, sr: int, *, aggressiveness: Literal[0, 1, 2, 3] = 2, frame_ms: Literal[10, 20, 30] = 30
) -> BoolArray:
    """Ask the voice activity detector of WebRTC about each frame.

    A Gaussian mixture decides from the energies of six bands. Samples are clipped, never wrapped, on their way to 16
    bits; the last frame is filled with zeros, so that every sample is classified.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1].
    sr : int
        8000, 16000, 32000 or 48000 samples per second.
    aggressiveness : int
        0 (says yes easily) to 3 (says no easily).
    frame_ms : int
        10, 20 or 30 ms; frames do not overlap.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        ceil(samples / frame length) decisions.

    Raises
    ------
    AudioCourseError
        If y is not mono, or the rate, the aggressiveness or the frame is one that WebRTC does not know.

    Notebook: 04a_voice_activity
    """
    y = require_mono(y)
    if sr not in WEBRTC_RATES:
        raise AudioCourseError(f"WebRTC's detector takes {WEBRTC_RATES} samples a second, not {sr}; resample first.")
    if frame_ms not in WEBRTC_FRAMES_MS or aggressiveness not in range(4):
        raise AudioCourseError("WebRTC's detector takes frames of 10, 20 or 30 ms and an aggressiveness of 0 to 3.")
    length = sr * frame_ms // 1000
    blocks = frame(pad_to_frames(y, frame_length=length, hop_length=length), frame_length=length, hop_length=length)
    detector = webrtcvad.Vad(aggressiveness)
    return np.array([detector.is_speech(to_pcm16(block).tobytes(), sr) for block in blocks.T], dtype=bool)


def webrtc_vad(
    y: FloatArray, sr: int, *, aggressiveness: Literal[0, 1, 2, 3] = 2, frame_ms: Literal[10, 20, 30] = 10
) -> list[Segment]:
    """Find speech with WebRTC's detector, tidied like `adaptive_vad`: its own hangover is too short for that.

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
    active = _tidied(active, hop_seconds=frame_ms / 1000)
    length = sr * frame_ms // 1000
    segments = to_segments(active, frame_length=length, hop_length=length, sr=sr)
    return [(start, min(end, y.size / sr)) for start, end in segments]


def _tidied(active: BoolArray, *, hop_seconds: float) -> BoolArray:
    """Hold for 50 ms, close gaps under 200 ms, drop bursts under 100 ms."""
    held = hangover(active, frames=round(0.05 / hop_seconds))
    return smooth_decisions(held, min_speech=round(0.1 / hop_seconds), min_silence=round(0.2 / hop_seconds))


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
    votes = [webrtc_decisions(y, sr, aggressiveness=mode, frame_ms=frame_ms) for mode in modes]
    score: FloatArray = np.sum(votes, axis=0, dtype=np.float32)
    return score


def _require_row(values: FloatArray) -> FloatArray:
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind != "f" or not np.all(np.isfinite(array)):
        raise AudioCourseError(f"One finite number a frame is needed, not {array.dtype} of shape {array.shape}.")
    return array


def _require_decisions(active: BoolArray) -> BoolArray:
    array = np.asarray(active)
    if array.ndim != 1 or array.dtype != bool:
        raise AudioCourseError(
            f"One yes or no (dtype bool) a frame is needed, not {array.dtype} of shape {array.shape}."
        )
    return array


def _require_two_classes(truth: BoolArray, other: np.ndarray) -> None:
    if truth.dtype != bool or truth.ndim != 1 or truth.shape != other.shape:
        raise AudioCourseError(
            f"One yes or no a frame and as many entries in both are needed, not {truth.shape} of {truth.dtype} "
            f"and {other.shape}."
        )
    if truth.all() or not truth.any():
        raise AudioCourseError(
            "The truth is all speech or all silence; it takes both to speak of hits and false alarms."
        )
