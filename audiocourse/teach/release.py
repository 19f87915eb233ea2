"""Write zips: the course for students, everything for instructors, a Gradescope autograder per notebook."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from audiocourse.atomic import write_atomically
from audiocourse.course import Notebook, course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.teach.build import out_of_step
from audiocourse.teach.grading.reports.gradescope import ASSIGNMENT
from audiocourse.teach.grading.seeds import kept_seed

# The contents of each zip. Each pattern must match a file; * also matches slashes.
COURSE = ("audiocourse/*", "pyproject.toml", "constraints.txt", "LICENSE")
STUDENT = (
    *COURSE,
    "notebooks/*.ipynb",
    "tests/exercises/*/checks.py",
    "tests/exercises/*/mutants.py",
    "docs/feedback.png",  # the figure in the README
    ".gitignore",
    "ASSETS.toml",
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "environment.yml",
)
INSTRUCTOR = (*STUDENT, "solutions/*.ipynb", "tests/exercises/*/alternatives.py", "docs/instructors.md", "*")
AUTOGRADER = (*COURSE, "tests/exercises/{notebook}/checks.py", "tests/exercises/{notebook}/mutants.py")
SCRIPTS = "audiocourse/teach/gradescope"  # these files must be at the root of an autograder

# Folders that are not source, for clones without git.
NOT_SOURCE = (
    ".git",
    ".venv",
    "work",
    "build",
    "dist",
    "__pycache__",
    "*.egg-info",
    ".ipynb_checkpoints",
    ".*cache",
    ".hypothesis",
)
SHIPPED = ("audiocourse", "notebooks", "solutions", "tests")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # earliest time that a zip can store
UNIX = 3


def release(out: Path, *, seed: int | None = None, notebooks: Sequence[str] = ()) -> list[Path]:
    """Write the zips of this clone; the same files and the same seed give the same bytes.

    Parameters
    ----------
    out : Path
        Folder for the zips.
    seed : int, optional
        Seed of the hidden data on Gradescope; without it the one stored in ``out``, or a new one.
    notebooks : sequence of str
        Notebooks that get an autograder; by default all that have a function to write.

    Returns
    -------
    list[Path]
        The zips.

    Raises
    ------
    AudioCourseError
        If a file is missing or untracked, a notebook is out of step with its solution or has nothing to
        grade, or a zip cannot be written.
    """
    root = course_root()
    names = sorted(_known_to_git(root) if _has_git(root) else _found(root, out.resolve()))
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    folder = f"audiocourse-{version}"
    contents = {
        f"audiocourse-instructor-{version}.zip": _contents(root, names, INSTRUCTOR, folder),
        f"audiocourse-student-{version}.zip": _contents(root, names, STUDENT, folder),
    }
    if stale := out_of_step():
        raise AudioCourseError(f"{stale[0]} is out of step with its solution: run `audiocourse build`, then release.")
    chosen = _to_grade(notebooks)
    seed = kept_seed(out) if seed is None else seed
    for notebook in chosen:
        zip_name = f"audiocourse-gradescope-{notebook.name}-{version}.zip"
        contents[zip_name] = _autograder(root, names, notebook.name, seed)
    for name, files in contents.items():
        write_atomically(out / name, _zipped(files))
    return [out / name for name in contents]


def _to_grade(wanted: Sequence[str]) -> list[Notebook]:
    course = load_course()
    able = [notebook for notebook in course.notebook if any(task.kind == "function" for task in notebook.task)]
    chosen = [course.find_notebook(name) for name in wanted] or able
    for notebook in chosen:
        if notebook not in able:
            raise AudioCourseError(f"{notebook.name} has no function to write, so it cannot be graded automatically.")
    return chosen


def _has_git(root: Path) -> bool:
    return (root / ".git").exists() and shutil.which("git") is not None


def _known_to_git(root: Path) -> list[str]:
    """List the files that git tracks; an untracked file of the course would be missing in the zips."""
    if strays := _git_files(root, "--others", "--exclude-standard", "--", *SHIPPED):
        raise AudioCourseError(f"git does not know {strays[0]}: add it or remove it, then release.")
    return _git_files(root, "--cached")


def _git_files(root: Path, *options: str) -> list[str]:
    done = subprocess.run(["git", "-C", str(root), "ls-files", "-z", *options], capture_output=True, check=False)  # noqa: S607
    if done.returncode:
        message = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise AudioCourseError(f"git cannot list the files of {root} ({message}): correct that, then release.")
    return [name for name in done.stdout.decode().split("\0") if name]


def _found(root: Path, out: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [
            name for name in folders if here / name != out and not any(fnmatchcase(name, skip) for skip in NOT_SOURCE)
        ]
        yield from ((here / name).relative_to(root).as_posix() for name in files)


def _contents(root: Path, names: Sequence[str], patterns: Sequence[str], folder: str) -> dict[str, bytes]:
    """Read the files that match a pattern, each with its place in the zip."""
    chosen: set[str] = set()
    for pattern in patterns:
        fitting = {name for name in names if fnmatchcase(name, pattern)}
        if not fitting:
            raise AudioCourseError(f"There is no {pattern} in {root}: release from a complete clone of the course.")
        chosen |= fitting
    return {f"{folder}/{name}": (root / name).read_bytes() for name in chosen}


def _autograder(root: Path, names: Sequence[str], notebook: str, seed: int) -> dict[str, bytes]:
    patterns = [pattern.format(notebook=notebook) for pattern in AUTOGRADER]
    scripts = {path.name: path.read_bytes() for path in (root / SCRIPTS).iterdir()}
    assignment = json.dumps({"notebook": notebook, "seed": seed}) + "\n"
    return {**_contents(root, names, patterns, "course"), **scripts, ASSIGNMENT: assignment.encode()}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files into bytes that depend only on their names and contents."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = UNIX
            entry.external_attr = (0o100755 if data.startswith(b"#!") else 0o100644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
