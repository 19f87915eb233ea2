"""The test command itself: its steps, its report and its budgets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from audiocourse import testing


def report(tmp_path: Path, seconds: dict[str, list[float]]) -> Path:
    cases = "".join(
        f'<testcase classname="solutions.{name}.ipynb" name="Cell 0" time="{time}"/>'
        for name, times in seconds.items()
        for time in times
    )
    path = tmp_path / "nbval.xml"
    path.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>", encoding="utf-8")
    return path


def test_the_times_of_cells_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert testing.over_budget(report(tmp_path, {"a": [10.0, 19.0], "b": [1.5]})) == []
    assert "a 29.0, b 1.5" in capsys.readouterr().out


def test_a_slow_notebook_is_named(tmp_path: Path) -> None:
    assert testing.over_budget(report(tmp_path, {"a": [91.0], "b": [1.0]})) == [
        "a runs longer than 90 s",
        "half of the solutions run longer than 30 s",
    ]
    assert testing.over_budget(tmp_path / "none.xml") == ["the times of the notebooks are missing"]


def test_one_failed_step_fails_the_whole_and_the_others_still_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = {"good": [sys.executable, "-c", "pass"], "bad": [sys.executable, "-c", "raise SystemExit(3)"]}
    monkeypatch.setattr(testing, "steps", lambda: {**steps, "last": steps["good"]})
    monkeypatch.setattr(testing, "over_budget", lambda _: [])
    assert testing.run_all(tmp_path) == 1
    out = capsys.readouterr().out
    assert "bad: FAILED" in out
    assert "last: passed" in out
    assert out.rstrip().endswith("Failed: bad.")


def test_every_kind_of_test_is_in_the_command() -> None:
    words = " ".join(" ".join(command) for command in testing.steps().values())
    for part in ("ruff check", "ruff format --check", "mypy", "build --check", "--nbval", "tests audiocourse"):
        assert part in words
