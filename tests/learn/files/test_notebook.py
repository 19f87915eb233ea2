"""Reading answers from notebooks that students have damaged in every usual way."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from audiocourse import AudioCourseError
from audiocourse.course import load_course
from audiocourse.learn.checking.answers import load_answers
from audiocourse.learn.files.notebook import notebook_text, odd_about, read_notebook, write_notebook
from audiocourse.teach.grading.grader import parse_submission

TASK = load_course().find_task("hangover")
ANSWER = "def hangover(active, *, frames):\n    return active"


def code(source: str, *tags: str) -> NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def test_a_healthy_notebook_gives_its_answer() -> None:
    nb = new_notebook(cells=[code("import numpy as np", "setup"), code(ANSWER, "task:hangover")])
    answers = load_answers(nb, [TASK])
    assert answers.problems == {}
    assert callable(answers.namespace["hangover"])


def test_a_lost_tag_is_no_loss() -> None:
    answers = load_answers(new_notebook(cells=[code(ANSWER)]), [TASK])
    assert answers.problems == {}
    assert callable(answers.namespace["hangover"])


def test_a_deleted_cell_is_named() -> None:
    assert "is gone" in odd_about(new_notebook(cells=[code("x = 1")]), TASK)


def test_a_cell_turned_to_markdown_is_named() -> None:
    nb = new_notebook(cells=[new_markdown_cell(ANSWER)])
    assert "press Y" in odd_about(nb, TASK)


def test_of_duplicated_cells_the_last_one_counts() -> None:
    nb = new_notebook(cells=[code(ANSWER, "task:hangover"), code("def hangover(active, *, frames): return 'last'")])
    nb["cells"][1]["metadata"]["tags"] = ["task:hangover"]
    answers = load_answers(nb, [TASK])
    assert answers.namespace["hangover"](1, frames=1) == "last"
    assert "2 cells; the last one counts" in answers.problems["hangover"]


def test_an_error_belongs_to_its_own_task() -> None:
    other = load_course().find_task("hysteresis")
    nb = new_notebook(cells=[code("def hysteresis(:", "task:hysteresis"), code(ANSWER, "task:hangover")])
    answers = load_answers(nb, [other, TASK])
    assert "SyntaxError" in answers.problems["hysteresis"]
    assert "hangover" not in answers.problems


def test_only_definitions_are_executed_outside_of_tasks() -> None:
    lines = ["import math", "SIZE = 3", "BAD = open('/nowhere')", "1 / 0", "while True: pass", ANSWER]
    namespace = load_answers(new_notebook(cells=[code("\n".join(lines))]), [TASK]).namespace
    assert namespace["SIZE"] == 3
    assert "BAD" not in namespace
    assert callable(namespace["hangover"])


def test_magics_shells_and_displays_do_nothing() -> None:
    source = "%matplotlib inline\n!ls\nshow(1)\ncheck('hangover')\ndisplay(3)\n" + ANSWER
    answers = load_answers(new_notebook(cells=[code(source, "task:hangover")]), [TASK])
    assert answers.problems == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[]", "not a Jupyter notebook"),
        ('{"nbformat": 3, "worksheets": [{}]}', "not a Jupyter notebook"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"source": ""}]}', "not a Jupyter notebook"),
        ("[" * 200_000, "not a Jupyter notebook"),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "ex05_vad.ipynb"
    path.write_text(text)
    with pytest.raises(AudioCourseError, match=words) as caught:
        read_notebook(path)
    assert "audiocourse reset" in str(caught.value)


def test_a_byte_order_mark_and_half_a_character_do_no_harm(tmp_path: Path) -> None:
    """Terminal and grader read the same bytes with the same function."""
    text = json.dumps(new_notebook(cells=[code("a = '\ud800'", "setup")]))
    assert "\\ud800" in text
    path = tmp_path / "ex05_vad.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    nb = read_notebook(path)
    assert nb["cells"][0]["source"] == "a = '?'" == parse_submission(path.read_bytes())["cells"][0]["source"]
    write_notebook(nb, path)
    assert read_notebook(path)["cells"][0]["source"] == "a = '?'"


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AudioCourseError, match="cannot be opened"):
        read_notebook(tmp_path / "none.ipynb")


def test_what_is_written_reads_the_same_and_diffs_well(tmp_path: Path) -> None:
    nb = new_notebook(cells=[code("a = 1\nb = 2", "setup"), new_markdown_cell("ä – ü")])
    nb["cells"][0]["metadata"]["execution"] = {"iopub.status.busy": "2026"}
    path = tmp_path / "a.ipynb"
    write_notebook(nb, path)
    text = path.read_text(encoding="utf-8")
    assert '"a = 1\\n",\n' in text
    assert "ä – ü" in text
    assert "iopub" not in text
    assert text == notebook_text(read_notebook(path))
    nbformat.validate(read_notebook(path))
