"""Misconceptions about streaming, as answers that people really give."""

from __future__ import annotations

import os
from itertools import takewhile

import numpy as np

from audiocourse.learn.authoring import mutant

# ---------------------------------------------------------------- 2d.1 what two lists have in common


@mutant(
    task="common_prefix",
    name="counting words wherever they agree, also behind a difference",
    hint="In 'on the light' and 'on a light' the last words agree. Can light be final if the is not?",
)
def place_by_place(first: list[str], second: list[str]) -> int:
    return sum(a == b for a, b in zip(first, second, strict=False))


@mutant(
    task="common_prefix",
    name="counting the words that occur in both lists, wherever they stand",
    hint="Order counts: a word that both contain may stand at different places. Where does the beginning end?",
)
def in_both(first: list[str], second: list[str]) -> int:
    return len(set(first) & set(second))


@mutant(
    task="common_prefix",
    name="an answer of 0 unless both lists are equal to the end",
    hint="While somebody speaks, the new list is always longer. Must the whole of it agree?",
)
def all_or_nothing(first: list[str], second: list[str]) -> int:
    return len(first) if first == second else 0


@mutant(
    task="common_prefix",
    name="comparing letters where words should be compared",
    hint="'for' and 'forty' begin alike. Is the first a word that has stood still?",
)
def by_letters(first: list[str], second: list[str]) -> int:
    shared = os.path.commonprefix([" ".join(first), " ".join(second)])  # noqa: RUF071 (the misconception)
    return len(shared.split())


@mutant(
    task="common_prefix",
    name="counting the first word that differs as well",
    hint="The lists differ at their third word. How many words stand before it?",
)
def counted_from_one(first: list[str], second: list[str]) -> int:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return len(list(pairs)) + 1


@mutant(
    task="common_prefix",
    name="an answer of 0 where one list ends before any difference",
    hint="If the shorter list ends before any difference, your search finds none. What is shared then?",
)
def no_difference_found(first: list[str], second: list[str]) -> int:
    return next((k for k, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)


# ---------------------------------------------------------------- 2d.2 when is it ready?


@mutant(
    task="ready_times",
    name="a computer of its own for each step",
    hint="You add the computing to the arrival, whatever went before. Is the computer free at that moment?",
)
def no_queue(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return arrived + computing


@mutant(
    task="ready_times",
    name="computing that does not wait until the sound is there",
    hint="You add up the computing times. Can the computer begin with sound that has not been spoken yet?",
)
def never_idle(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.cumsum(computing)


@mutant(
    task="ready_times",
    name="adding all computing so far to the arrival",
    hint="You let each step wait for all work before it. How much of that is done already when its sound comes?",
)
def all_work_so_far(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return arrived + np.cumsum(computing)


@mutant(
    task="ready_times",
    name="computing without a pause after the first step",
    hint="You wait for the first sound only. What does a quick computer do between two steps?",
)
def idle_once(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return arrived[0] + np.cumsum(computing)


@mutant(
    task="ready_times",
    name="computing two steps at the same time",
    hint="You take the later of two *ends*. What has to be over before the computing can begin?",
)
def later_of_two_ends(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.maximum.accumulate(arrived + computing)


@mutant(
    task="ready_times",
    name="looking only one step back, as if nothing had delayed that step",
    hint="You look at the step before as if nothing had been in its way. When was the computer really through with it?",
)
def last_arrival_only(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    before = np.concatenate([[0.0], (arrived + computing)[:-1]])
    return np.maximum(arrived, before) + computing


@mutant(
    task="ready_times",
    name="adding two times where the later of them is meant",
    hint="max(a, b) became a + b: does a step wait for its sound *and then* once more for the computer?",
)
def sum_for_maximum(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.cumsum(arrived + computing)
