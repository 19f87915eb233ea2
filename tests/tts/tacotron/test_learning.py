"""The loss of both Tacotrons: what counts, what does not, and that a decoder learns from it to read in order."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from tts.tiny_tacotrons import NUMBERS, PHONES, tacotron, tacotron2

from audiocourse.tts.tacotron.alignment import diagonality
from audiocourse.tts.tacotron.decoding import AttentionSynthesizer, synthesize_mel
from audiocourse.tts.tacotron.learning import Example, collate, loss, mel_error
from audiocourse.tts.tacotron2.model import Tacotron2, Tacotron2Config
from audiocourse.tts.text import symbol_numbers
from audiocourse.zoo import seeded


def examples(*sizes: tuple[int, int]) -> list[Example]:
    rng = np.random.default_rng(1)
    return [
        Example(rng.integers(1, NUMBERS, size=symbols), rng.uniform(-4, 0, (frames, 80)).astype(np.float32))
        for symbols, frames in sizes
    ]


def test_a_batch_has_its_targets_and_nothing_in_the_padding() -> None:
    batch = collate(examples((4, 7), (6, 5)), reduction=3)
    assert batch.frames.shape == (2, 7, 80)
    assert batch.stop.tolist() == [[0, 0, 1], [0, 1, 1]]
    assert batch.guide.shape == (2, 3, 6)
    assert (batch.guide[0, :, 4:] == 0).all()
    assert (batch.guide[1, 2:] == 0).all()


@pytest.mark.parametrize("build", [tacotron, tacotron2])
def test_what_lies_in_the_padding_does_not_change_the_loss(build: partial[AttentionSynthesizer]) -> None:
    model = build(prenet_dropout=0.0)
    batch = collate(examples((4, 7), (6, 5)), reduction=3)
    symbols, frames = batch.symbols.clone(), batch.frames.clone()
    symbols[0, 4:] = 5
    frames[1, 5:] = 9.0
    garbage = batch._replace(symbols=symbols, frames=frames)
    with torch.no_grad():
        assert float(loss(model, garbage)) == pytest.approx(float(loss(model, batch)), abs=1e-5)  # float32
        assert mel_error(model, garbage) == pytest.approx(mel_error(model, batch), abs=1e-5)


@pytest.mark.parametrize("build", [tacotron, tacotron2])
def test_every_weight_learns(build: partial[AttentionSynthesizer]) -> None:
    model = build().train()
    with seeded(2):
        loss(model, collate(examples((4, 7), (6, 9)), reduction=3)).backward()
    still = [name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.abs().sum()]
    assert not still


@pytest.fixture(scope="module")
def copyist() -> Tacotron2:
    """A Tacotron 2 that has learned to write each symbol as six frames of a band of its own: three seconds."""
    sizes = {"encoder": 16, "units": 32, "attention": 16, "filters": 4, "filter_width": 5, "prenet": 16}
    options = {"postnet_channels": 8, "postnet_dropout": 0.0, "encoder_dropout": 0.0}
    with seeded(1):
        model = Tacotron2(Tacotron2Config(PHONES, reduction=3, **sizes, **options))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    rng = np.random.default_rng(2)
    with seeded(3):
        for step in range(100):
            optimiser.param_groups[0]["lr"] = 1e-2 * (1 - step / 100)
            value = loss(model, collate([copied(text(rng)) for _ in range(8)], reduction=3))
            optimiser.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
    return model.eval()


def text(rng: np.random.Generator) -> np.ndarray:
    """Two to five letters and the end; no letter twice in a row."""
    steps = rng.integers(1, 7, size=int(rng.integers(2, 6)))
    return np.append(np.cumsum(steps) % 7, 7)


def copied(symbols: np.ndarray) -> Example:
    frames = np.full((6 * len(symbols), 80), -4.0, dtype=np.float32)
    for n, symbol in enumerate(symbols):
        frames[6 * n : 6 * n + 6, 10 * symbol : 10 * symbol + 10] = 0.0
    return Example(symbol_numbers([PHONES[n] for n in symbols], PHONES), frames)


def test_attention_becomes_diagonal_and_new_texts_end_by_themselves(copyist: Tacotron2) -> None:
    rng = np.random.default_rng(4)
    texts = [text(rng) for _ in range(20)]
    results = [synthesize_mel([PHONES[n] for n in symbols], model=copyist, max_frames=120) for symbols in texts]
    lengths = np.array([result.mel.values.shape[1] for result in results])
    assert np.mean([diagonality(result.attention) for result in results]) > 0.9  # measured: 0.9997
    assert np.mean([result.finished for result in results]) >= 0.9  # measured: 1
    assert (np.abs(lengths - [6 * len(symbols) for symbols in texts]) <= 3).mean() >= 0.9  # within a step; measured: 1
