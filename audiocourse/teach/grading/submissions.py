"""Collect the submissions in a folder: the student of each notebook, unreadable files, files that are no notebooks."""

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
from audiocourse.teach.grading.platforms import parse_platform_name, student_of
from audiocourse.teach.grading.reports.files import LARGEST, require_size

MAX_IN_ARCHIVE = 1000  # files
MAX_NAMED = 8  # files that are left out
HIDDEN = (".", "__MACOSX", "~$")
NOT_SUBMISSIONS = (
    "a recording",
    "a picture",
    "a Python script",
    "a text",
    "a web page",
)  # beside the files of students
LINK = "The file is a link to another file, and links are not followed: hand in the notebook."


@dataclass(frozen=True)
class Submission:
    """One notebook, or a file that was handed in instead of one.

    ``file`` is its name in the folder of submissions, ``inside`` its name in the archive at ``path``; ``problem`` says
    why it cannot be read, and ``kind`` what it is where it was never meant to be a notebook.
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
            If it cannot be read; the message says why.
        """
        if self.problem:
            raise AudioCourseError(self.problem)
        return _member(self.path, self.inside) if self.inside else read_safely(self.path)

    def modified_at(self) -> str | None:
        """Return the time when the file was written, in ISO format, None where it has none."""
        try:
            seconds = self.path.lstat().st_mtime
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
        except (OSError, ValueError, OverflowError):
            return None


def collect_submissions(folder: Path) -> tuple[list[Submission], list[str]]:
    """Return the submissions in a folder, and one sentence for each group of files that is left out.

    Files beside a student's notebook are left out. A student who handed in no notebook still gets a row.

    Raises
    ------
    AudioCourseError
        If it is not a folder.
    """
    if folder.is_file():
        raise AudioCourseError(f"{folder} is a file: unpack it if it is an archive, and pass the folder.")
    everything = [
        submission
        for path in submitted_files(folder)
        for submission in _in_file(path, path.relative_to(folder).as_posix())
    ]
    kept = [submission for submission in everything if not submission.kind]
    rows = {submission.student for submission in kept}
    left_out = []
    for submission in (submission for submission in everything if submission.kind):
        if _lies_beside(submission, rows) or _is_unrelated(submission):
            left_out.append(submission.file)
        else:  # handed in instead of a notebook: one row is enough
            rows.add(submission.student)
            kept.append(submission)
    return sorted(kept, key=lambda submission: submission.file), _left_out_message(left_out)


def _lies_beside(submission: Submission, students: Collection[str]) -> bool:
    """Whether a file is another one of a student: in the same folder, or with a name that begins with the student's."""
    between = "/" not in submission.file and parse_platform_name(submission.file) is None
    longer = any(submission.student.startswith((f"{name}_", f"{name}-", f"{name} ")) for name in students)
    return submission.student in students or (between and longer)


def _is_unrelated(submission: Submission) -> bool:
    """Whether a file lies beside those of the students and is of a kind that no one hands in as a notebook."""
    return (
        submission.kind in NOT_SUBMISSIONS
        and "/" not in submission.file
        and parse_platform_name(submission.file) is None
    )


def _left_out_message(left_out: Sequence[str]) -> list[str]:
    if not left_out:
        return []
    more = f" and {len(left_out) - MAX_NAMED} more" if len(left_out) > MAX_NAMED else ""
    return [f"Left out, because they are not notebooks: {', '.join(left_out[:MAX_NAMED])}{more}."]


def submitted_files(folder: Path) -> list[Path]:
    """List every file and every link in a folder of submissions.

    Names that begin with a dot, all files in folders of such names (``.ipynb_checkpoints``) and the files that macOS
    adds to archives are left out.
    """
    everything = sorted(folder.rglob("*"))
    seen = [path for path in everything if not any(part.startswith(HIDDEN) for part in path.relative_to(folder).parts)]
    return [path for path in seen if path.is_symlink() or not path.is_dir()]


def read_safely(path: Path) -> bytes:
    """Read a submission, after checking its kind and its size.

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
    """Yield the submissions in a file: one, or those in an archive."""
    student = student_of(file)
    try:
        data = read_safely(path)
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
        yield Submission(student, file, path, problem=what_it_is(data), kind=kind or "not a notebook")
    else:
        yield Submission(student, file, path, problem=what_it_is(data))  # a damaged notebook


def _in_archive(path: Path, file: str) -> Iterator[Submission]:
    """Yield the notebooks in a zip archive and all its folders."""
    student = student_of(file)
    found = 0
    try:
        with zipfile.ZipFile(path) as archive:
            names = dict.fromkeys(info.filename for info in archive.infolist() if _is_notebook_member(info))
        for name in list(names)[:MAX_IN_ARCHIVE]:
            found += 1
            own = parse_platform_name(name)  # the archive of a whole class
            yield Submission(own.student if own else student, f"{file}/{name}", path, inside=name)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        yield Submission(student, file, path, problem=f"The archive is damaged ({error}): {HAND_IN}.")
        return
    if not found:
        problem = f"This is an archive without a notebook in it: {HAND_IN}."
        yield Submission(student, file, path, problem=problem, kind="a zip archive")


def _is_notebook_member(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(HIDDEN) for part in parts)
    return info.filename.lower().endswith(".ipynb") and not info.is_dir() and not hidden


def _member(path: Path, name: str) -> bytes:
    """Read one file of an archive, up to the largest size of a notebook."""
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
