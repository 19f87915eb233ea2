"""How high: the fundamental frequency of each frame, by YIN and by its probabilistic successor.

A sound has a pitch when it repeats. The lag after which it repeats best is its period, and 1 / period its fundamental
frequency f0. Two lags look alike, though: what repeats after T repeats after 2T as well. YIN takes the *first* lag that
is good enough; pYIN keeps every candidate with a probability and lets the neighbouring frames decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import betainc

from audiocourse.errors import AudioCourseError
from audiocourse.signal.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    is_number,
    require_frames,
    require_mono,
    require_number,
    require_positive,
)
from audiocourse.signal.frames import frame, frame_times
from audiocourse.signal.level import Number

BINS_PER_SEMITONE = 10  # pYIN's grid of pitches: 10 cents
FASTEST_GLIDE = 35.92  # octaves per second, between a voice that slides and one that leaps
SWITCH_PROBABILITY = 0.01  # of a change between voiced and unvoiced from one frame to the next
NO_DIP_PROBABILITY = 0.01  # what the deepest dip gets of the thresholds that no dip goes under
THRESHOLDS = np.arange(1, 101) / 100
THRESHOLD_PRIOR = np.diff(betainc(2, 18, np.arange(101) / 100))  # Beta(2, 18): mean 0.1, YIN's own threshold
EARLIER_DIP = 2.0  # Boltzmann's parameter: each dip is e² times as likely as the next one

_BLOCK = 64  # frames handled at a time: their differences stay in the processor's cache
_IMPOSSIBLE = float(np.log(np.finfo(np.float64).tiny))  # what has probability 0 may yet happen, if all else is worse


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """The pitch of a signal over time.

    f0[m] at times[m]

    Parameters
    ----------
    f0 : np.ndarray [shape=(frames,)]
        Fundamental frequency in Hz, float64; NaN where the frame is unvoiced, for 0 Hz would be a number to average.
    voiced : np.ndarray [shape=(frames,)]
        Whether the frame has a pitch, bool.
    probability : np.ndarray [shape=(frames,)]
        How much of the prior over thresholds found a dip in the frame, 0 to 1, float64. It looks at one frame alone:
        `voiced` also knows the neighbours.
    times : np.ndarray [shape=(frames,)]
        The middle of each frame in seconds.

    Notebook: 01d_pitch_and_rhythm
    """

    f0: FloatArray
    voiced: BoolArray
    probability: FloatArray
    times: FloatArray


def hz_to_cents(hz: Number, *, ref: float) -> Number:
    """Measure how far a frequency lies above a reference, in hundredths of a semitone.

    c = 1200 · log₂(f / f_ref)

    Parameters
    ----------
    hz : float or np.ndarray [shape=(...)]
        f > 0, in Hz.
    ref : float
        f_ref > 0, in Hz.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        c in cents, float64; negative below the reference. An octave has 1200, a semitone 100.

    Raises
    ------
    AudioCourseError
        If a frequency is 0, negative, NaN or infinite.

    Examples
    --------
    >>> hz_to_cents(np.array([880.0, 440.0, 220.0]), ref=440)
    array([ 1200.,     0., -1200.])

    Notebook: 01d_pitch_and_rhythm
    """
    _require_pitches(hz, ref)
    cents: Number = 1200 * np.log2(hz / ref)
    return cents


def cents_apart(a: Number, b: Number | float) -> Number:
    """Measure how far two frequencies are apart, in hundredths of a semitone.

    c = |1200 · log₂(a / b)|

    Parameters
    ----------
    a, b : float or np.ndarray [shape=(...)]
        Frequencies above 0 in Hz, of the same shape or one of them a single number.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        c in cents, float64, never negative.

    Raises
    ------
    AudioCourseError
        If a frequency is 0, negative, NaN or infinite, or the shapes do not fit.

    Examples
    --------
    >>> cents_apart(np.array([220.0, 440.0]), 440)
    array([1200.,    0.])

    Notebook: 01d_pitch_and_rhythm
    """
    _require_pitches(a, b)
    if np.ndim(a) and np.ndim(b) and np.shape(a) != np.shape(b):
        raise AudioCourseError(
            f"The frequencies have shapes {np.shape(a)} and {np.shape(b)}: compare as many of one as of the other."
        )
    cents: Number = np.abs(1200 * np.log2(a / b))
    return cents


def difference_function(frames: FloatArray, *, max_lag: int) -> FloatArray:
    """Ask how much each frame differs from itself a little later.

    d[τ, m] = Σⱼ (x[j] − x[j + τ])², j = 0, …, N − 1, with x frame m and zeros after its end (eq. 6, τ = 0, …, max_lag).

    The frame as a whole is the window: its last τ samples meet zeros and count with their energy. That is the window of
    librosa 0.11; the paper lets x go on with the signal, so that d at the period of a steady tone is 0. Here it grows
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
    x = np.ascontiguousarray(frames.T)
    n_fft = scipy.fft.next_fast_len(length + max_lag, real=True)  # long enough that the end does not meet the start
    spectrum = scipy.fft.rfft(x, n=n_fft)
    autocorrelation = scipy.fft.irfft(np.abs(spectrum) ** 2, n=n_fft)[:, 1 : max_lag + 1]
    head = np.cumsum(np.square(x[:, :max_lag]), axis=1, dtype=np.float64)  # energy of the first τ samples
    energy = np.einsum("mn,mn->m", x, x, dtype=np.float64)[:, None]
    difference = np.zeros((len(x), 1 + max_lag), dtype=frames.dtype)
    difference[:, 1:] = np.maximum(2 * energy - head - 2 * autocorrelation, 0)  # below 0 only by rounding
    return difference.T


