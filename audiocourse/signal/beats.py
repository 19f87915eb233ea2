"""The pulse: how often it repeats (tempo), and where each beat falls.

A recording does not determine which of its repetitions people tap to: every second click of a pulse repeats too. So an
estimate of the tempo includes its metrical alternatives, such as half and double, and the salience of each.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.compiled import compiled
from audiocourse.errors import AudioCourseError
from audiocourse.require import is_number, require_number, require_positive, require_strength
from audiocourse.signal.onsets import frames_to_seconds
from audiocourse.signal.pitch.yin import parabolic_offset
from audiocourse.signal.spectrum import hann

RATIOS = (1 / 3, 1 / 2, 2 / 3, 1.0, 3 / 2, 2.0, 3.0)  # the metrical levels that listeners and programs confuse

_LONGEST_SECONDS = 8.0  # the longest period searched for, and the window of one autocorrelation
_FASTEST_BPM = 320.0
_PRIOR_OCTAVES = 1.0
_EVENT_SECONDS = 0.2  # how long one onset lasts in the strength, at most
_BLOCK = 1024  # frames


@dataclass(frozen=True)
class TempoCandidate:
    """One metrical level: a tempo and how strongly the music repeats at it.

    Attributes
    ----------
    bpm : float
        Beats per minute.
    ratio : float
        bpm over the bpm of the estimate: 2.0 is double, 0.5 half.
    salience : float
        How alike the onset strength is to itself one period later: 1 is perfect repetition, 0 is none.

    Notebook: 01d_pitch_and_rhythm
    """

    bpm: float
    ratio: float
    salience: float


@dataclass(frozen=True)
class TempoEstimate:
    """A tempo and its metrical alternatives.

    Attributes
    ----------
    bpm : float
        The likeliest tempo, in beats per minute.
    candidates : tuple of TempoCandidate
        The estimate itself and its metrical alternatives, the most salient first.

    Notebook: 01d_pitch_and_rhythm
    """

    bpm: float
    candidates: tuple[TempoCandidate, ...]


def autocorrelation(x: FloatArray, *, lags: int) -> FloatArray:
    """Correlate a curve, or each column of a matrix, with itself some frames later.

    r[l] = Σ_m x[m] · x[m + l], l = 0, …, lags − 1. By the Wiener–Khinchin theorem it is the inverse Fourier transform
    of |X|², where zeros at the end of x keep its end from meeting its beginning.

    Parameters
    ----------
    x : np.ndarray [shape=(frames,) or (frames, columns)]
        Curve or curves, float.
    lags : int
        How many lags, 0 included. Beyond the last frame r is 0.

    Returns
    -------
    np.ndarray [shape=(lags,) or (lags, columns)]
        r in squared units of x, dtype as x. r[0] is the energy and the largest.

    Raises
    ------
    AudioCourseError
        If x is not an array of floats with one or two dimensions, is empty or not finite, or lags is not
        positive.

    Examples
    --------
    >>> autocorrelation(np.array([1.0, 0, 2, 0]), lags=4).round(6)
    array([5., 0., 2., 0.])

    Notebook: 01d_pitch_and_rhythm
    """
    require_positive(lags=lags)
    if not isinstance(x, np.ndarray) or x.ndim not in (1, 2):
        raise AudioCourseError(
            "autocorrelation takes a curve (frames,) or a matrix (frames, columns): pass such an array."
        )
    require_strength(x.ravel())
    size = scipy.fft.next_fast_len(x.shape[0] + lags, real=True)
    spectrum = scipy.fft.rfft(x, size, axis=0)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    result: FloatArray = scipy.fft.irfft(power, size, axis=0)[:lags]
    return result


def dominant_bpm(strength: FloatArray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    """Find the tempo of the strongest repetition in a range, without any prior.

    60 · f_r / l, with l the lag that maximises r[l] = Σ_m x[m] · x[m + l], x = o − mean(o), among all whole lags whose
    tempo lies in the range; of equal ones the shortest. `tempo` adds a prior and reports the alternatives.

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        o, an `onset_strength`, longer than the longest lag.
    frame_rate : float
        f_r = sr / H, frames per second.
    slowest, fastest : float
        The range in beats per minute, both included.

    Returns
    -------
    float
        Beats per minute.

    Raises
    ------
    AudioCourseError
        If `require_strength` refuses the strength, it is constant, the range holds no whole lag or the longest lag
        does not fit.

    Examples
    --------
    >>> clicks = np.tile([1.0] + 19 * [0.0], 30)
    >>> dominant_bpm(clicks, frame_rate=50.0, slowest=60, fastest=240)
    150.0

    Notebook: 01d_pitch_and_rhythm
    """
    require_strength(strength)
    require_number(slowest=slowest, fastest=fastest, frame_rate=frame_rate)
    if not 0 < slowest < fastest or not frame_rate > 0:
        raise AudioCourseError(
            f"slowest ({slowest}) must lie below fastest ({fastest}) and both, like frame_rate ({frame_rate}), above 0."
        )
    lags = np.arange(np.ceil(60 * frame_rate / fastest), np.floor(60 * frame_rate / slowest) + 1).astype(int)
    if lags.size == 0 or lags[-1] >= strength.size:
        raise AudioCourseError(
            f"Between {slowest} and {fastest} BPM no lag fits into {strength.size} frames at {frame_rate} per second: "
            "widen the range or pass a longer recording."
        )
    if strength.min() == strength.max():
        raise AudioCourseError("There is no tempo in a constant strength, as in silence: pass music or clicks.")
    x = strength - strength.mean(dtype=np.float64)
    return float(60 * frame_rate / lags[np.argmax(autocorrelation(x, lags=int(lags[-1]) + 1)[lags])])


def tempogram(strength: FloatArray, *, lags: int) -> FloatArray:
    """Measure at which periods the onset strength repeats, around each frame.

    T[l, m] = r_m[l] / r_m[0], with r_m the `autocorrelation` of the strength under a Hann window of W = lags frames
    centred on frame m: w[n] · o[m + n − ⌊W / 2⌋], n = 0, …, W − 1. Before the start and after the end o fades to 0
    along a line. A column without any strength is 0.

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        o, an `onset_strength`.
    lags : int
        W, in frames.

    Returns
    -------
    np.ndarray [shape=(lags, frames)]
        T, at most 1 (at l = 0); dtype as strength. A lag of l frames is a period of l · H / sr seconds.

    Raises
    ------
    AudioCourseError
        If `require_strength` refuses the strength, or lags is not a positive number.

    Source: P. Grosche, M. Müller and F. Kurth, "Cyclic Tempogram", ICASSP 2010.

    Examples
    --------
    >>> clicks = np.tile([1.0, 0, 0, 0, 0], 8)
    >>> int(1 + tempogram(clicks, lags=16)[1:, 20].argmax())
    5

    Notebook: 01d_pitch_and_rhythm
    """
    require_strength(strength)
    require_positive(lags=lags)
    padded = np.pad(strength, lags // 2, mode="linear_ramp")
    windows = sliding_window_view(padded, lags).T  # (lags, frames), and a column more for even W
    window = hann(lags).astype(strength.dtype)[:, np.newaxis]
    result = np.empty((lags, strength.size), dtype=strength.dtype)
    for first in range(0, strength.size, _BLOCK):
        block = slice(first, min(first + _BLOCK, strength.size))
        r = autocorrelation(window * windows[:, block], lags=lags)
        result[:, block] = r / np.where(r[0] > 0, r[0], 1)
    return result


def tempo(strength: FloatArray, *, sr: int, hop_length: int, start_bpm: float = 120.0) -> TempoEstimate:
    """Estimate the tempo, and report its metrical alternatives.

    The period is the lag l ≥ 1 that maximises log(1 + 10⁶ · T̄[l]) − ½ · (log₂(b[l] / b₀) / σ)², where T̄ is the mean of
    the `tempogram` (8 s) over all frames, b[l] = 60 · sr / (l · H) its tempo, at most 320 BPM, b₀ the start and σ = 1
    octave. A parabola through T̄ around that lag gives the period between frames. The second term, a log-normal prior,
    settles a tie between metrical levels by habit, not by evidence: a click track of 200 BPM is called 100. Evidence is
    the salience, ρ[l] = r[l] / r[0], with r the `autocorrelation` of o less its mean: 0 for noise, where T̄ is not.

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        o, an `onset_strength`.
    sr : int
        Sampling rate in Hz.
    hop_length : int
        H of the strength, in samples.
    start_bpm : float
        b₀, from 10 to 320: what is expected before listening.

    Returns
    -------
    TempoEstimate
        bpm, and as candidates the tempi 1/3, 1/2, 2/3, 1, 3/2, 2 and 3 times as fast, each with ρ at its period, 0
        where negative, the most salient first; those over 320 BPM or with periods over 8 s are left out.

    Raises
    ------
    AudioCourseError
        If `require_strength` refuses the strength, an option is out of range, or there is no tempo: the strength is
        constant, as in silence, or nothing in it repeats within 8 s.

    Source: D. Ellis, "Beat Tracking by Dynamic Programming", J. New Music Research 36(1), 2007; the prior is
    librosa's.

    Examples
    --------
    >>> clicks = np.tile([1.0] + 19 * [0.0], 30)  # every 20 frames, 50 frames per second
    >>> estimate = tempo(clicks, sr=8000, hop_length=160)
    >>> round(estimate.bpm), [round(candidate.bpm) for candidate in estimate.candidates[:2]]
    (150, [150, 75])

    Notebook: 01d_pitch_and_rhythm
    """
    require_strength(strength)
    require_positive(sr=sr, hop_length=hop_length)
    _require_bpm("start_bpm", start_bpm, _FASTEST_BPM)
    # 1. b[l] of every lag, and ρ[l]: is there any repetition?
    lags = int(_LONGEST_SECONDS * sr / hop_length)
    bpm = 60 * sr / hop_length / np.arange(1, max(lags, 2))
    allowed = bpm < _FASTEST_BPM
    salience = _salience(strength, bpm.size + 1)
    one_event = (1 + _EVENT_SECONDS * sr / hop_length) / strength.size  # the salience of a single onset
    if salience[1:][allowed].max(initial=0) < one_event:
        raise AudioCourseError(
            "There is no tempo: nothing in this onset strength repeats within 8 s, as in silence, so pass music or "
            "clicks."
        )

    # 2. The lag with the best log(1 + 10⁶ · T̄[l]) + prior, and the period near it.
    prior = -0.5 * (np.log2(bpm / start_bpm) / _PRIOR_OCTAVES) ** 2
    profile = tempogram(strength, lags=bpm.size + 1).mean(axis=1)  # T̄ : (lags,)
    score = np.where(allowed, np.log1p(1e6 * np.maximum(profile[1:], 0)) + prior, -np.inf)
    period = _parabolic_peak(profile, 1 + int(np.argmax(score)))
    return _with_alternatives(salience, period, frame_rate=sr / hop_length)


def beat_frames(strength: FloatArray, *, bpm: float, sr: int, hop_length: int, tightness: float = 100.0) -> IntArray:
    """Find the beats: frames that are strong *and* one period apart (dynamic programming).

    The beats t₁, t₂, … maximise C = Σᵢ O[tᵢ] + α · Σᵢ F(tᵢ − tᵢ₋₁), F(Δ) = −(log(Δ / τ))², with τ = 60 · sr / (bpm · H)
    frames per beat. The best sum that ends in frame m follows from those that end earlier:

        C*[m] = O[m] + max_Δ (α · F(Δ) + C*[m − Δ]),   Δ = τ / 2, …, 2τ,

    and the beats from walking back from the largest C* of the last τ frames. O is the strength over its standard
    deviation, smoothed by a Gaussian of τ / 32 frames. Beats before and after the music are dropped: at both ends,
    those where O is at most half its root mean square over all beats.

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        An `onset_strength`.
    bpm : float
        Tempo in beats per minute, 10 to 1000, such as `tempo(…).bpm`.
    sr : int
        Sampling rate in Hz.
    hop_length : int
        H of the strength, in samples.
    tightness : float
        α > 0: how much an even pulse counts against strong onsets.

    Returns
    -------
    np.ndarray [shape=(beats,)]
        Frame numbers, rising; none where the strength is constant, as in silence.

    Raises
    ------
    AudioCourseError
        If `require_strength` refuses the strength, an option is out of range, or a beat is shorter than two frames.

    Source: D. Ellis, "Beat Tracking by Dynamic Programming", J. New Music Research 36(1), 2007.

    Examples
    --------
    >>> clicks = np.tile([0.0, 1.0] + 18 * [0.0], 5)
    >>> beat_frames(clicks, bpm=150, sr=8000, hop_length=160)
    array([ 1, 21, 41, 61, 81])

    Notebook: 01d_pitch_and_rhythm
    """
    require_strength(strength)
    require_positive(sr=sr, hop_length=hop_length)
    _require_bpm("bpm", bpm, 1000.0)
    if not is_number(tightness) or not 0 < tightness < np.inf:
        raise AudioCourseError(f"tightness is {tightness!r}, but it must be a number above 0: start with 100.")
    period = 60 * sr / (bpm * hop_length)
    if period < 2:
        raise AudioCourseError(f"At {bpm:g} BPM a beat has {period:.2f} frames, too few: choose a shorter hop_length.")
    if strength.min() == strength.max():
        return np.array([], dtype=np.int64)
    local = _local_score(strength.astype(np.float64), period)
    total, before = _best_sums(local, period, tightness)
    return _without_weak_ends(_walk_back(total, before, period), local)


def beat_times(strength: FloatArray, *, bpm: float, sr: int, hop_length: int, tightness: float = 100.0) -> FloatArray:
    """Find when the beats are: `beat_frames` in seconds.

    t = m · H / sr

    Parameters
    ----------
    strength : np.ndarray [shape=(frames,)]
        An `onset_strength`.
    bpm : float
        Tempo in beats per minute.
    sr : int
        Sampling rate in Hz.
    hop_length : int
        H of the strength, in samples.
    tightness : float
        As in `beat_frames`.

    Returns
    -------
    np.ndarray [shape=(beats,)]
        t in seconds, rising, float64.

    Raises
    ------
    AudioCourseError
        As `beat_frames`.

    Examples
    --------
    >>> clicks = np.tile([0.0, 1.0] + 18 * [0.0], 5)
    >>> beat_times(clicks, bpm=150, sr=8000, hop_length=160)
    array([0.02, 0.42, 0.82, 1.22, 1.62])

    Notebook: 01d_pitch_and_rhythm
    """
    frames = beat_frames(strength, bpm=bpm, sr=sr, hop_length=hop_length, tightness=tightness)
    return frames_to_seconds(frames, hop_length=hop_length, sr=sr)


def _parabolic_peak(curve: FloatArray, index: int) -> float:
    """Return where a parabola through a peak and its two neighbours is highest; or index itself without a peak."""
    around = curve[index - 1 : index + 2]
    if around.size < 3 or curve[index] < around.max():
        return float(index)
    return index + float(parabolic_offset(*-around))


def _salience(strength: FloatArray, lags: int) -> FloatArray:
    """Return ρ, 0 where it is negative and everywhere if the strength is constant."""
    if strength.min() == strength.max():
        return np.zeros(lags)
    covariance = autocorrelation(strength - strength.mean(dtype=np.float64), lags=lags)
    salience: FloatArray = np.maximum(covariance / covariance[0], 0)
    return salience


def _with_alternatives(salience: FloatArray, period: float, *, frame_rate: float) -> TempoEstimate:
    """Return the tempo of a period in frames, and the metrical levels around it with the salience of their lags."""
    bpm = 60 * frame_rate / period
    candidates = []
    for ratio in RATIOS:
        lag = int(period / ratio)
        if lag + 1 < salience.size and (ratio == 1 or ratio * bpm < _FASTEST_BPM):
            candidates.append(TempoCandidate(ratio * bpm, ratio, float(salience[lag : lag + 2].max())))
    return TempoEstimate(bpm, tuple(sorted(candidates, key=lambda candidate: -candidate.salience)))


def _local_score(strength: FloatArray, period: float) -> FloatArray:
    """Return O: the strength in units of its standard deviation, smoothed by a Gaussian as wide as timing is loose."""
    reach = round(period)
    gaussian = np.exp(-0.5 * (32 * np.arange(-reach, reach + 1) / period) ** 2)
    return np.convolve(strength / strength.std(ddof=1), gaussian)[reach : reach + strength.size]


@compiled
def _best_sums(local: FloatArray, period: float, tightness: float) -> tuple[FloatArray, IntArray]:
    """Return C* and, for each frame, the beat before it on the best path there (−1: none)."""
    shortest = round(period / 2)
    longest = 2 * round(period)
    penalty = tightness * np.log(np.arange(1, longest + 1) / period) ** 2  # −α · F(Δ), at Δ − 1
    total = local.copy()  # O, to which the best earlier sum is added
    before = np.full(local.size, -1)
    for m in range(shortest, local.size):
        best = -np.inf
        for lag in range(min(longest, m), shortest - 1, -1):
            if total[m - lag] - penalty[lag - 1] > best:
                best = total[m - lag] - penalty[lag - 1]
                before[m] = m - lag
        total[m] += best
    return total, before


def _walk_back(total: FloatArray, before: IntArray, period: float) -> IntArray:
    """Follow the best path back from the largest C* of the last period, in which a beat must fall."""
    last = max(0, total.size - round(period))
    beats = [last + int(total[last:].argmax())]
    while before[beats[-1]] >= 0:
        beats.append(int(before[beats[-1]]))
    return np.array(beats[::-1], dtype=np.int64)


def _without_weak_ends(beats: IntArray, local: FloatArray) -> IntArray:
    """Drop beats before the music begins and after it ends, where the pulse continues in silence."""
    strong = np.flatnonzero(local[beats] > 0.5 * np.sqrt(np.mean(local[beats] ** 2)))
    return beats[strong[0] : strong[-1] + 1] if strong.size else beats[:0]


def _require_bpm(name: str, bpm: float, highest: float) -> None:
    if not is_number(bpm) or not 10 <= bpm <= highest:
        raise AudioCourseError(f"{name} is {bpm!r}, but a tempo is a number from 10 to {highest:g} beats per minute.")
