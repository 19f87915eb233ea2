"""Tags that a program has dropped (Colab, conversions, format 3), put back by what the cells hold."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from audiocourse.course import Notebook, course_root
from audiocourse.learn.files.notebook import SETUP_TAG, TASK_TAG, WRITTEN_TAG, defined_names, tags

Cell = Mapping[str, Any]
LEAST_SHARE = 0.6  # of the lines of a cell of the course that are left after a student's edits
LEAST_LINES = 2


def with_lost_tags(nb: Mapping[str, Any], notebook: Notebook) -> dict[str, Any]:
    """Return a notebook in which cells that have lost their tags have them again.

    A cell that defines the function of a task belongs to that task, unless a tagged cell defines it. A cell that holds
    most of a setup cell of the course is a setup cell. The cell for a text is the one between its
    neighbours in the course.

    Parameters
    ----------
    nb : Mapping
        The notebook; it is not changed.
    notebook : Notebook
        Which one of the course it is.
    """
    cells = nb["cells"]
    found: list[set[str]] = [set() for _ in cells]
    for task in notebook.task:
        tag = (WRITTEN_TAG if task.kind == "written" else TASK_TAG) + task.name
        answers = _answers(cells, task.name) if task.kind != "written" else _texts(cells, tag, notebook.name)
        for index in answers:
            found[index].add(tag)
    for setup in [cell for cell in course_cells(notebook.name) if SETUP_TAG in tags(cell)]:
        for index in _copies(cells, setup["source"]):
            found[index].add(SETUP_TAG)
    return {**nb, "cells": [_tagged(cell, new) for cell, new in zip(cells, found, strict=True)]}


def _tagged(cell: Cell, new: Collection[str]) -> dict[str, Any]:
    if not new:
        return dict(cell)
    return {**cell, "metadata": {**cell.get("metadata", {}), "tags": [*tags(cell), *sorted(new)]}}


def _answers(cells: Sequence[Cell], task: str) -> list[int]:
    """Return where a task is answered without its tag; nowhere where a tagged cell answers it."""
    code = [index for index, cell in enumerate(cells) if cell["cell_type"] == "code"]
    there = [index for index in code if task in defined_names(cells[index]["source"])]
    tagged = [index for index in there if TASK_TAG + task in tags(cells[index])]
    return [] if tagged else there


def _copies(cells: Sequence[Cell], setup: str) -> list[int]:
    """Return where a setup cell is without its tag: whole, changed, merged with others or split."""
    code = [index for index, cell in enumerate(cells) if cell["cell_type"] == "code"]
    alike = [index for index in code if _alike(setup, cells[index]["source"])]
    tagged = [index for index in alike if SETUP_TAG in tags(cells[index])]
    return [] if tagged else [index for index in alike if not tags(cells[index])]


def _alike(setup: str, source: str) -> bool:
    own = _lines(setup)
    other = _lines(source)
    shared = len(own & other)
    return shared >= LEAST_SHARE * len(own) or shared >= max(LEAST_LINES, LEAST_SHARE * len(other))


def _lines(source: str) -> set[str]:
    return {line.strip() for line in source.splitlines() if line.strip()}


def _texts(cells: Sequence[Cell], tag: str, name: str) -> list[int]:
    """Return where a text stands without its tag: after the cell that precedes it in the course, or before the next."""
    course = course_cells(name)
    place = next((index for index, cell in enumerate(course) if tag in tags(cell)), None)
    if place is None or any(tag in tags(cell) for cell in cells):
        return []
    others = [cell for index, cell in enumerate(course) if index != place]
    for neighbour, step in ((place - 1, 1), (place + 1, -1)):
        for index in _like(cells, course[neighbour]) if 0 <= neighbour < len(course) else ():
            candidate = index + step
            own = cells[candidate : candidate + 1] if candidate >= 0 else []
            if own and own[0]["cell_type"] == "markdown" and not any(_like(own, other) for other in others):
                return [candidate]
    return []


def _like(cells: Sequence[Cell], of: Cell) -> list[int]:
    return [
        index
        for index, cell in enumerate(cells)
        if cell["cell_type"] == of["cell_type"] and _alike(of["source"], cell["source"])
    ]


@lru_cache(maxsize=64)
def course_cells(name: str) -> tuple[Cell, ...]:
    """Return the cells of a notebook of the course as students get it; none where the clone lacks it."""
    path = course_root() / "notebooks" / f"{name}.ipynb"
    if not path.is_file():
        return ()
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return tuple({**cell, "source": "".join(cell["source"])} for cell in cells)
