"""A network that turns speech of any length into one vector that says who speaks, not what is said.

::

    samples → log-mel (frames, 64), relative to the mean power → bidirectional LSTM over the real frames
            → mean and standard deviation over the real frames → linear → a vector of length 1
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from audiocourse.classify.features import FRONT_END, log_mel
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray
from audiocourse.zoo.batching import padding_mask
from audiocourse.zoo.inference import evaluating

SR = FRONT_END.sr
SHORTEST = SR // 5  # samples, 0.2 s
QUIET = 1e-3  # of full scale: a recording whose peak is lower is silence
FAINTEST = -12.0  # nepers of power relative to the mean (−52 dB): what is softer counts as this soft
LEAST_VARIANCE = 1e-6  # of a state over time; the root of 0 has no gradient


@dataclass(frozen=True)
class SpeakerConfig:
    """Sizes of the layers, and from which cosine similarity on two utterances are accepted as of one speaker."""

    n_mels: int = FRONT_END.n_mels
    hidden: int = 64
    num_layers: int = 2
    embedding: int = 64
    threshold: float = 0.5


class SpeakerEncoder(nn.Module):
    """e = v / |v|, v = W (μ, σ) + b, with mean μ and standard deviation σ of the LSTM's states over the real frames.

    Source: D. Snyder et al., X-vectors: robust DNN embeddings for speaker recognition, ICASSP 2018 (statistics
    pooling); L. Wan et al., ICASSP 2018, arXiv:1710.10467 (LSTM).
    """

    config_class = SpeakerConfig

    def __init__(self, config: SpeakerConfig) -> None:
        super().__init__()
        self.config = config
        self.lstm = nn.LSTM(
            config.n_mels, config.hidden, num_layers=config.num_layers, batch_first=True, bidirectional=True
        )
        self.head = nn.Linear(4 * config.hidden, config.embedding)

    def forward(self, features: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return unit vectors: features (batch, frames, n_mels), lengths (batch,) in frames -> (batch, embedding).

        Without lengths all utterances are as long as the batch. What is beyond the end of an utterance has no effect.
        """
        if lengths is None:
            lengths = torch.full((len(features),), features.shape[1], device=features.device)
        padding = padding_mask(lengths, features.shape[1])  # (batch, frames)
        x = relative_level(features, padding)
        h = self._states(x, lengths)  # (batch, frames, 2 * hidden)
        pooled = pool_statistics(h, padding)  # (batch, 4 * hidden)
        return nn.functional.normalize(self.head(pooled), dim=1)

    def _states(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Run the LSTM over the real frames, so that its backward half does not begin in the padding."""
        if bool((lengths == x.shape[1]).all()):
            states: torch.Tensor = self.lstm(x)[0]
            return states
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.shape[1])
        return states


def relative_level(features: torch.Tensor, padding: torch.Tensor) -> torch.Tensor:
    """Divide by the mean power of the real frames and limit the range, so that neither level nor pauses matter.

    x = max(ln P − ln mean P, −12) / 3 + 1, about −3 to 2: features ln P (batch, frames, n_mels), padding
    (batch, frames) -> (batch, frames, n_mels).
    """
    real = (~padding).sum(dim=1)
    energy = features.masked_fill(padding[:, :, None], -torch.inf).flatten(1).logsumexp(dim=1)
    level = energy - torch.log(real * features.shape[2])  # (batch,): ln of the mean power
    return (features - level[:, None, None]).clamp(min=FAINTEST) / 3 + 1


def pool_statistics(states: torch.Tensor, padding: torch.Tensor) -> torch.Tensor:
    """Return mean and standard deviation over the real frames: (batch, frames, states) -> (batch, 2 * states).

    padding (batch, frames) is True beyond the end of each utterance.
    """
    real = (~padding)[:, :, None].to(states.dtype)  # (batch, frames, 1)
    count = real.sum(dim=1)
    mean = (states * real).sum(dim=1) / count  # (batch, states)
    variance = ((states - mean[:, None]) ** 2 * real).sum(dim=1) / count
    return torch.cat([mean, variance.clamp(min=LEAST_VARIANCE).sqrt()], dim=1)


def embed(y: FloatArray, sr: int, *, model: SpeakerEncoder) -> FloatArray:
    """Compute the embedding of a recording: a vector of length 1 whose direction depends on who speaks.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal with speech of one speaker, at least 0.2 s; two seconds and more are better.
    sr : int
        Samples per second; 16 000.
    model : SpeakerEncoder
        For example ``zoo.load("speaker-mini").model``.

    Returns
    -------
    np.ndarray [shape=(embedding,)]
        float32; the product of two embeddings is their cosine similarity.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, silent, not finite, or at another rate.
    """
    require_speech(y)
    features = torch.from_numpy(log_mel(y, sr).T.copy())[None]  # (1, frames, n_mels)
    with evaluating(model) as device:
        embedding: FloatArray = model(features.to(device))[0].cpu().numpy()
    return embedding


def require_speech(y: FloatArray) -> FloatArray:
    """Refuse what is not mono, lasts less than 0.2 s at 16 kHz, or is silent; return it: (samples,) -> (samples,)."""
    require_mono(y)
    if y.size < SHORTEST:
        raise AudioCourseError(
            f"{y.size} samples are too short to hear who speaks: pass at least 0.2 s ({SHORTEST} samples), better 2 s."
        )
    if np.abs(y).max() < QUIET:
        raise AudioCourseError("The recording is silent, so no one can be recognised in it: check the microphone.")
    return y
