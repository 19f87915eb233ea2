"""Checks of the chapter on wav2vec 2.0."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, kind_of

# 2d.1 hide_spans ----------------------------------------------------------------------------------------------------


def marks(mask: np.ndarray) -> str:
    """Write a mask with a block for a hidden frame and a dot for a seen one."""
    return "".join("█" if hidden else "·" for hidden in mask)


def expect_hidden(student: Student, starts: list[int], span: int, frames: int) -> None:
    """Compare one mask, frame by frame, and show both."""
    right = np.zeros(frames, dtype=bool)
    for start in starts:
        for t in range(start, min(start + span, frames)):
            right[t] = True
    got = student.call("hide_spans", np.array(starts, dtype=int), span, frames)
    if not isinstance(got, np.ndarray) or got.dtype != bool:
        raise Mismatch(got, right, message=f"You return {kind_of(got)}; an array of yes and no (dtype bool) is right.")
    given = f"Starts {starts}, span {span}, {frames} frames"
    expect(got.shape == right.shape, f"{given}: you return shape {got.shape}; {right.shape} is right.")
    if not np.array_equal(got, right):
        first = int(np.argmax(got != right))
        what = "hidden" if right[first] else "seen"
        message = f"{given}: your mask is {marks(got)}; {marks(right)} is right. Frame {first} should be {what}."
        raise Mismatch(got, right, message=message)


@check(task="hide_spans", label="a span hides exactly its number of frames from its start on")
def single_span(student: Student, rng: np.random.Generator) -> None:
    expect_hidden(student, [int(rng.integers(2, 5))], int(rng.integers(3, 6)), 12)
    expect_hidden(student, [0], 3, 8)


@check(task="hide_spans", label="each start has its span, in any order")
def several_spans(student: Student, rng: np.random.Generator) -> None:
    first = int(rng.integers(1, 3))
    expect_hidden(student, [first + 10, first, first + 5], 3, 20)


@check(task="hide_spans", label="where spans overlap, a frame is hidden once and stays hidden")
def overlapping(student: Student, rng: np.random.Generator) -> None:
    first = int(rng.integers(1, 4))
    expect_hidden(student, [first, first + 2], 4, 14)
    expect_hidden(student, [first + 1, first, first + 2, first + 3], 4, 14)


@check(task="hide_spans", label="a span that would reach beyond the last frame ends there")
def at_the_end(student: Student, rng: np.random.Generator) -> None:
    frames = int(rng.integers(14, 18))
    expect_hidden(student, [frames - 6], 4, frames)
    expect_hidden(student, [1, frames - 2, 2], 5, frames)
    expect_hidden(student, [frames - 1], 3, frames)
    expect_hidden(student, [0], 9, 4)


@check(task="hide_spans", label="a span may be a single frame")
def single_frames(student: Student, rng: np.random.Generator) -> None:
    expect_hidden(student, rng.choice(10, 4, replace=False).tolist(), 1, 10)


@check(task="hide_spans", label="without a start nothing is hidden")
def no_start(student: Student, rng: np.random.Generator) -> None:
    first = int(rng.integers(1, 4))
    expect_hidden(student, [first, first + 4], 2, 9)
    expect_hidden(student, [], 3, 7)


@check(task="hide_spans", label="many spans in a long recording")
def many_spans(student: Student, rng: np.random.Generator) -> None:
    expect_hidden(student, rng.choice(26, 4, replace=False).tolist(), 5, 30)
    expect_hidden(student, rng.choice(60, 7, replace=False).tolist(), 5, 60)


# 2d.2 contrastive_loss ----------------------------------------------------------------------------------------------


def expect_loss(got: object, right: float, about: str) -> None:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    if isinstance(got, bool) or not isinstance(got, (int, float)):
        shape = f" of shape {got.shape}" if isinstance(got, np.ndarray) else ""
        kind = f"{kind_of(got)}{shape}"
        raise Mismatch(got, right, message=f"You return {kind}; one number, the mean, is right.")
    if not abs(got - right) <= 1e-6 * max(1.0, abs(right)):
        raise Mismatch(got, right, message=f"{about}: you return {got:.4f}; {right:.4f} is right.".replace("-", "−"))


def step_by_step(context: np.ndarray, targets: np.ndarray, distractors: np.ndarray, temperature: float) -> float:
    """The definition, with a loop over the steps and over the choices."""
    losses = []
    for c, q, others in zip(context, targets, distractors.tolist(), strict=True):
        choices = [q, *(targets[j] for j in others if not np.array_equal(targets[j], q))]
        scores = [c @ one / np.linalg.norm(c) / np.linalg.norm(one) / temperature for one in choices]
        losses.append(np.logaddexp.reduce(scores) - scores[0])
    return float(np.mean(losses))


def others_of(rng: np.random.Generator, steps: int, count: int) -> np.ndarray:
    """Draw for each step other steps, each at most once."""
    drawn = np.stack([rng.permutation(steps - 1)[:count] for _ in range(steps)])
    return drawn + (drawn >= np.arange(steps)[:, None])


@check(task="contrastive_loss", label="a guess among four choices costs ln 4")
def a_guess(student: Student, rng: np.random.Generator) -> None:
    targets = np.eye(6)[rng.permutation(6)]
    got = student.call(
        "contrastive_loss", np.ones((6, 6)), targets, np.array([[1, 2, 3]] * 1 + [[0, 4, 5]] * 3 + [[1, 2, 3]] * 2)
    )
    expect_loss(got, float(np.log(4)), "Context equally similar to all targets, three distractors")


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
    others[1] = [5, 0, 3, 2, 3]
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "Six steps that share three codewords")
    others[2] = [0, 4, 0, 4, 0]  # nothing is left for step 2
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "Six steps, one of them without any other choice")
    alone = student.call("contrastive_loss", context[:3], np.tile(words[0], (3, 1)), np.array([[1], [2], [0]]))
    expect_loss(alone, 0.0, "Three steps with the same codeword: no choice is left")


@check(
    task="contrastive_loss",
    label="equal means equal in every number: the same direction, or a number in common, is not enough",
)
def nearly_equal_distractors(student: Student, rng: np.random.Generator) -> None:
    targets = rng.normal(size=(6, 4))
    targets[5] = targets[2]
    context, others = targets + rng.normal(0, 0.5, targets.shape), others_of(rng, 6, 4)
    others[2, 0] = 5
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "Two steps share a codeword")
    targets[3, 1] = targets[0, 1]  # one number of four in common
    others[0, 0], others[3, 0] = 3, 0
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "Two targets with one number in common")
    targets[4] = 2 * targets[1]  # another codeword, of the same direction
    others[1, 0], others[4, 0] = 4, 1
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "One target is twice as long as another")


@check(task="contrastive_loss", label="a distractor that differs a little from the target is another codeword")
def nearly_equal(student: Student, rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 4, 6))
    targets[1] = targets[0] * (1 + 1e-7)
    others = np.array([[1, 2], [0, 3], [0, 1], [1, 2]])
    got = student.call("contrastive_loss", context, targets, others)
    expect_loss(got, step_by_step(context, targets, others, 0.1), "Targets 0 and 1 differ by a ten-millionth")


@check(task="contrastive_loss", label="a distractor that is listed twice counts twice")
def listed_twice(student: Student, rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 5, 4))
    once = np.array([[1, 2], [0, 2], [0, 4], [4, 1], [3, 2]])
    got = student.call("contrastive_loss", context, targets, once)
    expect_loss(got, step_by_step(context, targets, once, 0.1), "Two distractors per step")
    twice = np.concatenate([once, once[:, :1]], axis=1)
    got = student.call("contrastive_loss", context, targets, twice)
    expect_loss(got, step_by_step(context, targets, twice, 0.1), "Two distractors per step, the first listed twice")


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
