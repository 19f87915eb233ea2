"""A linear classifier, the baseline beside each network of chapter 4b."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from audiocourse.signal import FloatArray


@dataclass(frozen=True, eq=False)
class LinearClassifier:
    """softmax(W (x − μ) / s + b): mean and spread (features,), weights (features, classes), bias (classes,)."""

    mean: FloatArray
    spread: FloatArray
    weights: FloatArray
    bias: FloatArray

    def probabilities(self, features: FloatArray) -> FloatArray:
        """Return the probability of each class: (clips, features) -> (clips, classes)."""
        result: FloatArray = softmax((features - self.mean) / self.spread @ self.weights + self.bias, axis=1)
        return result


def fit_linear(features: FloatArray, labels: NDArray[np.int64], *, classes: int, penalty: float = 0.01):
    x = np.asarray(features, dtype=np.float64)
    mean = x.mean(axis=0)
    spread = x.std(axis=0) + 1e-6
    z = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    y = np.eye(classes)[labels]
    shrunk = np.append(np.full(x.shape[1], penalty), 0.0)[:, None]

    def loss(flat):
        w = flat.reshape(z.shape[1], classes)
        logits = z @ w
        value = -np.sum(y * log_softmax(logits, axis=1)) / len(z) + 0.5 * np.sum(shrunk * w**2)
        gradient = z.T @ (softmax(logits, axis=1) - y) / len(z) + shrunk * w
        return value, gradient.ravel()

    w = minimize(loss, np.zeros(z.shape[1] * classes), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    w = w.reshape(z.shape[1], classes)
    return LinearClassifier(mean, spread, w[:-1], w[-1])
