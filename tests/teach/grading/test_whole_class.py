"""A whole class graded by the command: honest submissions exact, damaged ones exact or one sentence, nothing stops."""

from __future__ import annotations

import csv
import io
import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from audiocourse import cli
from audiocourse.cli import main
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.teach.grading.classroom import BOOK
from audiocourse.teach.grading.reports.gradebook import GradeBook, Result
from audiocourse.teach.grading.reports.pages import page_of

whole = load_by_path(Path(__file__).with_name("whole_class.py"))
pytestmark = [
    pytest.mark.skipif(not hasattr(socket, "send_fds"), reason="grading needs sockets that carry descriptors"),
    pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX"),
]
HONEST = list(whole.honest())
DAMAGED = list(whole.damaged())
OPEN = whole.open_tasks()


class Graded:
    """The class after the command: results by student, and what was printed."""

    def __init__(self, results: list[Result], out: Path, printed: str) -> None:
        self.out, self.printed = out, printed
        self.rows: dict[str, list[Result]] = {}
        for one in results:
            self.rows.setdefault(one.student, []).append(one)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Everybody in one folder, graded once and exported to Canvas."""
    folder = tmp_path_factory.mktemp("class")
    whole.write([*HONEST, *DAMAGED, *OPEN], folder / "submissions")
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "console", Console(file=printed, width=200))
        command = ["grade", str(folder / "submissions"), "--out", str(folder / "out")]
        assert main([*command, "--workers", "2", "--format", "canvas"]) == 0
    return Graded(GradeBook(folder / "out" / BOOK).results(), folder / "out", printed.getvalue())


def of(result: Result) -> Mapping[str, float]:
    return {task.task: task.points for task in result.tasks if task.points}


@pytest.mark.parametrize("member", HONEST, ids=lambda member: member.name)
def test_an_honest_submission_has_its_points(member, graded: Graded) -> None:
    (result,) = graded.rows[member.student]
    assert result.problem == ""
    assert result.points == member.points, [task.messages for task in result.tasks if not task.points]


@pytest.mark.parametrize("member", DAMAGED, ids=lambda member: member.name)
def test_a_damaged_submission_loses_what_is_damaged_or_is_one_sentence(member, graded: Graded) -> None:
    (result,) = graded.rows[member.student]
    assert result.points == member.points
    assert result.problem.startswith(member.words)
    assert bool(result.problem) == bool(member.words)
    assert result.problem.count("\n") == 0
    assert not {task.task for task in result.tasks if task.points} & set(member.lost)


def test_the_open_task_is_found_without_its_tags(graded: Graded) -> None:
    ((tagged,), (untagged,)) = (graded.rows[member.student] for member in OPEN)
    assert tagged.points > whole.worth(whole.EX05)
    assert untagged.tasks == tagged.tasks


def test_nobody_is_lost_and_nobody_is_there_twice(graded: Graded) -> None:
    assert len(HONEST) >= 58
    assert len(DAMAGED) >= 45
    assert set(graded.rows) == {member.student for member in [*HONEST, *DAMAGED, *OPEN]}


def test_what_lies_beside_is_said_once(graded: Graded) -> None:
    (line,) = [line for line in graded.printed.splitlines() if line.startswith("Left out")]
    for name in ("beside/helper.py", "beside/notes.pdf", "beside/me.wav"):
        assert name in line


def test_every_student_has_a_page_and_a_row(graded: Graded) -> None:
    for rows in graded.rows.values():
        assert (graded.out / page_of(rows[0])).is_file()
    with (graded.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        table = {row["SIS Login ID"] or row["ID"]: row for row in csv.DictReader(file)}
    assert table["4711"]["ex05_vad"] == str(int(whole.worth(whole.EX05)))
    assert table["PDF"]["ex05_vad"] == "", "what cannot be read is not a zero"
