"""Beside nbgrader: many times as fast on the same submissions, with the same points; and the table says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("grading_scores.py"))
FEW = ("solution", "every-second-1", "all-misconceptions-1")
needs_nbgrader = pytest.mark.skipif(
    not board.has_nbgrader(), reason="nbgrader is not installed (pip install 'audiocourse[nbgrader]')"
)


def pair(ours: float, theirs: float, *, right: bool) -> board.Pair:
    honest = {task: earned for task, earned in board.READY["solution"].points.items() if earned}
    return board.Pair(ours, theirs, honest, honest if right else {})


@needs_nbgrader
def test_many_times_as_fast_as_nbgrader_with_the_same_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs in turns, so that a loaded machine slows both."""
    monkeypatch.setenv("PATH", os.environ["PATH"])  # the course may lengthen it; this undoes that
    race = board.race(FEW)
    assert board.exact(race, FEW) == (len(FEW), len(FEW))
    assert race.ratio >= 10


def test_the_table_gives_medians_ratios_and_exact_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    race = board.Race(3.0, 1.0, {"solution": pair(0.1, 5.0, right=True), "tabs": pair(0.1, 7.0, right=False)}, 0.24)
    monkeypatch.setattr(board, "CLASS", tuple(race.pairs))
    monkeypatch.setattr(board, "DAMAGED", ("tabs",))
    monkeypatch.setattr(board, "has_nbgrader", lambda: True)
    monkeypatch.setattr(board, "race", lambda _: race)
    monkeypatch.setattr(board, "greedy_memory", lambda: 1234.0)
    table, memory = board.tables()
    rows = [line.split()[-3:] for line in table.splitlines()[3:]]
    assert rows[:3] == [["s", "3.00", "1.00"], ["0.100", "6.000", "60"], ["0.24", "12.00", "50"]]
    assert [row[-2:] for row in rows[3:]] == [["2", "1"], ["1", "0"]]
    assert "1234 MB" in memory


def test_without_nbgrader_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "has_nbgrader", lambda: False)
    (said,) = board.tables()
    assert "pip install 'audiocourse[nbgrader]'" in said


def test_the_names_of_the_class_are_twenty_honest_submissions() -> None:
    assert len(set(board.CLASS)) == 20
    assert all(board.READY[name].harmless for name in (*board.CLASS, *board.DAMAGED))
    full = board.READY["solution"].points
    assert all(board.READY[name].points == full for name in board.DAMAGED)
