"""The score board of vocoders: its rows, what it says without packages, and that queues pay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("vocoder_scores.py"))


def test_a_perfect_vocoder_and_noise_lie_at_the_ends() -> None:
    (clip,) = board.synthetic(1)
    perfect = board.measures(clip, lambda _: clip.y)
    noise = board.measures(clip, lambda _: np.random.default_rng(0).uniform(-0.1, 0.1, clip.y.size).astype(np.float32))
    assert perfect[0] < 0.1  # dB; the last frame meets its own reflection
    assert noise[0] > 10
    assert np.isnan(perfect[2]) or perfect[2] > 4.5 > 1.5 > noise[2]


def test_non_negative_magnitudes_make_the_better_copy() -> None:
    (clip,) = board.synthetic(1)
    cut, ours = (board.measures(clip, vocode)[0] for vocode in list(board.vocoders().values())[:2])
    assert ours < cut - 0.1  # dB; measured 0.5


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "HAS_PESQ", False)
    monkeypatch.setattr(board, "HAS_STOI", False)
    table = board.copy_table("copies", board.synthetic(1))
    assert table.splitlines()[-1] == "nan: pesq and pystoi not installed (pip install pesq pystoi)."
    assert len(table.splitlines()) == 3 + len(board.vocoders())


def test_the_table_of_speed_ends_with_the_gain_of_queues() -> None:
    """Measured 100 in processor time."""
    lines = board.speed_table(frames=2, samples=2).splitlines()
    assert float(lines[-1].split()[3]) > 50
    assert len(lines) == 2 + len(board.vocoders()) + 4 + 1
