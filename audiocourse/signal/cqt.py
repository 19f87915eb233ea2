"""The constant-Q transform: a spectrum whose bins are notes, with long windows for low notes and short for high."""

import math

import numpy as np

from audiocourse.arrays import ComplexArray, FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import is_number, require_mono, require_positive

_BLOCK = 512  # frames computed at a time: their sums stay in the processor's cache
_MAX_OCTAVES = 30
_LONGEST = 60.0  # seconds: a longer window points to a mistake in fmin, and would fill the memory


def cqt_quality(bins_per_octave: int) -> float:
    """Return the quality factor: how many periods of its frequency each window holds.

    Q = (r² + 1) / (r² − 1), r = 2^(1 / B): frequency over the distance to the neighbours, the mean of the two above and
    below over half of what lies between them. (Brown's own Q = 1 / (r − 1) uses the upper one only: 3 % less at
    B = 12.)

    Parameters
    ----------
    bins_per_octave : int
        B.

    Returns
    -------
    float
        Q, without unit.

    Raises
    ------
    AudioCourseError
        If B is not a positive whole number.

    Examples
    --------
    >>> round(cqt_quality(12), 2)
    17.33

    Source: J. C. Brown, "Calculation of a constant Q spectral transform", JASA 89(1), 1991.

    Notebook: 01d_pitch_and_rhythm
    """
    require_positive(bins_per_octave=bins_per_octave)
    square = 2 ** (2 / bins_per_octave)
    return (square + 1) / (square - 1)


def cqt_frequencies(n_bins: int, *, fmin: float, bins_per_octave: int = 12) -> FloatArray:
    """Return the frequency of each row of a `cqt`.

    f[k] = fmin · 2^(k / B), k = 0, …, K − 1, so B rows make an octave.

    Parameters
    ----------
    n_bins : int
        K.
    fmin : float
        Frequency of row 0, in Hz.
    bins_per_octave : int
        B.

    Returns
    -------
    np.ndarray [shape=(n_bins,)]
        f in Hz, float64.

    Raises
    ------
    AudioCourseError
        If K or B is not a positive whole number, or fmin is not positive and finite.

    Examples
    --------
    >>> cqt_frequencies(5, fmin=55, bins_per_octave=2).round(1)
    array([ 55. ,  77.8, 110. , 155.6, 220. ])

    Notebook: 01d_pitch_and_rhythm
    """
    require_positive(n_bins=n_bins, bins_per_octave=bins_per_octave)
    if not is_number(fmin) or not 0 < fmin < 1e6:
        raise AudioCourseError(
            f"fmin is {fmin!r}, but the lowest bin needs a frequency in Hz above 0: try 32.7, the C1."
        )
    if n_bins > _MAX_OCTAVES * bins_per_octave:
        raise AudioCourseError(
            f"{n_bins} bins at {bins_per_octave} per octave are more than {_MAX_OCTAVES} octaves, and hearing spans "
            "ten: choose fewer n_bins."
        )
    return float(fmin) * np.exp2(np.arange(n_bins) / bins_per_octave)


