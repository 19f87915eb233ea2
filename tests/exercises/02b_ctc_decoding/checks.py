"""Checks of the chapter on decoding: growing a prefix, and the spans of a path."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, product

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, kind_of


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


# 2b.1 grow_prefix ---------------------------------------------------------------------------------------------------

PARTS = ("stays_blank", "stays_letter", "grown")
Grown = tuple[float, float, np.ndarray]
TOLERANCE = 1e-6  # float32 is good enough


def distribution(rng: np.random.Generator, symbols: int) -> np.ndarray:
    """Probabilities of a step, none of them small."""
    shares = rng.integers(1, 9, symbols).astype(float)
    return shares / shares.sum()


def called(student: Student, p_blank: float, p_letter: float, last: int, y: np.ndarray, **blank: int) -> Grown:
    """Call the answer and require two numbers and an array of the right shape."""
    got = student.call("grow_prefix", p_blank, p_letter, last, y, **blank)
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        right = "the tuple (stays_blank, stays_letter, grown) is right"
        raise Mismatch(got, message=f"You return {kind_of(got)}; {right}.")
    for name, value in zip(PARTS[:2], got, strict=False):
        number = isinstance(value, (int, float)) or (isinstance(value, np.ndarray) and value.ndim == 0)
        expect(number, f"Your {name} is {kind_of(value)}; one number is right.")
    expect(isinstance(got[2], np.ndarray), f"Your grown is {kind_of(got[2])}; an array is right.")
    found = got[2].shape
    expect(found == y.shape, f"The shape of your grown is {found}; {y.shape} is right, one number for each symbol.")
    return float(got[0]), float(got[1]), got[2]


def by_the_cases(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    """The four cases of the text, symbol by symbol."""
    grown = np.zeros(len(y))
    for symbol, probability in enumerate(y):
        if symbol == blank:
            continue
        ways = (p_blank,) if symbol == last else (p_blank, p_letter)
        grown[symbol] = sum(ways) * probability
    stays_letter = 0.0 if last == blank else p_letter * y[last]
    return (p_blank + p_letter) * y[blank], stays_letter, grown


def expect_grown(
    student: Student,
    p_blank: float,
    p_letter: float,
    last: int,
    y: np.ndarray,
    *,
    parts: tuple[str, ...] = PARTS,
    symbols: object = slice(None),
    **blank: int,
) -> None:
    """Compare the named parts of one call, and of ``grown`` these symbols."""
    got = dict(zip(PARTS, called(student, p_blank, p_letter, last, y, **blank), strict=True))
    right = dict(zip(PARTS, by_the_cases(p_blank, p_letter, last, y, **blank), strict=True))
    which = "the empty prefix" if last == blank.get("blank", 0) else f"a prefix that ends in {last}"
    given = f"From {which}, p_blank = {p_blank:.3g}, p_letter = {p_letter:.3g}, y = {np.round(y, 3).tolist()}"
    given += f", blank = {blank['blank']}" if blank else ""
    for name in parts:
        mine, truth = np.atleast_1d(got[name]), np.atleast_1d(right[name])
        places = np.arange(len(truth))[symbols] if name == "grown" else [0]
        for place in places:
            if not abs(mine[place] - truth[place]) <= TOLERANCE:
                what = f"{name}[{place}]" if name == "grown" else name
                message = f"{given}: your {what} is {mine[place]:.4g}; {truth[place]:.4g} is right."
                raise Mismatch(got[name], right[name], message=message.replace("nan", "NaN"))


def some_prefix(rng: np.random.Generator, symbols: int = 5) -> tuple[float, float, int, np.ndarray]:
    """Draw p_blank, p_letter, a last letter that is neither the first nor the last symbol, and a step."""
    p_blank, p_letter = rng.permutation([0.1, 0.3]) + rng.integers(0, 10, 2) / 100
    return float(p_blank), float(p_letter), int(rng.integers(2, symbols - 1)), distribution(rng, symbols)


@check(task="grow_prefix", label="a blank keeps the prefix, after paths of both kinds")
def blank_keeps(student: Student, rng: np.random.Generator) -> None:
    expect_grown(student, *some_prefix(rng), parts=("stays_blank",))


@check(task="grow_prefix", label="the last letter once more keeps the prefix, if the path ended in it")
def letter_lasts(student: Student, rng: np.random.Generator) -> None:
    expect_grown(student, *some_prefix(rng), parts=("stays_letter",))


@check(task="grow_prefix", label="any other letter makes the prefix longer, after paths of both kinds")
def other_letters(student: Student, rng: np.random.Generator) -> None:
    p_blank, p_letter, last, y = some_prefix(rng)
    others = [symbol for symbol in range(1, len(y)) if symbol != last]
    expect_grown(student, p_blank, p_letter, last, y, parts=("grown",), symbols=others)


@check(task="grow_prefix", label="the same letter is a new one only after a blank")
def double_letter(student: Student, rng: np.random.Generator) -> None:
    p_blank, p_letter, last, y = some_prefix(rng)
    expect_grown(student, p_blank, p_letter, last, y, parts=("grown",), symbols=[last])
    expect_grown(student, 0.0, p_letter, last, y, parts=("grown",), symbols=[last])


@check(
    task="grow_prefix", label="the empty prefix has no last letter: any letter begins a text, a blank keeps it empty"
)
def empty_prefix(student: Student, rng: np.random.Generator) -> None:
    expect_grown(student, 0.4, 0.0, 0, distribution(rng, 4))


@check(task="grow_prefix", label="nothing grows by a blank, and nothing is lost: all parts sum to p_blank + p_letter")
def nothing_lost(student: Student, rng: np.random.Generator) -> None:
    p_blank, p_letter, last, y = some_prefix(rng)
    stays_blank, stays_letter, grown = called(student, p_blank, p_letter, last, y)
    expect(grown[0] == 0, f"Your grown[0] is {grown[0]:.4g}, but 0 is the blank, and nothing grows by it: 0 is right.")
    total = stays_blank + stays_letter + grown.sum()
    message = f"Your parts sum to {total:.4f}; {p_blank + p_letter:.4f} is right: each path goes on in some way."
    expect(bool(abs(total - p_blank - p_letter) <= TOLERANCE), message)


@check(task="grow_prefix", label="any symbol can be the blank")
def prefix_other_blank(student: Student, rng: np.random.Generator) -> None:
    p_blank, p_letter, _, y = some_prefix(rng)
    expect_grown(student, p_blank, p_letter, 0, y, blank=3)
    expect_grown(student, 0.4, 0.0, 3, y, blank=3)


@check(task="grow_prefix", label="step by step, it adds up all paths of every text")
def whole_search(student: Student, rng: np.random.Generator) -> None:
    y = np.stack([distribution(rng, 3) for _ in range(4)])
    beam: dict[tuple[int, ...], np.ndarray] = {(): np.array([1.0, 0.0])}
    for step in y:
        found: dict[tuple[int, ...], np.ndarray] = defaultdict(lambda: np.zeros(2))
        for prefix, (p_blank, p_letter) in beam.items():
            last = prefix[-1] if prefix else 0
            stays_blank, stays_letter, grown = called(student, float(p_blank), float(p_letter), last, step)
            found[prefix] += (stays_blank, stays_letter)
            for symbol in (1, 2):
                found[*prefix, symbol] += (0.0, float(grown[symbol]))
        beam = dict(found)
    for text, expected in all_texts(y).items():
        mine = float(beam[text].sum())
        message = f"Four steps with your function give the text [{dots(text)}] {mine:.4f}; all its paths sum to"
        expect(bool(abs(mine - expected) <= TOLERANCE), f"{message} {expected:.4f}.")


def all_texts(y: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of each text, by listing every path."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for path in product(range(y.shape[1]), repeat=len(y)):
        found[spelled(path)] += float(np.prod(y[np.arange(len(path)), list(path)]))
    return found


# 2b.2 label_spans ---------------------------------------------------------------------------------------------------


def is_span(span: object) -> bool:
    """Whether this is a triple of whole numbers."""
    triple = isinstance(span, tuple) and len(span) == 3
    return triple and all(isinstance(number, (int, np.integer)) for number in span)


def expect_spans(student: Student, path: np.ndarray, **blank: int) -> None:
    """Compare the spans of one path, span by span."""
    right, t = [], 0
    for symbol, run in groupby(path.tolist()):
        end = t + len(list(run))
        right += [(symbol, t, end)] if symbol != blank.get("blank", 0) else []
        t = end
    got = student.call("label_spans", path, **blank)
    if not isinstance(got, (list, tuple)) or not all(map(is_span, got)):
        message = f"You return {got!r:.60}; a list of tuples (label, first step, one past the last step) is right."
        raise Mismatch(got, right, message=message)
    mine = [tuple(int(number) for number in span) for span in got]
    if mine == right:
        return
    path_said = f"Path {dots(path, **blank)}" + (f" with blank = {blank['blank']}" if blank else "")
    message = f"{path_said}: you return {len(mine)} spans, {mine}; {len(right)} are right, {right}."
    for i, (span, truth) in enumerate(zip(mine, right, strict=False)):
        if span != truth:
            message = f"{path_said}: your span {i + 1} of {len(mine)} is {span}; {truth} is right."
            break
    raise Mismatch(got, right, message=message)


@check(task="label_spans", label="each run has its label, its first step and one past its last")
def runs(student: Student, rng: np.random.Generator) -> None:
    a, b = rng.permutation(np.arange(1, 9))[:2].tolist()
    expect_spans(student, np.repeat([0, a, 0, b, 0], rng.integers(1, 5, 5)))


@check(task="label_spans", label="different labels touch without a blank between them")
def touching(student: Student, rng: np.random.Generator) -> None:
    expect_spans(student, np.repeat([0, 1, 2, 3, 0], rng.integers(2, 5, 5)))
    expect_spans(student, np.repeat([0, 3, 1, 2, 1, 0], rng.integers(2, 5, 6)))


@check(task="label_spans", label="a blank separates two of the same label; without it they are one")
def separated(student: Student, rng: np.random.Generator) -> None:
    k = int(rng.integers(1, 9))
    expect_spans(student, np.repeat([0, k, 0, k, 0], rng.integers(1, 4, 5)))


@check(task="label_spans", label="the same label may come again later, and each time has a span of its own")
def label_again(student: Student, rng: np.random.Generator) -> None:
    a, b = rng.permutation(np.arange(1, 9))[:2].tolist()
    expect_spans(student, np.repeat([0, a, b, 0, a, 0], rng.integers(1, 4, 6)))


@check(task="label_spans", label="runs at the very beginning and end count")
def at_the_ends(student: Student, rng: np.random.Generator) -> None:
    a, b = rng.permutation(np.arange(1, 9))[:2].tolist()
    expect_spans(student, np.repeat([a, 0, b], rng.integers(1, 4, 3)))
    expect_spans(student, np.array([a]))


@check(task="label_spans", label="any symbol can be the blank; 0 is then a label")
def spans_other_blank(student: Student, rng: np.random.Generator) -> None:
    path = random_path(rng, frames=20)
    expect_spans(student, np.concatenate([[0, 0], path, [0]]), blank=2)


@check(task="label_spans", label="nothing but blanks has no span, and neither has an empty path")
def no_spans(student: Student, rng: np.random.Generator) -> None:
    expect_spans(student, np.zeros(int(rng.integers(1, 6)), dtype=int))
    expect_spans(student, np.zeros(0, dtype=int))


@check(task="label_spans", label="long random paths")
def long_random_paths(student: Student, rng: np.random.Generator) -> None:
    for _ in range(5):
        expect_spans(student, random_path(rng, frames=24))
