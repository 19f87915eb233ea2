"""A folder of submissions in, a book of results, pages and tables out."""

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
from audiocourse.teach.grading.platforms import whose
from audiocourse.teach.grading.reports.gradebook import GradeBook, Result, fingerprint
from audiocourse.teach.grading.reports.late import LateRule
from audiocourse.teach.grading.reports.pages import class_page, feedback_page, page_of
from audiocourse.teach.grading.sandbox import levels
from audiocourse.teach.grading.sandbox.worker_pool import nursery
from audiocourse.teach.grading.submissions import Submission, sorted_submissions

if TYPE_CHECKING:
    from audiocourse.teach.grading.grader import Grader  # only what grades pays for importing it

BOOK = "book"
SEED = "seed"
_grader: Grader | None = None  # of this worker process


def strongest_jail(wanted: str = "") -> str:
    """Name the jail to grade in: the wanted one, else the strongest that works here.

    Parameters
    ----------
    wanted : str
        Name of a rung, or "" for the strongest.

    Raises
    ------
    AudioCourseError
        If the wanted one does not work here.
    """
    names = [rung.name for rung in levels.ladder()]
    if wanted and wanted not in names:
        raise AudioCourseError(
            f"The jail '{wanted}' does not work on this system; those that do are {', '.join(names)}."
        )
    return wanted or names[0]


def open_walls(rung: str) -> str:
    """Say in a sentence what answers could reach from a jail that leaves network or files open, "" where none does."""
    missing = _missing(rung)
    if not missing:
        return ""
    return (
        f"The sandbox '{rung}' has no wall around {' and '.join(missing)} here: an answer can reach what you can, "
        "the solutions, the seed and your files too. Grade only people whom you would let use your account, or grade "
        "in a Linux container, which has walls: docker run --rm -v COURSE:/course -v SUBMISSIONS:/in:ro -v GRADES:/out "
        "-w /course python:3.12 python -m audiocourse grade /in --out /out --require-jail (COURSE is a fresh clone of "
        "its own, without .venv)."
    )


def _missing(rung: str) -> list[str]:
    promises = next(kind.promises for kind in levels.ladder() if kind.name == rung)
    walls = {levels.NO_NETWORK: "the network", levels.READS_LIBRARIES_ONLY: "files"}
    return [name for promise, name in walls.items() if promise not in promises]


def require_walls(rung: str) -> None:
    """Refuse a jail that leaves network and files open.

    Raises
    ------
    AudioCourseError
        If it does.
    """
    if _missing(rung):
        raise AudioCourseError(
            f"The jail '{rung}' leaves network or files open; grade on Linux with user namespaces or seccomp, or leave "
            "out --require-jail."
        )


def grade_one(notebook: Path, *, seed: int | None = None, rung: str = "", checks: Path | None = None) -> Result:
    """Grade one notebook and keep nothing; see `audiocourse.teach.grade`."""
    from audiocourse.teach.grading.grader import Grader

    try:
        data = notebook.read_bytes()
    except OSError as error:
        raise AudioCourseError(f"{notebook} cannot be read ({error.strerror}).") from error
    seed = secrets.randbits(63) if seed is None else seed
    with Grader(seed=seed, rung=strongest_jail(rung), checks=checks) as grader:
        return grader.grade(data, student=whose(notebook.name), file=notebook.name)


