"""File names of learning platforms: the student of a submission, and the name under which a page is returned.

Canvas, "Download Submissions": ``mulleranna_4711_998877_ex05_vad.ipynb``, with ``_LATE`` after the name where it was
late; the first number is the user's, the second the file's. canvas-lms, lib/content_zipper.rb. Moodle, "Download all
submissions": a folder ``Anna Müller_4711_assignsubmission_file``, which in older versions is how the name of the file
begins; the number is the participant's. moodle, mod/assign/feedback/file/importziplib.php.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from audiocourse.course import load_course

_CANVAS = re.compile(r"(?P<name>[^/]*?)(?:_LATE)?_(?P<number>\d+)_(?P<file>\d+)_(?P<rest>[^/]+)$", re.IGNORECASE)
_CANVAS_ANONYMOUS = re.compile(r"(?:LATE_)?(?P<name>anon_[^_/]+)_(?P<file>\d+)_(?P<rest>[^/]+)$")
_MOODLE = re.compile(r"(?:^|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?")
_SUFFIX = re.compile(r"(?:\.ipynb|\.tar)?\.\w+$", re.IGNORECASE)
_AGAIN = r"(?:[ _-]*(?:\(\d+\)|-\d+|copy(?: \d+)?|late))*"  # how a second upload, or a late one, is marked


@dataclass(frozen=True)
class PlatformName:
    """The information in the name that a platform gives a file.

    ``number`` is the platform's number of the student, "" where it gives none; ``order`` grows from one upload of a
    student to the next.
    """

    platform: str
    name: str
    number: str
    order: int = 0

    @property
    def student(self) -> str:
        """The student as results name them: two of one name differ by their numbers."""
        return f"{self.name}_{self.number}" if self.number else self.name


@cache
def parse_platform_name(file: str) -> PlatformName | None:
    """Parse the name that a platform has given a submission; None where no platform did.

    >>> parse_platform_name("mulleranna_LATE_4711_998877_ex05_vad-1.ipynb")
    PlatformName(platform='canvas', name='mulleranna', number='4711', order=998877)
    """
    file = unicodedata.normalize("NFC", file)
    if found := _MOODLE.search(file):
        return PlatformName("moodle", found["name"], found["number"])
    last = PurePosixPath(file).name
    if found := _CANVAS_ANONYMOUS.match(last):
        return PlatformName("canvas", found["name"], "", int(found["file"]))
    if (found := _CANVAS.match(last)) and found["name"]:
        return PlatformName("canvas", found["name"], found["number"], int(found["file"]))
    return None


def student_of(file: str) -> str:
    """Return the student of a file: by a platform's name, else by the folder, else by the name of the file.

    >>> student_of("anna/ex05_vad.ipynb"), student_of("bob_ex05_vad (1).ipynb"), student_of("ex05_cy.ipynb")
    ('anna', 'bob', 'cy')
    """
    if found := parse_platform_name(file):
        return found.student
    path = PurePosixPath(unicodedata.normalize("NFC", file))  # macOS decomposes accents in file names
    if len(path.parts) > 1:
        return path.parts[0]
    stem = _SUFFIX.sub("", path.name)
    alone, *patterns = _own_patterns()
    if alone.fullmatch(stem):
        return stem
    for pattern in patterns:
        if match := pattern.fullmatch(stem):
            return str(match["student"])
    return stem


@cache
def _own_patterns() -> tuple[re.Pattern[str], ...]:
    """Return patterns of file names: a notebook alone, or with a student before or after it."""
    names = [name for notebook in load_course().notebook for name in (notebook.name, notebook.name.partition("_")[0])]
    either = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    student = r"(?P<student>(?=.*[^\W\d_]).+?)"  # with a letter in it
    return (
        re.compile(rf"(?:{either}){_AGAIN}", re.IGNORECASE),
        re.compile(rf"{student}[ _-]+(?:{either}){_AGAIN}", re.IGNORECASE),
        re.compile(rf"(?:{either})[ _-]+{student}{_AGAIN}", re.IGNORECASE),
    )


def page_for(file: str) -> str | None:
    """Return the name under which the platform returns a page to the student of this file, or None.

    Canvas, "Upload Submissions", finds student and submission by the numbers in the name. Moodle, "Upload multiple
    feedback files in a zip", finds the participant by the beginning of the folder.
    """
    found = parse_platform_name(file)
    if found is None:
        return None
    path = PurePosixPath(file)
    if found.platform == "canvas":
        return f"{path.stem}.html"
    return f"{found.name}_{found.number}_assignsubmission_file/feedback-{_plain(path.stem)}.html"


def _plain(stem: str) -> str:
    """Return the file's own part of a name; older versions of Moodle put the student before it."""
    return re.sub(r"^.*_assignsubmission_[a-z]+_?", "", stem) or "feedback"
