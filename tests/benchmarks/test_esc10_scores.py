"""The score board of ESC-10, in miniature, on synthetic recordings in its layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiocourse import AudioCourseError, signal
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.sounds.events.kinds import event

board = load_by_path(Path(__file__).with_name("esc10_scores.py"))
KINDS = ("dog_bark", "rain")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic recordings of two kinds in three folds: short ones, long ones, at another rate."""
    folder = tmp_path_factory.mktemp("data") / "esc10"
    folder.mkdir()
    rows = ["file,label,fold"]
    for fold in (1, 2, 3):
        for number, kind in enumerate(4 * KINDS):
            sound = event(kind, rng=np.random.default_rng([fold, number]), sr=32_000)
            name = f"{fold}-{number}.wav"
            signal.write(folder / name, sound.y, sound.sr)
            rows.append(f"{name},{kind},{fold}")
    (folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def test_every_clip_becomes_five_seconds_and_no_learner_sees_the_fold_it_is_tested_on(real: Path) -> None:
    clips = board.real_clips(real)
    assert clips.spectrograms.shape == (24, 64, 1 + 5 * 22_050 // 512)
    assert clips.cepstra.shape == (24, 2 * 13)
    assert clips.classes == KINDS
    seen = []

    def learn(training: board.Clips) -> board.Predict:
        seen.append(set(training.folds.tolist()))
        return lambda others: np.full(len(others.labels), int(others.folds[0] == 2))

    assert board.fold_accuracies(learn, clips) == [50.0, 50.0, 50.0]
    assert seen == [{2, 3}, {1, 3}, {1, 2}]


def test_the_baselines_tell_a_dog_from_rain(real: Path) -> None:
    clips = board.real_clips(real)
    for name in ("SVM", "random forest"):
        assert np.mean(board.fold_accuracies(board.baseline(name), clips)) > 85


def test_the_table_has_a_row_for_every_learner(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PRETRAINED_CLIPS", 1)
    monkeypatch.setattr(board, "pretrained", lambda settings: board.new_network(10, seed=settings.seed))
    table = board.esc10_table(board.real_clips(real), board.Settings(epochs=1))
    names = [line[:38].strip() for line in table.splitlines()[2:]]
    assert names[:5] == [
        "k-NN",
        "SVM",
        "random forest",
        "CNN, from random weights",
        "CNN, pre-trained on synthetic events",
    ]
    assert table.splitlines()[-2].split() == ["(chance)", *4 * ["50.0"]]


def test_pre_trained_layers_are_taken_over_and_the_last_one_is_new() -> None:
    start = board.new_network(10, seed=1)
    clips = board.Clips(
        np.zeros((16, 64, 216), np.float32), np.zeros((16, 2)), np.arange(16) % 2, np.ones(16, int), KINDS
    )
    before = start.state_dict()["conv_blocks.3.conv.weight"].clone()
    weights = {}

    def remember(model: object, *_: object, **__: object) -> None:
        weights.update(model.state_dict())  # type: ignore[attr-defined]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(board, "fit_network", remember)
        board.network(board.Settings(), start=start)(clips)
    assert (weights["conv_blocks.3.conv.weight"] == before).all()
    assert weights["head.weight"].shape == (2, 256)


def test_a_missing_recording_is_named(real: Path) -> None:
    (real / "labels.csv").write_text("file,label,fold\nnowhere.wav,rain,1", encoding="utf-8")
    with pytest.raises(AudioCourseError, match=r"nowhere\.wav"):
        board.real_clips(real)


def test_without_recordings_it_says_what_to_pass() -> None:
    (sentence,) = board.tables(None)
    assert "--data DIR" in sentence
