"""Student notebooks come out of solved ones, byte for byte, with blanks that say where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Refuses
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from audiocourse import AudioCourseError
from audiocourse.cli import main
from audiocourse.course import load_course
from audiocourse.learn.files.notebook import read_notebook, tags
from audiocourse.teach.build import BEGIN, END, build, out_of_step, student_notebook, with_blank

TASK = load_course().find_task("duration_seconds")
SOLVED = f'def duration_seconds(y, sr):\n    """Say it."""\n    {BEGIN}\n    return y.shape[-1] / sr\n    {END}\n'


def solved() -> NotebookNode:
    return new_notebook(
        cells=[
            new_markdown_cell("# Title"),
            new_code_cell(SOLVED, metadata={"tags": ["task:duration_seconds"]}, execution_count=3),
            new_code_cell("check('duration_seconds')", metadata={"tags": ["check:duration_seconds"]}),
            new_code_cell("secret = 1", metadata={"tags": ["solution-only"]}),
        ]
    )


def test_the_blank_names_its_task_and_keeps_signature_and_docstring() -> None:
    blank = with_blank(SOLVED, TASK)
    assert blank == (
        'def duration_seconds(y, sr):\n    """Say it."""\n'
        '    raise NotImplementedError("Task 0.1: How long is a sound?")\n'
    )


def test_a_title_may_hold_quotes() -> None:
    asked = TASK.model_copy(update={"title": 'What is a "frame"?'})
    assert '("Task 0.1: What is a \\"frame\\"?")' in with_blank(SOLVED, asked)


def test_solutions_outputs_and_private_cells_stay_behind() -> None:
    nb = student_notebook(solved(), load_course(), "00_start_here")
    text = str(nb)
    assert "shape[-1]" not in text
    assert "secret" not in text
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in nb["cells"])


def test_cells_keep_their_ids_and_carry_nbgraders_metadata() -> None:
    source = solved()
    nb = student_notebook(source, load_course(), "00_start_here")
    assert [cell["id"] for cell in nb["cells"]] == [cell["id"] for cell in source["cells"][:3]]
    answer, checking = nb["cells"][1]["metadata"], nb["cells"][2]["metadata"]
    assert answer["nbgrader"]["solution"]
    assert not answer["nbgrader"]["grade"]
    assert checking["nbgrader"]["grade"]
    assert checking["nbgrader"]["points"] == TASK.points
    assert "raises-exception" in checking["tags"]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda nb: nb["cells"][1].update(source=SOLVED.replace(END, "")), "has no ### BEGIN SOLUTION"),
        (lambda nb: nb["cells"][1]["metadata"].update(tags=["task:unknown"]), "no task 'unknown'"),
        (lambda nb: nb["cells"][1]["metadata"].update(tags=[]), "without its partner, or without a task tag"),
        (lambda nb: nb["cells"].pop(2), "no cell is tagged check:duration_seconds"),
    ],
)
def test_an_authors_mistake_is_named(edit: object, words: str) -> None:
    nb = solved()
    edit(nb)  # type: ignore[operator]
    with pytest.raises(AudioCourseError, match=words):
        student_notebook(nb, load_course(), "00_start_here")


def test_the_code_of_a_cell_that_only_draws_is_collapsed_for_students(refuses: Refuses) -> None:
    nb = solved()
    nb["cells"].append(new_code_cell("show(fig, says='A line.')", metadata={"tags": ["drawing"]}))
    built = student_notebook(nb, load_course(), "00_start_here")
    hidden = [cell["metadata"].get("jupyter", {}).get("source_hidden", False) for cell in built["cells"]]
    assert hidden == [False, False, False, True]
    assert "drawing" in tags(built["cells"][-1])
    assert "jupyter" not in nb["cells"][-1]["metadata"], "the solution itself stays open"
    nb["cells"][1]["metadata"]["tags"].append("drawing")
    with refuses("belongs to a task and is tagged drawing"):
        student_notebook(nb, load_course(), "00_start_here")


def test_several_blanks_in_one_cell() -> None:
    twice = SOLVED + SOLVED.replace("duration_seconds", "other")
    assert with_blank(twice, TASK).count("NotImplementedError") == 2


def test_a_changed_notebook_is_out_of_step_and_is_built_again(clone: Path) -> None:
    assert out_of_step() == []
    name = "ex05_vad.ipynb"
    path = clone / "notebooks" / name
    before = path.read_bytes()
    path.write_bytes(before.replace(b"hysteresis", b"hysterisis", 1))
    assert main(["build", "--check"]) == 1
    assert build() == [name]
    assert path.read_bytes() == before
    assert main(["build", "--check"]) == 0


def test_a_stray_notebook_is_out_of_step(clone: Path) -> None:
    (clone / "notebooks" / "old.ipynb").write_text("{}")
    assert out_of_step() == ["old.ipynb"]
    build()
    assert not (clone / "notebooks" / "old.ipynb").exists()


def test_student_notebooks_of_this_clone_hold_no_solution() -> None:
    root = Path(__file__).resolve().parents[2]
    for path in (root / "notebooks").glob("*.ipynb"):
        nb = read_notebook(path)
        text = str(nb)
        assert "SOLUTION" not in text
        blanks = [cell for cell in nb["cells"] if any(tag.startswith("task:") for tag in tags(cell))]
        assert all("raise NotImplementedError" in cell["source"] for cell in blanks)


def test_without_solutions_nothing_is_built_and_nothing_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses
) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "ex05_vad.ipynb").write_text("{}")
    monkeypatch.setattr("audiocourse.teach.build.course_root", lambda: tmp_path)
    with refuses("no solutions here"):
        build()
    assert (tmp_path / "notebooks" / "ex05_vad.ipynb").is_file()
