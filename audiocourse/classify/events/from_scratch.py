"""Sound event detection around a network: from labelled events to frame targets, and from probabilities to events.

Training and detection go in opposite directions over the same grid of frames::

    events (start, end, label) → frame targets → loss          frame_targets, masked_binary_cross_entropy
    probabilities → smoothed → yes/no per class → events → F   median_filter, class_thresholds, events_from_frames,
                                                               match_events, event_f1

An event is a plain tuple (start, end, label), in seconds. Events of different classes may overlap, as several things
can sound at once. Two events of one class may touch but not overlap: on a grid of frames they would become one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import LabelledSegment
from audiocourse.require import (
    require_between,
    require_classes,
    require_events,
    require_frame_scores,
    require_positive,
    require_seconds,
)
from audiocourse.signal import BoolArray, FloatArray


def frame_targets(
    events: Sequence[LabelledSegment], *, classes: Sequence[str], frames: int, frame_seconds: float
) -> FloatArray:
    """Turn a list of events into the targets of a network with one output per frame and class.

    T[m, c] = 1 where start ≤ (m + ½) d < end for an event of class c, else 0, with d = frame_seconds: frame m counts
    where its centre lies in the event. Several classes can be 1 in one frame. An event that lies between two centres
    leaves no frame.

    Parameters
    ----------
    events : list of (start, end, label)
        In seconds, in any order.
    classes : sequence of str
        The class of each column.
    frames : int
        Number of frames of the clip.
    frame_seconds : float
        d, the time from one frame to the next.

    Returns
    -------
    np.ndarray [shape=(frames, classes)]
        T, float32.

    Raises
    ------
    AudioCourseError
        If a label is not a class, an event ends after the last frame, or two events of one class overlap.

    Examples
    --------
    >>> frame_targets([(0.5, 1.5, "dog"), (1.0, 2.0, "rain")], classes=["dog", "rain"], frames=4, frame_seconds=0.5).T
    array([[0., 1., 1., 0.],
           [0., 0., 1., 1.]], dtype=float32)

    Source: A. Mesaros et al., Sound event detection: a tutorial, IEEE Signal Processing Magazine 38(5), 2021.

    Notebook: ex04_event_detection
    """
    column = {name: index for index, name in enumerate(require_classes(classes))}
    require_positive(frames=frames)
    require_seconds(frame_seconds=frame_seconds)
    require_events(events, "events")
    targets = np.zeros((frames, len(column)), dtype=np.float32)
    centres = (np.arange(frames) + 0.5) * frame_seconds
    for start, end, label in events:
        if label not in column:
            raise AudioCourseError(f"There is no class {label!r}: the classes are {', '.join(column)}.")
        if end > (frames + 1) * frame_seconds:  # the last frame of a clip may be incomplete
            raise AudioCourseError(
                f"The event {label!r} ends at {end:g} s, but {frames} frames of {frame_seconds:g} s end at "
                f"{frames * frame_seconds:g} s: cut it at the end of the clip."
            )
        targets[(start <= centres) & (centres < end), column[label]] = 1
    return targets


def masked_binary_cross_entropy(logits: FloatArray, targets: FloatArray, lengths: np.ndarray) -> float:
    """Binary cross-entropy of the real frames of a batch, computed from logits.

    L = mean of −T ln σ(z) − (1 − T) ln(1 − σ(z)) = mean of max(z, 0) − z T + ln(1 + e^{−|z|}) over all real frames and
    all classes, with σ(z) = 1 / (1 + e^{−z}). The second form never overflows. Each class has a sigmoid of its own, so
    that several can be active; a softmax would let them compete. Padding does not count, whatever it holds.

    Parameters
    ----------
    logits : np.ndarray [shape=(batch, frames, classes)]
        z.
    targets : np.ndarray [shape=(batch, frames, classes)]
        T, from 0 to 1.
    lengths : np.ndarray [shape=(batch,)]
        Real frames of each clip; frames from there on are padding.

    Returns
    -------
    float
        L in nats, 0 or more.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, a length is out of range, all clips are empty, or a real frame holds NaN or infinity.

    Examples
    --------
    >>> round(masked_binary_cross_entropy(np.zeros((1, 2, 1)), np.array([[[1.0], [9.0]]]), np.array([1])), 4)
    0.6931

    Notebook: ex04_event_detection
    """
    z, t, real = _real_frames(logits, targets, lengths)
    loss = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))  # (batch, frames, classes), 0 in the padding
    return float(loss[real].mean())


def _real_frames(
    logits: FloatArray, targets: FloatArray, lengths: np.ndarray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return logits and targets as float64, 0 in the padding, and which frames [shape=(batch, frames)] are real."""
    z = np.asarray(logits, dtype=np.float64)
    t = np.asarray(targets, dtype=np.float64)
    lengths = np.asarray(lengths)
    if z.ndim != 3 or z.shape != t.shape or lengths.shape != z.shape[:1]:
        raise AudioCourseError(
            f"Logits {z.shape}, targets {t.shape} and lengths {lengths.shape} do not fit: give (batch, frames, "
            "classes) twice, and (batch,)."
        )
    if lengths.dtype.kind not in "iu" or lengths.size == 0 or lengths.min() < 0 or lengths.max() > z.shape[1]:
        raise AudioCourseError(f"lengths is {lengths}, but each must be a whole number from 0 to {z.shape[1]} frames.")
    real = np.arange(z.shape[1]) < lengths[:, None]  # (batch, frames)
    if not real.any() or z.shape[2] == 0:
        raise AudioCourseError(
            "The batch has no real frame, so it has no mean loss: give at least one frame and class."
        )
    if not np.isfinite(z[real]).all() or not np.isfinite(t[real]).all():
        raise AudioCourseError("A real frame holds NaN or infinity: find the step that produced it.")
    if t[real].min() < 0 or t[real].max() > 1:
        raise AudioCourseError("A target of a real frame lies outside 0 to 1: give frame_targets(…).")
    return np.where(real[..., None], z, 0.0), np.where(real[..., None], t, 0.0), real


