"""What a student has done so far: one small file in ``work/``, written atomically."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audiocourse.atomic import replacing
from audiocourse.course import course_root

SWITCH = "AUDIOCOURSE_PROGRESS"
NBGRADER = "NBGRADER_EXECUTION"  # nbgrader sets it while it grades or validates


def progress_path() -> Path:
    """Return where the progress file is."""
    return course_root() / "work" / "progress.json"


def is_on() -> bool:
    """Whether progress is kept: not in CI, under pytest (so not under nbval) or nbgrader, unless the switch says on."""
    switch = os.environ.get(SWITCH, "")
    return switch == "on" or (switch != "off" and not os.environ.keys() & {"CI", "PYTEST_CURRENT_TEST", NBGRADER})


def read_progress() -> dict[str, Any]:
    """Return progress: ``tasks`` ({name: {"passed", "of", "points", "at"}}), ``hints``, ``predictions``.

    Hints are counted by task, {name: number}; of a prediction the first choice is kept, {key: {"choice", "right"}}.

    A file that cannot be read is put aside as ``progress.broken.json``, with one sentence, and a new one is begun.
    """
    fresh: dict[str, Any] = {"tasks": {}, "hints": {}, "predictions": {}}
    path = progress_path()
    if not is_on() or not path.is_file():
        return fresh
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
        complete = all({"passed", "of", "points"} <= entry.keys() for entry in found["tasks"].values())
        numbers = [value for entry in found["tasks"].values() for key, value in entry.items() if key != "at"]
        if not complete or not all(type(value) in (int, float) for value in [*numbers, *found["hints"].values()]):
            raise TypeError("an entry of another form")
        predictions = found.setdefault("predictions", {})  # files of earlier versions have none
        if not all(type(entry["choice"]) is str and type(entry["right"]) is bool for entry in predictions.values()):
            raise TypeError("a prediction of another form")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        print(
            f"Your progress file could not be read; it is kept as {put_aside(path).name} and a new one begins "
            "(answers are safe)."
        )
        return fresh
    return found  # type: ignore[no-any-return]


def put_aside(path: Path) -> Path:
    """Rename a file that cannot be read to ``NAME.broken.json`` and return that name."""
    aside = path.with_suffix(".broken.json")
    with contextlib.suppress(OSError):  # where nothing can be written, nothing is lost either
        path.replace(aside)
    return aside


def note_check(task: str, *, passed: int, of: int, points: float) -> None:
    """Write down the result of a check; a task that was complete once stays so.

    Parameters
    ----------
    task : str
        Name of the task.
    passed, of : int
        Checks passed, and how many there are.
    points : float
        Points earned.
    """
    progress = read_progress()
    before = progress["tasks"].get(task, {})
    if points >= before.get("points", 0) or of != before.get("of"):
        at = datetime.now(UTC).isoformat(timespec="seconds")
        progress["tasks"][task] = {"passed": passed, "of": of, "points": points, "at": at}
    _write(progress)


def note_hint(task: str, *, shown: int) -> None:
    """Write down how many hints of a task have been read."""
    progress = read_progress()
    progress["hints"][task] = max(shown, progress["hints"].get(task, 0))
    _write(progress)


def note_prediction(key: str, *, choice: str, right: bool) -> None:
    """Write down a prediction; the first one stays, since after it the answer is known."""
    progress = read_progress()
    progress["predictions"].setdefault(key, {"choice": choice, "right": right})
    _write(progress)


def _write(progress: dict[str, Any]) -> None:
    """Replace the file in one step; where ``work/`` cannot be written, go on without."""
    if not is_on():
        return
    path = progress_path()
    try:
        path.parent.mkdir(exist_ok=True)
        with replacing(path) as part:
            part.write_text(json.dumps(progress, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"Progress is not kept, because {path} cannot be written ({error.strerror}); checks work all the same.")
