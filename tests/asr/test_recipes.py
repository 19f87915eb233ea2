"""The recipes of both recognisers, from made utterances to a saved model, with hardly any training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiocourse.asr import recipes
from audiocourse.asr.ctc.recogniser import CtcRecogniser
from audiocourse.asr.utterances import SR
from audiocourse.asr.whisper.published import FallbackThresholds, Whisper, transcribe
from audiocourse.zoo import load
from audiocourse.zoo.recipes import train

BURST = np.random.default_rng(0).normal(0, 0.1, SR).astype(np.float32)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "UTTERANCES": 12,
        "WHISPER_UTTERANCES": 12,
        "EPOCHS": 1,
        "WHISPER_EPOCHS": 1,
        "WHISPER_WINDOWS": 4,
        "LAST_EPOCHS": 1,
    }.items():
        monkeypatch.setattr(recipes, name, value)
    monkeypatch.setattr(recipes, "made_scores", lambda recognise: {"letters": float(len(recognise(BURST, SR)))})


def test_ctc_mini_comes_out_of_its_recipe(tmp_path: Path) -> None:
    card = train("ctc-mini", tmp_path / "ctc")
    net: Any = load(tmp_path / "ctc").model
    assert card.training is not None
    assert len(CtcRecogniser(net).text(BURST, SR)) == card.training.scores["letters"]
    assert card.size < 3.3e6


def test_whisper_mini_comes_out_of_its_recipe(tmp_path: Path) -> None:
    card = train("whisper-mini", tmp_path / "whisper")
    loaded = load(tmp_path / "whisper")
    heard = transcribe(BURST, SR, whisper=Whisper.of(loaded), thresholds=FallbackThresholds(temperatures=(0.0,)))
    assert heard.language in ("de", "en", "es", "fr", "it")
    assert card.size < 3.3e6, "two bytes a weight"
    assert card.parameters == load("whisper-mini").card.parameters, "the bundled one has the same plan"
