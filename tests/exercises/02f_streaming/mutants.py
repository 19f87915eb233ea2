"""Misconceptions about streaming, as answers that people really give."""

from __future__ import annotations

import os
from difflib import SequenceMatcher
from itertools import takewhile

import numpy as np

from audiocourse.learn.checking.authoring import mutant

# ---------------------------------------------------------------- 2f.1 what two lists have in common


def _shared(first: list[str], second: list[str]) -> int:
    """Count correctly, for wrong answers to spoil."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))


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
    name="an answer of 0 unless the two lists are equal",
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
    hint="Your only `return` is at the first difference. What does Python return if a loop ends without one?",
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
    hint="You join the words into one text and compare it letter by letter. Does an index then count letters or words?",
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


@mutant(
    task="common_prefix",
    name="the length of the longer list where no word differs",
    hint="One list continues after the end of the other. How many words can they share at most?",
)
def length_of_the_longer(first: list[str], second: list[str]) -> int:
    pairs = zip(first, second, strict=False)
    return next((k for k, (a, b) in enumerate(pairs) if a != b), max(len(first), len(second)))


@mutant(
    task="common_prefix",
    name="the letters of the shared words counted",
    hint="'turn on' are two words of six letters. Which of the two numbers does the task ask for?",
)
def letters_of_the_words(first: list[str], second: list[str]) -> int:
    return sum(len(first[k]) for k in range(_shared(first, second)))


@mutant(
    task="common_prefix",
    name="a first word that has to exist",
    hint="At the beginning nothing has been recognised yet. What is `first[0]` in an empty list?",
)
def first_word_needed(first: list[str], second: list[str]) -> int:
    return 0 if first[0] != second[0] else _shared(first, second)


@mutant(
    task="common_prefix",
    name="the longest run of words that both share, at any position",
    hint="'please open the door' and 'police open the door' share three words. Where do they begin?",
)
def longest_stretch(first: list[str], second: list[str]) -> int:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.find_longest_match(0, len(first), 0, len(second)).size


@mutant(
    task="common_prefix",
    name="a fraction instead of a number of words",
    hint="The caller takes `words[:k]`. What is `words[:0.5]`?",
)
def a_share(first: list[str], second: list[str]) -> int:
    return _shared(first, second) / max(1, len(first), len(second))  # type: ignore[return-value]


@mutant(
    task="common_prefix",
    name="a position found by index(), which is that of the first such word",
    hint="The speaker says 'no no'. What is `index('no')` for the second of them?",
)
def by_index(first: list[str], second: list[str]) -> int:
    def stays(word: str) -> bool:
        return word in second and second.index(word) == first.index(word)

    return len(list(takewhile(stays, first)))


@mutant(
    task="common_prefix",
    name="each word counted once",
    hint="'no no' are two words. How many elements has set(['no', 'no'])?",
)
def each_word_once(first: list[str], second: list[str]) -> int:
    return len(set(first[: _shared(first, second)]))


@mutant(
    task="common_prefix",
    name="the index of the last shared word",
    hint="Two words have the indices 0 and 1. Which of the numbers says how many they are?",
)
def index_of_the_last(first: list[str], second: list[str]) -> int:
    return _shared(first, second) - 1


@mutant(
    task="common_prefix",
    name="words that are sorted before they are compared",
    hint="In which order were the words spoken, and in which order do you compare them?",
)
def sorted_words(first: list[str], second: list[str]) -> int:
    return _shared(sorted(first), sorted(second))


@mutant(
    task="common_prefix",
    name="a word that may be inserted in the second list",
    hint="Your count waits until the second list holds the next word. Did the two lists differ before that?",
)
def inserted_words(first: list[str], second: list[str]) -> int:
    count = 0
    for word in second:
        if count < len(first) and word == first[count]:
            count += 1
    return count


@mutant(
    task="common_prefix",
    name="the last position that agrees, even after a difference",
    hint="You look for the last position at which the words agree. At which position do they first differ?",
)
def last_place_that_agrees(first: list[str], second: list[str]) -> int:
    return max((k + 1 for k, (a, b) in enumerate(zip(first, second, strict=False)) if a == b), default=0)


@mutant(
    task="common_prefix",
    name="a function that calls itself once for each word",
    hint="Python gives up after about a thousand nested calls. How long may a list be?",
)
def calls_itself(first: list[str], second: list[str]) -> int:
    if not first or not second or first[0] != second[0]:
        return 0
    return 1 + calls_itself(first[1:], second[1:])


@mutant(
    task="common_prefix",
    name="identical objects required instead of equal words",
    hint="Two strings may hold the same letters and still be two objects. What does `is` compare, and what does ==?",
)
def the_same_object(first: list[str], second: list[str]) -> int:
    return len(list(takewhile(lambda pair: pair[0] is pair[1], zip(first, second, strict=False))))


@mutant(
    task="common_prefix",
    name="punctuation that does not count",
    hint="'light' and 'light,' look different on the screen. Does strip keep them apart?",
)
def punctuation_does_not_count(first: list[str], second: list[str]) -> int:
    return _shared([word.strip(".,!?") for word in first], [word.strip(".,!?") for word in second])


# ---------------------------------------------------------------- 2f.2 when is it ready?


@mutant(
    task="ready_times",
    name="a separate computer for each step",
    hint="You add the computing time to the arrival, regardless of earlier steps. Is the computer free at that moment?",
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
    name="only the previous step considered, as if nothing had delayed it",
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
    hint="There is one result for each step. Which of yours is the time at which the computer was first free?",
)
def one_result_too_many(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], _queue(arrived, computing)])


@mutant(
    task="ready_times",
    name="a first step with no computing, and the computing of the step before for the others",
    hint="Step 0 has to be computed, too. With which index do you look up the computing time of step k?",
)
def computing_one_step_late(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(arrived, np.concatenate([[0.0], computing[:-1]]))


@mutant(
    task="ready_times",
    name="a first result that stays at 0",
    hint="Your loop begins with step 1. Which step is ready at time 0, before any sound has arrived?",
)
def first_stays_at_zero(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], _queue(arrived[1:], computing[1:])])


@mutant(
    task="ready_times",
    name="a last result that stays at 0",
    hint="range(n − 1) ends before n − 1. What is the last element of your array?",
)
def last_stays_at_zero(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return np.concatenate([_queue(arrived[:-1], computing[:-1]), [0.0]])


@mutant(
    task="ready_times",
    name="computing times that are sorted",
    hint="The steps come in the order of their sound. In which order are your computing times?",
)
def sorted_computing(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(arrived, np.sort(computing))


@mutant(
    task="ready_times",
    name="a chain whose first step is not computed",
    hint="A step begins when its sound is there. Is its own computing already over at that moment?",
)
def chain_without_its_first(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    total = np.cumsum(computing)
    return np.maximum.accumulate(arrived - total) + total


@mutant(
    task="ready_times",
    name="two computers that take turns",
    hint="You wait for the step before the previous one. Which computer works on the previous one?",
)
def two_computers(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    ready = np.zeros(len(arrived))
    for k in range(len(ready)):
        ready[k] = max(arrived[k], ready[k - 2] if k >= 2 else 0.0) + computing[k]
    return ready


@mutant(
    task="ready_times",
    name="steps that are skipped while the computer is busy",
    hint="A step arrives while the computer works on another. Does it wait, or is it never computed?",
)
def skipped_when_busy(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    ready, free = [], 0.0
    for at, seconds in zip(arrived.tolist(), computing.tolist(), strict=True):
        free = at + seconds if at >= free else free
        ready.append(free)
    return np.array(ready)


@mutant(
    task="ready_times",
    name="a list instead of an array",
    hint="The next line subtracts arrays, which a list cannot do. What turns a list into an array?",
)
def a_list(arrived: np.ndarray, computing: np.ndarray) -> list[float]:
    return [float(time) for time in _queue(arrived, computing)]


@mutant(
    task="ready_times",
    name="arrival and computing exchanged",
    hint="Which of the two does a step wait for, and which one says how long it takes?",
)
def exchanged(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    return _queue(computing, arrived)


@mutant(
    task="ready_times",
    name="times with the dtype of the arrivals",
    hint="Sound may arrive at whole seconds. What becomes of 2.75 in an array of whole numbers?",
)
def dtype_of_the_arrivals(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    ready = np.zeros_like(arrived)
    for k in range(len(arrived)):
        ready[k] = max(arrived[k], ready[k - 1] if k else 0) + computing[k]
    return ready


@mutant(
    task="ready_times",
    name="a function that calls itself once for each step",
    hint="Python gives up after about a thousand nested calls. How many one-second steps does an hour have?",
)
def calls_itself_back(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    def ready(k: int) -> float:
        return float(max(arrived[k], ready(k - 1)) + computing[k]) if k >= 0 else 0.0

    return np.array([ready(k) for k in range(len(arrived))])


@mutant(
    task="ready_times",
    name="results written into the arrivals themselves",
    hint="The caller still needs what it gave you. Which array does your function write into?",
)
def into_the_arrivals(arrived: np.ndarray, computing: np.ndarray) -> np.ndarray:
    arrived[:] = _queue(arrived, computing)
    return arrived
