"""SpecAugment: hide strips of frames and of mel bands, so that a network does not rely on any single one.

Source: D. S. Park et al., SpecAugment, Interspeech 2019, arXiv:1904.08779.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray


def spec_augment(features: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a copy with two strips of frames and two of bands set to 0: (frames, bands) -> (frames, bands)."""
    masked = features.astype(np.float32)
    frames, bands = masked.shape
    for _ in range(2):
        width = int(rng.integers(0, min(16, frames // 8) + 1))
        start = int(rng.integers(frames - width + 1))
        masked[start : start + width] = 0
        width = int(rng.integers(0, bands // 6 + 1))
        start = int(rng.integers(bands - width + 1))
        masked[:, start : start + width] = 0
    return masked


def hide_strips(features: torch.Tensor, *, axis: int, max_width: int) -> torch.Tensor:
    """Set a strip of each example to 0, on the device: (batch, ...) -> the same; ``axis`` is 2 or 3."""
    size = features.shape[axis]
    device = features.device
    start = torch.randint(size - max_width, (len(features), 1), device=device)
    width = torch.randint(max_width + 1, (len(features), 1), device=device)
    index = torch.arange(size, device=device)
    hidden = (index >= start) & (index < start + width)  # (batch, size)
    shape = [len(features), *(size if other == axis else 1 for other in range(1, features.ndim))]
    return features.masked_fill(hidden.reshape(shape), 0.0)
