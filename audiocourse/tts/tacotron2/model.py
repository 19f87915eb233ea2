"""Tacotron 2: attention that knows where it has been, and a post-net of plain convolutions.

::

    symbols → embedding → three convolutions → bidirectional LSTM → one vector for each symbol
    frame before → pre-net → attention LSTM → location-sensitive attention → decoder LSTM → r frames, stop token
    frames → five convolutions → refined frames

With r = 1 and ``PAPER_SIZES`` it is the network of the paper, and with the same weights ``torchaudio.models.Tacotron2``
returns the same frames. `audiocourse.tts.tacotron.decoding` holds the loop over the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from audiocourse.tts.tacotron.decoding import AttentionState, AttentionSynthesizer, EncoderOutput, PreNet
from audiocourse.tts.tacotron.recurrent import Bidirectional, masked
from audiocourse.zoo.batching import padding_mask


@dataclass(frozen=True)
class Tacotron2Config:
    """The phones it knows, r frames a step (``reduction``), and the sizes of its parts; see ``PAPER_SIZES``.

    ``encoder`` is the size of an embedding and of what the encoder returns, an even number; ``units`` that of both
    LSTMs of the decoder; ``filters`` and ``filter_width`` belong to the location features of the attention.
    """

    phones: tuple[str, ...]
    n_mels: int = 80
    reduction: int = 4
    encoder: int = 96
    encoder_width: int = 5
    encoder_dropout: float = 0.0
    attention: int = 64
    filters: int = 8
    filter_width: int = 15
    prenet: int = 64
    prenet_dropout: float = 0.3
    units: int = 112
    rnn_dropout: float = 0.0
    postnet_channels: int = 56
    postnet_width: int = 5
    postnet_dropout: float = 0.0


PAPER_SIZES = {
    "reduction": 1,
    "encoder": 512,
    "encoder_dropout": 0.5,
    "attention": 128,
    "filters": 32,
    "filter_width": 31,
    "prenet": 256,
    "prenet_dropout": 0.5,
    "units": 1024,
    "rnn_dropout": 0.1,
    "postnet_channels": 512,
    "postnet_dropout": 0.5,
}


@dataclass(frozen=True)
class LocationState(AttentionState):
    """As `AttentionState`, with the LSTM's ``cell``, and in ``cumulative`` the sum of all ``weights`` so far."""

    cell: torch.Tensor
    cumulative: torch.Tensor


