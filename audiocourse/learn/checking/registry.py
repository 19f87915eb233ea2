"""The exercises of the clone: their checks, misconceptions and alternatives, loaded by path."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from audiocourse.course import Task, course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.authoring import MARK, AlternativeMark, CheckMark, MutantMark
from audiocourse.learn.checking.student import Student

M = TypeVar("M", CheckMark, MutantMark, AlternativeMark)


@dataclass(frozen=True)
class Check:
    """A check of a task, ready to run."""

    label: str
    run: Callable[[Student, Any], None]


@dataclass(frozen=True)
class Mutant:
    """A known wrong answer with its name and the hint that leads out of it."""

    name: str
    hint: str
    answer: Callable[..., Any]


def checks_of(task: Task, also: Path | None = None) -> list[Check]:
    """Return the checks of a task in the order of their file, then those of an instructor's own folder.

    Raises
    ------
    AudioCourseError
        If the clone has no checks for it.
    """
    found = [Check(mark.label, thing) for mark, thing in _marked(task, "checks.py", CheckMark)]
    if not found:
        raise AudioCourseError(f"The clone at {course_root()} has no checks for {task.name}; is it complete?")
    return [*found, *(further_checks_of(task, also) if also else ())]


def further_checks_of(task: Task, folder: Path) -> list[Check]:
    """Return the checks of a task in an instructor's own folder."""
    own = _own_folders(folder).get(load_course().notebook_of(task).name)
    return [Check(mark.label, thing) for mark, thing in _marked(task, "checks.py", CheckMark, own)] if own else []


def _own_folders(folder: Path) -> dict[str, Path]:
    """Return the folders with further checks by the notebooks they are named after, in full or in short (``ex05``).

    Raises
    ------
    AudioCourseError
        If a name is not that of a notebook, or two are of the same one.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*/checks.py")):
        name = load_course().find_notebook(path.parent.name).name
        if name in found:
            raise AudioCourseError(f"{found[name]} and {path.parent} both hold checks of {name}: make them one folder.")
        found[name] = path.parent
    return found


def require_checks(folder: Path) -> None:
    """Make sure that a folder of further checks is of use: ``NOTEBOOK/checks.py`` files with checks of known tasks.

    Raises
    ------
    AudioCourseError
        If there is none, one cannot be loaded, or one names a task that its notebook does not have.
    """
    folders = _own_folders(folder)
    if not folders:
        raise AudioCourseError(f"There are no checks in {folder}: it must hold, for example, ex05_vad/checks.py.")
    for name, place in folders.items():
        path = place / "checks.py"
        tasks = [task.name for task in load_course().find_notebook(name).task if task.kind != "written"]
        try:
            module = load_by_path(path)
        except Exception as error:
            raise AudioCourseError(f"{path} cannot be loaded ({type(error).__name__}: {error}); correct it.") from error
        marks = [getattr(thing, MARK, None) for thing in vars(module).values()]
        if not any(isinstance(mark, CheckMark) for mark in marks):
            raise AudioCourseError(f"{path} holds no function marked with @check(task=…, label=…); add one.")
        for mark in marks:
            if isinstance(mark, CheckMark) and mark.task not in tasks:
                raise AudioCourseError(f"{path} checks {mark.task!r}, which is not a checked task of {name}.")


def mutants_of(task: Task) -> list[Mutant]:
    """Return the known misconceptions of a task."""
    return [Mutant(mark.name, mark.hint, thing) for mark, thing in _marked(task, "mutants.py", MutantMark)]


def alternatives_of(task: Task) -> list[Callable[..., Any]]:
    """Return the other right answers to a task."""
    return [thing for _, thing in _marked(task, "alternatives.py", AlternativeMark)]


def _marked(task: Task, file: str, kind: type[M], folder: Path | None = None) -> Iterator[tuple[M, Callable[..., Any]]]:
    own = course_root() / "tests" / "exercises" / load_course().notebook_of(task).name
    path = (folder or own) / file
    if not path.is_file():
        return
    for thing in list(vars(load_by_path(path)).values()):
        mark = getattr(thing, MARK, None)
        if isinstance(mark, kind) and mark.task == task.name:
            yield mark, thing


def load_by_path(path: Path) -> ModuleType:
    """Load a Python file of the clone, anew when it was edited.

    Raises
    ------
    AudioCourseError
        If there is no such file.
    """
    if not path.is_file():
        raise AudioCourseError(f"{path} is missing; is the clone complete?")
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _load(path: Path, modified: int) -> ModuleType:  # noqa: ARG001 (an edited file is loaded anew)
    """Load a file under a name of its own, so that two folders may both have a ``checks.py``."""
    name = f"audiocourse_exercises_{path.parent.name}_{path.stem}"
    name += "" if path.is_relative_to(course_root()) else "_private"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AudioCourseError(f"{path} cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where a dataclass looks up the types of its fields
    spec.loader.exec_module(module)
    return module
