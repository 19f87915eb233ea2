"""A folder of submissions, graded by the command: book, pages, table; what is known is not graded again."""

from __future__ import annotations

import csv
import socket
from pathlib import Path

import pytest

from audiocourse.cli import main
from audiocourse.learn.registry import load_by_path
from audiocourse.teach.grading import classroom, jail
from audiocourse.teach.grading.book import GradeBook

made = {one.name: one for one in load_by_path(Path(__file__).with_name("submissions.py")).made_class()}
pytestmark = pytest.mark.skipif(not hasattr(socket, "send_fds"), reason="grading needs sockets that carry descriptors")


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Three submissions: a folder of a student, a file of one, and something that is no notebook."""
    folder = tmp_path / "submissions"
    (folder / "ann").mkdir(parents=True)
    (folder / "ann" / "ex05_vad.ipynb").write_bytes(made["solution"].data)
    (folder / "bob_ex05_vad.ipynb").write_bytes(made["alternatives-1"].data)
    (folder / "eve.pdf").write_bytes(b"%PDF-1.7")
    return folder


def table(out: Path) -> dict[str, list[str]]:
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: row for row in csv.reader(file)}


def test_a_class_is_graded_once(handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "grades"
    assert main(["grade", str(handed_in), "--out", str(out), "--seed", "5"]) == 0
    said = capsys.readouterr().out
    assert f"sandbox: {jail.ladder()[0].name}" in said
    assert "ann/ex05_vad.ipynb: 21 of 30" in said
    assert "eve.pdf: The file is no Jupyter notebook" in said
    assert {"ann", "bob", "eve"} <= table(out).keys()
    assert {result.points for result in GradeBook(out / classroom.BOOK).results()} == {21.0, 0.0}
    pages = sorted((out / classroom.PAGES).iterdir())
    assert len(pages) == 3
    before = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    assert main(["grade", str(handed_in), "--out", str(out), "--seed", "5"]) == 0
    assert "to go" not in capsys.readouterr().out, "nothing changed, so nothing is graded"
    assert {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()} == before
    assert main(["report", str(out), "--format", "gradescope"]) == 0
    assert list((out / "gradescope").rglob("results.json"))


def test_a_changed_submission_and_only_that_is_graded_again(
    handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grades"
    assert main(["grade", str(handed_in), "--out", str(out)]) == 0
    capsys.readouterr()
    (handed_in / "bob_ex05_vad.ipynb").write_bytes(made["solution"].data)
    assert main(["grade", str(handed_in), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "bob_ex05_vad.ipynb: 21 of 30 (0 to go)" in said
    assert "ann/" not in said.split("\n")[1]


def test_the_student_is_read_from_folder_or_name() -> None:
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
