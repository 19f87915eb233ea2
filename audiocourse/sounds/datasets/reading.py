"""Readers of tables and lists, and the search for the folder of a data set."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from audiocourse.errors import AudioCourseError
from audiocourse.files import visible


def right_root(title: str, root: str | Path, signs: Sequence[str], holds: str) -> Path:
    """Return root if one of the patterns `signs` matches in it; otherwise name the parent or subfolder where one does.

    `holds` describes the right folder in the message.
    """
    root = Path(root)
    if not root.is_dir():
        raise AudioCourseError(f"There is no folder {root}: pass the one with {title}, which holds {holds}.")
    if _matches(root, signs):
        return root
    around = [*root.resolve().parents[:2], *(child for child in visible(root, "*") if child.is_dir())]
    for folder in around:
        if _matches(folder, signs):
            side = "above" if folder in root.resolve().parents else "in"
            raise AudioCourseError(f"{title} is not {root} but the folder {side} it: pass {folder}.")
    raise AudioCourseError(f"{root} does not hold {title}, nor do the folders around it: it should hold {holds}.")


def rows(path: Path, columns: Sequence[str], *, delimiter: str, quoted: bool = True) -> Iterator[dict[str, str]]:
    """Read a table with a header, one row at a time: UTF-8, with at least these columns.

    Unless quoted, quotation marks are ordinary characters.
    """
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    require_listed(path, "the data set")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, delimiter=delimiter, quoting=quoting, strict=True)
            missing = [name for name in columns if name not in (table.fieldnames or ())]
            if missing:
                raise AudioCourseError(f"{path} has no column {missing[0]!r}: unpack or download it again.")
            for row in table:
                if any(row[name] is None for name in columns):
                    raise AudioCourseError(f"{path}, line {table.line_num} is cut off: unpack or download it again.")
                yield {key: value or "" for key, value in row.items() if key is not None}
    except (csv.Error, UnicodeDecodeError) as error:
        raise AudioCourseError(f"{path} cannot be read as a table ({error}): unpack or download it again.") from error


def lines(path: Path, fields: int, *, separator: str | None = None) -> Iterator[list[str]]:
    """Read a list without a header, one line at a time, empty lines left out.

    Each line has so many fields, of which the last takes the rest of the line; without a separator, blanks separate.
    """
    require_listed(path, "the data set")
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                parts = line.strip("\n").split(separator, fields - 1)
                if line.strip() and len(parts) != fields:
                    raise AudioCourseError(
                        f"{path}, line {number} has {len(parts)} field(s) where {fields} are due: unpack or download "
                        "it again."
                    )
                if line.strip():
                    yield parts
    except UnicodeDecodeError as error:
        raise AudioCourseError(f"{path} is not UTF-8 text ({error}): unpack or download it again.") from error


def require_listed(path: Path, lister: str) -> Path:
    """Refuse a file that a list names but that does not exist."""
    if not path.is_file():
        raise AudioCourseError(f"{path} is missing, though {lister} names it: unpack or download it again.")
    return path


def number_in(row: dict[str, str], column: str, path: Path) -> float:
    """Read a number out of a row."""
    try:
        return float(row[column])
    except ValueError:
        raise AudioCourseError(
            f"{path} has {row[column]!r} as {column}, which is not a number: unpack or download it again."
        ) from None


def _matches(folder: Path, signs: Sequence[str]) -> bool:
    """Return whether one of the patterns matches in a folder."""
    return any(visible(folder, sign) for sign in signs)
