"""What both Tacotrons share: the decoder that writes r frames a step, looks at the text, and decides when to stop.

::

    frame before → pre-net ┐
    context before ────────┴→ attention RNN → query → attention over the symbols → context
    query, context → decoder RNN → r frames, stop token

In training the frame before is the true one (teacher forcing), in use it is the network's own (free running). Frames
come in and go out as log-mel values; inside, they are scaled to numbers around zero.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray
from audiocourse.tts.mel import MEL, MelSpectrogram
from audiocourse.tts.scaling import scale_mel, unscale_mel
from audiocourse.tts.tacotron.recurrent import masked
from audiocourse.tts.text import symbol_numbers
from audiocourse.zoo.batching import padding_mask
from audiocourse.zoo.inference import evaluating
from audiocourse.zoo.seeds import seeded

MAX_FRAMES = 1_000  # 16 s: where a network that does not stop by itself is cut off
MAX_SYMBOLS = 500  # some 40 s; what both networks learned is much shorter
LOUDEST = 3.0  # log10: above every magnitude that a sound in [-1, 1] has in a band of `MEL`


class EncoderOutput(NamedTuple):
    """What the attention looks at.

    ``values`` [shape=(batch, symbols, size)], ``keys`` [shape=(batch, symbols, attention)] and ``padding``
    [shape=(batch, symbols)], True beyond the end of a text.
    """

    values: torch.Tensor
    keys: torch.Tensor
    padding: torch.Tensor


@dataclass(frozen=True)
class AttentionState:
    """What the attention RNN carries on.

    ``query`` and ``context`` [shape=(batch, size)], ``weights`` [shape=(batch, symbols)].
    """

    query: torch.Tensor
    context: torch.Tensor
    weights: torch.Tensor


class Prediction(NamedTuple):
    """What a network predicts when it is shown the true frames.

    ``frames`` and ``frames_before_postnet`` [shape=(batch, frames, n_mels)], log-mel values; ``stop_logits``
    [shape=(batch, steps)], the utterance ends where one is above 0; ``weights`` [shape=(batch, steps, symbols)], whose
    rows sum to 1; steps = ⌈frames / r⌉.
    """

    frames: torch.Tensor
    frames_before_postnet: torch.Tensor
    stop_logits: torch.Tensor
    weights: torch.Tensor


class Generated(NamedTuple):
    """What a network generates by itself.

    As in `Prediction`, and ``lengths`` [shape=(batch,)], the frames of each utterance, a multiple of r; ``finished``
    [shape=(batch,)], False where it was cut off instead of stopping.
    """

    frames: torch.Tensor
    stop_logits: torch.Tensor
    weights: torch.Tensor
    lengths: torch.Tensor
    finished: torch.Tensor


class PreNet(nn.Module):
    """Two linear layers with ReLU and dropout: a bottleneck in front of a network that could copy its input.

    Parameters
    ----------
    inputs, units : int
        Size of the input and of both layers.
    dropout : float
        Share of the values that become 0.
    always : bool
        Whether dropout stays on in use too. In front of the decoder it does: the decoder then has to look at the text,
        because it cannot rely on the frame before.

    Source: J. Shen et al., ICASSP 2018, section 2.2.

    Notebook: 03b_attention
    """

    def __init__(self, inputs: int, units: int, *, dropout: float, always: bool) -> None:
        super().__init__()
        self.linear1 = nn.Linear(inputs, units, bias=False)
        self.linear2 = nn.Linear(units, units, bias=False)
        self.dropout = dropout
        self.always = always

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Transform x [shape=(…, inputs)]: [shape=(…, units)]."""
        for linear in (self.linear1, self.linear2):
            x = nn.functional.dropout(torch.relu(linear(x)), self.dropout, training=self.always or self.training)
        return x


