"""One step of WaveGlow's flow: a 1×1 convolution with an inverse, then an affine coupling."""

from __future__ import annotations

import torch
from torch import nn


class CouplingNet(nn.Module):
    """A WaveNet that looks in both directions: from half of the channels to a scale and a shift for the other half.

    It needs no inverse. Its last layer begins at zero, so that a new coupling changes nothing.
    """

    def __init__(self, half: int, *, channels: int, layers: int, condition_channels: int) -> None:
        super().__init__()
        self.start = nn.Conv1d(half, channels, kernel_size=1)
        self.dilated_convs = nn.ModuleList(
            nn.Conv1d(channels, 2 * channels, kernel_size=3, dilation=2**i, padding=2**i) for i in range(layers)
        )
        self.conditions = nn.ModuleList(nn.Conv1d(condition_channels, 2 * channels, 1) for _ in range(layers))
        self.outputs = nn.ModuleList(nn.Conv1d(channels, 2 * channels, kernel_size=1) for _ in range(layers))
        self.end = nn.Conv1d(channels, 2 * half, kernel_size=1)
        for parameter in self.end.parameters():
            nn.init.zeros_(parameter)

    def forward(
        self, x: torch.Tensor, condition: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the log scale and the shift, each (batch, half, steps), 0 beyond the mask.

        x : (batch, half, steps); condition : (batch, condition_channels, steps); mask : (batch, 1, steps).
        """
        x = self.start(x)  # (batch, channels, steps)
        skips = torch.zeros_like(x)
        for conv, project, output in zip(self.dilated_convs, self.conditions, self.outputs, strict=True):
            filter_, gate = (conv(x * mask) + project(condition)).chunk(2, dim=1)
            residual, skip = output(torch.tanh(filter_) * torch.sigmoid(gate)).chunk(2, dim=1)
            x = x + residual
            skips = skips + skip
        log_scale, shift = (self.end(skips) * mask).chunk(2, dim=1)
        return log_scale, shift


class FlowStep(nn.Module):
    """x ← W x at every step, then x_b ← s ⊙ x_b + t with (ln s, t) = net(x_a, mel).

    W mixes the channels, so that each coupling moves others; it begins as a rotation. x_a, the first half, stays as it
    is. The Jacobian of a coupling is triangular with s on its diagonal, hence ln |det| = Σ ln s + steps · ln |det W|.
    The inverse needs the same s and t: x_b ← (x_b − t) / s, then x ← W⁻¹ x.
    """

    def __init__(self, channels: int, coupling: CouplingNet) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.linalg.qr(torch.randn(channels, channels)).Q)
        self.coupling = coupling

    def forward(
        self, x: torch.Tensor, condition: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return x, changed, and ln |det|, (batch,). x : (batch, channels, steps); mask : (batch, 1, steps)."""
        a, b = (self.weight @ x).chunk(2, dim=1)  # each (batch, channels / 2, steps)
        log_scale, shift = self.coupling(a, condition, mask)
        steps = mask.sum(dim=(1, 2))
        log_determinant = log_scale.sum(dim=(1, 2)) + steps * torch.linalg.slogdet(self.weight).logabsdet
        return torch.cat([a, log_scale.exp() * b + shift], dim=1), log_determinant

    def inverse(self, x: torch.Tensor, condition: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Undo `forward`: shapes as there."""
        a, b = x.chunk(2, dim=1)
        log_scale, shift = self.coupling(a, condition, mask)
        mixed = torch.cat([a, (b - shift) * (-log_scale).exp()], dim=1)  # (batch, channels, steps)
        unmixed: torch.Tensor = torch.linalg.inv(self.weight) @ mixed
        return unmixed
