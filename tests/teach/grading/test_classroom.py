"""A folder of submissions, graded by the command: book, pages, table; what is known is not graded again."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from audiocourse import cli
from audiocourse.cli import main
from audiocourse.course import load_course
from audiocourse.learn.checking.registry import checks_of, load_by_path
from audiocourse.teach import grade
from audiocourse.teach.grading import isolation, parallel, seeds
from audiocourse.teach.grading.classroom import BOOK, grade_class
from audiocourse.teach.grading.further import require_right_checks
from audiocourse.teach.grading.platforms import student_of
from audiocourse.teach.grading.reports.gradebook import GradeBook
from audiocourse.teach.grading.reports.pages import PAGES
from audiocourse.teach.grading.sandbox import levels
from audiocourse.teach.grading.submissions import Submission

submissions = load_by_path(Path(__file__).with_name("submissions.py"))
made = {one.name: one for one in submissions.made_class()}
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
    (out / seeds.SEED).write_text("5")
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
    assert f"sandbox: {levels.available_levels()[0].name}" in graded.printed
    assert "ann/ex05_vad.ipynb: 21 of 30" in graded.printed
    assert table(graded.out)["eve"][-2].startswith("This is a PDF and not a notebook")
    out = graded.out
    assert {"ann", "bob", "eve"} <= table(out).keys()
    assert {result.points for result in GradeBook(out / BOOK).results()} == {21.0, 0.0}
    pages = sorted((out / PAGES).iterdir())
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
    assert student_of(unicodedata.normalize("NFD", "Zoë/x.ipynb")) == "Zoë"
    assert [student_of(name) for name in ("ann/x.ipynb", "bob_ex05_vad.ipynb", "cy.ipynb", "ex05_vad.ipynb")] == [
        "ann",
        "bob",
        "cy",
        "ex05_vad",
    ]


def test_a_sandbox_that_does_not_work_here_is_refused(refuses) -> None:
    with refuses("does not work on this system"):
        isolation.strongest_level("dungeon")


def test_nothing_to_grade_and_nothing_graded_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["grade", str(tmp_path / "empty"), "--out", str(tmp_path / "out")]) == 1
    assert main(["report", str(tmp_path / "out")]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "no submissions in" in said
    assert "no results in" in said


FURTHER = """
import numpy as np
from audiocourse.learn.checking.authoring import check, expect

@check(task="hangover", label="a check of my own")
def mine(student, rng):
    expect(len(student.call("hangover", np.zeros(977, dtype=bool), frames=2)) == {length}, "too short")
