"""From time to frequency and back: window, Fourier transforms long and short, power, dB with a stated reference."""

from collections.abc import Iterator

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.arrays import ComplexArray, FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_frames, require_mono, require_positive
from audiocourse.signal.level import amplitude_to_db

_BLOCK = 64  # frames transformed at a time: their windowed copies stay in the processor's cache


def hann(n: int) -> FloatArray:
    """Compute a periodic Hann window.

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
    """Compute the short-time Fourier transform: the spectrum of each windowed frame.

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
    blocks = spectra(y, n_fft=n_fft, hop_length=hop_length, win_length=win_length, center=center)
    count = stft_frame_count(y.size, n_fft=n_fft, hop_length=hop_length, center=center)
    stacked = np.empty((count, 1 + n_fft // 2), dtype=np.result_type(y.dtype, np.complex64))
    for first, block in zip(range(0, count, _BLOCK), blocks, strict=True):
        stacked[first : first + _BLOCK] = block
    return stacked.T  # (1 + n_fft // 2, frames)


def spectra(
    y: FloatArray, *, n_fft: int, hop_length: int, win_length: int | None = None, center: bool = True
) -> Iterator[ComplexArray]:
    """Yield the columns of `stft` block by block, so that the spectra of a long recording are never all in memory.

    Each block holds X[k, m] of 64 successive frames m (the last one fewer), transposed: one frame per row.

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
        Put the middle of frame m at sample mH, with zeros outside y; otherwise frame m starts at mH.

    Returns
    -------
    Iterator[np.ndarray [shape=(frames, 1 + n_fft // 2)]]
        Blocks of spectra, complex64 for float32 and complex128 for float64.

    Raises
    ------
    AudioCourseError
        If y is not mono, or (not centred) shorter than one frame, or the window is longer than N.

    Examples
    --------
    >>> y = np.zeros(16000, dtype=np.float32)
    >>> [block.shape for block in spectra(y, n_fft=512, hop_length=100)]
    [(64, 257), (64, 257), (33, 257)]

    Notebook: 01b_time_and_frequency
    """
    window = _window(n_fft, win_length)
    require_positive(hop_length=hop_length)
    require_mono(y, at_least=1 if center else n_fft)
    count = stft_frame_count(y.size, n_fft=n_fft, hop_length=hop_length, center=center)
    return _blocks(y, window.astype(y.dtype), hop_length, count, start=-(n_fft // 2) if center else 0)


def istft(
    spectrogram: ComplexArray,
    *,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    center: bool = True,
    length: int | None = None,
) -> FloatArray:
    """Invert a short-time Fourier transform.

    y[n] = Σₘ w[n − mH + c] · xₘ[n − mH + c] / Σₘ w[n − mH + c]², where xₘ is the inverse transform of column m and c
    and w are those of `stft`. Dividing by the sum of the squared windows restores the signal that was analysed, for
    every length, if the frames were centred and H is at most half the window. (Samples covered only by the edge of a
    window are less exact in float32; not centred, the first sample is multiplied by 0 and lost.) If the spectrogram
    is not that of any signal, y is the signal with the closest one.

    Parameters
    ----------
    spectrogram : np.ndarray [shape=(1 + n_fft // 2, frames)]
        X, as `stft` returns it.
    n_fft : int
        N, in samples.
    hop_length : int
        H, in samples.
    win_length : int, optional
        Length of the window in samples, as it was given to `stft`.
    center : bool
        As it was given to `stft`.
    length : int, optional
        Samples to return, at most those the frames reach. Without it the end after the last frame's middle (centred) is
        unknown and left out: (frames − 1) · H samples.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32 for complex64 and float64 for complex128.

    Raises
    ------
    AudioCourseError
        If X does not have 1 + N // 2 rows, holds NaN, has gaps that no window covers, or is too short for `length`.

    Examples
    --------
    >>> y = np.random.default_rng(0).uniform(-1, 1, 12345)
    >>> X = stft(y, n_fft=512, hop_length=128)
    >>> bool(np.allclose(istft(X, n_fft=512, hop_length=128, length=12345), y))
    True

    Source: D. W. Griffin and J. S. Lim, "Signal estimation from modified short-time Fourier transform", IEEE
    Transactions on Acoustics, Speech, and Signal Processing 32(2), 1984, eq. 6.

    Notebook: 01b_time_and_frequency
    """
    window = _window(n_fft, win_length)
    require_positive(hop_length=hop_length)
    _require_spectrogram(spectrogram, n_fft)
    if length is not None:
        require_positive(length=length)
    frames = scipy.fft.irfft(spectrogram, n=n_fft, axis=0)  # (n_fft, frames)
    y = resynthesise(frames, window.astype(frames.dtype), hop_length=hop_length)

    start = n_fft // 2 if center else 0
    samples = (frames.shape[1] - 1) * hop_length if center else y.size
    stop = start + (samples if length is None else length)
    if stop > y.size:
        raise AudioCourseError(f"The frames reach {y.size - start} samples, but length is {length}: ask for fewer.")
    return y[start:stop]


def resynthesise(frames: FloatArray, window: FloatArray, *, hop_length: int) -> FloatArray:
    """Rebuild a signal from the windowed frames that were cut from it.

    y[n] = Σₘ w[n − mH] · x[n − mH, m] / Σₘ w[n − mH]²: each frame is windowed once more, all are added up at their
    places, and the sum is divided by that of the squared windows at each sample. Samples covered only by a zero of the
    window are 0.

    Parameters
    ----------
    frames : np.ndarray [shape=(frame_length, frames)]
        x, frames of a signal times the window w.
    window : np.ndarray [shape=(frame_length,)]
        w, without unit.
    hop_length : int
        H, in samples.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y of N + (frames − 1) · H samples, dtype as frames.

    Raises
    ------
    AudioCourseError
        If frames and window differ in length, H is not a positive whole number, or the hop leaves gaps: samples between
        the first and the last frame that no window covers.

    Examples
    --------
    >>> y, w = np.arange(12.0), np.array([0.5, 1.0, 1.0, 0.5])
    >>> windowed = np.stack([w * y[m : m + 4] for m in range(0, 9, 2)], axis=1)
    >>> bool(np.allclose(resynthesise(windowed, w, hop_length=2), y))
    True

    Source: D. W. Griffin and J. S. Lim, "Signal estimation from modified short-time Fourier transform", IEEE
    Transactions on Acoustics, Speech, and Signal Processing 32(2), 1984, eq. 6.

    Notebook: 01b_time_and_frequency
    """
    if not isinstance(window, np.ndarray) or window.shape != (len(require_frames(frames)),):
        raise AudioCourseError(
            f"The frames have {len(frames)} samples, the window has shape {np.shape(window)}: pass an "
            "array of the same length."
        )
    summed = overlap_add(frames * window[:, None], hop_length=hop_length)
    squares = np.broadcast_to((window**2)[:, None], frames.shape)
    weight = overlap_add(squares, hop_length=hop_length)
    covered = np.flatnonzero(weight)
    if covered.size == 0:
        raise AudioCourseError("The window is zero everywhere, so nothing is left of the signal: pass another window.")
    if np.any(weight[covered[0] : covered[-1]] == 0):
        raise AudioCourseError(
            f"With a hop of {hop_length} there are samples that no window covers, so they are lost: use a smaller hop, "
            "at most half the window."
        )
    return summed / np.where(weight > 0, weight, 1)


def overlap_add(frames: FloatArray, *, hop_length: int) -> FloatArray:
    """Add up frames at their places in time.

    y[n] = Σₘ frames[n − mH, m], the adjoint of cutting: frame m adds to y[mH], …, y[mH + N − 1].

    Parameters
    ----------
    frames : np.ndarray [shape=(frame_length, frames)]
        Frames of N samples.
    hop_length : int
        H, in samples.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y of N + (frames − 1) · H samples, dtype as frames.

    Raises
    ------
    AudioCourseError
        If `require_frames` refuses the frames, or H is not a positive whole number.

    Examples
    --------
    >>> overlap_add(np.ones((4, 3)), hop_length=2)
    array([1., 1., 2., 2., 2., 2., 1., 1.])

    Notebook: 01b_time_and_frequency
    """
    require_positive(hop_length=hop_length)
    length, count = require_frames(frames).shape
    y = np.zeros(length + (count - 1) * hop_length, dtype=frames.dtype)
    for first, column in zip(range(0, y.size, hop_length), frames.T, strict=False):
        y[first : first + length] += column
    return y


def power_spectrogram(
    y: FloatArray,
    *,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    center: bool = True,
    filters: FloatArray | None = None,
) -> FloatArray:
    """Measure the power of each frequency over time, or of each band when filters are given.

    P[k, m] = |X[k, m]|², with X the `stft`; with filters F: S[b, m] = Σₖ F[b, k] · |X[k, m]|². The bands are summed up
    block by block, so the spectra of a long recording are never all in memory.

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
        As in `stft`.
    filters : np.ndarray [shape=(bands, 1 + n_fft // 2)], optional
        F, weights without unit.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2, frames) or (bands, frames)]
        Power in squared units of X (not normalised by the window), dtype as y.

    Raises
    ------
    AudioCourseError
        If `stft` refuses y or the options, or the filters do not have 1 + N // 2 columns.

    Examples
    --------
    >>> y = np.random.default_rng(0).uniform(-1, 1, 4000)
    >>> everything = np.ones((1, 257))
    >>> bands = power_spectrogram(y, n_fft=512, hop_length=128, filters=everything)
    >>> bool(np.allclose(bands[0], power_spectrogram(y, n_fft=512, hop_length=128).sum(axis=0)))
    True

    Notebook: 01b_time_and_frequency
    """
    blocks = spectra(y, n_fft=n_fft, hop_length=hop_length, win_length=win_length, center=center)
    if filters is not None and (
        np.ndim(filters) != 2 or not isinstance(filters, np.ndarray) or filters.shape[1] != 1 + n_fft // 2
    ):
        raise AudioCourseError(
            f"The filters are a {type(filters).__name__} of shape {np.shape(filters)}, but n_fft = {n_fft} has "
            f"{1 + n_fft // 2} frequencies: pass a matrix computed for the same n_fft."
        )
    weights = None if filters is None else np.ascontiguousarray(filters.T, dtype=y.dtype)
    count = stft_frame_count(y.size, n_fft=n_fft, hop_length=hop_length, center=center)
    result = np.empty((count, 1 + n_fft // 2 if weights is None else weights.shape[1]), dtype=y.dtype)
    for first, block in zip(range(0, count, _BLOCK), blocks, strict=True):
        power = np.square(block.real) + np.square(block.imag)  # (up to 64 frames, 1 + n_fft // 2)
        result[first : first + _BLOCK] = power if weights is None else power @ weights
    return result.T  # (rows, frames)


def stft_frame_count(samples: int, *, n_fft: int, hop_length: int, center: bool = True) -> int:
    """Count the frames of an `stft`.

    M = 1 + ⌊(samples + 2c − N) / H⌋, with c = N // 2 zeros at both ends if centred and 0 if not: for even N and centred
    simply 1 + ⌊samples / H⌋. 0 where not even one frame fits.

    Parameters
    ----------
    samples : int
        Length of the signal, in samples.
    n_fft : int
        N, in samples.
    hop_length : int
        H, in samples.
    center : bool
        As in `stft`.

    Returns
    -------
    int
        M, the number of columns.

    Raises
    ------
    AudioCourseError
        If samples, N or H is not a positive whole number.

    Examples
    --------
    >>> sizes = dict(n_fft=2048, hop_length=512)
    >>> stft_frame_count(22050, **sizes), stft_frame_count(2000, **sizes, center=False)
    (44, 0)

    Notebook: 01b_time_and_frequency
    """
    require_positive(samples=samples, n_fft=n_fft, hop_length=hop_length)
    return max(0, 1 + (samples + (2 * (n_fft // 2) if center else 0) - n_fft) // hop_length)


def fft_frequencies(n_fft: int, sr: int) -> FloatArray:
    """Return the frequency of each row of an `stft`.

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


def magnitude_dbfs(magnitude: FloatArray, *, window: FloatArray, n_fft: int) -> FloatArray:
    """Express magnitudes of a windowed Fourier transform in dBFS: relative to a full-scale sine, as AES17 has it.

    L[k] = max(20 · log₁₀( 2 · |X[k]| / Σₙ w[n] ), −100). The window adds up to Σw, and a sine splits its amplitude
    between +f and −f: hence the 2, which k = 0 and k = N / 2 (their own mirror images) do without.

    Parameters
    ----------
    magnitude : np.ndarray [shape=(1 + n_fft // 2, ...)]
        |X|, frequencies along the first axis.
    window : np.ndarray [shape=(samples,)]
        w, the window that was applied.
    n_fft : int
        N, in samples, which may be more than the window has.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2, ...)]
        L in dB re a full-scale sine, never below −100; dtype as magnitude.

    Raises
    ------
    AudioCourseError
        If there are not 1 + N // 2 frequencies, a magnitude is negative or NaN, or the window does not add up to more
        than 0.

    Examples
    --------
    >>> w, n = hann(512), np.arange(512)
    >>> X = np.abs(np.fft.rfft(w * 0.1 * np.sin(2 * np.pi * 32 / 512 * n)))
    >>> float(magnitude_dbfs(X, window=w, n_fft=512)[32].round(6))
    -20.0

    Notebook: 01b_time_and_frequency
    """
    require_positive(n_fft=n_fft)
    if len(magnitude) != 1 + n_fft // 2:
        raise AudioCourseError(
            f"There are {len(magnitude)} frequencies, but n_fft = {n_fft} gives {1 + n_fft // 2}: put them on "
            "the first axis."
        )
    doubled = magnitude.copy()
    doubled[1 : (n_fft + 1) // 2] *= 2
    return amplitude_to_db(doubled, ref=float(window.sum()))


def spectrogram_dbfs(y: FloatArray, *, n_fft: int, hop_length: int) -> FloatArray:
    """Compute the level of each frequency over time, in dB relative to a full-scale sine.

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
    return magnitude_dbfs(magnitude, window=hann(n_fft), n_fft=n_fft)


def spectrum_dbfs(y: FloatArray, *, n_fft: int | None = None) -> FloatArray:
    """Compute the level of each frequency of a whole signal, in dB relative to a full-scale sine.

    S[k] = max(20 · log₁₀( 2 · |Σₙ w[n] · y[n] · e^(−2πi·kn / N)| / Σₙ w[n] ), −100), with w the periodic Hann window
    over all samples of y; without the 2 for k = 0 and k = N / 2. More points than samples (N > samples, zeros after
    y) draw the curve between the same points; they resolve nothing more.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    n_fft : int, optional
        N ≥ samples; the number of samples if not given.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2,)]
        S in dB re a full-scale sine, never below −100; dtype as y. `fft_frequencies` names the frequencies.

    Raises
    ------
    AudioCourseError
        If y is not mono, shorter than two samples, or N is below the number of samples.

    Examples
    --------
    >>> y = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    >>> float(np.round(spectrum_dbfs(y)[1000], 6))
    -20.0

    Notebook: 01b_time_and_frequency
    """
    points = require_mono(y, at_least=2).size if n_fft is None else n_fft
    require_positive(n_fft=points)
    if points < y.size:
        raise AudioCourseError(f"n_fft = {n_fft} would cut off samples of the {y.size}: pass at least that many.")
    window = hann(y.size).astype(y.dtype)
    magnitude = np.abs(scipy.fft.rfft(y * window, n=points))
    return magnitude_dbfs(magnitude, window=window, n_fft=points)


def _window(n_fft: int, win_length: int | None) -> FloatArray:
    """Return the Hann window in the middle of N samples."""
    width = n_fft if win_length is None else win_length
    require_positive(n_fft=n_fft, win_length=width)
    if width > n_fft:
        raise AudioCourseError(f"The window ({width} samples) is longer than n_fft ({n_fft}): choose a larger n_fft.")
    if width < 2:
        raise AudioCourseError("A Hann window of one sample is zero: choose a window of at least 2 samples.")
    left = (n_fft - width) // 2
    return np.pad(hann(width), (left, n_fft - width - left))


def _blocks(y: FloatArray, window: FloatArray, hop: int, count: int, *, start: int) -> Iterator[ComplexArray]:
    """Transform 64 frames at a time: their windowed copies stay in the processor's cache."""
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count) - 1
        part = _cut(y, start + first * hop, start + last * hop + window.size)
        yield scipy.fft.rfft(sliding_window_view(part, window.size)[::hop] * window, overwrite_x=True)


def _cut(y: FloatArray, start: int, stop: int) -> FloatArray:
    """Return y[start], …, y[stop − 1], zero where y has no samples."""
    if start >= 0 and stop <= y.size:
        return y[start:stop]
    inside = y[max(start, 0) : stop]
    before = max(-start, 0)
    return np.pad(inside, (before, stop - start - before - inside.size))


def _require_spectrogram(spectrogram: ComplexArray, n_fft: int) -> None:
    rows = 1 + n_fft // 2
    if not isinstance(spectrogram, np.ndarray) or spectrogram.ndim != 2 or not np.iscomplexobj(spectrogram):
        raise AudioCourseError(
            "istft takes the complex matrix (frequencies, frames) that stft returns: magnitudes need "
            "phases first, see griffin_lim."
        )
    if len(spectrogram) != rows or spectrogram.shape[1] < 1:
        raise AudioCourseError(
            f"The spectrogram has shape {spectrogram.shape}, but n_fft = {n_fft} needs {rows} rows and "
            "at least one frame: pass the n_fft it was computed with."
        )
    if not np.isfinite(spectrogram).all():
        raise AudioCourseError("The spectrogram holds NaN or infinite values: find the step that produced them.")
