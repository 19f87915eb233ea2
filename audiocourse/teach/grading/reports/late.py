"""The deduction for late submissions, read from a line such as ``10% per 24h, grace 15m, cap 50%``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.reports.files import read_table
from audiocourse.teach.grading.reports.gradebook import Result, students_by_name

EXAMPLE = "10% per 24h, grace 15m, cap 50%"
SECONDS = {"m": 60, "h": 3600, "d": 86400}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = r"(\d+(?:\.\d+)?)\s*"
_PARTS = {
    "percent": re.compile(rf"{_NUMBER}%\s*per\s+{_NUMBER}([mhd])"),
    "grace": re.compile(rf"grace\s+{_NUMBER}([mhd])"),
    "cap": re.compile(rf"cap\s+{_NUMBER}%"),
}


@dataclass(frozen=True)
class LateRule:
    """A deduction in percent for each period begun after the deadline and its grace, up to a cap.

    The grace moves the deadline: with 15 minutes of grace, 24 h 15 min late is still the first day. The rule never
    changes stored points; it is applied whenever points are shown, so another rule needs no new grading.
    """

    percent: float = 0.0
    per_seconds: int = SECONDS["d"]
    grace_seconds: int = 0
    cap: float = 100.0

    @classmethod
    def parse(cls, text: str) -> LateRule:
        """Parse a rule; ``none`` deducts nothing.

        Parameters
        ----------
        text : str
            Percent per period, then, if wanted, grace and cap; times in m, h or d.

        Raises
        ------
        AudioCourseError
            If a part is not understood, given twice, missing, or an impossible number.
        """
        if text.strip().lower() == "none":
            return NO_RULE
        found: dict[str, re.Match[str]] = {}
        for part in text.lower().split(","):
            name, match = _understood(part.strip(), text)
            if name in found:
                raise AudioCourseError(f"The late rule {text!r} gives {name} twice; keep one.")
            found[name] = match
        if "percent" not in found:
            raise AudioCourseError(f"The late rule {text!r} gives no percentage per period; write e.g. {EXAMPLE!r}.")
        percent, per, unit = found["percent"].groups()
        grace = _seconds(*found["grace"].groups()) if "grace" in found else 0
        cap = float(found["cap"][1]) if "cap" in found else 100.0
        rule = cls(float(percent), _seconds(per, unit), grace, cap)
        if not (rule.percent <= 100 and rule.cap <= 100 and rule.per_seconds > 0):
            raise AudioCourseError(f"The late rule {text!r} exceeds 100 % or has a period of no length; correct it.")
        return rule

    def factor(self, hours_late: float) -> float:
        """Return the share of the points that counts, from 1 down to 0.

        Parameters
        ----------
        hours_late : float
            Hours after the deadline; negative when early.

        Raises
        ------
        AudioCourseError
            If it is not finite.
        """
        if not math.isfinite(hours_late):
            raise AudioCourseError(f"A submission cannot be {hours_late} hours late; correct its time.")
        late = max(0, round(hours_late * 3600) - self.grace_seconds)
        periods_begun = math.ceil(late / self.per_seconds)
        return (100 - min(periods_begun * self.percent, self.cap)) / 100

    def after(self, points: float, hours_late: float) -> float:
        """Return the points that count, to two decimals."""
        return round(points * self.factor(hours_late), 2)

    def __str__(self) -> str:
        """Write the rule as `parse` reads it."""
        if not self.percent:
            return "none"
        parts = [f"{self.percent:.12g}% per {_time(self.per_seconds)}"]
        parts += [f"grace {_time(self.grace_seconds)}"] if self.grace_seconds else []
        parts += [f"cap {self.cap:.12g}%"] if self.cap < 100 else []
        return ", ".join(parts)


NO_RULE = LateRule()


def read_times(path: Path) -> dict[str, str]:
    """Read a table with the columns student, submitted; of several times of a student the last one counts.

    Raises
    ------
    AudioCourseError
        If it cannot be read, or a time is not understood.
    """
    times: dict[str, datetime] = {}
    for line, row in read_table(path, ("student", "submitted")):
        moment = _moment(row["submitted"], f"{path.name}, line {line}")
        times[row["student"]] = max(moment, times.get(row["student"], moment))
    return {student: moment.isoformat() for student, moment in times.items()}


def with_times(results: Sequence[Result], *, due: str, times: Mapping[str, str] | None = None) -> list[Result]:
    """Return the results with the times of the platform and the hours of lateness.

    Parameters
    ----------
    results : sequence of Result
        The results in the grade book, which does not change.
    due : str
        The deadline, such as ``2026-11-30 23:59`` (of this computer's time zone) or ``2026-11-30T23:59+01:00``; a
        day alone lasts until its end; "" where there is none.
    times : Mapping[str, str], optional
        ISO times by student, from the learning platform. For other students the time of the file counts.

    Raises
    ------
    AudioCourseError
        If a time is not understood.
    """
    names = students_by_name(results)
    platform_time = {names[name]: time for name, time in (times or {}).items() if name in names}
    timed = [replace(result, platform_time=platform_time.get(result.student)) for result in results]
    if not due:
        return timed
    last = _moment(f"{due} 23:59:59" if _DAY.fullmatch(due) else due, "--due")
    return [replace(result, late_hours=_hours_after(last, result.handed_in_at)) for result in timed]


def without_submission(results: Sequence[Result], times: Mapping[str, str]) -> list[str]:
    """Return the names in a table of times that match no result."""
    names = students_by_name(results)
    return [name for name in times if name not in names]


def times_are_lost(results: Sequence[Result]) -> bool:
    """Whether all files have the same time to the minute, as after some downloads, and no table gives others."""
    minutes = {(result.submitted or "")[:16] for result in results}
    return (
        len({result.student for result in results}) > 2
        and len(minutes) == 1
        and not any(result.platform_time for result in results)
    )


def _hours_after(last: datetime, submitted: str | None) -> float:
    if submitted is None:
        return 0.0
    seconds = (_moment(submitted, "the grade book") - last).total_seconds()
    return round(max(0.0, seconds) / 3600, 4)


def _moment(text: str, where: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise AudioCourseError(f"{where}: {text!r} is not a time; write it like 2026-11-30 23:59.") from None


def _understood(part: str, text: str) -> tuple[str, re.Match[str]]:
    for name, pattern in _PARTS.items():
        if match := pattern.fullmatch(part):
            return name, match
    raise AudioCourseError(f"The part {part!r} of the late rule {text!r} is not understood; write e.g. {EXAMPLE!r}.")


def _seconds(number: str, unit: str) -> int:
    return round(float(number) * SECONDS[unit])


def _time(seconds: int) -> str:
    """Return seconds as whole hours where possible, else as minutes."""
    unit = "m" if seconds % SECONDS["h"] else "h"
    return f"{seconds / SECONDS[unit]:.12g}{unit}"
