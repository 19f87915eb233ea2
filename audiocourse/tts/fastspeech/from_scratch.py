"""The parts that make FastSpeech parallel, in NumPy: repeat each symbol for as many frames as it lasts."""

from __future__ import annotations

import numpy as np

from audiocourse.arrays import BoolArray, FloatArray, IntArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number


def length_regulate(states: FloatArray, durations: IntArray) -> FloatArray:
    """Repeat each state for as many frames as its symbol lasts.

    y = x₀ … x₀ x₁ … x₁ …, with xᵢ repeated d[i] times; a symbol of duration 0 leaves no frame.

    Parameters
    ----------
    states : np.ndarray [shape=(symbols, features)]
        x, the encoder's output.
    durations : np.ndarray [shape=(symbols,)]
        d, whole numbers of frames, 0 or more.

    Returns
    -------
    np.ndarray [shape=(frames, features)]
        y, with frames = Σᵢ d[i]; dtype as states.

    Raises
    ------
    AudioCourseError
        If there is not one whole, non-negative duration for each state.

    Examples
    --------
    >>> length_regulate(np.array([[1.0], [2.0], [3.0]]), np.array([2, 0, 1])).ravel()
    array([1., 1., 3.])

    Source: Y. Ren et al., FastSpeech: fast, robust and controllable text to speech, NeurIPS 2019.

    Notebook: ex02_voice_cloning
    """
    _require_durations(durations)
    if not isinstance(states, np.ndarray) or states.ndim != 2 or len(states) != len(durations):
        raise AudioCourseError("There must be one duration for each state: states are (symbols, features).")
    return np.repeat(states, durations, axis=0)


def log_duration_loss(predicted: FloatArray, durations: IntArray, lengths: IntArray) -> float:
    """Compare durations on a logarithmic scale: mean over real symbols of (p[b, i] − ln(1 + d[b, i]))².

    In frames, one long vowel would outweigh twenty short consonants; in logarithms, twice too long counts the same for
    both. 1 is added because some durations are 0. Padding does not count.

    Parameters
    ----------
    predicted : np.ndarray [shape=(batch, symbols)]
        p, the network's prediction of ln(1 + d).
    durations : np.ndarray [shape=(batch, symbols)]
        d in frames; any value beyond the lengths.
    lengths : np.ndarray [shape=(batch,)]
        Symbols of each text.

    Returns
    -------
    float
        0 for a perfect prediction.

    Raises
    ------
    AudioCourseError
        If shapes differ, a length is beyond the array, or there is no symbol at all.

    Examples
    --------
    >>> p = np.log(1 + np.array([[3.0, 7.0, 99.0]]))
    >>> log_duration_loss(p, np.array([[3, 7, 0]]), np.array([2]))
    0.0

    Source: Y. Ren et al., FastSpeech, NeurIPS 2019; the logarithm of 1 + d as in ESPnet and FastSpeech 2.

    Notebook: ex02_voice_cloning
    """
    if predicted.ndim != 2 or predicted.shape != durations.shape or len(lengths) != len(predicted):
        raise AudioCourseError("Predictions and durations are (batch, symbols), lengths (batch,): check their shapes.")
    if lengths.max(initial=0) > predicted.shape[1] or lengths.min(initial=0) < 0 or lengths.sum() == 0:
        raise AudioCourseError("A length lies beyond the array, or all are 0: lengths count the symbols of each text.")
    real = np.arange(predicted.shape[1]) < lengths[:, None]
    target = np.log1p(durations[real])
    return float(np.mean(np.square(predicted[real] - target)))


def durations_at_rate(log_durations: FloatArray, *, rate: float) -> IntArray:
    """Turn predictions into whole frames: d[i] = max(1, round((exp(p[i]) − 1) / rate)).

    Parameters
    ----------
    log_durations : np.ndarray [shape=(symbols,)]
        p, predictions of ln(1 + d).
    rate : float
        1 speaks as in training, 2 twice as fast.

    Returns
    -------
    np.ndarray [shape=(symbols,)]
        d in frames, at least 1, so that no symbol is skipped.

    Raises
    ------
    AudioCourseError
        If the rate is not from 0.25 to 4.

    Examples
    --------
    >>> durations_at_rate(np.log(1 + np.array([4.0, 10.0])), rate=2.0)
    array([2, 5])

    Notebook: 03c_fastspeech
    """
    require_number(rate=rate)
    if not 0.25 <= rate <= 4:
        raise AudioCourseError(f"The rate is {rate}, but it must be from 0.25 (slow) to 4 (fast): 1 is as in training.")
    frames = np.round(np.expm1(np.asarray(log_durations, dtype=np.float64)) / rate)
    return np.maximum(frames, 1).astype(np.int64)


def average_by_symbol(contour: FloatArray, voiced: BoolArray, durations: IntArray) -> FloatArray:
    """Turn a contour of frames, such as a pitch, into one number for each symbol.

    p[i] = mean of c[m] over the voiced frames m of symbol i. A symbol without voiced frames lies on the straight line
    between the nearest symbols on both sides that have some, or, at the ends, takes the value of the nearest.

    Parameters
    ----------
    contour : np.ndarray [shape=(frames,)]
        c; what it holds where nothing is voiced does not matter, not even NaN.
    voiced : np.ndarray [shape=(frames,)]
        Boolean.
    durations : np.ndarray [shape=(symbols,)]
        Frames of each symbol, 0 or more, Σ = frames.

    Returns
    -------
    np.ndarray [shape=(symbols,)]
        p, float64.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, the durations do not add up, or no frame is voiced.

    Examples
    --------
    >>> c = np.array([100.0, 110.0, 0.0, 130.0])
    >>> average_by_symbol(c, c > 0, np.array([2, 1, 1]))
    array([105. , 117.5, 130. ])

    Source: A. Łańcucki, FastPitch: parallel text-to-speech with pitch prediction, ICASSP 2021.

    Notebook: 03c_fastspeech
    """
    _require_durations(durations)
    if contour.ndim != 1 or contour.shape != voiced.shape or durations.sum() != len(contour):
        raise AudioCourseError("Contour and voiced are (frames,), and the durations must add up to these frames.")
    if voiced.dtype != bool or not voiced.any():
        raise AudioCourseError("Voiced is a Boolean array with at least one True: without voice there is no contour.")
    symbols = np.repeat(np.arange(len(durations)), durations)[voiced]
    count = np.bincount(symbols, minlength=len(durations))
    total = np.bincount(symbols, weights=contour[voiced], minlength=len(durations))
    (places,) = np.nonzero(count)
    return np.interp(np.arange(len(durations)), places, total[places] / count[places])


def _require_durations(durations: IntArray) -> None:
    if not isinstance(durations, np.ndarray) or durations.ndim != 1 or durations.dtype.kind not in "iu":
        raise AudioCourseError("Durations are whole numbers of frames, an integer array (symbols,): round them first.")
    if durations.min(initial=0) < 0:
        raise AudioCourseError("A duration is negative: a symbol lasts 0 frames or more.")
