"""YAMNet: a MobileNet that tags patches of 0.96 s with the kinds of sound that are audible in them.

::

    samples at 16 kHz → |STFT|, 25 ms every 10 ms → 64 mel bands → ln(mel + 0.001) → patches (96 frames, 64 bands)
            → conv 3 × 3 → 13 × (depthwise 3 × 3, pointwise 1 × 1) → mean over time and frequency → linear → sigmoid

Several kinds can sound at once, so each class has a sigmoid of its own; the probabilities do not sum to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import nn

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, fft_frequencies, frame, hz_to_mel, mel_triangles
from audiocourse.zoo.inference import evaluating

SR = 16_000
WINDOW = 400  # samples, 25 ms
HOP = 160  # samples, 10 ms
N_FFT = 512
BANDS = 64
LOWEST = 125.0  # Hz
HIGHEST = 7_500.0  # Hz
OFFSET = 0.001  # added to a band before the logarithm
PATCH = 96  # frames
PATCH_HOP = 48  # frames
PATCH_SECONDS = PATCH * HOP / SR  # 0.96
PATCH_HOP_SECONDS = PATCH_HOP * HOP / SR  # 0.48
PATCH_SAMPLES = PATCH * HOP + WINDOW - HOP  # 15 600: 0.975 s, with the end of the last window

STEM_CHANNELS = 32
BLOCKS = (  # stride and output channels of each depthwise separable block
    (1, 64),
    (2, 128),
    (1, 128),
    (2, 256),
    (1, 256),
    (2, 512),
    *[(1, 512)] * 5,
    (2, 1024),
    (1, 1024),
)
NORM_EPSILON = 1e-4
AT_ONCE = 64  # patches in one batch


@dataclass(frozen=True)
class YamnetConfig:
    """The classes in the order of the outputs, the factor of all channels, and dropout before the last layer."""

    classes: tuple[str, ...]
    width: float = 1.0
    dropout: float = 0.0

    def channels(self, full: int) -> int:
        """Return the number of channels of a layer that has ``full`` of them at width 1."""
        return max(1, round(full * self.width))


class ConvSame(nn.Conv2d):
    """A convolution without bias whose padding is that of TensorFlow's "same": ceil(size / stride) outputs.

    The padding of each axis, max(0, (outputs − 1) · stride + kernel − size), is halved; an odd one is longer at the
    end. PyTorch's symmetric padding of 1 would shift every layer of stride 2 by a sample.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride=stride, groups=groups, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Convolve: (batch, channels, height, width) -> (batch, outputs, ⌈height / stride⌉, ⌈width / stride⌉)."""
        top, bottom = self._padding(x.shape[2])
        left, right = self._padding(x.shape[3])
        return super().forward(nn.functional.pad(x, (left, right, top, bottom)))

    def _padding(self, size: int) -> tuple[int, int]:
        stride = self.stride[0]
        outputs = math.ceil(size / stride)
        total = max(0, (outputs - 1) * stride + self.kernel_size[0] - size)
        return total // 2, total - total // 2


