"""The shape of a spectrum in a dozen numbers: cepstral coefficients, their slopes, their normalisation."""

from math import factorial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number, require_positive
from audiocourse.signal.level import power_to_db
from audiocourse.signal.mel import MelNorm, MelScale, mel_spectrogram


def dct_basis(rows: int, size: int) -> FloatArray:
    """Compute the cosines of the orthonormal discrete cosine transform, type II.

    D[i, b] = √((2 − [i = 0]) / B) · cos(π · i · (b + ½) / B), i = 0, …, rows − 1, b = 0, …, B − 1, with B = size.

    Parameters
    ----------
    rows : int
        How many cosines, at most B.
    size : int
        B, the length of what will be transformed.

    Returns
    -------
    np.ndarray [shape=(rows, size)]
        D, float64. Its rows have length 1 and are at right angles to each other.

    Raises
    ------
    AudioCourseError
        If rows or size is not a positive whole number, or rows > size.

    Examples
    --------
    >>> D = dct_basis(5, 8)
    >>> bool(np.allclose(D @ D.T, np.eye(5)))
    True

    Source: N. Ahmed, T. Natarajan and K. R. Rao, "Discrete cosine transform", IEEE Transactions on Computers, 1974.

    Notebook: 01c_mel_and_timbre
    """
    require_positive(rows=rows, size=size)
    if rows > size:
        raise AudioCourseError(f"{size} values have {size} cosines at most, not {rows}: ask for fewer coefficients.")
    i = np.arange(rows)[:, None]  # (rows, 1)
    b = np.arange(size)
    basis: FloatArray = np.sqrt((2 - (i == 0)) / size) * np.cos(np.pi * i * (b + 0.5) / size)
    return basis


def cepstrum(levels: FloatArray, *, n: int) -> FloatArray:
    """Describe the shape of each spectrum by its first cosines.

    C[i, m] = Σ_b D[i, b] · L[b, m], i = 0, …, n − 1, with D the `dct_basis`. C[0] is the mean level (times √B); the
    next few are the broad shape of the spectrum, the vocal tract; those left out hold its fine comb, the pitch.

    Parameters
    ----------
    levels : np.ndarray [shape=(bands, frames)]
        L in dB, as `power_to_db` of a `mel_spectrogram`.
    n : int
        Number of coefficients, at most the number of bands.

    Returns
    -------
    np.ndarray [shape=(n, frames)]
        C in dB, dtype as levels.

    Raises
    ------
    AudioCourseError
        If levels is not a finite matrix of floats, or n is larger than the number of bands.

    Examples
    --------
    >>> flat = np.full((40, 2), -30.0)
    >>> cepstrum(flat, n=3).round(6)[:, 0] + 0.0  # a flat spectrum is its mean and nothing else
    array([-189.73666,    0.     ,    0.     ])

    Source: S. B. Davis and P. Mermelstein, "Comparison of parametric representations for monosyllabic word
    recognition", IEEE Transactions on Acoustics, Speech, and Signal Processing 28(4), 1980.

    Notebook: 01c_mel_and_timbre
    """
    _require_features(levels)
    return dct_basis(n, len(levels)).astype(levels.dtype) @ levels


def mfcc(
    y: FloatArray,
    *,
    sr: int,
    n_fft: int,
    hop_length: int,
    n_mels: int,
    n_mfcc: int,
    fmin: float = 0.0,
    fmax: float | None = None,
    scale: MelScale = "slaney",
    norm: MelNorm = "slaney",
    top_db: float | None = 80.0,
) -> FloatArray:
    """Compute mel-frequency cepstral coefficients: `cepstrum` of the mel spectrogram in dB.

    L[b, m] = max(10 · log₁₀ S[b, m], −100, max L − top_db), with S the `mel_spectrogram` and max L the highest level
    of the recording; then C = D · L.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    n_fft, hop_length : int
        N and H of the `stft`, in samples.
    n_mels, n_mfcc : int
        Number of bands, and of coefficients kept.
    fmin, fmax : float
        Range of the bands in Hz; fmax is sr / 2 if not given.
    scale : {"slaney", "htk"}
        Formula of the mel scale.
    norm : {"slaney", None}
        Equal areas or equal tops of the triangles.
    top_db : float, optional
        Levels further than this below the loudest are raised to it; None leaves them.

    Returns
    -------
    np.ndarray [shape=(n_mfcc, frames)]
        C in dB, dtype as y.

    Raises
    ------
    AudioCourseError
        If `mel_spectrogram` refuses y or the options, n_mfcc > n_mels, or top_db is not positive.

    Examples
    --------
    >>> y = np.random.default_rng(0).uniform(-1, 1, 16000)
    >>> options = dict(sr=16000, n_fft=512, hop_length=160, n_mels=40, n_mfcc=13)
    >>> louder = mfcc(2 * y, **options) - mfcc(y, **options)
    >>> bool(np.allclose(louder[0], 20 * np.log10(2) * np.sqrt(40))), bool(np.allclose(louder[1:], 0))
    (True, True)

    Notebook: 01c_mel_and_timbre
    """
    power = mel_spectrogram(
        y, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels, fmin=fmin, fmax=fmax, scale=scale, norm=norm
    )
    levels = power_to_db(power)
    if top_db is not None:
        require_number(top_db=top_db)
        if not top_db > 0:
            raise AudioCourseError(
                f"top_db is {top_db}, but it is a range in dB below the loudest: pass a positive one."
            )
        levels = np.maximum(levels, levels.max() - top_db)
    return cepstrum(levels, n=n_mfcc)


