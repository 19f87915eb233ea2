"""Few-shot cloning: fit the numbers that describe a voice, and nothing else, to a few sentences of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.tts.fastspeech.learning import fastspeech_loss
from audiocourse.tts.fastspeech.model import FastSpeech, FastSpeechOutput
from audiocourse.tts.mel import log_mel
from audiocourse.tts.text import symbol_numbers
from audiocourse.tts.utterances import Utterance, phone_pitch
from audiocourse.zoo.batching import padded
from audiocourse.zoo.inference import evaluating


class AdaptedVoice(NamedTuple):
    """``voice`` (voice_size,) of length 1, and the loss before each step and after the last, (steps + 1,)."""

    voice: FloatArray
    losses: FloatArray


class _Batch(NamedTuple):
    """Symbols, durations and pitch (batch, symbols), frames (batch, frames, n_mels), and lengths (batch,)."""

    symbols: torch.Tensor
    lengths: torch.Tensor
    durations: torch.Tensor
    pitch: torch.Tensor
    frames: torch.Tensor
    frame_lengths: torch.Tensor


def adapt_voice(
    model: FastSpeech,
    voice: FloatArray,
    references: Sequence[Utterance],
    *,
    steps: int = 40,
    learning_rate: float = 0.02,
) -> AdaptedVoice:
    """Move a voice to where the network predicts a few sentences of it best; the weights stay as they are.

    v ← normalise(v − η · Adam(∂L/∂v)), L the `fastspeech_loss` of the training, with the true durations and pitches. 64
    numbers cannot learn a sentence by heart, as a network that is trained further on three sentences would.

    Parameters
    ----------
    model : FastSpeech
        Such as ``zoo.load("fastspeech-mini").model``.
    voice : np.ndarray [shape=(voice_size,)]
        Where it begins: what `FastSpeechSynthesizer.voice_of` returns for one of the references.
    references : sequence of Utterance
        Sentences of the voice with their phones and durations.
    steps : int
        Of Adam.
    learning_rate : float
        η.

    Returns
    -------
    AdaptedVoice
        The voice, and how the loss fell.

    Raises
    ------
    AudioCourseError
        If there is no reference, or the voice has another size.

    Source: Y. Chen et al., Sample efficient adaptive text-to-speech, ICLR 2019 (their SEA-EMB).

    Notebook: 03e_cloning
    """
    require_positive(steps=steps)
    size = model.config.voice_size
    if not isinstance(voice, np.ndarray) or voice.shape != (size,) or not np.isfinite(voice).all():
        raise AudioCourseError(f"A voice is {size} finite numbers: pass what voice_of(y, sr) returns.")
    if not references:
        raise AudioCourseError("There is no reference to adapt to: pass at least one sentence of the voice.")
    with evaluating(model) as device, torch.enable_grad():
        batch = _Batch(*(each.to(device) for each in _collate(model, references)))
        v = torch.from_numpy(voice.astype(np.float32)).to(device).requires_grad_()
        optimiser = torch.optim.Adam([v], lr=learning_rate)
        losses = []
        for _ in range(steps):
            loss = _loss(model, v, batch)
            losses.append(loss.item())
            (v.grad,) = torch.autograd.grad(loss, [v])
            optimiser.step()
        adapted = nn.functional.normalize(v.detach(), dim=0)
        losses.append(_loss(model, adapted, batch).item())
    return AdaptedVoice(adapted.cpu().numpy(), np.array(losses))


def _loss(model: FastSpeech, voice: torch.Tensor, batch: _Batch) -> torch.Tensor:
    """Compute the loss of the training for one voice, (voice_size,) -> scalar."""
    voices = nn.functional.normalize(voice, dim=0).expand(len(batch.symbols), -1)  # (batch, voice_size)
    output: FastSpeechOutput = model(batch.symbols, batch.lengths, voices, durations=batch.durations, pitch=batch.pitch)
    return fastspeech_loss(output, batch)


def _collate(model: FastSpeech, references: Sequence[Utterance]) -> _Batch:
    """Measure and pad what the network reads and should write."""
    pronounced = [each.pronunciation for each in references]
    symbols = [symbol_numbers(each.symbols, model.config.phones) for each in pronounced]
    rows = (symbols, [each.durations for each in pronounced], [phone_pitch(each) for each in references])
    lengths = torch.tensor([len(each) for each in symbols])
    padded_rows = (
        nn.utils.rnn.pad_sequence([torch.from_numpy(each) for each in row], batch_first=True) for row in rows
    )
    frames, frame_lengths = padded([log_mel(each.speech.y, each.speech.sr).frames for each in references])
    numbers, durations, pitch = padded_rows
    return _Batch(numbers, lengths, durations, pitch, frames, frame_lengths)
