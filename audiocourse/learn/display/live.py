"""A live source: sound that arrives in chunks, from the browser's microphone or a recording, and captions made of it.

The browser sends each chunk to the kernel as a message, so the cell has ended and other cells can run. The kernel
acknowledges a chunk when it has been recognised; the browser drops sound while too many are not acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import soxr

from audiocourse import signal
from audiocourse.errors import AudioCourseError
from audiocourse.learn.display.widget import can_interact, widget
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray

MAX_WAITING = 20  # chunks of 0.1 s that may be under way: later captions than that are of no use
MAX_BYTES = 2_500_000  # of a recording in one message: servers let about a megabyte a second through to a page
CHUNK_SECONDS = 0.1
PAUSE_SECONDS = 0.5  # after a longer one a new line begins

Word: TypeAlias = tuple[Any, ...]  # (start, end, text, …), times in seconds of the stream


class Captioner(Protocol):
    """What turns a stream into words: each is returned once, when it is final."""

    def feed(self, chunk: FloatArray) -> Sequence[Word]:
        """Take the next samples, mono (samples,), and return the words that are final now."""

    def flush(self) -> Sequence[Word]:
        """End the stream and return the words that were still open."""

    @property
    def pending(self) -> Sequence[Word]:
        """The words that may still change."""


def live(captioner: Callable[[], Captioner], *, recording: FloatArray, sr: int, label: str) -> None:
    """Show live captions of the browser's microphone, or of a recording that plays at its own pace.

    Where a student works: a start and stop button, a menu of sources, grey words that may still change, and final ones
    with the time from their end to their appearance above them. Elsewhere the captions of the recording are printed.

    Parameters
    ----------
    captioner : Callable
        Makes a new captioner, at each start; see `Captioner`.
    recording : np.ndarray [shape=(samples,)]
        Mono; any sound, recorded or synthetic.
    sr : int
        The rate of the recording, and of the chunks that the captioner is given.
    label : str
        What is shown, also for screen readers.

    Raises
    ------
    AudioCourseError
        If the recording is not mono, or too long to be sent to a page.
    """
    require_mono(recording)
    samples = signal.to_pcm16(recording).tobytes()
    if len(samples) > MAX_BYTES:
        raise AudioCourseError(
            f"The recording lasts {recording.size / sr:.0f} s, but a page plays at most {MAX_BYTES // 2 // sr} s at "
            f"{sr} Hz: shorten it."
        )
    if not can_interact():
        print(f"{label}\n{_lines(_captions(captioner(), recording, sr))}")
        return
    from IPython.display import display

    page = widget("microphone.js", "live.js", label=label, max_waiting=MAX_WAITING)
    stream = CaptionStream(captioner, samples, sr, page.send)
    page.on_msg(lambda _, content, buffers: stream.receive(content, buffers))
    display(page)


class CaptionStream:
    """The kernel's side of live captions: answers each message of the page."""

    def __init__(
        self, captioner: Callable[[], Captioner], recording: bytes, sr: int, send: Callable[..., None]
    ) -> None:
        self._new_captioner = captioner
        self._recording = recording  # 16-bit samples
        self._sr = sr
        self._send = send
        self._running: tuple[Captioner, Any] | None = None  # and its resampler

    def receive(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Answer a message; a captioner that fails ends the captions with one line, and may be started again."""
        try:
            self._answer(content, buffers)
        except Exception as error:
            self._running = None
            text = str(error) if isinstance(error, AudioCourseError) else f"{type(error).__name__}: {error}"
            self._send({"kind": "problem", "text": text})

    def _answer(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        kind = content["kind"]
        if kind == "play":
            self._send({"kind": "recording", "sr": self._sr}, [self._recording])
        elif kind == "start":
            resampler = soxr.ResampleStream(content["sr"], self._sr, 1, dtype="float32", quality="HQ")
            self._running = self._new_captioner(), resampler
        elif self._running:
            captioner, resampler = self._running
            if kind == "chunk":
                silence = np.zeros(content["dropped"], dtype=np.float32)  # so that times stay true
                chunk = np.concatenate([silence, np.frombuffer(buffers[0], dtype=np.float32)])
                self._send_words("words", captioner.feed(resampler.resample_chunk(chunk)), captioner.pending)
            else:
                self._running = None
                rest = resampler.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
                self._send_words("end", [*captioner.feed(rest), *captioner.flush()], [])

    def _send_words(self, kind: str, words: Sequence[Word], pending: Sequence[Word]) -> None:
        final = [{"start": float(start), "end": float(end), "word": word} for start, end, word, *_ in words]
        self._send({"kind": kind, "words": final, "pending": [word for _, _, word, *_ in pending]})


def _captions(captioner: Captioner, y: FloatArray, sr: int) -> list[Word]:
    """Return all words of a recording (samples,), given to a captioner in chunks as a microphone would."""
    hop = round(CHUNK_SECONDS * sr)
    words = [word for start in range(0, y.size, hop) for word in captioner.feed(y[start : start + hop])]
    return [*words, *captioner.flush()]


def _lines(words: Sequence[Word]) -> str:
    """Write words as text: a new line after each pause, with the time of its first word."""
    lines: list[str] = []
    before = -np.inf
    for start, end, word, *_ in words:
        if start - before > PAUSE_SECONDS:
            lines.append(f"{start:5.1f} s ")
        lines[-1] += f" {word}"
        before = end
    return "\n".join(lines)
