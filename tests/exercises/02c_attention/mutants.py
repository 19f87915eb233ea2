"""Misconceptions about attention, as answers that people really give; the guide's own defects first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray
Pair: TypeAlias = tuple[Array, Array]
Texts: TypeAlias = Sequence[Sequence[int]]

# ---------------------------------------------------------------- 2c.1 soft pointer


def softmax(scores: Array, axis: int = 1) -> Array:
    likely = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return likely / likely.sum(axis=axis, keepdims=True)


def scored(query: Array, keys: Array) -> Array:
    return (keys @ query[:, :, None])[:, :, 0] / np.sqrt(query.shape[1])


def cosine(query: Array, keys: Array) -> Array:
    products = (keys @ query[:, :, None])[:, :, 0]
    with np.errstate(all="ignore"):
        return products / np.linalg.norm(query, axis=1)[:, None] / np.linalg.norm(keys, axis=2)


def read(weights: Array, values: Array) -> tuple[Array, Array]:
    return (weights[:, None] @ values)[:, 0], weights


def inside(keys: Array, lengths: Array) -> Array:
    return np.arange(keys.shape[1]) < lengths[:, None]


def hidden(scores: Array, keep: Array) -> Array:
    return np.where(keep, scores, -np.inf)


@mutant(
    task="masked_attention",
    name="padding that takes part like speech",
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
    hint="Utterance 3 has a decoder of its own. Which query searches its frames in your code?",
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
    hint="Add up your weights of a short utterance. Where did the rest go?",
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
    hint="With twice as many units, the dot product of two random vectors grows. What does the formula divide by?",
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
    hint="exp(1000) overflows. A softmax stays the same if you subtract one number from all scores: which one helps?",
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
    name="the largest score looked for in the padding too",
    hint="If the padding has by far the largest score, what is exp of the others once it is subtracted? Mask first.",
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
    hint="The keys serve to find a frame. What is read where the pointer points?",
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
    hint="What do the weights of one utterance sum to? What does the formula divide by?",
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
    name="the largest score of the whole batch subtracted",
    hint="Utterance 0 has scores of 5000, utterance 1 of −5000. What is left of utterance 1 if 5000 is subtracted?",
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
    keep = inside(keys, lengths)
    return read(softmax(hidden(cosine(query, keys), keep)), values)


@mutant(
    task="masked_attention",
    name="one length for all utterances",
    hint="Utterance 1 is shorter than utterance 0. Which length limits its frames in your code?",
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
    hint="exp of a score of 2000 is infinite, and infinity times 0 is NaN. Can the padding be hidden before exp?",
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
    hint="How many values does the docstring promise?",
)
def context_alone(query: Array, keys: Array, values: Array, lengths: Array) -> Array:
    return read(softmax(hidden(scored(query, keys), inside(keys, lengths))), values)[0]


@mutant(
    task="masked_attention",
    name="a large number subtracted from the scores of the padding",
    hint="The padding had a score of 2000, and still has 1000. Is that below all others? Can the score be replaced?",
)
def taken_off(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(scored(query, keys) - 1e3 * ~inside(keys, lengths)), values)


@mutant(
    task="masked_attention",
    name="dot products divided by the root of the size of the values",
    hint="d is the size of a query. Which of the three arrays holds things of that size?",
)
def scaled_by_values(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = scored(query, keys) * np.sqrt(query.shape[1] / values.shape[2])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="dot products divided by the root of the batch",
    hint="len(query) was d when there was one query. Which axis of query counts its units now?",
)
def scaled_by_batch(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = scored(query, keys) * np.sqrt(query.shape[1] / len(query))
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="soft weights, but the value of the best frame alone",
    hint="You compute a weight for every frame. How many of them take part in your context?",
)
def best_alone(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    weights = softmax(hidden(scored(query, keys), inside(keys, lengths)))
    return values[np.arange(len(values)), weights.argmax(axis=1)], weights


@mutant(
    task="masked_attention",
    name="padding sought at the beginning",
    hint="How is the row of a short utterance filled: do its frames come first, or the padding?",
)
def padding_in_front(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(hidden(scored(query, keys), inside(keys, lengths)[:, ::-1])), values)


@mutant(
    task="masked_attention",
    name="cosines divided by √d",
    hint="The formula has one divisor, √d. Why do you divide by the lengths of the vectors as well?",
)
def cosines_by_root(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = cosine(query, keys) / np.sqrt(query.shape[1])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="keys divided by their lengths",
    hint="The formula asks for the dot product of the query with a key. What happens to a long key in your code?",
)
def keys_of_length_one(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = cosine(query, keys) * np.linalg.norm(query, axis=1)[:, None] / np.sqrt(query.shape[1])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="scores clipped to a range",
    hint="Scores of 20 000 and 20 001 differ by 1. What is left of that after clipping? What could you subtract?",
)
def clipped(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = np.clip(scored(query, keys), -50, 50)
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="the values of the first utterance for all",
    hint="Utterance 1 has values of its own. Which index of values does your context leave out?",
)
def first_values(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    weights = softmax(hidden(scored(query, keys), inside(keys, lengths)))
    return weights @ values[0], weights


@mutant(
    task="masked_attention",
    name="padding recognised by its zeros",
    hint="There may be any numbers beyond the end. Which argument gives the position of the end?",
)
def padding_of_zeros(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(hidden(scored(query, keys), (keys != 0).any(axis=2))), values)


@mutant(
    task="masked_attention",
    name="every unit of the query times every unit of the key",
    hint="A dot product multiplies unit 0 by unit 0, and so on. Is the letter for units in einsum the same for both?",
)
def every_unit_with_every(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    scores = query.sum(axis=1, keepdims=True) * keys.sum(axis=2) / np.sqrt(query.shape[1])
    return read(softmax(hidden(scores, inside(keys, lengths))), values)


@mutant(
    task="masked_attention",
    name="weights written to the end of the row",
    hint="weights[b, -n:] are the last n frames. Which frames of its row belong to a short utterance?",
)
def weights_at_the_end(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    context, weights = read(softmax(hidden(scored(query, keys), inside(keys, lengths))), values)
    return context, np.stack([np.roll(row, len(row) - count) for row, count in zip(weights, lengths, strict=True)])


@mutant(
    task="masked_attention",
    name="a billion subtracted from the scores of the padding",
    hint="The padding's numbers may be larger than a billion. Can its score be replaced rather than lowered?",
)
def billion_taken_off(query: Array, keys: Array, values: Array, lengths: Array) -> Pair:
    return read(softmax(scored(query, keys) - 1e9 * ~inside(keys, lengths)), values)


# ---------------------------------------------------------------- 2c.2 shift


def filled(rows: list[list[int]], pad: int, longest: int | None = None) -> Array:
    longest = max(len(row) for row in rows) if longest is None else longest
    return np.array([[*row, *[pad] * (longest - len(row))] for row in rows], dtype=int).reshape(len(rows), longest)


@mutant(
    task="shift_right",
    name="inputs that are not shifted",
    hint="In the first step your decoder reads the letter that it has to write. What is left to learn from the sound?",
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
    name="ends after the padding",
    hint="Look at the shortest text: what must its decoder write right after the last letter?",
)
def end_at_the_end(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    longest = max(len(text) for text in texts)
    targets = [[*text, *[pad] * (longest - len(text)), eos] for text in texts]
    return filled([[sos, *text] for text in texts], pad), filled(targets, pad)


@mutant(
    task="shift_right",
    name="an end among the inputs",
    hint="Once the end is written, the decoder need not write another letter. Must it ever read the end?",
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
    name="padding that is always 0",
    hint="The caller passes pad=-100. What do you pad with?",
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
    hint="The inputs of [5, 6] have three entries. Which of start, 5, 6 and end is not among them?",
)
def both_in_both(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    whole = filled([[sos, *text, eos] for text in texts], pad)
    return whole, whole.copy()


@mutant(
    task="shift_right",
    name="padding in front",
    hint="Where does the docstring, and the decoder's first step, want the start of a short text?",
)
def filled_in_front(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = max(len(text) for text in texts) + 1
    inputs = [[pad] * (width - len(text) - 1) + [sos, *text] for text in texts]
    return filled(inputs, pad), filled([[pad] * (width - len(text) - 1) + [*text, eos] for text in texts], pad)


@mutant(
    task="shift_right",
    name="targets padded with ends",
    hint="A decoder that has written the end is done. What do the targets contain after that?",
)
def filled_with_ends(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], pad), filled([[*text, eos] for text in texts], eos)


@mutant(
    task="shift_right",
    name="both padded with ends",
    hint="There is a number for padding. Is it the same as the end?",
)
def ends_everywhere(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], eos), filled([[*text, eos] for text in texts], eos)


@mutant(
    task="shift_right",
    name="a start and an end that are always 1 and 2",
    hint="The caller passes sos=9 and eos=8. Which numbers do you write?",
)
def always_one_and_two(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[1, *text] for text in texts], pad), filled([[*text, 2] for text in texts], pad)


@mutant(
    task="shift_right",
    name="arrays of floats",
    hint="np.zeros and np.ones hold floats by default. Can 3.0 be the number of a letter?",
)
def as_floats(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs = np.full((len(texts), max(len(text) for text in texts) + 1), float(pad))
    targets = inputs.copy()
    for row, text in enumerate(texts):
        inputs[row, : len(text) + 1] = [sos, *text]
        targets[row, : len(text) + 1] = [*text, eos]
    return inputs, targets


@mutant(
    task="shift_right",
    name="lists in place of arrays",
    hint="Which type does the docstring promise?",
)
def as_lists(texts: Texts, sos: int, eos: int, pad: int) -> tuple[list[list[int]], list[list[int]]]:
    inputs = filled([[sos, *text] for text in texts], pad)
    return inputs.tolist(), filled([[*text, eos] for text in texts], pad).tolist()


@mutant(
    task="shift_right",
    name="an end in front of the targets",
    hint="When must the decoder write the end: first or last?",
)
def end_in_front(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], pad), filled([[eos, *text] for text in texts], pad)


@mutant(
    task="shift_right",
    name="targets that are always padded with 0",
    hint="The caller passes pad=-100. What pads the targets, and what the inputs?",
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
    hint="Which axis holds the texts, and which the letters? The docstring gives the shape.",
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


def shifted(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    """The correct pair, for answers that get something around it wrong."""
    return filled([[sos, *text] for text in texts], pad), filled([[*text, eos] for text in texts], pad)


@mutant(
    task="shift_right",
    name="a start that is never written",
    hint="What does the decoder read in the first step, before there is any letter?",
)
def no_start(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs, targets = shifted(texts, sos, eos, pad)
    inputs[:, 0] = pad
    return inputs, targets


@mutant(
    task="shift_right",
    name="targets that are always filled with −100",
    hint="−100 is what PyTorch leaves out by default. Which number does the caller want?",
)
def minus_hundred(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return filled([[sos, *text] for text in texts], pad), filled([[*text, eos] for text in texts], -100)


@mutant(
    task="shift_right",
    name="start and end exchanged",
    hint="Which of sos and eos begins the inputs, and which ends the targets?",
)
def marks_exchanged(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return shifted(texts, eos, sos, pad)


@mutant(
    task="shift_right",
    name="one column too many",
    hint="The longest text has L letters. How many entries have the start and its letters together?",
)
def too_wide(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = max(len(text) for text in texts) + 2
    return filled([[sos, *text] for text in texts], pad, width), filled([[*text, eos] for text in texts], pad, width)


@mutant(
    task="shift_right",
    name="an end among the inputs, in a column of its own",
    hint="After the end the decoder need not write another letter. Must it ever read the end?",
)
def end_in_a_column_more(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = max(len(text) for text in texts) + 2
    return filled([[sos, *text, eos] for text in texts], pad), filled([[*text, eos] for text in texts], pad, width)


@mutant(
    task="shift_right",
    name="the width of the first text",
    hint="The second text may be longer than the first. Which one decides how wide the arrays are?",
)
def width_of_first(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = len(texts[0]) + 1
    inputs = np.full((len(texts), width), pad)
    targets = inputs.copy()
    for row, text in enumerate(texts):
        inputs[row, : len(text) + 1] = [sos, *text]
        targets[row, : len(text) + 1] = [*text, eos]
    return inputs, targets


@mutant(
    task="shift_right",
    name="the largest text in place of the longest",
    hint="max compares lists by their first numbers. Which `key` lets it compare lengths?",
)
def largest_text(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = len(max(texts)) + 1
    inputs = np.full((len(texts), width), pad)
    targets = inputs.copy()
    for row, text in enumerate(texts):
        inputs[row, : len(text) + 1] = [sos, *text]
        targets[row, : len(text) + 1] = [*text, eos]
    return inputs, targets


@mutant(
    task="shift_right",
    name="empty texts that get neither start nor end",
    hint="A sound without speech has an empty text. What should the decoder write first?",
)
def empty_skipped(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs, targets = shifted(texts, sos, eos, pad)
    empty = [not text for text in texts]
    inputs[empty] = targets[empty] = pad
    return inputs, targets


@mutant(
    task="shift_right",
    name="empty texts left out of the batch",
    hint="How many texts came in, and how many rows go out? Which sound belongs to which row?",
)
def empty_taken_out(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return shifted([text for text in texts if text] or texts, sos, eos, pad)


@mutant(
    task="shift_right",
    name="texts sorted by length",
    hint="Row 0 belongs to the first sound of the batch. Which text is in row 0 of your arrays?",
)
def sorted_by_length(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    return shifted(sorted(texts, key=len, reverse=True), sos, eos, pad)


@mutant(
    task="shift_right",
    name="inputs without the last letter",
    hint="The inputs of [5, 6] are the start, 5 and 6. What does the decoder read before it writes the end?",
)
def inputs_cut(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = max(len(text) for text in texts) + 1
    return filled([[sos, *text[:-1]] for text in texts], pad, width), filled([[*text, eos] for text in texts], pad)


@mutant(
    task="shift_right",
    name="texts cut to the length of the shortest",
    hint="What becomes of the letters of a longer text? Is it min or max that you need?",
)
def cut_to_shortest(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    width = min(len(text) for text in texts)
    return shifted([text[:width] for text in texts], sos, eos, pad)


@mutant(
    task="shift_right",
    name="texts that must have one length",
    hint="np.array of lists of several lengths has no shape. Where does pad come in?",
)
def of_one_length(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    letters = np.array(texts, dtype=int)
    start = np.full((len(letters), 1), sos)
    end = np.full((len(letters), 1), eos)
    return np.hstack([start, letters]), np.hstack([letters, end])


@mutant(
    task="shift_right",
    name="numbers that do not fit into 16 bits",
    hint="int16 ends at 32 767. How many entries does Whisper's vocabulary have?",
)
def sixteen_bits(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs, targets = shifted(texts, sos, eos, pad)
    return np.array(inputs.tolist(), dtype=np.int16), np.array(targets.tolist(), dtype=np.int16)


@mutant(
    task="shift_right",
    name="every end among the inputs turned into padding",
    hint="Some models have one number for start and end. What does your line do with the start then?",
)
def ends_wiped_out(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs, targets = shifted(texts, sos, eos, pad)
    return np.where(inputs == eos, pad, inputs), targets


@mutant(
    task="shift_right",
    name="letters counted as everything that is not padding",
    hint="One number may mean both start and padding. How long is the text then, according to your line?",
)
def filling_not_counted(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs, _ = shifted(texts, sos, eos, pad)
    targets = np.full_like(inputs, pad)
    targets[:, :-1] = inputs[:, 1:]
    targets[np.arange(len(texts)), (inputs != pad).sum(axis=1) - 1] = eos
    return inputs, targets


@mutant(
    task="shift_right",
    name="targets shifted in a circle, without an end where there is no padding",
    hint="np.roll wraps around. What comes in at the end of the longest text? Where is its end written?",
)
def rolled_round(texts: Texts, sos: int, eos: int, pad: int) -> Pair:
    inputs, _ = shifted(texts, sos, eos, pad)
    targets = np.roll(inputs, -1, axis=1)
    for row, text in enumerate(texts):
        if len(text) + 1 < inputs.shape[1]:
            targets[row, -1] = pad
            targets[row, len(text)] = eos
    return inputs, targets


@mutant(
    task="shift_right",
    name="texts that are changed in place",
    hint="The lists belong to the caller. What do they hold after your call?",
)
def marks_inserted(texts: list[list[int]], sos: int, eos: int, pad: int) -> Pair:
    for text in texts:
        text[:] = [sos, *text, eos]
    return filled([text[:-1] for text in texts], pad), filled([text[1:] for text in texts], pad)
