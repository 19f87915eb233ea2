"""The grader: it holds checks and expected values, and receives results of answers over a channel."""

from __future__ import annotations

import math
import re
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from audiocourse.course import Notebook, Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking import limits
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
from audiocourse.learn.listening.results import KEY, ListeningResult, handed_in
from audiocourse.learn.tasks import forbidden_for
from audiocourse.teach.grading.reports.files import require_size
from audiocourse.teach.grading.reports.gradebook import Result, TaskResult
from audiocourse.teach.grading.sandbox.protocol import Channel
from audiocourse.teach.grading.sandbox.reference_server import ReferenceServer
from audiocourse.teach.grading.sandbox.remote import RemoteStudent, Stopped
from audiocourse.teach.grading.sandbox.warm_up import named_in
from audiocourse.teach.grading.sandbox.worker_pool import Worker, WorkerPool, start_pool

OVER = "the time, or the memory for results, of one submission was already used up."
RUN_WHOLE = "Restart the kernel and run all cells: what an answer uses must be defined by a cell that runs then."
OUT_OF_TIME = (TooSlow,) if hasattr(signal, "setitimer") else (TooSlow, KeyboardInterrupt)
ATTEMPTS = 6  # at loading a notebook whose cells hang or end the process
MAX_SHOWN = 400_000  # characters of a page about one task, its players included


@dataclass
class LoadedNotebook:
    """A worker that has loaded a submission, the tasks it defines, and problems of their cells."""

    worker: Worker
    defined: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def channel(self) -> Channel:
        """The channel to the worker."""
        return self.worker.channel

    def end(self) -> None:
        """Kill it, whatever it does."""
        self.worker.end()

    def take(self, loaded: Value, names: Collection[str]) -> None:
        """Take what the worker reports about its notebook, as far as it makes sense.

        Raises
        ------
        AnswerError
            If it does not.
        """
        match loaded:
            case {"defined": list(defined), "problems": dict(problems)}:
                self.defined = {name for name in defined if isinstance(name, str)} & set(names)
                self.problems = {name: text[:600] for name, text in problems.items() if isinstance(text, str)}
            case _:
                raise AnswerError("The notebook did not load as it should.")


class Grader:
    """Grades submissions one after the other, each in a process of its own.

    Parameters
    ----------
    seed : int
        Seed of the hidden data; it never leaves this process.
    level : str
        Name of the sandbox level, "" for separate processes alone.
    checks : Path, optional
        A folder of further checks, laid out as ``tests/exercises`` is.
    pool : WorkerPool, optional
        Where workers come from; without it, the fastest kind that is safe on this system.
    """

    def __init__(
        self, *, seed: int, level: str = "", checks: Path | None = None, pool: WorkerPool | None = None
    ) -> None:
        self.seed = seed
        self.checks = checks
        self.reference_server = ReferenceServer()
        self._level = level
        self._pool = pool

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.reference_server.__exit__()
        if self._pool is not None:
            self._pool.close()

    def grade(self, data: bytes, *, student: str, file: str, fingerprint: str = "") -> Result:
        """Grade one submission.

        Parameters
        ----------
        data : bytes
            The file as it was handed in.
        student : str
            Whose submission it is.
        file : str
            Its name, which is used only where the contents do not identify the notebook.
        fingerprint : str
            See `gradebook.fingerprint`.
        """
        begin = time.monotonic()
        try:
            nb = parse_submission(data)
            found = identify_notebook(nb, file)
            nb = with_lost_tags(nb, found)
        except AudioCourseError as error:
            seconds = time.monotonic() - begin
            return Result(student, file, fingerprint, "", (), self._level, seconds, problem=str(error))
        results = tuple(self._tasks(found, nb))
        seconds = time.monotonic() - begin
        listening = submitted_listening_tests(data)
        return Result(student, file, fingerprint, found.name, results, self._level, seconds, listening=listening)

    def new_worker(self, nb: dict[str, Any]) -> Worker:
        """Return a worker for a notebook, with the libraries that it names prepared; the first call starts the pool."""
        using = named_in("\n".join(cell["source"] for cell in nb["cells"] if cell["cell_type"] == "code"))
        if self._pool is None:
            self._pool = start_pool(self._level)
        return self._pool.new_worker(using=using)

    def load(
        self,
        nb: dict[str, Any],
        tasks: Sequence[Task],
        skip: set[int],
        *,
        worker: Worker | None = None,
        call_reference: Callable[[str, Value, Value], Value] | None = None,
        until: float = math.inf,
        max_received: float = math.inf,
    ) -> LoadedNotebook | None:
        """Start a worker and load a notebook in it, without the code cells that no worker survives.

        Parameters
        ----------
        nb : dict
            The notebook, as `parse_submission` gives it.
        tasks : Sequence[Task]
            The tasks it may answer.
        skip : set[int]
            Code cells to leave out; those that end a worker are added.
        worker : Worker, optional
            The worker to try first.
        call_reference : Callable, optional
            See `RemoteStudent`.
        until : float
            Deadline, on the clock `time.monotonic`.
        max_received : float
            How much a worker may send in all, in bytes of memory.

        Returns
        -------
        LoadedNotebook or None
            None where no attempt survives.
        """
        for _ in range(ATTEMPTS):
            loaded = LoadedNotebook(worker or self.new_worker(nb))
            worker = None
            loaded.channel.max_received = max_received
            names = [task.name for task in tasks]
            student = RemoteStudent(
                loaded.channel, call_reference=call_reference, seconds=limits.SECONDS_PER_CELL_FOR_GRADER, until=until
            )
            try:
                loaded.take(student.ask("The notebook", do="load", notebook=nb, tasks=names, skip=sorted(skip)), names)
                return loaded
            except AnswerError:
                loaded.end()
                if student.at in skip or time.monotonic() >= until:
                    return None
                if student.at is not None:  # else it had not begun yet
                    skip.add(student.at)
        return None

    def _tasks(self, notebook: Notebook, nb: dict[str, Any]) -> Iterator[TaskResult]:
        with GradingSession(self, notebook, nb) as session:
            for task in notebook.task:
                yield session.result(task)


