"""Misconceptions about voices, marks and detectors, as answers that people really give."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray

# ---------------------------------------------------------------- 3e.1 nearest share


def unit(vectors: Array) -> Array:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def similarities(clones: Array, targets: Array, others: Array) -> tuple[Array, Array]:
    c = unit(clones)
    return np.sum(c * unit(targets), axis=1), c @ unit(others).T


@mutant(
    task="nearest_share",
    name="dot products of vectors that were not normalised",
    hint="Double one of the other voices. Has the voice changed? Has your result?",
)
def plain_products(clones: Array, targets: Array, others: Array) -> float:
    return float(np.mean(np.sum(clones * targets, axis=1) > (clones @ others.T).max(axis=1)))


@mutant(
    task="nearest_share",
    name="the mean of the other voices instead of the nearest one",
    hint="A listener who takes the clone for one of ten others is fooled. Does your average notice that one?",
)
def mean_of_others(clones: Array, targets: Array, others: Array) -> float:
    own, foreign = similarities(clones, targets, others)
    return float(np.mean(own > foreign.mean(axis=1)))


@mutant(
    task="nearest_share",
    name="a tie counted as a win",
    hint="An encoder that gives every voice the same vector: how many of its clones are nearer to their own target?",
)
def ties_win(clones: Array, targets: Array, others: Array) -> float:
    c, t, o = (np.round(unit(each), 12) for each in (clones, targets, others))
    return float(np.mean(np.sum(c * t, axis=1) >= (c @ o.T).max(axis=1)))


@mutant(
    task="nearest_share",
    name="the smallest cosine taken for the nearest voice",
    hint="Cosine measures likeness, not distance. Is the nearest voice the one with the smallest or the largest?",
)
def smallest(clones: Array, targets: Array, others: Array) -> float:
    own, foreign = similarities(clones, targets, others)
    return float(np.mean(own > foreign.min(axis=1)))


@mutant(
    task="nearest_share",
    name="each other voice counted by itself",
    hint="A clone that beats nine of ten others: is it nearest to its target, or nine tenths nearest?",
)
def share_of_pairs(clones: Array, targets: Array, others: Array) -> float:
    own, foreign = similarities(clones, targets, others)
    return float(np.mean(own[:, None] > foreign))


@mutant(
    task="nearest_share",
    name="each clone compared with the best target of all",
    hint="Clone n is meant for target n. May it win by being like the target of another clone?",
)
def any_target(clones: Array, targets: Array, others: Array) -> float:
    _, foreign = similarities(clones, targets, others)
    return float(np.mean((unit(clones) @ unit(targets).T).max(axis=1) > foreign.max(axis=1)))


@mutant(
    task="nearest_share",
    name="the target compared with the other voices instead of the clone",
    hint="How far apart the true voices are says nothing about the clone. Whose cosine to the others must be smaller?",
)
def target_beside_others(clones: Array, targets: Array, others: Array) -> float:
    own, _ = similarities(clones, targets, others)
    return float(np.mean(own > (unit(targets) @ unit(others).T).max(axis=1)))


@mutant(
    task="nearest_share",
    name="clones compared with each other's targets, and the other voices not used",
    hint="Which line of yours uses `others`?",
)
def others_not_used(clones: Array, targets: Array, _others: Array) -> float:
    return float(np.mean((unit(clones) @ unit(targets).T).argmax(axis=1) == np.arange(len(clones))))


@mutant(
    task="nearest_share",
    name="the distance between vectors of any length instead of the cosine",
    hint="Double a target. It is the same voice; is the clone still as near to it?",
)
def by_distance(clones: Array, targets: Array, others: Array) -> float:
    foreign = np.linalg.norm(clones[:, None] - others, axis=2)
    return float(np.mean(np.linalg.norm(clones - targets, axis=1) < foreign.min(axis=1)))


@mutant(
    task="nearest_share",
    name="how many, not which share",
    hint="With twice as many clones of the same kind, a share stays the same.",
)
def count(clones: Array, targets: Array, others: Array) -> float:
    own, foreign = similarities(clones, targets, others)
    return float(np.sum(own > foreign.max(axis=1)))


# ---------------------------------------------------------------- 3e.2 correlation


def correlated(folded: Array, signs: Array, shift: int, axis: int = 1) -> float:
    return float(np.sum(np.roll(signs, shift, axis=axis) * folded))


def norm(folded: Array) -> float:
    return float(np.sqrt(np.sum(folded**2))) or 1.0


@mutant(
    task="correlation_z",
    name="the signs rolled the other way",
    hint="np.roll(s, d)[p] is s[p − d]. The formula needs s[p + d].",
)
def rolled_back(folded: Array, signs: Array) -> Array:
    return np.array([correlated(folded, signs, d) for d in range(signs.shape[1])]) / norm(folded)


@mutant(
    task="correlation_z",
    name="shift 0 alone",
    hint="A copy may begin anywhere in the pattern. Which shifts does the detector have to try?",
)
def no_shift(folded: Array, signs: Array) -> Array:
    return np.full(signs.shape[1], correlated(folded, signs, 0) / norm(folded))


@mutant(
    task="correlation_z",
    name="divided by the number of tiles",
    hint="Multiply R by 10. The chance of a false alarm is the same, so z must be, too. What has to be divided out?",
)
def per_tile(folded: Array, signs: Array) -> Array:
    return np.array([correlated(folded, signs, -d) for d in range(signs.shape[1])]) / folded.size


@mutant(
    task="correlation_z",
    name="not divided at all",
    hint="Multiply R by 10. The chance of a false alarm is the same, so z must be the same.",
)
def undivided(folded: Array, signs: Array) -> Array:
    return np.array([correlated(folded, signs, -d) for d in range(signs.shape[1])])


@mutant(
    task="correlation_z",
    name="bands shifted instead of blocks",
    hint="A copy that begins late is shifted in time. Which axis is time?",
)
def bands_shifted(folded: Array, signs: Array) -> Array:
    return np.array([correlated(folded, signs, -d, axis=0) for d in range(signs.shape[1])]) / norm(folded)


@mutant(
    task="correlation_z",
    name="zeros shifted in at the end",
    hint="The pattern repeats: what comes after its last block?",
)
def zeros_shifted_in(folded: Array, signs: Array) -> Array:
    blocks = signs.shape[1]
    padded = np.pad(signs, ((0, 0), (0, blocks)))
    return np.array([np.sum(padded[:, d : d + blocks] * folded) for d in range(blocks)]) / norm(folded)


@mutant(
    task="correlation_z",
    name="0 / 0 where R is 0 throughout",
    hint="What is 0 / 0 in NumPy, and is NaN larger than a threshold?",
)
def nothing_by_nothing(folded: Array, signs: Array) -> Array:
    with np.errstate(all="ignore"):
        products = np.array([correlated(folded, signs, -d) for d in range(signs.shape[1])])
        return products / np.sqrt(np.sum(folded**2))


@mutant(
    task="correlation_z",
    name="signs rolled without an axis",
    hint="Without an axis, np.roll moves the array as one long row. In which band does the first sign of band 1 land?",
)
def rolled_as_one_row(folded: Array, signs: Array) -> Array:
    return np.array([np.sum(np.roll(signs, -d) * folded) for d in range(signs.shape[1])]) / norm(folded)


@mutant(
    task="correlation_z",
    name="a division by Σ R² without the root",
    hint="Multiply R by 10: the sum above grows ten times. How many times does what you divide by?",
)
def root_forgotten(folded: Array, signs: Array) -> Array:
    return np.array([correlated(folded, signs, -d) for d in range(signs.shape[1])]) / norm(folded) ** 2


@mutant(
    task="correlation_z",
    name="divided by the sum of magnitudes",
    hint="The sum of many random terms ±a has the spread √(Σ a²), not Σ |a|.",
)
def sum_of_magnitudes(folded: Array, signs: Array) -> Array:
    total = float(np.abs(folded).sum()) or 1.0
    return np.array([correlated(folded, signs, -d) for d in range(signs.shape[1])]) / total


@mutant(
    task="correlation_z",
    name="divided by the standard deviation of the tiles",
    hint="z is the sum of all N tiles. How much larger is the spread of a sum than that of one tile?",
)
def spread_of_one(folded: Array, signs: Array) -> Array:
    spread = float(folded.std()) or 1.0
    return np.array([correlated(folded, signs, -d) for d in range(signs.shape[1])]) / spread


# ---------------------------------------------------------------- 3e.3 equal error rate


def error_rates(scores: Array, synthetic: Array) -> tuple[Array, Array]:
    """Of every threshold: synthetic examples below it, natural ones at or above it."""
    thresholds = np.append(np.unique(scores), np.inf)[:, None]
    return (scores[synthetic] < thresholds).mean(axis=1), (scores[~synthetic] >= thresholds).mean(axis=1)


@mutant(
    task="equal_error_rate",
    name="one fixed threshold",
    hint="Add 50 to all scores: the detector is as good as before. Is your result the same?",
)
def at_zero(scores: Array, synthetic: Array) -> float:
    return float(np.mean((scores > 0) != synthetic))


@mutant(
    task="equal_error_rate",
    name="the smallest sum of both rates, halved",
    hint="The sum is smallest where one rate may be 0 and the other large. Which of the two must be small?",
)
def half_the_sum(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(scores, synthetic)
    return float(np.min(missed + accused) / 2)


@mutant(
    task="equal_error_rate",
    name="both rates divided by all examples",
    hint="A hundred natural examples and one synthetic: what share of the synthetic ones is missed if that one is?",
)
def common_denominator(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(scores, synthetic)
    return float(np.min(np.maximum(missed * synthetic.sum(), accused * (~synthetic).sum())) / scores.size)


@mutant(
    task="equal_error_rate",
    name="scores read as higher for natural speech",
    hint="High scores mean synthetic. On which side of the threshold is a synthetic example missed?",
)
def sign_swapped(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(-scores, synthetic)
    return float(np.min(np.maximum(missed, accused)))


@mutant(
    task="equal_error_rate",
    name="the smallest share of wrong decisions",
    hint="Say 'natural' to everything where one example in a hundred is synthetic: 1 % wrong. How many are missed?",
)
def fewest_wrong(scores: Array, synthetic: Array) -> float:
    thresholds = np.append(np.unique(scores), np.inf)[:, None]
    return float(((scores >= thresholds) != synthetic).mean(axis=1).min())


@mutant(
    task="equal_error_rate",
    name="the smaller of the two rates",
    hint="A threshold above all scores accuses no one, so the smaller rate is 0. Which rate does that hide?",
)
def smaller(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(scores, synthetic)
    return float(np.min(np.minimum(missed, accused)))


@mutant(
    task="equal_error_rate",
    name="the mean of the two rates where they are nearest",
    hint="Where the two do not meet exactly, which of them does the formula take?",
)
def mean_where_nearest(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(scores, synthetic)
    best = np.argmin(np.abs(missed - accused))
    return float((missed[best] + accused[best]) / 2)


@mutant(
    task="equal_error_rate",
    name="the larger rate where the two are nearest",
    hint="At another threshold the rates may be further apart, and the larger one smaller. Which is the EER?",
)
def larger_where_nearest(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(scores, synthetic)
    best = np.argmin(np.abs(missed - accused))
    return float(max(missed[best], accused[best]))


@mutant(
    task="equal_error_rate",
    name="rates interpolated between two thresholds",
    hint="Equal scores are decided alike, so some rates cannot be had. Is there a threshold that gives yours?",
)
def interpolated(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(scores, synthetic)
    after = int(np.argmax(missed >= accused))
    before = after - 1
    gaps = accused[before] - missed[before], missed[after] - accused[after]
    return float(missed[before] + gaps[0] / (gaps[0] + gaps[1]) * (missed[after] - missed[before]))


@mutant(
    task="equal_error_rate",
    name="a hundred thresholds at equal distances",
    hint="One score of a million, all others below 1: how many of your thresholds lie between those?",
)
def on_a_grid(scores: Array, synthetic: Array) -> float:
    thresholds = np.linspace(scores.min(), scores.max(), 100)[:, None]
    missed, accused = (scores[synthetic] < thresholds).mean(axis=1), (scores[~synthetic] >= thresholds).mean(axis=1)
    return float(np.min(np.maximum(missed, accused)))


@mutant(
    task="equal_error_rate",
    name="a rate that is turned round above one half",
    hint="A detector that is wrong in 90 % of its decisions has an error rate of 90 %, even if its opposite is good.",
)
def folded_at_half(scores: Array, synthetic: Array) -> float:
    missed, accused = error_rates(scores, synthetic)
    rate = float(np.min(np.maximum(missed, accused)))
    return min(rate, 1 - rate)
