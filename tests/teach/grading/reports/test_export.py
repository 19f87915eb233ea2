"""Sheets that import, and that cannot compute; marks that come back."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Refuses

from audiocourse.teach.grading.platforms import page_for, parse_platform_name, student_of
from audiocourse.teach.grading.reports.export import CANVAS, MOODLE, Format, gradescope_json, undecided, write_csv
from audiocourse.teach.grading.reports.files import defused
from audiocourse.teach.grading.reports.gradebook import Result, TaskResult
from audiocourse.teach.grading.reports.handback import write_handback
from audiocourse.teach.grading.reports.late import LateRule, with_times
from audiocourse.teach.grading.reports.marks import read_marks, with_marks
from audiocourse.teach.grading.reports.pages import page_of

RULE = LateRule.parse("10% per 24h")
TASKS = (
    TaskResult("hangover", 2.0, 2.0, "graded", 3, 3, ("hangover: 3 of 3 checks pass. Done.",)),
    TaskResult("to_segments", 0.0, 3.0, "graded", 1, 4, ("Next: it has <two> edges.",), "a frame taken for a sample"),
    TaskResult("explain_vad", 0.0, 3.0, "written", 0, 0, ()),
)
ANNA = Result("anna", "anna/ex05_vad.ipynb", "f", "ex05_vad", TASKS, "namespaces", late_hours=1.0)
BEN = Result("ben@example.org", "ben.ipynb", "g", "04a_voice_activity", TASKS[:1], "namespaces")
BAD = Result("cleo", "cleo.ipynb", "h", "", (), "namespaces", problem="The file is no notebook.")
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|'/c calc'!A1",
    "＝1+1",
    " =1",
    '"=1"',
    "a;=1",
    "a\n=1",
]


def table(path: Path, *, bom: bool) -> list[list[str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") == bom
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def written(tmp_path: Path, results: list[Result], format: Format, late: LateRule = RULE) -> list[list[str]]:  # noqa: A002
    (path,) = write_csv(results, tmp_path / "out.csv", format=format, late=late)
    return table(path, bom=format != "canvas")


def test_the_sheet_keeps_raw_points_and_the_factor_apart(tmp_path: Path) -> None:
    head, *rows = written(tmp_path, [ANNA, BEN, BAD], "csv")
    by_student = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    anna = by_student["anna"]
    assert [anna[key] for key in ("points", "of", "late_factor", "final")] == ["2", "8", "0.9", "1.8"]
    assert anna["points hangover"] == "2"
    assert by_student["ben@example.org"]["points to_segments"] == ""
    assert anna["page"] == page_of(ANNA), "the table leads to each page"
    assert by_student["cleo"]["problem"] == BAD.problem
    assert by_student["cleo"]["final"] == "", "what could not be graded is not a zero"


def test_canvas_finds_its_columns(tmp_path: Path) -> None:
    head, possible, *rows = written(tmp_path, [BEN, ANNA, BAD], "canvas")
    assert head == [*CANVAS, "04a_voice_activity", "ex05_vad"]
    # the conditions of canvas-lms, lib/gradebook_importer.rb
    assert "Student" in head[0]
    assert "ID" in head[1]
    assert (head[2], head[3]) == ("SIS User ID", "SIS Login ID")
    assert "Section" in head[4]
    assert "Points Possible" in possible[0]
    assert possible[5:] == ["2", "8"]
    assert [(row[0], row[3], *row[5:]) for row in rows] == [
        ("anna", "anna", "", "1.8"),
        ("ben@example.org", "ben@example.org", "2", ""),
        ("cleo", "cleo", "", ""),
    ]


def test_nobody_can_take_the_name_of_canvas_second_row(tmp_path: Path) -> None:
    _, _, row = written(tmp_path, [replace(ANNA, student="my Points Possible")], "canvas")
    assert "Points Possible" not in row[0]
    assert row[3] == "my Points Possible"


def test_moodle_finds_its_columns(tmp_path: Path) -> None:
    file = "Anna Ö_4711_assignsubmission_file/ex05_vad.ipynb"
    results = [replace(ANNA, file=file), replace(ANNA, student="b@example.org", file="b", late_hours=0.0), BAD]
    head, *rows = written(tmp_path, results, "moodle")
    assert head == MOODLE
    assert {"Identifier", "Grade", "Last modified (grade)", "Feedback comments"} <= set(head)
    anna, b, cleo = (dict(zip(head, row, strict=True)) for row in rows)
    assert (anna["Identifier"], anna["Full name"], anna["Grade"], anna["Maximum Grade"]) == (
        "Participant 4711",
        "Anna Ö",
        "1.8",
        "8",
    )
    assert "90%" in anna["Feedback comments"]
    assert "&lt;two&gt;" in anna["Feedback comments"], "Moodle shows feedback as HTML"
    assert (b["Email address"], b["Grade"]) == ("b@example.org", "2")
    assert (cleo["Username"], cleo["Grade"]) == ("cleo", "")


def test_moodle_gets_one_file_a_notebook(tmp_path: Path) -> None:
    paths = write_csv([ANNA, BEN], tmp_path / "moodle.csv", format="moodle")
    assert [path.name for path in paths] == ["moodle-04a_voice_activity.csv", "moodle-ex05_vad.csv"]
    assert [len(table(path, bom=True)) for path in paths] == [2, 2]


def test_gradescope_gets_a_file_for_each_submission(tmp_path: Path) -> None:
    paths = write_csv([ANNA, BEN, BAD], tmp_path, format="gradescope", late=RULE)
    assert [path.name for path in paths] == ["results.json"] * 3
    anna, _, bad = (json.loads(path.read_text()) for path in paths)
    assert anna["score"] == 1.8
    assert [(test["name"], test["score"], test["max_score"], test["visibility"]) for test in anna["tests"]] == [
        ("hangover", 2.0, 2.0, "visible"),
        ("to_segments", 0.0, 3.0, "visible"),
    ]
    assert "<two>" in anna["tests"][1]["output"]
    assert "hours late" in anna["output"]
    assert (bad["score"], bad["output"]) == (0.0, BAD.problem)
    assert gradescope_json(ANNA) == gradescope_json(replace(ANNA, seconds=3.0))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_computes(tmp_path: Path, text: str) -> None:
    evil = replace(
        ANNA, student=text, file=text, sandbox=text, problem=text, tasks=(replace(TASKS[0], messages=(text,)),)
    )
    for format in ("csv", "canvas", "moodle"):  # noqa: A001
        cells = [cell for row in written(tmp_path, [evil], format) for cell in row]  # type: ignore[arg-type]
        texts = [cell for cell in cells if cell not in ("-", "") and not cell.lstrip("-").replace(".", "").isdigit()]
        assert not [cell for cell in texts if cell[0] in "=+-@\t\r＝＋－＠"]
        assert any("'" in cell for cell in cells)


def test_a_sheet_that_is_opened_with_semicolons_computes_nothing_either() -> None:
    for text in ("x;=1", "x\n=1", 'x;"=1', "x; +1", "x\t@a"):
        opened = f'"1","{defused(text)}"'.replace("\n", ";").replace("\t", ";").split(";")
        assert not any(cell.strip('" ').startswith(("=", "+", "@")) for cell in opened)


def test_a_tab_or_a_return_never_begins_a_cell() -> None:
    assert [defused(text) for text in ("\tx", "\rx", "\nx")] == ["'\tx", "'\rx", "\nx"]


def test_harmless_text_stays_as_it_is() -> None:
    rng = random.Random(3)
    for _ in range(200):
        text = "a" + "".join(rng.choices("bä =+-@\"',{}<>&", k=20))
        assert defused(text) == text


def test_any_text_comes_back_from_the_sheet(tmp_path: Path) -> None:
    rng = random.Random(4)
    for _ in range(30):
        text = "a" + "".join(rng.choices("b,\"\n'日 ", k=12))
        assert written(tmp_path, [replace(ANNA, student=text)], "csv")[1][0] == text


def test_control_characters_and_half_characters_are_replaced(tmp_path: Path) -> None:
    evil = replace(ANNA, student="a\x00\x1b[2J\u202e\ud800", file="\udcff")
    assert written(tmp_path, [evil], "csv")[1][0] == "a��[2J��"


def test_every_cell_is_quoted(tmp_path: Path) -> None:
    (path,) = write_csv([ANNA], tmp_path / "a.csv", format="csv")
    assert all(line.startswith('"') and line.endswith('"') for line in path.read_text("utf-8-sig").splitlines())


def test_the_last_of_two_submissions_counts(tmp_path: Path) -> None:
    early = replace(ANNA, file="a", submitted="2025-03-02T00:30:00+02:00", late_hours=0.0)
    late = replace(ANNA, file="b", submitted="2025-03-01T23:00:00+00:00", tasks=TASKS[1:], late_hours=0.0)
    unreadable = replace(BAD, student="anna", notebook="ex05_vad")
    for order in ([early, late, unreadable], [unreadable, late, early]):
        assert written(tmp_path, order, "canvas")[2][5] == "0"  # later in time, though its text is smaller
        assert len(written(tmp_path, order, "moodle")) == 2
        assert len(written(tmp_path, order, "csv")) == 4, "the sheet shows them all"


@pytest.mark.parametrize("moment", [None, "2025-03-02T00:30:00+02:00"])
def test_a_tie_costs_one_cell_and_is_said(tmp_path: Path, moment: str | None) -> None:
    """Two submissions of one student at one time used to stop the table of the whole class."""
    one = replace(ANNA, submitted=moment)
    other = replace(one, file="anna/second.ipynb", tasks=TASKS[1:])
    results = [one, other, replace(BEN, notebook="ex05_vad")]
    (said,) = undecided(results)
    assert said.startswith("anna handed in both anna/ex05_vad.ipynb and anna/second.ipynb, and it is unclear which")
    assert [row[5] for row in written(tmp_path, results, "canvas")[2:]] == ["", "2"]
    assert [row[5] for row in written(tmp_path, results, "moodle")[1:]] == ["", "2"]
    assert len(written(tmp_path, results, "csv")) == 4
    assert undecided([one, replace(one, file="anna/copy.ipynb")]) == [], "the same answers twice are no question"


def test_a_time_for_a_student_leaves_the_order_of_files_as_it_is(tmp_path: Path) -> None:
    early = replace(ANNA, file="a", submitted="2025-03-01T10:00:00+00:00")
    last = replace(ANNA, file="b", submitted="2025-03-01T11:00:00+00:00", tasks=TASKS[1:])
    told = with_times([last, early], due="", times={"anna": "2025-03-01T12:00:00+00:00"})
    assert undecided(told) == []
    assert written(tmp_path, told, "canvas")[2][5] == "0"


@pytest.mark.parametrize(
    ("file", "student", "number"),
    [
        ("mulleranna_4711_998877_ex05_vad.ipynb", "mulleranna_4711", "4711"),
        ("mulleranna_LATE_4711_998877_ex05_vad.ipynb", "mulleranna_4711", "4711"),
        ("downloads/mulleranna_4711_998879_ex05_vad-1.ipynb", "mulleranna_4711", "4711"),
        ("o_neill_4711_998877_My notebook_2.ipynb", "o_neill_4711", "4711"),
        ("anon_2TnxR_998877_ex05_vad.ipynb", "anon_2TnxR", ""),
        ("Anna Ö_4711_assignsubmission_file/ex05_vad.ipynb", "Anna Ö_4711", "4711"),
        ("CS-ex05-77/Anna O\u0308_4711_assignsubmission_file_/deep/ex05.ipynb", "Anna Ö_4711", "4711"),
        ("Anna Ö_4711_assignsubmission_file_ex05_vad.ipynb", "Anna Ö_4711", "4711"),
    ],
)
def test_the_names_of_platforms_are_read(file: str, student: str, number: str) -> None:
    found = parse_platform_name(file)
    assert found is not None
    assert (student_of(file), found.number) == (student, number)


def test_canvas_finds_students_by_its_own_number_and_the_later_upload_counts(tmp_path: Path) -> None:
    first, last = "mulleranna_4711_998877_ex05_vad.ipynb", "mulleranna_LATE_4711_1002003_ex05_vad-1.ipynb"
    results = [replace(ANNA, student=student_of(name), file=name, late_hours=0.0) for name in (last, first)]
    results[1] = replace(results[1], tasks=TASKS[1:])
    _, _, row = written(tmp_path, results, "canvas")
    assert row == ["mulleranna", "4711", "", "", "", "2"]


def test_moodles_placeholder_for_a_date_stays_as_moodle_writes_it(tmp_path: Path) -> None:
    head, row = written(tmp_path, [ANNA], "moodle")
    cells = dict(zip(head, row, strict=True))
    assert cells["Last modified (submission)"] == cells["Last modified (grade)"] == "-"


@pytest.mark.parametrize(
    ("platform", "file", "name"),
    [
        ("canvas", "mulleranna_4711_998877_ex05_vad.ipynb", "mulleranna_4711_998877_ex05_vad.html"),
        (
            "moodle",
            "Anna Ö_4711_assignsubmission_file_/ex05_vad.ipynb",
            "Anna Ö_4711_assignsubmission_file/feedback-ex05_vad.html",
        ),
        (
            "moodle",
            "Anna Ö_4711_assignsubmission_file_ex05_vad.ipynb",
            "Anna Ö_4711_assignsubmission_file/feedback-ex05_vad.html",
        ),
    ],
)
def test_pages_go_back_under_the_names_that_the_platform_takes(
    tmp_path: Path, platform: str, file: str, name: str
) -> None:
    anna = replace(ANNA, student=student_of(file), file=file)
    for one in (anna, BEN):
        (tmp_path / page_of(one)).parent.mkdir(exist_ok=True)
        (tmp_path / page_of(one)).write_text(one.student)
    (path,) = write_handback([anna, BEN], tmp_path, platform=platform)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [name] == [page_for(file)]
        assert archive.read(name).decode() == anna.student
    again = path.read_bytes()
    write_handback([anna, BEN], tmp_path, platform=platform)
    assert path.read_bytes() == again, "the same pages, the same bytes"


@pytest.mark.parametrize("format", ["csv", "canvas", "moodle", "gradescope"])
def test_an_empty_class_is_no_error(tmp_path: Path, format: Format) -> None:  # noqa: A002
    assert all(path.is_file() for path in write_csv([], tmp_path / "out", format=format))


def marks(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "marks.csv"
    path.write_text(text, encoding=encoding)
    return path


def merge_written(results: list[Result], path: Path) -> list[Result]:
    """Put the marks of a table into the results, as `audiocourse report --marks` does."""
    return with_marks(results, read_marks(results, path))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("student,task,points,comment\nanna,explain_vad,2.5,Names the stage.\n", "utf-8"),
        ('"student";"task";"points";"comment"\n"anna";"explain_vad";"2,5";"Names the stage."\n;;;\n', "utf-8-sig"),
        ("comment,points,task,student\nNames the stage., 2.5 ,explain_vad,anna\n", "utf-8"),
    ],
)
def test_marks_come_in(tmp_path: Path, text: str, encoding: str) -> None:
    merged = merge_written([ANNA, BEN], marks(tmp_path, text, encoding))
    assert merged[1] == BEN
    assert merged[0].points == 4.5
    explained = merged[0].tasks[2]
    assert (explained.status, explained.messages, explained.of) == ("graded", ("Names the stage.",), 3.0)
    assert merged[0].tasks[:2] == TASKS[:2]
    assert merge_written(merged, tmp_path / "marks.csv") == merged, "merging twice changes nothing"


def test_a_student_whose_name_was_defused_is_found(tmp_path: Path) -> None:
    evil = replace(ANNA, student="=anna")
    merged = merge_written([evil], marks(tmp_path, "student,task,points\n'=anna,explain_vad,3\n"))
    assert merged[0].points == 5.0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("dora,explain_vad,2", ("line 2", "'dora'")),
        ("anna,explain_dog,2", ("'explain_dog'", "explain_vad")),
        ("anna,hangover,2", ("'hangover'", "marked by hand")),
        ("anna,explain_vad,4", ("4 points", "0 to 3")),
        ("anna,explain_vad,-1", ("-1 points",)),
        ("anna,explain_vad,nan", ("nan points",)),
        ("anna,explain_vad,good", ("'good'", "not a number")),
        ("anna,explain_vad,", ("not a number",)),
        ("anna,explain_vad,1\nanna,explain_vad,2", ("line 3", "already")),
        ("ben@example.org,explain_vad,1", ("no notebook with explain_vad",)),
    ],
)
def test_wrong_marks_are_named_with_their_line(tmp_path: Path, refuses: Refuses, row: str, words: tuple[str]) -> None:
    with refuses(*words):
        merge_written([ANNA, BEN], marks(tmp_path, f"student,task,points\n{row}\n"))


def test_a_table_that_is_none_is_refused(tmp_path: Path, refuses: Refuses) -> None:
    with refuses("'task'", "student,task,points"):
        merge_written([ANNA], marks(tmp_path, "student,points\nanna,1\n"))
    with refuses("'student'"):
        merge_written([ANNA], marks(tmp_path, ""))
    with refuses("UTF-8"):
        merge_written([ANNA], marks(tmp_path, "student,task,points\nännä,explain_vad,1\n", "latin-1"))
    with refuses("after line 1", "table"):
        merge_written([ANNA], marks(tmp_path, "student,task,points\n" + "x" * 200_000))
    with refuses("cannot be read"):
        merge_written([ANNA], tmp_path / "nothing.csv")
