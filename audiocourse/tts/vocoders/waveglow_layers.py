"""The two layers of WaveGlow: a 1×1 convolution with an inverse, and the network of an affine coupling, without one."""

from __future__ import annotations

import torch
from torch import nn


class InvertibleConv(nn.Module):
    """x ← W x at every step: mixes the channels, so that the coupling changes other ones next time.

    W begins as a rotation. ln |det| = steps · ln |det W|.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.linalg.qr(torch.randn(channels, channels)).Q)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return W x. x : (batch, channels, steps)."""
        return self.weight @ x

    def inverse(self, x: torch.Tensor) -> torch.Tensor:
        """Return W⁻¹ x. x : (batch, channels, steps)."""
        inverse: torch.Tensor = torch.linalg.inv(self.weight) @ x
        return inverse


class CouplingNet(nn.Module):
    """A WaveNet that looks in both directions: from half of the channels to a scale and a shift for the other half.

    Its last layer begins at zero, so that a new coupling changes nothing.
    """

    def __init__(self, half: int, *, channels: int, layers: int, condition_channels: int) -> None:
        super().__init__()
        self.start = nn.Conv1d(half, channels, kernel_size=1)
        self.dilated_convs = nn.ModuleList(
            nn.Conv1d(channels, 2 * channels, kernel_size=3, dilation=2**i, padding=2**i) for i in range(layers)
        )
        self.conditions = nn.ModuleList(
            nn.Conv1d(condition_channels, 2 * channels, kernel_size=1) for _ in range(layers)
        )
        self.outputs = nn.ModuleList(nn.Conv1d(channels, 2 * channels, kernel_size=1) for _ in range(layers))
        self.end = nn.Conv1d(channels, 2 * half, kernel_size=1)
        nn.init.zeros_(self.end.weight)
        nn.init.zeros_(self.end.bias)  # type: ignore[arg-type]

    def forward(
        self, x: torch.Tensor, condition: torch.Tensor, mask: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the log scale and the shift, each (batch, half, steps), 0 beyond the mask.

        x : (batch, half, steps); condition : (batch, condition_channels, steps); mask : (batch, 1, steps).
        """
        x = self.start(x)  # (batch, channels, steps)
        skips = torch.zeros_like(x)
        for conv, project, output in zip(self.dilated_convs, self.conditions, self.outputs, strict=True):
            filter_, gate = (conv(masked(x, mask)) + project(condition)).chunk(2, dim=1)
            residual, skip = output(torch.tanh(filter_) * torch.sigmoid(gate)).chunk(2, dim=1)
            x = x + residual
            skips = skips + skip
        log_scale, shift = masked(self.end(skips), mask).chunk(2, dim=1)
        return log_scale, shift


def masked(x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    """Set to zero what lies beyond the end of a clip: (batch, channels, steps) -> the same shape."""
    return x if mask is None else x * mask
