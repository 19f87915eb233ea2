"""Small classifiers from synthetic examples to a saved model, with hardly any training."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from audiocourse.classify.training import digits_mini, events_mini, speaker_mini, vad_mini, yamnet_mini
from audiocourse.zoo import load
from audiocourse.zoo.recipes import train


@pytest.mark.parametrize(
    ("name", "recipe", "few"),
    [
        ("vad-mini", vad_mini, {"test_scenes": 4}),
        ("digits-mini", digits_mini, {"test_words": 20}),
        ("events-mini", events_mini, {}),
        ("speaker-mini", speaker_mini, {}),
        ("yamnet-mini", yamnet_mini, {"clips": 24, "test_clips": 8}),
    ],
)
def test_a_classifier_comes_out_of_its_recipe(
    name: str, recipe: Any, few: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dataclasses.replace(recipe.TINY, **few)
    monkeypatch.setattr(recipe, "train", partial(recipe.train, settings=settings))
    card = train(name, tmp_path / name)
    loaded: Any = load(tmp_path / name)
    assert card.training is not None and card.training.recipe == name
    assert card.training.scores == recipe.evaluate(loaded.model, settings), "the card says what the saved model does"
    assert card.parameters == load(name).card.parameters, "the bundled one has the same plan"
