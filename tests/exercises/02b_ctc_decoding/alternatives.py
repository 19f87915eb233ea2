"""Right answers to the tasks of chapter 2b in other styles than the solution: cases, matrices, itertools, regex."""

from __future__ import annotations

import re
from itertools import accumulate, groupby, pairwise

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Grown = tuple[float, float, np.ndarray]

# ---------------------------------------------------------------- 2b.1 grow a prefix


@alternative(task="grow_prefix")
def case_by_case(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    grown = np.zeros(len(y))
    stays_letter = 0.0
    for symbol in range(len(y)):
        if symbol == blank:
            stays_blank = y[symbol] * (p_blank + p_letter)
        elif symbol == last:
            stays_letter = y[symbol] * p_letter
            grown[symbol] = y[symbol] * p_blank
        else:
            grown[symbol] = y[symbol] * (p_blank + p_letter)
    return float(stays_blank), float(stays_letter), grown


@alternative(task="grow_prefix")
def in_single_precision(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = case_by_case(p_blank, p_letter, last, y, blank)
    return stays_blank, stays_letter, grown.astype(np.float32)


@alternative(task="grow_prefix")
def with_masks(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    symbols = np.arange(y.size)
    from_letter = np.where(symbols == last, 0, p_letter)
    grown = np.where(symbols == blank, 0.0, y * (p_blank + from_letter))
    return y[blank] * p_blank + y[blank] * p_letter, y[last] * p_letter, grown


# ---------------------------------------------------------------- 2b.2 spans of a path


@alternative(task="label_spans")
def edges(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    if not len(path):
        return []
    cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return [(int(path[a]), a, b) for a, b in pairwise(cuts) if path[a] != blank]


@alternative(task="label_spans")
def accumulated(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    runs = [(symbol, len(list(run))) for symbol, run in groupby(path.tolist())]
    ends = list(accumulate(length for _, length in runs))
    return [(symbol, end - length, end) for (symbol, length), end in zip(runs, ends, strict=True) if symbol != blank]


@alternative(task="label_spans")
def by_pattern(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    text = "".join(chr(0x100 + symbol) for symbol in path.tolist())
    found = (match.span() for match in re.finditer(r"(.)\1*", text, re.DOTALL))
    return [(int(path[start]), start, end) for start, end in found if path[start] != blank]
