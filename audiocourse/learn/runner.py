"""Running the checks of a task against a student, and recognising a known misconception."""

from __future__ import annotations

import contextlib
import hashlib
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.course import Task, load_course
from audiocourse.learn.authoring import Mismatch
from audiocourse.learn.registry import Check, Mutant, checks_of, mutants_of
from audiocourse.learn.student import AnswerError, Arrays, Handle, LocalStudent, NotStarted, Student, Value

PUBLIC_SEED = 0


@dataclass(frozen=True)
class Outcome:
    """What one check found; ``problem`` is None when it passed."""

    label: str
    problem: Mismatch | AnswerError | None = None

    @property
    def passed(self) -> bool:
        """Whether the check passed."""
        return self.problem is None


@dataclass(frozen=True)
class Report:
    """What all checks of a task found."""

    task: Task
    outcomes: tuple[Outcome, ...]
    misconception: Mutant | None = None
    printed: str = ""

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(outcome.passed for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether every check passed."""
        return self.passed == len(self.outcomes)

    @property
    def started(self) -> bool:
        """Whether there is an answer at all."""
        return not all(isinstance(outcome.problem, NotStarted) for outcome in self.outcomes)

    @property
    def points(self) -> float:
        """Points earned: all or nothing for a function, the share of the bands reached for an open task."""
        share = self.passed / len(self.outcomes) if self.task.kind == "open" else float(self.complete)
        return self.task.points * share

    @property
    def next(self) -> Outcome | None:
        """The first check that did not pass."""
        return next((outcome for outcome in self.outcomes if not outcome.passed), None)


def run_checks(task: Task, student: Student, *, seed: int = PUBLIC_SEED, also: Path | None = None) -> Report:
    """Run every check of a task; when some fail, name the misconception that gives the very same results.

    Parameters
    ----------
    task : Task
        The task of course.toml.
    student : Student
        The answers.
    seed : int
        The public seed in notebooks; graders use another one.
    also : Path, optional
        A folder of further checks, of an instructor's own.
    """
    checks = checks_of(task, also)
    with random_state_kept():
        tried = _try(task, checks, student, seed)
        report = Report(task, tried.outcomes, printed=student.printed)
        if report.complete or not report.started:
            return report
        return Report(task, tried.outcomes, _recognise(task, checks, tried, seed), student.printed)


def passes(task: Task, student: Student, *, seed: int = PUBLIC_SEED) -> bool:
    """Whether every check of a task passes; the first that does not ends it, and no misconception is looked for."""
    with random_state_kept():
        recorder = Recorder(student)
        return all(_outcome(check, recorder, _rng_of(task, check, seed)).passed for check in checks_of(task))


@dataclass(frozen=True)
class Tried:
    """What checks found, and every result on the way as (label of the check, result)."""

    outcomes: tuple[Outcome, ...]
    log: list[tuple[str, Value]]

    def during(self, label: str) -> list[tuple[str, Value]]:
        """Return the results that one check asked for."""
        return [entry for entry in self.log if entry[0] == label]


def _try(task: Task, checks: Sequence[Check], student: Student, seed: int) -> Tried:
    recorder = Recorder(student)
    outcomes = tuple(_outcome(check, recorder, _rng_of(task, check, seed)) for check in checks)
    return Tried(outcomes, recorder.log)


def _rng_of(task: Task, check: Check, seed: int) -> np.random.Generator:
    """Make the generator of a check; the bands of an open task are reached, or not, on the same data."""
    return rng_for(seed, task.name, "bands" if task.kind == "open" else check.label)


def _outcome(check: Check, student: Recorder, rng: np.random.Generator) -> Outcome:
    try:
        student.begin(check.label)
        check.run(student, rng)
    except (Mismatch, AnswerError) as problem:
        return Outcome(check.label, problem)
    except Exception as error:  # the check tripped over what the answer returned: a wrong form, so a wrong answer
        return Outcome(check.label, AnswerError(f"Your result has a form this check cannot use: {error}."))
    return Outcome(check.label)


def rng_for(seed: int, task: str, check: str) -> np.random.Generator:
    """Return the generator of one check: the same for the same seed, task and check, unlike that of any other."""
    digest = hashlib.sha256(f"{seed}/{task}/{check}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def _recognise(task: Task, checks: Sequence[Check], mine: Tried, seed: int) -> Mutant | None:
    """Find the mutant that fails, with the student's own results on the same calls.

    On all calls if there is one; else on those of the first check that failed, if there is exactly one such mutant.
    """
    similar = []
    label = next(outcome.label for outcome in mine.outcomes if not outcome.passed)
    for mutant in mutants_of(task):
        wrong = _tried_mutant(task.name, tuple(checks), mutant, seed)
        if all(outcome.passed for outcome in wrong.outcomes):
            continue
        if same_results(mine.log, wrong.log):
            return mutant
        if same_results(mine.during(label), wrong.during(label)):
            similar.append(mutant)
    return similar[0] if len(similar) == 1 else None


@lru_cache(maxsize=256)  # a class is graded with one seed: the same wrong answer gives the same results each time
def _tried_mutant(name: str, checks: tuple[Check, ...], mutant: Mutant, seed: int) -> Tried:
    return _try(load_course().find_task(name), checks, LocalStudent({name: mutant.answer}), seed)


def same_results(mine: list[tuple[str, Value]], other: list[tuple[str, Value]]) -> bool:
    """Whether two logs hold the same results, to single precision, and at least one of them is a value."""
    says_something = any(not isinstance(entry[1], AnswerError) for entry in mine)
    return says_something and len(mine) == len(other) and all(map(_same, mine, other))


def _same(mine: Value, other: Value) -> bool:
    if isinstance(mine, AnswerError) or isinstance(other, AnswerError):
        return type(mine) is type(other) and mine.kind == other.kind and bool(mine.kind)
    if isinstance(mine, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(mine) == len(other) and all(map(_same, mine, other))
    if isinstance(mine, dict) and isinstance(other, dict):
        return mine.keys() == other.keys() and all(_same(mine[key], other[key]) for key in mine)
    if isinstance(mine, (list, tuple, dict)) or isinstance(other, (list, tuple, dict)):
        return False
    mine, other = np.asarray(mine), np.asarray(other)
    if mine.shape != other.shape or mine.dtype.kind != other.dtype.kind:
        return False
    if mine.dtype.kind in "fc":  # to single precision: answers may compute in either
        return bool(np.allclose(mine, other, rtol=1e-5, atol=1e-6, equal_nan=True))
    return bool(np.array_equal(mine, other))


class Recorder:
    """A student that notes each result; it passes everything on to the one it wraps."""

    def __init__(self, student: Student) -> None:
        self._student = student
        self.printed = ""
        self.log: list[tuple[str, Value]] = []

    def begin(self, label: str) -> None:
        """Note where a check begins."""
        self._label = label

    def note(self, act: Any) -> Value:
        """Do something and note what came of it."""
        try:
            result = act()
        except AnswerError as problem:
            self.log.append((self._label, problem))
            raise
        self.log.append((self._label, result))
        return result

    def call(self, name: str, *arguments: Value, **options: Value) -> Value:
        """See `Student.call`."""
        return self.note(lambda: self._student.call(name, *map(_unwrapped, arguments), **options))

    def new(self, name: str, **options: Value) -> Handle:
        """See `Student.new`."""
        return RecordedHandle(self._student.new(name, **options), self)


class RecordedHandle:
    """A handle whose results are noted too."""

    def __init__(self, handle: Handle, recorder: Recorder) -> None:
        self._handle, self._recorder = handle, recorder

    def state(self) -> dict[str, np.ndarray]:
        """See `Handle.state`; not noted, since initial values are random."""
        return self._handle.state()

    def load(self, arrays: Arrays) -> None:
        """See `Handle.load`."""
        self._handle.load(arrays)

    def call(self, method: str, *arguments: Value) -> Value:
        """See `Handle.call`."""
        return self._recorder.note(lambda: self._handle.call(method, *map(_unwrapped, arguments)))

    def grad(self, inputs: Sequence[np.ndarray], cotangent: np.ndarray) -> dict[str, np.ndarray]:
        """See `Handle.grad`."""
        result: dict[str, np.ndarray] = self._recorder.note(lambda: self._handle.grad(inputs, cotangent))
        return result

    def train(self, mode: bool) -> None:
        """See `Handle.train`."""
        self._handle.train(mode)


def _unwrapped(argument: Value) -> Value:
    """Return the handle itself where a check passes one on."""
    return argument._handle if isinstance(argument, RecordedHandle) else argument


@contextlib.contextmanager
def random_state_kept() -> Iterator[None]:
    """Leave the global random state of Python, numpy and (when loaded) torch as it was."""
    torch = sys.modules.get("torch")
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 (kept, not used)
    torch_state = torch.get_rng_state() if torch else None
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        if torch and torch_state is not None:
            torch.set_rng_state(torch_state)
