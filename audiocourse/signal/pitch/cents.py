"""Intervals between frequencies, in hundredths of a semitone."""

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import is_number
from audiocourse.signal.level import Number


def hz_to_cents(hz: Number, *, ref: float) -> Number:
    """Measure how far a frequency lies above a reference, in hundredths of a semitone.

    c = 1200 · log₂(f / f_ref)

    Parameters
    ----------
    hz : float or np.ndarray [shape=(...)]
        f > 0, in Hz.
    ref : float
        f_ref > 0, in Hz.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        c in cents, float64; negative below the reference. An octave has 1200, a semitone 100.

    Raises
    ------
    AudioCourseError
        If a frequency is 0, negative, NaN or infinite.

    Examples
    --------
    >>> hz_to_cents(np.array([880.0, 440.0, 220.0]), ref=440)
    array([ 1200.,     0., -1200.])

    Notebook: 01d_pitch_and_rhythm
    """
    _require_pitches(hz, ref)
    cents: Number = 1200 * np.log2(hz / ref)
    return cents


def cents_apart(a: Number, b: Number | float) -> Number:
    """Measure how far two frequencies are apart, in hundredths of a semitone.

    c = |1200 · log₂(a / b)|

    Parameters
    ----------
    a, b : float or np.ndarray [shape=(...)]
        Frequencies above 0 in Hz, of the same shape or one of them a single number.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        c in cents, float64, never negative.

    Raises
    ------
    AudioCourseError
        If a frequency is 0, negative, NaN or infinite, or the shapes do not fit.

    Examples
    --------
    >>> cents_apart(np.array([220.0, 440.0]), 440)
    array([1200.,    0.])

    Notebook: 01d_pitch_and_rhythm
    """
    _require_pitches(a, b)
    if np.ndim(a) and np.ndim(b) and np.shape(a) != np.shape(b):
        raise AudioCourseError(
            f"The frequencies have shapes {np.shape(a)} and {np.shape(b)}: compare as many of one as of the other."
        )
    cents: Number = np.abs(1200 * np.log2(a / b))
    return cents


def _require_pitches(*frequencies: float | FloatArray) -> None:
    """Refuse frequencies that have no logarithm."""
    for hz in frequencies:
        if not is_number(hz) and not isinstance(hz, np.ndarray):
            raise AudioCourseError("Cents are for numbers and arrays in Hz: convert a list with np.asarray.")
        if not np.all(np.greater(hz, 0)) or not np.all(np.isfinite(hz)):
            raise AudioCourseError(
                "Cents are for frequencies above 0 Hz, but there is a 0, a negative one, NaN or infinity: select the "
                "voiced frames first, f0[voiced]."
            )
