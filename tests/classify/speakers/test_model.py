"""The encoder: padding, batch and level change nothing; untrained it accepts everyone, trained it does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from conftest import Refuses
from torch import nn

from audiocourse import zoo
from audiocourse.classify.speakers.losses import Ge2eLoss
from audiocourse.classify.speakers.model import SR, SpeakerConfig, SpeakerEncoder, embed, pool_statistics
from audiocourse.classify.speakers.verification import all_pairs, enrol, error_rates_at, identify
from audiocourse.classify.training.speaker_mini import CONDITIONS
from audiocourse.signal import FloatArray
from audiocourse.sounds import sentence, speakers
from audiocourse.trials import equal_error_rate
from audiocourse.zoo import seeded

CLOSE = 1e-5  # float32 sums in another order


@pytest.fixture
def batch() -> torch.Tensor:
    with seeded(1):
        return 3 * torch.randn(3, 61, 16) - 8


@pytest.fixture
def model() -> SpeakerEncoder:
    return untrained(SpeakerConfig(n_mels=16, hidden=6, embedding=8))


def untrained(config: SpeakerConfig) -> SpeakerEncoder:
    with seeded(2):
        return SpeakerEncoder(config).eval()


def trained() -> SpeakerEncoder:
    model: Any = zoo.load("speaker-mini").model
    assert isinstance(model, SpeakerEncoder)
    return model


@pytest.fixture(scope="module")
def spoken() -> dict[str, list[FloatArray]]:
    """Three English sentences of each of six test speakers, no two of one family."""
    sounds = {}
    for number, speaker in enumerate(speakers("en", split="test")[::3]):
        rng = np.random.default_rng([5, number])
        texts = [sentence(rng, "en", split="test").text for _ in range(3)]
        sounds[speaker.name] = [speaker.say(text, seed=seed, sr=SR).y for seed, text in enumerate(texts)]
    return sounds


def embedded(spoken: dict[str, list[FloatArray]], model: SpeakerEncoder) -> tuple[FloatArray, list[str]]:
    embeddings = [embed(y, SR, model=model) for sounds in spoken.values() for y in sounds]
    return np.stack(embeddings), [name for name, sounds in spoken.items() for _ in sounds]


# --- padding, batch, level --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frames", [1, 24, 60])
@torch.no_grad()
def test_padding_changes_nothing(model: SpeakerEncoder, batch: torch.Tensor, frames: int) -> None:
    alone = model(batch[:1, :frames])
    padded = model(batch, torch.tensor([frames, 61, 30]))
    assert padded[:1] == pytest.approx(alone, abs=CLOSE)


@torch.no_grad()
def test_the_rest_of_the_batch_changes_nothing(model: SpeakerEncoder, batch: torch.Tensor) -> None:
    assert model(batch)[:1] == pytest.approx(model(batch[:1]), abs=CLOSE)


@torch.no_grad()
def test_a_mean_over_the_padding_would_be_noticed(
    model: SpeakerEncoder, batch: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the guide pools: over all frames of the batch."""
    alone = model(batch[:1, :24])
    pool = "audiocourse.classify.speakers.model.pool_statistics"
    monkeypatch.setattr(pool, lambda h, padding: pool_statistics(h, torch.zeros_like(padding)))
    padded = model(batch, torch.tensor([24, 61, 30]))
    assert float((padded[:1] - alone).abs().max()) > 100 * CLOSE


