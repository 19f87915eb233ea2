"""Pages of results, one for each student and one for the instructor: single files that load nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import fmean, median

from audiocourse.atomic import write_atomically
from audiocourse.course import Course, Notebook, Task, load_course
from audiocourse.learn.listening.results import ListeningResult, together
from audiocourse.teach.grading.reports.files import clean, file_name
from audiocourse.teach.grading.reports.gradebook import Result, TaskResult
from audiocourse.teach.grading.reports.late import NO_RULE, LateRule

STATUS_LABELS = {
    "graded": "graded",
    "missing": "no answer found",
    "stopped": "stopped at a limit",
    "written": "not marked yet",
}
PAGES = "feedback"
BANDS = 10
BLOCK = "█"
WIDEST = 40
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
caption { text-align: left; font-weight: bold; padding: 0.3rem 0; }
th, td { border: 1px solid; padding: 0.2rem 0.6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.message { white-space: pre-wrap; overflow-wrap: anywhere; }
"""


@dataclass(frozen=True)
class Link:
    """Text that leads to another page."""

    text: str
    to: str

    def __str__(self) -> str:
        """Return the text alone."""
        return self.text


Cell = str | float | Link


def page_of(result: Result) -> str:
    """Return where the page of a submission is, seen from the folder of results."""
    return f"{PAGES}/{file_name(result.file)}.html"


def write_pages(results: Sequence[Result], out: Path, *, late: LateRule) -> Path:
    """Write a page for each submission and one for the class, and return the path of the latter."""
    course = load_course()
    for result in results:
        page = feedback_page(result, course, late=late)
        write_atomically(out / page_of(result), page.encode())
    path = out / "class.html"
    write_atomically(path, class_page(results, course, late=late).encode())
    return path


def feedback_page(result: Result, course: Course, *, late: LateRule = NO_RULE) -> str:
    """Return the page of one student: points, feedback on each task, the deduction for lateness.

    Parameters
    ----------
    result : Result
        The submission; its messages reveal nothing of hidden checks.
    course : Course
        The course, for the titles of tasks.
    late : LateRule
        The rule for late submissions.
    """
    title = f"{_notebook_title(result.notebook, course)}: feedback for {result.student}"
    tasks = {task.name: task for task in course.tasks()}
    points = [
        _paragraph(f"{_number(result.points)} of {_number(result.of)} points"),
        *([_paragraph(result.problem)] if result.problem else []),
        *([_paragraph(_lateness(result, late))] if result.late_hours > 0 and result.tasks else []),
    ]
    rows = [_task_row(task, tasks.get(task.task)) for task in result.tasks]
    feedback = [_task_feedback(task, tasks.get(task.task)) for task in result.tasks]
    body = [
        *points,
        _table("Your tasks", ["Task", "Points", "Possible", "Checks passed", "State"], rows),
        *(["<h2>Feedback</h2>", *feedback] if feedback else []),
        "<footer>",
        _paragraph(
            f"File: {result.file}. Sandbox: {result.sandbox}. Grading ran your functions, not your whole notebook."
        ),
        "</footer>",
    ]
    return _page(title, body)


def _lateness(result: Result, late: LateRule) -> str:
    factor = late.factor(result.late_hours)
    final = late.after(result.points, result.late_hours)
    when = f"Handed in {result.late_hours:.1f} hours after the deadline"
    if factor == 1:
        return f"{when}, which costs nothing."
    return f"{when}: {factor:.0%} of your points count, {_number(final)}. The rule: {late}."


def _task_row(got: TaskResult, task: Task | None) -> list[str | float]:
    checks = f"{got.checks_passed} of {got.checks}" if got.checks else "–"
    return [_task_title(got, task), got.points, got.of, checks, STATUS_LABELS[got.status]]


def _task_feedback(got: TaskResult, task: Task | None) -> str:
    paragraphs = "\n".join(map(_paragraph, got.messages or [f"{STATUS_LABELS[got.status].capitalize()}."]))
    own = f"\n<p>On the notebook's own data:</p>\n{got.shown}" if got.shown else ""
    return f"<section><h3>{_text(_task_title(got, task))}</h3>\n{paragraphs}{own}</section>"


