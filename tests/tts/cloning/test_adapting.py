"""Adapting a voice: the loss falls, only the voice moves, and padding does not count."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.tts.cloning.adapting import adapt_voice
from audiocourse.tts.fastspeech.model import FastSpeech, FastSpeechConfig
from audiocourse.tts.text import PHONES
from audiocourse.tts.utterances import Utterance, english_speakers, utterance
from audiocourse.zoo import seeded

SMALL = {"hidden": 16, "filter_size": 16, "encoder_layers": 1, "decoder_layers": 1, "voice_size": 8}


@pytest.fixture(scope="module")
def model() -> FastSpeech:
    with seeded(1):
        return FastSpeech(FastSpeechConfig(PHONES, **SMALL))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def references() -> list[Utterance]:
    speaker = english_speakers(split="held-out")[0]
    return [utterance(speaker, text, seed=1) for text in ("Go home.", "It rains again today.")]


@pytest.fixture
def start() -> np.ndarray:
    voice = np.random.default_rng(1).normal(size=8)
    return (voice / np.linalg.norm(voice)).astype(np.float32)


def test_the_loss_falls_and_nothing_but_the_voice_moves(
    model: FastSpeech, references: list[Utterance], start: np.ndarray
) -> None:
    model.train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    given = start.copy()
    adapted = adapt_voice(model, start, references, steps=8)
    assert adapted.losses.shape == (9,)
    assert adapted.losses[-1] < adapted.losses[0]
    assert np.linalg.norm(adapted.voice) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(start, given)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(weight.grad is None for weight in model.parameters())
    assert model.training
    model.eval()
    np.testing.assert_array_equal(adapted.voice, adapt_voice(model, start, references, steps=8).voice)  # no dropout


def test_the_loss_of_a_batch_is_that_of_its_sentences(
    model: FastSpeech, references: list[Utterance], start: np.ndarray
) -> None:
    """Weighted by frames and symbols, it lies between those of the two sentences: padding adds nothing."""
    both, short, long = (
        adapt_voice(model, start, chosen, steps=1).losses[0] for chosen in (references, references[:1], references[1:])
    )
    assert min(short, long) < both < max(short, long)
    doubled = adapt_voice(model, start, [references[0], references[0]], steps=1).losses[0]
    assert doubled == pytest.approx(short, abs=1e-5)


def test_no_reference_and_another_size_are_refused(
    model: FastSpeech, references: list[Utterance], start: np.ndarray, refuses: Refuses
) -> None:
    with refuses("at least one sentence"):
        adapt_voice(model, start, [])
    for voice in (start[:4], start * np.nan, list(start)):
        with refuses("voice_of"):
            adapt_voice(model, voice, references)  # type: ignore[arg-type]
