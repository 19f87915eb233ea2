"""References for answers that build on them, computed in a process of their own: who asks is not to be trusted.

Run as ``python -m audiocourse.teach.grading.lender FD``.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from types import TracebackType

from audiocourse.course import load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.check import reference_of
from audiocourse.learn.student import Value
from audiocourse.teach.grading.protocol import Channel, Closed, ProtocolError, Slow

SECONDS = 5.0
MEMORY = 3 << 30  # bytes of address space


class Lender:
    """Calls references in another process, which may be slow, greedy or dead without harm to this one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None

    def __enter__(self) -> Lender:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._end()

    def call(self, task: str, arguments: Value, options: Value) -> Value:
        """Return what the reference of a task makes of some arguments.

        Raises
        ------
        AudioCourseError
            If it refuses them, or takes too long or too much memory over them.
        """
        channel = self._channel or self._begin()
        try:
            channel.send({"task": task, "arguments": arguments, "options": options}, timeout=SECONDS)
            reply = channel.receive(timeout=SECONDS)
        except ProtocolError:
            self._end()
            raise AudioCourseError(f"The reference of {task} was asked for too much: use smaller arguments.") from None
        if "error" in reply:
            raise AudioCourseError(str(reply["error"]))
        return reply["ok"]

    def _begin(self) -> Channel:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "audiocourse.teach.grading.lender", str(theirs.fileno())]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
        theirs.close()
        self._channel = Channel(ours)
        if self._channel.receive(timeout=60.0) != "ready":
            raise AudioCourseError("The process for references did not start.")
        return self._channel

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._channel = self._process = None


def main(descriptor: int) -> None:
    """Answer until the grader hangs up.

    Parameters
    ----------
    descriptor : int
        File descriptor of the socket to the grader.
    """
    import resource

    channel = Channel(socket.socket(fileno=descriptor))
    with contextlib.suppress(ValueError, OSError):  # a system with a lower limit keeps its own
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    channel.send("ready")
    with contextlib.suppress(Closed):
        while True:
            request = channel.receive()
            try:
                reference = reference_of(load_course().find_task(request["task"]))
                channel.send({"ok": reference(*request["arguments"], **request["options"])})
            except (Closed, Slow):
                raise
            except Exception as error:  # whatever was passed, the next one shall be answered
                said = f"the reference of {request['task']} refuses what it was given: {type(error).__name__}: {error}"
                channel.send({"error": said[:500]})


if __name__ == "__main__":
    main(int(sys.argv[1]))
