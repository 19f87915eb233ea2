"""The grade book: what was found about each submission, in one small file each."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from audiocourse.atomic import remove_parts, write_atomically
from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.platforms import handed
from audiocourse.teach.grading.reports.files import defused, file_name

Status = Literal["graded", "missing", "stopped", "written"]
SUFFIX = ".grade.json"


@dataclass(frozen=True)
class TaskResult:
    """What a student gets for one task.

    ``status`` is ``graded``, ``missing`` (no answer found), ``stopped`` (it went past a limit) or ``written`` (a text
    that nobody has marked yet; once marked it is ``graded``). ``said`` holds sentences for the student, so nothing of
    hidden checks; ``misconception`` is the name of the one recognised, for the figures of the class; ``shown`` is
    HTML: what the notebook's own check shows, on data that everybody has.

    Raises
    ------
    AudioCourseError
        If the points are negative, no number, or more than there are.
    """

    task: str
    points: float
    of: float
    status: Status
    checks_passed: int
    checks: int
    said: tuple[str, ...]
    misconception: str = ""
    shown: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.points <= self.of < math.inf:
            raise AudioCourseError(f"{self.task}: {self.points} of {self.of} points is no result; correct the points.")


@dataclass(frozen=True)
class Result:
    """What one submission gets, before anything is taken off for being late.

    ``file`` names the submission inside the folder of submissions; ``rung`` is the sandbox it was graded in;
    ``submitted`` an ISO time, that of the file; ``problem`` one sentence when the submission could not be graded as it
    should. ``seconds`` is what this run took and ``told`` the time that the learning platform gives: the book keeps
    neither.
    """

    student: str
    file: str
    fingerprint: str
    notebook: str
    tasks: tuple[TaskResult, ...]
    rung: str
    seconds: float = field(default=0.0, compare=False)
    submitted: str | None = None
    late_hours: float = 0.0
    problem: str = ""
    told: str | None = None

    @property
    def came(self) -> str | None:
        """When it was handed in: as the platform says, else as the file does."""
        return self.told or self.submitted

    @property
    def points(self) -> float:
        """Points of all tasks together."""
        return math.fsum(task.points for task in self.tasks)

    @property
    def of(self) -> float:
        """Points that all tasks together can give."""
        return math.fsum(task.of for task in self.tasks)


def fingerprint(file: str, content: bytes, *, seed: int, version: str) -> str:
    """Return what changes as soon as a submission has to be graded again.

    The name of the file belongs to it: two students with the same content are two submissions.

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
    """All results in a folder, one file per submission; a run that is killed goes on where it was.

    Parameters
    ----------
    folder : Path
        Where the files lie; it is made when the first result comes.

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
        """Keep a result; it takes the place of an earlier one of the same file.

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
    """Return the students of a class by every name that a table may call them.

    As in the results, as a spreadsheet shows it, and, where only one student has it, by the platform's name or number.
    """
    names: dict[str, str] = {}
    short: dict[str, set[str]] = {}
    for one in results:
        names |= {one.student: one.student, defused(one.student): one.student}
        if found := handed(one.file):
            for name in (found.name, found.number, f"Participant {found.number}"):
                short.setdefault(name, set()).add(one.student)
    alone = {name: next(iter(students)) for name, students in short.items() if len(students) == 1 and name}
    return alone | names


_RESULT = TypeAdapter(Result)


def _as_bytes(result: Result) -> bytes:
    """Write a result so that the same one gives the same bytes: sorted, and without the time it took."""
    values = {key: value for key, value in asdict(result).items() if key not in ("seconds", "told")}
    text = json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode("utf-8", "replace")  # answers can put half characters into what is said
