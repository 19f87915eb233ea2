"""The course as data: ``course.toml`` read into typed objects, and where the clone is."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PositiveInt, ValidationError, model_validator

from audiocourse.errors import AudioCourseError
from audiocourse.tables import Table

Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
Answer = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]  # a function or a class


class Task(Table):
    """One graded piece of work in a notebook.

    ``kind`` is ``function`` (checked, all or nothing), ``open`` (checked in bands, each check an equal share of the
    points) or ``written`` (graded by hand on the rubric in the notebook). ``reference`` is ``room:name`` of the
    course's own implementation, where name is that of the task; ``forbidden`` lists further dotted names that an answer
    must not call; ``after`` is the sentence a student reads once every check passes.
    """

    name: Answer
    number: str
    title: str
    kind: Literal["function", "open", "written"] = "function"
    level: Literal["warm-up", "core", "stretch"]
    minutes: PositiveInt
    points: PositiveInt
    reference: Annotated[str, Field(pattern=r"^$|^[\w.]+:\w+$")] = ""
    forbidden: list[str] = Field(default_factory=list)
    hints: list[str] = Field(default_factory=list)
    after: str = ""

    @property
    def reference_path(self) -> str:
        """The dotted name of the reference."""
        return self.reference.replace(":", ".")

    @model_validator(mode="after")
    def _complete(self) -> Task:
        if self.kind == "function" and not (self.reference and self.hints):
            raise ValueError(f"task {self.name} is checked, so it needs a reference and hints")
        return self


class Notebook(Table):
    """One notebook of the course; its file is ``{name}.ipynb`` in ``solutions/``, ``notebooks/`` and ``work/``."""

    name: Name
    title: str
    kind: Literal["start", "chapter", "exercise", "reference"]  # a reference is looked up, not worked through
    minutes: PositiveInt
    needs: list[str] = Field(default_factory=list)
    task: list[Task] = Field(default_factory=list)

    @property
    def points(self) -> int:
        """Points of all tasks together."""
        return sum(task.points for task in self.task)


class Rooms(Table):
    """The packages of the course: what all chapters build on, the chapters, and what is around them."""

    shared: list[Name]
    chapters: list[Name]
    around: list[Name]


class Course(Table):
    """The rooms, and all notebooks in their order."""

    rooms: Rooms
    notebook: Annotated[list[Notebook], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Course:
        earlier: set[str] = set()
        for notebook in self.notebook:
            for needed in notebook.needs:
                if needed not in earlier:
                    raise ValueError(f"notebook {notebook.name} needs {needed}, which does not come before it")
            earlier.add(notebook.name)
        for kind, names in {
            "notebooks": [notebook.name for notebook in self.notebook],
            "tasks": [task.name for task in self.tasks()],
        }.items():
            duplicates = sorted({name for name in names if names.count(name) > 1})
            if duplicates:
                raise ValueError(f"two {kind} are called {', '.join(duplicates)}")
        return self

    def tasks(self) -> Iterator[Task]:
        """Iterate over the tasks of all notebooks in order."""
        for notebook in self.notebook:
            yield from notebook.task

    def find_notebook(self, name: str) -> Notebook:
        """Return the notebook with this name or number (``ex05``), or the only one whose name starts with it.

        Raises
        ------
        AudioCourseError
            If there is none, or more than one.
        """
        exact = [notebook for notebook in self.notebook if name in (notebook.name, notebook.name.partition("_")[0])]
        matches = exact or [notebook for notebook in self.notebook if notebook.name.startswith(name)]
        if len(matches) == 1:
            return matches[0]
        problem = "Several notebooks begin with" if matches else "There is no notebook called"
        choices = ", ".join(notebook.name for notebook in (matches or self.notebook))
        raise AudioCourseError(f"{problem} {name!r}; choose one of {choices}.")

    def find_task(self, name: str) -> Task:
        """Return the task with this name, in any case, or this number.

        Raises
        ------
        AudioCourseError
            If there is none.
        """
        wanted = str(name).strip().lower()
        for task in self.tasks():
            if wanted in (task.name.lower(), task.number):
                return task
        names = {task.name.lower(): task.name for task in self.tasks()}
        near = get_close_matches(wanted, names, n=3)
        guess = f" (did you mean {' or '.join(names[match] for match in near)}?)" if near else ""
        raise AudioCourseError(
            f"There is no task {name!r}{guess}: give its number, such as 5.1, or the name of its function; "
            "`audiocourse status` lists all tasks."
        )

    def notebook_of(self, task: Task) -> Notebook:
        """Return the notebook that contains a task."""
        return next(notebook for notebook in self.notebook if task in notebook.task)


def course_root() -> Path:
    """Find the clone: ``$AUDIOCOURSE_HOME``, else up from the working directory, else where the package is.

    Raises
    ------
    AudioCourseError
        If ``$AUDIOCOURSE_HOME`` is set and is not a clone of the course.
    """
    named = os.environ.get("AUDIOCOURSE_HOME")
    if named:
        if not _is_clone(Path(named)):
            raise AudioCourseError(f"AUDIOCOURSE_HOME is {named}, not a clone of the course; correct or unset it.")
        return Path(named).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if _is_clone(folder):
            return folder
    return Path(__file__).resolve().parent.parent


def _is_clone(folder: Path) -> bool:
    return (folder / "audiocourse" / "course.toml").is_file() and (folder / "tests" / "exercises").is_dir()


@cache
def load_course(path: Path | None = None) -> Course:
    """Read ``course.toml``, and name every mistake with its place in the file.

    Parameters
    ----------
    path : Path, optional
        Another file than the one in the package.

    Raises
    ------
    AudioCourseError
        If the file is not valid TOML, a key is missing, unknown or of the wrong kind, a name is used twice, or a
        notebook needs one that does not come before it.
    """
    path = path or Path(__file__).with_name("course.toml")
    try:
        return Course.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AudioCourseError(f"{path.name} cannot be read as TOML: {error}.") from error
    except ValidationError as error:
        mistakes = "; ".join(f"{_place(mistake['loc'])}{mistake['msg']}" for mistake in error.errors())
        raise AudioCourseError(f"{path.name} has mistakes: {mistakes}.") from error


def _place(loc: tuple[int | str, ...]) -> str:
    """Return the place in the file: ``notebook 3, task 2, points: `` (counted from 1)."""
    keys = [f" {key + 1}" if isinstance(key, int) else f", {key}" for key in loc]
    return f"{''.join(keys).lstrip(', ')}: " if loc else ""
