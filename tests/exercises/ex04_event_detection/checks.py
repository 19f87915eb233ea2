"""Checks of exercise 4: each is a truth that any right answer obeys, on data that the seed decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np
from scipy.optimize import linear_sum_assignment

from audiocourse.classify.events.from_scratch import event_f1, match_events
from audiocourse.classify.practice.event_frames import CLASSES, FRAME_SECONDS, EventFrames, event_frames
from audiocourse.intervals import LabelledSegment
from audiocourse.learn.checking.authoring import (
    Mismatch,
    Student,
    check,
    expect,
    expect_close,
    kind_of,
)

Array = np.ndarray
Events = list[LabelledSegment]
KINDS = ["siren", "dog_bark", "rain"]  # not in alphabetical order
D = 0.04
BY_FRAME = {"axis": "class", "row": "frame"}


def random_events(rng: np.random.Generator, *, frames: int, per_class: int = 3, step: float = D) -> Events:
    """Draw events without overlap inside a class, their ends on no grid, away from every centre; in random order."""
    events: Events = []
    for label in KINDS:
        edges = np.sort(rng.choice(np.arange(1, frames), 2 * per_class, replace=False)).astype(float)
        edges += rng.choice([0.1, 0.3, 0.7, 0.9], edges.size)
        pairs = zip(edges[::2] * step, edges[1::2] * step, strict=True)
        events += [(round(float(start), 6), round(float(end), 6), label) for start, end in pairs]
    return [events[int(i)] for i in rng.permutation(len(events))]


# 4.1 frame_targets --------------------------------------------------------------------------------------------------


def targets_by_hand(events: Events, classes: Sequence[str], frames: int, step: float) -> Array:
    """The definition, frame by frame."""
    targets = np.zeros((frames, len(classes)))
    for m in range(frames):
        for start, end, label in events:
            if start <= (m + 0.5) * step < end:
                targets[m, list(classes).index(label)] = 1
    return targets


def expect_targets(student: Student, events: Events, *, classes: list[str], frames: int, step: float) -> None:
    got = student.call("frame_targets", events, classes=classes, frames=frames, frame_seconds=step)
    right = targets_by_hand(events, classes, frames, step)
    expect_close(got if not isinstance(got, np.ndarray) else got.astype(float), right, atol=1e-6, **BY_FRAME)


@check(task="frame_targets", label="the example of the text comes out")
def targets_example(student: Student, rng: np.random.Generator) -> None:
    events = [(0.5, 1.5, "dog_bark"), (1.0, 2.0, "rain")]
    expect_targets(student, events, classes=["dog_bark", "rain"], frames=4, step=0.5)


@check(task="frame_targets", label="a frame belongs to an event if its centre lies in it, wherever start and end fall")
def centre_decides(student: Student, rng: np.random.Generator) -> None:
    for frames in (50, 75):
        expect_targets(student, random_events(rng, frames=frames), classes=KINDS, frames=frames, step=D)


@check(task="frame_targets", label="a start exactly on a centre counts, and an end exactly on a centre does not")
def edges_on_centres(student: Student, rng: np.random.Generator) -> None:
    first = int(rng.integers(0, 4))
    events = [(first + 0.5, first + 3.5, "rain"), (first + 1.5, first + 4.5, "siren")]  # even and odd centres
    expect_targets(student, events, classes=KINDS, frames=10, step=1.0)


@check(task="frame_targets", label="events of different classes that overlap are both there")
def overlap_counts_twice(student: Student, rng: np.random.Generator) -> None:
    first = 0.4 * int(rng.integers(1, 4))
    events = [(first, first + 2.0, label) for label in KINDS]
    expect_targets(student, events, classes=KINDS, frames=100, step=D)


@check(
    task="frame_targets", label="an event that touches the start or the end of the clip keeps its first or last frame"
)
def touching_the_ends(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(2, 5))
    events = [(0.0, float(n), "rain"), (10.0 - n, 10.0, "rain"), (0.0, 10.0, "siren")]
    expect_targets(student, events, classes=KINDS, frames=20, step=0.5)


@check(task="frame_targets", label="an event between two centres leaves no frame, and one around a centre leaves one")
def very_short_events(student: Student, rng: np.random.Generator) -> None:
    m = int(rng.integers(2, 9))
    events = [(m + 0.6, m + 1.4, "rain"), (m + 0.4, m + 0.6, "siren"), (m + 2.7, m + 3.45, "siren")]
    expect_targets(student, events, classes=KINDS, frames=16, step=1.0)


@check(task="frame_targets", label="no events give zeros, one row per frame and one column per class")
def no_events(student: Student, rng: np.random.Generator) -> None:
    for classes in (KINDS, ["rain"]):
        expect_targets(student, [], classes=classes, frames=int(rng.integers(5, 30)), step=D)


# 4.2 masked_binary_cross_entropy ------------------------------------------------------------------------------------


def loss_by_hand(logits: Array, targets: Array, lengths: Sequence[int]) -> float:
    """The definition, clip by clip: −T ln σ(z) − (1 − T) ln(1 − σ(z)), with both logarithms by logaddexp."""
    parts = []
    for z, t, length in zip(logits, targets, lengths, strict=True):
        positive = t[:length] * np.logaddexp(0, -z[:length])
        negative = (1 - t[:length]) * np.logaddexp(0, z[:length])
        parts.append((positive + negative).ravel())
    return float(np.concatenate(parts).mean())


def expect_loss(student: Student, logits: Array, targets: Array, lengths: list[int], case: str = "") -> None:
    right = loss_by_hand(logits, targets, lengths)
    got = student.call("masked_binary_cross_entropy", logits, targets, np.array(lengths))
    number = np.ndim(got) == 0 and isinstance(got, (int, float, np.ndarray)) and not isinstance(got, bool)
    expect(number, f"You return {kind_of(got)}; one number for the whole batch is right.")
    if not abs(float(got) - right) <= 1e-5 * max(1.0, right):  # single precision will do
        raise Mismatch(got, right, message=f"{case}Your loss is {float(got):.4g}; {right:.4g} is right.")


def random_batch(rng: np.random.Generator, shape: tuple[int, int, int]) -> tuple[Array, Array]:
    """Draw logits and targets of 0 and 1, a third of them 1."""
    targets = (rng.random(shape) < 1 / 3).astype(float)
    return rng.normal(0, 2, shape) + 2 * targets, targets


@check(task="masked_binary_cross_entropy", label="with all logits 0 the loss is ln 2 = 0.693, whatever the targets are")
def logits_of_zero(student: Student, rng: np.random.Generator) -> None:
    _, targets = random_batch(rng, (2, 5, 3))
    expect_loss(student, np.zeros((2, 5, 3)), targets, [5, 5])


@check(task="masked_binary_cross_entropy", label="without padding it is the mean over all clips, frames and classes")
def mean_over_everything(student: Student, rng: np.random.Generator) -> None:
    for shape in ((1, 4, 1), (3, 6, 2), (2, 3, 5)):
        logits, targets = random_batch(rng, shape)
        expect_loss(student, logits, targets, [shape[1]] * shape[0], f"Shape {shape}, no padding. ")


@check(task="masked_binary_cross_entropy", label="every real frame counts the same, in long clips and in short ones")
def every_frame(student: Student, rng: np.random.Generator) -> None:
    logits, targets = random_batch(rng, (3, 9, 2))
    lengths = [9, int(rng.integers(2, 5)), 1]
    logits[1:] += 3.0  # the short clips are much worse
    beyond = np.arange(9) >= np.array(lengths)[:, None]
    logits[beyond] = targets[beyond] = 0.0
    expect_loss(student, logits, targets, lengths, f"Clips of {lengths} frames. ")


@check(task="masked_binary_cross_entropy", label="what is in the padding does not matter, not even NaN")
def padding_is_nothing(student: Student, rng: np.random.Generator) -> None:
    logits, targets = random_batch(rng, (3, 8, 2))
    lengths = rng.permutation([8, 5, 2]).tolist()
    beyond = np.arange(8) >= np.array(lengths)[:, None]
    for filling in (9.0, np.nan, np.inf):
        logits[beyond] = filling
        expect_loss(student, logits, targets, lengths, f"The logits in the padding are {filling:g}. ")
    logits[beyond] = 0.0
    for filling in (9.0, np.nan):
        targets[beyond] = filling
        expect_loss(student, logits, targets, lengths, f"The targets in the padding are {filling:g}. ")


@check(task="masked_binary_cross_entropy", label="several classes may be active in a frame: each has its own sigmoid")
def classes_are_independent(student: Student, rng: np.random.Generator) -> None:
    size = float(rng.uniform(4, 7))
    targets = np.array([[[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]])
    expect_loss(student, size * (2 * targets - 1), targets, [3], "Every class is right in every frame. ")


@check(task="masked_binary_cross_entropy", label="very large logits, right or wrong, give a finite loss")
def large_logits(student: Student, rng: np.random.Generator) -> None:
    size = float(rng.integers(800, 2000))
    logits = size * np.array([[[1.0, -1.0], [1.0, -1.0]]])
    expect_loss(student, logits, np.array([[[1.0, 0.0], [0.0, 1.0]]]), [2], f"Logits of ±{size:g}. ")


@check(task="masked_binary_cross_entropy", label="targets between 0 and 1 work too, and so does a clip without frames")
def soft_targets(student: Student, rng: np.random.Generator) -> None:
    logits, _ = random_batch(rng, (3, 4, 2))
    expect_loss(student, logits, rng.random(logits.shape), [4, 0, 3], "Targets between 0 and 1. ")


# 4.3 median_filter --------------------------------------------------------------------------------------------------


def filtered_by_hand(scores: Array, size: int) -> Array:
    """The definition: sort each window; indices beyond an end are mirrored, as often as needed."""
    frames = len(scores)
    there_and_back = np.concatenate([np.arange(frames), np.arange(frames)[::-1]])
    half = size // 2
    rows = []
    for m in range(frames):
        window = scores[there_and_back[np.arange(m - half, m + half + 1) % (2 * frames)]]
        rows.append(np.sort(window, axis=0)[half])
    return np.array(rows)


def expect_filtered(student: Student, scores: Array, size: int) -> None:
    got = student.call("median_filter", scores, size=size)
    expect_close(got, filtered_by_hand(scores, size), atol=1e-6, **BY_FRAME)


def column(text: str) -> Array:
    """Read scores of one class from a drawing: ``..##.`` is 0, 0, 1, 1, 0."""
    return np.array([[float(letter == "#")] for letter in text])


