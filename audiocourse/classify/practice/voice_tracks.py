"""Features of voices without any sound: clips with an early cue for 04e_emotion, and the open task of exercise 9.

To synthesise a thousand sentences would take too long for a check. So pitch, level, brightness and irregularity of a
voice are drawn directly, frame by frame, and moved by the rules of `sounds.EMOTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.classify.emotion.from_scratch import masked_mean, read_confusion
from audiocourse.classify.practice.linear import fit_linear
from audiocourse.classify.scoring import confusion_matrix
from audiocourse.require import require_positive, require_rng
from audiocourse.sounds import EMOTIONS

TRACKS = ("pitch", "level", "brightness", "irregularity")
FRAMES = 60
SHORTEST = 36  # frames
FRAME_SECONDS = 0.05
TRAIN_ACTORS = 24
TEST_ACTORS = 12
TRAIN_CLIPS = (9, 3, 2, 2, 2, 1, 1)  # of each actor, in the order of EMOTIONS: neutral is frequent
TEST_CLIPS = (2,) * len(EMOTIONS)
CUE = 0.3, 0.5  # the share of a clip in which the emotion is audible
_ACTOR_SPREAD = np.array([5.0, 4.0, 2.0, 0.5])  # standard deviation between actors, of each track
_CLIP_SPREAD = np.array([0.8, 1.0, 0.5, 0.15])  # between clips of an actor
_FRAME_SPREAD = np.array([2.0, 2.5, 1.0, 0.3])  # within a clip
_SMOOTH = 0.75  # how far a frame resembles the one before it
_PER_JITTER = 20.0  # irregularity per unit of jitter and tremor

Answer = Callable[..., IntArray]


class EmotionTask(NamedTuple):
    """Clips to train on, and clips of other actors to test on.

    features are (clips, FRAMES, tracks), float32, with 0 beyond the length; lengths, labels and actors (clips,), whole
    numbers. The labels are numbers into `EMOTIONS`; no actor is on both sides.
    """

    train_features: FloatArray
    train_lengths: IntArray
    train_labels: IntArray
    train_actors: IntArray
    test_features: FloatArray
    test_lengths: IntArray
    test_actors: IntArray
    test_labels: IntArray


def emotion_task(
    rng: np.random.Generator, *, train_actors: int = TRAIN_ACTORS, test_actors: int = TEST_ACTORS
) -> EmotionTask:
    """Draw the clips of actors to train on, and of other actors to test on, in random order.

    How realistic is it? The rules are those of `sounds.emotional`, as caricatured as there. As with people, actors
    differ more from each other than an emotion differs from neutral, only a part of a clip carries the emotion, and
    neutral clips are by far the most frequent. Words, timbre and microphones do not occur.

    Parameters
    ----------
    rng : np.random.Generator
        Source of all randomness.
    train_actors, test_actors : int
        With 20 clips each to train on, and 14 to test on.

    Returns
    -------
    EmotionTask
        Features, lengths, labels and actors of both sides.

    Raises
    ------
    AudioCourseError
        If a number of actors is not positive.

    Notebook: ex09_emotion
    """
    require_positive(train_actors=train_actors, test_actors=test_actors)
    train = _clips(range(train_actors), TRAIN_CLIPS, require_rng(rng))
    test = _clips(range(train_actors, train_actors + test_actors), TEST_CLIPS, rng)
    features, lengths, labels, actors = test
    return EmotionTask(*train, features, lengths, actors, labels)


def _clips(
    cast: range, per_emotion: tuple[int, ...], rng: np.random.Generator
) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """Draw the clips of some actors, in random order: features, lengths, labels, actors."""
    labels = np.tile(np.repeat(np.arange(len(per_emotion)), per_emotion), len(cast))
    actors = np.repeat(cast, sum(per_emotion))
    voices = {actor: rng.normal(0, _ACTOR_SPREAD) for actor in cast}
    lengths = rng.integers(SHORTEST, FRAMES + 1, labels.size)
    features = np.zeros((labels.size, FRAMES, len(TRACKS)), np.float32)
    names = tuple(EMOTIONS)
    for clip, (label, actor, length) in enumerate(zip(labels, actors, lengths, strict=True)):
        features[clip, :length] = voices[actor] + _clip(names[label], int(length), rng)
    order = rng.permutation(labels.size)
    return features[order], lengths[order], labels[order], actors[order]


def _clip(emotion: str, length: int, rng: np.random.Generator) -> FloatArray:
    """Draw the tracks of a clip relative to the voice of its actor: (length, tracks)."""
    rule = EMOTIONS[emotion]
    movement = np.zeros((length, len(TRACKS)))
    steps = rng.normal(0, _FRAME_SPREAD * np.sqrt(1 - _SMOOTH**2), (length, len(TRACKS)))
    movement[0] = rng.normal(0, _FRAME_SPREAD)
    for m in range(1, length):
        movement[m] = _SMOOTH * movement[m - 1] + steps[m]
    cue = _cue(length, rng)
    movement[:, 0] *= 1 + cue * (rule.f0_range - 1)
    shift = [rule.semitones, rule.level_db, rule.tilt_db, _PER_JITTER * (rule.jitter + rule.tremor / 3)]
    movement += cue[:, None] * np.array(shift) + rng.normal(0, _CLIP_SPREAD)
    if rule.rising:
        movement[:, 0] += 6 * np.clip((np.arange(length) - 0.8 * length) / (0.2 * length), 0, 1)
    return movement


def _cue(length: int, rng: np.random.Generator) -> FloatArray:
    """Choose where in a clip the emotion is audible: 1 there, 0 elsewhere, (length,)."""
    size = round(length * rng.uniform(*CUE))
    start = int(rng.integers(0, length - size + 1))
    cue = np.zeros(length)
    cue[start : start + size] = 1
    return cue


def linear_on_statistics(
    train_features: FloatArray,
    train_lengths: IntArray,
    train_labels: IntArray,
    train_actors: IntArray,  # noqa: ARG001 (the baseline takes the voices as they are)
    test_features: FloatArray,
    test_lengths: IntArray,
    test_actors: IntArray,  # noqa: ARG001
) -> IntArray:
    """Classify by mean and deviation of each track with a linear classifier: the baseline of the open task.

    Parameters
    ----------
    train_features, test_features : np.ndarray [shape=(clips, frames, tracks)]
        As in `EmotionTask`.
    train_lengths, train_labels, train_actors, test_lengths, test_actors : np.ndarray [shape=(clips,)]
        Whole numbers.

    Returns
    -------
    np.ndarray [shape=(test clips,)]
        Predicted emotions.

    Notebook: ex09_emotion
    """
    model = fit_linear(statistics_of(train_features, train_lengths), train_labels, classes=len(EMOTIONS))
    predictions: IntArray = model.probabilities(statistics_of(test_features, test_lengths)).argmax(axis=1)
    return predictions


def statistics_of(features: FloatArray, lengths: IntArray) -> FloatArray:
    """Return mean and deviation over the real frames: (clips, frames, tracks), (clips,) -> (clips, 2 * tracks)."""
    x = features.astype(np.float64)
    mean = masked_mean(x, lengths)
    variance = masked_mean(np.square(x - mean[:, None]), lengths)
    return np.concatenate([mean, np.sqrt(variance)], axis=1)


def describe_uar(answer: Answer, task: EmotionTask) -> str:
    """Describe the unweighted average recall of an answer on the test actors of a task in one line."""
    try:
        predictions = answer(*task[:7])
    except NotImplementedError:
        return f"{getattr(answer, '__name__', 'The answer')} is not written yet."
    return f"UAR {100 * uar_of(predictions, task):.0f} % (synthetic)"


def uar_of(predictions: IntArray, task: EmotionTask) -> float:
    """Return the unweighted average recall of predictions [shape=(test clips,)] for a task, as a share."""
    counts = confusion_matrix(task.test_labels, predictions, num_classes=len(EMOTIONS))
    return read_confusion(counts.astype(int)).uar


def early_cue_clips(
    clips: int, *, classes: int = 6, frames: int = 60, rng: np.random.Generator
) -> tuple[FloatArray, IntArray, IntArray]:
    """Draw clips of noise of which only the first four frames say the class: a voice that breaks at the first word.

    Parameters
    ----------
    clips, classes, frames : int
        How many clips, classes, and frames in the longest clip; clips last from half of that to all of it.
    rng : np.random.Generator
        Source of all randomness.

    Returns
    -------
    features : np.ndarray [shape=(clips, frames, classes)]
        float32; feature c is raised in the first four frames of a clip of class c; 0 beyond the end.
    lengths, labels : np.ndarray [shape=(clips,)]
        Whole numbers.

    Raises
    ------
    AudioCourseError
        If a number is not positive.

    Notebook: 04e_emotion
    """
    require_positive(clips=clips, classes=classes, frames=frames)
    labels = require_rng(rng).integers(classes, size=clips)
    lengths = rng.integers(frames // 2, frames + 1, size=clips)
    features = rng.normal(0, 1, (clips, frames, classes))
    features[np.arange(clips), :4, labels] += 3
    features[np.arange(frames) >= lengths[:, None]] = 0
    return features.astype(np.float32), lengths, labels
