"""Checks of the chapter on voice activity."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect_close, kind_of

SR = 16_000

# 4a.1 to_pcm16 ------------------------------------------------------------------------------------------------------


@check(task="to_pcm16", label="full scale is 32767, minus full scale −32767, silence 0")
def full_scale(student: Student, rng: np.random.Generator) -> None:
    y = np.array([0.0, 1.0, -1.0, 0.5], dtype=np.float32)
    expect_close(student.call("to_pcm16", y), [0, 32767, -32767, 16384], atol=0.6, axis="sample")


@check(task="to_pcm16", label="samples beyond full scale are clipped; they do not wrap around")
def no_wrapping(student: Student, rng: np.random.Generator) -> None:
    t = np.arange(SR) / SR
    y = (1.4 * np.sin(2 * np.pi * rng.integers(200, 500) * t)).astype(np.float32)
    expected = np.round(32767 * np.clip(y.astype(float), -1, 1)).astype(np.int16)
    got = student.call("to_pcm16", y)
    expect_close(got, expected, atol=1.0, axis="sample", step=1 / SR, sr=SR)
    beyond = np.array([-2.0, -1.5, 1.5, 3.0], dtype=np.float32)
    expect_close(student.call("to_pcm16", beyond), [-32767, -32767, 32767, 32767], axis="sample")


@check(task="to_pcm16", label="each sample is rounded to the nearest integer, so the mean error is zero")
def nearest_step(student: Student, rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 4000).astype(np.float32)
    steps = 32767 * y.astype(float)
    expect_close(student.call("to_pcm16", y), steps, atol=0.51, axis="sample")


@check(task="to_pcm16", label="the result is int16 and has as many samples as the sound")
def kind_and_length(student: Student, rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, int(rng.integers(4, 9))).astype(np.float32)
    got = student.call("to_pcm16", y)
    if not isinstance(got, np.ndarray) or got.dtype != np.int16:
        raise Mismatch(message=f"You return {kind_of(got)}; an array of int16 is right.")
    expect_close(got, 32767 * y.astype(float), atol=1.0, axis="sample")


# 4a.2 zero_crossing_rate --------------------------------------------------------------------------------------------


@check(task="zero_crossing_rate", label="a signal whose sign changes at every sample has a rate of 1")
def alternating(student: Student, rng: np.random.Generator) -> None:
    n = 2 * int(rng.integers(5, 200))
    frames = np.tile([0.5, -0.5], n // 2).astype(np.float32)[:, None].repeat(3, axis=1)
    expect_close(student.call("zero_crossing_rate", frames), np.ones(3), atol=1e-6, axis="frame")


@check(task="zero_crossing_rate", label="a sine of f Hz crosses 2f times a second")
def sine_crosses_twice_a_period(student: Student, rng: np.random.Generator) -> None:
    periods = rng.choice(np.arange(5, 60), 6, replace=False)
    n = 801  # 801 samples are 800 pairs; a phase of 0.1 keeps every sample off zero
    frames = np.sin(2 * np.pi * np.outer(np.arange(n) / (n - 1), periods) + 0.1).astype(np.float32)
    expect_close(student.call("zero_crossing_rate", frames), 2 * periods / 800, atol=0.002, axis="frame")


@check(
    task="zero_crossing_rate",
    label="a constant added to a frame changes nothing, even if it differs from frame to frame",
)
def offset_changes_nothing(student: Student, rng: np.random.Generator) -> None:
    frames = rng.normal(0, 0.1, (400, 5))
    frames -= frames.mean(axis=0)
    expected = np.mean((frames[1:] < 0) != (frames[:-1] < 0), axis=0)
    offsets = np.array([0.0, 2.0, -2.0, 0.7, -0.3])
    got = student.call("zero_crossing_rate", (frames + offsets).astype(np.float32))
    expect_close(got, expected, atol=0.006, axis="frame")  # float32 may turn a sample that lies on zero


@check(task="zero_crossing_rate", label="noise crosses more often than a voice-like tone")
def noise_above_tone(student: Student, rng: np.random.Generator) -> None:
    t = np.arange(800) / SR
    tone = sum(np.sin(2 * np.pi * k * 120 * t + 0.3) / k for k in range(1, 9))
    noise, peaky_noise = rng.normal(0, 1, 800), rng.exponential(1, 800)  # most of the second lies below its mean
    soft = 1e-4 * rng.normal(0, 1, 800)  # −80 dB re full scale: no crossing is too small to count
    sounds = (tone, noise, peaky_noise, soft)
    expected = [np.mean(np.diff(x - x.mean() < 0)) for x in sounds]
    got = student.call("zero_crossing_rate", np.stack(sounds, axis=1).astype(np.float32))
    expect_close(got, expected, atol=0.003, axis="frame")


@check(
    task="zero_crossing_rate",
    label="digital silence never crosses, and a sample of exactly zero counts as positive",
)
def zero_is_not_negative(student: Student, rng: np.random.Generator) -> None:
    touching = np.array([0.5, 0.0, -0.5, 0.0, 0.5, 0.0, -0.5, 0.0, 0.0])  # mean 0; + + − + + + − + +: 4 of 8 pairs
    between = np.array([0.5, 0.0, 0.5, -1.0, 0.5, 0.0, 0.5, -1.0, 0.0])  # mean 0; + + + − + + + − +: 4 of 8 pairs
    frames = np.stack([np.zeros(9), touching, between], axis=1).astype(np.float32)
    expect_close(student.call("zero_crossing_rate", frames), [0.0, 0.5, 0.5], atol=1e-6, axis="frame")


# 4a.3 roc_point -----------------------------------------------------------------------------------------------------


def counted(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    """Count one by one: an independent way."""
    pairs = list(zip(truth.tolist(), decided.tolist(), strict=True))
    false_alarms = sum(not t and d for t, d in pairs) / sum(not t for t, _ in pairs)
    return false_alarms, sum(t and d for t, d in pairs) / sum(t for t, _ in pairs)


def expect_rates(got: object, expected: tuple[float, float]) -> None:
    """Compare the two rates one by one, each by its name."""
    if not (isinstance(got, (tuple, list, np.ndarray)) and len(got) == 2):
        raise Mismatch(message=f"You return {got!r:.60}; two numbers are right: false alarm rate, hit rate.")
    for name, value, right in zip(("false alarm rate", "hit rate"), got, expected, strict=True):
        try:
            expect_close(value, right, atol=1e-9)
        except Mismatch as mismatch:
            raise Mismatch(value, right, message=f"Look at the {name}. {mismatch}") from None


@check(task="roc_point", label="the example of the text: two false alarms in six frames, three hits in four")
def rates_example(student: Student, rng: np.random.Generator) -> None:
    truth = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=bool)
    decided = np.array([1, 1, 0, 1, 1, 0, 0, 1, 0, 0], dtype=bool)
    order = rng.permutation(truth.size)
    expect_rates(student.call("roc_point", truth[order], decided[order]), (2 / 6, 3 / 4))


@check(task="roc_point", label="a detector that always says yes has both rates 1; one that always says no, both 0")
def always_and_never(student: Student, rng: np.random.Generator) -> None:
    truth = np.arange(20) < int(rng.integers(3, 17))
    for answer in (True, False):
        got = student.call("roc_point", truth, np.full(20, answer))
        expect_rates(got, (float(answer), float(answer)))


@check(task="roc_point", label="the false alarm rate comes first, then the hit rate")
def order_of_the_two(student: Student, rng: np.random.Generator) -> None:
    truth = np.arange(20) < 10
    got = student.call("roc_point", truth, truth.copy())
    expect_rates(got, (0.0, 1.0))


@check(task="roc_point", label="each rate is a share of its own kind of frames")
def own_denominators(student: Student, rng: np.random.Generator) -> None:
    truth = rng.random(2_000) < 0.2
    decided = truth ^ (rng.random(2_000) < 0.3)
    expect_rates(student.call("roc_point", truth, decided), counted(truth, decided))
