"""Right answers to the tasks of chapter 3b in other styles than the solution."""

from __future__ import annotations

import math

import numpy as np

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 3b.1 stop token


@alternative(task="frames_until_stop")
def step_by_step(stop_logits: np.ndarray, *, reduction: int) -> int:
    frames = 0
    for logit in stop_logits.tolist():
        frames += reduction
        probability = 1 / (1 + math.exp(-max(logit, -500.0)))
        if probability > 0.5:
            break
    return frames


@alternative(task="frames_until_stop")
def steps_before_the_first(stop_logits: np.ndarray, *, reduction: int) -> int:
    never_yet = np.cumsum(stop_logits > 0) == 0
    return min(int(never_yet.sum()) + 1, stop_logits.size) * reduction


# ---------------------------------------------------------------- 3b.2 guided attention


@alternative(task="guided_attention_weights")
def number_by_number(steps: int, symbols: int, *, width: float = 0.2) -> np.ndarray:
    rows = []
    for t in range(steps):
        z = [(n / symbols - t / steps) / width for n in range(symbols)]
        rows.append([-math.expm1(-value * value / 2) for value in z])
    return np.array(rows)


@alternative(task="guided_attention_weights")
def by_a_grid(steps: int, symbols: int, *, width: float = 0.2) -> np.ndarray:
    t, n = np.mgrid[:steps, :symbols]
    off = np.square(n / symbols - t / steps)
    return 1.0 - np.exp(-0.5 * off / width**2)


# ---------------------------------------------------------------- 3b.3 location features


@alternative(task="location_features")
def shift_by_shift(weights: np.ndarray, cumulative: np.ndarray, filters: np.ndarray) -> np.ndarray:
    count = len(weights)
    margin = filters.shape[2] // 2
    features = np.zeros((count, len(filters)))
    for channel, values in enumerate((weights, cumulative)):
        padded = np.concatenate([np.zeros(margin), values, np.zeros(margin)])
        for k in range(filters.shape[2]):
            features += padded[k : k + count, None] * filters[:, channel, k]
    return features


@alternative(task="location_features")
def by_correlation(weights: np.ndarray, cumulative: np.ndarray, filters: np.ndarray) -> np.ndarray:
    margin = filters.shape[2] // 2
    columns = []
    for own in filters:
        full = np.convolve(weights, own[0, ::-1]) + np.convolve(cumulative, own[1, ::-1])
        columns.append(full[margin : margin + len(weights)])
    return np.array(columns).T
