"""A wide beam and an alignment at least as fast as torchaudio's; and the table says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path

speed = load_by_path(Path(__file__).with_name("ctc_speed_scores.py"))


needs_peer = pytest.mark.skipif(not speed.HAS_PEER, reason="torchaudio's beam search needs flashlight-text")


@needs_peer
@pytest.mark.parametrize("kind", speed.LEADS)
def test_a_wide_beam_is_at_least_as_fast_as_torchaudio(kind: str) -> None:
    """Pairs in turns, so that a loaded machine slows both; measured: 6 times as fast, 3 where the network is sure."""
    assert speed.race(speed.jobs(frames=speed.FRAMES)[f"beam_search 50, {kind}"], rounds=5).ratio >= 1


def test_an_alignment_is_at_least_as_fast_as_torchaudio() -> None:
    assert speed.race(speed.jobs(frames=speed.FRAMES)["forced_align"], rounds=9).ratio >= 1


@needs_peer
def test_the_table_has_a_row_for_each_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "FRAMES", 40)
    (table,) = speed.tables()
    assert len(table.splitlines()[2:]) == len(speed.jobs(frames=40)) == 5
