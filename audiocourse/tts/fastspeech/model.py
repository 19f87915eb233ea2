"""FastSpeech 2 for many voices: phones and a voice in, all frames of a mel spectrogram out in one pass.

::

    phones (symbols,) → embedding → FFT blocks → + voice → duration, pitch and energy of each symbol
                                                     ↓
                     length regulator: each symbol, its pitch and its energy repeated for its duration → (frames,)
                                                     ↓ + smoothed pitch, + smoothed energy, + voice
                              FFT blocks → linear → log-mel (frames, 80)
    reference recording → log-mel → convolutions → mean and deviation over time → voice (a vector of length 1)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn

from audiocourse.tts.scaling import scale_mel, unscale_mel
from audiocourse.zoo.batching import padding_mask

OCTAVES = 7  # periods of `waves`, from 4 octaves to a sixteenth
SMOOTH = 7  # frames over which a contour is averaged: 112 ms


@dataclass(frozen=True)
class FastSpeechConfig:
    """What the network reads and writes, and its size.

    Parameters
    ----------
    phones : tuple of str
        The inventory of `text.symbol_numbers`.
    n_mels : int
        Bands of a frame.
    hidden, heads, filter_size, kernel : int
        Width of the FFT blocks, their attention heads, and width and kernel of their convolutions.
    encoder_layers, decoder_layers : int
        FFT blocks before and after the length regulator.
    voice_size : int
        Numbers that describe a voice.
    pitch, energy : bool
        Whether the network predicts pitch and energy and speaks with them (FastSpeech 2).
    dropout : float
        In blocks and predictors.
    """

    phones: tuple[str, ...]
    n_mels: int = 80
    hidden: int = 128
    heads: int = 2
    filter_size: int = 256
    kernel: int = 3
    encoder_layers: int = 3
    decoder_layers: int = 3
    voice_size: int = 64
    pitch: bool = True
    energy: bool = False
    dropout: float = 0.1


class FastSpeechOutput(NamedTuple):
    """Frames (batch, frames, n_mels) and their lengths; predictions (batch, symbols) of ln(1 + d), pitch and energy."""

    frames: torch.Tensor
    frame_lengths: torch.Tensor
    log_durations: torch.Tensor
    pitch: torch.Tensor | None
    energy: torch.Tensor | None


class FftBlock(nn.Module):
    """A feed-forward Transformer block: self-attention, then two convolutions over neighbouring symbols or frames.

    x ← norm(x + attention(x)); x ← norm(x + conv₁(ReLU(conv_k(x)))). A convolution, since neighbours in speech belong
    together more closely than words of a text do.
    """

    def __init__(self, config: FastSpeechConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.attention = nn.MultiheadAttention(hidden, config.heads, dropout=config.dropout, batch_first=True)
        self.norm1 = nn.LayerNorm(hidden)
        self.conv1 = nn.Conv1d(hidden, config.filter_size, config.kernel, padding=config.kernel // 2)
        self.conv2 = nn.Conv1d(config.filter_size, hidden, 1)
        self.norm2 = nn.LayerNorm(hidden)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the same shape. x : (batch, steps, hidden), 0 on padding; mask : (batch, steps), true on padding."""
        attended, _ = self.attention(x, x, x, key_padding_mask=mask, need_weights=False)
        x = self.norm1(x + self.dropout(attended)).masked_fill(mask[..., None], 0.0)
        y = self.conv2(torch.relu(self.conv1(x.transpose(1, 2)))).transpose(1, 2)  # (batch, steps, hidden)
        z: torch.Tensor = self.norm2(x + self.dropout(y)).masked_fill(mask[..., None], 0.0)
        return z


