"""The score board of synthesisers: what its tables count."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("synthesis_scores.py"))


def test_a_recogniser_that_knows_the_text_makes_no_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "synthesizers", lambda: {"espeak-ng itself": board.espeak})
    text = "The bus leaves in twenty minutes."
    right = board.round_trip_table("title", [text], lambda _: "the bus leaves in 20 minutes")
    wrong = board.round_trip_table("title", [text], lambda _: "the bus sleeps")
    assert right.splitlines()[-1].split()[-1] == "0.000"
    assert float(wrong.splitlines()[-1].split()[-1]) == pytest.approx(4 / 6, abs=1e-3)


def test_natural_speech_is_nearest_to_its_own_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = board.english_speakers(split="held-out")[25]
    others = {"own": board.espeak, "stranger": lambda text, _, seed: board.espeak(text, stranger, seed)}
    monkeypatch.setattr(board, "synthesizers", lambda: others)
    own, strange = (float(line.split()[-1]) for line in board.cloning_table(2, others=27).splitlines()[-2:])
    assert own == 1.0
    assert strange == 0.0
