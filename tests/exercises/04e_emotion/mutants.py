"""Wrong answers to chapter 4e that people give, each with the hint that it gets."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array = np.ndarray


# ---------------------------------------------------------------- 4e.1 agreement


def _agreement(counts: Array) -> float:
    raters = counts.sum(axis=1, keepdims=True)
    return float(np.mean(np.sum(counts * (counts - 1) / (raters * (raters - 1)), axis=1)))


def _corrected(agreement: float, chance: float) -> float:
    return float((agreement - chance) / (1 - chance))


def _chance(counts: Array) -> float:
    return float(np.sum((counts.sum(axis=0) / counts.sum()) ** 2))


@mutant(
    task="fleiss_kappa",
    name="agreement without the correction for chance",
    hint="If 90 % of all ratings are neutral, two raters who guess often agree. What do you return for them?",
)
def raw_agreement(counts: Array) -> float:
    return _agreement(counts)


@mutant(
    task="fleiss_kappa",
    name="chance taken as one over the number of classes",
    hint="1/C is the chance of agreeing if all classes are equally frequent. How often is each class chosen here?",
)
def uniform_chance(counts: Array) -> float:
    return _corrected(_agreement(counts), 1 / counts.shape[1])


@mutant(
    task="fleiss_kappa",
    name="a rater paired with themselves",
    hint="Three raters make three pairs. n² / R² also pairs every rater with themselves, who always agrees.",
)
def paired_with_oneself(counts: Array) -> float:
    raters = counts.sum(axis=1, keepdims=True)
    return _corrected(float(np.mean(np.sum((counts / raters) ** 2, axis=1))), _chance(counts))


@mutant(
    task="fleiss_kappa",
    name="share of the majority instead of pairs that agree",
    hint="With votes 2, 1, 0 the majority has 2 of 3, but how many of the three pairs of raters agree?",
)
def majority(counts: Array) -> float:
    return _corrected(float(np.mean(counts.max(axis=1) / counts.sum(axis=1))), _chance(counts))


@mutant(
    task="fleiss_kappa",
    name="not divided by what is left above chance",
    hint="You subtract the agreement by chance. What would your measure return for full agreement?",
)
def not_scaled(counts: Array) -> float:
    return _agreement(counts) - _chance(counts)


@mutant(
    task="fleiss_kappa",
    name="chance computed clip by clip",
    hint="P_e is about raters who have not listened: it uses the shares of the classes over all clips, not in one.",
)
def chance_by_clip(counts: Array) -> float:
    shares = counts / counts.sum(axis=1, keepdims=True)
    return _corrected(_agreement(counts), float(np.mean(np.sum(shares**2, axis=1))) - 1e-12)


# ---------------------------------------------------------------- 4e.2 the floor


@mutant(
    task="softmax_floor",
    name="the loss of a network that guesses",
    hint="ln C is the loss where all classes get the same probability. Here the network is certain, and right.",
)
def guessing(classes: int) -> float:
    return float(np.log(classes))


@mutant(
    task="softmax_floor",
    name="no floor",
    hint="The network returns (1, 0, …, 0). The loss takes these for logits: what is the softmax of them?",
)
def none(classes: int) -> float:
    return 0.0 * classes


@mutant(
    task="softmax_floor",
    name="the wrong classes forgotten",
    hint="A logit of 0 is not a probability of 0. How large is e⁰, and how many classes have it?",
)
def zeros_forgotten(classes: int) -> float:
    return float(np.log(np.e + 1) - 1) + 0 * classes


@mutant(
    task="softmax_floor",
    name="all classes counted as wrong ones",
    hint="Of C classes, one is right: how many have the logit 0?",
)
def one_too_many(classes: int) -> float:
    return float(np.log(np.e + classes) - 1)


@mutant(
    task="softmax_floor",
    name="logarithm to the base 2",
    hint="Your floor is right in bits. The loss of PyTorch is in nats, with the natural logarithm.",
)
def in_bits(classes: int) -> float:
    return float((np.log(np.e + classes - 1) - 1) / np.log(2))


@mutant(
    task="softmax_floor",
    name="a probability instead of its loss",
    hint="e / (e + C − 1) is the probability of the right class. What is the cross-entropy of it?",
)
def probability(classes: int) -> float:
    return float(np.e / (np.e + classes - 1))


@mutant(
    task="softmax_floor",
    name="the sign lost",
    hint="A probability is below 1, so its logarithm is negative. Is a loss negative?",
)
def negative(classes: int) -> float:
    return float(1 - np.log(np.e + classes - 1))


# ---------------------------------------------------------------- 4e.3 concordance


@mutant(
    task="concordance_correlation",
    name="Pearson's correlation",
    hint="Double all predictions, or add 1 to them. Does your measure notice?",
)
def pearson(r: Array, p: Array) -> float:
    deviation = r.std() * p.std()
    return float(np.mean((r - r.mean()) * (p - p.mean())) / deviation) if deviation else 0.0


@mutant(
    task="concordance_correlation",
    name="the difference of the means forgotten",
    hint="A network that rates everything 0.5 too high has the right shape and scale. What should it lose?",
)
def means_forgotten(r: Array, p: Array) -> float:
    return float(2 * np.mean((r - r.mean()) * (p - p.mean())) / (r.var() + p.var()))


@mutant(
    task="concordance_correlation",
    name="the difference of the means not squared",
    hint="Variances are squares. Which power of the difference of the means can be added to them?",
)
def not_squared(r: Array, p: Array) -> float:
    covariance = np.mean((r - r.mean()) * (p - p.mean()))
    return float(2 * covariance / (r.var() + p.var() + abs(r.mean() - p.mean())))


@mutant(
    task="concordance_correlation",
    name="deviations instead of variances",
    hint="What does your measure return for predictions that are all right? The denominator is one of variances.",
)
def deviations(r: Array, p: Array) -> float:
    covariance = np.mean((r - r.mean()) * (p - p.mean()))
    return float(2 * covariance / (r.std() + p.std() + (r.mean() - p.mean()) ** 2))


@mutant(
    task="concordance_correlation",
    name="the factor 2 forgotten",
    hint="If r = p, the denominator is twice the variance. What is your measure then?",
)
def half(r: Array, p: Array) -> float:
    covariance = np.mean((r - r.mean()) * (p - p.mean()))
    return float(covariance / (r.var() + p.var() + (r.mean() - p.mean()) ** 2))


@mutant(
    task="concordance_correlation",
    name="covariance divided by n − 1, variances by n",
    hint="np.cov divides by n − 1, and var by n. With r = p your measure is above 1. Use one divisor.",
)
def mixed_divisors(r: Array, p: Array) -> float:
    return float(2 * np.cov(r, p)[0, 1] / (r.var() + p.var() + (r.mean() - p.mean()) ** 2))


@mutant(
    task="concordance_correlation",
    name="variances and covariance divided by n − 1",
    hint="You divide by n − 1. The docstring defines all three with n: what changes if there are few clips and the "
    "means differ?",
)
def sample_divisors(r: Array, p: Array) -> float:
    covariance = np.cov(r, p)
    return float(2 * covariance[0, 1] / (covariance[0, 0] + covariance[1, 1] + (r.mean() - p.mean()) ** 2))