class SeparableBlock(nn.Module):
    """A 3 × 3 filter for each channel alone, then a 1 × 1 convolution that mixes the channels.

    Batch normalisation and ReLU follow each. From C to D channels it needs 9 · C + C · D multiplications per output
    position instead of the 9 · C · D of a full convolution.
    """

    def __init__(self, inputs: int, outputs: int, *, stride: int) -> None:
        super().__init__()
        self.depthwise = ConvSame(inputs, inputs, 3, stride=stride, groups=inputs)
        self.depthwise_norm = nn.BatchNorm2d(inputs, eps=NORM_EPSILON)
        self.pointwise = ConvSame(inputs, outputs, 1)
        self.pointwise_norm = nn.BatchNorm2d(outputs, eps=NORM_EPSILON)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Filter: (batch, inputs, frames, bands) -> (batch, outputs, frames / stride, bands / stride)."""
        x = torch.relu(self.depthwise_norm(self.depthwise(x)))
        return torch.relu(self.pointwise_norm(self.pointwise(x)))


class Yamnet(nn.Module):
    """p[c] = σ(wᵀ[c] e + b[c]), with the embedding e the mean of MobileNet v1's last feature map.

    Every layer sees one patch only, so a patch's result does not depend on the others in its batch.

    Source: A. G. Howard et al., MobileNets, 2017, arXiv:1704.04861; M. Plakal and D. Ellis, YAMNet, 2020,
    github.com/tensorflow/models/tree/master/research/audioset/yamnet.

    Notebook: 04b_audio_tagging
    """

    config_class = YamnetConfig

    def __init__(self, config: YamnetConfig) -> None:
        super().__init__()
        if not config.classes or len(set(config.classes)) < len(config.classes):
            raise AudioCourseError("A tagger needs at least one class, and each class once: pass their names.")
        if not 0 < config.width <= 4:
            raise AudioCourseError(f"width is {config.width}, but it must be above 0 and at most 4; YAMNet has 1.")
        self.config = config
        inputs = config.channels(STEM_CHANNELS)
        self.conv1 = ConvSame(1, inputs, 3, stride=2)
        self.norm1 = nn.BatchNorm2d(inputs, eps=NORM_EPSILON)
        self.blocks = nn.ModuleList()
        for stride, full in BLOCKS:
            outputs = config.channels(full)
            self.blocks.append(SeparableBlock(inputs, outputs, stride=stride))
            inputs = outputs
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(inputs, len(config.classes))

    def embed(self, patches: torch.Tensor) -> torch.Tensor:
        """Return embeddings. patches : (batch, 96, 64), frames and bands -> (batch, 1024 · width)."""
        x = patches[:, None]  # (batch, 1, 96, 64)
        x = torch.relu(self.norm1(self.conv1(x)))  # (batch, 32, 48, 32)
        for block in self.blocks:
            x = block(x)
        return x.mean(dim=(2, 3))  # from (batch, 1024, 3, 2)

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        """Return logits. patches : (batch, 96, 64), frames and bands -> (batch, classes)."""
        logits: torch.Tensor = self.head(self.dropout(self.embed(patches)))
        return logits


@cache
def mel_weights() -> FloatArray:
    """Build the mel filterbank of YAMNet: 64 triangles from 125 to 7500 Hz, straight on the mel axis.

    W[b, k] = max(0, min((m[k] − l) / (c − l), (r − m[k]) / (r − c))), with m[k] the mel of frequency k and l, c, r
    evenly spaced in mel. Triangles straight in Hz, as librosa's, differ by up to several percent.

    Returns
    -------
    np.ndarray [shape=(64, 257)]
        float64, without area normalisation; the column of 0 Hz is 0.

    Source: TensorFlow, ``tf.signal.linear_to_mel_weight_matrix``; S. Young et al., The HTK Book.

    Notebook: 04b_audio_tagging
    """
    mel = hz_to_mel(fft_frequencies(N_FFT, SR), scale="htk")  # (257,)
    low, high = hz_to_mel(np.array([LOWEST, HIGHEST]), scale="htk")
    weights = mel_triangles(mel, np.linspace(low, high, BANDS + 2))
    weights.setflags(write=False)
    return weights


def yamnet_features(y: FloatArray) -> FloatArray:
    """Compute the log-mel spectrogram of the specification.

    x[m, b] = ln(0.001 + Σ_k W[b, k] |Y[m, k]|): the magnitude of the spectrum, not its power, of 400 samples under a
    periodic Hann window every 160 samples, zero-padded to 512. The first window begins with the first sample.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz.

    Returns
    -------
    np.ndarray [shape=(frames, 64)]
        float32; frames = 1 + (samples − 400) // 160.

    Raises
    ------
    AudioCourseError
        If y is not mono, or shorter than one window.

    Notebook: 04b_audio_tagging
    """
    require_mono(y, at_least=WINDOW)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    windows = frame(y, frame_length=WINDOW, hop_length=HOP).T * window  # (frames, 400)
    magnitude = np.abs(np.fft.rfft(windows, N_FFT, axis=1))  # (frames, 257)
    features: FloatArray = np.log(magnitude @ mel_weights().T + OFFSET).astype(np.float32)
    return features


def yamnet_patches(y: FloatArray) -> FloatArray:
    """Cut a recording into patches of 0.96 s, one every 0.48 s.

    The end is padded with zeros to the next whole patch: to 15 600 samples, or 15 600 + 7680 k.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz.

    Returns
    -------
    np.ndarray [shape=(patches, 96, 64)]
        float32, frames and mel bands; patches = 1 + ⌈max(0, samples − 15 600) / 7680⌉.

    Raises
    ------
    AudioCourseError
        If y is not mono, or shorter than 25 ms.

    Examples
    --------
    >>> yamnet_patches(np.zeros(16_000, dtype=np.float32)).shape
    (2, 96, 64)

    Notebook: 04b_audio_tagging
    """
    require_mono(y, at_least=WINDOW)
    step = PATCH_HOP * HOP
    hops = max(0, math.ceil((y.size - PATCH_SAMPLES) / step))
    features = yamnet_features(np.pad(y, (0, PATCH_SAMPLES + hops * step - y.size)))
    patches = sliding_window_view(features, PATCH, axis=0)[::PATCH_HOP]  # (patches, 64, 96), a read-only view
    return patches.swapaxes(1, 2).copy()  # (patches, 96, 64)


def tag(y: FloatArray, sr: int, *, model: Yamnet) -> FloatArray:
    """Return the probability of each class in each patch of 0.96 s.

    p[k, c] = σ(logit of class c in the samples from 0.48 k to 0.48 k + 0.975 s)

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second; 16 000.
    model : Yamnet
        For example ``zoo.load("yamnet-mini").model``; ``model.config.classes`` names the columns.

    Returns
    -------
    np.ndarray [shape=(patches, classes)]
        float32, one patch every 0.48 s. The mean over the patches is the usual score of a whole clip.

    Raises
    ------
    AudioCourseError
        If y is not mono, not at 16 kHz, or shorter than 25 ms.

    Notebook: 04b_audio_tagging
    """
    with evaluating(model) as device:
        rows = [torch.sigmoid(model(batch.to(device))).cpu() for batch in _batches(y, sr)]
    probabilities: FloatArray = torch.cat(rows).numpy()
    return probabilities


def embed(y: FloatArray, sr: int, *, model: Yamnet) -> FloatArray:
    """Return the embedding of each patch of 0.96 s, from which a small classifier can learn other classes.

    Parameters
    ----------
    y, sr, model
        As for `tag`.

    Returns
    -------
    np.ndarray [shape=(patches, 1024 · width)]
        float32, never negative; one patch every 0.48 s.

    Raises
    ------
    AudioCourseError
        As for `tag`.

    Notebook: 04b_audio_tagging
    """
    with evaluating(model) as device:
        rows = [model.embed(batch.to(device)).cpu() for batch in _batches(y, sr)]
    embeddings: FloatArray = torch.cat(rows).numpy()
    return embeddings


def _batches(y: FloatArray, sr: int) -> list[torch.Tensor]:
    """Refuse another sampling rate; return the patches in batches (at most 64, 96, 64)."""
    if sr != SR:
        raise AudioCourseError(f"YAMNet needs 16 000 samples per second, not {sr}: resample the sound first.")
    patches = torch.from_numpy(yamnet_patches(y))
    return [patches[start : start + AT_ONCE] for start in range(0, len(patches), AT_ONCE)]