def cqt(
    y: FloatArray, *, sr: int, hop_length: int, fmin: float, n_bins: int, bins_per_octave: int = 12
) -> ComplexArray:
    """Compute the constant-Q transform directly from its definition.

    X[k, m] = √N[k] · Σₙ w[n] · y[mH + n] · e^(−2πi · f[k] · n / sr) / Σₙ w[n], |n| ≤ N[k] / 2, with
    w[n] = ½ + ½ · cos(2πn / N[k]), N[k] = Q · sr / f[k], f from `cqt_frequencies`, Q from `cqt_quality`, H = hop_length
    and y zero outside its samples. Each window holds Q periods: low notes get the long windows that tell them apart,
    high notes the short ones that follow fast playing. The root makes white noise equally strong in all bins; a sine
    with peak A in the middle of bin k reads A / 2 · √N[k].

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    hop_length : int
        H, in samples. High bins skip samples where H is longer than their windows.
    fmin : float
        Frequency of the lowest bin in Hz.
    n_bins : int
        K, the number of bins.
    bins_per_octave : int
        B; 12 makes each bin a semitone.

    Returns
    -------
    np.ndarray [shape=(n_bins, frames)]
        X, complex64 for float32 and complex128 for float64. Frame m is centred on sample mH; frames = 1 + samples // H.

    Raises
    ------
    AudioCourseError
        If y is not mono, a bin lies at sr / 2 or above, or fmin is so low that its window takes more than a minute.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> X = cqt(y, sr=22050, hop_length=512, fmin=55, n_bins=60)
    >>> int(np.argmax(np.abs(X[:, 20]))), 12 * 3  # three octaves above 55 Hz
    (36, 36)

    Source: J. C. Brown, "Calculation of a constant Q spectral transform", JASA 89(1), 1991; the fast way, octave by
    octave: C. Schörkhuber and A. Klapuri, "Constant-Q transform toolbox for music processing", SMC 2010.

    Notebook: 01d_pitch_and_rhythm
    """
    require_mono(y)
    require_positive(sr=sr, hop_length=hop_length)
    frequencies = cqt_frequencies(n_bins, fmin=fmin, bins_per_octave=bins_per_octave)
    quality = cqt_quality(bins_per_octave)
    _require_fitting(frequencies, sr, quality)
    # 1. N[k], and y with zeros on both sides for the longest window.
    lengths = quality * sr / frequencies
    margin = int(lengths[0] / 2) + 1  # frame m = samples / H is centred one sample after the last
    frames = 1 + y.size // hop_length
    padded = np.pad(y, (margin, margin + hop_length))

    # 2. √N[k] · w[n] · e^(−2πi · f[k] · n / sr) / Σw: a column for each bin, centred.
    kernels = np.zeros((2 * margin + 1, n_bins), dtype=np.result_type(y.dtype, np.complex64))
    for k, (f, length) in enumerate(zip(frequencies, lengths, strict=True)):
        kernel = _kernel(f / sr, length)
        kernels[margin - len(kernel) // 2 :, k][: len(kernel)] = kernel

    # 3. Its product with the samples around mH, for each frame m.
    return _slide(kernels, padded, hop_length=hop_length, frames=frames).T  # (n_bins, frames)


def _kernel(frequency: float, length: float) -> ComplexArray:
    """Return √N · w[n] · e^(−2πi·f·n) / Σw for |n| ≤ N / 2, with f in cycles per sample."""
    n = np.arange(-int(length / 2), int(length / 2) + 1)
    window = 0.5 + 0.5 * np.cos(2 * np.pi * n / length)
    rotation: ComplexArray = np.exp(-2j * np.pi * frequency * n)
    kernel: ComplexArray = (math.sqrt(length) / window.sum() * window) * rotation
    return kernel


def _slide(kernels: ComplexArray, y: FloatArray, *, hop_length: int, frames: int) -> ComplexArray:
    """Multiply the samples from mH on by the kernels (columns, longest first): (frames, bins).

    One hop of the kernels after the other: the samples mH + jH, …, mH + jH + H − 1 of all frames are the rows of a
    matrix that needs no copy of y, and near its ends only the longest kernels are not zero.
    """
    parts = kernels.view(kernels.real.dtype)  # (samples, 2 * bins): real, imaginary, real, …
    total = np.zeros((frames, parts.shape[1]), dtype=parts.dtype)
    used = [2 * np.count_nonzero(kernels[j : j + hop_length].any(axis=0)) for j in range(0, len(parts), hop_length)]
    for first in range(0, frames, _BLOCK):
        block = total[first : first + _BLOCK]
        for begin, columns in zip(range(0, len(parts), hop_length), used, strict=True):
            piece = parts[begin : begin + hop_length, :columns]
            start = first * hop_length + begin
            rows = y[start : start + len(block) * hop_length].reshape(len(block), hop_length)  # a frame per row
            block[:, :columns] += rows[:, : len(piece)] @ piece
    return total.view(kernels.dtype)


def _require_fitting(frequencies: FloatArray, sr: int, quality: float) -> None:
    """Refuse bins that the sampling rate cannot hold, and windows of more than a minute."""
    fitting = np.count_nonzero(frequencies < sr / 2)
    if fitting < frequencies.size:
        remedy = f"take at most n_bins={fitting}" if fitting else "choose a lower fmin"
        raise AudioCourseError(
            f"The highest bin would lie at {frequencies[-1]:.0f} Hz, but sr={sr} Hz holds only frequencies below "
            f"{sr / 2:.0f} Hz: {remedy}."
        )
    if quality / frequencies[0] > _LONGEST:
        raise AudioCourseError(
            f"The window of the lowest bin would last {quality / frequencies[0]:.0f} s: choose a higher fmin or fewer "
            "bins_per_octave."
        )
