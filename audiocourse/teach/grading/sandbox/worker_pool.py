"""Where the processes come from in which answers run: forked from a warm one, or started warm and kept ready."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.sandbox import processes
from audiocourse.teach.grading.sandbox.protocol import Channel

VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT")
SECONDS_TO_FORK = 20.0
CHILD = "audiocourse.teach.grading.sandbox.worker"
ZYGOTE = "audiocourse.teach.grading.sandbox.zygote"


@dataclass(frozen=True)
class Born:
    """A new process: how to talk to it, the folder it may write to, and how to kill it with all it has started."""

    channel: Channel
    scratch: tempfile.TemporaryDirectory[str]
    kill: Callable[[], None]

    def end(self) -> None:
        """Kill it, whatever it does, and clear up."""
        self.kill()
        self.channel.close()
        self.scratch.cleanup()


class Nursery(Protocol):
    """Gives one new process for each submission, and has the next one ready meanwhile."""

    def child(self, *, using: Collection[str] = ()) -> Born:
        """Return a process in its jail, with these libraries prepared; see `libraries.prepare`."""

    def close(self) -> None:
        """End what is kept warm."""


def nursery(rung: str) -> Nursery:
    """Return the fastest kind that is safe here: forking a process that uses Apple's libraries is not."""
    return Forked(rung) if sys.platform == "linux" else Spawned(rung)


class Forked:
    """One warm process, the zygote, that is forked for each submission: a few milliseconds each.

    Parameters
    ----------
    rung : str
        Name of the jail, "" for none.
    """

    def __init__(self, rung: str) -> None:
        self._rung = rung
        self._prepared: set[str] = set()
        self._begin()
        self._next = self._fork()

    def child(self, *, using: Collection[str] = ()) -> Born:
        """See `Nursery.child`; a zygote that somebody has killed is started anew."""
        ready = self._next
        try:
            if missing := set(using) - self._prepared:
                self._prepare(missing)
                ready.end()  # it was forked before
                ready = self._fork()
            self._next = self._fork()
        except (OSError, ValueError):
            ready.end()  # it has ended with its zygote, or will
            self._stop()
            self._begin()
            ready = self._fork()
            self._next = self._fork()
        return ready

    def close(self) -> None:
        """See `Nursery.close`."""
        self._next.end()
        self._stop()

    def _stop(self) -> None:
        self._control.close()
        self._zygote.kill()
        self._zygote.wait()

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", ZYGOTE, str(theirs.fileno())]
        self._zygote = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=few_variables())
        theirs.close()
        self._control = ours
        self._lines = ours.makefile("rb")
        self._wait_until_ready()
        if self._prepared:
            self._prepare(self._prepared)

    def _prepare(self, names: Collection[str]) -> None:
        """Let the zygote prepare libraries, so that every later child has them."""
        self._control.sendall(json.dumps({"prepare": sorted(names)}).encode())
        self._wait_until_ready()
        self._prepared |= set(names)

    def _wait_until_ready(self) -> None:
        self._control.settimeout(processes.SECONDS_TO_START)
        if self._lines.readline() != b"ready\n":
            raise AudioCourseError(
                "The process that runs answers did not start: `audiocourse doctor` says what is missing."
            )
        self._control.settimeout(SECONDS_TO_FORK)

    def _fork(self) -> Born:
        scratch = _folder()
        ours, theirs = socket.socketpair()
        request = json.dumps({"rung": self._rung, "scratch": scratch.name}).encode()
        try:
            socket.send_fds(self._control, [request], [theirs.fileno()])
        finally:
            theirs.close()
        pid = int(self._lines.readline())
        return Born(Channel(ours), scratch, lambda: _kill(pid))


class Spawned:
    """A process started for each submission: for systems where forking is not safe.

    Parameters
    ----------
    rung : str
        Name of the jail, "" for none.
    """

    def __init__(self, rung: str) -> None:
        self._rung = rung
        self._prepared: set[str] = set()
        self._next = self._start()

    def child(self, *, using: Collection[str] = ()) -> Born:
        """See `Nursery.child`."""
        if not self._prepared.issuperset(using):
            self._prepared |= set(using)
            self._next.end()
            self._next = self._start()
        ready = self._next
        self._next = self._start()
        return ready

    def close(self) -> None:
        """See `Nursery.close`."""
        self._next.end()

    def _start(self) -> Born:
        scratch = _folder()
        process, line = processes.start(CHILD, few_variables())
        channel = Channel(line)
        channel.send({"rung": self._rung, "scratch": scratch.name, "using": sorted(self._prepared)})
        return Born(channel, scratch, lambda: processes.end(process))


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="audiocourse-", ignore_cleanup_errors=True)


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