class GradingSession:
    """One submission while it is graded: its workers, and what is left of its time and memory.

    Hidden data and the notebook's own never meet in one worker; otherwise hidden data that an answer keeps or prints
    would appear on the student's page.

    Parameters
    ----------
    grader : Grader
        The grader with the checks, the seed, the workers and the references.
    notebook : Notebook
        Which notebook of the course it is.
    nb : dict
        The submission, as `parse_submission` gives it.
    """

    def __init__(self, grader: Grader, notebook: Notebook, nb: dict[str, Any]) -> None:
        self._grader = grader
        self._nb = nb
        self._answered = [task for task in notebook.task if task.kind != "written"]
        self._skip: set[int] = set()
        self._passed: set[str] = set()
        self._bytes_left = limits.BYTES_PER_SUBMISSION
        self._hidden: LoadedNotebook | None = None
        self._public: LoadedNotebook | None = None

    def __enter__(self) -> GradingSession:
        worker = self._grader.new_worker(self._nb)  # may wait for a large library, which costs the student no time
        self._until = time.monotonic() + limits.SECONDS_PER_SUBMISSION
        self._hidden = self._load(worker)
        return self

    def __exit__(self, *_: object) -> None:
        for loaded in filter(None, (self._hidden, self._public)):
            self._end(loaded)

    def result(self, task: Task) -> TaskResult:
        """Grade one task."""
        of = float(task.points)
        if task.kind == "written":
            messages = tuple(odd_about_text(self._nb, task.name))
            return TaskResult(task.name, 0.0, of, "written", 0, 0, messages)
        if self._is_over():
            return TaskResult(task.name, 0.0, of, "stopped", 0, 0, (f"{task.name} was not graded: {OVER}",))
        if self._hidden is None or task.name not in self._hidden.defined:
            problems = self._hidden.problems if self._hidden else {}
            why = problems.get(task.name, f"{task.name} is not in the notebook.")
            return TaskResult(task.name, 0.0, of, "missing", 0, 0, (why,))
        return self._graded(task, self._hidden)

    def _graded(self, task: Task, loaded: LoadedNotebook) -> TaskResult:
        """Run the checks of a task on hidden data."""
        student = self._student(loaded, task)
        try:
            with _task_limit(task):
                report = run_checks(task, student, seed=self._grader.seed, also=self._grader.checks)
        except OUT_OF_TIME:
            self._grader.reference_server.restart()
            student.stopped = Stopped(f"{task.name} was stopped: checking what it returns takes too long or too much.")
            graded = TaskResult(task.name, 0.0, float(task.points), "stopped", 0, 0, (str(student.stopped),))
        else:
            shown, missing = ("", "") if report.complete or not report.started else self._on_public_data(task)
            why = missing or loaded.problems.get(task.name, "")
            graded = task_result(report, self._why_stopped(student, loaded), shown, why)
            if report.complete:
                self._passed.add(task.name)
        if student.stopped:
            self._end(loaded)
            self._hidden = self._load()
        return graded

    def _why_stopped(self, student: RemoteStudent, loaded: LoadedNotebook) -> str:
        """Return why the worker of an answer was stopped, "" where it was not."""
        if student.stopped and loaded.channel.received > loaded.channel.max_received:
            limit_mb = limits.BYTES_PER_SUBMISSION / 1e6
            return f"{student.task} returns more in all than a submission may ({limit_mb:.0f} MB)."
        return str(student.stopped or "")

    def _on_public_data(self, task: Task) -> tuple[str, str]:
        """Return what a student's own `check` shows on public data, and a sentence on a name that is not defined.

        Such an answer may be right in the student's own kernel, so the sentence says how to correct it.
        """
        if self._public is None:
            self._public = self._load()
        if self._public is None or task.name not in self._public.defined:
            return "", ""
        student = self._student(self._public, task)
        shown = missing = ""
        try:
            with _task_limit(task), collected() as page:
                public = run_checks(task, student)
                if not public.complete:
                    give_feedback(public)
            # the page may run nothing, so plain players are left in it
            shown = re.sub("<script>.*?</script>", "", "".join(page))
            missing = _missing(public)
        except OUT_OF_TIME:
            self._grader.reference_server.restart()
            student.stopped = Stopped(f"{task.name} was stopped.")
        if student.stopped:
            self._end(self._public)
            self._public = None
        return (shown if len(shown) <= MAX_SHOWN and not student.stopped else ""), missing

    def _student(self, loaded: LoadedNotebook, task: Task) -> RemoteStudent:
        return RemoteStudent(
            loaded.channel,
            forbidden=forbidden_for(task),
            task=task.name,
            passed=self._passed,
            call_reference=self._call_reference,
            seconds=limits.SECONDS_PER_GRADED_CALL[task.kind],
            until=self._until,
        )

    def _call_reference(self, task: str, arguments: Value, options: Value) -> Value:
        """Call the reference of one of this notebook's tasks; others are refused."""
        if task not in [answered.name for answered in self._answered]:
            raise AudioCourseError(f"No reference of {task} is available to this notebook.")
        return self._grader.reference_server.call(task, arguments, options)

    def _load(self, worker: Worker | None = None) -> LoadedNotebook | None:
        """Load the notebook in a worker."""
        return self._grader.load(
            self._nb,
            self._answered,
            self._skip,
            worker=worker,
            call_reference=self._call_reference,
            until=self._until,
            max_received=self._bytes_left,
        )

    def _end(self, loaded: LoadedNotebook) -> None:
        loaded.end()
        self._bytes_left -= loaded.channel.received

    def _is_over(self) -> bool:
        return time.monotonic() >= self._until or self._bytes_left <= 0


