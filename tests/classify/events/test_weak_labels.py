"""Pooling of frame probabilities into clip probabilities."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse import AudioCourseError
from audiocourse.classify.events.weak_labels import POOLINGS, linear_softmax_pooling, pool

P = np.random.default_rng(3).random((2, 30, 3))
LENGTHS = np.array([30, 12])


def test_it_is_the_mean_weighted_by_the_probabilities_themselves() -> None:
    expected = [np.average(p[:n], axis=0, weights=None) for p, n in zip(P, LENGTHS, strict=True)]
    weighted = [[np.average(p[:n, c], weights=p[:n, c]) for c in range(3)] for p, n in zip(P, LENGTHS, strict=True)]
    np.testing.assert_allclose(linear_softmax_pooling(P, LENGTHS), weighted)
    np.testing.assert_allclose(pool(P, LENGTHS, how="mean"), expected)


def test_it_lies_between_the_mean_and_the_maximum() -> None:
    mean, largest, ours = (pool(P, LENGTHS, how=how) for how in ("mean", "max", "linear softmax"))
    assert np.all(mean < ours)
    assert np.all(ours < largest)


@pytest.mark.parametrize("how", POOLINGS)
@pytest.mark.parametrize("padding", [0.0, 1.0, np.nan, -5.0])
def test_padding_counts_in_no_pooling(how: str, padding: float) -> None:
    padded = P.copy()
    padded[1, 12:] = padding
    np.testing.assert_allclose(pool(padded, LENGTHS, how=how)[1], pool(P[1:, :12], LENGTHS[1:], how=how)[0])


def test_where_every_probability_is_0_so_is_the_clip() -> None:
    assert linear_softmax_pooling(np.zeros((1, 5, 2)), np.array([5])).tolist() == [[0, 0]]


def test_sure_frames_are_pushed_up_and_unsure_frames_down() -> None:
    """The gradient that the docstring states, by automatic differentiation."""
    p = torch.tensor([0.9, 0.5, 0.3, 0.1], dtype=torch.float64, requires_grad=True)
    pooled = (p**2).sum() / p.sum()
    pooled.backward()  # type: ignore[no-untyped-call]
    values = p.detach()
    np.testing.assert_allclose(p.grad, (2 * values - pooled.item()) / values.sum())
    assert p.grad is not None
    assert ((p.grad > 0) == (values > pooled.item() / 2)).all()


@pytest.mark.parametrize(
    ("probabilities", "lengths", "sentence"),
    [
        (np.zeros((5, 2)), np.array([5]), "batch, frames, classes"),
        (np.zeros((1, 5, 2)), np.array([5, 5]), "batch, frames, classes"),
        (np.zeros((1, 5, 2)), np.array([6]), "do not fit 5 frames"),
        (np.zeros((1, 5, 2)), np.array([0]), "do not fit 5 frames"),
        (np.zeros((1, 5, 2)), np.array([5.0]), "whole numbers"),
        (np.full((1, 5, 2), np.nan), np.array([5]), "probability"),
        (np.full((1, 5, 2), 1.2), np.array([5]), "probability"),
    ],
)
def test_what_is_not_a_batch_of_probabilities_is_refused(
    probabilities: np.ndarray, lengths: np.ndarray, sentence: str
) -> None:
    with pytest.raises(AudioCourseError, match=sentence):
        linear_softmax_pooling(probabilities, lengths)


def test_an_unknown_pooling_is_refused() -> None:
    with pytest.raises(AudioCourseError, match="no pooling 'median'"):
        pool(P, LENGTHS, how="median")
