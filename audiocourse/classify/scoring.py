"""How wrong a detector or a classifier is: in seconds, frame by frame along its ROC curve, and class by class."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audiocourse.arrays import IntArray
from audiocourse.classify.vad.from_scratch import require_decisions, require_scores
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, Segment
from audiocourse.require import require_positive
from audiocourse.signal import BoolArray, FloatArray, frame_times


def confusion_matrix(
    reference: IntArray, predicted: IntArray, *, num_classes: int, normalise: bool = False
) -> IntArray | FloatArray:
    """Count how often each class was predicted as each class.

    C[i, j] = number of examples with reference i and prediction j. Normalised, each row is divided by its sum, so that
    the diagonal holds the recall of each class.

    Parameters
    ----------
    reference, predicted : np.ndarray [shape=(examples,)]
        Classes, whole numbers from 0 to num_classes − 1.
    num_classes : int
        Rows and columns, including classes that do not occur.
    normalise : bool
        Whether to return shares instead of counts. The row of a class that does not occur is 0.

    Returns
    -------
    np.ndarray [shape=(num_classes, num_classes)]
        Counts, or shares.

    Raises
    ------
    AudioCourseError
        If the lengths differ or a class is out of range.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]), num_classes=2).tolist()
    [[1, 1], [0, 1]]

    Notebook: ex03_genre
    """
    require_positive(num_classes=num_classes)
    reference, predicted = np.asarray(reference), np.asarray(predicted)
    if reference.ndim != 1 or reference.shape != predicted.shape:
        raise AudioCourseError(f"There are {reference.size} references and {predicted.size} predictions; pair them.")
    classes = np.concatenate([reference, predicted])
    whole = np.issubdtype(classes.dtype, np.integer)
    if classes.size and not (whole and classes.min() >= 0 and classes.max() < num_classes):
        raise AudioCourseError(f"Classes must be whole numbers from 0 to {num_classes - 1}.")
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (reference.astype(int), predicted.astype(int)), 1)
    if not normalise:
        return counts
    shares: FloatArray = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def detection_error(
    reference: Sequence[Segment | Interval], hypothesis: Sequence[Segment | Interval]
) -> tuple[float, float, float]:
    """Measure how much speech was missed, and how much was detected where there is none.

    missed = seconds in the reference but not in the hypothesis, false alarm = seconds in the hypothesis but not in the
    reference, error = (missed + false alarm) / seconds in the reference. The error has no upper bound.

    Parameters
    ----------
    reference, hypothesis : list of (start, end) or of Interval
        Times in seconds; each list in order and without overlap.

    Returns
    -------
    missed, false_alarm : float
        In seconds.
    error : float
        As a ratio.

    Raises
    ------
    AudioCourseError
        If there is no speech in the reference, or a list is out of order.

    Examples
    --------
    >>> detection_error([(0.0, 2.0)], [(0.5, 3.0)])
    (0.5, 1.0, 0.75)

    Notebook: ex05_vad
    """
    reference = _pairs(reference)
    hypothesis = _pairs(hypothesis)
    for name, segments in {"reference": reference, "hypothesis": hypothesis}.items():
        ends = [end for segment in segments for end in segment]
        if ends != sorted(ends) or not np.all(np.isfinite(ends)):
            raise AudioCourseError(f"The {name} is out of order or overlaps itself; sort and merge its segments first.")
    reference_seconds = sum(end - start for start, end in reference)
    if reference_seconds <= 0:
        raise AudioCourseError("There is no speech in the reference, so an error relative to it is not defined.")
    hypothesis_seconds = sum(end - start for start, end in hypothesis)
    overlap = sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in itertools.product(reference, hypothesis))
    error = (reference_seconds + hypothesis_seconds - 2 * overlap) / reference_seconds
    return reference_seconds - overlap, hypothesis_seconds - overlap, error


def frame_truth(
    segments: Sequence[Segment | Interval], *, frames: int, frame_length: int, hop_length: int, sr: int
) -> BoolArray:
    """Decide for each frame whether its centre lies in a segment.

    Parameters
    ----------
    segments : list of (start, end) or of Interval
        Times in seconds.
    frames : int
        Number of frames.
    frame_length, hop_length : int
        In samples.
    sr : int
        Samples per second.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=bool]
        Where there is speech, frame by frame.

    Notebook: 04a_voice_activity
    """
    centres = frame_times(frames, frame_length=frame_length, hop_length=hop_length, sr=sr)
    truth = np.zeros(frames, dtype=bool)
    for start, end in _pairs(segments):
        truth |= (start <= centres) & (centres < end)
    return truth


def roc_point(truth: BoolArray, decided: BoolArray) -> tuple[float, float]:
    """Return the false alarm rate and the hit rate of some decisions: one point of an ROC curve.

    false alarm rate = P(yes | no speech), hit rate = P(yes | speech).

    Parameters
    ----------
    truth, decided : np.ndarray [shape=(frames,), dtype=bool]
        Where there is speech, and where it was detected.

    Returns
    -------
    false_alarm_rate, hit_rate : float
        Between 0 and 1.

    Raises
    ------
    AudioCourseError
        If the lengths differ, or the truth holds only one of the two classes.

    Examples
    --------
    >>> roc_point(np.array([True, True, False, False]), np.array([True, False, False, False]))
    (0.0, 0.5)

    Notebook: 04a_voice_activity
    """
    _require_two_classes(truth, require_decisions(decided))
    return float(np.mean(decided[~truth])), float(np.mean(decided[truth]))


def roc_auc(truth: BoolArray, score: FloatArray) -> float:
    """Return the area under the ROC curve: the chance that a speech frame scores higher than a silent one.

    AUC = P(s₊ > s₋) + P(s₊ = s₋)/2, counted over all pairs through ranks (Mann and Whitney 1947).

    Parameters
    ----------
    truth : np.ndarray [shape=(frames,), dtype=bool]
        Where there is speech.
    score : np.ndarray [shape=(frames,)]
        Higher for speech.

    Returns
    -------
    float
        0.5 for a score without information, 1 for one that separates the classes.

    Raises
    ------
    AudioCourseError
        If the lengths differ, or the truth holds only one of the two classes.

    Examples
    --------
    >>> roc_auc(np.array([True, False, False]), np.array([0.9, 0.9, 0.1]))
    0.75

    Notebook: 04a_voice_activity
    """
    from scipy.stats import rankdata

    _require_two_classes(truth, require_scores(score))
    ranks = rankdata(score)
    positives = int(truth.sum())
    negatives = int((~truth).sum())
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def balanced_accuracy(reference: NDArray[np.integer], predicted: NDArray[np.integer]) -> float:
    """Compute the mean recall of the classes that occur in the reference.

    BA = (1/C) Σ_c #{i : r[i] = c and p[i] = c} / #{i : r[i] = c}, over the C classes with a clip in the reference

    Parameters
    ----------
    reference, predicted : np.ndarray [shape=(clips,)]
        r and p: numbers of classes, integers.

    Returns
    -------
    float
        0 to 1; a constant prediction reaches 1/C, whatever the balance of the classes.

    Raises
    ------
    AudioCourseError
        If there is no clip, the lengths differ, or a class is not an integer.

    Examples
    --------
    >>> balanced_accuracy(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0]))
    0.5

    Source: K. H. Brodersen et al., The Balanced Accuracy and Its Posterior Distribution, ICPR 2010.

    Notebook: 04b_audio_tagging
    """
    for classes in (reference, predicted):
        if not isinstance(classes, np.ndarray) or classes.dtype.kind not in "iu" or classes.ndim != 1:
            raise AudioCourseError("The classes must be integers, one per clip, (clips,): pass labels.astype(int).")
    if reference.size != predicted.size or reference.size == 0:
        raise AudioCourseError(
            f"There are {reference.size} references and {predicted.size} predictions; as many of both are needed, "
            "and at least 1."
        )
    recalls = [np.mean(predicted[reference == c] == c) for c in np.unique(reference)]
    return float(np.mean(recalls))


def _pairs(segments: Sequence[Segment | Interval]) -> list[Segment]:
    """Return segments as (start, end), whether they are pairs or the course's own intervals."""
    return [
        (segment.start, segment.end) if isinstance(segment, Interval) else (segment[0], segment[1])
        for segment in segments
    ]


def _require_two_classes(truth: BoolArray, other: np.ndarray) -> None:
    if truth.dtype != bool or truth.ndim != 1 or truth.shape != other.shape:
        raise AudioCourseError(
            f"One yes or no per frame and as many entries in both are needed, not {truth.shape} of {truth.dtype} "
            f"and {other.shape}."
        )
    if truth.all() or not truth.any():
        raise AudioCourseError(
            "The truth is all speech or all silence; hits and false alarms are defined only where there are both."
        )
