"""One iteration of Griffin and Lim, in NumPy: keep the phases of a real sound, restore the magnitudes."""

from __future__ import annotations

import numpy as np

from audiocourse.arrays import ComplexArray, FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.signal import istft, stft


def griffin_lim_step(
    estimate: ComplexArray, magnitude: FloatArray, *, n_fft: int, hop_length: int, length: int
) -> ComplexArray:
    """Bring a spectrogram one step closer to that of a sound with given magnitudes.

    t = STFT(ISTFT(c)); c′ = S · t / |t|, and c′ = S where t is 0.

    Frames overlap, so a spectrogram with arbitrary phases is not that of any sound. ISTFT finds the closest sound, its
    STFT has phases that agree from frame to frame, and S restores the magnitudes. No step makes the distance between
    |STFT(ISTFT(c))| and S larger.

    Parameters
    ----------
    estimate : np.ndarray [shape=(1 + n_fft // 2, frames)]
        c, complex: the magnitudes asked for with phases that are still wrong.
    magnitude : np.ndarray [shape=(1 + n_fft // 2, frames)]
        S, 0 or more.
    n_fft : int
        N, in samples.
    hop_length : int
        H, in samples.
    length : int
        Samples of the sound.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2, frames)]
        c′, complex.

    Raises
    ------
    AudioCourseError
        If the two shapes differ, or `istft` refuses n_fft, hop_length or length.

    Examples
    --------
    >>> X = stft(np.sin(np.arange(512.0)), n_fft=64, hop_length=16)
    >>> step = griffin_lim_step(X, 2 * np.abs(X), n_fft=64, hop_length=16, length=512)
    >>> bool(np.allclose(step, 2 * X))
    True

    Source: D. W. Griffin and J. S. Lim, Signal estimation from modified short-time Fourier transform, IEEE Transactions
    on Acoustics, Speech, and Signal Processing 32(2), 1984.

    Notebook: ex02_voice_cloning
    """
    if estimate.shape != magnitude.shape:
        raise AudioCourseError(
            f"The estimate has shape {estimate.shape}, the magnitudes {magnitude.shape}: they must be the same."
        )
    y = istft(estimate, n_fft=n_fft, hop_length=hop_length, length=length)
    consistent = stft(y, n_fft=n_fft, hop_length=hop_length)  # t
    size = np.abs(consistent)
    phase = np.divide(consistent, size, out=np.ones_like(consistent), where=size > 0)
    result: ComplexArray = np.multiply(magnitude, phase)
    return result
