"""Checks of the chapter on vocoders."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiocourse.learn.checking.authoring import Given, Mismatch, Student, check, expect, expect_close, kind_of
from audiocourse.learn.checking.diagnose import number

MU = 255

# 3d.1 mu_law_encode -------------------------------------------------------------------------------------------------


def expanded(v: np.ndarray) -> np.ndarray:
    """The µ-law read backwards: from −1 … 1 to samples."""
    return np.sign(v) * np.expm1(np.abs(v) * np.log(1 + MU)) / MU


def expect_codes(student: Student, y: np.ndarray, right: Any) -> None:
    """Compare codes, after a look at their kind."""
    got = student.call("mu_law_encode", y)
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "iu":
        message = f"You return {kind_of(got)}; an array of whole numbers (an integer dtype) is right."
        raise Mismatch(got, right, message=message)
    if got.shape == y.shape and got.dtype.kind == "i" and got.dtype.itemsize > 2:
        none = np.flatnonzero(got == np.iinfo(got.dtype).min)  # what NumPy makes of NaN
        if none.size:
            place = f"sample {none[0]}, where y is {number(y[none[0]])}"
            message = f"At {place}, you turn NaN (not a number) into a whole number. "
            message += "Look for a division 0 / 0 or for the logarithm of a negative number."
            raise Mismatch(got, right, message=message)
    expect_close(got, np.asarray(right), axis="sample")


@check(task="mu_law_encode", label="−1 has code 0, silence 128, +1 code 255")
def ends_and_middle(student: Student, rng: np.random.Generator) -> None:
    expect_codes(student, np.array([-1.0, 0.0, 1.0]), [0, 128, 255])


@check(task="mu_law_encode", label="1 % of full scale already lies 29 codes away from silence, on both sides")
def fine_near_silence(student: Student, rng: np.random.Generator) -> None:
    expect_codes(student, np.array([0.01, -0.01, 0.1, -0.1]), [157, 98, 203, 52])


@check(task="mu_law_encode", label="a sample gets the nearest code, measured after the logarithm")
def nearest(student: Student, rng: np.random.Generator) -> None:
    codes = rng.permutation(np.arange(1, 255))
    off = rng.choice([-1.0, 1.0], codes.size) * rng.uniform(0.05, 0.499, codes.size)  # of a step
    expect_codes(student, expanded(2 * (codes + off) / MU - 1), codes)


@check(task="mu_law_encode", label="the same sound upside down has the codes 255 − k")
def upside_down(student: Student, rng: np.random.Generator) -> None:
    codes = rng.integers(1, 255, int(rng.integers(20, 40)))
    off = rng.choice([-0.3, 0.3], codes.size)  # of a step, so that no rounding error decides
    y = expanded(2 * (codes + off) / MU - 1)
    expect_codes(student, y, codes)
    expect_codes(student, -y, MU - codes)


@check(task="mu_law_encode", label="samples beyond ±1 are cut to ±1")
def beyond_full_scale(student: Student, rng: np.random.Generator) -> None:
    expect_codes(student, np.array([-1.5, 1.0 + rng.uniform(0.1, 2), -40.0, 0.0]), [0, 255, 0, 128])


@check(task="mu_law_encode", label="float32 samples, as the course has them, get the same codes, even one alone")
def other_sizes(student: Student, rng: np.random.Generator) -> None:
    codes = rng.integers(1, 255, 50)
    y = expanded(2 * (codes + rng.choice([-0.3, 0.3], 50)) / MU - 1).astype(np.float32)
    expect_codes(student, y, codes)
    expect_codes(student, y[:1], codes[:1])


# 3d.2 receptive_field -----------------------------------------------------------------------------------------------


def counted(dilations: list[int], kernel_size: int) -> int:
    """Follow the taps from the newest output down to the samples, layer by layer."""
    reached = {0}
    for dilation in dilations[::-1]:
        reached = {back + tap * dilation for back in reached for tap in range(kernel_size)}
    return 1 + max(reached)


def expect_reach(student: Student, dilations: list[int], kernel_size: int | None) -> None:
    """Compare a receptive field; None leaves the kernel size to its default."""
    options = {} if kernel_size is None else {"kernel_size": kernel_size}
    got = student.call("receptive_field", dilations, **options)
    kernel_size = kernel_size or 2
    right = counted(dilations, kernel_size)
    given = f"dilations {dilations}, {kernel_size} taps"
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    whole = isinstance(got, (int, np.integer)) and not isinstance(got, bool)
    if not whole:
        raise Mismatch(got, right, message=f"For {given} you return {kind_of(got)}; a whole number (an int) is right.")
    if got != right:
        message = f"For {given} you return {got}; {right} is right."
        raise Mismatch(got, right, message=message)


@check(task="receptive_field", label="one layer of two taps reaches from the newest sample back by its dilation")
def one_layer(student: Student, rng: np.random.Generator) -> None:
    expect_reach(student, [1], 2)
    expect_reach(student, [int(rng.integers(3, 20))], 2)


@check(task="receptive_field", label="layers reach further, each by its own dilation")
def several_layers(student: Student, rng: np.random.Generator) -> None:
    expect_reach(student, [1, 1, 1, 1], 2)
    expect_reach(student, [1, 2, 4, 8, 16], 2)
    expect_reach(student, rng.integers(1, 30, 4).tolist(), 2)


@check(task="receptive_field", label="a stack that starts again with 1 reaches further by the whole stack")
def stacks(student: Student, rng: np.random.Generator) -> None:
    expect_reach(student, [2**i for i in range(10)] * 2, 2)
    expect_reach(student, [1, 2, 4] * int(rng.integers(3, 6)), 2)


@check(task="receptive_field", label="more taps reach further, a single one not at all")
def taps(student: Student, rng: np.random.Generator) -> None:
    expect_reach(student, [1, 2, 4], 5)
    expect_reach(student, rng.integers(1, 9, 3).tolist(), int(rng.integers(3, 8)))
    expect_reach(student, [1, 2, 4], 1)


@check(task="receptive_field", label="two taps are the default")
def default_taps(student: Student, rng: np.random.Generator) -> None:
    expect_reach(student, rng.integers(1, 9, 3).tolist(), None)


@check(task="receptive_field", label="without a layer only the newest sample is left")
def no_layer(student: Student, rng: np.random.Generator) -> None:
    expect_reach(student, [], 2)
    expect_reach(student, [], 5)


# 3d.3 coupling_inverse ----------------------------------------------------------------------------------------------


def coupled(x: np.ndarray, network: Given) -> np.ndarray:
    """The coupling forward, as the notebook has it."""
    a, b = np.split(x, 2)
    log_scale, shift = network.build()(a)
    return np.concatenate([a, np.exp(log_scale) * b + shift])


def expect_undone(student: Student, x: np.ndarray, **options: float) -> None:
    network = Given("scale_and_shift", **options)
    got = student.call("coupling_inverse", coupled(x, network), network)
    expect_close(got, x, atol=1e-7, axis="step", row="channel")


def channels(rng: np.random.Generator, count: int, steps: int = 12) -> np.ndarray:
    return rng.normal(size=(count, steps))


@check(task="coupling_inverse", label="where the network gives neither scale nor shift, nothing changes")
def nothing(student: Student, rng: np.random.Generator) -> None:
    expect_undone(student, channels(rng, 4), seed=1, scale=0.0, shift=0.0)


@check(task="coupling_inverse", label="a shift is undone")
def shifts(student: Student, rng: np.random.Generator) -> None:
    expect_undone(student, channels(rng, 2), seed=int(rng.integers(100)), scale=0.0, shift=1.5)


@check(task="coupling_inverse", label="a scale is undone")
def scales(student: Student, rng: np.random.Generator) -> None:
    expect_undone(student, channels(rng, 2), seed=int(rng.integers(100)), scale=1.5, shift=0.0)


@check(task="coupling_inverse", label="both are undone, in the right order")
def both(student: Student, rng: np.random.Generator) -> None:
    expect_undone(student, channels(rng, 2), seed=int(rng.integers(100)), scale=1.0, shift=1.0)


@check(task="coupling_inverse", label="several channels, and any number of steps")
def sizes(student: Student, rng: np.random.Generator) -> None:
    for count in (4, 8):
        expect_undone(student, channels(rng, count, int(rng.integers(2, 9))), seed=int(rng.integers(100)))
    expect_undone(student, channels(rng, 6, 1), seed=3)


@check(task="coupling_inverse", label="large and small scales are undone as exactly")
def large_scales(student: Student, rng: np.random.Generator) -> None:
    expect_undone(student, channels(rng, 4), seed=int(rng.integers(100)), scale=6.0, shift=0.2)


@check(task="coupling_inverse", label="the half that was left alone comes back untouched")
def first_half(student: Student, rng: np.random.Generator) -> None:
    network = Given("scale_and_shift", seed=int(rng.integers(100)))
    x = channels(rng, 4)
    got = student.call("coupling_inverse", coupled(x, network), network)
    right_shape = isinstance(got, np.ndarray) and got.shape == x.shape
    expect(right_shape, f"You return {kind_of(got)}; an array of shape {x.shape} is right.")
    expect_close(got[:2], x[:2], axis="step", row="channel")
