"""Sound from a magnitude spectrogram: estimating the missing phase."""

import numpy as np

from audiocourse.arrays import ComplexArray, FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_magnitudes, require_mono, require_number, require_positive
from audiocourse.signal.spectrum import istft, stft


def griffin_lim(
    magnitude: FloatArray,
    *,
    n_fft: int,
    hop_length: int,
    iterations: int = 32,
    momentum: float = 0.99,
    rng: np.random.Generator | None = None,
    length: int | None = None,
) -> FloatArray:
    """Find a sound whose spectrogram has given magnitudes.

    c₀ = S · e^(iφ), t₀ = 0; then tᵢ = STFT(ISTFT(cᵢ₋₁)) and cᵢ = S · u / |u| with u = tᵢ + α · (tᵢ − tᵢ₋₁);
    at the end y = ISTFT(c), with S = magnitude and α = momentum.

    Overlapping frames share samples, so a spectrogram with arbitrary phases is not that of any sound. ISTFT finds the
    closest sound, and its STFT has consistent phases; S restores the magnitudes. With α = 0, Griffin and Lim's
    method, each iteration brings the two closer (`spectral_convergence`); with α > 0, Perraudin's extrapolation,
    nearly every iteration does, and convergence is faster.

    Parameters
    ----------
    magnitude : np.ndarray [shape=(1 + n_fft // 2, frames)]
        S, the magnitudes np.abs(stft(…)) with the same n_fft and hop_length; not their power, not decibels.
    n_fft : int
        N, in samples.
    hop_length : int
        H, in samples, which should be N / 2 at most; N / 4 or less sounds better, because more overlap
        constrains the phases more.
    iterations : int
        Number of iterations.
    momentum : float
        α, from 0 to 1.
    rng : np.random.Generator, optional
        Draws the first phases φ, uniform on the circle; without it φ = 0.
    length : int, optional
        Samples to return, one of the H lengths that have so many frames; the shortest, (frames − 1) · H for even N, if
        not given.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, dtype as magnitude. Its waveform need not resemble the original: −y has the same magnitudes.

    Raises
    ------
    AudioCourseError
        If `require_magnitudes` refuses magnitude, it does not have 1 + N // 2 rows, `istft` refuses H, a length
        belongs to another number of frames, iterations is not a positive whole number, or momentum not in 0…1.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    >>> S = np.abs(stft(y, n_fft=512, hop_length=128))
    >>> x = griffin_lim(S, n_fft=512, hop_length=128, rng=np.random.default_rng(0), length=8000)
    >>> spectral_convergence(S, x, n_fft=512, hop_length=128) < 0.1
    True

    Source: N. Perraudin, P. Balazs and P. L. Søndergaard, "A fast Griffin-Lim algorithm", WASPAA 2013; D. W. Griffin
    and J. S. Lim, "Signal estimation from modified short-time Fourier transform", IEEE Transactions on Acoustics,
    Speech, and Signal Processing 32(2), 1984.

    Notebook: 01b_time_and_frequency
    """
    require_positive(iterations=iterations)
    _require_rows(magnitude, n_fft)
    require_number(momentum=momentum)
    if not 0 <= momentum <= 1:
        raise AudioCourseError(f"momentum is {momentum}, but it must lie between 0 (none) and 1: 0.99 is usual.")
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise AudioCourseError(
            f"rng is a {type(rng).__name__}: pass np.random.default_rng(seed), or None for phases of 0."
        )
    samples = _length(magnitude.shape[1], n_fft, hop_length, length)
    phases = np.zeros(magnitude.shape) if rng is None else 2 * np.pi * rng.random(magnitude.shape)
    rotation: ComplexArray = np.exp(1j * phases.astype(magnitude.dtype))
    estimate: ComplexArray = magnitude * rotation  # c₀ : (bins, frames)
    previous = np.zeros_like(estimate)
    for _ in range(iterations):
        y = istft(estimate, n_fft=n_fft, hop_length=hop_length, length=samples)
        consistent = stft(y, n_fft=n_fft, hop_length=hop_length)  # tᵢ
        ahead = consistent + momentum * (consistent - previous)  # u
        estimate = magnitude * ahead / (np.abs(ahead) + np.finfo(magnitude.dtype).tiny)  # cᵢ
        previous = consistent
    return istft(estimate, n_fft=n_fft, hop_length=hop_length, length=samples)


def spectral_convergence(magnitude: FloatArray, y: FloatArray, *, n_fft: int, hop_length: int) -> float:
    """Measure how far the magnitudes of a sound are from those it should have.

    C = ‖ |STFT(y)| − S ‖ / ‖S‖, with S = magnitude and ‖·‖ the root of the sum of squares.

    Parameters
    ----------
    magnitude : np.ndarray [shape=(1 + n_fft // 2, frames)]
        S, the magnitudes asked for.
    y : np.ndarray [shape=(samples,)]
        The sound, as from `griffin_lim`.
    n_fft : int
        N, in samples.
    hop_length : int
        H, in samples.

    Returns
    -------
    float
        C ≥ 0, without unit: 0 is a perfect match, and silence reads 1. 0.1 is −20 dB.

    Raises
    ------
    AudioCourseError
        If `require_magnitudes` refuses magnitude, it does not have 1 + N // 2 rows, y is not mono or has another number
        of frames, or S is silent.

    Examples
    --------
    >>> y = np.random.default_rng(0).uniform(-1, 1, 8000)
    >>> S = np.abs(stft(y, n_fft=512, hop_length=128))
    >>> spectral_convergence(S, -y, n_fft=512, hop_length=128)
    0.0

    Notebook: 01b_time_and_frequency
    """
    _require_rows(magnitude, n_fft)
    _length(magnitude.shape[1], n_fft, hop_length, len(require_mono(y)))
    norm = float(np.linalg.norm(magnitude))
    if norm == 0:
        raise AudioCourseError(
            "The magnitudes are all zero, so there is nothing to compare with: pass some with sound."
        )
    return float(np.linalg.norm(np.abs(stft(y, n_fft=n_fft, hop_length=hop_length)) - magnitude)) / norm


def _require_rows(magnitude: FloatArray, n_fft: int) -> None:
    """Refuse magnitudes that an `stft` with this n_fft does not have."""
    require_positive(n_fft=n_fft)
    rows = len(require_magnitudes(magnitude))
    if rows != 1 + n_fft // 2:
        raise AudioCourseError(
            f"The magnitudes have {rows} rows, but n_fft={n_fft} gives {1 + n_fft // 2}: pass the n_fft of the stft, "
            "and not a mel spectrogram."
        )


def _length(frames: int, n_fft: int, hop_length: int, length: int | None) -> int:
    """Check that a centred `stft` of so many samples has so many frames; without a length choose the shortest."""
    require_positive(hop_length=hop_length, **({} if length is None else {"length": length}))
    shortest = (frames - 1) * hop_length + n_fft % 2  # an odd N is padded by one sample less than N
    samples = shortest if length is None else length
    if not max(shortest, 1) <= samples < shortest + hop_length:
        raise AudioCourseError(
            f"{frames} frames with a hop of {hop_length} belong to {max(shortest, 1)} to {shortest + hop_length - 1} "
            f"samples, but there are {samples}: pass the length of the sound from which the magnitudes were computed."
        )
    return samples
