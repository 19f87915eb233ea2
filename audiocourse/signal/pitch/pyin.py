"""pYIN: every dip is a candidate with a probability, and the neighbouring frames decide."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import betainc

from audiocourse.arrays import BoolArray, FloatArray, IntArray
from audiocourse.errors import AudioCourseError
from audiocourse.signal.frames import frame_times
from audiocourse.signal.pitch.yin import (
    _dips,
    _frame_blocks,
    _lag_range,
    _refined_hz,
    cumulative_mean_normalised_difference,
    difference_function,
)
from audiocourse.signal.viterbi import viterbi_banded

BINS_PER_SEMITONE = 10  # pYIN's grid of pitches: 10 cents
FASTEST_GLIDE = 35.92  # octaves per second, between a voice that slides and one that leaps
SWITCH_PROBABILITY = 0.01  # of a change between voiced and unvoiced from one frame to the next
NO_DIP_PROBABILITY = 0.01  # share of the deepest dip in the thresholds that no dip is below
THRESHOLDS = np.arange(1, 101) / 100
THRESHOLD_PRIOR = np.diff(betainc(2, 18, np.arange(101) / 100))  # Beta(2, 18): mean 0.1, YIN's own threshold
EARLIER_DIP = 2.0  # Boltzmann's parameter: each dip is e² times as likely as the next one


_IMPOSSIBLE = float(np.log(np.finfo(np.float64).tiny))  # instead of log 0: taken where all else is worse


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """The pitch of a signal over time.

    f0[m] at times[m]

    Parameters
    ----------
    f0 : np.ndarray [shape=(frames,)]
        Fundamental frequency in Hz, float64; NaN where the frame is unvoiced, because 0 Hz would distort averages.
    voiced : np.ndarray [shape=(frames,)]
        Whether the frame has a pitch, bool.
    probability : np.ndarray [shape=(frames,)]
        How much of the prior over thresholds found a dip in the frame, 0 to 1, float64. It depends on one frame alone;
        `voiced` also depends on the neighbours.
    times : np.ndarray [shape=(frames,)]
        The middle of each frame in seconds.

    Notebook: 01d_pitch_and_rhythm
    """

    f0: FloatArray
    voiced: BoolArray
    probability: FloatArray
    times: FloatArray


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
    # 1. Candidates: every dip of every frame, with its frequency and probability.
    candidates = []
    frames = 0
    for block in _frame_blocks(y, frame_length=frame_length, hop_length=hop_length, center=center):
        d_prime = cumulative_mean_normalised_difference(difference_function(block, max_lag=max_lag + 1))
        lags, columns, probability = _candidates(d_prime, min_lag)
        candidates.append((frames + columns, _refined_hz(d_prime, lags, columns, sr), probability))
        frames += block.shape[1]
    frame_index, hz, probability = (np.concatenate(parts) for parts in zip(*candidates, strict=True))  # (dips,) each

    # 2. The hidden Markov model: the candidates emit the voiced states, one for each pitch in steps of 10 cents.
    num_pitches = 1 + int(12 * BINS_PER_SEMITONE * np.log2(fmax / fmin))
    pitch_index = np.maximum(np.rint(12 * BINS_PER_SEMITONE * np.log2(hz / fmin)).astype(np.intp), 0)
    in_range = pitch_index < num_pitches  # a parabola may lead beyond fmax
    frame_index = frame_index[in_range]
    hz = hz[in_range]
    pitch_index = pitch_index[in_range]
    emission = np.zeros((frames, num_pitches))
    np.add.at(emission, (frame_index, pitch_index), probability[in_range])

    # 3. The most likely path, with the frequency of the candidate on it where there is one.
    layer, position = np.divmod(_decode(emission, seconds=hop_length / sr), num_pitches)  # (frames,) each
    f0 = fmin * 2.0 ** (position / (12 * BINS_PER_SEMITONE))
    on_path = pitch_index == position[frame_index]
    f0[frame_index[on_path]] = hz[on_path]
    f0[layer == 1] = np.nan
    times = frame_times(frames, frame_length=frame_length, hop_length=hop_length, sr=sr)
    times -= frame_length / 2 / sr if center else 0
    return PitchTrack(f0, voiced=layer == 0, probability=np.minimum(emission.sum(axis=1), 1), times=times)


def dip_probabilities(heights: FloatArray, first: IntArray) -> FloatArray:
    """Compute the probability that YIN chooses each dip, given only a distribution of its threshold.

    P(i) = Σₛ P(s) · [hᵢ < s] · B(rᵢ(s); n(s)) + 0.01 · [hᵢ is the deepest] · Σₛ P(s) · [hᵢ ≥ s], s = 0.01, …, 1.00.
    P(s) is the mass of Beta(2, 18) between s − 0.01 and s; n(s) the number of dips of the frame under s, rᵢ(s) = 0, 1,
    … the rank of dip i among them; and B(r; n) = e^(−2r) · (1 − e^(−2)) / (1 − e^(−2n)), Boltzmann's distribution,
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
        If heights is not a row of finite floats, or first does not point into it in rising order.

    Examples
    --------
    >>> dip_probabilities(np.array([0.0, 0.9]), np.array([0])).round(3)
    array([1., 0.])

    Source: M. Mauch and S. Dixon, "pYIN", ICASSP 2014, eq. 4, with librosa's preference for earlier dips.

    Notebook: 01d_pitch_and_rhythm
    """
    dips_per_frame = np.diff(first, append=heights.size)
    finite_row = heights.ndim == 1 and np.all(np.isfinite(heights))
    if not finite_row or first.size == 0 or first[0] != 0 or np.any(dips_per_frame < 1):
        raise AudioCourseError(
            "Dips are a row of finite heights, and first says where each frame begins among them, 0 at first and then "
            "rising: leave out frames without a dip."
        )
    # 1. r and n: the rank of each dip below a threshold, and how many there are in its frame.
    below = heights[:, None] < THRESHOLDS  # [hᵢ < s] : (dips, thresholds)
    rank = np.cumsum(below, axis=0, dtype=np.int32)  # 1 + rᵢ(s), once counting begins anew in each frame
    rank -= np.repeat(rank[first] - below[first], dips_per_frame, axis=0)
    n = rank[first + dips_per_frame - 1]  # n(s) : (frames_with_dips, thresholds)

    # 2. Σₛ P(s) · [hᵢ < s] · B(rᵢ(s); n(s)), with what depends on the frame alone in `scale`.
    decay = np.exp(-EARLIER_DIP * np.arange(-1, 1 + dips_per_frame.max()))  # e^(−2r) at 1 + r
    scale = THRESHOLD_PRIOR * (1 - np.exp(-EARLIER_DIP)) / (1 - np.exp(-EARLIER_DIP * np.maximum(n, 1)))
    scale = np.repeat(scale, dips_per_frame, axis=0)  # (dips, thresholds)
    probability: FloatArray = np.einsum("is,is,is->i", below, decay[rank], scale)

    # 3. The thresholds below which there is no dip: a hundredth of them for the deepest.
    deepest = heights == np.repeat(np.minimum.reduceat(heights, first), dips_per_frame)
    missed = THRESHOLD_PRIOR @ (n == 0).T  # (frames_with_dips,)
    probability[deepest] += NO_DIP_PROBABILITY * np.repeat(missed, dips_per_frame)[deepest]
    return probability


def _decode(emission: FloatArray, *, seconds: float) -> IntArray:
    """Build pYIN's hidden Markov model around the probabilities of the voiced pitches, and find its best path."""
    frames, num_pitches = emission.shape
    log_emission = np.full((frames, 2, num_pitches), _IMPOSSIBLE)
    np.log(emission, out=log_emission[:, 0], where=emission > 0)
    # What the candidates leave is shared by the unvoiced states.
    unvoiced = (1 - np.minimum(emission.sum(axis=1), 1)) / num_pitches
    log_emission[:, 1] = np.log(np.maximum(unvoiced, np.finfo(np.float64).tiny))[:, None]
    stay = np.log(1 - SWITCH_PROBABILITY)
    switch = np.log(SWITCH_PROBABILITY)
    return viterbi_banded(
        np.moveaxis(log_emission, 0, -1),  # (2, num_pitches, frames)
        log_band=_glide_band(num_pitches, seconds=seconds),
        log_switch=np.array([[stay, switch], [switch, stay]]),
        log_floor=_IMPOSSIBLE,
    )