def median_filter(scores: FloatArray, *, size: int) -> FloatArray:
    """Replace each value by the median of the frames around it, class by class.

    Y[m, c] = median of X[m − h, c], …, X[m + h, c], with h = (size − 1) / 2. At both ends the sequence is continued by
    its mirror image: x[1], x[0] | x[0], x[1], …, so a run at the end of the clip keeps its length. Runs of at most h
    frames disappear, gaps of at most h frames are closed, and isolated edges stay where they are.

    Parameters
    ----------
    scores : np.ndarray [shape=(frames, classes)]
        X: probabilities, scores, or decisions as numbers.
    size : int
        Frames in the window, odd.

    Returns
    -------
    np.ndarray [shape=(frames, classes)]
        Y, in the dtype of X.

    Raises
    ------
    AudioCourseError
        If the scores are not a finite matrix with at least one frame, or the size is even or below 1.

    Examples
    --------
    >>> median_filter(np.array([[0.0], [1.0], [0.0], [0.0], [1.0], [1.0]]), size=3).T
    array([[0., 0., 0., 0., 1., 1.]])

    Notebook: ex04_event_detection
    """
    scores = require_frame_scores(scores, "The scores")
    require_positive(size=size)
    if size % 2 == 0:
        raise AudioCourseError(
            f"size is {size}, but a window with a centre has an odd number of frames: pass {size + 1}."
        )
    half = size // 2
    padded = np.pad(scores, ((half, half), (0, 0)), mode="symmetric")  # (frames + 2 half, classes)
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=0)  # (frames, classes, size)
    return np.median(windows, axis=-1).astype(scores.dtype)


