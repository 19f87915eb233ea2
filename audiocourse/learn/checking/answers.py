"""The answers of a notebook without the rest of it: the same as if it ran in Jupyter from top to bottom.

Three kinds of statements are run, in order, each on its own: definitions (imports, functions, classes, assignments
without a call), those that an answer needs (``needed``), and all in the cells of tasks and of the set-up. One that
fails does not take the rest of its cell with it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import audiocourse
from audiocourse.course import Task, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.limits import SECONDS_PER_CELL, TooSlow, time_limit
from audiocourse.learn.checking.needed import SHOWING, Effect, effect_of, needed_by, outside_functions
from audiocourse.learn.files.notebook import SETUP_TAG, TASK_TAG, is_definition, odd_about, plain_python, tags
from audiocourse.learn.tasks import reference_of, report_on

NOT_FOUND = ("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "FileNotFoundError")
SECONDS_TO_DEFINE = 1.5  # what comes after something in a cell that never ends
SECONDS_PER_STAGE = 5.0
Stage = Callable[[str, dict[str, Any]], Any]


@dataclass
class Answers:
    """What a notebook defines, and what is odd about where."""

    namespace: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """A code cell: its statements, or why it has none, and which tasks it answers."""

    number: int
    statements: tuple[ast.stmt, ...]
    lines: tuple[str, ...]
    is_setup: bool
    is_answer: bool
    owners: tuple[str, ...]
    problem: str = ""

    @property
    def file(self) -> str:
        """Name of the cell in a traceback."""
        return f"<cell {self.number}>"


def load_answers(
    nb: Mapping[str, Any],
    tasks: Sequence[Task],
    *,
    stage: Stage | None = None,
    skip: Collection[int] = (),
    before: Callable[[int], None] = lambda _: None,
    seconds: float = SECONDS_PER_CELL,
) -> Answers:
    """Run what the answers of a notebook need.

    Parameters
    ----------
    nb : Mapping
        The notebook.
    tasks : Sequence[Task]
        Its tasks.
    stage : Callable, optional
        What ``mine_or_reference`` gives, by the name of the task and what the notebook has defined so far.
    skip : Collection[int]
        Numbers of code cells to leave out, from 0: an earlier attempt did not survive them.
    before : Callable
        Told the number of each code cell before it is run.
    seconds : float
        The longest that a cell may take.
    """
    names = [task.name for task in tasks]
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    cells = [_cell(index + 1, cell, names) for index, cell in enumerate(code)]
    answers = Answers(problems={task.name: message for task in tasks if (message := odd_about(nb, task))})
    run = _Run(answers, _needs(cells, names), stage or _mine_or_reference)
    for index, cell in enumerate(cells):
        if index in skip:
            run.blame(cell.statements, cell.owners, f"Cell {cell.number} never ends, or ends the whole program.")
            continue
        before(index)
        run.cell(cell, seconds)
    return answers


def _cell(number: int, cell: Mapping[str, Any], names: Sequence[str]) -> Cell:
    """Parse a cell."""
    found = [tag for tag in tags(cell) if isinstance(tag, str)]
    problem = ""
    statements: tuple[ast.stmt, ...] = ()
    plain = plain_python(cell["source"])
    try:
        statements = tuple(ast.parse(plain).body)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        problem = f"Cell {number} raises {type(error).__name__}: {error}."
    defined = {name for statement in statements for name in _defined_in(statement)}
    owners = tuple(name for name in names if TASK_TAG + name in found or name in defined)
    is_answer = any(tag.startswith(TASK_TAG) for tag in found)
    made = Cell(number, statements, tuple(plain.split("\n")), SETUP_TAG in found, is_answer, owners, problem)
    linecache.cache[made.file] = (len(plain), None, plain.splitlines(keepends=True), made.file)
    return made


def _defined_in(statement: ast.stmt) -> set[str]:
    """Return the functions and classes that a statement defines, under an ``if`` or ``try`` too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {part.name for part in outside_functions(statement) if isinstance(part, kinds)}


