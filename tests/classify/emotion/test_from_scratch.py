"""Emotion references: equal to other libraries, and properties that the known wrong variants do not have."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix
from sklearn.utils.class_weight import compute_class_weight
from torch import nn

from audiocourse import AudioCourseError
from audiocourse.classify.emotion.from_scratch import (
    actor_folds,
    attention_pooling,
    class_weights,
    concordance_correlation,
    final_states,
    fleiss_kappa,
    masked_mean,
    read_confusion,
    require_disjoint_actors,
    softmax_floor,
    uar_interval,
    weighted_cross_entropy,
)
from audiocourse.learn.checking.registry import load_by_path

golden = load_by_path(Path(__file__).with_name("golden.py"))
SAVED: dict[str, Any] = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))
CLASSES = 7


# ---------------------------------------------------------------- agreement and continuous scales


@pytest.mark.parametrize("seed", range(12))
def test_agreement_is_that_of_statsmodels(seed: int) -> None:
    assert fleiss_kappa(golden.ratings(seed)) == pytest.approx(SAVED["fleiss_kappa"][seed], abs=1e-12)


def test_raters_who_guess_agree_by_chance_however_common_a_class_is() -> None:
    rng = np.random.default_rng(0)
    guessed = rng.multinomial(5, [0.9, 0.05, 0.05], size=4000)
    assert np.mean(guessed.max(axis=1)) > 4  # of 5 raters: a high share agrees
    assert fleiss_kappa(guessed) == pytest.approx(0, abs=0.03)  # the spread over 4000 clips is about 0.01


def test_unanimous_ratings_of_one_class_say_nothing_about_agreement() -> None:
    assert math.isnan(fleiss_kappa(np.array([[3, 0], [3, 0]])))


@pytest.mark.parametrize("counts", [[[3, 0], [1, 1]], [[1, 0], [0, 1]], [[-1, 3]], [[0.5, 1.5]], [1, 2], []])
def test_ratings_that_do_not_fit_are_refused(counts: list) -> None:
    with pytest.raises(AudioCourseError):
        fleiss_kappa(np.array(counts))


@pytest.mark.parametrize("seed", range(12))
def test_concordance_is_that_of_audmetric(seed: int) -> None:
    assert concordance_correlation(*golden.scales(seed)) == pytest.approx(SAVED["concordance"][seed], abs=1e-12)


def test_concordance_notices_what_correlation_does_not() -> None:
    r = np.linspace(-1, 1, 9)
    for wrong in (r / 2, r + 0.5, 2 * r - 1):
        assert np.corrcoef(r, wrong)[0, 1] == pytest.approx(1)
        assert concordance_correlation(r, wrong) < 0.9
    assert concordance_correlation(r, np.zeros(9)) == 0
    assert concordance_correlation(r, -r) == pytest.approx(-1)


@pytest.mark.parametrize(("r", "p"), [([1.0], [1.0]), ([1, 2], [1, 2, 3]), ([1, np.nan], [1, 2]), ([2, 2], [2, 2])])
def test_scales_that_do_not_fit_are_refused(r: list, p: list) -> None:
    with pytest.raises(AudioCourseError):
        concordance_correlation(np.array(r, float), np.array(p, float))


# ---------------------------------------------------------------- loss


@pytest.mark.parametrize("seed", range(4))
def test_loss_and_gradient_are_those_of_torch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    logits = [1.0, 10.0, 1000.0, 0.01][seed] * rng.normal(size=(9, CLASSES))
    labels = rng.integers(CLASSES, size=9)
    weights = rng.uniform(0, 3, CLASSES)
    z = torch.tensor(logits, requires_grad=True)
    peer = nn.functional.cross_entropy(z, torch.from_numpy(labels), torch.from_numpy(weights))
    peer.backward()
    loss, gradient = weighted_cross_entropy(logits, labels, weights)
    assert loss == pytest.approx(peer.item(), rel=1e-10)
    assert z.grad is not None
    assert gradient == pytest.approx(z.grad.numpy(), abs=1e-12)


def softmax(z: np.ndarray) -> np.ndarray:
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def test_a_certain_and_right_network_reaches_no_loss_but_not_after_another_softmax() -> None:
    labels = np.arange(CLASSES)
    certain = 50 * np.eye(CLASSES)
    assert weighted_cross_entropy(certain, labels, np.ones(CLASSES)).loss < 1e-12
    after_softmax = weighted_cross_entropy(softmax(certain), labels, np.ones(CLASSES)).loss
    assert after_softmax == pytest.approx(softmax_floor(CLASSES), abs=1e-9)
    assert softmax_floor(CLASSES) == pytest.approx(1.165, abs=5e-4)  # the guide's seven classes


def test_a_softmax_before_the_loss_hides_the_largest_errors_from_training() -> None:
    wrong = torch.zeros(1, CLASSES, dtype=torch.float64)
    wrong[0, 1] = 12  # certain, and wrong
    slopes = []
    for before in (lambda z: z, lambda z: z.softmax(dim=1)):
        z = wrong.clone().requires_grad_()
        nn.functional.cross_entropy(before(z), torch.tensor([0])).backward()
        assert z.grad is not None
        slopes.append(float(z.grad.norm()))
    assert slopes[0] > 1.3
    assert slopes[1] < 1e-4


def test_rare_classes_weigh_as_much_as_frequent_ones() -> None:
    labels = np.random.default_rng(1).choice(CLASSES, 300, p=[0.5, 0.2, 0.1, 0.08, 0.06, 0.04, 0.02])
    weights = class_weights(labels, classes=CLASSES)
    peer = compute_class_weight("balanced", classes=np.arange(CLASSES), y=labels)
    assert weights == pytest.approx(peer, rel=1e-12)
    assert np.mean(weights[labels]) == pytest.approx(1)
    totals = np.bincount(labels, weights=weights[labels])
    assert totals == pytest.approx(np.full(CLASSES, totals[0]))


def test_a_class_without_clips_has_no_weight() -> None:
    assert class_weights(np.array([0, 2, 2, 2]), classes=4).tolist() == pytest.approx([2, 0, 2 / 3, 0])


@pytest.mark.parametrize("labels", [[], [0, 7], [-1], [0.5], [[0]]])
def test_labels_that_are_no_classes_are_refused(labels: list) -> None:
    with pytest.raises(AudioCourseError):
        class_weights(np.array(labels), classes=CLASSES)
    with pytest.raises(AudioCourseError):
        weighted_cross_entropy(np.zeros((2, CLASSES)), np.array(labels), np.ones(CLASSES))


@pytest.mark.parametrize(
    ("logits", "labels", "weights"),
    [
        (np.full((1, 2), np.nan), [0], [1, 1]),
        (np.zeros((2, 2)), [0], [1, 1]),
        (np.zeros((1, 2)), [0], [1]),
        (np.zeros((1, 2)), [0], [0, 1]),
        (np.zeros((1, 2)), [0], [-1, 1]),
    ],
)
def test_losses_that_are_not_defined_are_refused(logits: np.ndarray, labels: list, weights: list) -> None:
    with pytest.raises(AudioCourseError):
        weighted_cross_entropy(logits, np.array(labels), np.array(weights, float))


def test_a_floor_needs_two_classes() -> None:
    with pytest.raises(AudioCourseError):
        softmax_floor(1)


# ---------------------------------------------------------------- actors


@pytest.mark.parametrize(("actors", "folds"), [(3, 3), (10, 5), (11, 4), (24, 6)])
def test_each_actor_is_tested_once_and_is_in_one_part_of_each_fold(actors: int, folds: int) -> None:
    cast = np.random.default_rng(0).permutation([f"actor {a}" for a in range(actors) for _ in range(1 + a % 4)])
    parts = actor_folds(cast.tolist(), folds=folds, seed=3)
    for fold in parts:
        assert sorted(np.concatenate(fold).tolist()) == list(range(len(cast)))
        for a, b in ((0, 1), (0, 2), (1, 2)):
            require_disjoint_actors(cast[fold[a]].tolist(), cast[fold[b]].tolist())
    tested = [set(cast[fold.test]) for fold in parts]
    assert sum(map(len, tested)) == len(set().union(*tested)) == actors
    assert max(map(len, tested)) - min(map(len, tested)) <= 1
    assert all(set(cast[fold.validation]) == tested[(f + 1) % folds] for f, fold in enumerate(parts))


def test_folds_by_clip_would_share_actors() -> None:
    cast = ["a", "b", "c", "d"] * 5
    half = np.random.default_rng(0).permutation(20)
    with pytest.raises(AudioCourseError, match="by actor"):
        require_disjoint_actors([cast[i] for i in half[:10]], [cast[i] for i in half[10:]])


def test_the_seed_decides_the_folds_but_not_the_order_of_the_clips() -> None:
    cast = [f"actor {a}" for a in range(9)] * 2
    tested = [{cast[i] for i in actor_folds(cast, folds=3, seed=seed)[0].test} for seed in range(4)]
    assert len({frozenset(group) for group in tested}) > 1
    turned = cast[::-1]
    assert {turned[i] for i in actor_folds(turned, folds=3, seed=0)[0].test} == tested[0]


@pytest.mark.parametrize(("cast", "folds"), [(["a", "b", "c"], 2), (["a", "b", "c"], 4), ([], 3)])
def test_folds_that_cannot_be_are_refused(cast: list, folds: int) -> None:
    with pytest.raises(AudioCourseError):
        actor_folds(cast, folds=folds, seed=0)


# ---------------------------------------------------------------- pooling


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.normal(size=(4, 9, 6)), 3 * rng.normal(size=(4, 9)), np.array([9, 4, 1, 7])


def test_the_last_states_are_those_of_torch() -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(3, 5, batch_first=True, bidirectional=True)
    lengths = torch.tensor([9, 4, 1, 7])
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(4, 9, 3), lengths, batch_first=True, enforce_sorted=False)
    with torch.no_grad():
        states, (h_n, _) = lstm(packed)
        states, _ = nn.utils.rnn.pad_packed_sequence(states, batch_first=True)
    right = torch.cat([h_n[0], h_n[1]], dim=1).numpy()
    assert final_states(states.numpy(), lengths.numpy()) == pytest.approx(right)
    assert np.abs(states.numpy()[:, -1] - right).max() > 0.1  # the guide's states[:, -1]


def test_pooling_ignores_padding_even_if_it_is_nan(batch: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    states, scores, lengths = batch
    dirty = np.where(np.arange(9)[None, :, None] < lengths[:, None, None], states, np.nan)
    high = np.where(np.arange(9) < lengths[:, None], scores, 100.0)
    assert masked_mean(dirty, lengths) == pytest.approx(masked_mean(states, lengths))
    pooled, weights = attention_pooling(dirty, high, lengths)
    for clip, length in enumerate(lengths):
        alone = attention_pooling(states[clip : clip + 1, :length], scores[clip : clip + 1, :length], lengths[[clip]])
        assert pooled[clip] == pytest.approx(alone[0][0])
        assert weights[clip, :length] == pytest.approx(alone[1][0])
        assert not weights[clip, length:].any()


def test_attention_is_that_of_torch(batch: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    states, scores, lengths = batch
    mask = torch.from_numpy(np.arange(9) < lengths[:, None])
    scale = np.sqrt(1)  # with a query of one number, keys that are the scores
    peer = nn.functional.scaled_dot_product_attention(
        torch.ones(4, 1, 1, dtype=torch.float64) * scale,
        torch.from_numpy(scores)[:, :, None],
        torch.from_numpy(states),
        attn_mask=mask[:, None],
    )
    assert attention_pooling(states, scores, lengths)[0] == pytest.approx(peer[:, 0].numpy())


def test_equal_scores_give_the_mean_and_a_high_one_picks_a_frame(
    batch: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    states, _, lengths = batch
    scores = np.full((4, 9), 700.0)
    assert attention_pooling(states, scores, lengths)[0] == pytest.approx(masked_mean(states, lengths))
    scores[:, 0] = 2000
    assert attention_pooling(states, scores, lengths)[0] == pytest.approx(states[:, 0])


@pytest.mark.parametrize("lengths", [[9, 4, 0, 7], [10, 4, 1, 7], [9, 4, 1], [9.0, 4.0, 1.0, 7.0]])
def test_lengths_that_do_not_fit_are_refused(batch: tuple[np.ndarray, np.ndarray, np.ndarray], lengths: list) -> None:
    states, scores, _ = batch
    for pool in (final_states, masked_mean):
        with pytest.raises(AudioCourseError):
            pool(states, np.array(lengths))
    with pytest.raises(AudioCourseError):
        attention_pooling(states, scores, np.array(lengths))


def test_shapes_that_do_not_fit_are_refused(batch: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    states, scores, lengths = batch
    with pytest.raises(AudioCourseError):
        attention_pooling(states, scores[:, :5], lengths)
    with pytest.raises(AudioCourseError):
        final_states(states[:, :, :5], lengths)


# ---------------------------------------------------------------- scores


@pytest.mark.parametrize("seed", range(5))
def test_a_matrix_holds_the_scores_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference = rng.choice(CLASSES, 80, p=[0.5, 0.2, 0.1, 0.1, 0.06, 0.04, 0])
    predicted = np.where(rng.random(80) < 0.6, reference, rng.choice(reference, 80))
    reading = read_confusion(confusion_matrix(reference, predicted, labels=np.arange(CLASSES)))
    assert reading.accuracy == pytest.approx(accuracy_score(reference, predicted))
    assert reading.uar == pytest.approx(balanced_accuracy_score(reference, predicted))


def test_a_constant_answer_has_a_high_accuracy_but_the_recall_of_chance() -> None:
    counts = np.array([[90, 0, 0], [6, 0, 0], [4, 0, 0]])
    reading = read_confusion(counts)
    assert reading.accuracy == pytest.approx(0.9)
    assert reading.uar == pytest.approx(1 / 3)


def test_the_confused_pair_is_found_in_shares_not_in_counts() -> None:
    counts = np.array([[900, 40, 0, 60], [10, 90, 0, 0], [0, 0, 6, 4], [0, 0, 3, 7]])
    assert read_confusion(counts).pair == (2, 3)
    assert read_confusion(counts).share == pytest.approx(0.35)
    assert read_confusion(5 * np.eye(3, dtype=int))[2:] == ((0, 1), 0.0)


@pytest.mark.parametrize("counts", [[[1]], [[0, 0], [0, 0]], [[1, 2]], [[0.5, 0], [0, 1]], [[-1, 0], [0, 1]]])
def test_what_is_not_a_confusion_matrix_is_refused(counts: list) -> None:
    with pytest.raises(AudioCourseError):
        read_confusion(np.array(counts))


def test_an_interval_over_actors_is_wider_than_one_over_clips() -> None:
    rng = np.random.default_rng(0)
    actors = np.repeat([f"actor {a}" for a in range(10)], 20)
    reference = np.tile(np.arange(4), 50)
    luck = np.repeat(rng.random(10), 20)  # an actor is recognised often or seldom
    predicted = np.where(rng.random(200) < luck, reference, (reference + 1) % 4)
    by_actor = uar_interval(reference, predicted, actors.tolist(), resamples=300)
    by_clip = uar_interval(reference, predicted, [str(i) for i in range(200)], resamples=300)
    assert by_actor.low < by_actor.uar < by_actor.high
    assert by_actor.high - by_actor.low > 1.5 * (by_clip.high - by_clip.low)


def test_an_interval_needs_two_actors() -> None:
    with pytest.raises(AudioCourseError):
        uar_interval(np.array([0, 1]), np.array([0, 1]), ["a", "a"])
