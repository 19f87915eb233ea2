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

import numpy as np

from audiocourse.course import Task, load_course
from audiocourse.learn.checking.authoring import Mismatch
from audiocourse.learn.checking.calls import Call, Recorder, same_results
from audiocourse.learn.checking.registry import Check, Mutant, checks_of, mutants_of
from audiocourse.learn.checking.student import AnswerError, LocalStudent, NotStarted, Student

PUBLIC_SEED = 0
UNWRITTEN = "NotImplementedError"  # the kind of problem of a blank beside methods that are written


@dataclass(frozen=True)
class Outcome:
    """What one check found; ``problem`` is None when it passed."""

    label: str
    problem: Mismatch | AnswerError | None = None
    call: str = ""  # the last call before the problem, as a person would type it

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
    """What checks found, and every call on the way."""

    outcomes: tuple[Outcome, ...]
    calls: list[Call]

    @property
    def failed(self) -> list[str]:
        """The labels of the checks that did not pass."""
        return [outcome.label for outcome in self.outcomes if not outcome.passed]

    @property
    def unwritten(self) -> list[str]:
        """The labels of the checks that met a method still to be written."""
        return [outcome.label for outcome in self.outcomes if getattr(outcome.problem, "kind", "") == UNWRITTEN]

    def during(self, label: str) -> list[Call]:
        """Return the calls that one check made."""
        return [call for call in self.calls if call.label == label]


def _try(task: Task, checks: Sequence[Check], student: Student, seed: int) -> Tried:
    recorder = Recorder(student)
    outcomes = tuple(_outcome(check, recorder, _rng_of(task, check, seed)) for check in checks)
    return Tried(outcomes, recorder.calls)


def _rng_of(task: Task, check: Check, seed: int) -> np.random.Generator:
    """Make the generator of a check; the bands of an open task are reached, or not, on the same data."""
    return rng_for(seed, task.name, "bands" if task.kind == "open" else check.label)


def _outcome(check: Check, student: Recorder, rng: np.random.Generator) -> Outcome:
    try:
        with student.during(check.label):
            check.run(student, rng)
    except (Mismatch, AnswerError) as problem:
        return Outcome(check.label, problem, student.last_call)
    except Exception as error:  # the check tripped over what the answer returned: a wrong form, so a wrong answer
        formless = AnswerError(f"Your result has a form this check cannot use: {error}.")
        return Outcome(check.label, formless, student.last_call)
    return Outcome(check.label)


def rng_for(seed: int, task: str, check: str) -> np.random.Generator:
    """Return the generator of one check: the same for the same seed, task and check, unlike that of any other."""
    digest = hashlib.sha256(f"{seed}/{task}/{check}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def _recognise(task: Task, checks: Sequence[Check], mine: Tried, seed: int) -> Mutant | None:
    """Find the misconception that fails the same checks with the same results; where two fit, neither is named.

    The first check that failed is tried alone before the others, which most misconceptions need not be tried on.
    """
    failed = [check for check in checks if check.label in mine.failed and check.label not in mine.unwritten]
    if not failed:
        return None
    likely = [mutant for mutant in mutants_of(task) if _same_on(failed[0], mine, task, mutant, seed)]
    fits = [mutant for mutant in likely if _fits(mine, _tried_mutant(task.name, tuple(checks), mutant, seed))]
    return fits[0] if len(fits) == 1 else None


def _same_on(check: Check, mine: Tried, task: Task, mutant: Mutant, seed: int) -> bool:
    """Whether a wrong answer gives the same results in one check."""
    return same_results(mine.during(check.label), _tried_mutant(task.name, (check,), mutant, seed).calls)


def _fits(mine: Tried, mutant: Tried) -> bool:
    """Whether two wrong answers fail the same checks, with the same results in each of them.

    In the checks that both pass, results may differ within what is right. Exceptions alone say nothing. A check that
    ends at a method still to be written says nothing of the others.
    """
    returns = any(not isinstance(call.result, AnswerError) or " " in call.result.kind for call in mine.calls)
    failed = [label for label in mine.failed if label not in mine.unwritten]
    return (
        returns
        and bool(failed)
        and failed == [label for label in mutant.failed if label not in mine.unwritten]
        and all(same_results(mine.during(label), mutant.during(label)) for label in failed)
    )


@lru_cache(maxsize=4096)  # a class is graded with one seed: the same wrong answer gives the same results each time
def _tried_mutant(name: str, checks: tuple[Check, ...], mutant: Mutant, seed: int) -> Tried:
    return _try(load_course().find_task(name), checks, LocalStudent({name: mutant.answer}), seed)


@contextlib.contextmanager
def random_state_kept() -> Iterator[None]:
    """Leave the global random state of Python, numpy and (when loaded) torch as it was."""
    torch = sys.modules.get("torch")
    python_state = random.getstate()
    numpy_state = np.random.get_state()  # noqa: NPY002 (an answer may use it)
    torch_state = torch.get_rng_state() if torch else None
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        if torch and torch_state is not None:
            torch.set_rng_state(torch_state)
