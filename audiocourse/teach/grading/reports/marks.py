"""Marks of texts, read from a table and applied to the results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audiocourse.course import load_course
from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.reports.files import read_table
from audiocourse.teach.grading.reports.gradebook import Result, TaskResult, students_by_name


@dataclass(frozen=True)
class Mark:
    """A student's mark for a text."""

    student: str
    task: str
    points: float
    comment: str = ""


def read_marks(results: Sequence[Result], path: Path) -> list[Mark]:
    """Read marks from a table with the columns student, task, points, comment; commas or semicolons.

    Raises
    ------
    AudioCourseError
        If the file cannot be read, a student or task does not exist, a task is not marked by hand, a mark is
        given twice, or points are not a number or more than possible.
    """
    marks: dict[tuple[str, str], Mark] = {}
    students = students_by_name(results)
    for line, row in read_table(path, ("student", "task", "points")):
        student = students.get(row["student"])
        where = f"{path.name}, line {line}"
        if student is None:
            raise AudioCourseError(f"{where}: no student {row['student']!r} handed anything in; correct the name.")
        mark = _mark(student, row, where)
        if (student, mark.task) in marks:
            raise AudioCourseError(f"{where}: {student} already has a mark for {mark.task}; keep one of the two lines.")
        if not any(mark.task == task.task for result in results if result.student == student for task in result.tasks):
            raise AudioCourseError(f"{where}: {student} handed in no notebook with {mark.task}; remove the line.")
        marks[student, mark.task] = mark
    return list(marks.values())


def with_marks(results: Sequence[Result], marks: Sequence[Mark]) -> list[Result]:
    """Return the results with marks; marks of students without a submission are ignored."""
    given = {(mark.student, mark.task): mark for mark in marks}
    return [
        replace(result, tasks=tuple(_marked(task, given.get((result.student, task.task))) for task in result.tasks))
        for result in results
    ]


def _marked(task: TaskResult, mark: Mark | None) -> TaskResult:
    if mark is None:
        return task
    messages = (mark.comment,) if mark.comment else ()
    return TaskResult(task.task, mark.points, task.of, "graded", 0, 0, messages)


def _mark(student: str, row: dict[str, str], where: str) -> Mark:
    task = next((task for task in load_course().tasks() if task.name == row["task"]), None)
    if task is None or task.kind != "written":
        names = ", ".join(task.name for task in load_course().tasks() if task.kind == "written")
        raise AudioCourseError(f"{where}: {row['task']!r} is not a task that is marked by hand; these are: {names}.")
    try:
        points = float(row["points"].replace(",", "."))
    except ValueError as error:
        raise AudioCourseError(f"{where}: {row['points']!r} is not a number of points; correct it.") from error
    if not 0 <= points <= task.points:
        raise AudioCourseError(f"{where}: {row['points']} points are not possible, {task.name} has 0 to {task.points}.")
    return Mark(student, task.name, points, row.get("comment", ""))
