"""A ResNet-18, trained on photographs, as a classifier of spectrograms; and the genre of a whole song.

::

    log-mel (1, n_mels, frames) → grey picture in [0, 1] → convolution 7 × 7 and max pooling, 1/4 of both axes
        → 4 stages of 2 residual blocks, 1/32 of both axes → mean over the real frames → dropout → linear → logits

Photographs have three channels, a spectrogram has one. The first convolution is linear, so its three kernels are added
up: the network computes what it would compute from a grey photograph, and no trained weight is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from audiocourse.classify.cnn import without_padding
from audiocourse.classify.features import FRONT_END, FrontEnd, log_mel
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_mono
from audiocourse.signal import FloatArray
from audiocourse.sounds.music.genres import GENRES
from audiocourse.zoo.inference import evaluating

if TYPE_CHECKING:
    from transformers import ResNetForImageClassification

RANGE = 18.4  # nepers of power, 80 dB: what is softer than this below the loudest band is black
IMAGENET_MEAN = (0.485, 0.456, 0.406)  # red, green, blue of pixels in [0, 1]
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
SEGMENT_SECONDS = 3.0
SEGMENT_HOP_SECONDS = 1.5


@dataclass(frozen=True)
class GenreResNetConfig:
    """Classes, channels of the first convolution and of the stages, residual blocks of each stage, and dropout.

    The defaults are those of ResNet-18.
    """

    num_classes: int = len(GENRES)
    embedding_size: int = 64
    hidden_sizes: tuple[int, ...] = (64, 128, 256, 512)
    depths: tuple[int, ...] = (2, 2, 2, 2)
    dropout: float = 0.3


class GenreResNet(nn.Module):
    """A score for each genre: s = W h + b, h the mean over bands and real frames of the last residual block.

    In evaluation mode frames beyond the end of a clip are set to 0 after every convolution, as the convolution's own
    padding is. Therefore a clip gets the same logits alone and in a batch with longer ones. In training mode the batch
    norms use the statistics of the whole batch, padding included, so this does not hold there: train on segments of
    equal length.

    Source: K. He et al., Deep residual learning for image recognition, CVPR 2016, arXiv:1512.03385; K. Palanisamy et
    al., Rethinking CNN models for audio classification, 2020, arXiv:2007.11154.

    Notebook: ex03_genre
    """

    config_class = GenreResNetConfig
    offset: torch.Tensor

    def __init__(self, config: GenreResNetConfig) -> None:
        super().__init__()
        from transformers import ResNetConfig, ResNetModel

        self.config = config
        self.resnet = ResNetModel(
            ResNetConfig(
                num_channels=1,
                embedding_size=config.embedding_size,
                hidden_sizes=list(config.hidden_sizes),
                depths=list(config.depths),
                layer_type="basic",
            )
        )
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(config.hidden_sizes[-1], config.num_classes)
        # what normalising the pixels subtracts from the first convolution: 0 until weights of photographs are loaded
        self.register_buffer("offset", torch.zeros(config.embedding_size, 1, 7, 7))

    def forward(self, spectrograms: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return logits. spectrograms : (batch, 1, n_mels, frames), log-mel; lengths : (batch,), in frames
        -> (batch, classes).

        Without lengths all clips are as long as the batch.
        """
        logits: torch.Tensor = self.head(self.dropout(self.embed(spectrograms, lengths)))
        return logits

    def embed(self, spectrograms: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return the input of the last layer: (batch, 1, n_mels, frames) -> (batch, hidden_sizes[-1])."""
        if lengths is None:
            lengths = torch.full((len(spectrograms),), spectrograms.shape[3], device=spectrograms.device)
        if int(lengths.min()) < 1:
            raise AudioCourseError("A clip has no frame: pass at least one frame of each.")
        stem = self.resnet.embedder
        # 1. the first convolution, minus its response to the mean pixel, and max pooling
        pictures = grey_pictures(spectrograms, lengths)
        inside = without_padding(torch.ones_like(pictures), lengths)
        x = stem.embedder.convolution(pictures) - nn.functional.conv2d(inside, self.offset, stride=2, padding=3)
        lengths = _halved(lengths)
        x = without_padding(stem.embedder.activation(stem.embedder.normalization(x)), lengths)
        x = stem.pooler(x)  # (batch, channels, n_mels / 4, frames / 4)
        lengths = _halved(lengths)
        # 2. the residual blocks
        stages: Any = self.resnet.encoder.stages
        for stage in stages:
            for block in stage.layers:
                x, lengths = _residual_block(block, without_padding(x, lengths), lengths)
        # 3. the mean over bands and real frames
        return without_padding(x, lengths).mean(dim=2).sum(dim=2) / lengths[:, None]


def _halved(lengths: torch.Tensor) -> torch.Tensor:
    """Return how many frames a stride of 2 leaves: ⌈lengths / 2⌉."""
    return torch.div(lengths + 1, 2, rounding_mode="floor")


def _residual_block(block: Any, x: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Compute ReLU(conv(conv(x)) + shortcut(x)) as the block does, with zeros beyond the end between its layers."""
    shortcut = block.shortcut(x)
    if block.layer[0].convolution.stride[1] == 2:
        lengths = _halved(lengths)
    x = without_padding(block.layer[0](x), lengths)
    return block.activation(block.layer[1](x) + shortcut), lengths


def grey_pictures(spectrograms: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return log-mel spectrograms as grey pictures: g = max(0, 1 + (x − max x) / 18.4), 0 beyond the end of a clip.

    White is the loudest band of the clip, black is 80 dB below it and less, so the level of a recording has no effect.
    (batch, 1, n_mels, frames), lengths (batch,) -> (batch, 1, n_mels, frames)
    """
    beyond = torch.arange(spectrograms.shape[3], device=spectrograms.device) >= lengths[:, None]
    loudest = spectrograms.masked_fill(beyond[:, None, None], -torch.inf).amax(dim=(1, 2, 3), keepdim=True)
    return without_padding((1 + (spectrograms - loudest) / RANGE).clamp(min=0), lengths)


def from_image_classifier(
    image_model: ResNetForImageClassification,
    *,
    num_classes: int = len(GENRES),
    mean: Sequence[float] = IMAGENET_MEAN,
    deviation: Sequence[float] = IMAGENET_DEVIATION,
    dropout: float = 0.3,
) -> GenreResNet:
    """Build a classifier of spectrograms from a ResNet that classifies photographs.

    Such a network saw pixels normalised per channel, z_c = (g − μ_c) / σ_c. For a grey picture, where all channels are
    the same g, the first convolution is Σ_c w_c * z_c = (Σ_c w_c / σ_c) * g − (Σ_c w_c μ_c / σ_c) * 1. The first sum is
    the folded kernel, the second one is ``offset``; 1 is inside the picture and 0 in its padding, which comes after the
    normalisation. A constant in place of the offset would be wrong along the edges of the picture.

    Parameters
    ----------
    image_model : transformers.ResNetForImageClassification
        With basic blocks, for example ``zoo.load("microsoft/resnet-18").model``. It is not changed.
    num_classes : int
        Outputs of the new last layer, which is random; set torch's seed first.
    mean, deviation : sequence of float
        μ and σ of the channels; those of ImageNet.
    dropout : float
        Before the last layer, in training.

    Returns
    -------
    GenreResNet
        In evaluation mode. All weights but those of the last layer are copies of the trained ones.

    Raises
    ------
    AudioCourseError
        If the model does not have three channels and basic blocks.

    Notebook: ex03_genre
    """
    config: Any = image_model.config
    if config.layer_type != "basic" or config.num_channels != 3:
        raise AudioCourseError(
            f"This ResNet has {config.layer_type} blocks and {config.num_channels} channels, but only basic blocks and "
            'three channels can be folded: load "microsoft/resnet-18".'
        )
    sizes = (tuple(config.hidden_sizes), tuple(config.depths))
    model = GenreResNet(GenreResNetConfig(num_classes, config.embedding_size, *sizes, dropout))
    weights = {name: value.clone() for name, value in image_model.resnet.state_dict().items()}
    first = "embedder.embedder.convolution.weight"
    mu, sigma = (torch.tensor(values, dtype=weights[first].dtype) for values in (mean, deviation))
    scaled = weights[first] / sigma[:, None, None]  # (embedding_size, 3, 7, 7)
    weights[first] = scaled.sum(dim=1, keepdim=True)  # (embedding_size, 1, 7, 7)
    model.resnet.load_state_dict(weights)
    model.offset.copy_((scaled * mu[:, None, None]).sum(dim=1, keepdim=True))
    return model.eval()


@dataclass(frozen=True, eq=False)
class GenrePrediction:
    """The genre of a song, and how its segments voted.

    Parameters
    ----------
    genre : str
        The genre with the largest mean probability.
    genres : tuple of str
        All genres, in the order of the columns.
    probabilities : np.ndarray [shape=(genres,)]
        The mean over the segments; they sum to 1.
    segment_probabilities : np.ndarray [shape=(segments, genres)]
        Of each segment.
    starts : np.ndarray [shape=(segments,)]
        Where each segment begins, in seconds.
    """

    genre: str
    genres: tuple[str, ...]
    probabilities: FloatArray
    segment_probabilities: FloatArray
    starts: FloatArray


def predict_genre(
    y: FloatArray,
    sr: int,
    *,
    model: nn.Module,
    genres: Sequence[str] = GENRES,
    segment_seconds: float = SEGMENT_SECONDS,
    hop_seconds: float = SEGMENT_HOP_SECONDS,
    front_end: FrontEnd = FRONT_END,
) -> GenrePrediction:
    """Predict the genre of a song from its segments.

    p = (1 / S) · Σ_s softmax(z_s), with z_s the logits of segment s. The mean of probabilities gives more weight to
    segments about which the network is certain; counting hard votes does not.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The song, mono, at the rate of the front end.
    sr : int
        Samples per second.
    model : torch.nn.Module
        A `GenreResNet` or `SpectrogramCnn`.
    genres : sequence of str
        The names of the classes of the model.
    segment_seconds, hop_seconds : float
        Length of a segment, and the time from the start of one to the next. The remainder after the last whole segment
        is not used; a song shorter than a segment is one segment.
    front_end : FrontEnd
        How spectrograms are computed.

    Returns
    -------
    GenrePrediction
        The genre, its probabilities, and those of each segment.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, or of another rate, or the model has another number of classes.

    Notebook: ex03_genre
    """
    require_mono(y, at_least=front_end.n_fft)
    require_between("segment_seconds", segment_seconds, 0.5, 60)
    require_between("hop_seconds", hop_seconds, 0.1, 60)
    size = min(round(segment_seconds * front_end.sr), y.size)
    starts = np.arange(0, y.size - size + 1, round(hop_seconds * front_end.sr))
    segments = np.stack([log_mel(y[start : start + size], sr, front_end=front_end) for start in starts])
    with evaluating(model) as device:
        logits = model(torch.from_numpy(segments)[:, None].to(device))  # (segments, genres)
    if logits.shape[1] != len(genres):
        raise AudioCourseError(
            f"The model has {logits.shape[1]} classes, but there are {len(genres)} genres: pass its."
        )
    of_segments: FloatArray = torch.softmax(logits, dim=1).cpu().numpy()
    of_song = of_segments.mean(axis=0)
    return GenrePrediction(genres[int(of_song.argmax())], tuple(genres), of_song, of_segments, starts / front_end.sr)