def _glide_band(num_pitches: int, *, seconds: float) -> FloatArray:
    """Return log A of the pitch: a triangle around the previous one, normalised anew at the ends of the scale.

    The whole triangle, not half of it, spans the fastest glide, as in librosa.
    """
    width = max(round(FASTEST_GLIDE * 12 * seconds), 1) * BINS_PER_SEMITONE
    reach = width // 2
    triangle = 1 - np.abs(np.arange(-reach, reach + 1)) / (reach + 1)
    within = np.convolve(np.ones(num_pitches), triangle)[reach : reach + num_pitches]  # the part of it on the scale
    total = sliding_window_view(np.pad(within, reach, constant_values=np.inf), num_pitches)
    with np.errstate(divide="ignore"):  # log 0: no step begins beyond the ends
        band: FloatArray = np.log(triangle[:, None] / total)  # (2 * reach + 1, num_pitches)
    return band


def _candidates(d_prime: FloatArray, min_lag: int) -> tuple[IntArray, IntArray, FloatArray]:
    """List the lag, the column and the probability of every dip."""
    columns, rows = np.nonzero(_dips(d_prime, min_lag).T)  # (dips,) each, by frame
    lags = min_lag + rows
    if lags.size == 0:
        return lags, columns, np.zeros(0)
    first = np.flatnonzero(np.diff(columns, prepend=-1))
    return lags, columns, dip_probabilities(d_prime[lags, columns], first)
