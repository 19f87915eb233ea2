"""Attention of a synthesiser as numbers: how diagonal it is, what it skips and repeats, and how to guide it.

Attention weights are (steps, symbols): each row says where the network looked while it wrote the frames of one step.
Speech reads its text once, from the first to the last symbol, so a good alignment is a line that never goes back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_positive
from audiocourse.signal import FloatArray

READ = 0.1  # a symbol whose weights sum to less, over all steps, was not read
BACKWARDS = 2.0  # symbols: by how much the position must fall to count as a repeat


def guided_attention_weights(steps: int, symbols: int, *, width: float = 0.2) -> FloatArray:
    """Weigh attention by its distance from the diagonal: an extra loss that teaches a network to read left to right.

    W[t, n] = 1 − exp(−(n/N − t/T)² / 2g²), with T steps, N symbols and g the width of the free band; the loss is the
    mean over t of Σ_n W[t, n] a[t, n].

    Parameters
    ----------
    steps, symbols : int
        T and N of one utterance, without padding.
    width : float
        g, as a share of the text.

    Returns
    -------
    np.ndarray [shape=(steps, symbols)]
        W, float32, 0 on the diagonal and near 1 far from it.

    Raises
    ------
    AudioCourseError
        If a number is not positive.

    Source: H. Tachibana, K. Uenoyama, S. Aihara, Efficiently trainable text-to-speech system based on deep
    convolutional networks with guided attention, ICASSP 2018.

    Examples
    --------
    >>> guided_attention_weights(3, 3, width=0.5).round(2).tolist()[0]
    [0.0, 0.20000000298023224, 0.5899999737739563]

    Notebook: 03b_attention
    """
    require_positive(steps=steps, symbols=symbols)
    g = require_between("width", width, 1e-3, 10.0)
    t = np.arange(steps)[:, None] / steps
    n = np.arange(symbols)[None] / symbols
    return (1 - np.exp(-((n - t) ** 2) / (2 * g**2))).astype(np.float32)


def diagonality(weights: FloatArray) -> float:
    """Score how well attention reads the symbols once, in order, from the first to the last.

    C · max over paths p of (1/T) Σ_t (a[t, p_t − 1] + a[t, p_t] + a[t, p_t + 1]), where p_0 = 0, p_(T−1) = N − 1 and
    p_t − p_(t−1) ∈ {0, 1, 2}: the share of attention within one symbol of the best path that only moves forwards, times
    C, the share of symbols n with Σ_t a[t, n] ≥ 0.1. The pace is free, since pauses and long vowels bend the line. What
    is read twice costs its share of the steps, what is skipped its share of the symbols; attention that is spread
    evenly scores about 3/N.

    Parameters
    ----------
    weights : np.ndarray [shape=(steps, symbols)]
        a, each row sums to 1.

    Returns
    -------
    float
        0 to 1; 0 if there are too few steps to reach the end.

    Raises
    ------
    AudioCourseError
        If weights is not a matrix of attention weights.

    Examples
    --------
    >>> diagonality(np.eye(8)), diagonality(np.eye(8)[::-1]), diagonality(np.full((16, 8), 1 / 8))
    (1.0, 0.375, 0.359375)

    Notebook: 03b_attention
    """
    a = require_weights(weights)
    padded = np.pad(a, ((0, 0), (1, 1)))
    near = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]  # (steps, symbols)
    best = np.full(a.shape[1], -np.inf)
    best[0] = near[0, 0]
    for row in near[1:]:
        moved = np.concatenate([[-np.inf, -np.inf], best])
        best = row + np.maximum(np.maximum(moved[:-2], moved[1:-1]), moved[2:])
    coverage = np.mean(a.sum(axis=0) >= READ)
    return float(np.clip(coverage * best[-1] / len(a), 0.0, 1.0))


class AlignmentErrors(NamedTuple):
    """``skipped`` symbols that were not read, and ``repeats``, how often the reading went back."""

    skipped: int
    repeats: int


def alignment_errors(weights: FloatArray) -> AlignmentErrors:
    """Count the symbols that attention skipped, and how often it went back to read something again.

    A symbol n is skipped if Σ_t a[t, n] < 0.1. The position of step t is Σ_n n a[t, n]; where it falls more than 2
    symbols below its maximum so far, a repeat is counted, and the maximum starts again from there.

    Parameters
    ----------
    weights : np.ndarray [shape=(steps, symbols)]
        a, each row sums to 1.

    Returns
    -------
    AlignmentErrors
        Two counts.

    Raises
    ------
    AudioCourseError
        If weights is not a matrix of attention weights.

    Examples
    --------
    >>> alignment_errors(np.eye(6)[[0, 1, 2, 5]]), alignment_errors(np.eye(4)[[0, 1, 2, 3, 0, 1, 2, 3]])
    (AlignmentErrors(skipped=2, repeats=0), AlignmentErrors(skipped=0, repeats=1))

    Notebook: 03b_attention
    """
    a = require_weights(weights)
    skipped = int(np.count_nonzero(a.sum(axis=0) < READ))
    repeats = 0
    furthest = 0.0
    for position in a @ np.arange(a.shape[1]):
        if position < furthest - BACKWARDS:
            repeats += 1
            furthest = position
        furthest = max(furthest, position)
    return AlignmentErrors(skipped, repeats)


def require_weights(weights: FloatArray) -> FloatArray:
    """Refuse anything but attention weights (steps, symbols), rows of which sum to 1 -> the same array."""
    if not isinstance(weights, np.ndarray) or weights.ndim != 2 or weights.size == 0 or weights.dtype.kind != "f":
        raise AudioCourseError("Attention weights are a float matrix (steps, symbols): pass those of one utterance.")
    if not np.isfinite(weights).all() or weights.min() < 0 or np.abs(weights.sum(axis=1) - 1).max() > 1e-2:
        raise AudioCourseError(
            "Each row of attention weights must sum to 1 and have no negative entry: cut off the padding, and check "
            "that rows are steps and columns are symbols."
        )
    return weights
