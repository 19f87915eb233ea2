"""nbgrader reads exercise 5 and gives the points that our grader gives, partial points of the open task included."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from audiocourse import check
from audiocourse.cli import main
from audiocourse.course import load_course
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.learn.checking.runner import PUBLIC_SEED
from audiocourse.learn.display.feedback import CheckFailed
from audiocourse.learn.files import progress
from audiocourse.learn.files.notebook import WRITTEN_TAG, notebook_text, read_notebook, tags
from audiocourse.teach.build import BEGIN, build_for_nbgrader
from audiocourse.teach.grading.grader import Grader

made = load_by_path(Path(__file__).parent / "grading" / "submissions.py")
folder = load_by_path(Path(__file__).with_name("nbgrader_course.py"))
needs_nbgrader = pytest.mark.skipif(
    importlib.util.find_spec("nbgrader") is None,
    reason="nbgrader is not installed (pip install 'audiocourse[nbgrader]')",
)
SOLVED = {task: made.solved(task) for task in made.FUNCTIONS}
STAGES = "def detect_speech(y, sr):\n    return find_speech(y, sr)"


def released(course: folder.NbgraderCourse) -> NotebookNode:
    return read_notebook(course.released())


def answered(nb: NotebookNode, answers: dict[str, str], text: str = "") -> bytes:
    """Fill in a notebook as a student does."""
    for task, source in answers.items():
        made.cell_of(nb, task)["source"] = source
    for cell in nb["cells"]:
        if text and f"{WRITTEN_TAG}explain_vad" in tags(cell):
            cell["source"] = text
    return notebook_text(nb).encode()


def submissions(course: folder.NbgraderCourse) -> dict[str, bytes]:
    """A handful of students: who fills in nbgrader's notebook, and who the course's own."""
    ready = {one.name: one.data for one in made.made_class()}
    half = dict(list(SOLVED.items())[::2])
    return {
        "solution": answered(released(course), {**SOLVED, "detect_speech": made.solved("detect_speech")}, "I hear it."),
        "blank": course.released().read_bytes(),
        "one band": answered(released(course), {**SOLVED, "detect_speech": STAGES}),
        "half": answered(made.notebook_with(half), {}),
        "misconceptions": ready["all-misconceptions-1"],
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[folder.NbgraderCourse]:
    """A class that nbgrader's own commands have graded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.environ["PATH"])  # the course may lengthen it; this undoes that
        made_course = folder.NbgraderCourse(tmp_path_factory.mktemp("nbgrader"))
        made_course.command("generate_assignment", folder.ASSIGNMENT)
        for student, data in submissions(made_course).items():
            made_course.hand_in(student, data)
        made_course.command("autograde", folder.ASSIGNMENT)
        yield made_course


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """On the public seed: nbgrader knows no other, and the bands of the open task depend on it."""
    with Grader(seed=PUBLIC_SEED) as ours:
        yield ours


@needs_nbgrader
@pytest.mark.parametrize(
    ("student", "total"), {"solution": 27, "blank": 0, "one band": 23, "half": 13, "misconceptions": 0}.items()
)
def test_nbgrader_gives_the_points_that_we_give(
    student: str, total: float, course: folder.NbgraderCourse, grader: Grader
) -> None:
    ours = grader.grade(submissions(course)[student], student=student, file=f"{folder.ASSIGNMENT}.ipynb")
    assert course.points(student) == {task.task: task.points for task in ours.tasks if task.points}
    assert ours.points == total


@needs_nbgrader
def test_nbgrader_knows_every_task_and_its_points(course: folder.NbgraderCourse) -> None:
    most = {task: grade["max_score"] for task, grade in course.grades("blank").items()}
    assert most == {task.name: task.points for task in load_course().find_notebook(folder.ASSIGNMENT).task}


@needs_nbgrader
def test_the_text_waits_for_a_person(course: folder.NbgraderCourse) -> None:
    assert course.grades("solution")["explain_vad"]["needs_manual_grade"]
    assert not course.grades("blank")["explain_vad"]["needs_manual_grade"]


@needs_nbgrader
def test_nbgrader_leaves_the_same_blank_but_for_its_words(course: folder.NbgraderCourse) -> None:
    ours = read_notebook(Path(__file__).resolve().parents[2] / "notebooks" / f"{folder.ASSIGNMENT}.ipynb")
    theirs = released(course)
    assert [cell["id"] for cell in theirs["cells"]] == [cell["id"] for cell in ours["cells"]]
    stub = "    # YOUR CODE HERE\n    raise NotImplementedError()"
    for mine, other in zip(ours["cells"], theirs["cells"], strict=True):
        if "raise NotImplementedError" in mine["source"]:
            assert other["source"] == mine["source"].rpartition("\n")[0] + "\n" + stub
        elif not any(tag.startswith(WRITTEN_TAG) for tag in tags(mine)):
            assert other["source"] == mine["source"]


def test_one_command_writes_the_source_of_every_notebook_with_tasks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "nbgrader_config.py"
    mine.write_text("c = get_config()\n", encoding="utf-8")
    assert main(["build", "--nbgrader", str(tmp_path)]) == 0
    written = [path.parent.name for path in sorted(tmp_path.glob("source/*/*.ipynb"))]
    assert written == [notebook.name for notebook in load_course().notebook if notebook.task]
    assert capsys.readouterr().out.count("written") == len(written)
    assert mine.is_file()
    source = read_notebook(tmp_path / "source" / "ex05_vad" / "ex05_vad.ipynb")
    assert all(BEGIN in made.cell_of(source, task)["source"] for task in made.TASKS)
    assert not any(cell.get("outputs") for cell in source["cells"])
    assert build_for_nbgrader(tmp_path) == sorted(tmp_path.glob("source/*/*.ipynb"))


def test_an_open_task_ends_in_its_points_only_while_nbgrader_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CheckFailed):
        check("detect_speech", lambda *_: [])
    monkeypatch.setenv(progress.NBGRADER, "autograde")
    assert check("detect_speech", lambda *_: []) == 0.0
    with pytest.raises(CheckFailed):
        check("hangover", lambda *_, **__: [])


def test_grading_with_nbgrader_leaves_the_instructors_progress_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "PYTEST_CURRENT_TEST", progress.SWITCH):
        monkeypatch.delenv(name, raising=False)
    assert progress.is_on()
    monkeypatch.setenv(progress.NBGRADER, "autograde")
    assert not progress.is_on()