"""


def further(folder: Path, name: str, *, length: int = 977) -> Path:
    """Write a folder of further checks that only an answer with this length passes."""
    (folder / name).mkdir(parents=True)
    (folder / name / "checks.py").write_text(FURTHER.format(length=length))
    return folder


@pytest.mark.parametrize("name", ["ex05_vad", "ex05"])
def test_further_checks_are_found_by_the_long_and_the_short_name(name: str, tmp_path: Path) -> None:
    private = further(tmp_path / "private", name)
    require_right_checks(private)
    labels = [check.label for check in checks_of(load_course().find_task("hangover"), private)]
    assert labels[-1] == "a check of my own"


def test_further_checks_count_and_change_what_is_graded(graded: Graded, tmp_path: Path) -> None:
    """A folder with the short name was accepted, and its checks never ran."""
    slip = submissions.wrapped(
        "hangover", "result = right(*arguments, **options)\nreturn result[:976] if len(result) == 977 else result"
    )
    (graded.submissions / "bob_ex05_vad.ipynb").write_bytes(submissions.made("x", {"hangover": slip}).data)
    private = further(tmp_path / "private", "ex05")
    before = GradeBook(graded.out / BOOK).results()
    after = grade_class(graded.submissions, graded.out, level="limits", seed=5, checks=private)
    lost = {one.student: one.points - other.points for one, other in zip(before, after, strict=True)}
    assert lost == {"ann": 0.0, "bob": 2.0, "eve": 0.0}
    (hangover,) = [task for task in after[1].tasks if task.task == "hangover"]
    assert "Next: a check of my own." in hangover.messages


def test_a_further_check_that_the_right_answer_fails_is_refused_before_anything_is_graded(
    handed_in: Path, tmp_path: Path, refuses
) -> None:
    """It used to cost the whole class its task, without a word."""
    private = further(tmp_path / "private", "ex05", length=3)
    with refuses("'a check of my own' of hangover", "fails on the course's own answer (too short)"):
        grade_class(handed_in, tmp_path / "out", level="limits", checks=private)
    assert not list((tmp_path / "out").glob("book/*"))


def test_two_folders_for_one_notebook_are_refused(handed_in: Path, tmp_path: Path, refuses) -> None:
    private = further(further(tmp_path / "private", "ex05"), "ex05_vad")
    with refuses("both hold checks of ex05_vad"):
        grade_class(handed_in, tmp_path / "out", level="limits", checks=private)


@pytest.mark.parametrize(
    ("place", "source", "words"),
    [
        ("ex05_vad/checks.py", "def f(s, r): ...", "no function marked with @check"),
        (
            "ex05/checks.py",
            "from audiocourse.learn.checking.authoring import check\n"
            "@check(task='explain_vad', label='x')\ndef f(s, r): ...",
            "'explain_vad', which is not a checked task",
        ),
        ("ex99/checks.py", "", "no notebook called 'ex99'"),
        ("nothing.txt", "", "must hold, for example, ex05_vad/checks.py"),
        ("ex05_vad/checks.py", "1 +", "cannot be loaded (SyntaxError"),
        (
            "ex05_vad/checks.py",
            "from audiocourse.learn.checking.authoring import check\n@check(task='alias', label='x')\ndef f(s, r): ...",
            "'alias', which is not a checked task of ex05_vad",
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
        grade_class(handed_in, tmp_path / "out", level="limits", checks=tmp_path / "private")


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
    assert "names students without a submission: zoe." in capsys.readouterr().out
    assert [float(table(out)[name][head.index("final")]) for name in ("ann", "bob")] == [21.0, 18.9]


def test_marks_and_rules_hold_until_others_are_given(graded: Graded, tmp_path: Path) -> None:
    """`report --marks`, then `report --late`, used to lose the marks, against what the guide says."""
    out, marks = graded.out, tmp_path / "marks.csv"
    marks.write_text("student,task,points,comment\nann,explain_vad,3,Well heard.\n")

    def reported(*options: str) -> tuple[str, str]:
        assert main(["report", str(out), *options]) == 0
        head, ann = table(out)["student"], table(out)["ann"]
        return ann[head.index("points")], ann[head.index("final")]

    assert reported("--marks", str(marks)) == ("24", "24")
    assert reported("--late", "10% per 24h", "--due", "2026-11-30T23:00+00:00") == ("24", "21.6")
    assert reported() == ("24", "21.6")
    marks.write_text("student,task,points\nbob,explain_vad,1\n")
    assert reported("--marks", str(marks)) == ("24", "21.6"), "a table for others takes nothing away"
    assert main(["grade", str(graded.submissions), "--out", str(out)]) == 0
    assert reported() == ("24", "21.6"), "grading again keeps them too"
    assert reported("--late", "none") == ("24", "24")
    assert reported("--marks", "none") == ("21", "21")
    (out / "kept.json").write_text("{")
    assert main(["report", str(out)]) == 1


def test_a_time_that_changed_is_taken_up_without_grading_anew(
    graded: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    path = graded.submissions / "ann" / "ex05_vad.ipynb"
    os.utime(path, (datetime(2026, 12, 2, 1, tzinfo=UTC).timestamp(),) * 2)
    assert main(["grade", str(graded.submissions), "--out", str(graded.out)]) == 0
    assert "to go" not in capsys.readouterr().out
    head = table(graded.out)["student"]
    assert table(graded.out)["ann"][head.index("submitted")] == "2026-12-02T01:00:00+00:00"


def test_two_submissions_at_one_time_stop_neither_pages_nor_table(
    graded: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    second = graded.submissions / "ann" / "second.ipynb"
    second.write_bytes(made["blank"].data)
    os.utime(second, (datetime(2026, 12, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    command = ["grade", str(graded.submissions), "--out", str(graded.out), "--format", "canvas"]
    assert main(command) == 0
    assert "ann handed in both" in capsys.readouterr().out
    with (graded.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        cells = {row["Student"]: row["ex05_vad"] for row in csv.DictReader(file)}
    assert (cells["ann"], cells["bob"], cells["eve"]) == ("", "21", "")
    assert len(list((graded.out / PAGES).iterdir())) == 4


def test_what_has_no_walls_is_said_before_grading(graded: Graded, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["grade", str(graded.submissions), "--out", str(graded.out), "--sandbox"]
    assert main([*command, "limits"]) == 0
    said = capsys.readouterr().out
    assert "'limits' does not protect the network and files here" in said
    strongest = levels.available_levels()[0].name
    assert (isolation.exposure_warning(strongest) == "") == (strongest != "limits")


def test_a_class_with_nothing_new_starts_no_library_and_no_process(graded: Graded) -> None:
    """Reading notebooks by nbformat alone cost three seconds, of this process and of each one that it starts."""
    program = (
        "import sys\nfrom audiocourse.cli import main\n"
        f"main(['grade', {str(graded.submissions)!r}, '--out', {str(graded.out)!r}, '--seed', '5'])\n"
        "heavy = ('nbformat', 'jsonschema', 'librosa', 'sklearn', 'audiocourse.teach.grading.grader')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_grading_needs_no_nbformat() -> None:
    modules = "audiocourse.teach.grading.grader, audiocourse.teach.grading.sandbox.worker"
    program = f"import sys, {modules}\nprint('nbformat' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_late_rule_without_a_deadline_and_a_deadline_that_is_none_are_refused(
    handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["grade", str(handed_in), "--out", str(tmp_path / "out"), "--sandbox", "limits"]
    assert main([*command, "--late", "10% per 24h"]) == 1
    assert main([*command, "--due", "next Friday"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "add --due" in said
    assert "'next Friday' is not a time" in said
    assert not (tmp_path / "out").exists(), "refused before anything is graded"


def test_a_sandbox_that_leaves_the_network_open_is_refused_when_a_sandbox_is_required(
    handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["grade", str(handed_in), "--out", str(tmp_path / "out"), "--require-sandbox", "--sandbox", "limits"]
    assert main(command) == 1
    assert "leaves network or files open" in " ".join(capsys.readouterr().out.split())
    assert not (tmp_path / "out").exists()


def test_one_notebook_is_graded_from_python(handed_in: Path, refuses) -> None:
    result = grade(handed_in / "bob_ex05_vad.ipynb", seed=5)
    assert (result.student, result.points, result.of) == ("bob", 21.0, 30.0)
    assert grade(handed_in / "eve.pdf").problem.startswith("This is a PDF and not a notebook")
    with refuses("cannot be read"):
        grade(handed_in / "nobody.ipynb")


def test_a_submission_on_which_grading_fails_is_a_row_and_is_tried_again(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a check of ours")

    monkeypatch.setattr(parallel, "_grader", SimpleNamespace(grade=broken))
    one = Submission("ann", "ann/ex05_vad.ipynb", handed_in / "ann" / "ex05_vad.ipynb")
    result = parallel._grade(one, "mark")
    assert "ZeroDivisionError: a check of ours" in result.problem
    assert result.fingerprint == ""


def test_what_was_taken_away_is_not_reported(graded: Graded) -> None:
    assert len(grade_class(graded.submissions, graded.out, level="limits", seed=5)) == 3
    (graded.submissions / "eve.pdf").unlink()
    left = grade_class(graded.submissions, graded.out, level="limits", seed=5)
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
    results = {one.student: one for one in grade_class(folder, tmp_path / "out", level="limits", seed=5)}
    assert set(results) == {"eve", "kim", "lee", "max"} and not any(one.points for one in results.values())
    for student, words in {"eve": "a link", "kim": "a link", "lee": "a pipe", "max": "5000 MB"}.items():
        assert words in results[student].problem
