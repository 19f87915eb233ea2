"""Intervals of time and what happens in them: the ground truth of every synthetic sound, and what detectors return.

A list of `Interval`, sorted by start, comes with every sound in which something could be detected, recognised or
counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from audiocourse.arrays import BoolArray
from audiocourse.errors import AudioCourseError

Segment: TypeAlias = tuple[float, float]
"""(start, end) in seconds: an interval without a label, in the plain form that tasks take and return."""
LabelledSegment: TypeAlias = tuple[float, float, str]
"""(start, end, label), in seconds: the same with a label, such as the class of a sound event."""


@dataclass(frozen=True)
class Interval:
    """The time start ≤ t < end, and what happens in it.

    Parameters
    ----------
    start, end : float
        In seconds, 0 ≤ start ≤ end.
    label : str
        What it is: a word, a phone, an event; may be empty.

    Raises
    ------
    AudioCourseError
        If the times are negative, in the wrong order, infinite or NaN.

    Examples
    --------
    >>> Interval(0.5, 2.0, "hello").seconds
    1.5
    """

    start: float
    end: float
    label: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end < np.inf:
            raise AudioCourseError(
                f"An interval from {self.start:g} s to {self.end:g} s cannot exist: give 0 ≤ start ≤ end, in seconds."
            )

    @property
    def seconds(self) -> float:
        """The duration in seconds: end − start."""
        return self.end - self.start


def labelled_segments(intervals: Iterable[Interval]) -> list[LabelledSegment]:
    """Return intervals in the plain form that tasks take: (start, end, label).

    Examples
    --------
    >>> labelled_segments([Interval(0.5, 2.0, "siren")])
    [(0.5, 2.0, 'siren')]
    """
    return [(interval.start, interval.end, interval.label) for interval in intervals]


def merge(intervals: Iterable[Interval], *, gap: float = 0.0) -> list[Interval]:
    """Unite intervals that overlap, touch, or lie at most `gap` seconds apart.

    The result is sorted and has no overlaps. Labels are dropped: a union of "the" and "cat" is neither.

    Raises
    ------
    AudioCourseError
        If gap is negative, infinite or NaN.

    Examples
    --------
    >>> merge([Interval(2, 3), Interval(0, 1), Interval(1, 1.5)])
    [Interval(start=0, end=1.5, label=''), Interval(start=2, end=3, label='')]
    """
    if not 0 <= gap < np.inf:
        raise AudioCourseError(f"gap is {gap!r}, but the longest pause to close is 0 s or more: pass seconds.")
    merged: list[Interval] = []
    for interval in sorted(intervals, key=lambda interval: interval.start):
        if merged and interval.start - merged[-1].end <= gap:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(Interval(interval.start, interval.end))
    return merged


def merge_by_label(intervals: Iterable[Interval], *, gap: float = 0.0) -> list[Interval]:
    """Unite intervals of the same label that overlap, touch, or lie at most `gap` seconds apart; labels are kept.

    The result is sorted by start; intervals of different labels may still overlap.

    Raises
    ------
    AudioCourseError
        As `merge`.

    Examples
    --------
    >>> merge_by_label([Interval(0, 3, "anna"), Interval(1, 2, "ben"), Interval(2, 5, "anna")])
    [Interval(start=0, end=5, label='anna'), Interval(start=1, end=2, label='ben')]
    """
    by_label: dict[str, list[Interval]] = {}
    for interval in intervals:
        by_label.setdefault(interval.label, []).append(interval)
    merged = [replace(each, label=label) for label, own in by_label.items() for each in merge(own, gap=gap)]
    return sorted(merged, key=lambda interval: (interval.start, interval.end, interval.label))


def total_duration(intervals: Iterable[Interval]) -> float:
    """Add up durations, in seconds; time in several intervals counts once for each, so `merge` first for their union.

    >>> total_duration([Interval(0, 1), Interval(3, 3.5)])
    1.5
    """
    return float(sum(interval.seconds for interval in intervals))


def shift(intervals: Iterable[Interval], seconds: float) -> list[Interval]:
    """Move intervals in time, with negative seconds to earlier; order and labels stay.

    Raises
    ------
    AudioCourseError
        If an interval would begin before 0.

    Examples
    --------
    >>> shift([Interval(0, 1, "one")], 2)
    [Interval(start=2, end=3, label='one')]
    """
    return [replace(each, start=each.start + seconds, end=each.end + seconds) for each in intervals]


def clip_to(intervals: Iterable[Interval], *, end: float) -> list[Interval]:
    """Cut off what lies after the end of a recording, in seconds; order and labels stay.

    >>> clip_to([Interval(0, 1), Interval(1, 3), Interval(2, 3)], end=2)
    [Interval(start=0, end=1, label=''), Interval(start=1, end=2, label='')]
    """
    return [replace(each, end=min(each.end, end)) for each in intervals if each.start < end]


def active_samples(intervals: Iterable[Interval], *, samples: int, sr: int) -> BoolArray:
    """Mark the samples that lie inside an interval.

    a[n] is true where round(start · sr) ≤ n < round(end · sr) for at least one interval.

    Parameters
    ----------
    intervals : iterable of Interval
        In any order; overlaps do no harm.
    samples : int
        Length of the signal.
    sr : int
        Its sampling rate in Hz.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        a, bool.

    Examples
    --------
    >>> active_samples([Interval(1, 2)], samples=4, sr=1)
    array([False,  True, False, False])
    """
    active = np.zeros(samples, dtype=np.bool_)
    for interval in intervals:
        active[round(interval.start * sr) : round(interval.end * sr)] = True
    return active
