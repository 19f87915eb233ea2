"""Right answers to exercise 5 in other styles than the solution: loops, closed forms, strings, event lists."""

from __future__ import annotations

import math
import re
from collections import deque
from fractions import Fraction
from itertools import accumulate, groupby, pairwise

import numpy as np
from scipy import ndimage, signal

from audiocourse.learn.checking.authoring import Segment, alternative


def written(active: np.ndarray) -> str:
    """Decisions as text: # is yes, . is no."""
    return "".join("#" if yes else "." for yes in active)


def read(text: str) -> np.ndarray:
    """Decisions from text."""
    return np.array([letter == "#" for letter in text], dtype=bool)


# ---------------------------------------------------------------- 5.1 level of a frame


@alternative(task="frame_level_db")
def through_the_norm(frames: np.ndarray) -> np.ndarray:
    rms = np.linalg.norm(frames.astype(float), axis=0) / np.sqrt(len(frames))
    return 20 * np.log10(np.maximum(rms, 1e-5))


@alternative(task="frame_level_db")
def sample_by_sample(frames: np.ndarray) -> np.ndarray:
    levels = []
    for column in frames.T.tolist():
        power = math.fsum(sample * sample for sample in column) / len(column)
        levels.append(max(-100.0, 10 * math.log10(power)) if power > 0 else -100.0)
    return np.array(levels)


