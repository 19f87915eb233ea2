"""The grader: it holds checks and expected values, and sees of a submission only what comes over a channel."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from audiocourse.course import Notebook, Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.answers import NOT_FOUND
from audiocourse.learn.checking.limits import TooSlow, time_limit
from audiocourse.learn.checking.runner import Report, run_checks
from audiocourse.learn.checking.student import AnswerError, Value
from audiocourse.learn.display.feedback import give_feedback, headline
from audiocourse.learn.display.html import collected
from audiocourse.learn.files.lost_tags import with_lost_tags
from audiocourse.learn.files.notebook import TASK_TAG, defines
from audiocourse.learn.files.stored import stored_notebook, what_it_is
from audiocourse.learn.files.workspace import odd_about_text
from audiocourse.learn.tasks import forbidden_for
from audiocourse.teach.grading.reports.files import require_size
from audiocourse.teach.grading.reports.gradebook import Result, TaskResult
from audiocourse.teach.grading.sandbox.protocol import Channel
from audiocourse.teach.grading.sandbox.reference_server import Lender
from audiocourse.teach.grading.sandbox.remote import RemoteStudent, Stopped
from audiocourse.teach.grading.sandbox.warm_up import named_in
from audiocourse.teach.grading.sandbox.worker_pool import Born, Nursery, nursery

SECONDS_PER_CELL = 8.0
SECONDS_PER_CALL = {"function": 10.0, "open": 30.0}
SECONDS_PER_TASK = {"function": 60.0, "open": 120.0}  # what the checks make of its results included
SECONDS_PER_SUBMISSION = 180.0
BYTES_PER_TASK = 1e9  # more than before, while its results are held for the checks
BYTES_PER_SUBMISSION = 512e6  # of all that answers return
OVER = "the time, or the memory for results, of one submission was used up before."
RUN_WHOLE = "Restart the kernel and run all cells: what an answer uses must be defined by a cell that runs then."
OUT_OF_TIME = (TooSlow,) if hasattr(signal, "setitimer") else (TooSlow, KeyboardInterrupt)
ATTEMPTS = 6  # at loading a notebook whose cells hang or end the process
MOST_SHOWN = 400_000  # characters of a page about one task, its players included


@dataclass
class Worker:
    """A process with one submission in it: the tasks it defines, and what was odd about loading them."""

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

    def take(self, loaded: Value, names: Collection[str]) -> None:
        """Believe what the worker says about its notebook as far as it makes sense.

        Raises
        ------
        AnswerError
            If it makes none.
        """
        match loaded:
            case {"defined": list(defined), "problems": dict(problems)}:
                self.defined = {name for name in defined if isinstance(name, str)} & set(names)
                self.problems = {name: said[:600] for name, said in problems.items() if isinstance(said, str)}
            case _:
                raise AnswerError("The notebook did not load as it should.")


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
        self.seed = seed
        self.checks = checks
        self.lender = Lender()
        self._rung = rung
        self._children = children

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.lender.__exit__()
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
        try:
            nb = readable(data)
            found = which(nb, file)
            nb = with_lost_tags(nb, found)
        except AudioCourseError as error:
            seconds = time.monotonic() - begin
            return Result(student, file, fingerprint, "", (), self._rung, seconds, problem=str(error))
        results = tuple(self._tasks(found, nb))
        return Result(student, file, fingerprint, found.name, results, self._rung, time.monotonic() - begin)

    def new_process(self, nb: dict[str, Any]) -> Born:
        """Return a process for a notebook, with what it names prepared; the first one starts what is kept warm."""
        using = named_in("\n".join(cell["source"] for cell in nb["cells"] if cell["cell_type"] == "code"))
        if self._children is None:
            self._children = nursery(self._rung)
        return self._children.child(using=using)

    def load(
        self,
        nb: dict[str, Any],
        tasks: Sequence[Task],
        skip: set[int],
        *,
        process: Born | None = None,
        lend: Callable[[str, Value, Value], Value] | None = None,
        until: float = math.inf,
        most_received: float = math.inf,
    ) -> Worker | None:
        """Start a worker and let it load a notebook, without the code cells that no worker survives.

        Parameters
        ----------
        nb : dict
            The notebook, as `readable` gives it.
        tasks : Sequence[Task]
            The tasks it may answer.
        skip : set[int]
            Code cells to leave out; those that end a worker are added.
        process : Born, optional
            Where to try it first.
        lend : Callable, optional
            See `RemoteStudent`.
        until : float
            When it must be over, on the clock `time.monotonic`.
        most_received : float
            How much a worker may send in all, in bytes of memory.

        Returns
        -------
        Worker or None
            None where no attempt survives.
        """
        for _ in range(ATTEMPTS):
            worker = Worker(process or self.new_process(nb))
            process = None
            worker.channel.most_received = most_received
            names = [task.name for task in tasks]
            student = RemoteStudent(worker.channel, lend=lend, seconds=SECONDS_PER_CELL, until=until)
            try:
                worker.take(student.ask("The notebook", do="load", notebook=nb, tasks=names, skip=sorted(skip)), names)
                return worker
            except AnswerError:
                worker.end()
                if student.at in skip or time.monotonic() >= until:
                    return None
                if student.at is not None:  # else it was not awake yet
                    skip.add(student.at)
        return None

    def _tasks(self, notebook: Notebook, nb: dict[str, Any]) -> Iterator[TaskResult]:
        with Sitting(self, notebook, nb) as sitting:
            for task in notebook.task:
                yield sitting.result(task)


class Sitting:
    """One submission while it is graded: the processes it lives in, and what is left of its time and memory.

    Hidden data and the notebook's own never meet in one process: what an answer keeps or prints of hidden data would
    else appear on the student's page.

    Parameters
    ----------
    grader : Grader
        Whose checks, seed, processes and lender these are.
    notebook : Notebook
        Which notebook of the course it is.
    nb : dict
        The submission, as `readable` gives it.
    """

    def __init__(self, grader: Grader, notebook: Notebook, nb: dict[str, Any]) -> None:
        self._grader = grader
        self._nb = nb
        self._answered = [task for task in notebook.task if task.kind != "written"]
        self._skip: set[int] = set()
        self._right: set[str] = set()
        self._bytes_left = BYTES_PER_SUBMISSION
        self._hidden: Worker | None = None
        self._public: Worker | None = None

    def __enter__(self) -> Sitting:
        first = self._grader.new_process(self._nb)  # may wait for a large library, and that time is nobody's
        self._until = time.monotonic() + SECONDS_PER_SUBMISSION
        self._hidden = self._load(first)
        return self

    def __exit__(self, *_: object) -> None:
        for worker in filter(None, (self._hidden, self._public)):
            self._end(worker)

    def result(self, task: Task) -> TaskResult:
        """Grade one task."""
        of = float(task.points)
        if task.kind == "written":
            said = tuple(odd_about_text(self._nb, task.name))
            return TaskResult(task.name, 0.0, of, "written", 0, 0, said)
        if self._is_over():
            return TaskResult(task.name, 0.0, of, "stopped", 0, 0, (f"{task.name} was not graded: {OVER}",))
        if self._hidden is None or task.name not in self._hidden.defined:
            problems = self._hidden.problems if self._hidden else {}
            why = problems.get(task.name, f"{task.name} is not in the notebook.")
            return TaskResult(task.name, 0.0, of, "missing", 0, 0, (why,))
        return self._graded(task, self._hidden)

    def _graded(self, task: Task, worker: Worker) -> TaskResult:
        """Run the checks of a task on hidden data."""
        student = self._student(worker, task)
        try:
            with time_limit(SECONDS_PER_TASK[task.kind], more_bytes=BYTES_PER_TASK):
                report = run_checks(task, student, seed=self._grader.seed, also=self._grader.checks)
        except OUT_OF_TIME:
            self._grader.lender.restart()
            student.stopped = Stopped(f"{task.name} was stopped: checking what it returns takes too long or too much.")
            graded = TaskResult(task.name, 0.0, float(task.points), "stopped", 0, 0, (str(student.stopped),))
        else:
            shown, missing = ("", "") if report.complete or not report.started else self._on_public_data(task)
            why = missing or worker.problems.get(task.name, "")
            graded = told(report, self._why_stopped(student, worker), shown, why)
            if report.complete:
                self._right.add(task.name)
        if student.stopped:
            self._end(worker)
            self._hidden = self._load()
        return graded

    def _why_stopped(self, student: RemoteStudent, worker: Worker) -> str:
        """Say why the process of an answer is gone, "" where it is not."""
        if student.stopped and worker.channel.received > worker.channel.most_received:
            return f"{student.task} returns more in all than a submission may ({BYTES_PER_SUBMISSION / 1e6:.0f} MB)."
        return str(student.stopped or "")

    def _on_public_data(self, task: Task) -> tuple[str, str]:
        """Return the page that a student's own `check` shows, from data that everybody has, and what a name lacks.

        A `NameError` is told in a sentence of its own: such an answer may well be right in the student's own kernel.
        """
        if self._public is None:
            self._public = self._load()
        if self._public is None or task.name not in self._public.defined:
            return "", ""
        student = self._student(self._public, task)
        shown = missing = ""
        try:
            with time_limit(SECONDS_PER_TASK[task.kind], more_bytes=BYTES_PER_TASK), collected() as page:
                public = run_checks(task, student)
                if not public.complete:
                    give_feedback(public)
            shown = "".join(page)
            missing = _missing(public)
        except OUT_OF_TIME:
            self._grader.lender.restart()
            student.stopped = Stopped(f"{task.name} was stopped.")
        if student.stopped:
            self._end(self._public)
            self._public = None
        return (shown if len(shown) <= MOST_SHOWN and not student.stopped else ""), missing

    def _student(self, worker: Worker, task: Task) -> RemoteStudent:
        return RemoteStudent(
            worker.channel,
            forbidden=forbidden_for(task),
            task=task.name,
            right=self._right,
            lend=self._lend,
            seconds=SECONDS_PER_CALL[task.kind],
            until=self._until,
        )

    def _lend(self, task: str, arguments: Value, options: Value) -> Value:
        """Lend the references of this notebook's tasks and no others."""
        if task not in [one.name for one in self._answered]:
            raise AudioCourseError(f"There is no reference of {task} for this notebook.")
        return self._grader.lender.call(task, arguments, options)

    def _load(self, process: Born | None = None) -> Worker | None:
        """Let a process load the notebook."""
        return self._grader.load(
            self._nb,
            self._answered,
            self._skip,
            process=process,
            lend=self._lend,
            until=self._until,
            most_received=self._bytes_left,
        )

    def _end(self, worker: Worker) -> None:
        worker.end()
        self._bytes_left -= worker.channel.received

    def _is_over(self) -> bool:
        return time.monotonic() >= self._until or self._bytes_left <= 0