def class_thresholds(probabilities: FloatArray, targets: FloatArray, *, candidates: FloatArray) -> FloatArray:
    """Choose for each class the threshold with the best frame-based F on development data.

    θ_c = argmax over the candidates θ of F_c(θ) = 2 TP / (2 TP + FP + FN), where class c counts as active in the frames
    with p ≥ θ; F is 0 where nothing is active. Of equally good candidates the highest is taken, so a class that never
    sounds in the development data gets the highest candidate of all. The test data must not be used: a threshold tuned
    on them makes their F too high.

    Parameters
    ----------
    probabilities : np.ndarray [shape=(frames, classes)]
        p of the development data, all clips concatenated.
    targets : np.ndarray [shape=(frames, classes)]
        1 where the class sounds, else 0.
    candidates : np.ndarray [shape=(candidates,)]
        Thresholds to try, in increasing order.

    Returns
    -------
    np.ndarray [shape=(classes,)]
        θ, float64.

    Raises
    ------
    AudioCourseError
        If the shapes differ, values are not finite or targets not 0 or 1, or the candidates do not increase.

    Examples
    --------
    >>> p = np.array([[0.1, 0.9], [0.3, 0.8], [0.4, 0.2]])
    >>> class_thresholds(p, np.array([[0, 1], [1, 1], [1, 0]]), candidates=np.array([0.25, 0.5, 0.75]))
    array([0.25, 0.75])

    Notebook: ex04_event_detection
    """
    p = require_frame_scores(probabilities, "The probabilities")
    t = np.asarray(targets)
    candidates = np.asarray(candidates, dtype=np.float64)
    if t.shape != p.shape or not np.isin(t, (0, 1)).all():
        raise AudioCourseError(
            f"The targets have shape {t.shape}; give 0 or 1 for each of the {p.shape} probabilities."
        )
    if candidates.ndim != 1 or candidates.size == 0 or not np.all(np.diff(candidates) > 0):
        raise AudioCourseError("The candidates must be a list of at least one threshold, in increasing order.")
    if not np.isfinite(candidates).all():
        raise AudioCourseError("The candidates hold NaN or infinity: give thresholds between 0 and 1.")
    sounds = t == 1
    best = np.full(p.shape[1], -1.0)
    thresholds = np.empty(p.shape[1])
    for candidate in candidates:
        f = frame_f1(p >= candidate, sounds)  # (classes,)
        better = f >= best
        best[better] = f[better]
        thresholds[better] = candidate
    return thresholds


def frame_f1(active: BoolArray, sounds: BoolArray) -> FloatArray:
    """Return 2 TP / (2 TP + FP + FN) of each class, 0 where none is active: (frames, classes) twice -> (classes,)."""
    twice = 2.0 * np.sum(active & sounds, axis=0)
    return np.asarray(twice / np.maximum(active.sum(axis=0) + sounds.sum(axis=0), 1))


def events_from_frames(active: BoolArray, *, classes: Sequence[str], frame_seconds: float) -> list[LabelledSegment]:
    """Turn decisions per frame and class into events.

    Each unbroken run of active frames m, …, n of a class becomes the event (m d, (n + 1) d, label), with d =
    frame_seconds: frame n lasts until the next would begin. The classes are independent of each other.

    Parameters
    ----------
    active : np.ndarray [shape=(frames, classes), dtype=bool]
        Which class sounds in which frame.
    classes : sequence of str
        The class of each column.
    frame_seconds : float
        d.

    Returns
    -------
    list of (start, end, label)
        In seconds, sorted by start; those that start together in the order of the classes.

    Raises
    ------
    AudioCourseError
        If the decisions are not a boolean matrix with a column for each class.

    Examples
    --------
    >>> active = np.array([[True, False], [True, True], [False, True], [True, False]])
    >>> events_from_frames(active, classes=["dog", "rain"], frame_seconds=0.5)
    [(0.0, 1.0, 'dog'), (0.5, 1.5, 'rain'), (1.5, 2.0, 'dog')]

    Notebook: ex04_event_detection
    """
    active = np.asarray(active)
    names = require_classes(classes)
    require_seconds(frame_seconds=frame_seconds)
    if active.ndim != 2 or active.dtype != bool or active.shape[1] != len(names):
        raise AudioCourseError(
            f"One yes or no (dtype bool) per frame and for each of {len(names)} classes is needed, not {active.dtype} "
            f"of shape {active.shape}."
        )
    silent = np.zeros((1, len(names)), dtype=bool)
    changes = np.diff(np.concatenate([silent, active, silent]).astype(np.int8), axis=0)  # (frames + 1, classes)
    events: list[LabelledSegment] = []
    for column, name in enumerate(names):
        starts = np.flatnonzero(changes[:, column] == 1)
        ends = np.flatnonzero(changes[:, column] == -1)  # the first silent frame after each run
        events += [
            (float(m * frame_seconds), float(n * frame_seconds), name) for m, n in zip(starts, ends, strict=True)
        ]
    return sorted(events, key=lambda event: event[0])


