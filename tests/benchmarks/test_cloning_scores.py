"""The score board of cloning: its figures on a few speakers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("cloning_scores.py"))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SPEAKERS", 4)
    monkeypatch.setattr(board, "TRAINING_SPEAKERS", 6)
    board.spoken_sentences.cache_clear()


def value(table: str, row: str) -> float:
    found = re.search(rf"^\s*{re.escape(row)}\s+(\S+)", table, re.MULTILINE)
    assert found, f"no row {row} in\n{table}"
    return float(found[1])


def test_voices_are_nearest_to_themselves() -> None:
    table = board.similarity_table()
    assert value(table, "natural sentences") > 0.9
    assert value(table, "Griffin-Lim copies") > 0.8


def test_what_is_promised_of_the_mark_is_told_from_what_is_not() -> None:
    table = board.watermark_table({"synthetic": board.synthetic_clips()[:2]})
    assert value(table, "MP3") == 1
    assert value(table, "4 % faster (not promised)") == 0
    assert "false alarms, unmarked: 0.00000 of 40" in table
