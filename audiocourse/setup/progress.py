"""One line on the terminal while packages arrive: what, how much, how long still. Standard library only."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from typing import TextIO

LINE_WIDTH = 78
QUIET_S = 15.0  # between two lines where the output is not a terminal: a log needs no animation
SOON_S = 3.0  # before that, a rate says nothing

_FILE = re.compile(r"(Downloading|Using cached) (\S+)\s?\(([\d.]+) ?([kMG]?)i?B\)")
_BYTES = re.compile(r"^Progress (\d+) of (\d+)")
_FETCHED = re.compile(r"^\s*Downloaded (\S+)")
_UNPACKING = re.compile(r"^(Installing collected packages|Prepared \d+ package)")
_AGAIN = re.compile(r"Retrying|retrying|Resuming")
_MB = {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}


class ProgressLine:
    """Reads what pip or uv print and turns it into one line that is overwritten in place.

    Parameters
    ----------
    total_mb : float
        Expected size of all downloads, in MB (10⁶ bytes).
    stream : text stream, optional
        Where the line goes; stdout by default. A stream that is not a terminal gets a new line every 15 seconds.
    clock : callable, optional
        Seconds, for tests.
    """

    def __init__(
        self, total_mb: float, *, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream or sys.stdout
        self._clock = clock
        self._total = total_mb
        self._begin = clock()
        self._shown_at = -QUIET_S
        self._finished = 0.0
        self._sizes: dict[str, float] = {}
        self._name = ""
        self._part = 0.0
        self._wide = 0

    def read(self, line: str) -> None:
        """Take one line of pip's or uv's output."""
        if match := _FILE.search(line):
            self._start(match[2], float(match[3]) * _MB[match[4]])
        elif match := _BYTES.search(line):
            self._part = int(match[1]) / 1e6
        elif match := _FETCHED.search(line):
            self._finished += self._sizes.pop(match[1], 0.0)
        elif _UNPACKING.search(line):
            self.show("unpacking and compiling, which takes some minutes on a slow disk")
            return
        elif _AGAIN.search(line):
            self.show("the connection broke off, trying again")
            return
        else:
            return
        self.show(self._summary())

    @property
    def done_mb(self) -> float:
        """What has arrived so far, in MB."""
        return self._finished + min(self._part, self._sizes.get(self._name, 0.0))

    def show(self, text: str) -> None:
        """Put a text in the place of the last one."""
        now = self._clock()
        if self._stream.isatty():
            text = f"audiocourse: {text}"[:LINE_WIDTH]
            self._stream.write(f"\r{text.ljust(self._wide)}")
            self._wide = len(text)
        elif now - self._shown_at >= QUIET_S:
            self._stream.write(f"audiocourse: {text}\n")
            self._shown_at = now
        self._stream.flush()

    def close(self) -> None:
        """Clear the line."""
        if self._wide:
            self._stream.write(f"\r{' ' * self._wide}\r")
            self._stream.flush()
            self._wide = 0

    def _start(self, name: str, size: float) -> None:
        """Begin a file. pip takes one after the other, so the file before has arrived; uv says so itself."""
        if name.endswith(".metadata"):
            return
        if self._name.endswith(".whl"):
            self._finished += self._sizes.pop(self._name, 0.0)
        self._name = name
        self._part = 0.0
        self._sizes[name] = size

    def _summary(self) -> str:
        done = self.done_mb
        total = max(self._total, done)
        share = f"{done / 1000:.2f} of {total / 1000:.1f} GB"
        return f"downloading {self._name.partition('-')[0]}, {share}{self._left(done, total)}"

    def _left(self, done: float, total: float) -> str:
        """Estimate how long the downloads will still take, at the rate so far."""
        elapsed = self._clock() - self._begin
        if elapsed < SOON_S or done <= 0.0:
            return ""
        seconds = elapsed * (total - done) / done
        return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"
