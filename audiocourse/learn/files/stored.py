"""What is stored in a file that was handed in as a notebook: any format since 2, any encoding, or something else."""

from __future__ import annotations

import ast
import codecs
import json
import re
from typing import Any

HAND_IN = "hand in the notebook itself, the file that ends in .ipynb"
BEGINS = {  # how files of other kinds begin
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x1f\x8b": "a gzip archive",
    b"RIFF": "a recording",
    b"ID3": "a recording",
    b"\xff\xfb": "a recording",
    b"fLaC": "a recording",
    b"OggS": "a recording",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"version https://git-lfs": "a pointer of Git LFS",
    b"[InternetShortcut]": "a link to a web page",
    b"bplist": "a link to a web page",
}
_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
_LINK = re.compile(rb"colab\.research\.google\.com|drive\.google\.com|kaggle\.com/")


def stored_notebook(data: bytes) -> Any:
    """Parse the bytes of a notebook file into the layout of format 4: the one reader of students, terminal and grader.

    Byte order marks are skipped, and so are the zeros that a broken copy leaves at the end. Half a character (a lone
    surrogate), which no file can hold, becomes a question mark. Formats 2 and 3 lose their outputs.

    Raises
    ------
    ValueError
        If it is not JSON.
    RecursionError
        If it is nested deeper than any notebook.
    """
    stored = json.loads(_text(data.rstrip(b"\0 \t\r\n")))
    if rb"\ud" in data.lower():
        stored = json.loads(json.dumps(stored, ensure_ascii=False).encode("utf-8", "replace"))
    return _as_format_4(stored) if isinstance(stored, dict) and "worksheets" in stored else stored


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return (data + b"\0" * (len(data) % 2)).decode("utf-16")  # the last letter's zero was taken for padding
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # an editor on Windows; at worst a letter in a comment is another one


def _as_format_4(stored: dict[str, Any]) -> dict[str, Any]:
    """Turn the pages of formats 2 and 3 into one list of cells."""
    cells = [_cell_of_format_4(cell) for sheet in stored["worksheets"] for cell in sheet["cells"]]
    metadata = stored.get("metadata") or {}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def _cell_of_format_4(cell: dict[str, Any]) -> dict[str, Any]:
    kind = cell["cell_type"]
    metadata = cell.get("metadata") or {}
    if kind == "code":
        source = cell.get("input", cell.get("source", ""))
        return {
            "cell_type": "code",
            "source": source,
            "metadata": metadata,
            "outputs": [],
            "execution_count": None,
        }
    source = cell.get("source", "")
    if kind == "heading":
        text = source if isinstance(source, str) else "".join(source)
        return {"cell_type": "markdown", "source": "#" * int(cell.get("level", 1)) + " " + text, "metadata": metadata}
    return {"cell_type": "raw" if kind == "raw" else "markdown", "source": source, "metadata": metadata}


def looks_like_notebook(data: bytes) -> bool:
    """Whether a file is, or was meant to be, a notebook, whatever it is called."""
    begin = data[:64].lstrip(codecs.BOM_UTF8).lstrip()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        begin = data[2:64].replace(b"\0", b"").lstrip()
        data = data.replace(b"\0", b"")
    return begin.startswith(b"{") and (b'"cells"' in data or b'"worksheets"' in data)


def what_it_is(data: bytes) -> str:
    """Describe in one sentence a file that cannot be read as a notebook, and what to do.

    >>> what_it_is(b"%PDF-1.7")
    'This is a PDF and not a notebook: hand in the notebook itself, the file that ends in .ipynb.'
    """
    if not data.strip(b"\0 \t\r\n"):
        holds = "holds nothing but zeros" if data.strip() else "is empty"
        return f"The file {holds}: the copy or the upload failed, so hand it in again."
    kind = kind_of(data)
    if kind:
        return f"This is {kind} and not a notebook: {HAND_IN}."
    if _CONFLICT.search(data):
        return "The notebook holds the marks of a git conflict (<<<<<<<): resolve the conflict and hand it in again."
    try:
        json.loads(_text(data))
    except json.JSONDecodeError as error:
        if error.pos >= len(_text(data).rstrip()) - 1 or "Unterminated" in error.msg:
            return "The notebook is cut off before its end: the upload broke off, so hand it in again."
        where = f"line {error.lineno}"
        return f"The notebook is damaged in {where}: open it in Jupyter, or take an older copy, and hand it in again."
    except ValueError:  # a number of thousands of digits
        return f"The file holds a number that is in no notebook: {HAND_IN}."
    except RecursionError:
        return f"The file is nested deeper than any notebook: {HAND_IN}."
    return f"The file is JSON and not a Jupyter notebook: {HAND_IN}."


def kind_of(data: bytes) -> str:
    """Name the kind of a file that is not meant to be a notebook, "" where it may be meant to be one."""
    begin = data[:1024].removeprefix(codecs.BOM_UTF8).lstrip()
    for mark, name in BEGINS.items():
        if data.startswith(mark):
            return _zip_kind(data) if name == "a zip archive" else name
    if data[4:8] == b"ftyp":
        return "a recording"
    if data[257:262] == b"ustar":
        return "a tar archive"
    if begin.lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a link to a web page" if len(data) < 5_000 and _LINK.search(data) else "a web page"
    if begin.startswith((b"{", b"[", b"<<<<<<<")) or begin[:1].isdigit():
        return ""
    return _text_kind(data)


def _zip_kind(data: bytes) -> str:
    """Tell the zip archives of offices from those that may hold a notebook."""
    if b"word/document.xml" in data:
        return "a Word document"
    return "a spreadsheet" if b"xl/workbook.xml" in data else "a zip archive"


def _text_kind(data: bytes) -> str:
    if b"\0" in data:
        return "" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "a file of another program"
    if _LINK.search(data) and len(data) < 5_000:
        return "a link to a web page"
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return "a text"
    code = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)
    return "a Python script" if any(isinstance(node, code) for node in tree.body) else "a text"
