"""Both Tacotrons from synthetic utterances to a saved model, with hardly any training, and the bundled ones."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from audiocourse.tts.tacotron.decoding import synthesize_mel
from audiocourse.tts.training import tacotron2_mini, tacotron_mini
from audiocourse.zoo import load
from audiocourse.zoo.recipes import train

RECIPES = pytest.mark.parametrize(
    ("name", "recipe"), [("tacotron-mini", tacotron_mini), ("tacotron2-mini", tacotron2_mini)]
)


@RECIPES
def test_a_model_comes_out_of_its_recipe(
    name: str, recipe: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "train", partial(recipe.train, settings=recipe.TINY))
    card = train(name, tmp_path / name)
    model: Any = load(tmp_path / name).model
    assert card.training is not None
    assert card.training.scores == tacotron_mini.evaluate(model, recipe.TINY), "the card says what the saved model does"
    assert card.size < 1.4e6, "two bytes per weight"
    result = synthesize_mel(["h", "ə", "l", "ˈoʊ", "."], model=model, max_frames=40)
    assert result.attention.shape == (result.mel.values.shape[1] // model.config.reduction, 5)


def test_no_test_text_is_in_training() -> None:
    rng = np.random.default_rng(1)
    train_texts = {tacotron_mini.draw_text(rng, "train").normal for _ in range(300)}
    assert not train_texts & {tacotron_mini.draw_text(rng, "test").normal for _ in range(300)}
