"""Checks of chapter 2f: each is a truth that any right answer obeys, on data that the seed decides."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Student, check, expect, expect_close

# 2f.1 common_prefix -------------------------------------------------------------------------------------------------


def expect_count(student: Student, first: list[str], second: list[str], right: int) -> None:
    """Require the number, and name the lists in the message."""
    got = student.call("common_prefix", first, second)
    whole = isinstance(got, int) and not isinstance(got, bool)
    short = len(first) + len(second) < 20
    lists = f"{first} and {second}" if short else f"two lists of {len(first)} and {len(second)} words"
    expect(whole, f"For {lists} you return {'nothing (None)' if got is None else repr(got)}; an integer is right.")
    expect(got == right, f"For {lists} you return {got}; they share {right} at the beginning.")


@check(
    task="common_prefix",
    label="turn on the light, turn on a light: two words, because nothing after a difference counts",
)
def nothing_behind_a_difference(student: Student, rng: np.random.Generator) -> None:
    expect_count(student, ["turn", "on", "the", "light"], ["turn", "on", "a", "light"], 2)
    expect_count(student, ["please", "open", "the", "door"], ["police", "open", "the", "door"], 0)
    expect_count(student, ["on", "off"], ["off", "on"], 0)


@check(task="common_prefix", label="equal lists share all their words, and empty ones share none")
def equal_lists(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.choice(["so", "well", "no", "yes"], int(rng.integers(3, 8)))]
    expect_count(student, words, words, len(words))
    expect_count(student, [], [], 0)


@check(task="common_prefix", label="where the second list continues, all words of the first are shared")
def second_continues(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.choice(["so", "well", "no", "yes"], 6)]
    for k in (int(rng.integers(1, 5)), 5, 0):
        expect_count(student, words[:k], words, k)


@check(task="common_prefix", label="where the first list continues, all words of the second are shared")
def first_continues(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.choice(["so", "well", "no", "yes"], 6)]
    for k in (int(rng.integers(1, 5)), 5, 0):
        expect_count(student, words, words[:k], k)


@check(task="common_prefix", label="whole words are compared, not their first letters")
def whole_words(student: Student, rng: np.random.Generator) -> None:
    expect_count(student, ["seven", "for"], ["seven", "forty"], 1)
    expect_count(student, ["kitchen"], ["kit"], 0)
    expect_count(student, ["a", "b"], ["ab"], 0)


@check(task="common_prefix", label="a word with a capital or a comma is a different word")
def capitals_count(student: Student, rng: np.random.Generator) -> None:
    expect_count(student, ["the", "light", "is", "on"], ["the", "light,", "is", "on"], 1)
    expect_count(student, ["the", "polish", "shop"], ["the", "Polish", "shop"], 1)


@check(task="common_prefix", label="words that are spelled alike are the same, even in long lists built separately")
def long_lists(student: Student, rng: np.random.Generator) -> None:
    words = ["kitchen", "light", "lights", "on"]
    choice, shared = rng.integers(0, 4, 2_000), int(rng.integers(1_500, 1_900))
    first, second = (["".join(list(words[k])) for k in choice] for _ in range(2))
    expect_count(student, first[:3], second[:3], 3)
    second[shared] = "off"
    expect_count(student, first, second, shared)


@check(task="common_prefix", label="any two lists: the words before the first difference")
def any_lists(student: Student, rng: np.random.Generator) -> None:
    for _ in range(15):
        first = [str(word) for word in rng.choice(["a", "b"], int(rng.integers(1, 7)))]
        second = [str(word) for word in rng.choice(["a", "b"], int(rng.integers(1, 7)))]
        shared = [k for k in range(min(len(first), len(second)) + 1) if first[:k] == second[:k]]
        expect_count(student, first, second, max(shared))


# 2f.2 ready_times ---------------------------------------------------------------------------------------------------

STEP = {"axis": "step", "unit": "s"}


@check(task="ready_times", label="each call begins with a free computer")
def a_free_computer(student: Student, rng: np.random.Generator) -> None:
    arrived, computing = np.arange(1.0, 4.0), rng.uniform(0.1, 0.9, 3)
    for _ in range(2):
        expect_close(student.call("ready_times", arrived, computing), arrived + computing, atol=1e-6, **STEP)


@check(task="ready_times", label="a fast computer: each result is ready one computing time after its sound has arrived")
def quick(student: Student, rng: np.random.Generator) -> None:
    arrived = np.arange(1.0, 9.0)
    computing = rng.uniform(0.1, 0.9, 8)
    expect_close(student.call("ready_times", arrived, computing), arrived + computing, atol=1e-6, **STEP)


@check(task="ready_times", label="steps of 1 s that take 1.5 s: later and later, the tenth at 16 s")
def slow(student: Student, rng: np.random.Generator) -> None:
    arrived = np.arange(1.0, 11.0)
    got = student.call("ready_times", arrived, np.full(10, 1.5))
    expect_close(got, 1 + 1.5 * np.arange(1, 11), atol=1e-6, **STEP)


@check(task="ready_times", label="one slow step delays those after it, until the queue is empty again")
def one_slow_step(student: Student, rng: np.random.Generator) -> None:
    slow_step = float(rng.uniform(2.2, 2.8))
    computing = np.array([0.5, slow_step, 0.5, 0.5, 0.5, 0.5])
    behind = 2 + slow_step + 0.5 * np.arange(1, 3)
    right = np.array([1.5, 2 + slow_step, *behind, 0, 0])
    right[4] = max(5.0, right[3]) + 0.5
    right[5] = max(6.0, right[4]) + 0.5
    expect_close(student.call("ready_times", np.arange(1.0, 7.0), computing), right, atol=1e-6, **STEP)


@check(task="ready_times", label="any queue: no step starts before its sound has arrived or the step before is done")
def any_queue(student: Student, rng: np.random.Generator) -> None:
    for steps in (1, 2, 30):
        arrived, computing = np.cumsum(rng.exponential(1.0, steps)), rng.exponential(0.9, steps)
        arrived += 0.2 - arrived[0]  # the first sound comes early, so that a computer that starts late is noticed
        # Without recursion: the computer has worked without a pause since some step j, the one that makes it latest.
        right = [max(arrived[j] + computing[j : k + 1].sum() for j in range(k + 1)) for k in range(steps)]
        expect_close(student.call("ready_times", arrived, computing), np.array(right), atol=1e-6, **STEP)


@check(
    task="ready_times", label="sound may arrive at whole seconds; results are ready at fractions of them all the same"
)
def whole_seconds_in(student: Student, rng: np.random.Generator) -> None:
    computing = np.array([0.5, 1.75, 0.25, 0.5]) + rng.integers(0, 2) / 8
    right = np.array([1 + computing[0], 2 + computing[1], 0.0, 0.0])
    right[2] = max(3.0, right[1]) + computing[2]
    right[3] = max(4.0, right[2]) + computing[3]
    expect_close(student.call("ready_times", np.arange(1, 5), computing), right, atol=1e-6, **STEP)


@check(task="ready_times", label="an hour of steps is no harder than a minute of them")
def an_hour_of_steps(student: Student, rng: np.random.Generator) -> None:
    arrived, computing = np.cumsum(rng.exponential(1.0, 3_600)), rng.exponential(0.9, 3_600)
    behind = np.cumsum(computing)
    right = behind + np.maximum.accumulate(arrived - np.concatenate([[0.0], behind[:-1]]))
    expect_close(student.call("ready_times", arrived, computing), right, atol=1e-6, **STEP)
