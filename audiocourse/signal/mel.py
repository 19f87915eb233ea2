"""The mel scale of perceived pitch in its two formulas, the filterbank, the mel spectrogram."""

from typing import Literal, TypeAlias

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number, require_positive
from audiocourse.signal.spectrum import fft_frequencies, power_spectrogram

MelScale: TypeAlias = Literal["slaney", "htk"]
MelNorm: TypeAlias = Literal["slaney"] | None

_STEP = 200 / 3  # Slaney: Hz per mel up to 1000 Hz, which is 15 mel
_LOG_STEP = np.log(6.4) / 27  # Slaney: from there on 27 mel multiply the frequency by 6.4


def hz_to_mel(hz: FloatArray, *, scale: MelScale = "slaney") -> FloatArray:
    """Convert frequencies to the mel scale.

    htk: m = 2595 · log₁₀(1 + f / 700); slaney: m = 3f / 200 below 1000 Hz, m = 15 + 27 · ln(f / 1000) / ln 6.4 above
    it. Both are approximations of listening experiments; they differ in unit and in shape.

    Parameters
    ----------
    hz : float or np.ndarray [shape=(...)]
        f ≥ 0 in Hz.
    scale : {"slaney", "htk"}
        Which formula.

    Returns
    -------
    np.ndarray [shape=(...)]
        m in mel of that formula, float64.

    Raises
    ------
    AudioCourseError
        If a frequency is negative, NaN or infinite, or the formula unknown.

    Examples
    --------
    >>> hz_to_mel(np.array([0.0, 1000.0, 6400.0])).round(3)
    array([ 0., 15., 42.])
    >>> float(hz_to_mel(1000.0, scale="htk").round(1))
    1000.0

    Source: S. S. Stevens, J. Volkmann and E. B. Newman, "A scale for the measurement of the psychological magnitude
    pitch", JASA 8, 1937; D. O'Shaughnessy, "Speech Communication", 1987; M. Slaney, "Auditory Toolbox", 1998; S.
    Young et al., "The HTK Book".

    Notebook: 01c_mel_and_timbre
    """
    f = _require_scale(hz, scale, "Frequencies", "Hz")
    if scale == "htk":
        return 2595 * np.log10(1 + f / 700)
    return np.where(f < 1000, f / _STEP, 15 + np.log(np.maximum(f, 1000) / 1000) / _LOG_STEP)


def mel_to_hz(mel: FloatArray, *, scale: MelScale = "slaney") -> FloatArray:
    """Return the frequencies of points on the mel scale.

    "htk": f = 700 · (10^(m / 2595) − 1). "slaney": f = 200m / 3 up to 15 mel, f = 1000 · 6.4^((m − 15) / 27) above.

    Parameters
    ----------
    mel : float or np.ndarray [shape=(...)]
        m ≥ 0 in mel of that formula.
    scale : {"slaney", "htk"}
        Which formula.

    Returns
    -------
    np.ndarray [shape=(...)]
        f in Hz, float64.

    Raises
    ------
    AudioCourseError
        If a point is negative, NaN or infinite, or the formula unknown.

    Examples
    --------
    >>> hz = np.array([0.0, 440.0, 1000.0, 8000.0])
    >>> bool(np.allclose(mel_to_hz(hz_to_mel(hz)), hz))
    True

    Notebook: 01c_mel_and_timbre
    """
    m = _require_scale(mel, scale, "Points on the mel scale", "mel")
    if scale == "htk":
        return 700 * (10 ** (m / 2595) - 1)
    return np.where(m < 15, m * _STEP, 1000 * np.exp(_LOG_STEP * (np.maximum(m, 15) - 15)))


