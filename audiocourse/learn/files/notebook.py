"""Reading a student's notebook: where each task is answered, whatever happened to its cells, and the answers in it."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocourse.atomic import write_atomically
from audiocourse.course import Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.files.stored import stored_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode  # importing it takes seconds, and a class is graded without it

TASK_TAG = "task:"
CHECK_TAG = "check:"
SETUP_TAG = "setup"
WRITTEN_TAG = "written:"
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook file.

    Raises
    ------
    AudioCourseError
        If there is no such file, it is not valid JSON, or it is not a notebook of format 4.
    """
    import nbformat
    from nbformat.v4.rwbase import rejoin_lines

    try:
        nb: NotebookNode = nbformat.from_dict(stored_notebook(path.read_bytes()))
        if nb["nbformat"] != 4 or not all("cell_type" in cell and "source" in cell for cell in nb["cells"]):
            raise KeyError("nbformat")
        joined: NotebookNode = rejoin_lines(nb)  # Jupyter may store a text as a list of lines
        if not all(isinstance(cell["source"], str) and isinstance(cell["metadata"], dict) for cell in joined["cells"]):
            raise KeyError("source")
    except OSError as error:
        raise AudioCourseError(
            f"{path} cannot be opened ({error.strerror}); `audiocourse lab` puts it there."
        ) from error
    except ValueError as error:
        raise AudioCourseError(
            f"{path.name} is damaged (it is not valid JSON: {error}); take an older copy from .ipynb_checkpoints, "
            f"or `audiocourse reset {path.stem}`, which keeps a copy of this one."
        ) from error
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise AudioCourseError(
            f"{path.name} is not a Jupyter notebook of format 4; `audiocourse reset {path.stem}` gives a fresh one."
        ) from None
    return joined


def notebook_text(nb: NotebookNode) -> str:
    """Return a notebook as text that diffs well: sorted keys, a line a source line, nothing that changes by itself."""
    import nbformat

    stored = json.loads(nbformat.writes(nb))
    for cell in stored["cells"]:
        cell["metadata"].pop("execution", None)
    return json.dumps(stored, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def write_notebook(nb: NotebookNode, path: Path) -> None:
    """Write a notebook in one step, so that a crash leaves the old file or the new one."""
    write_atomically(path, notebook_text(nb))


def tags(cell: Mapping[str, Any]) -> list[str]:
    """Return the tags of a cell (none where the metadata is gone)."""
    found = cell.get("metadata", {}).get("tags", [])
    return list(found) if isinstance(found, list) else []


def answer_cells(nb: Mapping[str, Any], task: Task) -> list[Mapping[str, Any]]:
    """Return the code cells that answer a task: by their tag, else by the name they define."""
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    tagged = [cell for cell in code if TASK_TAG + task.name in tags(cell)]
    return tagged or [cell for cell in code if task.name in defined_names(cell["source"])]


def defines(source: str, name: str) -> bool:
    """Whether a text defines a function or a class of this name, be it code or not."""
    return re.search(rf"^\s*(?:async\s+def|def|class)\s+{name}\b", source, re.MULTILINE) is not None


def odd_about(nb: Mapping[str, Any], task: Task) -> str:
    """Describe in a sentence what is wrong with the cells of a task: gone, turned to markdown, there twice. Else ''."""
    cells = answer_cells(nb, task)
    if not cells:
        if any(TASK_TAG + task.name in tags(cell) or defines(cell["source"], task.name) for cell in nb["cells"]):
            return f"The answer of {task.name} is in a cell that is not a code cell; select it and press Y."
        name = load_course().notebook_of(task).name
        return (
            f"The cell of {task.name} is gone; `audiocourse reset {name}` gives a fresh one and keeps a copy of yours."
        )
    if len(cells) > 1:
        return f"{task.name} is answered in {len(cells)} cells; the last one counts."
    return ""


@lru_cache(maxsize=512)  # a cell is looked at once for each task
def plain_python(source: str) -> str:
    """Undo IPython's own syntax (``%magic``, ``!command``, ``?``), which is not part of Python."""
    with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
        ast.parse(source)
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    body = re.sub(r"\A(\s*%%(time|timeit|capture)\b.*\n)+", "", source)  # these run the rest of their cell as it is
    try:
        plain: str = TransformerManager().transform_cell(body)
    except (SyntaxError, ValueError, SystemError):  # a NUL character: Python 3.13's tokenizer breaks on it
        return source
    return plain


def is_definition(statement: ast.stmt) -> bool:
    """Whether a statement imports, defines a function or class, or assigns without a call."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return not _calls(statement)
    return isinstance(statement, DEFINITIONS)


def _calls(node: ast.AST) -> bool:
    """Whether something is called when this is evaluated; the body of a lambda is not evaluated yet."""
    if isinstance(node, ast.Lambda):
        return _calls(node.args)
    return isinstance(node, (ast.Call, ast.Await)) or any(map(_calls, ast.iter_child_nodes(node)))


@lru_cache(maxsize=512)
def defined_names(source: str) -> frozenset[str]:
    """Return the names of the functions and classes that a cell defines; none where it is not Python."""
    try:
        body: Iterable[ast.stmt] = ast.parse(plain_python(source)).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # the last two: thousands of brackets
        return frozenset()
    return frozenset(
        node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )
