"""Checks of chapter 4e: agreement of raters, the floor of a doubled softmax, concordance."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiocourse.learn.checking.authoring import Student, check, expect, expect_close, kind_of

Array = np.ndarray


def number(student: Student, task: str, *arguments: Any) -> float:
    """Call an answer that returns one number."""
    got = student.call(task, *arguments)
    is_number = isinstance(got, (int, float)) and not isinstance(got, bool)
    is_number = is_number or (isinstance(got, np.ndarray) and got.ndim == 0)
    expect(is_number, f"You return {kind_of(got)}; a number is right.")
    return float(got)


# 4e.1 fleiss_kappa --------------------------------------------------------------------------------------------------


def kappa(counts: Array) -> float:
    raters = counts.sum(axis=1)[0]
    pairs = (np.square(counts).sum(axis=1) - raters) / (raters * (raters - 1))
    chance = np.square(counts.mean(axis=0) / raters).sum()
    return float((pairs.mean() - chance) / (1 - chance))


@check(task="fleiss_kappa", label="full agreement on several classes: κ = 1")
def full_agreement(student: Student, rng: np.random.Generator) -> None:
    raters = int(rng.integers(2, 9))
    counts = raters * np.eye(5, dtype=int)[[*range(4), *rng.integers(4, size=8)]]
    expect_close(number(student, "fleiss_kappa", counts), 1.0, atol=1e-9)


@check(task="fleiss_kappa", label="two raters who always disagree on two classes: κ = −1")
def full_disagreement(student: Student, rng: np.random.Generator) -> None:
    counts = np.ones((int(rng.integers(3, 9)), 2), dtype=int)
    expect_close(number(student, "fleiss_kappa", counts), -1.0, atol=1e-9)


@check(task="fleiss_kappa", label="the example of the text: P = 0.78, P_e = 0.51, κ = 0.55")
def example(student: Student, rng: np.random.Generator) -> None:
    counts = np.array([[3, 0], [0, 3], [2, 1]])[rng.permutation(3)]
    expect_close(number(student, "fleiss_kappa", counts), 0.55, atol=1e-6)


@check(task="fleiss_kappa", label="several raters and classes of any frequency")
def any_ratings(student: Student, rng: np.random.Generator) -> None:
    for spread in (0.3, 1.0, 4.0):
        clips, classes, raters = (int(rng.integers(low, high)) for low, high in ((6, 20), (3, 8), (3, 12)))
        opinions = rng.dirichlet(np.full(classes, spread), size=clips)
        counts = np.stack([rng.multinomial(raters, opinion) for opinion in opinions])
        expect_close(number(student, "fleiss_kappa", counts), kappa(counts), atol=1e-9)


@check(task="fleiss_kappa", label="raters who guess: κ is close to 0, even where one class is very frequent")
def guessing(student: Student, rng: np.random.Generator) -> None:
    counts = rng.multinomial(6, [0.9, 0.06, 0.04], size=3000)
    expect_close(number(student, "fleiss_kappa", counts), kappa(counts), atol=1e-9)


# 4e.2 softmax_floor -------------------------------------------------------------------------------------------------


def softmax(z: Array) -> Array:
    exponentials = np.exp(z - z.max())
    return exponentials / exponentials.sum()


@check(task="softmax_floor", label="the guide's seven emotions: 1.165")
def seven(student: Student, rng: np.random.Generator) -> None:
    del rng
    expect_close(number(student, "softmax_floor", 7), 1.1654, atol=1e-4)


@check(task="softmax_floor", label="two classes: -ln(e / (e + 1)) = 0.313")
def two_classes(student: Student, rng: np.random.Generator) -> None:
    del rng
    expect_close(number(student, "softmax_floor", 2), 0.3133, atol=1e-4)


@check(task="softmax_floor", label="what a perfect network reaches: softmax of (1, 0, …, 0), for any number of classes")
def perfect_network(student: Student, rng: np.random.Generator) -> None:
    for classes in (3, int(rng.integers(4, 30)), 527):
        floor = -np.log(softmax(np.eye(classes)[0])[0])
        expect_close(number(student, "softmax_floor", classes), floor, atol=1e-9)


# 4e.3 concordance_correlation ---------------------------------------------------------------------------------------


def ccc(r: Array, p: Array) -> float:
    covariance = np.cov(r, p, bias=True)
    return float(2 * covariance[0, 1] / (covariance[0, 0] + covariance[1, 1] + (r.mean() - p.mean()) ** 2))


def ratings(rng: np.random.Generator) -> Array:
    return rng.uniform(-1, 1, int(rng.integers(5, 30)))


@check(task="concordance_correlation", label="right predictions: 1, reversed ones around a mean of 0: −1")
def right_and_reversed(student: Student, rng: np.random.Generator) -> None:
    r = ratings(rng)
    r -= r.mean()
    expect_close(number(student, "concordance_correlation", r, r), 1.0, atol=1e-9)
    expect_close(number(student, "concordance_correlation", r, -r), -1.0, atol=1e-9)


@check(task="concordance_correlation", label="predictions that are all moved by a constant")
def moved(student: Student, rng: np.random.Generator) -> None:
    r = ratings(rng)
    for by in (0.5, -1.0):
        expect_close(number(student, "concordance_correlation", r, r + by), ccc(r, r + by), atol=1e-9)


@check(task="concordance_correlation", label="predictions that are too timid or too bold")
def scaled(student: Student, rng: np.random.Generator) -> None:
    r = ratings(rng)
    for by in (0.4, 2.5):
        expect_close(number(student, "concordance_correlation", r, by * r), ccc(r, by * r), atol=1e-9)


@check(task="concordance_correlation", label="noisy predictions, and the same value if both are exchanged")
def noisy(student: Student, rng: np.random.Generator) -> None:
    r = ratings(rng)
    p = 0.7 * r + 0.2 + rng.normal(0, 0.3, r.size)
    expect_close(number(student, "concordance_correlation", r, p), ccc(r, p), atol=1e-9)
    expect_close(number(student, "concordance_correlation", p, r), ccc(r, p), atol=1e-9)


@check(task="concordance_correlation", label="a constant prediction says nothing: 0")
def constant(student: Student, rng: np.random.Generator) -> None:
    r = ratings(rng)
    expect_close(number(student, "concordance_correlation", r, np.full(r.size, 0.25)), 0.0, atol=1e-9)
