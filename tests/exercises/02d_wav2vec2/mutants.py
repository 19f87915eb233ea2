"""Misconceptions about hidden spans and the contrastive loss, as answers that people really give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray
Pair: TypeAlias = tuple[Array, Array]
Texts: TypeAlias = Sequence[Sequence[int]]

# ---------------------------------------------------------------- 2d.1 spans


def covered(starts: Array, span: int, frames: int, *, first: int = 0) -> Array:
    """How many spans cover each frame, if each begins ``first`` frames after its start."""
    t = np.arange(frames)[:, None]
    begin = np.asarray(starts, dtype=int) + first
    return np.sum((t >= begin) & (t < begin + span), axis=1)


@mutant(
    task="hide_spans",
    name="spans that are one frame too long",
    hint="A span of 3 from frame 5 on: which frames are they? Is 5 + 3 one of them?",
)
def too_long(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span + 1, frames) > 0


@mutant(
    task="hide_spans",
    name="spans that are one frame too short",
    hint="A slice stops before its second number. How many frames has mask[5 : 5 + 3 - 1]?",
)
def too_short(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span - 1, frames) > 0


@mutant(
    task="hide_spans",
    name="spans that begin after their start",
    hint="Is the start itself hidden?",
)
def after_the_start(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, frames, first=1) > 0


@mutant(
    task="hide_spans",
    name="starts without spans",
    hint="How many frames does one start hide?",
)
def only_starts(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, 1, frames) > 0


@mutant(
    task="hide_spans",
    name="hidden and seen exchanged",
    hint="True means hidden. What is True in your mask before the first span is set?",
)
def exchanged(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, frames) == 0


@mutant(
    task="hide_spans",
    name="a frame that is hidden twice is seen again",
    hint="Two spans overlap. What does the second one do to a frame that the first has hidden?",
)
def toggled(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, frames) % 2 == 1


@mutant(
    task="hide_spans",
    name="counts in place of yes and no",
    hint="A frame is hidden or it is not. Which dtype expresses that?",
)
def counted(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, frames)


@mutant(
    task="hide_spans",
    name="ones and zeros in place of yes and no",
    hint="np.zeros(frames) holds numbers. With which dtype can a mask pick frames, as in z[mask]?",
)
def ones_and_zeros(starts: Array, span: int, frames: int) -> Array:
    return (covered(starts, span, frames) > 0).astype(float)


@mutant(
    task="hide_spans",
    name="spans centred on their start",
    hint="Is a start the first frame of its span, or the middle one?",
)
def centred(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, frames, first=-(span // 2)) > 0


@mutant(
    task="hide_spans",
    name="spans that wrap around to the beginning",
    hint="Nothing follows the last frame. Where does a span continue in your mask when it reaches the end?",
)
def wraps_round(starts: Array, span: int, frames: int) -> Array:
    mask = np.zeros(frames, dtype=bool)
    for start in starts:
        mask[(start + np.arange(span)) % frames] = True
    return mask


@mutant(
    task="hide_spans",
    name="spans at the end that are left out",
    hint="A span that reaches beyond the last frame: are none of its frames hidden, or those that exist?",
)
def end_left_out(starts: Array, span: int, frames: int) -> Array:
    starts = np.asarray(starts, dtype=int)
    return covered(starts[starts + span <= frames], span, frames) > 0


@mutant(
    task="hide_spans",
    name="spans at the end that are moved back",
    hint="A span that reaches beyond the last frame ends there. Does it begin earlier, too?",
)
def moved_back(starts: Array, span: int, frames: int) -> Array:
    return covered(np.clip(starts, None, max(0, frames - span)), span, frames) > 0


@mutant(
    task="hide_spans",
    name="numbers of frames that do not exist",
    hint="frames − 1 is the last frame. Which frames would a span of five that starts there have?",
)
def beyond_the_end(starts: Array, span: int, frames: int) -> Array:
    mask = np.zeros(frames, dtype=bool)
    for start in starts:
        for t in range(start, start + span):
            mask[t] = True
    return mask


@mutant(
    task="hide_spans",
    name="a mask that grows beyond the last frame",
    hint="How many frames does the recording have, and how many your mask?",
)
def grows(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, max([frames, *(int(start) + span for start in starts)])) > 0


@mutant(
    task="hide_spans",
    name="everything between the first start and the last span",
    hint="Is there a frame between two spans that is still seen?",
)
def all_between(starts: Array, span: int, frames: int) -> Array:
    if not len(starts):
        return np.zeros(frames, dtype=bool)
    return covered(np.array([min(starts)]), int(max(starts) - min(starts)) + span, frames) > 0


@mutant(
    task="hide_spans",
    name="only the first span",
    hint="Does your loop go on after the first start? Look at the position of `return`.",
)
def first_only(starts: Array, span: int, frames: int) -> Array | None:
    for start in starts:
        return covered([start], span, frames) > 0
    return None


@mutant(
    task="hide_spans",
    name="only the last span",
    hint="Do you make a new mask for each start, or one for all?",
)
def last_only(starts: Array, span: int, frames: int) -> Array:
    return covered(starts[-1:], span, frames) > 0


@mutant(
    task="hide_spans",
    name="a list in place of an array",
    hint="Which type does the docstring promise?",
)
def as_list(starts: Array, span: int, frames: int) -> list[bool]:
    return [bool(count) for count in covered(starts, span, frames)]


@mutant(
    task="hide_spans",
    name="a start inside another span that is skipped",
    hint="A frame is hidden already, and a span starts there. Which frames does that span hide beyond the first one?",
)
def skips_hidden(starts: Array, span: int, frames: int) -> Array:
    mask = np.zeros(frames, dtype=bool)
    for start in starts:
        if not mask[start]:
            mask[start : start + span] = True
    return mask


@mutant(
    task="hide_spans",
    name="the length of a span mistaken for its end",
    hint="mask[start : span] stops at frame `span`. Where does a span of 10 that starts at 50 end?",
)
def span_as_end(starts: Array, span: int, frames: int) -> Array:
    mask = np.zeros(frames, dtype=bool)
    for start in starts:
        mask[start:span] = True
    return mask


@mutant(
    task="hide_spans",
    name="the numbers of the hidden frames",
    hint="The docstring asks for a yes or no for each frame. How long is your result?",
)
def frame_numbers(starts: Array, span: int, frames: int) -> Array:
    return np.flatnonzero(covered(starts, span, frames))


@mutant(
    task="hide_spans",
    name="a mask with room for a span beyond the end",
    hint="How many frames does the recording have, and how many does your mask have in the end?",
)
def with_room(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, frames + span) > 0


@mutant(
    task="hide_spans",
    name="at least one start needed",
    hint="What does your function do when no start was drawn?",
)
def needs_a_start(starts: Array, span: int, frames: int) -> Array:
    starts[0]
    return covered(starts, span, frames) > 0


@mutant(
    task="hide_spans",
    name="half a span on each side of the start",
    hint="Is a start the first frame of its span, or the middle one? How many frames are 2 · (5 // 2)?",
)
def half_on_each_side(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, 2 * (span // 2), frames, first=-(span // 2)) > 0


@mutant(
    task="hide_spans",
    name="spans that end where they should begin",
    hint="A span of 3 from frame 5 on: are frames 2, 3 and 4 hidden, or 5, 6 and 7?",
)
def ends_at_the_start(starts: Array, span: int, frames: int) -> Array:
    return covered(starts, span, frames, first=-span) > 0


@mutant(
    task="hide_spans",
    name="a last frame that is never hidden",
    hint="A slice stops before its second number. Which frame does min(…, frames − 1) leave out?",
)
def last_frame_seen(starts: Array, span: int, frames: int) -> Array:
    mask = covered(starts, span, frames) > 0
    mask[-1] = False
    return mask


@mutant(
    task="hide_spans",
    name="an overlapping span moved after the one before",
    hint="A span begins at its start, hidden or not. Does it move when another one lies there?",
)
def moved_behind(starts: Array, span: int, frames: int) -> Array:
    mask, end = np.zeros(frames, dtype=bool), 0
    for start in starts:
        end = max(start, end) + span
        mask[end - span : end] = True
    return mask


@mutant(
    task="hide_spans",
    name="the first start left out",
    hint="Which index does the first entry of an array have? Where does your loop begin?",
)
def first_start_skipped(starts: Array, span: int, frames: int) -> Array:
    return covered(starts[1:], span, frames) > 0


# ---------------------------------------------------------------- 2d.2 contrast


def game(
    context: Array,
    targets: Array,
    distractors: Array,
    temperature: float,
    *,
    keep_equal: bool = False,
    cosine: bool = True,
) -> Array:
    """Scores of the target and its distractors, [shape=(steps, 1 + count)]."""
    choices = np.concatenate([targets[:, None], targets[distractors]], axis=1)
    scores = np.einsum("iu,iju->ij", context, choices) / temperature
    if cosine:
        scores = scores / np.linalg.norm(context, axis=1)[:, None] / np.linalg.norm(choices, axis=2)
    if not keep_equal:
        scores[:, 1:][(choices[:, 1:] == targets[:, None]).all(axis=2)] = -np.inf
    return scores


def surprise(scores: Array) -> Array:
    return np.logaddexp.reduce(scores, axis=1) - scores[:, 0]


@mutant(
    task="contrastive_loss",
    name="right answers among the wrong ones",
    hint="Two steps may have the same codeword. Is naming the other one a mistake?",
)
def equal_kept(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, temperature, keep_equal=True)).mean())


@mutant(
    task="contrastive_loss",
    name="the target missing among the choices",
    hint="A probability is a share of a whole. Is the right answer part of your sum?",
)
def target_missing(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    with np.errstate(all="ignore"):
        return float(np.mean(np.logaddexp.reduce(scores[:, 1:], axis=1) - scores[:, 0]))


@mutant(
    task="contrastive_loss",
    name="dot products in place of cosines",
    hint="Make all vectors twice as long. May the loss change?",
)
def dot_products(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, temperature, cosine=False)).mean())


@mutant(
    task="contrastive_loss",
    name="similarities times the temperature",
    hint="A low temperature makes a choice sharper. Does yours?",
)
def times_temperature(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, 1 / temperature)).mean())


@mutant(
    task="contrastive_loss",
    name="a temperature that is always 0.1",
    hint="The caller passes temperature=1.0. Where do you use it?",
)
def always_a_tenth(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, 0.1)).mean())


@mutant(
    task="contrastive_loss",
    name="a sum over the steps",
    hint="Twice as many hidden steps: is the game twice as hard?",
)
def summed(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, temperature)).sum())


@mutant(
    task="contrastive_loss",
    name="a loss that grows as the answer gets better",
    hint="Is your number lower when the context equals the target? Look for the sign.",
)
def wrong_sign(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(-surprise(game(context, targets, distractors, temperature)).mean())


@mutant(
    task="contrastive_loss",
    name="distractors taken from the context",
    hint="The choices are things that were there, targets. Which array do your distractors pick from?",
)
def from_the_context(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    choices = np.concatenate([targets[:, None], context[distractors]], axis=1)
    scores = np.einsum("iu,iju->ij", context, choices) / temperature
    scores = scores / np.linalg.norm(context, axis=1)[:, None] / np.linalg.norm(choices, axis=2)
    scores[:, 1:][(choices[:, 1:] == targets[:, None]).all(axis=2)] = -np.inf
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="exp of a number that is too large",
    hint="exp(10 000) overflows. np.logaddexp.reduce adds up in logarithms.",
)
def overflows(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    with np.errstate(all="ignore"):
        likely = np.exp(game(context, targets, distractors, temperature))
        return float(np.mean(-np.log(likely[:, 0] / likely.sum(axis=1))))


def choices_of(targets: Array, distractors: Array) -> tuple[Array, Array]:
    """The target and its distractors [shape=(steps, 1 + count, units)], and which of them are left out."""
    choices = np.concatenate([targets[:, None], targets[distractors]], axis=1)
    left_out = (choices == targets[:, None]).all(axis=2)
    left_out[:, 0] = False
    return choices, left_out


@mutant(
    task="contrastive_loss",
    name="a distractor that is listed twice counted once",
    hint="Does your code make a set of the distractors, or use np.unique? Row i may list a step twice.",
)
def without_duplicates(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    for row, others in enumerate(distractors):
        _, first = np.unique(others, return_index=True)
        again = np.setdiff1d(np.arange(len(others)), first)
        scores[row, 1 + again] = -np.inf
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="left out for the same direction",
    hint="A vector that is twice as long has a cosine of 1 with the target. Is it equal to it, number by number?",
)
def equal_by_direction(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature, keep_equal=True)
    choices, _ = choices_of(targets, distractors)
    q = targets / np.linalg.norm(targets, axis=1, keepdims=True)
    cosines = np.einsum("iu,iju->ij", q, choices / np.linalg.norm(choices, axis=2, keepdims=True))
    scores[:, 1:][np.isclose(cosines[:, 1:], 1)] = -np.inf
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="left out for one number in common",
    hint="`any` asks whether some number is the same. When are two vectors equal?",
)
def equal_by_any(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature, keep_equal=True)
    scores[:, 1:][(targets[distractors] == targets[:, None]).any(axis=2)] = -np.inf
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="a score of 0 for distractors that are left out",
    hint="exp(0) is 1: such a distractor still takes part in the sum. Which score makes exp exactly 0?",
)
def zero_for_equal(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    return float(surprise(np.where(np.isneginf(scores), 0, scores)).mean())


@mutant(
    task="contrastive_loss",
    name="all other steps as distractors",
    hint="Row i of `distractors` says which steps compete in step i. Do you use it?",
)
def all_steps_compete(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    c = context / np.linalg.norm(context, axis=1, keepdims=True)
    q = targets / np.linalg.norm(targets, axis=1, keepdims=True)
    scores = c @ q.T / temperature
    return float(np.mean(np.logaddexp.reduce(scores, axis=1) - np.diag(scores)))


@mutant(
    task="contrastive_loss",
    name="context and targets exchanged",
    hint="Which of the two is the question, and which holds the possible answers?",
)
def roles_exchanged(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(targets, context, distractors, temperature)).mean())


@mutant(
    task="contrastive_loss",
    name="bits in place of nats",
    hint="Which logarithm does the formula use: to the base e, 2 or 10?",
)
def in_bits(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, temperature)).mean() / np.log(2))


@mutant(
    task="contrastive_loss",
    name="logarithms to the base 10",
    hint="np.log and np.log10 differ. Which of them belongs to exp?",
)
def to_base_ten(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, temperature)).mean() / np.log(10))


@mutant(
    task="contrastive_loss",
    name="the logarithm of the mean",
    hint="Is it the mean of the logarithms, or the logarithm of the mean probability?",
)
def log_of_mean(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    with np.errstate(all="ignore"):
        return float(-np.log(np.mean(np.exp(-surprise(scores)))))


@mutant(
    task="contrastive_loss",
    name="a probability without its logarithm",
    hint="A guess among four should cost ln 4 = 1.39. What does your function return for it?",
)
def no_logarithm(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(np.mean(np.exp(-surprise(game(context, targets, distractors, temperature)))))


@mutant(
    task="contrastive_loss",
    name="a softmax over the steps",
    hint="Which numbers compete with each other: the choices of one step, or the steps for one choice?",
)
def over_the_steps(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    return float(np.mean(np.logaddexp.reduce(scores, axis=0)[0] - scores[:, 0]))


@mutant(
    task="contrastive_loss",
    name="lengths taken along the wrong axis",
    hint="The length of a vector is a root of a sum over its units. Which axis of context are the units?",
)
def wrong_axis(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    c = context / np.linalg.norm(context, axis=0)
    q = targets / np.linalg.norm(targets, axis=0)
    left_out = choices_of(targets, distractors)[1]
    picked = np.concatenate([q[:, None], q[distractors]], axis=1)
    scores = np.where(left_out, -np.inf, np.einsum("iu,iju->ij", c, picked) / temperature)
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="only the context divided by its length",
    hint="Make all targets twice as long. May the loss change?",
)
def long_targets(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    c = context / np.linalg.norm(context, axis=1, keepdims=True)
    return float(surprise(game(c, targets, distractors, temperature, cosine=False)).mean())


@mutant(
    task="contrastive_loss",
    name="a small number added before the logarithm",
    hint="log(p + 1e-9) is never below −21. What does a very sure and very wrong answer cost then?",
)
def with_an_epsilon(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    likely = np.exp(-surprise(game(context, targets, distractors, temperature)))
    return float(-np.mean(np.log(likely + 1e-9)))


@mutant(
    task="contrastive_loss",
    name="exp of a difference of thousands",
    hint="exp(−5000) is 0 and exp(5000) infinite. Can the logarithm of the softmax be had without either?",
)
def vanished(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    with np.errstate(all="ignore"):
        return float(-np.mean(np.log(np.exp(-surprise(game(context, targets, distractors, temperature))))))


@mutant(
    task="contrastive_loss",
    name="a temperature that is never used",
    hint="The cosines lie between −1 and 1. What are they divided by before exp?",
)
def no_temperature(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    return float(surprise(game(context, targets, distractors, 1.0)).mean())


@mutant(
    task="contrastive_loss",
    name="distances in place of cosines",
    hint="Make all vectors twice as long. May the loss change?",
)
def distances(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    choices, left_out = choices_of(targets, distractors)
    scores = -np.linalg.norm(context[:, None] - choices, axis=2) / temperature
    return float(surprise(np.where(left_out, -np.inf, scores)).mean())


@mutant(
    task="contrastive_loss",
    name="the length of the whole array",
    hint="np.linalg.norm without an axis gives one number. How many vectors have a length of their own?",
)
def one_length(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    c, q = context / np.linalg.norm(context), targets / np.linalg.norm(targets)
    return float(surprise(game(c, q, distractors, temperature, cosine=False)).mean())


@mutant(
    task="contrastive_loss",
    name="one number for each step",
    hint="The docstring returns a float. What does the formula do over the steps?",
)
def for_each_step(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> Array:
    return surprise(game(context, targets, distractors, temperature))


@mutant(
    task="contrastive_loss",
    name="only the targets divided by their length",
    hint="Make all contexts twice as long. May the loss change?",
)
def long_context(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    q = targets / np.linalg.norm(targets, axis=1, keepdims=True)
    scores = game(context, q, distractors, temperature, cosine=False)
    scores[:, 1:][choices_of(targets, distractors)[1][:, 1:]] = -np.inf
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="the target left out of the sum of exponentials",
    hint="A probability is a share of a whole. Which terms belong to the sum below the fraction line?",
)
def target_out_of_the_sum(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    highest = scores.max(axis=1)
    with np.errstate(all="ignore"):
        total = np.exp(scores - highest[:, None])[:, 1:].sum(axis=1)
        return float(np.mean(highest + np.log(total) - scores[:, 0]))


@mutant(
    task="contrastive_loss",
    name="distractors that equal the context left out",
    hint="Which two vectors are compared to see whether a distractor is a right answer: is the context one of them?",
)
def equal_to_context(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature, keep_equal=True)
    scores[:, 1:][(targets[distractors] == context[:, None]).all(axis=2)] = -np.inf
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="contexts of other steps as wrong answers",
    hint="The target competes with other targets. Of which array are the rows that you pick by `distractors`?",
)
def contexts_compete(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    left_out = choices_of(targets, distractors)[1]
    choices = np.concatenate([targets[:, None], context[distractors]], axis=1)
    scores = np.einsum("iu,iju->ij", context, choices) / temperature
    scores = scores / np.linalg.norm(context, axis=1)[:, None] / np.linalg.norm(choices, axis=2)
    return float(surprise(np.where(left_out, -np.inf, scores)).mean())


@mutant(
    task="contrastive_loss",
    name="distractors compared with the target",
    hint="What is a distractor compared with in the formula: the right answer, or the context?",
)
def targets_with_targets(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(targets, targets, distractors, temperature)
    scores[:, 0] = game(context, targets, distractors, temperature)[:, 0]
    return float(surprise(scores).mean())


@mutant(
    task="contrastive_loss",
    name="distractors counted from their own step",
    hint="Row i says which steps compete. Is a 3 there step 3, or the third one after step i?",
)
def steps_away(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    steps = len(targets)
    left_out = choices_of(targets, distractors)[1]
    away = (np.arange(steps)[:, None] + distractors) % steps
    scores = game(context, targets, away, temperature, keep_equal=True)
    return float(surprise(np.where(left_out, -np.inf, scores)).mean())


@mutant(
    task="contrastive_loss",
    name="steps with an equal distractor left out",
    hint="Only the distractor is left out. What becomes of the other choices of that step?",
)
def steps_left_out(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    keep = ~choices_of(targets, distractors)[1].any(axis=1)
    losses = surprise(game(context, targets, distractors, temperature))[keep]
    return float(losses.mean()) if len(losses) else 0.0


@mutant(
    task="contrastive_loss",
    name="steps without a wrong answer left out of the mean",
    hint="Where no choice is left, the loss is 0. Over how many steps is the mean taken?",
)
def sure_steps_left_out(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    keep = ~choices_of(targets, distractors)[1][:, 1:].all(axis=1)
    losses = surprise(game(context, targets, distractors, temperature))[keep]
    return float(losses.mean()) if len(losses) else 0.0


@mutant(
    task="contrastive_loss",
    name="the largest score subtracted and not added again",
    hint="log Σ exp(s − m) is smaller than log Σ exp(s). By how much?",
)
def never_added_again(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    highest = scores.max(axis=1)
    return float(np.mean(np.logaddexp.reduce(scores, axis=1) - highest - scores[:, 0]))


@mutant(
    task="contrastive_loss",
    name="a mean over the choices too",
    hint="One loss for each step. What do you divide by: the steps, or steps times choices?",
)
def mean_over_choices(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature)
    return float(surprise(scores).mean() / scores.shape[1])


@mutant(
    task="contrastive_loss",
    name="absolute values of the cosines",
    hint="Two vectors point in opposite directions. Are they alike?",
)
def signs_lost(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = np.abs(game(context, targets, distractors, temperature, keep_equal=True))
    return float(surprise(np.where(choices_of(targets, distractors)[1], -np.inf, scores)).mean())


@mutant(
    task="contrastive_loss",
    name="vectors that are changed in place",
    hint="`/=` and `*=` change the arrays of the caller. What do they hold after your call?",
)
def lengths_overwritten(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    context /= np.linalg.norm(context, axis=1, keepdims=True)
    targets /= np.linalg.norm(targets, axis=1, keepdims=True)
    return float(surprise(game(context, targets, distractors, temperature)).mean())


@mutant(
    task="contrastive_loss",
    name="np.allclose where equal is meant",
    hint="Two codewords may differ by very little and still be different. How close is close enough for np.allclose?",
)
def nearly_equal_left_out(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    scores = game(context, targets, distractors, temperature, keep_equal=True)
    near = np.array([[np.allclose(targets[j], q) for j in row] for q, row in zip(targets, distractors, strict=True)])
    return float(surprise(np.where(np.pad(near, ((0, 0), (1, 0))), -np.inf, scores)).mean())
