"""Test the checks of an exercise: wrong answers must fail them and right answers must pass.

One row per task: does the blank fail every check; do the solution, the reference and each alternative pass; is each
misconception caught *and recognised*; are cheap answers (a constant, NaN, an empty array, an in-place change, a call of
the reference) refused; and how many one-step mechanical changes of the solution are noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from audiocourse.course import Task, course_root, load_course
from audiocourse.learn.checking.answers import load_answers
from audiocourse.learn.checking.limits import TooSlow, time_limit
from audiocourse.learn.checking.registry import alternatives_of, checks_of, mutants_of
from audiocourse.learn.checking.runner import Report, passes, run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.learn.files.notebook import read_notebook
from audiocourse.learn.tasks import reference_of
from audiocourse.teach.build import solution_of, with_blank
from audiocourse.teach.mutation import mechanical_mutants

SECONDS_PER_MUTANT = 4.0  # a hundred times what the slowest solution takes
LEAST_SCORE = 0.9


@dataclass
class Proof:
    """The result of proving one task; ``wrong`` and ``survivors`` are empty when all is well."""

    task: Task
    checks: int
    alternatives: int
    misconceptions: dict[str, str] = field(default_factory=dict)  # name -> "recognised", "killed" or "SURVIVES"
    wrong: list[str] = field(default_factory=list)
    mechanical: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong, every misconception is recognised, and nine in ten mechanical mutants noticed."""
        return not self.wrong and set(self.misconceptions.values()) <= {"recognised"} and self.score >= LEAST_SCORE

    @property
    def score(self) -> float:
        """Share of the mechanical mutants that the checks notice."""
        return 1 - len(self.survivors) / self.mechanical if self.mechanical else 1.0


def prove(task: Task, *, mechanical: bool = True) -> Proof:
    """Prove the checks of one task.

    Parameters
    ----------
    task : Task
        A task of kind ``function`` or ``open``.
    mechanical : bool
        Also run the mechanical mutants (seconds rather than milliseconds).
    """
    solution = solution_of(task)
    proof = Proof(task, len(checks_of(task)), len(alternatives_of(task)))
    proof.wrong += _must_pass(task, solution)
    proof.wrong += _must_fail(task, solution)
    for mutant in mutants_of(task):
        report = _run(task, {task.name: mutant.answer})
        named = report.misconception is not None and report.misconception.name == mutant.name
        proof.misconceptions[mutant.name] = "SURVIVES" if report.complete else "recognised" if named else "killed"
    if mechanical and task.kind == "function":
        _mechanical(proof, solution)
    return proof


def _must_pass(task: Task, solution: str) -> Iterator[str]:
    right: dict[str, Callable[..., Any]] = {"the solution": answers_with(task, solution)[task.name]}
    right |= {f"alternative {answer.__name__}": answer for answer in alternatives_of(task)}
    if task.reference:
        right["the reference"] = reference_of(task)
    for seed in (0, 1):
        for what, answer in right.items():
            report = _run(task, {task.name: answer}, seed=seed)
            if report.next:
                yield f"{what} fails '{report.next.label}' with seed {seed}: {report.next.problem}"


def _must_fail(task: Task, solution: str) -> Iterator[str]:
    blank = _run(task, answers_with(task, with_blank(solution, task)))
    if blank.passed:
        yield f"the blank passes {blank.passed} checks"
    answer = answers_with(task, solution)[task.name]
    cheap: dict[str, Callable[..., Any]] = {
        "a constant": lambda *_, **__: 0.0,
        "NaN": lambda *a, **__: np.full_like(np.asarray(answer(*a, **__), dtype=float), np.nan),
        "an empty array": lambda *_, **__: np.empty(0, dtype=np.float32),
    }
    for what, wrong in cheap.items():
        if _run(task, {task.name: wrong}).complete:
            yield f"{what} passes"
    spoiler = _Spoiler(answer)
    if _run(task, {task.name: spoiler}).complete and spoiler.spoiled:  # numbers cannot be changed in place
        yield "an in-place change passes"
    if task.reference:
        forbidden = [task.reference_path]
        student = LocalStudent({task.name: reference_of(task)}, forbidden=forbidden)
        if run_checks(task, student).complete:
            yield "a call of the reference passes"


@dataclass
class _Spoiler:
    """A right answer that changes the arrays and lists it is given, and records whether there were any."""

    answer: Callable[..., Any]
    spoiled: bool = False

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        result = self.answer(*arguments, **options)
        for argument in arguments:
            if isinstance(argument, np.ndarray) and argument.size:
                argument.flat[0] = not argument.flat[0] if argument.dtype == bool else argument.flat[0] + 1
                self.spoiled = True
            elif isinstance(argument, list):
                argument.append(argument[-1] if argument else (0.0, 1.0))
                self.spoiled = True
        return result


def _mechanical(proof: Proof, solution: str) -> None:
    task = proof.task
    for what, changed in mechanical_mutants(solution, task.name):
        proof.mechanical += 1
        try:
            with time_limit(SECONDS_PER_MUTANT):
                survives = passes(task, LocalStudent(answers_with(task, changed)))
        except (Exception, TooSlow):
            survives = False
        if survives:
            proof.survivors.append(what)


def _run(task: Task, answers: Mapping[str, object], *, seed: int = 0) -> Report:
    return run_checks(task, LocalStudent(answers), seed=seed)


def answers_with(task: Task, source: str) -> dict[str, Any]:
    """Execute the source of a task's cell after everything else its notebook defines, and return all names."""
    namespace = dict(_notebook_defines(load_course().notebook_of(task).name))
    exec(source, namespace)  # noqa: S102 (the course's own solution)
    return namespace


@cache
def _notebook_defines(name: str) -> Mapping[str, Any]:
    nb = read_notebook(course_root() / "solutions" / f"{name}.ipynb")
    return load_answers(nb, load_course().find_notebook(name).task).namespace


def matrix(proofs: list[Proof]) -> str:
    """Write the kill matrix and the mutation score as text."""
    lines = []
    for proof in proofs:
        names = proof.misconceptions
        lines.append(
            f"{proof.task.name}: {proof.checks} checks, {proof.alternatives} alternatives, "
            f"{len(names)} misconceptions, mechanical {proof.mechanical - len(proof.survivors)}/{proof.mechanical} "
            f"({100 * proof.score:.0f} %)"
        )
        lines += [f"   {state:<10} {name}" for name, state in names.items()]
        lines += [f"   WRONG      {sentence}" for sentence in proof.wrong]
        lines += [f"   survives   {what}" for what in proof.survivors]
    total = sum(proof.mechanical for proof in proofs)
    killed = total - sum(len(proof.survivors) for proof in proofs)
    states = [state for proof in proofs for state in proof.misconceptions.values()]
    lines.append(
        f"all: {sum(state != 'SURVIVES' for state in states)}/{len(states)} misconceptions killed, "
        f"{states.count('recognised')} recognised; mechanical {killed}/{total} ({100 * killed / max(total, 1):.1f} %)"
    )
    return "\n".join(lines)
