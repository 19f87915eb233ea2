"""YIN: the period of a frame is the first lag at which its normalised difference has a deep dip."""

from collections.abc import Iterator

import numpy as np
import scipy.fft

from audiocourse.arrays import BoolArray, FloatArray, IntArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_frames, require_mono, require_number, require_positive
from audiocourse.signal.frames import frame

_BLOCK = 64  # frames processed at a time: their differences stay in the processor's cache


def difference_function(frames: FloatArray, *, max_lag: int) -> FloatArray:
    """Measure how much each frame differs from itself a little later.

    d[τ, m] = Σⱼ (x[j] − x[j + τ])², j = 0, …, N − 1, with x frame m and zeros after its end (eq. 6, τ = 0, …, max_lag).

    The frame as a whole is the window: its last τ samples meet zeros and count with their energy. That is the window of
    librosa 0.11; in the paper x continues with the signal, so that d at the period of a steady tone is 0. Here it grows
    with the lag, to about τ / 2N of what an unrelated signal would have, which disfavours long periods a little.

    Written out, the squares are energies and an autocorrelation, which the FFT finds for all lags at once:
    d[τ] = Σⱼ x[j]² + Σⱼ₌τ x[j]² − 2 · Σⱼ x[j] · x[j + τ].

    Parameters
    ----------
    frames : np.ndarray [shape=(frame_length, frames)]
        Frames of a signal in [-1, 1].
    max_lag : int
        The longest lag in samples, shorter than a frame.

    Returns
    -------
    np.ndarray [shape=(1 + max_lag, frames)]
        d, dtype as frames. Row τ is the lag of τ samples; row 0 is 0.

    Raises
    ------
    AudioCourseError
        If `require_frames` refuses the frames, or max_lag is not between 1 and frame_length − 1.

    Examples
    --------
    >>> x = np.array([[1.0], [0.0], [-1.0], [0.0], [1.0]])
    >>> difference_function(x, max_lag=4)[:, 0].round(6) + 0.0
    array([0., 5., 9., 4., 2.])

    Source: A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator for speech and music", Journal of
    the Acoustical Society of America 111(4), 2002.

    Notebook: 01d_pitch_and_rhythm
    """
    length = len(require_frames(frames))
    require_positive(max_lag=max_lag)
    if max_lag >= length:
        raise AudioCourseError(f"A frame of {length} samples has no lag of {max_lag}: choose longer frames.")
    x = np.ascontiguousarray(frames.T)  # (frames, frame_length)
    n_fft = scipy.fft.next_fast_len(length + max_lag, real=True)  # long enough that the end does not meet the start
    spectrum = scipy.fft.rfft(x, n=n_fft)  # (frames, bins)
    autocorrelation = scipy.fft.irfft(np.abs(spectrum) ** 2, n=n_fft)[:, 1 : max_lag + 1]  # (frames, max_lag)
    head = np.cumsum(np.square(x[:, :max_lag]), axis=1, dtype=np.float64)  # energy of the first τ samples
    energy = np.einsum("mn,mn->m", x, x, dtype=np.float64)[:, None]
    difference = np.zeros((len(x), 1 + max_lag), dtype=frames.dtype)
    difference[:, 1:] = np.maximum(2 * energy - head - 2 * autocorrelation, 0)  # below 0 only by rounding
    return difference.T  # (1 + max_lag, frames)


def cumulative_mean_normalised_difference(difference: FloatArray) -> FloatArray:
    """Compare each lag with the shorter ones: 1 is no better than their average, 0 a perfect repetition.

    d′[τ] = d[τ] / ( (1 / τ) · Σₖ d[k] ), k = 1, …, τ, and d′[0] = 1 (eq. 8). Where nothing differs at all, in digital
    silence, it is 1: nothing repeats there.

    The bare d is smallest at lag 0, where every signal equals itself; d′ starts high and needs no lower bound for that.

    Parameters
    ----------
    difference : np.ndarray [shape=(lags, frames)]
        d, as `difference_function` gives it.

    Returns
    -------
    np.ndarray [shape=(lags, frames)]
        d′ ≥ 0, dtype as difference.

    Raises
    ------
    AudioCourseError
        If difference is not a finite matrix of floats, or holds negative values.

    Examples
    --------
    >>> cumulative_mean_normalised_difference(np.array([[0.0], [2.0], [4.0], [0.0]]))[:, 0]
    array([1.        , 1.        , 1.33333333, 0.        ])

    Source: A. de Cheveigné and H. Kawahara, "YIN", Journal of the Acoustical Society of America 111(4), 2002.

    Notebook: 01d_pitch_and_rhythm
    """
    by_frame = _require_lags(difference).T  # (frames, lags)
    total = np.cumsum(by_frame[:, 1:], axis=1)
    normalised = np.ones_like(by_frame)
    lags = np.arange(1, 1 + total.shape[1], dtype=difference.dtype)
    np.divide(by_frame[:, 1:] * lags, total, out=normalised[:, 1:], where=total > 0)
    return normalised.T  # (lags, frames)


