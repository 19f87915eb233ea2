"""Results of listening tests: one small file in ``work/`` without any sound, handed in inside a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from audiocourse.atomic import write_atomically
from audiocourse.course import course_root
from audiocourse.errors import AudioCourseError
from audiocourse.learn.files import progress
from audiocourse.learn.listening.statistics import percent

Kind = Literal["abx", "preference", "staircase", "mushra", "identification"]
KEY = "audiocourse_listening_tests"  # of the metadata of a notebook that is handed in
MAX_RESULTS = 500
Text = Annotated[str, Field(max_length=300)]
Rating = Annotated[float, Field(ge=0, le=100)]


@dataclass(frozen=True)
class ListeningResult:
    """The result of one listening test.

    ``labels`` are the sounds in the author's order, of an identification the choices;
    ``count`` is the number of right answers, of a preference that of
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
    return "Your result is in listening_tests.json, without sound; audiocourse submit hands it in with a notebook."


def together(results: Sequence[ListeningResult]) -> str:
    """Describe several results of one test: the share of all trials, the mean threshold, the mean ratings."""
    first = results[0]
    trials = sum(result.trials for result in results)
    if first.kind == "mushra":
        rated = sorted({label for result in results for label in result.ratings})
        means = {label: fmean(r.ratings[label] for r in results if label in r.ratings) for label in rated}
        return ", ".join(f"{label}: {means[label]:.0f}" for label in sorted(means, key=lambda label: -means[label]))
    if first.kind == "staircase":
        places = [result.threshold for result in results if result.threshold is not None]
        levels = first.labels[1:]
        found = f"; mean threshold {level_name(levels, fmean(places))}" if places else ""
        return f"{len(places)} of {len(results)} with a threshold{found}"
    share = sum(result.count for result in results) / trials
    return f"{percent(share)} {f'prefer {first.labels[0]}' if first.kind == 'preference' else 'right'}"


def level_name(levels: Sequence[str], place: float) -> str:
    """Name a place in an ordered list: "at “6 bits”", or "between “6 bits” and “7 bits”"."""
    below = min(int(place), len(levels) - 1)
    above = min(below + 1, len(levels) - 1)
    if place == below or above == below:
        return f"at “{levels[below]}”"
    return f"between “{levels[below]}” and “{levels[above]}”"


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
