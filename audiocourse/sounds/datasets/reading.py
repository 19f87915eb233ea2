"""Reading what is written beside the sounds: tables, lists, and the folder they lie in."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from audiocourse.errors import AudioCourseError
from audiocourse.files import visible


def right_root(title: str, root: str | Path, signs: Sequence[str], holds: str) -> Path:
    """Refuse a folder that does not hold a data set, and say whether its parent or a folder in it does.

    root / sign exists for one of the signs

    Parameters
    ----------
    title : str
        What the data set is called.
    root : str or Path
        The folder.
    signs : sequence of str
        Patterns; whatever folder has a match for one of them is right.
    holds : str
        What the right folder holds, for the sentence.

    Returns
    -------
    Path
        root.

    Raises
    ------
    AudioCourseError
        If there is no such folder, or nothing in it matches.
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
    """Read a table with a header, one row at a time.

    Parameters
    ----------
    path : Path
        The table, UTF-8.
    columns : sequence of str
        Those it must have.
    delimiter : str
        What stands between two fields.
    quoted : bool
        Whether quotation marks enclose fields; otherwise they are characters like others.

    Yields
    ------
    dict of str to str
        A row.

    Raises
    ------
    AudioCourseError
        If the table is missing or cannot be read, lacks a column, or has a row without one of them.
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

    Parameters
    ----------
    path : Path
        The list, UTF-8.
    fields : int
        How many each line has; the last one takes the rest of the line.
    separator : str, optional
        What stands between two fields; if not given, blanks.

    Yields
    ------
    list of str
        The fields of a line.

    Raises
    ------
    AudioCourseError
        If the list is missing or cannot be read, or a line has fewer fields.
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
        raise AudioCourseError(f"{path} is no UTF-8 text ({error}): unpack or download it again.") from error


def require_listed(path: Path, lister: str) -> Path:
    """Refuse a file that is named but not there.

    Parameters
    ----------
    path : Path
        The file.
    lister : str
        Who names it, for the sentence.

    Returns
    -------
    Path
        path.

    Raises
    ------
    AudioCourseError
        If there is no such file.
    """
    if not path.is_file():
        raise AudioCourseError(f"{path} is missing, though {lister} names it: unpack or download it again.")
    return path


def number_in(row: dict[str, str], column: str, path: Path) -> float:
    """Read a number out of a row.

    Parameters
    ----------
    row : dict of str to str
        The row.
    column : str
        Where the number stands.
    path : Path
        The table, for the sentence.

    Returns
    -------
    float
        The number.

    Raises
    ------
    AudioCourseError
        If it is none.
    """
    try:
        return float(row[column])
    except ValueError:
        raise AudioCourseError(
            f"{path} has {row[column]!r} as {column}, which is no number: unpack or download it again."
        ) from None


def _matches(folder: Path, signs: Sequence[str]) -> bool:
    """Tell whether a folder shows one of the signs."""
    return any(visible(folder, sign) for sign in signs)