@check(task="median_filter", label="a single frame of flicker disappears, and a gap of one frame is closed")
def single_frames(student: Student, rng: np.random.Generator) -> None:
    before, after = "." * int(rng.integers(3, 7)), "." * int(rng.integers(3, 7))
    for text in (".......#", ".......####.###"):
        expect_filtered(student, column(before + text + after), 3)


@check(task="median_filter", label="each frame is the median of the frames around it, for any odd size")
def median_of_the_window(student: Student, rng: np.random.Generator) -> None:
    for size in (3, 5, 9):
        expect_filtered(student, rng.random((40, 1)), size)


@check(task="median_filter", label="each class is filtered along time on its own")
def each_class_alone(student: Student, rng: np.random.Generator) -> None:
    expect_filtered(student, rng.random((30, 4)) + np.arange(4), 5)
    expect_filtered(student, rng.random((6, 9)), 3)


@check(task="median_filter", label="at the ends the sequence is mirrored, so an event at an end of the clip is not cut")
def mirrored_ends(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(4, 7))
    for text in ("#" * n + "." * 12 + "#" * n, "##" + "." * 12 + "#", "#.##......#.#"):
        expect_filtered(student, column(text), 7)
    expect_filtered(student, rng.random((12, 2)), 9)


@check(task="median_filter", label="a run longer than half the window keeps its edges")
def edges_stay(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(4, 9))
    expect_filtered(student, column("." * 9 + "#" * n + "." * 9 + "###" + "." * 9), 7)


