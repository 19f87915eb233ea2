"""A network that estimates which emotion a voice portrays, from samples to probabilities.

::

    samples → 16 features of the voice, every 40 ms → bidirectional LSTM over the real frames
            → pooling over time (attention, mean, or the last states), and mean and deviation of each feature
            → linear → logits → a softmax over the emotions
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from audiocourse.arrays import FloatArray
from audiocourse.classify.emotion.features import FEATURES, neutral_reference, voice_features
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_choice
from audiocourse.sounds import EMOTIONS
from audiocourse.zoo.batching import padding_mask
from audiocourse.zoo.inference import evaluating

POOLINGS = ("attention", "mean", "last states")


@dataclass(frozen=True)
class EmotionConfig:
    """Emotions, sizes of the layers, and how the states of all frames become one vector: a name of `POOLINGS`.

    With ``statistics``, the mean and the deviation of each feature are beside this vector.
    """

    emotions: tuple[str, ...] = tuple(EMOTIONS)
    features: int = len(FEATURES)
    hidden: int = 64
    pooling: str = "attention"
    statistics: bool = True
    dropout: float = 0.4


class AttentionPooling(nn.Module):
    """v = Σ_m α[m] h[m], with α = softmax over the real frames m of uᵀ tanh(W h[m] + b).

    Source: Z. Lin et al., A structured self-attentive sentence embedding, ICLR 2017, arXiv:1703.03130; S. Mirsamadi,
    E. Barsoum, C. Zhang, Automatic speech emotion recognition using recurrent neural networks with local attention,
    ICASSP 2017.

    Notebook: 04e_emotion
    """

    def __init__(self, size: int, *, attention: int = 32) -> None:
        super().__init__()
        self.projection = nn.Linear(size, attention)
        self.query = nn.Linear(attention, 1, bias=False)

    def forward(self, states: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return v (batch, size) and α (batch, frames) from states (batch, frames, size) and lengths (batch,)."""
        scores = self.query(torch.tanh(self.projection(states))).squeeze(2)  # (batch, frames)
        scores = scores.masked_fill(padding_mask(lengths, states.shape[1]), -torch.inf)
        weights = scores.softmax(dim=1)
        return (weights[:, None] @ states).squeeze(1), weights


class EmotionNet(nn.Module):
    """z = W [pool(h), mean(x), deviation(x)] + b, with h the states of a bidirectional LSTM over the frames x.

    There is no softmax: the loss contains it, and a second one would keep the loss above
    ln(e + classes − 1) − 1.

    Notebook: 04e_emotion
    """

    config_class = EmotionConfig

    def __init__(self, config: EmotionConfig) -> None:
        super().__init__()
        self.config = config
        require_choice("pooling", config.pooling, POOLINGS)
        self.input_norm = nn.BatchNorm1d(config.features)
        self.lstm = nn.LSTM(config.features, config.hidden, batch_first=True, bidirectional=True)
        self.pooling = AttentionPooling(2 * config.hidden) if config.pooling == "attention" else None
        self.dropout = nn.Dropout(config.dropout)
        statistics = 2 * config.features if config.statistics else 0
        self.pooled_norm = nn.BatchNorm1d(2 * config.hidden + statistics)
        self.head = nn.Linear(2 * config.hidden + statistics, len(config.emotions))

    def forward(self, features: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return logits: features (batch, frames, features), lengths (batch,) in frames -> (batch, emotions).

        Without lengths all clips are as long as the batch.
        """
        if lengths is None:
            lengths = torch.full((len(features),), features.shape[1], device=features.device)
        x = self._normalised(features, lengths)
        states, last_states = self._states(x, lengths)
        pooled = self.dropout(self._pooled(states, last_states, lengths))  # (batch, 2 * hidden)
        if self.config.statistics:
            pooled = torch.cat([pooled, *mean_and_deviation(x, lengths)], dim=1)
        logits: torch.Tensor = self.head(self.pooled_norm(pooled))
        return logits

    def attention(self, features: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the weight of each frame: (batch, frames, features), (batch,) -> (batch, frames); rows sum to 1."""
        if self.pooling is None:
            raise AudioCourseError(f"This network pools by {self.config.pooling}: choose pooling='attention'.")
        states, _ = self._states(self._normalised(features, lengths), lengths)
        weights: torch.Tensor = self.pooling(states, lengths)[1]
        return weights

    def _states(self, x: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the states of all frames (batch, frames, 2 * hidden), and the last one of each direction."""
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        packed_states, (h_n, _) = self.lstm(packed)
        states, _ = nn.utils.rnn.pad_packed_sequence(packed_states, batch_first=True, total_length=x.shape[1])
        return states, torch.cat([h_n[0], h_n[1]], dim=1)

    def _normalised(self, features: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Standardise each feature, with the statistics of real frames only."""
        real = ~padding_mask(lengths, features.shape[1])
        x = torch.zeros_like(features)
        x[real] = self.input_norm(features[real])
        return x

    def _pooled(self, states: torch.Tensor, last_states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        if self.pooling is not None:
            pooled: torch.Tensor = self.pooling(states, lengths)[0]
            return pooled
        if self.config.pooling == "mean":
            return states.sum(dim=1) / lengths[:, None]  # the states of padding are 0
        return last_states


def mean_and_deviation(x: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return both of each feature over the real frames: x (batch, frames, features), 0 in the padding.

    Notebook: 04e_emotion
    """
    frames = lengths[:, None]
    mean = x.sum(dim=1) / frames  # (batch, features)
    variance = x.square().sum(dim=1) / frames - mean.square()
    return mean, (variance.clamp(min=0) + 1e-6).sqrt()


def predict_emotion(y: FloatArray, sr: int, *, neutral: FloatArray, model: EmotionNet) -> dict[str, float]:
    """Estimate which emotion a voice portrays, as the people who labelled the training data would call it.

    p = softmax(z), with the logits z of the network for the features relative to their mean over a neutral recording
    of the same voice. What the speaker feels is not in the sound, and no network can return it.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least 0.3 s.
    sr : int
        Samples per second; 16 000.
    neutral : np.ndarray [shape=(samples,)]
        The same voice with the same microphone, speaking without emotion, at the same rate.
    model : EmotionNet
        A trained network.

    Returns
    -------
    dict of str to float
        The probability of each emotion, in the order of the network's classes; they sum to 1.

    Raises
    ------
    AudioCourseError
        If a recording is not mono, not at 16 kHz, shorter than 0.3 s, or silent.

    Notebook: 04e_emotion
    """
    features = torch.from_numpy(voice_features(y, sr) - neutral_reference(neutral, sr))[None]  # (1, frames, features)
    with evaluating(model) as device:
        probabilities = model(features.to(device))[0].softmax(dim=0).tolist()
    return dict(zip(model.config.emotions, probabilities, strict=True))
