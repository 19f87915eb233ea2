"""Trainings of 04e_emotion and exercise 9 that take seconds, their predictions, and a figure of what is confused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.classify.emotion.clips import NAMES, ActedClip, labels_of
from audiocourse.classify.emotion.features import FEATURES
from audiocourse.classify.emotion.from_scratch import require_disjoint_actors
from audiocourse.classify.emotion.model import EmotionConfig, EmotionNet
from audiocourse.classify.features import mean_and_deviation
from audiocourse.classify.practice.voice_tracks import early_cue_clips
from audiocourse.zoo.batching import padded
from audiocourse.zoo.fitting import fit
from audiocourse.zoo.inference import evaluating
from audiocourse.zoo.seeds import seeded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BATCH = 16
_EARLY_CLASSES = 6
_EARLY_CLIPS = 240


def statistics(clips: Sequence[ActedClip], *, raw: bool = False) -> FloatArray:
    """Return mean and deviation of each feature of each clip, as they are or relative to neutral: (clips, 32).

    Notebook: 04e_emotion
    """
    return np.stack([mean_and_deviation((clip.raw_features if raw else clip.features).T) for clip in clips])


def train_emotion_net(
    clips: Sequence[ActedClip],
    *,
    weights: FloatArray | None = None,
    epochs: int = 12,
    seed: int = 0,
    config: EmotionConfig | None = None,
) -> EmotionNet:
    """Train a network on clips, with the cross-entropy of its logits.

    Parameters
    ----------
    clips : sequence of ActedClip
        To train on.
    weights : np.ndarray [shape=(emotions,)], optional
        Of the classes; without them all clips count alike.
    epochs, seed : int
        How many epochs, and the seed of all that is random.
    config : EmotionConfig, optional
        Another network.

    Returns
    -------
    EmotionNet
        In evaluation mode.

    Notebook: 04e_emotion
    """
    features, lengths = padded([clip.features for clip in clips])
    labels = torch.from_numpy(labels_of(clips))
    with seeded(seed):
        model = EmotionNet(config or EmotionConfig())
    weight = None if weights is None else torch.tensor(weights, dtype=torch.float32)
    steps = epochs * -(-len(clips) // _BATCH)

    def batches(epoch: int) -> Iterator[tuple[torch.Tensor, ...]]:
        # in random order: batches of equal length would hold fast emotions only, and the norms would remove their mean
        order = torch.from_numpy(np.random.default_rng([seed, epoch]).permutation(len(clips)))
        for start in range(0, len(clips) - 1, _BATCH):  # a norm makes nothing of a single clip
            batch = order[start : start + _BATCH]
            frames = int(lengths[batch].max())
            yield features[batch, :frames], lengths[batch], labels[batch]

    def loss(network: nn.Module, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
        x, n, y = batch
        return nn.functional.cross_entropy(network(x, n), y, weight, label_smoothing=0.05)

    fit(
        model,
        batches,
        loss=loss,
        epochs=epochs,
        seed=seed,
        learning_rate=0.012,
        schedule=lambda step: min(1.0, 10 * step / steps + 0.1) * (1 - step / steps),
        log=lambda _: None,
    )
    return model


def predictions(model: EmotionNet, clips: Sequence[ActedClip]) -> IntArray:
    """Return the most probable emotion of each clip: (clips,).

    Notebook: 04e_emotion
    """
    features, lengths = padded([clip.features for clip in clips])
    with evaluating(model):
        predicted: IntArray = model(features, lengths).argmax(dim=1).numpy()
    return predicted


def nearest_neighbours(train: FloatArray, labels: IntArray, test: FloatArray) -> IntArray:
    """Return the label of the most similar training example of each test example: (clips, features) -> (clips,).

    Notebook: 04e_emotion
    """
    scaled = train / train.std(axis=0)
    distances = np.linalg.norm(test[:, None] / train.std(axis=0) - scaled, axis=2)
    nearest: IntArray = labels[distances.argmin(axis=1)]
    return nearest


def require_unseen(train: Sequence[ActedClip], test: Sequence[ActedClip]) -> None:
    """Refuse test clips of actors that are trained on.

    Notebook: 04e_emotion
    """
    require_disjoint_actors([clip.actor for clip in train], [clip.actor for clip in test])


class LastFrameNet(EmotionNet):
    """The guide's classifier pooled by states[:, -1], the last frame of the batch in both directions.

    Notebook: 04e_emotion
    """

    def _pooled(self, states: torch.Tensor, last_states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:  # noqa: ARG002
        return states[:, -1]

    def _states(self, x: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:  # noqa: ARG002
        states, (h_n, _) = self.lstm(x)
        return states, torch.cat([h_n[0], h_n[1]], dim=1)


def early_cue_accuracy(pooling: str, *, epochs: int = 8, seed: int = 0) -> float:
    """Train a small network on clips of which only the first four frames say the class, and test it on new ones.

    Parameters
    ----------
    pooling : str
        One of `POOLINGS`, or "last frame" for states[:, -1] of clips that are padded.
    epochs, seed : int
        How long, and what decides all that is random.

    Returns
    -------
    float
        The share of 240 test clips that are right; a sixth is chance.

    Notebook: 04e_emotion
    """
    rng = np.random.default_rng(seed)
    features, lengths, labels = map(torch.from_numpy, early_cue_clips(_EARLY_CLIPS, rng=rng))
    test = early_cue_clips(_EARLY_CLIPS, rng=rng)
    with seeded(seed):
        names = tuple(str(number) for number in range(_EARLY_CLASSES))
        by_frame = pooling == "last frame"
        config = EmotionConfig(
            names, _EARLY_CLASSES, hidden=16, pooling="mean" if by_frame else pooling, statistics=False, dropout=0
        )
        model = LastFrameNet(config) if by_frame else EmotionNet(config)

    def batches(epoch: int) -> Iterator[torch.Tensor]:
        order = np.random.default_rng([seed, epoch]).permutation(_EARLY_CLIPS)
        yield from (torch.from_numpy(order[start : start + 24]) for start in range(0, _EARLY_CLIPS, 24))

    def loss(network: nn.Module, batch: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(network(features[batch], lengths[batch]), labels[batch])

    fit(model, batches, loss=loss, epochs=epochs, seed=seed, learning_rate=0.02, log=lambda _: None)
    with evaluating(model):
        predicted = model(torch.from_numpy(test[0]), torch.from_numpy(test[1])).argmax(dim=1).numpy()
    return float(np.mean(predicted == test[2]))


def confusion_figure(counts: IntArray, names: Sequence[str] = NAMES) -> Figure:
    """Draw a confusion matrix as circles with an area in proportion to the share of the row.

    Parameters
    ----------
    counts : np.ndarray [shape=(classes, classes)]
        Rows are references, columns predictions.
    names : sequence of str
        Of the classes.

    Returns
    -------
    Figure
        Blue on the diagonal, orange elsewhere, with the counts.

    Notebook: 04e_emotion
    """
    import matplotlib.pyplot as plt

    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rows, columns = np.nonzero(counts)
    fig, ax = plt.subplots(figsize=(5.2, 4.4))
    color = np.where(rows == columns, "C0", "C1").tolist()
    ax.scatter(columns, rows, s=900 * shares[rows, columns], color=color, alpha=0.6)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        ax.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=8)
    ends = (-0.6, len(names) - 0.4)
    ax.set(xlabel="predicted emotion", ylabel="reference emotion", xlim=ends, ylim=ends[::-1])
    ax.set_xticks(range(len(names)), names, rotation=40)
    ax.set_yticks(range(len(names)), names)
    return fig


def mean_differences(clips: Sequence[ActedClip]) -> dict[str, dict[str, float]]:
    """Average what distinguishes each emotion from neutral: pitch and its range, level, brightness, duration.

    Notebook: 04e_emotion
    """
    pitch = FEATURES.index("pitch")
    tilt = FEATURES.index("timbre 1")
    table = {}
    for name in NAMES:
        of_emotion = [clip for clip in clips if clip.emotion == name]
        table[name] = {
            "pitch (semitones)": float(np.mean([clip.features[:, pitch].mean() for clip in of_emotion])),
            "pitch range (semitones)": float(np.mean([clip.features[:, pitch].std() for clip in of_emotion])),
            "level (dB)": float(np.mean([10 * np.log10(np.mean(np.square(clip.y))) for clip in of_emotion])),
            "slope of the spectrum": float(np.mean([clip.features[:, tilt].mean() for clip in of_emotion])),
            "duration (s)": float(np.mean([clip.y.size / 16_000 for clip in of_emotion])),
        }
    return table
