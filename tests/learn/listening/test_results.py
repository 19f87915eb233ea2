"""Results are kept without sound, survive damage, and come out of a submission as they went in, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audiocourse.learn.files import progress, workspace
from audiocourse.learn.files.notebook import read_notebook
from audiocourse.learn.listening.results import (
    KEY,
    ListeningResult,
    handed_in,
    note_result,
    read_results,
    results_path,
)

RESULT = ListeningResult("Is X A or B?", "abx", ("16 bits", "8 bits"), trials=16, count=14)
STORED = {"question": "?", "kind": "abx", "labels": ["a", "b"], "trials": 16, "count": 14}


def test_results_are_kept_one_after_the_other(clone: Path) -> None:
    assert "listening_tests.json" in note_result(RESULT)
    note_result(RESULT)
    assert [result.count for result in read_results()] == [14, 14]
    assert read_results()[0].at
    assert [path.name for path in (clone / "work").iterdir()] == ["listening_tests.json"]


def test_a_broken_file_is_put_aside_and_said_so(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clone / "work").mkdir()
    results_path().write_text("{ half a file")
    note_result(RESULT)
    assert "listening_tests.broken.json" in capsys.readouterr().out
    assert (clone / "work" / "listening_tests.broken.json").read_text() == "{ half a file"
    assert len(read_results()) == 1


def test_nothing_is_kept_where_progress_is_off(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(progress.SWITCH, "off")
    assert note_result(RESULT) == ""
    assert not results_path().exists()
    assert clone.is_dir()


def test_a_folder_that_cannot_be_written_is_one_sentence(clone: Path) -> None:
    (clone / "work").write_text("a file stands where the folder should be")
    assert note_result(RESULT).startswith("The result is not kept: ")


def test_a_submission_carries_them(clone: Path) -> None:
    workspace.deliver()
    note_result(RESULT)
    path, _ = workspace.submit("00")
    metadata = read_notebook(path)["metadata"]
    (result,) = handed_in(metadata)
    assert (result.question, result.labels, result.count) == (RESULT.question, RESULT.labels, 14)
    assert clone in path.parents


@pytest.mark.parametrize(
    "changes",
    [
        {"count": 17},
        {"count": "14"},
        {"trials": 0},
        {"trials": True},
        {"kind": "telepathy"},
        {"labels": ["a"]},
        {"labels": "ab"},
        {"question": "?" * 1000},
        {"ratings": {"a": 1000.0}},
        {"threshold": float("nan")},
    ],
)
def test_what_no_test_can_give_is_left_out(changes: dict[str, Any]) -> None:
    assert len(handed_in({KEY: [STORED, {**STORED, **changes}]})) == 1


@pytest.mark.parametrize("found", [None, 3, {}, "x", [None], [[]], [STORED | {"labels": {}}]])
def test_metadata_of_another_form_holds_no_results(found: object) -> None:
    assert handed_in({KEY: found}) == ()


def test_the_number_of_results_is_limited() -> None:
    assert len(handed_in({KEY: json.loads(json.dumps([STORED] * 600))})) == 500