class AttentionSynthesizer(nn.Module, ABC):
    """A network that writes a mel spectrogram step by step while it reads the symbols with attention.

    A subclass defines how symbols are encoded, how a step of attention is made, how frames follow from it, and the
    post-net. Its config has ``phones``, ``n_mels`` and ``reduction``, r.

    Notebook: 03b_attention
    """

    config: Any
    prenet: PreNet

    @abstractmethod
    def encode(self, symbols: torch.Tensor, lengths: torch.Tensor) -> EncoderOutput:
        """Encode symbols [shape=(batch, symbols)] with their lengths [shape=(batch,)]."""

    @abstractmethod
    def initial_state(self, encoder_output: EncoderOutput) -> AttentionState:
        """Return the state before the first step."""

    @abstractmethod
    def attend(self, previous: torch.Tensor, state: Any, encoder_output: EncoderOutput) -> AttentionState:
        """Take one step: previous [shape=(batch, prenet)] is the pre-net's output for the frame before."""

    @abstractmethod
    def decode(
        self, queries: torch.Tensor, contexts: torch.Tensor, decoder_state: Any = None
    ) -> tuple[torch.Tensor, torch.Tensor, Any]:
        """Turn queries and contexts [shape=(batch, steps, size)] into scaled frames, stop logits and a new state.

        Scaled frames have the shape (batch, steps · r, n_mels), stop logits (batch, steps).
        """

    @abstractmethod
    def residual(self, scaled: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return what the post-net adds to the scaled frames [shape=(batch, frames, n_mels)], of lengths (batch,)."""

    def forward(
        self, symbols: torch.Tensor, lengths: torch.Tensor, mel: torch.Tensor, mel_lengths: torch.Tensor
    ) -> Prediction:
        """Predict each frame from the true frames before it (teacher forcing).

        Parameters
        ----------
        symbols : torch.Tensor [shape=(batch, symbols)]
            Numbers of symbols (`symbol_numbers`), padded at the end with any of them.
        lengths : torch.Tensor [shape=(batch,)]
            Symbols of each text.
        mel : torch.Tensor [shape=(batch, frames, n_mels)]
            Log-mel values, padded at the end with any numbers.
        mel_lengths : torch.Tensor [shape=(batch,)]
            Frames of each utterance.
        """
        encoder_output = self.encode(symbols, lengths)
        inputs = self.prenet(self.previous_frames(scale_mel(mel)))  # (batch, steps, prenet)
        state = self.initial_state(encoder_output)
        states = []
        for previous in inputs.unbind(1):
            state = self.attend(previous, state, encoder_output)
            states.append(state)
        queries = torch.stack([each.query for each in states], dim=1)  # (batch, steps, size)
        contexts = torch.stack([each.context for each in states], dim=1)
        scaled, stop_logits, _ = self.decode(queries, contexts)
        before, after = self.refine(scaled[:, : mel.shape[1]], mel_lengths)
        return Prediction(after, before, stop_logits, torch.stack([each.weights for each in states], dim=1))

    def generate(self, symbols: torch.Tensor, lengths: torch.Tensor, *, max_frames: int = MAX_FRAMES) -> Generated:
        """Generate frames until σ(stop) > 0.5, each utterance for itself.

        Parameters
        ----------
        symbols, lengths
            As for `forward`.
        max_frames : int
            Where an utterance that has not ended is cut off, at least r.
        """
        r = self.config.reduction
        encoder_output = self.encode(symbols, lengths)
        state = self.initial_state(encoder_output)
        decoder_state = None
        previous = state.context.new_zeros(len(symbols), self.config.n_mels)
        steps = torch.zeros_like(lengths)
        finished = torch.zeros_like(lengths, dtype=torch.bool)
        outputs: list[tuple[torch.Tensor, ...]] = []
        while len(outputs) < max(1, max_frames // r) and not finished.all():
            state = self.attend(self.prenet(previous), state, encoder_output)
            scaled, stop_logits, decoder_state = self.decode(
                state.query[:, None], state.context[:, None], decoder_state
            )
            outputs.append((scaled, stop_logits, state.weights[:, None]))
            steps += ~finished
            finished |= torch.sigmoid(stop_logits[:, 0]) > 0.5
            previous = scaled[:, -1]
        scaled, stop_logits, weights = (torch.cat(parts, dim=1) for parts in zip(*outputs, strict=True))
        _, frames = self.refine(scaled, r * steps)
        return Generated(frames, stop_logits, weights, r * steps, finished)

    def previous_frames(self, scaled: torch.Tensor) -> torch.Tensor:
        """Return the frame before each step: (batch, frames, n_mels) -> (batch, steps, n_mels); zeros at first."""
        r = self.config.reduction
        steps = math.ceil(scaled.shape[1] / r)
        go = torch.zeros_like(scaled[:, :1])
        return torch.cat([go, scaled[:, r - 1 :: r]], dim=1)[:, :steps]

    def refine(self, scaled: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return log-mel frames before and after the post-net; beyond the end of an utterance they are silence."""
        scaled = masked(scaled, lengths)
        refined = scaled + self.residual(scaled, lengths)
        beyond = padding_mask(lengths, scaled.shape[1])[..., None]
        before, after = (unscale_mel(each).masked_fill(beyond, MEL.log_floor) for each in (scaled, refined))
        return before, after


class SynthesizedMel(NamedTuple):
    """A mel spectrogram that a network generated by itself.

    ``attention`` [shape=(steps, symbols)] has a row for each step of r frames; ``finished`` is False where the network
    did not stop by itself.
    """

    mel: MelSpectrogram
    attention: FloatArray
    finished: bool


def synthesize_mel(
    symbols: Sequence[str], *, model: AttentionSynthesizer, seed: int = 0, max_frames: int = MAX_FRAMES
) -> SynthesizedMel:
    """Turn symbols into a mel spectrogram with a Tacotron or Tacotron 2.

    Parameters
    ----------
    symbols : sequence of str
        Of one sentence, from `phonemes`.
    model : AttentionSynthesizer
        Such as ``zoo.load("tacotron-mini").model``.
    seed : int
        Of the pre-net's dropout, which stays on: another seed gives a slightly different reading.
    max_frames : int
        Where it is cut off if it does not stop.

    Returns
    -------
    SynthesizedMel
        The frames, where the network looked in each step, and whether it stopped by itself.

    Raises
    ------
    AudioCourseError
        If there is no symbol, there are more than 500, or the network does not know one of the phones.

    Notebook: 03b_attention
    """
    require_positive(max_frames=max_frames)
    numbers = torch.from_numpy(symbol_numbers(require_symbols(symbols), model.config.phones))[None]  # (1, symbols)
    with seeded(seed), evaluating(model) as device:
        lengths = torch.tensor([numbers.shape[1]], device=device)
        generated = model.generate(numbers.to(device), lengths, max_frames=max_frames)
    # Softer than the floor is silence; louder than a sine at full scale can only come from a network that diverged.
    frames = np.clip(generated.frames[0].cpu().numpy(), MEL.log_floor, LOUDEST)
    attention = generated.weights[0].cpu().numpy()
    return SynthesizedMel(MelSpectrogram.from_frames(frames), attention, bool(generated.finished[0]))


def require_symbols(symbols: Sequence[str]) -> Sequence[str]:
    """Refuse a text instead of a list of symbols, no symbols, and too many; return them as they are."""
    if isinstance(symbols, str) or not len(symbols):
        raise AudioCourseError("Pass the symbols as a list with at least one: phonemes(text) returns it.")
    if len(symbols) > MAX_SYMBOLS:
        raise AudioCourseError(
            f"There are {len(symbols)} symbols, but {MAX_SYMBOLS} is the limit: split the text into sentences."
        )
    return symbols
