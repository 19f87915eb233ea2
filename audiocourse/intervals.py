"""What is true about a made sound: when something is heard, and what it is.

A truth is a list of `Interval` in seconds, sorted by start. Whatever in `sounds` could be detected, recognised or
counted comes with one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from audiocourse.arrays import BoolArray
from audiocourse.errors import AudioCourseError


@dataclass(frozen=True)
class Interval:
    """A stretch of time, and what is heard in it.

    start ≤ t < end

    Parameters
    ----------
    start, end : float
        In seconds, 0 ≤ start ≤ end.
    label : str
        What it is: a word, a phone; empty where nothing needs to be said.

    Raises
    ------
    AudioCourseError
        If the times are negative, in the wrong order, infinite or NaN.

    Examples
    --------
    >>> Interval(0.5, 2.0, "hello").seconds
    1.5

    Notebook: 04a_voice_activity
    """

    start: float
    end: float
    label: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end < np.inf:
            raise AudioCourseError(
                f"An interval from {self.start:g} s to {self.end:g} s cannot be: give 0 ≤ start ≤ end, in seconds."
            )

    @property
    def seconds(self) -> float:
        """The duration in seconds: end − start."""
        return self.end - self.start


def merge(intervals: Iterable[Interval], *, gap: float = 0.0) -> list[Interval]:
    """Unite intervals that overlap, touch, or lie close together.

    The union of all [start, end), after each gap of at most `gap` seconds has been closed.

    Parameters
    ----------
    intervals : iterable of Interval
        In any order. Their labels are dropped: a union of "the" and "cat" is neither.
    gap : float
        The longest pause to close, in seconds.

    Returns
    -------
    list of Interval
        Sorted, without overlaps, further than `gap` apart.

    Raises
    ------
    AudioCourseError
        If gap is negative, infinite or NaN.

    Examples
    --------
    >>> merge([Interval(2, 3), Interval(0, 1), Interval(1, 1.5)])
    [Interval(start=0, end=1.5, label=''), Interval(start=2, end=3, label='')]

    Notebook: 04a_voice_activity
    """
    if not 0 <= gap < np.inf:
        raise AudioCourseError(f"gap is {gap!r}, but the longest pause to close is 0 s or more: pass seconds.")
    merged: list[Interval] = []
    for interval in sorted(intervals, key=lambda one: one.start):
        if merged and interval.start - merged[-1].end <= gap:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(Interval(interval.start, interval.end))
    return merged


def total(intervals: Iterable[Interval]) -> float:
    """Add up durations.

    Σ (end − start); where intervals overlap, the time counts once for each: `merge` first for the time covered.

    Parameters
    ----------
    intervals : iterable of Interval
        In any order.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> total([Interval(0, 1), Interval(3, 3.5)])
    1.5

    Notebook: 04a_voice_activity
    """
    return float(sum(interval.seconds for interval in intervals))


def shift(intervals: Iterable[Interval], seconds: float) -> list[Interval]:
    """Move intervals in time.

    [start + s, end + s)

    Parameters
    ----------
    intervals : iterable of Interval
        In any order; labels and order are kept.
    seconds : float
        s, negative for earlier.

    Returns
    -------
    list of Interval
        As many as before.

    Raises
    ------
    AudioCourseError
        If an interval would begin before 0.

    Examples
    --------
    >>> shift([Interval(0, 1, "one")], 2)
    [Interval(start=2, end=3, label='one')]

    Notebook: 04a_voice_activity
    """
    return [replace(one, start=one.start + seconds, end=one.end + seconds) for one in intervals]


def clip(intervals: Iterable[Interval], *, end: float) -> list[Interval]:
    """Cut off what lies after the end of a recording.

    [start, min(end_i, end)) for each interval that begins before `end`

    Parameters
    ----------
    intervals : iterable of Interval
        In any order; labels and order are kept.
    end : float
        Duration of the recording in seconds.

    Returns
    -------
    list of Interval
        Without those that begin at `end` or later.

    Examples
    --------
    >>> clip([Interval(0, 1), Interval(1, 3), Interval(2, 3)], end=2)
    [Interval(start=0, end=1, label=''), Interval(start=1, end=2, label='')]

    Notebook: 04a_voice_activity
    """
    return [replace(one, end=min(one.end, end)) for one in intervals if one.start < end]


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

    Notebook: 04a_voice_activity
    """
    active = np.zeros(samples, dtype=np.bool_)
    for interval in intervals:
        active[round(interval.start * sr) : round(interval.end * sr)] = True
    return active
