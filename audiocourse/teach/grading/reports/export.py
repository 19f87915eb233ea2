"""Results for a spreadsheet, Canvas, Moodle and Gradescope."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from audiocourse.atomic import write_atomically
from audiocourse.teach.grading.platforms import parse_platform_name
from audiocourse.teach.grading.reports.files import clean, defused, file_name
from audiocourse.teach.grading.reports.gradebook import Result, TaskResult
from audiocourse.teach.grading.reports.late import NO_RULE, LateRule
from audiocourse.teach.grading.reports.pages import page_of

Format = Literal["csv", "canvas", "moodle", "gradescope"]
Row = list[str | float | None]

# The importer wants "Student" and "ID" first, then SIS User ID and SIS Login ID, and "Section" last before the
# assignments; the row "Points Possible" follows. canvas-lms, lib/gradebook_importer.rb. It finds students by ID, SIS
# User ID, SIS Login ID, then name, and does not read past a byte order mark.
CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
POINTS_POSSIBLE = "    Points Possible"

# The grading worksheet of an assignment: Identifier, Grade and Last modified (grade) are required, the identifier is
# "Participant" and a number. moodle, mod/assign/feedback/offline/importgradeslib.php. The gradebook's own import
# (docs.moodle.org, "Grade import") finds people by e-mail address or username and skips columns that are not mapped.
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
TIE = "tie"  # instead of a fingerprint
NO_DATE = "-"  # Moodle's own, where nothing was graded yet


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
        ``moodle`` imports one assignment per file, so several notebooks give several files, named after them.
    late : LateRule
        The rule for late submissions.

    Returns
    -------
    list[Path]
        The files written.

    Raises
    ------
    AudioCourseError
        If a file cannot be written.
    """
    if format == "gradescope":
        texts = {
            path / file_name(result.file) / "results.json": gradescope_json(result, late=late) for result in results
        }
    elif format == "moodle":
        files = _moodle_files(results, path)
        texts = {target: "\ufeff" + _csv(_moodle(part, late)) for target, part in files.items()}
    elif format == "canvas":
        texts = {path: _csv(_canvas(results, late))}
    else:
        texts = {path: "\ufeff" + _csv(_plain(results, late))}  # without a byte order mark Excel garbles names
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
        return value if value == NO_DATE else defused(value)
    return str(round(value, 2)).removesuffix(".0")


def _plain(results: Sequence[Result], late: LateRule) -> list[Row]:
    tasks = list(dict.fromkeys(task.task for result in results for task in result.tasks))
    own = ["student", "notebook", "file", "submitted", "late_hours", "points", "of", "late_factor", "final"]
    rows: list[Row] = [[*own, *(f"points {task}" for task in tasks), "sandbox", "problem", "page"]]
    for result in results:
        got = {task.task: task.points for task in result.tasks}
        factor = late.factor(result.late_hours)
        final = late.after(result.points, result.late_hours)
        numbers = [result.points, result.of, factor, final] if result.tasks else [None] * 4
        start = [result.student, result.notebook, result.file, result.handed_in_at, result.late_hours, *numbers]
        rows.append([*start, *(got.get(task) for task in tasks), result.sandbox, result.problem, page_of(result)])
    return rows


def _canvas(results: Sequence[Result], late: LateRule) -> list[Row]:
    """Return a row per student and a column per notebook; where grading failed, the cell is empty and not 0."""
    last = _last_of_each(results)
    notebooks = sorted({result.notebook for result in results if result.notebook})
    possible = [max((result.of for result in results if result.notebook == name), default=0.0) for name in notebooks]
    rows: list[Row] = [[*CANVAS, *notebooks], [POINTS_POSSIBLE, "", "", "", "", *possible]]
    places = {result.student: parse_platform_name(result.file) for result in results}
    for student, place in sorted(places.items()):
        name = place.name if place else student
        name = (
            "" if POINTS_POSSIBLE.strip() in name else name
        )  # or Canvas would take the row for that of possible points
        number, login = (place.number, "") if place and place.platform == "canvas" else ("", student)
        submissions = [last.get((student, notebook)) for notebook in notebooks]
        rows.append([name, number, "", login, "", *(_final(result, late) for result in submissions)])
    return rows


