"""Forced alignment: when each letter of a text is spoken, by the best single path through the CTC trellis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audiocourse.asr.ctc.from_scratch import Labels, jumps, require_log_probabilities, require_path, with_blanks
from audiocourse.compiled import compiled
from audiocourse.errors import AudioCourseError
from audiocourse.signal import BoolArray, FloatArray, IntArray
from audiocourse.sounds import Interval


@dataclass(frozen=True, eq=False)
class Alignment:
    """The most probable path of a labelling.

    Parameters
    ----------
    path : np.ndarray [shape=(frames,)]
        A symbol for each frame; it collapses to the labels.
    scores : np.ndarray [shape=(frames,)]
        Its log-probability in each frame. Their sum is that of the path.

    Notebook: 02b_ctc_decoding
    """

    path: IntArray
    scores: FloatArray


@dataclass(frozen=True)
class TokenSpan:
    """A label and its frames.

    Parameters
    ----------
    label : int
        The symbol.
    start, end : int
        First frame, and one past the last.
    score : float
        Mean probability of the symbol over them, 0 to 1: how sure the network is.

    Notebook: 02b_ctc_decoding
    """

    label: int
    start: int
    end: int
    score: float


def forced_align(log_probs: FloatArray, labels: Labels, *, blank: int = 0) -> Alignment:
    """Find the most probable path that collapses to the labels (Viterbi).

    v[t, s] = max(v[t − 1, s], v[t − 1, s − 1], v[t − 1, s − 2]) + log y[t, l′_s], the last term only where a blank may
    be jumped over: the forward recursion with max in place of the sum. The best of the three is stored, and the path
    is traced back from the better of the last two states.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(frames, symbols)]
        log y, each frame a distribution.
    labels : np.ndarray [shape=(labels,)]
        The text, without blanks.
    blank : int
        The number of the blank.

    Returns
    -------
    Alignment
        Of equally probable paths, the one that moves on earlier.

    Raises
    ------
    AudioCourseError
        If there are too few frames, or each path has probability 0.

    Source: A. Viterbi, Error bounds for convolutional codes, IEEE Trans. Information Theory 13(2), 1967; L. Kürzinger
    et al., CTC-segmentation of large corpora, SPECOM 2020.

    Examples
    --------
    >>> y = np.array([[0.6, 0.2, 0.2], [0.1, 0.8, 0.1], [0.5, 0.4, 0.1], [0.1, 0.1, 0.8]])
    >>> forced_align(np.log(y), [1, 2]).path
    array([0, 1, 0, 2])

    Notebook: 02b_ctc_decoding
    """
    log_probs = require_log_probabilities(log_probs)
    require_path(labels, frames=len(log_probs))
    states = with_blanks(labels, blank=blank)
    if states.max() >= log_probs.shape[1]:
        raise AudioCourseError(f"Label {states.max()} is not one of the {log_probs.shape[1]} symbols, counted from 0.")
    visited = _best_states(log_probs, states)
    path = states[visited]
    return Alignment(path, log_probs[np.arange(len(path)), path])


def label_spans(path: Labels, *, blank: int = 0) -> list[tuple[int, int, int]]:
    """List the runs of a path, without blanks: the label, its first frame, and one past its last.

    A blank between two of the same label separates them; without one they are a single run.

    Parameters
    ----------
    path : np.ndarray [shape=(frames,)]
        A symbol for each frame.
    blank : int
        The number of the blank.

    Returns
    -------
    list of (label, start, end)
        In order; the labels are those of `ctc_collapse`.

    Examples
    --------
    >>> label_spans(np.array([0, 1, 1, 0, 1]))
    [(1, 1, 3), (1, 4, 5)]

    Notebook: 02b_ctc_decoding
    """
    path = np.asarray(path)
    edges = [0, *(np.flatnonzero(path[1:] != path[:-1]) + 1).tolist(), path.size]
    runs = [(start, end) for start, end in pairwise(edges) if end > start]
    return [(int(path[start]), start, end) for start, end in runs if path[start] != blank]


def token_spans(alignment: Alignment, *, blank: int = 0) -> list[TokenSpan]:
    """Gather the frames of each label, and how sure the network is of it.

    Parameters
    ----------
    alignment : Alignment
        See `forced_align`.
    blank : int
        The number of the blank.

    Returns
    -------
    list of TokenSpan
        One per label, in order.

    Examples
    --------
    >>> token_spans(Alignment(np.array([0, 1, 1, 0, 1]), np.log([0.9, 0.5, 1.0, 0.9, 0.8])))
    [TokenSpan(label=1, start=1, end=3, score=0.75), TokenSpan(label=1, start=4, end=5, score=0.8)]

    Notebook: 02b_ctc_decoding
    """
    probabilities = np.exp(alignment.scores)
    return [
        TokenSpan(label, start, end, round(float(probabilities[start:end].mean()), 9))
        for label, start, end in label_spans(alignment.path, blank=blank)
    ]


def word_times(
    spans: Sequence[TokenSpan], symbols: Sequence[str], *, frame_seconds: float, begin: float = 0.0
) -> list[Interval]:
    """Give each word its time: from the first frame of its first letter to the end of the last frame of its last.

    Frame t lasts from b + t · d to b + (t + 1) · d seconds, d = frame_seconds, b = begin; times before 0 become 0.
    A CTC network marks a letter in a frame or two somewhere in it, so words appear a little too short.

    Parameters
    ----------
    spans : list of TokenSpan
        Of letters and of the blank character " " between words.
    symbols : sequence of str
        What the numbers stand for.
    frame_seconds : float
        Seconds from one frame to the next.
    begin : float
        When frame 0 begins, in seconds; −frame_seconds / 2 for a network whose frames are centred at t · d.

    Returns
    -------
    list of Interval
        Words with their times in seconds.

    Raises
    ------
    AudioCourseError
        If frame_seconds is not positive.

    Examples
    --------
    >>> spans = [TokenSpan(2, 1, 2, 0.9), TokenSpan(1, 4, 5, 0.9), TokenSpan(3, 6, 8, 0.9), TokenSpan(2, 9, 10, 0.9)]
    >>> word_times(spans, ["", " ", "a", "b"], frame_seconds=0.5)
    [Interval(start=0.5, end=1.0, label='a'), Interval(start=3.0, end=5.0, label='ba')]

    Notebook: 02b_ctc_decoding
    """
    if not 0 < frame_seconds < np.inf:
        raise AudioCourseError(f"frame_seconds is {frame_seconds!r}, but a frame lasts longer than 0 s: pass seconds.")
    words: list[list[TokenSpan]] = [[]]
    for span in spans:
        if symbols[span.label] == " ":
            words.append([])
        else:
            words[-1].append(span)
    times = [[max(0.0, begin + t * frame_seconds) for t in (word[0].start, word[-1].end)] for word in words if word]
    labels = ["".join(symbols[span.label] for span in word) for word in words if word]
    return [Interval(start, end, label) for (start, end), label in zip(times, labels, strict=True)]


def _best_states(log_probs: FloatArray, states: IntArray) -> IntArray:
    """Follow the best path through the trellis: a state for each frame."""
    v, steps = _trellis(log_probs, states, jumps(states))
    if np.isneginf(v[-2:].max()):
        raise AudioCourseError("Each path of this text has probability 0: check that text and recording fit together.")
    last = v.size - 1
    return _trace_back(steps, last - 1 if last and v[last - 1] > v[last] else last)


@compiled
def _trellis(log_probs: FloatArray, states: IntArray, allowed: BoolArray) -> tuple[FloatArray, NDArray[np.int8]]:
    """Compute v of the last frame, and how many states back each best way came from [shape=(frames, states)]."""
    steps = np.zeros((len(log_probs), states.size), dtype=np.int8)
    v = np.full(states.size, -np.inf)
    for s in range(min(2, states.size)):
        v[s] = log_probs[0, states[s]]
    for t in range(1, len(log_probs)):
        for s in range(states.size - 1, -1, -1):  # downwards: v[s − 1] and v[s − 2] still hold frame t − 1
            best = v[s]
            step = 0
            if s > 0 and v[s - 1] > best:
                best = v[s - 1]
                step = 1
            if s > 1 and allowed[s] and v[s - 2] > best:
                best = v[s - 2]
                step = 2
            v[s] = best + log_probs[t, states[s]]
            steps[t, s] = step
    return v, steps


@compiled
def _trace_back(steps: NDArray[np.int8], last: int) -> IntArray:
    """Follow the best path from its last state back to the first frame."""
    visited = np.empty(len(steps), dtype=np.int64)
    s = last
    for t in range(len(steps) - 1, -1, -1):
        visited[t] = s
        s -= steps[t, s]
    return visited
