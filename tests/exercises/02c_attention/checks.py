"""Checks of the chapter on attention."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, kind_of

# 2c.1 masked_attention ----------------------------------------------------------------------------------------------


def pointed(student: Student, query: np.ndarray, keys: np.ndarray, values: np.ndarray, lengths: np.ndarray) -> tuple:
    """Call the answer and require a pair of arrays of the right shapes."""
    got = student.call("masked_attention", query, keys, values, lengths)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        raise Mismatch(got, message=f"You return {kind_of(got)}; the pair (context, weights) is right.")
    for name, mine, shape in zip(
        ("context", "weights"), got, ((len(keys), values.shape[2]), keys.shape[:2]), strict=True
    ):
        expect(isinstance(mine, np.ndarray), f"Your {name} is {kind_of(mine)}; an array is right.")
        expect(mine.shape == shape, f"The shape of your {name} is {mine.shape}; {shape} is right.")
    return tuple(got)


def one_by_one(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The definition, utterance by utterance, without anything beyond its end."""
    weights, context = np.zeros(keys.shape[:2]), np.zeros((len(keys), values.shape[2]))
    for b, count in enumerate(lengths.tolist()):
        scores = keys[b, :count] @ query[b] / np.sqrt(query.shape[1])
        likely = np.exp(scores - scores.max())
        weights[b, :count] = likely / likely.sum()
        context[b] = weights[b, :count] @ values[b, :count]
    return context, weights


def material(rng: np.random.Generator, lengths: list[int], units: int = 4, size: int = 3) -> tuple:
    """Draw a batch; beyond the end of an utterance the keys are like the others, the values 0."""
    frames = max(lengths)
    query, keys = rng.normal(0, 1.5, (len(lengths), units)), rng.normal(0, 1.5, (len(lengths), frames, units))
    values = rng.normal(size=(len(lengths), frames, size))
    values[np.arange(frames) >= np.array(lengths)[:, None]] = 0
    return query, keys, values, np.array(lengths)


def expect_pointed(got: tuple, right: tuple[np.ndarray, np.ndarray]) -> None:
    expect_close(got[1], right[1], atol=1e-6, axis="frame", row="utterance", unit="of the weight")
    expect_close(got[0], right[0], atol=1e-6, axis="number", row="utterance")


@check(task="masked_attention", label="frames that are equally like the query share the weight evenly")
def even_weights(student: Student, rng: np.random.Generator) -> None:
    frames = int(rng.integers(3, 7))
    query, _, values, lengths = material(rng, [frames])
    keys = np.tile(rng.normal(size=(1, 1, 4)), (1, frames, 1))
    _, weights = pointed(student, query, keys, values, lengths)
    expect_close(weights, np.full((1, frames), 1 / frames), atol=1e-6, axis="frame", row="utterance")


@check(task="masked_attention", label="a score is the dot product divided by √d")
def scores_are_scaled(student: Student, rng: np.random.Generator) -> None:
    units = int(rng.choice([9, 16, 25]))
    query, keys = np.ones((1, units)), np.full((1, 2, units), rng.uniform(0.1, 0.5))
    keys[0, 0] += np.log(3) / np.sqrt(units)  # q · k / √d is larger by ln 3: three times the weight
    _, weights = pointed(student, query, keys, rng.normal(size=(1, 2, 3)), np.array([2]))
    expect_close(weights, np.array([[0.75, 0.25]]), atol=1e-6, axis="frame", row="utterance")


@check(task="masked_attention", label="the context is the weighted mean of the values")
def weighted_mean(student: Student, rng: np.random.Generator) -> None:
    given = material(rng, [5])
    expect_pointed(pointed(student, *given), one_by_one(*given))


@check(task="masked_attention", label="beyond the end of an utterance all weights are 0, and the others still sum to 1")
def padding_weights(student: Student, rng: np.random.Generator) -> None:
    given = material(rng, [6, int(rng.integers(2, 5)), 2])
    _, weights = pointed(student, *given)
    for b, count in enumerate(given[3].tolist()):
        beyond = float(np.abs(weights[b, count:]).sum())
        message = f"Utterance {b} has {count} frames; {100 * beyond:.2g} % of your weight lies beyond its end."
        expect(beyond < 1e-9, message)
        total = float(weights[b].sum())
        expect(abs(total - 1) < 1e-6, f"Your weights of utterance {b} sum to {total:.4f}; 1 is right.")


@check(task="masked_attention", label="numbers in the padding do not matter, however large")
def padding_content(student: Student, rng: np.random.Generator) -> None:
    query, keys, values, lengths = material(rng, [7, 3])
    right = one_by_one(query, keys, values, lengths)
    for factor in (500, 1e12):
        keys[1, 3:] = factor * query[1]
        expect_pointed(pointed(student, query, keys, values, lengths), right)
    values[1, 3:] = 1e3
    expect_pointed(pointed(student, query, keys, values, lengths), right)


