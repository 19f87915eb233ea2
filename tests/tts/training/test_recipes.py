"""FastSpeech and HiFi-GAN from synthetic speech to a saved model, with hardly any training."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from audiocourse.tts.mel import MEL
from audiocourse.tts.training import fastspeech_mini, hifigan_mini
from audiocourse.zoo import load
from audiocourse.zoo.recipes import train


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    for recipe in (fastspeech_mini, hifigan_mini):
        monkeypatch.setattr(recipe, "train", partial(recipe.train, settings=recipe.TINY))


@pytest.mark.parametrize(("name", "recipe"), [("fastspeech-mini", fastspeech_mini), ("hifigan-mini", hifigan_mini)])
def test_a_model_comes_out_of_its_recipe(tmp_path: Path, name: str, recipe: object) -> None:
    card = train(name, tmp_path / name)
    model = load(tmp_path / name).model
    assert card.training is not None
    assert card.training.scores == recipe.evaluate(model, recipe.TINY), "the card says what the saved model does"
    assert card.parameters == load(name).card.parameters, "the bundled one has the same plan"
    assert card.size < 2.2 * card.parameters + 50_000, "two bytes per weight"


def test_the_loss_of_padding_is_nothing() -> None:
    """A batch with a long neighbour costs what its examples cost alone, weighted by their frames and symbols."""
    settings = fastspeech_mini.TINY
    examples = [fastspeech_mini.example_of(each) for each in fastspeech_mini.utterances(settings)[:2]]
    references = [fastspeech_mini.crop(each.frames, np.random.default_rng(0)) for each in examples]
    model = load("fastspeech-mini").model
    alone = [fastspeech_mini.collate([each], [reference]) for each, reference in zip(examples, references, strict=True)]
    both = fastspeech_mini.collate(examples, references)
    longer = both._replace(
        symbols=torch.nn.functional.pad(both.symbols, (0, 3)),
        durations=torch.nn.functional.pad(both.durations, (0, 3)),
        pitch=torch.nn.functional.pad(both.pitch, (0, 3), value=9.0),
    )
    with torch.no_grad():
        first, second = (fastspeech_mini.loss(model, batch) for batch in (both, longer))
        parts = [float(fastspeech_mini.loss(model, batch)) for batch in alone]
    assert float(first) == pytest.approx(float(second), abs=1e-5)
    assert min(parts) <= float(first) <= max(parts)


def test_an_invented_voice_filters_both_sentences_alike_and_keeps_silence_silent() -> None:
    rng = np.random.default_rng(2)
    frames = np.full((50, MEL.n_mels), -2.0, dtype=np.float32)
    frames[40:] = MEL.log_floor
    one = fastspeech_mini.Example(np.ones(3, int), np.full(3, 10), np.zeros(3), frames)
    example, reference = fastspeech_mini.invented_voice(one, one, rng)
    timbre = example.frames[:40] - frames[:40]
    assert np.abs(timbre).max() > 0.05
    assert np.allclose(timbre, timbre[0])
    assert np.ptp(reference[:40] - example.frames[:40]) < 1e-5  # a level only
    assert (example.frames[40:] == np.float32(MEL.log_floor)).all()
    assert (reference[40:] == np.float32(MEL.log_floor)).all()
