"""Tacotron: symbols in, a mel spectrogram out, with attention that learns by itself which symbol is due.

::

    symbols → embedding → pre-net → CBHG → one vector for each symbol
    frame before → pre-net → attention GRU → additive attention → two decoder GRUs with residuals → r frames, stop token
    frames → CBHG → refined frames

Two things differ from the paper. Its post-net predicts linear spectrograms for Griffin-Lim; here it refines the mel
spectrogram, since the vocoders of this chapter take one. It has no stop token and goes on to a fixed length; the token
comes from Tacotron 2. `audiocourse.tts.tacotron.decoding` holds the loop over the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from audiocourse.tts.tacotron.cbhg import Cbhg
from audiocourse.tts.tacotron.decoding import AttentionState, AttentionSynthesizer, EncoderOutput, PreNet
from audiocourse.zoo.batching import padding_mask


@dataclass(frozen=True)
class TacotronConfig:
    """The phones it knows, r frames a step (``reduction``), and the sizes of its parts.

    Less is dropped than in the paper, because half of 64 values do not tell 150 symbols apart, while half of the
    paper's 256 do. ``channels`` and ``bank`` belong to the encoder's CBHG, ``postnet_channels`` and ``postnet_bank`` to
    that of the post-net; ``units`` is the size of the attention GRU and of the decoder GRUs. The paper's own sizes are
    ``PAPER_SIZES``.
    """

    phones: tuple[str, ...]
    n_mels: int = 80
    reduction: int = 4
    embedding: int = 64
    encoder_dropout: float = 0.0
    channels: int = 48
    bank: int = 6
    highways: int = 2
    attention: int = 64
    prenet: int = 64
    prenet_dropout: float = 0.3
    units: int = 112
    postnet_channels: int = 40
    postnet_bank: int = 4


PAPER_SIZES = {
    "reduction": 2,
    "embedding": 256,
    "encoder_dropout": 0.5,
    "channels": 128,
    "bank": 16,
    "highways": 4,
    "attention": 256,
    "prenet": 256,
    "prenet_dropout": 0.5,
    "units": 256,
    "postnet_channels": 128,
    "postnet_bank": 8,
}


class AdditiveAttention(nn.Module):
    """e[n] = vᵀ tanh(W q + U h[n]), a = softmax over the symbols of e, c = Σ_n a[n] h[n]. It looks at content alone.

    Source: D. Bahdanau et al., ICLR 2015.

    Notebook: 03b_attention
    """

    def __init__(self, query: int, values: int, attention: int) -> None:
        super().__init__()
        self.query = nn.Linear(query, attention, bias=False)
        self.key = nn.Linear(values, attention)
        self.energy = nn.Linear(attention, 1, bias=False)

    def forward(self, query: torch.Tensor, encoder_output: EncoderOutput) -> tuple[torch.Tensor, torch.Tensor]:
        """Look with query [shape=(batch, size)]: context (batch, size), weights (batch, symbols), 0 in the padding."""
        e = self.energy(torch.tanh(self.query(query)[:, None] + encoder_output.keys))[..., 0]  # (batch, symbols)
        weights = e.masked_fill(encoder_output.padding, -torch.inf).softmax(dim=1)
        context = (weights[:, None] @ encoder_output.values)[:, 0]  # (batch, size)
        return context, weights


class Tacotron(AttentionSynthesizer):
    """Frames of speech from symbols, step by step.

    h = CBHG(pre-net(embedding)); in step t, q_t = GRU([pre-net(y_(t−1)), c_(t−1)], q_(t−1)), (c_t, a_t) =
    attention(q_t, h), d = W [q_t, c_t], twice d ← d + GRU(d), r frames = A d and the stop token σ(wᵀ d); y_(t−1) is the
    last frame of the step before.

    Source: Y. Wang et al., Tacotron: towards end-to-end speech synthesis, Interspeech 2017.

    Notebook: 03b_attention
    """

    config_class = TacotronConfig

    def __init__(self, config: TacotronConfig) -> None:
        super().__init__()
        self.config = config
        encoded = 2 * config.channels
        self.embedding = nn.Embedding(1 + 3 * len(config.phones), config.embedding)  # with and without stress
        self.encoder_prenet = PreNet(config.embedding, config.embedding, dropout=config.encoder_dropout, always=False)
        self.encoder = Cbhg(
            config.embedding,
            channels=config.channels,
            bank=config.bank,
            highways=config.highways,
            units=config.channels,
        )
        self.prenet = PreNet(config.n_mels, config.prenet, dropout=config.prenet_dropout, always=True)
        self.attention_rnn = nn.GRUCell(config.prenet + encoded, config.units)
        self.attention = AdditiveAttention(config.units, encoded, config.attention)
        self.decoder_projection = nn.Linear(config.units + encoded, config.units)
        self.decoder_rnn1 = nn.GRU(config.units, config.units, batch_first=True)
        self.decoder_rnn2 = nn.GRU(config.units, config.units, batch_first=True)
        self.frame_projection = nn.Linear(config.units, config.reduction * config.n_mels)
        self.stop_projection = nn.Linear(config.units, 1)
        self.postnet = Cbhg(
            config.n_mels,
            channels=config.postnet_channels,
            bank=config.postnet_bank,
            highways=config.highways,
            units=config.postnet_channels,
        )
        self.postnet_projection = nn.Linear(2 * config.postnet_channels, config.n_mels)

    def encode(self, symbols: torch.Tensor, lengths: torch.Tensor) -> EncoderOutput:
        """Encode symbols [shape=(batch, symbols)] with their lengths [shape=(batch,)]."""
        embedded = self.encoder_prenet(self.embedding(symbols))  # (batch, symbols, embedding)
        values = self.encoder(embedded, lengths)  # (batch, symbols, 2 * channels)
        return EncoderOutput(values, self.attention.key(values), padding_mask(lengths, symbols.shape[1]))

    def initial_state(self, encoder_output: EncoderOutput) -> AttentionState:
        """Return the state before the first step: zeros."""
        values = encoder_output.values
        return AttentionState(
            query=values.new_zeros(len(values), self.config.units),
            context=torch.zeros_like(values[:, 0]),
            weights=torch.zeros_like(values[..., 0]),
        )

    def attend(self, previous: torch.Tensor, state: AttentionState, encoder_output: EncoderOutput) -> AttentionState:
        """Take one step of the attention GRU from the pre-net's output [shape=(batch, prenet)]."""
        query = self.attention_rnn(torch.cat([previous, state.context], dim=1), state.query)  # (batch, units)
        return AttentionState(query, *self.attention(query, encoder_output))

    def decode(
        self, queries: torch.Tensor, contexts: torch.Tensor, decoder_state: Any = None
    ) -> tuple[torch.Tensor, torch.Tensor, Any]:
        """Run the decoder GRUs over steps: (batch, steps, size) -> scaled frames, stop logits, states."""
        state1, state2 = decoder_state or (None, None)
        d = self.decoder_projection(torch.cat([queries, contexts], dim=2))  # (batch, steps, units)
        output, state1 = self.decoder_rnn1(d, state1)
        d = d + output
        output, state2 = self.decoder_rnn2(d, state2)
        d = d + output
        scaled = self.frame_projection(d).reshape(len(d), -1, self.config.n_mels)  # (batch, steps * r, n_mels)
        return scaled, self.stop_projection(d)[..., 0], (state1, state2)

    def residual(self, scaled: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return what the post-net adds to the scaled frames (batch, frames, n_mels)."""
        residual: torch.Tensor = self.postnet_projection(self.postnet(scaled, lengths))
        return residual