@check(task="median_filter", label="a window of 1 frame changes nothing")
def window_of_one(student: Student, rng: np.random.Generator) -> None:
    expect_filtered(student, rng.random((int(rng.integers(3, 20)), 2)), 1)


@check(task="median_filter", label="the window may be longer than the clip, and the clip a single frame")
def window_beyond_the_clip(student: Student, rng: np.random.Generator) -> None:
    expect_filtered(student, rng.random((4, 2)), 15)
    expect_filtered(student, rng.random((1, 3)), 5)


# 4.4 class_thresholds -----------------------------------------------------------------------------------------------


def thresholds_by_hand(probabilities: Array, targets: Array, candidates: Array) -> Array:
    """The definition, one class and one candidate at a time."""
    chosen = []
    for p, t in zip(probabilities.T, targets.T, strict=True):
        scores = []
        for theta in candidates:
            tp = int(np.count_nonzero(t[p >= theta]))
            wrong = int(np.count_nonzero((p >= theta) != (t == 1)))
            scores.append((2 * tp / (2 * tp + wrong) if tp else 0.0, theta))
        chosen.append(max(scores)[1])
    return np.array(chosen)


def expect_thresholds(student: Student, probabilities: Array, targets: Array, candidates: Array) -> None:
    got = student.call("class_thresholds", probabilities, targets, candidates=candidates)
    right = thresholds_by_hand(probabilities, targets, candidates)
    expect_close(got, right, atol=1e-9, axis="class")


