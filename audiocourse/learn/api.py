"""What a notebook calls: `check`, `hint`, `mine_or_reference` and `status`."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Literal

import __main__
from audiocourse.course import Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking import limits
from audiocourse.learn.checking.runner import Report, run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.learn.display.feedback import CheckFailed, give_feedback, headline
from audiocourse.learn.display.html import escape, put
from audiocourse.learn.files import progress

_hints_shown: dict[str, int] = {}


def check(task: str, answer: object = None) -> float | None:
    """Check an answer and say what is right, what differs, and where.

    Parameters
    ----------
    task : str
        Name of the task.
    answer : function or class, optional
        The answer; without it, the one of that name in the notebook.

    Returns
    -------
    float or None
        The points of an open task while nbgrader runs the notebook, which reads partial credit from the number that a
        cell ends with; else nothing.

    Raises
    ------
    CheckFailed
        If a check does not pass (its traceback in a notebook is two lines).
    AudioCourseError
        If there is no such task, it is graded by hand, or the check was interrupted.
    """
    found = load_course().find_task(task)
    task = found.name
    if found.kind == "written":
        raise AudioCourseError(f"{task} is graded by a person on the rubric above it; there is nothing to run.")
    try:
        report = report_on(found, answer if answer is not None else vars(__main__).get(task))
    except KeyboardInterrupt:
        raise AudioCourseError(f"{task}: stopped while it was checked; does one of its loops never end?") from None
    if report.started:
        progress.note_check(task, passed=report.passed, of=len(report.outcomes), points=report.points)
    give_feedback(report)
    if found.kind == "open" and progress.NBGRADER in os.environ:
        return report.points
    if not report.complete:
        raise CheckFailed(report)
    return None


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


def forbidden_for(task: Task) -> list[str]:
    """Return the dotted names that an answer to a task must not call: those it lists, and its reference."""
    return [*task.forbidden, *([task.reference.replace(":", ".")] if task.reference else [])]


def hint(task: str) -> None:
    """Show the next hint of a task, with those read before.

    Parameters
    ----------
    task : str
        Name of the task.

    Raises
    ------
    AudioCourseError
        If there is no such task.
    """
    lines = next_hints(task)
    put("".join(f"<p style='margin:0.3em 0'>{escape(line)}</p>" for line in lines), "\n".join(lines))


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


def mine_or_reference(task: str, *, use: Literal["auto", "mine", "reference"] = "auto") -> Callable[..., Any]:
    """Return an earlier stage for a later one to build on: yours where it is right, else the course's own.

    Parameters
    ----------
    task : str
        Name of the task.
    use : {"auto", "mine", "reference"}
        ``auto`` takes yours if it passes its checks; ``mine`` takes yours whatever it does.

    Raises
    ------
    AudioCourseError
        If there is no such task, it has no reference, or ``mine`` is asked for and there is none.
    """
    found = load_course().find_task(task)
    task = found.name
    answer: Callable[..., Any] | None = vars(__main__).get(task)
    if use == "mine":
        if not callable(answer):
            raise AudioCourseError(f"There is no {task} in this notebook yet; run the cell that defines it first.")
        print(f"{task}: yours, unchecked")
        return answer
    if use == "auto" and callable(answer):
        try:
            report = report_on(found, answer)
            why = headline(report)
        except AudioCourseError as error:  # past a limit
            report = None
            why = str(error)
        if report and report.complete:
            print(f"{task}: yours")
            return answer
        print(f"{task}: the reference, because yours is not right yet ({why})")
    else:
        print(f"{task}: the reference")
    return reference_of(found)


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


def status() -> None:
    """Show what is done, notebook by notebook."""
    rows = status_rows()
    note = "" if progress.is_on() else "Progress is not kept here (tests, grading and CI switch it off)."
    head = ("notebook", "task", "best so far", "points")
    left = "style='text-align:left'"
    cells = "".join(f"<tr>{''.join(f'<td {left}>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    header = "".join(f"<th scope='col' {left}>{word}</th>" for word in head)
    put(
        f"<table><caption>Your progress. {note}</caption>"
        f"<thead><tr>{header}</tr></thead><tbody>{cells}</tbody></table>",
        "\n".join([note, *("  ".join(row) for row in rows)]).strip(),
    )


def status_rows() -> list[tuple[str, str, str, str]]:
    """Return notebook, task, state of its checks and points, for every task of the course."""
    done = progress.read_progress()["tasks"]
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
    return rows
