"""How late a word is, and how much computing it costs: the queue of a busy computer, latency, real-time factor."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval
from audiocourse.signal import FloatArray


def ready_times(arrived: FloatArray, computing: FloatArray, *, free: float = 0.0) -> FloatArray:
    """Compute when each of several results is ready, if a computer works on one after the other.

    ready[k] = max(arrived[k], ready[k − 1]) + computing[k]: work begins when its sound is there and the computer is
    free. One that needs more time than its sound lasts falls behind, further with each step.

    Parameters
    ----------
    arrived : np.ndarray [shape=(steps,)]
        When the sound of each step was complete, in seconds, in order.
    computing : np.ndarray [shape=(steps,)]
        How long each computation takes, in seconds.
    free : float
        ready[−1]: when the computer is free for the first, in seconds.

    Returns
    -------
    np.ndarray [shape=(steps,)]
        Seconds, float64.

    Source: D. V. Lindley, The theory of queues with a single server, Mathematical Proceedings of the Cambridge
    Philosophical Society 48(2), 1952.

    Examples
    --------
    >>> ready_times(np.array([1.0, 2.0, 3.0]), np.array([0.5, 2.0, 0.5]))
    array([1.5, 4. , 4.5])

    Notebook: 02f_streaming
    """
    ready = np.empty(len(arrived))
    for k, (begin, seconds) in enumerate(zip(arrived, computing, strict=True)):
        free = max(begin, free) + seconds
        ready[k] = free
    return ready


def latency_report(
    ends: FloatArray, ready: FloatArray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, float]:
    """Sum up how late words are, and how much computing they cost.

    Latency = ready − end of the word. The 95th percentile is the smallest latency that at least 95 % of the words do
    not exceed: the ⌈0.95 n⌉-th smallest of n; the median likewise with one half. The real-time factor is seconds of
    computing per second of sound: above 1, a recogniser cannot keep up.

    Parameters
    ----------
    ends : np.ndarray [shape=(words,)]
        When each word ended, in seconds of the stream.
    ready : np.ndarray [shape=(words,)]
        When it was on the screen for good.
    audio_seconds, compute_seconds : float
        The duration of the sound recognised, and how long that took to compute.

    Returns
    -------
    dict of str to float
        ``median`` and ``p95`` in seconds (NaN if there are no words), ``real_time_factor``.

    Raises
    ------
    AudioCourseError
        If there are not as many ends as times, or there was no sound.

    Examples
    --------
    >>> latency_report(np.array([1.0, 2.0]), np.array([1.5, 3.0]), audio_seconds=4.0, compute_seconds=1.0)
    {'median': 0.5, 'p95': 1.0, 'real_time_factor': 0.25}

    Notebook: ex10_realtime_asr
    """
    if np.shape(ends) != np.shape(ready):
        raise AudioCourseError(f"{np.shape(ends)} ends and {np.shape(ready)} times do not match: pass one per word.")
    if not audio_seconds > 0:
        raise AudioCourseError("No sound has arrived yet, so there is no real-time factor: feed the recogniser first.")
    latencies = np.sort(np.subtract(ready, ends))
    n = latencies.size
    median, p95 = (float(latencies[math.ceil(percent * n / 100) - 1]) if n else np.nan for percent in (50, 95))
    return {"median": median, "p95": p95, "real_time_factor": compute_seconds / audio_seconds}


@dataclass(frozen=True)
class Commit:
    """A word that will not change any more.

    latency = ready − end of the word

    Parameters
    ----------
    word : Interval
        The word and its times, in seconds of the stream.
    audio_time : float
        How many seconds of the stream had arrived when it became final.
    ready : float
        The same, and the time for computing it: when it is on the screen.

    Notebook: ex10_realtime_asr
    """

    word: Interval
    audio_time: float
    ready: float

    @property
    def latency(self) -> float:
        """Seconds from the end of the word to its appearance."""
        return self.ready - self.word.end
