"""From time to frequency: the window, the short-time Fourier transform, and a spectrogram with a stated reference."""

import numpy as np
import scipy.fft

from audiocourse.errors import AudioCourseError
from audiocourse.signal.arrays import ComplexArray, FloatArray, require_mono, require_positive
from audiocourse.signal.frames import frame
from audiocourse.signal.level import amplitude_to_db

_BLOCK = 256  # frames transformed at a time: their windowed copies stay in the processor's cache


def hann(n: int) -> FloatArray:
    """Make a periodic Hann window.

    w[k] = ½ − ½ · cos(2πk / n), k = 0, …, n − 1. Periodic: copies shifted by n / 2 add up to exactly 1.

    Parameters
    ----------
    n : int
        Length in samples.

    Returns
    -------
    np.ndarray [shape=(n,)]
        w, float64.

    Raises
    ------
    AudioCourseError
        If n is not a positive whole number.

    Examples
    --------
    >>> w = hann(512)
    >>> bool(np.allclose(w[:256] + w[256:], 1))
    True

    Notebook: 01b_time_and_frequency
    """
    require_positive(n=n)
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


def stft(
    y: FloatArray, *, n_fft: int, hop_length: int, win_length: int | None = None, center: bool = True
) -> ComplexArray:
    """Take the short-time Fourier transform: the spectrum of each windowed frame.

    X[k, m] = Σₙ w[n] · y[mH + n − c] · e^(−2πi·kn / N), n = 0, …, N − 1, with N = n_fft, H = hop_length, w the periodic
    Hann window (centred in N), y zero outside its samples, c = N // 2 if centred and 0 if not.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    n_fft : int
        N, in samples.
    hop_length : int
        H, in samples.
    win_length : int, optional
        Length of the window in samples, at most N; N if not given.
    center : bool
        Put the middle of frame m at sample mH. The edges are filled with zeros; otherwise frame m starts at mH.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2, frames)]
        X, complex64 for float32 and complex128 for float64. Row k is k · sr / N Hz. For even N the number of frames is
        1 + samples // H if centred, 1 + (samples − N) // H if not.

    Raises
    ------
    AudioCourseError
        If y is not mono, or (not centred) shorter than one frame, or the window is longer than N.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    >>> X = stft(y, n_fft=512, hop_length=128)
    >>> X.shape, float(fft_frequencies(512, 16000)[np.argmax(np.abs(X[:, 60]))])
    ((257, 126), 1000.0)

    Source: J. B. Allen and L. R. Rabiner, "A unified approach to short-time Fourier analysis and synthesis",
    Proceedings of the IEEE 65(11), 1977.

    Notebook: 01b_time_and_frequency
    """
    width = n_fft if win_length is None else win_length
    require_positive(n_fft=n_fft, hop_length=hop_length, win_length=width)
    if width > n_fft:
        raise AudioCourseError(f"The window ({width} samples) is longer than n_fft ({n_fft}): choose a larger n_fft.")
    padded = np.pad(require_mono(y), n_fft // 2 if center else 0)
    left = (n_fft - width) // 2
    window = np.pad(hann(width), (left, n_fft - width - left)).astype(y.dtype)

    frames = frame(padded, frame_length=n_fft, hop_length=hop_length).T
    spectra = np.empty((len(frames), 1 + n_fft // 2), dtype=np.result_type(y.dtype, np.complex64))
    for start in range(0, len(frames), _BLOCK):
        spectra[start : start + _BLOCK] = scipy.fft.rfft(frames[start : start + _BLOCK] * window)
    return spectra.T


def fft_frequencies(n_fft: int, sr: int) -> FloatArray:
    """Say which frequency each row of an `stft` stands for.

    f[k] = k · sr / N, k = 0, …, N // 2, with N = n_fft.

    Parameters
    ----------
    n_fft : int
        N, in samples.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2,)]
        f in Hz, float64.

    Raises
    ------
    AudioCourseError
        If N or sr is not a positive whole number.

    Examples
    --------
    >>> fft_frequencies(8, 16000)
    array([   0., 2000., 4000., 6000., 8000.])

    Notebook: 01b_time_and_frequency
    """
    require_positive(n_fft=n_fft, sr=sr)
    return np.arange(1 + n_fft // 2) * (sr / n_fft)


def spectrogram_dbfs(y: FloatArray, *, n_fft: int, hop_length: int) -> FloatArray:
    """Show the level of each frequency over time, in dB relative to a full-scale sine.

    S[k, m] = max(20 · log₁₀( 2 · |X[k, m]| / Σₙ w[n] ), −100), with X the centred `stft` and w its window. The window
    adds up to Σw, and a sine splits its amplitude between +f and −f: hence the 2, which k = 0 and k = N / 2 (their own
    mirror images) do without. Left out, a full-scale sine reads 20 · log₁₀(N / 4), +54.2 dB for N = 2048.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    n_fft : int
        N, in samples.
    hop_length : int
        H, in samples.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2, frames)]
        S in dB re a full-scale sine, never below −100; dtype as y. A sine with peak 1 in the middle of a bin reads 0
        dB, between two bins up to 1.42 dB less. Frames that reach over the edges of y read less, too.

    Raises
    ------
    AudioCourseError
        If y is not mono, or n_fft or hop_length is not a positive whole number.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    >>> float(np.round(spectrogram_dbfs(y, n_fft=512, hop_length=128)[32, 60], 6)) + 0.0
    0.0

    Notebook: 01b_time_and_frequency
    """
    magnitude = np.abs(stft(y, n_fft=n_fft, hop_length=hop_length))
    magnitude[1 : (n_fft + 1) // 2] *= 2
    return amplitude_to_db(magnitude, ref=float(hann(n_fft).sum()))
