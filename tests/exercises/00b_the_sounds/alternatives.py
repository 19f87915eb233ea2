"""Right answers to the tasks of this page written differently: norms, decibels, events, a grid of time."""

from __future__ import annotations

import math
from itertools import accumulate, pairwise

import numpy as np

from audiocourse.learn.checking.authoring import alternative


@alternative(task="gain_for_snr")
def in_decibels(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    levels = [10 * math.log10(np.mean(np.abs(y.astype(np.float64)) ** 2)) for y in (target, noise)]
    return 10 ** ((levels[0] - levels[1] - snr_db) / 20)


@alternative(task="gain_for_snr")
def through_norms(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    rms = [np.linalg.norm(y.astype(np.float64)) / len(y) ** 0.5 for y in (target, noise)]
    return float(rms[0] / rms[1] * 10 ** (-snr_db / 20))


@alternative(task="overlap_seconds")
def by_events(rttm: str) -> float:
    fields = [line.split() for line in rttm.splitlines()]
    events = [(float(one[3]), 1) for one in fields] + [(float(one[3]) + float(one[4]), -1) for one in fields]
    events.sort()
    speaking = list(accumulate(change for _, change in events))
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(events)]
    return float(sum(gap for gap, people in zip(gaps, speaking, strict=False) if people > 1))


@alternative(task="overlap_seconds")
def on_a_grid_of_milliseconds(rttm: str) -> float:
    turns = [[round(1000 * float(field)) for field in line.split()[3:5]] for line in rttm.splitlines()]
    people = np.zeros(1 + max((start + long for start, long in turns), default=0), dtype=int)
    for start, long in turns:
        people[start : start + long] += 1
    return np.count_nonzero(people > 1) / 1000


@alternative(task="overlap_seconds")
def turn_by_turn(rttm: str) -> float:
    """Of each turn, what it shares with those before it; united, because two of them may share the same."""
    shared: list[tuple[float, float]] = []
    turns: list[tuple[float, float]] = []
    for line in rttm.splitlines():
        start, long = map(float, line.split()[3:5])
        shared += [(max(start, a), min(start + long, b)) for a, b in turns if max(start, a) < min(start + long, b)]
        turns.append((start, start + long))
    seconds, reached = 0.0, 0.0
    for start, end in sorted(shared):
        seconds += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return seconds
