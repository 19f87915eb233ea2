"""The references of chapter 4b at their ends and with bad input; their peers are in tests/parity."""

from __future__ import annotations

import math

import numpy as np
import pytest

from audiocourse import AudioCourseError
from audiocourse.classify import balanced_accuracy, cross_entropy, mixup, rejection_threshold


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_softmax_before_cross_entropy_cannot_fall_below_a_floor() -> None:
    targets = np.eye(10)
    right = 50 * targets
    assert cross_entropy(right, targets) < 1e-9
    assert cross_entropy(targets, targets) == pytest.approx(math.log(math.e + 9) - 1)  # 1.46 nats, at the very best


@pytest.mark.parametrize(
    ("logits", "targets"),
    [
        (np.zeros((2, 3)), np.zeros((2, 4))),
        (np.zeros((2, 2)), np.array([[1.0, 1.0], [0.0, 1.0]])),
        (np.zeros((2, 2)), np.array([[1.5, -0.5], [0.0, 1.0]])),
        (np.array([[np.nan, 0.0]]), np.array([[1.0, 0.0]])),
        (np.zeros((0, 2)), np.zeros((0, 2))),
        (np.zeros(2), np.array([1.0, 0.0])),
    ],
)
def test_cross_entropy_refuses_what_is_not_a_distribution_for_each_clip(
    logits: np.ndarray, targets: np.ndarray
) -> None:
    with pytest.raises(AudioCourseError):
        cross_entropy(logits, targets)


def test_mixup_is_linear_in_inputs_and_targets() -> None:
    inputs = rng().normal(size=(5, 4, 3)).astype(np.float32)
    targets = np.eye(5, dtype=np.int64)
    permutation = np.array([3, 0, 4, 1, 2])
    before = inputs.copy()
    x, y = mixup(inputs, targets, lam=0.7, permutation=permutation)
    mixing = 0.7 * np.eye(5) + 0.3 * np.eye(5)[permutation]
    np.testing.assert_allclose(x, np.tensordot(mixing, inputs, axes=1), atol=1e-6)
    np.testing.assert_allclose(y, mixing)
    np.testing.assert_allclose(y.sum(axis=1), 1)
    np.testing.assert_array_equal(inputs, before)
    assert x.dtype == np.float32
    assert y.dtype.kind == "f"


@pytest.mark.parametrize(
    ("inputs", "targets", "lam", "permutation"),
    [
        (np.zeros((2, 3)), np.eye(3), 0.5, np.array([1, 0])),
        (np.zeros((2, 3)), np.zeros(2), 0.5, np.array([1, 0])),
        (np.zeros((2, 3)), np.eye(2), 1.5, np.array([1, 0])),
        (np.zeros((2, 3)), np.eye(2), 0.5, np.array([1, 1])),
        (np.zeros((2, 3)), np.eye(2), 0.5, np.array([0])),
    ],
)
def test_mixup_refuses_sizes_shares_and_partners_that_do_not_fit(
    inputs: np.ndarray, targets: np.ndarray, lam: float, permutation: np.ndarray
) -> None:
    with pytest.raises(AudioCourseError):
        mixup(inputs, targets, lam=lam, permutation=permutation)


def test_a_constant_answer_gets_one_over_the_number_of_classes() -> None:
    reference = np.array([0] * 99 + [1])
    assert np.mean(reference == 0) == pytest.approx(0.99)
    assert balanced_accuracy(reference, np.zeros(100, dtype=int)) == 0.5


@pytest.mark.parametrize(
    ("reference", "predicted"),
    [
        (np.array([0, 1]), np.array([0])),
        (np.array([], dtype=int), np.array([], dtype=int)),
        (np.array([0.0, np.nan]), np.array([0, 1])),
        (np.array([[0, 1]]), np.array([[0, 1]])),
    ],
)
def test_balanced_accuracy_refuses_labels_that_do_not_match(reference: np.ndarray, predicted: np.ndarray) -> None:
    with pytest.raises(AudioCourseError):
        balanced_accuracy(reference, predicted)


def test_the_threshold_is_the_largest_that_keeps_the_share() -> None:
    for seed in range(20):
        values = np.round(rng(seed).random(37), 2)  # with ties
        keep = float(rng(seed + 100).uniform(0.05, 1))
        threshold = rejection_threshold(values, keep=keep)
        assert np.mean(values >= threshold) >= keep
        larger = values[values > threshold]
        assert larger.size == 0 or np.mean(values >= larger.min()) < keep


def test_a_share_that_floats_hold_inexactly_keeps_no_clip_too_many() -> None:
    values = np.linspace(0, 1, 100)
    assert 0.07 * 100 > 7
    assert np.sum(values >= rejection_threshold(values, keep=0.07)) == 7


@pytest.mark.parametrize(
    ("values", "keep"), [([], 0.5), ([0.5, np.nan], 0.5), ([0.5], 0.0), ([0.5], 1.1), ([[0.5]], 1)]
)
def test_a_threshold_needs_clips_and_a_share(values: list[float], keep: float) -> None:
    with pytest.raises(AudioCourseError):
        rejection_threshold(np.array(values), keep=keep)
