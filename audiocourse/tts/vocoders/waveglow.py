"""WaveGlow: a network that runs in both directions, from sound to white noise and back.

::

    training   samples → groups of 8 → [1×1 convolution → affine coupling] × flows → z, which should be white noise
    in use     z drawn from N(0, σ²) → the inverse of each step, in the opposite order → samples, all at once

Every step is invertible, so that the density of a sound follows from that of its z by the change of variables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number, require_rng
from audiocourse.signal import FloatArray
from audiocourse.tts.mel import MelSpectrogram, require_mel
from audiocourse.tts.vocoders.conditioning import MelCondition, batch_of_one, interpolate_frames, sample_mask
from audiocourse.tts.vocoders.waveglow_layers import CouplingNet, FlowStep
from audiocourse.zoo.inference import evaluating


@dataclass(frozen=True)
class WaveGlowConfig:
    """Sizes: ``groups`` neighbouring samples are one step; ``early_size`` of them leave after ``early_every`` flows."""

    n_mels: int = 80
    hop_length: int = 256
    groups: int = 8
    flows: int = 6
    early_every: int = 2
    early_size: int = 2
    channels: int = 32
    layers: int = 4
    condition_channels: int = 32


PUBLISHED = WaveGlowConfig(flows=12, early_every=4, channels=512, layers=8, condition_channels=640)


class Flow(NamedTuple):
    """``z`` [shape=(batch, groups, steps)], white noise if all is well; ``log_determinant`` [shape=(batch,)]."""

    z: torch.Tensor
    log_determinant: torch.Tensor


class WaveGlow(nn.Module):
    """ln p(y | mel) = ln N(z; 0, σ²) + Σ over flows of (Σ ln s + steps · ln |det W|), z = f(y).

    f is a chain of `FlowStep`. Some channels leave early and go into z directly: they learn what needs few steps.

    Source: R. Prenger, R. Valle and B. Catanzaro, WaveGlow: a flow-based generative network for speech synthesis,
    ICASSP 2019.

    Notebook: 03d_vocoders
    """

    config_class = WaveGlowConfig

    def __init__(self, config: WaveGlowConfig) -> None:
        super().__init__()
        self.config = config
        self.mel_condition = MelCondition(config.n_mels, config.condition_channels)
        sizes = [config.groups - config.early_size * (k // config.early_every) for k in range(config.flows)]
        if min(sizes) < 2 or any(size % 2 for size in sizes) or config.hop_length % config.groups:
            raise AudioCourseError(
                f"The flows would have {sizes} channels: each needs an even number of at least 2, and a hop is a "
                "multiple of the groups."
            )
        self.steps = nn.ModuleList(FlowStep(size, self._coupling(size // 2)) for size in sizes)

    def forward(self, y: torch.Tensor, log_mel: torch.Tensor, lengths: torch.Tensor | None = None) -> Flow:
        """Turn sounds into z.

        Parameters
        ----------
        y : torch.Tensor [shape=(batch, frames · hop_length)]
            Samples.
        log_mel : torch.Tensor [shape=(batch, frames, n_mels)]
            log10 magnitudes, padded at the end with any numbers.
        lengths : torch.Tensor [shape=(batch,)], optional
            Frames of each clip; z beyond them is 0 and does not count.
        """
        condition, mask = self._condition(log_mel, lengths)
        x = y.reshape(len(y), -1, self.config.groups).transpose(1, 2) * mask  # (batch, groups, steps)
        log_determinant = y.new_zeros(len(y))
        early: list[torch.Tensor] = []
        for k, step in enumerate(self.steps):
            if self._is_early(k):
                early.append(x[:, : self.config.early_size])
                x = x[:, self.config.early_size :]
            x, added = step(x, condition, mask)
            log_determinant = log_determinant + added
        return Flow(torch.cat([*early, x], dim=1), log_determinant)

    def inverse(self, z: torch.Tensor, log_mel: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Turn z [shape=(batch, groups, steps)] into sounds [shape=(batch, frames · hop_length)]: undo `forward`."""
        condition, mask = self._condition(log_mel, lengths)
        waiting = sum(self._is_early(k) for k in range(self.config.flows)) * self.config.early_size  # channels
        x = z[:, waiting:]
        for k, step in reversed(list(enumerate(self.steps))):
            x = step.inverse(x, condition, mask)  # type: ignore[operator]
            if self._is_early(k):
                waiting -= self.config.early_size
                x = torch.cat([z[:, waiting : waiting + self.config.early_size], x], dim=1)
        return x.transpose(1, 2).reshape(len(x), -1)

    def _coupling(self, half: int) -> CouplingNet:
        config = self.config
        return CouplingNet(
            half,
            channels=config.channels,
            layers=config.layers,
            condition_channels=config.condition_channels,
        )

    def _is_early(self, k: int) -> bool:
        """Whether channels leave before flow k."""
        return k > 0 and k % self.config.early_every == 0

    def _condition(self, log_mel: torch.Tensor, lengths: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the condition (batch, condition_channels, steps) and the mask (batch, 1, steps)."""
        hop = self.config.hop_length // self.config.groups  # in steps
        frames = self.mel_condition(log_mel, lengths)
        return interpolate_frames(frames, hop), sample_mask(log_mel, lengths, hop)


def waveglow_loss(
    model: WaveGlow, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor | None], *, sigma: float = 1.0
) -> torch.Tensor:
    """Measure how improbable the sounds are under the flow.

    −ln p(y | mel) / N, averaged over the N samples of the batch: (Σ z² / 2σ² + ln(σ √2π) · N − ln |det|) / N

    Parameters
    ----------
    model : WaveGlow
        The network in training.
    batch : (y, log_mel, lengths)
        As for `WaveGlow.forward`.
    sigma : float
        σ of z.

    Returns
    -------
    torch.Tensor [shape=()]
        In nats per sample; a density, so it may be negative.

    Notebook: 03d_vocoders
    """
    y, log_mel, lengths = batch
    z, log_determinant = model(y, log_mel, lengths)
    samples = y.numel() if lengths is None else lengths.sum() * model.config.hop_length
    constant = np.log(sigma * np.sqrt(2 * np.pi))
    loss: torch.Tensor = ((z**2).sum() / (2 * sigma**2) - log_determinant.sum()) / samples + constant
    return loss


def waveglow_vocode(
    mel: MelSpectrogram, *, model: WaveGlow, rng: np.random.Generator, sigma: float = 0.6
) -> FloatArray:
    """Draw z from N(0, σ²) and run the flow backwards: all samples in one pass.

    Parameters
    ----------
    mel : MelSpectrogram
        With the parameters of the course.
    model : WaveGlow
        The network.
    rng : np.random.Generator
        Draws z.
    sigma : float
        Smaller than in training gives less noise, and a duller sound.

    Returns
    -------
    np.ndarray [shape=(frames · hop_length,)]
        float32 in [-1, 1]; what passes ±1 is cut.

    Raises
    ------
    AudioCourseError
        If `require_mel` refuses mel, rng is not a generator, or sigma is not a number of at least 0.

    Notebook: 03d_vocoders
    """
    require_mel(mel)
    require_rng(rng)
    require_number(sigma=sigma)
    if sigma < 0:
        raise AudioCourseError(f"sigma is {sigma}, but a standard deviation is 0 or more: 0.6 is usual.")
    steps = mel.values.shape[1] * model.config.hop_length // model.config.groups
    z = sigma * rng.standard_normal((1, model.config.groups, steps), dtype=np.float32)
    with evaluating(model) as device:
        y: FloatArray = model.inverse(torch.from_numpy(z).to(device), batch_of_one(mel, device))[0].cpu().numpy()
    return np.clip(y, -1, 1)