def delta(features: FloatArray, *, width: int = 9, order: int = 1) -> FloatArray:
    """Measure how fast features change: the slope of a straight line through the neighbouring frames.

    order 1: Δ[m] = Σⱼ j · C[m + j] / Σⱼ j², j = −h, …, h, with width = 2h + 1: the least-squares slope. order 2: the
    second derivative of the least-squares parabola. At both ends the first and the last whole window serve all
    frames.

    Parameters
    ----------
    features : np.ndarray [shape=(features, frames)]
        C, at least `width` frames.
    width : int
        Frames the line is fitted to, odd, above `order`.
    order : int
        1 for the slope, 2 for the curvature.

    Returns
    -------
    np.ndarray [shape=(features, frames)]
        Change per frame (order 2: per frame squared), dtype as features.

    Raises
    ------
    AudioCourseError
        If there are fewer frames than `width`, `width` is even or not above `order`, or features is not a finite
        matrix.

    Examples
    --------
    >>> ramp = 0.5 * np.arange(20.0)[None]
    >>> bool(np.allclose(delta(ramp), 0.5)), bool(np.allclose(delta(ramp, order=2), 0))
    (True, True)

    Source: S. Furui, "Speaker-independent isolated word recognition using dynamic features of speech spectrum", IEEE
    Transactions on Acoustics, Speech, and Signal Processing 34(1), 1986.

    Notebook: 01c_mel_and_timbre
    """
    _require_features(features)
    require_positive(width=width, order=order)
    if width % 2 == 0 or width <= order:
        raise AudioCourseError(f"width is {width}, but a window with a middle is odd and above order {order}: pass 9.")
    if features.shape[1] < width:
        raise AudioCourseError(
            f"There are {features.shape[1]} frames, but a line through {width} is asked for: pass a longer recording "
            "or a smaller width."
        )
    j = np.arange(width) - width // 2
    weights = factorial(order) * np.linalg.pinv(np.vander(j, order + 1))[0]  # row 0 of the fit: the highest power of j
    windows = sliding_window_view(features, width, axis=1)  # (features, frames − 2h, width)
    slopes = windows @ weights.astype(features.dtype)  # (features, frames − 2h)
    return np.pad(slopes, ((0, 0), (width // 2, width // 2)), mode="edge")


def cmvn(features: FloatArray, *, variance: bool = True) -> FloatArray:
    """Normalise the mean and the variance of each feature over time: cepstral mean and variance normalisation.

    Ĉ[i, m] = (C[i, m] − μᵢ) / σᵢ, with μᵢ and σᵢ the mean and the standard deviation over all frames m. A microphone
    multiplies the spectrum, and so does a room whose echo is shorter than a frame: they add a constant to the
    logarithm, and subtracting the mean removes it.

    Parameters
    ----------
    features : np.ndarray [shape=(features, frames)]
        C, such as `mfcc`.
    variance : bool
        Divide by σ, too.

    Returns
    -------
    np.ndarray [shape=(features, frames)]
        Ĉ, dtype as features. A feature that never changes is 0 throughout.

    Raises
    ------
    AudioCourseError
        If features is not a finite matrix of floats.

    Examples
    --------
    >>> cmvn(np.array([[1.0, 3.0], [5.0, 5.0]]))
    array([[-1.,  1.],
           [ 0.,  0.]])

    Source: O. Viikki and K. Laurila, "Cepstral domain segmental feature vector normalization for noise robust speech
    recognition", Speech Communication 25, 1998.

    Notebook: 01c_mel_and_timbre
    """
    centred = _require_features(features) - features.mean(axis=1, keepdims=True)
    spread = features.std(axis=1, keepdims=True) if variance else np.ones((len(features), 1), dtype=features.dtype)
    still = spread <= 1e-6 * np.maximum(np.abs(features).max(axis=1, keepdims=True), 1e-6)  # rounding, no change
    return np.where(still & variance, 0, centred) / np.where(still, 1, spread)


def _require_features(features: FloatArray) -> FloatArray:
    if not isinstance(features, np.ndarray) or features.dtype not in (np.float32, np.float64) or features.ndim != 2:
        raise AudioCourseError(
            "Features are a float matrix (features, frames): pass what mel_spectrogram or mfcc returns."
        )
    if features.size == 0 or not np.isfinite(features).all():
        raise AudioCourseError(
            f"The features (shape {features.shape}) are empty or hold NaN or infinity: find the step that produced "
            "them."
        )
    return features
