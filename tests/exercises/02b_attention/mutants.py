"""Misconceptions about attention and contrast, as answers that people really give; the guide's own defects first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from audiocourse.learn.authoring import mutant

Array: TypeAlias = np.ndarray
Pair: TypeAlias = tuple[Array, Array]
Texts: TypeAlias = Sequence[Sequence[int]]

# ---------------------------------------------------------------- 2b.1 soft pointer


def softmax(scores: Array, axis: int = 1) -> Array:
    likely = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return likely / likely.sum(axis=axis, keepdims=True)


def scored(query: Array, keys: Array) -> Array:
    return (keys @ query[:, :, None])[:, :, 0] / np.sqrt(query.shape[1])


def read(weights: Array, values: Array) -> tuple[Array, Array]:
    return (weights[:, None] @ values)[:, 0], weights


def inside(keys: Array, lengths: Array) -> Array:
    return np.arange(keys.shape[1]) < lengths[:, None]


def hidden(scores: Array, keep: Array) -> Array:
    return np.where(keep, scores, -np.inf)


@mutant(
    task="masked_attention",
    name="no mask",
    hint="The frames beyond the end exist only because another utterance is longer. May the pointer go there?",
)
def no_mask(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(scored(query, keys)), values)


@mutant(
    task="masked_attention",
    name="a softmax over the utterances",
    hint="Which numbers compete with each other: the frames of one utterance, or the utterances at one frame?",
)
def over_the_batch(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(scored(query, keys), axis=0) * inside(keys, lengths), values)


@mutant(
    task="masked_attention",
    name="the first query for all utterances",
    hint="Utterance 3 has a decoder of its own. Whose query looks through its frames in your code?",
)
def first_query(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = keys @ query[0] / np.sqrt(query.shape[1])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="a score of 0 for padding",
    hint="exp(0) is 1. Which score makes exp(score) exactly 0?",
)
def zero_scores(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(scored(query, keys) * inside(keys, lengths)), values)


@mutant(
    task="masked_attention",
    name="weights that are cut off after the softmax",
    hint="Add up your weights of a short utterance. Who got the rest?",
)
def cut_after(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(scored(query, keys)) * inside(keys, lengths), values)


@mutant(
    task="masked_attention",
    name="one frame of padding let through",
    hint="An utterance of 3 frames has the frames 0, 1 and 2. Is frame 3 one of them?",
)
def one_too_many(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(hidden(scored(query, keys), inside(keys, lengths + 1))), values)


@mutant(
    task="masked_attention",
    name="dot products that are not scaled",
    hint="With twice as many units a dot product of random vectors grows. What does the formula divide by?",
)
def unscaled(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = scored(query, keys) * np.sqrt(query.shape[1])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="dot products divided by d",
    hint="The spread of a sum of d random products grows with √d, not with d.",
)
def scaled_twice(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = scored(query, keys) / np.sqrt(query.shape[1])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="a hard pointer",
    hint="You read a single frame. The context is a mean over all frames, weighted by the softmax.",
)
def hard(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    best = hidden(scored(query, keys), inside(keys, lengths)).argmax(axis=1)
    return read(np.eye(keys.shape[1])[best], values)


@mutant(
    task="masked_attention",
    name="exp of a number that is too large",
    hint="exp(1000) is no float. A softmax stays the same if you take one number off all scores: which one helps?",
)
def overflow(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    with np.errstate(all="ignore"):
        likely = np.exp(hidden(scored(query, keys), inside(keys, lengths)))
        return read(likely / likely.sum(axis=1, keepdims=True), values)


# ---------------------------------------------------------------- 2b.2 shift


def filled(rows: list[list[int]], pad: int, longest: int | None = None) -> Array:
    longest = max(len(row) for row in rows) if longest is None else longest
    return np.array([[*row, *[pad] * (longest - len(row))] for row in rows], dtype=int).reshape(len(rows), longest)


@mutant(
    task="shift_right",
    name="inputs that are not shifted",
    hint="In the first step your decoder reads the letter that it is to write. What is left to learn from the sound?",
)
def not_shifted(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    targets = filled([[*text, eos] for text in texts], pad)
    return targets, targets.copy()


@mutant(
    task="shift_right",
    name="targets without an end",
    hint="When does your decoder stop? It can only do what some target has shown it.",
)
def no_end(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    longest = max(len(text) for text in texts) + 1
    return filled([[sos, *text] for text in texts], pad, longest), filled([list(text) for text in texts], pad, longest)


@mutant(
    task="shift_right",
    name="ends behind the filling",
    hint="Look at the shortest text: what is its decoder to write right after the last letter?",
)
def end_at_the_end(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    longest = max(len(text) for text in texts)
    targets = [[*text, *[pad] * (longest - len(text)), eos] for text in texts]
    return filled([[sos, *text] for text in texts], pad), filled(targets, pad)


@mutant(
    task="shift_right",
    name="an end among the inputs",
    hint="Once the end is written, nobody asks the decoder for another letter. Must it ever read the end?",
)
def end_is_read(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    longest = max(len(text) for text in texts) + 1
    inputs = filled([[sos, *text, eos][:longest] for text in texts], pad, longest)
    return inputs, filled([[*text, eos] for text in texts], pad)


@mutant(
    task="shift_right",
    name="a start among the targets",
    hint="The start is given to the decoder. Does it ever have to write it?",
)
def start_is_written(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    longest = max(len(text) for text in texts) + 1
    whole = filled([[sos, *text, eos] for text in texts], pad, longest + 1)
    return whole[:, :-1], whole[:, :-1].copy()


@mutant(
    task="shift_right",
    name="shifted to the left",
    hint="In step i the decoder may read what was written before step i. Yours reads what comes after it.",
)
def shifted_left(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[*text, eos] for text in texts], pad), filled([[sos, *text] for text in texts], pad)


@mutant(
    task="shift_right",
    name="filling that is always 0",
    hint="Somebody calls your function with pad=-100. What do you fill up with?",
)
def always_zero(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], 0), filled([[*text, eos] for text in texts], 0)
