"""A student in another process: the checks speak to it as to one in this kernel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.student import AnswerError, Arrays, NotStarted, Value
from audiocourse.teach.grading.sandbox.protocol import Channel, ProtocolError, Reference, Slow

SECONDS_TO_LOAD = 60.0  # all cells of a notebook together
SAID_AT_MOST = 600  # characters that a student's process may say about itself
MOST_CELLS = 100_000


class Stopped(AnswerError):
    """The student's process had to be ended, or ended itself; nothing more can be asked of it."""


@dataclass
class RemoteStudent:
    """Answers behind a channel; see `audiocourse.learn.checking.student.Student`.

    Parameters
    ----------
    channel : Channel
        To a child that has loaded a submission.
    forbidden : Sequence[str]
        Dotted names that raise while an answer runs.
    task : str
        The task that is being checked: its reference is never lent.
    right : Collection[str]
        Tasks whose answers were found right: later stages use them.
    lend : Callable, optional
        Calls the reference of another task with arguments and options, for a later stage that asks for it.
    seconds : float
        The longest that one call may take.
    until : float
        When all of it must be over, on the clock `time.monotonic`.
    """

    channel: Channel
    forbidden: Sequence[str] = ()
    task: str = ""
    right: Collection[str] = ()
    lend: Callable[[str, Value, Value], Value] | None = None
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
        sent = tuple(_crossing(argument) for argument in arguments)
        return self.ask(name, do="call", name=name, arguments=sent, options=options)

    def new(self, name: str, **options: Value) -> RemoteHandle:
        """Build an object of the class ``name``; see `Student.new`.

        Raises
        ------
        AnswerError
            As for `call`.
        """
        made = self.ask(name, do="new", name=name, options=options)
        if not isinstance(made, Reference):
            raise AnswerError(f"{name} gave something that is no object.")
        return RemoteHandle(self, made, name)

    def ask(self, what: str, **request: Value) -> Value:
        """Send one request and wait for its answer, lending references on the way."""
        if self.stopped:
            raise self.stopped
        last = min(time.monotonic() + SECONDS_TO_LOAD, self.until)
        deadline = min(time.monotonic() + self.seconds, self.until)
        try:
            self.channel.send({**request, "forbidden": list(self.forbidden), "right": sorted(self.right)}, timeout=5.0)
            reply = self._receive(deadline)
            while isinstance(reply, dict) and reply.keys() & {"ask", "at"}:
                if "ask" in reply:
                    self.channel.send(self._lent(reply), timeout=5.0)
                else:  # a notebook is loading, and each of its cells has its own time
                    self.at = _cell(reply["at"])
                    deadline = min(last, time.monotonic() + self.seconds)
                reply = self._receive(deadline)
        except Slow:
            self.stopped = Stopped(f"{what} was stopped after {self.seconds:.0f} s; a loop may never end.", kind="Slow")
        except Exception:  # gone, or a reply that nobody can make sense of: either way the loss of this submission
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
        said = reply["error"][:SAID_AT_MOST]
        kind = reply.get("kind", "")[:80]
        if reply.get("started") is False:
            raise NotStarted(said)
        raise AnswerError(said, kind=kind)

    def _lent(self, wish: dict[str, Value]) -> dict[str, Value]:
        """Run another task's reference on this side for a stage that builds on it."""
        name = wish.get("ask")
        if self.lend is None or not isinstance(name, str) or name == self.task:
            return {"error": f"There is no reference of {name} for this answer."}
        try:
            return {"ok": self.lend(name, wish.get("arguments", ()), wish.get("options", {}))}
        except AudioCourseError as error:
            return {"error": str(error)}


@dataclass(frozen=True)
class RemoteHandle:
    """An object on the other side; see `audiocourse.learn.checking.student.Handle`."""

    student: RemoteStudent
    reference: Reference
    name: str

    def state(self) -> dict[str, np.ndarray]:
        """Return its parameters by name."""
        return _arrays(self._ask("state"), self.name)

    def load(self, arrays: Arrays) -> None:
        """Set its parameters by name."""
        self._ask("load", dict(arrays))

    def call(self, method: str, *arguments: Value) -> Value:
        """Call one of its methods."""
        return self._ask("call", method, *map(_crossing, arguments))

    def grad(self, inputs: Sequence[np.ndarray], cotangent: np.ndarray) -> dict[str, np.ndarray]:
        """Return the gradient of ⟨cotangent, object(*inputs)⟩ by parameter name."""
        return _arrays(self._ask("grad", list(inputs), cotangent), self.name)

    def train(self, mode: bool) -> None:
        """Switch training behaviour on or off."""
        self._ask("train", mode)

    def _ask(self, method: str, *arguments: Value) -> Value:
        return self.student.ask(
            self.name, do="handle", handle=self.reference.id, method=method, arguments=list(arguments)
        )


def _cell(number: Value) -> int:
    """Return the number of a cell if it is one."""
    if type(number) is not int or not 0 <= number < MOST_CELLS:
        raise ProtocolError("There is no such cell.")
    return number


def _crossing(argument: Value) -> Value:
    return argument.reference if isinstance(argument, RemoteHandle) else argument


def _arrays(value: Value, name: str) -> dict[str, np.ndarray]:
    if not isinstance(value, dict) or not all(isinstance(array, np.ndarray) for array in value.values()):
        raise AnswerError(f"{name} did not give its parameters as arrays.")
    return value