def cumulative_mean_normalised_difference(difference: FloatArray) -> FloatArray:
    """Compare each lag with the shorter ones: 1 means no better than they are on average, 0 a perfect repetition.

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
        If difference is no finite matrix of floats, or holds negative values.

    Examples
    --------
    >>> cumulative_mean_normalised_difference(np.array([[0.0], [2.0], [4.0], [0.0]]))[:, 0]
    array([1.        , 1.        , 1.33333333, 0.        ])

    Source: A. de Cheveigné and H. Kawahara, "YIN", Journal of the Acoustical Society of America 111(4), 2002.

    Notebook: 01d_pitch_and_rhythm
    """
    by_frame = _require_lags(difference).T
    total = np.cumsum(by_frame[:, 1:], axis=1)
    normalised = np.ones_like(by_frame)
    lags = np.arange(1, 1 + total.shape[1], dtype=difference.dtype)
    np.divide(by_frame[:, 1:] * lags, total, out=normalised[:, 1:], where=total > 0)
    return normalised.T


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
        If d_prime is no finite matrix of floats, min_lag leaves no row, or threshold is out of range.

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
    """Say how far the lowest point of a parabola through three neighbours lies from the one in the middle.

    δ = (a − c) / (2 · (a − 2b + c)) for the values a, b, c at −1, 0, 1; and 0 where that is not between −1 and 1, for
    there b is no dip.

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
    rise, bend = (c - a) / 2, a - 2 * b + c
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

    YIN answers always: hiss gets a frequency, too. Use `pyin` to know where there is a pitch.

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
    for frames in blocks:
        d_prime = cumulative_mean_normalised_difference(difference_function(frames, max_lag=max_lag + 1))
        lags = first_dip(d_prime, min_lag=min_lag, threshold=threshold)
        hz = _refined_hz(d_prime, lags, np.arange(lags.size), sr)
        f0.append(np.where(np.any(frames, axis=0), hz, np.nan))
    return np.concatenate(f0)


def pyin(
    y: FloatArray, *, sr: int, fmin: float, fmax: float, frame_length: int, hop_length: int, center: bool = True
) -> PitchTrack:
    """Estimate where a signal is voiced, and its fundamental frequency there, from all frames together.

    1. Every dip of d′ is a candidate. Its probability is that of YIN choosing it, if the threshold were drawn from the
       distribution Beta(2, 18) and earlier dips were preferred (`dip_probabilities`).
    2. A hidden Markov model has two states for each pitch in steps of 10 cents, voiced and unvoiced. The pitch moves a
       little from frame to frame (a triangle of probabilities), and voicing seldom changes (1 %). A voiced state emits
       the probability of its candidates, and the unvoiced ones share what is left.
    3. The most likely path (`viterbi_banded`) is the answer; f0 is that of the candidate on it.

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
    center : bool
        Put the middle of frame m at sample mH. The edges are filled with zeros; otherwise frame m starts at mH.

    Returns
    -------
    PitchTrack
        f0 in Hz (NaN where unvoiced), voiced, probability and the times of the frames. Frames as in `yin`.

    Raises
    ------
    AudioCourseError
        If y is not mono or shorter than a frame, or the frequencies or lengths do not fit.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 220 * np.arange(8000) / 8000)
    >>> y[4000:] = 0
    >>> track = pyin(y, sr=8000, fmin=80, fmax=800, frame_length=1024, hop_length=256)
    >>> bool(track.voiced[5]), round(float(track.f0[5])), bool(track.voiced[-5]), float(track.f0[-5])
    (True, 220, False, nan)

    Source: M. Mauch and S. Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold
    distributions", ICASSP 2014; the preference for earlier dips, the triangle and the figures are librosa's.

    Notebook: 01d_pitch_and_rhythm
    """
    min_lag, max_lag = _lag_range(sr=sr, fmin=fmin, fmax=fmax, frame_length=frame_length)
    found, frames = [], 0
    for block in _frame_blocks(y, frame_length=frame_length, hop_length=hop_length, center=center):
        d_prime = cumulative_mean_normalised_difference(difference_function(block, max_lag=max_lag + 1))
        lags, columns, probability = _candidates(d_prime, min_lag)
        found.append((frames + columns, _refined_hz(d_prime, lags, columns, sr), probability))
        frames += block.shape[1]
    at, hz, probability = (np.concatenate(parts) for parts in zip(*found, strict=True))

    pitches = 1 + int(12 * BINS_PER_SEMITONE * np.log2(fmax / fmin))
    pitch = np.maximum(np.rint(12 * BINS_PER_SEMITONE * np.log2(hz / fmin)).astype(np.intp), 0)
    heard = pitch < pitches  # a parabola may lead beyond fmax
    at, hz, pitch = at[heard], hz[heard], pitch[heard]
    emission = np.zeros((frames, pitches))
    np.add.at(emission, (at, pitch), probability[heard])
    layer, position = np.divmod(_decode(emission, seconds=hop_length / sr), pitches)

    f0 = fmin * 2.0 ** (position / (12 * BINS_PER_SEMITONE))
    on_path = pitch == position[at]
    f0[at[on_path]] = hz[on_path]
    f0[layer == 1] = np.nan
    times = frame_times(frames, frame_length=frame_length, hop_length=hop_length, sr=sr)
    times -= frame_length / 2 / sr if center else 0
    return PitchTrack(f0, voiced=layer == 0, probability=np.minimum(emission.sum(axis=1), 1), times=times)


def dip_probabilities(heights: FloatArray, first: IntArray) -> FloatArray:
    """Say how likely YIN is to choose each dip when its threshold is not known, but only a distribution of it.

    P(i) = Σₛ P(s) · [hᵢ < s] · B(rᵢ(s); n(s)) + 0.01 · [hᵢ is the deepest] · Σₛ P(s) · [hᵢ ≥ s], s = 0.01, …, 1.00.
    P(s) is the mass of Beta(2, 18) between s − 0.01 and s; n(s) the number of dips of the frame under s, rᵢ(s) = 0, 1,
    … the place of dip i among them; and B(r; n) = e^(−2r) · (1 − e^(−2)) / (1 − e^(−2n)), Boltzmann's distribution,
    which prefers the earlier ones.

    Parameters
    ----------
    heights : np.ndarray [shape=(dips,)]
        hᵢ, the d′ of every dip, frame after frame, and within a frame by lag.
    first : np.ndarray [shape=(frames_with_dips,)]
        Where the dips of each frame begin in heights, rising, the first one 0.

    Returns
    -------
    np.ndarray [shape=(dips,)]
        P, float64. The dips of a frame add up to at most 1.

    Raises
    ------
    AudioCourseError
        If heights is no row of finite floats, or first does not point into it in rising order.

    Examples
    --------
    >>> dip_probabilities(np.array([0.0, 0.9]), np.array([0])).round(3)
    array([1., 0.])

    Source: M. Mauch and S. Dixon, "pYIN", ICASSP 2014, eq. 4, with librosa's preference for earlier dips.

    Notebook: 01d_pitch_and_rhythm
    """
    count = np.diff(first, append=heights.size)
    if heights.ndim != 1 or not np.all(np.isfinite(heights)) or first.size == 0 or first[0] != 0 or np.any(count < 1):
        raise AudioCourseError(
            "Dips are a row of finite heights, and first says where each frame begins among them, 0 at first and then "
            "rising: leave out frames without a dip."
        )
    under = heights[:, None] < THRESHOLDS
    place = np.cumsum(under, axis=0, dtype=np.int32)
    place -= np.repeat(place[first] - under[first], count, axis=0)  # places begin anew in each frame
    dips = place[first + count - 1]
    boltzmann = np.exp(-EARLIER_DIP * np.arange(-1, 1 + count.max()))  # e^(−2 · (place − 1))
    share = THRESHOLD_PRIOR * (1 - np.exp(-EARLIER_DIP)) / (1 - np.exp(-EARLIER_DIP * np.maximum(dips, 1)))
    probability: FloatArray = np.einsum("is,is,is->i", under, boltzmann[place], np.repeat(share, count, axis=0))

    deepest = heights == np.repeat(np.minimum.reduceat(heights, first), count)
    missed = THRESHOLD_PRIOR @ (dips == 0).T
    probability[deepest] += NO_DIP_PROBABILITY * np.repeat(missed, count)[deepest]
    return probability


def viterbi_banded(
    log_emission: FloatArray, *, log_band: FloatArray, log_switch: FloatArray, log_floor: float = -np.inf
) -> IntArray:
    """Find the most likely path through states that stand in rows, where each step leads to a neighbour.

    A state is a layer l and a position q. V[l, q, m] = log E[l, q, m] + max over l′, q′ of
    (V[l′, q′, m − 1] + log A[q′, q] + log S[l′, l]): the best that ends there. A is 0 for |q − q′| > R, so that a step
    looks at a band of 2R + 1 positions and not at all of them, which is what makes it fast. All states are equally
    likely at first.

    Parameters
    ----------
    log_emission : np.ndarray [shape=(layers, positions, frames)]
        log E, how well each state explains each frame; −∞ for not at all.
    log_band : np.ndarray [shape=(2 * reach + 1, positions)]
        log A by where a step arrives: row R + i, column q is the step from q + i to q. −∞ where there is no q + i.
    log_switch : np.ndarray [shape=(layers, layers)]
        log S, from the layer of the row to that of the column.
    log_floor : float
        Log probability of a step outside the band, to any state; −∞ for never.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        The state in each frame, as l · positions + q: `np.divmod` takes it apart.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, or a value is NaN or +∞.

    Examples
    --------
    >>> with np.errstate(divide="ignore"):
    ...     log_emission = np.log([[[0.9, 0.0, 0.1], [0.1, 0.4, 0.0], [0.0, 0.6, 0.9]]])
    >>> viterbi_banded(log_emission, log_band=np.zeros((3, 3)), log_switch=np.zeros((1, 1)))
    array([0, 1, 2])

    Source: A. Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm", IEEE
    Transactions on Information Theory 13(2), 1967.

    Notebook: 01d_pitch_and_rhythm
    """
    _require_model(log_emission, log_band, log_switch, log_floor)
    layers, positions, frames = log_emission.shape
    reach = len(log_band) // 2
    score = np.moveaxis(log_emission, -1, 0).astype(np.float64, order="C")
    padded = np.full((layers, positions + 2 * reach), -np.inf)  # nothing comes from beyond the ends
    windows = sliding_window_view(padded, positions, axis=1).swapaxes(0, 1)  # row R + i: the scores at q + i
    sums = np.empty(windows.shape)
    for m in range(1, frames):
        padded[:, reach : reach + positions] = score[m - 1]
        np.add(windows, log_band[:, None], out=sums)
        near = sums.max(axis=0)
        best = np.max(near[:, None] + log_switch[:, :, None], axis=0)
        score[m] += np.maximum(best, score[m - 1].max() + log_floor)
    return _trace_back(score, log_band, log_switch, log_floor)


def _trace_back(score: FloatArray, log_band: FloatArray, log_switch: FloatArray, log_floor: float) -> IntArray:
    """Go back from the best last state, asking at each step again where it was reached from.

    Asking again on the path costs less than remembering it for every state on the way.
    """
    positions, reach = score.shape[2], len(log_band) // 2
    path = np.empty(len(score), dtype=np.intp)
    path[-1] = np.argmax(score[-1])
    for m in range(len(score) - 1, 0, -1):
        layer, position = divmod(int(path[m]), positions)
        near = np.arange(max(position - reach, 0), min(position + reach + 1, positions))
        came = score[m - 1][:, near] + log_band[near - position + reach, position] + log_switch[:, layer, None]
        from_layer, step = np.unravel_index(np.argmax(came), came.shape)
        path[m - 1] = from_layer * positions + near[step]
        if score[m - 1].max() + log_floor > came[from_layer, step]:
            path[m - 1] = np.argmax(score[m - 1])
    return path


def _decode(emission: FloatArray, *, seconds: float) -> IntArray:
    """Build pYIN's hidden Markov model around the probabilities of the voiced pitches, and find its best path."""
    frames, pitches = emission.shape
    log_emission = np.full((frames, 2, pitches), _IMPOSSIBLE)
    np.log(emission, out=log_emission[:, 0], where=emission > 0)
    unvoiced = (1 - np.minimum(emission.sum(axis=1), 1)) / pitches
    log_emission[:, 1] = np.log(np.maximum(unvoiced, np.finfo(np.float64).tiny))[:, None]
    stay, switch = np.log(1 - SWITCH_PROBABILITY), np.log(SWITCH_PROBABILITY)
    return viterbi_banded(
        np.moveaxis(log_emission, 0, -1),
        log_band=_glide_band(pitches, seconds=seconds),
        log_switch=np.array([[stay, switch], [switch, stay]]),
        log_floor=_IMPOSSIBLE,
    )


