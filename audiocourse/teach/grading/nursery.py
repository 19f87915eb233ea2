"""Where the processes come from in which answers run: forked from a warm one, or started warm and kept ready."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading import processes
from audiocourse.teach.grading.protocol import Channel

VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT")
SECONDS_TO_FORK = 20.0
CHILD, ZYGOTE = "audiocourse.teach.grading.child", "audiocourse.teach.grading.zygote"


@dataclass(frozen=True)
class Born:
    """A new process: how to talk to it, and how to end it with all it has started."""

    channel: Channel
    end: Callable[[], None]


class Nursery(Protocol):
    """Gives one new process for each submission."""

    def child(self, rung: str, scratch: str) -> Born:
        """Return a process in the jail ``rung`` ("" for none) that may write to the folder ``scratch``."""

    def close(self) -> None:
        """End what is kept warm."""


def nursery() -> Nursery:
    """Return the fastest kind that is safe here: forking a process that uses Apple's libraries is not."""
    return Forked() if sys.platform == "linux" else Spawned()


class Forked:
    """One warm process, the zygote, that is forked for each submission: a few milliseconds each."""

    def __init__(self) -> None:
        self._begin()

    def child(self, rung: str, scratch: str) -> Born:
        """See `Nursery.child`; a zygote that somebody has killed is started anew."""
        try:
            return self._fork(rung, scratch)
        except (OSError, ValueError):
            self.close()
            self._begin()
            return self._fork(rung, scratch)

    def close(self) -> None:
        """See `Nursery.close`."""
        self._control.close()
        self._zygote.kill()
        self._zygote.wait()

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", ZYGOTE, str(theirs.fileno())]
        self._zygote = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=few_variables())
        theirs.close()
        self._control, self._lines = ours, ours.makefile("rb")
        ours.settimeout(processes.SECONDS_TO_START)
        if self._lines.readline() != b"ready\n":
            raise AudioCourseError(
                "The process that runs answers did not start: `audiocourse doctor` says what is missing."
            )
        ours.settimeout(SECONDS_TO_FORK)

    def _fork(self, rung: str, scratch: str) -> Born:
        ours, theirs = socket.socketpair()
        request = json.dumps({"rung": rung, "scratch": scratch}).encode()
        try:
            socket.send_fds(self._control, [request], [theirs.fileno()])
        finally:
            theirs.close()
        pid = int(self._lines.readline())
        return Born(Channel(ours), lambda: _kill(pid))


class Spawned:
    """One process that is warm already, and the next one on its way: for systems where forking is not safe."""

    def __init__(self) -> None:
        self._ready = processes.start(CHILD, few_variables())

    def child(self, rung: str, scratch: str) -> Born:
        """See `Nursery.child`."""
        process, line = self._ready
        self._ready = processes.start(CHILD, few_variables())
        channel = Channel(line)
        channel.send({"rung": rung, "scratch": scratch})
        return Born(channel, lambda: processes.end(process))

    def close(self) -> None:
        """See `Nursery.close`."""
        process, line = self._ready
        line.close()
        processes.end(process)


def few_variables() -> dict[str, str]:
    """Return the environment variables that answers may see: what Python needs, and no token of whoever grades."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in VARIABLES}
    ours = {name: value for name, value in os.environ.items() if name.startswith("AUDIOCOURSE_")}
    return {**kept, **ours, "OMP_NUM_THREADS": "1", "AUDIOCOURSE_PROGRESS": "off"}


def _kill(pid: int) -> None:
    """Kill a process that is no child of this one, with its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
