"""Results for a spreadsheet, Canvas, Moodle and Gradescope, and marks given by hand brought back in."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from audiocourse.course import load_course
from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.book import Result, TaskResult
from audiocourse.teach.grading.files import clean, file_name, read_table, write_atomically
from audiocourse.teach.grading.late import NO_RULE, LateRule

Format = Literal["csv", "canvas", "moodle", "gradescope"]
Row = list[str | float | None]

# Where a spreadsheet would begin to compute: at the start of a cell, and, because a sheet may be opened with ";" or a
# tab between cells, behind these and behind a line break too. OWASP, "CSV Injection"; CWE-1236.
_FORMULA = re.compile(r"""^(?=[\t\r])|(?:^|(?<=[;\t\r\n]))(?=["'\s]*[=+\-@＝＋－＠])""")

# The importer wants "Student" and "ID" first, then SIS User ID and SIS Login ID, and "Section" last before the
# assignments; the row "Points Possible" follows. canvas-lms, lib/gradebook_importer.rb. It finds students by ID, SIS
# User ID, SIS Login ID, then name, and does not read past a byte order mark.
CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
POINTS_POSSIBLE = "    Points Possible"

# The grading worksheet of an assignment: Identifier, Grade and Last modified (grade) are required, the identifier is
# "Participant" and a number. moodle, mod/assign/feedback/offline/importgradeslib.php. The gradebook's own import
# (docs.moodle.org, "Grade import") finds people by e-mail address or username and skips columns it is not told about.
MOODLE = [
    "Identifier",
    "Full name",
    "Email address",
    "Username",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
]
# How Moodle names what "Download all submissions" gives.
_MOODLE_FILE = re.compile(r"(?:^|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_")


def write_csv(
    results: Sequence[Result],
    path: Path,
    *,
    format: Format,  # noqa: A002 (the command's option is called so)
    late: LateRule = NO_RULE,
) -> list[Path]:
    """Write results in the form that a spreadsheet or a learning platform imports.

    Parameters
    ----------
    results : sequence of Result
        What is in the grade book.
    path : Path
        The file; for ``gradescope`` a folder, with ``results.json`` in a folder for each submission.
    format : {"csv", "canvas", "moodle", "gradescope"}
        ``moodle`` takes one assignment a file, so several notebooks give several files, named after them.
    late : LateRule
        What being late costs.

    Returns
    -------
    list[Path]
        The files written.

    Raises
    ------
    AudioCourseError
        If a file cannot be written, or two submissions of one student count for the same cell and nothing says which
        is the last.
    """
    if format == "gradescope":
        texts = {path / file_name(one.file) / "results.json": gradescope_json(one, late=late) for one in results}
    elif format == "moodle":
        files = _moodle_files(results, path)
        texts = {target: "\ufeff" + _csv(_moodle(part, late)) for target, part in files.items()}
    elif format == "canvas":
        texts = {path: _csv(_canvas(results, late))}
    else:
        texts = {path: "\ufeff" + _csv(_plain(results, late))}  # without the mark Excel garbles names
    for target, text in texts.items():
        write_atomically(target, text.encode("utf-8", "replace"))
    return list(texts)


def _csv(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return defused(value)
    return str(round(value, 2)).removesuffix(".0")


def defused(text: str) -> str:
    """Put an apostrophe wherever a spreadsheet would take what follows for a formula.

    >>> print(defused("=1+1"), defused("x = 3"))
    '=1+1 x = 3
    """
    return _FORMULA.sub("'", clean(text))


def _plain(results: Sequence[Result], late: LateRule) -> list[Row]:
    tasks = list(dict.fromkeys(task.task for result in results for task in result.tasks))
    own = ["student", "notebook", "file", "submitted", "late_hours", "points", "of", "late_factor", "final"]
    rows: list[Row] = [[*own, *(f"points {task}" for task in tasks), "rung", "problem"]]
    for one in results:
        got = {task.task: task.points for task in one.tasks}
        factor, final = late.factor(one.late_hours), late.after(one.points, one.late_hours)
        numbers = [one.points, one.of, factor, final] if one.tasks else [None] * 4
        start = [one.student, one.notebook, one.file, one.submitted, one.late_hours, *numbers]
        rows.append([*start, *(got.get(task) for task in tasks), one.rung, one.problem])
    return rows


def _canvas(results: Sequence[Result], late: LateRule) -> list[Row]:
    """Write a row a student and a column a notebook; what could not be graded stays empty rather than 0."""
    last = _last_of_each(results)
    notebooks = sorted({one.notebook for one in results if one.notebook})
    possible = [max((one.of for one in results if one.notebook == name), default=0.0) for name in notebooks]
    rows: list[Row] = [[*CANVAS, *notebooks], [POINTS_POSSIBLE, "", "", "", "", *possible]]
    for student in sorted({one.student for one in results}):
        name = "" if POINTS_POSSIBLE.strip() in student else student  # or Canvas would take the row for the one above
        ones = [last.get((student, notebook)) for notebook in notebooks]
        rows.append([name, "", "", student, "", *(_final(one, late) for one in ones)])
    return rows


def _final(result: Result | None, late: LateRule) -> float | None:
    return late.after(result.points, result.late_hours) if result and result.tasks else None


def _moodle_files(results: Sequence[Result], path: Path) -> dict[Path, list[Result]]:
    """Give each notebook a file of its own; what could not be read belongs to the only one, if there is only one."""
    if len({one.notebook for one in results if one.notebook}) <= 1:
        return {path: list(results)}
    return {
        path.with_name(f"{path.stem}-{name or 'unknown'}{path.suffix}"): [r for r in results if r.notebook == name]
        for name in sorted({one.notebook for one in results})
    }


def _moodle(results: Sequence[Result], late: LateRule) -> list[Row]:
    rows: list[Row] = [list(MOODLE)]
    for (student, _), one in sorted(_last_of_each(replace(one, notebook="") for one in results).items()):
        known = _MOODLE_FILE.search(one.file) or _MOODLE_FILE.search(student)
        identifier, name = (f"Participant {known['number']}", known["name"]) if known else ("", student)
        email, username = (student, "") if "@" in student else ("", "" if known else student)
        maximum = one.of if one.tasks else None
        feedback = "<br>".join(html.escape(line) for line in _feedback(one, late))  # Moodle shows it as HTML
        rows.append([identifier, name, email, username, "", _final(one, late), maximum, "Yes", "-", "-", feedback])
    return rows


def _feedback(result: Result, late: LateRule) -> list[str]:
    lines = [result.problem] if result.problem else []
    factor = late.factor(result.late_hours)
    if factor < 1:
        lines.append(f"{_cell(result.points)} points, of which {factor:.0%} count: {result.late_hours:.1f} hours late.")
    lines += [f"{task.task}: {_cell(task.points)} of {_cell(task.of)}. {' '.join(task.said)}" for task in result.tasks]
    return [clean(line) for line in lines]


def _last_of_each(results: Iterable[Result]) -> dict[tuple[str, str], Result]:
    """Return for each student and notebook what was handed in last; what could not be graded gives way."""
    last: dict[tuple[str, str], Result] = {}
    for one in results:
        other = last.setdefault((one.student, one.notebook), one)
        last[one.student, one.notebook] = one if other is one else _later(other, one)
    return last


def _later(one: Result, other: Result) -> Result:
    if not (one.tasks and other.tasks):
        return one if one.tasks else other
    moments = _moment(one), _moment(other)
    if None in moments or moments[0] == moments[1]:
        raise AudioCourseError(
            f"{one.student} handed in both {one.file} and {other.file}, and nothing says which is the last; keep one."
        )
    return max(one, other, key=lambda result: _moment(result) or 0.0)


def _moment(result: Result) -> float | None:
    return datetime.fromisoformat(result.submitted).timestamp() if result.submitted else None


def gradescope_json(result: Result, *, late: LateRule = NO_RULE) -> str:
    """Return ``results.json`` of one submission (gradescope-autograders.readthedocs.io, "Output format").

    Parameters
    ----------
    result : Result
        The submission; only what its student may read is written.
    late : LateRule
        What being late costs: the score given for the whole takes the place of the sum of the tasks.
    """
    content: dict[str, Any] = {
        "score": late.after(result.points, result.late_hours),
        "output": "\n".join(_feedback(replace(result, tasks=()), late)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_gradescope_test(task) for task in result.tasks if task.status != "written"],  # nobody marked it yet
    }
    return json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n"


def _gradescope_test(task: TaskResult) -> dict[str, Any]:
    return {
        "name": task.task,
        "score": task.points,
        "max_score": task.of,
        "status": "passed" if task.points == task.of else "failed",
        "output": clean("\n".join(task.said)),
        "output_format": "text",
        "visibility": "visible",
    }


def merge_written(results: Sequence[Result], csv_path: Path) -> list[Result]:
    """Put the marks of texts, given by hand, into the results.

    Parameters
    ----------
    results : sequence of Result
        What is in the grade book; it is not changed there, so keep the marks in their file.
    csv_path : Path
        A table with the columns student, task, points, comment (the last may be empty), with commas or semicolons.

    Raises
    ------
    AudioCourseError
        If the file cannot be read, a student or task is not there, a task is not one to be marked by hand, a mark is
        given twice, or points are no number or more than possible.
    """
    marks: dict[tuple[str, str], TaskResult] = {}
    students = {name: one.student for one in results for name in (one.student, defused(one.student))}
    for line, row in read_table(csv_path, ("student", "task", "points")):
        student = students.get(row["student"])
        where = f"{csv_path.name}, line {line}"
        if student is None:
            raise AudioCourseError(f"{where}: nobody called {row['student']!r} handed anything in; correct the name.")
        mark = _mark(row, where)
        if (student, mark.task) in marks:
            raise AudioCourseError(f"{where}: {student} already has a mark for {mark.task}; keep one of the two lines.")
        if not any(mark.task == task.task for one in results if one.student == student for task in one.tasks):
            raise AudioCourseError(f"{where}: {student} handed in no notebook with {mark.task}; remove the line.")
        marks[student, mark.task] = mark
    return [
        replace(one, tasks=tuple(marks.get((one.student, task.task), task) for task in one.tasks)) for one in results
    ]


def _mark(row: dict[str, str], where: str) -> TaskResult:
    task = next((task for task in load_course().tasks() if task.name == row["task"]), None)
    if task is None or task.kind != "written":
        known = ", ".join(task.name for task in load_course().tasks() if task.kind == "written")
        raise AudioCourseError(f"{where}: {row['task']!r} is no task that is marked by hand; these are: {known}.")
    try:
        points = float(row["points"].replace(",", "."))
    except ValueError as error:
        raise AudioCourseError(f"{where}: {row['points']!r} is no number of points; correct it.") from error
    if not 0 <= points <= task.points:
        raise AudioCourseError(f"{where}: {row['points']} points are not possible, {task.name} has 0 to {task.points}.")
    said = (row["comment"],) if row.get("comment") else ()
    return TaskResult(task.name, points, task.points, "graded", 0, 0, said)
