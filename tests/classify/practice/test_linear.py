"""The linear classifier against scikit-learn's, and with bad input."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from audiocourse import AudioCourseError
from audiocourse.classify.practice.linear import fit_linear


def blobs(seed: int, classes: int = 3, features: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping clouds, in features of very different size."""
    generator = np.random.default_rng(seed)
    labels = np.arange(60) % classes
    centres = 2 * generator.normal(size=(classes, features))
    return (centres[labels] + generator.normal(size=(60, features))) * [1, 10, 0.1, 1], labels


def test_probabilities_equal_those_of_scikit_learn() -> None:
    x, labels = blobs(0)
    new, _ = blobs(1)
    fitted = fit_linear(x, labels, classes=3, penalty=0.05)
    peer = LogisticRegression(C=1 / (0.05 * len(x)), tol=1e-8, max_iter=1000)
    peer.fit((x - x.mean(axis=0)) / x.std(axis=0), labels)
    expected = peer.predict_proba((new - x.mean(axis=0)) / x.std(axis=0))
    np.testing.assert_allclose(fitted.probabilities(new), expected, atol=2e-3)


def test_a_feature_that_never_varies_does_no_harm() -> None:
    x, labels = blobs(0)
    x[:, 2] = 7.0
    probabilities = fit_linear(x, labels, classes=3).probabilities(x)
    assert np.isfinite(probabilities).all()
    assert np.mean(probabilities.argmax(axis=1) == labels) > 0.7


def test_a_class_without_a_clip_becomes_improbable() -> None:
    x, labels = blobs(0)
    assert fit_linear(x, labels, classes=4).probabilities(x)[:, 3].max() < 0.2


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        (np.zeros((2, 3)), np.array([0])),
        (np.full((1, 3), np.nan), np.array([0])),
        (np.zeros((2, 3)), np.array([0, 2])),
        (np.zeros((2, 3)), np.array([0, -1])),
        (np.zeros((2, 3)), np.array([0.0, 1.0])),
        (np.zeros((0, 3)), np.array([], dtype=int)),
    ],
)
def test_examples_that_do_not_fit_are_refused(x: np.ndarray, labels: np.ndarray) -> None:
    with pytest.raises(AudioCourseError):
        fit_linear(x, labels, classes=2)
