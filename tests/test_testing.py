"""The test command itself: its steps, its report and its budgets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Refuses

from audiocourse import testing
from audiocourse.course import load_course

ROOT = Path(__file__).resolve().parents[1]


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
    for part in (
        "audiocourse doctor",
        "ruff check",
        "ruff format --check",
        "mypy",
        "build --check",
        "--nbval",
        "tests audiocourse",
    ):
        assert part in words


def targets(*touched: str) -> list[str]:
    """Return what pytest is asked for, step by step, when files are touched."""
    quick = testing.quick_steps(touched, ROOT).values()
    asked = [command[command.index("no:cacheprovider") + 1 :] for command in quick if "pytest" in command]
    return [" ".join(word for word in words if not word.startswith("--ignore=")) for words in asked]


NBVAL = " ".join(testing.NBVAL)


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        ([], ["tests/course"]),
        (["README.md"], ["tests/course"]),
        (["audiocourse/signal/mel.py"], ["tests/course audiocourse/signal tests/signal"]),
        (["audiocourse/lab.py"], ["tests/course tests/test_lab.py"]),
        (["tests/signal/test_mel.py", "tests/test_lab.py"], ["tests/course tests/signal tests/test_lab.py"]),
        (["tests/signal/no_longer_there.py"], ["tests/course tests/signal"]),
        (["audiocourse/no_such_room/x.py"], ["tests/course"]),
        (
            ["solutions/02a_ctc.ipynb", "notebooks/02a_ctc.ipynb", "tests/exercises/ex05_vad/checks.py"],
            [
                f"{NBVAL} solutions/02a_ctc.ipynb solutions/ex05_vad.ipynb",
                "tests/exercises -k TASKS",
                "tests/course",
            ],
        ),
    ],
)
def test_a_change_is_tested_by_its_rooms_and_notebooks(touched: list[str], expected: list[str]) -> None:
    names = [task.name for name in ("02a_ctc", "ex05_vad") for task in load_course().find_notebook(name).task]
    tasks = " or ".join(f"[{name}]" for name in names)
    assert targets(*touched) == [text.replace("TASKS", tasks) for text in expected]


def test_what_is_left_out_of_quick_is_there_and_in_the_whole() -> None:
    assert all((ROOT / name).is_file() for name in testing.TOO_LONG)
    assert not any("--ignore" in word for command in testing.steps().values() for word in command)


def git(root: Path, *words: str) -> None:
    author = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(root), *author, *words], check=True, capture_output=True)


def test_touched_is_what_differs_from_the_last_commit_on_main(tmp_path: Path, refuses: Refuses) -> None:
    with refuses("without --quick"):
        testing.touched_files(tmp_path)
    git(tmp_path, "init")
    for name in ("kept", "changed", "staged", "committed"):
        (tmp_path / name).write_text("1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    assert testing.touched_files(tmp_path) == []
    git(tmp_path, "checkout", "-b", "work")
    (tmp_path / "committed").write_text("2")
    git(tmp_path, "commit", "-am", "on a branch")
    for name in ("changed", "staged", "new"):
        (tmp_path / name).write_text("2")
    git(tmp_path, "add", "staged")
    assert sorted(testing.touched_files(tmp_path)) == ["changed", "committed", "new", "staged"]
