"""Checks of the chapter on CTC."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, product

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, kind_of

WHOLE = "iu"  # the kinds of dtype that count


def spelled(path: tuple[int, ...], blank: int = 0) -> tuple[int, ...]:
    """Collapse by its definition."""
    return tuple(symbol for symbol, _ in groupby(path) if symbol != blank)


def dots(path: object, blank: int = 0) -> str:
    """Write a path of numbers with a dot for the blank."""
    return " ".join("·" if symbol == blank else str(symbol) for symbol in np.asarray(path).tolist()) or "(empty)"


def random_path(rng: np.random.Generator, *, frames: int, symbols: int = 4) -> np.ndarray:
    """Runs of one to four, blanks among them."""
    runs = rng.integers(0, symbols, frames), rng.integers(1, 5, frames)
    return np.repeat(*runs)[:frames]


def log_distributions(
    rng: np.random.Generator, frames: int, symbols: int, *, never: tuple[int, int] | None = None
) -> np.ndarray:
    """Draw a table of log y; ``never`` is a step and a symbol that has probability 0 in it."""
    scores = rng.normal(0, 1.5, (frames, symbols))
    if never:
        scores[never] = -np.inf
    return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)


# 2a.1 ctc_collapse --------------------------------------------------------------------------------------------------


def expect_labels(student: Student, path: np.ndarray, **blank: int) -> None:
    """Compare the labels of one path, and show both lists in the message."""
    right = spelled(tuple(path.tolist()), **blank)
    got = student.call("ctc_collapse", path, **blank)
    if not isinstance(got, np.ndarray) or got.dtype.kind not in WHOLE:
        about = "" if right else f"Path {dots(path, **blank)}, which has no labels: "
        message = f"you return {kind_of(got)}; an array (np.ndarray) of whole numbers is right."
        raise Mismatch(got, right, message=about + message if about else f"Y{message[1:]}")
    if got.shape != (len(right),) or not np.array_equal(got, right):
        which = f" with blank = {blank['blank']}" if blank else ""
        message = f"Path {dots(path, **blank)}{which}: you return [{dots(got, -1)}]; [{dots(right, -1)}] is right."
        raise Mismatch(got, np.array(right), message=message)


@check(task="ctc_collapse", label="a letter that lasts is written once, and blanks are gone")
def lasting_letters(student: Student, rng: np.random.Generator) -> None:
    letters = rng.permutation(np.arange(1, 6))
    path = np.concatenate([np.r_[np.zeros(rng.integers(1, 4), int), np.full(rng.integers(1, 5), k)] for k in letters])
    expect_labels(student, path)


@check(task="ctc_collapse", label="a blank between two equal letters keeps both")
def double_letters(student: Student, rng: np.random.Generator) -> None:
    k, other = rng.permutation(np.arange(1, 9))[:2].tolist()
    expect_labels(student, np.array([other, k, k, 0, k, k, k, 0, 0, other]))


@check(task="ctc_collapse", label="a letter may come again later in the text")
def letter_again(student: Student, rng: np.random.Generator) -> None:
    high, low = 7, int(rng.integers(1, 6))
    expect_labels(student, np.array([high, high, low, high, low, low]))
    expect_labels(student, np.array([low, high, high, 0, low]))


@check(task="ctc_collapse", label="the first step counts, even if the last one is the same symbol")
def first_step(student: Student, rng: np.random.Generator) -> None:
    k = int(rng.integers(2, 9))
    expect_labels(student, np.array([k, k, 1, 0, 1, k]))
    expect_labels(student, np.array([k]))
    expect_labels(student, np.array([1, k]))


@check(task="ctc_collapse", label="any symbol can be the blank; 0 is then a letter, in the first step too")
def other_blank(student: Student, rng: np.random.Generator) -> None:
    k = int(rng.integers(4, 9))
    expect_labels(student, np.array([k, 1, 3, 0, 3, 3, k]), blank=3)
    expect_labels(student, np.array([0, 0, 3, k, k, 0, 3, 3, k]), blank=3)
    expect_labels(student, random_path(rng, frames=30), blank=3)


@check(task="ctc_collapse", label="nothing but blanks is the empty text, and so is an empty path")
def nothing(student: Student, rng: np.random.Generator) -> None:
    expect_labels(student, np.zeros(int(rng.integers(1, 9)), dtype=int))
    expect_labels(student, np.zeros(0, dtype=int))


@check(task="ctc_collapse", label="the rule holds on long random paths")
def long_paths(student: Student, rng: np.random.Generator) -> None:
    for _ in range(5):
        expect_labels(student, random_path(rng, frames=24))
    large = np.array([0, 10 + rng.integers(80), 11 * rng.integers(11, 20), 300 + rng.integers(600)])
    expect_labels(student, large[np.r_[random_path(rng, frames=12), 0, 1, 2, 3]])


# 2a.2 ctc_forward ---------------------------------------------------------------------------------------------------


def all_texts(log_probs: np.ndarray, blank: int = 0) -> dict[tuple[int, ...], float]:
    """The probability of each text, by listing every path."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for path in product(range(log_probs.shape[1]), repeat=len(log_probs)):
        found[spelled(path, blank)] += float(np.exp(log_probs[np.arange(len(path)), list(path)].sum()))
    return found


