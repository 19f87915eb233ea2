"""Right answers to chapter 4e in other styles than the solution: loops, pairs, matrices."""

from __future__ import annotations

import itertools
import math

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Array = np.ndarray


@alternative(task="fleiss_kappa")
def pair_by_pair(counts: Array) -> float:
    """List the votes of each clip, and compare all pairs of raters."""
    agreeing = []
    for row in counts.tolist():
        votes = [label for label, count in enumerate(row) for _ in range(count)]
        pairs = list(itertools.combinations(votes, 2))
        agreeing.append(sum(a == b for a, b in pairs) / len(pairs))
    total = counts.sum()
    chance = sum((column / total) ** 2 for column in counts.sum(axis=0))
    return (sum(agreeing) / len(agreeing) - chance) / (1 - chance)


@alternative(task="fleiss_kappa")
def from_squares(counts: Array) -> float:
    raters = int(counts[0].sum())
    agreement = (np.einsum("ic,ic->", counts, counts) / len(counts) - raters) / (raters * (raters - 1))
    shares = counts.mean(axis=0) / raters
    return float(1 - (1 - agreement) / (1 - shares @ shares))


@alternative(task="softmax_floor")
def through_the_softmax(classes: int) -> float:
    logits = np.zeros(classes)
    logits[0] = 1
    return float(np.log(np.exp(logits).sum()) - logits[0])


@alternative(task="softmax_floor")
def as_a_ratio(classes: int) -> float:
    return math.log1p((classes - 1) / math.e)


@alternative(task="concordance_correlation")
def from_errors(r: Array, p: Array) -> float:
    """1 minus the mean squared error, relative to that of unrelated predictions."""
    unrelated = r.var() + p.var() + (r.mean() - p.mean()) ** 2
    return float(1 - np.mean((r - p) ** 2) / unrelated)


@alternative(task="concordance_correlation")
def with_loops(r: Array, p: Array) -> float:
    n = len(r)
    a, b = sum(r) / n, sum(p) / n
    together = sum((x - a) * (y - b) for x, y in zip(r, p, strict=True)) / n
    apart = sum((x - a) ** 2 for x in r) / n + sum((y - b) ** 2 for y in p) / n + (a - b) ** 2
    return float(2 * together / apart)
