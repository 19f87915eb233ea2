"""Grade a folder of submissions into a grade book, and write pages."""

from __future__ import annotations

import hashlib
import multiprocessing
import multiprocessing.connection
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiocourse.atomic import write_atomically
from audiocourse.course import course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.registry import checks_of
from audiocourse.teach.grading.further import require_right_checks
from audiocourse.teach.grading.platforms import student_of
from audiocourse.teach.grading.reports.gradebook import GradeBook, Result, fingerprint
from audiocourse.teach.grading.reports.late import LateRule
from audiocourse.teach.grading.reports.pages import class_page, feedback_page, page_of
from audiocourse.teach.grading.sandbox import levels
from audiocourse.teach.grading.sandbox.worker_pool import start_pool
from audiocourse.teach.grading.submissions import Submission, collect_submissions

if TYPE_CHECKING:
    from audiocourse.teach.grading.grader import Grader  # only what grades pays for importing it

BOOK = "book"
SEED = "seed"
_grader: Grader | None = None  # of this worker process


def strongest_level(wanted: str = "") -> str:
    """Return the name of the sandbox level to grade in: the wanted one, else the strongest that works here.

    Parameters
    ----------
    wanted : str
        Name of a level, or "" for the strongest.

    Raises
    ------
    AudioCourseError
        If the wanted one does not work here.
    """
    names = [level.name for level in levels.available_levels()]
    if wanted and wanted not in names:
        raise AudioCourseError(
            f"The sandbox level '{wanted}' does not work on this system; those that do are {', '.join(names)}."
        )
    return wanted or names[0]


def exposure_warning(level: str) -> str:
    """Return a warning where a sandbox level leaves network or files open, "" where it does not."""
    exposed = _exposed(level)
    if not exposed:
        return ""
    return (
        f"The sandbox level '{level}' does not protect {' and '.join(exposed)} here: an answer can reach what you can, "
        "including the solutions, the seed and your files. Grade only people whom you would let use your account, or "
        "grade in a Linux container, which is isolated: docker run --rm -v COURSE:/course -v SUBMISSIONS:/in:ro "
        "-v GRADES:/out -w /course python:3.12 python -m audiocourse grade /in --out /out --require-sandbox (COURSE is "
        "a fresh clone without .venv)."
    )


def _exposed(level: str) -> list[str]:
    promises = next(kind.promises for kind in levels.available_levels() if kind.name == level)
    barriers = {levels.NO_NETWORK: "the network", levels.READS_LIBRARIES_ONLY: "files"}
    return [name for promise, name in barriers.items() if promise not in promises]


def require_isolation(level: str) -> None:
    """Refuse a sandbox level that leaves network or files open.

    Raises
    ------
    AudioCourseError
        If it does.
    """
    if _exposed(level):
        raise AudioCourseError(
            f"The sandbox level '{level}' leaves network or files open; grade on Linux with user namespaces or seccomp "
            "or omit --require-sandbox."
        )


def grade_one(notebook: Path, *, seed: int | None = None, level: str = "", checks: Path | None = None) -> Result:
    """Grade one notebook without storing the result; see `audiocourse.teach.grade`."""
    from audiocourse.teach.grading.grader import Grader

    try:
        data = notebook.read_bytes()
    except OSError as error:
        raise AudioCourseError(f"{notebook} cannot be read ({error.strerror}).") from error
    seed = secrets.randbits(63) if seed is None else seed
    with Grader(seed=seed, level=strongest_level(level), checks=checks) as grader:
        return grader.grade(data, student=student_of(notebook.name), file=notebook.name)


