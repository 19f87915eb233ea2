"""Live captions: what the kernel answers to the messages of a page, and what is printed where there is no student."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from conftest import Refuses

from audiocourse import AudioCourseError
from audiocourse.learn.display.live import MAX_BYTES, CaptionStream, live

SR = 16_000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(SR) / SR)).astype(np.float32)


class Counter:
    """A captioner that keeps what it is given, and writes a word for each half second."""

    def __init__(self) -> None:
        self.received = np.zeros(0, dtype=np.float32)
        self.words = 0

    def feed(self, chunk: np.ndarray) -> list[tuple[float, float, str]]:
        self.received = np.concatenate([self.received, chunk])
        complete = range(self.words, self.received.size // (SR // 2))
        self.words += len(complete)
        return [(np.float64(number / 2), number / 2 + 0.4, f"word{number}") for number in complete]

    def flush(self) -> list[tuple[float, float, str]]:
        return [(9.0, 9.5, "last")]

    @property
    def pending(self) -> list[tuple[float, float, str]]:
        return [(self.words / 2, self.words / 2 + 0.1, "open")]


class Page:
    """The browser's side: what it was sent."""

    def __init__(self, captioner: Any = Counter) -> None:
        self.sent: list[dict[str, Any]] = []
        self.buffers: Sequence[bytes] = ()
        self.captioners: list[Any] = []
        self.stream = CaptionStream(lambda: self.keep(captioner()), b"\x01\x02", SR, self.take)

    def keep(self, captioner: Any) -> Any:
        self.captioners.append(captioner)
        return captioner

    def take(self, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        self.sent.append(content)
        self.buffers = buffers

    def send(self, kind: str, y: np.ndarray | None = None, **content: Any) -> None:
        self.stream.receive({"kind": kind, **content}, [] if y is None else [memoryview(y.tobytes())])

    def play(self, y: np.ndarray, sr: int, *, dropped: Sequence[int] = ()) -> None:
        """Send a sound in chunks of a tenth of a second, some after a number of dropped samples."""
        hop = sr // 10
        for number, start in enumerate(range(0, y.size, hop)):
            missing = dropped[number] if number < len(dropped) else 0
            self.send("chunk", y[start : start + hop].astype(np.float32), dropped=missing)


def test_each_chunk_is_acknowledged_after_it_was_recognised() -> None:
    page = Page()
    page.send("start", sr=SR)
    page.play(TONE, SR)
    assert [content["kind"] for content in page.sent] == ["words"] * 10
    assert [word["word"] for content in page.sent for word in content["words"]] == ["word0", "word1"]
    assert page.sent[-1]["pending"] == ["open"]
    assert type(page.sent[4]["words"][0]["start"]) is float, "a message is JSON"
    page.send("stop")
    assert page.sent[-1] == {"kind": "end", "words": [{"start": 9.0, "end": 9.5, "word": "last"}], "pending": []}


def test_chunks_of_the_rate_of_the_device_arrive_at_the_rate_asked_for_without_seams() -> None:
    page = Page()
    page.send("start", sr=48_000)
    page.play(0.5 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000), 48_000)
    page.send("stop")
    received = page.captioners[0].received
    assert received.size == SR
    np.testing.assert_allclose(received[500:-500], TONE[500:-500], atol=1e-3)


def test_sound_that_was_dropped_is_silent_so_that_times_stay_true() -> None:
    page = Page()
    page.send("start", sr=SR)
    page.play(TONE, SR, dropped=[0, 0, SR])
    page.send("stop")
    received = page.captioners[0].received
    assert received.size == 2 * SR
    assert not received[SR // 5 : SR // 5 + SR].any()
    np.testing.assert_allclose(received[SR // 5 + SR :], TONE[SR // 5 :], atol=1e-4)


def test_each_start_makes_a_new_captioner_and_chunks_of_an_ended_one_are_ignored() -> None:
    page = Page()
    page.play(TONE, SR)  # a kernel that was restarted does not know of the stream
    assert page.sent == []
    for _ in range(2):
        page.send("start", sr=SR)
        page.send("stop")
    page.play(TONE, SR)
    assert len(page.captioners) == 2
    assert [content["kind"] for content in page.sent] == ["end", "end"]


@pytest.mark.parametrize(
    ("error", "text"),
    [(AudioCourseError("Too loud."), "Too loud."), (IndexError("list index"), "IndexError: list index")],
)
def test_a_captioner_that_fails_ends_with_one_line_and_can_be_started_again(error: Exception, text: str) -> None:
    class Failing(Counter):
        def feed(self, chunk: np.ndarray) -> list[tuple[float, float, str]]:  # noqa: ARG002
            raise error

    page = Page(Failing)
    page.send("start", sr=SR)
    page.play(TONE, SR)
    assert page.sent == [{"kind": "problem", "text": text}]
    page.send("start", sr=SR)
    page.play(TONE, SR)
    assert len(page.captioners) == len(page.sent) == 2


def test_the_recording_is_played_by_the_page() -> None:
    page = Page()
    page.send("play")
    assert page.sent == [{"kind": "recording", "sr": SR}]
    assert list(page.buffers) == [b"\x01\x02"]


def test_without_a_student_the_captions_of_the_recording_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    live(Counter, recording=np.tile(TONE, 2), sr=SR, label="Captions")
    assert capsys.readouterr().out == "Captions\n  0.0 s  word0 word1 word2 word3\n  9.0 s  last\n"


def test_what_cannot_be_played_is_one_sentence(refuses: Refuses) -> None:
    with refuses("mono"):
        live(Counter, recording=np.zeros((2, SR), dtype=np.float32), sr=SR, label="Captions")
    with refuses("shorten it"):
        live(Counter, recording=np.zeros(MAX_BYTES // 2 + 1, dtype=np.float32), sr=SR, label="Captions")
