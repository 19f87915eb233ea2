"""What a notebook calls: `check`, `hint`, `mine_or_reference` and `status`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Literal

from audiocourse.course import load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.display.feedback import CheckFailed, give_feedback, headline
from audiocourse.learn.display.html import escape, put
from audiocourse.learn.files import progress
from audiocourse.learn.tasks import next_hints, points_earned, reference_of, report_on, status_rows


def check(task: str, answer: object = None) -> float | None:
    """Check an answer and say what is right, what differs, and where.

    A blank has not failed: it gets a calm note and no error, so that a notebook runs through before it is solved.

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
        If a check does not pass (its traceback in a notebook is two lines). While nbgrader runs the notebook, a blank
        raises it too: a cell without an error earns its points there.
    AudioCourseError
        If there is no such task, it is graded by hand, or the check was interrupted.
    """
    found = load_course().find_task(task)
    task = found.name
    if found.kind == "written":
        raise AudioCourseError(f"{task} is graded by a person on the rubric above it; there is nothing to run.")
    try:
        report = report_on(found, answer if answer is not None else _in_notebook(task))
    except KeyboardInterrupt:
        raise AudioCourseError(f"{task}: stopped while it was checked; does one of its loops never end?") from None
    if report.started:
        progress.note_check(task, passed=report.passed, of=len(report.outcomes), points=report.points)
    give_feedback(report)
    graded = progress.NBGRADER in os.environ
    if found.kind == "open" and graded:
        return report.points
    if not report.complete and (report.started or graded):
        raise CheckFailed(report)
    return None


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
    answer = _in_notebook(task)
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


def status() -> None:
    """Show what is done: a line with a bar for each notebook, its tasks in a fold."""
    rows = status_rows()
    note = "" if progress.is_on() else "Progress is not kept here (tests, grading and CI switch it off)."
    folds = []
    lines = [note] if note else []
    for name, earned in points_earned().items():
        points = load_course().find_notebook(name).points
        lines.append(f"{name:24}{earned:g} of {points} points")
        folds.append(_fold(name, earned, points, [row[1:] for row in rows if row[0] == name]))
    put(
        f"<section aria-label='Your progress'>{f'<p>{note}</p>' if note else ''}{''.join(folds)}</section>",
        "\n".join(lines),
    )


def _fold(name: str, earned: float, points: int, rows: Sequence[Sequence[str]]) -> str:
    """Return the line of a notebook as HTML, with its tasks folded below."""
    cells = "".join(
        f"<tr>{''.join(f'<td style=text-align:left>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    header = "".join(
        f"<th scope='col' style='text-align:left'>{word}</th>" for word in ("task", "best so far", "points")
    )
    bar = f"<progress value='{earned:g}' max='{points}' aria-label='points in {name}' style='width:8em'></progress>"
    line = f"<span style='display:inline-block;width:15em'>{name}</span>{bar} {earned:g} of {points} points"
    table = f"<table><thead><tr>{header}</tr></thead><tbody>{cells}</tbody></table>"
    return f"<details><summary>{line}</summary>{table}</details>"


def _in_notebook(task: str) -> Callable[..., Any] | None:
    """Return what the notebook itself has defined under the name of a task, or None."""
    answer: Callable[..., Any] | None = vars(sys.modules["__main__"]).get(task)
    return answer