def first_dip(d_prime: FloatArray, *, min_lag: int, threshold: float = 0.1) -> IntArray:
    """Find the period of each frame: the first dip that is deep enough.

    τ[m] = the smallest lag with min_lag ≤ τ < lags − 1 where d′[τ − 1] > d′[τ] ≤ d′[τ + 1] and d′[τ] < threshold. If a
    frame has no such dip, its τ is that of the smallest d′ between the same limits (the first one, if several are).

    Why not always the smallest? A tone repeats after 2T, 3T, … too, and with a little noise any of them may be deepest:
    an octave or more too low.

    Parameters
    ----------
    d_prime : np.ndarray [shape=(lags, frames)]
        d′, as `cumulative_mean_normalised_difference` gives it: row τ is lag τ. The last row is only a
        neighbour.
    min_lag : int
        The shortest lag to consider, in samples.
    threshold : float
        How deep is deep enough, above 0 and at most 1.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        τ in whole samples.

    Raises
    ------
    AudioCourseError
        If d_prime is not a finite matrix of floats, min_lag leaves no row, or threshold is out of range.

    Examples
    --------
    >>> d_prime = np.array([[1, 0.9, 0.08, 0.5, 0.02, 0.6], [1, 0.9, 0.8, 0.5, 0.2, 0.6]]).T
    >>> first_dip(d_prime, min_lag=1)
    array([2, 4])

    Source: A. de Cheveigné and H. Kawahara, "YIN", Journal of the Acoustical Society of America 111(4), 2002, step 4.

    Notebook: 01d_pitch_and_rhythm
    """
    _require_search(d_prime, min_lag)
    _require_threshold(threshold)
    candidates = d_prime[min_lag:-1]
    deep = _dips(d_prime, min_lag) & (candidates < threshold)
    lag: IntArray = min_lag + np.where(deep.any(axis=0), np.argmax(deep, axis=0), np.argmin(candidates, axis=0))
    return lag


def parabolic_offset(before: FloatArray, middle: FloatArray, after: FloatArray) -> FloatArray:
    """Locate the lowest point of a parabola through three neighbours, relative to the one in the middle.

    δ = (a − c) / (2 · (a − 2b + c)) for the values a, b, c at −1, 0, 1; and 0 where that is not between −1 and 1,
    because there b is not a dip.

    Parameters
    ----------
    before, middle, after : np.ndarray [shape=(...)]
        a, b and c, of one shape.

    Returns
    -------
    np.ndarray [shape=(...)]
        δ in steps of the three points, float64.

    Raises
    ------
    AudioCourseError
        If the shapes differ.

    Examples
    --------
    >>> curve = (np.arange(3) - 1.2) ** 2
    >>> round(float(parabolic_offset(*curve)), 6)
    0.2

    Notebook: 01d_pitch_and_rhythm
    """
    a, b, c = (np.asarray(values, dtype=np.float64) for values in (before, middle, after))
    if not a.shape == b.shape == c.shape:
        raise AudioCourseError(f"The neighbours have shapes {a.shape}, {b.shape}, {c.shape}: pass three of one shape.")
    rise = (c - a) / 2
    bend = a - 2 * b + c
    offset: FloatArray = np.zeros_like(rise)
    np.divide(-rise, bend, out=offset, where=np.abs(rise) < np.abs(bend))
    return offset


def yin(
    y: FloatArray,
    *,
    sr: int,
    fmin: float,
    fmax: float,
    frame_length: int,
    hop_length: int,
    threshold: float = 0.1,
    center: bool = True,
) -> FloatArray:
    """Estimate the fundamental frequency of each frame from its first deep dip.

    f0[m] = sr / (τ + δ): the `first_dip` τ of d′ between ⌊sr / fmax⌋ and ⌈sr / fmin⌉, with its `parabolic_offset` δ.

    YIN always returns a frequency, even for hiss. Use `pyin` to know where there is a pitch.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1], at least one frame long.
    sr : int
        Sampling rate in Hz.
    fmin, fmax : float
        The lowest and highest f0 to expect, in Hz, 0 < fmin < fmax ≤ sr / 2.
    frame_length : int
        N, in samples, at least two periods of fmin.
    hop_length : int
        H, in samples.
    threshold : float
        How deep a dip of d′ has to be, above 0 and at most 1.
    center : bool
        Put the middle of frame m at sample mH. The edges are filled with zeros; otherwise frame m starts at mH.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        f0 in Hz, float64; NaN where the frame is digital silence. frames = 1 + samples // H if centred and N is even,
        1 + (samples − N) // H if not.

    Raises
    ------
    AudioCourseError
        If y is not mono or shorter than a frame, the frequencies or lengths do not fit, or threshold is out of range.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 220 * np.arange(8000) / 8000)
    >>> f0 = yin(y, sr=8000, fmin=80, fmax=800, frame_length=1024, hop_length=256)
    >>> f0.shape, round(float(np.median(f0)))
    ((32,), 220)

    Source: A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator for speech and music", Journal of
    the Acoustical Society of America 111(4), 2002.

    Notebook: 01d_pitch_and_rhythm
    """
    _require_threshold(threshold)
    min_lag, max_lag = _lag_range(sr=sr, fmin=fmin, fmax=fmax, frame_length=frame_length)
    blocks = _frame_blocks(y, frame_length=frame_length, hop_length=hop_length, center=center)
    f0 = []
    for frames in blocks:  # (frame_length, up to 64 frames)
        d_prime = cumulative_mean_normalised_difference(difference_function(frames, max_lag=max_lag + 1))
        lags = first_dip(d_prime, min_lag=min_lag, threshold=threshold)
        hz = _refined_hz(d_prime, lags, np.arange(lags.size), sr)
        f0.append(np.where(np.any(frames, axis=0), hz, np.nan))  # NaN in digital silence
    return np.concatenate(f0)


