"""The references of the audio tagging tasks, in NumPy: a loss, an augmentation, and a rejection threshold."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import is_number, require_between


def cross_entropy(logits: FloatArray, targets: FloatArray) -> float:
    """Compute the mean cross-entropy between target distributions and the softmax of logits.

    L = −(1/B) Σ_b Σ_c y[b, c] · ln p[b, c], with ln p[b, c] = z[b, c] − ln Σ_k exp z[b, k]

    The largest logit of each clip is subtracted first, which does not change p and keeps exp finite.

    Parameters
    ----------
    logits : np.ndarray [shape=(batch, classes)]
        z, any real numbers.
    targets : np.ndarray [shape=(batch, classes)]
        y ≥ 0, and each row sums to 1: one-hot, or a mixture as `mixup` returns it.

    Returns
    -------
    float
        L in nats; ln(classes) for equal logits.

    Raises
    ------
    AudioCourseError
        If the shapes differ, a value is not finite, or a row of targets is not a distribution.

    Examples
    --------
    >>> round(cross_entropy(np.zeros((1, 4)), np.array([[0.0, 1.0, 0.0, 0.0]])), 4)
    1.3863

    Source: I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", 2016, § 6.2.2.3.

    Notebook: 04b_audio_tagging
    """
    z = _matrix(logits, "The logits")
    y = _matrix(targets, "The targets")
    if z.shape != y.shape:
        raise AudioCourseError(f"The logits have shape {z.shape}, the targets {y.shape}; they must be the same.")
    if np.any(y < 0) or not np.allclose(y.sum(axis=1), 1):
        raise AudioCourseError("Each row of targets must be a distribution: no negative number, and a sum of 1.")
    shifted = z - z.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-np.mean(np.sum(y * log_probabilities, axis=1)))


def mixup(
    inputs: FloatArray, targets: FloatArray, *, lam: float, permutation: NDArray[np.integer]
) -> tuple[FloatArray, FloatArray]:
    """Mix each example of a batch with another one, inputs and targets alike.

    x̃[i] = λ · x[i] + (1 − λ) · x[π(i)], ỹ[i] = λ · y[i] + (1 − λ) · y[π(i)]

    Parameters
    ----------
    inputs : np.ndarray [shape=(batch, ...)]
        x: waveforms or features.
    targets : np.ndarray [shape=(batch, classes)]
        y: one-hot, of any dtype.
    lam : float
        λ from 0 to 1; in training it is drawn from a Beta(α, α) distribution.
    permutation : np.ndarray [shape=(batch,)]
        π: the partner of each example.

    Returns
    -------
    inputs, targets : np.ndarray
        x̃ and ỹ, in the shapes of x and y; new arrays of floats.

    Raises
    ------
    AudioCourseError
        If the sizes differ, λ is not between 0 and 1, or the permutation does not hold each number once.

    Examples
    --------
    >>> x, y = mixup(np.array([[8.0], [0.0]]), np.eye(2), lam=0.75, permutation=np.array([1, 0]))
    >>> x.tolist(), y.tolist()
    ([[6.0], [2.0]], [[0.75, 0.25], [0.25, 0.75]])

    Source: H. Zhang et al., mixup: Beyond Empirical Risk Minimization, ICLR 2018, arXiv:1710.09412.

    Notebook: 04b_audio_tagging
    """
    weight = require_between("lam", lam, 0, 1)
    if len(inputs) != len(targets) or np.ndim(targets) != 2:
        raise AudioCourseError(
            f"Each of {len(inputs)} inputs needs a row of targets, (batch, classes), but they are {np.shape(targets)}."
        )
    if not np.array_equal(np.sort(permutation), np.arange(len(inputs))):
        raise AudioCourseError(f"The permutation must hold each number from 0 to {len(inputs) - 1} exactly once.")
    mixed_inputs: FloatArray = weight * inputs + (1 - weight) * inputs[permutation]
    mixed_targets: FloatArray = weight * targets + (1 - weight) * targets[permutation]
    return mixed_inputs, mixed_targets


def rejection_threshold(top_probabilities: FloatArray, *, keep: float) -> float:
    """Find the largest threshold on the top probability that keeps a share of the development clips.

    t = max {t : #{i : p[i] ≥ t} ≥ keep · n}, the value at place ⌈keep · n⌉ of p in decreasing order

    A clip whose top probability is below t is rejected: it belongs to none of the classes.

    Parameters
    ----------
    top_probabilities : np.ndarray [shape=(clips,)]
        p: the probability of the top class, for development clips that belong to a class.
    keep : float
        Share of these clips to be kept, above 0 and at most 1.

    Returns
    -------
    float
        t, one of the values of p.

    Raises
    ------
    AudioCourseError
        If there is no clip, a value is not finite, or the share is out of range.

    Examples
    --------
    >>> rejection_threshold(np.array([0.9, 0.5, 0.8, 0.99]), keep=0.75)
    0.8

    Source: D. Hendrycks and K. Gimpel, A Baseline for Detecting Misclassified and Out-of-Distribution Examples in
    Neural Networks, ICLR 2017, arXiv:1610.02136.

    Notebook: 04b_audio_tagging
    """
    p = np.asarray(top_probabilities, dtype=np.float64)
    if p.ndim != 1 or p.size == 0 or not np.isfinite(p).all():
        raise AudioCourseError("The top probabilities must be finite numbers, (clips,), of at least 1 clip.")
    if not is_number(keep) or not 0 < keep <= 1:
        raise AudioCourseError(f"keep is {keep!r}, but it must be a share above 0 and at most 1.")
    kept = math.ceil(keep * p.size - 1e-9)  # 0.07 · 100 is 7.000000000000001 in floats
    return float(np.sort(p)[::-1][kept - 1])


def _matrix(values: FloatArray, subject: str) -> FloatArray:
    """Refuse anything that is not a finite matrix (batch, classes) with at least one of each; return it in float64."""
    matrix: FloatArray = np.asarray(values, dtype=np.float64)
    if matrix.ndim != 2 or matrix.size == 0 or not np.isfinite(matrix).all():
        raise AudioCourseError(f"{subject} must be finite numbers, (batch, classes), at least 1 of each.")
    return matrix
