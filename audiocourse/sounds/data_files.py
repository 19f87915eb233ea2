"""The data files beside the modules: TOML and CSV, read strictly into dataclasses.

A missing, unknown or mistyped entry is an error that names the file and the place.
"""

import csv
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from audiocourse.errors import AudioCourseError

STRICT = ConfigDict(extra="forbid")  # for the dataclasses of pydantic

Kind = TypeVar("Kind")


def read_toml(path: Path, kind: type[Kind]) -> Kind:
    """Read a TOML file as `kind`: a dataclass with `STRICT`, or a dict of them."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AudioCourseError(f"{path.name} cannot be read as TOML: {error}.") from error
    return _validated(path.name, table, kind)


def read_csv(path: Path, kind: type[Kind]) -> list[Kind]:
    """Read the rows of a CSV file, whose header holds the fields of `kind`, a dataclass with `STRICT`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_validated(f"{path.name}, row {n}", row, kind) for n, row in enumerate(csv.DictReader(file), start=1)]


def _validated(place: str, table: object, kind: type[Kind]) -> Kind:
    """Turn what was read into `kind`, or list every mistake."""
    try:
        return TypeAdapter(kind).validate_python(table)
    except ValidationError as error:
        mistakes = [f"{'.'.join(map(str, mistake['loc']))}: {mistake['msg']}" for mistake in error.errors()]
        raise AudioCourseError(f"{place} has mistakes: {'; '.join(mistakes)}.") from error
