"""Misconceptions about attention in synthesis, as answers that people really give."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray

# ---------------------------------------------------------------- 3b.1 stop token


def steps_until(stops: Array) -> int:
    """Steps up to and including the first that stops, or all."""
    return int(np.argmax(stops)) + 1 if stops.any() else len(stops)


@mutant(
    task="frames_until_stop",
    name="without the step that stops",
    hint="When a step decides to stop, it has already written its r frames. Are they spoken?",
)
def exclusive(stop_logits: Array, *, reduction: int) -> int:
    stops = stop_logits > 0
    return reduction * (int(np.argmax(stops)) if stops.any() else len(stops))


@mutant(
    task="frames_until_stop",
    name="a logit compared with 0.5",
    hint="0.5 is a probability. Which logit has σ(s) = 0.5?",
)
def logit_as_probability(stop_logits: Array, *, reduction: int) -> int:
    return reduction * steps_until(stop_logits > 0.5)


@mutant(
    task="frames_until_stop",
    name="the last stop",
    hint="A network that is asked to go on after its end may stop again later. Which stop ends the speech?",
)
def last(stop_logits: Array, *, reduction: int) -> int:
    stops = np.flatnonzero(stop_logits > 0)
    return reduction * (int(stops[-1]) + 1 if stops.size else len(stop_logits))


@mutant(
    task="frames_until_stop",
    name="steps in place of frames",
    hint="You return a number of steps. How many frames does a step write?",
)
def as_steps(stop_logits: Array, *, reduction: int) -> int:
    return steps_until(stop_logits > 0)


@mutant(
    task="frames_until_stop",
    name="one step if nothing stops",
    hint="np.argmax of an array of False is 0. Is that the step that stopped?",
)
def argmax_of_nothing(stop_logits: Array, *, reduction: int) -> int:
    return reduction * (int(np.argmax(stop_logits > 0)) + 1)


@mutant(
    task="frames_until_stop",
    name="no frames if nothing stops",
    hint="A network that never stops is cut off at its last step. How much has been spoken by then?",
)
def nothing_at_all(stop_logits: Array, *, reduction: int) -> int:
    stops = stop_logits > 0
    return reduction * steps_until(stops) if stops.any() else 0


@mutant(
    task="frames_until_stop",
    name="the step that is surest of the end",
    hint="The largest logit may come late. Does the network go on until then?",
)
def surest(stop_logits: Array, *, reduction: int) -> int:
    return reduction * (int(np.argmax(stop_logits)) + 1)


@mutant(
    task="frames_until_stop",
    name="all steps counted that do not stop",
    hint="You count steps without a stop, wherever they are. What happens after the first stop?",
)
def counted(stop_logits: Array, *, reduction: int) -> int:
    going_on = int(np.sum(stop_logits <= 0))
    return reduction * min(going_on + 1, len(stop_logits))


@mutant(
    task="frames_until_stop",
    name="only the first frame of the last step",
    hint="The r frames of a step are written together. Can the speech end after the first of them?",
)
def one_frame_of_the_last(stop_logits: Array, *, reduction: int) -> int:
    stops = stop_logits > 0
    return reduction * int(np.argmax(stops)) + 1 if stops.any() else reduction * len(stops)


@mutant(
    task="frames_until_stop",
    name="σ of exactly 0.5 taken for a stop",
    hint="The docstring says: above 0.5.",
)
def not_above(stop_logits: Array, *, reduction: int) -> int:
    return reduction * steps_until(stop_logits >= 0)


@mutant(
    task="frames_until_stop",
    name="a small probability taken for a stop",
    hint="A low σ means: go on. On which side of 0.5 does a step stop?",
)
def upside_down(stop_logits: Array, *, reduction: int) -> int:
    return reduction * steps_until(stop_logits < 0)


@mutant(
    task="frames_until_stop",
    name="a softmax over the steps",
    hint="Each step decides for itself. A softmax makes the steps compete: after it, is any of them above 0.5?",
)
def softmax(stop_logits: Array, *, reduction: int) -> int:
    p = np.exp(stop_logits - stop_logits.max())
    return reduction * steps_until(p / p.sum() > 0.5)


@mutant(
    task="frames_until_stop",
    name="all steps counted that do not stop, and one more",
    hint="You count steps without a stop, wherever they are. What happens after the first stop, and if there is none?",
)
def counted_and_one(stop_logits: Array, *, reduction: int) -> int:
    return reduction * (int(np.sum(stop_logits <= 0)) + 1)


@mutant(
    task="frames_until_stop",
    name="always four frames per step",
    hint="The notebook's networks write four frames per step; others write another number. Do you use `reduction`?",
)
def always_four(stop_logits: Array, *, reduction: int) -> int:
    return 4 * steps_until(stop_logits > 0)


@mutant(
    task="frames_until_stop",
    name="steps in place of frames if nothing stops",
    hint="In that case you return the number of steps. How many frames have they written?",
)
def steps_if_nothing_stops(stop_logits: Array, *, reduction: int) -> int:
    stops = stop_logits > 0
    return reduction * steps_until(stops) if stops.any() else len(stops)


@mutant(
    task="frames_until_stop",
    name="one step too many if nothing stops",
    hint="Your count runs past the last step, and then you add one. Are there frames of that step?",
)
def one_step_too_many(stop_logits: Array, *, reduction: int) -> int:
    stops = stop_logits > 0
    return reduction * (steps_until(stops) if stops.any() else len(stops) + 1)


@mutant(
    task="frames_until_stop",
    name="a stop in step 0 that is overlooked",
    hint="The first step has number 0. Is 0 true or false after `if`?",
)
def step_zero_overlooked(stop_logits: Array, *, reduction: int) -> int:
    stops = stop_logits > 0
    return reduction * (len(stops) if stops[0] else steps_until(stops))


# ---------------------------------------------------------------- 3b.2 guided attention


def distance(steps: int, symbols: int) -> Array:
    return np.arange(symbols) / symbols - np.arange(steps)[:, None] / steps


def charged(d: Array, width: float) -> Array:
    return 1 - np.exp(-(d**2) / (2 * width**2))


@mutant(
    task="guided_attention_weights",
    name="t/N and n/T",
    hint="At the last step t/T should be near 1. Which length belongs to t, and which to n?",
)
def lengths_swapped(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged(np.arange(symbols) / steps - np.arange(steps)[:, None] / symbols, width)


@mutant(
    task="guided_attention_weights",
    name="steps and symbols that are not divided by their number",
    hint="40 steps read 10 symbols. In your formula, where does step 39 look? Divide each count by its length.",
)
def counts(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged(np.arange(symbols) - np.arange(steps)[:, None], width)


@mutant(
    task="guided_attention_weights",
    name="both divided by the same length",
    hint="The diagonal must end at the last symbol in the last step. Does yours, if there are more steps than symbols?",
)
def same_length(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged((np.arange(symbols) - np.arange(steps)[:, None]) / max(steps, symbols), width)


@mutant(
    task="guided_attention_weights",
    name="exp without the 1 −",
    hint="W is a charge. Is yours high or low on the diagonal, where attention should be?",
)
def rewarded(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return 1 - charged(distance(steps, symbols), width)


@mutant(
    task="guided_attention_weights",
    name="a width that is not squared",
    hint="A Gaussian has g² in its denominator. What do you divide by?",
)
def width_not_squared(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return 1 - np.exp(-(distance(steps, symbols) ** 2) / (2 * width))


@mutant(
    task="guided_attention_weights",
    name="a denominator without the 2",
    hint="The denominator is 2g². Which factor is missing?",
)
def without_two(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged(np.sqrt(2) * distance(steps, symbols), width)


@mutant(
    task="guided_attention_weights",
    name="(2g)² in place of 2g²",
    hint="What does the square belong to: to g, or to 2g?",
)
def two_squared(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged(distance(steps, symbols), np.sqrt(2) * width)


@mutant(
    task="guided_attention_weights",
    name="a distance that is not squared",
    hint="Near the diagonal the charge should grow slowly at first. Which power of the distance does that?",
)
def not_squared(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return 1 - np.exp(-np.abs(distance(steps, symbols)) / (2 * width**2))


@mutant(
    task="guided_attention_weights",
    name="a row for each symbol",
    hint="Attention has a row for each step. Which axis does your first index run over?",
)
def transposed(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged(distance(steps, symbols), width).T


@mutant(
    task="guided_attention_weights",
    name="counting from 1",
    hint="Step 0 and symbol 0 are the first. What are t/T and n/N there?",
)
def from_one(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged(distance(steps, symbols) + 1 / symbols - 1 / steps, width)


@mutant(
    task="guided_attention_weights",
    name="lengths less one",
    hint="The formula divides by N and T. What happens in yours if there is one symbol only?",
)
def less_one(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    n = np.arange(symbols) / max(symbols - 1, 1)
    t = np.arange(steps)[:, None] / max(steps - 1, 1)
    return charged(n - t, width)


@mutant(
    task="guided_attention_weights",
    name="a hard band",
    hint="A step function has no gradient: attention far away would not learn where to go. Use the Gaussian.",
)
def hard_band(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return (np.abs(distance(steps, symbols)) > width).astype(float)


@mutant(
    task="guided_attention_weights",
    name="a width that is always 0.2",
    hint="Does the argument width appear in your formula?",
)
def fixed_width(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return charged(distance(steps, symbols), 0.2)


@mutant(
    task="guided_attention_weights",
    name="a Gaussian whose area is 1",
    hint="The charge on the diagonal must be 0. What is the height of a normal density of width g?",
)
def density(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return 1 - np.exp(-(distance(steps, symbols) ** 2) / (2 * width**2)) / (width * np.sqrt(2 * np.pi))


@mutant(
    task="guided_attention_weights",
    name="a division by N − 1 and T − 1",
    hint="The formula divides by N and T. What happens in yours if there is one symbol only?",
)
def divided_by_less_one(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    n = np.arange(symbols) / np.float64(symbols - 1)
    t = np.arange(steps)[:, None] / np.float64(steps - 1)
    return charged(n - t, width)


@mutant(
    task="guided_attention_weights",
    name="/ 2 * width**2 without brackets",
    hint="Python reads a / 2 * b as (a / 2) * b. Where do the brackets around 2 g² belong?",
)
def without_brackets(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return 1 - np.exp(-(distance(steps, symbols) ** 2) / 2 * width**2)


@mutant(
    task="guided_attention_weights",
    name="exp without its minus sign",
    hint="Far from the diagonal exp(…) should be near 0. Is your exponent negative there, after the square?",
)
def exponent_positive(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    return 1 - np.exp(distance(steps, symbols) ** 2 / (2 * width**2))


@mutant(
    task="guided_attention_weights",
    name="charges that add up to 1 in each step",
    hint="Attention weights add up to 1; W is the charge for each of them. Does the formula divide by a sum?",
)
def normalised(steps: int, symbols: int, *, width: float = 0.2) -> Array:
    w = charged(distance(steps, symbols), width)
    return w / w.sum(axis=1, keepdims=True)


# ---------------------------------------------------------------- 3b.3 location features


def slid(
    weights: Array, cumulative: Array, filters: Array, *, left: int | None = None, mode: str = "constant"
) -> Array:
    """The filters over the padded history, with `left` values added before it."""
    width = filters.shape[2]
    left = width // 2 if left is None else left
    padded = np.pad(np.stack([weights, cumulative]), ((0, 0), (left, width - 1 - left)), mode=mode)
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1)
    return np.einsum("csw,fcw->sf", windows, filters)


@mutant(
    task="location_features",
    name="filters that are flipped",
    hint="np.convolve turns the filter around. Which number of F is multiplied with the symbol after n?",
)
def flipped(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative, filters[:, :, ::-1])


@mutant(
    task="location_features",
    name="the two channels swapped",
    hint="Channel 0 belongs to the weights of the last step, channel 1 to their sum. Which one do you take first?",
)
def channels_swapped(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(cumulative, weights, filters)


@mutant(
    task="location_features",
    name="only the last step",
    hint="The last weights say where attention is. What says where it has been? You leave out one argument.",
)
def last_step_only(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, 0 * cumulative, filters)


@mutant(
    task="location_features",
    name="only the sum",
    hint="The sum says where attention has been. What says where it is now? You leave out one argument.",
)
def sum_only(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(0 * weights, cumulative, filters)


@mutant(
    task="location_features",
    name="the last step counted twice",
    hint="The sum that you are given contains the last step already.",
)
def counted_twice(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative + weights, filters)


@mutant(
    task="location_features",
    name="a sum that is scaled to 1",
    hint="How long a symbol has been read matters, in steps. What does dividing by the total throw away?",
)
def scaled(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative / max(cumulative.sum(), 1e-9), filters)


@mutant(
    task="location_features",
    name="a text that wraps around",
    hint="np.roll makes the last symbol a neighbour of the first. What lies before the first symbol?",
)
def wrapped(weights: Array, cumulative: Array, filters: Array) -> Array:
    margin = filters.shape[2] // 2
    features = np.zeros((len(weights), len(filters)))
    for j in range(-margin, margin + 1):
        features += np.outer(np.roll(weights, -j), filters[:, 0, j + margin])
        features += np.outer(np.roll(cumulative, -j), filters[:, 1, j + margin])
    return features


@mutant(
    task="location_features",
    name="ends that are carried on",
    hint="Beyond the text nothing can be read. Which number stands there?",
)
def edges(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative, filters, mode="edge")


@mutant(
    task="location_features",
    name="windows that begin at the symbol",
    hint="j runs from −w to w. Which symbol is in the middle of your window?",
)
def to_the_right(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative, filters, left=0)


@mutant(
    task="location_features",
    name="windows that end at the symbol",
    hint="j runs from −w to w. Which symbol is in the middle of your window?",
)
def to_the_left(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative, filters, left=filters.shape[2] - 1)


@mutant(
    task="location_features",
    name="windows inside the text only",
    hint="The first and the last symbols need features too. How do you fill the window where it hangs over?",
)
def inside_only(weights: Array, cumulative: Array, filters: Array) -> Array:
    margin = filters.shape[2] // 2
    features = slid(weights, cumulative, filters)
    return features[margin : max(len(weights) - margin, margin)]


@mutant(
    task="location_features",
    name="a filter that is longer than the text decides the length",
    hint="With mode='same', NumPy returns as many numbers as the longer of the two has. How many symbols are there?",
)
def longest_decides(weights: Array, cumulative: Array, filters: Array) -> Array:
    columns = [
        np.convolve(weights, own[0][::-1], "same") + np.convolve(cumulative, own[1][::-1], "same") for own in filters
    ]
    return np.stack(columns, axis=1)


@mutant(
    task="location_features",
    name="a row for each filter",
    hint="The features belong to the symbols: one row for each symbol.",
)
def row_for_each_filter(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative, filters).T


@mutant(
    task="location_features",
    name="the mean of the two channels",
    hint="The formula adds both channels. Where does your factor of a half come from?",
)
def mean_of_channels(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative, filters) / 2


@mutant(
    task="location_features",
    name="windows inside the text only, with mode='valid'",
    hint="The first and the last symbols need features too. How do you fill the window where it hangs over?",
)
def valid_only(weights: Array, cumulative: Array, filters: Array) -> Array:
    columns = [np.correlate(weights, own[0], "valid") + np.correlate(cumulative, own[1], "valid") for own in filters]
    return np.stack(columns, axis=1)


@mutant(
    task="location_features",
    name="j that stops before w",
    hint="range(-w, w) ends at w − 1. Where does the sum in the formula end?",
)
def without_the_last(weights: Array, cumulative: Array, filters: Array) -> Array:
    without = filters.copy()
    without[:, :, -1] = 0
    return slid(weights, cumulative, without)


@mutant(
    task="location_features",
    name="negative indices that reach the end of the text",
    hint="In Python, weights[-1] is the last symbol. What lies before the first?",
)
def negative_indices(weights: Array, cumulative: Array, filters: Array) -> Array:
    margin = filters.shape[2] // 2
    features = np.zeros((len(weights), len(filters)))
    for n in range(len(weights)):
        for j in range(-margin, min(margin + 1, len(weights) - n)):
            features[n] += filters[:, 0, j + margin] * weights[n + j] + filters[:, 1, j + margin] * cumulative[n + j]
    return features


@mutant(
    task="location_features",
    name="filters that are read from their middle",
    hint="filters[k, 0, 0] belongs to j = −w. At which place of the filter is j = 0?",
)
def from_the_middle(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, cumulative, np.roll(filters, filters.shape[2] // 2, axis=2))


@mutant(
    task="location_features",
    name="windows that are cut at the beginning, and filters that are not",
    hint="At symbol 0 the window begins at j = 0. With which number of the filter do you multiply its first value?",
)
def window_cut(weights: Array, cumulative: Array, filters: Array) -> Array:
    margin = filters.shape[2] // 2
    features = np.zeros((len(weights), len(filters)))
    for n in range(len(weights)):
        window = slice(max(0, n - margin), n + margin + 1)
        a, total = weights[window], cumulative[window]
        features[n] = filters[:, 0, : len(a)] @ a + filters[:, 1, : len(a)] @ total
    return features


@mutant(
    task="location_features",
    name="a sum along the text",
    hint="A adds up the steps so far, not the symbols so far, and you are given it. Do you use `cumulative`?",
)
def sum_along_the_text(weights: Array, cumulative: Array, filters: Array) -> Array:
    return slid(weights, np.cumsum(weights), filters)
