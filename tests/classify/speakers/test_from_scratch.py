"""Pooling and losses against torch and against loops; the known wrong variants fail."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.classify.speakers import from_scratch as speakers
from audiocourse.classify.speakers.losses import AamSoftmax, Ge2eLoss
from audiocourse.classify.speakers.model import pool_statistics
from audiocourse.signal import FloatArray
from audiocourse.zoo.batching import padding_mask

CLOSE = 1e-5  # float32 of torch against float64


def units(rng: np.random.Generator, *shape: int) -> FloatArray:
    return speakers.unit_vectors(rng.standard_normal(shape))


# --- pooling ----------------------------------------------------------------------------------------------------------


def test_statistics_are_those_of_each_utterance_alone(rng: np.random.Generator) -> None:
    lengths = np.array([7, 1, 4])
    states = rng.standard_normal((3, 7, 5))
    pooled = speakers.statistics_pooling(states, lengths)
    for row, h, length in zip(pooled, states, lengths, strict=True):
        assert row[:5] == pytest.approx(h[:length].mean(axis=0))
        assert row[5:] == pytest.approx(np.maximum(h[:length].std(axis=0), 1e-3))


def test_what_stands_in_the_padding_has_no_effect(rng: np.random.Generator) -> None:
    states = rng.standard_normal((2, 6, 3))
    lengths = np.array([4, 6])
    before = speakers.statistics_pooling(states, lengths)
    states[0, 4:] = np.nan
    assert np.array_equal(speakers.statistics_pooling(states, lengths), before)


def test_the_mean_over_all_frames_of_the_guide_is_another_one(rng: np.random.Generator) -> None:
    states = rng.standard_normal((2, 20, 3))
    states[0, 5:] = 0  # padding
    pooled = speakers.statistics_pooling(states, np.array([5, 20]))
    assert states[0].mean(axis=0) == pytest.approx(pooled[0, :3] / 4)


def test_the_network_pools_likewise(rng: np.random.Generator) -> None:
    lengths = np.array([9, 2, 5])
    states = rng.standard_normal((3, 9, 4)).astype(np.float32)
    mask = padding_mask(torch.from_numpy(lengths), 9)
    in_torch = pool_statistics(torch.from_numpy(states), mask)
    assert in_torch.numpy() == pytest.approx(speakers.statistics_pooling(states, lengths), abs=CLOSE)


def test_constant_states_have_a_gradient() -> None:
    """The root of a variance of 0 has an infinite slope: NaN, unless the variance has a least value."""
    states = torch.ones(1, 3, 2, requires_grad=True)
    torch.autograd.backward(pool_statistics(states, torch.zeros(1, 3, dtype=torch.bool)).sum())
    assert states.grad is not None and torch.isfinite(states.grad).all()


@pytest.mark.parametrize("lengths", [[0, 2], [2, 4], [2], [[2, 2]], [1.5, 2.0]])
def test_lengths_that_do_not_fit(lengths: list[float], refuses: Refuses) -> None:
    with refuses("ength"):
        speakers.statistics_pooling(np.zeros((2, 3, 1)), np.array(lengths))


# --- similarity -------------------------------------------------------------------------------------------------------


def test_similarities_are_those_of_torch(rng: np.random.Generator) -> None:
    a = rng.standard_normal((4, 6))
    b = 9 * rng.standard_normal((3, 6))
    peer = torch.nn.functional.cosine_similarity(torch.from_numpy(a)[:, None], torch.from_numpy(b)[None], dim=2)
    assert speakers.cosine_similarities(a, b) == pytest.approx(peer.numpy(), abs=1e-12)


@pytest.mark.parametrize("bad", [np.zeros((1, 2)), np.array([[np.nan, 1.0]]), np.ones((1, 2), int), np.zeros((0, 2))])
def test_vectors_without_a_direction(bad: FloatArray, refuses: Refuses) -> None:
    with refuses("mbedding"):
        speakers.cosine_similarities(bad, np.ones((1, 2)))


def test_vectors_of_two_encoders(refuses: Refuses) -> None:
    with refuses("(1, 2)", "(1, 3)", "one encoder"):
        speakers.cosine_similarities(np.ones((1, 2)), np.ones((1, 3)))


# --- GE2E -------------------------------------------------------------------------------------------------------------


def ge2e_by_loops(e: FloatArray, *, scale: float, offset: float, exclusive: bool = True) -> float:
    """The definition, utterance by utterance."""
    total = 0.0
    for j, i in np.ndindex(e.shape[:2]):
        logits = []
        for k in range(len(e)):
            kept = [row for n, row in enumerate(e[k]) if not (exclusive and k == j and n == i)]
            centroid = np.mean(kept, axis=0)
            cosine = e[j, i] @ centroid / (np.linalg.norm(e[j, i]) * np.linalg.norm(centroid))
            logits.append(scale * cosine + offset)
        total -= logits[j] - math.log(sum(math.exp(s) for s in logits))
    return float(total / (e.shape[0] * e.shape[1]))


@pytest.mark.parametrize("shape", [(2, 2, 3), (5, 4, 8)])
def test_ge2e_is_its_definition(rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    e = units(rng, *shape)
    loss = speakers.ge2e_loss(e, scale=7.0, offset=-2.0)
    assert loss == pytest.approx(ge2e_by_loops(e, scale=7.0, offset=-2.0), rel=1e-12)


def test_a_centroid_that_includes_the_utterance_makes_it_look_better(rng: np.random.Generator) -> None:
    e = units(rng, 8, 2, 16)  # random directions: there is nothing to recognise
    assert speakers.ge2e_loss(e) > np.log(8)
    assert ge2e_by_loops(e, scale=10.0, offset=-5.0, exclusive=False) < 0.5 * np.log(8)


def test_ge2e_of_torch_is_the_same_and_has_gradients(rng: np.random.Generator) -> None:
    e = units(rng, 4, 3, 6)
    module = Ge2eLoss()
    tensor = torch.tensor(e, dtype=torch.float32, requires_grad=True)
    loss = module(tensor)
    assert loss.item() == pytest.approx(speakers.ge2e_loss(e), abs=CLOSE)
    loss.backward()
    assert tensor.grad is not None and float(tensor.grad.abs().max()) > 0
    assert module.scale.grad is not None and float(module.scale.grad) != 0


def test_a_step_down_the_gradient_lowers_ge2e(rng: np.random.Generator) -> None:
    tensor = torch.tensor(units(rng, 4, 3, 6), dtype=torch.float32, requires_grad=True)
    module = Ge2eLoss()
    before = module(tensor)
    before.backward()
    assert tensor.grad is not None
    moved = torch.nn.functional.normalize(tensor.detach() - 0.05 * tensor.grad, dim=-1)
    assert module(moved).item() < before.item()


@pytest.mark.parametrize("shape", [(1, 3, 4), (3, 1, 4), (3, 4)])
def test_a_batch_that_has_nothing_to_compare(shape: tuple[int, ...], refuses: Refuses) -> None:
    with refuses("two speakers", str(shape)):
        speakers.ge2e_loss(np.ones(shape))


# --- AAM-softmax ------------------------------------------------------------------------------------------------------


def test_without_a_margin_it_is_the_cross_entropy_of_cosines(rng: np.random.Generator) -> None:
    e = units(rng, 6, 5)
    w = rng.standard_normal((4, 5))
    labels = rng.integers(4, size=6)
    logits = torch.from_numpy(30 * speakers.cosine_similarities(e, w))
    peer = torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels))
    assert speakers.aam_softmax_loss(e, w, labels, margin=0.0) == pytest.approx(float(peer))


def test_the_margin_is_added_to_the_angle(rng: np.random.Generator) -> None:
    e = units(rng, 6, 5)
    w = units(rng, 4, 5)
    labels = rng.integers(4, size=6)
    theta = torch.arccos(torch.from_numpy(e @ w.T))
    theta[torch.arange(6), torch.from_numpy(labels)] += 0.3
    peer = torch.nn.functional.cross_entropy(12 * torch.cos(theta), torch.from_numpy(labels))
    assert theta.max() < np.pi, "the case of this test"
    assert speakers.aam_softmax_loss(e, w, labels, margin=0.3, scale=12.0) == pytest.approx(float(peer))


def test_a_margin_makes_the_task_harder(rng: np.random.Generator) -> None:
    e, w = units(rng, 6, 5), units(rng, 4, 5)
    labels = rng.integers(4, size=6)
    losses = [speakers.aam_softmax_loss(e, w, labels, margin=margin) for margin in (0.0, 0.2, 0.5)]
    assert losses[0] < losses[1] < losses[2]


def test_the_loss_rises_with_the_angle_up_to_the_opposite_direction() -> None:
    """cos(θ + m) alone would fall again beyond π − m, and reward an embedding for being as wrong as possible."""
    theta = np.linspace(0.01, np.pi - 0.01, 60)
    e = np.column_stack([np.cos(theta), np.sin(theta), np.zeros(60)])
    w = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    losses = [speakers.aam_softmax_loss(row[None], w, np.array([0]), margin=0.5, scale=5.0) for row in e]
    assert np.all(np.diff(losses) > 0)


@pytest.mark.parametrize("flipped", [False, True])
def test_aam_softmax_of_torch_is_the_same_and_has_gradients(rng: np.random.Generator, flipped: bool) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        module = AamSoftmax(5, 4, margin=0.3, scale=12.0)
    w = module.weight.detach().numpy().astype(np.float64)
    labels = rng.integers(4, size=6)
    e = -speakers.unit_vectors(w)[labels] + 0.02 * units(rng, 6, 5) if flipped else units(rng, 6, 5)
    e = speakers.unit_vectors(e)
    tensor = torch.tensor(e, dtype=torch.float32, requires_grad=True)
    loss = module(tensor, torch.from_numpy(labels))
    reference = speakers.aam_softmax_loss(e, w, labels, margin=0.3, scale=12.0)
    assert loss.item() == pytest.approx(reference, rel=1e-4)
    loss.backward()
    assert tensor.grad is not None and torch.isfinite(tensor.grad).all() and float(tensor.grad.abs().max()) > 0
    assert module.weight.grad is not None and float(module.weight.grad.abs().max()) > 0


@pytest.mark.parametrize(
    ("labels", "word"), [([0, 2], "from 0 to 2"), ([-1, 0], "from -1"), ([0], "2 embeddings"), ([0.0, 1.0], "float")]
)
def test_labels_that_do_not_fit(labels: list[float], word: str, refuses: Refuses) -> None:
    with refuses(word):
        speakers.aam_softmax_loss(np.eye(2), np.eye(2), np.array(labels))


@pytest.mark.parametrize(("margin", "scale"), [(-0.1, 30.0), (2.0, 30.0), (0.2, 0.0)])
def test_options_out_of_range(margin: float, scale: float, refuses: Refuses) -> None:
    with refuses("margin"):
        speakers.aam_softmax_loss(np.eye(2), np.eye(2), np.array([0, 1]), margin=margin, scale=scale)
