"""Checks of chapter 3c: frames from predictions, and the pitch of a symbol."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, expect_equal, kind_of

# 3c.1 durations_at_rate ---------------------------------------------------------------------------------------------


def expect_frames(student: Student, log_durations: np.ndarray, right: np.ndarray, *, rate: float) -> None:
    """Require an integer array with the right frames."""
    got = student.call("durations_at_rate", log_durations, rate=rate)
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "iu":
        kind = f"an array of {got.dtype}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(got, message=f"You return {kind}; an array of whole numbers (an integer dtype) is right.")
    expect_equal(got, right, axis="symbol", unit="frames")


def predictions(frames: np.ndarray) -> np.ndarray:
    return np.log1p(frames.astype(np.float64))


@check(task="durations_at_rate", label="at rate 1, predictions of ln(1 + d) give back d")
def at_rate_one(student: Student, rng: np.random.Generator) -> None:
    whole = rng.integers(1, 30, 12)
    expect_frames(student, predictions(whole + 0.01), whole, rate=1.0)  # no rounding error decides


@check(task="durations_at_rate", label="predictions between two frames are rounded to the nearest, up as well as down")
def nearest(student: Student, rng: np.random.Generator) -> None:
    whole = rng.integers(2, 20, 10)
    beside = whole + rng.uniform(0.1, 0.4, 10) * np.where(np.arange(10) % 2, 1, -1)
    expect_frames(student, predictions(beside), whole, rate=1.0)


@check(task="durations_at_rate", label="twice the rate gives half the frames, and half the rate twice as many")
def other_rates(student: Student, rng: np.random.Generator) -> None:
    whole = rng.integers(2, 12, 8)
    expect_frames(student, predictions(2 * whole - 0.1), whole, rate=2.0)
    expect_frames(student, predictions(whole + 0.01), 2 * whole, rate=0.5)
    expect_frames(student, predictions(1.25 * whole + 0.01), whole, rate=1.25)


@check(task="durations_at_rate", label="the division comes before the rounding")
def rounded_last(student: Student, rng: np.random.Generator) -> None:
    whole = rng.integers(3, 12, 8)
    expect_frames(student, predictions(2 * whole + 0.7), whole, rate=2.0)  # d / 2 = whole + 0.35
    expect_frames(student, predictions(whole + 0.3), 4 * whole + 1, rate=0.25)


@check(task="durations_at_rate", label="no symbol is skipped, however short it is predicted or fast it is spoken")
def at_least_one(student: Student, rng: np.random.Generator) -> None:
    expect_frames(student, np.array([-0.5, -3.0, np.log(6.1)]), np.array([1, 1, 5]), rate=1.0)
    expect_frames(student, predictions(np.array([0.2, 4.1, 0.0])), np.array([1, 4, 1]), rate=1.0)
    expect_frames(student, predictions(np.array([1.01, 16.1, 0.9])), np.array([1, 4, 1]), rate=4.0)
    expect_frames(student, predictions(np.array([1.01, 0.7, 3.01])), np.array([2, 1, 6]), rate=0.5)


@check(task="durations_at_rate", label="a long symbol, spoken slowly, gets all of its frames")
def long_symbols(student: Student, rng: np.random.Generator) -> None:
    whole = rng.integers(140, 200, 3)
    expect_frames(student, predictions(whole + 0.01), 2 * whole, rate=0.5)


# 3c.2 average_by_symbol ---------------------------------------------------------------------------------------------


def averages(student: Student, contour: np.ndarray, voiced: np.ndarray, durations: np.ndarray) -> np.ndarray:
    got = student.call("average_by_symbol", contour, voiced, durations)
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array (np.ndarray) is right.")
    return got


def expect_averages(
    student: Student, contour: np.ndarray, voiced: np.ndarray, durations: np.ndarray, right: list[float]
) -> None:
    got = averages(student, contour, voiced, durations)
    expect_close(got, np.array(right), atol=1e-6, axis="symbol")


def all_voiced(contour: np.ndarray) -> np.ndarray:
    return np.ones(contour.size, dtype=bool)


@check(task="average_by_symbol", label="a voiced symbol has the mean of its own frames")
def own_frames(student: Student, rng: np.random.Generator) -> None:
    durations = rng.integers(1, 7, 6)
    contour = rng.uniform(90, 250, durations.sum())
    right = [part.mean() for part in np.split(contour, np.cumsum(durations)[:-1])]
    expect_averages(student, contour, all_voiced(contour), durations, right)


@check(task="average_by_symbol", label="unvoiced frames of a symbol do not count, whatever they hold")
def unvoiced_frames(student: Student, rng: np.random.Generator) -> None:
    durations = rng.integers(3, 7, 4)
    contour = rng.uniform(90, 250, durations.sum())
    voiced = all_voiced(contour)
    starts = np.cumsum(durations) - durations
    voiced[starts] = False
    right = [contour[start + 1 : start + d].mean() for start, d in zip(starts, durations, strict=True)]
    for nothing in (0.0, 5000.0, np.nan):
        contour[starts] = nothing
        expect_averages(student, contour.copy(), voiced, durations, right)


@check(task="average_by_symbol", label="a symbol without voice lies on the straight line between its neighbours")
def between(student: Student, rng: np.random.Generator) -> None:
    low = float(rng.uniform(90, 120))
    step = float(rng.uniform(5, 20))
    durations = np.array([2, int(rng.integers(1, 9)), int(rng.integers(1, 9)), 3, 1, 2])
    owner = np.repeat(np.arange(6), durations)
    contour = np.array([low, 0, 0, low + 3 * step, 0, low])[owner]
    right = [low, low + step, low + 2 * step, low + 3 * step, low + 1.5 * step, low]
    expect_averages(student, contour, np.isin(owner, [0, 3, 5]), durations, right)


@check(task="average_by_symbol", label="before the first and after the last voiced symbol, the nearest value is held")
def at_the_ends(student: Student, rng: np.random.Generator) -> None:
    first = float(rng.uniform(90, 120))
    last = float(rng.uniform(150, 200))
    durations = np.array([3, 1, 2, 2, 4])
    owner = np.repeat(np.arange(5), durations)
    contour = np.array([7.0, first, last, 9.0, 8.0])[owner]
    expect_averages(student, contour, np.isin(owner, [1, 2]), durations, [first, first, last, last, last])


@check(task="average_by_symbol", label="a symbol without any frame is filled like one without voice")
def without_frames(student: Student, rng: np.random.Generator) -> None:
    low = float(rng.uniform(90, 120))
    durations = np.array([0, 2, 0, 3, 0])
    contour = np.repeat([low, low + 40], [2, 3])
    expect_averages(student, contour, all_voiced(contour), durations, [low, low, low + 20, low + 40, low + 40])


@check(task="average_by_symbol", label="a single voiced frame is enough for all symbols")
def single_frame(student: Student, rng: np.random.Generator) -> None:
    durations = rng.integers(1, 5, 4)
    contour = rng.uniform(90, 250, durations.sum())
    voiced = np.zeros(contour.size, dtype=bool)
    place = int(rng.integers(contour.size))
    voiced[place] = True
    expect_averages(student, contour, voiced, durations, [contour[place]] * 4)
