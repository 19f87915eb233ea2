"""A folder of what was handed in, sorted: whose each notebook is, what cannot be read, and what is not a notebook."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from audiocourse.errors import AudioCourseError
from audiocourse.learn.files.stored import HAND_IN, kind_of, looks_like_notebook, what_it_is
from audiocourse.teach.grading.platforms import handed, whose
from audiocourse.teach.grading.reports.files import LARGEST, require_size

MOST_IN_ARCHIVE = 1000  # files
MOST_NAMED = 8  # files that are left out
HIDDEN = (".", "__MACOSX", "~$")
OF_NOBODY = ("a recording", "a picture", "a Python script", "a text", "a web page")  # between the files of students
LINK = "The file is a link to another file, and links are not followed: hand in the notebook."


@dataclass(frozen=True)
class Submission:
    """One notebook, or what was handed in instead of one.

    ``file`` names it inside the folder of submissions, and ``inside`` inside the archive at ``path``; ``problem`` says
    why it is not read, and ``kind`` what it is where it was never meant to be a notebook.
    """

    student: str
    file: str
    path: Path
    inside: str = ""
    problem: str = ""
    kind: str = ""

    def read(self) -> bytes:
        """Return its bytes.

        Raises
        ------
        AudioCourseError
            If it cannot be read; the sentence says why.
        """
        if self.problem:
            raise AudioCourseError(self.problem)
        return _member(self.path, self.inside) if self.inside else careful_bytes(self.path)

    def came(self) -> str | None:
        """Return when the file was written, as an ISO time, None where it has no time."""
        try:
            seconds = self.path.lstat().st_mtime
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
        except (OSError, ValueError, OverflowError):
            return None


def sorted_submissions(folder: Path) -> tuple[list[Submission], list[str]]:
    """Find the submissions in a folder, and say in one sentence each what is left out.

    A student who handed in a notebook is graded by it, and what lies beside it is left out. A student who handed in
    something else is a row all the same.

    Raises
    ------
    AudioCourseError
        If it is not a folder.
    """
    if folder.is_file():
        raise AudioCourseError(f"{folder} is a file: unpack it if it is an archive, and pass the folder.")
    everything = [
        one for path in handed_in_files(folder) for one in _in_file(path, path.relative_to(folder).as_posix())
    ]
    kept = [one for one in everything if not one.kind]
    rows = {one.student for one in kept}
    left_out = []
    for one in (one for one in everything if one.kind):
        if _lies_beside(one, rows) or _is_of_nobody(one):
            left_out.append(one.file)
        else:  # it was handed in instead of a notebook: one row is enough
            rows.add(one.student)
            kept.append(one)
    return sorted(kept, key=lambda one: one.file), _said(left_out)


def _lies_beside(one: Submission, students: Collection[str]) -> bool:
    """Whether a file is one more of a student: in the same folder, or under a name that begins with the student's."""
    between = "/" not in one.file and handed(one.file) is None
    longer = any(one.student.startswith((f"{name}_", f"{name}-", f"{name} ")) for name in students)
    return one.student in students or (between and longer)


def _is_of_nobody(one: Submission) -> bool:
    """Whether a file lies between those of the students, and is of a kind that nobody hands in for a notebook."""
    return one.kind in OF_NOBODY and "/" not in one.file and handed(one.file) is None


def _said(left_out: Sequence[str]) -> list[str]:
    if not left_out:
        return []
    more = f" and {len(left_out) - MOST_NAMED} more" if len(left_out) > MOST_NAMED else ""
    return [f"Left out, because they are not notebooks: {', '.join(left_out[:MOST_NAMED])}{more}."]


def handed_in_files(folder: Path) -> list[Path]:
    """List every file and every link that was handed in.

    Names that begin with a dot and all files in folders of such names (``.ipynb_checkpoints``) are left out, and so is
    what macOS adds to archives.
    """
    everything = sorted(folder.rglob("*"))
    seen = [path for path in everything if not any(part.startswith(HIDDEN) for part in path.relative_to(folder).parts)]
    return [path for path in seen if path.is_symlink() or not path.is_dir()]


def careful_bytes(path: Path) -> bytes:
    """Read a submission, after looking at what it is and how large.

    Raises
    ------
    AudioCourseError
        If it is a link, which may lead to the solution or to a neighbour's file, a pipe or a device, larger than any
        notebook, or cannot be read.
    """
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise AudioCourseError(LINK)
        if not stat.S_ISREG(found.st_mode):
            raise AudioCourseError("This is a pipe or a device and not a file: hand in the notebook.")
        require_size(found.st_size)
        return path.read_bytes()
    except OSError as error:
        raise AudioCourseError(f"The file cannot be read ({error.strerror}).") from error


def _in_file(path: Path, file: str) -> Iterator[Submission]:
    """Give the submissions in a file: one, or those in an archive."""
    student = whose(file)
    try:
        data = careful_bytes(path)
    except AudioCourseError as error:
        large = path.is_file() and not path.is_symlink() and not file.lower().endswith(".ipynb")
        yield Submission(student, file, path, problem=str(error), kind="a large file" if large else "")
        return
    kind = kind_of(data)
    if looks_like_notebook(data):
        yield Submission(student, file, path)
    elif kind == "a zip archive":
        yield from _in_archive(path, file)
    elif kind or not file.lower().endswith(".ipynb"):
        yield Submission(student, file, path, problem=what_it_is(data), kind=kind or "no notebook")
    else:
        yield Submission(student, file, path, problem=what_it_is(data))  # it was a notebook once


def _in_archive(path: Path, file: str) -> Iterator[Submission]:
    """Give the notebooks in a zip archive, wherever in it they lie."""
    student = whose(file)
    found = 0
    try:
        with zipfile.ZipFile(path) as archive:
            names = dict.fromkeys(info.filename for info in archive.infolist() if _is_notebook_member(info))
        for name in list(names)[:MOST_IN_ARCHIVE]:
            found += 1
            own = handed(name)  # the archive of a whole class
            yield Submission(own.student if own else student, f"{file}/{name}", path, inside=name)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        yield Submission(student, file, path, problem=f"The archive is damaged ({error}): {HAND_IN}.")
        return
    if not found:
        said = f"This is an archive without a notebook in it: {HAND_IN}."
        yield Submission(student, file, path, problem=said, kind="a zip archive")


def _is_notebook_member(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(HIDDEN) for part in parts)
    return info.filename.lower().endswith(".ipynb") and not info.is_dir() and not hidden


def _member(path: Path, name: str) -> bytes:
    """Read one file of an archive, and not more than a notebook can have."""
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(name)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise AudioCourseError(LINK)
            require_size(info.file_size)
            with archive.open(info) as file:
                data = file.read(LARGEST + 1)
    except (OSError, KeyError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise AudioCourseError(f"The archive cannot be unpacked ({error}): {HAND_IN}.") from error
    require_size(len(data))
    return data
