"""Checks of the chapter on digital audio."""

from __future__ import annotations

from itertools import product

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, kind_of

# 1a.1 alias_frequency -----------------------------------------------------------------------------------------------


def distance_to_multiples(hz: float, sr: int) -> float:
    """Distance to the nearest multiple of the rate, by trying them all."""
    return float(np.abs(hz - sr * np.arange(60)).min())


def expect_alias(student: Student, hz: float, sr: int, right: float) -> None:
    """Compare, and name the frequency and the rate."""
    got = student.call("alias_frequency", hz, sr=sr)
    try:
        expect_close(got, right, atol=1e-6, unit="Hz")
    except Mismatch as mismatch:
        raise Mismatch(got, right, message=f"A tone of {hz:g} Hz at a rate of {sr} Hz: {mismatch}") from None


@check(task="alias_frequency", label="a tone below half the rate keeps its frequency")
def below_half(student: Student, rng: np.random.Generator) -> None:
    sr = int(rng.choice([8000, 16_000, 44_100]))
    for share in (0.0, 0.1, 0.49):
        expect_alias(student, share * sr, sr, share * sr)
    expect_alias(student, 440.7, sr, 440.7)


@check(task="alias_frequency", label="between half the rate and the rate, the tone comes back down")
def mirrored(student: Student, rng: np.random.Generator) -> None:
    expect_alias(student, 5000.0, 8000, 3000.0)
    sr = int(rng.integers(4000, 48_000))
    hz = float(rng.integers(0.55 * sr, 0.95 * sr))
    expect_alias(student, hz, sr, sr - hz)


@check(task="alias_frequency", label="above the rate it goes up and down again, over and over")
def many_times_the_rate(student: Student, rng: np.random.Generator) -> None:
    sr = 2 * int(rng.integers(2000, 24_000)) + 1  # its half is not a whole number
    for turns in (1.2, 1.8, 2.3, 2.6, *rng.uniform(3, 50, 4)):
        hz = float(round(turns * sr))
        expect_alias(student, hz, sr, distance_to_multiples(hz, sr))


@check(task="alias_frequency", label="exactly half the rate, and 3/2, 5/2, … of it, is heard at half the rate")
def exactly_half(student: Student, rng: np.random.Generator) -> None:
    sr = 2 * int(rng.integers(2000, 24_000))
    for turns in (0.5, 1.5, 2.5):
        expect_alias(student, turns * sr, sr, sr / 2)


@check(task="alias_frequency", label="the tone under the new name has the very same samples")
def same_samples(student: Student, rng: np.random.Generator) -> None:
    sr, n = 8000, np.arange(64)
    for hz in rng.integers(0, 60_000, 6).tolist():
        heard = student.call("alias_frequency", float(hz), sr=sr)
        if np.ndim(heard) != 0 or not 0 <= float(heard) <= sr / 2:
            raise Mismatch(
                message=f"For {hz} Hz at {sr} Hz you return {heard!r:.40}; a number from 0 to {sr / 2:.0f} is right."
            )
        before, after = (np.cos(2 * np.pi * f * n / sr) for f in (hz, float(heard)))
        expect(
            bool(np.allclose(before, after, atol=1e-6)),
            f"For {hz} Hz at {sr} Hz you return {heard:.0f} Hz, but the samples of the two tones differ.",
        )


# 1a.2 decimate ------------------------------------------------------------------------------------------------------

KEPT = 1200  # samples that are kept
MIDDLE = slice(300, 900)  # of them, those that no filter's edges reach


def tone(share: float, factor: int, phase: float = 0.4) -> np.ndarray:
    """A sine at a share of half of the new rate, with a peak of 0.5."""
    n = np.arange(KEPT * factor)
    return (0.5 * np.sin(np.pi * share / factor * n + phase)).astype(np.float32)


def level_db(y: np.ndarray) -> float:
    """Level of the middle in dB re full scale."""
    return float(10 * np.log10(np.mean(np.square(y[MIDDLE], dtype=np.float64)) + 1e-12))


def signed(number: float) -> str:
    """Return a number with one digit and a real minus."""
    return f"{number:+.1f}".replace("-", "−")


def decimated(student: Student, y: np.ndarray, factor: int) -> np.ndarray:
    """Call the answer and insist on an array of the right length."""
    got = student.call("decimate", y, factor=factor)
    length = -(-y.size // factor)
    if not isinstance(got, np.ndarray) or got.shape != (length,):
        found = f"shape {got.shape}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(
            message=f"From {y.size} samples and a factor of {factor} you return {found}; shape ({length},) is right."
        )
    return np.nan_to_num(got.astype(np.float64), nan=1e3)


@check(task="decimate", label="one sample in `factor` is kept, the first one included")
def length_of_the_result(student: Student, rng: np.random.Generator) -> None:
    factor = int(rng.integers(2, 6))
    for samples in (1000 * factor, 1000 * factor + 1, 1001 * factor - 1):
        decimated(student, tone(0.2, factor)[:samples], factor)


@check(task="decimate", label="low tones pass unchanged and without a delay")
def low_tones(student: Student, rng: np.random.Generator) -> None:
    factor = int(rng.integers(2, 9))
    shares, phases = rng.uniform(0.02, 0.3, 6), rng.uniform(0, 6, 6)  # together they never repeat
    y = sum(tone(share, factor, phase) for share, phase in zip(shares, phases, strict=True)) / 6
    got, expected = decimated(student, y, factor)[MIDDLE], y[::factor][MIDDLE]
    expect_close(got, expected, atol=0.06, axis="sample")  # 1 dB of 0.5


