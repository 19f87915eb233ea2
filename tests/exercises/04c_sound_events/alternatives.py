"""Right answers to the tasks of chapter 4c in other styles than the solution."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Events = list[tuple[float, float, str]]

# ---------------------------------------------------------------- 4c.1 segments


@alternative(task="segment_f1")
def with_a_roll(references: list[Events], estimates: list[Events], *, segment_seconds: float = 1.0) -> float:
    both = 0
    active = 0
    for reference, estimated in zip(references, estimates, strict=True):
        events = [*reference, *estimated]
        labels = sorted({label for _, _, label in events})
        segments = max((math.ceil(end / segment_seconds) for _, end, _ in events), default=0)
        rolls = np.zeros((2, segments, len(labels)), dtype=bool)
        for roll, part in zip(rolls, (reference, estimated), strict=True):
            for start, end, label in part:
                roll[int(start // segment_seconds) : math.ceil(end / segment_seconds), labels.index(label)] = True
        both += np.sum(rolls[0] & rolls[1])
        active += rolls.sum()
    return float(2 * both / active) if active else 1.0


@alternative(task="segment_f1")
def from_precision_and_recall(
    references: list[Events], estimates: list[Events], *, segment_seconds: float = 1.0
) -> float:
    def cells(files: list[Events]) -> Counter:
        found: Counter = Counter()
        for number, events in enumerate(files):
            for start, end, label in events:
                k = math.floor(start / segment_seconds)
                while k * segment_seconds < end:
                    found[number, label, k] = 1
                    k += 1
        return found

    ours, theirs = cells(references), cells(estimates)
    if not ours and not theirs:
        return 1.0
    hits = sum((ours & theirs).values())
    if hits == 0:
        return 0.0
    precision = hits / len(theirs)
    recall = hits / len(ours)
    return 2 * precision * recall / (precision + recall)


@alternative(task="segment_f1")
def segment_by_segment(references: list[Events], estimates: list[Events], *, segment_seconds: float = 1.0) -> float:
    tp = fp = fn = 0
    for pair in zip(references, estimates, strict=True):
        events = [event for part in pair for event in part]
        last = max((end for _, end, _ in events), default=0.0)
        for k in range(math.ceil(last / segment_seconds)):
            begin, stop = k * segment_seconds, (k + 1) * segment_seconds
            ours, theirs = ({label for start, end, label in part if start < stop and end > begin} for part in pair)
            tp += len(ours & theirs)
            fn += len(ours - theirs)
            fp += len(theirs - ours)
    return tp / (tp + (fp + fn) / 2) if tp + fp + fn else 1.0


# ---------------------------------------------------------------- 4c.2 pooling


@alternative(task="linear_softmax_pooling")
def clip_by_clip(probabilities: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    rows = []
    for clip, n in zip(probabilities, lengths.tolist(), strict=True):
        real = clip[:n].astype(np.float64)
        total = real.sum(axis=0)
        rows.append(np.sum(real * real, axis=0) / np.where(total == 0, 1, total))
    return np.stack(rows)


@alternative(task="linear_softmax_pooling")
def with_weights(probabilities: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    beyond = np.arange(probabilities.shape[1])[None, :] >= lengths[:, None]
    p = probabilities.copy()
    p[beyond] = 0
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = p / p.sum(axis=1, keepdims=True)
    return np.nan_to_num(np.einsum("bmc,bmc->bc", p, weights))


@alternative(task="linear_softmax_pooling")
def sums_that_leave_out_nan(probabilities: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    beyond = np.arange(probabilities.shape[1])[:, None] >= lengths[:, None, None]
    p = np.where(beyond, np.nan, probabilities)
    return np.asarray(np.nansum(p**2, axis=1) / (np.nansum(p, axis=1) + 1e-12))


# ---------------------------------------------------------------- 4c.3 detection tolerance


@alternative(task="detection_tolerance")
def by_a_matrix(reference: Events, estimated: Events, *, share: float) -> np.ndarray:
    if not reference or not estimated:
        return np.zeros(len(estimated), dtype=bool)
    starts, ends, labels = (np.array(column) for column in zip(*reference, strict=True))
    begin, stop, own = (np.array(column)[:, None] for column in zip(*estimated, strict=True))
    common = np.clip(np.minimum(stop, ends) - np.maximum(begin, starts), 0, None) * (own == labels)
    return common.sum(axis=1) >= share * (stop - begin)[:, 0]


@alternative(task="detection_tolerance")
def label_by_label(reference: Events, estimated: Events, *, share: float) -> np.ndarray:
    by_label = defaultdict(list)
    for start, end, label in reference:
        by_label[label].append((start, end))
    answers = []
    for start, end, label in estimated:
        left = end - start
        for a, b in by_label[label]:
            if a < end and b > start:
                left -= min(b, end) - max(a, start)
        answers.append((end - start) - left >= share * (end - start))
    return np.fromiter(answers, dtype=bool, count=len(answers))


@alternative(task="detection_tolerance")
def what_is_left_over(reference: Events, estimated: Events, *, share: float) -> np.ndarray:
    """Whether at most 1 − share of the detection is left when its references are cut out of it."""
    met = np.zeros(len(estimated), dtype=bool)
    for number, (start, end, label) in enumerate(estimated):
        left = [(start, end)]
        for a, b, own in reference:
            if own == label:
                left = [part for s, e in left for part in ((s, min(e, a)), (max(s, b), e)) if part[0] < part[1]]
        met[number] = sum(e - s for s, e in left) <= (1 - share) * (end - start) + 1e-9
    return met
