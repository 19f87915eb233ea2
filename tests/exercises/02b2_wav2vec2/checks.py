"""Checks of the chapter on attention and self-supervision."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.authoring import Mismatch, Student, check, expect, expect_close

# 2b.3 contrastive_loss ----------------------------------------------------------------------------------------------


def expect_loss(got: object, right: float, about: str) -> None:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    if isinstance(got, bool) or not isinstance(got, (int, float)):
        shape = f" of shape {got.shape}" if isinstance(got, np.ndarray) else ""
        raise Mismatch(got, right, said=f"You return a {type(got).__name__}{shape}; one number, the mean, is right.")
    if not abs(got - right) <= 1e-6 * max(1.0, abs(right)):
        raise Mismatch(got, right, said=f"{about}: you return {got:.4f}; {right:.4f} is right.".replace("-", "−"))


def step_by_step(context: np.ndarray, targets: np.ndarray, distractors: np.ndarray, temperature: float) -> float:
    """The definition, with a loop over the steps and over the choices."""
    losses = []
    for c, q, others in zip(context, targets, distractors.tolist(), strict=True):
        choices = [q, *(targets[j] for j in others if not np.array_equal(targets[j], q))]
        scores = [c @ one / np.linalg.norm(c) / np.linalg.norm(one) / temperature for one in choices]
        losses.append(np.logaddexp.reduce(scores) - scores[0])
    return float(np.mean(losses))


def others_of(rng: np.random.Generator, steps: int, count: int) -> np.ndarray:
    drawn = rng.integers(0, steps - 1, (steps, count))
    return drawn + (drawn >= np.arange(steps)[:, None])


@check(task="contrastive_loss", label="who cannot tell four choices apart pays ln 4")
def a_guess(student: Student, rng: np.random.Generator) -> None:
    targets = np.eye(6)[rng.permutation(6)]
    got = student.call(
        "contrastive_loss", np.ones((6, 6)), targets, np.array([[1, 2, 3]] * 1 + [[0, 4, 5]] * 3 + [[1, 2, 3]] * 2)
    )
    expect_loss(got, float(np.log(4)), "Context equally like all targets, three distractors")


@check(task="contrastive_loss", label="a context that points to its target pays little, one that points elsewhere much")
def right_and_wrong(student: Student, rng: np.random.Generator) -> None:
    targets, other = np.eye(4), np.roll(np.arange(4), 1)[:, None]
    for context, about in (
        (targets, "Context equal to the targets"),
        (targets[other[:, 0]], "Context equal to the distractors"),
    ):
        got = student.call("contrastive_loss", context, targets, other, temperature=0.5)
        expect_loss(got, step_by_step(context, targets, other, 0.5), about)


@check(task="contrastive_loss", label="only directions count: the loss does not change with the lengths of the vectors")
def only_directions(student: Student, rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 7, 5))
    others = others_of(rng, 7, 3)
    right = step_by_step(context, targets, others, 0.1)
    lengths = rng.uniform(0.2, 5, (2, 7, 1))
    got = student.call("contrastive_loss", lengths[0] * context, lengths[1] * targets, others)
    expect_loss(got, right, "Vectors of many lengths")


@check(task="contrastive_loss", label="a distractor that equals the target is left out")
def equal_distractors(student: Student, rng: np.random.Generator) -> None:
    words = rng.normal(size=(3, 4))
    targets = words[[0, 1, 0, 2, 0, 1]]
    context, others = targets + rng.normal(0, 0.5, targets.shape), others_of(rng, 6, 5)
    others[0] = [2, 4, 1, 3, 2]
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "Six steps that share three codewords")
    alone = student.call("contrastive_loss", context[:3], np.tile(words[0], (3, 1)), np.array([[1], [2], [0]]))
    expect_loss(alone, 0.0, "Three steps with the same codeword: no choice is left")


@check(task="contrastive_loss", label="the temperature divides the similarities; it is 0.1 where none is given")
def temperatures(student: Student, rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 6, 4))
    others = others_of(rng, 6, 3)
    for temperature in (0.1, 1.0, 3.0):
        options = {} if temperature == 0.1 else {"temperature": temperature}
        got = student.call("contrastive_loss", context, targets, others, **options)
        expect_loss(got, step_by_step(context, targets, others, temperature), f"Temperature {temperature}")


@check(task="contrastive_loss", label="a temperature near 0 gives a number all the same")
def cold(student: Student, rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 5, 4))
    others = others_of(rng, 5, 2)
    got = student.call("contrastive_loss", context, targets, others, temperature=1e-4)
    expect_loss(got, step_by_step(context, targets, others, 1e-4), "Temperature 0.0001")


@check(task="contrastive_loss", label="many steps, many distractors")
def many(student: Student, rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 40, 8))
    others = others_of(rng, 40, 12)
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "40 steps, 12 distractors")
