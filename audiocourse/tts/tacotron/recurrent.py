"""A recurrent network that reads a padded sequence in both directions, each from its own end."""

from __future__ import annotations

import torch
from torch import nn

from audiocourse.zoo.batching import padding_mask


class Bidirectional(nn.Module):
    """One recurrent layer reads each sequence forwards, another backwards; their states side by side.

    h[n] = (RNN→(x[0 … n]), RNN←(x[N − 1 … n])), N being the sequence's own length. The padding comes after the end in
    both directions, so it has no influence.

    Parameters
    ----------
    layer : {nn.GRU, nn.LSTM}
        The kind of layer.
    inputs, units : int
        Size of a vector that comes in, and of the state of each direction.

    Source: M. Schuster and K. Paliwal, Bidirectional recurrent neural networks, IEEE Trans. Signal Process. 45, 1997.

    Notebook: 03b_attention
    """

    def __init__(self, layer: type[nn.GRU] | type[nn.LSTM], inputs: int, units: int) -> None:
        super().__init__()
        self.forward_rnn = layer(inputs, units, batch_first=True)
        self.backward_rnn = layer(inputs, units, batch_first=True)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Read x [shape=(batch, frames, inputs)] both ways: [shape=(batch, frames, 2 · units)], 0 in the padding."""
        forwards, _ = self.forward_rnn(x)
        backwards, _ = self.backward_rnn(_reversed(x, lengths))
        return masked(torch.cat([forwards, _reversed(backwards, lengths)], dim=2), lengths)


def masked(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Set the padding of each sequence to zero: x (batch, frames, features), lengths (batch,) -> the shape of x."""
    return x.masked_fill(padding_mask(lengths, x.shape[1])[..., None], 0.0)


def _reversed(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Reverse each sequence within its own length; the padding stays where it is."""
    t = torch.arange(x.shape[1], device=x.device)[None]  # (1, frames)
    reversed_t = torch.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)  # (batch, frames)
    return x.gather(1, reversed_t[..., None].expand(-1, -1, x.shape[2]))
