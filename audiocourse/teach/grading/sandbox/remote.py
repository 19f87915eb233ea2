"""A student in another process, with the same interface as one in this kernel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.student import AnswerError, Arrays, NotStarted, Value
from audiocourse.teach.grading.sandbox.protocol import Channel, ObjectRef, ProtocolError, Slow

SECONDS_TO_LOAD = 60.0  # all cells of a notebook together
MAX_ERROR_CHARACTERS = 600  # of an error that a worker reports
MAX_CELLS = 100_000


class Stopped(AnswerError):
    """The worker had to be ended, or ended by itself; it answers no further requests."""


@dataclass
class RemoteStudent:
    """Answers behind a channel; see `audiocourse.learn.checking.student.Student`.

    Parameters
    ----------
    channel : Channel
        To a worker that has loaded a submission.
    forbidden : Sequence[str]
        Dotted names that raise while an answer runs.
    task : str
        The task that is being checked: its reference is never called for an answer.
    passed : Collection[str]
        Tasks whose answers pass all checks: later stages use them.
    call_reference : Callable, optional
        Calls the reference of another task with arguments and options, for a later stage that asks for it.
    seconds : float
        The longest that one call may take.
    until : float
        Deadline for the whole submission, on the clock `time.monotonic`.
    """

    channel: Channel
    forbidden: Sequence[str] = ()
    task: str = ""
    passed: Collection[str] = ()
    call_reference: Callable[[str, Value, Value], Value] | None = None
    seconds: float = 10.0
    until: float = math.inf
    printed: str = ""
    stopped: Stopped | None = None
    at: int | None = None  # the code cell that is being loaded

    def call(self, name: str, *arguments: Value, **options: Value) -> Value:
        """Call the function ``name``; see `Student.call`.

        Raises
        ------
        AnswerError
            As `LocalStudent.call`; `Stopped` where the process is gone or too slow.
        """
        sent = tuple(_as_sent(argument) for argument in arguments)
        return self.ask(name, do="call", name=name, arguments=sent, options=options)

    def new(self, name: str, **options: Value) -> RemoteHandle:
        """Build an object of the class ``name``; see `Student.new`.

        Raises
        ------
        AnswerError
            As for `call`.
        """
        created = self.ask(name, do="new", name=name, options=options)
        if not isinstance(created, ObjectRef):
            raise AnswerError(f"{name} did not create an object.")
        return RemoteHandle(self, created, name)

    def ask(self, what: str, **request: Value) -> Value:
        """Send one request and wait for its reply, calling references for the worker meanwhile."""
        if self.stopped:
            raise self.stopped
        last = min(time.monotonic() + SECONDS_TO_LOAD, self.until)
        deadline = min(time.monotonic() + self.seconds, self.until)
        try:
            self.channel.send(
                {**request, "forbidden": list(self.forbidden), "passed": sorted(self.passed)}, timeout=5.0
            )
            reply = self._receive(deadline)
            while isinstance(reply, dict) and reply.keys() & {"ask", "at"}:
                if "ask" in reply:
                    self.channel.send(self._reference_reply(reply), timeout=5.0)
                else:  # a notebook is loading, and the clock starts again with each of its cells
                    self.at = _cell(reply["at"])
                    deadline = min(last, time.monotonic() + self.seconds)
                reply = self._receive(deadline)
        except Slow:
            self.stopped = Stopped(f"{what} was stopped after {self.seconds:.0f} s; a loop may never end.", kind="Slow")
        except Exception:  # the worker is gone, or its reply makes no sense: either way only this submission loses
            self.stopped = Stopped(
                f"{what} ended the program it runs in, or needed more than it may have.", kind="Gone"
            )
        if self.stopped:
            raise self.stopped from None
        return self._unpacked(reply, what)

    def _receive(self, deadline: float) -> Value:
        return self.channel.receive(timeout=max(0.0, deadline - time.monotonic()))

    def _unpacked(self, reply: Value, what: str) -> Value:
        if not isinstance(reply, dict) or not isinstance(reply.get("printed", ""), str):
            raise AnswerError(f"{what} did not answer as it should.")
        self.printed = (self.printed + reply.get("printed", ""))[:2_000]
        if "error" not in reply:
            return reply.get("ok")
        if not isinstance(reply["error"], str) or not isinstance(reply.get("kind", ""), str):
            raise AnswerError(f"{what} did not answer as it should.")
        error = reply["error"][:MAX_ERROR_CHARACTERS]
        kind = reply.get("kind", "")[:80]
        if reply.get("started") is False:
            raise NotStarted(error)
        raise AnswerError(error, kind=kind)

    def _reference_reply(self, request: dict[str, Value]) -> dict[str, Value]:
        """Call another task's reference for a stage that builds on it."""
        name = request.get("ask")
        if self.call_reference is None or not isinstance(name, str) or name == self.task:
            return {"error": f"No reference of {name} is available to this answer."}
        try:
            return {"ok": self.call_reference(name, request.get("arguments", ()), request.get("options", {}))}
        except AudioCourseError as error:
            return {"error": str(error)}


@dataclass(frozen=True)
class RemoteHandle:
    """An object on the other side; see `audiocourse.learn.checking.student.Handle`."""

    student: RemoteStudent
    ref: ObjectRef
    name: str

    def state(self) -> dict[str, np.ndarray]:
        """Return its parameters by name."""
        return _arrays(self._ask("state"), self.name)

    def load(self, arrays: Arrays) -> None:
        """Set its parameters by name."""
        self._ask("load", dict(arrays))

    def call(self, method: str, *arguments: Value) -> Value:
        """Call one of its methods."""
        return self._ask("call", method, *map(_as_sent, arguments))

    def grad(self, inputs: Sequence[np.ndarray], cotangent: np.ndarray) -> dict[str, np.ndarray]:
        """Return the gradient of ⟨cotangent, object(*inputs)⟩ by parameter name."""
        return _arrays(self._ask("grad", list(inputs), cotangent), self.name)

    def train(self, mode: bool) -> None:
        """Switch training behaviour on or off."""
        self._ask("train", mode)

    def _ask(self, method: str, *arguments: Value) -> Value:
        return self.student.ask(self.name, do="handle", handle=self.ref.id, method=method, arguments=list(arguments))


def _cell(number: Value) -> int:
    """Check that a number is that of a cell, and return it."""
    if type(number) is not int or not 0 <= number < MAX_CELLS:
        raise ProtocolError("There is no such cell.")
    return number


def _as_sent(argument: Value) -> Value:
    return argument.ref if isinstance(argument, RemoteHandle) else argument


def _arrays(value: Value, name: str) -> dict[str, np.ndarray]:
    if not isinstance(value, dict) or not all(isinstance(array, np.ndarray) for array in value.values()):
        raise AnswerError(f"{name} did not give its parameters as arrays.")
    return value
