"""The score board of event detection, in miniature."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiocourse.classify.training.events_mini import Options
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.sounds import EVENTS

board = load_by_path(Path(__file__).with_name("scenes_scores.py"))


def test_the_table_compares_four_detectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "LEVELS_DB", (20.0,))
    half = (0.5,) * len(EVENTS)
    monkeypatch.setattr(board, "tuned", lambda *_: Options(half, half, (15,) * len(EVENTS)))
    scene = board.training_scenes(board.Settings(training=1))
    features, targets = (np.tile(values, (8, 1, 1)) for values in scene)
    features += np.random.default_rng(1).normal(size=features.shape).astype(np.float32)
    targets[:, 100:] = 1 - targets[:, 100:]  # every class occurs and is absent
    monkeypatch.setattr(board, "training_scenes", lambda _: (features, targets))
    table = board.scenes_table(board.Settings(testing=2, epochs=1))
    rows = [line.split() for line in table.splitlines()[2:6]]
    assert "synthetic" in table.splitlines()[0]
    assert len(rows) == 4
    assert all(0 <= float(value) <= 1 for row in rows for value in row[-3:-1])
    assert float(rows[0][-3]) > 0.5, "the network finds most of the events at 20 dB"
    assert rows[0][-1] == "0", "and none in silence"


def test_options_are_tuned_on_development_scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def best(probabilities: list, references: list, classes: tuple[str, ...]) -> Options:
        seen.append((len(probabilities), len(references), classes))
        return Options((0.5,), (0.5,), (1,))

    monkeypatch.setattr(board, "best_options", best)
    monkeypatch.setattr(board, "training_events", lambda *, rng: (rng.normal(size=16_000), []))
    board.tuned(lambda _: np.zeros((25, len(EVENTS))), board.Settings(development=3))
    assert seen == [(3, 3, EVENTS)]


def test_each_frame_gets_the_nearest_patch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patches are centred on 0.48, 0.96, 1.44 … s, the frames on 0.02, 0.06, … s."""
    patches = np.arange(4.0)[:, None] * np.ones((1, 12))
    monkeypatch.setattr(board, "tag", lambda *_, **__: patches)
    frames = board.yamnet_tagger()(np.zeros(32_000, np.float32))
    assert frames.shape == (50, len(EVENTS))
    assert frames[[11, 24, 36, 49], 0].tolist() == [0, 1, 2, 3]
