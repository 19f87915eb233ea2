"""An instructor's own checks: loaded and tried on the course's own answers before a class is graded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from audiocourse.course import Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.limits import TooSlow, time_limit
from audiocourse.learn.checking.registry import further_checks_of, require_checks
from audiocourse.learn.checking.runner import PUBLIC_SEED, run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.learn.tasks import reference_of

SEEDS = (PUBLIC_SEED, 1, 2)
SECONDS = 30.0  # for all checks of a task


def require_right_checks(folder: Path) -> None:
    """Require that a folder of further checks is usable and that the course's own answers pass them.

    Raises
    ------
    AudioCourseError
        If there is none, or one cannot be loaded, belongs to no task, or fails on the right answer, which would cost
        the whole class the points.
    """
    require_checks(folder)
    for task in load_course().tasks():
        if labels := {check.label for check in further_checks_of(task, folder)}:
            _require_right(task, labels, folder)


def _require_right(task: Task, labels: Collection[str], folder: Path) -> None:
    right = LocalStudent({task.name: _right_answer(task)})
    for seed in SEEDS:
        try:
            with time_limit(SECONDS):
                outcomes = run_checks(task, right, seed=seed, also=folder).outcomes
        except TooSlow:
            raise AudioCourseError(
                f"The checks of {task.name} in {folder} take more than {SECONDS:.0f} s on the course's own answer."
            ) from None
        wrong = next((outcome for outcome in outcomes if outcome.label in labels and not outcome.passed), None)
        if wrong is not None:
            raise AudioCourseError(
                f"The check '{wrong.label}' of {task.name} in {folder} fails on the course's own answer "
                f"({str(wrong.problem).rstrip('.')}), so the whole class would lose the task: correct the check."
            )


def _right_answer(task: Task) -> Callable[..., Any]:
    """Return the reference of a task, or the answer in the solutions where it has none."""
    if task.reference:
        return reference_of(task)
    from audiocourse.teach.build import solution_of
    from audiocourse.teach.prove import answers_with

    answer: Callable[..., Any] = answers_with(task, solution_of(task))[task.name]
    return answer