def grade_class(
    submissions: Path,
    out: Path,
    *,
    level: str,
    seed: int | None = None,
    workers: int = 1,
    checks: Path | None = None,
    on_result: Callable[[Result, int], None] = lambda *_: None,
    on_message: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Grade every file in a folder; files that were graded before with the same seed are not graded again.

    Parameters
    ----------
    submissions : Path
        A folder with a file, or a folder of files, per student.
    out : Path
        Folder of the grade book and the pages.
    level : str
        Name of the sandbox level.
    seed : int, optional
        Seed of the hidden data; without it that of the last run, or a new one.
    workers : int
        Processes that grade at the same time.
    checks : Path, optional
        A folder of further checks, laid out as ``tests/exercises`` is.
    on_result : Callable
        Called with each result as it comes, and the number of those still to come.
    on_message : Callable
        Called with a sentence on the files that are left out.

    Returns
    -------
    list[Result]
        The result of each file in the folder; the book may hold more, of files that have been removed.

    Raises
    ------
    AudioCourseError
        If there is nothing to grade, a further check is unusable, or no space is left for the results.
    """
    found, left_out = collect_submissions(submissions)
    for sentence in left_out:
        on_message(sentence)
    if not found:
        raise AudioCourseError(f"There are no submissions in {submissions}.")
    seed = kept_seed(out) if seed is None else seed
    book = GradeBook(out / BOOK)
    waiting = _not_graded(found, book, seed=seed, version=version_of_checks(checks), level=level)
    for index, result in enumerate(_graded(waiting, seed=seed, level=level, workers=workers, checks=checks)):
        book.add(result)
        on_result(result, len(waiting) - index - 1)
    names = {submission.file for submission in found}
    return [result for result in book.results() if result.file in names]


def _not_graded(
    found: Sequence[Submission], book: GradeBook, *, seed: int, version: str, level: str
) -> list[tuple[Submission, str]]:
    """Return the submissions to grade, with fingerprints; add unreadable and resubmitted ones to the book."""
    waiting = []
    for submission in found:
        try:
            mark = fingerprint(submission.file, submission.read(), seed=seed, version=version)
        except AudioCourseError as error:
            book.add(
                Result(
                    submission.student,
                    submission.file,
                    "",
                    "",
                    (),
                    level,
                    submitted=submission.modified_at(),
                    problem=str(error),
                )
            )
            continue
        earlier = book.find(mark)
        if earlier is None:
            waiting.append((submission, mark))
        elif (earlier.student, earlier.submitted) != (submission.student, submission.modified_at()):
            book.add(replace(earlier, student=submission.student, submitted=submission.modified_at()))
    return waiting


def version_of_checks(also: Path | None) -> str:
    """Return a hash that changes with the checks, misconceptions and tasks: then everything is graded again.

    Raises
    ------
    AudioCourseError
        If a file of the further checks cannot be loaded, there is none, or the right answer fails one.
    """
    folder = course_root() / "tests" / "exercises"
    files = [*sorted(folder.rglob("*.py")), course_root() / "audiocourse" / "course.toml"]
    if also is not None:
        require_right_checks(also)
        files += sorted(also.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def kept_seed(out: Path) -> int:
    """Return the seed of the last run into this folder, or draw one and store it."""
    path = out / SEED
    if not path.is_file():
        write_atomically(path, f"{secrets.randbits(63)}\n".encode())
    try:
        return int(path.read_text(encoding="utf-8"))
    except ValueError:
        raise AudioCourseError(
            f"{path} is damaged: write a whole number into it, or delete it and grade everything again."
        ) from None


def write_pages(results: Sequence[Result], out: Path, *, late: LateRule) -> Path:
    """Write a page for each submission and one for the class, and return the path of the latter."""
    course = load_course()
    for result in results:
        page = feedback_page(result, course, late=late)
        write_atomically(out / page_of(result), page.encode())
    path = out / "class.html"
    write_atomically(path, class_page(results, course, late=late).encode())
    return path


def _graded(
    waiting: Sequence[tuple[Submission, str]], *, seed: int, level: str, workers: int, checks: Path | None
) -> Iterator[Result]:
    """Grade in other processes and yield each result as soon as it is available."""
    if not waiting:
        return
    spawn = multiprocessing.get_context("spawn")  # a worker starts its own clean process for answers
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(seed, level, checks)) as pool:
        try:
            for done in as_completed([pool.submit(_grade, submission, mark) for submission, mark in waiting]):
                yield done.result()
        except BrokenProcessPool:
            raise AudioCourseError(
                "A grading process was killed, perhaps for lack of memory: run the command again, and it continues "
                "where it stopped; fewer --workers need less."
            ) from None


def _begin(seed: int, level: str, checks: Path | None) -> None:
    """Create the grader of this process; it imports the checks while its zygote imports the libraries."""
    global _grader
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with ThreadPoolExecutor(1) as meanwhile:
        starting = meanwhile.submit(start_pool, level)
        from audiocourse.teach.grading.grader import Grader

        for task in load_course().tasks():
            if task.kind != "written":
                checks_of(task, checks)
    try:
        pool = starting.result()
    except (AudioCourseError, OSError):
        pool = None  # tried again for each submission, whose row then names the problem
    _grader = Grader(seed=seed, level=level, checks=checks, pool=pool)


def _end_with_parent() -> None:
    """Wait until the process that started this one ends, however that happens, and end too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _grade(submission: Submission, mark: str) -> Result:
    assert _grader is not None  # noqa: S101 (the initializer ran)
    try:
        result = _grader.grade(submission.read(), student=submission.student, file=submission.file, fingerprint=mark)
    except Exception as error:  # one submission, one row; without a fingerprint it is graded again
        problem = f"Grading it failed ({type(error).__name__}: {error}); look at the file, then run the command again."
        return Result(submission.student, submission.file, "", "", (), "", problem=problem)
    return replace(result, submitted=submission.modified_at())
