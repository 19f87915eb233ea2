"""A folder of submissions in, a book of results, pages and tables out."""

from __future__ import annotations

import hashlib
import multiprocessing
import multiprocessing.connection
import os
import secrets
import stat
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from audiocourse.course import course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.registry import require_checks
from audiocourse.teach.grading import jail
from audiocourse.teach.grading.book import GradeBook, Result, fingerprint
from audiocourse.teach.grading.files import file_name, write_atomically
from audiocourse.teach.grading.grader import Grader, require_size
from audiocourse.teach.grading.late import LateRule
from audiocourse.teach.grading.page import class_page, feedback_page

BOOK, PAGES, SEED = "book", "feedback", "seed"
NO_WALLS = (
    "This system has no walls around answers: they can read the solutions, the seed and all your files, and use the "
    "network. Grade only people whom you would let use your account, or grade in a Linux container, which has walls: "
    "docker run --rm -v COURSE:/course -v SUBMISSIONS:/in:ro -v GRADES:/out -w /course python:3.12 "
    "python -m audiocourse grade /in --out /out --require-jail (COURSE is a fresh clone of its own, without .venv)."
)
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
    names = [rung.name for rung in jail.ladder()]
    if wanted and wanted not in names:
        raise AudioCourseError(
            f"The jail '{wanted}' does not work on this system; those that do are {', '.join(names)}."
        )
    return wanted or names[0]


def has_walls(rung: str) -> bool:
    """Whether answers in this jail reach neither the network nor files that are not theirs."""
    promises = next(kind.promises for kind in jail.ladder() if kind.name == rung)
    return {jail.NO_NETWORK, jail.READS_LIBRARIES_ONLY} <= set(promises)


def require_walls(rung: str) -> None:
    """Refuse a jail that leaves network and files open.

    Raises
    ------
    AudioCourseError
        If it does.
    """
    if not has_walls(rung):
        raise AudioCourseError(
            f"The jail '{rung}' leaves network or files open; grade on Linux with user namespaces or seccomp, or leave "
            "out --require-jail."
        )


def grade_one(notebook: Path, *, seed: int | None = None, rung: str = "", checks: Path | None = None) -> Result:
    """Grade one notebook and keep nothing; see `audiocourse.teach.grade`."""
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

    Returns
    -------
    list[Result]
        The result of each file in the folder; the book may hold more, of files that are gone.

    Raises
    ------
    AudioCourseError
        If there is nothing to grade, a further check is of no use, or no space is left for the results.
    """
    files = handed_in_files(submissions)
    if not files:
        raise AudioCourseError(f"There are no submissions in {submissions}.")
    seed = kept_seed(out) if seed is None else seed
    book = GradeBook(out / BOOK)
    version = version_of_checks(checks)
    waiting, names = [], [path.relative_to(submissions).as_posix() for path in files]
    for path, name in zip(files, names, strict=True):
        try:
            mark = fingerprint(name, careful_bytes(path), seed=seed, version=version)
        except AudioCourseError as error:
            book.add(Result(whose(name), name, "", "", (), rung, problem=str(error)))
            continue
        if not book.is_graded(mark):
            waiting.append((path, name, mark))
    for index, result in enumerate(_graded(waiting, seed=seed, rung=rung, workers=workers, checks=checks)):
        book.add(result)
        heard(result, len(waiting) - index - 1)
    return [result for result in book.results() if result.file in names]


def handed_in_files(submissions: Path) -> list[Path]:
    """List every file and every link that was handed in.

    Names that begin with a dot and all files in folders of such names (``.ipynb_checkpoints``) are left out.
    """
    everything = sorted(submissions.rglob("*"))
    seen = [
        path for path in everything if not any(part.startswith(".") for part in path.relative_to(submissions).parts)
    ]
    return [path for path in seen if path.is_symlink() or not path.is_dir()]


def careful_bytes(path: Path) -> bytes:
    """Read a submission, after looking at what it is and how large.

    Raises
    ------
    AudioCourseError
        If it is a link, which may lead to the solution or to a neighbour's file, a pipe or a device, larger than any
        notebook, or cannot be read.
    """
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise AudioCourseError(
                "The file is a link to another file, and links are not followed: hand in the notebook."
            )
        if not stat.S_ISREG(found.st_mode):
            raise AudioCourseError("This is a pipe or a device and not a file: hand in the notebook.")
        require_size(found.st_size)
        return path.read_bytes()
    except OSError as error:
        raise AudioCourseError(f"The file cannot be read ({error.strerror}).") from error


def version_of_checks(also: Path | None) -> str:
    """Return what changes when a check, a misconception or a task of the course changes: then all is graded anew.

    Raises
    ------
    AudioCourseError
        If a file of the further checks cannot be loaded, or there is none.
    """
    folder = course_root() / "tests" / "exercises"
    files = [*sorted(folder.rglob("*.py")), course_root() / "audiocourse" / "course.toml"]
    if also is not None:
        require_checks(also)
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


def whose(name: str) -> str:
    """Read the student out of a file's place: the folder it lies in, or its name without that of the notebook."""
    path = Path(unicodedata.normalize("NFC", name))  # macOS takes accents apart in the names of files
    if len(path.parts) > 1:
        return path.parts[0]
    stem = path.stem
    for notebook in load_course().notebook:
        stem = stem.removesuffix(notebook.name).rstrip("_- ")
    return stem or path.stem


def write_pages(results: Sequence[Result], out: Path, *, late: LateRule) -> Path:
    """Write a page for each submission and one for the class, and return where the latter is."""
    course = load_course()
    for result in results:
        page = feedback_page(result, course, late=late)
        write_atomically(out / PAGES / f"{file_name(result.file)}.html", page.encode())
    path = out / "class.html"
    write_atomically(path, class_page(results, course, late=late).encode())
    return path


def _graded(
    waiting: Sequence[tuple[Path, str, str]], *, seed: int, rung: str, workers: int, checks: Path | None
) -> Iterator[Result]:
    if not waiting:
        return
    spawn = multiprocessing.get_context("spawn")  # a worker starts its own clean process for answers
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(seed, rung, checks)) as pool:
        try:
            yield from pool.map(_grade, *zip(*waiting, strict=True))
        except BrokenProcessPool:
            raise AudioCourseError(
                "A process that grades was ended from outside, perhaps for lack of memory: run the command again, it "
                "goes on where it was; fewer --workers need less."
            ) from None


def _begin(seed: int, rung: str, checks: Path | None) -> None:
    global _grader
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _grader = Grader(seed=seed, rung=rung, checks=checks)


def _end_with_parent() -> None:
    """Wait for the end of the process that started this one, however it ends, and follow it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _grade(path: Path, name: str, mark: str) -> Result:
    assert _grader is not None  # noqa: S101 (the initializer ran)
    try:
        came = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        result = _grader.grade(careful_bytes(path), student=whose(name), file=name, fingerprint=mark)
    except Exception as error:  # one submission, one row; without a fingerprint it is tried again
        said = f"Grading it failed ({type(error).__name__}: {error}); look at the file, then run the command again."
        return Result(whose(name), name, "", "", (), "", problem=said)
    return replace(result, submitted=came)
