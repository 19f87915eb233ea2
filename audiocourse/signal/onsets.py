"""Onsets: a curve that rises where new sound enters, and its peaks.

Here a frame is a number m; it becomes a time only through the hop and the sampling rate, m · H / sr.
"""

from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive, require_strength
from audiocourse.signal.level import power_to_db
from audiocourse.signal.mel import mel_spectrogram

_RANGE_DB = 80.0  # softer bands are inaudible next to the loudest one, and their changes are rounding errors
# Found by a search over many settings on annotated music (Böck, Krebs and Schedl 2012), in seconds.
_PEAK_AHEAD = 0.03
_MEAN_AROUND = 0.10
_SHORTEST_GAP = 0.03


def onset_strength(
    y: FloatArray,
    *,
    sr: int,
    n_fft: int,
    hop_length: int,
    n_mels: int = 128,
    average: Literal["mean", "median"] = "mean",
) -> FloatArray:
    """Measure how much new sound enters, frame by frame (spectral flux).

    o[m] = (1 / B) · Σ_b max(0, L[b, m − d] − L[b, m − d − 1]), with L the `mel_spectrogram` in dB, at least its
    maximum − 80 dB, B = n_mels and d = ⌊N / 2H⌋. Only rises count: a sound that ends is not an onset. The level rises
    most while a sound enters the *end* of the frame, N / 2 before the centre does; a shift by d frames compensates for
    that.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    n_fft, hop_length : int
        N and H of the `stft`, in samples.
    n_mels : int
        B, the number of bands, from 0 Hz to sr / 2.
    average : {"mean", "median"}
        The average over the bands. The mean, as in the formula, responds to a single voice. The median responds only to
        sounds that enter in most bands at once, such as a drum, and ignores a hiss that flickers in single bands.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        o in dB per frame, at least 0, one for each frame of the `stft`; frame m is at m · H / sr seconds. Twice the
        level of the whole signal gives the same o, unless it is very quiet (−100 dB). Dtype as y.

    Raises
    ------
    AudioCourseError
        If `mel_spectrogram` refuses y or the options, or there is no such average.

    Source: S. Dixon, "Onset Detection Revisited", DAFx 2006; D. Ellis, "Beat Tracking by Dynamic Programming", 2007.

    Examples
    --------
    >>> y = np.zeros(8000, dtype=np.float32)
    >>> y[4000] = 1.0
    >>> int(onset_strength(y, sr=8000, n_fft=512, hop_length=100).argmax())  # 4000 / 100
    40

    Notebook: 01d_pitch_and_rhythm
    """
    if average not in ("mean", "median"):
        raise AudioCourseError(f"There is no average {average!r} over the bands: pass 'mean' or 'median'.")
    level = power_to_db(mel_spectrogram(y, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels))
    rises = np.maximum(np.diff(np.maximum(level, level.max() - _RANGE_DB)), 0)  # (bands, frames − 1)
    rise = rises.mean(axis=0) if average == "mean" else np.median(rises, axis=0)
    delay = 1 + n_fft // (2 * hop_length)  # d, and 1 because the first frame has no frame before it
    return np.pad(rise, (delay, 0))[: level.shape[1]]


def pick_peaks(
    strength: FloatArray, *, pre_max: int, post_max: int, pre_avg: int, post_avg: int, delta: float, wait: int
) -> IntArray:
    """Choose the frames where a curve has a clear peak.

    Frame m is chosen if
      1. x[m] = max(x[m − pre_max], …, x[m + post_max − 1]): nothing near is higher,
      2. x[m] ≥ mean(x[m − pre_avg], …, x[m + post_avg − 1]) + δ: it stands out,
      3. m − (the frame chosen before) > wait.

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        x, such as an `onset_strength`.
    pre_max, pre_avg : int
        Frames looked at before m, at least 0.
    post_max, post_avg : int
        Frames looked at from m on, at least 1 (m itself).
    delta : float
        δ ≥ 0, in the unit of x.
    wait : int
        Frames after a chosen one in which none is chosen, at least 0.

    Returns
    -------
    np.ndarray [shape=(peaks,)]
        Frame numbers, rising; there may be none.

    Raises
    ------
    AudioCourseError
        If `require_strength` refuses the curve, or an option is out of range.

    Source: S. Böck, F. Krebs and M. Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR
    2012.

    Examples
    --------
    >>> pick_peaks(np.array([0.0, 3, 0, 1, 0, 2]), pre_max=1, post_max=2, pre_avg=1, post_avg=2, delta=0.6, wait=0)
    array([1, 3, 5])

    Notebook: 01d_pitch_and_rhythm
    """
    require_strength(strength)
    require_positive(post_max=post_max, post_avg=post_avg)
    _require_not_negative(pre_max=pre_max, pre_avg=pre_avg, delta=delta, wait=wait)
    highest = np.nanmax(_around(strength, pre_max, post_max), axis=1)
    average = np.nanmean(_around(strength, pre_avg, post_avg), axis=1)
    chosen: list[int] = []
    for m in np.flatnonzero((strength == highest) & (strength >= average + delta)):
        if not chosen or m - chosen[-1] > wait:
            chosen.append(int(m))
    return np.array(chosen, dtype=np.int64)