def _glide_band(pitches: int, *, seconds: float) -> FloatArray:
    """Let the pitch move: a triangle around where it was, which at the ends of the scale keeps to what is there.

    The whole triangle, not half of it, is as wide as the fastest glide is long, as in librosa.
    """
    width = max(round(FASTEST_GLIDE * 12 * seconds), 1) * BINS_PER_SEMITONE
    reach = width // 2
    triangle = 1 - np.abs(np.arange(-reach, reach + 1)) / (reach + 1)
    within = np.convolve(np.ones(pitches), triangle)[reach : reach + pitches]  # what of it lies on the scale
    come_from = sliding_window_view(np.pad(within, reach, constant_values=np.inf), pitches)
    with np.errstate(divide="ignore"):  # nothing comes from beyond the ends: log 0
        band: FloatArray = np.log(triangle[:, None] / come_from)
    return band


def _candidates(d_prime: FloatArray, min_lag: int) -> tuple[IntArray, IntArray, FloatArray]:
    """List the lag, the column and the probability of every dip."""
    columns, rows = np.nonzero(_dips(d_prime, min_lag).T)
    lags = min_lag + rows
    if lags.size == 0:
        return lags, columns, np.zeros(0)
    first = np.flatnonzero(np.diff(columns, prepend=-1))
    return lags, columns, dip_probabilities(d_prime[lags, columns], first)


