"""The score board of spoken digits: its parts on made words, its figures on real ones."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.sounds import say

board = load_by_path(Path(__file__).with_name("digits_scores.py"))
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_fsdd = pytest.mark.skipif(
    not (REAL / "fsdd" / "labels.csv").is_file(), reason="the real recordings are not part of the project"
)


def test_the_share_right_counts_words() -> None:
    words = [board.Word(np.zeros(8), digit, "x") for digit in (1, 2, 2, 3)]
    assert board.share_right(lambda sounds: [2] * len(sounds), words) == 0.5


def test_takes_are_read_by_their_names_and_sorted_by_speaker(tmp_path: Path) -> None:
    for name in ("7_jackson_0", "3_george_1", "0_george_0"):
        signal.write(tmp_path / f"{name}.wav", say("seven", sr=8_000).y, 8_000)
    words = board.read_fsdd(tmp_path)
    assert [(word.digit, word.who) for word in words] == [(0, "george"), (3, "george"), (7, "jackson")]
    sizes = {name: len(chosen) for name, chosen in board.real_sets(words).items()}
    assert sizes == {
        "real, george": 2,
        "real, jackson": 1,
        "real, last choices made on them": 1,
        "real, first drafts only": 2,
        "real, all": 3,
    }


def test_made_words_are_recognised_and_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    few = board.made_words
    monkeypatch.setattr(board, "made_words", lambda count, split="test": few(count // 10, split=split))
    monkeypatch.setattr(board.shutil, "which", lambda _: None)
    board._regression.cache_clear()
    (table,) = board.tables(None)
    board._regression.cache_clear()
    found = re.search(r"unseen voices +50 +(\S+) +(\S+)", table)
    assert found
    assert float(found[1]) > 0.7  # ten classes: chance is 0.1
    assert float(found[2]) > 0.3
    assert "flite is not installed" in table
    assert "Real digits are measured with --data DIR" in table


@pytest.mark.skipif(shutil.which("flite") is None, reason="needs the command flite: a second synthesiser")
def test_a_second_synthesiser_is_understood_too() -> None:
    words = board.flite_words()
    assert len(words) == 160
    assert board.share_right(board.network, words) > 0.5


@needs_fsdd
def test_real_digits_are_understood_far_above_chance_and_above_the_baseline() -> None:
    words = board.read_fsdd(REAL / "fsdd")
    assert len(words) == 2_000
    sets = board.real_sets(words)
    others = sets["real, first drafts only"]
    assert {word.who for word in others}.isdisjoint(board.LOOKED_AT)
    assert board.share_right(board.network, others) > board.share_right(board.baseline, others) + 0.1
