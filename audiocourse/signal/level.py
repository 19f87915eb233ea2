"""How loud: root mean square, decibels, and full scale.

A decibel compares two *powers*: ten times the power is 10 dB. Power is amplitude squared, so ten times the amplitude is
20 dB. The functions come in pairs because mixing the two up halves or doubles every level.
"""

from typing import TypeVar

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_audio, require_frames

Number = TypeVar("Number", float, FloatArray)  # a number in gives a number out, an array an array


def power_to_db(power: Number, *, ref: float = 1.0, floor_db: float = -100.0) -> Number:
    """Express a power as a level.

    L = max(10 · log₁₀(P / P_ref), floor)

    Parameters
    ----------
    power : float or np.ndarray [shape=(...)]
        P ≥ 0: a mean square, a squared magnitude.
    ref : float
        P_ref > 0, the power that reads 0 dB, in the unit of P.
    floor_db : float
        The lowest level returned, in dB re P_ref; what silence reads.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        L in dB re P_ref, dtype as power.

    Raises
    ------
    AudioCourseError
        If a power is negative, NaN or infinite, the array is not of floats, or P_ref is not positive.

    Examples
    --------
    >>> power_to_db(np.array([1.0, 0.1, 0.0]))
    array([   0.,  -10., -100.])

    Notebook: 01a_digital_audio
    """
    return _level(power, 10.0, ref, floor_db, "power_to_db takes powers, which are never negative: pass np.abs(x) ** 2")


def amplitude_to_db(amplitude: Number, *, ref: float = 1.0, floor_db: float = -100.0) -> Number:
    """Express an amplitude as a level.

    L = max(20 · log₁₀(A / A_ref), floor)

    Parameters
    ----------
    amplitude : float or np.ndarray [shape=(...)]
        A ≥ 0: a root mean square, a peak, a magnitude |X|.
    ref : float
        A_ref > 0, the amplitude that reads 0 dB, in the unit of A.
    floor_db : float
        The lowest level returned, in dB re A_ref; what silence reads.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        L in dB re A_ref, dtype as amplitude.

    Raises
    ------
    AudioCourseError
        If an amplitude is negative, NaN or infinite, the array is not of floats, or A_ref is not positive.

    Examples
    --------
    >>> amplitude_to_db(np.array([1.0, 0.1, 0.0]))
    array([   0.,  -20., -100.])

    Notebook: 01a_digital_audio
    """
    hint = "amplitude_to_db takes magnitudes, which are never negative: pass np.abs(x)"
    return _level(amplitude, 20.0, ref, floor_db, hint)


def db_to_power(db: Number) -> Number:
    """Turn a level back into a ratio of powers.

    P / P_ref = 10^(L / 10)

    Parameters
    ----------
    db : float or np.ndarray [shape=(...)]
        L in dB re P_ref.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        P / P_ref, dtype as db.

    Raises
    ------
    AudioCourseError
        If a level is NaN or infinite, or the array is not of floats.

    Examples
    --------
    >>> db_to_power(np.array([0.0, -10.0]))
    array([1. , 0.1])

    Notebook: 01a_digital_audio
    """
    _require_numbers(db)
    ratio: Number = np.power(10.0, db / 10)
    return ratio


def db_to_amplitude(db: Number) -> Number:
    """Turn a level back into a ratio of amplitudes: the factor that changes a signal's level by that many dB.

    A / A_ref = 10^(L / 20)

    Parameters
    ----------
    db : float or np.ndarray [shape=(...)]
        L in dB re A_ref.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        A / A_ref, dtype as db.

    Raises
    ------
    AudioCourseError
        If a level is NaN or infinite, or the array is not of floats.

    Examples
    --------
    >>> db_to_amplitude(np.array([0.0, -20.0]))
    array([1. , 0.1])

    Notebook: 01a_digital_audio
    """
    _require_numbers(db)
    ratio: Number = np.power(10.0, db / 20)
    return ratio


