"""Checks of the page on the material: a noise at a stated level, and who speaks at once."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Student, check, expect_close

# 0b.1 gain_for_snr --------------------------------------------------------------------------------------------------


def two_sounds(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A sound with loud moments, and a noise of another level and another length that swells, around a constant."""
    samples = int(rng.integers(2000, 4000))
    target = rng.uniform(0.05, 0.2) * rng.normal(size=samples) * (np.arange(samples) % 900 < 300)
    longer = 2 * samples + int(rng.integers(500))
    noise = rng.uniform(0.005, 0.02) * (0.3 + np.linspace(0.5, 1, longer) * rng.uniform(-1, 1, longer))
    return target.astype(np.float32), noise.astype(np.float32)


@check(task="gain_for_snr", label="two equal sounds: 0 dB asks for a gain of 1, 20 dB for 0.1, −20 dB for 10")
def equal_sounds(student: Student, rng: np.random.Generator) -> None:
    y = two_sounds(rng)[0]
    for snr_db, gain in ((0.0, 1.0), (20.0, 0.1), (-20.0, 10.0)):
        expect_close(student.call("gain_for_snr", y, y.copy(), snr_db=snr_db), gain, rtol=1e-4)


@check(task="gain_for_snr", label="measured afterwards, the ratio is the one that was asked for")
def the_ratio_is_kept(student: Student, rng: np.random.Generator) -> None:
    target, noise = two_sounds(rng)
    for snr_db in rng.uniform(-20, 30, 3):
        powers = [float(np.mean(y.astype(np.float64) ** 2)) for y in (target, noise)]
        expected = (powers[0] / powers[1] * 10 ** (-snr_db / 10)) ** 0.5
        expect_close(student.call("gain_for_snr", target, noise, snr_db=float(snr_db)), expected, rtol=1e-3)


@check(task="gain_for_snr", label="ten times as much noise needs a tenth of the gain, ten times the sound ten times")
def follows_both_levels(student: Student, rng: np.random.Generator) -> None:
    target, noise = two_sounds(rng)
    snr_db = float(rng.uniform(0, 15))
    gain = student.call("gain_for_snr", target, noise, snr_db=snr_db)
    expect_close(student.call("gain_for_snr", target, 10 * noise, snr_db=snr_db), np.asarray(gain) / 10, rtol=1e-3)
    expect_close(student.call("gain_for_snr", 10 * target, noise, snr_db=snr_db), np.asarray(gain) * 10, rtol=1e-3)


@check(task="gain_for_snr", label="noise that goes on for longer is not louder")
def length_does_not_matter(student: Student, rng: np.random.Generator) -> None:
    target, noise = two_sounds(rng)
    once = student.call("gain_for_snr", target, noise, snr_db=6.0)
    expect_close(student.call("gain_for_snr", target, np.tile(noise, 3), snr_db=6.0), once, rtol=1e-3)


# 0b.2 overlap_seconds -----------------------------------------------------------------------------------------------

Turn = tuple[int, int, str]  # start and duration in milliseconds, name


def rttm(turns: list[Turn]) -> str:
    """Write turns in the format of the task."""
    lines = (
        f"SPEAKER talk 1 {start / 1000:.3f} {long / 1000:.3f} <NA> <NA> {who} <NA> <NA>" for start, long, who in turns
    )
    return "\n".join(lines) + "\n" if turns else ""


def at_once(turns: list[Turn]) -> float:
    """Count the milliseconds in which two or more speak."""
    speaking = np.zeros(1 + max(start + long for start, long, _ in turns), dtype=int)
    for start, long, _ in turns:
        speaking[start : start + long] += 1
    return float(np.sum(speaking >= 2)) / 1000


def two_in_turn(rng: np.random.Generator) -> list[Turn]:
    """Two people who begin before the other has ended, and once after a pause."""
    long, shared = rng.integers(1500, 3000, 4), rng.integers(200, 700, 3)
    shared[1] = -rng.integers(300, 900)
    starts = 500 + np.concatenate([[0], np.cumsum(long[:-1] - shared)])
    names = ("anna", "ben", "anna", "ben")
    return [(int(start), int(one), name) for start, one, name in zip(starts, long, names, strict=True)]


def expect_overlap(student: Student, turns: list[Turn]) -> None:
    expect_close(student.call("overlap_seconds", rttm(turns)), at_once(turns), atol=1e-6, unit="s")


@check(task="overlap_seconds", label="two people who fall into each other's words twice")
def two_people(student: Student, rng: np.random.Generator) -> None:
    expect_overlap(student, two_in_turn(rng))


@check(task="overlap_seconds", label="people who wait for each other share no time, nor does one who speaks alone")
def polite(student: Student, rng: np.random.Generator) -> None:
    long = int(rng.integers(1000, 2000))
    expect_overlap(student, [(500, long, "anna"), (500 + long, 800, "ben"), (2000 + long, 900, "anna")])
    expect_close(student.call("overlap_seconds", rttm([(250, long, "anna")])), 0.0, atol=1e-6, unit="s")


@check(task="overlap_seconds", label="a short “mhm” inside a long turn lasts as long as the “mhm”")
def inside(student: Student, rng: np.random.Generator) -> None:
    begin, short = int(rng.integers(1000, 2000)), int(rng.integers(200, 500))
    expect_overlap(student, [(500, 6000, "anna"), (begin, short, "ben"), (begin + 1500, short + 100, "ben")])


@check(task="overlap_seconds", label="three at once are counted once")
def three_at_once(student: Student, rng: np.random.Generator) -> None:
    begin = int(rng.integers(1000, 2000))
    expect_overlap(student, [(500, 4000, "anna"), (begin, 1800, "ben"), (begin + 600, 700, "cleo")])


@check(task="overlap_seconds", label="the lines of a file may stand in any order, and there may be none")
def any_order(student: Student, rng: np.random.Generator) -> None:
    turns = two_in_turn(rng)
    expect_overlap(student, [turns[i] for i in (2, 0, 3, 1)])
    expect_close(student.call("overlap_seconds", rttm([])), 0.0, atol=1e-6, unit="s")
