"""Misconceptions about levels of noise and about speaking at once, as answers that people really give."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np

from audiocourse.learn.checking.authoring import mutant


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
    hint="At 30 dB the sound is far above the noise. Is your noise softer there than at 0 dB?",
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
    name="two sounds assumed to be equally loud",
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


@mutant(
    task="gain_for_snr",
    name="the two powers exchanged",
    hint="The noise is twice as loud as before. Must your gain rise or fall?",
)
def powers_exchanged(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(noise) / power(target) / 10 ** (snr_db / 10)))


@mutant(
    task="gain_for_snr",
    name="means of samples instead of powers",
    hint="A sine swings around 0. What is the mean of its samples, and what is its power?",
)
def means_of_samples(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(np.abs(np.mean(target) / np.mean(noise)) / 10 ** (snr_db / 10)))


@mutant(
    task="gain_for_snr",
    name="twenty decibels for ten times the power",
    hint="10 dB: how many times the power is that? And what do you divide by under the root?",
)
def half_the_decibels(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise) / 10 ** (snr_db / 20)))


@mutant(
    task="gain_for_snr",
    name="a root that is taken of the decibels only",
    hint="Dividing by 20 takes the root of the decibels. Where do you take the root of the two powers?",
)
def only_the_decibels_rooted(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return power(target) / power(noise) / 10 ** (snr_db / 20)


@mutant(
    task="gain_for_snr",
    name="e instead of 10",
    hint="Ten decibels are a factor of ten. Which number do you raise to a power?",
)
def exponential(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise) / np.exp(snr_db / 10)))


@mutant(
    task="gain_for_snr",
    name="a gain in decibels",
    hint="The samples are multiplied by your number. By what would 0 dB multiply them?",
)
def gain_in_decibels(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(10 * np.log10(power(target) / power(noise)) - snr_db)


@mutant(
    task="gain_for_snr",
    name="the scaled noise instead of the number",
    hint="How many numbers does the function return: one, or one for each sample?",
)
def scaled_noise(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return noise * np.sqrt(power(target) / power(noise) / 10 ** (snr_db / 10))


@mutant(
    task="gain_for_snr",
    name="equal powers, whatever is asked for",
    hint="Which line of yours looks at snr_db?",
)
def ratio_ignored(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise)))


@mutant(
    task="gain_for_snr",
    name="the standard deviation instead of the power",
    hint="A sound card adds a constant to each sample. Which sees it: the mean square or the standard deviation?",
)
def without_its_mean(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.std(target.astype(float)) / np.std(noise.astype(float)) / 10 ** (snr_db / 20))


@mutant(
    task="gain_for_snr",
    name="a negative ratio taken for a positive one",
    hint="At −20 dB, which of the two is louder?",
)
def sign_ignored(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise) / 10 ** (abs(snr_db) / 10)))


@mutant(
    task="gain_for_snr",
    name="only as much noise as there is sound",
    hint="The noise swells towards its end. Over which of its samples is its power to be measured?",
)
def as_much_noise_as_sound(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target) / power(noise[: len(target)]) / 10 ** (snr_db / 10)))


@mutant(
    task="gain_for_snr",
    name="an amplitude divided by a power",
    hint="One of the two is a root, the other is not. What becomes of your gain if both sounds are twice as loud?",
)
def amplitude_over_power(target: np.ndarray, noise: np.ndarray, *, snr_db: float) -> float:
    return float(np.sqrt(power(target)) / power(noise) / 10 ** (snr_db / 20))


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
    name="each pair of speakers counted separately",
    hint="Three people speak during the same second. How many seconds is that, and how many pairs do they form?",
)
def pair_by_pair(rttm: str) -> float:
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in combinations(turns_of(rttm), 2))


@mutant(
    task="overlap_seconds",
    name="a second counted again for every further speaker",
    hint="All turns minus the time in which anyone speaks: what does a second with three speakers contribute?",
)
def total_minus_union(rttm: str) -> float:
    turns, covered, reached = sorted(turns_of(rttm)), 0.0, 0.0
    for start, end in turns:
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return sum(end - start for start, end in turns) - covered


@mutant(
    task="overlap_seconds",
    name="a look at the turn just before only",
    hint="A listener says “mhm” twice while another person talks. With which turns does the second “mhm” overlap?",
)
def neighbours_only(rttm: str) -> float:
    return sum(max(0.0, min(a[1], b[1]) - b[0]) for a, b in pairwise(sorted(turns_of(rttm))))


@mutant(
    task="overlap_seconds",
    name="lines assumed to be in the order of time",
    hint="Shuffle the lines of the file. Does your number stay the same?",
)
def lines_in_order(rttm: str) -> float:
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in pairwise(turns_of(rttm)))


@mutant(
    task="overlap_seconds",
    name="overlap that goes on after the shorter turn has ended",
    hint="An “mhm” of 0.3 s falls into the middle of a long turn. Can they speak at once for longer than 0.3 s?",
)
def to_the_end_of_the_longer(rttm: str) -> float:
    seconds, reached = 0.0, 0.0
    for start, end in sorted(turns_of(rttm)):
        seconds += max(0.0, reached - start)
        reached = max(reached, end)
    return seconds


@mutant(
    task="overlap_seconds",
    name="pauses subtracted from the overlap",
    hint="Two people overlap for a second, then no one speaks for two. Is the overlap now −1 s?",
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


def swept(turns: list[tuple[float, float]], counts: Callable[[int], float]) -> float:
    """Sum the stretches between neighbouring moments, each times a weight for the number of turns that cover it."""
    moments = sorted(moment for turn in turns for moment in turn)
    return sum((end - start) * counts(sum(a <= start < b for a, b in turns)) for start, end in pairwise(moments))


@mutant(
    task="overlap_seconds",
    name="each pair of turns counted twice",
    hint="Anna overlaps with Ben, and Ben with Anna. Is that one second or two?",
)
def each_pair_twice(rttm: str) -> float:
    turns = turns_of(rttm)
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in turns for b in turns if a is not b)


@mutant(
    task="overlap_seconds",
    name="every second multiplied by the number of speakers",
    hint="Two people speak during the same second. Does the clock count one second or two?",
)
def once_for_each_speaker(rttm: str) -> float:
    return swept(turns_of(rttm), lambda speaking: speaking if speaking >= 2 else 0)


@mutant(
    task="overlap_seconds",
    name="all seconds in which anyone speaks",
    hint="One person speaks alone. Is that overlap?",
)
def anybody(rttm: str) -> float:
    return swept(turns_of(rttm), lambda speaking: speaking >= 1)


@mutant(
    task="overlap_seconds",
    name="more than two speakers instead of two or more",
    hint="Two people speak at once. Is 2 greater than 2?",
)
def more_than_two(rttm: str) -> float:
    return swept(turns_of(rttm), lambda speaking: speaking > 2)


@mutant(
    task="overlap_seconds",
    name="exactly two speakers, not two or more",
    hint="A third person joins in. Does the overlap end there?",
)
def exactly_two(rttm: str) -> float:
    return swept(turns_of(rttm), lambda speaking: speaking == 2)


@mutant(
    task="overlap_seconds",
    name="a turn that still counts at the moment of its end",
    hint="A turn ends at 2.0 and the stretch from 2.0 to 3.0 begins. Does the turn still last there?",
)
def holds_at_its_end(rttm: str) -> float:
    turns = turns_of(rttm)
    moments = sorted(moment for turn in turns for moment in turn)
    return sum(end - start for start, end in pairwise(moments) if sum(a <= start <= b for a, b in turns) >= 2)


@mutant(
    task="overlap_seconds",
    name="a turn that does not count from its own start",
    hint="The stretch that begins when Ben begins: does Ben speak in it? What does a strict < make of it?",
)
def begins_too_late(rttm: str) -> float:
    turns = turns_of(rttm)
    moments = sorted(moment for turn in turns for moment in turn)
    return sum(end - start for start, end in pairwise(moments) if sum(a < start < b for a, b in turns) >= 2)


@mutant(
    task="overlap_seconds",
    name="moments that are not in the order of time",
    hint="Anna speaks from 1 to 5, Ben from 3 to 7. In which order come the four moments, and in which do yours?",
)
def moments_out_of_order(rttm: str) -> float:
    turns = turns_of(rttm)
    moments = [moment for turn in turns for moment in turn]
    return sum(end - start for start, end in pairwise(moments) if sum(a <= start < b for a, b in turns) >= 2)


@mutant(
    task="overlap_seconds",
    name="the end of one turn minus the start of the next, line by line",
    hint="A short turn lies inside a long one. Until when do they overlap? And are the lines sorted?",
)
def end_minus_start(rttm: str) -> float:
    return sum(max(0.0, a[1] - b[0]) for a, b in pairwise(turns_of(rttm)))


@mutant(
    task="overlap_seconds",
    name="the end of one turn minus the start of the next",
    hint='An "mhm" of 0.3 s lies inside a long turn. Can they speak at once for longer than 0.3 s?',
)
def end_minus_start_sorted(rttm: str) -> float:
    return sum(max(0.0, a[1] - b[0]) for a, b in pairwise(sorted(turns_of(rttm))))


@mutant(
    task="overlap_seconds",
    name="pauses as negative overlaps",
    hint="Two turns do not touch. Is the time they share negative, or 0?",
)
def negative_gaps(rttm: str) -> float:
    return sum(min(a[1], b[1]) - max(a[0], b[0]) for a, b in pairwise(sorted(turns_of(rttm))))


@mutant(
    task="overlap_seconds",
    name="the sum of all turns",
    hint="One person speaks alone for an hour. How much of it is overlap?",
)
def total_time(rttm: str) -> float:
    return sum(end - start for start, end in turns_of(rttm))


@mutant(
    task="overlap_seconds",
    name="time cut into hundredths of a second",
    hint="A turn begins at 2.237 s. On which step of your grid?",
)
def on_a_grid(rttm: str) -> float:
    turns = turns_of(rttm)
    if not turns:
        return 0.0
    grid = np.arange(0, max(end for _, end in turns), 0.01)
    speaking = sum(((grid >= start) & (grid < end)).astype(int) for start, end in turns)
    return 0.01 * float(np.sum(speaking >= 2))


@mutant(
    task="overlap_seconds",
    name="a file without lines that raises an error",
    hint="There may be no line at all. What is max() of an empty list?",
)
def nothing_to_sort(rttm: str) -> float:
    turns = turns_of(rttm)
    last = max(end for _, end in turns)
    return swept(turns, lambda speaking: speaking >= 2) if last > 0 else 0.0


@mutant(
    task="overlap_seconds",
    name="milliseconds instead of seconds",
    hint="RTTM gives seconds. In which unit is your answer?",
)
def in_thousandths(rttm: str) -> float:
    return 1000 * swept(turns_of(rttm), lambda speaking: speaking >= 2)


@mutant(
    task="overlap_seconds",
    name="a result rounded to tenths of a second",
    hint="Two people overlap for 40 ms. What is left of it?",
)
def to_tenths(rttm: str) -> float:
    return round(swept(turns_of(rttm), lambda speaking: speaking >= 2), 1)


@mutant(
    task="overlap_seconds",
    name="only the starts of turns as moments",
    hint="Something changes when a turn begins. Does nothing change when one ends?",
)
def starts_only(rttm: str) -> float:
    turns = turns_of(rttm)
    starts = sorted(start for start, _ in turns)
    return sum(end - start for start, end in pairwise(starts) if sum(a <= start < b for a, b in turns) >= 2)


@mutant(
    task="overlap_seconds",
    name="a stretch counted with the speakers of the next one",
    hint="From 2 to 3 s one person speaks, then a second one begins. How many speak in the stretch from 2 to 3?",
)
def counted_after_the_change(rttm: str) -> float:
    changes = sorted([(start, 1) for start, _ in turns_of(rttm)] + [(end, -1) for _, end in turns_of(rttm)])
    seconds, speaking, before = 0.0, 0, 0.0
    for moment, change in changes:
        speaking += change
        seconds += moment - before if speaking >= 2 else 0.0
        before = moment
    return seconds


@mutant(
    task="overlap_seconds",
    name="fields counted from 1",
    hint="Python counts from 0. Which index has the fourth field, and which field do you read?",
)
def fields_from_one(rttm: str) -> float:
    fields = (line.split() for line in rttm.splitlines())
    turns = [(float(one[2]), float(one[2]) + float(one[3])) for one in fields]
    return swept(turns, lambda speaking: speaking >= 2)


@mutant(
    task="overlap_seconds",
    name="a first line taken for a heading",
    hint="Does the file begin with a heading, or with the first turn?",
)
def first_line_skipped(rttm: str) -> float:
    return swept(turns_of(rttm)[1:], lambda speaking: speaking >= 2)


@mutant(
    task="overlap_seconds",
    name="the longest overlap instead of all of them",
    hint="Two people overlap twice. Do both times count?",
)
def longest_overlap(rttm: str) -> float:
    turns = sorted(turns_of(rttm))
    return max((max(0.0, min(a[1], b[1]) - b[0]) for a, b in pairwise(turns)), default=0.0)


@mutant(
    task="overlap_seconds",
    name="pauses between any two turns as negative overlaps",
    hint="Two turns do not touch. Is the time they share negative, or 0?",
)
def negative_pairs(rttm: str) -> float:
    return sum(min(a[1], b[1]) - max(a[0], b[0]) for a, b in combinations(turns_of(rttm), 2))
