"""What networks of this chapter compute with instead of log-mel values: numbers around zero."""

from __future__ import annotations

import torch


def scale_mel(log_mel: torch.Tensor) -> torch.Tensor:
    """Bring log₁₀ magnitudes, about −5 to 1, to about −1.5 to 1.5: (m + 2) / 2; the shape stays."""
    return (log_mel + 2) / 2


def unscale_mel(values: torch.Tensor) -> torch.Tensor:
    """Undo `scale_mel`; the shape stays."""
    return 2 * values - 2
