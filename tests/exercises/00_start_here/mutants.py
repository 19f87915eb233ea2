"""Misconceptions about the length of a sound, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.authoring import mutant


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
    hint="A sound of one single sample: how long does it last, and when does that sample begin?",
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
