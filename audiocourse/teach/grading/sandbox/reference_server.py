"""References for answers that build on them, computed in a process of their own because their arguments are untrusted.

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


class ReferenceServer:
    """Calls references in another process, which may be slow, use much memory or crash without harm to this one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None

    def __enter__(self) -> ReferenceServer:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._end()

    def call(self, task: str, arguments: Value, options: Value) -> Value:
        """Return the result of a task's reference for these arguments.

        Raises
        ------
        AudioCourseError
            If it refuses them, or needs too much time or memory.
        """
        channel = self._channel or self._begin()
        try:
            channel.send({"task": task, "arguments": arguments, "options": options}, timeout=SECONDS)
            reply = channel.receive(timeout=SECONDS)
        except ProtocolError:
            self._end()
            raise AudioCourseError(
                f"The reference of {task} needs too much time or memory: use smaller arguments."
            ) from None
        if "error" in reply:
            raise AudioCourseError(str(reply["error"]))
        return reply["ok"]

    def restart(self) -> None:
        """End the process after a call that was interrupted, whose result must not be taken for the next one's."""
        self._end()

    def _begin(self) -> Channel:
        variables = {**os.environ, "OMP_NUM_THREADS": "1"}
        self._process, connection = processes.start("audiocourse.teach.grading.sandbox.reference_server", variables)
        self._channel = Channel(connection)
        return self._channel

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            processes.end(self._process)
        self._channel = self._process = None


def main() -> None:
    """Answer requests until the grader hangs up."""
    channel = Channel(processes.parent())
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such module; a lower limit stays
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
            except Exception as error:  # whatever was passed, the next request is answered
                problem = f"the reference of {request['task']} refuses its arguments: {type(error).__name__}: {error}"
                channel.send({"error": problem[:500]})


if __name__ == "__main__":
    main()
