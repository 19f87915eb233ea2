"""Right answers to the tasks of chapter 2c in other styles than the solution: loops, matrices, lists."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Array: TypeAlias = np.ndarray
Pair: TypeAlias = tuple[Array, Array]

# ---------------------------------------------------------------- 2c.1 soft pointer


@alternative(task="masked_attention")
def utterance_by_utterance(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    weights = np.zeros(keys.shape[:2])
    for b, count in enumerate(lengths):
        scores = keys[b, :count] @ query[b] / query.shape[1] ** 0.5
        scores = np.exp(scores - np.max(scores))
        weights[b, :count] = scores / np.sum(scores)
    return np.stack([w @ v for w, v in zip(weights, values, strict=True)]), weights


@alternative(task="masked_attention")
def in_logarithms(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = np.sum(keys * query[:, None], axis=2) / np.sqrt(keys.shape[2])
    scores[np.arange(keys.shape[1])[None, :] >= lengths[:, None]] = -np.inf
    weights = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    return np.matmul(weights[:, None, :], values).squeeze(1), weights


# ---------------------------------------------------------------- 2c.2 shift


@alternative(task="shift_right")
def by_columns(texts: Sequence[Sequence[int]], sos: int, eos: int, pad: int) -> Pair:
    inputs = zip_longest(*([sos, *text] for text in texts), fillvalue=pad)
    targets = zip_longest(*([*text, eos] for text in texts), fillvalue=pad)
    return np.array(list(inputs)).T, np.array(list(targets)).T


@alternative(task="shift_right")
def cut_from_the_whole(texts: Sequence[Sequence[int]], sos: int, eos: int, pad: int) -> Pair:
    steps = 1 + max(map(len, texts))
    inputs, targets = [], []
    for text in texts:
        filling = [pad] * (steps - len(text) - 1)
        inputs.append([sos, *text, *filling])
        targets.append([*text, eos, *filling])
    return np.asarray(inputs, dtype=np.int32), np.asarray(targets, dtype=np.int32)