def scaled_forward(log_probs: np.ndarray, labels: list[int]) -> float:
    """The same recursion in probabilities, each step divided by its sum: an independent way for long sounds."""
    states = [0, *(k for label in labels for k in (label, 0))]
    alpha, total = np.zeros(len(states)), 0.0
    alpha[:2] = 1.0
    for t, y in enumerate(np.exp(log_probs)):
        if t:
            jumped = [alpha[s - 2] if s > 1 and states[s] not in (0, states[s - 2]) else 0 for s in range(len(states))]
            alpha = alpha + np.r_[0, alpha[:-1]] + jumped
        alpha = alpha * y[states]
        total += np.log(alpha.sum())
        alpha = alpha / alpha.sum()
    return total + float(np.log(alpha[-2:].sum()))


def expect_log_p(got: object, expected: float, about: str) -> None:
    """Compare a log-probability, and name the text in the message."""
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    if isinstance(got, bool) or not isinstance(got, (int, float)):
        shape = f" of shape {got.shape}" if isinstance(got, np.ndarray) else ""
        message = f"You return {kind_of(got)}{shape}; one number, log p, is right."
        raise Mismatch(got, expected, message=message)
    if got == expected or (np.isfinite(expected) and abs(got - expected) <= 1e-6 * max(1.0, abs(expected))):
        return
    message = f"{about}: you return {got:.4f}; {expected:.4f} is right".replace("-", "−").replace("inf", "∞")
    if np.isfinite([got, expected]).all() and abs(expected) < 50 and got < 50:
        message += f" (as probabilities: {np.exp(got):.4g} and {np.exp(expected):.4g})".replace("-", "−")
    raise Mismatch(got, expected, message=f"{message}.")


@check(task="ctc_forward", label="one step can spell one letter or the empty text")
def one_step(student: Student, rng: np.random.Generator) -> None:
    log_probs = log_distributions(rng, 1, 4)
    k = int(rng.integers(1, 4))
    expect_log_p(student.call("ctc_forward", log_probs, np.array([k])), float(log_probs[0, k]), "One step, one letter")
    empty = student.call("ctc_forward", log_probs, np.zeros(0, dtype=int))
    expect_log_p(empty, float(log_probs[0, 0]), "One step, the empty text")


@check(task="ctc_forward", label="two steps, one letter: the three paths ·a, a· and aa add up to 0.64")
def two_steps(student: Student, rng: np.random.Generator) -> None:
    log_probs = np.log(np.array([[0.6, 0.4], [0.6, 0.4]]))
    expect_log_p(student.call("ctc_forward", log_probs, np.array([1])), float(np.log(0.64)), "0.6 · and 0.4 a, twice")


