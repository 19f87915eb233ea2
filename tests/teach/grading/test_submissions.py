"""The made-up class and the attacks are what they claim to be, before any grader is judged by them."""

from __future__ import annotations

import ast
import codecs
import json
from functools import cache
from pathlib import Path

import pytest
from teach.grading.attacks import SECRET, Attack, made_attacks
from teach.grading.submissions import (
    ARRAYS,
    FILENAME,
    FUNCTIONS,
    NOTEBOOK,
    TASKS,
    Made,
    cell_of,
    made_class,
    read_notebook_text,
    restyled,
    solved,
)

from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking import answers, runner
from audiocourse.learn.checking.answers import load_answers
from audiocourse.learn.checking.registry import alternatives_of, mutants_of
from audiocourse.learn.checking.runner import run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.learn.files import notebook
from audiocourse.learn.files.notebook import read_notebook
from audiocourse.learn.files.workspace import examine
from audiocourse.learn.tasks import reference_of

CLASS = made_class()
ATTACKS = made_attacks()
HARMLESS = [member for member in CLASS if member.harmless]
WRONG_SOMEWHERE = [member for member in CLASS if member.name.startswith(("blank-wrong-right", "all-misconceptions"))]
_plain_python = cache(notebook.plain_python)  # the same cells again and again


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what no point depends on: the name of a misconception, and the mini system's choice of stages."""
    monkeypatch.setattr(runner, "_recognise", lambda *_: None)
    monkeypatch.setattr(
        answers,
        "_mine_or_reference",
        lambda name, namespace: namespace.get(name) or reference_of(TASKS[name]),
    )
    monkeypatch.setattr(answers, "plain_python", _plain_python)


@pytest.mark.filterwarnings("ignore")  # some of these notebooks warn, and may
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("member", HARMLESS, ids=lambda member: member.name)
def test_the_points_are_those_that_the_checks_give(member: Made, tmp_path: Path) -> None:
    path = tmp_path / FILENAME
    path.write_bytes(member.data.removeprefix(codecs.BOM_UTF8))
    try:
        findings = examine(NOTEBOOK, read_notebook(path))
    except AudioCourseError:
        findings = []
    earned = {finding.task: finding.report.points for finding in findings if finding.report}
    assert {name: earned.get(name, 0.0) for name in TASKS} == member.points


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("member", WRONG_SOMEWHERE, ids=lambda member: member.name)
def test_wrong_answers_are_wrong_and_right_ones_right_whatever_the_seed(member: Made) -> None:
    names = load_answers(read_notebook_text(member.data.decode()), NOTEBOOK.task).namespace
    for seed in range(1, 6):
        for task in FUNCTIONS:
            report = run_checks(TASKS[task], LocalStudent({task: names[task]}), seed=seed)
            assert report.points == member.points[task], f"{task}, seed {seed}"


def test_a_class_and_its_attacks_are_the_same_each_time() -> None:
    assert made_class() == CLASS
    assert made_attacks() == ATTACKS


def test_names_and_contents_are_all_different() -> None:
    for items in (CLASS, ATTACKS):
        assert len({item.name for item in items}) == len(items)
        assert len({item.data for item in items}) >= len(items) - 5  # a renamed file has the same bytes


def test_there_are_enough_of_each_kind() -> None:
    full = sum(TASKS[task].points for task in FUNCTIONS)
    assert len(CLASS) >= 40
    assert len(ATTACKS) >= 24
    assert sum(member.total == full for member in CLASS) >= 40
    assert sum(0 < member.total < full for member in CLASS) >= 40
    assert sum(member.total == 0 for member in CLASS) >= 10
    assert all(set(member.points) == set(TASKS) for member in CLASS)
    assert all(member.points["detect_speech"] == 0 for member in CLASS)


@pytest.mark.parametrize("task", FUNCTIONS)
def test_an_answer_is_restyled_without_anything_around_it(task: str) -> None:
    for answer in [*alternatives_of(TASKS[task]), *(mutant.answer for mutant in mutants_of(TASKS[task]))]:
        module = ast.parse(restyled(task, answer))
        assert [getattr(node, "name", "") for node in module.body] == [task]
        assert not any(isinstance(node, ast.arg) and node.annotation for node in ast.walk(module))


def test_a_solution_has_no_markers_and_an_array_task_returns_an_array() -> None:
    assert all("SOLUTION" not in solved(task) for task in TASKS)
    assert all("-> np.ndarray" in solved(task) for task in ARRAYS)


def last_line(task: str) -> str:
    """The last line of a solution that is more than a bracket, as a notebook stores it."""
    lines = json.dumps(solved(task))[1:-1].split("\\n")
    return next(line for line in reversed(lines) if len(line.strip()) > 1)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_holds_no_secret_and_no_more_right_answers_than_it_says(attack: Attack) -> None:
    data = attack.data.decode()
    assert SECRET not in data
    if not data.startswith("{"):
        return
    right = [task for task in FUNCTIONS if last_line(task) in data]
    assert sum(TASKS[task].points for task in right) == attack.points


def test_the_notebooks_of_the_attacks_hold_their_cells_where_they_belong() -> None:
    for attack in [attack for attack in ATTACKS if attack.name not in ("deep-json", "long-number", "odd-types")]:
        raw = json.loads(attack.data)
        assert raw["nbformat"] == 4, attack.name
    alias = read_notebook_text(next(attack for attack in ATTACKS if attack.name == "reference-alias").data.decode())
    assert "stolen[TASK](*arguments" in cell_of(alias, "hangover")["source"]
    assert [cell["id"] for cell in alias["cells"]].index("prepared") == 2