def development(
    rng: np.random.Generator, *, frames: int, centres: Sequence[float], share: float
) -> tuple[Array, Array]:
    """Draw probabilities that overlap between frames with and without the class, around a centre for each class."""
    targets = (rng.random((frames, len(centres))) < share).astype(float)
    logits = 6 * (targets - np.array(centres)) + rng.normal(0, 2.5, targets.shape)
    return np.round(1 / (1 + np.exp(-logits)), 3), targets


GRID = np.round(np.arange(0.05, 1.0, 0.05), 2)


def is_clear(probabilities: Array, targets: Array, candidates: Array = GRID) -> bool:
    """Whether the best candidates of each class have the same TP: no tie that hangs on how F is computed."""
    for p, t in zip(probabilities.T, targets.T, strict=True):
        counts = [(int(np.count_nonzero(t[p >= theta])), int(np.count_nonzero(p >= theta))) for theta in candidates]
        scores = [2 * tp / (active + t.sum()) if tp else 0.0 for tp, active in counts]
        if len({tp for (tp, _), f in zip(counts, scores, strict=True) if f > max(scores) - 1e-9}) > 1:
            return False
    return True


@check(task="class_thresholds", label="the example of the text comes out: 0.25 and 0.75")
def thresholds_example(student: Student, rng: np.random.Generator) -> None:
    probabilities = np.array([[0.1, 0.9], [0.3, 0.8], [0.4, 0.2]])
    targets = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    expect_thresholds(student, probabilities, targets, np.array([0.25, 0.5, 0.75]))


@check(task="class_thresholds", label="each class gets the threshold that is best for it")
def best_for_each_class(student: Student, rng: np.random.Generator) -> None:
    for centres in ([0.2, 0.5, 0.8], [0.7, 0.3]):
        data = development(rng, frames=160, centres=centres, share=0.3)
        while not is_clear(*data):
            data = development(rng, frames=160, centres=centres, share=0.3)
        expect_thresholds(student, *data, GRID)


@check(task="class_thresholds", label="for a rare class F counts, not the share of right frames")
def rare_class(student: Student, rng: np.random.Generator) -> None:
    drawn = 0
    while drawn < 2:
        probabilities, targets = development(rng, frames=200, centres=[0.6, 0.4], share=0.05)
        targets[:3] = 1
        if is_clear(probabilities, targets):
            drawn += 1
            expect_thresholds(student, probabilities, targets, GRID)


@check(
    task="class_thresholds", label="F decides, where another measure prefers another threshold, and by however little"
)
def measures_disagree(student: Student, rng: np.random.Generator) -> None:
    # frames of each class by p and by whether it sounds: 0.7 yes, 0.7 no, 0.3 yes, 0.3 no, 0.1 yes, 0.1 no
    better_low = [20, 0, 15, 37, 15, 113]  # F is 0.571 at 0.5 and 0.574 at 0.2
    better_high = [20, 0, 15, 38, 15, 112]  # F is 0.571 at 0.5 and 0.569 at 0.2
    columns = [np.repeat([0.7, 0.7, 0.3, 0.3, 0.1, 0.1], counts) for counts in (better_low, better_high)]
    sounds = [np.repeat([1.0, 0.0, 1.0, 0.0, 1.0, 0.0], counts) for counts in (better_low, better_high)]
    order = rng.permutation(200)
    probabilities, targets = np.stack(columns, axis=1)[order], np.stack(sounds, axis=1)[order]
    expect_thresholds(student, probabilities, targets, np.array([0.2, 0.5]))


@check(task="class_thresholds", label="a frame with p exactly at the threshold is active")
def exactly_at_the_threshold(student: Student, rng: np.random.Generator) -> None:
    theta = float(rng.choice(GRID[4:14]))
    probabilities = np.array([[theta], [theta], [0.01], [0.01]])
    expect_thresholds(student, probabilities, np.array([[1.0], [1.0], [0.0], [0.0]]), GRID)


