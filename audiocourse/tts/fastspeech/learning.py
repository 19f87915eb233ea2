"""What FastSpeech learns from: frames, durations and pitch, without the padding."""

from __future__ import annotations

from typing import Any

import torch

from audiocourse.tts.fastspeech.model import FastSpeechOutput
from audiocourse.tts.scaling import scale_mel
from audiocourse.zoo.batching import padding_mask


def fastspeech_loss(output: FastSpeechOutput, batch: Any) -> torch.Tensor:
    """Mean |ΔM| over real frames + mean (Δ ln(1 + d))² + mean (Δ pitch)² over real symbols, M scaled; no unit.

    Parameters
    ----------
    output : FastSpeechOutput
        What the network predicts with the true durations and pitch.
    batch
        Has ``symbols``, ``durations`` and ``pitch`` (batch, symbols), ``frames`` (batch, frames, n_mels), and
        ``lengths`` and ``frame_lengths`` (batch,).

    Returns
    -------
    torch.Tensor [shape=()]
        0 for a perfect prediction.
    """
    real = ~padding_mask(batch.lengths, batch.symbols.shape[1])  # (batch, symbols)
    frame = ~padding_mask(batch.frame_lengths, batch.frames.shape[1])  # (batch, frames)
    mel = (scale_mel(output.frames) - scale_mel(batch.frames)).abs().mean(dim=2)[frame].mean()
    duration = (output.log_durations - torch.log1p(batch.durations.float())).square()[real].mean()
    total: torch.Tensor = mel + duration
    if output.pitch is not None:
        total = total + (output.pitch - batch.pitch).square()[real].mean()
    return total
