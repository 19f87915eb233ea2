"""Files of a class: names that are safe on every system, tables, and text that every program shows unchanged."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from audiocourse.errors import AudioCourseError

LARGEST = 200_000_000  # bytes of a submission; outputs are dropped while it is read
TURNS_TEXT = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # would show what follows in another order


def require_size(size: int) -> None:
    """Refuse a file that is larger than any notebook with its outputs, in bytes."""
    if size > LARGEST:
        raise AudioCourseError(f"The file has {size / 1e6:.0f} MB; a notebook without outputs has less than one.")


def file_name(name: str) -> str:
    """Return a name that is safe on every system, readable, and different for different names.

    >>> file_name("Anna Müller/ex05_vad.ipynb")
    'Anna-M-ller-ex05_vad-ipynb-a918883d193b'
    """
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", name)[:60].strip("-")
    return f"{readable}-{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"


def read_table(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV file, with commas or semicolons, with the number of each line; empty rows are left out.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        What it must have.

    Raises
    ------
    AudioCourseError
        If it cannot be read, is not in UTF-8, or lacks a column.
    """
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))  # names as `student_of` writes them
    except UnicodeDecodeError as error:
        raise AudioCourseError(f"{path.name} is not in UTF-8; save it as 'CSV UTF-8' in your spreadsheet.") from error
    except OSError as error:
        raise AudioCourseError(f"{path} cannot be read ({error.strerror}); correct the name of the file.") from error
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise AudioCourseError(f"{path.name} lacks the column {missing[0]!r}; its first line is {','.join(columns)}.")
    try:
        rows = [(reader.line_num, {str(key): str(value or "").strip() for key, value in row.items()}) for row in reader]
    except csv.Error as error:
        raise AudioCourseError(
            f"{path.name} cannot be read as a table after line {reader.line_num} ({error}); save it as CSV again."
        ) from error
    return [(line, row) for line, row in rows if any(row.values())]


def clean(text: str) -> str:
    """Replace characters that pages and sheets cannot show: controls, lone surrogates, changes of direction.

    >>> clean(chr(27) + "[2J")
    '�[2J'
    """
    return "".join("\ufffd" if _hidden(character) else character for character in text)


# Where a spreadsheet would begin to compute: at the start of a cell, and, because a sheet may be opened with ";" or a
# tab between cells, after these and after a line break too. OWASP, "CSV Injection"; CWE-1236.
_FORMULA = re.compile(r"""^(?=[\t\r])|(?:^|(?<=[;\t\r\n]))(?=["'\s]*[=+\-@＝＋－＠])""")


def defused(text: str) -> str:
    """Put an apostrophe wherever a spreadsheet would take what follows for a formula.

    >>> print(defused("=1+1"), defused("x = 3"))
    '=1+1 x = 3
    """
    return _FORMULA.sub("'", clean(text))


def _hidden(character: str) -> bool:
    if character in "\t\r\n":
        return False
    return character in TURNS_TEXT or unicodedata.category(character) in ("Cc", "Cs")