@check(task="masked_attention", label="padding gets no weight even where all scores of the utterance are very low")
def low_scores(student: Student, rng: np.random.Generator) -> None:
    query, keys, values, lengths = material(rng, [6, 3])
    for b in (0, 1):
        keys[b] -= 4e4 * query[b] / (query[b] @ query[b])  # q · k / √d is about −20 000
    keys[1, 3:] = 0
    expect_pointed(pointed(student, query, keys, values, lengths), one_by_one(query, keys, values, lengths))
    given = material(rng, [4, 2, 5])
    expect_pointed(pointed(student, *given), one_by_one(*given))


@check(task="masked_attention", label="each utterance of a batch is treated as if it were alone")
def alone_in_the_batch(student: Student, rng: np.random.Generator) -> None:
    given = material(rng, [4, *rng.permutation([6, 2, 5, 6]).tolist()], units=3, size=2)
    expect_pointed(pointed(student, *given), one_by_one(*given))
    given = material(rng, [3, 1])
    expect_pointed(pointed(student, *given), one_by_one(*given))


@check(task="masked_attention", label="very large and very small scores give numbers all the same")
def large_scores(student: Student, rng: np.random.Generator) -> None:
    query, keys, values, lengths = material(rng, [3, 4])
    keys[0, 3] = query[0]  # padding with the largest score of all
    query = query * np.array([[2e3], [1.0]])
    keys[1] -= 1e4 * query[1] / (query[1] @ query[1])
    expect_pointed(pointed(student, query, keys, values, lengths), one_by_one(query, keys, values, lengths))


# 2c.2 shift_right ---------------------------------------------------------------------------------------------------

NUMBERS = {"sos": 1, "eos": 2, "pad": 0}


def expect_shifted(student: Student, texts: list[list[int]], **special: int) -> None:
    """Compare inputs and targets row by row, and show both rows in the message."""
    special = special or NUMBERS
    longest = max(len(text) for text in texts)
    pad = special["pad"]
    right = (
        [[special["sos"], *text, *[pad] * (longest - len(text))] for text in texts],
        [[*text, special["eos"], *[pad] * (longest - len(text))] for text in texts],
    )
    got = student.call("shift_right", texts, **special)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        raise Mismatch(got, right, message=f"You return {kind_of(got)}; the pair (inputs, targets) is right.")
    given = ", ".join(f"{name} = {number}" for name, number in special.items())
    for name, mine, rows in zip(("inputs", "targets"), got, right, strict=True):
        if not isinstance(mine, np.ndarray) or mine.dtype.kind not in "iu":
            message = f"Your {name} are {kind_of(mine)}; an array (np.ndarray) of whole numbers is right."
            raise Mismatch(mine, rows, message=message)
        shape = (len(texts), longest + 1)
        expect(mine.shape == shape, f"Your {name} have shape {mine.shape}; {shape} is right.")
        for text, line, row in zip(texts, mine.tolist(), rows, strict=True):
            if line != row:
                message = f"Text {text} with {given}: your {name} are {line}; {row} is right."
                raise Mismatch(mine, np.array(rows), message=message)


@check(task="shift_right", label="the inputs begin with sos, the targets end with eos")
def one_text(student: Student, rng: np.random.Generator) -> None:
    expect_shifted(student, [rng.permutation(np.arange(3, 9))[: rng.integers(2, 6)].tolist()])


@check(task="shift_right", label="texts of one length fill both without padding")
def same_lengths(student: Student, rng: np.random.Generator) -> None:
    expect_shifted(student, rng.integers(3, 9, (3, 4)).tolist())


@check(task="shift_right", label="a shorter text has its end right after its last letter, and then padding")
def shorter_texts(student: Student, rng: np.random.Generator) -> None:
    for lengths in ([5, 2, 4], [1, 4]):
        expect_shifted(student, [rng.integers(3, 9, length).tolist() for length in lengths])


@check(task="shift_right", label="an empty text is a start and an end")
def empty_text(student: Student, rng: np.random.Generator) -> None:
    expect_shifted(student, [[], rng.integers(3, 9, 3).tolist()])
    expect_shifted(student, [[]])


@check(task="shift_right", label="start, end and padding can be any numbers, even large ones, and two may be the same")
def any_numbers(student: Student, rng: np.random.Generator) -> None:
    texts = [rng.integers(0, 7, length).tolist() for length in (3, 1, 4)]
    expect_shifted(student, texts[:1], sos=9, eos=8, pad=-100)
    expect_shifted(student, texts, sos=9, eos=8, pad=-100)
    expect_shifted(student, texts, sos=20, eos=10, pad=30)
    expect_shifted(student, texts, sos=9, eos=9, pad=8)
    expect_shifted(student, texts, sos=9, eos=8, pad=9)
    letters = rng.integers(40_000, 50_000, 3).tolist()
    expect_shifted(student, [letters, letters[1:]], sos=50_257, eos=50_258, pad=50_259)
