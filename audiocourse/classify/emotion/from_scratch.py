"""Emotion recognition in NumPy: agreement of raters, folds of actors, pooling, weights of classes, loss and scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from audiocourse.arrays import BoolArray, FloatArray, IntArray
from audiocourse.classify.scoring import balanced_accuracy
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive, require_seed


def fleiss_kappa(counts: IntArray) -> float:
    """Measure how far raters agree beyond chance.

    κ = (P − P_e) / (1 − P_e), with P = (1/N) Σ_i Σ_c n[i, c] (n[i, c] − 1) / (R (R − 1)), the share of pairs of raters
    that agree, and P_e = Σ_c s[c]², the share expected if every rating were drawn at random with the overall shares
    s[c] = Σ_i n[i, c] / (N R).

    Parameters
    ----------
    counts : np.ndarray [shape=(clips, classes)]
        n: how many raters chose each class for each clip; every clip has the same number R ≥ 2 of raters.

    Returns
    -------
    float
        1 for full agreement, 0 for chance, below 0 for less than that; NaN if all ratings are the same class, where
        chance agrees fully as well.

    Raises
    ------
    AudioCourseError
        If a count is not a whole number, or the clips do not have the same number of raters, at least 2.

    Examples
    --------
    >>> round(fleiss_kappa(np.array([[3, 0], [0, 3], [2, 1]])), 3)
    0.55

    Source: J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5), 1971.

    Notebook: 04e_emotion
    """
    n = np.asarray(counts)
    if n.ndim != 2 or n.size == 0 or n.dtype.kind not in "iu" or n.min() < 0:
        raise AudioCourseError("The counts must be whole numbers from 0, (clips, classes), at least 1 of each.")
    raters = n.sum(axis=1)
    if raters.min() != raters.max() or raters[0] < 2:
        raise AudioCourseError(
            f"The clips have {raters.min()} to {raters.max()} raters; all need the same number, at least 2."
        )
    agreement = np.mean(np.sum(n * (n - 1), axis=1) / (raters * (raters - 1)))
    shares = n.sum(axis=0) / n.sum()
    by_chance = np.sum(shares**2)
    if by_chance == 1:
        return float("nan")
    return float((agreement - by_chance) / (1 - by_chance))


def softmax_floor(classes: int) -> float:
    """Return the smallest cross-entropy that a network can reach if it ends in a softmax and the loss has another one.

    L = ln(e + C − 1) − 1: the probabilities are taken for logits, and the best of them are 1 for the right class and 0
    for the others, so that the second softmax gives the right class at most e / (e + C − 1).

    Parameters
    ----------
    classes : int
        C, at least 2.

    Returns
    -------
    float
        L in nats.

    Raises
    ------
    AudioCourseError
        If there are fewer than 2 classes.

    Examples
    --------
    >>> round(softmax_floor(7), 3)
    1.165

    Notebook: 04e_emotion
    """
    require_positive(classes=classes)
    if classes < 2:
        raise AudioCourseError("There is 1 class, so there is nothing to decide: give at least 2.")
    return float(np.log(np.e + classes - 1) - 1)


def concordance_correlation(reference: FloatArray, predicted: FloatArray) -> float:
    """Measure how well predictions of a continuous quantity fit: in shape, in scale and in mean.

    CCC = 2 s_rp / (s_r² + s_p² + (m_r − m_p)²), with means m, variances s² and the covariance s_rp, all divided by n.

    Pearson's correlation does not change if all predictions are doubled or moved. This one does.

    Parameters
    ----------
    reference, predicted : np.ndarray [shape=(clips,)]
        r and p, such as arousal from −1 to 1.

    Returns
    -------
    float
        1 only if every prediction is right, 0 for a constant one, −1 at worst. 0 if both are constant and differ.

    Raises
    ------
    AudioCourseError
        If the lengths differ, there are fewer than 2 clips, a value is not finite, or both are constant and equal.

    Examples
    --------
    >>> r = np.array([0.0, 1.0, 2.0])
    >>> concordance_correlation(r, r), round(concordance_correlation(r, r + 1), 3)
    (1.0, 0.571)

    Source: L. I.-K. Lin, A concordance correlation coefficient to evaluate reproducibility, Biometrics 45(1), 1989.

    Notebook: 04e_emotion
    """
    r = np.asarray(reference, dtype=np.float64)
    p = np.asarray(predicted, dtype=np.float64)
    if r.ndim != 1 or r.shape != p.shape or r.size < 2:
        raise AudioCourseError(f"{r.shape} references and {p.shape} predictions: as many of both, (clips,), 2 or more.")
    if not (np.isfinite(r).all() and np.isfinite(p).all()):
        raise AudioCourseError("A reference or prediction is not a finite number.")
    spread = r.var() + p.var() + (r.mean() - p.mean()) ** 2
    if spread == 0:
        raise AudioCourseError("All references and predictions are the same number, so there is nothing to compare.")
    return float(2 * np.mean((r - r.mean()) * (p - p.mean())) / spread)


class Fold(NamedTuple):
    """The clips of a fold, as indices in increasing order: to train on, to choose settings on, and to test on."""

    train: IntArray
    validation: IntArray
    test: IntArray


def actor_folds(actors: Sequence[str], *, folds: int, seed: int) -> list[Fold]:
    """Split clips into folds so that each actor is tested in exactly one, and is in one part of each fold.

    The actors are put in random order and dealt into F groups like cards. Fold f tests on group f, chooses settings on
    group (f + 1) mod F, and trains on all others.

    Parameters
    ----------
    actors : sequence of str
        The actor of each clip.
    folds : int
        F, from 3 to the number of actors.
    seed : int
        Decides the order, the same in every session.

    Returns
    -------
    list of Fold
        F of them.

    Raises
    ------
    AudioCourseError
        If there are fewer than 3 folds, or more than actors.

    Examples
    --------
    >>> [fold.test.tolist() for fold in actor_folds(["a", "b", "a", "c"], folds=3, seed=0)]
    [[3], [0, 2], [1]]

    Source: B. Schuller et al., Acoustic emotion recognition: a benchmark comparison of performances, ASRU 2009, which
    leaves out one speaker, or one group of speakers, at a time.

    Notebook: ex09_emotion
    """
    cast = sorted(set(actors))
    require_positive(folds=folds)
    if not 3 <= folds <= len(cast):
        raise AudioCourseError(f"{folds} folds of {len(cast)} actors: choose from 3 to the number of actors.")
    drawn = np.random.default_rng(require_seed(seed)).permutation(cast).tolist()
    group_of = {actor: place % folds for place, actor in enumerate(drawn)}
    groups = np.array([group_of[actor] for actor in actors])
    parts = []
    for fold in range(folds):
        test = groups == fold
        validation = groups == (fold + 1) % folds
        parts.append(Fold(*(np.flatnonzero(part) for part in (~(test | validation), validation, test))))
    return parts


def require_disjoint_actors(train: Sequence[str], test: Sequence[str]) -> None:
    """Refuse a split in which an actor is on both sides.

    Parameters
    ----------
    train, test : sequence of str
        The actors of the clips of each side.

    Raises
    ------
    AudioCourseError
        If an actor is on both sides; the message names one.

    Notebook: 04e_emotion
    """
    shared = sorted(set(train) & set(test))
    if shared:
        raise AudioCourseError(
            f"{len(shared)} actors are in both parts, such as {shared[0]}: split by actor, not by clip."
        )


def final_states(states: FloatArray, lengths: IntArray) -> FloatArray:
    """Take the last state of each direction of a bidirectional recurrent network.

    v = [h[T − 1, :H], h[0, H:]]: the forward half has read the whole clip at its last real frame T − 1, the backward
    half at frame 0. At the last frame, h[−1], the backward half has read one frame.

    Parameters
    ----------
    states : np.ndarray [shape=(batch, frames, 2 * hidden)]
        h: the forward half first. Frames beyond the end of a clip hold padding.
    lengths : np.ndarray [shape=(batch,)]
        T: number of real frames of each clip, at least 1.

    Returns
    -------
    np.ndarray [shape=(batch, 2 * hidden)]
        v, what torch calls h_n, forward and backward.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, or a length is out of range.

    Examples
    --------
    >>> h = np.array([[[1.0, 10.0], [2.0, 20.0], [0.0, 0.0]]])
    >>> final_states(h, np.array([2])).tolist()
    [[2.0, 10.0]]

    Notebook: ex09_emotion
    """
    _real_frames(states, lengths)
    if states.shape[2] % 2:
        raise AudioCourseError(f"{states.shape[2]} numbers in a state cannot be two halves of equal size.")
    hidden = states.shape[2] // 2
    forward = states[np.arange(len(states)), lengths - 1, :hidden]
    last: FloatArray = np.concatenate([forward, states[:, 0, hidden:]], axis=1)
    return last


def masked_mean(states: FloatArray, lengths: IntArray) -> FloatArray:
    """Average over the real frames.

    v = (1 / T) Σ_{m < T} h[m]

    Parameters
    ----------
    states : np.ndarray [shape=(batch, frames, features)]
        h. Frames beyond the end of a clip hold padding, whatever it is.
    lengths : np.ndarray [shape=(batch,)]
        T: number of real frames of each clip, at least 1.

    Returns
    -------
    np.ndarray [shape=(batch, features)]
        v.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, or a length is out of range.

    Examples
    --------
    >>> masked_mean(np.array([[[1.0], [3.0], [99.0]]]), np.array([2])).tolist()
    [[2.0]]

    Notebook: 04e_emotion
    """
    real = _real_frames(states, lengths)
    mean: FloatArray = np.where(real[:, :, None], states, 0).sum(axis=1) / lengths[:, None]
    return mean


def attention_pooling(states: FloatArray, scores: FloatArray, lengths: IntArray) -> tuple[FloatArray, FloatArray]:
    """Average over the real frames with weights that the network has chosen.

    v = Σ_m α[m] h[m], with α[m] = exp e[m] / Σ_{k < T} exp e[k] for m < T, and 0 beyond.

    Equal scores give the mean; one score far above the others picks out a frame.

    Parameters
    ----------
    states : np.ndarray [shape=(batch, frames, features)]
        h. Frames beyond the end of a clip hold padding, whatever it is.
    scores : np.ndarray [shape=(batch, frames)]
        e: one score of each frame, any real numbers.
    lengths : np.ndarray [shape=(batch,)]
        T: number of real frames of each clip, at least 1.

    Returns
    -------
    pooled : np.ndarray [shape=(batch, features)]
        v.
    weights : np.ndarray [shape=(batch, frames)]
        α; each row sums to 1.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, or a length is out of range.

    Examples
    --------
    >>> pooled, weights = attention_pooling(np.array([[[1.0], [3.0], [9.0]]]), np.zeros((1, 3)), np.array([2]))
    >>> pooled.tolist(), weights.tolist()
    ([[2.0]], [[0.5, 0.5, 0.0]])

    Source: S. Mirsamadi, E. Barsoum, C. Zhang, Automatic speech emotion recognition using recurrent neural networks
    with local attention, ICASSP 2017.

    Notebook: ex09_emotion
    """
    real = _real_frames(states, lengths)
    if scores.shape != real.shape:
        raise AudioCourseError(f"The scores have shape {scores.shape}; one of each frame is needed, {real.shape}.")
    masked = np.where(real, scores, -np.inf)
    exponentials = np.exp(masked - masked.max(axis=1, keepdims=True))
    weights: FloatArray = exponentials / exponentials.sum(axis=1, keepdims=True)
    pooled: FloatArray = np.einsum("bm,bmf->bf", weights, np.where(real[:, :, None], states, 0))
    return pooled, weights


def class_weights(labels: IntArray, *, classes: int) -> FloatArray:
    """Weight each class by the inverse of its frequency, so that all classes together count alike.

    w[c] = n / (K n[c]), with n clips, n[c] of them in class c, and K classes that occur; w[c] = 0 for a class that
    does not. The mean weight of a clip is 1.

    Parameters
    ----------
    labels : np.ndarray [shape=(clips,)]
        Numbers of classes, from 0.
    classes : int
        How many classes there are, including those that do not occur.

    Returns
    -------
    np.ndarray [shape=(classes,)]
        w.

    Raises
    ------
    AudioCourseError
        If there is no clip, or a label is not one of the classes.

    Examples
    --------
    >>> class_weights(np.array([0, 0, 0, 1]), classes=3).round(2).tolist()
    [0.67, 2.0, 0.0]

    Source: G. King and L. Zeng, Logistic regression in rare events data, Political Analysis 9(2), 2001.

    Notebook: ex09_emotion
    """
    counts = np.bincount(_require_labels(labels, classes), minlength=classes)
    occurring = counts > 0
    weights: FloatArray = np.divide(counts.sum(), occurring.sum() * counts, out=np.zeros(classes), where=occurring)
    return weights


class LossAndGradient(NamedTuple):
    """The loss in nats, and its gradient with respect to the logits [shape=(batch, classes)]."""

    loss: float
    gradient: FloatArray


def weighted_cross_entropy(logits: FloatArray, labels: IntArray, weights: FloatArray) -> LossAndGradient:
    """Compute the cross-entropy with weights of the classes, and its gradient with respect to the logits.

    L = −Σ_b w[y_b] ln p[b, y_b] / Σ_b w[y_b], with ln p[b, c] = z[b, c] − ln Σ_k exp z[b, k]
    ∂L/∂z[b, c] = w[y_b] (p[b, c] − [c = y_b]) / Σ_b w[y_b]

    The largest logit of each clip is subtracted first, which keeps exp finite. For a clip that is certain and wrong,
    p − [c = y] is near −1 at the right class: the gradient is largest where it is needed. A softmax before the loss
    takes that away.

    Parameters
    ----------
    logits : np.ndarray [shape=(batch, classes)]
        z, any real numbers.
    labels : np.ndarray [shape=(batch,)]
        y: numbers of classes.
    weights : np.ndarray [shape=(classes,)]
        w ≥ 0.

    Returns
    -------
    LossAndGradient
        L and ∂L/∂z.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, a value is not finite, or all clips have the weight 0.

    Examples
    --------
    >>> loss, gradient = weighted_cross_entropy(np.zeros((1, 2)), np.array([0]), np.ones(2))
    >>> round(loss, 4), gradient.tolist()
    (0.6931, [[-0.5, 0.5]])

    Notebook: ex09_emotion
    """
    z = np.asarray(logits, dtype=np.float64)
    if z.ndim != 2 or z.size == 0 or not np.isfinite(z).all():
        raise AudioCourseError("The logits must be finite numbers, (batch, classes), at least 1 of each.")
    y = _require_labels(labels, z.shape[1])
    if y.size != len(z) or weights.shape != (z.shape[1],) or not np.all(weights >= 0):
        raise AudioCourseError(
            f"{z.shape} logits need a label of each clip and a weight ≥ 0 of each class, not {y.shape} and "
            f"{weights.shape}."
        )
    w = weights[y]  # (batch,)
    if not w.sum() > 0:
        raise AudioCourseError("All clips of the batch have the weight 0, so the loss is not defined.")
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.sum(w * log_p[np.arange(y.size), y]) / w.sum()
    gradient = w[:, None] * (np.exp(log_p) - np.eye(z.shape[1])[y]) / w.sum()
    return LossAndGradient(float(loss), gradient)


class Reading(NamedTuple):
    """What a confusion matrix says: accuracy and UAR as shares, the most confused pair of classes, and its share."""

    accuracy: float
    uar: float
    pair: tuple[int, int]
    share: float


def read_confusion(counts: IntArray) -> Reading:
    """Read a confusion matrix: accuracy, unweighted average recall, and the two classes that are confused most.

    accuracy = Σ_c n[c, c] / Σ n, UAR = mean over the classes that occur of n[c, c] / n[c], with n[c] the sum of row c.
    The share of a pair i < j is (n[i, j] / n[i] + n[j, i] / n[j]) / 2, with 0 for the row of a class that does not
    occur: shares of rows, since a frequent class has many errors of any kind.

    Parameters
    ----------
    counts : np.ndarray [shape=(classes, classes)]
        n: rows are references, columns predictions; at least 2 classes.

    Returns
    -------
    Reading
        accuracy, uar, pair (of several with the largest share, the first in the order of rows), share.

    Raises
    ------
    AudioCourseError
        If it is not a square matrix of counts, or is empty.

    Examples
    --------
    >>> reading = read_confusion(np.array([[8, 2, 0], [0, 1, 1], [0, 1, 1]]))
    >>> round(reading.accuracy, 2), round(reading.uar, 2), reading.pair, reading.share
    (0.71, 0.6, (1, 2), 0.5)

    Source of the unweighted average recall: B. Schuller, S. Steidl, A. Batliner, The INTERSPEECH 2009 emotion
    challenge, Interspeech 2009.

    Notebook: ex09_emotion
    """
    n = np.asarray(counts)
    if n.ndim != 2 or n.shape[0] != n.shape[1] or len(n) < 2 or n.dtype.kind not in "iu" or n.min() < 0:
        raise AudioCourseError("The counts must be whole numbers from 0, (classes, classes), with 2 classes or more.")
    totals = n.sum(axis=1)
    if totals.sum() == 0:
        raise AudioCourseError("The matrix is empty, so there is nothing to read.")
    shares = n / np.maximum(totals, 1)[:, None]
    uar = np.mean(np.diag(shares)[totals > 0])
    confused = np.triu((shares + shares.T) / 2, k=1)
    confused[np.tril_indices(len(n))] = -1  # so that the pair has two classes, even if nothing is confused
    i, j = np.unravel_index(confused.argmax(), n.shape)
    return Reading(float(np.trace(n) / n.sum()), float(uar), (int(i), int(j)), float(confused[i, j]))


class RecallInterval(NamedTuple):
    """UAR of a group of actors, and the ends of its 95 % confidence interval, as shares."""

    uar: float
    low: float
    high: float


def uar_interval(
    reference: IntArray, predicted: IntArray, actors: Sequence[str], *, resamples: int = 1000, seed: int = 0
) -> RecallInterval:
    """Estimate the unweighted average recall with a bootstrap interval over actors.

    Each resample draws as many actors as there are, with replacement, each with all clips; low and high are the
    quantiles 0.025 and 0.975 of its UAR. Clips of one actor are right or wrong together, so actors are drawn.

    Parameters
    ----------
    reference, predicted : np.ndarray [shape=(clips,)]
        Numbers of classes.
    actors : sequence of str
        The actor of each clip, at least 2 of them.
    resamples, seed : int
        How many resamples, and what decides them.

    Returns
    -------
    RecallInterval
        uar, low, high.

    Raises
    ------
    AudioCourseError
        If the lengths differ or there are fewer than 2 actors.

    Source: B. Efron, R. Tibshirani, An introduction to the bootstrap, 1993.

    Notebook: 04e_emotion
    """
    if len(actors) != len(reference) or len(set(actors)) < 2:
        raise AudioCourseError(f"{len(reference)} clips need an actor each, and at least 2 different ones.")
    require_positive(resamples=resamples)
    uar = balanced_accuracy(reference, predicted)
    rng = np.random.default_rng(require_seed(seed))
    names = np.array(actors)
    clips_of = [np.flatnonzero(names == actor) for actor in sorted(set(actors))]
    values = []
    for _ in range(resamples):
        drawn = np.concatenate([clips_of[place] for place in rng.integers(len(clips_of), size=len(clips_of))])
        values.append(balanced_accuracy(reference[drawn], predicted[drawn]))
    low, high = np.quantile(values, [0.025, 0.975])
    return RecallInterval(uar, float(low), float(high))


def _real_frames(states: FloatArray, lengths: IntArray) -> BoolArray:
    """Refuse what is not a batch of states with lengths; mark the real frames: (batch, frames)."""
    if states.ndim != 3 or lengths.shape != states.shape[:1] or lengths.size == 0:
        raise AudioCourseError(
            f"(batch, frames, features) and (batch,) are needed, not {states.shape}, {lengths.shape}."
        )
    if lengths.dtype.kind not in "iu" or lengths.min() < 1 or lengths.max() > states.shape[1]:
        raise AudioCourseError(f"The lengths must be whole numbers from 1 to {states.shape[1]}, the number of frames.")
    real: BoolArray = np.arange(states.shape[1]) < lengths[:, None]
    return real


def _require_labels(labels: IntArray, classes: int) -> IntArray:
    """Refuse anything but numbers of classes, (clips,), at least one."""
    y = np.asarray(labels)
    require_positive(classes=classes)
    if y.ndim != 1 or y.size == 0 or y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= classes:
        raise AudioCourseError(f"The labels must be whole numbers from 0 to {classes - 1}, one per clip.")
    return y
