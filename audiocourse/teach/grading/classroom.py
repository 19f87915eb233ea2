"""A folder of submissions in, a book of results, pages and tables out."""

from __future__ import annotations

import hashlib
import multiprocessing
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from audiocourse.course import course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading import jail
from audiocourse.teach.grading.book import GradeBook, Result, fingerprint
from audiocourse.teach.grading.files import file_name, write_atomically
from audiocourse.teach.grading.grader import Grader
from audiocourse.teach.grading.late import LateRule
from audiocourse.teach.grading.page import class_page, feedback_page

BOOK, PAGES, SEED = "book", "feedback", "seed"
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


def grade_class(
    submissions: Path,
    out: Path,
    *,
    rung: str,
    seed: int | None = None,
    workers: int = 1,
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
    heard : Callable
        Told each result as it comes, and how many are still to come.

    Returns
    -------
    list[Result]
        All results in the book.

    Raises
    ------
    AudioCourseError
        If there is nothing to grade, or no space for the results.
    """
    files = sorted(path for path in submissions.rglob("*") if path.is_file() and not path.name.startswith("."))
    if not files:
        raise AudioCourseError(f"There are no submissions in {submissions}.")
    seed = kept_seed(out) if seed is None else seed
    book = GradeBook(out / BOOK)
    version = version_of_checks()
    waiting = []
    for path in files:
        name = path.relative_to(submissions).as_posix()
        try:
            mark = fingerprint(name, path.read_bytes(), seed=seed, version=version)
        except OSError as error:
            book.add(
                Result(whose(name), name, "", "", (), rung, problem=f"The file cannot be read ({error.strerror}).")
            )
            continue
        if not book.is_graded(mark):
            waiting.append((path, name, mark))
    for index, result in enumerate(_graded(waiting, seed=seed, rung=rung, workers=workers)):
        book.add(result)
        heard(result, len(waiting) - index - 1)
    return book.results()


def version_of_checks() -> str:
    """Return what changes when a check, a misconception or a task of the course changes: then all is graded anew."""
    folder = course_root() / "tests" / "exercises"
    files = [*sorted(folder.rglob("*.py")), course_root() / "audiocourse" / "course.toml"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def kept_seed(out: Path) -> int:
    """Return the seed of the last run into this folder, or make one and keep it."""
    path = out / SEED
    if not path.is_file():
        write_atomically(path, f"{secrets.randbits(63)}\n".encode())
    try:
        return int(path.read_text(encoding="utf-8"))
    except ValueError:
        raise AudioCourseError(f"{path} is damaged: pass --seed, or delete it and grade everything anew.") from None


def whose(name: str) -> str:
    """Read the student out of a file's place: the folder it lies in, or its name without that of the notebook."""
    path = Path(name)
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


def _graded(waiting: Sequence[tuple[Path, str, str]], *, seed: int, rung: str, workers: int) -> Iterator[Result]:
    if not waiting:
        return
    spawn = multiprocessing.get_context("spawn")  # a worker starts its own clean process for answers
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(seed, rung)) as pool:
        yield from pool.map(_grade, *zip(*waiting, strict=True))


def _begin(seed: int, rung: str) -> None:
    global _grader
    _grader = Grader(seed=seed, rung=rung)


def _grade(path: Path, name: str, mark: str) -> Result:
    assert _grader is not None  # noqa: S101 (the initializer ran)
    return _grader.grade(path.read_bytes(), student=whose(name), file=name, fingerprint=mark)
