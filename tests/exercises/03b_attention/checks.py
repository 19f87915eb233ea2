"""Checks of chapter 3b: where a synthesiser stops, how attention is guided, and what it knows of where it has been."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, kind_of

# 3b.1 frames_until_stop ---------------------------------------------------------------------------------------------


def expect_frames(student: Student, stop_logits: np.ndarray, right: int, *, reduction: int) -> None:
    """Require a whole number, and name the logits in the message."""
    got = student.call("frames_until_stop", stop_logits, reduction=reduction)
    whole = isinstance(got, (int, np.integer)) or (
        isinstance(got, np.ndarray) and got.ndim == 0 and got.dtype.kind in "iu"
    )
    if isinstance(got, bool) or not whole:
        raise Mismatch(got, right, message=f"You return {kind_of(got)}; a whole number of frames (an int) is right.")
    if int(got) != right:
        shown = ", ".join(f"{value:.2f}".replace("-", "−") for value in stop_logits)
        returned = f"{int(got)} frame{'' if int(got) == 1 else 's'}"
        message = f"Stop logits {shown} with r = {reduction}: you return {returned}; {right} is right."
        raise Mismatch(got, right, message=message)


def speaking(rng: np.random.Generator, steps: int) -> np.ndarray:
    """Draw logits of steps that go on."""
    return rng.uniform(-9.0, -0.8, steps)


@check(task="frames_until_stop", label="with one frame in a step, the step that decides to stop is the last frame")
def one_frame_a_step(student: Student, rng: np.random.Generator) -> None:
    before = int(rng.integers(3, 9))
    expect_frames(student, np.append(speaking(rng, before), 4.0), before + 1, reduction=1)


@check(task="frames_until_stop", label="each step writes r frames, and the last step all of them")
def r_frames_a_step(student: Student, rng: np.random.Generator) -> None:
    for reduction in (2, 5):
        before = int(rng.integers(2, 7))
        logits = np.append(speaking(rng, before), rng.uniform(1.0, 6.0))
        expect_frames(student, logits, reduction * (before + 1), reduction=reduction)


@check(task="frames_until_stop", label="a step stops if σ of its logit is above 0.5, not if the logit is")
def after_the_sigmoid(student: Student, rng: np.random.Generator) -> None:
    before = int(rng.integers(2, 6))
    logits = np.concatenate([speaking(rng, before), [0.2, 0.45, 2.0]])
    expect_frames(student, logits, 3 * (before + 1), reduction=3)


@check(task="frames_until_stop", label="the first stop counts, even if later steps would go on or are surer of the end")
def first_stop(student: Student, rng: np.random.Generator) -> None:
    before = int(rng.integers(2, 6))
    logits = np.concatenate([speaking(rng, before), [1.5], speaking(rng, 3), [6.0, 2.0], speaking(rng, 2)])
    expect_frames(student, logits, 4 * (before + 1), reduction=4)


@check(task="frames_until_stop", label="if no step stops, all frames are spoken")
def no_stop(student: Student, rng: np.random.Generator) -> None:
    steps = int(rng.integers(4, 9))
    expect_frames(student, speaking(rng, steps), 2 * steps, reduction=2)
    expect_frames(student, np.full(steps, -200.0), 3 * steps, reduction=3)
    expect_frames(student, np.concatenate([speaking(rng, 2), [0.0], speaking(rng, 2)]), 10, reduction=2)  # σ(0) = 0.5


@check(task="frames_until_stop", label="a network that stops in its first step speaks r frames")
def stops_at_once(student: Student, rng: np.random.Generator) -> None:
    reduction = int(rng.integers(2, 6))
    expect_frames(student, np.append(3.0, speaking(rng, 4)), reduction, reduction=reduction)


# 3b.2 guided_attention_weights --------------------------------------------------------------------------------------


def guided(student: Student, steps: int, symbols: int, **options: float) -> np.ndarray:
    """Call the answer and require a matrix (steps, symbols)."""
    got = student.call("guided_attention_weights", steps, symbols, **options)
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array (np.ndarray) is right.")
    expect(
        got.shape == (steps, symbols),
        f"{steps} steps and {symbols} symbols: your shape is {got.shape}; {(steps, symbols)} is right.",
    )
    return got


def one_by_one(steps: int, symbols: int, width: float) -> np.ndarray:
    """The definition, number by number."""
    right = np.empty((steps, symbols))
    for t in range(steps):
        for n in range(symbols):
            right[t, n] = 1 - np.exp(-((n / symbols - t / steps) ** 2) / (2 * width**2))
    return right


@check(task="guided_attention_weights", label="a row for each step, a column for each symbol")
def rows_are_steps(student: Student, rng: np.random.Generator) -> None:
    guided(student, int(rng.integers(8, 12)), int(rng.integers(3, 7)), width=0.2)


@check(task="guided_attention_weights", label="nothing is charged on the diagonal, and nearly 1 far from it")
def free_diagonal(student: Student, rng: np.random.Generator) -> None:
    size = int(rng.integers(8, 14))
    got = guided(student, size, size, width=0.1)
    expect_close(np.diag(got), np.zeros(size), atol=1e-6, axis="step")
    corners = np.array([got[0, -1], got[-1, 0]])
    expect_close(corners, np.ones(2), atol=1e-3, axis="corner")


@check(task="guided_attention_weights", label="a distance of g from the diagonal is charged 1 − exp(−1/2) = 0.393")
def at_one_width(student: Student, rng: np.random.Generator) -> None:
    size = 10 * int(rng.integers(1, 4))
    got = guided(student, size, size, width=0.3)
    expect_close(got[0, [3 * size // 10]], 1 - np.exp([-0.5]), atol=1e-6, axis="symbol")


@check(task="guided_attention_weights", label="the diagonal runs through the whole text, however many steps there are")
def any_pace(student: Student, rng: np.random.Generator) -> None:
    symbols = int(rng.integers(5, 9))
    for steps in (3 * symbols, symbols, 4):
        got = guided(student, steps, symbols, width=0.15)
        expect_close(got, one_by_one(steps, symbols, 0.15), atol=1e-6, axis="symbol", row="step")


@check(task="guided_attention_weights", label="a wider band charges less")
def other_widths(student: Student, rng: np.random.Generator) -> None:
    steps = int(rng.integers(9, 14))
    symbols = int(rng.integers(4, 8))
    for width in (0.05, 0.4, 1.5):
        got = guided(student, steps, symbols, width=width)
        expect_close(got, one_by_one(steps, symbols, width), atol=1e-6, axis="symbol", row="step")
    expect_close(guided(student, steps, symbols), one_by_one(steps, symbols, 0.2), atol=1e-6, axis="symbol", row="step")


@check(task="guided_attention_weights", label="a single symbol, or a single step")
def single(student: Student, rng: np.random.Generator) -> None:
    for steps, symbols in ((int(rng.integers(3, 6)), 1), (1, int(rng.integers(3, 6)))):
        got = guided(student, steps, symbols, width=0.3)
        expect_close(got, one_by_one(steps, symbols, 0.3), atol=1e-6, axis="symbol", row="step")


# 3b.3 location_features ---------------------------------------------------------------------------------------------


def located(student: Student, weights: np.ndarray, cumulative: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """Call the answer and require a matrix (symbols, filters)."""
    got = student.call("location_features", weights, cumulative, filters)
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array (np.ndarray) is right.")
    shape = (len(weights), len(filters))
    sizes = " and ".join(
        f"{n} {what}{'' if n == 1 else 's'}" for n, what in zip(shape, ("symbol", "filter"), strict=True)
    )
    expect(got.shape == shape, f"{sizes}: your shape is {got.shape}; {shape} is right.")
    return got


def summed(weights: np.ndarray, cumulative: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """The definition, number by number."""
    margin = filters.shape[2] // 2
    right = np.zeros((len(weights), len(filters)))
    for n in range(len(weights)):
        for j in range(-margin, margin + 1):
            if 0 <= n + j < len(weights):
                right[n] += filters[:, 0, j + margin] * weights[n + j] + filters[:, 1, j + margin] * cumulative[n + j]
    return right


def history(rng: np.random.Generator, symbols: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw weights of a step that sum to 1, and the sum of several steps."""
    return rng.dirichlet(np.ones(symbols)), 5 * rng.dirichlet(np.ones(symbols))


