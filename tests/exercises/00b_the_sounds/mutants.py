"""Misconceptions about levels of noise and about speaking at once, as answers that people really give."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np

from audiocourse.learn.authoring import mutant


def power(y: np.ndarray) -> float:
    return float(np.mean(y.astype(np.float64) ** 2))


# ---------------------------------------------------------------- 0b.1 the gain of a noise


@mutant(
    task="gain_for_snr",
    name="a ratio of powers used as a gain",
    hint="Twice the gain is four times the power. What must be done to a ratio of powers before it multiplies samples?",
)
def without_the_root(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return power(target) / power(noise) / 10 ** (snr_db / 10)


@mutant(
    task="gain_for_snr",
    name="ten decibels for ten times the amplitude",
    hint="Ten decibels are ten times the power. How many times the amplitude is that?",
)
def ten_per_amplitude(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise))) / 10 ** (snr_db / 10)


@mutant(
    task="gain_for_snr",
    name="more decibels, more noise",
    hint="At 30 dB the sound stands far above the noise. Is your noise softer there than at 0 dB?",
)
def wrong_way_round(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise) * 10 ** (snr_db / 10)))


@mutant(
    task="gain_for_snr",
    name="the gain of the sound instead of the noise",
    hint="Which of the two is multiplied by your number: the noise, or the sound?",
)
def gain_of_the_target(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(noise) / power(target) * 10 ** (snr_db / 10)))


@mutant(
    task="gain_for_snr",
    name="energies of sounds of different lengths",
    hint="Let the same noise go on for twice as long. Is it louder? What does your sum say?",
)
def sums_of_squares(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    sums = [float(np.sum(y.astype(np.float64) ** 2)) for y in (target, noise)]
    return float(np.sqrt(sums[0] / sums[1] / 10 ** (snr_db / 10)))


@mutant(
    task="gain_for_snr",
    name="peaks instead of powers",
    hint="A single click has a high peak. Does it drown in noise or not? What does the mean of its squares say?",
)
def by_the_peaks(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.max(np.abs(target)) / np.max(np.abs(noise)) / 10 ** (snr_db / 20))


@mutant(
    task="gain_for_snr",
    name="mean magnitudes instead of powers",
    hint="The power is the mean of the squares. Is its root the same as the mean of the magnitudes?",
)
def by_the_magnitudes(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.mean(np.abs(target)) / np.mean(np.abs(noise)) / 10 ** (snr_db / 20))


@mutant(
    task="gain_for_snr",
    name="two sounds taken to be equally loud",
    hint="Ten decibels below what? Where does the level of the noise, before you touch it, enter your formula?",
)
def levels_forgotten(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(10 ** (-snr_db / 20))


@mutant(
    task="gain_for_snr",
    name="decibels used as a plain ratio",
    hint="At 0 dB both are equally loud. What does your formula do with a ratio of 0?",
)
def without_the_logarithm(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise) / max(abs(snr_db), 1e-6)))


# ---------------------------------------------------------------- 0b.2 speaking at once


def turns_of(rttm: str) -> list[tuple[float, float]]:
    """Start and end of each turn, in the order of the lines."""
    fields = (line.split() for line in rttm.splitlines())
    return [(float(one[3]), float(one[3]) + float(one[4])) for one in fields]


@mutant(
    task="overlap_seconds",
    name="a duration read as an end",
    hint="A turn begins at 6.0 and the next field says 2.0. Does it end before it begins?",
)
def duration_as_end(rttm: str) -> float:
    fields = (line.split() for line in rttm.splitlines())
    turns = [(float(one[3]), float(one[4])) for one in fields]
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in combinations(turns, 2))


@mutant(
    task="overlap_seconds",
    name="each pair of speakers counted for itself",
    hint="Three people speak at the same second. How many seconds is that, and how many pairs are they?",
)
def pair_by_pair(rttm: str) -> float:
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in combinations(turns_of(rttm), 2))


@mutant(
    task="overlap_seconds",
    name="a second counted again for every further speaker",
    hint="All turns minus the time in which anybody speaks: what does a second with three speakers contribute?",
)
def total_minus_union(rttm: str) -> float:
    turns, covered, reached = sorted(turns_of(rttm)), 0.0, 0.0
    for start, end in turns:
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return sum(end - start for start, end in turns) - covered


@mutant(
    task="overlap_seconds",
    name="only the turn just before looked at",
    hint="Somebody says “mhm” twice while another goes on talking. With which turns does the second “mhm” overlap?",
)
def neighbours_only(rttm: str) -> float:
    return sum(max(0.0, min(a[1], b[1]) - b[0]) for a, b in pairwise(sorted(turns_of(rttm))))


@mutant(
    task="overlap_seconds",
    name="lines taken to be in the order of time",
    hint="Shuffle the lines of the file. Does your number stay the same?",
)
def lines_in_order(rttm: str) -> float:
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in pairwise(turns_of(rttm)))


@mutant(
    task="overlap_seconds",
    name="overlap that goes on after the shorter turn has ended",
    hint="A “mhm” of 0.3 s falls into the middle of a long turn. Can they speak at once for longer than 0.3 s?",
)
def to_the_end_of_the_longer(rttm: str) -> float:
    seconds, reached = 0.0, 0.0
    for start, end in sorted(turns_of(rttm)):
        seconds += max(0.0, reached - start)
        reached = max(reached, end)
    return seconds


@mutant(
    task="overlap_seconds",
    name="pauses taken off the overlap",
    hint="Two people overlap for a second, then nobody speaks for two. Is the overlap now −1 s?",
)
def pauses_subtracted(rttm: str) -> float:
    turns = turns_of(rttm)
    if not turns:
        return 0.0
    whole = max(end for _, end in turns) - min(start for start, _ in turns)
    return sum(end - start for start, end in turns) - whole


@mutant(
    task="overlap_seconds",
    name="a number of overlaps, not of seconds",
    hint="Two people overlap twice, for half a second each. Is your answer a count or a duration?",
)
def how_often(rttm: str) -> float:
    return float(sum(min(a[1], b[1]) > max(a[0], b[0]) for a, b in combinations(turns_of(rttm), 2)))
