"""Right answers to the tasks of chapter 4a in other styles than the solution: loops, strings, counts, scipy."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from itertools import pairwise

import numpy as np
from scipy import signal

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 4a.1 from float to 16 bits


@alternative(task="to_pcm16")
def number_by_number(y: np.ndarray) -> np.ndarray:
    return np.array(array("h", (round(32767 * max(-1.0, min(1.0, sample))) for sample in y.tolist())), dtype=np.int16)


@alternative(task="to_pcm16")
def limits_of_the_type(y: np.ndarray) -> np.ndarray:
    top = np.iinfo(np.int16).max
    return np.rint(y.astype(np.float64) * top).clip(-top, top).astype("i2")


@alternative(task="to_pcm16")
def in_single_precision(y: np.ndarray) -> np.ndarray:
    held = np.where(np.abs(y) > 1, np.sign(y), y)
    return np.round(held * np.float32(32767)).astype(np.int16)


# ---------------------------------------------------------------- 4a.2 zero crossings


@alternative(task="zero_crossing_rate")
def exclusive_or(frames: np.ndarray) -> np.ndarray:
    below = np.signbit(frames - frames.mean(axis=0, keepdims=True)) & (frames != frames.mean(axis=0))
    return np.logical_xor(below[1:], below[:-1]).sum(axis=0) / (frames.shape[0] - 1)


@alternative(task="zero_crossing_rate")
def pair_by_pair(frames: np.ndarray) -> np.ndarray:
    rates = []
    for column in frames.T.astype(float).tolist():
        middle = sum(column) / len(column)
        crossings = [(a - middle >= 0) != (b - middle >= 0) for a, b in pairwise(column)]
        rates.append(sum(crossings) / len(crossings))
    return np.array(rates)


@alternative(task="zero_crossing_rate")
def as_text(frames: np.ndarray) -> np.ndarray:
    """A crossing is a border between a plus and a minus."""
    centred = signal.detrend(frames.astype(np.float64), axis=0, type="constant")
    rows = ("".join("+" if sample >= 0 else "-" for sample in column) for column in centred.T)
    return np.array([len(re.findall(r"(?=\+-|-\+)", row)) / (len(row) - 1) for row in rows])


# ---------------------------------------------------------------- 4a.3 hits and false alarms


@alternative(task="roc_point")
def counted_by_kind(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    seen = Counter(zip(truth.tolist(), decided.tolist(), strict=True))
    return (
        seen[False, True] / (seen[False, True] + seen[False, False]),
        seen[True, True] / (seen[True, True] + seen[True, False]),
    )


@alternative(task="roc_point")
def confusion_matrix(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    table = np.bincount(2 * truth.astype(int) + decided, minlength=4).reshape(2, 2)
    false_alarms, hits = table[:, 1] / table.sum(axis=1)
    return float(false_alarms), float(hits)


@alternative(task="roc_point")
def sorted_by_truth(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    order = np.argsort(truth, kind="stable")
    silent, spoken = np.split(decided[order].astype(float), [np.count_nonzero(~truth)])
    return float(np.average(silent)), float(np.average(spoken))
