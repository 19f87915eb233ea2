"""Build student notebooks from solved ones: blanks, tags and nbgrader's metadata."""

from __future__ import annotations

import ast
import copy
import json
import os
import re
import textwrap
from pathlib import Path

from nbformat import NotebookNode

from audiocourse.course import Course, Task, course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.files.notebook import (
    CHECK_TAG,
    TASK_TAG,
    WRITTEN_TAG,
    notebook_text,
    read_notebook,
    tags,
    write_notebook,
)
from audiocourse.learn.files.progress import SWITCH

BEGIN = "### BEGIN SOLUTION"  # nbgrader's markers
END = "### END SOLUTION"
BLANK = re.compile(rf"^(?P<indent>[ ]*){BEGIN}\n.*?^[ ]*{END}[ ]*$", re.MULTILINE | re.DOTALL)
SOLUTION_ONLY = "solution-only"
DRAWING = "drawing"  # a cell that only draws: its code is collapsed for students, one click opens it
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def build() -> list[str]:
    """Write ``notebooks/`` from ``solutions/`` and return the names of the files that changed.

    Raises
    ------
    AudioCourseError
        If a solution cannot be read, or a task has no blank or no check.
    """
    changed = []
    for name, text in _built().items():
        path = course_root() / "notebooks" / name
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_bytes() != text:
            path.write_bytes(text)
            changed.append(name)
    for stray in _strays():
        stray.unlink()
        changed.append(stray.name)
    return changed


def build_for_nbgrader(folder: Path) -> list[Path]:
    """Write the source of an nbgrader assignment for every notebook that has tasks.

    Parameters
    ----------
    folder : Path
        Root of the nbgrader course; only ``source/NAME/NAME.ipynb`` is written there.

    Returns
    -------
    list[Path]
        The files written; ``nbgrader generate_assignment NAME`` reads them.

    Raises
    ------
    AudioCourseError
        If a solution cannot be read, or a task has no check.
    """
    course = load_course()
    written = []
    for notebook in course.notebook:
        if notebook.task:
            solved = read_notebook(course_root() / "solutions" / f"{notebook.name}.ipynb")
            path = folder / "source" / notebook.name / f"{notebook.name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_notebook(marked_notebook(solved, course, notebook.name), path)
            written.append(path)
    return written


def out_of_step() -> list[str]:
    """Return the files of ``notebooks/`` that are not byte for byte what `build` would write."""
    folder = course_root() / "notebooks"
    stale = [
        name for name, text in _built().items() if not (folder / name).is_file() or (folder / name).read_bytes() != text
    ]
    return stale + [stray.name for stray in _strays()]


def _built() -> dict[str, bytes]:
    course = load_course()
    solutions = sorted((course_root() / "solutions").glob("*.ipynb"))
    if not solutions:
        raise AudioCourseError("There are no solutions here to build from: use a complete clone.")
    students = {path.name: student_notebook(read_notebook(path), course, path.stem) for path in solutions}
    return {name: notebook_text(nb).encode() for name, nb in students.items()}


def _strays() -> list[Path]:
    solutions = course_root() / "solutions"
    return [path for path in (course_root() / "notebooks").glob("*.ipynb") if not (solutions / path.name).is_file()]


def student_notebook(solved: NotebookNode, course: Course, name: str) -> NotebookNode:
    """Turn a solved notebook into the one a student starts from.

    Parameters
    ----------
    solved : NotebookNode
        The authored source.
    course : Course
        The course, for the numbers and points of tasks.
    name : str
        Name of the notebook.

    Raises
    ------
    AudioCourseError
        If a cell names an unknown task, a task cell has no blank, or a task of the course has no cell.
    """
    nb = _marked(solved, course)
    for cell in nb["cells"]:
        for tag in tags(cell):
            if tag.startswith(TASK_TAG):
                cell["source"] = with_blank(cell["source"], course.find_task(tag.removeprefix(TASK_TAG)))
        if cell["cell_type"] == "code" and (BEGIN in cell["source"] or END in cell["source"]):
            raise AudioCourseError(
                f"Cell {cell['id']} has a solution marker without its partner, or without a task tag."
            )
    _require_every_task(nb, course, name)
    return nb


def marked_notebook(solved: NotebookNode, course: Course, name: str) -> NotebookNode:
    """Return a solved notebook without outputs and private cells, its cells marked for nbgrader.

    Parameters
    ----------
    solved : NotebookNode
        The authored source.
    course : Course
        The course, for the points of tasks.
    name : str
        Name of the notebook.

    Raises
    ------
    AudioCourseError
        If a cell names an unknown task, or a task of the course has no cell.
    """
    nb = _marked(solved, course)
    _require_every_task(nb, course, name)
    return nb