def class_page(results: Sequence[Result], course: Course, *, late: LateRule = NO_RULE) -> str:
    """Return the page of a class: scores, their distribution, each task in figures, misconceptions, problems.

    Parameters
    ----------
    results : sequence of Result
        The results in the grade book.
    course : Course
        The course, for titles and the order of notebooks.
    late : LateRule
        The rule for late submissions.
    """
    order = {notebook.name: position for position, notebook in enumerate(course.notebook)}
    names = sorted(
        {result.notebook for result in results if result.notebook}, key=lambda name: (order.get(name, len(order)), name)
    )
    problems = [result for result in results if result.problem]
    late_submissions = sum(result.late_hours > 0 for result in results)
    body = [
        _paragraph("This page names students; keep it where only those who teach can read it."),
        _paragraph(f"Submissions: {len(results)}. Late: {late_submissions}, by the rule: {late}."),
        _paragraph(f"With a problem: {len(problems)}."),
        _paragraph(f"Sandbox: {_counted(result.sandbox for result in results)}."),
    ]
    if problems:
        rows: list[list[Cell]] = [
            [Link(result.student, page_of(result)), result.file, result.problem] for result in problems
        ]
        body.append(_table("Problems", ["Student", "File", "What happened"], rows))
    for number, name in enumerate(names):
        body += _notebook_section(name, [result for result in results if result.notebook == name], course, late, number)
    body += _listening_section(results)
    return _page("The class", body)


def _notebook_section(name: str, results: list[Result], course: Course, late: LateRule, number: int) -> list[str]:
    graded = [result for result in results if result.tasks]
    scores = [late.after(result.points, result.late_hours) for result in graded]
    rows: list[list[Cell]] = [
        [
            Link(result.student, page_of(result)),
            result.points,
            result.of,
            late.factor(result.late_hours),
            score,
            _open_ends(result),
        ]
        for result, score in zip(graded, scores, strict=True)
    ]
    heads = ["Student", "Points", "Possible", "Factor for lateness", "Counts", "Open ends"]
    if not graded:
        return [f"<h2>{_text(_notebook_title(name, course))}</h2>", _paragraph("Nothing could be graded.")]
    return [
        f"<h2>{_text(_notebook_title(name, course))}</h2>",
        _paragraph(f"Graded: {len(graded)}. Mean {fmean(scores):.1f}, median {median(scores):.1f} points."),
        *_distribution(_shares(graded, scores), number),
        _table(
            "Tasks in figures",
            ["Task", "Mean", "Median", "Possible", "Full marks", "No answer"],
            _figures(graded, course),
        ),
        _misconceptions(graded, course),
        _table("Scores", heads, rows),
    ]


def _open_ends(result: Result) -> str:
    """Return what an instructor may want to look at: tasks not marked, not found, stopped."""
    counts = Counter(task.status for task in result.tasks if task.status != "graded")
    return ", ".join(f"{number} {STATUS_LABELS[status]}" for status, number in sorted(counts.items())) or "none"


def _shares(results: Iterable[Result], scores: Iterable[float]) -> list[float]:
    return [score / result.of if result.of else 0.0 for result, score in zip(results, scores, strict=True)]


def _distribution(shares: list[float], number: int) -> list[str]:
    """Return how many students reach which share of the points, as a table and as a figure."""
    counts = Counter(min(int(share * BANDS + 1e-9), BANDS - 1) for share in shares)  # 0.3 / 3 · 10 is just below 1
    labels = [f"{100 * band // BANDS} to {100 * (band + 1) // BANDS} %" for band in range(BANDS)]
    per_block = max(1.0, max(counts.values()) / WIDEST)
    rows: list[list[str | float]] = [
        [label, counts[band], BLOCK * math.ceil(counts[band] / per_block)] for band, label in enumerate(labels)
    ]
    table = _table("How many reach which share of the points", ["Share", "Students", "Bar"], rows)
    return [table, _bars([counts[band] for band in range(BANDS)], labels, number)]


def _bars(counts: list[int], labels: list[str], number: int) -> str:
    """Draw counts as bars, with a title and a description for screen readers."""
    highest = max(counts)
    described = "; ".join(f"{label}: {count}" for label, count in zip(labels, counts, strict=True) if count)
    bars = []
    for band, count in enumerate(counts):
        height = 100 * count / highest
        bars.append(
            f'<rect x="{10 + 40 * band}" y="{120 - height:.1f}" width="36" height="{height:.1f}" fill="currentColor"/>'
            f'<text x="{28 + 40 * band}" y="{115 - height:.1f}" text-anchor="middle" fill="currentColor">{count}</text>'
            f'<text x="{28 + 40 * band}" y="136" text-anchor="middle" fill="currentColor">{band * 100 // BANDS}</text>'
        )
    return (
        f'<svg role="img" aria-labelledby="title{number} desc{number}" viewBox="0 0 420 160" width="420" '
        'font-size="11">'
        f'<title id="title{number}">Students by share of the points</title>'
        f'<desc id="desc{number}">{_text(described)}</desc>{"".join(bars)}'
        '<text x="210" y="154" text-anchor="middle" fill="currentColor">share of the points from … %</text></svg>'
    )


