"""The loss on the spread of the cepstrum: blind to padding and to what does not change, not to blur."""

from __future__ import annotations

import pytest
import torch

from audiocourse.tts.fastspeech.learning import spread_loss

FRAMES = torch.randn(2, 40, 80, generator=torch.Generator().manual_seed(1))
REAL = torch.arange(40)[None] < torch.tensor([[40], [25]])  # the second sentence has 25 frames


def test_half_the_movement_costs_half_the_spread() -> None:
    mean = FRAMES.mean(dim=1, keepdim=True)
    blurred = mean + (FRAMES - mean) / 2
    everything = torch.ones(2, 40, dtype=torch.bool)
    silent = mean.expand_as(FRAMES)
    assert float(spread_loss(FRAMES, FRAMES, everything)) == 0
    whole = float(spread_loss(silent, FRAMES, everything))  # the mean spread itself
    assert float(spread_loss(blurred, FRAMES, everything)) == pytest.approx(
        whole / 2, rel=1e-2
    )  # but for 1e-6 under a root


def test_a_fixed_filter_costs_nothing() -> None:
    filtered = FRAMES + torch.linspace(-1, 1, 80)
    assert float(spread_loss(filtered, FRAMES, REAL)) == pytest.approx(0, abs=1e-5)


def test_padding_does_not_count() -> None:
    padded = torch.where(REAL[..., None], FRAMES, 100.0)
    assert float(spread_loss(padded, FRAMES, REAL)) == pytest.approx(0, abs=1e-6)
    assert float(spread_loss(padded, FRAMES, torch.ones_like(REAL))) > 1
