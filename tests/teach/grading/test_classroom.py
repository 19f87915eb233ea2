"""A folder of submissions, graded by the command: book, pages, table; what is known is not graded again."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from audiocourse import cli
from audiocourse.cli import main
from audiocourse.learn.registry import load_by_path
from audiocourse.teach import grade
from audiocourse.teach.grading import classroom, jail
from audiocourse.teach.grading.book import GradeBook
from audiocourse.teach.grading.classroom import grade_class

made = {one.name: one for one in load_by_path(Path(__file__).with_name("submissions.py")).made_class()}
pytestmark = pytest.mark.skipif(not hasattr(socket, "send_fds"), reason="grading needs sockets that carry descriptors")


@dataclass(frozen=True)
class Graded:
    """A folder of submissions, what the command made of it, and what it printed."""

    submissions: Path
    out: Path
    printed: str = ""


def three_submissions(folder: Path) -> Path:
    """Write three submissions: a folder of a student, a file of one, and something that is not a notebook."""
    (folder / "ann").mkdir(parents=True)
    (folder / "ann" / "ex05_vad.ipynb").write_bytes(made["solution"].data)
    (folder / "bob_ex05_vad.ipynb").write_bytes(made["alternatives-1"].data)
    (folder / "eve.pdf").write_bytes(b"%PDF-1.7")
    for path in folder.rglob("*.ipynb"):
        os.utime(path, (datetime(2026, 12, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    return folder


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Three submissions that nobody has graded."""
    return three_submissions(tmp_path / "submissions")


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The three submissions, graded by the command: once for all tests that go on from there."""
    folder = tmp_path_factory.mktemp("class")
    submissions, out = three_submissions(folder / "submissions"), folder / "grades"
    out.mkdir()
    (out / classroom.SEED).write_text("5")
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "console", Console(file=printed, width=200))
        assert main(["grade", str(submissions), "--out", str(out)]) == 0
    return Graded(submissions, out, printed.getvalue())


@pytest.fixture
def graded(graded_once: Graded, tmp_path: Path) -> Graded:
    """A copy of the graded class, to change."""
    for source in (graded_once.submissions, graded_once.out):
        shutil.copytree(source, tmp_path / source.name)
    return Graded(tmp_path / graded_once.submissions.name, tmp_path / graded_once.out.name, graded_once.printed)


def table(out: Path) -> dict[str, list[str]]:
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: row for row in csv.reader(file)}


def test_a_class_is_graded_once(graded: Graded, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"sandbox: {jail.ladder()[0].name}" in graded.printed
    assert "ann/ex05_vad.ipynb: 21 of 30" in graded.printed
    assert "eve.pdf: The file is no Jupyter notebook" in graded.printed
    out = graded.out
    assert {"ann", "bob", "eve"} <= table(out).keys()
    assert {result.points for result in GradeBook(out / classroom.BOOK).results()} == {21.0, 0.0}
    pages = sorted((out / classroom.PAGES).iterdir())
    assert len(pages) == 3
    before = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    assert main(["grade", str(graded.submissions), "--out", str(out)]) == 0
    assert "to go" not in capsys.readouterr().out, "nothing changed, so nothing is graded"
    assert {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()} == before
    assert main(["report", str(out), "--format", "gradescope"]) == 0
    assert list((out / "gradescope").rglob("results.json"))


def test_a_changed_submission_and_only_that_is_graded_again(graded: Graded, capsys: pytest.CaptureFixture[str]) -> None:
    (graded.submissions / "bob_ex05_vad.ipynb").write_bytes(made["solution"].data)
    assert main(["grade", str(graded.submissions), "--out", str(graded.out)]) == 0
    said = capsys.readouterr().out
    assert "bob_ex05_vad.ipynb: 21 of 30 (0 to go, 0 s)" in said
    assert "ann/" not in said.split("\n")[1]


def test_the_student_is_read_from_folder_or_name() -> None:
    assert classroom.whose(unicodedata.normalize("NFD", "Zoë/x.ipynb")) == "Zoë"
    assert [classroom.whose(name) for name in ("ann/x.ipynb", "bob_ex05_vad.ipynb", "cy.ipynb", "ex05_vad.ipynb")] == [
        "ann",
        "bob",
        "cy",
        "ex05_vad",
    ]


def test_a_jail_that_does_not_work_here_is_refused(refuses) -> None:
    with refuses("does not work on this system"):
        classroom.strongest_jail("dungeon")


def test_nothing_to_grade_and_nothing_graded_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["grade", str(tmp_path / "empty"), "--out", str(tmp_path / "out")]) == 1
    assert main(["report", str(tmp_path / "out")]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "no submissions in" in said
    assert "no results in" in said


def test_further_checks_count_and_change_what_is_graded(graded: Graded, tmp_path: Path) -> None:
    private = tmp_path / "private"
    (private / "ex05_vad").mkdir(parents=True)
    checks = private / "ex05_vad" / "checks.py"
    checks.write_text(
        "from audiocourse.learn.authoring import check, expect\n"
        '@check(task="hangover", label="a check of my own")\n'
        "def mine(student, rng):\n"
        '    expect(False, "nobody passes")\n'
    )
    before = GradeBook(graded.out / classroom.BOOK).results()
    after = grade_class(graded.submissions, graded.out, rung="limits", seed=5, checks=private)
    lost = {one.student: one.points - other.points for one, other in zip(before, after, strict=True)}
    assert lost == {"ann": 2.0, "bob": 2.0, "eve": 0.0}
    (hangover,) = [task for task in after[0].tasks if task.task == "hangover"]
    assert "Next: a check of my own." in hangover.said


@pytest.mark.parametrize(
    ("place", "source", "words"),
    [
        ("nothing.txt", "", "must hold, for example, ex05_vad/checks.py"),
        ("ex05_vad/checks.py", "1 +", "cannot be loaded (SyntaxError"),
        (
            "ex05_vad/checks.py",
            "from audiocourse.learn.authoring import check\n@check(task='alias', label='x')\ndef f(s, r): ...",
            "'alias', which is no task of ex05_vad",
        ),
    ],
)
def test_further_checks_that_are_of_no_use_are_refused(
    place: str, source: str, words: str, handed_in: Path, tmp_path: Path, refuses
) -> None:
    path = tmp_path / "private" / place
    path.parent.mkdir(parents=True)
    path.write_text(source)
    with refuses(words):
        grade_class(handed_in, tmp_path / "out", rung="limits", checks=tmp_path / "private")


def test_lateness_is_counted_from_the_file_or_from_a_table(
    graded: Graded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = graded.out
    rule = ["--late", "10% per 24h", "--due", "2026-11-30T23:00+00:00"]
    assert main(["report", str(out), *rule]) == 0
    head, ann = table(out)["student"], table(out)["ann"]
    assert ann[head.index("late_hours")] == "2"
    assert float(ann[head.index("final")]) == pytest.approx(21 * 0.9)
    times = tmp_path / "times.csv"
    times.write_text("student,submitted\nann,2026-11-30T22:00+00:00\nzoe,2026-11-30T22:00+00:00\n")
    capsys.readouterr()
    assert main(["report", str(out), *rule, "--times", str(times)]) == 0
    assert "times.csv: 1 without a submission of that name: zoe." in capsys.readouterr().out
    assert [float(table(out)[name][head.index("final")]) for name in ("ann", "bob")] == [21.0, 18.9]


def test_a_late_rule_without_a_deadline_and_a_deadline_that_is_none_are_refused(
    handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["grade", str(handed_in), "--out", str(tmp_path / "out"), "--jail", "limits"]
    assert main([*command, "--late", "10% per 24h"]) == 1
    assert main([*command, "--due", "next Friday"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "add --due" in said
    assert "'next Friday' is no time" in said
    assert not (tmp_path / "out").exists(), "refused before anything is graded"


def test_a_jail_that_leaves_the_network_open_is_refused_when_a_jail_is_required(
    handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["grade", str(handed_in), "--out", str(tmp_path / "out"), "--require-jail", "--jail", "limits"]
    assert main(command) == 1
    assert "leaves network or files open" in " ".join(capsys.readouterr().out.split())
    assert not (tmp_path / "out").exists()


def test_one_notebook_is_graded_from_python(handed_in: Path, refuses) -> None:
    result = grade(handed_in / "bob_ex05_vad.ipynb", seed=5)
    assert (result.student, result.points, result.of) == ("bob", 21.0, 30.0)
    assert grade(handed_in / "eve.pdf").problem.startswith("The file is no Jupyter notebook")
    with refuses("cannot be read"):
        grade(handed_in / "nobody.ipynb")


def test_a_submission_on_which_grading_fails_is_a_row_and_is_tried_again(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a check of ours")

    monkeypatch.setattr(classroom, "_grader", SimpleNamespace(grade=broken))
    result = classroom._grade(handed_in / "ann" / "ex05_vad.ipynb", "ann/ex05_vad.ipynb", "mark")
    assert "ZeroDivisionError: a check of ours" in result.problem
    assert result.fingerprint == ""


def test_what_was_taken_away_is_not_reported(graded: Graded) -> None:
    assert len(grade_class(graded.submissions, graded.out, rung="limits", seed=5)) == 3
    (graded.submissions / "eve.pdf").unlink()
    left = grade_class(graded.submissions, graded.out, rung="limits", seed=5)
    assert [one.student for one in left] == ["ann", "bob"]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
def test_links_pipes_and_huge_files_are_rows_and_never_read(tmp_path: Path) -> None:
    """A link to the solution earned 27 points, one to a neighbour's file 21; a file of 5 GB ended the run."""
    folder = tmp_path / "submissions"
    for student in ("eve", "kim", "lee", "max", "zoe"):
        (folder / student).mkdir(parents=True)
    solution = tmp_path / "solution.ipynb"
    solution.write_bytes(made["solution"].data)
    (folder / "eve" / "ex05_vad.ipynb").symlink_to(solution)
    (folder / "kim" / "ex05_vad.ipynb").symlink_to(tmp_path / "nowhere.ipynb")
    os.mkfifo(folder / "lee" / "ex05_vad.ipynb")
    with (folder / "max" / "ex05_vad.ipynb").open("wb") as file:
        file.truncate(5_000_000_000)  # a hole: nothing is written to the disk
    (folder / "zoe" / ".ipynb_checkpoints").mkdir()
    (folder / "zoe" / ".ipynb_checkpoints" / "ex05_vad-checkpoint.ipynb").write_bytes(made["solution"].data)
    results = {one.student: one for one in grade_class(folder, tmp_path / "out", rung="limits", seed=5)}
    assert set(results) == {"eve", "kim", "lee", "max"} and not any(one.points for one in results.values())
    for student, words in {"eve": "a link", "kim": "a link", "lee": "a pipe", "max": "5000 MB"}.items():
        assert words in results[student].problem
