"""A convolutional recurrent network that says which sounds are present in every frame, several at a time.

::

    samples → log-mel (frames, 64), every 20 ms → three convolution blocks, 1/8 of the bands, every 40 ms
            → bidirectional GRU over time → linear → a sigmoid for each class and frame
            → median filter → two thresholds for each class → events with onset and offset
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import torch
from scipy.ndimage import binary_propagation
from torch import nn

from audiocourse.classify.cnn import without_padding
from audiocourse.classify.events.from_scratch import events_from_frames, median_filter
from audiocourse.classify.features import FRONT_END, log_mel
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval
from audiocourse.require import require_mono
from audiocourse.signal import BoolArray, FloatArray
from audiocourse.sounds import EVENTS
from audiocourse.zoo.inference import evaluating

SR = FRONT_END.sr
FRAME_STRIDE = 2
FRAME_SECONDS = FRAME_STRIDE * FRONT_END.frame_seconds  # 0.04 s for each row of probabilities
SHORTEST = 1_600  # samples, 0.1 s


@dataclass(frozen=True)
class CrnnConfig:
    """Classes, sizes of the layers, and how frames become events: two thresholds and a median filter for each class."""

    classes: tuple[str, ...] = EVENTS
    thresholds: tuple[float, ...] = field(default=(0.5,) * len(EVENTS))
    lower_thresholds: tuple[float, ...] = field(default=(0.5,) * len(EVENTS))  # see `active_frames`
    median_frames: tuple[int, ...] = field(default=(7,) * len(EVENTS))  # odd
    n_mels: int = FRONT_END.n_mels
    channels: tuple[int, ...] = (24, 48, 64)
    hidden: int = 64
    dropout: float = 0.2


class StridedBlock(nn.Module):
    """ReLU(norm(conv₃ₓ₃(x))), computed for every second band, and in the first block for every second frame.

    A stride costs a quarter of computing every value and taking the maximum of four.
    """

    def __init__(self, inputs: int, outputs: int, *, stride: tuple[int, int]) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.frame_stride = stride[1]

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, outputs, bands / 2, frames / stride) from (batch, inputs, bands, frames), and the lengths."""
        frames = x.shape[3] // self.frame_stride
        x = torch.relu(self.norm(self.conv(x)))[..., :frames]
        lengths = lengths // self.frame_stride
        return without_padding(x, lengths), lengths


class Crnn(nn.Module):
    """p[m, c] = σ(W h[m] + b)_c, with h the states of a bidirectional GRU over the frames m.

    Source: E. Çakır et al., Convolutional recurrent neural networks for polyphonic sound event detection, IEEE/ACM
    TASLP 25(6), 2017, arXiv:1702.06286.

    Notebook: 04c_sound_events
    """

    config_class = CrnnConfig

    def __init__(self, config: CrnnConfig) -> None:
        super().__init__()
        self.config = config
        self.input_norm = nn.BatchNorm1d(config.n_mels)
        widths = (1, *config.channels)
        strides = [(2, FRAME_STRIDE), *[(2, 1)] * (len(config.channels) - 1)]
        self.conv_blocks = nn.ModuleList(
            StridedBlock(*pair, stride=stride) for pair, stride in zip(itertools.pairwise(widths), strides, strict=True)
        )
        self.dropout = nn.Dropout(config.dropout)
        features = config.channels[-1] * (config.n_mels >> len(config.channels))
        self.gru = nn.GRU(features, config.hidden, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * config.hidden, len(config.classes))

    def forward(self, features: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return logits: features (batch, frames, n_mels), lengths (batch,) in frames -> (batch, frames / 2, classes).

        Without lengths all clips are as long as the batch. Logits beyond the end of a clip have no meaning.
        """
        if lengths is None:
            lengths = torch.full((len(features),), features.shape[1], device=features.device)
        x = self.input_norm(features.transpose(1, 2))[:, None]  # (batch, 1, n_mels, frames)
        x = without_padding(x, lengths)
        for block in self.conv_blocks:
            x, lengths = block(x, lengths)  # (batch, channels, bands, frames / 2)
        x = x.flatten(1, 2).transpose(1, 2)  # (batch, frames / 2, channels * bands)
        h = self._states(self.dropout(x), lengths)  # (batch, frames / 2, 2 * hidden)
        logits: torch.Tensor = self.head(self.dropout(h))
        return logits

    def _states(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Run the GRU over the real frames, so that its backward half does not begin in the padding."""
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=x.shape[1])
        return states


