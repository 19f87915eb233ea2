"""The processes in which answers run: forked from one that has its libraries loaded, or started in advance."""

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
WORKER = "audiocourse.teach.grading.sandbox.worker"
ZYGOTE = "audiocourse.teach.grading.sandbox.zygote"


@dataclass(frozen=True)
class Worker:
    """A new process: a channel to it, the folder it may write to, and a function that kills all its processes."""

    channel: Channel
    scratch: tempfile.TemporaryDirectory[str]
    kill: Callable[[], None]

    def end(self) -> None:
        """Kill it, whatever it does, and delete its folder."""
        self.kill()
        self.channel.close()
        self.scratch.cleanup()


class WorkerPool(Protocol):
    """Gives one new process for each submission, and prepares the next one meanwhile."""

    def new_worker(self, *, using: Collection[str] = ()) -> Worker:
        """Return a process in its sandbox, with these libraries prepared; see `warm_up.prepare`."""

    def close(self) -> None:
        """End the processes that are kept ready."""


def start_pool(level: str) -> WorkerPool:
    """Return the fastest kind of pool that is safe here: forking a process that uses Apple's libraries is not."""
    return ForkingPool(level) if sys.platform == "linux" else SpawningPool(level)


class ForkingPool:
    """Forks one warm process, the zygote, for each submission, which takes a few milliseconds.

    Parameters
    ----------
    level : str
        Name of the sandbox level, "" for none.
    """

    def __init__(self, level: str) -> None:
        self._level = level
        self._prepared: set[str] = set()
        self._begin()
        self._next = self._fork()

    def new_worker(self, *, using: Collection[str] = ()) -> Worker:
        """See `WorkerPool.new_worker`; a zygote that was killed is started again."""
        ready = self._next
        try:
            if missing := set(using) - self._prepared:
                self._prepare(missing)
                ready.end()  # it was forked before
                ready = self._fork()
            self._next = self._fork()
        except (OSError, ValueError):
            ready.end()  # it ends with its zygote
            self._stop()
            self._begin()
            ready = self._fork()
            self._next = self._fork()
        return ready

    def close(self) -> None:
        """See `WorkerPool.close`."""
        self._next.end()
        self._stop()

    def _stop(self) -> None:
        self._control.close()
        self._zygote.kill()
        self._zygote.wait()

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", ZYGOTE, str(theirs.fileno())]
        self._zygote = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=minimal_environment())
        theirs.close()
        self._control = ours
        self._lines = ours.makefile("rb")
        self._wait_until_ready()
        if self._prepared:
            self._prepare(self._prepared)

    def _prepare(self, names: Collection[str]) -> None:
        """Have the zygote prepare libraries, so that every later worker has them."""
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

    def _fork(self) -> Worker:
        scratch = _scratch_folder()
        ours, theirs = socket.socketpair()
        request = json.dumps({"level": self._level, "scratch": scratch.name}).encode()
        try:
            socket.send_fds(self._control, [request], [theirs.fileno()])
        finally:
            theirs.close()
        pid = int(self._lines.readline())
        return Worker(Channel(ours), scratch, lambda: _kill(pid))


class SpawningPool:
    """Starts a process for each submission: for systems where forking is not safe.

    Parameters
    ----------
    level : str
        Name of the sandbox level, "" for none.
    """

    def __init__(self, level: str) -> None:
        self._level = level
        self._prepared: set[str] = set()
        self._next = self._start()

    def new_worker(self, *, using: Collection[str] = ()) -> Worker:
        """See `WorkerPool.new_worker`."""
        if not self._prepared.issuperset(using):
            self._prepared |= set(using)
            self._next.end()
            self._next = self._start()
        ready = self._next
        self._next = self._start()
        return ready

    def close(self) -> None:
        """See `WorkerPool.close`."""
        self._next.end()

    def _start(self) -> Worker:
        scratch = _scratch_folder()
        process, connection = processes.start(WORKER, minimal_environment())
        channel = Channel(connection)
        channel.send({"level": self._level, "scratch": scratch.name, "using": sorted(self._prepared)})
        return Worker(channel, scratch, lambda: processes.end(process))


def _scratch_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="audiocourse-", ignore_cleanup_errors=True)


def minimal_environment() -> dict[str, str]:
    """Return the environment variables that answers may see: what Python needs, without the grader's secrets."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in VARIABLES}
    ours = {name: value for name, value in os.environ.items() if name.startswith("AUDIOCOURSE_")}
    return {**kept, **ours, "OMP_NUM_THREADS": "1", "AUDIOCOURSE_PROGRESS": "off"}


def _kill(pid: int) -> None:
    """Kill a process that is not a child of this one, with its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
