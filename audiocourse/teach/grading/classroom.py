"""Grade a folder of submissions into a grade book."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.isolation import strongest_level
from audiocourse.teach.grading.parallel import grade_side_by_side
from audiocourse.teach.grading.platforms import student_of
from audiocourse.teach.grading.reports.gradebook import GradeBook, Result, fingerprint
from audiocourse.teach.grading.seeds import kept_seed, version_of_checks
from audiocourse.teach.grading.submissions import Submission, collect_submissions

BOOK = "book"


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
    for index, result in enumerate(grade_side_by_side(waiting, seed=seed, level=level, workers=workers, checks=checks)):
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
