"""Right answers to chapter 2f in other styles than the solution."""

from __future__ import annotations

from itertools import accumulate, takewhile

import numpy as np

from audiocourse.learn.checking.authoring import alternative


@alternative(task="common_prefix")
def with_takewhile(first: list[str], second: list[str]) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))


@alternative(task="common_prefix")
def longest_beginning(first: list[str], second: list[str]) -> int:
    return max(k for k in range(min(len(first), len(second)) + 1) if first[:k] == second[:k])


@alternative(task="ready_times")
def accumulated(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    steps = zip(arrived.tolist(), computing.tolist(), strict=True)
    ready = accumulate(steps, lambda free, step: max(free, step[0]) + step[1], initial=0.0)
    return np.array(list(ready)[1:])


@alternative(task="ready_times")
def from_where_the_queue_began(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    """The computer has worked without a pause since some step j, the one that makes the result latest."""
    worked = np.cumsum(computing)
    return worked + np.maximum.accumulate(arrived - (worked - computing))