def match_events(
    reference: Sequence[LabelledSegment],
    estimated: Sequence[LabelledSegment],
    *,
    collar: float = 0.2,
    share: float = 0.5,
) -> list[tuple[int, int]]:
    """Match estimated events to reference events, as many as possible, each at most once.

    An estimated event can match a reference event of the same label with |Δstart| ≤ collar and |Δend| ≤ max(collar,
    share · duration of the reference). Among all one-to-one assignments, one with the largest number of pairs is
    returned (by augmenting paths, Kuhn 1955). Taking the first that fits (greedy matching) can find fewer.

    Parameters
    ----------
    reference, estimated : list of (start, end, label)
        In seconds, in any order.
    collar : float
        Tolerance of the start, and the least tolerance of the end, in seconds.
    share : float
        Tolerance of the end as a share of the duration of the reference event.

    Returns
    -------
    list of (int, int)
        Indices of matched events, in the reference and in the estimate, in the order of the reference.

    Raises
    ------
    AudioCourseError
        If an event is malformed, events of one class overlap within a list, or a tolerance is negative.

    Examples
    --------
    >>> reference = [(1.0, 1.1, "shot"), (1.15, 1.25, "shot")]
    >>> match_events(reference, [(1.05, 1.15, "shot"), (0.85, 0.95, "shot")])
    [(0, 1), (1, 0)]

    Source: A. Mesaros, T. Heittola, T. Virtanen, Metrics for polyphonic sound event detection, Applied Sciences 6(6),
    2016.

    Notebook: ex04_event_detection
    """
    require_between("collar", collar, 0, 3600)
    require_between("share", share, 0, 1000)
    require_events(reference, "reference")
    require_events(estimated, "estimate")
    candidates = [
        [j for j, event in enumerate(estimated) if _fits(target, event, collar, share)] for target in reference
    ]
    partner: dict[int, int] = {}  # of an estimated event: its reference event

    def assigned(i: int, visited: set[int]) -> bool:
        """Find a partner for reference event i, and move others to new partners where that helps."""
        for j in candidates[i]:
            if j not in visited:
                visited.add(j)
                if j not in partner or assigned(partner[j], visited):
                    partner[j] = i
                    return True
        return False

    for i in range(len(reference)):
        assigned(i, set())
    return sorted((i, j) for j, i in partner.items())


def _fits(reference: LabelledSegment, estimated: LabelledSegment, collar: float, share: float) -> bool:
    """Whether an estimated event can match a reference event."""
    start, end, label = reference
    at_start = abs(estimated[0] - start) <= collar
    at_end = abs(estimated[1] - end) <= max(collar, share * (end - start))
    return estimated[2] == label and at_start and at_end


def event_f1(
    references: Sequence[Sequence[LabelledSegment]],
    estimates: Sequence[Sequence[LabelledSegment]],
    *,
    collar: float = 0.2,
    share: float = 0.5,
) -> float:
    """Event-based F over all files together.

    F = 2 TP / (N_reference + N_estimated), with TP the pairs that `match_events` finds in each file, and both numbers
    of events added over the files (micro average). An event with a wrong start is both missed and a false alarm. Where
    there are no events at all, F is 1: nothing was to be found, and nothing was reported.

    Parameters
    ----------
    references, estimates : list of list of (start, end, label)
        One list of events for each file, in seconds.
    collar, share : float
        As in `match_events`.

    Returns
    -------
    float
        F, from 0 to 1.

    Raises
    ------
    AudioCourseError
        If the numbers of recordings differ, there is none, or a list is not one of events (see `match_events`).

    Examples
    --------
    >>> event_f1([[(1.0, 2.0, "dog")], []], [[(1.1, 2.0, "dog")], [(0.0, 1.0, "rain")]])
    0.6666666666666666

    Source: as `match_events`.

    Notebook: ex04_event_detection
    """
    if len(references) != len(estimates) or len(references) == 0:
        raise AudioCourseError(
            f"There are {len(references)} files with references and {len(estimates)} with estimates: give one list of "
            "events per file, empty where there are none, and at least one file."
        )
    pairs = zip(references, estimates, strict=True)
    matched = sum(len(match_events(*pair, collar=collar, share=share)) for pair in pairs)
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0