def rms(frames: FloatArray) -> FloatArray:
    """Compute the root mean square of each frame, the amplitude of a steady signal with the same power.

    rms[m] = √( (1 / N) · Σₙ frames[n, m]² )

    Parameters
    ----------
    frames : np.ndarray [shape=(frame_length, frames)]
        Frames of a signal in [-1, 1].

    Returns
    -------
    np.ndarray [shape=(frames,)]
        Linear, full scale 1; dtype as frames. A sine with peak 1 has 0.707.

    Raises
    ------
    AudioCourseError
        If `require_frames` refuses the frames.

    Examples
    --------
    >>> rms(np.array([[3.0], [-4.0]])) ** 2
    array([12.5])

    Notebook: 04a_voice_activity
    """
    return np.sqrt(_mean_square(frames)).astype(frames.dtype)


def frame_level_db(frames: FloatArray) -> FloatArray:
    """Measure the level of each frame in dB relative to full scale: the number 1, not a full-scale sine (dBFS, AES17).

    L[m] = max(10 · log₁₀( (1 / N) · Σₙ frames[n, m]² ), −100)

    Parameters
    ----------
    frames : np.ndarray [shape=(frame_length, frames)]
        Frames of a signal in [-1, 1].

    Returns
    -------
    np.ndarray [shape=(frames,)]
        dB re full scale (a constant 1 reads 0 dB, a sine with peak 1 reads −3.01 dB), never below −100; dtype as
        frames.

    Raises
    ------
    AudioCourseError
        If `require_frames` refuses the frames.

    Examples
    --------
    >>> frame_level_db(np.array([[1.0, 0.1, 0.0], [-1.0, 0.1, 0.0]]))
    array([   0.,  -20., -100.])

    Notebook: 04a_voice_activity
    """
    return power_to_db(_mean_square(frames)).astype(frames.dtype)


def peak_db(y: FloatArray) -> float:
    """Measure the highest peak of a signal in dB relative to full scale.

    L = max(20 · log₁₀ maxₙ |y[n]|, −100)

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1]; of several channels the highest peak counts.

    Returns
    -------
    float
        dB re full scale; a sine with peak 1 has 0. Above 0 dB the signal would clip in a file of integers.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y.

    Examples
    --------
    >>> peak_db(np.array([0.0, -0.1, 0.05]))
    -20.0

    Notebook: 01a_digital_audio
    """
    return float(amplitude_to_db(float(np.max(np.abs(require_audio(y))))))


def _mean_square(frames: FloatArray) -> FloatArray:
    """Average the squares of each frame, summed in float64: float32 sums lose digits when a frame is long.

    einsum sums as it multiplies, so a matrix of overlapping frames is never copied.
    """
    require_frames(frames)
    energy: FloatArray = np.einsum("nm,nm->m", frames, frames, dtype=np.float64)
    return energy / len(frames)


def _level(ratio: Number, factor: float, ref: float, floor_db: float, hint: str) -> Number:
    """Return max(factor · log₁₀(ratio / ref), floor), after the checks that both kinds of ratio share."""
    _require_numbers(ratio)
    if np.any(np.less(ratio, 0)):
        raise AudioCourseError(f"{hint}.")
    if not 0 < ref < np.inf:
        raise AudioCourseError(
            f"ref is {ref}, but the reference must be positive: silence has no level to compare with."
        )
    with np.errstate(divide="ignore"):  # log 0 is −∞ on purpose: the floor replaces it
        level: Number = np.maximum(factor * np.log10(ratio / float(ref)), floor_db)
    return level


def _require_numbers(values: float | FloatArray) -> None:
    """Refuse anything but a real number or an array of finite floats."""
    number = isinstance(values, (int, float, np.floating)) and not isinstance(values, bool)
    if not number and not (isinstance(values, np.ndarray) and values.dtype in (np.float32, np.float64)):
        kind = f"dtype {values.dtype}" if isinstance(values, np.ndarray) else type(values).__name__
        raise AudioCourseError(
            f"Decibels are for real numbers or float arrays, but this is {kind}: take np.abs of complex values, "
            "convert the rest with np.asarray(…, dtype=np.float32)."
        )
    if not np.all(np.isfinite(values)):
        raise AudioCourseError(
            "There are NaN or infinite values, which have no level: find the step that produced them."
        )