@check(task="class_thresholds", label="of equally good candidates the highest is taken")
def highest_of_the_best(student: Student, rng: np.random.Generator) -> None:
    low, high = sorted(rng.uniform([0.06, 0.7], [0.3, 0.94]).round(3))
    probabilities = np.array([[low, high], [high, low], [high, low]])
    expect_thresholds(student, probabilities, np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]), GRID)


@check(task="class_thresholds", label="a class that never sounds gets the highest candidate, not NaN")
def silent_class(student: Student, rng: np.random.Generator) -> None:
    clear = False
    while not clear:
        probabilities, targets = development(rng, frames=60, centres=[0.5, 0.5, 0.5], share=0.4)
        targets[:, 1] = 0
        probabilities[:, 2] *= 0.04  # never active
        clear = is_clear(probabilities, targets)
    expect_thresholds(student, probabilities, targets, GRID)


@check(task="class_thresholds", label="only the candidates count, however many there are; one class is enough")
def other_candidates(student: Student, rng: np.random.Generator) -> None:
    probabilities, targets = development(rng, frames=90, centres=[0.45], share=0.5)
    several = np.sort(rng.uniform(0.05, 0.95, 9))
    while not is_clear(probabilities, targets, several):
        several = np.sort(rng.uniform(0.05, 0.95, 9))
    for candidates in (np.array([0.4]), np.array([0.13, 0.62]), several):
        expect_thresholds(student, probabilities, targets, candidates)


# 4.5 events_from_frames ---------------------------------------------------------------------------------------------


def events_by_hand(active: Array, classes: Sequence[str], step: float) -> Events:
    """Grow each event frame by frame."""
    events: list[list[float | str]] = []
    for c, label in enumerate(classes):
        begun = False
        for m, yes in enumerate(active[:, c].tolist()):
            if yes and begun:
                events[-1][1] = (m + 1) * step
            elif yes:
                events.append([m * step, (m + 1) * step, label])
            begun = yes
    events.sort(key=lambda event: event[0])
    return [(float(start), float(end), str(label)) for start, end, label in events]


def listed(events: Events) -> str:
    """The first events of a list, as a student reads them."""
    shown = ", ".join(f"{start:.4g}–{end:.4g} s {label}" for start, end, label in events[:4])
    return f"{len(events)} event{'s' * (len(events) != 1)}{f' ({shown}' if shown else ''}" + (
        ", …)" if len(events) > 4 else ")" * bool(shown)
    )


def as_events(got: object) -> Events:
    """Require a list of (start, end, label): two numbers and a text."""
    message = f"You return {got!r:.60}; a list of (start, end, label) is right."
    expect(isinstance(got, (list, tuple)), message)
    events: Events = []
    for event in got:  # type: ignore[attr-defined]
        triple = isinstance(event, (list, tuple)) and len(event) == 3
        expect(triple and isinstance(event[2], str), message)
        numbers = all(isinstance(time, (int, float)) and not isinstance(time, bool) for time in event[:2])
        expect(numbers, message)
        events.append((float(event[0]), float(event[1]), event[2]))
    return events


def expect_events(student: Student, active: Array, *, classes: list[str] = KINDS, step: float = D) -> None:
    events = as_events(student.call("events_from_frames", active, classes=classes, frame_seconds=step))
    right = events_by_hand(active, classes, step)
    message = f"You return {listed(events)}; {listed(right)} would be right."
    expect(len(events) == len(right), message)
    for index, (mine, true) in enumerate(zip(events, right, strict=True)):
        which = f"Your event {index + 1} of {len(right)}"
        same = abs(mine[0] - true[0]) < 1e-6 and abs(mine[1] - true[1]) < 1e-6 and mine[2] == true[2]
        text = " is {:.5g}–{:.5g} s {}; {:.5g}–{:.5g} s {} is right.".format(*mine, *true)
        expect(same, which + text.replace("-", "−"))


def drawn(*rows: str) -> Array:
    """Read decisions from a drawing, one text per class: ``.##.`` is no, yes, yes, no."""
    return np.array([[letter == "#" for letter in row] for row in rows]).T


@check(task="events_from_frames", label="the example of the text comes out")
def frames_example(student: Student, rng: np.random.Generator) -> None:
    expect_events(student, drawn("##.#", ".##."), classes=["dog_bark", "rain"], step=0.5)


