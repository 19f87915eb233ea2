"""Overlapping frames: cutting a signal into them, and the time of each."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono, require_positive


def frame(y: FloatArray, *, frame_length: int, hop_length: int) -> FloatArray:
    """Cut a signal into overlapping frames.

    Frame m holds y[mH], …, y[mH + N − 1], with N = frame_length and H = hop_length. Samples after the last whole frame
    are left out.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    frame_length : int
        N, in samples.
    hop_length : int
        H, in samples.

    Returns
    -------
    np.ndarray [shape=(frame_length, frames)]
        A read-only view on y; frames = 1 + (samples − N) // H.

    Raises
    ------
    AudioCourseError
        If y is not mono, or shorter than one frame, or N or H is not a positive whole number.

    Examples
    --------
    >>> frame(np.arange(5, dtype=np.float32), frame_length=3, hop_length=2)
    array([[0., 2.],
           [1., 3.],
           [2., 4.]], dtype=float32)

    Notebook: 01b_time_and_frequency
    """
    require_positive(frame_length=frame_length, hop_length=hop_length)
    require_mono(y, at_least=frame_length)
    return sliding_window_view(y, frame_length)[::hop_length].T


def frame_count(samples: int, *, frame_length: int, hop_length: int) -> int:
    """Count the whole frames in a signal.

    M = 1 + ⌊(samples − N) / H⌋, and 0 where not even one frame fits, with N = frame_length and H = hop_length.

    Parameters
    ----------
    samples : int
        Length of the signal, in samples.
    frame_length : int
        N, in samples.
    hop_length : int
        H, in samples.

    Returns
    -------
    int
        M, the number of columns that `frame` returns.

    Raises
    ------
    AudioCourseError
        If samples, N or H is not a positive whole number.

    Examples
    --------
    >>> frame_count(16000, frame_length=400, hop_length=160)
    98

    Notebook: 01b_time_and_frequency
    """
    require_positive(samples=samples, frame_length=frame_length, hop_length=hop_length)
    return 0 if samples < frame_length else 1 + (samples - frame_length) // hop_length


def frame_times(frames: int, *, frame_length: int, hop_length: int, sr: int) -> FloatArray:
    """Return the time of each frame: that of its centre.

    t[m] = (mH + N / 2) / sr, the middle of the interval from mH / sr to (mH + N) / sr that frame m covers, with
    N = frame_length and H = hop_length.

    Parameters
    ----------
    frames : int
        Number of frames, as `frame_count` gives it; 0 is allowed.
    frame_length : int
        N, in samples.
    hop_length : int
        H, in samples.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        t in seconds, float64.

    Raises
    ------
    AudioCourseError
        If frames is not a whole number, or N, H or sr is not a positive one.

    Examples
    --------
    >>> frame_times(3, frame_length=400, hop_length=160, sr=16000)
    array([0.0125, 0.0225, 0.0325])

    Notebook: 01b_time_and_frequency
    """
    require_positive(frame_length=frame_length, hop_length=hop_length, sr=sr)
    if not isinstance(frames, (int, np.integer)) or frames < 0:
        raise AudioCourseError(
            "frames is the number of frames, a whole number: pass frame_count(…) or matrix.shape[1]."
        )
    return (np.arange(frames) * hop_length + frame_length / 2) / sr


def pad_to_frames(y: FloatArray, *, frame_length: int, hop_length: int) -> FloatArray:
    """Add zeros at the end so that `frame` leaves no sample out.

    The new length is N + kH with the smallest k ≥ 0 that reaches the old one, N = frame_length and H = hop_length.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    frame_length : int
        N, in samples.
    hop_length : int
        H, in samples, at most N: a longer hop would jump over samples.

    Returns
    -------
    np.ndarray [shape=(padded_samples,)]
        A copy of y followed by zeros, dtype as y.

    Raises
    ------
    AudioCourseError
        If y is not mono, N or H is not a positive whole number, or H is longer than N.

    Examples
    --------
    >>> pad_to_frames(np.ones(4, dtype=np.float32), frame_length=3, hop_length=2)
    array([1., 1., 1., 1., 0.], dtype=float32)

    Notebook: 01b_time_and_frequency
    """
    require_positive(frame_length=frame_length, hop_length=hop_length)
    require_mono(y)
    if hop_length > frame_length:
        raise AudioCourseError(
            f"A hop of {hop_length} jumps over samples between frames of {frame_length}: choose a hop_length of at "
            f"most {frame_length}."
        )
    hops = max(0, math.ceil((len(y) - frame_length) / hop_length))
    return np.pad(y, (0, frame_length + hops * hop_length - len(y)))
