"""Notebook files of every format and encoding are read; others are named for what they are, in one sentence."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from audiocourse.learn.files.notebook import read_notebook
from audiocourse.learn.files.stored import looks_like_notebook, stored_notebook, what_it_is

CELLS = [{"cell_type": "code", "metadata": {}, "source": ["a = 1\n", "b = 'ü'"], "outputs": [], "execution_count": 1}]
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": CELLS}
TEXT = json.dumps(NOTEBOOK, ensure_ascii=False)
OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "x"},
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 2, "source": ["My work"], "metadata": {}},
                {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python", "outputs": [{"x": 1}]},
                {"cell_type": "markdown", "source": "some words"},
            ]
        }
    ],
}
ENCODED = {
    "plain": TEXT.encode(),
    "byte order mark": codecs.BOM_UTF8 + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "Windows": TEXT.encode("cp1252"),
    "zeros behind the end": TEXT.encode() + bytes(999),
    "UTF-16 and zeros": TEXT.encode("utf-16") + bytes(1000),
}


@pytest.mark.parametrize("name", ENCODED)
def test_every_encoding_gives_the_same_notebook(name: str) -> None:
    assert stored_notebook(ENCODED[name]) == NOTEBOOK
    assert looks_like_notebook(ENCODED[name])


def test_format_3_is_read_as_format_4(tmp_path: Path) -> None:
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(OLD))
    assert looks_like_notebook(path.read_bytes())
    nb = read_notebook(path)
    assert [(cell["cell_type"], cell["source"]) for cell in nb["cells"]] == [
        ("markdown", "## My work"),
        ("code", "a = 1\nb = 2"),
        ("markdown", "some words"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (bytes(9), "The file holds nothing but zeros"),
        (TEXT.encode()[:-2], "The notebook is cut off"),
        (TEXT.encode().replace(b":", b";", 1), "The notebook is damaged in line 1"),
        (b"PK\x03\x04", "This is a zip archive"),
        (b"\0\0\0\x18ftypmp42", "This is a recording"),
        (b"import numpy as np\n", "This is a Python script"),
        ("schöne Grüße".encode("cp1252"), "This is a text"),
        (b"MZ\x90\0\3\0", "This is a file of another program"),
        (b"[" * 100_000, "The file is nested deeper"),
    ],
)
def test_what_is_not_a_notebook_is_named(data: bytes, words: str) -> None:
    said = what_it_is(data)
    assert said.startswith(words)
    assert said.endswith(".")
    assert not looks_like_notebook(data[:-2] if words.startswith("The notebook") else data) or "cells" in str(data)
