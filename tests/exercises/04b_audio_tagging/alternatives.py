"""Right answers to the tasks of chapter 4b in other styles than the solution: loops, tables, einsum, partitions."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 4b.1 cross-entropy


@alternative(task="cross_entropy")
def clip_by_clip(logits: np.ndarray, targets: np.ndarray) -> float:
    losses = []
    for z, y in zip(logits.tolist(), targets.tolist(), strict=True):
        top = max(z)
        log_sum = top + math.log(sum(math.exp(value - top) for value in z))
        losses.append(sum(share * (log_sum - value) for share, value in zip(y, z, strict=True)))
    return sum(losses) / len(losses)


@alternative(task="cross_entropy")
def through_logaddexp(logits: np.ndarray, targets: np.ndarray) -> float:
    log_sums = np.logaddexp.reduce(logits, axis=1)
    return float((log_sums * targets.sum(axis=1) - np.einsum("bc,bc->b", targets, logits)).mean())


# ---------------------------------------------------------------- 4b.2 mixup


@alternative(task="mixup")
def pair_by_pair(
    inputs: np.ndarray, targets: np.ndarray, *, lam: float, permutation: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(i, int(j)) for i, j in enumerate(permutation)]
    x = np.array([inputs[j] + lam * (inputs[i] - inputs[j]) for i, j in pairs])
    y = np.array([targets[j] * (1 - lam) + targets[i] * lam for i, j in pairs])
    return x, y


@alternative(task="mixup")
def as_a_matrix(
    inputs: np.ndarray, targets: np.ndarray, *, lam: float, permutation: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    mixing = lam * np.eye(len(inputs))
    mixing[np.arange(len(inputs)), permutation] += 1 - lam
    return np.tensordot(mixing, inputs, axes=1), mixing @ targets


@alternative(task="mixup")
def both_in_a_list(inputs: np.ndarray, targets: np.ndarray, *, lam: float, permutation: np.ndarray) -> list[np.ndarray]:
    return [np.average([x, np.take(x, permutation, axis=0)], axis=0, weights=[lam, 1 - lam]) for x in (inputs, targets)]


# ---------------------------------------------------------------- 4b.3 balanced accuracy


@alternative(task="balanced_accuracy")
def by_table(reference: np.ndarray, predicted: np.ndarray) -> float:
    size = int(max(reference.max(), predicted.max())) + 1
    table = np.zeros((size, size))
    np.add.at(table, (reference, predicted), 1)
    rows = table.sum(axis=1)
    return float((np.diag(table)[rows > 0] / rows[rows > 0]).mean())


@alternative(task="balanced_accuracy")
def in_a_dictionary(reference: np.ndarray, predicted: np.ndarray) -> float:
    found: dict[int, list[bool]] = defaultdict(list)
    for r, p in zip(reference.tolist(), predicted.tolist(), strict=True):
        found[r].append(r == p)
    return sum(sum(hits) / len(hits) for hits in found.values()) / len(found)


@alternative(task="balanced_accuracy")
def as_a_weighted_accuracy(reference: np.ndarray, predicted: np.ndarray) -> float:
    _, class_of, counts = np.unique(reference, return_inverse=True, return_counts=True)
    return float(np.average(reference == predicted, weights=1 / counts[class_of]))


# ---------------------------------------------------------------- 4b.4 a threshold for refusing


@alternative(task="rejection_threshold")
def tried_from_the_top(top_probabilities: np.ndarray, *, keep: float) -> float:
    for value in sorted(top_probabilities.tolist(), reverse=True):
        if np.mean(top_probabilities >= value) >= keep:
            return value
    raise AssertionError("the smallest value keeps every clip")


@alternative(task="rejection_threshold")
def partitioned(top_probabilities: np.ndarray, *, keep: float) -> float:
    below = top_probabilities.size - math.ceil(keep * top_probabilities.size)
    return float(np.partition(top_probabilities, below)[below])


@alternative(task="rejection_threshold")
def quantile_from_above(top_probabilities: np.ndarray, *, keep: float) -> float:
    return -float(np.quantile(-top_probabilities, keep, method="inverted_cdf"))
