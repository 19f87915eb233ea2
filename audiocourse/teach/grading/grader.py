"""The grader: it holds checks and expected values, and sees of a submission only what comes over a channel."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import nbformat

from audiocourse.course import Notebook, Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.feedback import headline
from audiocourse.learn.notebook import TASK_TAG
from audiocourse.learn.runner import Report, run_checks
from audiocourse.learn.student import AnswerError
from audiocourse.learn.workspace import odd_about_text
from audiocourse.teach.grading.book import Result, TaskResult
from audiocourse.teach.grading.lender import Lender
from audiocourse.teach.grading.protocol import Channel
from audiocourse.teach.grading.remote import RemoteStudent

SECONDS_PER_CELL = 8.0
SECONDS_PER_CALL = {"function": 10.0, "open": 30.0}
ATTEMPTS = 6  # at loading a notebook whose cells hang or end the process
LARGEST = 50_000_000  # bytes of a submission
VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH")


@dataclass
class Child:
    """A forked process with one submission in it."""

    pid: int
    channel: Channel
    scratch: tempfile.TemporaryDirectory[str]
    defined: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)

    def end(self) -> None:
        """Kill it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.channel.close()
        self.scratch.cleanup()


class Grader:
    """Grades submissions one after the other, each in a child of one warm process.

    Parameters
    ----------
    seed : int
        Where the data of the checks comes from; it never leaves this process.
    rung : str
        Name of the jail, "" for the bare separation of processes.
    """

    def __init__(self, *, seed: int, rung: str = "") -> None:
        if not hasattr(socket, "send_fds") or sys.platform == "win32":
            raise AudioCourseError(
                "Grading needs Linux or macOS so far: run it there, or in the Windows Subsystem for Linux."
            )
        self._seed, self._rung = seed, rung
        self._lender = Lender()
        ours, theirs = socket.socketpair()
        environment = {**few_variables(), "OMP_NUM_THREADS": "1", "AUDIOCOURSE_PROGRESS": "off"}
        command = [sys.executable, "-m", "audiocourse.teach.grading.zygote", str(theirs.fileno())]
        self._zygote = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
        theirs.close()
        self._control = ours
        self._lines = ours.makefile("rb")
        if self._lines.readline() != b"ready\n":
            raise AudioCourseError(
                "The process that runs answers did not start: `audiocourse doctor` says what is missing."
            )

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._lender.__exit__()
        self._control.close()
        self._zygote.kill()
        self._zygote.wait()

    def grade(self, data: bytes, *, student: str, file: str, fingerprint: str = "") -> Result:
        """Grade one submission.

        Parameters
        ----------
        data : bytes
            The file as it was handed in.
        student : str
            Whose it is.
        file : str
            Its name: a hint at which notebook it is, no more.
        fingerprint : str
            What the book knows it by.
        """
        begin = time.monotonic()
        try:
            nb = readable(data)
            found = which(nb, file)
        except AudioCourseError as error:
            seconds = time.monotonic() - begin
            return Result(student, file, fingerprint, "", (), self._rung, seconds, problem=str(error))
        results = tuple(self._tasks(found, nb))
        return Result(student, file, fingerprint, found.name, results, self._rung, time.monotonic() - begin)

    def _tasks(self, notebook: Notebook, nb: dict[str, Any]) -> list[TaskResult]:
        answered = [task for task in notebook.task if task.kind != "written"]
        skip: set[int] = set()
        child = self.load(nb, answered, skip)
        results: list[TaskResult] = []
        right: set[str] = set()
        for task in notebook.task:
            if task.kind == "written":
                said = tuple(odd_about_text(nbformat.from_dict(nb), task.name))
                results.append(TaskResult(task.name, 0.0, float(task.points), "written", 0, 0, said))
                continue
            if child is None or task.name not in child.defined:
                why = (child.problems if child else {}).get(task.name, f"{task.name} is not in the notebook.")
                results.append(TaskResult(task.name, 0.0, float(task.points), "missing", 0, 0, (why,)))
                continue
            report, stopped = self._checked(child, task, right)
            results.append(told(report, stopped))
            if report.complete:
                right.add(task.name)
            if stopped:
                child.end()
                child = self.load(nb, answered, skip)
        if child:
            child.end()
        return results

    def _checked(self, child: Child, task: Task, right: Collection[str]) -> tuple[Report, str]:
        """Run the checks of one task, and say why the child is gone if it is."""
        forbidden = [*task.forbidden, *([task.reference.replace(":", ".")] if task.reference else [])]
        student = RemoteStudent(
            child.channel,
            forbidden=forbidden,
            task=task.name,
            right=right,
            lend=self._lender.call,
            seconds=SECONDS_PER_CALL[task.kind],
        )
        report = run_checks(task, student, seed=self._seed)
        return report, str(student.stopped) if student.stopped else ""

    def load(self, nb: dict[str, Any], tasks: Sequence[Task], skip: set[int]) -> Child | None:
        """Fork a child and let it load a notebook, without the code cells that no child survives.

        Parameters
        ----------
        nb : dict
            The notebook, as `readable` gives it.
        tasks : Sequence[Task]
            The tasks it may answer.
        skip : set[int]
            Code cells to leave out; those that end a child are added.

        Returns
        -------
        Child or None
            None where no attempt survives.
        """
        for _ in range(ATTEMPTS):
            child = self._fork()
            names = [task.name for task in tasks]
            student = RemoteStudent(child.channel, lend=self._lender.call, seconds=SECONDS_PER_CELL)
            try:
                loaded = student.ask("The notebook", do="load", notebook=nb, tasks=names, skip=sorted(skip))
                child.defined = {str(name) for name in loaded["defined"]} & set(names)
                child.problems = {str(name): str(said)[:600] for name, said in loaded["problems"].items()}
                return child
            except (AnswerError, TypeError, KeyError, AttributeError):
                child.end()
                if student.at is None or student.at in skip:
                    return None
                skip.add(student.at)
        return None

    def _fork(self) -> Child:
        scratch = tempfile.TemporaryDirectory(prefix="audiocourse-", ignore_cleanup_errors=True)
        ours, theirs = socket.socketpair()
        request = json.dumps({"rung": self._rung, "scratch": scratch.name}).encode()
        socket.send_fds(self._control, [request], [theirs.fileno()])
        theirs.close()
        return Child(int(self._lines.readline()), Channel(ours), scratch)