def _dips(d_prime: FloatArray, min_lag: int) -> BoolArray:
    """Mark the local minima from min_lag to the last row but one; of equal neighbours the first counts."""
    middle = d_prime[min_lag:-1]
    dips: BoolArray = (middle < d_prime[min_lag - 1 : -2]) & (middle <= d_prime[min_lag + 1 :])
    return dips


def _refined_hz(d_prime: FloatArray, lags: IntArray, columns: IntArray, sr: int) -> FloatArray:
    """Turn whole lags into frequencies, with the parabola through each dip and its neighbours between them."""
    before, middle, after = (d_prime[lags + step, columns] for step in (-1, 0, 1))
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
    """Turn the range of frequencies into lags in samples, and refuse what does not fit."""
    require_positive(sr=sr, frame_length=frame_length)
    require_number(fmin=fmin, fmax=fmax)
    if not 0 < fmin < fmax <= sr / 2:
        raise AudioCourseError(
            f"fmin is {fmin!r} Hz and fmax {fmax!r} Hz, but pitch is looked for between 0 and sr / 2 = {sr / 2:g} Hz: "
            "choose 0 < fmin < fmax ≤ sr / 2."
        )
    shortest, longest = int(sr / fmax), int(np.ceil(sr / fmin))
    if frame_length < 2 * longest:
        raise AudioCourseError(
            f"A frame of {frame_length} samples does not hold two periods of {fmin:g} Hz at {sr} Hz: choose a "
            f"frame_length of at least {2 * longest}, or a higher fmin."
        )
    return shortest, longest