def grade_class(
    submissions: Path,
    out: Path,
    *,
    rung: str,
    seed: int | None = None,
    workers: int = 1,
    checks: Path | None = None,
    heard: Callable[[Result, int], None] = lambda *_: None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Grade every file in a folder; what was graded before with the same seed is not graded again.

    Parameters
    ----------
    submissions : Path
        A folder with a file, or a folder of files, per student.
    out : Path
        Where the book lies and the pages go.
    rung : str
        Name of the jail.
    seed : int, optional
        Where the hidden data comes from; without it the one of the last run, or a new one.
    workers : int
        Processes that grade at the same time.
    checks : Path, optional
        A folder of further checks, laid out as ``tests/exercises`` is.
    heard : Callable
        Told each result as it comes, and how many are still to come.
    say : Callable
        Told in a sentence what is left out.

    Returns
    -------
    list[Result]
        The result of each file in the folder; the book may hold more, of files that are gone.

    Raises
    ------
    AudioCourseError
        If there is nothing to grade, a further check is of no use, or no space is left for the results.
    """
    found, left_out = sorted_submissions(submissions)
    for sentence in left_out:
        say(sentence)
    if not found:
        raise AudioCourseError(f"There are no submissions in {submissions}.")
    seed = kept_seed(out) if seed is None else seed
    book = GradeBook(out / BOOK)
    waiting = _not_graded(found, book, seed=seed, version=version_of_checks(checks), rung=rung)
    for index, result in enumerate(_graded(waiting, seed=seed, rung=rung, workers=workers, checks=checks)):
        book.add(result)
        heard(result, len(waiting) - index - 1)
    names = {one.file for one in found}
    return [result for result in book.results() if result.file in names]


def _not_graded(
    found: Sequence[Submission], book: GradeBook, *, seed: int, version: str, rung: str
) -> list[tuple[Submission, str]]:
    """Return what is to be graded, with its fingerprints; note in the book what cannot be read and what came anew."""
    waiting = []
    for one in found:
        try:
            mark = fingerprint(one.file, one.read(), seed=seed, version=version)
        except AudioCourseError as error:
            book.add(Result(one.student, one.file, "", "", (), rung, submitted=one.came(), problem=str(error)))
            continue
        known = book.find(mark)
        if known is None:
            waiting.append((one, mark))
        elif (known.student, known.submitted) != (one.student, one.came()):
            book.add(replace(known, student=one.student, submitted=one.came()))
    return waiting


def version_of_checks(also: Path | None) -> str:
    """Return what changes when a check, a misconception or a task of the course changes: then all is graded anew.

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
    """Return the seed of the last run into this folder, or make one and keep it."""
    path = out / SEED
    if not path.is_file():
        write_atomically(path, f"{secrets.randbits(63)}\n".encode())
    try:
        return int(path.read_text(encoding="utf-8"))
    except ValueError:
        raise AudioCourseError(
            f"{path} is damaged: write a whole number into it, or delete it and grade everything anew."
        ) from None


def write_pages(results: Sequence[Result], out: Path, *, late: LateRule) -> Path:
    """Write a page for each submission and one for the class, and return where the latter is."""
    course = load_course()
    for result in results:
        page = feedback_page(result, course, late=late)
        write_atomically(out / page_of(result), page.encode())
    path = out / "class.html"
    write_atomically(path, class_page(results, course, late=late).encode())
    return path


def _graded(
    waiting: Sequence[tuple[Submission, str]], *, seed: int, rung: str, workers: int, checks: Path | None
) -> Iterator[Result]:
    """Grade in other processes and give each result as soon as it is there."""
    if not waiting:
        return
    spawn = multiprocessing.get_context("spawn")  # a worker starts its own clean process for answers
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(seed, rung, checks)) as pool:
        try:
            for done in as_completed([pool.submit(_grade, one, mark) for one, mark in waiting]):
                yield done.result()
        except BrokenProcessPool:
            raise AudioCourseError(
                "A process that grades was ended from outside, perhaps for lack of memory: run the command again, it "
                "goes on where it was; fewer --workers need less."
            ) from None


def _begin(seed: int, rung: str, checks: Path | None) -> None:
    """Make the grader of this worker process; it imports the checks while its zygote imports the libraries."""
    global _grader
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with ThreadPoolExecutor(1) as meanwhile:
        children = meanwhile.submit(nursery, rung)
        from audiocourse.teach.grading.grader import Grader

        for task in load_course().tasks():
            if task.kind != "written":
                checks_of(task, checks)
    try:
        warm = children.result()
    except (AudioCourseError, OSError):
        warm = None  # it is tried again for each submission, whose row says what is wrong
    _grader = Grader(seed=seed, rung=rung, checks=checks, children=warm)


def _end_with_parent() -> None:
    """Wait for the end of the process that started this one, however it ends, and follow it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _grade(one: Submission, mark: str) -> Result:
    assert _grader is not None  # noqa: S101 (the initializer ran)
    try:
        result = _grader.grade(one.read(), student=one.student, file=one.file, fingerprint=mark)
    except Exception as error:  # one submission, one row; without a fingerprint it is tried again
        said = f"Grading it failed ({type(error).__name__}: {error}); look at the file, then run the command again."
        return Result(one.student, one.file, "", "", (), "", problem=said)
    return replace(result, submitted=one.came())
