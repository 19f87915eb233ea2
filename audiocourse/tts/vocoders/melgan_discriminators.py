"""What trains MelGAN: three networks that score windows of a sound, and the losses of both sides.

The discriminators want scores above 1 for real sounds and below −1 for generated ones. The generator wants high scores,
and the features of its sound, layer by layer, near those of the real one.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from audiocourse.tts.vocoders.melgan import MelGanConfig, leaky

FEATURE_WEIGHT = 10.0  # λ


class Judgement(NamedTuple):
    """What one discriminator returns: ``scores`` (batch, windows), and ``features``, (batch, channels, steps) each."""

    scores: torch.Tensor
    features: list[torch.Tensor]


class ScaleDiscriminator(nn.Module):
    """A score for each window of a sound: high for real ones; strided convolutions in groups, wide and cheap."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        sizes = [channels * 4**i for i in range(4)]
        self.convs = nn.ModuleList([weight_norm(nn.Conv1d(1, channels, 15, padding=7))])
        for size in sizes[:-1]:
            conv = nn.Conv1d(size, 4 * size, 41, stride=4, padding=20, groups=max(size // 4, 1))
            self.convs.append(weight_norm(conv))
        self.convs.append(weight_norm(nn.Conv1d(sizes[-1], sizes[-1], 5, padding=2)))
        self.head = weight_norm(nn.Conv1d(sizes[-1], 1, 3, padding=1))

    def forward(self, y: torch.Tensor) -> Judgement:
        """Score the windows of sounds y : (batch, samples)."""
        x = y[:, None]  # (batch, 1, samples)
        features = []
        for conv in self.convs:
            x = leaky(conv(x))
            features.append(x)
        return Judgement(self.head(x)[:, 0], features)


class MultiScaleDiscriminator(nn.Module):
    """The same network for the sound, for the sound at half its rate, and at a quarter: three views of one clip."""

    config_class = MelGanConfig

    def __init__(self, config: MelGanConfig) -> None:
        super().__init__()
        self.config = config
        self.discriminators = nn.ModuleList(
            ScaleDiscriminator(config.discriminator_channels) for _ in range(config.discriminators)
        )
        self.pool = nn.AvgPool1d(4, stride=2, padding=1, count_include_pad=False)

    def forward(self, y: torch.Tensor) -> list[Judgement]:
        """Return what each discriminator does. y : (batch, samples)."""
        judgements = []
        for discriminator in self.discriminators:
            judgements.append(discriminator(y))
            y = self.pool(y[:, None])[:, 0]  # (batch, samples / 2)
        return judgements


def discriminator_loss(real: list[Judgement], generated: list[Judgement]) -> torch.Tensor:
    """Return Σ over scales of mean max(0, 1 − D(y)) + mean max(0, 1 + D(G(mel))): nothing is gained beyond ±1."""
    losses = [
        torch.relu(1 - ours.scores).mean() + torch.relu(1 + theirs.scores).mean()
        for ours, theirs in zip(real, generated, strict=True)
    ]
    return torch.stack(losses).sum()


def generator_loss(real: list[Judgement], generated: list[Judgement]) -> torch.Tensor:
    """Return −Σ over scales of mean D(G(mel)) + λ · `feature_matching`, λ = 10."""
    adversarial = -torch.stack([judgement.scores.mean() for judgement in generated]).sum()
    return adversarial + FEATURE_WEIGHT * feature_matching(real, generated)


def feature_matching(real: list[Judgement], generated: list[Judgement]) -> torch.Tensor:
    """Return the mean over scales and layers of mean |features of the real sound − features of the generated|."""
    distances = [
        (feature.detach() - other).abs().mean()
        for ours, theirs in zip(real, generated, strict=True)
        for feature, other in zip(ours.features, theirs.features, strict=True)
    ]
    return torch.stack(distances).mean()
