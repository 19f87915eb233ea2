"""At least as fast as librosa, with no more memory; and the tables of speed and of peers say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path

speed = load_by_path(Path(__file__).with_name("speed_scores.py"))
parity = load_by_path(Path(__file__).with_name("parity_scores.py"))


@pytest.mark.parametrize("job", speed.JOBS)
def test_at_least_as_fast_as_librosa_and_no_hungrier(job: str) -> None:
    """Pairs in turns, so that a loaded machine slows both; one per cent more memory is the rounding of buffers."""
    y = speed.made_sound(8 if job == "pyin" else speed.SECONDS)
    race = speed.race(job, y, rounds=2 if job == "pyin" else 5)
    assert race.ratio >= 1
    assert race.our_memory <= 1.01 * race.their_memory


def test_the_speed_table_has_a_row_for_each_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "SECONDS", 6)
    (table,) = speed.tables()
    assert [line[:31].strip() for line in table.splitlines()[2:]] == list(speed.JOBS)


def test_the_table_of_peers_shows_the_differences_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = '("ours", "theirs", 1e-5, "of the peak", lambda: 2e-7), ("mine", "yours", 0.5, "lags", lambda: 0.25)'
    (tmp_path / "peers_of_a_test.py").write_text(f"PEERS = [{rows}]\n", encoding="utf-8")
    monkeypatch.setattr(parity, "PEERS", tmp_path)
    (table,) = parity.tables()
    first, second = table.splitlines()[2:]
    assert first.split() == ["ours", "theirs", "2e-07", "1e-05", "of", "the", "peak"]
    assert second.split() == ["mine", "yours", "0.2", "0.5", "lags"]
