"""HiFi-GAN: transposed convolutions raise the rate of the frames to that of the samples, in one pass.

::

    log-mel (frames, 80) → convolution → three times: transposed convolution (×8, ×8, ×4), residual blocks of several
    widths, averaged → convolution → tanh → samples, 256 for each frame

It learns from two losses: the mel spectrogram of its output should be that of the original, and discriminators
(`adversarial`) should not tell it from a recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import torch
from torch import nn
from torch.nn.functional import leaky_relu

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray
from audiocourse.tts.mel import MEL, MelSpectrogram, require_mel
from audiocourse.zoo.inference import evaluating

LEAK = 0.1  # slope of the leaky rectifier below zero


@dataclass(frozen=True)
class HifiGanConfig:
    """Size of the generator; `V1` is the published one.

    Parameters
    ----------
    n_mels : int
        Bands of a frame.
    channels : int
        After the first convolution; each upsampling halves them.
    upsample_rates, upsample_kernels : tuple of int
        Factors of the rate, whose product is the hop length, and widths of the transposed convolutions.
    resblock_kernels, resblock_dilations : tuple of int
        Widths of the residual blocks that are averaged, and the dilations within each.
    """

    n_mels: int = 80
    channels: int = 128
    upsample_rates: tuple[int, ...] = (8, 8, 4)
    upsample_kernels: tuple[int, ...] = (16, 16, 8)
    resblock_kernels: tuple[int, ...] = (3, 7)
    resblock_dilations: tuple[int, ...] = (1, 3)


V1 = HifiGanConfig(
    channels=512,
    upsample_rates=(4, 4, 4, 4),
    upsample_kernels=(8, 8, 8, 8),
    resblock_kernels=(3, 7, 11),
    resblock_dilations=(1, 3, 5),
)  # of SpeechT5's published vocoder: 12.7 million weights


class ResidualBlock(nn.Module):
    """x ← x + conv(leaky(conv_d(leaky(x)))) for each dilation d: patterns of several lengths.

    Each pair of convolutions adds (k − 1)(d + 1) samples to the receptive field.
    """

    def __init__(self, channels: int, kernel: int, dilations: Sequence[int]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(same_length_conv(channels, kernel, dilation) for dilation in dilations)
        self.convs2 = nn.ModuleList(same_length_conv(channels, kernel, 1) for _ in dilations)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the same shape. x : (batch, channels, samples)."""
        for conv1, conv2 in zip(self.convs1, self.convs2, strict=True):
            x = x + conv2(leaky_relu(conv1(leaky_relu(x, LEAK)), LEAK))
        return x


class HifiGan(nn.Module):
    """Samples from a log-mel spectrogram.

    h₀ = conv(M̃), M̃ = (M − mean) / scale; h_(i+1) = mean over k of block_k(up_i(leaky(hᵢ))); y = tanh(conv(leaky(h))).
    up_i is a transposed convolution whose width is twice its stride, so that every sample lies under two of its taps.

    Source: J. Kong, J. Kim and J. Bae, HiFi-GAN: generative adversarial networks for efficient and high fidelity speech
    synthesis, NeurIPS 2020.

    Notebook: 03d_vocoders
    """

    config_class = HifiGanConfig

    def __init__(self, config: HifiGanConfig) -> None:
        super().__init__()
        self.config = config
        self.conv_pre = nn.Conv1d(config.n_mels, config.channels, 7, padding=3)
        self.upsampler = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        channels = config.channels
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernels, strict=True):
            padding = (kernel - rate) // 2
            self.upsampler.append(nn.ConvTranspose1d(channels, channels // 2, kernel, rate, padding))
            channels //= 2
            for width in config.resblock_kernels:
                self.resblocks.append(ResidualBlock(channels, width, config.resblock_dilations))
        self.conv_post = nn.Conv1d(channels, 1, 7, padding=3)
        self.mean: torch.Tensor
        self.scale: torch.Tensor
        self.register_buffer("mean", torch.full((config.n_mels,), -2.0))
        self.register_buffer("scale", torch.full((config.n_mels,), 1.0))

    @property
    def hop_length(self) -> int:
        """Samples for each frame."""
        return prod(self.config.upsample_rates)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Return samples in (−1, 1). frames : (batch, frames, n_mels) -> (batch, frames * hop_length)."""
        x = ((frames - self.mean) / self.scale).transpose(1, 2)  # (batch, n_mels, frames)
        x = self.conv_pre(x)
        widths = len(self.config.resblock_kernels)
        for stage, upsample in enumerate(self.upsampler):
            x = upsample(leaky_relu(x, LEAK))  # (batch, channels / 2, frames * rate)
            blocks = self.resblocks[stage * widths : (stage + 1) * widths]
            x = sum(block(x) for block in blocks) / widths
        return torch.tanh(self.conv_post(leaky_relu(x)))[:, 0]


def same_length_conv(channels: int, kernel: int, dilation: int) -> nn.Conv1d:
    """Return a convolution that keeps the number of samples."""
    return nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=dilation * (kernel - 1) // 2)


def hifigan_vocode(mel: MelSpectrogram, *, model: HifiGan) -> FloatArray:
    """Turn a mel spectrogram into sound.

    Parameters
    ----------
    mel : MelSpectrogram
        With the parameters `MEL`, on which the model was trained.
    model : HifiGan
        For example ``zoo.load("hifigan-mini").model``.

    Returns
    -------
    np.ndarray [shape=(frames * hop_length,)]
        float32 in (−1, 1), at ``mel.parameters.sr``.

    Raises
    ------
    AudioCourseError
        If mel is an array, or has other parameters.

    Notebook: 03d_vocoders
    """
    require_mel(mel, MEL)
    if model.hop_length != mel.parameters.hop_length:
        raise AudioCourseError(
            f"The vocoder makes {model.hop_length} samples of a frame, but the hop is {mel.parameters.hop_length}."
        )
    with evaluating(model) as device:
        y = model(torch.from_numpy(mel.frames)[None].to(device))[0]
    samples: FloatArray = y.cpu().numpy()
    return samples
