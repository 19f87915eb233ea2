"""The process that loads and calls a student's answers; checks and expected values are not in it.

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
from audiocourse.learn.checking.limits import SECONDS_PER_CELL_IN_WORKER
from audiocourse.learn.checking.student import AnswerError, LocalHandle, LocalStudent, NotStarted, Value
from audiocourse.learn.tasks import forbidden_for
from audiocourse.teach.grading.sandbox import levels, processes
from audiocourse.teach.grading.sandbox.protocol import Channel, Closed, ObjectRef, ProtocolError, Slow
from audiocourse.teach.grading.sandbox.resources import Limits
from audiocourse.teach.grading.sandbox.warm_up import prepare, unprepared, warm_up

SECONDS_OF_CPU = 120.0  # of one submission; the grader's own clock stops single calls much earlier


def run_worker(channel: Channel, descriptor: int, *, level: str, scratch: str, using: Sequence[str] = ()) -> NoReturn:
    """Enter the sandbox and answer requests until the grader hangs up; then end the process.

    Parameters
    ----------
    channel : Channel
        The only way in and out.
    descriptor : int
        Its file descriptor, the only one that stays open.
    level : str
        Name of the sandbox level, "" for none.
    scratch : str
        The folder that may be written.
    using : Sequence[str]
        Libraries to prepare first; see `prepare`.
    """
    try:
        prepare(using)
        if hasattr(os, "setsid"):
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _be_silent()
        _compile_without_files()
        if level:
            levels.close_other_fds([0, 1, 2, descriptor])
            kind = next(kind for kind in levels.available_levels() if kind.name == level)
            levels.enter(kind, Limits(cpu_seconds=SECONDS_OF_CPU), scratch=Path(scratch), readable=[])
        serve(channel)
    finally:
        os._exit(0)


def _be_silent() -> None:
    """Discard everything a submission prints; output printed inside an answer is captured separately."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _compile_without_files() -> None:
    """Keep numba from storing what it compiles of librosa beside librosa's files, which cannot be written."""
    from numba.core.caching import Cache

    setattr(Cache, "save_overload", lambda *_: None)  # noqa: B010 (a method of a class is not assigned to)


def serve(channel: Channel) -> None:
    """Answer requests of the grader until it hangs up.

    Parameters
    ----------
    channel : Channel
        The only way in and out.
    """
    hide_chapters()
    sys.meta_path.insert(0, _LoadedModules(sys.modules))
    session = Session(channel)
    with contextlib.suppress(Closed):
        while True:
            request = channel.receive()
            reply = session.answer(request)
            try:
                channel.send(reply)
            except (Closed, Slow):
                raise
            except ProtocolError as error:  # a result that cannot be sent; no part of it has been
                channel.send({"error": str(error), "kind": "", "started": True, "printed": ""})


class Session:
    """One submission: its answers by name, and the objects to which the grader holds an `ObjectRef`."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._answers: dict[str, Any] = {}
        self._handles: dict[int, LocalHandle] = {}
        self._passed: set[str] = set()

    def answer(self, request: dict[str, Any]) -> dict[str, Value]:
        """Execute a request and return its result: ``ok`` or ``error``, and the beginning of what was printed."""
        student = LocalStudent(self._answers, forbidden=request.get("forbidden", ()))
        self._passed = set(request.get("passed", ()))
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
            seconds=SECONDS_PER_CELL_IN_WORKER,
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
        return ObjectRef(number)

    def _handle(self, student: LocalStudent, request: dict[str, Any]) -> Value:
        handle = self._handles[request["handle"]]
        handle._student = student  # output and forbidden names belong to this request
        arguments = [self._local(argument) for argument in request["arguments"]]
        return getattr(handle, request["method"])(*arguments)

    def _local(self, value: Value) -> Value:
        return self._handles[value.id] if isinstance(value, ObjectRef) else value

    def _stage(self, name: str, namespace: dict[str, Any]) -> Callable[..., Any]:
        """Return the answer to another task if it passed its checks, else a call of the grader's reference."""

        def stage(*arguments: Value, **options: Value) -> Value:
            if name in self._passed:
                return namespace[name](*arguments, **options)
            self._channel.send({"ask": name, "arguments": arguments, "options": options})
            reply = self._channel.receive()
            if "error" in reply:
                raise AnswerError(str(reply["error"]))
            return reply["ok"]

        return stage


def hide_chapters() -> None:
    """Make the packages that hold reference implementations unimportable; names in them raise when they are called."""
    hidden = [f"audiocourse.{room}" for room in (*load_course().rooms.chapters, "teach")]
    for name in [name for name in sys.modules if name.startswith(tuple(f"{room}." for room in hidden))]:
        if not name.startswith("audiocourse.teach.grading"):
            del sys.modules[name]
    sys.meta_path.insert(0, _Absent(hidden))


def hide(packages: Sequence[str]) -> None:
    """Make packages unimportable that hold only what a task asks for."""
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Absent(packages))


def hide_references(tasks: Sequence[Task]) -> None:
    """Replace the references of these tasks, wherever the ground floors hold them, by functions that raise."""
    for task in tasks:
        if task.reference:
            guard.remove(task.reference_path)


class _Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an empty package in the place of each of these, so that a notebook that imports one still loads."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = tuple(packages)

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        hidden = any(name == package or name.startswith(f"{package}.") for package in self._packages)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if hidden else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Hidden(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _LoadedModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules that were loaded before, so that no second copy exists of what a task forbids."""

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
            raise AnswerError(f"{self.__name__}.{name} is not available while answers are graded.")

        return refuse


def main() -> None:
    """Load the libraries, wait for a submission, and serve it."""
    connection = processes.parent()
    warm_up()
    channel = Channel(connection)
    run_worker(channel, connection.fileno(), **channel.receive())


if __name__ == "__main__":
    main()
