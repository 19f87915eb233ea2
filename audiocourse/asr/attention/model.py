"""An encoder and a decoder with attention: it looks back at all frames of the sound and at the letters written so far.

::

    features → linear → LSTM in both directions → keys and values, one for each frame
    last letter, last context → GRU → query → attention over the frames → context → scores of the next letter

The text ends where the decoder writes <eos>, however long the sound is. Numbers of symbols: 0 is padding, 1 <sos>,
2 <eos>, and letters begin at 3.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn

from audiocourse.asr.attention.from_scratch import shift_right
from audiocourse.asr.ctc.model import BiLSTM
from audiocourse.errors import AudioCourseError
from audiocourse.zoo.batching import padding_mask

PAD, SOS, EOS = range(3)
FIRST_LETTER = 3  # its number


@dataclass(frozen=True)
class EncoderOutput:
    """What the encoder returns: ``keys`` and ``values`` [shape=(batch, frames, units)], and each utterance's length."""

    keys: torch.Tensor
    values: torch.Tensor
    lengths: torch.Tensor

    def pick(self, rows: torch.Tensor) -> EncoderOutput:
        """Take some utterances, or one of them several times."""
        return EncoderOutput(self.keys[rows], self.values[rows], self.lengths[rows])


@dataclass(frozen=True)
class DecoderState:
    """What the decoder carries on: its GRU's ``state``, and the last ``context`` [shape=(batch, units)]."""

    state: torch.Tensor
    context: torch.Tensor

    def pick(self, rows: torch.Tensor) -> DecoderState:
        """Go on from some of the states."""
        return DecoderState(self.state[rows], self.context[rows])


class DecoderStep(NamedTuple):
    """What a step returns: scores, where the decoder looked, and its new state.

    ``log_probabilities`` [shape=(batch, symbols)], −∞ for padding and <sos>, which are never written; ``weights``
    [shape=(batch, frames)].
    """

    log_probabilities: torch.Tensor
    weights: torch.Tensor
    decoder_state: DecoderState


def attend(query: torch.Tensor, encoder_output: EncoderOutput) -> tuple[torch.Tensor, torch.Tensor]:
    """Read the frames that match the query: `from_scratch.masked_attention`, with gradients.

    a[b, t] = softmax over t < T_b of q[b] · k[b, t] / √d, and 0 from T_b on; c[b] = Σ_t a[b, t] v[b, t].

    Parameters
    ----------
    query : torch.Tensor [shape=(batch, units)]
        q
    encoder_output : EncoderOutput
        k, v and T.

    Returns
    -------
    context : torch.Tensor [shape=(batch, units)]
        c
    weights : torch.Tensor [shape=(batch, frames)]
        a

    Source: A. Vaswani et al., Attention is all you need, NeurIPS 2017.

    Notebook: 02c_attention
    """
    scores = (encoder_output.keys @ query[..., None])[..., 0] / query.shape[1] ** 0.5  # (batch, frames)
    weights = scores.masked_fill(padding_mask(encoder_output.lengths, scores.shape[1]), -torch.inf).softmax(dim=1)
    context = (weights[:, None] @ encoder_output.values)[:, 0]  # (batch, units)
    return context, weights


@dataclass(frozen=True)
class AttentionConfig:
    """How many ``features`` describe a frame, what ``letters`` it writes (letter j has the number 3 + j), and its size.

    ``units`` is the size of the states, keys, values and queries.
    """

    features: int
    letters: Sequence[str]
    units: int = 64