def mel_frequencies(n: int, *, fmin: float, fmax: float, scale: MelScale = "slaney") -> FloatArray:
    """Space frequencies evenly on the mel scale.

    f[i] = hz( mel(fmin) + i · (mel(fmax) − mel(fmin)) / (n − 1) ), i = 0, …, n − 1.

    Parameters
    ----------
    n : int
        How many, at least 2.
    fmin, fmax : float
        First and last in Hz, 0 ≤ fmin < fmax.
    scale : {"slaney", "htk"}
        Which formula.

    Returns
    -------
    np.ndarray [shape=(n,)]
        f in Hz, float64, rising.

    Raises
    ------
    AudioCourseError
        If fmin is not below fmax, either is negative, or n is below 2.

    Examples
    --------
    >>> mel_frequencies(4, fmin=0, fmax=1000).round(1)
    array([   0. ,  333.3,  666.7, 1000. ])

    Notebook: 01c_mel_and_timbre
    """
    require_positive(n=n)
    require_number(fmin=fmin, fmax=fmax)
    if n < 2:
        raise AudioCourseError("n is 1, but a range has two ends: ask for at least 2 frequencies.")
    low, high = hz_to_mel(np.array([fmin, fmax], dtype=float), scale=scale)
    if not low < high:
        raise AudioCourseError(f"fmin ({fmin} Hz) must lie below fmax ({fmax} Hz): raise fmax or lower fmin.")
    return mel_to_hz(np.linspace(low, high, n), scale=scale)


def mel_triangles(frequencies: FloatArray, edges: FloatArray) -> FloatArray:
    """Build overlapping triangles over neighbouring edges.

    F[b, k] = max(0, min( (f[k] − l) / (c − l), (r − f[k]) / (r − c) )), with l, c, r = edges b, b + 1, b + 2:
    triangle b rises from 0 at l to 1 at c and falls to 0 at r, where the next but one begins.

    Parameters
    ----------
    frequencies : np.ndarray [shape=(frequencies,)]
        f in Hz.
    edges : np.ndarray [shape=(bands + 2,)]
        Ends and tops in Hz, rising.

    Returns
    -------
    np.ndarray [shape=(bands, frequencies)]
        F between 0 and 1, float64.

    Raises
    ------
    AudioCourseError
        If there are fewer than three edges, or they do not rise, or the frequencies are not a finite array.

    Examples
    --------
    >>> mel_triangles(np.array([0.0, 50.0, 100.0, 150.0, 250.0]), np.array([0.0, 100.0, 200.0, 300.0]))
    array([[0. , 0.5, 1. , 0.5, 0. ],
           [0. , 0. , 0. , 0.5, 0.5]])

    Notebook: 01c_mel_and_timbre
    """
    if not isinstance(edges, np.ndarray) or edges.ndim != 1 or len(edges) < 3 or not np.all(np.diff(edges) > 0):
        raise AudioCourseError("Triangles need at least three edges in rising order, in Hz: pass mel_frequencies(…).")
    if not isinstance(frequencies, np.ndarray) or frequencies.ndim != 1 or not np.isfinite(frequencies).all():
        raise AudioCourseError("The frequencies are a finite array (frequencies,), in Hz: pass fft_frequencies(…).")
    left = edges[:-2, None]  # (triangles, 1), as the next two
    centre = edges[1:-1, None]
    right = edges[2:, None]
    rising = (frequencies - left) / (centre - left)  # (triangles, frequencies)
    falling = (right - frequencies) / (right - centre)
    return np.maximum(0, np.minimum(rising, falling))


