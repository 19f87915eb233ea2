"""More training clips from few: mixup, noise at a stated SNR, another level, spectral tilt or vocal tract.

Strips of SpecAugment are in `audiocourse.zoo.augment`, for every chapter.
"""

from __future__ import annotations

import math

import numpy as np
import torch

from audiocourse.signal import FloatArray
from audiocourse.sounds import mix, noise


def mixed_up(
    inputs: torch.Tensor, targets: torch.Tensor, *, strength: float = 0.2
) -> tuple[torch.Tensor, torch.Tensor]:
    """Mix each example of a batch with another one, and their targets likewise (mixup).

    x̃ = λ x_i + (1 − λ) x_j, t̃ = λ t_i + (1 − λ) t_j, with λ ~ Beta(α, α) for each example, from torch's own generator.

    Parameters
    ----------
    inputs : torch.Tensor [shape=(batch, ...)]
        Spectrograms.
    targets : torch.Tensor [shape=(batch, classes)]
        Probabilities, such as one-hot rows.
    strength : float
        α; small values change most examples little.

    Returns
    -------
    inputs, targets : torch.Tensor
        In new memory, of the same shapes.

    Source: H. Zhang et al., mixup: beyond empirical risk minimization, ICLR 2018, arXiv:1710.09412.

    Notebook: 04b_audio_tagging
    """
    share = torch.distributions.Beta(strength, strength).sample((len(inputs),)).to(inputs.device)  # λ of each example
    other = torch.randperm(len(inputs), device=inputs.device)

    def mixed(values: torch.Tensor) -> torch.Tensor:
        weight = share.reshape(-1, *[1] * (values.ndim - 1))
        return weight * values + (1 - weight) * values[other]

    return mixed(inputs), mixed(targets)


def recorded_differently(
    spectrograms: torch.Tensor, *, level: float = 1.0, tilt: float = 0.06, axis: int = 2
) -> torch.Tensor:
    """Change level and spectral tilt of each example at random, as another distance and another microphone do.

    Parameters
    ----------
    spectrograms : torch.Tensor [shape=(batch, ...)]
        Natural logarithms of mel power.
    level : float
        Standard deviation of the level, in nepers of power (1 neper is 4.3 dB).
    tilt : float
        Standard deviation of the step from one band to the next, in nepers; the steps add up to a smooth curve.
    axis : int
        The axis of the bands.

    Notebook: 04b_audio_tagging
    """
    examples = len(spectrograms)
    device = spectrograms.device
    shape = [1] * spectrograms.ndim
    shape[0] = examples
    gain = level * torch.randn(shape, device=device)
    shape[axis] = spectrograms.shape[axis]
    curve = torch.cumsum(tilt * torch.randn(shape, device=device), dim=axis)
    return spectrograms + gain + curve - curve.mean(dim=axis, keepdim=True)


def resized(spectrograms: torch.Tensor, factors: torch.Tensor) -> torch.Tensor:
    """Stretch the mel axis, as another length of the vocal tract does: x̃[m, b] = x[m, a b], between bands linear.

    A factor a above 1 moves formants and pitch down, one below 1 up; so one voice becomes another.

    Parameters
    ----------
    spectrograms : torch.Tensor [shape=(batch, frames, bands)]
        Logarithms of mel power.
    factors : torch.Tensor [shape=(batch,)]
        a, such as 0.9 to 1.1.
    """
    bands = spectrograms.shape[2]
    places = (factors[:, None] * torch.arange(bands, device=factors.device)).clamp(max=bands - 1)  # (batch, bands)
    below = places.long().clamp(max=bands - 2)
    share = (places - below)[:, None]  # (batch, 1, bands)
    index = below[:, None].expand_as(spectrograms)
    return spectrograms.gather(2, index) * (1 - share) + spectrograms.gather(2, index + 1) * share


def over_soft_noise(
    spectrograms: torch.Tensor, *, share: float = 0.6, snr_db: tuple[float, float] = (5.0, 40.0), tilt: float = 0.15
) -> torch.Tensor:
    """Add steady noise of a random colour to a share of the examples: powers add up.

    Parameters
    ----------
    spectrograms : torch.Tensor [shape=(batch, frames, bands)]
        Natural logarithms of mel power.
    share : float
        How many of the examples, from torch's own generator.
    snr_db : (float, float)
        Range of the ratio of the mean powers.
    tilt : float
        Standard deviation of the step of the noise from one band to the next, in nepers of power.
    """
    device = spectrograms.device
    batch, frames, bands = spectrograms.shape
    level = spectrograms.flatten(1).logsumexp(dim=1) - math.log(frames * bands)  # ln of the mean power, (batch,)
    low, high = (math.log(10) / 10 * ratio for ratio in snr_db)
    color = torch.cumsum(tilt * torch.randn(batch, 1, bands, device=device), dim=2)
    flutter = torch.log(torch.rand(batch, frames, bands, device=device) + 0.5)
    softer = low + (high - low) * torch.rand(batch, device=device)
    noisy = (level - softer)[:, None, None] + color - color.mean(dim=2, keepdim=True) + flutter
    chosen = torch.rand(batch, 1, 1, device=device) < share
    return torch.where(chosen, torch.logaddexp(spectrograms, noisy), spectrograms)


def with_noise(y: FloatArray, *, snr_db: float, color: str, sr: int, rng: np.random.Generator) -> FloatArray:
    """Add coloured noise to a clip at a stated ratio of powers, 10 · log₁₀(P_clip / P_noise) = snr_db.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    snr_db : float
        In dB, over the whole clip.
    color : str
        One of `audiocourse.sounds.COLORS`.
    sr : int
        Samples per second.
    rng : np.random.Generator
        Source of the noise.

    Notebook: 04b_audio_tagging
    """
    return mix(y, noise(color, seconds=y.size / sr, sr=sr, rng=rng)[: y.size], snr_db=snr_db).y
