"""From embeddings to decisions: enrolment, identification with a reject option, thresholds, costs, intervals.

A similarity is not a decision. Which one is enough depends on the encoder, the recordings and the price of each kind
of error, so the threshold is measured on development speakers, never assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from audiocourse.classify.speakers.from_scratch import cosine_similarities, unit_vectors
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_number, require_positive, require_rng
from audiocourse.signal import BoolArray, FloatArray
from audiocourse.trials import equal_error_rate, error_rates, require_trials

UNKNOWN = -1  # the number of a speaker who is not enrolled


def enrol(embeddings: FloatArray, *, lowest_similarity: float | None = None) -> FloatArray:
    """Average the embeddings of a few utterances of one speaker to a voiceprint of length 1.

    c = Σ_i e_i / |Σ_i e_i|, e_i of length 1 each, so that no utterance counts more than another.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(utterances, dimensions)]
        At least two: a single utterance would enrol what was said, and how it was recorded.
    lowest_similarity : float, optional
        Refuse an utterance whose similarity to the voiceprint of the others is below this, because it is probably of
        another speaker. Not checked if not given.

    Returns
    -------
    np.ndarray [shape=(dimensions,)]
        c, float64.

    Raises
    ------
    AudioCourseError
        If there are fewer than two utterances, their mean is 0, or one does not resemble the others.

    Examples
    --------
    >>> enrol(np.array([[2.0, 0.0], [0.0, 1.0]])).round(3)
    array([0.707, 0.707])
    """
    e = unit_vectors(embeddings)
    if e.ndim != 2 or len(e) < 2:
        raise AudioCourseError(
            f"An enrolment needs at least two utterances, (utterances, dimensions), not the shape {e.shape}: record "
            "another sentence."
        )
    if lowest_similarity is not None:
        _require_one_speaker(e, lowest_similarity)
    return _direction(e.mean(axis=0))


def _require_one_speaker(e: FloatArray, lowest: float) -> None:
    """Refuse unit vectors (utterances, dimensions) of which one is unlike the mean of the others."""
    others = e.sum(axis=0) - e  # (utterances, dimensions)
    similarity = np.sum(e * unit_vectors(others), axis=1)
    worst = int(np.argmin(similarity))
    if similarity[worst] < lowest:
        raise AudioCourseError(
            f"Utterance {worst} has a similarity of {similarity[worst]:.2f} to the others, below {lowest:g}: enrol one "
            "speaker at a time, and record that utterance again."
        )


def _direction(mean: FloatArray) -> FloatArray:
    if np.linalg.norm(mean) < 1e-6:
        raise AudioCourseError("The utterances point in opposite directions: they are not of one speaker.")
    return unit_vectors(mean)


def identify(embeddings: FloatArray, voiceprints: FloatArray, *, threshold: float) -> NDArray[np.intp]:
    """Name the speaker of each utterance, or none: the most similar voiceprint, if it is similar enough.

    k(e) = argmax_k cos(e, c_k) if max_k cos(e, c_k) ≥ θ, else −1. A speaker who was never enrolled must be rejected;
    an argmax alone always names someone (closed set). The more speakers are enrolled, the more often one of them
    happens to resemble a stranger: a threshold from pairs is too low for many voiceprints.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(utterances, dimensions)]
        e.
    voiceprints : np.ndarray [shape=(speakers, dimensions)]
        c, as `enrol` returns.
    threshold : float
        θ, from −1 to 1.

    Returns
    -------
    np.ndarray [shape=(utterances,)]
        Whole numbers: the row of the speaker, or `UNKNOWN`, −1.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, or a vector is 0 or not finite.

    Examples
    --------
    >>> identify(np.array([[1.0, 0.1], [-1.0, -1.0]]), np.eye(2), threshold=0.8)
    array([ 0, -1])
    """
    require_number(threshold=threshold)
    similarity = cosine_similarities(embeddings, voiceprints)  # (utterances, speakers)
    return np.where(similarity.max(axis=1) >= threshold, similarity.argmax(axis=1), UNKNOWN)


class Pairs(NamedTuple):
    """Scores of all pairs of utterances, and which pairs are of one speaker: two arrays [shape=(trials,)]."""

    scores: FloatArray
    same: BoolArray


def all_pairs(embeddings: FloatArray, speakers: NDArray[np.integer] | Sequence[str] | Sequence[int]) -> Pairs:
    """Compare every utterance with every other: the trials on which an encoder is measured.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(utterances, dimensions)]
        Of any length but 0.
    speakers : sequence [shape=(utterances,)]
        Who speaks: names or numbers.

    Returns
    -------
    Pairs
        utterances · (utterances − 1) / 2 cosine similarities, and whether both utterances are of one speaker.

    Raises
    ------
    AudioCourseError
        If the numbers of utterances and labels differ, or no speaker has two utterances, or there is one speaker only.

    Examples
    --------
    >>> all_pairs(np.eye(3), [0, 0, 1]).same
    array([ True, False, False])
    """
    labels = np.asarray(speakers)
    if labels.shape != (len(embeddings),):
        raise AudioCourseError(
            f"Each of the {len(embeddings)} utterances needs one speaker, not labels of shape {labels.shape}."
        )
    first, second = np.triu_indices(len(labels), k=1)
    scores = cosine_similarities(embeddings, embeddings)[first, second]
    same = labels[first] == labels[second]
    require_trials(scores, same)
    return Pairs(scores, same)


def development_threshold(scores: FloatArray, targets: BoolArray) -> float:
    """Choose a threshold on development trials: where misses and false alarms are as nearly equal as they can be.

    θ = (s_k + s_(k + 1)) / 2 with s the sorted different scores and k + 1 the place that minimises
    max(P(s < θ | target), P(s ≥ θ | no target)). It lies between two scores, so that no trial is on the edge.

    Parameters
    ----------
    scores : np.ndarray [shape=(trials,)]
        Higher for one speaker.
    targets : np.ndarray [shape=(trials,), dtype=bool]
        Which trials are of one speaker.

    Returns
    -------
    float
        θ; a score of θ or more is accepted.

    Raises
    ------
    AudioCourseError
        As `equal_error_rate`.

    Examples
    --------
    >>> development_threshold(np.array([0.1, 0.3, 0.7, 0.9]), np.array([False, False, True, True]))
    0.5
    """
    thresholds, miss, false_alarm = error_rates(scores, targets)
    worse = np.maximum(miss, false_alarm)
    best = np.flatnonzero(worse == worse.min())[0]
    if best in (0, len(thresholds) - 1):  # accept or reject everything: there is no neighbour on one side
        return float(thresholds[min(best, len(thresholds) - 2)])
    return float((thresholds[best - 1] + thresholds[best]) / 2)


def error_rates_at(threshold: float, scores: FloatArray, targets: BoolArray) -> tuple[float, float]:
    """Return the miss rate and the false alarm rate at one threshold: (trials,), (trials,) -> two floats.

    miss = P(s < θ | target), false alarm = P(s ≥ θ | no target). At a threshold from other speakers the two differ.
    """
    require_trials(scores, targets)
    return float(np.mean(scores[targets] < threshold)), float(np.mean(scores[~targets] >= threshold))


def min_dcf(
    scores: FloatArray,
    targets: BoolArray,
    *,
    prior: float = 0.05,
    cost_miss: float = 1.0,
    cost_false_alarm: float = 1.0,
) -> float:
    """Find the smallest detection cost over all thresholds, relative to a decision without listening.

    C(θ) = C_miss P_t P_miss(θ) + C_fa (1 − P_t) P_fa(θ); minDCF = min_θ C(θ) / min(C_miss P_t, C_fa (1 − P_t)). Where
    impostors are frequent or a false alarm is dear, the EER says little: the threshold lies elsewhere.

    Parameters
    ----------
    scores : np.ndarray [shape=(trials,)]
        Higher for one speaker.
    targets : np.ndarray [shape=(trials,), dtype=bool]
        Which trials are of one speaker.
    prior : float
        P_t: how probable a target is in use, between 0 and 1. It need not be the share of the targets in the test.
    cost_miss, cost_false_alarm : float
        C_miss and C_fa, above 0.

    Returns
    -------
    float
        From 0 to 1; 1 if always accepting or always rejecting costs no more.

    Raises
    ------
    AudioCourseError
        As `equal_error_rate`, or if an option is out of range.

    Examples
    --------
    >>> min_dcf(np.array([0.1, 0.3, 0.7, 0.9]), np.array([False, False, True, True]))
    0.0

    Source: NIST 2016 speaker recognition evaluation plan, section 3.
    """
    require_number(prior=prior, cost_miss=cost_miss, cost_false_alarm=cost_false_alarm)
    if not 0 < prior < 1 or min(cost_miss, cost_false_alarm) <= 0:
        raise AudioCourseError(
            f"The prior is {prior} and the costs are {cost_miss} and {cost_false_alarm}: choose a prior between 0 and "
            "1 and costs above 0."
        )
    _, miss, false_alarm = error_rates(scores, targets)
    cost = cost_miss * prior * miss + cost_false_alarm * (1 - prior) * false_alarm
    return float(cost.min() / min(cost_miss * prior, cost_false_alarm * (1 - prior)))


class DetCurve(NamedTuple):
    """Points of a DET curve: both error rates and their positions on a normal-deviate axis, [shape=(points,)] each."""

    false_alarm: FloatArray
    miss: FloatArray
    x: FloatArray
    y: FloatArray


def det_points(scores: FloatArray, targets: BoolArray) -> DetCurve:
    """Compute the detection error tradeoff curve: misses over false alarms on axes of the normal distribution.

    x = Φ⁻¹(P_fa), y = Φ⁻¹(P_miss), Φ being the distribution function of the standard normal distribution. If the
    scores of both classes are normally distributed, the curve is a straight line. Rates of 0 and 1, which would be at
    ∓∞, are left out.

    Parameters
    ----------
    scores : np.ndarray [shape=(trials,)]
        Higher for one speaker.
    targets : np.ndarray [shape=(trials,), dtype=bool]
        Which trials are of one speaker.

    Returns
    -------
    DetCurve
        By ascending threshold; empty if a threshold separates the classes.

    Raises
    ------
    AudioCourseError
        As `equal_error_rate`.

    Source: A. Martin et al., The DET curve in assessment of detection task performance, Eurospeech 1997.
    """
    _, miss, false_alarm = error_rates(scores, targets)
    inside = (miss > 0) & (miss < 1) & (false_alarm > 0) & (false_alarm < 1)
    return DetCurve(false_alarm[inside], miss[inside], ndtri(false_alarm[inside]), ndtri(miss[inside]))


def bootstrap_interval(
    embeddings: FloatArray,
    speakers: NDArray[np.integer] | Sequence[str] | Sequence[int],
    *,
    rng: np.random.Generator,
    measure: Callable[[FloatArray, BoolArray], float] = equal_error_rate,
    confidence: float = 0.95,
    resamples: int = 200,
) -> tuple[float, float]:
    """Estimate how far an error rate would move with other speakers: a bootstrap over speakers, not over trials.

    Speakers are drawn with replacement, the measure is computed on the pairs of their utterances, and the interval
    runs between the quantiles (1 ∓ c) / 2 of the results. The trials of one speaker are not independent, so an
    interval that counts trials would be far too narrow. A speaker who is drawn twice is never compared with the copy.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(utterances, dimensions)]
        Of any length but 0.
    speakers : sequence [shape=(utterances,)]
        Who speaks; at least three speakers.
    rng : np.random.Generator
        Draws the speakers.
    measure : callable
        From scores and targets to a number.
    confidence : float
        c.
    resamples : int
        How often speakers are drawn.

    Returns
    -------
    low, high : float
        The ends of the interval.

    Raises
    ------
    AudioCourseError
        If labels do not fit or there are fewer than three speakers.

    Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    scores, same = all_pairs(embeddings, speakers)
    names, numbers = np.unique(np.asarray(speakers), return_inverse=True)
    if len(names) < 3:
        raise AudioCourseError(f"There are {len(names)} speakers: an interval over speakers needs at least three.")
    require_between("confidence", confidence, 0.01, 0.999)
    require_positive(resamples=resamples)
    require_rng(rng)
    first, second = (numbers[rows] for rows in np.triu_indices(len(numbers), k=1))
    results: list[float] = []
    while len(results) < resamples:
        times = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))
        weight = np.where(first == second, times[first], times[first] * times[second])  # how often a pair occurs
        if np.count_nonzero(times) > 1:
            results.append(measure(np.repeat(scores, weight), np.repeat(same, weight)))
    low, high = np.quantile(results, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