def expect_located(
    student: Student, weights: np.ndarray, cumulative: np.ndarray, filters: np.ndarray, right: np.ndarray
) -> None:
    got = located(student, weights, cumulative, filters)
    expect_close(got, right, atol=1e-6, axis="filter", row="symbol")


@check(task="location_features", label="a filter that is 1 in the middle returns the weights, or their sum")
def middle_of_the_filter(student: Student, rng: np.random.Generator) -> None:
    weights, cumulative = history(rng, int(rng.integers(6, 10)))
    filters = np.zeros((2, 2, 5))
    filters[0, 0, 2] = 1
    filters[1, 1, 2] = 1
    expect_located(student, weights, cumulative, filters, np.stack([weights, cumulative], axis=1))


@check(
    task="location_features", label="the last number of a filter looks at the symbols after, the first at those before"
)
def direction(student: Student, rng: np.random.Generator) -> None:
    symbols = int(rng.integers(6, 10))
    weights, cumulative = history(rng, symbols)
    filters = np.zeros((1, 2, 3))
    filters[0, 0, 2] = 1
    right = np.append(weights[1:], 0.0)[:, None]
    expect_located(student, weights, cumulative, filters, right)
    filters = np.zeros((1, 2, 5))
    filters[0, 1, 0] = 1
    expect_located(student, weights, cumulative, filters, np.append([0.0, 0.0], cumulative[:-2])[:, None])


@check(task="location_features", label="both channels are added, each with its own filter")
def both_channels(student: Student, rng: np.random.Generator) -> None:
    weights, cumulative = history(rng, int(rng.integers(7, 11)))
    filters = rng.normal(size=(3, 2, 3))
    expect_located(student, weights, cumulative, filters, summed(weights, cumulative, filters))


@check(task="location_features", label="beyond the text there is nothing: zeros, not the other end of the text")
def ends_of_the_text(student: Student, rng: np.random.Generator) -> None:
    symbols = int(rng.integers(6, 9))
    weights = np.zeros(symbols)
    cumulative = np.zeros(symbols)
    weights[0] = 1
    cumulative[-1] = float(rng.uniform(1, 4))
    filters = rng.normal(size=(2, 2, 7))
    expect_located(student, weights, cumulative, filters, summed(weights, cumulative, filters))


@check(task="location_features", label="a text may be shorter than a filter is wide")
def short_text(student: Student, rng: np.random.Generator) -> None:
    filters = rng.normal(size=(2, 2, 9))
    for symbols in (1, 3, 9):
        weights, cumulative = history(rng, symbols)
        expect_located(student, weights, cumulative, filters, summed(weights, cumulative, filters))


@check(task="location_features", label="before the first step nothing has been read: all features are 0")
def nothing_read(student: Student, rng: np.random.Generator) -> None:
    nothing = np.zeros(int(rng.integers(4, 8)))
    filters = rng.normal(size=(4, 2, 5))
    expect_located(student, nothing, nothing.copy(), filters, np.zeros((len(nothing), 4)))