@check(task="events_from_frames", label="an event lasts until the end of its last frame; a single frame is an event")
def whole_frames(student: Student, rng: np.random.Generator) -> None:
    m, n = int(rng.integers(3, 9)), int(rng.integers(2, 9))
    expect_events(student, drawn("." * m + "#" * n + "..."), classes=["rain"])
    expect_events(student, drawn("." * m + "#" + "..."), classes=["rain"])


@check(task="events_from_frames", label="events that touch the start or the end of the clip are there")
def events_at_the_ends(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(2, 6))
    expect_events(student, drawn("#" * n + "....." + "#" * n), classes=["siren"])
    expect_events(student, np.ones((n, 2), dtype=bool), classes=["siren", "rain"])


@check(task="events_from_frames", label="overlapping events of different classes stay two, each with its own label")
def overlapping_classes(student: Student, rng: np.random.Generator) -> None:
    gap = "." * int(rng.integers(1, 5))
    expect_events(student, drawn(gap + "####...", gap + "..####.", gap + "....###"))


@check(task="events_from_frames", label="a gap of one frame separates two events of a class")
def short_gap(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(2, 5))
    expect_events(student, drawn("." + "#" * n + "." + "#" * n + "..", "." * (2 * n + 4), "#" * (2 * n + 4)))


@check(task="events_from_frames", label="the events are sorted by start; those that start together, as in classes")
def sorted_by_start(student: Student, rng: np.random.Generator) -> None:
    order = [KINDS[int(i)] for i in rng.permutation(3)]
    expect_events(student, drawn("...##..#", "##....##", "##.#...."), classes=order)


