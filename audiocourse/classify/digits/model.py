"""A recogniser of spoken English digits, zero to nine: a small convolutional network over a mel spectrogram.

::

    samples → log-mel, 32 bands every 12.5 ms → minus each band's mean → 64 frames → 3 × (conv, norm, ReLU, pool)
            → largest value of each channel over time → linear → ten scores
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, frame, frame_level_db, mel_spectrogram
from audiocourse.zoo.inference import evaluating

SR = 8_000
N_FFT = 256  # 32 ms
HOP = 100  # 12.5 ms
BANDS = 32
LOWEST = 80.0
HIGHEST = 3_800.0
FRAMES = 64  # 0.8 s
DEPTH = 10.0  # nepers of power below the peak; softer values are raised to this floor
LOUD = 6.0  # nepers of power below the peak; louder frames count as loud
SPOKEN_DB = 35.0  # below the loudest 10 ms: softer ends do not belong to the word
SHORTEST = 800  # samples, 0.1 s
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def spoken_part(y: FloatArray, *, depth_db: float = SPOKEN_DB) -> FloatArray:
    """Cut off the soft parts at both ends of a word.

    The word reaches from the first to the last 10 ms with a level above max L − depth_db.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono, at 8 kHz, at least 10 ms.
    depth_db : float
        How far below the loudest 10 ms, in dB.

    Returns
    -------
    np.ndarray [shape=(fewer_samples,)]
        A view on y.

    Raises
    ------
    AudioCourseError
        If y is not mono, or shorter than 10 ms.

    Notebook: 00b_the_sounds
    """
    step = SR // 100
    level = frame_level_db(frame(y, frame_length=step, hop_length=step))  # (frames,)
    spoken = np.flatnonzero(level > level.max() - depth_db)
    return y[spoken[0] * step : (spoken[-1] + 1) * step]


def digit_frames(y: FloatArray, *, frames: int = FRAMES) -> FloatArray:
    """Compute the spectrogram that the network sees.

    x[b, m] = max(ln(P[b, m] / max P), −10), minus the mean of its band over the loud frames, divided by 2.5. The
    mean of a band is the effect of microphone and room (cepstral mean subtraction, in the mel domain).

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        A spoken digit, mono, at 8 kHz.
    frames : int
        How many frames of 12.5 ms the spectrogram has.

    Returns
    -------
    np.ndarray [shape=(bands, frames)]
        float32; the word is in the middle. A longer one loses both ends, a shorter one repeats its first and last
        frame.

    Raises
    ------
    AudioCourseError
        If y is not mono, or silent.

    Source: B. S. Atal, Effectiveness of linear prediction characteristics of the speech wave for automatic speaker
    identification and verification, J. Acoust. Soc. Am. 55, 1974 (subtracting the mean).

    Notebook: 00b_the_sounds
    """
    if not np.any(require_mono(y)):
        raise AudioCourseError("The sound is digitally silent, so it holds no digit: record it again.")
    power = mel_spectrogram(
        np.pad(y, N_FFT // 2),
        sr=SR,
        n_fft=N_FFT,
        hop_length=HOP,
        n_mels=BANDS,
        fmin=LOWEST,
        fmax=HIGHEST,
        center=False,
    )
    log = np.log(np.maximum(power / power.max(), np.exp(-DEPTH)))
    loud = log.max(axis=0) > -LOUD
    spectrogram = (log - log[:, loud].mean(axis=1, keepdims=True)) / 2.5
    first = max(0, (spectrogram.shape[1] - frames) // 2)
    spectrogram = spectrogram[:, first : first + frames]
    missing = frames - spectrogram.shape[1]
    return np.pad(spectrogram, ((0, 0), (missing // 2, missing - missing // 2)), mode="edge").astype(np.float32)


@dataclass(frozen=True)
class DigitConfig:
    """Channels of the convolutions, each of which halves both axes, and dropout before the last layer."""

    channels: tuple[int, ...] = (24, 48, 64)
    dropout: float = 0.3


class DigitNet(nn.Module):
    """A score for each digit, from spectrograms.

    The last layer sees for each channel and each part of the frequency axis its largest value over time, so it does
    not matter when the digit is spoken.

    Source: Y. LeCun et al., Gradient-based learning applied to document recognition, Proc. IEEE 86(11), 1998.

    Notebook: 00b_the_sounds
    """

    config_class = DigitConfig

    def __init__(self, config: DigitConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = []
        inputs = 1
        for outputs in config.channels:
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
            inputs = outputs
        self.conv_blocks = nn.Sequential(*layers)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(inputs * (BANDS >> len(config.channels)), len(DIGITS))

    def forward(self, spectrograms: torch.Tensor) -> torch.Tensor:
        """Return logits. spectrograms : (batch, 1, bands, frames) -> (batch, 10)."""
        x = self.conv_blocks(spectrograms)  # (batch, channels, bands / 8, frames / 8)
        x = x.amax(dim=3).flatten(1)  # (batch, channels * bands / 8)
        logits: torch.Tensor = self.head(self.dropout(x))
        return logits


def digit_probabilities(y: FloatArray, sr: int, *, model: DigitNet) -> FloatArray:
    """Return the probability of each digit.

    p[d] = exp(s[d]) / Σ_k exp(s[k]), with the scores s of the network.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        One spoken digit, mono.
    sr : int
        Samples per second; 8 000.
    model : DigitNet
        For example ``zoo.load("digits-mini").model``.

    Returns
    -------
    np.ndarray [shape=(10,)]
        Probabilities, zero to nine; they sum to 1.

    Raises
    ------
    AudioCourseError
        If y is not mono, not at 8 kHz, silent, or shorter than 0.1 s.

    Notebook: 00b_the_sounds
    """
    require_mono(y, at_least=SHORTEST)
    if sr != SR:
        raise AudioCourseError(f"The network needs 8000 samples per second, not {sr}: resample the sound first.")
    features = torch.from_numpy(digit_frames(spoken_part(y)))[None, None]  # (1, 1, bands, frames)
    with evaluating(model) as device:
        scores = model(features.to(device))  # (1, 10)
    probabilities: FloatArray = torch.softmax(scores[0], dim=0).cpu().numpy()
    return probabilities