def mel_filterbank(
    *,
    sr: int,
    n_fft: int,
    n_mels: int,
    fmin: float = 0.0,
    fmax: float | None = None,
    scale: MelScale = "slaney",
    norm: MelNorm = "slaney",
) -> FloatArray:
    """Build triangles that sum the frequencies of a spectrum into mel bands.

    F are the `mel_triangles` of the frequencies f[k] = k · sr / N over n_mels + 2 `mel_frequencies`. norm="slaney"
    multiplies each by 2 / (r − l), so that wide bands do not appear louder; norm=None leaves the tops at 1.

    Parameters
    ----------
    sr : int
        Sampling rate in Hz.
    n_fft : int
        N, in samples.
    n_mels : int
        Number of bands.
    fmin, fmax : float
        Lower end of the first and upper end of the last triangle in Hz; fmax is sr / 2 if not given.
    scale : {"slaney", "htk"}
        Formula of the mel scale.
    norm : {"slaney", None}
        Equal areas or equal tops.

    Returns
    -------
    np.ndarray [shape=(n_mels, 1 + n_fft // 2)]
        F, float64: without unit for norm=None, in 1/Hz for norm="slaney".

    Raises
    ------
    AudioCourseError
        If fmin ≥ fmax, fmax > sr / 2, or a triangle falls between two frequencies of the spectrum and stays empty.

    Examples
    --------
    >>> tops = mel_filterbank(sr=16000, n_fft=4096, n_mels=20, norm=None)
    >>> bool(np.allclose(tops.sum(axis=0)[200:1500], 1))  # neighbouring triangles add up to 1
    True

    Source: S. B. Davis and P. Mermelstein, "Comparison of parametric representations for monosyllabic word
    recognition", IEEE Transactions on Acoustics, Speech, and Signal Processing 28(4), 1980.

    Notebook: 01c_mel_and_timbre
    """
    require_positive(sr=sr, n_fft=n_fft, n_mels=n_mels)
    top = sr / 2 if fmax is None else fmax
    require_number(fmin=fmin, fmax=top)
    if top > sr / 2:
        raise AudioCourseError(
            f"fmax ({fmax} Hz) lies above {sr / 2} Hz, where the spectrum ends: take at most sr / 2."
        )
    if norm not in ("slaney", None):
        raise AudioCourseError(f"norm is {norm!r}: pass 'slaney' (equal areas) or None (tops at 1).")
    edges = mel_frequencies(n_mels + 2, fmin=fmin, fmax=top, scale=scale)
    triangles = mel_triangles(fft_frequencies(n_fft, sr), edges)
    empty = np.flatnonzero(triangles.max(axis=1) == 0)
    if empty.size:
        raise AudioCourseError(
            f"{empty.size} of {n_mels} mel bands are empty, the first around {edges[empty[0] + 1]:.0f} Hz, because "
            f"the spectrum has one value every {sr / n_fft:.1f} Hz: take fewer bands or a larger n_fft."
        )
    return triangles if norm is None else triangles * (2 / (edges[2:] - edges[:-2]))[:, None]


def mel_spectrogram(
    y: FloatArray,
    *,
    sr: int,
    n_fft: int,
    hop_length: int,
    n_mels: int,
    fmin: float = 0.0,
    fmax: float | None = None,
    scale: MelScale = "slaney",
    norm: MelNorm = "slaney",
    center: bool = True,
) -> FloatArray:
    """Measure the power in each mel band over time.

    S[b, m] = Σₖ F[b, k] · |X[k, m]|², with F the `mel_filterbank` and X the `stft`.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    n_fft, hop_length : int
        N and H of the `stft`, in samples.
    n_mels : int
        Number of bands.
    fmin, fmax : float
        Range of the bands in Hz; fmax is sr / 2 if not given.
    scale : {"slaney", "htk"}
        Formula of the mel scale.
    norm : {"slaney", None}
        Equal areas or equal tops of the triangles.
    center : bool
        As in `stft`.

    Returns
    -------
    np.ndarray [shape=(n_mels, frames)]
        S, power (not dB), dtype as y.

    Raises
    ------
    AudioCourseError
        If `stft` refuses y, or `mel_filterbank` the options.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    >>> S = mel_spectrogram(y, sr=16000, n_fft=1024, hop_length=256, n_mels=40)
    >>> S.shape, int(S[:, 30].argmax())
    ((40, 63), 13)

    Notebook: 01c_mel_and_timbre
    """
    filters = mel_filterbank(sr=sr, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax, scale=scale, norm=norm)
    return power_spectrogram(y, n_fft=n_fft, hop_length=hop_length, center=center, filters=filters)


def _require_scale(values: FloatArray, scale: str, what: str, unit: str) -> FloatArray:
    if scale not in ("slaney", "htk"):
        raise AudioCourseError(f"There is no mel scale {scale!r} here: pass 'slaney' or 'htk'.")
    points = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(points) & (points >= 0)):
        raise AudioCourseError(f"{what} are finite and at least 0 {unit}: check the values that were passed.")
    return points
