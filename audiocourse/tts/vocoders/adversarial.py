"""What HiFi-GAN learns from: discriminators that look at periods and at scales, and its three losses.

A loss on spectrograms alone forgives a buzz, because many waveforms share a mel spectrogram. A discriminator looks at
the waveform itself. Period discriminators fold it into rows of 2, 3, 5, 7 or 11 samples, so that what repeats lies in
columns; scale discriminators see it at the full, half and quarter rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import avg_pool1d, l1_loss, leaky_relu, pad

from audiocourse.signal import mel_filterbank

LEAK = 0.1
FLOOR = 1e-5  # of a mel band before the logarithm
WEIGHT_MEL = 45.0
WEIGHT_FEATURES = 2.0

Features = list[torch.Tensor]  # outputs of a discriminator's layers, the score last


@dataclass(frozen=True)
class DiscriminatorConfig:
    """Channels after each layer, and which periods and how many scales there are."""

    period_channels: tuple[int, ...] = (8, 16, 32, 64)
    periods: tuple[int, ...] = (2, 3, 5, 7, 11)
    scale_channels: tuple[int, ...] = (16, 32, 64, 64)
    scales: int = 2


class PeriodDiscriminator(nn.Module):
    """Scores of a waveform folded into rows of p samples: y[t] becomes Y[t // p, t mod p]."""

    def __init__(self, period: int, channels: Sequence[int]) -> None:
        super().__init__()
        self.period = period
        widths = (1, *channels)
        self.convs = nn.ModuleList(
            nn.Conv2d(before, after, (5, 1), (3, 1), padding=(2, 0)) for before, after in pairwise(widths)
        )
        self.conv_post = nn.Conv2d(channels[-1], 1, (3, 1), padding=(1, 0))

    def forward(self, y: torch.Tensor) -> Features:
        """Return the outputs of all layers. y : (batch, samples)."""
        y = pad(y[:, None], (0, -y.shape[1] % self.period), mode="reflect")
        x = y.reshape(len(y), 1, -1, self.period)  # (batch, 1, rows, period)
        return _through(self.convs, self.conv_post, x)


class ScaleDiscriminator(nn.Module):
    """Scores of a waveform whose rate was divided by 2 ``halvings`` times."""

    def __init__(self, halvings: int, channels: Sequence[int]) -> None:
        super().__init__()
        self.halvings = halvings
        self.convs = nn.ModuleList([nn.Conv1d(1, channels[0], 15, padding=7)])
        for before, after in pairwise(channels):
            self.convs.append(nn.Conv1d(before, after, 41, stride=4, padding=20, groups=before // 4))
        self.conv_post = nn.Conv1d(channels[-1], 1, 3, padding=1)

    def forward(self, y: torch.Tensor) -> Features:
        """Return the outputs of all layers. y : (batch, samples)."""
        x = y[:, None]  # (batch, 1, samples)
        for _ in range(self.halvings):
            x = avg_pool1d(x, 4, stride=2, padding=2)
        return _through(self.convs, self.conv_post, x)


class Discriminators(nn.Module):
    """All period and scale discriminators.

    Source: J. Kong, J. Kim and J. Bae, HiFi-GAN, NeurIPS 2020.

    Notebook: 03d_vocoders
    """

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.parts = nn.ModuleList()
        for period in config.periods:
            self.parts.append(PeriodDiscriminator(period, config.period_channels))
        for halvings in range(config.scales):
            self.parts.append(ScaleDiscriminator(halvings, config.scale_channels))

    def forward(self, y: torch.Tensor) -> list[Features]:
        """Return the features of each discriminator. y : (batch, samples)."""
        return [part(y) for part in self.parts]


def discriminator_loss(real: Sequence[Features], generated: Sequence[Features]) -> torch.Tensor:
    """Σ_D mean (D(y) − 1)² + mean D(G(M))²: a recording should score 1, the generator's sound 0.

    Source: X. Mao et al., Least squares generative adversarial networks, ICCV 2017.
    """
    losses = [
        (truth[-1] - 1).square().mean() + output[-1].square().mean()
        for truth, output in zip(real, generated, strict=True)
    ]
    return torch.stack(losses).sum()


def generator_loss(generated: Sequence[Features]) -> torch.Tensor:
    """Σ_D mean (D(G(M)) − 1)²: the generator's sound should score 1."""
    return torch.stack([(output[-1] - 1).square().mean() for output in generated]).sum()


def feature_matching_loss(real: Sequence[Features], generated: Sequence[Features]) -> torch.Tensor:
    """Σ_D Σ_layers mean |D_layer(y) − D_layer(G(M))|: what the discriminators notice should be the same.

    Source: K. Kumar et al., MelGAN, NeurIPS 2019.
    """
    layers = [
        l1_loss(ours, theirs.detach())
        for truth, output in zip(real, generated, strict=True)
        for theirs, ours in zip(truth[:-1], output[:-1], strict=True)
    ]
    return torch.stack(layers).sum()


def mel_loss(
    y: torch.Tensor, generated: torch.Tensor, *, sr: int, windows: Sequence[int] = (512, 1024)
) -> torch.Tensor:
    """Mean over window lengths N of mean |ln M_N(y) − ln M_N(G(M))|.

    One window length would leave what happens within it free: a click and a rustle have the same magnitudes there.
    HiFi-GAN itself uses one, of 1024 samples.

    Parameters
    ----------
    y, generated : torch.Tensor [shape=(batch, samples)]
        The original and the generator's sound.
    sr : int
        Sampling rate in Hz.
    windows : tuple of int
        Window lengths in samples; the hop is a quarter of each.
    """
    losses = [l1_loss(_log_mel(generated, sr, n_fft), _log_mel(y, sr, n_fft)) for n_fft in windows]
    return torch.stack(losses).mean()


def stft_loss(y: torch.Tensor, generated: torch.Tensor, *, windows: Sequence[int] = (512, 1024, 2048)) -> torch.Tensor:
    """Mean over window lengths N of ‖|X_N| − |X̂_N|‖ / ‖|X_N|‖ + mean |ln |X_N| − ln |X̂_N||; no unit.

    The bands of a mel spectrogram hold several harmonics above 1 kHz, and a buzz has the same sum as a tone. Single
    bins tell them apart: the first term weighs the strong ones, the harmonics, the second what lies between.

    Parameters
    ----------
    y, generated : torch.Tensor [shape=(batch, samples)]
        The original and the generator's sound.
    windows : tuple of int
        Window lengths in samples; the hop is a quarter of each.

    Returns
    -------
    torch.Tensor [shape=()]
        0 for equal magnitudes, whatever the phases are.

    Source: R. Yamamoto, E. Song and J.-M. Kim, Parallel WaveGAN, ICASSP 2020.
    """
    losses = []
    for n_fft in windows:
        true, ours = _magnitudes(y, n_fft), _magnitudes(generated, n_fft)
        convergence = torch.linalg.vector_norm(true - ours) / torch.linalg.vector_norm(true)
        losses.append(convergence + l1_loss(ours.clamp(min=FLOOR).log(), true.clamp(min=FLOOR).log()))
    return torch.stack(losses).mean()


def _log_mel(y: torch.Tensor, sr: int, n_fft: int) -> torch.Tensor:
    """(batch, samples) -> (batch, bands, frames)."""
    return (_filters(sr, n_fft).to(y.device) @ _magnitudes(y, n_fft)).clamp(min=FLOOR).log()


def _magnitudes(y: torch.Tensor, n_fft: int) -> torch.Tensor:
    """|X| of a Hann window, and a gradient where it is 0: (batch, samples) -> (batch, bins, frames)."""
    window = torch.hann_window(n_fft, device=y.device)
    spectrum = torch.stft(y, n_fft, n_fft // 4, window=window, return_complex=True)
    return (spectrum.real.square() + spectrum.imag.square() + 1e-10).sqrt()


@cache
def _filters(sr: int, n_fft: int) -> torch.Tensor:
    """The `mel_filterbank` up to half of the rate, one band for every 13 bins: (bands, bins)."""
    bank = mel_filterbank(sr=sr, n_fft=n_fft, n_mels=n_fft // 13, fmin=0.0)
    return torch.from_numpy(bank).float()


def _through(convs: nn.ModuleList, conv_post: nn.Module, x: torch.Tensor) -> Features:
    """Return the output of each layer, the score last."""
    features = []
    for conv in convs:
        x = leaky_relu(conv(x), LEAK)
        features.append(x)
    return [*features, conv_post(x)]