@alternative(task="frame_level_db")
def clipped_afterwards(frames: np.ndarray) -> np.ndarray:
    energy = np.einsum("nm,nm->m", frames, frames, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.clip(10 * (np.log10(energy) - np.log10(frames.shape[0])), -100, None)


# ---------------------------------------------------------------- 5.2 the floor under the voice


@alternative(task="noise_floor_db")
def accumulated(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    return np.array(list(accumulate(level_db.tolist(), lambda floor, level: min(level, floor + rise_db))))


@alternative(task="noise_floor_db")
def on_a_moving_stair(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    """Seen from a stair that climbs by one rise per frame, the floor is the smallest level so far."""
    stair = rise_db * np.arange(len(level_db))
    return np.minimum.accumulate(level_db - stair) + stair


@alternative(task="noise_floor_db")
def from_every_earlier_frame(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    """Each earlier frame k allows at most its level plus the rise since; F is what all of them allow."""
    since = np.subtract.outer(np.arange(len(level_db)), np.arange(len(level_db)))
    allowed = np.where(since >= 0, level_db[None, :] + rise_db * since, np.inf)
    return allowed.min(axis=1)


# ---------------------------------------------------------------- 5.3 two thresholds


@alternative(task="hysteresis")
def last_frame_that_decided(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    begins, ends = score >= on, score < off
    last = np.maximum.accumulate(np.where(begins | ends, np.arange(score.size), -1))
    return np.where(last >= 0, begins[last], False)


@alternative(task="hysteresis")
def as_a_pattern(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    letters = "".join("h" if value >= on else "l" if value < off else "m" for value in score)
    return read(re.sub("h[hm]*", lambda run: "#" * len(run[0]), letters))


@alternative(task="hysteresis")
def state_machine(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    threshold, decisions = on, np.zeros(len(score), dtype=bool)
    for m, value in enumerate(score):
        decisions[m] = value >= threshold
        threshold = off if decisions[m] else on
    return decisions


# ---------------------------------------------------------------- 5.4 hangover


@alternative(task="hangover")
def convolved(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.convolve(active.astype(int), np.ones(frames + 1, dtype=int))[: active.size] > 0


@alternative(task="hangover")
def frames_since_the_last_yes(active: np.ndarray, *, frames: int) -> np.ndarray:
    now = np.arange(active.size)
    last = np.maximum.accumulate(np.where(active, now, -frames - 1))
    return now - last <= frames


@alternative(task="hangover")
def counted_down(active: np.ndarray, *, frames: int) -> np.ndarray:
    left, held = 0, []
    for yes in active.tolist():
        left = frames + 1 if yes else max(0, left - 1)
        held.append(left > 0)
    return np.array(held, dtype=bool)


@alternative(task="hangover")
def short_memory(active: np.ndarray, *, frames: int) -> np.ndarray:
    memory: deque[bool] = deque(maxlen=frames + 1)
    held = np.empty(active.shape, dtype=bool)
    for m, yes in enumerate(active):
        memory.append(bool(yes))
        held[m] = any(memory)
    return held


@alternative(task="hangover")
def moving_sum(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.asarray(signal.lfilter(np.ones(frames + 1), [1.0], active.astype(float)) > 0.5)


# ---------------------------------------------------------------- 5.5 minimum lengths


@alternative(task="smooth_decisions")
def with_patterns(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    text = written(active)
    text = re.sub(r"(?<=#)\.+(?=#)", lambda gap: gap[0] if len(gap[0]) >= min_silence else "#" * len(gap[0]), text)
    return read(re.sub("#+", lambda run: run[0] if len(run[0]) >= min_speech else "." * len(run[0]), text))


@alternative(task="smooth_decisions")
def group_by_group(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    groups = [(yes, len(list(run))) for yes, run in groupby(active.tolist())]
    inner = range(1, len(groups) - 1)
    closed = [
        yes or (index in inner and length < min_silence)
        for index, (yes, length) in enumerate(groups)
        for _ in range(length)
    ]
    runs = ((yes, len(list(run))) for yes, run in groupby(closed))
    return np.array([yes and length >= min_speech for yes, length in runs for _ in range(length)], dtype=bool)


@alternative(task="smooth_decisions")
def with_labels(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    result = active.copy()
    gaps, count = ndimage.label(~active)
    at_the_edge = {int(gaps[0]), int(gaps[-1])} if active.size else set()
    for gap in set(range(1, count + 1)) - at_the_edge:
        result[gaps == gap] = np.sum(gaps == gap) < min_silence
    runs, _ = ndimage.label(result)
    return result & (np.bincount(runs, minlength=1)[runs] >= min_speech)


# ---------------------------------------------------------------- 5.6 from frames to seconds


@alternative(task="to_segments")
def matches_in_text(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    def seconds(border: int) -> float:
        return (border * hop_length + (frame_length - hop_length) / 2) / sr

    return [(seconds(run.start()), seconds(run.end())) for run in re.finditer("#+", written(active))]


@alternative(task="to_segments")
def joined_where_they_touch(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    """One exact interval for each frame, joined to the last one where they touch."""
    segments: list[list[Fraction]] = []
    for m in np.flatnonzero(active).tolist():
        centre = m * hop_length + Fraction(frame_length, 2)
        start, end = (Fraction(centre + side * Fraction(hop_length, 2), sr) for side in (-1, 1))
        if segments and segments[-1][1] == start:
            segments[-1][1] = end
        else:
            segments.append([start, end])
    return [(float(start), float(end)) for start, end in segments]


@alternative(task="to_segments")
def split_where_frames_jump(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    yes = np.flatnonzero(active)
    if yes.size == 0:
        return []
    centres = (yes * hop_length + 0.5 * frame_length) / sr
    half = 0.5 * hop_length / sr
    pieces = np.split(centres, np.flatnonzero(np.diff(yes) > 1) + 1)
    return [(float(piece[0] - half), float(piece[-1] + half)) for piece in pieces]


# ---------------------------------------------------------------- 5.7 how wrong is it?


@alternative(task="detection_error")
def piece_by_piece(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    """Between two neighbouring borders nothing changes: ask once, in the middle."""

    def speaks(segments: list[Segment], time: float) -> bool:
        return any(start <= time < end for start, end in segments)

    borders = sorted({time for segment in [*reference, *hypothesis] for time in segment})
    missed = false_alarm = spoken = 0.0
    for start, end in pairwise(borders):
        truth, found = (speaks(segments, (start + end) / 2) for segments in (reference, hypothesis))
        spoken += truth * (end - start)
        missed += (truth and not found) * (end - start)
        false_alarm += (found and not truth) * (end - start)
    return missed, false_alarm, (missed + false_alarm) / spoken


@alternative(task="detection_error")
def through_the_overlaps(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    truth, found = (np.array(segments, dtype=float).reshape(-1, 2) for segments in (reference, hypothesis))
    starts = np.maximum.outer(truth[:, 0], found[:, 0])
    ends = np.minimum.outer(truth[:, 1], found[:, 1])
    shared = float(np.clip(ends - starts, 0, None).sum())
    spoken = float(np.diff(truth).sum())
    missed, false_alarm = spoken - shared, float(np.diff(found).sum()) - shared
    return missed, false_alarm, (missed + false_alarm) / spoken


@alternative(task="detection_error")
def cut_away(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    """Cut every segment of one list out of the other, both ways; what is left is wrong."""

    def left_of(segments: list[Segment], others: list[Segment]) -> float:
        if not segments:
            return 0.0
        (start, end), *rest = segments
        for a, b in others:
            if a < end and b > start:
                pieces = [(s, e) for s, e in ((start, a), (b, end)) if s < e]
                return left_of([*pieces, *rest], others)
        return end - start + left_of(rest, others)

    missed, false_alarm = left_of(reference, hypothesis), left_of(hypothesis, reference)
    return missed, false_alarm, (missed + false_alarm) / sum(end - start for start, end in reference)


@alternative(task="detection_error")
def sweep(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    """Walk over the borders in order; at any time at most one segment of each list is open."""
    steps = [
        (time, who, change)
        for who, segments in enumerate((reference, hypothesis))
        for segment in segments
        for time, change in zip(segment, (1, -1), strict=True)
    ]
    seconds, opened, last = {(0, 1): 0.0, (1, 0): 0.0, (1, 1): 0.0}, [0, 0], 0.0
    for time, who, change in sorted(steps):
        state = (opened[0], opened[1])
        if state in seconds:
            seconds[state] += time - last
        opened[who] += change
        last = time
    missed, false_alarm = seconds[1, 0], seconds[0, 1]
    return missed, false_alarm, (missed + false_alarm) / (missed + seconds[1, 1])
