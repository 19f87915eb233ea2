"""A task by its entry in course.toml: its reference, what it forbids, a report on an answer, hints, progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from audiocourse.course import Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking import limits
from audiocourse.learn.checking.runner import Report, run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.learn.files import progress
from audiocourse.learn.predictions import load_predictions

_hints_shown: dict[str, int] = {}


def reference_of(task: Task) -> Callable[..., Any]:
    """Return the course's own implementation of a task.

    Raises
    ------
    AudioCourseError
        If it has none.
    """
    module, _, name = task.reference.partition(":")
    if not name:
        raise AudioCourseError(f"{task.name} has no reference: every good answer to an open task is different.")
    reference: Callable[..., Any] = getattr(import_module(module), name)
    return reference


def forbidden_for(task: Task) -> list[str]:
    """Return the dotted names that an answer to a task must not call: those it lists, and its reference."""
    return [*task.forbidden, *([task.reference_path] if task.reference else [])]


def report_on(task: Task, answer: object) -> Report:
    """Run the checks of a task on an answer in this process, within the limits of time and memory.

    Raises
    ------
    AudioCourseError
        If the answer goes past a limit.
    """
    student = LocalStudent({task.name: answer}, forbidden=forbidden_for(task))
    try:
        with limits.time_limit(limits.SECONDS_PER_TASK, more_bytes=limits.BYTES_PER_TASK):
            return run_checks(task, student)
    except limits.TooGreedy:
        raise AudioCourseError(
            f"{task.name}: stopped because it took {limits.BYTES_PER_TASK / 1e9:.1f} GB more memory; does it keep what "
            "it has finished with?"
        ) from None
    except limits.TooSlow:
        raise AudioCourseError(
            f"{task.name}: stopped after {limits.SECONDS_PER_TASK:.0f} s; does one of its loops never end?"
        ) from None


def next_hints(task: str) -> list[str]:
    """Uncover one more hint and return all that are uncovered, a line each."""
    found = load_course().find_task(task)
    task = found.name
    hints = found.hints
    shown = max(_hints_shown.get(task, 0), progress.read_progress()["hints"].get(task, 0))
    shown = min(shown + 1, len(hints))
    _hints_shown[task] = shown
    progress.note_hint(task, shown=shown)
    lines = [f"Hint {index + 1} of {len(hints)}: {text}" for index, text in enumerate(hints[:shown])]
    return lines or ["This task has no hints."]


def points_earned() -> dict[str, float]:
    """Return the points earned so far in each notebook that has some to earn."""
    done = progress.read_progress()["tasks"]
    return {
        notebook.name: sum(done[task.name]["points"] for task in notebook.task if task.name in done)
        for notebook in load_course().notebook
        if notebook.task
    }


def status_rows() -> list[tuple[str, str, str, str]]:
    """Return notebook, task, state of its checks and points, for every task of the course.

    A notebook in which something was predicted has one more row, which counts its predictions.
    """
    kept = progress.read_progress()
    done = kept["tasks"]
    rows = []
    for notebook in load_course().notebook:
        for task in notebook.task:
            entry = done.get(task.name)
            if task.kind == "written":
                state = "graded by hand"
                points = f"– of {task.points}"
            elif entry is None:
                state = "not started"
                points = f"0 of {task.points}"
            else:
                state = "done" if entry["passed"] == entry["of"] else f"{entry['passed']} of {entry['of']}"
                points = f"{entry['points']:g} of {task.points}"
            rows.append((notebook.name, f"{task.number} {task.title}", state, points))
        rows += _prediction_row(notebook.name, kept["predictions"])
    return rows


def _prediction_row(notebook: str, made: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    keys = load_predictions().get(notebook, {})
    right = [made[key]["right"] for key in keys if key in made]
    return [(notebook, "predictions", f"{len(right)} of {len(keys)} made", f"{sum(right)} right")] if right else []
