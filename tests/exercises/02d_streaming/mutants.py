"""Misconceptions about streaming, as answers that people really give."""

from __future__ import annotations

import os
from itertools import takewhile

import numpy as np

from audiocourse.learn.authoring import mutant

# ---------------------------------------------------------------- 2d.1 what two lists have in common


@mutant(
    task="common_prefix",
    name="counting words that agree even after a difference",
    hint="In 'on the light' and 'on a light' the last words agree. Can 'light' be final if 'the' is not?",
)
def place_by_place(first: list[str], second: list[str]) -> int:
    return sum(a == b for a, b in zip(first, second, strict=False))


@mutant(
    task="common_prefix",
    name="counting the words that occur in both lists, at any position",
    hint="Order counts, and a word that both lists contain may have different positions. Where does the common "
    "beginning end?",
)
def in_both(first: list[str], second: list[str]) -> int:
    return len(set(first) & set(second))


@mutant(
    task="common_prefix",
    name="an answer of 0 unless the lists are equal as a whole",
    hint="While someone speaks, the new list is usually longer. Must the whole of it agree?",
)
def all_or_nothing(first: list[str], second: list[str]) -> int:
    return len(first) if first == second else 0


@mutant(
    task="common_prefix",
    name="a comparison of letters instead of words",
    hint="'for' and 'forty' begin with the same letters. Are they the same word?",
)
def by_letters(first: list[str], second: list[str]) -> int:
    shared = os.path.commonprefix([" ".join(first), " ".join(second)])  # noqa: RUF071 (the misconception)
    return len(shared.split())


@mutant(
    task="common_prefix",
    name="counting the first word that differs as well",
    hint="The lists differ at their third word. How many words come before it?",
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


@mutant(
    task="common_prefix",
    name="no answer where one list ends before any difference",
    hint="Your `return` stands at the first difference. What does Python return where a loop ends without one?",
)
def none_without_a_difference(first: list[str], second: list[str]) -> int | None:
    return next((k for k, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)


@mutant(
    task="common_prefix",
    name="one word too few where no word differs",
    hint="If no word differs, your loop ends at the last index, and indices begin at 0. How many words is that?",
)
def last_index(first: list[str], second: list[str]) -> int:
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))
    return max(0, min(shared, min(len(first), len(second)) - 1))


@mutant(
    task="common_prefix",
    name="an index past the end of the second list",
    hint="The second list may be shorter than the first. Up to which index do both have a word?",
)
def past_the_second(first: list[str], second: list[str]) -> int:
    k = 0
    while k < len(first) and first[k] == second[k]:
        k += 1
    return k


@mutant(
    task="common_prefix",
    name="an index past the end of the first list",
    hint="The first list may be shorter than the second. Up to which index do both have a word?",
)
def past_the_first(first: list[str], second: list[str]) -> int:
    k = 0
    while k < len(second) and first[k] == second[k]:
        k += 1
    return k


@mutant(
    task="common_prefix",
    name="an index past the end of both lists",
    hint="Both lists have ended, and you compare one word more. Which condition stops the loop before that?",
)
def past_both(first: list[str], second: list[str]) -> int:
    k = 0
    while first[k] == second[k]:
        k += 1
    return k


@mutant(
    task="common_prefix",
    name="a loop to the end of the longer list",
    hint="The shorter list has no word left at this index. Up to which index do both have one?",
)
def past_the_shorter(first: list[str], second: list[str]) -> int:
    k = 0
    while k < max(len(first), len(second)) and first[k] == second[k]:
        k += 1
    return k


@mutant(
    task="common_prefix",
    name="counting the first word that differs as well, if one does",
    hint="You leave the loop at index 2. Do the words at the indices 0, 1 and 2 all agree?",
)
def one_more_at_a_difference(first: list[str], second: list[str]) -> int:
    pairs = list(zip(first, second, strict=False))
    return next((k + 1 for k, (a, b) in enumerate(pairs) if a != b), len(pairs))


@mutant(
    task="common_prefix",
    name="the length of the first list where no word differs",
    hint="The second list may be the shorter one. How many words can they share at most?",
)
def length_of_the_first(first: list[str], second: list[str]) -> int:
    return next((k for k, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))


