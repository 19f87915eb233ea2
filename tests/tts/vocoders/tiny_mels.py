"""Small mel spectrograms and networks for the tests of vocoders."""

from __future__ import annotations

import numpy as np
import torch

from audiocourse.tts.mel import MelSpectrogram


def random_mel(frames: int, seed: int = 0) -> MelSpectrogram:
    """Any mel spectrogram: levels as speech has them, without its order."""
    return MelSpectrogram(np.random.default_rng(seed).uniform(-3, 0, (80, frames)).astype(np.float32))


def two_clips(short: int, long: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Two clips in a batch, the first padded with numbers that would be heard: (2, long, 80), lengths (2,)."""
    log_mel = torch.from_numpy(np.stack([random_mel(long, seed).frames for seed in (1, 2)]))
    log_mel[0, short:] = 7.0
    return log_mel, torch.tensor([short, long])


def shaken(model: torch.nn.Module, size: float = 0.1) -> torch.nn.Module:
    """Add random numbers to all weights, so that layers that begin at zero take part."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(size * torch.randn_like(parameter))
    return model.eval()
