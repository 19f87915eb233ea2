"""Both recognisers from synthetic utterances to a saved model, with hardly any training."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiocourse.asr.ctc.recogniser import CtcRecogniser
from audiocourse.asr.training import ctc_mini, whisper_mini
from audiocourse.asr.utterances import SR, held_out_error_rates
from audiocourse.asr.whisper.published import FallbackThresholds, Whisper, transcribe
from audiocourse.zoo import load
from audiocourse.zoo.recipes import train

BURST = np.random.default_rng(0).normal(0, 0.1, SR).astype(np.float32)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    for recipe in (ctc_mini, whisper_mini):
        monkeypatch.setattr(recipe, "train", partial(recipe.train, settings=recipe.TINY))


def test_ctc_mini_comes_out_of_its_recipe(tmp_path: Path) -> None:
    card = train("ctc-mini", tmp_path / "ctc")
    model: Any = load(tmp_path / "ctc").model
    assert card.training is not None
    rates = held_out_error_rates(CtcRecogniser(model).text, utterances=ctc_mini.TINY.test_utterances)
    assert card.training.scores == rates, "the card says what the saved model does"
    assert card.size < 3.3e6


def test_whisper_mini_comes_out_of_its_recipe(tmp_path: Path) -> None:
    card = train("whisper-mini", tmp_path / "whisper")
    loaded = load(tmp_path / "whisper")
    transcript = transcribe(BURST, SR, whisper=Whisper.of(loaded), thresholds=FallbackThresholds(temperatures=(0.0,)))
    assert transcript.language in ("de", "en", "es", "fr", "it")
    assert card.size < 3.3e6, "two bytes per weight"
    assert card.parameters == load("whisper-mini").card.parameters, "the bundled one has the same plan"