@torch.no_grad()
def test_an_lstm_that_reads_the_padding_would_be_noticed(
    model: SpeakerEncoder, batch: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its backward half begins there, so that masked pooling alone is not enough."""
    alone = model(batch[:1, :24])
    monkeypatch.setattr(model, "_states", lambda x, _lengths: model.lstm(x)[0])
    padded = model(batch, torch.tensor([24, 61, 30]))
    assert float((padded[:1] - alone).abs().max()) > 100 * CLOSE


@torch.no_grad()
def test_the_level_changes_nothing(model: SpeakerEncoder, batch: torch.Tensor) -> None:
    assert model(batch + 5.0) == pytest.approx(model(batch), abs=CLOSE)


def test_everything_has_a_gradient(model: SpeakerEncoder, batch: torch.Tensor) -> None:
    model(batch, torch.tensor([61, 40, 2]))[:, 0].sum().backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None and torch.isfinite(weight.grad).all(), name
        assert float(weight.grad.abs().max()) > 0, name


# --- the door ---------------------------------------------------------------------------------------------------------


def test_the_same_utterance_has_similarity_1(spoken: dict[str, list[FloatArray]]) -> None:
    model = trained()
    y = next(iter(spoken.values()))[0]
    first, second = embed(y, SR, model=model), embed(y.copy(), SR, model=model)
    assert first.shape == (model.config.embedding,)
    assert float(first @ second) == pytest.approx(1.0, abs=1e-6)
    assert float(first @ embed(y / 10, SR, model=model)) > 0.999, "ten times softer"


def test_mode_and_gradients_stay_as_they_were() -> None:
    encoder = untrained(SpeakerConfig(hidden=4))
    encoder.train()
    embedding = embed(0.1 * np.ones(SR, np.float32), SR, model=encoder)
    assert encoder.training
    assert isinstance(embedding, np.ndarray) and embedding.dtype == np.float32


TONE = (0.1 * np.sin(np.arange(SR) / 5)).astype(np.float32)


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.where(np.arange(SR) == 7, np.nan, TONE), SR, ("NaN",)),
        (np.stack([TONE, TONE]), SR, ("mono",)),
        (TONE, 8_000, ("8000", "resample")),
        (TONE[: SR // 10], SR, ("1600 samples", "0.2 s")),
        (np.zeros(SR, np.float32), SR, ("silent",)),
        ((TONE * 32_767).astype(np.int16), SR, ("int16",)),
    ],
)
def test_recordings_without_a_voice(y: FloatArray, sr: int, words: tuple[str, ...], refuses: Refuses) -> None:
    with refuses(*words):
        embed(y, sr, model=untrained(SpeakerConfig(hidden=4)))


# --- what training changes --------------------------------------------------------------------------------------------


def test_an_untrained_encoder_accepts_everyone(spoken: dict[str, list[FloatArray]]) -> None:
    """With the threshold of 0.5 of the guide, which was never measured; similarities from 0.79 in four drawings."""
    pairs = all_pairs(*embedded(spoken, untrained(SpeakerConfig())))
    assert error_rates_at(0.5, *pairs) == (0.0, 1.0)
    assert pairs.scores.min() > 0.7


def test_the_trained_encoder_separates_people(spoken: dict[str, list[FloatArray]]) -> None:
    """Six people of six families, of whom none was in training: no error when written."""
    model = trained()
    embeddings, names = embedded(spoken, model)
    pairs = all_pairs(embeddings, names)
    assert equal_error_rate(*pairs) < 0.05
    assert pairs.scores[pairs.same].min() > 0.5 > np.median(pairs.scores[~pairs.same])
    voiceprints = np.stack([enrol(embeddings[start : start + 2]) for start in (0, 3, 6)])
    found = identify(embeddings[2::3], voiceprints, threshold=model.config.threshold)
    assert found.tolist() == [0, 1, 2, -1, -1, -1]


def test_a_little_training_separates_voices() -> None:
    """Eight voices that differ in the shape of their spectrum, forty steps."""
    with seeded(3):
        encoder = SpeakerEncoder(SpeakerConfig(n_mels=8, hidden=8, num_layers=1, embedding=4))
        criterion = Ge2eLoss()
        optimiser = torch.optim.Adam([*encoder.parameters(), *criterion.parameters()], lr=2e-2)
        shapes = 2 * torch.randn(8, 1, 1, 8)
        losses = []
        for _ in range(40):
            features = shapes + torch.randn(8, 3, 12, 8)
            loss = criterion(encoder(features.flatten(0, 1)).unflatten(0, (8, 3)))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            losses.append(float(loss.detach()))
    assert losses[0] > 0.8
    assert losses[-1] < losses[0] / 4


def test_the_card_of_the_bundled_encoder_keeps_its_promises() -> None:
    """Errors on speakers never trained on; the threshold of the validation speakers holds for the test speakers."""
    card = zoo.card("speaker-mini")
    assert card.training is not None and card.size < 1_500_000
    scores = card.training.scores
    for condition in CONDITIONS:
        name = f"synthetic speakers {condition}: EER"
        assert scores[name] <= min(0.05, scores[f"{name} of the mean MFCC"])
    assert scores["the same in rooms and noise: that threshold / their own"] == pytest.approx(1.0, abs=0.2)
    assert sum(rate for name, rate in scores.items() if "at the threshold" in name) < 0.12
