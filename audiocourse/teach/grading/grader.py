"""The grader: it holds checks and expected values, and sees of a submission only what comes over a channel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from audiocourse.course import Notebook, Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.check import forbidden_for
from audiocourse.learn.feedback import give_feedback, headline
from audiocourse.learn.lost_tags import with_lost_tags
from audiocourse.learn.notebook import TASK_TAG, defines
from audiocourse.learn.page import collected
from audiocourse.learn.runner import Report, run_checks
from audiocourse.learn.stored import stored_notebook, what_it_is
from audiocourse.learn.student import AnswerError, Value
from audiocourse.learn.workspace import odd_about_text
from audiocourse.teach.grading.book import Result, TaskResult
from audiocourse.teach.grading.files import require_size
from audiocourse.teach.grading.lender import Lender
from audiocourse.teach.grading.nursery import Born, Nursery, nursery
from audiocourse.teach.grading.protocol import Channel
from audiocourse.teach.grading.remote import RemoteStudent

SECONDS_PER_CELL = 8.0
SECONDS_PER_CALL = {"function": 10.0, "open": 30.0}
SECONDS_PER_SUBMISSION = 180.0
ATTEMPTS = 6  # at loading a notebook whose cells hang or end the process
MOST_SHOWN = 400_000  # characters of a page about one task, its players included


@dataclass
class Child:
    """A process with one submission in it."""

    born: Born
    defined: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def channel(self) -> Channel:
        """Where it is spoken to."""
        return self.born.channel

    def end(self) -> None:
        """Kill it, whatever it does."""
        self.born.end()


class Grader:
    """Grades submissions one after the other, each in a process of its own.

    Parameters
    ----------
    seed : int
        Where the data of the checks comes from; it never leaves this process.
    rung : str
        Name of the jail, "" for the bare separation of processes.
    checks : Path, optional
        A folder of further checks, laid out as ``tests/exercises`` is.
    children : Nursery, optional
        Where processes come from; without it, what is fastest and safe on this system.
    """

    def __init__(
        self, *, seed: int, rung: str = "", checks: Path | None = None, children: Nursery | None = None
    ) -> None:
        self._seed, self._rung, self._checks = seed, rung, checks
        self._lender = Lender()
        self._children = children
        self._deadline = math.inf

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._lender.__exit__()
        if self._children is not None:
            self._children.close()

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
        self._deadline = begin + SECONDS_PER_SUBMISSION
        try:
            nb = readable(data)
            found = which(nb, file)
            nb = with_lost_tags(nb, found)
        except AudioCourseError as error:
            seconds = time.monotonic() - begin
            return Result(student, file, fingerprint, "", (), self._rung, seconds, problem=str(error))
        results = tuple(self._tasks(found, nb))
        return Result(student, file, fingerprint, found.name, results, self._rung, time.monotonic() - begin)

    def _tasks(self, notebook: Notebook, nb: dict[str, Any]) -> Iterator[TaskResult]:
        answered = [task for task in notebook.task if task.kind != "written"]
        skip: set[int] = set()
        child = self.load(nb, answered, skip)
        right: set[str] = set()
        for task in notebook.task:
            if task.kind == "written":
                said = tuple(odd_about_text(nb, task.name))
                yield TaskResult(task.name, 0.0, float(task.points), "written", 0, 0, said)
                continue
            if child is None or task.name not in child.defined:
                why = (child.problems if child else {}).get(task.name, f"{task.name} is not in the notebook.")
                yield TaskResult(task.name, 0.0, float(task.points), "missing", 0, 0, (why,))
                continue
            student = self._student(child, task, right, [one.name for one in answered])
            report = run_checks(task, student, seed=self._seed, also=self._checks)
            shown = "" if report.complete or not report.started else _on_public_data(task, student)
            yield told(report, str(student.stopped or ""), shown)
            if report.complete:
                right.add(task.name)
            if student.stopped:
                child.end()
                child = self.load(nb, answered, skip)
        if child:
            child.end()

    def _student(self, child: Child, task: Task, right: Collection[str], tasks: Collection[str]) -> RemoteStudent:
        return RemoteStudent(
            child.channel,
            forbidden=forbidden_for(task),
            task=task.name,
            right=right,
            lend=self._lend(tasks),
            seconds=SECONDS_PER_CALL[task.kind],
            until=self._deadline,
        )

    def _lend(self, tasks: Collection[str]) -> Callable[[str, Value, Value], Value]:
        """Return what lends the references of these tasks and no others."""

        def lend(task: str, arguments: Value, options: Value) -> Value:
            if task not in tasks:
                raise AudioCourseError(f"There is no reference of {task} for this notebook.")
            return self._lender.call(task, arguments, options)

        return lend

    def load(self, nb: dict[str, Any], tasks: Sequence[Task], skip: set[int]) -> Child | None:
        """Start a child and let it load a notebook, without the code cells that no child survives.

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
            child = Child(self._new_process())
            names = [task.name for task in tasks]
            student = RemoteStudent(
                child.channel, lend=self._lend(names), seconds=SECONDS_PER_CELL, until=self._deadline
            )
            try:
                loaded = student.ask("The notebook", do="load", notebook=nb, tasks=names, skip=sorted(skip))
                child.defined = {str(name) for name in loaded["defined"]} & set(names)
                child.problems = {str(name): str(said)[:600] for name, said in loaded["problems"].items()}
                return child
            except (AnswerError, TypeError, KeyError, AttributeError):
                child.end()
                if student.at in skip:
                    return None
                if student.at is not None:
                    skip.add(student.at)
        return None

    def _new_process(self) -> Born:
        """Return a process for a submission; the first one starts what is kept warm."""
        if self._children is None:
            self._children = nursery(self._rung)
        return self._children.child()


def _on_public_data(task: Task, student: RemoteStudent) -> str:
    """Return the page that a student's own `check` shows: numbers and sounds from data that everybody has."""
    with collected() as page:
        public = run_checks(task, student)
        if not public.complete:
            give_feedback(public)
    shown = "".join(page)
    return shown if len(shown) <= MOST_SHOWN and not student.stopped else ""


def readable(data: bytes) -> dict[str, Any]:
    """Read a submission down to what counts: its cells, their sources and their tags.

    Raises
    ------
    AudioCourseError
        If it is not a notebook; the sentence says what it is.
    """
    require_size(len(data))
    try:
        cells = [_cell(cell) for cell in stored_notebook(data)["cells"] if _is_whole(cell)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AudioCourseError(what_it_is(data)) from None
    if not cells:
        raise AudioCourseError("The notebook holds no cell: the copy or the upload failed, so hand it in again.")
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _is_whole(cell: Any) -> bool:
    """Whether a cell has a kind and a text; others are left out, and the rest of the notebook counts."""
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    source = cell.get("source")
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    source = source.replace("\r\n", "\n").replace("\r", "\n")
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
        hits = sum(TASK_TAG + task.name in tagged or defines(sources, task.name) for task in notebook.task)
        return hits, notebook.name in Path(file).stem

    best = max(load_course().notebook, key=likeness)
    if likeness(best) == (0, False):
        raise AudioCourseError("None of the tasks of this course is in the file.")
    return best


def told(report: Report, stopped: str, shown: str) -> TaskResult:
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
        shown,
    )