class AttentionNet(nn.Module):
    """Listen, attend and spell.

    h = BiLSTM(ReLU(A x)), k = K h, v = V h; in step i, s_i = GRU(s_(i−1), [embedding of y_(i−1), c_(i−1)]),
    (c_i, a_i) = attend(Q s_i, k, v), P(y_i | y_1 … y_(i−1), x) = softmax(W [s_i, c_i]).

    Source: W. Chan et al., Listen, attend and spell, ICASSP 2016.

    Notebook: 02c_attention
    """

    def __init__(self, config: AttentionConfig) -> None:
        super().__init__()
        units = config.units
        symbols = FIRST_LETTER + len(config.letters)
        self.input_projection = nn.Linear(config.features, units)
        self.encoder = BiLSTM(units, units)
        self.keys = nn.Linear(2 * units, units)
        self.values = nn.Linear(2 * units, units)
        self.embedding = nn.Embedding(symbols, units)
        self.decoder_cell = nn.GRUCell(2 * units, units)
        self.query = nn.Linear(units, units)
        self.head = nn.Linear(2 * units, symbols)

    def encode(self, features: torch.Tensor, lengths: torch.Tensor) -> EncoderOutput:
        """Encode a batch.

        Parameters
        ----------
        features : torch.Tensor [shape=(batch, frames, features)]
            Padded at the end with any numbers.
        lengths : torch.Tensor [shape=(batch,)]
            Frames of each utterance, 1 or more.
        """
        hidden = self.encoder(torch.relu(self.input_projection(features)), lengths)  # (batch, frames, 2 * units)
        return EncoderOutput(self.keys(hidden), self.values(hidden), lengths)

    def initial_state(self, encoder_output: EncoderOutput) -> DecoderState:
        """Return the state of a decoder that has not written anything."""
        zeros = torch.zeros_like(encoder_output.values[:, 0])  # (batch, units)
        return DecoderState(zeros, zeros)

    def step(self, last: torch.Tensor, decoder_state: DecoderState, encoder_output: EncoderOutput) -> DecoderStep:
        """Read a letter and score the next one.

        Parameters
        ----------
        last : torch.Tensor [shape=(batch,)]
            The letter before, <sos> at the beginning.
        decoder_state : DecoderState
            The state after the letters before.
        encoder_output : EncoderOutput
            From `encode`.
        """
        state = self.decoder_cell(torch.cat([self.embedding(last), decoder_state.context], dim=1), decoder_state.state)
        context, weights = attend(self.query(state), encoder_output)
        logits = self.head(torch.cat([state, context], dim=1))  # (batch, symbols)
        never_written = torch.arange(logits.shape[1], device=logits.device) < EOS
        log_probabilities = logits.masked_fill(never_written, -torch.inf).log_softmax(dim=1)
        return DecoderStep(log_probabilities, weights, DecoderState(state, context))

    def forward(
        self, features: torch.Tensor, lengths: torch.Tensor, inputs: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Score the true texts, letter by letter (teacher forcing).

        Parameters
        ----------
        features : torch.Tensor [shape=(batch, frames, features)]
            Padded at the end with any numbers.
        lengths : torch.Tensor [shape=(batch,)]
            Frames of each utterance.
        inputs : torch.Tensor [shape=(batch, steps)]
            <sos> and the letters, from `shift_right`.

        Returns
        -------
        log_probabilities : torch.Tensor [shape=(batch, steps, symbols)]
            Of the letter after each input; later inputs have no influence.
        weights : torch.Tensor [shape=(batch, steps, frames)]
            Where the decoder looked in each step; rows sum to 1.
        """
        encoder_output = self.encode(features, lengths)
        decoder_state = self.initial_state(encoder_output)
        steps = []
        for last in inputs.T:
            steps.append(self.step(last, decoder_state, encoder_output))
            decoder_state = steps[-1].decoder_state
        log_probabilities = torch.stack([step.log_probabilities for step in steps], dim=1)  # (batch, steps, symbols)
        return log_probabilities, torch.stack([step.weights for step in steps], dim=1)


def spelling_loss(
    model: AttentionNet, batch: tuple[torch.Tensor, torch.Tensor, Sequence[Sequence[int]]]
) -> torch.Tensor:
    """Measure how improbable the true letters are.

    −mean of log P(y_i | y_1 … y_(i−1), x) over all letters and ends of the batch, without the padding.

    Parameters
    ----------
    model : AttentionNet
        The network in training.
    batch : (features, lengths, texts)
        As for `AttentionNet.forward`; texts are lists of numbers of letters.

    Returns
    -------
    torch.Tensor [shape=()]
        In nats; ln(number of letters + 1) for a guess.

    Notebook: 02c_attention
    """
    features, lengths, texts = batch
    inputs, targets = (torch.from_numpy(each) for each in shift_right(texts, sos=SOS, eos=EOS, pad=PAD))
    log_probabilities, _ = model(features, lengths, inputs.to(features.device))  # (batch, steps, symbols)
    log_p = log_probabilities.flatten(0, 1)  # (batch * steps, symbols)
    return nn.functional.nll_loss(log_p, targets.flatten().to(features.device), ignore_index=PAD)


def numbers(text: str, letters: Sequence[str]) -> list[int]:
    """Turn a text into the numbers of its letters; other letters are refused.

    >>> numbers("bab", ["a", "b"])
    [4, 3, 4]
    """
    text = unicodedata.normalize("NFC", text)
    unknown = sorted(set(text) - set(letters))
    if unknown:
        raise AudioCourseError(f"The network cannot write {unknown}: it knows {''.join(letters)}.")
    return [FIRST_LETTER + letters.index(letter) for letter in text]
