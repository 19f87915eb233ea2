"""What a student reads after a check: how many passed, what differs and where, one next step."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.authoring import Mismatch
from audiocourse.learn.checking.runner import Report
from audiocourse.learn.display.html import escape, put
from audiocourse.learn.display.listen import compare
from audiocourse.learn.files import progress

DONE = "#1a7f37"  # readable on white and on black; the words carry the meaning, not the colour
OPEN = "#9a6700"
NOT_STARTED = "#6e7781"


class CheckFailed(AudioCourseError):
    """A check did not pass; in a notebook its traceback is two readable lines."""

    def __init__(self, report: Report) -> None:
        self.lines = [headline(report), f"Next: {report.next.label if report.next else 'nothing'}"]
        super().__init__(" ".join(self.lines))

    def _render_traceback_(self) -> list[str]:
        """Tell IPython what to show instead of a stack."""
        return self.lines


def headline(report: Report) -> str:
    """Describe in a few words how far a task is: not started, so many of so many, done."""
    task = report.task
    total = len(report.outcomes)
    if not report.started:
        return f"{task.name}: not started."
    what = "bands reached" if task.kind == "open" else f"check{'s' if total > 1 else ''} pass"
    return f"{task.name}: {report.passed} of {total} {what}.{' Done.' if report.complete else ''}"


def details(report: Report) -> list[str]:
    """Describe the next step: a recognised misconception, the first check that failed, what differs, in which call."""
    if report.complete:
        return [report.task.after] if report.task.after else []
    first = report.next
    if not report.started:
        return [str(first.problem) if first else "", "Write it, run its cell, then run this one again."]
    lines = (
        [f"This looks like {report.misconception.name}. {report.misconception.hint}"] if report.misconception else []
    )
    if first:
        lines += [f"Next: {first.label}.", str(first.problem)]
        lines += [f"Last call: {first.call}"] if first.call and report.task.kind != "open" else []
    if report.printed:
        lines.append(f"Your code printed: {report.printed.strip()}")
    return lines


def calm_blanks() -> None:
    """Make a student's kernel show a calm note, not a red traceback, where a cell calls a task that is not written."""
    from IPython.core.interactiveshell import InteractiveShell

    if progress.is_on() and InteractiveShell.initialized():
        InteractiveShell.instance().set_custom_exc((NotImplementedError,), _show_not_implemented)


def _show_not_implemented(shell: Any, kind: type, error: Exception, trace: Any, tb_offset: int | None = None) -> None:
    """Show the error that a blank raises; IPython calls this with its shell, and shows other errors as ever."""
    if not str(error).startswith("Task "):
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return
    text = f"This cell needs {error}, which is not written yet."
    put(f"<div role='status' style='{_box(NOT_STARTED)}'>{escape(text)}</div>", text)


def _box(colour: str) -> str:
    """Return the style of a block of feedback."""
    return f"border-left:4px solid {colour};padding:0.2em 0.8em;margin:0.3em 0"


def give_feedback(report: Report) -> None:
    """Display the result of a check, and play yours, the right one and the difference where the result is a sound."""
    lines = details(report)
    paragraphs = "".join(f"<p style='margin:0.3em 0'>{escape(text)}</p>" for text in lines)
    put(
        f"<div role='status' style='{_box(_colour(report))}'>"
        f"<strong>{escape(headline(report))}</strong>{paragraphs}</div>",
        "\n".join([headline(report), *lines]),
    )
    problem = report.next.problem if report.next else None
    if isinstance(problem, Mismatch) and problem.sr:
        _play(problem, problem.sr)


def _colour(report: Report) -> str:
    """Return the colour of the border: a blank is neither right nor wrong."""
    if not report.started:
        return NOT_STARTED
    return DONE if report.complete else OPEN


def _play(problem: Mismatch, sr: int) -> None:
    """Play yours, the right one and, when they are equally long, the difference."""
    full_scale = 32768 if np.asarray(problem.expected).dtype.kind == "i" else 1
    sounds = {
        label: (value / full_scale).astype(np.float32)
        for label, value in {"yours": problem.got, "right": problem.expected}.items()
        if isinstance(value, np.ndarray) and value.ndim == 1 and value.size and value.dtype.kind in "fi"
    }
    if len(sounds) == 2 and sounds["yours"].shape == sounds["right"].shape:
        sounds["difference"] = sounds["yours"] - sounds["right"]
    compare(sounds, sr, equal_loudness=False)