@mutant(
    task="common_prefix",
    name="the length of the second list where no word differs",
    hint="The first list may be the shorter one. How many words can they share at most?",
)
def length_of_the_second(first: list[str], second: list[str]) -> int:
    return next((k for k, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(second))


@mutant(
    task="common_prefix",
    name="the words instead of their number",
    hint="The docstring asks for a number. How many words are in the list you return?",
)
def the_words_themselves(first: list[str], second: list[str]) -> list[str]:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return [word for word, _ in pairs]


@mutant(
    task="common_prefix",
    name="a comparison that ignores capitals",
    hint="'polish' and 'Polish' are two words, and they look different on the screen. Does lower() keep them apart?",
)
def capitals_do_not_count(first: list[str], second: list[str]) -> int:
    pairs = takewhile(lambda pair: pair[0].lower() == pair[1].lower(), zip(first, second, strict=False))
    return len(list(pairs))


@mutant(
    task="common_prefix",
    name="half a word counted as the same word",
    hint="'forty' begins with 'for'. Are they the same word?",
)
def half_words(first: list[str], second: list[str]) -> int:
    pairs = zip(first, second, strict=False)
    return len(list(takewhile(lambda pair: pair[0].startswith(pair[1]) or pair[1].startswith(pair[0]), pairs)))


@mutant(
    task="common_prefix",
    name="a count of letters instead of words",
    hint="You join the words to one text and compare it letter by letter. Does an index then count letters or words?",
)
def letters_counted(first: list[str], second: list[str]) -> int:
    pairs = zip(" ".join(first), " ".join(second), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


@mutant(
    task="common_prefix",
    name="a comparison from the end of the lists",
    hint="The lists agree in their *last* words, too. Which end of a hypothesis stops changing first?",
)
def from_the_end(first: list[str], second: list[str]) -> int:
    pairs = zip(reversed(first), reversed(second), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


# ---------------------------------------------------------------- 2d.2 when is it ready?


@mutant(
    task="ready_times",
    name="a separate computer for each step",
    hint="You add the computing time to the arrival, whatever happened before. Is the computer free at that moment?",
)
def no_queue(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return arrived + computing


@mutant(
    task="ready_times",
    name="a computer that does not wait for the sound",
    hint="You add up the computing times. Can the computer begin with sound that has not arrived yet?",
)
def never_idle(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.cumsum(computing)


@mutant(
    task="ready_times",
    name="all computing times so far added to the arrival",
    hint="You let each step wait for all earlier work. How much of that is already done when its sound arrives?",
)
def all_work_so_far(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return arrived + np.cumsum(computing)


@mutant(
    task="ready_times",
    name="a computer that never waits after the first step",
    hint="You wait for the first sound only. What does a fast computer do between two steps?",
)
def idle_once(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return arrived[0] + np.cumsum(computing)


@mutant(
    task="ready_times",
    name="two steps computed at the same time",
    hint="You take the later of two *ends*. What has to be over before the computing can begin?",
)
def later_of_two_ends(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.maximum.accumulate(arrived + computing)


@mutant(
    task="ready_times",
    name="a look only one step back, as if nothing had delayed that step",
    hint="You compute the end of the step before from its arrival alone. When did the computer really finish it?",
)
def last_arrival_only(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    before = np.concatenate([[0.0], (arrived + computing)[:-1]])
    return np.maximum(arrived, before) + computing


@mutant(
    task="ready_times",
    name="a sum of two times instead of the later of the two",
    hint="max(a, b) became a + b: does a step wait for its sound *and then* once more for the computer?",
)
def sum_for_maximum(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.cumsum(arrived + computing)


def _queue(arrived: np.ndarray, computing: np.ndarray, free: float = 0.0) -> np.ndarray:
    ready = []
    for at, seconds in zip(arrived.tolist(), computing.tolist(), strict=True):
        free = max(at, free) + seconds
        ready.append(free)
    return np.array(ready)


@mutant(
    task="ready_times",
    name="r[−1] taken from the end of the array",
    hint="For k = 0 your formula reads r[-1]. Which element of a Python array has the index −1?",
)
def last_element(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(arrived, computing, free=float(arrived[-1]))


@mutant(
    task="ready_times",
    name="a first step that does not wait for its sound",
    hint="The computer is free from the beginning. But has the sound of the first step arrived at time 0?",
)
def first_without_waiting(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(np.concatenate([[0.0], arrived[1:]]), computing)


@mutant(
    task="ready_times",
    name="a first step that takes no time",
    hint="You begin with r[0] = a[0]. How long does it take to recognise the first step?",
)
def first_takes_no_time(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(arrived, np.concatenate([[0.0], computing[1:]]))


@mutant(
    task="ready_times",
    name="the lateness of a result instead of the time at which it is ready",
    hint="You subtract the arrival. At which moment of the stream is the result ready?",
)
def lateness(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(arrived, computing) - arrived


@mutant(
    task="ready_times",
    name="the beginning of the computation instead of its end",
    hint="You return max(a, r). What comes after the beginning, until the result is ready?",
)
def beginnings(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(arrived, computing) - computing


@mutant(
    task="ready_times",
    name="a computation that begins before the sound has arrived",
    hint="You take the larger of a and r + c. May the computation begin before the sound has arrived?",
)
def computing_while_waiting(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    ready, free = [], 0.0
    for at, seconds in zip(arrived.tolist(), computing.tolist(), strict=True):
        free = max(at, free + seconds)
        ready.append(free)
    return np.array(ready)


@mutant(
    task="ready_times",
    name="the earlier of the two times instead of the later",
    hint="The step needs its sound *and* a free computer. Does it begin at the earlier or the later of these times?",
)
def the_earlier(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    ready, free = [], 0.0
    for at, seconds in zip(arrived.tolist(), computing.tolist(), strict=True):
        free = min(at, free) + seconds
        ready.append(free)
    return np.array(ready)


@mutant(
    task="ready_times",
    name="the computing time of the step before",
    hint="Step k takes c[k] seconds. Which of the computing times do you add?",
)
def computing_of_the_step_before(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(arrived, np.concatenate([computing[:1], computing[:-1]]))


@mutant(
    task="ready_times",
    name="times cut to whole seconds",
    hint="Your array has an integer dtype, so what you store loses its decimals. Which dtype do you need?",
)
def whole_seconds(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    ready, free = np.zeros(len(arrived), dtype=int), 0
    for k in range(len(arrived)):
        ready[k] = free = int(max(arrived[k], free) + computing[k])
    return ready


@mutant(
    task="ready_times",
    name="only the time of the last result",
    hint="Your function returns one number. How many steps are there, and when is each of them ready?",
)
def the_last_time(arrived: np.ndarray, computing: np.ndarray) -> float:
    return float(_queue(arrived, computing)[-1])


@mutant(
    task="ready_times",
    name="the sum of all computing times, or the arrival if that is later",
    hint="You add up computing times as if the computer never waited. What becomes of the time in which it had no "
    "sound?",
)
def work_or_arrival(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.maximum(arrived, np.cumsum(computing))


@mutant(
    task="ready_times",
    name="r[−1] returned as a result as well",
    hint="There is one result for each step. Which of yours is the time at which the computer was free at first?",
)
def one_result_too_many(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], _queue(arrived, computing)])
