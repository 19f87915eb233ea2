"""Streaming on a simulated computer of a chosen speed: what a recogniser costs there, and how late its words are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from audiocourse.asr.streaming.agreement import LocalAgreement, TimedWord
from audiocourse.asr.streaming.endpointing import Endpointer
from audiocourse.asr.streaming.latency import Commit, latency_report
from audiocourse.asr.streaming.recogniser import StreamingRecogniser
from audiocourse.intervals import Interval
from audiocourse.signal import BoolArray, FloatArray


def cached(recognise: Callable[[FloatArray], list[Interval]]) -> Callable[[FloatArray], list[Interval]]:
    """Wrap a recogniser of samples [shape=(samples,)] so that it recognises the same samples only once."""
    results: dict[bytes, list[Interval]] = {}

    def recognise_once(y: FloatArray) -> list[Interval]:
        key = y.tobytes()
        if key not in results:
            results[key] = recognise(y)
        return results[key]

    return recognise_once


class FlushRecorder(LocalAgreement):
    """Local agreement of two hypotheses that records, in ``flushed``, the words that only a flush made final."""

    def __init__(self) -> None:
        super().__init__(n=2)
        self.flushed: list[str] = []

    def flush(self) -> list[TimedWord]:
        """Return the pending words, and record them."""
        pending = super().flush()
        self.flushed += [word for *_, word in pending]
        return pending


@dataclass(frozen=True)
class SimulatedRun:
    """The words that a stream committed, and the ``work``: seconds recognised per second of the stream."""

    commits: list[Commit]
    work: float

    @property
    def median_latency(self) -> float:
        """Seconds from the end of a word to the moment at which it is final and computed."""
        ends = np.array([commit.word.end for commit in self.commits])
        ready = np.array([commit.ready for commit in self.commits])
        return latency_report(ends, ready, audio_seconds=1.0, compute_seconds=0.0)["median"]


def simulate_stream(
    y: FloatArray,
    sr: int,
    *,
    recognise: Callable[[FloatArray], list[Interval]],
    is_speech: Callable[[FloatArray], BoolArray],
    step_seconds: float,
    slowness: float = 0.0,
    endpointer: Endpointer | None = None,
    agreement: LocalAgreement | None = None,
) -> SimulatedRun:
    """Stream a recording to a computer that takes the same time for every second of sound that it recognises.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The recording, mono.
    sr : int
        Samples per second.
    recognise, is_speech, endpointer, agreement
        As `StreamingRecogniser` takes them.
    step_seconds : float
        From one hypothesis to the next.
    slowness : float
        Seconds of computing per second recognised.

    Returns
    -------
    SimulatedRun
        The same on every machine: the time is counted, not measured.

    Notebook: 02f_streaming
    """
    recognised_seconds = 0.0

    def counted(samples: FloatArray) -> list[Interval]:
        nonlocal recognised_seconds
        recognised_seconds += samples.size / sr
        return recognise(samples)

    stream = StreamingRecogniser(
        counted,
        is_speech,
        sr=sr,
        step=round(step_seconds * sr),
        endpointer=endpointer,
        agreement=agreement,
        clock=lambda: slowness * recognised_seconds,
    )
    commits = stream.feed(y, sr) + stream.flush()
    return SimulatedRun(commits, recognised_seconds * sr / y.size)