@check(task="decimate", label="what was at sample n is at sample n / factor, not a sample of the old rate later")
def on_time(student: Student, rng: np.random.Generator) -> None:
    for factor in (2, 3, 8):
        got = decimated(student, tone(0.6, factor), factor)[MIDDLE]
        turn = np.exp(-1j * np.pi * 0.6 * np.arange(KEPT)[MIDDLE])
        phase = np.angle(np.vdot(np.conj(turn), got) / np.vdot(np.conj(turn), tone(0.6, factor)[::factor][MIDDLE]))
        late = -phase / (np.pi * 0.6) * factor  # in samples of the old rate
        if abs(late) > 0.2:
            word = "late" if late > 0 else "early"
            raise Mismatch(
                message=f"With a factor of {factor}, a tone at 0.6 of half the new rate comes {abs(late):.1f} samples "
                f"of the old rate {word}."
            )


@check(task="decimate", label="tones up to 0.8 of half the new rate keep their level within 1 dB")
def passed(student: Student, rng: np.random.Generator) -> None:
    for factor, share in product((int(rng.integers(2, 8)), 8), (0.5, 0.7, 0.8)):
        change = level_db(decimated(student, tone(share, factor), factor)) - level_db(tone(share, factor))
        expect(
            abs(change) <= 1,
            f"A tone at {share} of half the new rate (factor {factor}) changes its level by {signed(change)} dB; at "
            "most 1 dB is right.",
        )


@check(task="decimate", label="tones above 1.2 times half the new rate are at least 40 dB softer")
def stopped(student: Student, rng: np.random.Generator) -> None:
    factors = (int(rng.integers(2, 8)), 8)
    for factor, share in ((f, share) for f in factors for share in (1.2, 1.5, 0.5 * (1.2 + f), 0.97 * f)):
        change = level_db(decimated(student, tone(share, factor), factor)) - level_db(tone(share, factor))
        expect(
            change <= -40,
            f"A tone at {share:.1f} times half the new rate (factor {factor}) comes back as an alias at "
            f"{signed(change)} dB; −40 dB or less is right.",
        )


# 1a.3 quantise ------------------------------------------------------------------------------------------------------


@check(task="quantise", label="three bits: the values are −1, −0.75, …, 0, …, 0.75")
def three_bits(student: Student, rng: np.random.Generator) -> None:
    y = np.array([-1.0, -0.9, -0.8, -0.3, -0.1, 0.0, 0.1, 0.2, 0.6, 0.7], dtype=np.float32)
    expected = np.array([-1.0, -1.0, -0.75, -0.25, 0.0, 0.0, 0.0, 0.25, 0.5, 0.75])
    expect_close(student.call("quantise", y, bits=3), expected, atol=1e-6, axis="sample")


@check(task="quantise", label="each sample moves by half a step at most")
def half_a_step(student: Student, rng: np.random.Generator) -> None:
    for bits in rng.choice(np.arange(2, 13), 3, replace=False).tolist():
        step = 2 / 2**bits
        y = rng.uniform(-1, 1 - step, 3000).astype(np.float32)
        got = np.asarray(student.call("quantise", y, bits=bits), dtype=np.float64)
        expect_close(got, y.astype(np.float64), atol=step / 2 + 1e-6, axis="sample")


@check(task="quantise", label="every result is one of the 2**bits values")
def on_the_grid(student: Student, rng: np.random.Generator) -> None:
    bits = int(rng.integers(2, 6))
    step = 2 / 2**bits
    got = student.call("quantise", rng.uniform(-1.2, 1.2, 20_000).astype(np.float32), bits=bits)
    values = np.unique(np.round(np.asarray(got, dtype=np.float64), 9))
    steps = values / step
    strange = values[(np.abs(steps - np.round(steps)) > 1e-4) | (values < -1 - 1e-6) | (values > 1 - step + 1e-6)]
    if strange.size:
        raise Mismatch(
            message=f"Your result takes {values.size} different values, but with {bits} bits there are {2**bits}; "
            f"{strange[-1]:.4g} is not one of them."
        )
    expect(
        values.size == 2**bits,
        f"With {bits} bits your result takes {values.size} different values; {2**bits} are right.",
    )


@check(task="quantise", label="what is one of the values already stays where it is, zero above all")
def values_stay(student: Student, rng: np.random.Generator) -> None:
    bits = int(rng.integers(7, 9))
    grid = np.arange(-(2 ** (bits - 1)), 2 ** (bits - 1)) * (2 / 2**bits)
    expect_close(student.call("quantise", grid.astype(np.float32), bits=bits), grid, atol=1e-7, axis="sample")


@check(task="quantise", label="samples beyond the last value are held at it")
def held(student: Student, rng: np.random.Generator) -> None:
    bits = int(rng.integers(3, 11))
    y = np.array([-3.0, -1.01, 1.0, 1.2, 5.0], dtype=np.float32)
    last = 1 - 2 / 2**bits
    expect_close(student.call("quantise", y, bits=bits), [-1, -1, last, last, last], atol=1e-6, axis="sample")
