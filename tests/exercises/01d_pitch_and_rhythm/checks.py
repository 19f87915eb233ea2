"""Checks of the chapter on pitch and rhythm."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect_close, kind_of

# 1d.1 first_dip -----------------------------------------------------------------------------------------------------


def searched(d_prime: np.ndarray, min_lag: int, threshold: float) -> np.ndarray:
    """Lag by lag, for each frame."""
    found = []
    for d in d_prime.T.tolist():
        lags = range(min_lag, len(d) - 1)
        dips = (lag for lag in lags if d[lag] < threshold and d[lag - 1] > d[lag] <= d[lag + 1])
        found.append(next(dips, min(lags, key=lambda lag: d[lag])))
    return np.array(found)


def expect_lags(student: Student, d_prime: np.ndarray, *, min_lag: int, threshold: float) -> None:
    got = student.call("first_dip", d_prime, min_lag=min_lag, threshold=threshold)
    if not isinstance(got, np.ndarray) or got.shape != d_prime.shape[1:]:
        found = f"shape {got.shape}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(
            message=f"For {d_prime.shape[1]} frames you return {found}; an array of that many lags is right."
        )
    expect_close(got, searched(d_prime, min_lag, threshold), axis="frame")


def periodic(rng: np.random.Generator, depths: list[float], period: int = 40) -> np.ndarray:
    """A curve that dips at each multiple of a period, to the given depths."""
    lag = np.arange(period * len(depths) + period // 2)
    floor = np.interp(lag, period * np.arange(1, len(depths) + 1), depths)
    curve = floor + 0.5 * (1 - np.cos(2 * np.pi * lag / period))
    curve[0] = 1.0
    return curve + 1e-4 * rng.random(lag.size)


@check(task="first_dip", label="the first dip below the threshold wins, even if a later one is deeper")
def first_not_deepest(student: Student, rng: np.random.Generator) -> None:
    frames = np.stack([periodic(rng, [0.08, 0.02, 0.05]), periodic(rng, [0.05, 0.04, 0.01])], axis=1)
    expect_lags(student, frames, min_lag=8, threshold=0.1)


@check(task="first_dip", label="the lag is the bottom of the dip, not the moment the curve falls below the threshold")
def bottom_of_the_dip(student: Student, rng: np.random.Generator) -> None:
    frames = np.stack([periodic(rng, [0.01, 0.01], period=int(p))[:70] for p in rng.integers(30, 60, 4)], axis=1)
    expect_lags(student, frames, min_lag=5, threshold=0.3)


@check(task="first_dip", label="a dip that is not deep enough is passed over")
def shallow_dip(student: Student, rng: np.random.Generator) -> None:
    frames = np.stack([periodic(rng, [0.3, 0.03, 0.02]), periodic(rng, [0.4, 0.35, 0.04])], axis=1)
    expect_lags(student, frames, min_lag=8, threshold=0.1)


@check(task="first_dip", label="without any dip below the threshold, the smallest value counts")
def nothing_deep(student: Student, rng: np.random.Generator) -> None:
    frames = np.stack([periodic(rng, [0.5, 0.4, 0.45]), periodic(rng, [0.3, 0.6, 0.5])], axis=1)
    expect_lags(student, frames, min_lag=8, threshold=0.1)


@check(task="first_dip", label="lags below min_lag and the last lag are left out")
def limits(student: Student, rng: np.random.Generator) -> None:
    d = np.array([1.0, 0.6, 0.01, 0.5, 0.9, 0.7, 0.05, 0.6, 0.8, 0.001])
    falling = np.linspace(1, 0.05, 10)  # below the threshold at the last lag only, which has no right neighbour
    flat = np.array([1.0, 0.9, 0.9, 0.05, 0.05, 0.6, 0.9, 0.02, 0.6, 0.7])  # its first bottom begins before min_lag
    before = np.array([1.0, 0.01, 0.5, 0.6, 0.9, 0.7, 0.5, 0.6, 0.8, 0.7])  # no dip, and the smallest is too early
    at_once = np.array([1.0, 0.9, 0.5, 0.003, 0.004, 0.5, 0.05, 0.6, 0.03, 0.6])  # already deep at min_lag, but rising
    late = np.array([1.0, 0.9, 0.5, 0.003, 0.004, 0.5, 0.9, 0.6, 0.05, 0.6])  # its dip is at the last lag but one
    expect_lags(student, np.stack([d, falling, flat, before, at_once, late], axis=1), min_lag=4, threshold=0.1)


@check(
    task="first_dip",
    label="many frames at once; a flat bottom counts from its first lag, and exactly the threshold is not below it",
)
def many_frames(student: Student, rng: np.random.Generator) -> None:
    frames = np.round(rng.uniform(0, 1, (50, 30)), 1)  # rounded: equal neighbours occur, and 0.2 itself
    frames[0] = 1
    expect_lags(student, frames, min_lag=int(rng.integers(1, 6)), threshold=0.2)


# 1d.2 pitch_class ---------------------------------------------------------------------------------------------------


def hertz(midi: np.ndarray) -> np.ndarray:
    """Frequency of MIDI numbers."""
    return 440.0 * 2.0 ** ((np.asarray(midi, dtype=np.float64) - 69) / 12)


@check(task="pitch_class", label="A is 9 in every octave")
def every_a(student: Student, rng: np.random.Generator) -> None:
    got = student.call("pitch_class", np.array([27.5, 55, 110, 220, 440, 880, 1760, 3520]))
    expect_close(got, np.full(8, 9), axis="note")


@check(task="pitch_class", label="the twelve notes from C upwards are 0 to 11")
def twelve(student: Student, rng: np.random.Generator) -> None:
    got = student.call("pitch_class", hertz(12 * int(rng.integers(3, 8)) + np.arange(12)))
    expect_close(got, np.arange(12), axis="note")


@check(task="pitch_class", label="notes that are out of tune belong to the nearest one")
def out_of_tune(student: Student, rng: np.random.Generator) -> None:
    notes = rng.integers(24, 108, 40)
    cents = np.concatenate([rng.uniform(-49, 49, 36), [-48.5, 48.5, -48, 48]])
    got = student.call("pitch_class", hertz(notes + cents / 100))
    expect_close(got, notes % 12, axis="note")


@check(task="pitch_class", label="a C that is a little flat is still a C, not a B and not 12")
def flat_c(student: Student, rng: np.random.Generator) -> None:
    got = student.call("pitch_class", hertz(np.array([60 - 0.4, 72 - 0.48, 48 - 0.1, 59 + 0.4])))
    expect_close(got, [0, 0, 0, 11], axis="note")


# 1d.3 dominant_bpm --------------------------------------------------------------------------------------------------


def counted(strength: np.ndarray, frame_rate: float, slowest: float, fastest: float) -> float:
    """Lag by lag, sample by sample."""
    x = (strength - strength.mean()).tolist()
    best, winner = -np.inf, 0
    for lag in range(1, len(x)):
        if slowest <= 60 * frame_rate / lag <= fastest:
            r = sum(a * b for a, b in zip(x, x[lag:], strict=False))
            if r > best:
                best, winner = r, lag
    return 60 * frame_rate / winner


def pulses(period: int, frames: int, rng: np.random.Generator, noise: float = 0.02) -> np.ndarray:
    """A peak every so many frames, of uneven height, over a little noise."""
    y = noise * rng.random(frames)
    y[int(rng.integers(0, period)) :: period] += rng.uniform(0.9, 1.1)
    return y


@check(task="dominant_bpm", label="a peak every l frames is a tempo of 60 · frame rate / l")
def steady(student: Student, rng: np.random.Generator) -> None:
    strength = np.zeros(100)
    strength[::26] = 1
    got = student.call("dominant_bpm", strength, frame_rate=100.0, slowest=100.0, fastest=300.0)
    expect_close(got, 60 * 100.0 / 26, rtol=1e-6, unit="BPM")
    for period in rng.integers(30, 80, 3).tolist():
        strength = pulses(period, 800, rng)
        got = student.call("dominant_bpm", strength, frame_rate=86.1, slowest=50.0, fastest=240.0)
        expect_close(got, 60 * 86.1 / period, rtol=1e-6, unit="BPM")


@check(task="dominant_bpm", label="a constant added to the strength changes nothing")
def on_a_pedestal(student: Student, rng: np.random.Generator) -> None:
    period = int(rng.integers(45, 80))
    strength = 30 + pulses(period, 700, rng)
    got = student.call("dominant_bpm", strength, frame_rate=100.0, slowest=50.5, fastest=230.0)
    expect_close(got, counted(strength, 100.0, 50.5, 230.0), rtol=1e-6, unit="BPM")


@check(task="dominant_bpm", label="only tempi between slowest and fastest are looked at, both included")
def within_the_range(student: Student, rng: np.random.Generator) -> None:
    strength = pulses(50, 1000, rng)  # at 100 frames a second: 120 BPM, and 60, 40, … fit as well
    for slowest, fastest, bpm in (
        (100.0, 150.0, 120.0),
        (120.0, 200.0, 120.0),
        (60.0, 120.0, 120.0),
        (55.0, 100.0, 60.0),
    ):
        got = student.call("dominant_bpm", strength, frame_rate=100.0, slowest=slowest, fastest=fastest)
        expect_close(got, bpm, rtol=1e-6, unit="BPM")
    for slowest, fastest in ((70.0, 119.0), (121.0, 200.0)):  # 120 is just outside
        got = student.call("dominant_bpm", strength, frame_rate=100.0, slowest=slowest, fastest=fastest)
        expect_close(got, counted(strength, 100.0, slowest, fastest), rtol=1e-6, unit="BPM")


@check(task="dominant_bpm", label="the frame rate is the one that was given")
def other_rates(student: Student, rng: np.random.Generator) -> None:
    for frame_rate in (43.07, 172.3):
        strength = pulses(int(frame_rate / 2), 900, rng)
        got = student.call("dominant_bpm", strength, frame_rate=frame_rate, slowest=70.3, fastest=180.7)
        expect_close(got, counted(strength, frame_rate, 70.3, 180.7), rtol=1e-6, unit="BPM")


@check(task="dominant_bpm", label="the sum of products decides, also in a curve without a clear pulse")
def no_clear_pulse(student: Student, rng: np.random.Generator) -> None:
    for _ in range(20):
        strength = rng.exponential(0.2, 300) + (rng.random(300) < 0.4)  # its mean lies far above its median
        got = student.call("dominant_bpm", strength, frame_rate=50.0, slowest=40.7, fastest=220.3)
        expect_close(got, counted(strength, 50.0, 40.7, 220.3), rtol=1e-6, unit="BPM")