@check(task="events_from_frames", label="any decisions come out as events, for any length of a frame")
def any_decisions(student: Student, rng: np.random.Generator) -> None:
    for step, frames in ((0.04, 300), (0.32, 60), (256 / 22_050, 800)):
        active = np.repeat(rng.random((frames // 4, 3)) < 0.4, 4, axis=0)
        active ^= rng.random(active.shape) < 0.03
        expect_events(student, active, step=step)


@check(task="events_from_frames", label="silence has no events, and neither has a clip without frames")
def silence_has_no_events(student: Student, rng: np.random.Generator) -> None:
    for frames in (int(rng.integers(3, 20)), 0):
        expect_events(student, np.zeros((frames, 3), dtype=bool))


# 4.6 event_f1 -------------------------------------------------------------------------------------------------------


def f1_by_hand(references: list[Events], estimates: list[Events], collar: float, share: float) -> float:
    """Count an optimal assignment in each file."""
    matched = 0.0
    for reference, estimated in zip(references, estimates, strict=True):
        fits = np.zeros((len(reference), len(estimated)))
        for i, (start, end, label) in enumerate(reference):
            for j, event in enumerate(estimated):
                late = max(collar, share * (end - start))
                fits[i, j] = event[2] == label and abs(event[0] - start) <= collar and abs(event[1] - end) <= late
        matched += float(fits[linear_sum_assignment(fits, maximize=True)].sum())
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


def expect_f1(
    student: Student, references: list[Events], estimates: list[Events], case: str = "", **options: float
) -> None:
    right = f1_by_hand(references, estimates, options.get("collar", 0.2), options.get("share", 0.5))
    got = student.call("event_f1", references, estimates, **options)
    number = np.ndim(got) == 0 and isinstance(got, (int, float, np.ndarray)) and not isinstance(got, bool)
    expect(number, f"You return {kind_of(got)}; one number for all files is right.")
    if not abs(float(got) - right) <= 1e-6:
        raise Mismatch(got, right, message=f"{case}Your F is {float(got):.4g}; {right:.4g} is right.")


@check(task="event_f1", label="the example of the text comes out: one event right, one too late, one too many")
def f1_example(student: Student, rng: np.random.Generator) -> None:
    reference = [(1.0, 2.0, "dog_bark"), (4.0, 5.0, "rain")]
    estimated = [(1.1, 2.0, "dog_bark"), (4.5, 5.0, "rain"), (7.0, 8.0, "siren")]
    expect_f1(student, [reference], [estimated], "The example of the text. ")


@check(task="event_f1", label="all right is 1, nothing found is 0, and no events at all is 1")
def perfect_and_nothing(student: Student, rng: np.random.Generator) -> None:
    reference = random_events(rng, frames=100)
    expect_f1(student, [reference], [[reference[int(i)] for i in rng.permutation(len(reference))]], "All right. ")
    expect_f1(student, [reference], [[]], "Nothing found. ")
    expect_f1(student, [[], []], [[], []], "No events, none estimated. ")
    expect_f1(student, [[]], [reference], "No events, some estimated. ")


@check(task="event_f1", label="the label must be right")
def label_counts(student: Student, rng: np.random.Generator) -> None:
    t = float(rng.integers(1, 5))
    reference = [(t, t + 1.0, "rain"), (t + 2.0, t + 3.0, "siren")]
    expect_f1(student, [reference], [[(t, t + 1.0, "siren"), (t + 2.0, t + 3.0, "siren")]], "One label is wrong. ")
    together = [(t, t + 1.0, "rain"), (t + 0.125, t + 1.0, "siren")]
    late = [(t, t + 1.0, "siren"), (t + 0.125, t + 1.0, "rain")]
    expect_f1(student, [together], [late], "Rain and a siren start 0.125 s apart, and were found in the other order. ")


@check(task="event_f1", label="a start may be early or late by the collar, exactly the collar included")
def start_within_the_collar(student: Student, rng: np.random.Generator) -> None:
    t = float(rng.integers(2, 9))
    for late in (-0.5, -0.25, 0.0, 0.25, 0.5):
        case = f"The start is {abs(late)} s {'early' if late < 0 else 'late'}, the collar 0.25 s. "
        expect_f1(student, [[(t, t + 2.0, "rain")]], [[(t + late, t + 2.0, "rain")]], case, collar=0.25)


@check(
    task="event_f1",
    label="an end may be off by the collar, or by the share of the reference duration if that is more",
)
def end_within_its_tolerance(student: Student, rng: np.random.Generator) -> None:
    t = float(rng.integers(2, 9))
    long, short = (t, t + 4.0, "rain"), (t, t + 0.25, "rain")
    case = "An event of 4 s ends 1 s late, two of 0.25 s end 0.25 s late; collar 0.25 s, share 0.25. "
    late = [[(t, t + 5.0, "rain")], *[[(t, t + 0.5, "rain")]] * 2]
    expect_f1(student, [[long], [short], [short]], late, case, collar=0.25, share=0.25)
    for duration in (0.25, 4.0):
        for off in (-1.5, -1.0, -0.125, 0.125, 0.25, 0.375, 1.0, 1.25):
            if duration + off > 0:
                case = f"The event lasts {duration} s, the end is {abs(off)} s {'early' if off < 0 else 'late'}. "
                end = t + duration
                reference, estimated = [[(t, end, "rain")]], [[(t, end + off, "rain")]]
                expect_f1(student, reference, estimated, case, collar=0.25, share=0.25)
    case = "A shot of 0.25 s is found 0.125 s late, and its end 0.3125 s late, the collar 0.25 s. "
    shot, found = (t, t + 0.25, "gunshot"), (t + 0.125, t + 0.5625, "gunshot")
    expect_f1(student, [[shot]], [[found]], case, collar=0.25)
    for off in (-2.25, -1.75):
        case = f"The event lasts 4 s, the end is {-off} s early, the share is 0.5, its default. "
        expect_f1(student, [[long]], [[(t, t + 4.0 + off, "rain")]], case)


@check(task="event_f1", label="each event is matched at most once, on both sides")
def one_to_one(student: Student, rng: np.random.Generator) -> None:
    t = float(rng.integers(1, 5))
    two = [(t, t + 0.1, "gunshot"), (t + 0.15, t + 0.25, "gunshot")]
    middle = [(t + 0.08, t + 0.18, "gunshot")]
    expect_f1(student, [two], [middle], "One estimated event near two shots. ")
    expect_f1(student, [middle], [two], "Two estimated events near one shot. ")


@check(task="event_f1", label="as many events as possible are matched, in whatever order the lists are")
def as_many_as_possible(student: Student, rng: np.random.Generator) -> None:
    t = float(rng.integers(1, 5))
    shots = [(t, t + 0.1, "gunshot"), (t + 0.15, t + 0.25, "gunshot"), (t + 0.3, t + 0.4, "gunshot")]
    found = [(s - 0.13, e - 0.13, label) for s, e, label in shots]
    torn = [(t + 0.0625, t + 0.125, "rain"), (t + 0.125, t + 0.4375, "rain")]
    case = "An event of 0.5 s is found in two pieces, of which the second ends near enough. "
    expect_f1(student, [[(t, t + 0.5, "rain")]], [torn], case)
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]):
        shuffled = [found[i] for i in order]
        expect_f1(student, [shots], [shuffled], "Three shots close to each other, all found 0.13 s early. ")
        expect_f1(student, [shuffled], [shots], "Three shots close to each other, all found 0.13 s late. ")


@check(task="event_f1", label="events are counted over all files; the files are not averaged, and not mixed")
def over_all_files(student: Student, rng: np.random.Generator) -> None:
    reference = random_events(rng, frames=200)
    one = [(1.0, 2.0, "rain")]
    expect_f1(student, [reference, one, []], [reference, [], one], "Three files of different length. ")
    references = [random_events(rng, frames=150, step=0.05) for _ in range(3)]
    moved = [
        [(min(start + float(rng.uniform(0, 0.3)), end), end, label) for start, end, label in events[::2]]
        for events in references
    ]
    expect_f1(student, references, moved, "Three random files. ")


# 4.7 probabilities_to_events (open) ---------------------------------------------------------------------------------

BANDS = (0.45, 0.68, 0.83)  # the smallest F of each
HIDDEN_SCENES = 80


@lru_cache(maxsize=4)
def hidden_scenes(seed: int) -> list[EventFrames]:
    """Simulate scenes that no one has tuned on."""
    return event_frames(rng=np.random.default_rng(seed), scenes=HIDDEN_SCENES)


@dataclass(frozen=True)
class Measured:
    """How a detector did: F over all scenes together, and the class with most errors of which kind."""

    f1: float
    worst: str


_measured: WeakKeyDictionary[Student, Measured] = WeakKeyDictionary()


def measure(student: Student, rng: np.random.Generator) -> Measured:
    """Try the detector on unseen scenes, once for all bands."""
    if student not in _measured:
        scenes = hidden_scenes(int(rng.integers(2**31)))
        errors: Counter[str] = Counter()
        estimates = []
        for scene in scenes:
            got = student.call("probabilities_to_events", scene.probabilities, list(CLASSES))
            estimates.append(sane_events(got, len(scene.probabilities) * FRAME_SECONDS))
            pairs = match_events(scene.events, estimates[-1])
            missed = set(range(len(scene.events))) - {i for i, _ in pairs}
            spurious = set(range(len(estimates[-1]))) - {j for _, j in pairs}
            errors.update(f"missed events of the class {scene.events[i][2]}" for i in missed)
            errors.update(f"spurious events of the class {estimates[-1][j][2]}" for j in spurious)
        worst = errors.most_common(1)[0][0] if errors else "nothing"
        _measured[student] = Measured(event_f1([scene.events for scene in scenes], estimates), worst)
    return _measured[student]


def sane_events(got: object, seconds: float) -> Events:
    """Require events of known classes inside the scene, without overlap inside a class."""
    events = as_events(got)
    ends: dict[str, float] = {}
    for start, end, label in sorted(events):
        message = f"In a scene of {seconds:g} s you return the event {start:.2f}–{end:.2f} s {label}"
        expect(label in CLASSES, f"{message}, whose label is not one of the classes.")
        expect(0 <= start <= end <= seconds + 1e-6, f"{message}, which is not inside the scene.")
        expect(start >= ends.get(label, 0.0) - 1e-6, f"{message}, which overlaps another event of its class.")
        ends[label] = max(end, ends.get(label, 0.0))
    return [(max(start, 0.0), end, label) for start, end, label in events]


def reach(band: int, student: Student, rng: np.random.Generator) -> None:
    """Report which band is reached and what goes wrong most often, but no figure, so that no one tunes on these."""
    measured = measure(student, rng)
    reached = sum(measured.f1 >= limit for limit in BANDS)
    message = (
        f"On {HIDDEN_SCENES} unseen scenes your detector reaches {f'band {reached}' if reached else 'no band yet'}."
    )
    expect(reached >= band, f"{message} Its most frequent error: {measured.worst}.")


@check(task="probabilities_to_events", label="band 1: one good idea (F at least 0.45)")
def band_one(student: Student, rng: np.random.Generator) -> None:
    reach(1, student, rng)


@check(task="probabilities_to_events", label="band 2: two good ideas (F at least 0.68)")
def band_two(student: Student, rng: np.random.Generator) -> None:
    reach(2, student, rng)


@check(task="probabilities_to_events", label="band 3: two good ideas for each class (F at least 0.83)")
def band_three(student: Student, rng: np.random.Generator) -> None:
    reach(3, student, rng)
