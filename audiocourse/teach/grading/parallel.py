"""Processes that grade submissions side by side, each with a grader of its own."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiocourse.course import load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.registry import checks_of
from audiocourse.teach.grading.reports.gradebook import Result
from audiocourse.teach.grading.sandbox.worker_pool import start_pool
from audiocourse.teach.grading.submissions import Submission

if TYPE_CHECKING:
    from audiocourse.teach.grading.grader import Grader  # only what grades pays for importing it

_grader: Grader | None = None  # of this process


def grade_side_by_side(
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
