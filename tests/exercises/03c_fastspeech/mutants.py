"""Misconceptions about durations and pitch by symbol, as answers that people really give."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray

# ---------------------------------------------------------------- 3c.1 durations


def whole(frames: Array) -> Array:
    return np.maximum(np.round(frames), 1).astype(int)


@mutant(
    task="durations_at_rate",
    name="frames multiplied by the rate",
    hint="A rate of 2 is twice as fast. Does a phone then last longer or shorter?",
)
def multiplied(log_durations: Array, *, rate: float) -> Array:
    return whole(np.expm1(log_durations) * rate)


@mutant(
    task="durations_at_rate",
    name="exp without the − 1",
    hint="The network predicts ln(1 + d). What is exp of that?",
)
def without_minus_one(log_durations: Array, *, rate: float) -> Array:
    return whole(np.exp(log_durations) / rate)


@mutant(
    task="durations_at_rate",
    name="logarithms taken for frames",
    hint="p = 2.4 stands for ten frames, not for two. Which function undoes ln(1 + d)?",
)
def still_logarithms(log_durations: Array, *, rate: float) -> Array:
    return whole(log_durations / rate)


@mutant(
    task="durations_at_rate",
    name="rounding before dividing",
    hint="You round 7.4 to 7 and divide by the rate afterwards. What did rounding first throw away?",
)
def rounded_first(log_durations: Array, *, rate: float) -> Array:
    return np.maximum(np.round(np.round(np.expm1(log_durations)) / rate), 1).astype(int)


@mutant(
    task="durations_at_rate",
    name="frames that are cut off",
    hint="int() of 4.9 is 4. Which whole number is nearest?",
)
def cut(log_durations: Array, *, rate: float) -> Array:
    return np.maximum((np.expm1(log_durations) / rate).astype(int), 1)


@mutant(
    task="durations_at_rate",
    name="symbols of 0 frames",
    hint="A symbol of 0 frames is not spoken at all. What is the least that each must get?",
)
def zero_frames(log_durations: Array, *, rate: float) -> Array:
    return np.maximum(np.round(np.expm1(log_durations) / rate), 0).astype(int)


@mutant(
    task="durations_at_rate",
    name="negative frames",
    hint="A prediction below 0 gives exp(p) − 1 < 0. How many frames is that?",
)
def negative_frames(log_durations: Array, *, rate: float) -> Array:
    return np.round(np.expm1(log_durations) / rate).astype(int)


@mutant(
    task="durations_at_rate",
    name="one frame added to every symbol",
    hint="At least one frame is a lower limit. Does a phone of ten frames need another one?",
)
def one_more(log_durations: Array, *, rate: float) -> Array:
    return np.maximum(np.round(np.expm1(log_durations) / rate), 0).astype(int) + 1


@mutant(
    task="durations_at_rate",
    name="logarithms divided by the rate",
    hint="ln(1 + d) / 2 is the logarithm of a square root. When must the division come: before or after exp?",
)
def divided_logarithms(log_durations: Array, *, rate: float) -> Array:
    return whole(np.expm1(log_durations / rate))


@mutant(
    task="durations_at_rate",
    name="1 + d divided by the rate",
    hint="exp(p) is 1 + d, and all of it is divided before the 1 is subtracted. Is (1 + d) / r − 1 the same as d / r?",
)
def rate_inside(log_durations: Array, *, rate: float) -> Array:
    return whole(np.expm1(log_durations - np.log(rate)))


@mutant(
    task="durations_at_rate",
    name="the limit of one frame applied before the division",
    hint="After dividing by a rate of 4, one frame is a quarter of a frame. When does the lower limit belong?",
)
def limit_first(log_durations: Array, *, rate: float) -> Array:
    return np.round(np.maximum(np.expm1(log_durations), 1) / rate).astype(int)


@mutant(
    task="durations_at_rate",
    name="a logarithm of base 10",
    hint="ln is the natural logarithm. Which number is raised to the power p?",
)
def base_ten(log_durations: Array, *, rate: float) -> Array:
    return whole((10**log_durations - 1) / rate)


@mutant(
    task="durations_at_rate",
    name="whole numbers stored as floats",
    hint="np.repeat needs an integer dtype. What is the dtype after np.round?",
)
def as_floats(log_durations: Array, *, rate: float) -> Array:
    return np.maximum(np.round(np.expm1(log_durations) / rate), 1)


@mutant(
    task="durations_at_rate",
    name="frames that are rounded up",
    hint="np.ceil makes 4.1 five frames. Which whole number is nearest?",
)
def upwards(log_durations: Array, *, rate: float) -> Array:
    return np.maximum(np.ceil(np.expm1(log_durations) / rate), 1).astype(int)


@mutant(
    task="durations_at_rate",
    name="the rate ignored",
    hint="A rate of 2 should halve the frames. Where does rate come in?",
)
def without_rate(log_durations: Array, *, rate: float) -> Array:
    return whole(np.expm1(log_durations))


@mutant(
    task="durations_at_rate",
    name="rounding before dividing, and cutting off after it",
    hint="You round, then divide, and .astype(int) cuts off what is left. Which step has to come last?",
)
def rounded_then_cut(log_durations: Array, *, rate: float) -> Array:
    return np.maximum(np.round(np.expm1(log_durations)) / rate, 1).astype(int)


@mutant(
    task="durations_at_rate",
    name="numbers that do not fit into 8 bits",
    hint="uint8 ends at 255, and a vowel drawn out over five seconds has more frames. What does .astype(int) give?",
)
def eight_bits(log_durations: Array, *, rate: float) -> Array:
    return whole(np.expm1(log_durations) / rate).astype(np.uint8)


# ---------------------------------------------------------------- 3c.2 averages


def owner_of(durations: Array) -> Array:
    return np.repeat(np.arange(len(durations)), durations)


def means(contour: Array, keep: Array, durations: Array, *, of: object = np.mean) -> Array:
    """The mean of each symbol over the frames to keep, NaN where there are none."""
    owner = owner_of(durations)
    found = [contour[keep & (owner == i)] for i in range(len(durations))]
    return np.array([of(part) if part.size else np.nan for part in found])


def straight(p: Array) -> Array:
    (places,) = np.nonzero(np.isfinite(p))
    return np.interp(np.arange(p.size), places, p[places])


@mutant(
    task="average_by_symbol",
    name="unvoiced frames that count",
    hint="A frame without voice has no pitch, whatever number stands there. Which frames belong in the mean?",
)
def all_frames(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, np.ones_like(voiced), durations)
    silent = np.isnan(means(np.ones(contour.size), voiced, durations))
    p[silent] = np.nan
    return straight(p)


@mutant(
    task="average_by_symbol",
    name="voiced ignored",
    hint="Which of the three arguments says where the contour holds a pitch?",
)
def mask_ignored(contour: Array, voiced: Array, durations: Array) -> Array:
    return straight(means(contour, np.ones_like(voiced), durations))


@mutant(
    task="average_by_symbol",
    name="unvoiced frames multiplied by 0",
    hint="The contour may hold NaN where nothing is voiced, and 0 · NaN is NaN. How do you leave a frame out instead?",
)
def multiplied_by_mask(contour: Array, voiced: Array, durations: Array) -> Array:
    owner = owner_of(durations)
    total = np.bincount(owner, weights=contour * voiced, minlength=len(durations))
    count = np.bincount(owner, weights=voiced, minlength=len(durations))
    there = np.flatnonzero(count)
    return np.interp(np.arange(len(durations)), there, total[there] / count[there])


@mutant(
    task="average_by_symbol",
    name="the last frame of each symbol left out",
    hint="A slice ends just before its second number. What does contour[start : end − 1] miss?",
)
def without_last_frame(contour: Array, voiced: Array, durations: Array) -> Array:
    keep = voiced.copy()
    keep[np.cumsum(durations)[durations > 0] - 1] = False
    return straight(means(contour, keep, durations))


@mutant(
    task="average_by_symbol",
    name="a pitch of 0 for symbols without voice",
    hint="0 Hz is not a pitch, and a jump to 0 and back is hard to predict. What does the docstring put there?",
)
def zeros(contour: Array, voiced: Array, durations: Array) -> Array:
    return np.nan_to_num(means(contour, voiced, durations))


@mutant(
    task="average_by_symbol",
    name="NaN for symbols without voice",
    hint="The mean of no frames is NaN, and a network that is trained on one NaN is lost. What stands there instead?",
)
def with_nan(contour: Array, voiced: Array, durations: Array) -> Array:
    return means(contour, voiced, durations)


@mutant(
    task="average_by_symbol",
    name="the mean of the sentence for symbols without voice",
    hint="A /t/ between two high vowels: should its number fall to the mean of the whole sentence?",
)
def mean_of_all(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, voiced, durations)
    return np.where(np.isnan(p), contour[voiced].mean(), p)


@mutant(
    task="average_by_symbol",
    name="the value before, carried on",
    hint="You hold the last value until the next voiced symbol. What lies halfway between two neighbours?",
)
def carried_on(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, voiced, durations)
    (places,) = np.nonzero(np.isfinite(p))
    before = np.searchsorted(places, np.arange(p.size), side="right") - 1
    return p[places[np.maximum(before, 0)]]


@mutant(
    task="average_by_symbol",
    name="the line drawn over frames",
    hint="You interpolate along time, and average afterwards. The docstring counts along the symbols.",
)
def over_frames(contour: Array, voiced: Array, durations: Array) -> Array:
    frames = np.arange(contour.size)
    filled = np.interp(frames, frames[voiced], contour[voiced])
    p = means(contour, voiced, durations)
    inside = means(filled, np.ones_like(voiced), durations)
    return straight(np.where(np.isnan(p), inside, p))


@mutant(
    task="average_by_symbol",
    name="gaps filled before the mean is taken",
    hint="You draw lines over the unvoiced frames, and these values count in the mean. Which frames have a pitch?",
)
def filled_first(contour: Array, voiced: Array, durations: Array) -> Array:
    frames = np.arange(contour.size)
    filled = np.interp(frames, frames[voiced], contour[voiced])
    return straight(means(filled, np.ones_like(voiced), durations))


@mutant(
    task="average_by_symbol",
    name="the line drawn over time",
    hint="You interpolate between the middles of symbols in time. How far apart are neighbours, counted in symbols?",
)
def over_time(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, voiced, durations)
    middles = np.cumsum(durations) - durations / 2
    there = np.isfinite(p)
    return np.interp(middles, middles[there], p[there])


@mutant(
    task="average_by_symbol",
    name="halfway between both neighbours, always",
    hint="Two symbols in a row have no voice. Does a straight line give both of them the same value?",
)
def halfway(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, voiced, durations)
    (places,) = np.nonzero(np.isfinite(p))
    after = np.searchsorted(places, np.arange(p.size))
    before = np.searchsorted(places, np.arange(p.size), side="right") - 1
    last = places.size - 1
    return (p[places[np.clip(before, 0, last)]] + p[places[np.clip(after, 0, last)]]) / 2


@mutant(
    task="average_by_symbol",
    name="the median in place of the mean",
    hint="Median and mean differ where the pitch glides unevenly. Which one does the docstring ask for?",
)
def median(contour: Array, voiced: Array, durations: Array) -> Array:
    return straight(means(contour, voiced, durations, of=np.median))


@mutant(
    task="average_by_symbol",
    name="the first voiced frame of each symbol",
    hint="One frame of a vowel says little about the rest. What is the mean of all its voiced frames?",
)
def first_frame(contour: Array, voiced: Array, durations: Array) -> Array:
    return straight(means(contour, voiced, durations, of=lambda part: part[0]))


@mutant(
    task="average_by_symbol",
    name="a sum divided by all frames of the symbol",
    hint="You add up the voiced frames. How many of them are there: the duration, or fewer?",
)
def divided_by_duration(contour: Array, voiced: Array, durations: Array) -> Array:
    owner = owner_of(durations)
    total = np.bincount(owner[voiced], weights=contour[voiced], minlength=len(durations))
    count = np.bincount(owner[voiced], minlength=len(durations))
    return straight(np.where(count > 0, total / np.maximum(durations, 1), np.nan))


@mutant(
    task="average_by_symbol",
    name="a symbol without frames that borrows a frame of the next",
    hint="np.add.reduceat returns an element even where a slice is empty. What is the mean of no frames?",
)
def reduced_at(contour: Array, voiced: Array, durations: Array) -> Array:
    starts = np.minimum(np.cumsum(durations) - durations, contour.size - 1)
    total = np.add.reduceat(np.where(voiced, contour, 0.0), starts)
    count = np.add.reduceat(voiced.astype(int), starts)
    return straight(np.where(count > 0, total / np.maximum(count, 1), np.nan))


@mutant(
    task="average_by_symbol",
    name="lines that go on beyond the last voiced symbol",
    hint="Outside of the voiced symbols there is only one neighbour. Which value does the docstring hold there?",
)
def extrapolated(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, voiced, durations)
    (places,) = np.nonzero(np.isfinite(p))
    filled = straight(p)
    if places.size > 1:
        for end, near, far in ((slice(None, places[0]), 0, 1), (slice(places[-1] + 1, None), -1, -2)):
            slope = (p[places[near]] - p[places[far]]) / (places[near] - places[far])
            index = np.arange(p.size)[end]
            filled[end] = p[places[near]] + slope * (index - places[near])
    return filled


@mutant(
    task="average_by_symbol",
    name="symbols without voice left out",
    hint="How many symbols went in, and how many numbers come out? The network reads one for each symbol.",
)
def left_out(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, voiced, durations)
    return p[np.isfinite(p)]


@mutant(
    task="average_by_symbol",
    name="one number for each frame",
    hint="You return as many numbers as frames. How many symbols are there?",
)
def by_frame(contour: Array, voiced: Array, durations: Array) -> Array:
    return np.repeat(straight(means(contour, voiced, durations)), durations)


@mutant(
    task="average_by_symbol",
    name="unvoiced frames recognised by a pitch of 0",
    hint="What stands in an unvoiced frame depends on the pitch tracker. Which argument says what is voiced?",
)
def zeros_are_unvoiced(contour: Array, voiced: Array, durations: Array) -> Array:
    p = means(contour, contour != 0, durations)
    return straight(p) if np.isfinite(p).any() else p
