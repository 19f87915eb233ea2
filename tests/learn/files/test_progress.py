"""Progress is kept, survives damage, and stays out of tests, CI and grading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audiocourse.learn.files import progress


def test_the_best_result_is_kept(clone: Path) -> None:
    progress.note_check("hangover", passed=3, of=3, points=2)
    progress.note_check("hangover", passed=1, of=3, points=0)
    assert progress.read_progress()["tasks"]["hangover"]["passed"] == 3
    assert (clone / "work" / "progress.json").is_file()


def test_a_task_with_other_checks_is_counted_anew(clone: Path) -> None:
    assert clone.is_dir()
    progress.note_check("hangover", passed=3, of=3, points=2)
    progress.note_check("hangover", passed=3, of=4, points=0)
    assert progress.read_progress()["tasks"]["hangover"]["of"] == 4


def test_hints_are_counted_upwards(clone: Path) -> None:
    assert clone.is_dir()
    progress.note_hint("hangover", shown=2)
    progress.note_hint("hangover", shown=1)
    assert progress.read_progress()["hints"]["hangover"] == 2


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        '{"tasks": 3, "hints": {}}',
        "null",
        "\x00",
        '{"tasks": {"a": 3}, "hints": {}}',
        '{"tasks": {"a": {}}, "hints": {}}',
        '{"tasks": {"a": {"passed": 1, "of": 2, "points": "x"}}, "hints": {}}',
        '{"tasks": {}, "hints": {"a": "x"}}',
    ],
)
def test_a_broken_file_is_put_aside_and_said_so(clone: Path, capsys: pytest.CaptureFixture[str], broken: str) -> None:
    path = clone / "work" / "progress.json"
    path.parent.mkdir()
    path.write_text(broken)
    progress.note_check("hangover", passed=1, of=3, points=0)
    assert "progress.broken.json" in capsys.readouterr().out
    assert (path.parent / "progress.broken.json").read_text() == broken
    assert json.loads(path.read_text())["tasks"]["hangover"]["passed"] == 1


def test_a_folder_that_cannot_be_written_costs_nothing(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clone / "work").write_text("a file stands where the folder should be")
    progress.note_check("hangover", passed=1, of=3, points=0)
    assert "checks work all the same" in capsys.readouterr().out


def test_nothing_is_left_lying_about(clone: Path) -> None:
    progress.note_check("hangover", passed=1, of=3, points=0)
    assert [path.name for path in (clone / "work").iterdir()] == ["progress.json"]


@pytest.mark.parametrize(
    ("switch", "ci", "expected"), [("", "", True), ("", "true", False), ("on", "true", True), ("off", "", False)]
)
def test_when_it_is_on(monkeypatch: pytest.MonkeyPatch, switch: str, ci: str, expected: bool) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    for name, value in {"AUDIOCOURSE_PROGRESS": switch, "CI": ci}.items():
        if value:
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name, raising=False)
    assert progress.is_on() is expected