def _dips(d_prime: FloatArray, min_lag: int) -> BoolArray:
    """Mark the local minima from min_lag to the last row but one; of equal neighbours the first counts."""
    middle = d_prime[min_lag:-1]
    dips: BoolArray = (middle < d_prime[min_lag - 1 : -2]) & (middle <= d_prime[min_lag + 1 :])
    return dips


def _refined_hz(d_prime: FloatArray, lags: IntArray, columns: IntArray, sr: int) -> FloatArray:
    """Turn whole lags into frequencies, with the parabola through each dip and its neighbours between them."""
    before, middle, after = (d_prime[lags + step, columns] for step in (-1, 0, 1))  # (dips,) each
    return sr / (lags + parabolic_offset(before, middle, after))


def _frame_blocks(y: FloatArray, *, frame_length: int, hop_length: int, center: bool) -> Iterator[FloatArray]:
    """Yield the frames of a signal, some columns at a time."""
    require_positive(frame_length=frame_length, hop_length=hop_length)
    require_mono(y, at_least=frame_length)
    padded = np.pad(y, frame_length // 2 if center else 0)
    frames = frame(padded, frame_length=frame_length, hop_length=hop_length)
    for start in range(0, frames.shape[1], _BLOCK):
        yield frames[:, start : start + _BLOCK]


def _lag_range(*, sr: int, fmin: float, fmax: float, frame_length: int) -> tuple[int, int]:
    """Turn the range of frequencies into lags in samples, and refuse a range that does not fit."""
    require_positive(sr=sr, frame_length=frame_length)
    require_number(fmin=fmin, fmax=fmax)
    if not 0 < fmin < fmax <= sr / 2:
        raise AudioCourseError(
            f"fmin is {fmin!r} Hz and fmax {fmax!r} Hz, but pitch is looked for between 0 and sr / 2 = {sr / 2:g} Hz: "
            "choose 0 < fmin < fmax ≤ sr / 2."
        )
    min_lag = int(sr / fmax)
    max_lag = int(np.ceil(sr / fmin))
    if frame_length < 2 * max_lag:
        raise AudioCourseError(
            f"A frame of {frame_length} samples does not hold two periods of {fmin:g} Hz at {sr} Hz: choose a "
            f"frame_length of at least {2 * max_lag}, or a higher fmin."
        )
    return min_lag, max_lag


def _require_lags(matrix: FloatArray) -> FloatArray:
    """Refuse anything that is not a matrix of differences."""
    if not isinstance(matrix, np.ndarray) or matrix.ndim != 2 or matrix.dtype not in (np.float32, np.float64):
        raise AudioCourseError(
            "Differences are a float matrix (lags, frames), row τ for lag τ: pass what difference_function or "
            "cumulative_mean_normalised_difference returns."
        )
    if matrix.size == 0 or not np.all(matrix >= 0) or not np.all(np.isfinite(matrix)):
        raise AudioCourseError(
            "The matrix of differences is empty or holds negative, NaN or infinite values, but differences are sums of "
            "squares: find the step that produced them."
        )
    return matrix


def _require_search(d_prime: FloatArray, min_lag: int) -> None:
    """Refuse an empty range of lags."""
    require_positive(min_lag=min_lag)
    rows = len(_require_lags(d_prime))
    if min_lag > rows - 2:
        raise AudioCourseError(
            f"min_lag is {min_lag}, but {rows} rows hold the lags 0 to {rows - 1}, and the last is only a neighbour: "
            f"choose at most {rows - 2}, or compute more lags."
        )


def _require_threshold(threshold: float) -> None:
    """Refuse a threshold above every dip, or below all of them."""
    require_number(threshold=threshold)
    if not 0 < threshold <= 1:
        raise AudioCourseError(f"threshold is {threshold!r}, but it must be above 0 and at most 1: 0.1 is usual.")