def few_variables() -> dict[str, str]:
    """Return the environment variables that answers may see: what Python needs, and no token of whoever grades."""
    kept = {name: value for name, value in os.environ.items() if name in VARIABLES}
    return kept | {name: value for name, value in os.environ.items() if name.startswith("AUDIOCOURSE_")}


def readable(data: bytes) -> dict[str, Any]:
    """Read a submission down to what counts: its cells, their sources and their tags.

    Raises
    ------
    AudioCourseError
        If it is no notebook.
    """
    if len(data) > LARGEST:
        raise AudioCourseError(f"The file has {len(data) / 1e6:.0f} MB; a notebook without outputs has less than one.")
    try:
        stored = json.loads(data.decode("utf-8-sig"))
        cells = [_cell(cell) for cell in stored["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AudioCourseError("The file is no Jupyter notebook of format 4, or it is damaged.") from None
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    source = source.replace("\r\n", "\n")
    found = cell.get("metadata", {}).get("tags", []) if isinstance(cell.get("metadata", {}), dict) else []
    kept = [tag for tag in found if isinstance(tag, str)] if isinstance(found, list) else []
    kind = str(cell["cell_type"])
    code: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "source": source, "metadata": {"tags": kept}, **code}


def which(nb: dict[str, Any], file: str) -> Notebook:
    """Find out which notebook of the course a submission is: by its tags and the functions in it, then by its name.

    Raises
    ------
    AudioCourseError
        If it answers no task of the course.
    """
    sources = "\n".join(cell["source"] for cell in nb["cells"])
    tagged = {tag for cell in nb["cells"] for tag in cell["metadata"]["tags"]}

    def likeness(notebook: Notebook) -> tuple[int, bool]:
        hits = sum(TASK_TAG + task.name in tagged or f"def {task.name}(" in sources for task in notebook.task)
        return hits, notebook.name in Path(file).stem

    best = max(load_course().notebook, key=likeness)
    if likeness(best) == (0, False):
        raise AudioCourseError("None of the tasks of this course is in the file.")
    return best


def told(report: Report, stopped: str) -> TaskResult:
    """Turn a report into what a student may read: which checks failed, never on which hidden data."""
    said = [headline(report)]
    if stopped:
        said.append(stopped)
    elif report.next is not None:
        said.append(f"Next: {report.next.label}.")
    name = ""
    if report.misconception is not None:
        name = report.misconception.name
        said.append(f"This looks like {name}. {report.misconception.hint}")
    return TaskResult(
        report.task.name,
        float(report.points),
        float(report.task.points),
        "stopped" if stopped else "graded",
        report.passed,
        len(report.outcomes),
        tuple(said),
        name,
    )
