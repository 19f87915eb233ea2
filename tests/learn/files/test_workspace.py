"""The student's folder: nothing in it is ever lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from audiocourse import AudioCourseError
from audiocourse.cli import main
from audiocourse.course import load_course
from audiocourse.learn.files import progress, workspace
from audiocourse.learn.files.notebook import read_notebook, tags, write_notebook

NAME = "ex05_vad.ipynb"


def change(path: Path, tag: str, edit: Callable[[str], str]) -> None:
    nb = read_notebook(path)
    for cell in nb["cells"]:
        if tag in tags(cell):
            cell["source"] = edit(cell["source"])
    write_notebook(nb, path)


def cell_of(path: Path, tag: str) -> NotebookNode:
    return next(cell for cell in read_notebook(path)["cells"] if tag in tags(cell))


def test_notebooks_arrive_once(clone: Path) -> None:
    assert all(line.endswith(": new") for line in workspace.deliver())
    assert workspace.deliver() == []
    assert (clone / "work" / "00_start_here.ipynb").is_file()


def test_an_answer_survives_a_newer_course(clone: Path) -> None:
    workspace.deliver()
    change(clone / "work" / NAME, "task:hangover", lambda _: "def hangover(active, *, frames): return 'mine'")
    mine = (clone / "work" / NAME).read_bytes()
    change(clone / "notebooks" / NAME, "task:hangover", lambda source: source + "\n# a newer course")
    lines = workspace.deliver()
    assert lines == [f"{NAME}: yours is kept; the newer version is beside it as ex05_vad.update.ipynb"]
    assert (clone / "work" / NAME).read_bytes() == mine
    assert "a newer course" in cell_of(clone / "work" / "ex05_vad.update.ipynb", "task:hangover")["source"]
    assert workspace.deliver() == []


def test_an_untouched_notebook_is_brought_up_to_date_whatever_jupyter_stored_in_it(clone: Path) -> None:
    workspace.deliver()
    nb = read_notebook(clone / "work" / NAME)
    nb["metadata"]["widgets"] = {"state": {}}
    write_notebook(nb, clone / "work" / NAME)
    change(clone / "notebooks" / NAME, "task:hangover", lambda source: source + "\n# a newer course")
    assert workspace.deliver() == [f"{NAME}: brought up to date"]
    assert "a newer course" in cell_of(clone / "work" / NAME, "task:hangover")["source"]


def test_a_damaged_notebook_in_work_is_not_overwritten(clone: Path) -> None:
    workspace.deliver()
    (clone / "work" / NAME).write_text("{ half a notebook")
    change(clone / "notebooks" / NAME, "task:hangover", lambda source: source + "\n# a newer course")
    workspace.deliver()
    assert (clone / "work" / NAME).read_text() == "{ half a notebook"


def test_a_lost_list_of_deliveries_overwrites_nothing(clone: Path) -> None:
    workspace.deliver()
    change(clone / "work" / NAME, "task:hangover", lambda _: "mine = 1")
    (clone / "work" / ".delivered.json").unlink()
    workspace.deliver()
    assert cell_of(clone / "work" / NAME, "task:hangover")["source"] == "mine = 1"


def test_reset_keeps_the_old_one(clone: Path) -> None:
    workspace.deliver()
    change(clone / "work" / NAME, "task:hangover", lambda _: "mine = 1")
    for count in (1, 2, 3):
        assert "is kept as work" in workspace.reset("ex05").replace(os.sep, "/")
        assert len(list((clone / "work" / "kept").iterdir())) == count
    assert "NotImplementedError" in cell_of(clone / "work" / NAME, "task:hangover")["source"]


def test_a_work_folder_that_cannot_be_made_is_one_sentence(clone: Path) -> None:
    (clone / "work").write_text("a file")
    with pytest.raises(AudioCourseError, match="cannot be written"):
        workspace.deliver()


def test_forget_deletes_recordings_and_nothing_else(clone: Path) -> None:
    workspace.deliver()
    folder = clone / "work" / "recordings" / "today"
    folder.mkdir(parents=True)
    (folder / "me.wav").write_bytes(b"x")
    (folder.parent / "me too.wav").write_bytes(b"x")
    assert workspace.forget() == 2
    assert workspace.forget() == 0
    assert (clone / "work" / NAME).is_file()


def test_submit_lists_what_is_missing_and_strips_outputs(clone: Path) -> None:
    workspace.deliver()
    start = clone / "work" / "00_start_here.ipynb"
    path, missing = workspace.submit("00")
    assert len(missing) == 1
    assert missing[0].startswith("duration_seconds: not started.")
    change(start, "task:duration_seconds", lambda _: "def duration_seconds(y, sr): return y.shape[-1] / sr")
    nb = read_notebook(start)
    nb["cells"][1]["outputs"] = [new_output("stream", name="stdout", text="private")]
    write_notebook(nb, start)
    path, missing = workspace.submit("00")
    assert missing == []
    assert path == clone / "work" / "submissions" / "00_start_here.ipynb"
    assert not any(cell.get("outputs") for cell in read_notebook(path)["cells"])


def test_submit_notices_a_cell_that_only_ran_by_luck(clone: Path) -> None:
    workspace.deliver()
    start = clone / "work" / "00_start_here.ipynb"
    change(
        start, "task:duration_seconds", lambda _: "def duration_seconds(y, sr): return y.shape[-1] / sr\nprint(gone)"
    )
    _, missing = workspace.submit("00")
    assert any("NameError" in line for line in missing)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Write here …", "not started"),
        ("*Write here …*\n\n" + "word " * 100, ""),
        ("too short", "2 words"),
        ("word " * 100, ""),
        ("word " * 200, "200 words"),
    ],
)
def test_a_written_answer_is_counted(clone: Path, text: str, words: str) -> None:
    workspace.deliver()
    change(clone / "work" / NAME, "written:explain_vad", lambda _: text)
    said = workspace.odd_about_text(read_notebook(clone / "work" / NAME), "explain_vad")
    assert (words in said[0]) if words else said == []


def test_check_from_the_terminal(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.deliver()
    answer = "def hangover(active, *, frames):\n    return active"
    change(clone / "work" / NAME, "task:hangover", lambda _: answer)
    assert main(["check", "ex05", "hysteresis"]) == 1
    assert not (clone / "work" / "progress.json").exists()  # a blank is not started, not "0 of 5"
    assert main(["check", "ex05", "hangover"]) == 1
    out = capsys.readouterr().out
    assert "hangover: " in out
    assert "Next: " in out
    body = "np.array([active[max(0, m - frames) : m + 1].any() for m in range(len(active))])"
    right = f"def hangover(active, *, frames):\n    return {body}"
    change(clone / "work" / NAME, "task:hangover", lambda _: right)
    assert main(["check", "ex05", "hangover"]) == 0
    assert main(["status"]) == 0
    assert "done" in capsys.readouterr().out
    assert json.loads((clone / "work" / "progress.json").read_text())["tasks"]["hangover"]["points"] == 2


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["check", "ex99"], "no notebook called 'ex99'"),
        (["check", "ex05", "loudness"], "There is no task 'loudness'"),
        (["check", "ex05", "10.1"], "ex05_vad has no task 10.1; it has 5.1 frame_level_db,"),
        (["hint", "Hangovr"], "did you mean hangover?"),
        (["hint", "loudness"], "no task 'loudness'"),
        (["submit", "ex05"], "cannot be opened"),
    ],
)
def test_wrong_names_are_one_sentence(
    clone: Path, capsys: pytest.CaptureFixture[str], command: list[str], words: str
) -> None:
    if command[0] != "submit":
        workspace.deliver()
    assert (clone / "work").is_dir() == (command[0] != "submit")
    assert main(command) == 1
    assert words in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", ["5.4", "Hangover", " hangover "])
def test_a_task_is_known_by_its_number_and_in_any_case(
    name: str, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clone.is_dir() and load_course().find_task("hangover").number == "5.4"
    assert main(["hint", name]) == 0
    assert main(["hint", "hangover"]) == 0
    assert capsys.readouterr().out.count("Hint 1 of") == 2 and "hangover" in progress.read_progress()["hints"]


def test_hints_come_one_by_one(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clone.is_dir()
    for shown in (1, 2):
        assert main(["hint", "smooth_decisions"]) == 0
        assert capsys.readouterr().out.count("Hint ") == shown


@pytest.mark.parametrize("source", ["# I deleted it", "def duration_secs(y, sr): return 1.0", "duration_seconds = 3"])
def test_a_cell_without_its_function_is_not_complete(
    clone: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    workspace.deliver()
    change(clone / "work" / "00_start_here.ipynb", "task:duration_seconds", lambda _: source)
    assert main(["check", "00"]) == 1
    assert "complete" not in capsys.readouterr().out


def test_an_answer_under_a_cell_magic_counts(clone: Path) -> None:
    workspace.deliver()
    source = "%%time\ndef duration_seconds(y, sr): return y.shape[-1] / sr"
    change(clone / "work" / "00_start_here.ipynb", "task:duration_seconds", lambda _: source)
    assert main(["check", "00"]) == 0


def test_an_answer_in_an_update_survives_the_next_update(clone: Path) -> None:
    workspace.deliver()
    change(clone / "work" / NAME, "task:hangover", lambda _: "mine = 1")
    for version in (1, 2, 3):
        change(clone / "notebooks" / NAME, "task:hangover", lambda source, v=version: source + f"\n# version {v}")
        workspace.deliver()
        if version == 1:
            change(clone / "work" / "ex05_vad.update.ipynb", "task:hangover", lambda _: "mine = 2")
    assert cell_of(clone / "work" / "ex05_vad.update.ipynb", "task:hangover")["source"] == "mine = 2"
    assert "version 3" in cell_of(clone / "work" / "ex05_vad.update-3.ipynb", "task:hangover")["source"]


def test_the_open_task_may_use_the_stages_of_the_notebook_in_the_terminal_too(clone: Path) -> None:
    workspace.deliver()
    source = "def detect_speech(y, sr):\n    return find_speech(y, sr)"
    change(clone / "work" / NAME, "task:detect_speech", lambda _: source)
    findings = workspace.examine(load_course().find_notebook("ex05"), read_notebook(clone / "work" / NAME))
    report = next(finding.report for finding in findings if finding.task == "detect_speech")
    assert report is not None
    assert report.passed >= 1


def test_a_folder_that_cannot_be_written_is_one_sentence_for_every_command(
    clone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.deliver()

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system", str(self))

    for name in ("replace", "write_text", "mkdir"):
        monkeypatch.setattr(Path, name, refuse)
    for command in ("reset", "submit"):
        assert main([command, "00"]) == 1
        assert "Read-only file system" in " ".join(capsys.readouterr().out.split())
    assert clone.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="there is no time limit on Windows")
def test_an_endless_loop_is_stopped_and_the_other_tasks_are_still_checked(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.deliver()
    path = clone / "work" / NAME
    change(path, "task:hangover", lambda _: "def hangover(active, *, frames):\n    while True:\n        pass")
    monkeypatch.setattr("audiocourse.learn.checking.answers.SECONDS_PER_STAGE", 0.3)
    monkeypatch.setattr("audiocourse.learn.checking.limits.SECONDS_PER_TASK", 0.5)
    findings = {one.task: one for one in workspace.examine(load_course().find_notebook("ex05"), read_notebook(path))}
    assert "loops never end" in findings["hangover"].lines[-1]
    assert not findings["hangover"].complete
    assert "not started" in findings["hysteresis"].lines[0]
