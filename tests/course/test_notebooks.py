"""The stored notebooks: executed, small, in step, readable by everybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbformat import NotebookNode

from audiocourse.course import load_course
from audiocourse.learn.files.notebook import notebook_text, read_notebook, tags
from audiocourse.learn.predictions import load_predictions
from audiocourse.teach.build import out_of_step

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))
ALL = [*SOLUTIONS, *sorted((ROOT / "notebooks").glob("*.ipynb"))]
MEGABYTE = 1_000_000
each_solution = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
WORKED_THROUGH = [path for path in SOLUTIONS if load_course().find_notebook(path.stem).kind != "reference"]


class Tags(HTMLParser):
    """Collects images and players of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "audio"):
            self.found.append((tag, dict(attrs)))


def pages(cell: NotebookNode) -> list[str]:
    return ["".join(out["data"]["text/html"]) for out in cell.get("outputs", []) if "text/html" in out.get("data", {})]


def test_notebooks_are_those_of_the_course() -> None:
    names = [notebook.name for notebook in load_course().notebook]
    assert [path.stem for path in SOLUTIONS] == sorted(names)


def test_student_notebooks_are_in_step() -> None:
    assert out_of_step() == []


def test_sizes() -> None:
    sizes = {path.name: path.stat().st_size for path in SOLUTIONS}
    assert max(sizes.values()) <= 1.5 * MEGABYTE, sizes
    assert sum(path.stat().st_size for path in ALL) <= 40 * MEGABYTE


@each_solution
def test_solutions_are_executed_in_order_without_errors(path: Path) -> None:
    code = [cell for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [out for cell in code for out in cell["outputs"] if out["output_type"] == "error"]
    assert not [out for cell in code for out in cell["outputs"] if out.get("name") == "stderr"]


@each_solution
def test_solutions_are_stored_so_that_they_diff_well(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == notebook_text(read_notebook(path))


@each_solution
def test_nothing_is_hidden_from_nbval(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert "nbval_ignore_output" not in text
    assert "nbval-ignore-output" not in text


@each_solution
def test_pictures_and_players_have_words(path: Path) -> None:
    for cell in read_notebook(path)["cells"]:
        parser = Tags()
        for page in pages(cell):
            parser.feed(page)
        assert not [out for out in cell.get("outputs", []) if {"image/png", "image/svg+xml"} & set(out.get("data", {}))]
        for tag, attributes in parser.found:
            words = attributes.get("alt") if tag == "img" else attributes.get("aria-label")
            assert words, f"{cell['id']}: a {tag} without words"
            assert len(words) > (40 if tag == "img" else 3), f"{cell['id']}: '{words}' says too little"
            assert "autoplay" not in attributes
        texts = [out["data"]["text/plain"] for out in cell.get("outputs", []) if "text/html" in out.get("data", {})]
        if parser.found:
            assert re.search(r"\d", "".join(texts)), f"{cell['id']}: no numbers in the text of the picture or player"


@pytest.mark.parametrize("path", WORKED_THROUGH, ids=lambda path: path.stem)
def test_the_frame_of_a_notebook(path: Path) -> None:
    """Objectives, prerequisites and minutes at the top; recap and three recall questions at the end; a setup cell."""
    cells = read_notebook(path)["cells"]
    first, last = cells[0]["source"], cells[-1]["source"]
    assert first.startswith("# ")
    for words in ("You will be able to", "You need", "Time"):
        assert words in first
    assert "What to take away" in last
    assert last.count("<details>") == 3
    assert any("setup" in tags(cell) for cell in cells)
    notebook = load_course().find_notebook(path.stem)
    assert f"{notebook.minutes} minutes" in first
    assert f"**Points** {notebook.points}" in first


@each_solution
def test_every_task_stands_in_its_notebook_with_number_and_minutes(path: Path) -> None:
    text = "\n".join(cell["source"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "markdown")
    for task in load_course().find_notebook(path.stem).task:
        assert f"Task {task.number} · {task.title} ({task.level}, {task.minutes} minutes)" in text


@each_solution
def test_checks_are_quick_and_green(path: Path) -> None:
    for cell in read_notebook(path)["cells"]:
        if any(tag.startswith("check:") for tag in tags(cell)):
            assert any("Done." in page for page in pages(cell)), f"{cell['id']} is not green"


@each_solution
def test_rows_of_a_table_have_as_many_cells_as_its_head(path: Path) -> None:
    """A bar within code, such as <|de|>, ends a cell too: there it is written <\\|de\\|>."""
    for cell in read_notebook(path)["cells"]:
        if cell["cell_type"] == "markdown":
            for table in re.findall(r"(?:^\|.*\n?)+", cell["source"], flags=re.M):
                bars = [len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()]
                assert len(set(bars)) == 1, table


def test_the_glossary_is_sorted() -> None:
    (glossary,) = [
        cell["source"]
        for cell in read_notebook(ROOT / "solutions" / "00c_notation.ipynb")["cells"]
        if cell["source"].startswith("## Glossary")
    ]
    terms = re.findall(r"^- \*\*(.+?)\*\*", glossary, flags=re.M)
    assert len(terms) > 50
    assert terms == sorted(terms, key=str.casefold)


@each_solution
def test_links_to_other_notebooks_lead_somewhere(path: Path) -> None:
    text = "\n".join(cell["source"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "markdown")
    names = {notebook.name for notebook in load_course().notebook}
    assert set(re.findall(r"\]\((\w+)\.ipynb\)", text)) <= names
    frame = "\n".join(re.findall(r"^(?:Next:|\*\*You need\*\*).*", text, flags=re.M))
    assert not re.findall(r"(?<!\[)`(?:\d\d\w?|ex\d\d)_\w+`", frame)  # a name there is a link


@each_solution
def test_every_prediction_of_a_notebook_is_asked_in_it(path: Path) -> None:
    code = "\n".join(cell["source"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code")
    assert sorted(re.findall(r"^predict\(\"(\w+)\"\)", code, flags=re.M)) == sorted(
        load_predictions().get(path.stem, {})
    )
