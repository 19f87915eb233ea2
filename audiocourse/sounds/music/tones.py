"""Sounds whose frequencies are known exactly, to try measurements on."""

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_frequency, require_positive, sample_count
from audiocourse.signal import FloatArray


def sine(frequency: float, *, seconds: float, sr: int, peak: float = 0.5, phase: float = 0.0) -> FloatArray:
    """Synthesise a pure tone.

    y[n] = A · sin(2π · f · n / sr + φ)

    Parameters
    ----------
    frequency : float
        f in Hz, below sr / 2.
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    peak : float
        A, between 0 and 1. The level is 20 · log₁₀(A) − 3.01 dB re full scale.
    phase : float
        φ, in radians.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32.

    Raises
    ------
    AudioCourseError
        If frequency, duration, rate, peak or phase is out of range.

    Examples
    --------
    >>> np.abs(sine(1000, seconds=1, sr=4000, peak=0.5)).max()
    np.float32(0.5)

    Notebook: 01a_digital_audio
    """
    time = np.arange(sample_count(seconds, sr)) / sr
    require_frequency("The frequency", frequency, sr)
    require_between("phase (in radians)", phase, -1e6, 1e6)
    tone = np.sin(2 * np.pi * frequency * time + phase)
    return (require_between("peak", peak, 0, 1) * tone).astype(np.float32)


def harmonic_tone(f0: float, *, harmonics: int, seconds: float, sr: int, peak: float = 0.5) -> FloatArray:
    """Synthesise a tone with harmonics, as a string, a reed or a voice has.

    y[n] = c · Σ_k (1 / k) · sin(2π · k · f0 · n / sr), k = 1, …, K as long as k · f0 < sr / 2

    Parameters
    ----------
    f0 : float
        Fundamental frequency in Hz, below sr / 2.
    harmonics : int
        K, the fundamental included. Those from sr / 2 on are left out, because they would alias.
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    peak : float
        The largest |y[n]|, between 0 and 1; c follows from it.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32.

    Raises
    ------
    AudioCourseError
        If f0, harmonics, duration, rate or peak is out of range, or the sound has a single sample, which is 0.

    Examples
    --------
    >>> spectrum = np.abs(np.fft.rfft(harmonic_tone(200, harmonics=9, seconds=1, sr=1000)))
    >>> np.flatnonzero(spectrum > 1)
    array([200, 400])

    Notebook: 01a_digital_audio
    """
    time = np.arange(sample_count(seconds, sr)) / sr
    require_frequency("f0", f0, sr)
    require_positive(harmonics=harmonics)
    require_between("peak", peak, 0, 1)
    if time.size == 1:
        raise AudioCourseError("A tone of one sample is silent: ask for a longer one.")
    audible = [k for k in range(1, harmonics + 1) if k * f0 < sr / 2]
    tone: FloatArray = np.sum([np.sin(2 * np.pi * k * f0 * time) / k for k in audible], axis=0)
    return (peak / float(np.max(np.abs(tone))) * tone).astype(np.float32)


def chirp(f_start: float, f_end: float, *, seconds: float, sr: int, peak: float = 0.5) -> FloatArray:
    """Synthesise a tone that glides linearly from one frequency to another.

    y[n] = A · sin(2π · (f₁ · t + (f₂ − f₁) · t² / (2T))), t = n / sr: the frequency at t is f₁ + (f₂ − f₁) · t / T.

    Parameters
    ----------
    f_start, f_end : float
        f₁ and f₂ in Hz, below sr / 2.
    seconds : float
        T, the duration.
    sr : int
        Sampling rate in Hz.
    peak : float
        A, between 0 and 1.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32.

    Raises
    ------
    AudioCourseError
        If a frequency, duration, rate or peak is out of range.

    Examples
    --------
    >>> glide = chirp(500, 500, seconds=0.1, sr=8000)
    >>> np.allclose(glide, sine(500, seconds=0.1, sr=8000), atol=1e-6)
    True

    Notebook: 01a_digital_audio
    """
    time = np.arange(sample_count(seconds, sr)) / sr
    require_frequency("f_start", f_start, sr)
    require_frequency("f_end", f_end, sr)
    cycles = f_start * time + (f_end - f_start) * time**2 / (2 * seconds)
    return (require_between("peak", peak, 0, 1) * np.sin(2 * np.pi * cycles)).astype(np.float32)


def silence(seconds: float, sr: int) -> FloatArray:
    """Return silence.

    Parameters
    ----------
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        Zeros, float32.

    Raises
    ------
    AudioCourseError
        If duration or rate is out of range.

    Examples
    --------
    >>> silence(0.5, 8000).shape
    (4000,)

    Notebook: 01a_digital_audio
    """
    return np.zeros(sample_count(seconds, sr), dtype=np.float32)