def onset_frames(strength: FloatArray, *, sr: int, hop_length: int, delta: float = 0.07) -> IntArray:
    """Find the frames in which sounds begin.

    The strength is scaled to [0, 1], x = (o − min o) / (max o − min o). A frame is an onset if x is the highest of the
    30 ms before it, at least δ above its mean from 100 ms before to 100 ms after, and over 30 ms after the last onset.

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        o, an `onset_strength`.
    sr : int
        Sampling rate in Hz.
    hop_length : int
        H of the strength, in samples.
    delta : float
        δ ≥ 0, as a fraction of the range of the strength; a larger one finds fewer onsets.

    Returns
    -------
    np.ndarray [shape=(onsets,)]
        Frame numbers, rising; none where the strength is constant, as in silence.

    Raises
    ------
    AudioCourseError
        If `require_strength` refuses the strength, or an option is out of range.

    Source: S. Böck, F. Krebs and M. Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR
    2012.

    Examples
    --------
    >>> onset_frames(np.array([0.0, 0, 5, 1, 0, 0, 0, 0, 4, 1, 0]), sr=16000, hop_length=512)
    array([2, 8])

    Notebook: 01d_pitch_and_rhythm
    """
    require_strength(strength)
    require_positive(sr=sr, hop_length=hop_length)
    _require_not_negative(delta=delta)
    lowest = strength.min()
    highest = strength.max()
    if lowest == highest:
        return np.array([], dtype=np.int64)
    near, around, gap = (int(seconds * sr // hop_length) for seconds in (_PEAK_AHEAD, _MEAN_AROUND, _SHORTEST_GAP))
    x = (strength - lowest) / (highest - lowest)
    return pick_peaks(x, pre_max=near, post_max=1, pre_avg=around, post_avg=around + 1, delta=delta, wait=gap)


def onset_times(strength: FloatArray, *, sr: int, hop_length: int, delta: float = 0.07) -> FloatArray:
    """Find when sounds begin: `onset_frames` in seconds.

    t = m · H / sr

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        An `onset_strength`.
    sr : int
        Sampling rate in Hz.
    hop_length : int
        H of the strength, in samples.
    delta : float
        As in `onset_frames`.

    Returns
    -------
    np.ndarray [shape=(onsets,)]
        t in seconds, rising, float64.

    Raises
    ------
    AudioCourseError
        As `onset_frames`.

    Examples
    --------
    >>> onset_times(np.array([0.0, 0, 5, 1, 0, 0, 0, 0, 4, 1, 0]), sr=16000, hop_length=512)
    array([0.064, 0.256])

    Notebook: 01d_pitch_and_rhythm
    """
    return frames_to_seconds(
        onset_frames(strength, sr=sr, hop_length=hop_length, delta=delta), hop_length=hop_length, sr=sr
    )


def frames_to_seconds(frames: IntArray, *, hop_length: int, sr: int) -> FloatArray:
    """Turn frame numbers into times.

    t = m · H / sr, the centre of frame m of a centred `stft`. (For the frames of `frame`, which start at m · H, see
    `frame_times`.)

    Parameters
    ----------
    frames : np.ndarray [shape=(...)]
        m, whole numbers.
    hop_length : int
        H, in samples: the one with which the frames were cut. Any other scales all times by their ratio.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    np.ndarray [shape=(...)]
        t in seconds, float64.

    Raises
    ------
    AudioCourseError
        If the frames are not whole numbers, or H or sr is not a positive one.

    Examples
    --------
    >>> frames_to_seconds(np.array([0, 100]), hop_length=160, sr=16000)
    array([0., 1.])

    Notebook: 01d_pitch_and_rhythm
    """
    require_positive(hop_length=hop_length, sr=sr)
    if not isinstance(frames, np.ndarray) or not np.issubdtype(frames.dtype, np.integer):
        raise AudioCourseError("frames_to_seconds takes an integer array of frame numbers: pass np.array([…]) of ints.")
    return frames * (hop_length / sr)


def _around(x: FloatArray, before: int, after: int) -> FloatArray:
    """Row m holds x[m − before], …, x[m + after − 1], NaN where x has no such frame: (frames, before + after)."""
    return sliding_window_view(np.pad(x, (before, after - 1), constant_values=np.nan), before + after)


def _require_not_negative(**numbers: float) -> None:
    """Refuse anything that is not a finite number of at least 0; only delta may be a fraction."""
    for name, number in numbers.items():
        whole = isinstance(number, (int, np.integer)) or (name == "delta" and isinstance(number, (float, np.floating)))
        if isinstance(number, bool) or not whole or not 0 <= number < np.inf:
            kind = "number" if name == "delta" else "whole number"
            raise AudioCourseError(f"{name} is {number!r}, but it must be a {kind} of at least 0.")