@check(task="ctc_forward", label="the paths of different letters add up, with the jump over the blank")
def different_letters(student: Student, rng: np.random.Generator) -> None:
    for frames in (2, 3, 5):
        log_probs = log_distributions(rng, frames, 3)
        expected = float(np.log(all_texts(log_probs)[2, 1]))
        got = student.call("ctc_forward", log_probs, np.array([2, 1]))
        expect_log_p(got, expected, f"Text 2 1 in {frames} steps")


@check(task="ctc_forward", label="two equal letters need the blank between them")
def equal_letters(student: Student, rng: np.random.Generator) -> None:
    for frames, text in ((3, (1, 1)), (5, (1, 1)), (6, (2, 1, 1))):
        log_probs = log_distributions(rng, frames, 3)
        expected = float(np.log(all_texts(log_probs)[text]))
        got = student.call("ctc_forward", log_probs, np.array(text))
        expect_log_p(got, expected, f"Text {dots(text)} in {frames} steps")


@check(task="ctc_forward", label="over all texts, the probabilities sum to 1")
def sums_to_one(student: Student, rng: np.random.Generator) -> None:
    log_probs = log_distributions(rng, 4, 3)
    right = dict(sorted(all_texts(log_probs).items(), key=lambda item: (-len(item[0]), item[0])))
    got = [student.call("ctc_forward", log_probs, np.array(text, dtype=int)) for text in right]
    for (text, probability), value in zip(right.items(), got, strict=True):
        expect_log_p(value, float(np.log(probability)), f"Text [{dots(text)}] in 4 steps")
    total = float(np.exp(np.array(got, dtype=float)).sum())
    expect(abs(total - 1) < 1e-6, f"Your probabilities of all texts of 4 steps sum to {total:.4f}; 1 is right.")


@check(task="ctc_forward", label="probability 0 is −∞, for a text that has no path and for a symbol in a step")
def too_short(student: Student, rng: np.random.Generator) -> None:
    for frames, text in ((2, (1, 2, 3)), (2, (2, 2)), (3, (3, 1, 1))):
        got = student.call("ctc_forward", log_distributions(rng, frames, 4), np.array(text))
        expect_log_p(got, -np.inf, f"Text {dots(text)} in {frames} steps")
    log_probs = log_distributions(rng, 4, 3, never=(1, 2))
    got = student.call("ctc_forward", log_probs, np.array([2, 1]))
    expect_log_p(got, float(np.log(all_texts(log_probs)[2, 1])), "Text 2 1 in 4 steps, y of 2 is 0 in step 1")


@check(task="ctc_forward", label="a thousand steps do not vanish into probability 0")
def long_sound(student: Student, rng: np.random.Generator) -> None:
    short, text = log_distributions(rng, 4, 3), (2, 1)
    got = student.call("ctc_forward", short, np.array(text))
    expect_log_p(got, float(np.log(all_texts(short)[text])), "Text 2 1 in 4 steps")
    log_probs, labels = log_distributions(rng, 1000, 6), rng.integers(1, 6, 60)
    got = student.call("ctc_forward", log_probs, labels)
    expect_log_p(got, scaled_forward(log_probs, labels.tolist()), "60 letters in 1000 steps")


@check(task="ctc_forward", label="any symbol can be the blank")
def blank_elsewhere(student: Student, rng: np.random.Generator) -> None:
    log_probs = log_distributions(rng, 5, 3)
    expected = float(np.log(all_texts(log_probs, blank=2)[0, 1, 1]))
    got = student.call("ctc_forward", log_probs, np.array([0, 1, 1]), blank=2)
    expect_log_p(got, expected, "Text 0 1 1 in 5 steps, blank = 2")