def _final(result: Result | None, late: LateRule) -> float | None:
    return late.after(result.points, result.late_hours) if result and result.tasks else None


def _moodle_files(results: Sequence[Result], path: Path) -> dict[Path, list[Result]]:
    """Assign each notebook a file; with only one notebook, unreadable submissions belong to it."""
    if len({result.notebook for result in results if result.notebook}) <= 1:
        return {path: list(results)}
    return {
        path.with_name(f"{path.stem}-{name or 'unknown'}{path.suffix}"): [r for r in results if r.notebook == name]
        for name in sorted({result.notebook for result in results})
    }


def _moodle(results: Sequence[Result], late: LateRule) -> list[Row]:
    rows: list[Row] = [list(MOODLE)]
    for (student, _), result in sorted(_last_of_each(replace(result, notebook="") for result in results).items()):
        place = parse_platform_name(result.file)
        identifier, name = (f"Participant {place.number}", place.name) if place else ("", student)
        email, username = (student, "") if "@" in student else ("", "" if place else student)
        maximum = result.of if result.tasks else None
        feedback = "<br>".join(html.escape(line) for line in _feedback(result, late))  # Moodle shows it as HTML
        rows.append(
            [identifier, name, email, username, "", _final(result, late), maximum, "Yes", NO_DATE, NO_DATE, feedback]
        )
    return rows


def _feedback(result: Result, late: LateRule) -> list[str]:
    lines = [result.problem] if result.problem else []
    factor = late.factor(result.late_hours)
    if factor < 1:
        lines.append(f"{_cell(result.points)} points, of which {factor:.0%} count: {result.late_hours:.1f} hours late.")
    lines += [
        f"{task.task}: {_cell(task.points)} of {_cell(task.of)}. {' '.join(task.messages)}" for task in result.tasks
    ]
    return [clean(line) for line in lines]


def undecided(results: Iterable[Result]) -> list[str]:
    """Return one sentence per student whose last submission for a notebook cannot be determined."""
    return [result.problem for result in _last_of_each(results).values() if result.fingerprint == TIE]


def last_of_each(results: Iterable[Result]) -> list[Result]:
    """Return the submissions that count: the last one of each student for each notebook."""
    return list(_last_of_each(results).values())


def _last_of_each(results: Iterable[Result]) -> dict[tuple[str, str], Result]:
    """Return the last submission of each student for each notebook; graded ones come before others."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.student, result.notebook), []).append(result)
    return {
        key: _last([result for result in submissions if result.tasks] or submissions)
        for key, submissions in groups.items()
    }


def _last(submissions: Sequence[Result]) -> Result:
    """Return the last of several submissions; if that is undecided, a result without points that says so."""
    best = max(submissions, key=_order)
    for other in submissions:
        if other is not best and _order(other) == _order(best) and other.tasks != best.tasks:
            problem = f"{best.student} handed in both {best.file} and {other.file}, and it is unclear which is the last"
            return replace(best, tasks=(), fingerprint=TIE, problem=f"{problem}: keep one and run the command again.")
    return best


def _order(result: Result) -> tuple[int, float, float]:
    """Return a key that increases with each submission: the platform's number, its time, the time of the file."""
    place = parse_platform_name(result.file)
    return place.order if place else 0, _seconds(result.handed_in_at), _seconds(result.submitted)


def _seconds(moment: str | None) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0


def gradescope_json(result: Result, *, late: LateRule = NO_RULE) -> str:
    """Return ``results.json`` of one submission (gradescope-autograders.readthedocs.io, "Output format").

    Parameters
    ----------
    result : Result
        The submission; only what its student may read is written.
    late : LateRule
        The late rule: the total score replaces the sum of the tasks.
    """
    content: dict[str, Any] = {
        "score": late.after(result.points, result.late_hours),
        "output": "\n".join(_feedback(replace(result, tasks=()), late)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_gradescope_test(task) for task in result.tasks if task.status != "written"],  # not marked yet
    }
    return json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n"


def _gradescope_test(task: TaskResult) -> dict[str, Any]:
    return {
        "name": task.task,
        "score": task.points,
        "max_score": task.of,
        "status": "passed" if task.points == task.of else "failed",
        "output": clean("\n".join(task.messages)),
        "output_format": "text",
        "visibility": "visible",
    }
