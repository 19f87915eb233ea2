"""A recogniser that is trained with CTC: a small recurrent network over mel bands, one letter or blank every 25 ms.

::

    samples → log-mel, 40 bands every 12.5 ms, each normalised over the utterance → two convolutions over time, the
    second moves on by two frames → two LSTMs, each in both directions → linear → log-probability of each symbol

The padding of a batch has no influence on an utterance: convolutions see zeros there, and the backward LSTM begins at
the utterance's own end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, cmvn, mel_spectrogram
from audiocourse.zoo.batching import padding_mask
from audiocourse.zoo.inference import evaluating

SR = 16_000
N_FFT = 400  # 25 ms
HOP = 200  # 12.5 ms
BANDS = 40
LOWEST = 60.0  # Hz
HIGHEST = 7_600.0  # Hz
FAINTEST = 1e-7  # power added to a band, so that digital silence has a logarithm
SHORTEST = 2 * N_FFT  # samples: 50 ms, less than any word


@dataclass(frozen=True)
class CtcConfig:
    """What the network can write (the first symbol is the blank, ""), and its sizes.

    ``units`` are the channels of the convolutions and the size of an LSTM's state in one direction, ``bands`` the mel
    bands of a frame; ``dropout`` is the share of inputs of an LSTM and of the last layer that is left out in training.
    """

    symbols: tuple[str, ...]
    units: int = 128
    bands: int = BANDS
    dropout: float = 0.15


class CtcNet(nn.Module):
    """Features in, log-probabilities of symbols out, one vector for each two frames.

    u = GELU(norm(conv(x))), v = GELU(norm(conv(u) with stride 2)), h = BiLSTM(BiLSTM(v)), log softmax(W h + b); every
    frame is normalised by itself, so other utterances of a batch have no influence.

    Source: A. Graves et al., Connectionist temporal classification, ICML 2006.

    Notebook: 02b_ctc_decoding
    """

    config_class = CtcConfig
    frame_seconds = 2 * HOP / SR

    def __init__(self, config: CtcConfig) -> None:
        super().__init__()
        self.config = config
        self.symbols = config.symbols
        units = config.units
        self.conv1 = nn.Conv1d(config.bands, units, 5, padding=2)
        self.conv2 = nn.Conv1d(units, units, 5, padding=2, stride=2)
        self.norm1 = nn.LayerNorm(units)
        self.norm2 = nn.LayerNorm(units)
        self.lstm1 = BiLSTM(units, units)
        self.lstm2 = BiLSTM(2 * units, units)
        self.head = nn.Linear(2 * units, len(config.symbols))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, features: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Recognise a batch.

        Parameters
        ----------
        features : torch.Tensor [shape=(batch, frames, bands)]
            From `ctc_features`, padded at the end with any numbers.
        lengths : torch.Tensor [shape=(batch,)]
            Frames of each utterance, 1 or more.

        Returns
        -------
        log_probabilities : torch.Tensor [shape=(batch, (frames + 1) // 2, symbols)]
            Beyond the end of an utterance all symbols are equally likely.
        lengths : torch.Tensor [shape=(batch,)]
            (lengths + 1) // 2
        """
        half = (lengths + 1) // 2
        x = _masked(features, lengths).transpose(1, 2)  # (batch, bands, frames)
        u = nn.functional.gelu(self.norm1(self.conv1(x).transpose(1, 2)))  # (batch, frames, units)
        u = _masked(u, lengths).transpose(1, 2)  # (batch, units, frames)
        v = nn.functional.gelu(self.norm2(self.conv2(u).transpose(1, 2)))  # (batch, frames / 2, units)
        h = self.lstm1(self.dropout(v), half)  # (batch, frames / 2, 2 * units)
        h = self.lstm2(self.dropout(h), half)
        logits = _masked(self.head(self.dropout(h)), half)  # (batch, frames / 2, symbols)
        return logits.log_softmax(dim=2), half


class BiLSTM(nn.Module):
    """One LSTM reads each sequence forwards, another from its own end backwards; their states side by side.

    h[t] = (LSTM→(x[0 … t]), LSTM←(x[T − 1 … t])), T being the sequence's own length. PyTorch's bidirectional LSTM
    begins at the end of the padding, and with packed sequences it takes five times as long to train.

    Parameters
    ----------
    inputs, units : int
        Size of a vector that comes in, and of the state of each LSTM.

    Source: M. Schuster and K. Paliwal, Bidirectional recurrent neural networks, IEEE Trans. Signal Process. 45, 1997.

    Notebook: 02b_ctc_decoding
    """

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.forward_lstm = nn.LSTM(inputs, units, batch_first=True)
        self.backward_lstm = nn.LSTM(inputs, units, batch_first=True)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Read x [shape=(batch, frames, inputs)] both ways: [shape=(batch, frames, 2 · units)]."""
        forwards, _ = self.forward_lstm(x)
        backwards, _ = self.backward_lstm(_reversed(x, lengths))
        return torch.cat([forwards, _reversed(backwards, lengths)], dim=2)


def ctc_features(y: FloatArray) -> FloatArray:
    """Compute the features of the network: normalised log-mel energies every 12.5 ms.

    x[b, m] = (ln(P[b, m] + 10⁻⁷) − μ_b) / σ_b, with mean and spread of each band over the utterance: loudness, room and
    microphone add constants to the logarithm, which are subtracted with the mean.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz, at least 50 ms.

    Returns
    -------
    np.ndarray [shape=(40, frames)]
        float32, frames = 1 + samples // 200.

    Raises
    ------
    AudioCourseError
        If y is not mono or too short.

    Notebook: 02b_ctc_decoding
    """
    require_mono(y, at_least=SHORTEST)
    power = mel_spectrogram(
        y.astype(np.float32), sr=SR, n_fft=N_FFT, hop_length=HOP, n_mels=BANDS, fmin=LOWEST, fmax=HIGHEST
    )
    return cmvn(np.log(power + FAINTEST).astype(np.float32))


def log_probabilities(y: FloatArray, sr: int, *, model: CtcNet) -> FloatArray:
    """Compute the log-probability of each symbol in each step of 25 ms of a recording.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least 50 ms.
    sr : int
        Samples per second; 16 000.
    model : CtcNet
        For example ``zoo.load("ctc-mini").model``.

    Returns
    -------
    np.ndarray [shape=(steps, symbols)]
        float32, ln P; each row's probabilities sum to 1. Step k is centred at 0.025 k seconds.

    Raises
    ------
    AudioCourseError
        If y is not mono or too short, or the rate is another.

    Notebook: 02b_ctc_decoding
    """
    require_mono(y)
    if sr != SR:
        raise AudioCourseError(f"The network expects 16 000 samples per second, not {sr}: resample the sound first.")
    features = torch.from_numpy(np.ascontiguousarray(ctc_features(y).T))[None]  # (1, frames, bands)
    with evaluating(model) as device:
        batch, _ = model(features.to(device), torch.tensor([features.shape[1]], device=device))
    log_probs: FloatArray = batch[0].cpu().numpy()
    return log_probs


def _masked(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Set the padding of each utterance to zero."""
    return x.masked_fill(padding_mask(lengths, x.shape[1])[..., None], 0.0)


def _reversed(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Reverse each sequence within its own length; the padding stays where it is."""
    t = torch.arange(x.shape[1], device=x.device)[None]  # (1, frames)
    reversed_t = torch.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)  # (batch, frames)
    return x.gather(1, reversed_t[..., None].expand(-1, -1, x.shape[2]))
