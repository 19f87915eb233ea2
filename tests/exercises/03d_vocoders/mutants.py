"""Misconceptions about vocoders, as answers that people really give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray
Network: TypeAlias = Callable[[Array], tuple[Array, Array]]

# ---------------------------------------------------------------- 3d.1 µ-law


def compressed(y: Array) -> Array:
    y = np.clip(y, -1, 1)
    return np.sign(y) * np.log1p(255 * np.abs(y)) / np.log(256)


def as_codes(v: Array) -> Array:
    return np.floor((v + 1) / 2 * 255 + 0.5).astype(int)


@mutant(
    task="mu_law_encode",
    name="256 even steps, without the logarithm",
    hint="How many codes does a voice use that never passes 1 % of full scale? The µ-law gives it 59.",
)
def linear(y: Array) -> Array:
    return as_codes(np.clip(y, -1, 1))


@mutant(
    task="mu_law_encode",
    name="a logarithm that is not divided by ln 256",
    hint="What is ln(1 + 255 · 1)? It should become 1, so that full scale stays full scale.",
)
def not_normalised(y: Array) -> Array:
    y = np.clip(y, -1, 1)
    return as_codes(np.sign(y) * np.log1p(255 * np.abs(y)))


@mutant(
    task="mu_law_encode",
    name="codes cut off in place of rounded",
    hint="A sample between two codes should take the nearer one. Which one does .astype(int) take?",
)
def cut_off(y: Array) -> Array:
    return ((compressed(y) + 1) / 2 * 255).astype(int)


@mutant(
    task="mu_law_encode",
    name="times 256",
    hint="Codes run from 0 to 255. How many steps lie between the first and the last?",
)
def times_256(y: Array) -> Array:
    return np.floor((compressed(y) + 1) / 2 * 256).astype(int)


@mutant(
    task="mu_law_encode",
    name="times 256 and rounded",
    hint="What is the code of +1? 256 does not fit into a list of 256.",
)
def times_256_rounded(y: Array) -> Array:
    return np.floor((compressed(y) + 1) / 2 * 256 + 0.5).astype(int)


@mutant(
    task="mu_law_encode",
    name="the sign lost",
    hint="Samples are negative half of the time. Where does np.abs leave their sign?",
)
def without_sign(y: Array) -> Array:
    return as_codes(np.abs(compressed(y)))


@mutant(
    task="mu_law_encode",
    name="codes from −128 to 127",
    hint="Some libraries count from −128. Which code does the docstring give to −1?",
)
def signed(y: Array) -> Array:
    return as_codes(compressed(y)) - 128


@mutant(
    task="mu_law_encode",
    name="quantised before it is compressed",
    hint="Rounding to 256 even steps throws the quiet samples away. Can a logarithm bring them back?",
)
def quantised_first(y: Array) -> Array:
    coarse = np.round(np.clip(y, -1, 1) * 127.5) / 127.5
    return as_codes(compressed(coarse))


@mutant(
    task="mu_law_encode",
    name="µ = 256",
    hint="µ is the largest code, 255. What is ln(1 + µ) then?",
)
def mu_256(y: Array) -> Array:
    y = np.clip(y, -1, 1)
    v = np.sign(y) * np.log1p(256 * np.abs(y)) / np.log1p(256)
    return np.floor((v + 1) / 2 * 255 + 0.5).astype(int)


@mutant(
    task="mu_law_encode",
    name="ln(µ|y|) without the 1",
    hint="What is the logarithm of a very soft sample without the 1, and of silence?",
)
def without_one(y: Array) -> Array:
    magnitude = np.maximum(255 * np.minimum(np.abs(y), 1), 1e-9)
    return as_codes(np.sign(y) * np.log(magnitude) / np.log(255))


@mutant(
    task="mu_law_encode",
    name="nothing is cut",
    hint="The docstring says what happens beyond ±1. What is your code of −1.5?",
)
def not_cut(y: Array) -> Array:
    v = np.sign(y) * np.log1p(255 * np.abs(y)) / np.log(256)
    return as_codes(v)


@mutant(
    task="mu_law_encode",
    name="cut above +1 only",
    hint="You cut what is above +1. What about the samples below −1?",
)
def cut_above(y: Array) -> Array:
    y = np.minimum(y, 1)
    return as_codes(np.sign(y) * np.log1p(255 * np.abs(y)) / np.log(256))


@mutant(
    task="mu_law_encode",
    name="codes as floats",
    hint="np.floor returns floats. A code is a place in a list of 256: can it be 128.0?",
)
def floats(y: Array) -> Array:
    return np.floor((compressed(y) + 1) / 2 * 255 + 0.5)


@mutant(
    task="mu_law_encode",
    name="numbers that do not fit into 8 signed bits",
    hint="int8 ends at 127. Which type holds 0 to 255?",
)
def eight_bits(y: Array) -> Array:
    return as_codes(compressed(y)).astype(np.int8)


@mutant(
    task="mu_law_encode",
    name="the logarithm of a negative number",
    hint="1 + 255 · y is negative for most samples below 0. Of what does the formula take the logarithm?",
)
def without_abs(y: Array) -> Array:
    y = np.clip(y, -1, 1)
    with np.errstate(all="ignore"):
        return as_codes(np.sign(y) * np.log(1 + 255 * y) / np.log(256))


@mutant(
    task="mu_law_encode",
    name="ln µ in place of ln(1 + µ)",
    hint="F(1) should be exactly 1. What is ln(1 + 255 · 1), and by what do you divide it?",
)
def divided_by_ln_255(y: Array) -> Array:
    y = np.clip(y, -1, 1)
    return as_codes(np.sign(y) * np.log1p(255 * np.abs(y)) / np.log(255))


@mutant(
    task="mu_law_encode",
    name="127 steps on each side of 128",
    hint="From code 0 to code 255 there are 255 steps. How many are there on each side of F = 0?",
)
def steps_of_127(y: Array) -> Array:
    return np.floor(127 * compressed(y) + 128 + 0.5).astype(int)


@mutant(
    task="mu_law_encode",
    name="brackets missing around F + 1",
    hint="Division comes before addition. What is F + 1 / 2, and what did you mean?",
)
def without_brackets(y: Array) -> Array:
    return np.floor(compressed(y) + 1 / 2 * 255 + 0.5).astype(int)


# ---------------------------------------------------------------- 3d.2 receptive field


@mutant(
    task="receptive_field",
    name="the newest sample forgotten",
    hint="A stack without any layer still sees one sample. Which one, and did you count it?",
)
def without_newest(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return (kernel_size - 1) * sum(dilations)


@mutant(
    task="receptive_field",
    name="k taps that reach k steps",
    hint="Two taps, one apart: from the first to the second it is how many steps?",
)
def k_steps(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return 1 + kernel_size * sum(dilations)


@mutant(
    task="receptive_field",
    name="always two taps",
    hint="kernel_size is an argument. What changes with three taps?",
)
def two_taps(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return 1 + sum(dilations)


@mutant(
    task="receptive_field",
    name="dilations that multiply",
    hint="Layer after layer, does the reach multiply, or does each layer add its own?",
)
def multiplied(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return int(np.prod(dilations, dtype=int)) * kernel_size


@mutant(
    task="receptive_field",
    name="the widest layer alone",
    hint="The last layer reads the layer below it, which looks back as well. Who adds that?",
)
def widest(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return 1 + (kernel_size - 1) * max(dilations, default=0)


@mutant(
    task="receptive_field",
    name="layers counted, dilations ignored",
    hint="Four layers with dilations 1, 2, 4 and 8 reach further than four with 1. Where do yours come in?",
)
def without_dilation(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return 1 + (kernel_size - 1) * len(dilations)


@mutant(
    task="receptive_field",
    name="2 to the number of layers",
    hint="That holds if every dilation is twice the one before, from 1 on, with two taps. Are they, in a second stack?",
)
def power_of_two(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return int(2 ** len(dilations))


@mutant(
    task="receptive_field",
    name="kernel_size to the number of layers",
    hint="That holds if every dilation is kernel_size times the one before, from 1 on. Are they, in [1, 1, 1, 1]?",
)
def power_of_taps(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return int(kernel_size ** len(dilations))


@mutant(
    task="receptive_field",
    name="only the samples counted that a tap reads",
    hint="A receptive field goes from the oldest sample with an influence to the newest. Does it have holes?",
)
def read_samples(dilations: Sequence[int], kernel_size: int = 2) -> int:
    reached = {0}
    for dilation in dilations:
        reached = {back + tap * dilation for back in reached for tap in range(kernel_size)}
    return len(reached)


@mutant(
    task="receptive_field",
    name="kernel_size times all dilations",
    hint="Two taps that are 13 samples apart: how many samples is it from the one to the other, both counted?",
)
def taps_times_dilations(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return kernel_size * sum(dilations)


@mutant(
    task="receptive_field",
    name="the sum of an empty array, which is a float",
    hint="np.sum([]) is 0.0. What does Python's own sum return for an empty list?",
)
def sum_of_nothing(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return 1 + (kernel_size - 1) * np.sum(dilations)


@mutant(
    task="receptive_field",
    name="gaps counted as samples between the taps",
    hint="A dilation of 1 means neighbours. How many samples lie between the taps then, and how far apart are they?",
)
def gaps(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return 1 + (kernel_size - 1) * sum(dilation + 1 for dilation in dilations)


@mutant(
    task="receptive_field",
    name="each layer counted on its own",
    hint="The newest sample is one sample, however many layers see it. How often do you add 1?",
)
def one_for_each(dilations: Sequence[int], kernel_size: int = 2) -> int:
    return sum(1 + (kernel_size - 1) * dilation for dilation in dilations)


# ---------------------------------------------------------------- 3d.3 coupling


@mutant(
    task="coupling_inverse",
    name="the coupling forward once more",
    hint="Forward multiplies and adds. Which operations undo these two, and in which order?",
)
def forward_again(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(a)
    return np.concatenate([a, np.exp(log_scale) * b + shift])


@mutant(
    task="coupling_inverse",
    name="a shift that is added again",
    hint="Forward, the shift was added. What takes it away?",
)
def added(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(a)
    return np.concatenate([a, (b + shift) * np.exp(-log_scale)])


@mutant(
    task="coupling_inverse",
    name="divided before the shift is subtracted",
    hint="Socks first, then shoes; and in the evening? Which of scale and shift was applied last?",
)
def divided_first(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(a)
    return np.concatenate([a, b * np.exp(-log_scale) - shift])


@mutant(
    task="coupling_inverse",
    name="the network reads the changed half",
    hint="Forward, the network read x_a. Which half of y is still the same as x_a?",
)
def changed_half(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(b)
    return np.concatenate([a, (b - shift) * np.exp(-log_scale)])


@mutant(
    task="coupling_inverse",
    name="a log scale used as a scale",
    hint="The network returns ln s. By what do you divide?",
)
def without_exp(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(a)
    with np.errstate(all="ignore"):
        return np.concatenate([a, (b - shift) / log_scale])


@mutant(
    task="coupling_inverse",
    name="multiplied by the scale a second time",
    hint="Forward, b was multiplied by e to the log scale. What undoes a multiplication?",
)
def multiplied_again(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(a)
    return np.concatenate([a, (b - shift) * np.exp(log_scale)])


@mutant(
    task="coupling_inverse",
    name="scale and shift exchanged",
    hint="The network returns the log scale first, then the shift. Which one did you unpack as which?",
)
def exchanged(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    shift, log_scale = network(a)
    return np.concatenate([a, (b - shift) * np.exp(-log_scale)])


@mutant(
    task="coupling_inverse",
    name="the halves put back in the other order",
    hint="The half that was left alone came first in y. Where does it belong in x?",
)
def swapped(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(a)
    return np.concatenate([(b - shift) * np.exp(-log_scale), a])


@mutant(
    task="coupling_inverse",
    name="even and odd channels in place of halves",
    hint="The docstring cuts y into a first and a second half. Which channels does y[::2] take?",
)
def even_and_odd(y: Array, network: Network) -> Array:
    a, b = y[::2], y[1::2]
    log_scale, shift = network(a)
    x = np.empty_like(y)
    x[::2] = a
    x[1::2] = (b - shift) * np.exp(-log_scale)
    return x


@mutant(
    task="coupling_inverse",
    name="every second channel taken for a half",
    hint="np.split(y, 2) cuts in the middle. Which channels does y[::2] take?",
)
def every_second(y: Array, network: Network) -> Array:
    a, b = y[::2], y[1::2]
    log_scale, shift = network(a)
    return np.concatenate([a, (b - shift) * np.exp(-log_scale)])


@mutant(
    task="coupling_inverse",
    name="one channel taken for a half",
    hint="y[:1] is half of two channels. How many channels are half of four?",
)
def one_channel(y: Array, network: Network) -> Array:
    a, b = y[:1], y[1:]
    log_scale, shift = network(a)
    return np.concatenate([a, (b - shift) * np.exp(-log_scale)])


@mutant(
    task="coupling_inverse",
    name="the first half changed in place of the second",
    hint="Look at coupling_forward: which half did it leave alone, and which one does the network read?",
)
def first_half_changed(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(b)
    return np.concatenate([(a - shift) * np.exp(-log_scale), b])


@mutant(
    task="coupling_inverse",
    name="cut along time",
    hint="Channels are the first axis, steps the second. Along which one does y fall into its halves?",
)
def along_time(y: Array, network: Network) -> Array:
    half = y.shape[1] // 2
    a, b = y[:, :half], y[:, half : 2 * half]
    log_scale, shift = network(a)
    return np.concatenate([a, (b - shift) * np.exp(-log_scale), y[:, 2 * half :]], axis=1)


@mutant(
    task="coupling_inverse",
    name="the second half alone",
    hint="How many channels has x, and how many do you return?",
)
def half_returned(y: Array, network: Network) -> Array:
    a, b = np.split(y, 2)
    log_scale, shift = network(a)
    return (b - shift) * np.exp(-log_scale)
