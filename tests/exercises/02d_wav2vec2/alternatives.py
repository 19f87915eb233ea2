"""Right answers to the tasks of chapter 2d in other styles than the solution: loops, matrices, lists."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Array: TypeAlias = np.ndarray
Pair: TypeAlias = tuple[Array, Array]

# ---------------------------------------------------------------- 2d.1 spans


@alternative(task="hide_spans")
def by_broadcasting(starts: Array, span: int, frames: int) -> Array:
    t = np.arange(frames)[:, None]
    return np.any((t >= starts) & (t < starts + span), axis=1)


@alternative(task="hide_spans")
def by_numbers(starts: Array, span: int, frames: int) -> Array:
    hidden = {start + i for start in starts.tolist() for i in range(span)}
    return np.array([t in hidden for t in range(frames)], dtype=bool)


@alternative(task="hide_spans")
def by_counting(starts: Array, span: int, frames: int) -> Array:
    """Count the spans that begin and end; a frame is hidden while any is open."""
    change = np.zeros(frames + 1, dtype=int)
    np.add.at(change, starts, 1)
    np.add.at(change, np.minimum(starts + span, frames), -1)
    return np.cumsum(change)[:frames] > 0


# ---------------------------------------------------------------- 2d.2 contrast


@alternative(task="contrastive_loss")
def with_a_loop(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    total = 0.0
    for i in range(len(targets)):
        others = [targets[j] for j in distractors[i] if np.any(targets[j] != targets[i])]
        cosines = [
            np.dot(context[i], q) / (np.linalg.norm(context[i]) * np.linalg.norm(q)) for q in [targets[i], *others]
        ]
        scores = np.array(cosines) / temperature
        highest = scores.max()
        total -= scores[0] - highest - np.log(np.exp(scores - highest).sum())
    return total / len(targets)


@alternative(task="contrastive_loss")
def all_against_all(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    """Compute the whole matrix of similarities first, then pick the entries that are needed."""
    c = context / np.linalg.norm(context, axis=1, keepdims=True)
    q = targets / np.linalg.norm(targets, axis=1, keepdims=True)
    table = c @ q.T / temperature
    same = np.all(targets[:, None] == targets[None], axis=2)
    rows = np.arange(len(targets))[:, None]
    wrong = np.where(same[rows, distractors], -np.inf, table[rows, distractors])
    right = np.diag(table)
    return float(np.mean(np.logaddexp(right, np.logaddexp.reduce(wrong, axis=1)) - right))
