"""Tags that a program has dropped come back by what the cells hold, and nothing else is changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from audiocourse.course import load_course
from audiocourse.learn.files.lost_tags import course_cells, with_lost_tags
from audiocourse.learn.files.notebook import tags

MATTER = ("task:", "setup", "written:")
NOTEBOOKS = [notebook.name for notebook in load_course().notebook]


def notebook(name: str) -> dict[str, Any]:
    return {"cells": [copy.deepcopy(dict(cell)) for cell in course_cells(name)]}


def mattering(nb: dict[str, Any]) -> list[list[str]]:
    return [sorted(tag for tag in tags(cell) if tag.startswith(MATTER)) for cell in nb["cells"]]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_tag_that_matters_comes_back(name: str) -> None:
    whole = notebook(name)
    bare = notebook(name)
    for cell in bare["cells"]:
        cell["metadata"] = {}
    found = mattering(with_lost_tags(bare, load_course().find_notebook(name)))
    assert found == mattering(whole)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_with_its_tags_stays_as_it_is(name: str) -> None:
    whole = notebook(name)
    assert with_lost_tags(whole, load_course().find_notebook(name)) == whole


def test_a_text_is_found_whatever_was_written_there() -> None:
    nb = notebook("ex05_vad")
    place = next(index for index, cell in enumerate(nb["cells"]) if "written:explain_vad" in tags(cell))
    for cell in nb["cells"]:
        cell["metadata"] = {}
    nb["cells"][place]["source"] = "The bus.\n\nIt is loud, and the hangover is short."
    found = with_lost_tags(nb, load_course().find_notebook("ex05"))
    assert mattering(found)[place] == ["written:explain_vad"]
