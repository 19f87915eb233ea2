"""Checks of exercise 9: each is a truth that any right answer obeys, on data that the seed decides."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from audiocourse.classify.practice.voice_tracks import EmotionTask, emotion_task, uar_of
from audiocourse.learn.checking.authoring import Student, check, expect, expect_close, kind_of
from audiocourse.sounds import EMOTIONS

Array = np.ndarray

# 9.1 actor_folds ----------------------------------------------------------------------------------------------------


def cast_of(rng: np.random.Generator, actors: int) -> list[str]:
    """Draw the actor of each clip in random order, two to six clips of each."""
    names = [f"actor {number}" for number in rng.permutation(90)[:actors]]
    clips = [name for name in names for _ in range(int(rng.integers(2, 7)))]
    return [clips[i] for i in rng.permutation(len(clips))]


def folds_of(student: Student, actors: list[str], folds: int, seed: int) -> list[tuple[Array, Array, Array]]:
    """Call the answer and require three arrays of indices for each fold."""
    got = student.call("actor_folds", actors, folds=folds, seed=seed)
    several = isinstance(got, (list, tuple)) and len(got) == folds
    expect(several, f"You return {kind_of(got)}; a list of {folds} folds is right.")
    parts = []
    for fold in got:
        three = isinstance(fold, (list, tuple)) and len(fold) == 3
        expect(three, f"A fold is {kind_of(fold)}; three arrays are right: train, validation, test.")
        arrays = [np.asarray(part, dtype=int if len(part) == 0 else None) for part in fold]
        whole = all(part.ndim == 1 and np.issubdtype(part.dtype, np.integer) for part in arrays)
        expect(whole, "Each part must hold indices of clips, which are whole numbers, in one row.")
        inside = all(part.size == 0 or (part.min() >= 0 and part.max() < len(actors)) for part in arrays)
        expect(inside, f"An index is outside 0 to {len(actors) - 1}; the parts hold indices of clips.")
        parts.append((arrays[0], arrays[1], arrays[2]))
    return parts


@check(task="actor_folds", label="in each fold every clip is in exactly one part, in increasing order")
def every_clip_once(student: Student, rng: np.random.Generator) -> None:
    actors = cast_of(rng, 9)
    for fold in folds_of(student, actors, 4, 3):
        counts = np.bincount(np.concatenate(fold), minlength=len(actors))
        missing = int((counts == 0).sum())
        twice = int((counts > 1).sum())
        expect(missing == 0 and twice == 0, f"Of {len(actors)} clips, {missing} are in no part and {twice} in several.")
        expect(all(bool((np.diff(part) > 0).all()) for part in fold), "Sort the indices of each part.")


@check(task="actor_folds", label="no actor is in two parts of a fold")
def actors_apart(student: Student, rng: np.random.Generator) -> None:
    actors = cast_of(rng, 10)
    for fold in folds_of(student, actors, 5, int(rng.integers(100))):
        train, validation, test = ({actors[clip] for clip in part} for part in fold)
        shared = len(train & validation) + len(train & test) + len(validation & test)
        expect(shared == 0, f"{shared} of {len(set(actors))} actors have clips in more than one part of a fold.")


@check(
    task="actor_folds", label="each actor is tested in exactly one fold, and the folds test equally many, or one more"
)
def tested_once(student: Student, rng: np.random.Generator) -> None:
    for number, folds in ((6, 3), (10, 4), (11, 5)):
        actors = cast_of(rng, number)
        parts = folds_of(student, actors, folds, int(rng.integers(100)))
        tested = [sorted({actors[clip] for clip in test}) for _, _, test in parts]
        times = [sum(actor in group for group in tested) for actor in sorted(set(actors))]
        expect(set(times) == {1}, f"Actors are tested in {min(times)} to {max(times)} folds; in exactly 1 is right.")
        sizes = [len(group) for group in tested]
        expect(max(sizes) - min(sizes) <= 1, f"The folds test {sizes} actors; these should differ by at most 1.")


@check(
    task="actor_folds",
    label="fold f chooses settings on the actors that the next fold tests, the last fold on the first",
)
def validated_on_the_next(student: Student, rng: np.random.Generator) -> None:
    for number, folds in ((7, 3), (10, 5)):
        parts = folds_of(student, cast_of(rng, number), folds, int(rng.integers(100)))
        right = all(
            np.array_equal(np.sort(parts[fold][1]), np.sort(parts[(fold + 1) % folds][2])) for fold in range(folds)
        )
        expect(right, "The validation part of a fold is not the test part of the next one.")


@check(task="actor_folds", label="the seed decides: the same one gives the same folds, others give others")
def seed_decides(student: Student, rng: np.random.Generator) -> None:
    actors = cast_of(rng, 9)
    seed = int(rng.integers(100))
    again = [folds_of(student, actors, 3, seed)[0][2].tolist() for _ in range(2)]
    expect(again[0] == again[1], "Two calls with the same seed return different folds.")
    others = [folds_of(student, actors, 3, seed + more)[0][2].tolist() for more in range(1, 5)]
    expect(any(other != again[0] for other in others), "Five seeds give the same folds; the actors must be shuffled.")


# 9.2 final_states ---------------------------------------------------------------------------------------------------


def states_of(rng: np.random.Generator, *, hidden: int = 3) -> tuple[Array, Array]:
    """Draw states (batch, frames, 2 * hidden) and lengths (batch,), of which one is 1 and one all frames."""
    lengths = np.array([8, 1, *rng.integers(2, 8, size=3)])
    return rng.normal(size=(5, 8, 2 * hidden)), lengths[rng.permutation(5)]


def last_states(states: Array, lengths: Array) -> Array:
    hidden = states.shape[2] // 2
    return np.stack([np.append(h[n - 1, :hidden], h[0, hidden:]) for h, n in zip(states, lengths, strict=True)])


@check(task="final_states", label="clips without padding: the forward half at the end, the backward half at the start")
def no_padding(student: Student, rng: np.random.Generator) -> None:
    states, _ = states_of(rng)
    lengths = np.full(5, 8)
    expect_close(student.call("final_states", states, lengths), last_states(states, lengths), atol=1e-9, axis="clip")


@check(task="final_states", label="clips of different lengths: the forward half at the last real frame")
def different_lengths(student: Student, rng: np.random.Generator) -> None:
    for hidden in (1, 2, 5):
        states, lengths = states_of(rng, hidden=hidden)
        got = student.call("final_states", states, lengths)
        expect_close(got, last_states(states, lengths), atol=1e-9, axis="clip")


@check(task="final_states", label="padding of NaN does not matter")
def padding_of_nan(student: Student, rng: np.random.Generator) -> None:
    states, lengths = states_of(rng)
    states[np.arange(8) >= lengths[:, None]] = np.nan
    expect_close(student.call("final_states", states, lengths), last_states(states, lengths), atol=1e-9, axis="clip")


# 9.3 attention_pooling ----------------------------------------------------------------------------------------------


def pooled_of(states: Array, scores: Array, lengths: Array) -> tuple[Array, Array]:
    weights = np.zeros(scores.shape)
    pooled = np.zeros((len(states), states.shape[2]))
    for clip, length in enumerate(lengths):
        exponentials = np.exp(scores[clip, :length] - scores[clip, :length].max())
        weights[clip, :length] = exponentials / exponentials.sum()
        pooled[clip] = weights[clip, :length] @ states[clip, :length]
    return pooled, weights


def expect_pooled(student: Student, states: Array, scores: Array, lengths: Array) -> None:
    got = student.call("attention_pooling", states, scores, lengths)
    pair = isinstance(got, (list, tuple)) and len(got) == 2
    expect(pair, f"You return {kind_of(got)}; two arrays are right: the pooled states and the weights.")
    pooled, weights = pooled_of(states, scores, lengths)
    expect_close(got[1], weights, atol=1e-6, axis="clip")
    expect_close(got[0], pooled, atol=1e-6, axis="clip")


@check(task="attention_pooling", label="equal scores, no padding: the mean of all frames")
def equal_scores(student: Student, rng: np.random.Generator) -> None:
    states, _ = states_of(rng)
    expect_pooled(student, states, np.full((5, 8), float(rng.normal())), np.full(5, 8))


@check(task="attention_pooling", label="clips of different lengths: padding has the weight 0, and each row sums to 1")
def padded_clips(student: Student, rng: np.random.Generator) -> None:
    states, lengths = states_of(rng)
    expect_pooled(student, states, rng.normal(size=(5, 8)), lengths)


@check(task="attention_pooling", label="padding does not matter, whatever states and scores it has")
def dirty_padding(student: Student, rng: np.random.Generator) -> None:
    states, lengths = states_of(rng)
    scores = rng.normal(size=(5, 8))
    padding = np.arange(8) >= lengths[:, None]
    states[padding] = 1e3
    scores[padding] = 50.0
    expect_pooled(student, states, scores, lengths)


@check(task="attention_pooling", label="padding of NaN does not matter")
def nan_padding(student: Student, rng: np.random.Generator) -> None:
    states, lengths = states_of(rng)
    states[np.arange(8) >= lengths[:, None]] = np.nan
    scores = np.where(np.arange(8) < lengths[:, None], rng.normal(size=(5, 8)), np.nan)
    got = student.call("attention_pooling", states, scores, lengths)
    pair = isinstance(got, (list, tuple)) and len(got) == 2
    expect(pair, f"You return {kind_of(got)}; two arrays are right: the pooled states and the weights.")
    expect_close(got[0], pooled_of(states, scores, lengths)[0], atol=1e-6, axis="clip")


@check(task="attention_pooling", label="large scores do not overflow, and negative ones all count")
def large_scores(student: Student, rng: np.random.Generator) -> None:
    states, lengths = states_of(rng)
    for shift in (2000.0, -2000.0):
        expect_pooled(student, states, shift + rng.normal(size=(5, 8)), lengths)


# 9.4 class_weights --------------------------------------------------------------------------------------------------


def labels_of(rng: np.random.Generator, classes: int) -> Array:
    shares = rng.dirichlet(np.full(classes, 1.0))
    return rng.permutation(np.concatenate([np.arange(classes), rng.choice(classes, 60, p=shares)]))


@check(task="class_weights", label="the example of the text: three clips of a class, one of another")
def three_to_one(student: Student, rng: np.random.Generator) -> None:
    labels = rng.permutation([0, 0, 0, 1])
    expect_close(student.call("class_weights", labels, classes=2), np.array([2 / 3, 2.0]), atol=1e-9, axis="class")


@check(task="class_weights", label="all classes together weigh alike, and a clip weighs 1 on average")
def alike(student: Student, rng: np.random.Generator) -> None:
    for classes in (2, 5, 7):
        labels = labels_of(rng, classes)
        right = labels.size / (classes * np.bincount(labels, minlength=classes))
        expect_close(student.call("class_weights", labels, classes=classes), right, atol=1e-9, axis="class")


@check(task="class_weights", label="a class that does not occur has the weight 0, and does not change the others")
def absent(student: Student, rng: np.random.Generator) -> None:
    labels = labels_of(rng, 4)
    labels = labels + (labels >= 2)  # class 2 does not occur, nor does the last
    counts = np.bincount(labels, minlength=6)
    right = np.where(counts > 0, labels.size / (4 * np.maximum(counts, 1)), 0.0)
    expect_close(student.call("class_weights", labels, classes=6), right, atol=1e-9, axis="class")


# 9.5 weighted_cross_entropy -----------------------------------------------------------------------------------------


def loss_of(z: Array, y: Array, w: Array) -> tuple[float, Array]:
    log_p = z - z.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    loss = -np.average(log_p[np.arange(len(y)), y], weights=w[y])
    return float(loss), w[y][:, None] * (np.exp(log_p) - np.eye(z.shape[1])[y]) / w[y].sum()


def expect_loss(student: Student, z: Array, y: Array, w: Array) -> None:
    got = student.call("weighted_cross_entropy", z, y, w)
    pair = isinstance(got, (list, tuple)) and len(got) == 2
    expect(pair, f"You return {kind_of(got)}; two things are right: the loss, and the gradient.")
    loss, gradient = loss_of(z, y, w)
    number = isinstance(got[0], (int, float)) or (isinstance(got[0], np.ndarray) and got[0].ndim == 0)
    expect(number, f"Your loss is {kind_of(got[0])}; a number is right.")
    expect_close(float(got[0]), loss, atol=1e-7, rtol=1e-7)
    expect_close(got[1], gradient, atol=1e-7, axis="clip")


@check(task="weighted_cross_entropy", label="equal logits and weights: ln C, and a gradient that sums to 0")
def equal_logits(student: Student, rng: np.random.Generator) -> None:
    classes = int(rng.integers(2, 9))
    y = rng.integers(classes, size=4)
    expect_loss(student, np.full((4, classes), float(rng.normal())), y, np.ones(classes))


@check(task="weighted_cross_entropy", label="certain and right: the loss reaches 0")
def certain(student: Student, rng: np.random.Generator) -> None:
    y = rng.integers(7, size=5)
    expect_loss(student, 40 * np.eye(7)[y], y, np.ones(7))


@check(task="weighted_cross_entropy", label="any logits, equal weights")
def any_logits(student: Student, rng: np.random.Generator) -> None:
    expect_loss(student, 3 * rng.normal(size=(6, 7)), rng.integers(7, size=6), np.ones(7))


@check(task="weighted_cross_entropy", label="any weights: a mean that is weighted by them")
def any_weights(student: Student, rng: np.random.Generator) -> None:
    y = np.array([0, 1, 1, 2, 3, *rng.integers(5, size=3)])
    expect_loss(student, 2 * rng.normal(size=(8, 5)), y, rng.uniform(0.2, 3, 5))


@check(
    task="weighted_cross_entropy", label="certain and wrong, logits in the thousands: a large loss, nothing overflows"
)
def wrong_by_far(student: Student, rng: np.random.Generator) -> None:
    y = rng.integers(7, size=5)
    expect_loss(student, 2000 * np.eye(7)[(y + 1) % 7] + rng.normal(size=(5, 7)), y, rng.uniform(0.5, 2, 7))


# 9.6 read_confusion -------------------------------------------------------------------------------------------------


def reading_of(counts: Array) -> tuple[float, float, tuple[int, int], float]:
    totals = counts.sum(axis=1)
    shares = counts / np.maximum(totals, 1)[:, None]
    recalls = [shares[c, c] for c in range(len(counts)) if totals[c]]
    pairs = {(i, j): (shares[i, j] + shares[j, i]) / 2 for i in range(len(counts)) for j in range(i + 1, len(counts))}
    pair = max(pairs, key=lambda key: pairs[key])
    return float(np.trace(counts) / counts.sum()), float(np.mean(recalls)), pair, float(pairs[pair])


def expect_reading(student: Student, counts: Array, *, only: tuple[int, ...] = (0, 1, 2, 3)) -> None:
    got: Any = student.call("read_confusion", counts)
    four = isinstance(got, (list, tuple)) and len(got) == 4
    expect(four, f"You return {kind_of(got)}; four things are right: accuracy, UAR, pair, share.")
    right = reading_of(counts)
    names = ("accuracy", "UAR", "pair", "share")
    for place in only:
        if place == 2:
            pair = tuple(np.asarray(got[2]).ravel().tolist())
            expect(pair == right[2], f"Your pair is {pair}; {right[2]} is right, the smaller number first.")
            continue
        plain = isinstance(got[place], (int, float)) or (isinstance(got[place], np.ndarray) and got[place].ndim == 0)
        expect(plain, f"Your {names[place]} is {kind_of(got[place])}; a number is right.")
        value = float(got[place])
        expect(abs(value - right[place]) < 1e-9, f"Your {names[place]} is {value:.3g}; {right[place]:.3g} is right.")


def matrix(rng: np.random.Generator, classes: int) -> Array:
    """Draw a matrix of classes of different frequency, in which no two pairs are confused equally often."""
    totals = rng.integers(20, 200, classes)
    rows = [
        rng.multinomial(n, rng.dirichlet(np.full(classes, 0.7) + 3 * np.eye(classes)[c])) for c, n in enumerate(totals)
    ]
    return np.stack(rows)


@check(task="read_confusion", label="a constant answer where 90 % are neutral: accuracy 0.9, UAR one third")
def constant_answer(student: Student, rng: np.random.Generator) -> None:
    frequent = int(rng.integers(3))
    counts = np.zeros((3, 3), dtype=int)
    counts[:, frequent] = np.where(np.arange(3) == frequent, 90, [6, 4, 5])
    expect_reading(student, counts, only=(0, 1))


@check(task="read_confusion", label="accuracy and UAR of any matrix")
def both_scores(student: Student, rng: np.random.Generator) -> None:
    for classes in (2, 4, 7):
        expect_reading(student, matrix(rng, classes), only=(0, 1))


@check(task="read_confusion", label="the pair that is confused most, in shares of the rows")
def most_confused(student: Student, rng: np.random.Generator) -> None:
    counts = np.array([[900, 80, 0, 20], [5, 90, 3, 2], [1, 0, 12, 7], [0, 1, 6, 13]])
    order = rng.permutation(4)
    expect_reading(student, counts[order][:, order])
    for _ in range(3):
        expect_reading(student, matrix(rng, 6))


@check(task="read_confusion", label="a pair that is confused in one direction only")
def one_direction(student: Student, rng: np.random.Generator) -> None:
    counts = np.diag(rng.integers(60, 90, 4))
    counts[3, 1] = 30
    counts[0, 2], counts[2, 0] = 12, 10
    expect_reading(student, counts)


@check(task="read_confusion", label="a class without clips is left out of the UAR, one with a single clip is not")
def class_without_clips(student: Student, rng: np.random.Generator) -> None:
    counts = matrix(rng, 5)
    absent, single = rng.permutation(5)[:2]
    counts[absent] = 0
    counts[single] = np.eye(5, dtype=int)[(single + 1) % 5]
    expect_reading(student, counts)


# 9.7 train_emotion_classifier (open) --------------------------------------------------------------------------------

BANDS = (60, 67, 73)  # the smallest UAR of each, in percent


@lru_cache(maxsize=4)
def hidden_task(seed: int) -> EmotionTask:
    """Draw actors that the practice data do not have."""
    return emotion_task(np.random.default_rng([seed, 9]))


_measured: WeakKeyDictionary[Student, float] = WeakKeyDictionary()


def hidden_uar(student: Student, rng: np.random.Generator) -> float:
    """Return the UAR on unseen actors in percent, measured once for all bands."""
    if student not in _measured:
        task = hidden_task(int(rng.integers(2**31)))
        got = student.call("train_emotion_classifier", *task[:7])
        expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array of classes is right.")
        shape = task.test_labels.shape
        expect(got.shape == shape, f"The shape of your predictions is {got.shape}; {shape} is right.")
        whole = bool(np.issubdtype(got.dtype, np.integer))
        expect(whole, f"Your predictions are {got.dtype}; whole numbers are right.")
        inside = bool(np.all((got >= 0) & (got < len(EMOTIONS))))
        expect(inside, f"A prediction is not one of the emotions 0 to {len(EMOTIONS) - 1}.")
        _measured[student] = 100 * uar_of(got, task)
    return _measured[student]


def reach(band: int, student: Student, rng: np.random.Generator) -> None:
    """Report which band is reached, but no figure, so that no one tunes on these actors."""
    uar = hidden_uar(student, rng)
    reached = sum(uar >= limit for limit in BANDS)
    where = f"band {reached}" if reached else "no band yet"
    expect(reached >= band, f"On actors that you have not seen your answer reaches {where}.")


@check(task="train_emotion_classifier", label="band 1: clearly better than the linear baseline (UAR at least 60 %)")
def band_one(student: Student, rng: np.random.Generator) -> None:
    reach(1, student, rng)


@check(task="train_emotion_classifier", label="band 2: each voice compared to itself (UAR at least 67 %)")
def band_two(student: Student, rng: np.random.Generator) -> None:
    reach(2, student, rng)


@check(task="train_emotion_classifier", label="band 3: the cue found, and rare emotions with it (UAR at least 73 %)")
def band_three(student: Student, rng: np.random.Generator) -> None:
    reach(3, student, rng)
