"""WaveNet: each sample is chosen from 256 values, given all samples before it and a mel spectrogram.

::

    last code → embedding → blocks of dilated causal convolutions → sum of the skips → logits of the next code
    mel → convolution over frames → straight lines between frames ↗ (into every block)

In training all samples are known, so all are predicted in one pass (teacher forcing). In use each sample waits for the
one before it: `wavenet_queues` shows why that was thought hopeless, and how to do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn

from audiocourse.tts.vocoders.conditioning import MelCondition, interpolate_frames, sample_mask
from audiocourse.tts.vocoders.mu_law import LEVELS

SILENCE = LEVELS // 2  # the code before the first sample


@dataclass(frozen=True)
class WaveNetConfig:
    """Sizes; ``dilations`` has one entry for each block, in samples."""

    n_mels: int = 80
    hop_length: int = 256
    residual_channels: int = 32
    skip_channels: int = 64
    condition_channels: int = 32
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512) * 2


PUBLISHED = WaveNetConfig(
    residual_channels=512,
    skip_channels=256,
    condition_channels=128,
    dilations=tuple(2**i for i in range(10)) * 3,
)  # of Tacotron's authors: 30 layers


class Step(NamedTuple):
    """What a block returns: its ``residual`` output and its ``skip``, each (batch, channels, samples)."""

    residual: torch.Tensor
    skip: torch.Tensor


class ResidualBlock(nn.Module):
    """z = tanh(W_f ∗ x + V_f c) ⊙ σ(W_g ∗ x + V_g c), x ← x + R z, skip = S z; ∗ reads x[n − dilation] and x[n]."""

    def __init__(self, config: WaveNetConfig, dilation: int) -> None:
        super().__init__()
        channels = config.residual_channels
        self.dilation = dilation
        self.dilated_conv = nn.Conv1d(channels, 2 * channels, kernel_size=2, dilation=dilation)
        self.condition = nn.Conv1d(config.condition_channels, 2 * channels, kernel_size=1, bias=False)
        self.residual = nn.Conv1d(channels, channels, kernel_size=1)
        self.skip = nn.Conv1d(channels, config.skip_channels, kernel_size=1)

    def forward(self, x: torch.Tensor, condition: torch.Tensor) -> Step:
        """Shapes: x (batch, residual_channels, samples), condition (batch, condition_channels, samples)."""
        past = nn.functional.pad(x, (self.dilation, 0))  # zeros on the left alone: causal
        filter_, gate = (self.dilated_conv(past) + self.condition(condition)).chunk(2, dim=1)
        z = torch.tanh(filter_) * torch.sigmoid(gate)  # (batch, residual_channels, samples)
        return Step(x + self.residual(z), self.skip(z))


class WaveNet(nn.Module):
    """P(y | mel) = Π_n P(y[n] | y[n − 1], …, y[n − R], mel), with R the `receptive_field`.

    Every block doubles the distance that the network looks back, so R grows exponentially with the number of blocks,
    and the cost in proportion to it.

    Source: A. van den Oord et al., WaveNet: a generative model for raw audio, 2016.

    Notebook: 03d_vocoders
    """

    config_class = WaveNetConfig

    def __init__(self, config: WaveNetConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(LEVELS, config.residual_channels)
        self.mel_condition = MelCondition(config.n_mels, config.condition_channels)
        self.blocks = nn.ModuleList(ResidualBlock(config, dilation) for dilation in config.dilations)
        self.conv1 = nn.Conv1d(config.skip_channels, config.skip_channels, kernel_size=1)
        self.conv2 = nn.Conv1d(config.skip_channels, LEVELS, kernel_size=1)

    @property
    def receptive_field(self) -> int:
        """R = 1 + Σ dilations: how many samples before the next one have an influence on it."""
        return 1 + sum(self.config.dilations)

    def forward(self, codes: torch.Tensor, log_mel: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Score every sample of true sounds, each from the true samples before it.

        Parameters
        ----------
        codes : torch.Tensor [shape=(batch, frames · hop_length)]
            From `mu_law_encode`.
        log_mel : torch.Tensor [shape=(batch, frames, n_mels)]
            log10 magnitudes, padded at the end with any numbers.
        lengths : torch.Tensor [shape=(batch,)], optional
            Frames of each clip.

        Returns
        -------
        torch.Tensor [shape=(batch, frames · hop_length, 256)]
            logits[:, n] of codes[:, n]; neither it nor later codes have an influence.
        """
        previous = nn.functional.pad(codes[:, :-1], (1, 0), value=SILENCE)
        condition = interpolate_frames(self.mel_condition(log_mel, lengths), self.config.hop_length)
        return self.next_logits(previous, condition)

    def next_logits(self, codes: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        """Score the code after each.

        codes : (batch, samples); condition : (batch, condition_channels, samples), of the samples to be predicted
        -> (batch, samples, 256).
        """
        x = self.embedding(codes).transpose(1, 2)  # (batch, residual_channels, samples)
        skips = x.new_zeros(len(x), self.config.skip_channels, x.shape[2])
        for block in self.blocks:
            x, skip = block(x, condition)
            skips = skips + skip
        logits: torch.Tensor = self.conv2(torch.relu(self.conv1(torch.relu(skips))))  # (batch, 256, samples)
        return logits.transpose(1, 2)


def wavenet_loss(model: WaveNet, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]) -> torch.Tensor:
    """Measure how improbable the true samples are.

    −mean of ln P(y[n] | y[n − 1], …, mel) over the samples of all clips, without the padding.

    Parameters
    ----------
    model : WaveNet
        The network in training.
    batch : (codes, log_mel, lengths)
        As for `WaveNet.forward`.

    Returns
    -------
    torch.Tensor [shape=()]
        In nats; ln 256 = 5.55 for a guess.

    Notebook: 03d_vocoders
    """
    codes, log_mel, lengths = batch
    logits = model(codes, log_mel, lengths)  # (batch, samples, 256)
    losses = nn.functional.cross_entropy(logits.transpose(1, 2), codes, reduction="none")  # (batch, samples)
    mask = sample_mask(log_mel, lengths, model.config.hop_length)[:, 0]
    return (losses * mask).sum() / mask.sum()
