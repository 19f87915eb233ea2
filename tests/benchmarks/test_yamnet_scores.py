"""The score board of yamnet-mini, in miniature, on synthetic recordings in the layout of ESC-10."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from audiocourse import signal
from audiocourse.classify.tagged_clips import TAGS
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.sounds import event

board = load_by_path(Path(__file__).with_name("yamnet_scores.py"))


def test_recordings_become_patches_of_their_labels_without_pauses(tmp_path: Path) -> None:
    bark = event("dog_bark", rng=np.random.default_rng(1), sr=32_000, max_seconds=1.0).y[:16_000]
    signal.write(tmp_path / "bark.wav", np.pad(bark, (0, 4 * 32_000)), 32_000)
    signal.write(tmp_path / "saw.wav", bark, 32_000)
    rows = "file,label\nbark.wav,dog_bark\nsaw.wav,chainsaw\n"
    (tmp_path / "labels.csv").write_text(rows, encoding="utf-8")
    patches = board.real_patches(tmp_path)
    assert list(patches) == ["dog_bark"], "a chainsaw is none of its classes"
    assert 1 <= len(patches["dog_bark"]) <= 2
    table = board.real_table(patches, clips=12)
    assert table[3].startswith("dog_bark")
    assert len(table) == 4


def test_the_share_right_counts_patches() -> None:
    scores = np.eye(12)[[TAGS.index("rain"), TAGS.index("rain"), TAGS.index("siren"), TAGS.index("rain")]]
    assert board.share_right(scores, "rain") == 0.75


def test_what_is_missing_is_reported() -> None:
    unknown, real = board.tables(None)
    assert len(unknown.splitlines()) == 6
    assert "metronome" in unknown
    assert "--data DIR" in real
