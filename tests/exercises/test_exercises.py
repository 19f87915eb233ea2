"""Every exercise proves its checks: blank, solution, reference, alternatives, misconceptions, cheap answers, edits."""

from __future__ import annotations

import time
from functools import cache

import pytest

from audiocourse.course import Task, load_course
from audiocourse.learn.checking.limits import TooSlow, time_limit
from audiocourse.learn.checking.registry import Check, checks_of, mutants_of
from audiocourse.learn.checking.runner import run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.teach.build import solution_of
from audiocourse.teach.mutation import mechanical_mutants
from audiocourse.teach.prove import Proof, answers_with, matrix, prove

TASKS = [task for task in load_course().tasks() if task.kind != "written"]
FUNCTIONS = [task for task in TASKS if task.kind == "function"]
# Mechanical changes that no check can notice, because they change nothing.
EQUIVALENT = {
    ("decimate", "Add to Sub in `60 * factor + 1`"): "a filter of two taps less is as good",
    ("resynthesise", "1 to 2 in `1`"): "where nothing was added, 0 / 2 is 0 / 1",
    ("mel_triangles", "2 to 1 in `2`"): "zip ends with the shortest of the three",
    ("RingBuffer", "zeros to ones in `np.zeros`"): "no cell is read before a sample was written into it",
}
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
each_function = pytest.mark.parametrize("task", FUNCTIONS, ids=lambda task: task.name)


@cache
def proof_of(name: str) -> Proof:
    """Prove a task once for all tests that read the result."""
    return prove(load_course().find_task(name))


@each_task
def test_what_must_pass_passes_and_what_must_fail_fails(task: Task) -> None:
    assert proof_of(task.name).wrong == []


@each_function
def test_known_misconceptions_are_killed_and_recognised(task: Task) -> None:
    proof = proof_of(task.name)
    assert len(proof.misconceptions) >= 4
    assert set(proof.misconceptions.values()) == {"recognised"}, matrix([proof])
    assert proof.alternatives >= 1


@each_function
def test_misconceptions_have_names_and_questions_of_their_own(task: Task) -> None:
    mutants = mutants_of(task)
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert all(len(mutant.hint) > 20 for mutant in mutants)


@each_function
def test_nine_in_ten_mechanical_mutations_are_noticed(task: Task) -> None:
    proof = proof_of(task.name)
    assert proof.mechanical >= 3
    assert proof.score >= 0.9, matrix([proof])
    survivors = {(task.name, what.partition(": ")[2]) for what in proof.survivors}
    assert survivors <= EQUIVALENT.keys(), matrix([proof])


@each_task
def test_a_check_takes_at_most_two_seconds(task: Task) -> None:
    """Of the processor's time: a busy machine makes a student wait, but says nothing about the check."""
    answers = answers_with(task, solution_of(task))
    run_checks(task, LocalStudent(answers))  # once to warm up imports
    begin = time.process_time()
    assert run_checks(task, LocalStudent(answers)).complete
    assert time.process_time() - begin <= 2.0


@each_task
def test_labels_are_unique_sentences(task: Task) -> None:
    labels = [check.label for check in checks_of(task)]
    assert len(set(labels)) == len(labels)


def test_a_weak_set_of_checks_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof can fail: with only one of its checks, a task lets misconceptions and mutations through."""
    task = load_course().find_task("to_segments")
    weak = checks_of(task)[3:]
    for module in ("audiocourse.teach.prove", "audiocourse.learn.checking.runner"):
        monkeypatch.setattr(f"{module}.checks_of", lambda *_: weak)
    proof = prove(task)
    assert proof.survivors or "SURVIVES" in proof.misconceptions.values()


def test_the_proof_complains_of_checks_that_let_everything_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    task = load_course().find_task("frame_level_db")
    lenient = [Check("anything goes", lambda student, rng: None)]  # noqa: ARG005
    for module in ("audiocourse.teach.prove", "audiocourse.learn.checking.runner"):
        monkeypatch.setattr(f"{module}.checks_of", lambda *_: lenient)
    proof = prove(task)
    for cheap in ("the blank", "a constant", "NaN", "an empty array", "a call of the reference"):
        assert any(sentence.startswith(f"{cheap} passes") for sentence in proof.wrong), f"nothing is said of {cheap}"
    assert set(proof.misconceptions.values()) == {"SURVIVES"}
    assert len(proof.survivors) == proof.mechanical
    assert not proof.holds


def test_the_proof_complains_of_a_solution_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    task = load_course().find_task("hangover")
    wrong = solution_of(task).replace("+ 1", "+ 2")
    monkeypatch.setattr("audiocourse.teach.prove.solution_of", lambda _: wrong)
    assert any(sentence.startswith("the solution fails") for sentence in prove(task, mechanical=False).wrong)


def test_a_mutant_that_never_ends_is_stopped() -> None:
    begin = time.perf_counter()
    with pytest.raises(TooSlow), time_limit(0.5):
        run_checks(
            load_course().find_task("hangover"),
            LocalStudent({"hangover": lambda *_, **__: [None for _ in iter(int, 1)]}),
        )
    assert time.perf_counter() - begin < 5


def test_mechanical_mutations_change_one_thing_each() -> None:
    source = "def f(x):\n    return np.mean(x + 1, axis=0) if x.size > 3 else -x\n"
    mutants = dict(mechanical_mutants(source, "f"))
    assert any("Add to Sub" in what for what in mutants)
    assert any("mean to sum" in what for what in mutants)
    assert any("Gt to GtE" in what for what in mutants)
    assert any("0 to 1" in what for what in mutants)
    assert any("USub dropped" in what for what in mutants)
    assert len(set(mutants.values())) == len(mutants)
    assert source not in mutants.values()


def test_the_matrix_shows_what_is_wrong() -> None:
    task = load_course().find_task("hangover")
    proof = Proof(task, 3, 1, {"a": "recognised", "b": "SURVIVES"}, ["the blank passes"], 10, ["line 1: 1 to 2"])
    text = matrix([proof])
    assert "SURVIVES   b" in text
    assert "WRONG      the blank passes" in text
    assert "9/10" in text
    assert "1/2 misconceptions killed" in text
