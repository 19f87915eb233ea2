"""Right answers to the tasks of chapter 3a in other styles than the solution."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 3a.1 numbers

BELOW_TWENTY = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""


@alternative(task="spell_number")
def from_a_list(n: int) -> str:
    words = BELOW_TWENTY.split()
    for ten in ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]:
        words += [ten, *(f"{ten}-{one}" for one in words[1:10])]
    for hundred in range(1, 10):
        words += [f"{words[hundred]} hundred", *(f"{words[hundred]} hundred {rest}" for rest in words[1:100])]
    thousands, rest = n // 1000, n % 1000
    parts = [f"{words[thousands]} thousand"] if thousands else []
    if rest or not parts:
        parts.append(words[rest])
    return " ".join(parts)


@alternative(task="spell_number")
def largest_first(n: int) -> str:
    names = dict(enumerate(BELOW_TWENTY.split()))
    names |= {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"}
    names |= {60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}
    if n in names:
        return names[n]
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if n >= size:
            head = f"{largest_first(n // size)} {name}"
            return head if n % size == 0 else f"{head} {largest_first(n % size)}"
    return f"{names[n - n % 10]}-{names[n % 10]}"


# ---------------------------------------------------------------- 3a.2 frames


@alternative(task="frame_durations")
def symbol_by_symbol(starts: np.ndarray, *, frames: int, sr: int, hop_length: int) -> np.ndarray:
    durations = []
    begin = 0
    for following in starts[1:].tolist():
        end = min(frames, int(following * sr / hop_length + 0.5))
        durations.append(end - begin)
        begin = end
    return np.array([*durations, frames - begin])


@alternative(task="frame_durations")
def counted(starts: np.ndarray, *, frames: int, sr: int, hop_length: int) -> np.ndarray:
    edges = starts[1:] * sr / hop_length - 0.5  # frame m belongs to the last symbol whose edge lies at or before m
    owner = np.searchsorted(edges, np.arange(frames), side="right")
    return np.bincount(owner, minlength=len(starts))
