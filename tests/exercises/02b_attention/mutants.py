"""Misconceptions about attention, as answers that people really give; the guide's own defects first."""

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
    return read(softmax(hidden(scored(query, keys), inside(keys, lengths)), axis=0), values)


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


@mutant(
    task="masked_attention",
    name="a padding score that is not low enough",
    hint="Padding has a score of −1000. What if those of the speech are −3000? Which number is below all others?",
)
def low_score(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(np.where(inside(keys, lengths), scored(query, keys), -1e3)), values)


@mutant(
    task="masked_attention",
    name="weights cut off after the softmax and scaled up again",
    hint="If the padding has by far the largest score, what is left for the speech before you scale it up?",
)
def cut_and_scaled(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    weights = softmax(scored(query, keys)) * inside(keys, lengths)
    with np.errstate(all="ignore"):
        return read(weights / weights.sum(axis=1, keepdims=True), values)


@mutant(
    task="masked_attention",
    name="dot products divided by the root of the number of frames",
    hint="d is the size of a query. Which axis of the keys is that?",
)
def scaled_by_frames(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = scored(query, keys) * np.sqrt(query.shape[1] / keys.shape[1])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="dot products multiplied by √d",
    hint="Should long vectors make the choice sharper or not? Which of * and / does the formula have?",
)
def multiplied(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = scored(query, keys) * query.shape[1]
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="a mask that is upside down",
    hint="Which frames does your condition hide: those of the utterance, or those beyond its end?",
)
def upside_down(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    with np.errstate(all="ignore"):
        return read(softmax(hidden(scored(query, keys), ~inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="the last frame of each utterance hidden",
    hint="An utterance of 3 frames has the frames 0, 1 and 2. Is frame 2 one of them?",
)
def one_too_few(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    with np.errstate(all="ignore"):
        return read(softmax(hidden(scored(query, keys), inside(keys, lengths - 1))), values)


@mutant(
    task="masked_attention",
    name="a context of keys",
    hint="By the keys a frame is found. What is read where the pointer points?",
)
def keys_read(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(hidden(scored(query, keys), inside(keys, lengths))), keys)


@mutant(
    task="masked_attention",
    name="weights first, context second",
    hint="In which order does the docstring return the two?",
)
def weights_first(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    context, weights = read(softmax(hidden(scored(query, keys), inside(keys, lengths))), values)
    return weights, context


@mutant(
    task="masked_attention",
    name="exponentials that do not sum to 1",
    hint="What do the weights of one utterance sum to? By what does the formula divide?",
)
def not_normalised(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = hidden(scored(query, keys), inside(keys, lengths))
    return read(np.exp(scores - scores.max(axis=1, keepdims=True)), values)


@mutant(
    task="masked_attention",
    name="a sum over the whole batch",
    hint="Do the weights of each utterance sum to 1, or those of all utterances together? Look at axis and keepdims.",
)
def over_everything(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = hidden(scored(query, keys), inside(keys, lengths))
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return read(likely / likely.sum(), values)


@mutant(
    task="masked_attention",
    name="the largest score of the whole batch taken off",
    hint="Utterance 0 has scores of 5000, utterance 1 of −5000. What is left of utterance 1 if 5000 is taken off?",
)
def one_maximum(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = hidden(scored(query, keys), inside(keys, lengths))
    with np.errstate(all="ignore"):
        likely = np.exp(scores - scores.max())
        return read(likely / likely.sum(axis=1, keepdims=True), values)


@mutant(
    task="masked_attention",
    name="cosines in place of dot products",
    hint="The formula divides by √d. Do you divide by the lengths of the vectors instead?",
)
def cosines(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = (keys @ query[:, :, None])[:, :, 0] / np.linalg.norm(query, axis=1)[:, None]
    with np.errstate(all="ignore"):
        scores = np.nan_to_num(scores / np.linalg.norm(keys, axis=2))
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="one length for all utterances",
    hint="Utterance 1 is shorter than utterance 0. Whose length decides about its frames in your code?",
)
def one_length(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(hidden(scored(query, keys), inside(keys, lengths[:1]))), values)


@mutant(
    task="masked_attention",
    name="a context divided by the number of frames",
    hint="The weights sum to 1 already. What is their sum of weighted values, a sum or a mean?",
)
def divided_context(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    context, weights = read(softmax(hidden(scored(query, keys), inside(keys, lengths))), values)
    return context / lengths[:, None], weights


@mutant(
    task="masked_attention",
    name="a context divided by the frames of the batch",
    hint="np.mean divides by the number of frames. But what do the weights sum to already?",
)
def mean_context(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    context, weights = read(softmax(hidden(scored(query, keys), inside(keys, lengths))), values)
    return context / keys.shape[1], weights


@mutant(
    task="masked_attention",
    name="exponentials of the padding, masked afterwards",
    hint="exp of a score of 2000 is infinite, and infinity times 0 is no number. Can the padding be hidden before exp?",
)
def masked_after_exp(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    with np.errstate(all="ignore"):
        likely = np.exp(scored(query, keys)) * inside(keys, lengths)
        return read(likely / likely.sum(axis=1, keepdims=True), values)


@mutant(
    task="masked_attention",
    name="values averaged without their weights",
    hint="Every frame counts the same in your context. Where do the weights come in?",
)
def unweighted(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    keep = inside(keys, lengths)
    _, weights = read(softmax(hidden(scored(query, keys), keep)), values)
    return (keep[:, None] @ values)[:, 0] / lengths[:, None], weights


@mutant(
    task="masked_attention",
    name="the context alone",
    hint="How many things does the docstring return?",
)
def context_alone(query: Array, keys: Array, values: Array, lengths: Array) -> Array:
    return read(softmax(hidden(scored(query, keys), inside(keys, lengths))), values)[0]


@mutant(
    task="masked_attention",
    name="a large number taken off the scores of the padding",
    hint="The padding had a score of 2000, and still has 1000. Is that below all others? Can its score be replaced?",
)
def taken_off(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(scored(query, keys) - 1e3 * ~inside(keys, lengths)), values)


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
    name="inputs and targets exchanged",
    hint="Which of the two arrays begins with the start, and which one ends with the end?",
)
def exchanged(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[*text, eos] for text in texts], pad), filled([[sos, *text] for text in texts], pad)


@mutant(
    task="shift_right",
    name="filling that is always 0",
    hint="Somebody calls your function with pad=-100. What do you fill up with?",
)
def always_zero(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], 0), filled([[*text, eos] for text in texts], 0)


@mutant(
    task="shift_right",
    name="one column too few",
    hint="The longest text has L letters. How many entries have its letters and the end together?",
)
def too_narrow(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    longest = max(len(text) for text in texts)
    inputs = [[sos, *text][:longest] for text in texts]
    return filled(inputs, pad, longest), filled([[*text, eos][:longest] for text in texts], pad, longest)


@mutant(
    task="shift_right",
    name="a start and an end in both",
    hint="The inputs of [5, 6] have three entries. Which of start, 5, 6 and end is none of them?",
)
def both_in_both(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    whole = filled([[sos, *text, eos] for text in texts], pad)
    return whole, whole.copy()


@mutant(
    task="shift_right",
    name="filling in front",
    hint="Where does the docstring, and the decoder's first step, want the start of a short text?",
)
def filled_in_front(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = max(len(text) for text in texts) + 1
    inputs = [[pad] * (width - len(text) - 1) + [sos, *text] for text in texts]
    return filled(inputs, pad), filled([[pad] * (width - len(text) - 1) + [*text, eos] for text in texts], pad)


@mutant(
    task="shift_right",
    name="targets filled up with ends",
    hint="A decoder that has written the end is done. What stands in the targets after that?",
)
def filled_with_ends(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], pad), filled([[*text, eos] for text in texts], eos)


@mutant(
    task="shift_right",
    name="both filled up with ends",
    hint="There is a number for filling. Is it the same as the end?",
)
def ends_everywhere(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], eos), filled([[*text, eos] for text in texts], eos)


@mutant(
    task="shift_right",
    name="a start and an end that are always 1 and 2",
    hint="Somebody calls your function with sos=9 and eos=8. Which numbers do you write?",
)
def always_one_and_two(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[1, *text] for text in texts], pad), filled([[*text, 2] for text in texts], pad)


@mutant(
    task="shift_right",
    name="arrays of floats",
    hint="np.zeros and np.ones make floats unless told otherwise. Can 3.0 be the number of a letter?",
)
def as_floats(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs = np.zeros((len(texts), max(len(text) for text in texts) + 1))
    targets = inputs.copy()
    for row, text in enumerate(texts):
        inputs[row, : len(text) + 1] = [sos, *text]
        targets[row, : len(text) + 1] = [*text, eos]
    return inputs, targets


@mutant(
    task="shift_right",
    name="lists in place of arrays",
    hint="What kind of thing does the docstring promise?",
)
def as_lists(texts: Texts, sos: int, eos: int, pad: int) -> tuple[list[list[int]], list[list[int]]]:
    inputs = filled([[sos, *text] for text in texts], pad)
    return inputs.tolist(), filled([[*text, eos] for text in texts], pad).tolist()


@mutant(
    task="shift_right",
    name="an end in front of the targets",
    hint="When is the decoder to write the end: first or last?",
)
def end_in_front(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], pad), filled([[eos, *text] for text in texts], pad)


@mutant(
    task="shift_right",
    name="targets that are always filled with 0",
    hint="Somebody calls your function with pad=-100. What fills the targets, and what the inputs?",
)
def targets_zero(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], pad), filled([[*text, eos] for text in texts], 0)


@mutant(
    task="shift_right",
    name="a last letter lost to the end",
    hint="The text is [5, 6]. Where is the 6 in your targets?",
)
def last_letter_lost(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    longest = max(len(text) for text in texts) + 1
    inputs = filled([[sos, *text] for text in texts], pad, longest)
    return inputs, filled([[*text[:-1], eos] for text in texts], pad, longest)


@mutant(
    task="shift_right",
    name="texts in columns",
    hint="Which axis are the texts, and which the letters? The docstring gives the shape.",
)
def in_columns(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], pad).T, filled([[*text, eos] for text in texts], pad).T


@mutant(
    task="shift_right",
    name="rows of several lengths",
    hint="An array has rows of one length. What does pad do with the short ones?",
)
def ragged(texts: Texts, sos: int, eos: int, pad: int) -> tuple[list[list[int]], list[list[int]]]:
    return [[sos, *text] for text in texts], [[*text, eos] for text in texts]
