"""Results of listening tests: one small file in ``work/`` without any sound, handed in inside a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from audiocourse.atomic import write_atomically
from audiocourse.course import course_root
from audiocourse.errors import AudioCourseError
from audiocourse.learn.files import progress

Kind = Literal["abx", "preference", "staircase", "mushra"]
KEY = "audiocourse_listening_tests"  # of the metadata of a notebook that is handed in
MAX_RESULTS = 500
Text = Annotated[str, Field(max_length=300)]
Rating = Annotated[float, Field(ge=0, le=100)]


@dataclass(frozen=True)
class ListeningResult:
    """The result of one listening test.

    ``labels`` are the sounds in the author's order; ``count`` is the number of right answers, of a preference that of
    answers for the first sound; ``threshold`` is a place in the levels of a staircase, from 0; ``ratings`` are the mean
    ratings of several stimuli; ``at`` is the time in ISO format.
    """

    question: Text
    kind: Kind
    labels: Annotated[tuple[Text, ...], Field(min_length=2, max_length=21)]
    trials: Annotated[int, Field(ge=1, le=10_000)]
    count: Annotated[int, Field(ge=0, le=10_000)]
    threshold: Annotated[float, Field(ge=0, le=20)] | None = None
    ratings: Annotated[dict[Text, Rating], Field(max_length=20)] = field(default_factory=dict)
    at: Text = ""


_RESULT = TypeAdapter(ListeningResult)
_RESULTS = TypeAdapter(list[ListeningResult])


def results_path() -> Path:
    """Return where the results are."""
    return course_root() / "work" / "listening_tests.json"


def read_results() -> list[ListeningResult]:
    """Return all results of this student, none while progress is off.

    A file that cannot be read is put aside as ``listening_tests.broken.json``, with one sentence.
    """
    path = results_path()
    if not progress.is_on() or not path.is_file():
        return []
    try:
        return _RESULTS.validate_json(path.read_bytes(), strict=True)
    except ValidationError:
        aside = progress.put_aside(path)
        print(f"The results of your listening tests could not be read; they are kept as {aside.name}.")
        return []


def note_result(result: ListeningResult) -> str:
    """Add a result to the file with the time of now; return a sentence on where it is, or why it is not kept."""
    if not progress.is_on():
        return ""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    stored = [*map(asdict, read_results()), {**asdict(result), "at": at}]
    try:
        write_atomically(results_path(), json.dumps(stored, indent=1, ensure_ascii=False) + "\n")
    except AudioCourseError as error:
        return f"The result is not kept: {error}"
    return "Kept in listening_tests.json, without any sound; `audiocourse submit` hands it in with a notebook."


def as_metadata() -> dict[str, Any]:
    """Return what a notebook that is handed in carries: all results of this student."""
    results = read_results()
    return {KEY: [asdict(result) for result in results]} if results else {}


def handed_in(metadata: Mapping[str, Any]) -> tuple[ListeningResult, ...]:
    """Return the results that a notebook carries; what a student could not have got by a test is left out."""
    found = metadata.get(KEY)
    results = [_handed_in(entry) for entry in found[:MAX_RESULTS]] if isinstance(found, list) else []
    return tuple(result for result in results if result and result.count <= result.trials)


def _handed_in(entry: object) -> ListeningResult | None:
    try:
        return _RESULT.validate_json(json.dumps(entry), strict=True)
    except (ValidationError, ValueError, RecursionError):
        return None
