"""What FastSpeech learns from: frames and their spread, durations and pitch, without the padding."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch

from audiocourse.signal import dct_basis
from audiocourse.tts.fastspeech.model import FastSpeechOutput
from audiocourse.tts.scaling import scale_mel
from audiocourse.zoo.batching import padding_mask

COEFFICIENTS = 24  # of the cepstrum whose spread is compared


def fastspeech_loss(output: FastSpeechOutput, batch: Any) -> torch.Tensor:
    """Mean |ΔM| over real frames + `spread_loss` + mean (Δ ln(1 + d))² + mean (Δ pitch)² over real symbols; M scaled.

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
    predicted, true = scale_mel(output.frames), scale_mel(batch.frames)  # (batch, frames, n_mels)
    mel = (predicted - true).abs().mean(dim=2)[frame].mean()
    duration = (output.log_durations - torch.log1p(batch.durations.float())).square()[real].mean()
    total: torch.Tensor = mel + spread_loss(predicted, true, frame) + duration
    if output.pitch is not None:
        total = total + (output.pitch - batch.pitch).square()[real].mean()
    return total


def spread_loss(predicted: torch.Tensor, true: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Compare how much the cepstra of each sentence vary over time.

    mean over i of |σ(ĉ_i) − σ(c_i)|, c = D M the cepstrum (`dct_basis`), σ the standard deviation over real frames.
    A network that is unsure predicts what lies between all possibilities, so its frames vary too little: such speech
    sounds muffled, and the voices of all speakers grow alike.

    Parameters
    ----------
    predicted, true : torch.Tensor [shape=(batch, frames, n_mels)]
        Scaled log-mel spectrograms.
    real : torch.Tensor [shape=(batch, frames)]
        False on padding.

    Returns
    -------
    torch.Tensor [shape=()]
        0 where the spreads agree, whatever the frames are.

    Source: T. Toda and K. Tokuda, A speech parameter generation algorithm considering global variance for HMM-based
    speech synthesis, IEICE Trans. Inf. & Syst. E90-D, 2007.
    """
    return (_spread(predicted, real) - _spread(true, real)).abs().mean()


def _spread(frames: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Return the standard deviations over time, (batch, frames, n_mels) -> (batch, coefficients)."""
    cepstrum = frames @ _cosines(frames.shape[2]).to(frames).T  # (batch, frames, coefficients)
    weight = real[..., None].to(frames)
    count = weight.sum(dim=1)  # (batch, 1)
    mean = (cepstrum * weight).sum(dim=1) / count  # (batch, coefficients)
    variance = ((cepstrum - mean[:, None]).square() * weight).sum(dim=1) / count
    return (variance + 1e-6).sqrt()


@cache
def _cosines(bands: int) -> torch.Tensor:
    return torch.from_numpy(dct_basis(min(COEFFICIENTS, bands), bands)).float()
