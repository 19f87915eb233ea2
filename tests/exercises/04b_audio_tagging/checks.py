"""Checks of chapter 4b: a loss, an augmentation, a measure, a threshold."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import logsumexp

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, kind_of

# 4b.1 cross_entropy -------------------------------------------------------------------------------------------------


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.eye(classes)[labels]


def expect_loss(student: Student, logits: np.ndarray, targets: np.ndarray, right: float) -> None:
    """Require a finite loss, with the usual rounding errors."""
    got = student.call("cross_entropy", logits, targets)
    expect_close(got, right, atol=1e-6 + 1e-9 * abs(right), unit="nats")


@check(task="cross_entropy", label="equal logits say nothing: the loss is the logarithm of the number of classes")
def equal_logits(student: Student, rng: np.random.Generator) -> None:
    classes = int(rng.integers(3, 12))
    logits = np.full((5, classes), float(rng.normal()))
    expect_loss(student, logits, one_hot(rng.integers(classes, size=5), classes), math.log(classes))


@check(task="cross_entropy", label="with two classes, the loss of a clip is ln(1 + exp(−d)), d the lead of its class")
def two_classes(student: Student, rng: np.random.Generator) -> None:
    lead = rng.uniform(-3, 3, 6)
    labels = rng.integers(2, size=6)
    logits = one_hot(labels, 2) * lead[:, None] + rng.normal(size=(6, 1))
    expect_loss(student, logits, one_hot(labels, 2), float(np.mean(np.log1p(np.exp(-lead)))))


@check(task="cross_entropy", label="a confident and right network has a loss of almost 0")
def confident(student: Student, rng: np.random.Generator) -> None:
    classes = int(rng.integers(4, 9))
    targets = one_hot(rng.integers(classes, size=3), classes)
    expect_loss(student, 30 * targets, targets, 0.0)


@check(task="cross_entropy", label="targets that are mixtures of two classes count with both shares")
def mixed_targets(student: Student, rng: np.random.Generator) -> None:
    logits = rng.normal(0, 2, (6, 5))
    share = rng.uniform(0.1, 0.9, (6, 1))
    labels = rng.integers(5, size=6)
    targets = share * one_hot(labels, 5) + (1 - share) * one_hot((labels + 1) % 5, 5)
    log_probabilities = logits - logsumexp(logits, axis=1, keepdims=True)
    expect_loss(student, logits, targets, -float(np.sum(targets * log_probabilities)) / 6)


@check(task="cross_entropy", label="the loss is a mean over the clips: the same batch twice has the same loss")
def mean_over_clips(student: Student, rng: np.random.Generator) -> None:
    logits = rng.normal(0, 2, (3, 4))
    labels = rng.integers(4, size=3)
    right = float(np.mean(logsumexp(logits, axis=1) - logits[np.arange(3), labels]))
    expect_loss(student, logits[:1], one_hot(labels[:1], 4), float(logsumexp(logits[0]) - logits[0, labels[0]]))
    expect_loss(student, np.tile(logits, (2, 1)), one_hot(np.tile(labels, 2), 4), right)


@check(task="cross_entropy", label="a constant added to all logits of a clip changes nothing, however large it is")
def shifted(student: Student, rng: np.random.Generator) -> None:
    logits = rng.normal(0, 2, (4, 5))
    labels = rng.integers(5, size=4)
    right = float(np.mean(logsumexp(logits, axis=1) - logits[np.arange(4), labels]))
    for constants in ([3.0, -2.0, 0.0, 1.0], [0.0, 900.0, -900.0, 5000.0]):
        expect_loss(student, logits + np.array(constants)[:, None], one_hot(labels, 5), right)


@check(task="cross_entropy", label="a confident and wrong network has a large but finite loss")
def far_off(student: Student, rng: np.random.Generator) -> None:
    expect_loss(student, np.array([[0.0, 0.0, 0.0, 900.0]]), one_hot(np.array([1]), 4), 900.0)
    lead = float(rng.uniform(1200, 2000))
    logits = np.array([[0.0, lead, 0.0], [lead, 0.0, -lead]])
    expect_loss(student, logits, one_hot(np.array([0, 2]), 3), (lead + 2 * lead) / 2)


# 4b.2 mixup ---------------------------------------------------------------------------------------------------------


def expect_mixed(
    student: Student, inputs: np.ndarray, targets: np.ndarray, lam: float, permutation: np.ndarray
) -> None:
    """Require both results, the inputs and the targets, each named in the message."""
    got = student.call("mixup", inputs, targets, lam=lam, permutation=permutation)
    expect(
        isinstance(got, (tuple, list)) and len(got) == 2,
        f"You return {kind_of(got)}; a pair is right: mixed inputs, mixed targets.",
    )
    for name, value, original in zip(("inputs", "targets"), got, (inputs, targets), strict=True):
        original = original.astype(np.float64)
        right = np.stack([lam * x + (1 - lam) * original[j] for x, j in zip(original, permutation, strict=True)])
        if not isinstance(value, np.ndarray) or value.shape != right.shape:
            raise Mismatch(
                value, right, message=f"Look at the {name}. You return {kind_of(value)}; shape {right.shape} is right."
            )
        expect(value.dtype.kind == "f", f"Look at the {name}. You return an array of {value.dtype}; floats are right.")
        try:
            expect_close(value, right, atol=1e-5, axis="example")
        except Mismatch as mismatch:
            raise Mismatch(value, right, message=f"Look at the {name}. {mismatch}") from None


def batch_of(rng: np.random.Generator, *shape: int, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """A batch in which neighbours have different classes."""
    labels = (rng.integers(classes) + np.arange(shape[0])) % classes
    return rng.normal(0, 1, shape).astype(np.float32), one_hot(labels, classes)


@check(task="mixup", label="the example of the text: a quarter of the other clip, and a quarter of its label")
def text_example(student: Student, rng: np.random.Generator) -> None:
    expect_mixed(student, np.array([[8.0], [0.0]]), np.eye(2), 0.75, np.array([1, 0]))


@check(task="mixup", label="λ is the share of the clip itself: λ = 1 changes nothing, λ = 0 gives the partners")
def whole_shares(student: Student, rng: np.random.Generator) -> None:
    inputs, targets = batch_of(rng, 4, 6)
    for lam in (1.0, 0.0, 0.9):
        expect_mixed(student, inputs, targets, lam, np.array([1, 2, 3, 0]))


@check(task="mixup", label="the partner of clip i is clip permutation[i]")
def partners(student: Student, rng: np.random.Generator) -> None:
    inputs, targets = batch_of(rng, 5, 3, classes=5)
    expect_mixed(student, inputs, targets, float(rng.uniform(0.2, 0.8)), np.array([3, 0, 4, 1, 2]))


@check(task="mixup", label="a clip that is its own partner stays as it is, target included")
def own_partner(student: Student, rng: np.random.Generator) -> None:
    inputs, targets = batch_of(rng, 4, 3)
    expect_mixed(student, inputs, targets, float(rng.uniform(0.2, 0.8)), np.array([0, 2, 1, 3]))
    expect_mixed(student, inputs[:1], targets[:1], 0.5, np.array([0]))


@check(task="mixup", label="spectrograms are mixed like waveforms, whatever the shape of a clip")
def spectrograms(student: Student, rng: np.random.Generator) -> None:
    inputs, targets = batch_of(rng, 3, 4, 5)
    expect_mixed(student, inputs, targets, float(rng.uniform(0.2, 0.8)), np.array([2, 0, 1]))


@check(task="mixup", label="targets of an integer dtype are mixed to fractions")
def integer_targets(student: Student, rng: np.random.Generator) -> None:
    inputs, targets = batch_of(rng, 4, 3)
    for lam in (float(rng.uniform(0.55, 0.8)), 1.0):
        expect_mixed(student, inputs, targets.astype(np.int64), lam, np.array([1, 2, 3, 0]))


# 4b.3 balanced_accuracy ---------------------------------------------------------------------------------------------


def counted(reference: np.ndarray, predicted: np.ndarray) -> float:
    """Count one by one: an independent way."""
    recalls = []
    for label in sorted(set(reference.tolist())):
        of_class = [p == r for r, p in zip(reference.tolist(), predicted.tolist(), strict=True) if r == label]
        recalls.append(sum(of_class) / len(of_class))
    return sum(recalls) / len(recalls)


def expect_balanced(student: Student, reference: list[int] | np.ndarray, predicted: list[int] | np.ndarray) -> None:
    reference = np.asarray(reference)
    predicted = np.asarray(predicted)
    got = student.call("balanced_accuracy", reference, predicted)
    expect_close(got, counted(reference, predicted), atol=1e-9)


@check(task="balanced_accuracy", label="the example of the text: recalls of 3/4 and 1/2")
def recalls_of_the_text(student: Student, rng: np.random.Generator) -> None:
    order = rng.permutation(6)
    expect_balanced(student, np.array([0, 0, 0, 0, 1, 1])[order], np.array([0, 0, 0, 1, 1, 0])[order])


@check(task="balanced_accuracy", label="a constant answer reaches 1 / classes, whatever the balance")
def constant_answer(student: Student, rng: np.random.Generator) -> None:
    classes = int(rng.integers(2, 6))
    reference = np.repeat(np.arange(classes), rng.integers(1, 30, classes))
    expect_balanced(student, reference, np.full(reference.size, int(rng.integers(classes))))


@check(task="balanced_accuracy", label="more clips of a class, answered like those before, change nothing")
def repeated_class(student: Student, rng: np.random.Generator) -> None:
    reference = np.array([0, 0, 1, 1, 2, 2])
    predicted = np.array([0, 1, 1, 1, 0, 2])
    many = np.append(np.arange(6), np.repeat([0, 1], int(rng.integers(5, 20))))
    expect_balanced(student, reference[many], predicted[many])


@check(task="balanced_accuracy", label="a class that does not occur in the reference does not count, even if predicted")
def absent_class(student: Student, rng: np.random.Generator) -> None:
    expect_balanced(student, [0, 0, 2, 2, 5], [0, 1, 2, 4, 5])
    expect_balanced(student, [3, 3, 7, 7], [3, 7, 7, 9])


@check(task="balanced_accuracy", label="a class that is never predicted counts, with a recall of 0")
def never_predicted(student: Student, rng: np.random.Generator) -> None:
    order = rng.permutation(7)
    expect_balanced(student, np.array([0, 0, 0, 1, 1, 2, 2])[order], np.array([0, 0, 0, 1, 0, 0, 1])[order])


@check(task="balanced_accuracy", label="any clips of any classes: the mean of the recalls")
def any_clips(student: Student, rng: np.random.Generator) -> None:
    reference = rng.choice(6, 300, p=[0.5, 0.2, 0.1, 0.1, 0.05, 0.05])
    predicted = np.where(rng.random(300) < 0.6, reference, rng.integers(6, size=300))
    expect_balanced(student, reference, predicted)


@check(task="balanced_accuracy", label="right everywhere is 1, wrong everywhere 0, even with a single clip")
def ends(student: Student, rng: np.random.Generator) -> None:
    reference = rng.integers(1, 5, 12)
    expect_balanced(student, reference, reference.copy())
    expect_balanced(student, reference, reference + 1)
    expect_balanced(student, [4], [4])


# 4b.4 rejection_threshold -------------------------------------------------------------------------------------------


def expect_threshold(student: Student, values: np.ndarray, keep: float, right: float) -> None:
    """Require the threshold, and say how many clips the answer keeps."""
    got = student.call("rejection_threshold", values, keep=keep)
    try:
        expect_close(got, right, atol=1e-9)
    except Mismatch as mismatch:
        if not isinstance(got, (float, int, np.floating)) or not np.isfinite(got):
            raise
        kept = int(np.sum(values >= got))
        needed = int(np.sum(values >= right))
        raise Mismatch(
            got, right, message=f"{mismatch} Of {values.size} clips {kept} reach yours; {needed} reach the right one."
        ) from None


def spread(rng: np.random.Generator, count: int) -> np.ndarray:
    """Distinct probabilities in random order, sorted downwards by the caller."""
    return rng.permutation(np.linspace(0.2, 0.99, count) + rng.uniform(0, 0.3 / count, count))


@check(task="rejection_threshold", label="the example of the text: three of four clips are kept by 0.8")
def threshold_of_the_text(student: Student, rng: np.random.Generator) -> None:
    expect_threshold(student, rng.permutation(np.array([0.9, 0.5, 0.8, 0.99])), 0.75, 0.8)


@check(task="rejection_threshold", label="to keep all clips, the threshold is the smallest value")
def keep_all(student: Student, rng: np.random.Generator) -> None:
    values = spread(rng, int(rng.integers(5, 20)))
    expect_threshold(student, values, 1.0, float(values.min()))


@check(task="rejection_threshold", label="a share between two numbers of clips is rounded up")
def at_least(student: Student, rng: np.random.Generator) -> None:
    values = spread(rng, 10)
    downwards = sorted(values.tolist(), reverse=True)
    for keep, kept in ((0.76, 8), (0.72, 8), (0.81, 9), (0.55, 6), (0.04, 1)):
        expect_threshold(student, values, keep, downwards[kept - 1])


@check(task="rejection_threshold", label="the threshold is the largest: it keeps no clip more than needed")
def largest(student: Student, rng: np.random.Generator) -> None:
    count = 8 * int(rng.integers(4, 12))
    values = spread(rng, count)
    downwards = sorted(values.tolist(), reverse=True)
    for eighths in (4, 6, 7):
        expect_threshold(student, values, eighths / 8, downwards[eighths * count // 8 - 1])


@check(task="rejection_threshold", label="90 % of 10 clips are 9, of 20 clips 18, and not one more, in floats either")
def nine_in_ten(student: Student, rng: np.random.Generator) -> None:
    for tens in (1, 2, 8):
        values = spread(rng, 10 * tens)
        expect_threshold(student, values, 0.9, sorted(values.tolist())[tens])


@check(task="rejection_threshold", label="clips with equal values are kept together")
def equal_values(student: Student, rng: np.random.Generator) -> None:
    low = float(rng.uniform(0.3, 0.5))
    high = float(rng.uniform(0.7, 0.9))
    values = rng.permutation(np.array([low, low, low, high, high, high, high, 0.95]))
    expect_threshold(student, values, 0.25, high)
    expect_threshold(student, values, 0.5, high)
    expect_threshold(student, values, 0.75, low)


@check(task="rejection_threshold", label="a single development clip gives its own value")
def single_clip(student: Student, rng: np.random.Generator) -> None:
    value = float(rng.uniform(0.3, 0.9))
    expect_threshold(student, np.array([value]), 0.9, value)