def _needs(cells: Sequence[Cell], names: Sequence[str]) -> dict[str, set[ast.stmt]]:
    """Return the statements that each answer needs.

    Where another cell uses the name of a task for something else, that is no answer, and no other answer needs it.
    """
    answered = {name for cell in cells for name in cell.owners}
    effects: dict[ast.stmt, Effect] = {}
    roots: dict[str, list[ast.stmt]] = {name: [] for name in names}
    for cell in cells:
        for statement in cell.statements:
            effect = effect_of(statement, cell.lines)
            strange = effect.binds & answered - set(cell.owners)
            effects[statement] = replace(effect, binds=effect.binds - strange)
            for name in effects[statement].binds & roots.keys():
                roots[name].append(statement)
    return {name: needed_by(found, effects) for name, found in roots.items()}


class _Run:
    """The statements of a notebook while they are run."""

    def __init__(self, answers: Answers, needs: dict[str, set[ast.stmt]], stage: Stage) -> None:
        self._answers = answers
        self._needs = needs
        self._needed = set[ast.stmt]().union(*needs.values())
        self._names = answers.namespace
        self._names.update(dict.fromkeys(SHOWING, _nothing), get_ipython=_NoIPython, __name__="__main__")
        self._names["mine_or_reference"] = self._lent = lambda task, **_: stage(task, self._names)
        self._showing = [thing for name in SHOWING if (thing := getattr(audiocourse, name, None)) is not None]

    def cell(self, cell: Cell, seconds: float) -> None:
        """Run what is to be run of a cell."""
        if cell.problem:
            self._answers.problems.update(dict.fromkeys(cell.owners, cell.problem))
        left = iter([statement for statement in cell.statements if self._is_run(statement, cell)])
        try:
            with time_limit(seconds):
                self._statements(left, cell)
        except TooSlow:
            definitions = [statement for statement in left if is_definition(statement)]
            self.blame(cell.statements, cell.owners, f"Cell {cell.number} was stopped after {seconds:.0f} s.")
            with contextlib.suppress(TooSlow), time_limit(SECONDS_TO_DEFINE):
                self._statements(definitions, cell)

    def _is_run(self, statement: ast.stmt, cell: Cell) -> bool:
        return cell.is_setup or cell.is_answer or statement in self._needed or is_definition(statement)

    def _statements(self, statements: Iterable[ast.stmt], cell: Cell) -> None:
        for statement in statements:
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(ast.Module([statement], []), cell.file, "exec"), self._names)  # noqa: S102 (a notebook's own)
            except (Exception, SystemExit) as error:
                message = f"Cell {cell.number} raises {type(error).__name__}: {_message(error)}."
                self.blame([statement], cell.owners, message)
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self._hide_what_shows()

    def _hide_what_shows(self) -> None:
        """Replace the course's own functions that only display, under whatever name they were imported."""
        for name, thing in list(self._names.items()):
            if thing is audiocourse.mine_or_reference:
                self._names[name] = self._lent
            elif any(thing is shown for shown in self._showing):
                self._names[name] = _nothing

    def blame(self, statements: Collection[ast.stmt], owners: Collection[str], message: str) -> None:
        """Note a failure for the tasks that need one of these statements: of their own cell, or of another."""
        for name, needed in self._needs.items():
            if not needed.isdisjoint(statements):
                self._answers.problems[name] = message if name in owners else f"{message} {name} needs it."


def _message(error: BaseException) -> str:
    try:
        return str(error).rstrip(".")[:300]
    except Exception:  # an exception of the notebook's own, which cannot say what it is
        return ""


def _mine_or_reference(name: str, namespace: dict[str, Any]) -> Any:
    """Return what the notebook itself defines where that is right, else the reference, as in a kernel."""
    task = load_course().find_task(name)
    mine = namespace.get(name)
    with contextlib.suppress(TooSlow, AudioCourseError), time_limit(SECONDS_PER_STAGE):
        if callable(mine) and report_on(task, mine).complete:
            return mine
    return reference_of(task)


def _nothing(*_: object, **__: object) -> None:
    """Stand in for what a notebook shows, while only its definitions are wanted."""


class _NoIPython:
    """Stands in for the IPython shell: every magic does nothing."""

    def __getattr__(self, name: str) -> object:
        return _nothing
