"""Reverberation: thousands of decaying echoes."""

import numpy as np
import scipy.fft

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_mono, require_positive, require_rng
from audiocourse.signal import FloatArray

_DIRECT_SECONDS = 0.0025  # how long the direct sound takes to pass, with the ringing of the filters it came through
_FIT_FROM_DB = -5.0  # T20
_FIT_TO_DB = -25.0


def room_impulse_response(
    *, rt60: float, sr: int, rng: np.random.Generator, direct_to_reverberant_db: float = 6.0
) -> FloatArray:
    """Synthesise a room impulse response: a click, then decaying noise.

    h[0] = 1; h[n] = c · w[n] · 10^(−3n / (rt60 · sr)) for 0 < n ≤ rt60 · sr, with white noise w: 60 dB down after rt60.
    c follows from 10 · log₁₀(h[0]² / Σ_{n>0} h[n]²) = direct_to_reverberant_db.

    A real room differs: single early echoes, and high frequencies that die sooner than low ones.

    Parameters
    ----------
    rt60 : float
        Reverberation time in seconds, 0.05 to 10: a living room has 0.4, a lecture hall 1, a cathedral 5.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Source of the noise.
    direct_to_reverberant_db : float
        Level of the direct sound re that of the room, −40 to 60 dB: high near the microphone, below 0 far away.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        h, float32; rt60 long.

    Raises
    ------
    AudioCourseError
        If reverberation time, rate or ratio is out of range.

    Examples
    --------
    >>> h = room_impulse_response(rt60=0.4, sr=8000, rng=np.random.default_rng(1), direct_to_reverberant_db=3)
    >>> round(float(10 * np.log10(h[0] ** 2 / np.sum(h[1:] ** 2))), 3)
    3.0

    Source: J. D. Polack, La transmission de l'énergie sonore dans les salles, 1988 (the model of decaying noise).

    Notebook: 04a_voice_activity
    """
    require_between("rt60 (in seconds)", rt60, 0.05, 10)
    require_positive(sr=sr)
    require_between("direct_to_reverberant_db", direct_to_reverberant_db, -40, 60)
    time = np.arange(max(2, round(rt60 * sr) + 1)) / sr
    response = require_rng(rng).standard_normal(time.size) * 10 ** (-3 * time / rt60)
    response *= 10 ** (-direct_to_reverberant_db / 20) / np.sqrt(np.sum(response[1:] ** 2))
    response[0] = 1
    return response.astype(np.float32)


def reverberate(y: FloatArray, impulse_response: FloatArray) -> FloatArray:
    """Add the reverberation of a room: convolve with its impulse response.

    x[n] = Σ_k h[k + d] · y[n − k], d the sample of the largest |h|: the direct sound stays where it was in y.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Dry signal.
    impulse_response : np.ndarray [shape=(taps,)]
        h, synthetic or measured, at the same sampling rate.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        x, as long as y (what still sounds after its end is cut off), dtype as y. It can be louder than y, and pass 1.

    Raises
    ------
    AudioCourseError
        If one of the two is not a mono signal.

    Examples
    --------
    >>> reverberate(np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.5])).round(6)
    array([1. , 0.5, 0. ])

    Notebook: 04a_voice_activity
    """
    require_mono(y)
    direct = int(np.argmax(np.abs(require_mono(impulse_response))))
    size = scipy.fft.next_fast_len(
        y.size + impulse_response.size - 1, real=True
    )  # room for the whole sum: no wrap-around
    spectra = (scipy.fft.rfft(signal.astype(np.float64), size) for signal in (y, impulse_response))
    wet: FloatArray = scipy.fft.irfft(np.prod(list(spectra), axis=0), size)
    return wet[direct : direct + y.size].astype(y.dtype)


def measured_rt60(impulse_response: FloatArray, sr: int) -> float:
    """Measure the reverberation time: how long the sound in a room takes to decay by 60 dB.

    Schroeder's backward integral E[n] = Σ_{k≥n} h[k]², in dB re its start, is smooth where h² is ragged. A straight
    line through it from −5 to −25 dB is drawn out to −60 dB (T20). Counted from 2.5 ms after the direct sound, which
    belongs to the source and not to the room.

    Parameters
    ----------
    impulse_response : np.ndarray [shape=(taps,)]
        h, synthetic or measured.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    float
        Reverberation time in seconds.

    Raises
    ------
    AudioCourseError
        If h is not a mono signal, silent after its direct sound, or does not fall by 25 dB in at least two samples.

    Examples
    --------
    >>> h = room_impulse_response(rt60=0.5, sr=16000, rng=np.random.default_rng(1))
    >>> abs(measured_rt60(h, 16000) - 0.5) < 0.05
    True

    Source: M. R. Schroeder, New method of measuring reverberation time, J. Acoust. Soc. Am. 37, 1965; ISO 3382-1.

    Notebook: 04a_voice_activity
    """
    require_positive(sr=sr)
    direct = int(np.argmax(np.abs(require_mono(impulse_response))))
    tail = impulse_response[direct + round(_DIRECT_SECONDS * sr) :].astype(np.float64)
    energy = np.cumsum(tail[::-1] ** 2)[::-1]
    if not np.any(energy):
        raise AudioCourseError("Nothing follows the direct sound: a room that does not echo has no reverberation time.")
    decay_db = 10 * np.log10(energy[energy > 0] / energy[0])
    fitted = np.flatnonzero((decay_db <= _FIT_FROM_DB) & (decay_db >= _FIT_TO_DB))
    if fitted.size < 2:
        raise AudioCourseError(
            "The response is too short or too sudden to fit its decay: pass one that falls by 25 dB."
        )
    db_per_sample = np.polyfit(fitted, decay_db[fitted], 1)[0]
    return float(-60 / db_per_sample / sr)
