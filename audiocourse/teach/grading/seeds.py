"""The seed of the hidden data, stored in the folder of results, and the version of the checks that use it."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from audiocourse.atomic import write_atomically
from audiocourse.course import course_root
from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.further import require_right_checks

SEED = "seed"


def kept_seed(out: Path) -> int:
    """Return the seed of the last run into this folder, or draw one and store it."""
    path = out / SEED
    if not path.is_file():
        write_atomically(path, f"{secrets.randbits(63)}\n".encode())
    try:
        return int(path.read_text(encoding="utf-8"))
    except ValueError:
        raise AudioCourseError(
            f"{path} is damaged: write a whole number into it, or delete it and grade everything again."
        ) from None


def version_of_checks(also: Path | None) -> str:
    """Return a hash that changes with the checks, misconceptions and tasks: then everything is graded again.

    Raises
    ------
    AudioCourseError
        If a file of the further checks cannot be loaded, there is none, or the right answer fails one.
    """
    folder = course_root() / "tests" / "exercises"
    files = [*sorted(folder.rglob("*.py")), course_root() / "audiocourse" / "course.toml"]
    if also is not None:
        require_right_checks(also)
        files += sorted(also.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