class NormedConvolution(nn.Module):
    """A convolution over time that keeps the length, with batch normalisation; padding stays zero.

    Notebook: 03b_attention
    """

    def __init__(self, inputs: int, outputs: int, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, width, padding=width // 2)
        self.norm = nn.BatchNorm1d(outputs)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Convolve x [shape=(batch, frames, inputs)]: [shape=(batch, frames, outputs)]."""
        return masked(self.norm(self.conv(x.transpose(1, 2))).transpose(1, 2), lengths)


class Encoder(nn.Module):
    """Three convolutions, each with ReLU, and a bidirectional LSTM: a symbol in its context.

    Notebook: 03b_attention
    """

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            NormedConvolution(config.encoder, config.encoder, config.encoder_width) for _ in range(3)
        )
        self.lstm = Bidirectional(nn.LSTM, config.encoder, config.encoder // 2)
        self.dropout = nn.Dropout(config.encoder_dropout)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Encode x [shape=(batch, symbols, encoder)]; the shape stays."""
        x = masked(x, lengths)
        for convolution in self.convolutions:
            x = self.dropout(masked(torch.relu(convolution(x, lengths)), lengths))
        encoded: torch.Tensor = self.lstm(x, lengths)
        return encoded


class LocationSensitiveAttention(nn.Module):
    """e[n] = vᵀ tanh(W q + U h[n] + V f[n]), with f = F ∗ (a_(t−1), Σ_(s<t) a_s); a = softmax(e), c = Σ_n a[n] h[n].

    The location features f tell each symbol whether it was just read and how long it has been read in all, so that
    attention moves on instead of jumping to the same word elsewhere.

    Source: J. Chorowski et al., Attention-based models for speech recognition, NeurIPS 2015.

    Notebook: 03b_attention
    """

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        self.query = nn.Linear(config.units, config.attention, bias=False)
        self.key = nn.Linear(config.encoder, config.attention, bias=False)
        self.location_conv = nn.Conv1d(
            2, config.filters, config.filter_width, padding=config.filter_width // 2, bias=False
        )
        self.location_projection = nn.Linear(config.filters, config.attention, bias=False)
        self.energy = nn.Linear(config.attention, 1, bias=False)

    def forward(
        self, query: torch.Tensor, state: LocationState, encoder_output: EncoderOutput
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Look with query [shape=(batch, size)]: context (batch, size), weights (batch, symbols), 0 in the padding."""
        history = torch.stack([state.weights, state.cumulative], dim=1)  # (batch, 2, symbols)
        location = self.location_projection(self.location_conv(history).transpose(1, 2))  # (batch, symbols, attention)
        e = self.energy(torch.tanh(self.query(query)[:, None] + encoder_output.keys + location))[..., 0]
        weights = e.masked_fill(encoder_output.padding, -torch.inf).softmax(dim=1)  # (batch, symbols)
        context = (weights[:, None] @ encoder_output.values)[:, 0]  # (batch, size)
        return context, weights


class PostNet(nn.Module):
    """Five convolutions, tanh after all but the last: what to add to frames that were written left to right.

    Notebook: 03b_attention
    """

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        sizes = [config.n_mels, *[config.postnet_channels] * 4, config.n_mels]
        self.convolutions = nn.ModuleList(
            NormedConvolution(inputs, outputs, config.postnet_width) for inputs, outputs in pairwise(sizes)
        )
        self.dropout = nn.Dropout(config.postnet_dropout)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return what to add to x [shape=(batch, frames, n_mels)]; the shape stays."""
        *inner, last = self.convolutions
        for convolution in inner:
            x = self.dropout(torch.tanh(convolution(x, lengths)))
        residual: torch.Tensor = self.dropout(last(x, lengths))
        return residual


class Tacotron2(AttentionSynthesizer):
    """Frames of speech from symbols, step by step.

    h = BiLSTM(convolutions(embedding)); in step t, q_t = LSTM([pre-net(y_(t−1)), c_(t−1)]), (c_t, a_t) = attention(q_t,
    h, a_(t−1), Σ a), d_t = LSTM([q_t, c_t]), r frames = A [d_t, c_t] and the stop token σ(wᵀ [d_t, c_t]).

    Source: J. Shen et al., Natural TTS synthesis by conditioning WaveNet on mel spectrogram predictions, ICASSP 2018.

    Notebook: 03b_attention
    """

    config_class = Tacotron2Config

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        self.config = config
        decoded = config.units + config.encoder
        self.embedding = nn.Embedding(1 + 3 * len(config.phones), config.encoder)  # with and without stress
        self.encoder = Encoder(config)
        self.prenet = PreNet(config.n_mels, config.prenet, dropout=config.prenet_dropout, always=True)
        self.attention_rnn = nn.LSTMCell(config.prenet + config.encoder, config.units)
        self.attention = LocationSensitiveAttention(config)
        self.decoder_rnn = nn.LSTM(decoded, config.units, batch_first=True)
        self.frame_projection = nn.Linear(decoded, config.reduction * config.n_mels)
        self.stop_projection = nn.Linear(decoded, 1)
        self.postnet = PostNet(config)
        self.dropout = nn.Dropout(config.rnn_dropout)

    def encode(self, symbols: torch.Tensor, lengths: torch.Tensor) -> EncoderOutput:
        """Encode symbols [shape=(batch, symbols)] with their lengths [shape=(batch,)]."""
        values = self.encoder(self.embedding(symbols), lengths)  # (batch, symbols, encoder)
        return EncoderOutput(values, self.attention.key(values), padding_mask(lengths, symbols.shape[1]))

    def initial_state(self, encoder_output: EncoderOutput) -> LocationState:
        """Return the state before the first step: zeros."""
        values = encoder_output.values
        nothing = values.new_zeros(len(values), self.config.units)
        unread = torch.zeros_like(values[..., 0])  # (batch, symbols)
        return LocationState(nothing, torch.zeros_like(values[:, 0]), unread, cell=nothing, cumulative=unread)

    def attend(self, previous: torch.Tensor, state: LocationState, encoder_output: EncoderOutput) -> LocationState:
        """Take one step of the attention LSTM from the pre-net's output [shape=(batch, prenet)]."""
        inputs = torch.cat([previous, state.context], dim=1)
        query, cell = self.attention_rnn(inputs, (state.query, state.cell))
        query = self.dropout(query)  # (batch, units)
        context, weights = self.attention(query, state, encoder_output)
        return LocationState(query, context, weights, cell=cell, cumulative=state.cumulative + weights)

    def decode(
        self, queries: torch.Tensor, contexts: torch.Tensor, decoder_state: Any = None
    ) -> tuple[torch.Tensor, torch.Tensor, Any]:
        """Run the decoder LSTM over steps: (batch, steps, size) -> scaled frames, stop logits, state."""
        d, decoder_state = self.decoder_rnn(torch.cat([queries, contexts], dim=2), decoder_state)
        decoded = torch.cat([self.dropout(d), contexts], dim=2)  # (batch, steps, units + encoder)
        scaled = self.frame_projection(decoded).reshape(len(d), -1, self.config.n_mels)  # (batch, steps * r, n_mels)
        return scaled, self.stop_projection(decoded)[..., 0], decoder_state

    def residual(self, scaled: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return what the post-net adds to the scaled frames (batch, frames, n_mels)."""
        residual: torch.Tensor = self.postnet(scaled, lengths)
        return residual
