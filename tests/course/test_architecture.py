"""The house keeps its floors, its style and its size."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from audiocourse.course import load_course

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "audiocourse"
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = load_course().rooms

# What each room may import of the course; its own room and the ground floor always.
GROUND = {
    "signal",
    "arrays",
    "atomic",
    "compiled",
    "course",
    "errors",
    "files",
    "intervals",
    "lazy",
    "libraries",
    "processes",
    "require",
    "tables",
    "trials",
}
FLOORS = {
    "__init__": {"errors"},
    "__main__": {"setup", "cli"},
    "errors": set(),
    "arrays": set(),
    "atomic": {"errors"},
    "compiled": set(),
    "files": set(),
    "intervals": {"errors", "arrays"},
    "lazy": set(),
    "libraries": set(),
    "processes": set(),
    "require": {"errors", "arrays"},
    "tables": set(),
    "trials": {"errors", "arrays"},
    "setup": {*GROUND, "sounds", "zoo", *ROOMS.chapters, "__init__"},
    "course": {"errors", "tables"},
    "signal": {"errors", "arrays", "atomic", "compiled", "require"},
    "sounds": GROUND,
    "zoo": {"errors", "atomic", "libraries", "tables", "__init__"},
    **{chapter: {*GROUND, "sounds", "zoo"} for chapter in ROOMS.chapters},
    "learn": GROUND,
    "teach": {*GROUND, "learn"},
    "lab": {"files", "processes"},
    "testing": {"learn", "course", "errors"},
    "cli": {*GROUND, "sounds", "zoo", "learn", "teach", "lab", "setup", "testing", "__init__"},
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "audiocourse":
            names = [f"audiocourse.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            parts = name.split(".")
            if parts[0] == "audiocourse" and len(parts) > 1:
                yield parts[1] if (PACKAGE / parts[1]).exists() or (PACKAGE / f"{parts[1]}.py").exists() else "__init__"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_go_downwards(path: Path) -> None:
    here = room(path)
    reached = set(imported_rooms(ast.parse(path.read_text(encoding="utf-8")))) - {here}
    assert reached <= FLOORS[here], f"{path.name} imports {reached - FLOORS[here]}"


def test_the_course_and_the_readme_name_every_room() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == {*ROOMS.shared, *ROOMS.chapters, *ROOMS.around}
    in_the_map = re.findall(
        r"^\| `audiocourse/(\w+)/` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(in_the_map) == sorted(rooms)


def test_there_is_no_circle_of_rooms() -> None:
    TopologicalSorter(FLOORS).prepare()  # raises CycleError


def functions() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in MODULES:
        for parent in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(parent, (ast.Module, ast.ClassDef)):
                own = [node for node in parent.body if isinstance(node, ast.FunctionDef)]
                found += [(f"{path.relative_to(PACKAGE)}:{node.name}", node) for node in own]
    return found


def body_lines(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_are_small() -> None:
    lines = {name: body_lines(node) for name, node in functions()}
    assert statistics.median(lines.values()) <= 10
    assert statistics.quantiles(lines.values(), n=10)[8] <= 30
    assert {name: count for name, count in lines.items() if count > 50} == {}


def public_chapter_functions() -> list[tuple[str, ast.FunctionDef]]:
    rooms = ("signal", "sounds", *ROOMS.chapters)
    return [(name, node) for name, node in functions() if name.startswith(rooms) and not node.name.startswith("_")]


@pytest.mark.parametrize(
    ("name", "node"), public_chapter_functions(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_public_docstrings_give_shapes_of_arrays(name: str, node: ast.FunctionDef) -> None:
    doc = ast.get_docstring(node)
    assert doc, f"{name} has no docstring"
    arguments = [*node.args.args, *node.args.kwonlyargs]
    arrays = [arg.arg for arg in arguments if arg.annotation and "Array" in ast.unparse(arg.annotation)]
    one_line = re.search(r"\([^)]*\).* -> ", doc)  # of a helper: (frames, bands) -> (frames,)
    assert not arrays or "[shape=" in doc or one_line, f"{name} takes {arrays} and says no shape"


def test_importing_the_package_is_cheap() -> None:
    heavy = ("torch", "librosa", "transformers", "numpy", "scipy", "matplotlib")
    program = f"import sys, audiocourse; print([m for m in {heavy!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == "[]"


def test_what_a_notebook_imports_stays_off_the_slow_libraries() -> None:
    program = (
        "import sys; from audiocourse import check, listen, show, signal, sounds;"
        "print([m for m in ('torch', 'librosa', 'transformers') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == "[]"


def test_a_lazy_name_that_does_not_exist_is_named() -> None:
    import audiocourse

    with pytest.raises(AttributeError, match="audiocourse has no 'loudness'"):
        audiocourse.loudness  # noqa: B018
    assert set(audiocourse.__all__) <= set(dir(audiocourse))
    for name in audiocourse.__all__:
        assert getattr(audiocourse, name) is not None
