"""Misconceptions about the length of a sound, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import mutant


@mutant(
    task="duration_seconds",
    name="a stereo sound measured along its channels",
    hint="The shape of a stereo sound is (channels, samples). What does len count?",
)
def length_of_the_first_axis(y: np.ndarray, sr: int) -> float:
    return len(y) / sr


@mutant(
    task="duration_seconds",
    name="the channels laid end to end",
    hint="Two loudspeakers play at the same time. Does the sound last twice as long?",
)
def channels_one_after_the_other(y: np.ndarray, sr: int) -> float:
    return y.size / sr


@mutant(
    task="duration_seconds",
    name="the longer axis taken for time",
    hint="A click of one sample in two channels has shape (2, 1). Which axis is time?",
)
def longest_axis(y: np.ndarray, sr: int) -> float:
    return max(y.shape) / sr


@mutant(
    task="duration_seconds",
    name="whole seconds only",
    hint="A click lasts a few milliseconds. What does // make of that?",
)
def whole_seconds(y: np.ndarray, sr: int) -> float:
    return float(y.shape[-1] // sr)


@mutant(
    task="duration_seconds",
    name="the time of the last sample",
    hint="A sound of a single sample: how long does it last, and when does that sample begin?",
)
def time_of_the_last_sample(y: np.ndarray, sr: int) -> float:
    return (y.shape[-1] - 1) / sr


@mutant(
    task="duration_seconds",
    name="a fraction upside down",
    hint="A sound with more samples lasts longer. Does your number get larger?",
)
def upside_down(y: np.ndarray, sr: int) -> float:
    return sr / y.shape[-1]


@mutant(
    task="duration_seconds",
    name="a time in milliseconds",
    hint="sr samples last one second. What do you return for them?",
)
def in_milliseconds(y: np.ndarray, sr: int) -> float:
    return 1000 * y.shape[-1] / sr


@mutant(
    task="duration_seconds",
    name="a number of samples, not of seconds",
    hint="The same recording at twice the rate has twice the samples. Does it last twice as long?",
)
def in_samples(y: np.ndarray, sr: int) -> float:
    return float(y.shape[-1])


@mutant(
    task="duration_seconds",
    name="a duration rounded to whole seconds",
    hint="A word lasts 0.4 s. What does round() make of it?",
)
def to_whole_seconds(y: np.ndarray, sr: int) -> float:
    return float(round(y.shape[-1] / sr))


@mutant(
    task="duration_seconds",
    name="a duration rounded up to whole seconds",
    hint="A click lasts a few milliseconds. How long does it last for you?",
)
def rounded_up(y: np.ndarray, sr: int) -> float:
    return float(np.ceil(y.shape[-1] / sr))


@mutant(
    task="duration_seconds",
    name="a duration rounded to hundredths of a second",
    hint="One sample at 16 000 Hz lasts 0.0000625 s. What is left of it after your rounding?",
)
def to_hundredths(y: np.ndarray, sr: int) -> float:
    return round(y.shape[-1] / sr, 2)


@mutant(
    task="duration_seconds",
    name="cut to whole milliseconds",
    hint="One sample at 16 000 Hz lasts 0.0625 ms. What is left of it?",
)
def to_milliseconds(y: np.ndarray, sr: int) -> float:
    return int(1000 * y.shape[-1] / sr) / 1000


@mutant(
    task="duration_seconds",
    name="samples times the rate",
    hint="More samples in a second: does the same number of samples last longer or shorter?",
)
def multiplied(y: np.ndarray, sr: int) -> float:
    return float(y.shape[-1] * sr)


@mutant(
    task="duration_seconds",
    name="a second axis that one channel does not have",
    hint='What is the shape of a sound with one channel, and which index means "the last axis"?',
)
def second_axis(y: np.ndarray, sr: int) -> float:
    return y.shape[1] / sr


@mutant(
    task="duration_seconds",
    name="a rate of 16 000 Hz, whatever was given",
    hint="Which argument says how many samples make a second?",
)
def rate_of_speech(y: np.ndarray, sr: int) -> float:
    return y.shape[-1] / 16_000


@mutant(
    task="duration_seconds",
    name="a time in minutes",
    hint="sr samples last one second. How many do you get for them?",
)
def in_minutes(y: np.ndarray, sr: int) -> float:
    return y.shape[-1] / sr / 60


@mutant(
    task="duration_seconds",
    name="one sample too many",
    hint="A sound with no sample at all: how long is it, and what do you return?",
)
def one_sample_more(y: np.ndarray, sr: int) -> float:
    return (y.shape[-1] + 1) / sr


@mutant(
    task="duration_seconds",
    name="the time of each sample instead of one duration",
    hint="The question is how long the sound lasts. How many numbers is that?",
)
def all_times(y: np.ndarray, sr: int) -> float:
    return np.arange(y.shape[-1]) / sr


@mutant(
    task="duration_seconds",
    name="a duration rounded to whole milliseconds",
    hint="One sample at 16 000 Hz lasts 0.0625 ms. What is left of it after your rounding?",
)
def to_whole_milliseconds(y: np.ndarray, sr: int) -> float:
    return round(y.shape[-1] / sr, 3)


@mutant(
    task="duration_seconds",
    name="two channels, however many there are",
    hint="A sound may have one row, or three. By what do you divide its number of samples?",
)
def always_two_channels(y: np.ndarray, sr: int) -> float:
    return y.size / y.ndim / sr
