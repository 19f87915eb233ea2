"""A convolutional network that classifies clips of any length, for sound events and for genres.

::

    log-mel (1, n_mels, frames) → n × (conv 3 × 3, norm, ReLU, 2 × 2 max pooling) → mean over the bands
                                → mean plus maximum over the real frames → dropout → linear → logits

Frames beyond the end of a clip are set to 0 after every block, as the convolution's own padding is, and are left out
of the pooling. So a clip gets the same logits alone and in a batch with longer ones.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import cast

import torch
from torch import nn

from audiocourse.errors import AudioCourseError


@dataclass(frozen=True)
class CnnConfig:
    """Number of mel bands, channels of the blocks, number of classes, and dropout before the last layer."""

    n_mels: int = 64
    channels: tuple[int, ...] = (32, 64, 128, 256)
    num_classes: int = 10
    dropout: float = 0.3


def without_padding(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Set the frames beyond the end of each clip to 0: (batch, ..., frames), lengths (batch,) -> the same shape."""
    real = torch.arange(x.shape[-1], device=x.device) < lengths[:, None]  # (batch, frames)
    return x * real.reshape(len(lengths), *[1] * (x.ndim - 2), -1)


class ConvBlock(nn.Module):
    """ReLU(norm(conv₃ₓ₃(x))), then the maximum over ``pool`` bands and frames; a last, partial group is left out."""

    def __init__(self, inputs: int, outputs: int, *, pool: tuple[int, int] = (2, 2)) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.pool = nn.MaxPool2d(pool)
        self.frames_pooled = pool[1]

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, outputs, bands / pool, frames / pool) from (batch, inputs, bands, frames), and the lengths."""
        x = self.pool(torch.relu(self.norm(self.conv(x))))
        lengths = lengths // self.frames_pooled
        return without_padding(x, lengths), lengths


class SpectrogramCnn(nn.Module):
    """A score for each class and clip: s = W (mean_m h[m] + max_m h[m]) + b, h[m] the last block's output in frame m.

    The logits are for a softmax (one class per clip) or a sigmoid for each class (several at once); neither is part of
    the network, because the losses of PyTorch expect logits.

    Source: Y. LeCun et al., Gradient-based learning applied to document recognition, Proc. IEEE 86(11), 1998; Q. Kong
    et al., PANNs, IEEE/ACM TASLP 28, 2020 (mean plus maximum over time).

    Notebook: 04b_audio_tagging
    """

    config_class = CnnConfig

    def __init__(self, config: CnnConfig) -> None:
        super().__init__()
        self.config = config
        self.input_norm = nn.BatchNorm1d(config.n_mels)
        widths = (1, *config.channels)
        self.conv_blocks = nn.ModuleList(ConvBlock(*pair) for pair in itertools.pairwise(widths))
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(config.channels[-1], config.num_classes)

    @property
    def shortest(self) -> int:
        """The fewest frames that a clip must have: one after all poolings."""
        return int(2 ** len(self.config.channels))

    def forward(self, spectrograms: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return logits. spectrograms : (batch, 1, n_mels, frames); lengths : (batch,), in frames -> (batch, classes).

        Without lengths all clips are as long as the batch.
        """
        logits: torch.Tensor = self.head(self.dropout(self.embed(spectrograms, lengths)))
        return logits

    def embed(self, spectrograms: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return the embedding, the input of the last layer: (batch, 1, n_mels, frames) -> (batch, channels)."""
        if lengths is None:
            lengths = torch.full((len(spectrograms),), spectrograms.shape[3], device=spectrograms.device)
        if int(lengths.min()) < self.shortest:
            raise AudioCourseError(
                f"A clip of {int(lengths.min())} frames is too short for {len(self.config.channels)} poolings: "
                f"pass at least {self.shortest} frames."
            )
        x = self.input_norm(spectrograms[:, 0])[:, None]
        x = without_padding(x, lengths)
        for block in self.conv_blocks:
            x, lengths = block(x, lengths)  # (batch, channels, bands, frames)
        x = x.mean(dim=2)  # (batch, channels, frames)
        mean = x.sum(dim=2) / lengths[:, None]  # (batch, channels): what is beyond the end is 0
        return cast("torch.Tensor", mean + x.amax(dim=2))  # x ≥ 0 after ReLU, so 0 beyond the end is never the maximum
