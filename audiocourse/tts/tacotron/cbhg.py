"""CBHG: a bank of convolutions, highway layers and a bidirectional GRU turn a sequence into robust features.

::

    x (frames, size) → bank: convolutions 1, 2, … K wide, side by side → max of two neighbours → two convolutions
      → + x → highway layers → bidirectional GRU → (frames, 2 · units)

A convolution k wide sees k symbols at once: the bank is to a sentence what n-grams are to a text.
"""

from __future__ import annotations

import torch
from torch import nn

from audiocourse.tts.tacotron.recurrent import Bidirectional, masked


class Convolution(nn.Module):
    """A convolution over time that keeps the length, ReLU or not, batch normalisation; padding stays zero.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    width : int
        Frames that it sees; of an even width, one more to the right than to the left.
    relu : bool
        Whether a ReLU comes before the normalisation.

    Notebook: 03b_attention
    """

    def __init__(self, inputs: int, outputs: int, width: int, *, relu: bool) -> None:
        super().__init__()
        self.pad = nn.ConstantPad1d(((width - 1) // 2, width // 2), 0.0)
        self.conv = nn.Conv1d(inputs, outputs, width, bias=False)
        self.activation = nn.ReLU() if relu else nn.Identity()
        self.norm = nn.BatchNorm1d(outputs)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Convolve x [shape=(batch, frames, inputs)]: [shape=(batch, frames, outputs)]."""
        y = self.norm(self.activation(self.conv(self.pad(x.transpose(1, 2)))))  # (batch, outputs, frames)
        return masked(y.transpose(1, 2), lengths)


class Highway(nn.Module):
    """y = g · ReLU(A x) + (1 − g) · x with the gate g = σ(B x): a layer that can let its input pass.

    Source: R. Srivastava, K. Greff, J. Schmidhuber, Highway networks, 2015, arXiv:1505.00387.

    Notebook: 03b_attention
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(size, size)
        self.gate = nn.Linear(size, size)
        nn.init.constant_(self.gate.bias, -1.0)  # at first the input passes

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Transform x [shape=(…, size)]; the shape stays."""
        g = torch.sigmoid(self.gate(x))
        return g * torch.relu(self.linear(x)) + (1 - g) * x


class Cbhg(nn.Module):
    """Bank of convolutions, highway layers, bidirectional GRU.

    Parameters
    ----------
    inputs : int
        Features of a frame.
    channels : int
        Of each convolution of the bank, and of the highway layers.
    bank : int
        K, the width of the widest convolution.
    highways : int
        Highway layers.
    units : int
        State of each direction of the GRU.

    Source: Y. Wang et al., Tacotron: towards end-to-end speech synthesis, Interspeech 2017.

    Notebook: 03b_attention
    """

    def __init__(self, inputs: int, *, channels: int, bank: int, highways: int, units: int) -> None:
        super().__init__()
        self.bank = nn.ModuleList(Convolution(inputs, channels, k, relu=True) for k in range(1, bank + 1))
        self.conv1 = Convolution(bank * channels, channels, 3, relu=True)
        self.conv2 = Convolution(channels, inputs, 3, relu=False)
        self.projection = nn.Linear(inputs, channels)
        self.highways = nn.ModuleList(Highway(channels) for _ in range(highways))
        self.gru = Bidirectional(nn.GRU, channels, units)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Encode a batch.

        Parameters
        ----------
        x : torch.Tensor [shape=(batch, frames, inputs)]
            Padded at the end with any numbers.
        lengths : torch.Tensor [shape=(batch,)]
            Frames of each sequence.

        Returns
        -------
        torch.Tensor [shape=(batch, frames, 2 * units)]
            0 in the padding.
        """
        x = masked(x, lengths)
        features = torch.cat([conv(x, lengths) for conv in self.bank], dim=2)  # (batch, frames, bank * channels)
        features = masked(_max_of_neighbours(features), lengths)
        features = self.conv2(self.conv1(features, lengths), lengths)  # (batch, frames, inputs)
        features = self.projection(features + x)  # (batch, frames, channels)
        for highway in self.highways:
            features = highway(features)
        encoded: torch.Tensor = self.gru(features, lengths)  # (batch, frames, 2 * units)
        return encoded


def _max_of_neighbours(x: torch.Tensor) -> torch.Tensor:
    """Return max(x[t − 1], x[t]) for each frame t: (batch, frames, features); never a later one."""
    before = torch.cat([x[:, :1], x[:, :-1]], dim=1)
    return torch.maximum(before, x)
