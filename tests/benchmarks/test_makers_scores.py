"""Material is made faster than it is trained on, and the table has a row for each maker."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("makers_scores.py"))


def test_the_table_has_a_row_for_each_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SECONDS", 0.01)
    (table,) = board.tables()
    rows = table.splitlines()[2:]
    assert [row[:32].strip() for row in rows] == list(board.MAKERS)
    assert all(float(row[32:]) > 0 for row in rows)


@pytest.mark.parametrize("maker", ["Speaker.say", "emotional", "dialogue", "augment"])
def test_more_than_fifty_times_real_time(maker: str) -> None:
    """Measured 200 to 900; a loaded machine and a slower processor leave this."""
    assert board.times_real_time(board.MAKERS[maker](), seconds=0.3) > 50