def _figures(results: Sequence[Result], course: Course) -> list[list[str | float]]:
    """Return mean, median, possible points, full marks and missing answers of each task, without unmarked texts."""
    rows: list[list[str | float]] = []
    for name, tasks in _by_task(results).items():
        marked = [task for task in tasks if task.status != "written"]
        of = max(task.of for task in tasks)
        title = _task_title(tasks[0], _task(name, course))
        if not marked:
            rows.append([title, "–", "–", of, f"{len(tasks)} not marked yet", "–"])
            continue
        points = [task.points for task in marked]
        full = sum(task.points == task.of for task in marked) / len(marked)
        missing = sum(task.status == "missing" for task in marked)
        rows.append([title, fmean(points), median(points), of, f"{full:.0%}", missing])
    return rows


def _misconceptions(results: Sequence[Result], course: Course) -> str:
    rows: list[list[str | float]] = []
    for name, tasks in _by_task(results).items():
        common = Counter(task.misconception for task in tasks if task.misconception).most_common(3)
        rows += [[_task_title(tasks[0], _task(name, course)), misconception, count] for misconception, count in common]
    if not rows:
        return _paragraph("No misconception was recognised.")
    return _table("Most common misconceptions, at most three per task", ["Task", "Misconception", "Students"], rows)


def _listening_section(results: Iterable[Result]) -> list[str]:
    """Return the listening tests of a class: each test once, with its listeners and the result of all together."""
    handed_in = [(result.student, test) for result in results for test in result.listening]
    taken = {repr(pair): pair for pair in handed_in}.values()  # with several notebooks they come several times
    if not taken:
        return []
    tests: dict[tuple[str, str, tuple[str, ...]], list[tuple[str, ListeningResult]]] = {}
    for student, test in taken:
        tests.setdefault((test.question, test.kind, test.labels), []).append((student, test))
    rows: list[list[Cell]] = [
        [
            question,
            kind,
            ", ".join(labels),
            len({student for student, _ in group}),
            sum(test.trials for _, test in group),
            together([test for _, test in group]),
        ]
        for (question, kind, labels), group in sorted(tests.items())
    ]
    heads = ["Question", "Kind", "Sounds", "Listeners", "Trials", "All together"]
    return ["<h2>Listening tests</h2>", _table("Every test that was handed in, repeated ones included", heads, rows)]


def _by_task(results: Iterable[Result]) -> dict[str, list[TaskResult]]:
    tasks: dict[str, list[TaskResult]] = {}
    for result in results:
        for task in result.tasks:
            tasks.setdefault(task.task, []).append(task)
    return tasks


def _task(name: str, course: Course) -> Task | None:
    return next((task for task in course.tasks() if task.name == name), None)


def _task_title(got: TaskResult, task: Task | None) -> str:
    return f"{task.number} {task.title} ({task.name})" if task else got.task


def _notebook_title(name: str, course: Course) -> str:
    found: Notebook | None = next((notebook for notebook in course.notebook if notebook.name == name), None)
    return found.title if found else name or "Unknown notebook"


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{word} ({count})" for word, count in sorted(Counter(words).items())) or "none"


def _number(value: float) -> str:
    return str(round(value, 2)).removesuffix(".0")


def _text(text: str) -> str:
    """Escape text; everything that reaches a page passes through this function."""
    return escape(clean(text))


def _paragraph(text: str) -> str:
    return f'<p class="message">{_text(text)}</p>'


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table whose first cell in each row names the row."""
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in heads)
    body = "\n".join(f"<tr>{_row_head(row[0])}{''.join(map(_cell, row[1:]))}</tr>" for row in rows)
    return f"<table><caption>{_text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _row_head(value: Cell) -> str:
    inside = _text(str(value))
    if isinstance(value, Link):
        inside = f'<a href="{_text(value.to)}">{inside}</a>'
    return f'<th scope="row">{inside}</th>'


def _cell(value: Cell) -> str:
    if isinstance(value, (int, float)):
        return f'<td class="number">{_number(value)}</td>'
    value = str(value)
    if value and not value.strip(BLOCK):  # the next cell has the number, which is easier to hear
        return f'<td><span aria-hidden="true">{value}</span></td>'
    return f"<td>{_text(value)}</td>"


def _page(title: str, body: Sequence[str]) -> str:
    """Return a page with this body that may not load or run anything."""
    inside = "\n".join(body)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; media-src data:\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_text(title)}</h1>\n{inside}\n</main>\n</body>\n</html>\n"
    )
