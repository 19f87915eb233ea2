"""Right answers to exercise 4 in other styles than the solution: loops, matrices, libraries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

import numpy as np
from scipy import ndimage, sparse

from audiocourse.classify.practice.event_frames import CLASSES, FRAME_SECONDS, event_frames
from audiocourse.intervals import LabelledSegment
from audiocourse.learn.checking.authoring import alternative

Array = np.ndarray
Events = list[LabelledSegment]


# ---------------------------------------------------------------- 4.1 from events to frames


@alternative(task="frame_targets")
def first_frame_to_last(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    """The first centre at or after a time t is that of frame ⌈t / d − ½⌉."""
    targets = np.zeros((frames, len(classes)), dtype=np.float32)
    for start, end, label in events:
        first, stop = (math.ceil(time / frame_seconds - 0.5) for time in (start, end))
        targets[first:stop, classes.index(label)] = 1
    return targets


@alternative(task="frame_targets")
def every_pair(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    rows = [
        [
            any(start <= (m + 0.5) * frame_seconds < end for start, end, label in events if label == name)
            for name in classes
        ]
        for m in range(frames)
    ]
    return np.array(rows, dtype=int)


@alternative(task="frame_targets")
def by_bisection(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    centres = np.linspace(frame_seconds / 2, (frames - 0.5) * frame_seconds, frames)
    targets = np.zeros((frames, len(classes)), dtype=bool)
    for start, end, label in events:
        first, stop = np.searchsorted(centres, [start, end])
        targets[first:stop, classes.index(label)] = True
    return targets


# ---------------------------------------------------------------- 4.2 the loss


@alternative(task="masked_binary_cross_entropy")
def clip_by_clip(logits: Array, targets: Array, lengths: Array) -> float:
    total, count = 0.0, 0
    for z, t, n in zip(logits.tolist(), targets.tolist(), lengths.tolist(), strict=True):
        for row, wanted in zip(z[:n], t[:n], strict=True):
            for value, target in zip(row, wanted, strict=True):
                total += max(value, 0) - value * target + math.log1p(math.exp(-abs(value)))
                count += 1
    return total / count


@alternative(task="masked_binary_cross_entropy")
def with_two_logarithms(logits: Array, targets: Array, lengths: Array) -> Array:
    real = np.arange(logits.shape[1])[None] < lengths[:, None]
    z = np.where(real[..., None], logits, 0.0)
    t = np.where(real[..., None], targets, 0.0)
    loss = t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)
    return np.asarray(np.average(loss.mean(axis=-1), weights=real))


@alternative(task="masked_binary_cross_entropy")
def mean_that_leaves_out_nan(logits: Array, targets: Array, lengths: Array) -> float:
    real = np.arange(logits.shape[1]) < lengths[:, None]
    z = np.where(real[..., None], logits, np.nan)
    return float(np.nanmean(np.maximum(z, 0) - z * targets + np.log1p(np.exp(-np.abs(z)))))


@alternative(task="masked_binary_cross_entropy")
def mean_where_real(logits: Array, targets: Array, lengths: Array) -> float:
    real = np.arange(logits.shape[1]) < lengths[:, None]
    loss = np.logaddexp(0, logits) - logits * targets
    return float(np.mean(loss, where=np.repeat(real[..., None], logits.shape[2], axis=2)))


# ---------------------------------------------------------------- 4.3 the median filter


@alternative(task="median_filter")
def of_scipy(scores: Array, *, size: int) -> Array:
    return np.asarray(ndimage.median_filter(scores, size=(size, 1), mode="reflect"))


@alternative(task="median_filter")
def frame_by_frame(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, ((half, half), (0, 0)), mode="symmetric")
    return np.array([np.sort(padded[m : m + size], axis=0)[half] for m in range(len(scores))])


@alternative(task="median_filter")
def by_mirrored_indices(scores: Array, *, size: int) -> Array:
    frames, half = len(scores), size // 2
    index = np.arange(frames)[:, None] + np.arange(-half, half + 1)
    index %= 2 * frames
    index = np.minimum(index, 2 * frames - 1 - index)
    return np.asarray(np.median(scores[index], axis=1))


# ---------------------------------------------------------------- 4.4 a threshold for each class


@alternative(task="class_thresholds")
def loop_over_classes(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    chosen = []
    for p, t in zip(probabilities.T, targets.T == 1, strict=True):
        best = (-1.0, 0.0)
        for theta in candidates.tolist():
            hits = float(np.sum((p >= theta) & t))
            f = 2 * hits / (np.sum(p >= theta) + np.sum(t)) if hits else 0.0
            best = max(best, (f, theta))
        chosen.append(best[1])
    return np.array(chosen)


@alternative(task="class_thresholds")
def from_precision_and_recall(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    active = probabilities[None] >= candidates[:, None, None]  # (candidates, frames, classes)
    hits = np.einsum("kmc,mc->kc", active, targets)
    precision = hits / np.maximum(active.sum(axis=1), 1)
    recall = hits / np.maximum(targets.sum(axis=0), 1)
    f = np.round(2 * precision * recall / np.maximum(precision + recall, 1e-12), 12)
    return np.asarray(candidates[::-1][f[::-1].argmax(axis=0)])


@alternative(task="class_thresholds")
def with_a_small_number_below(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    """A denominator that cannot be 0; the rounding that it costs decides between no two candidates of the checks."""
    chosen = []
    for c in range(probabilities.shape[1]):
        scores = []
        for theta in candidates:
            active, sounds = probabilities[:, c] >= theta, targets[:, c] > 0
            tp, fp, fn = np.sum(active & sounds), np.sum(active & ~sounds), np.sum(~active & sounds)
            scores.append(2 * tp / (2 * tp + fp + fn + 1e-12))
        chosen.append(candidates[np.flatnonzero(scores == np.max(scores))[-1]])
    return np.array(chosen)


# ---------------------------------------------------------------- 4.5 from frames to events


@alternative(task="events_from_frames")
def by_groups(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events: Events = []
    for c, label in enumerate(classes):
        m = 0
        for yes, run in groupby(active[:, c].tolist()):
            n = m + len(list(run))
            if yes:
                events.append((m * frame_seconds, n * frame_seconds, label))
            m = n
    return sorted(events, key=lambda event: event[0])


@alternative(task="events_from_frames")
def by_labels_of_regions(active: Array, *, classes: list[str], frame_seconds: float) -> list[list[float | str]]:
    found = []
    for c, label in enumerate(classes):
        regions, _ = ndimage.label(np.append(active[:, c], False))  # never empty
        for (frames,) in ndimage.find_objects(regions):
            found.append((frames.start, c, frames.stop, label))
    return [[first * frame_seconds, stop * frame_seconds, label] for first, _, stop, label in sorted(found)]


@alternative(task="events_from_frames")
def by_gaps_between_frames(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events: Events = []
    for label, column in zip(classes, active.T, strict=True):
        frames = np.flatnonzero(column)
        for run in np.split(frames, np.flatnonzero(np.diff(frames) > 1) + 1):
            if run.size:
                events.append((run[0] * frame_seconds, (run[-1] + 1) * frame_seconds, label))
    return sorted(events, key=lambda event: (event[0], classes.index(event[2])))


# ---------------------------------------------------------------- 4.6 event-based F


def _fitting(reference: Sequence[LabelledSegment], estimated: Events, collar: float, share: float) -> Array:
    """Which pairs may match, by broadcasting."""
    a = np.array([event[:2] for event in reference], dtype=float).reshape(-1, 1, 2)
    b = np.array([event[:2] for event in estimated], dtype=float).reshape(1, -1, 2)
    labels = np.array([event[2] for event in reference])[:, None] == np.array([event[2] for event in estimated])[None]
    tolerance = np.maximum(collar, share * (a[..., 1] - a[..., 0]))
    return np.asarray(labels & (abs(a - b)[..., 0] <= collar) & (abs(a - b)[..., 1] <= tolerance))


@alternative(task="event_f1")
def as_a_graph(references: list[Events], estimates: list[Events], *, collar: float = 0.2, share: float = 0.5) -> float:
    matched, events = 0, 0
    for reference, estimated in zip(references, estimates, strict=True):
        events += len(reference) + len(estimated)
        if reference and estimated:
            graph = sparse.csr_matrix(_fitting(reference, estimated, collar, share).astype(int))
            matched += int(np.sum(sparse.csgraph.maximum_bipartite_matching(graph, perm_type="column") >= 0))
    return 2 * matched / events if events else 1.0


@alternative(task="event_f1")
def with_augmenting_paths(
    references: list[Events], estimates: list[Events], *, collar: float = 0.2, share: float = 0.5
) -> float:
    def tolerant(r: LabelledSegment, e: LabelledSegment) -> bool:
        return r[2] == e[2] and abs(r[0] - e[0]) <= collar and abs(r[1] - e[1]) <= max(collar, share * (r[1] - r[0]))

    matched = 0
    for reference, estimated in zip(references, estimates, strict=True):
        owner: dict[int, int] = {}

        def place(
            i: int,
            closed: set[int],
            owner: dict[int, int] = owner,
            file: tuple[Events, Events] = (reference, estimated),
        ) -> bool:
            for j, event in enumerate(file[1]):
                if j not in closed and tolerant(file[0][i], event):
                    closed.add(j)
                    if j not in owner or place(owner[j], closed):
                        owner[j] = i
                        return True
            return False

        matched += sum(place(i, set()) for i in range(len(reference)))
    events = sum(len(each) for each in [*references, *estimates])
    return 1.0 if events == 0 else 2 * matched / events


@alternative(task="event_f1")
def in_the_order_of_time(
    references: list[Events], estimates: list[Events], *, collar: float = 0.2, share: float = 0.5
) -> float:
    """Take the first that fits, but both lists in the order of time.

    As events of a class do not overlap, two matched pairs that cross can be exchanged for two that do not, as long as
    share ≤ ½; and of pairs that do not cross, taking the first that fits finds the largest number.
    """
    hits, misses, false_alarms = 0, 0, 0
    for reference, estimated in zip(references, estimates, strict=True):
        free = sorted(estimated)
        for r in sorted(reference):
            late = max(collar, share * (r[1] - r[0]))
            fitting = [e for e in free if e[2] == r[2] and abs(e[0] - r[0]) <= collar and abs(e[1] - r[1]) <= late]
            hits += bool(fitting)
            misses += not fitting
            free = [e for e in free if e not in fitting[:1]]
        false_alarms += len(free)
    return hits / (hits + (misses + false_alarms) / 2) if hits + misses + false_alarms else 1.0


@alternative(task="event_f1")
def all_files_in_one(
    references: list[Events], estimates: list[Events], *, collar: float = 0.2, share: float = 0.5
) -> float:
    """The number of the file becomes a part of the label."""
    one, other = (
        [(start, end, f"{k} {label}") for k, events in enumerate(files) for start, end, label in events]
        for files in (references, estimates)
    )
    return as_a_graph([one], [other], collar=collar, share=share)


# ---------------------------------------------------------------- 4.7 detect on unseen scenes


def _tuned() -> tuple[dict[str, int], dict[str, float]]:
    """Sizes and thresholds of each class with the best event F on scenes of its own, by trying all of a coarse grid."""
    scenes = event_frames(rng=np.random.default_rng(7), scenes=60)
    sizes: dict[str, int] = {}
    thresholds: dict[str, float] = {}
    for c, label in enumerate(CLASSES):
        references = [[event for event in scene.events if event[2] == label] for scene in scenes]
        best = -1.0
        for size in (3, 5, 13, 23):
            smooth = [of_scipy(scene.probabilities[:, [c]], size=size) for scene in scenes]
            for theta in (0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.96):
                found = [by_groups(p >= theta, classes=[label], frame_seconds=FRAME_SECONDS) for p in smooth]
                f = with_augmenting_paths(references, found)
                if f > best:
                    best, sizes[label], thresholds[label] = f, size, theta
    return sizes, thresholds


_TUNED: list[tuple[dict[str, int], dict[str, float]]] = []


@alternative(task="probabilities_to_events")
def sizes_and_thresholds_from_a_grid(probabilities: Array, classes: list[str]) -> Events:
    if not _TUNED:
        _TUNED.append(_tuned())
    sizes, thresholds = _TUNED[0]
    smooth = np.column_stack([of_scipy(probabilities[:, [c]], size=sizes[k])[:, 0] for c, k in enumerate(classes)])
    active = smooth >= np.array([thresholds[label] for label in classes])
    return by_groups(active, classes=classes, frame_seconds=FRAME_SECONDS)
