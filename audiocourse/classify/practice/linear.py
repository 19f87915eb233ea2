"""A linear classifier: the baseline beside the networks of chapter 4b, and the layer on top of their embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_positive
from audiocourse.signal import FloatArray

_STEPS = 500
_SMALLEST_SPREAD = 1e-6  # of a feature that is the same in all clips


@dataclass(frozen=True, eq=False)
class LinearClassifier:
    """p = softmax((x − μ) / s · W + b): mean and spread (features,), weights (features, classes), bias (classes,)."""

    mean: FloatArray
    spread: FloatArray
    weights: FloatArray
    bias: FloatArray

    def probabilities(self, features: FloatArray) -> FloatArray:
        """Return the probability of each class: (clips, features) -> (clips, classes)."""
        logits = (features - self.mean) / self.spread @ self.weights + self.bias
        result: FloatArray = softmax(logits, axis=1)
        return result


def fit_linear(
    features: FloatArray, labels: NDArray[np.integer], *, classes: int, penalty: float = 0.01
) -> LinearClassifier:
    """Fit a linear classifier to clips (multinomial logistic regression).

    Minimises the mean cross-entropy + (λ / 2) Σ W², with standardised features, from W = 0 (L-BFGS). The loss has a
    single minimum, so the result is not random.

    Parameters
    ----------
    features : np.ndarray [shape=(clips, features)]
        x, such as mean and deviation of each mel band.
    labels : np.ndarray [shape=(clips,)]
        Numbers of classes, from 0.
    classes : int
        Their number.
    penalty : float
        λ. Without it, the weights of separable classes grow without end.

    Returns
    -------
    LinearClassifier
        The fitted classifier.

    Raises
    ------
    AudioCourseError
        If the numbers of clips differ, a feature is not finite, or a label is not one of the classes.

    Source: T. Hastie, R. Tibshirani and J. Friedman, The Elements of Statistical Learning, 2009, section 4.4.

    Notebook: 04b_audio_tagging
    """
    x = np.asarray(features, dtype=np.float64)
    require_positive(classes=classes)
    require_between("penalty", penalty, 0, 1e6)
    if x.ndim != 2 or len(x) != len(labels) or len(x) == 0 or not np.isfinite(x).all():
        raise AudioCourseError(
            f"Finite features, (clips, features), and a label of each clip are needed, not {x.shape} and {len(labels)}."
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
        raise AudioCourseError(f"The labels must be whole numbers from 0 to {classes - 1}.")
    mean = x.mean(axis=0)
    spread = np.maximum(x.std(axis=0), _SMALLEST_SPREAD)
    z = np.column_stack([(x - mean) / spread, np.ones(len(x))])  # (clips, features + 1)
    targets = np.eye(classes)[labels]  # (clips, classes)
    shrunk = np.append(np.full(x.shape[1], penalty), 0.0)[:, None]  # not the bias

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        w = flat.reshape(-1, classes)
        logits = z @ w
        value = -np.sum(targets * log_softmax(logits, axis=1)) / len(z) + np.sum(shrunk * w**2) / 2
        gradient = z.T @ (softmax(logits, axis=1) - targets) / len(z) + shrunk * w
        return float(value), gradient.ravel()

    start = np.zeros(z.shape[1] * classes)
    w = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x.reshape(-1, classes)
    return LinearClassifier(mean, spread, w[:-1], w[-1])
