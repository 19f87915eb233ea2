"""Limits of time and memory for code that may never end or use ever more memory: their table, and a timer."""

from __future__ import annotations

import _thread
import contextlib
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

# One cell of a notebook
SECONDS_PER_CELL = 30.0  # run for `audiocourse check`, in this process
SECONDS_PER_CELL_IN_KERNEL = 60  # run for `audiocourse submit`, in a fresh kernel
SECONDS_PER_CELL_IN_WORKER = 5.0  # run for grading; then the worker skips the cell
SECONDS_PER_CELL_FOR_GRADER = 8.0  # then the grader ends a worker that could not

# The checks of one task
SECONDS_PER_TASK = 30.0  # in the notebook
BYTES_PER_TASK = 1.5e9  # more than before: libraries that an answer loads included
SECONDS_PER_GRADED_TASK = {"function": 60.0, "open": 120.0}  # by the kind of task
BYTES_PER_GRADED_TASK = 1e9  # more than before: results that the checks hold
SECONDS_PER_GRADED_CALL = {"function": 10.0, "open": 30.0}

# One graded submission
SECONDS_PER_SUBMISSION = 180.0
BYTES_PER_SUBMISSION = 512e6  # of all results of its answers

TICK_S = 0.25  # between two looks at the clock and the memory


class TooSlow(BaseException):
    """Something does not end; no ordinary exception, so that nothing on the way takes it for an error of the answer."""


class TooGreedy(TooSlow):
    """Something takes more and more memory."""


@contextlib.contextmanager
def time_limit(seconds: float, *, more_bytes: float = math.inf) -> Iterator[None]:
    """Raise `TooSlow` after a while, `TooGreedy` where memory grows too far; a limit around this one goes on.

    On Windows the time alone is limited, by a KeyboardInterrupt; outside the main thread there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
    elif hasattr(signal, "setitimer"):
        with _looked_at(seconds, more_bytes):
            yield
    else:
        timer = threading.Timer(seconds, _thread.interrupt_main)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextlib.contextmanager
def _looked_at(seconds: float, more_bytes: float) -> Iterator[None]:
    """Look at clock and memory every tick, by the timer of POSIX."""
    begin = time.monotonic()
    held = _bytes_in_use()

    def look(*_: object) -> None:
        if time.monotonic() - begin >= seconds:
            raise TooSlow
        if _bytes_in_use() - held > more_bytes:
            raise TooGreedy
        if callable(outer_look):
            outer_look(signal.SIGALRM, None)

    outer_look = signal.signal(signal.SIGALRM, look)
    outer_timer = signal.setitimer(signal.ITIMER_REAL, min(TICK_S, seconds), TICK_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *outer_timer)
        signal.signal(signal.SIGALRM, outer_look)


def _bytes_in_use() -> float:
    """Return the memory this process holds now; where the system does not say, the most it has ever held."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return float(pages * os.sysconf("SC_PAGE_SIZE"))
    import resource  # POSIX, as the timer

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else 1024 * peak)
