"""The settings of a class, stored until they are changed: late rule, deadline, times, marks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from audiocourse.atomic import write_atomically
from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.reports.gradebook import Result
from audiocourse.teach.grading.reports.late import LateRule, read_times, with_times
from audiocourse.teach.grading.reports.marks import Mark, read_marks, with_marks

FILE = "kept.json"
NONE = "none"  # given instead of a rule, a time or a file, it removes the stored one


@dataclass(frozen=True)
class ClassSettings:
    """Late rule and deadline as they were written, times by student, marks of texts."""

    late: str = NONE
    due: str = ""
    times: dict[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()

    @property
    def rule(self) -> LateRule:
        """The late rule, read."""
        return LateRule.parse(self.late)

    def updated(self, *, late: str | None, due: str | None, times: Path | None) -> ClassSettings:
        """Return the settings with new parts; None leaves a part unchanged, ``none`` removes it.

        Raises
        ------
        AudioCourseError
            If a rule or a time is not understood, or a rule has no deadline.
        """
        new = self
        if late is not None:
            new = replace(new, late=str(LateRule.parse(late)))
        if due is not None:
            new = replace(new, due="" if due.lower() == NONE else due)
        if times is not None:
            new = replace(new, times={} if _is_none(times) else read_times(times))
        if new.rule.percent and not new.due:
            raise AudioCourseError("A late rule needs a deadline: add --due '2026-11-30 23:59'.")
        with_times([], due=new.due)
        return new

    def marked(self, results: Sequence[Result], marks: Path | None) -> ClassSettings:
        """Return the settings with the marks of a table; a new mark replaces an old one, the others stay."""
        if marks is None:
            return self
        if _is_none(marks):
            return replace(self, marks=())
        both = {(mark.student, mark.task): mark for mark in (*self.marks, *read_marks(results, marks))}
        return replace(self, marks=tuple(both.values()))

    def applied(self, results: Sequence[Result]) -> list[Result]:
        """Return the results with these times and marks."""
        return with_marks(with_times(results, due=self.due, times=self.times), self.marks)


_ADAPTER = TypeAdapter(ClassSettings)


def load_settings(out: Path) -> ClassSettings:
    """Return the settings stored in this folder of results.

    Raises
    ------
    AudioCourseError
        If the file is damaged.
    """
    path = out / FILE
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except FileNotFoundError:
        return ClassSettings()
    except (OSError, ValidationError) as error:
        raise AudioCourseError(
            f"{path} is damaged: delete it, then pass --late, --due, --times and --marks again."
        ) from error


def save_settings(settings: ClassSettings, out: Path) -> None:
    """Store the settings, if they have changed."""
    if settings != load_settings(out):
        text = json.dumps(asdict(settings), indent=1, sort_keys=True, ensure_ascii=False)
        write_atomically(out / FILE, f"{text}\n".encode("utf-8", "replace"))


def _is_none(path: Path) -> bool:
    return str(path).lower() == NONE and not path.exists()