def _task_limit(task: Task) -> AbstractContextManager[None]:
    return time_limit(limits.SECONDS_PER_GRADED_TASK[task.kind], more_bytes=limits.BYTES_PER_GRADED_TASK)


def _missing(public: Report) -> str:
    """Return a sentence on a name that an answer does not find, "" if none; never from a run on hidden data."""
    errors = [outcome.problem for outcome in public.outcomes if isinstance(outcome.problem, AnswerError)]
    return next((f"{error} {RUN_WHOLE}" for error in errors if error.kind in NOT_FOUND), "")


def parse_submission(data: bytes) -> dict[str, Any]:
    """Read the parts of a submission that count: its cells, their sources and their tags.

    Raises
    ------
    AudioCourseError
        If it is not a notebook; the message says what it is.
    """
    require_size(len(data))
    try:
        cells = [_cell(cell) for cell in stored_notebook(data)["cells"] if _is_whole(cell)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AudioCourseError(what_it_is(data)) from None
    if not cells:
        raise AudioCourseError("The notebook has no cells: the copy or the upload failed, so hand it in again.")
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


def submitted_listening_tests(data: bytes) -> tuple[ListeningResult, ...]:
    """Return the results of listening tests that a submission carries in its metadata; none where they are damaged."""
    if KEY.encode() not in data:
        return ()
    metadata = stored_notebook(data).get("metadata")
    return handed_in(metadata) if isinstance(metadata, dict) else ()


def identify_notebook(nb: dict[str, Any], file: str) -> Notebook:
    """Return the notebook of the course that a submission is, by its tags, else its functions, then its name.

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

    def similarity(notebook: Notebook) -> tuple[int, bool]:
        return sum(task.name in answered for task in notebook.task), notebook.name in Path(file).stem

    best = max(load_course().notebook, key=similarity)
    if similarity(best) == (0, False):
        raise AudioCourseError("The file contains none of the tasks of this course.")
    return best


def task_result(report: Report, stopped: str, shown: str, problem: str = "") -> TaskResult:
    """Turn a report into what a student may read: which checks failed, never on which hidden data.

    ``problem`` is a sentence on the answer's cell, which matters only where the answer is wrong.
    """
    messages = [headline(report), *([problem] if problem and not report.complete else [])]
    if stopped:
        messages.append(stopped)
    elif report.next is not None:
        messages.append(f"Next: {report.next.label}.")
    name = ""
    if report.misconception is not None:
        name = report.misconception.name
        messages.append(f"This looks like {name}. {report.misconception.hint}")
    return TaskResult(
        report.task.name,
        float(report.points),
        float(report.task.points),
        "stopped" if stopped else "graded",
        report.passed,
        len(report.outcomes),
        tuple(messages),
        name,
        shown,
    )
