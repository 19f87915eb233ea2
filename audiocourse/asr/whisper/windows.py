"""Sound longer than a window: where to cut it, and how to join the texts of the windows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import eq
from typing import NamedTuple, TypeVar

from audiocourse.errors import AudioCourseError

Word = TypeVar("Word")

MAX_SHARED = 20  # words: no more are spoken in the overlap of two windows
SAME_TIME = 0.5  # s: attention tells the time of a word to a few tenths of a second


def window_starts(samples: int, *, window: int, hop: int) -> list[int]:
    """Cut a recording into overlapping windows, so that each sample is in at least one.

    0, H, 2H, …, up to the first window that reaches the end.

    Parameters
    ----------
    samples : int
        Length of the recording, in samples.
    window, hop : int
        Length of a window and H, in samples; the windows overlap by window − hop.

    Returns
    -------
    list of int
        The first sample of each window.

    Raises
    ------
    AudioCourseError
        If the hop is not between 1 and the window: sound between the windows would be lost.

    Examples
    --------
    >>> window_starts(25, window=10, hop=7)
    [0, 7, 14, 21]
    >>> window_starts(10, window=10, hop=7)
    [0]

    Notebook: 02e_whisper
    """
    if not 1 <= hop <= window:
        raise AudioCourseError(f"A hop of {hop} does not fit a window of {window} samples: take 1 to {window}.")
    return list(range(0, max(samples - window, 0) + hop, hop))


def seam(
    left: Sequence[Word],
    right: Sequence[Word],
    *,
    max_shared: int = MAX_SHARED,
    same: Callable[[Word, Word], bool] = eq,
) -> tuple[int, int]:
    """Find where the words of one window continue with those of the next.

    The longest run of words that is both among the last ``max_shared`` words of the left and the first ``max_shared``
    of the right was spoken in the overlap. Of equally long runs the one that ends last on the left counts, then the one
    that begins first on the right.

    Parameters
    ----------
    left, right : sequence
        The words of two windows that overlap.
    max_shared : int
        How many words may have been spoken in the overlap.
    same : callable
        Whether a word on the left is the one on the right. Equal words alone cannot tell a sentence that was spoken
        twice from one that two windows have; `WindowWord` and `same_word` can.

    Returns
    -------
    keep, skip : int
        The joined words are left[:keep] and right[skip:]: the left one up to the end of the run, the right one after
        it. Without a common word nothing is dropped: keep = len(left), skip = 0.

    Examples
    --------
    >>> seam(["we", "see", "the", "old", "ho"], ["e", "the", "old", "house"])
    (4, 3)

    Notebook: ex01_multilingual_asr
    """
    first = max(len(left) - max_shared, 0)
    # all ends of runs: the longest, then the last on the left, then the first on the right
    runs = (
        (_common_ending(left[first:keep], right[:skip], same), keep, -skip)
        for keep in range(first, len(left) + 1)
        for skip in range(min(max_shared, len(right)) + 1)
    )
    _, keep, skip = max(runs)
    return keep, -skip


def _common_ending(a: Sequence[Word], b: Sequence[Word], same: Callable[[Word, Word], bool]) -> int:
    """Count how many words at the end of both are the same."""
    pairs = zip(reversed(a), reversed(b), strict=False)
    return sum(itertools.takewhile(bool, (same(x, y) for x, y in pairs)))


class WindowWord(NamedTuple):
    """A word of a window, and when it is spoken, in seconds from the beginning of the recording."""

    text: str
    time: float


def same_word(left: WindowWord, right: WindowWord) -> bool:
    """Whether the words of two windows are the same: equal texts, less than half a second apart."""
    return left.text == right.text and abs(left.time - right.time) < SAME_TIME


def seam_in_time(left: Sequence[WindowWord], right: Sequence[WindowWord], *, middle: float) -> tuple[int, int]:
    """Find where the words of one window continue with those of the next, by their times.

    At the longest run that both windows have, see `seam`; without one, at the middle of the overlap.

    Parameters
    ----------
    left, right : sequence of WindowWord
        The words of two windows that overlap.
    middle : float
        Of the overlap, in seconds from the beginning of the recording.

    Returns
    -------
    keep, skip : int
        The joined words are left[:keep] and right[skip:].

    Examples
    --------
    >>> left = [WindowWord("no", 8.2), WindowWord("no", 9.1)]
    >>> seam_in_time(left, [WindowWord("no", 9.2), WindowWord("no", 9.9)], middle=9.0)
    (2, 1)
    """
    keep, skip = seam(left, right, same=same_word)
    if (keep, skip) == (len(left), 0):
        return sum(word.time < middle for word in left), sum(word.time < middle for word in right)
    return keep, skip


def stitch_words(left: Sequence[str], right: Sequence[str], *, max_shared: int = MAX_SHARED) -> list[str]:
    """Join the words of two windows that overlap, so that those spoken in the overlap appear once.

    left[:keep] + right[skip:], see `seam`. A word cut in half by the edge of a window is outside the common run,
    and is dropped.

    Parameters
    ----------
    left, right : sequence of str
        The words of two windows.
    max_shared : int
        How many words may have been spoken in the overlap.

    Returns
    -------
    list of str
        The words of both.

    Examples
    --------
    >>> stitch_words(["we", "see", "the", "old", "ho"], ["e", "the", "old", "house"])
    ['we', 'see', 'the', 'old', 'house']

    Notebook: ex01_multilingual_asr
    """
    keep, skip = seam(left, right, max_shared=max_shared)
    return [*left[:keep], *right[skip:]]


@dataclass(frozen=True)
class TimedTokens:
    """A segment of a window: ``start`` and ``end`` in timestamps from the window's beginning, and its text tokens."""

    start: int
    end: int
    tokens: tuple[int, ...]


def split_at_timestamps(written: Sequence[int], *, first_timestamp: int, length: int) -> tuple[list[TimedTokens], int]:
    """Cut the text of a window at its timestamps, and find where the next window begins.

    A segment is a time, text, a time. Where the last two tokens are times (the end of one segment, the beginning of
    the next), the window ended within a sentence: the next window begins at the end of the last complete segment.
    Otherwise it begins at the end of this one.

    Parameters
    ----------
    written : sequence of int
        Tokens after the prompt.
    first_timestamp : int
        The token of 0.00 s; one more for each 0.02 s.
    length : int
        Length of the window, in timestamps.

    Returns
    -------
    segments : list of TimedTokens
        In order; empty without text.
    advance : int
        Where the next window begins, in timestamps; at least 1.

    Examples
    --------
    >>> split_at_timestamps([100, 7, 8, 150, 150, 9], first_timestamp=100, length=1500)
    ([TimedTokens(start=0, end=50, tokens=(7, 8))], 50)
    >>> split_at_timestamps([100, 7, 8, 150], first_timestamp=100, length=1500)
    ([TimedTokens(start=0, end=50, tokens=(7, 8))], 1500)

    Source: A. Radford et al., arXiv:2212.04356, sections 3.8 and 4.5.

    Notebook: 02e_whisper
    """
    segments: list[TimedTokens] = []
    text: list[int] = []
    start = 0
    last_end = 0
    for token in written:
        time = token - first_timestamp
        if time < 0:
            text.append(token)
            continue
        if text:
            segments.append(TimedTokens(start, time, tuple(text)))
            last_end = time
            text = []
        start = time
    if last_end and (text or written[-2] >= first_timestamp):
        return segments, last_end
    if text:  # no time after the last words: they end with the window
        segments.append(TimedTokens(start, length, tuple(text)))
    return segments, length
