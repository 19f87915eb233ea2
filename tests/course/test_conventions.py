"""The words and the density of STYLE: names of the field, one thought a line, notebooks that exist, cells that fit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiocourse.course import load_course
from audiocourse.learn.files.notebook import read_notebook

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "audiocourse"
MODULES = sorted(PACKAGE.rglob("*.py"))
SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))

# A private dialect, and what to write instead.
WORDS = {
    "heard": "features, hypothesis, words",
    "said": "reference, labels, text",
    "told": "result, message",
    "whose": "student_of, owner",
    "most": "max_length, limit",
    "one": "the thing itself: example, path, word, task",
    "known": "target, names",
    "somebody": "speaker, person",
    "stretch": "interval, segment",
    "lesson": "example, targets",
    "misheard": "hypothesis",
    "nursery": "worker_pool",
    "born": "worker",
    "rung": "level",
    "ladder": "levels",
    "jail": "sandbox",
    "walls": "sandbox level",
    "trust": "thresholds",
}
IN_PARTS = {"heard", "said", "told", "whose", "nursery", "born", "rung", "jail", "misheard", "lesson", "lessons"}
LAYERS = {"first", "second", "third", "below", "above", "memory", "listen", "score", "choose", "answer"}
PACKED_AT_MOST = 0.02
CELL_LINES, CELL_COLUMNS = 40, 100


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def defined_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a module gives: functions, classes, arguments, variables, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


def is_dialect(name: str) -> bool:
    plain = name.lower().strip("_")
    return plain in WORDS or bool(IN_PARTS & set(re.split(r"_|(?<=[a-z])(?=[A-Z])", name.strip("_").lower())))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_names_are_those_of_the_field(path: Path) -> None:
    found = [f"{name} (line {line})" for name, line in defined_names(tree_of(path)) if is_dialect(name)]
    assert not found, f"{path.relative_to(ROOT)}: {', '.join(found)}"


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_names_in_notebooks_are_those_of_the_field(path: Path) -> None:
    code = [cell["source"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    found = [name for source in code for name, _ in defined_names(ast.parse(source)) if is_dialect(name)]
    assert not found


def layers(tree: ast.AST) -> Iterator[str]:
    """The names of attributes to which a module of a network is assigned."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            made = ast.unparse(node.value.func)
            for target in node.targets:
                if isinstance(target, ast.Attribute) and (made.startswith("nn.") or made == "BiLSTM"):
                    yield target.attr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_layers_are_called_what_they_are(path: Path) -> None:
    assert not LAYERS & set(layers(tree_of(path)))


def is_packed(node: ast.AST) -> bool:
    """Several values for several names on one line: ``a, b = 1, f(x)``."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple):
        return False
    return isinstance(node.targets[0], ast.Tuple) and len(node.value.elts) > 1


def test_assignments_hold_one_thought() -> None:
    assignments = [
        (path, node)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.Assign, ast.AnnAssign))
    ]
    packed = [f"{path.relative_to(PACKAGE)}:{node.lineno}" for path, node in assignments if is_packed(node)]
    share = len(packed) / len(assignments)
    assert share <= PACKED_AT_MOST, f"{share:.1%} pack several values into one line: {packed}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_notebooks_that_docstrings_name_exist(path: Path) -> None:
    names = {notebook.name for notebook in load_course().notebook}
    named = re.findall(r"^\s*Notebooks?: (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
    missing = {name for line in named for name in re.findall(r"\w+", line)} - names
    assert not missing, f"{path.relative_to(ROOT)} names {missing}"


# A docstring that begins with these says nothing of what the function does: Return, Describe, Make, Run are plainer.
EMPTY_VERBS = ("Say ", "Let ")
NEGATIONS = r"(?<![Tt]here )\b(?:is|are) no (?:array|integer|JSON|list|notebook|number|Python|table|text)\b"


def docstrings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield ast.get_docstring(node) or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_docstrings_and_messages_are_plain_english(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    heads = [doc.splitlines()[0] for doc in docstrings(ast.parse(text)) if doc.startswith(EMPTY_VERBS)]
    assert not heads, f"{path.relative_to(ROOT)}: {heads}"
    negations = re.findall(NEGATIONS, text)
    assert not negations, f"{path.relative_to(ROOT)}: {negations}: write 'is not a …'"


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_cells_fit_on_a_page(path: Path) -> None:
    faults = []
    for number, cell in enumerate(read_notebook(path)["cells"]):
        if cell["cell_type"] == "code":
            lines = cell["source"].splitlines()
            faults += [f"cell {number} has {len(lines)} lines"] if len(lines) > CELL_LINES else []
            faults += [f"cell {number}: {line}" for line in lines if len(line) > CELL_COLUMNS]
    assert not faults


def test_the_rules_see_what_they_forbid() -> None:
    tree = ast.parse(
        "def told(most, said_at):\n    self.heard = one = 1\n    a, b = 1, f(2)\n    self.first = nn.Linear(1, 2)"
    )
    names = {name for name, _ in defined_names(tree) if is_dialect(name)}
    assert names == {"told", "most", "said_at", "heard", "one"}
    assert [is_packed(node) for node in ast.walk(tree) if isinstance(node, ast.Assign)] == [False, True, False]
    assert set(layers(tree)) == {"first"}
