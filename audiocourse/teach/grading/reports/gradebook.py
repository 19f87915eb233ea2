"""The grade book: the result of each submission, in one small file each."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, TypeAdapter, ValidationError

from audiocourse.atomic import remove_parts, write_atomically
from audiocourse.errors import AudioCourseError
from audiocourse.learn.listening.results import ListeningResult
from audiocourse.teach.grading.platforms import parse_platform_name
from audiocourse.teach.grading.reports.files import defused, file_name

Status = Literal["graded", "missing", "stopped", "written"]
SUFFIX = ".grade.json"


@dataclass(frozen=True)
class TaskResult:
    """The result of one task.

    ``status`` is ``graded``, ``missing`` (no answer found), ``stopped`` (it exceeded a limit) or ``written`` (a text
    that is not marked yet; once marked it is ``graded``). ``messages`` are sentences for the student and reveal nothing
    of hidden checks; ``misconception`` is the name of the recognised one, for the statistics of the class; ``shown`` is
    HTML, the output of the notebook's own check on public data. Books of earlier versions call the messages ``said``.

    Raises
    ------
    AudioCourseError
        If the points are negative, not a number, or more than possible.
    """

    task: str
    points: float
    of: float
    status: Status
    checks_passed: int
    checks: int
    messages: Annotated[tuple[str, ...], Field(validation_alias=AliasChoices("messages", "said"))]
    misconception: str = ""
    shown: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.points <= self.of < math.inf:
            raise AudioCourseError(
                f"{self.task}: {self.points} of {self.of} points is not possible; correct the points."
            )


@dataclass(frozen=True)
class Result:
    """The result of one submission, before any deduction for lateness.

    ``file`` names the submission inside the folder of submissions; ``sandbox`` is the sandbox level it was graded in,
    ``rung`` in books of earlier versions; ``submitted`` is the time of the file in ISO format; ``problem`` is a
    sentence where the submission could not be graded; ``listening`` are the results of listening tests that it
    carries. The book stores neither ``seconds``, the duration of this run, nor ``platform_time``, the time that the
    learning platform gives.
    """

    student: str
    file: str
    fingerprint: str
    notebook: str
    tasks: tuple[TaskResult, ...]
    sandbox: Annotated[str, Field(validation_alias=AliasChoices("sandbox", "rung"))]
    seconds: float = field(default=0.0, compare=False)
    submitted: str | None = None
    late_hours: float = 0.0
    problem: str = ""
    platform_time: str | None = None
    listening: tuple[ListeningResult, ...] = ()

    @property
    def handed_in_at(self) -> str | None:
        """The time of submission: that of the platform, else that of the file."""
        return self.platform_time or self.submitted

    @property
    def points(self) -> float:
        """Points of all tasks together."""
        return math.fsum(task.points for task in self.tasks)

    @property
    def of(self) -> float:
        """Points that all tasks together can give."""
        return math.fsum(task.of for task in self.tasks)


def fingerprint(file: str, content: bytes, *, seed: int, version: str) -> str:
    """Return a hash that changes whenever a submission has to be graded again.

    The name of the file is part of it: two students with the same content are two submissions.

    Parameters
    ----------
    file : str
        Name of the submission inside the folder of submissions.
    content : bytes
        The submission.
    seed : int
        The seed of the checks.
    version : str
        Version of the course and of every further check.
    """
    parts = [file, hashlib.sha256(content).hexdigest(), seed, version]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class GradeBook:
    """All results in a folder, one file per submission; a run that is killed can continue where it stopped.

    Parameters
    ----------
    folder : Path
        Folder of the files; it is created with the first result.

    Attributes
    ----------
    damaged : list[str]
        One sentence for each file that cannot be read; its submission counts as not graded.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged: list[str] = []
        self._results: dict[str, Result] = {}
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                self._results[path.name] = _RESULT.validate_json(path.read_bytes(), strict=True)
            except (OSError, ValidationError, AudioCourseError):
                self.damaged.append(f"{path} is damaged, so its submission is graded again.")

    def find(self, fingerprint: str) -> Result | None:
        """Return the result with this fingerprint, or None."""
        return next((result for result in self._results.values() if result.fingerprint == fingerprint), None)

    def is_graded(self, fingerprint: str) -> bool:
        """Whether a submission with this fingerprint has a result."""
        return self.find(fingerprint) is not None

    def add(self, result: Result) -> None:
        """Store a result; it replaces an earlier one of the same file.

        Raises
        ------
        AudioCourseError
            If it cannot be written; the earlier one is still there then.
        """
        name = file_name(result.file) + SUFFIX
        remove_parts(self.folder / name)
        write_atomically(self.folder / name, _as_bytes(result))
        self._results[name] = result

    def results(self) -> list[Result]:
        """Return all results, sorted by student, notebook and file."""
        return sorted(self._results.values(), key=lambda result: (result.student, result.notebook, result.file))


def students_by_name(results: Iterable[Result]) -> dict[str, str]:
    """Return the students of a class by every name that a table may give them.

    These are the name in the results, its form in a spreadsheet, and, where only one student has it, the name or number
    of the platform.
    """
    names: dict[str, str] = {}
    short: dict[str, set[str]] = {}
    for result in results:
        names |= {result.student: result.student, defused(result.student): result.student}
        if found := parse_platform_name(result.file):
            for name in (found.name, found.number, f"Participant {found.number}"):
                short.setdefault(name, set()).add(result.student)
    alone = {name: next(iter(students)) for name, students in short.items() if len(students) == 1 and name}
    return alone | names


_RESULT = TypeAdapter(Result)


def _as_bytes(result: Result) -> bytes:
    """Return a result as bytes that depend on nothing else: with sorted keys and without the time it took."""
    values = {key: value for key, value in asdict(result).items() if key not in ("seconds", "platform_time")}
    text = json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode("utf-8", "replace")  # messages of answers can contain lone surrogates
