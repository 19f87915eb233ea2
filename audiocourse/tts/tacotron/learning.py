"""How a Tacotron learns: a batch of utterances, the targets of its stop token, and its loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.signal import FloatArray, IntArray
from audiocourse.tts.scaling import scale_mel
from audiocourse.tts.tacotron.alignment import guided_attention_weights
from audiocourse.tts.tacotron.decoding import AttentionSynthesizer, Prediction
from audiocourse.tts.tacotron.from_scratch import stop_targets
from audiocourse.zoo.batching import padded, padding_mask

STOP_WEIGHT = 5.0  # an utterance has one end and some fifty steps before it


class Example(NamedTuple):
    """An utterance: numbers of its ``symbols`` [shape=(symbols,)], its log-mel ``frames`` [shape=(frames, n_mels)]."""

    symbols: IntArray
    frames: FloatArray


class Batch(NamedTuple):
    """Padded symbols (batch, symbols), log-mel frames (batch, frames, n_mels), their lengths, and the targets.

    ``stop`` [shape=(batch, steps)] is 1 from the last step on; ``guide`` [shape=(batch, steps, symbols)] is 0 in the
    padding.
    """

    symbols: torch.Tensor
    lengths: torch.Tensor
    frames: torch.Tensor
    frame_lengths: torch.Tensor
    step_lengths: torch.Tensor
    stop: torch.Tensor
    guide: torch.Tensor


def collate(examples: Sequence[Example], reduction: int, *, guide_width: float = 0.2) -> Batch:
    """Pad examples into a batch for a network that writes `reduction` frames a step."""
    frames, frame_lengths = padded([each.frames for each in examples])
    symbols = nn.utils.rnn.pad_sequence([torch.from_numpy(each.symbols) for each in examples], batch_first=True)
    lengths = torch.tensor([len(each.symbols) for each in examples])
    step_lengths = torch.tensor([math.ceil(len(each.frames) / reduction) for each in examples])
    steps = int(step_lengths.max())
    guide = torch.zeros(len(examples), steps, symbols.shape[1])
    for row, length, symbol_count in zip(guide, step_lengths.tolist(), lengths.tolist(), strict=True):
        row[:length, :symbol_count] = torch.from_numpy(
            guided_attention_weights(length, symbol_count, width=guide_width)
        )
    stop = torch.from_numpy(stop_targets(frame_lengths.numpy(), steps, reduction=reduction))
    return Batch(symbols, lengths, frames, frame_lengths, step_lengths, stop, guide)


def loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Return L1 of the frames before and after the post-net + cross-entropy of the stop token + guided attention.

    Each is a mean over the true frames or steps; what lies in the padding has no influence.
    """
    prediction: Prediction = model(*batch[:4])
    true_frames = ~padding_mask(batch.frame_lengths, batch.frames.shape[1])
    true_steps = ~padding_mask(batch.step_lengths, batch.stop.shape[1])
    target = scale_mel(batch.frames[true_frames])  # (true frames, n_mels)
    before = (scale_mel(prediction.frames_before_postnet[true_frames]) - target).abs().mean()
    after = (scale_mel(prediction.frames[true_frames]) - target).abs().mean()
    stop = nn.functional.binary_cross_entropy_with_logits(
        prediction.stop_logits[true_steps],
        batch.stop[true_steps],
        pos_weight=torch.tensor(STOP_WEIGHT, device=batch.stop.device),
    )
    guide = (prediction.weights * batch.guide).sum(dim=2)[true_steps].mean()
    return before + after + 0.2 * stop + guide


def mel_error(model: AttentionSynthesizer, batch: Batch) -> float:
    """Return the mean absolute error of teacher-forced frames, in log10 units: 0.05 is one decibel of magnitude."""
    true_frames = ~padding_mask(batch.frame_lengths, batch.frames.shape[1])
    prediction: Prediction = model(*batch[:4])
    return float(np.mean((prediction.frames - batch.frames)[true_frames].abs().cpu().numpy()))
