"""Checks of the chapter on cloning and its misuse."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Student, check, expect, expect_close

# 3e.1 nearest_share -------------------------------------------------------------------------------------------------


def counted(clones: np.ndarray, targets: np.ndarray, others: np.ndarray) -> float:
    """Clone by clone: an independent way."""

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b)))

    wins = [
        all(cosine(clone, target) > cosine(clone, other) for other in others)
        for clone, target in zip(clones, targets, strict=True)
    ]
    return sum(wins) / len(wins)


def voices(rng: np.random.Generator, count: int, size: int = 6) -> np.ndarray:
    """Draw vectors of different lengths, 0.2 to 5."""
    vectors = rng.normal(size=(count, size))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) * np.exp(rng.uniform(-1.6, 1.6, (count, 1)))


@check(task="nearest_share", label="copies of the targets are all nearest, copies of the other voices never")
def copies(student: Student, rng: np.random.Generator) -> None:
    everyone = voices(rng, 9)
    targets, others = everyone[:5], everyone[5:]
    expect_close(student.call("nearest_share", targets * 1.0, targets, others), 1.0, atol=1e-9)
    expect_close(student.call("nearest_share", others * 1.0, targets[:4], others), 0.0, atol=1e-9)


@check(task="nearest_share", label="the share of a mixture of near and far clones, in steps of 1 / clones")
def mixture(student: Student, rng: np.random.Generator) -> None:
    for count, strangers in ((7, 4), (4, 10), (40, 6)):
        targets, others = voices(rng, count), voices(rng, strangers)
        clones = targets + rng.normal(0, 0.8, targets.shape) * np.linalg.norm(targets, axis=1, keepdims=True)
        right = counted(clones, targets, others)
        expect_close(student.call("nearest_share", clones, targets, others), right, atol=1e-9)


@check(task="nearest_share", label="only directions count: a long vector is not nearer")
def lengths(student: Student, rng: np.random.Generator) -> None:
    targets, others = voices(rng, 6), voices(rng, 5)
    clones = targets + rng.normal(0, 0.6, targets.shape) * np.linalg.norm(targets, axis=1, keepdims=True)
    right = counted(clones, targets, others)
    for scales in (np.geomspace(0.01, 100, 5)[:, None], np.geomspace(100, 0.01, 5)[:, None]):
        expect_close(student.call("nearest_share", clones, targets, others * scales), right, atol=1e-9)
    expect_close(student.call("nearest_share", clones, targets * 1e-3, others), right, atol=1e-9)
    expect_close(student.call("nearest_share", clones * 1e3, targets, others), right, atol=1e-9)


@check(task="nearest_share", label="one single other voice that is nearer is enough to lose")
def one_rival(student: Student, rng: np.random.Generator) -> None:
    clones = np.eye(5)[: int(rng.integers(2, 4))]
    targets = clones + 0.5  # cosine 0.87 at most
    rivals = np.concatenate([-np.ones((6, 5)), clones[:1] + 0.1])
    order = rng.permutation(len(rivals))
    right = 1 - 1 / len(clones)
    expect_close(student.call("nearest_share", clones, targets, rivals[order]), right, atol=1e-9)


@check(task="nearest_share", label="a tie is not a win")
def tie(student: Student, rng: np.random.Generator) -> None:
    clones = np.eye(4) * rng.integers(1, 5)
    targets = np.eye(4) * rng.integers(1, 5)
    expect_close(student.call("nearest_share", clones, targets, np.eye(4)[:2]), 0.5, atol=1e-9)


# 3e.2 correlation_z -------------------------------------------------------------------------------------------------


def signs_of(rng: np.random.Generator, bands: int, blocks: int) -> np.ndarray:
    return rng.choice([-1.0, 1.0], size=(bands, blocks))


def summed(folded: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """The double sum, term by term."""
    bands, blocks = folded.shape
    z = np.zeros(blocks)
    for d in range(blocks):
        for b in range(bands):
            for p in range(blocks):
                z[d] += signs[b, (p + d) % blocks] * folded[b, p]
    return z / (np.sqrt(np.sum(folded**2)) or 1.0)


def expect_z(student: Student, folded: np.ndarray, signs: np.ndarray) -> None:
    got = student.call("correlation_z", folded, signs)
    expect(not np.iscomplexobj(got), "You return complex numbers; z is real. What is left of a number without .imag?")
    expect_close(got, summed(folded, signs), atol=1e-6, axis="shift")


@check(task="correlation_z", label="the signs themselves give the root of the number of tiles, at shift 0")
def own_signs(student: Student, rng: np.random.Generator) -> None:
    signs = signs_of(rng, int(rng.integers(6, 12)), 8)
    expect_z(student, signs * 1.0, signs)


@check(task="correlation_z", label="a recording that begins d blocks late has its largest z at shift d")
def late(student: Student, rng: np.random.Generator) -> None:
    signs = signs_of(rng, 9, 7)
    d = int(rng.integers(1, 3))
    expect_z(student, np.roll(signs, -d, axis=1) + rng.normal(0, 0.5, signs.shape), signs)


@check(task="correlation_z", label="the pattern goes round in a circle: block 0 comes after the last")
def circle(student: Student, rng: np.random.Generator) -> None:
    signs = signs_of(rng, 3, 5)
    expect_z(student, rng.normal(size=(3, 5)), signs)


@check(task="correlation_z", label="louder evidence changes nothing: z has no unit")
def scale(student: Student, rng: np.random.Generator) -> None:
    signs, folded = signs_of(rng, 5, 6), rng.normal(size=(5, 6))
    for factor in (1e-3, 40.0):
        expect_z(student, factor * folded, signs)


@check(task="correlation_z", label="one strong tile counts in the norm as in the sum")
def one_tile(student: Student, rng: np.random.Generator) -> None:
    signs, folded = signs_of(rng, 4, 6), rng.normal(0, 0.1, (4, 6))
    folded[2, int(rng.integers(6))] = 20.0
    expect_z(student, folded, signs)


@check(task="correlation_z", label="where R is 0 throughout, z is 0, not NaN; one silent block alone makes no z 0")
def nothing(student: Student, rng: np.random.Generator) -> None:
    expect_z(student, np.zeros((4, 5)), signs_of(rng, 4, 5))
    silent_block = rng.normal(size=(4, 5))
    silent_block[:, int(rng.integers(5))] = 0.0
    expect_z(student, silent_block, signs_of(rng, 4, 5))


# 3e.3 equal_error_rate ----------------------------------------------------------------------------------------------


def swept(scores: np.ndarray, synthetic: np.ndarray) -> float:
    """Every threshold, one by one."""
    rates = []
    for threshold in [*scores.tolist(), np.inf]:
        missed = np.mean(scores[synthetic] < threshold)
        accused = np.mean(scores[~synthetic] >= threshold)
        rates.append(max(missed, accused))
    return float(min(rates))


def expect_rate(student: Student, scores: np.ndarray, synthetic: np.ndarray) -> None:
    expect_close(student.call("equal_error_rate", scores, synthetic), swept(scores, synthetic), atol=1e-9)


@check(task="equal_error_rate", label="classes that a threshold separates have the rate 0, wherever the threshold is")
def separable(student: Student, rng: np.random.Generator) -> None:
    for offset in (-50.0, 0.3, 50.0):
        scores = np.concatenate([rng.uniform(-1, 0, 6), rng.uniform(0.1, 1, 9)]) + offset
        synthetic = np.arange(15) >= 6
        order = rng.permutation(15)
        expect_rate(student, scores[order], synthetic[order])


@check(task="equal_error_rate", label="the example of the text: one of two is wrong on either side")
def example(student: Student, rng: np.random.Generator) -> None:
    del rng
    expect_rate(student, np.array([0.1, 0.6, 0.4, 0.9]), np.array([False, False, True, True]))


@check(task="equal_error_rate", label="overlapping classes, as many of one as of the other")
def overlapping(student: Student, rng: np.random.Generator) -> None:
    for count in (20, 101):
        scores = np.concatenate([rng.normal(0, 1, count), rng.normal(1.5, 1, count)])
        expect_rate(student, scores, np.arange(2 * count) >= count)


@check(task="equal_error_rate", label="where the two rates never meet exactly, the smallest of the larger ones counts")
def larger_of_the_two(student: Student, rng: np.random.Generator) -> None:
    scores = np.concatenate([rng.normal(0, 1, 3), rng.normal(0.5, 1, 7)])
    expect_rate(student, scores, np.arange(10) >= 3)
    expect_rate(student, np.array([1.0, 2.0, 0.0, 3.0, 4.0]), np.array([False, False, True, True, True]))
    natural, synthetic = [0.0, 10.0, 20.0], [1.0, 2.0, 3.0, 4.0, 5.0, 11.0, 12.0, 13.0, 14.0]
    scores = np.array(natural + synthetic)  # nearest at 10, with 5/9 and 2/3; at 11 they are 5/9 and 1/3
    expect_rate(student, scores, np.arange(12) >= 3)


@check(
    task="equal_error_rate", label="few synthetic examples among many natural ones: each rate has its own denominator"
)
def unbalanced(student: Student, rng: np.random.Generator) -> None:
    for few, many in ((8, 150), (150, 8)):
        scores = np.concatenate([rng.normal(0, 1, many), rng.normal(1, 1, few)])
        expect_rate(student, scores, np.arange(few + many) >= many)


@check(task="equal_error_rate", label="a score equal to the threshold counts as synthetic; equal scores stay together")
def ties(student: Student, rng: np.random.Generator) -> None:
    expect_rate(student, rng.integers(0, 4, 30).astype(float), np.arange(30) % 2 == 0)
    for synthetic in (np.arange(8) < 4, np.arange(8) >= 4):
        expect_rate(student, np.full(8, 2.5), synthetic)


@check(task="equal_error_rate", label="only the order of the scores counts: stretched scores have the same rate")
def stretched(student: Student, rng: np.random.Generator) -> None:
    scores = np.concatenate([rng.normal(0, 1, 25), rng.normal(1, 1, 25)])
    expect_rate(student, np.exp(5 * scores), np.arange(50) >= 25)


@check(task="equal_error_rate", label="scores of the wrong sign have a rate above one half")
def wrong_sign(student: Student, rng: np.random.Generator) -> None:
    scores = np.concatenate([rng.normal(2, 1, 40), rng.normal(0, 1, 40)])
    expect_rate(student, scores, np.arange(80) >= 40)
    expect_rate(student, np.arange(10.0), np.arange(10) < 5)
