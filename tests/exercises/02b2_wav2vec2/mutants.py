"""Misconceptions about attention and contrast, as answers that people really give; the guide's own defects first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from audiocourse.learn.authoring import mutant

Array: TypeAlias = np.ndarray
Pair: TypeAlias = tuple[Array, Array]
Texts: TypeAlias = Sequence[Sequence[int]]

# ---------------------------------------------------------------- 2b.3 contrast


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
    hint="Somebody calls your function with temperature=1.0. Where do you use it?",
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
    hint="exp(10 000) is no float. np.logaddexp.reduce adds up in logarithms.",
)
def overflows(context: Array, targets: Array, distractors: Array, temperature: float = 0.1) -> float:
    with np.errstate(all="ignore"):
        likely = np.exp(game(context, targets, distractors, temperature))
        return float(np.mean(-np.log(likely[:, 0] / likely.sum(axis=1))))
