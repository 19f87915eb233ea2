"""A simulated computer: its time is counted, so latency and work can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.asr.practice.simulated_computer import FlushRecorder, cached, simulate_stream
from audiocourse.asr.streaming.endpointing import Endpointer
from audiocourse.intervals import Interval

SR = 16_000
SPOKEN = np.ones(2 * SR, dtype=np.float32)  # two seconds of speech, from the first sample on
WORDS = [Interval(0.0, 0.4, "turn"), Interval(0.5, 0.8, "it"), Interval(1.0, 1.4, "off")]


def recognise(y: np.ndarray) -> list[Interval]:
    """The words that end within the sound."""
    return [word for word in WORDS if word.end <= y.size / SR]


def is_speech(y: np.ndarray) -> np.ndarray:
    return y[::320] > 0


def run(step_seconds: float, slowness: float = 0.0, agreement: FlushRecorder | None = None):  # type: ignore[no-untyped-def]
    return simulate_stream(
        SPOKEN,
        SR,
        recognise=recognise,
        is_speech=is_speech,
        step_seconds=step_seconds,
        slowness=slowness,
        endpointer=Endpointer(min_speech=1, hangover=25, lead=0),
        agreement=agreement,
    )


def test_work_is_the_sound_recognised_per_second_of_the_stream() -> None:
    assert run(0.5).work == pytest.approx((0.5 + 1.0 + 1.5 + 2.0 + 2.0) / 2)  # a hypothesis each step, and the flush


def test_words_are_ready_when_the_computer_has_recognised_their_window() -> None:
    fast = run(0.5).commits
    slow = run(0.5, slowness=0.1).commits
    assert [commit.word.label for commit in slow] == ["turn", "it", "off"]
    assert [commit.audio_time for commit in slow] == [1.0, 1.5, 2.0]
    assert [commit.ready for commit in fast] == [1.0, 1.5, 2.0]
    assert [commit.ready for commit in slow] == pytest.approx([1.1, 1.65, 2.2])
    assert run(0.5).median_latency == pytest.approx(0.6)


def test_the_recorder_names_the_words_that_only_a_flush_made_final() -> None:
    short = FlushRecorder()
    long = FlushRecorder()
    assert len(run(0.5, agreement=short).commits) == len(run(1.2, agreement=long).commits) == 3
    assert short.flushed == []
    assert long.flushed == ["off"]


def test_a_cached_recogniser_recognises_the_same_sound_once() -> None:
    calls = []

    def counted(y: np.ndarray) -> list[Interval]:
        calls.append(y.size)
        return recognise(y)

    recognise_once = cached(counted)
    assert recognise_once(SPOKEN) == recognise_once(SPOKEN.copy()) == WORDS
    assert len(recognise_once(SPOKEN[:SR])) == 2
    assert calls == [SPOKEN.size, SR]