class Predictor(nn.Module):
    """One number for each symbol: two convolutions with layer norm, then a linear layer."""

    def __init__(self, config: FastSpeechConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.conv1 = nn.Conv1d(hidden, hidden, 3, padding=1)
        self.norm1 = nn.LayerNorm(hidden)
        self.conv2 = nn.Conv1d(hidden, hidden, 3, padding=1)
        self.norm2 = nn.LayerNorm(hidden)
        self.head = nn.Linear(hidden, 1)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return (batch, symbols), 0 on padding. x : (batch, symbols, hidden); mask : (batch, symbols)."""
        for conv, norm in ((self.conv1, self.norm1), (self.conv2, self.norm2)):
            x = x.masked_fill(mask[..., None], 0.0)
            x = self.dropout(norm(torch.relu(conv(x.transpose(1, 2)).transpose(1, 2))))
        values: torch.Tensor = self.head(x)[..., 0].masked_fill(mask, 0.0)
        return values


class ReferenceEncoder(nn.Module):
    """A vector of length 1 from a recording of any length: convolutions, then mean and deviation over time.

    What is said averages out; what stays the same, timbre and pitch, remains.

    Source: R. Skerry-Ryan et al., Towards end-to-end prosody transfer, ICML 2018 (reference encoders); the statistics
    pooling is that of x-vectors, D. Snyder et al., ICASSP 2018.
    """

    def __init__(self, config: FastSpeechConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.conv1 = nn.Conv1d(config.n_mels, hidden, 5)
        self.conv2 = nn.Conv1d(hidden, hidden, 3, dilation=2)
        self.conv3 = nn.Conv1d(hidden, hidden, 1)
        self.head = nn.Linear(2 * hidden, config.voice_size)

    def forward(self, frames: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return (batch, voice_size). frames : (batch, frames, n_mels), 16 at least; lengths : (batch,)."""
        x = scale_mel(frames).transpose(1, 2)  # (batch, n_mels, frames)
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        x = torch.relu(self.conv3(x)).transpose(1, 2)  # (batch, frames - 8, hidden)
        real = ~padding_mask(lengths - 8, x.shape[1])[..., None]  # the convolutions shorten each by 8
        count = (lengths - 8)[:, None]
        mean = (x * real).sum(dim=1) / count  # (batch, hidden)
        variance = ((x - mean[:, None]).square() * real).sum(dim=1) / count
        statistics = torch.cat([mean, (variance + 1e-5).sqrt()], dim=1)  # (batch, 2 * hidden)
        return nn.functional.normalize(self.head(statistics), dim=1)


class FastSpeech(nn.Module):
    """All frames of a sentence at once.

    h = FFT(P[phone] + S[stress] + position) + V v; ln(1 + d) = f(h), p = g(h); M = W FFT(regulate(h, d) + U φ(c) +
    V′ v), v the voice, c the smoothed contour of regulate(p, d) and φ the sines and cosines of `waves`. The voice
    enters twice: where durations and melody are decided, and where the timbre is.

    Source: Y. Ren et al., FastSpeech 2: fast and high-quality end-to-end text to speech, ICLR 2021; pitch by symbol as
    in A. Łańcucki, FastPitch, ICASSP 2021.

    Notebook: 03c_fastspeech
    """

    config_class = FastSpeechConfig

    def __init__(self, config: FastSpeechConfig) -> None:
        super().__init__()
        self.config = config
        hidden = config.hidden
        self.phone_embedding = nn.Embedding(len(config.phones), hidden)
        self.stress_embedding = nn.Embedding(3, hidden)
        self.encoder = nn.ModuleList(FftBlock(config) for _ in range(config.encoder_layers))
        self.reference_encoder = ReferenceEncoder(config)
        self.voice_projection = nn.Linear(config.voice_size, hidden)
        self.duration_predictor = Predictor(config)
        if config.pitch:
            self.pitch_predictor = Predictor(config)
            self.pitch_embedding = nn.Linear(2 * OCTAVES, hidden)
        if config.energy:
            self.energy_predictor = Predictor(config)
            self.energy_embedding = nn.Linear(1, hidden)
        self.decoder_voice_projection = nn.Linear(config.voice_size, hidden)
        self.decoder = nn.ModuleList(FftBlock(config) for _ in range(config.decoder_layers))
        self.mel_linear = nn.Linear(hidden, config.n_mels)

    def forward(
        self,
        symbols: torch.Tensor,
        lengths: torch.Tensor,
        voice: torch.Tensor,
        *,
        durations: torch.Tensor | None = None,
        pitch: torch.Tensor | None = None,
        energy: torch.Tensor | None = None,
        rate: float = 1.0,
        pitch_shift: float = 0.0,
    ) -> FastSpeechOutput:
        """Return all frames; what is not given is predicted.

        Parameters
        ----------
        symbols : torch.Tensor [shape=(batch, symbols)]
            From `text.symbol_numbers`, padded with 0.
        lengths : torch.Tensor [shape=(batch,)]
            Symbols of each text.
        voice : torch.Tensor [shape=(batch, voice_size)]
            From the reference encoder.
        durations : torch.Tensor, optional [shape=(batch, symbols)]
            True frames of each symbol, in training; 0 on padding.
        pitch, energy : torch.Tensor, optional [shape=(batch, symbols)]
            True pitch in octaves above 100 Hz, and true energy.
        rate : float
            Of predicted durations: 2 speaks twice as fast.
        pitch_shift : float
            Added to a predicted pitch, in octaves.
        """
        mask = padding_mask(lengths, symbols.shape[1])  # (batch, symbols)
        code = (symbols - 1).clamp(min=0)
        x = self.phone_embedding(code // 3) + self.stress_embedding(code % 3)  # (batch, symbols, hidden)
        x = run_blocks(self.encoder, x, mask)
        x = (x + self.voice_projection(voice)[:, None]).masked_fill(mask[..., None], 0.0)
        log_durations = self.duration_predictor(x, mask)  # (batch, symbols)
        if durations is None:
            durations = rounded_durations(log_durations, mask, rate)
        y, frame_lengths = length_regulate(x, durations)  # (batch, frames, hidden)
        predicted_pitch = predicted_energy = None
        if self.config.pitch:
            predicted_pitch = self.pitch_predictor(x, mask)
            target = (predicted_pitch + pitch_shift) if pitch is None else pitch
            y = y + self.pitch_embedding(waves(contour(target, durations)))
        if self.config.energy:
            predicted_energy = self.energy_predictor(x, mask)
            target = predicted_energy if energy is None else energy
            y = y + self.energy_embedding(contour(target, durations)[..., None])
        y = y + self.decoder_voice_projection(voice)[:, None]
        y = run_blocks(self.decoder, y, padding_mask(frame_lengths, y.shape[1]))
        frames = unscale_mel(self.mel_linear(y))  # (batch, frames, n_mels)
        return FastSpeechOutput(frames, frame_lengths, log_durations, predicted_pitch, predicted_energy)


def length_regulate(states: torch.Tensor, durations: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Repeat each state for as many frames as its symbol lasts: `from_scratch.length_regulate` for a batch.

    states : (batch, symbols, hidden), durations : (batch, symbols) -> (batch, longest, hidden) and lengths (batch,).
    """
    rows = [state.repeat_interleave(duration, dim=0) for state, duration in zip(states, durations, strict=True)]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True), durations.sum(dim=1)


def contour(values: torch.Tensor, durations: torch.Tensor) -> torch.Tensor:
    """Repeat one number for each symbol, then average over 7 frames: steps become slopes, as in a melody.

    values, durations : (batch, symbols) -> (batch, frames); the padding is left out of the average.
    """
    steps, lengths = length_regulate(values[..., None], durations)  # (batch, frames, 1)
    real = (~padding_mask(lengths, steps.shape[1])).to(steps)
    kernel = torch.ones(1, 1, SMOOTH, device=steps.device, dtype=steps.dtype)
    total, count = (
        nn.functional.conv1d(each[:, None], kernel, padding=SMOOTH // 2)[:, 0] for each in (steps[..., 0] * real, real)
    )
    return total / count.clamp(min=1)


def waves(octaves: torch.Tensor) -> torch.Tensor:
    """Sin and cos(2π p / P) for periods P = 4, 2, 1, … octaves: (batch, frames) -> (batch, frames, 2 * OCTAVES).

    Harmonics move with the pitch, and a number alone would let a linear layer move nothing.
    """
    frequencies = 2.0 ** torch.arange(-2, OCTAVES - 2, device=octaves.device)
    angle = 2 * torch.pi * octaves[..., None] * frequencies
    return torch.cat([angle.sin(), angle.cos()], dim=2)


def rounded_durations(log_durations: torch.Tensor, mask: torch.Tensor, rate: float) -> torch.Tensor:
    """max(1, round((eᵖ − 1) / rate)) frames for each symbol, 0 on padding: (batch, symbols) -> the same."""
    frames = (torch.expm1(log_durations) / rate).round().clamp(min=1)
    return frames.long().masked_fill(mask, 0)


def run_blocks(blocks: nn.ModuleList, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Add positions and pass through the blocks: (batch, steps, hidden) -> the same, 0 on padding."""
    x = (x + positions(x.shape[1], x.shape[2]).to(x)).masked_fill(mask[..., None], 0.0)
    for block in blocks:
        x = block(x, mask)
    return x


def positions(steps: int, hidden: int) -> torch.Tensor:
    """sin(m / 10000^(2i/H)) and cos(m / 10000^(2i/H)) for positions m: (steps, hidden). Vaswani et al. 2017."""
    place = torch.arange(steps)[:, None]
    angle = place / 10_000 ** (torch.arange(0, hidden, 2) / hidden)  # (steps, hidden / 2)
    return torch.cat([angle.sin(), angle.cos()], dim=1)
