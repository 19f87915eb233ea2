"""References for answers that build on them, computed in a process of their own: who asks is not to be trusted.

Run as ``python -m audiocourse.teach.grading.sandbox.reference_server PORT``.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from types import TracebackType

from audiocourse.course import load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.student import Value
from audiocourse.learn.tasks import reference_of
from audiocourse.teach.grading.sandbox import processes
from audiocourse.teach.grading.sandbox.protocol import Channel, Closed, ProtocolError, Slow

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

    def restart(self) -> None:
        """Forget a call that was given up half-way; its answer must not be taken for the next one's."""
        self._end()

    def _begin(self) -> Channel:
        variables = {**os.environ, "OMP_NUM_THREADS": "1"}
        self._process, line = processes.start("audiocourse.teach.grading.sandbox.reference_server", variables)
        self._channel = Channel(line)
        return self._channel

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            processes.end(self._process)
        self._channel = self._process = None


def main() -> None:
    """Answer until the grader hangs up."""
    channel = Channel(processes.parent())
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has none; a lower limit stays
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
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
    main()
