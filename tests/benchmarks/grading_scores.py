"""Our grader beside nbgrader on one class, pair by pair: seconds, exact scores, memory of an answer that takes 6 GB."""

from __future__ import annotations

import importlib.util
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from audiocourse.course import course_root
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.learn.checking.runner import PUBLIC_SEED
from audiocourse.teach.grading.grader import Grader
from audiocourse.teach.grading.isolation import strongest_level

TEACH = course_root() / "tests" / "teach"
submissions = load_by_path(TEACH / "grading" / "submissions.py")
nbgrader_course = load_by_path(TEACH / "nbgrader_course.py")
READY = {one.name: one for one in submissions.made_class()}
FILE = submissions.FILENAME

RIGHT = ("solution", "alternatives-1", "alternatives-2", "half-solution-half-alternatives", "positional-options")
STYLES = ("tabs", "as-lambda", "as-object", "wrong-then-right", "prints-a-little", "warns")
PARTLY = ("every-second-1", "every-second-2", *(f"blank-wrong-right-{number}" for number in (1, 2, 3)))
WRONG = ("all-misconceptions-1", "raises", "returns-nothing", "blank")
CLASS = (*RIGHT, *STYLES, *PARTLY, *WRONG)
DAMAGED = ("duplicated", "split-in-two", "moved-to-an-untagged-cell", "cells-without-metadata", "colab")
GREEDY = "allocates-6-gb"


@dataclass(frozen=True)
class Pair:
    """One submission graded by both: seconds, and the points of each task above zero."""

    ours: float
    theirs: float
    our_points: dict[str, float]
    their_points: dict[str, float]

    @property
    def ratio(self) -> float:
        """How many times as long nbgrader takes."""
        return self.theirs / self.ours


@dataclass(frozen=True)
class Race:
    """A class graded by both: seconds until the first submission can be graded, and a pair for each submission."""

    our_start: float
    their_start: float
    pairs: dict[str, Pair]
    in_a_row: float  # seconds of ours for the class once more, without a break between two submissions

    @property
    def ratio(self) -> float:
        """The median of the ratio within a pair."""
        return median(pair.ratio for pair in self.pairs.values())


def has_nbgrader() -> bool:
    """Whether there is an nbgrader to race."""
    return importlib.util.find_spec("nbgrader") is not None


def race(names: Sequence[str]) -> Race:
    """Grade submissions in turns, after one run of each grader that warms up."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        course = nbgrader_course.NbgraderCourse(Path(folder))
        api = course.api()
        if not (said := api.generate_assignment(nbgrader_course.ASSIGNMENT))["success"]:
            raise RuntimeError(said["error"])
        their_start, begin = time.perf_counter() - begin, time.perf_counter()
        with Grader(seed=PUBLIC_SEED, level=strongest_level()) as ours:
            our_start = time.perf_counter() - begin
            _pair(ours, api, course, "solution")
            pairs = {name: _pair(ours, api, course, name) for name in names}
            begin = time.perf_counter()
            for name in names:
                ours.grade(READY[name].data, student=name, file=FILE)
            return Race(our_start, their_start, pairs, time.perf_counter() - begin)


def _pair(ours: Grader, api: Any, course: Any, name: str) -> Pair:
    data = READY[name].data
    course.hand_in(name, data)
    begin = time.perf_counter()
    result = ours.grade(data, student=name, file=FILE)
    middle = time.perf_counter()
    said = api.autograde(nbgrader_course.ASSIGNMENT, name)
    end = time.perf_counter()
    points = {task.task: task.points for task in result.tasks if task.points}
    return Pair(middle - begin, end - middle, points, course.points(name) if said["success"] else {})


def exact(race: Race, names: Sequence[str]) -> tuple[int, int]:
    """Count the submissions whose every task has its honest points, by our grader and by nbgrader."""
    honest = {name: {task: earned for task, earned in READY[name].points.items() if earned} for name in names}
    ours = sum(race.pairs[name].our_points == honest[name] for name in names)
    return ours, sum(race.pairs[name].their_points == honest[name] for name in names)


def greedy_memory() -> float:
    """Grade an answer that takes 6 GB in the strongest sandbox and return our largest process meanwhile, in MB."""
    largest, done = 0, threading.Event()

    def watch() -> None:
        nonlocal largest
        while not done.wait(0.005):
            largest = max(largest, *map(_resident, psutil.Process().children(recursive=True)), 0)

    with Grader(seed=PUBLIC_SEED, level=strongest_level()) as ours:
        watcher = threading.Thread(target=watch)
        watcher.start()
        ours.grade(READY[GREEDY].data, student=GREEDY, file=FILE)
        done.set()
        watcher.join()
    return largest / 1e6


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended meanwhile
        return 0


def tables(data: Path | None = None) -> Iterator[str]:  # noqa: ARG001 (every board takes the folder of real recordings)
    """Yield the table of the class, then the memory of the greedy answer."""
    if not has_nbgrader():
        yield "Grading is measured beside nbgrader, which is not installed: pip install 'audiocourse[nbgrader]'"
        return
    r, damaged = race(CLASS), race(DAMAGED)
    ours, theirs = (median(getattr(pair, who) for pair in r.pairs.values()) for who in ("ours", "theirs"))
    their_row = sum(pair.theirs for pair in r.pairs.values())
    our_marks, their_marks = exact(r, CLASS)
    our_rescues, their_rescues = exact(damaged, DAMAGED)
    yield "\n".join(
        [
            f"Grading beside nbgrader, {len(CLASS)} submissions to ex05_vad in turns; our sandbox: {strongest_level()}",
            "nbgrader through its own NbGraderAPI in this process, so without the start of its command",
            f"{'':<46}     ours  nbgrader   ratio",
            f"{'start, once (nbgrader: generate_assignment), s':<46} {r.our_start:8.2f} {r.their_start:9.2f}",
            f"{'a submission, s (median; ratio within a pair)':<46} {ours:8.3f} {theirs:9.3f} {r.ratio:7.0f}",
            f"{'the class without breaks, s':<46} {r.in_a_row:8.2f} {their_row:9.2f} {their_row / r.in_a_row:7.0f}",
            f"{f'exact scores of {len(CLASS)} honest submissions':<46} {our_marks:8d} {their_marks:9d}",
            f"{f'full marks of {len(DAMAGED)} damaged, all answers right':<46} {our_rescues:8d} {their_rescues:9d}",
        ]
    )
    yield f"Largest process of ours while an answer takes 6 GB: {greedy_memory():.0f} MB"