def frame_probabilities(y: FloatArray, sr: int, *, model: Crnn) -> FloatArray:
    """Return the probability of each class in each frame of 40 ms.

    p[m, c] = 1 / (1 + e^(−s[m, c])), with the logits s of the network. The classes are independent: several may sound
    at once, and in silence none does.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second; 16 000.
    model : Crnn
        For example ``zoo.load("events-mini").model``.

    Returns
    -------
    np.ndarray [shape=(frames, classes)]
        float32, frames = (1 + samples // 320) // 2; frame m stands for the times from m · 40 ms to (m + 1) · 40 ms.

    Raises
    ------
    AudioCourseError
        If y is not mono, not at 16 kHz, or shorter than 0.1 s.

    Notebook: 04c_sound_events
    """
    require_mono(y)
    if y.size < SHORTEST:
        raise AudioCourseError(f"{y.size} samples are less than 0.1 s ({SHORTEST} samples): pass a longer sound.")
    features = torch.from_numpy(log_mel(y, sr).T.copy())[None]  # (1, frames, n_mels)
    with evaluating(model) as device:
        logits = model(features.to(device))  # (1, frames / 2, classes)
    probabilities: FloatArray = torch.sigmoid(logits[0]).cpu().numpy()
    return probabilities


def detect_events(y: FloatArray, sr: int, *, model: Crnn) -> list[Interval]:
    """Find sound events: what, from when, until when.

    The probabilities of each class pass a median filter and are compared with the two thresholds of the class; frames
    that follow one another become an event.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second; 16 000.
    model : Crnn
        For example ``zoo.load("events-mini").model``.

    Returns
    -------
    list of Interval
        Sorted by start; events of different classes may overlap. Empty for silence.

    Raises
    ------
    AudioCourseError
        As `frame_probabilities`.

    Notebook: 04c_sound_events
    """
    probabilities = frame_probabilities(y, sr, model=model)
    active = active_frames(
        probabilities,
        thresholds=model.config.thresholds,
        lower_thresholds=model.config.lower_thresholds,
        median_frames=model.config.median_frames,
    )
    found = events_from_frames(active, classes=model.config.classes, frame_seconds=FRAME_SECONDS)
    end = y.size / sr
    return [Interval(start, min(stop, end), label) for start, stop, label in found]


def active_frames(
    probabilities: FloatArray,
    *,
    thresholds: tuple[float, ...],
    lower_thresholds: tuple[float, ...],
    median_frames: tuple[int, ...],
) -> BoolArray:
    """Decide which class is present in which frame, by the median filter and the two thresholds of each class.

    A class is present where its probability is above the threshold, and around such frames as long as it stays above
    the lower threshold (hysteresis): the first decides whether there is an event, the second where it begins and ends.
    With equal thresholds the lower one changes nothing.

    Parameters
    ----------
    probabilities : np.ndarray [shape=(frames, classes)]
        As `frame_probabilities` returns.
    thresholds, lower_thresholds, median_frames : tuple
        One of each class; the median filters are odd numbers of frames.

    Returns
    -------
    np.ndarray [shape=(frames, classes), dtype=bool]

    Source: H. Dinkel et al., Towards duration robust weakly supervised sound event detection, IEEE/ACM TASLP 29, 2021,
    arXiv:2101.07687 (there it is called a double threshold).

    Notebook: 04c_sound_events
    """
    columns = []
    for column, options in enumerate(zip(thresholds, lower_thresholds, median_frames, strict=True)):
        threshold, lower, size = options
        smooth = median_filter(probabilities[:, [column]], size=size)[:, 0]  # (frames,)
        columns.append(binary_propagation(smooth > threshold, mask=smooth > lower))
    return np.stack(columns, axis=1)  # (frames, classes)
