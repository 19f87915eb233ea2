"""MelGAN: one pass from mel to samples, trained by networks that try to tell its sound from a real one.

::

    mel → convolution → [transposed convolution × 8, 8, 2, 2 → dilated residual blocks] → convolution → tanh → samples

No term of the loss compares samples: the same vowel with other phases sounds alike and differs everywhere. What the
discriminators see in a sound is compared instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from audiocourse.signal import FloatArray
from audiocourse.tts.mel import MelSpectrogram, require_mel
from audiocourse.tts.scaling import scale_mel
from audiocourse.tts.vocoders.conditioning import batch_of_one, sample_mask
from audiocourse.zoo.inference import evaluating

SLOPE = 0.2  # of the leaky ReLUs, where negative
KERNEL = 7  # of the first and the last convolution
DILATIONS = 1, 3, 9  # of the residual blocks after each transposed convolution


@dataclass(frozen=True)
class MelGanConfig:
    """Sizes; the product of the (even) ``upsampling`` factors is the hop, and each halves the channels."""

    n_mels: int = 80
    channels: int = 64
    upsampling: tuple[int, ...] = (8, 8, 2, 2)
    discriminators: int = 3
    discriminator_channels: int = 4


PUBLISHED = MelGanConfig(channels=512, discriminator_channels=16)


class ResidualBlock(nn.Module):
    """x ← shortcut(x) + conv₁(φ(conv₃(φ(x)))), φ a leaky ReLU, conv₃ dilated, the shortcut of width 1."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.dilated_conv = weight_norm(nn.Conv1d(channels, channels, 3, dilation=dilation, padding=dilation))
        self.conv = weight_norm(nn.Conv1d(channels, channels, 1))
        self.shortcut = weight_norm(nn.Conv1d(channels, channels, 1))

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return x, changed. x : (batch, channels, steps); mask : (batch, 1, steps) -> (batch, channels, steps)."""
        hidden = self.conv(leaky(self.dilated_conv(leaky(x))))  # (batch, channels, steps)
        changed: torch.Tensor = (self.shortcut(x) + hidden) * mask
        return changed


class MelGan(nn.Module):
    """The generator: y = tanh(conv₇(… transposed convolutions and residual blocks … conv₇(mel))).

    A transposed convolution puts a copy of its kernel at every input. With a kernel of 2 r at a stride of r, each
    output lies under exactly two copies. A kernel that is not a multiple of the stride covers some outputs more often
    than others: a checkerboard, which one hears as a whistle. Before training there is a weak one anyway. The paper
    pads with reflections; here it is zeros, so that neither batch nor padding changes a clip.

    Source: K. Kumar et al., MelGAN: generative adversarial networks for conditional waveform synthesis, NeurIPS 2019.

    Notebook: 03d_vocoders
    """

    config_class = MelGanConfig

    def __init__(self, config: MelGanConfig) -> None:
        super().__init__()
        self.config = config
        sizes = [config.channels // 2**i for i in range(len(config.upsampling) + 1)]
        self.conv_in = weight_norm(nn.Conv1d(config.n_mels, sizes[0], KERNEL, padding=KERNEL // 2))
        self.upsampling = nn.ModuleList(
            weight_norm(nn.ConvTranspose1d(size, size // 2, 2 * r, stride=r, padding=r // 2))
            for size, r in zip(sizes, config.upsampling, strict=False)
        )
        self.residual_blocks = nn.ModuleList(
            nn.ModuleList(ResidualBlock(size, dilation) for dilation in DILATIONS) for size in sizes[1:]
        )
        self.conv_out = weight_norm(nn.Conv1d(sizes[-1], 1, KERNEL, padding=KERNEL // 2))

    @property
    def hop_length(self) -> int:
        """Samples for each frame: the product of all factors."""
        return math.prod(self.config.upsampling)

    def forward(self, log_mel: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return samples, 0 beyond the end of a clip.

        log_mel : (batch, frames, n_mels); lengths : (batch,), in frames -> (batch, frames · hop_length).
        """
        rate = 1  # steps for each frame
        mask = sample_mask(log_mel, lengths, rate)
        x = self.conv_in(scale_mel(log_mel).transpose(1, 2) * mask) * mask  # (batch, channels, frames)
        for factor, upsample, blocks in zip(self.config.upsampling, self.upsampling, self.residual_blocks, strict=True):
            rate *= factor
            mask = sample_mask(log_mel, lengths, rate)
            x = upsample(leaky(x)) * mask  # (batch, channels / 2, frames · rate)
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, mask)
        y: torch.Tensor = torch.tanh(self.conv_out(leaky(x))) * mask  # (batch, 1, frames · hop_length)
        return y[:, 0]

    def frames_seen(self, sample: int) -> tuple[int, int]:
        """Return the numbers of the first and last frame that have an influence on a sample, ends left aside."""
        first = sample - KERNEL // 2
        last = sample + KERNEL // 2
        for r in reversed(self.config.upsampling):
            first, last = first - sum(DILATIONS), last + sum(DILATIONS)
            first = math.ceil((first + r // 2 - 2 * r + 1) / r)
            last = (last + r // 2) // r
        return first - KERNEL // 2, last + KERNEL // 2


def melgan_vocode(mel: MelSpectrogram, *, model: MelGan) -> FloatArray:
    """Turn a mel spectrogram into a sound in one pass.

    Parameters
    ----------
    mel : MelSpectrogram
        With the parameters of the course.
    model : MelGan
        The generator.

    Returns
    -------
    np.ndarray [shape=(frames · hop_length,)]
        float32 in [-1, 1].

    Raises
    ------
    AudioCourseError
        If `require_mel` refuses mel.

    Notebook: 03d_vocoders
    """
    require_mel(mel)
    with evaluating(model) as device:
        return np.asarray(model(batch_of_one(mel, device))[0].cpu().numpy())


def leaky(x: torch.Tensor) -> torch.Tensor:
    """Return φ(x) = max(x, 0.2 x), of any shape."""
    return nn.functional.leaky_relu(x, SLOPE)
