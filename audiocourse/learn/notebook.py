"""Reading a student's notebook: where each task is answered, whatever happened to its cells, and the answers in it."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocourse.course import Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.check import reference_of, report_on
from audiocourse.learn.limits import TooSlow, time_limit
from audiocourse.learn.stored import stored_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode  # importing it takes seconds, and a class is graded without it

TASK_TAG, CHECK_TAG, SETUP_TAG, WRITTEN_TAG = "task:", "check:", "setup", "written:"
SECONDS_PER_CELL, SECONDS_PER_STAGE = 30.0, 5.0  # while only the definitions of a notebook are loaded
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook file.

    Raises
    ------
    AudioCourseError
        If there is no such file, it is no JSON, or no notebook of format 4.
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
            f"{path.name} is damaged (it is no JSON: {error}); take an older copy from .ipynb_checkpoints, "
            f"or `audiocourse reset {path.stem}`, which keeps this one aside."
        ) from error
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise AudioCourseError(
            f"{path.name} is no Jupyter notebook of format 4; `audiocourse reset {path.stem}` gives a fresh one."
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
    new = path.with_name(f".{path.name}.new")
    new.write_text(notebook_text(nb), encoding="utf-8", newline="\n")
    new.replace(path)


def tags(cell: Mapping[str, Any]) -> list[str]:
    """Return the tags of a cell (none where the metadata is gone)."""
    found = cell.get("metadata", {}).get("tags", [])
    return list(found) if isinstance(found, list) else []


@dataclass
class Answers:
    """What a notebook defines, and what is odd about where."""

    namespace: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def answer_cells(nb: NotebookNode, task: Task) -> list[NotebookNode]:
    """Return the code cells that answer a task: by their tag, else by the name they define."""
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    tagged = [cell for cell in code if TASK_TAG + task.name in tags(cell)]
    return tagged or [cell for cell in code if task.name in defined_names(cell["source"])]


def defines(source: str, name: str) -> bool:
    """Whether a text defines a function or a class of this name, be it code or not."""
    return re.search(rf"^\s*(?:async\s+def|def|class)\s+{name}\b", source, re.MULTILINE) is not None


def odd_about(nb: NotebookNode, task: Task) -> str:
    """Say in one sentence what is wrong with the cells of a task: gone, turned to markdown, there twice. Else ''."""
    cells = answer_cells(nb, task)
    if not cells:
        if any(TASK_TAG + task.name in tags(cell) or defines(cell["source"], task.name) for cell in nb["cells"]):
            return f"The answer of {task.name} stands in a cell that is no code cell; select it and press Y."
        name = load_course().notebook_of(task).name
        return f"The cell of {task.name} is gone; `audiocourse reset {name}` gives a fresh one and keeps yours aside."
    if len(cells) > 1:
        return f"{task.name} is answered in {len(cells)} cells; the last one counts."
    return ""


def load_answers(
    nb: NotebookNode,
    tasks: Sequence[Task],
    *,
    stage: Callable[[str, dict[str, Any]], Any] | None = None,
    skip: Collection[int] = (),
    before: Callable[[int], None] = lambda _: None,
) -> Answers:
    """Execute what a notebook defines, without running it.

    Imports, functions, classes and assignments without a call are executed in order, and the whole of each cell tagged
    as a task or as setup. An error belongs to the task of its cell; the others go on.

    Parameters
    ----------
    nb : NotebookNode
        The notebook.
    tasks : Sequence[Task]
        Its tasks.
    stage : Callable, optional
        What ``mine_or_reference`` gives, by the name of the task and what the notebook has defined so far.
    skip : Collection[int]
        Numbers of code cells to leave out: an earlier attempt did not survive them.
    before : Callable
        Told the number of each code cell before it is executed.
    """
    answers = Answers()
    for task in tasks:
        if said := odd_about(nb, task):
            answers.problems[task.name] = said
    for index, cell in enumerate(cell for cell in nb["cells"] if cell["cell_type"] == "code"):
        owners = [
            task.name
            for task in tasks
            if TASK_TAG + task.name in tags(cell) or task.name in defined_names(cell["source"])
        ]
        whole = bool(SETUP_TAG in tags(cell) or any(tag.startswith(TASK_TAG) for tag in tags(cell)))
        if index in skip:
            answers.problems.update(dict.fromkeys(owners, f"Cell {index + 1} never ends, or ends the whole program."))
            continue
        before(index)
        try:
            with time_limit(SECONDS_PER_CELL):
                filename = f"<cell {index + 1}>"
                _execute(cell["source"], filename, answers.namespace, whole=whole, stage=stage or _mine_or_reference)
        except (Exception, SystemExit, TooSlow) as error:
            for owner in owners:
                answers.problems[owner] = f"The cell of {owner} raises {type(error).__name__}: {error}."
    return answers


_SHOWING = ("check", "hint", "show", "listen", "compare", "explore", "status", "display")  # what only displays


def _execute(
    source: str,
    filename: str,
    namespace: dict[str, Any],
    *,
    whole: bool,
    stage: Callable[[str, dict[str, Any]], Any],
) -> None:
    namespace.update(dict.fromkeys(_SHOWING, _nothing))
    namespace["mine_or_reference"] = lambda task, **_: stage(task, namespace)
    namespace.setdefault("get_ipython", _NoIPython)
    namespace.setdefault("__name__", "__main__")
    plain = _plain_python(source)
    module = ast.parse(plain, filename)
    if not whole:
        module.body = [statement for statement in module.body if _is_definition(statement)]
    linecache.cache[filename] = (len(plain), None, plain.splitlines(keepends=True), filename)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(module, filename, "exec"), namespace)  # noqa: S102 (a student's own notebook, at their wish)


def _mine_or_reference(name: str, namespace: dict[str, Any]) -> Any:
    """Return what the notebook itself defines where that is right, else the reference, as in a kernel."""
    task = load_course().find_task(name)
    mine = namespace.get(name)
    with contextlib.suppress(TooSlow, AudioCourseError), time_limit(SECONDS_PER_STAGE):
        if callable(mine) and report_on(task, mine).complete:
            return mine
    return reference_of(task)


@lru_cache(maxsize=512)  # a cell is looked at once for each task
def _plain_python(source: str) -> str:
    """Undo IPython's own syntax (``%magic``, ``!command``, ``?``), which is none of Python's."""
    with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
        ast.parse(source)
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    body = re.sub(r"\A(\s*%%(time|timeit|capture)\b.*\n)+", "", source)  # these run the rest of their cell as it stands
    try:
        plain: str = TransformerManager().transform_cell(body)
    except (SyntaxError, ValueError, SystemError):  # a NUL character: Python 3.13's tokenizer breaks on it
        return source
    return plain


def _is_definition(statement: ast.stmt) -> bool:
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
        body: Iterable[ast.stmt] = ast.parse(_plain_python(source)).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # the last two: thousands of brackets
        return frozenset()
    return frozenset(
        node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )


def _nothing(*_: object, **__: object) -> None:
    """Stand in for what a notebook shows, while only its definitions are wanted."""


class _NoIPython:
    """Stands in for the IPython shell: every magic does nothing."""

    def __getattr__(self, name: str) -> object:
        return _nothing
