"""The student's side of the border: answers are loaded and called here, and nothing that is checked against is here.

Forked from the zygote, or run as ``python -m audiocourse.teach.grading.sandbox.worker PORT`` where forking is not safe.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from audiocourse.course import Task, load_course
from audiocourse.learn.checking import guard
from audiocourse.learn.checking.answers import load_answers
from audiocourse.learn.checking.student import AnswerError, LocalHandle, LocalStudent, NotStarted, Value
from audiocourse.learn.tasks import forbidden_for
from audiocourse.teach.grading.sandbox import levels, processes
from audiocourse.teach.grading.sandbox.protocol import Channel, Closed, ProtocolError, Reference, Slow
from audiocourse.teach.grading.sandbox.warm_up import prepare, unprepared, warm_up

SECONDS_PER_CELL = 5.0
SECONDS_OF_CPU = 120.0  # of one submission; the grader's own clock stops single calls much earlier


def live(channel: Channel, descriptor: int, *, rung: str, scratch: str, using: Sequence[str] = ()) -> NoReturn:
    """Go into the jail and answer until the grader hangs up; then end, without a way back to whoever forked this.

    Parameters
    ----------
    channel : Channel
        The only way in and out.
    descriptor : int
        Its file descriptor, the only one that stays open.
    rung : str
        Name of the jail, "" for none.
    scratch : str
        The folder that may be written.
    using : Sequence[str]
        Libraries to prepare before; see `prepare`.
    """
    try:
        prepare(using)
        if hasattr(os, "setsid"):
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _be_silent()
        _compile_without_files()
        if rung:
            levels.close_other_fds([0, 1, 2, descriptor])
            kind = next(kind for kind in levels.ladder() if kind.name == rung)
            levels.enter(kind, levels.Limits(cpu_seconds=SECONDS_OF_CPU), scratch=Path(scratch), readable=[])
        serve(channel)
    finally:
        os._exit(0)


def _be_silent() -> None:
    """Let everything a submission prints go nowhere: what it prints inside an answer is kept apart."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _compile_without_files() -> None:
    """Let numba compile parts of librosa without keeping the result beside librosa's files, which cannot be written."""
    from numba.core.caching import Cache

    setattr(Cache, "save_overload", lambda *_: None)  # noqa: B010 (a method of a class is not assigned to)


def serve(channel: Channel) -> None:
    """Answer the grader until it hangs up.

    Parameters
    ----------
    channel : Channel
        The only way in and out.
    """
    hide_chapters()
    sys.meta_path.insert(0, _Once(sys.modules))
    session = Session(channel)
    with contextlib.suppress(Closed):
        while True:
            request = channel.receive()
            reply = session.answer(request)
            try:
                channel.send(reply)
            except (Closed, Slow):
                raise
            except ProtocolError as error:  # a result that cannot cross; nothing of it has left yet
                channel.send({"error": str(error), "kind": "", "started": True, "printed": ""})


class Session:
    """One submission: its answers by name, and the objects that the grader holds references to."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._answers: dict[str, Any] = {}
        self._handles: dict[int, LocalHandle] = {}
        self._right: set[str] = set()

    def answer(self, request: dict[str, Any]) -> dict[str, Value]:
        """Do what is asked and say what came of it: ``ok`` or ``error``, and the beginning of what was printed."""
        student = LocalStudent(self._answers, forbidden=request.get("forbidden", ()))
        self._right = set(request.get("right", ()))
        try:
            result = getattr(self, f"_{request['do']}")(student, request)
        except AnswerError as error:
            return {
                "error": str(error),
                "kind": error.kind,
                "started": not isinstance(error, NotStarted),
                "printed": student.printed,
            }
        return {"ok": result, "printed": student.printed}

    def _load(self, _: LocalStudent, request: dict[str, Any]) -> Value:
        tasks = [load_course().find_task(name) for name in request["tasks"]]
        hide_references(tasks)
        forbidden = [name for task in tasks for name in forbidden_for(task)]
        hide([*(name for name in forbidden if "." not in name), *unprepared()])
        guard.gate(forbidden)
        loaded = load_answers(
            request["notebook"],
            tasks,
            stage=self._stage,
            skip=request["skip"],
            before=lambda index: self._channel.send({"at": index}),
            seconds=SECONDS_PER_CELL,
        )
        guard.note_copies(forbidden)
        self._answers = loaded.namespace
        names = [task.name for task in tasks if callable(loaded.namespace.get(task.name))]
        return {"defined": names, "problems": loaded.problems}

    def _call(self, student: LocalStudent, request: dict[str, Any]) -> Value:
        arguments = tuple(self._local(argument) for argument in request["arguments"])
        return student.call(request["name"], *arguments, **request["options"])

    def _new(self, student: LocalStudent, request: dict[str, Any]) -> Value:
        number = len(self._handles)
        self._handles[number] = student.new(request["name"], **request["options"])
        return Reference(number)

    def _handle(self, student: LocalStudent, request: dict[str, Any]) -> Value:
        handle = self._handles[request["handle"]]
        handle._student = student  # what it prints and what is forbidden belong to this request
        arguments = [self._local(argument) for argument in request["arguments"]]
        return getattr(handle, request["method"])(*arguments)

    def _local(self, value: Value) -> Value:
        return self._handles[value.id] if isinstance(value, Reference) else value

    def _stage(self, name: str, namespace: dict[str, Any]) -> Callable[..., Any]:
        """Give the answer to another task where the grader found it right; else let the grader's reference answer."""

        def stage(*arguments: Value, **options: Value) -> Value:
            if name in self._right:
                return namespace[name](*arguments, **options)
            self._channel.send({"ask": name, "arguments": arguments, "options": options})
            reply = self._channel.receive()
            if "error" in reply:
                raise AnswerError(str(reply["error"]))
            return reply["ok"]

        return stage


def hide_chapters() -> None:
    """Make the packages that hold reference implementations unimportable; names in them raise when they are used."""
    hidden = [f"audiocourse.{room}" for room in (*load_course().rooms.chapters, "teach")]
    for name in [name for name in sys.modules if name.startswith(tuple(f"{room}." for room in hidden))]:
        if not name.startswith("audiocourse.teach.grading"):
            del sys.modules[name]
    sys.meta_path.insert(0, _Absent(hidden))


def hide(packages: Sequence[str]) -> None:
    """Make whole packages unimportable that hold nothing but what a task asks to write."""
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Absent(packages))


def hide_references(tasks: Sequence[Task]) -> None:
    """Replace the references of these tasks, wherever the ground floors hold them, by something that raises."""
    for task in tasks:
        if task.reference:
            guard.remove(task.reference_path)


class _Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an empty package in the place of each of these, so that a notebook's import of it costs nothing else."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = tuple(packages)

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        hidden = any(name == package or name.startswith(f"{package}.") for package in self._packages)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if hidden else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Hidden(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _Once(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module that was loaded before, so that there is no second copy of what a task forbids."""

    def __init__(self, loaded: Mapping[str, ModuleType]) -> None:
        self._loaded = dict(loaded)

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        found = self._loaded.get(name)
        return importlib.machinery.ModuleSpec(name, self, is_package=hasattr(found, "__path__")) if found else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return self._loaded[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        pass


class _Hidden(ModuleType):
    """A module whose every name raises when it is called."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_: object, **__: object) -> None:
            raise AnswerError(f"{self.__name__}.{name} is not there while answers are graded.")

        return refuse


def main() -> None:
    """Warm up, wait for a submission, and live for it."""
    line = processes.parent()
    warm_up()
    channel = Channel(line)
    live(channel, line.fileno(), **channel.receive())


if __name__ == "__main__":
    main()
