"""Right answers to the tasks of chapter 2a in other styles than the solution: itertools, matrices, memory, regex."""

from __future__ import annotations

import re
from itertools import groupby

import numpy as np

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 2a.1 collapse


@alternative(task="ctc_collapse")
def with_groupby(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return np.array([symbol for symbol, _ in groupby(path.tolist()) if symbol != blank], dtype=int)


@alternative(task="ctc_collapse")
def one_by_one(path: np.ndarray, blank: int = 0) -> np.ndarray:
    labels, before = [], None
    for symbol in path:
        if symbol != before and symbol != blank:
            labels.append(int(symbol))
        before = symbol
    return np.asarray(labels, dtype=np.int32)


@alternative(task="ctc_collapse")
def as_text(path: np.ndarray, blank: int = 0) -> np.ndarray:
    text = "".join(chr(0x100 + symbol) for symbol in path.tolist())
    merged = re.sub(r"(.)\1+", r"\1", text).replace(chr(0x100 + blank), "")
    return np.array([ord(letter) - 0x100 for letter in merged], dtype=np.int64)


# ---------------------------------------------------------------- 2a.2 forward recursion


@alternative(task="ctc_forward")
def state_by_state(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = [blank]
    for label in labels:
        states += [int(label), blank]
    frames = len(log_probs)
    table = np.full((frames, len(states)), float("-inf"))
    for s in range(min(2, len(states))):
        table[0, s] = log_probs[0, states[s]]
    for t in range(1, frames):
        for s, symbol in enumerate(states):
            ways = [table[t - 1, s]]
            if s >= 1:
                ways.append(table[t - 1, s - 1])
            if s >= 2 and symbol != blank and symbol != states[s - 2]:
                ways.append(table[t - 1, s - 2])
            table[t, s] = np.logaddexp.reduce(ways) + log_probs[t, symbol]
    return float(np.logaddexp.reduce(table[-1, -2:]))


@alternative(task="ctc_forward")
def from_the_end(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    """The ways that lead from state s at step t to the end, cached."""
    states = [blank, *(k for label in labels.tolist() for k in (label, blank))]
    last = len(states) - 1

    def onward(t: int, after: list[float]) -> list[float]:
        row = []
        for s, symbol in enumerate(states):
            ways = after[s : s + 2]
            if s + 2 <= last and states[s + 2] not in (blank, symbol):
                ways = [*ways, after[s + 2]]
            row.append(log_probs[t, symbol] + np.logaddexp.reduce(ways))
        return row

    final = [log_probs[-1, symbol] if s >= last - 1 else -np.inf for s, symbol in enumerate(states)]
    for t in range(len(log_probs) - 2, -1, -1):
        final = onward(t, final)
    return float(np.logaddexp.reduce(final[:2]))


@alternative(task="ctc_forward")
def matrices_with_scaling(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    """A step is a matrix; the vector is scaled in every step, and the logarithms of the factors add up."""
    states = np.array([blank, *(k for label in labels.tolist() for k in (label, blank))])
    size = len(states)
    step = np.eye(size) + np.eye(size, k=1)
    for s in range(2, size):
        step[s - 2, s] = states[s] != blank and states[s] != states[s - 2]
    alpha, total = np.where(np.arange(size) < 2, 1.0, 0.0), 0.0
    for t, y in enumerate(np.exp(log_probs)):
        alpha = (alpha if t == 0 else alpha @ step) * y[states]
        scale = alpha.sum()
        if scale == 0:
            return -np.inf
        alpha, total = alpha / scale, total + np.log(scale)
    rest = alpha[-2:].sum()
    return float(total + np.log(rest)) if rest > 0 else -np.inf
