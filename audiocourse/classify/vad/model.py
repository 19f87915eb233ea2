"""A voice activity detector that is learned: a small network over mel bands, one score every 20 ms.

::

    samples → log-mel, 17 bands every 10 ms → two convolutions over time → GRU → linear → score

The network sees the past only, so `audiocourse.classify.vad.stream` gives the same scores chunk by chunk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from audiocourse.classify.vad.from_scratch import hysteresis, smooth_decisions, to_segments
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Segment
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, mel_spectrogram
from audiocourse.zoo.inference import evaluating

SR = 16_000
N_FFT = 512  # 32 ms
HOP = 160  # 10 ms
STEP = 2 * HOP  # samples per score
BANDS = 17  # wide bands hide the harmonics of a synthetic voice
LOWEST = 450.0  # Hz; rumble is lower
HIGHEST = 7_600.0  # Hz
WIDTHS = 5, 4  # of the convolutions, in frames; the second has a stride of two
FAINTEST = 1e-8  # power added to a band: about −110 dB re full scale after the mel filters


@dataclass(frozen=True)
class VadConfig:
    """Mel bands of a frame, channels of the convolutions and size of the GRU's state, and dropout around the GRU."""

    bands: int = BANDS
    units: int = 24
    dropout: float = 0.25


@dataclass(frozen=True)
class VadState:
    """What the network carries on: the last four frames, two outputs of the first convolution, the state of the GRU."""

    frames: torch.Tensor
    outputs: torch.Tensor
    hidden: torch.Tensor | None = None


class VadNet(nn.Module):
    """A score for each pair of frames of log-mel energies.

    u = ReLU(conv₅(x)), v = ReLU(conv₄(u) with stride 2), h[k] = GRU(v[k], h[k − 1]), score[k] = wᵀ h[k] + c, every
    convolution over the frames before. P(speech) = 1 / (1 + e^(−score)).

    Source: K. Cho et al., Learning phrase representations using RNN encoder–decoder, EMNLP 2014 (the GRU).

    Notebook: ex05_vad
    """

    config_class = VadConfig

    def __init__(self, config: VadConfig) -> None:
        super().__init__()
        self.config = config
        self.conv1 = nn.Conv1d(config.bands, config.units, WIDTHS[0])
        self.conv2 = nn.Conv1d(config.units, config.units, WIDTHS[1], stride=2)
        self.gru = nn.GRU(config.units, config.units, batch_first=True)
        self.head = nn.Linear(config.units, 1)
        self.dropout = nn.Dropout(config.dropout)

    def begin(self, batch: int) -> VadState:
        """Return the state before the first frame."""
        like = self.conv1.weight
        return VadState(
            like.new_zeros(batch, self.config.bands, WIDTHS[0] - 1),
            like.new_zeros(batch, self.config.units, WIDTHS[1] - 2),
        )

    def forward(self, frames: torch.Tensor, state: VadState | None = None) -> tuple[torch.Tensor, VadState]:
        """Return scores and the new state. frames : (batch, frames, bands), frames even -> (batch, frames / 2)."""
        state = state or self.begin(len(frames))
        x = torch.cat([state.frames, (frames.transpose(1, 2) + 8) / 5], dim=2)  # (batch, bands, 4 + frames)
        u = torch.cat([state.outputs, torch.relu(self.conv1(x))], dim=2)  # (batch, units, 2 + frames)
        v = torch.relu(self.conv2(u)).transpose(1, 2)  # (batch, frames / 2, units)
        h, hidden = self.gru(self.dropout(v), state.hidden)  # (batch, frames / 2, units)
        new_state = VadState(x[..., 1 - WIDTHS[0] :], u[..., 2 - WIDTHS[1] :], hidden)
        return self.head(self.dropout(h))[..., 0], new_state  # (batch, frames / 2)


def vad_frames(y: FloatArray) -> FloatArray:
    """Compute log-mel energies every 10 ms; a frame ends where its hop ends, so that none looks ahead.

    x[m, b] = ln(10⁻⁸ + Σ_k M[b, k] |Y[k, m]|²), frame m over the 512 samples before sample 160 (m + 1).

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz with the 352 samples before its first hop in front.

    Returns
    -------
    np.ndarray [shape=(frames, bands)]
        float32, with frames = (samples − 352) // 160.

    Notebook: ex05_vad
    """
    power = mel_spectrogram(
        y, sr=SR, n_fft=N_FFT, hop_length=HOP, n_mels=BANDS, fmin=LOWEST, fmax=HIGHEST, center=False
    )
    frames: FloatArray = np.log(power + FAINTEST).T.astype(np.float32)  # (frames, bands)
    return frames


def neural_score(y: FloatArray, sr: int, *, model: VadNet) -> FloatArray:
    """Score a recording every 20 ms with a trained network; higher means more likely speech, 0 means even odds.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second; 16 000.
    model : VadNet
        For example ``zoo.load("vad-mini").model``.

    Returns
    -------
    np.ndarray [shape=(scores,)]
        Log odds of speech, samples // 320 of them.

    Raises
    ------
    AudioCourseError
        If y is not mono, not at 16 kHz, or shorter than one step.

    Notebook: ex05_vad
    """
    require_mono(y)
    if sr != SR:
        raise AudioCourseError(f"The network needs 16 000 samples per second, not {sr}: resample the sound first.")
    if y.size < STEP:
        raise AudioCourseError(f"{y.size} samples are less than one step of {STEP}: pass a longer sound.")
    steps = y.size // STEP
    frames = vad_frames(np.pad(y[: steps * STEP].astype(np.float32), (N_FFT - HOP, 0)))
    with evaluating(model) as device:
        scores, _ = model(torch.from_numpy(frames)[None].to(device))
    row: FloatArray = scores[0].cpu().numpy()  # (scores,)
    return row


def neural_vad(y: FloatArray, sr: int, *, model: VadNet, on: float = 1.0, off: float = -1.0) -> list[Segment]:
    """Find speech with a trained network, hysteresis and minimum lengths (100 ms of speech, 200 ms of pause).

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second; 16 000.
    model : VadNet
        For example ``zoo.load("vad-mini").model``.
    on, off : float
        Log odds at which speech begins and below which it ends; see `hysteresis`.

    Returns
    -------
    list of (start, end)
        In seconds.

    Raises
    ------
    AudioCourseError
        As `neural_score`; or if ``off`` is above ``on``.

    Notebook: ex05_vad
    """
    active = hysteresis(neural_score(y, sr, model=model), on=on, off=off)
    smooth = smooth_decisions(active, min_speech=5, min_silence=10)
    return to_segments(smooth, frame_length=STEP, hop_length=STEP, sr=sr)