def _missing(public: Report) -> str:
    """Say what an answer does not find while it is graded, "" if nothing; never from a run on hidden data."""
    errors = [outcome.problem for outcome in public.outcomes if isinstance(outcome.problem, AnswerError)]
    return next((f"{error} {RUN_WHOLE}" for error in errors if error.kind in NOT_FOUND), "")


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
    """Find out which notebook of the course a submission is: by its tags, else the functions in it, then by its name.

    Raises
    ------
    AudioCourseError
        If it answers no task of the course.
    """
    sources = "\n".join(cell["source"] for cell in nb["cells"])
    tags = {tag for cell in nb["cells"] for tag in cell["metadata"]["tags"]}
    answered = {task.name for task in load_course().tasks() if TASK_TAG + task.name in tags}
    if not answered:  # looking for functions takes longer
        answered = {task.name for task in load_course().tasks() if defines(sources, task.name)}

    def likeness(notebook: Notebook) -> tuple[int, bool]:
        return sum(task.name in answered for task in notebook.task), notebook.name in Path(file).stem

    best = max(load_course().notebook, key=likeness)
    if likeness(best) == (0, False):
        raise AudioCourseError("None of the tasks of this course is in the file.")
    return best


def told(report: Report, stopped: str, shown: str, odd: str = "") -> TaskResult:
    """Turn a report into what a student may read: which checks failed, never on which hidden data.

    ``odd`` is what was odd about the answer's cell, which is of interest where the answer is not right.
    """
    said = [headline(report), *([odd] if odd and not report.complete else [])]
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