def _marked(solved: NotebookNode, course: Course) -> NotebookNode:
    nb = copy.deepcopy(solved)
    nb["metadata"] = copy.deepcopy(METADATA)
    nb["cells"] = [_marked_cell(cell, course) for cell in nb["cells"] if SOLUTION_ONLY not in tags(cell)]
    return nb


def _require_every_task(nb: NotebookNode, course: Course, name: str) -> None:
    present = {tag for cell in nb["cells"] for tag in tags(cell)}
    for task in course.find_notebook(name).task:
        wanted = [WRITTEN_TAG] if task.kind == "written" else [TASK_TAG, CHECK_TAG]
        for prefix in wanted:
            if prefix + task.name not in present:
                raise AudioCourseError(f"{name}: no cell is tagged {prefix}{task.name}.")


def _marked_cell(cell: NotebookNode, course: Course) -> NotebookNode:
    for tag in tags(cell):
        prefix, _, name = tag.partition(":")
        if prefix + ":" in (TASK_TAG, CHECK_TAG, WRITTEN_TAG):
            cell["metadata"]["nbgrader"] = nbgrader_metadata(course.find_task(name), prefix + ":")
            if prefix + ":" == CHECK_TAG:
                cell["metadata"]["tags"] = [*tags(cell), "raises-exception"]
    if cell["cell_type"] == "code":
        cell["outputs"] = []
        cell["execution_count"] = None
        if DRAWING in tags(cell):
            _require_nothing_to_write(cell)
            cell["metadata"]["jupyter"] = {"source_hidden": True}
    return cell


def _require_nothing_to_write(cell: NotebookNode) -> None:
    if any(tag.startswith((TASK_TAG, CHECK_TAG)) for tag in tags(cell)):
        raise AudioCourseError(f"Cell {cell['id']} belongs to a task and is tagged {DRAWING}: it would be collapsed.")


def with_blank(source: str, task: Task) -> str:
    """Replace each solution by ``raise NotImplementedError("Task …")``.

    Parameters
    ----------
    source : str
        Source of a task cell.
    task : Task
        Its task.

    Raises
    ------
    AudioCourseError
        If there is no pair of markers, or the rest is not valid Python.
    """
    if task.kind == "open":
        message = f"Task {task.number}: {task.title} (an open task: begin with the baseline above)"
    else:
        message = f"Task {task.number}: {task.title}"
    quoted = json.dumps(message, ensure_ascii=False)  # in double quotes, those within it escaped
    blank, count = BLANK.subn(lambda match: f"{match['indent']}raise NotImplementedError({quoted})", source)
    if not count:
        raise AudioCourseError(f"The cell of {task.name} has no {BEGIN} … {END}.")
    try:
        ast.parse(blank)
    except SyntaxError as error:
        raise AudioCourseError(f"The blank of {task.name} is not valid Python: {error}.") from error
    return blank


def nbgrader_metadata(task: Task, kind: str) -> dict[str, object]:
    """Return nbgrader's metadata of a cell: an answer cell is a solution, a check cell has the points."""
    graded = kind != TASK_TAG
    written = kind == WRITTEN_TAG
    metadata: dict[str, object] = {
        "grade": graded,
        "grade_id": task.name + ("-check" if kind == CHECK_TAG else ""),
        "locked": kind == CHECK_TAG,
        "schema_version": 3,
        "solution": written or not graded,
        "task": False,
    }
    return {**metadata, "points": task.points} if graded else metadata


def solution_of(task: Task) -> str:
    """Return the solved source of a task from ``solutions/``.

    Raises
    ------
    AudioCourseError
        If there is no cell for it.
    """
    name = load_course().notebook_of(task).name
    for cell in read_notebook(course_root() / "solutions" / f"{name}.ipynb")["cells"]:
        if TASK_TAG + task.name in tags(cell):
            return textwrap.dedent(cell["source"])
    raise AudioCourseError(f"solutions/{name}.ipynb has no cell tagged {TASK_TAG}{task.name}.")


def execute(name: str) -> None:
    """Run a solution from top to bottom in a fresh kernel and store it with its outputs, without volatile metadata.

    Parameters
    ----------
    name : str
        Name of the notebook.

    Raises
    ------
    AudioCourseError
        If a cell fails.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    path = course_root() / "solutions" / f"{load_course().find_notebook(name).name}.ipynb"
    nb = read_notebook(path)
    client = NotebookClient(
        nb, timeout=600, record_timing=False, coalesce_streams=True, resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        client.execute(env={**os.environ, SWITCH: "off", "OMP_NUM_THREADS": "1"})
    except CellExecutionError as error:
        raise AudioCourseError(f"{path.name} does not run:\n{error}") from error
    nb["metadata"] = copy.deepcopy(METADATA)
    write_notebook(nb, path)