def _require_lags(matrix: FloatArray) -> FloatArray:
    """Refuse what is no matrix of differences."""
    if not isinstance(matrix, np.ndarray) or matrix.ndim != 2 or matrix.dtype not in (np.float32, np.float64):
        raise AudioCourseError(
            "Differences are a float matrix (lags, frames), row τ for lag τ: pass what difference_function or "
            "cumulative_mean_normalised_difference returns."
        )
    if matrix.size == 0 or not np.all(matrix >= 0) or not np.all(np.isfinite(matrix)):
        raise AudioCourseError(
            "The matrix of differences is empty or holds negative, NaN or infinite values, but differences are sums of "
            "squares: find the step that made them."
        )
    return matrix


def _require_search(d_prime: FloatArray, min_lag: int) -> None:
    """Refuse a range of lags without a single one in it."""
    require_positive(min_lag=min_lag)
    rows = len(_require_lags(d_prime))
    if min_lag > rows - 2:
        raise AudioCourseError(
            f"min_lag is {min_lag}, but {rows} rows hold the lags 0 to {rows - 1}, and the last is only a neighbour: "
            f"choose at most {rows - 2}, or compute more lags."
        )


def _require_threshold(threshold: float) -> None:
    """Refuse a threshold that every dip or none is under."""
    require_number(threshold=threshold)
    if not 0 < threshold <= 1:
        raise AudioCourseError(f"threshold is {threshold!r}, but it must be above 0 and at most 1: 0.1 is usual.")


