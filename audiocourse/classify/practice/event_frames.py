"""Simulated output of a sound event detector: scenes of events, and the probability of each class in each frame.

A scene with sound and a real network takes a quarter of a second; a simulated one takes a few milliseconds, so that a
detector can be tried on hundreds. The simulation has the faults of real outputs, class by class: probabilities that
are too low or too high throughout, flicker, short dropouts and bursts, quiet events, and classes that are mistaken for
each other. Durations resemble those of `audiocourse.sounds.event`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiocourse.intervals import LabelledSegment
from audiocourse.require import require_between, require_choice, require_events, require_positive, require_rng
from audiocourse.signal import BoolArray, FloatArray

FRAME_SECONDS = 0.04
GAP_SECONDS = 0.3  # between two events of one class
POLYPHONY = 2


@dataclass(frozen=True)
class Behaviour:
    """How long the events of a class last, and how a network responds to them.

    Parameters
    ----------
    seconds : (float, float)
        Shortest and longest event.
    centre : float
        The evidence, from 0 (silence) to 1 (a loud event), at which the probability is ½. At about 0.4 the class is
        well calibrated; higher, and its probabilities are too low; lower, and they are too high.
    dropout_frames : int
        The longest dropout or burst of evidence.
    confused_with : str
        The class that receives a part of this one's evidence; "" for none.
    """

    seconds: tuple[float, float]
    centre: float
    dropout_frames: int
    confused_with: str = ""


BEHAVIOURS = {
    "gunshot": Behaviour((0.2, 0.4), 0.62, 1),
    "alarm": Behaviour((2.0, 5.0), 0.30, 9, "phone_ring"),
    "siren": Behaviour((2.5, 5.5), 0.55, 9, "alarm"),
    "doorbell": Behaviour((0.8, 2.5), 0.42, 6),
    "baby_cry": Behaviour((2.0, 4.5), 0.55, 10),
    "dog_bark": Behaviour((0.2, 0.5), 0.40, 1),
    "glass_break": Behaviour((0.3, 0.9), 0.22, 2, "gunshot"),
    "rain": Behaviour((3.0, 5.5), 0.20, 11),
    "helicopter": Behaviour((3.0, 5.5), 0.66, 10, "rain"),
    "phone_ring": Behaviour((1.2, 3.0), 0.48, 6),
}
CLASSES = tuple(BEHAVIOURS)

_GAIN = 8.0  # of the logit per unit of evidence
_LEAK = 0.45  # share of the evidence that a confused class receives
_NOISE = 0.7  # standard deviation of the logit's noise
_MEMORY = 0.6  # of that noise, from frame to frame
_FAULTS_PER_SECOND = 0.5  # dropouts inside an event, and in each class bursts outside at a tenth of this rate


@dataclass(frozen=True, eq=False)
class EventFrames:
    """A scene without sound.

    Parameters
    ----------
    events : list of (start, end, label)
        In seconds, sorted by start.
    probabilities : np.ndarray [shape=(frames, classes)]
        Output of the simulated network, float32; the classes are `CLASSES`, a frame lasts `FRAME_SECONDS`.
    """

    events: list[LabelledSegment]
    probabilities: FloatArray


def event_frames(*, rng: np.random.Generator, scenes: int = 60, seconds: float = 10.0) -> list[EventFrames]:
    """Simulate scenes and the output of a network for each.

    Every class occurs about equally often: the classes are dealt out like cards, three to six to a scene. One scene in
    ten has no event. At most two events overlap.

    Parameters
    ----------
    rng : np.random.Generator
        Source of all randomness.
    scenes : int
        Their number.
    seconds : float
        Duration of each, 6 to 60.

    Returns
    -------
    list of EventFrames

    Raises
    ------
    AudioCourseError
        If an option is out of range.

    Notebook: ex04_event_detection
    """
    require_rng(rng)
    require_positive(scenes=scenes)
    frames = round(require_between("seconds", seconds, 6, 60) / FRAME_SECONDS)
    silent = set(rng.permutation(scenes)[: scenes // 10].tolist())
    counts = [0 if scene in silent else int(rng.integers(3, 7)) for scene in range(scenes)]
    decks = [rng.permutation(len(CLASSES)) for _ in range(sum(counts) // len(CLASSES) + 1)]
    cards = iter(np.concatenate(decks).tolist())
    drawn = [_placed([CLASSES[next(cards)] for _ in range(count)], frames, rng) for count in counts]
    return [EventFrames(events, simulated_probabilities(events, frames=frames, rng=rng)) for events in drawn]


def _placed(labels: list[str], frames: int, rng: np.random.Generator) -> list[LabelledSegment]:
    """Give each label a duration and a place; one that finds none after some tries is left out."""
    total = frames * FRAME_SECONDS
    events: list[LabelledSegment] = []
    for label in labels:
        for _ in range(30):
            shortest, longest = BEHAVIOURS[label].seconds
            duration = float(np.exp(rng.uniform(np.log(shortest), np.log(longest))))
            start = float(rng.uniform(0, total - duration))
            candidate = (round(start, 3), round(start + duration, 3), label)
            if _is_free(candidate, events):
                events.append(candidate)
                break
    return sorted(events)


def _is_free(candidate: LabelledSegment, events: list[LabelledSegment]) -> bool:
    """Whether an event has room beside the others."""
    start, end, label = candidate
    same = [other for other in events if other[2] == label]
    if any(start < other[1] + GAP_SECONDS and other[0] < end + GAP_SECONDS for other in same):
        return False
    overlapping = [other for other in events if start < other[1] and other[0] < end]
    return all(sum(a[0] <= b[0] < a[1] for a in overlapping) < POLYPHONY for b in [*overlapping, candidate])


def simulated_probabilities(events: list[LabelledSegment], *, frames: int, rng: np.random.Generator) -> FloatArray:
    """Simulate the output of a network for known events: evidence, leaks to other classes, faults, noise, calibration.

    Parameters
    ----------
    events : list of (start, end, label)
        In seconds; the labels are some of `CLASSES`.
    frames : int
        Number of frames.
    rng : np.random.Generator
        Source of all randomness.

    Returns
    -------
    np.ndarray [shape=(frames, classes)]
        p, float32.

    Raises
    ------
    AudioCourseError
        If a label is not a class, or there are no frames.

    Notebook: ex04_event_detection
    """
    require_rng(rng)
    require_positive(frames=frames)
    require_events(events, "events")
    for *_, label in events:
        require_choice("class", label, CLASSES)
    evidence = np.zeros((frames, len(CLASSES)))
    centres = (np.arange(frames) + 0.5) * FRAME_SECONDS
    for start, end, label in events:
        loud = float(rng.uniform(0.75, 1.0)) * _envelope(centres, start, end)
        loud[_faults(frames, BEHAVIOURS[label].dropout_frames, _FAULTS_PER_SECOND, rng)] *= 0.25
        column = CLASSES.index(label)
        evidence[:, column] = np.maximum(evidence[:, column], loud)
        if BEHAVIOURS[label].confused_with:
            other = CLASSES.index(BEHAVIOURS[label].confused_with)
            evidence[:, other] = np.maximum(evidence[:, other], _LEAK * loud)
    for column, behaviour in enumerate(BEHAVIOURS.values()):
        bursts = _faults(frames, behaviour.dropout_frames, _FAULTS_PER_SECOND / 10, rng)
        evidence[bursts, column] = np.maximum(evidence[bursts, column], 0.8)
    noise = _NOISE * _coloured(rng.normal(size=evidence.shape))
    logits = _GAIN * (evidence - [behaviour.centre for behaviour in BEHAVIOURS.values()]) + noise
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


def _envelope(centres: FloatArray, start: float, end: float) -> FloatArray:
    """Rise within two frames around the start, and fall within four around the end, from 0 to 1 and back."""
    rise = np.clip(0.5 + (centres - start) / (2 * FRAME_SECONDS), 0, 1)
    fall = np.clip(0.5 + (end - centres) / (4 * FRAME_SECONDS), 0, 1)
    return np.asarray(rise * fall)


def _faults(frames: int, longest: int, per_second: float, rng: np.random.Generator) -> BoolArray:
    """Mark frames of short faults, 1 to ``longest`` frames each, at a mean rate."""
    marked = np.zeros(frames, dtype=bool)
    for _ in range(rng.poisson(per_second * frames * FRAME_SECONDS)):
        first = int(rng.integers(frames))
        marked[first : first + int(rng.integers(1, longest + 1))] = True
    return marked


def _coloured(white: FloatArray) -> FloatArray:
    """Give white noise [shape=(frames, classes)] a memory from frame to frame; the variance stays 1."""
    coloured = white.copy()
    for m in range(1, len(white)):
        coloured[m] = _MEMORY * coloured[m - 1] + np.sqrt(1 - _MEMORY**2) * white[m]
    return coloured