def _require_pitches(*frequencies: float | FloatArray) -> None:
    """Refuse frequencies that have no logarithm."""
    for hz in frequencies:
        if not is_number(hz) and not isinstance(hz, np.ndarray):
            raise AudioCourseError("Cents are for numbers and arrays in Hz: convert a list with np.asarray.")
        if not np.all(np.greater(hz, 0)) or not np.all(np.isfinite(hz)):
            raise AudioCourseError(
                "Cents are for frequencies above 0 Hz, but there is a 0, a negative one, NaN or infinity: select the "
                "voiced frames first, f0[voiced]."
            )


def _require_model(log_emission: FloatArray, log_band: FloatArray, log_switch: FloatArray, log_floor: float) -> None:
    """Refuse the parts of a hidden Markov model that do not belong together."""
    shapes = f"log_emission {log_emission.shape}, log_band {log_band.shape}, log_switch {log_switch.shape}"
    if log_emission.ndim != 3 or 0 in log_emission.shape:
        raise AudioCourseError(f"log_emission must be (layers, positions, frames), but the shapes are: {shapes}.")
    layers, positions, _ = log_emission.shape
    if log_band.ndim != 2 or log_band.shape[1] != positions or len(log_band) % 2 == 0:
        raise AudioCourseError(f"log_band must be (2 · reach + 1, positions), but the shapes are: {shapes}.")
    if log_switch.shape != (layers, layers):
        raise AudioCourseError(f"log_switch must be (layers, layers), but the shapes are: {shapes}.")
    for values in (log_emission, log_band, log_switch, np.asarray(log_floor)):
        if not np.all(values < np.inf):
            raise AudioCourseError("Log probabilities are at most 0, but there is NaN or infinity among them.")
