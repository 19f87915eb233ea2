"""The score board of event detection: synthetic scenes, the network that detects, two taggers and a linear model.

All scenes are of seeds that nothing was trained or tuned on. What a tagger says of a window of about a second becomes
events by the same kind of median filter and thresholds, tuned for each model on the same development scenes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from audiocourse import zoo
from audiocourse.classify.augment import recorded_differently
from audiocourse.classify.clips import training_events
from audiocourse.classify.cnn import CnnConfig, SpectrogramCnn
from audiocourse.classify.events.from_scratch import (
    event_f1,
    events_from_frames,
    frame_targets,
)
from audiocourse.classify.events.model import FRAME_SECONDS, SR, Crnn, active_frames, frame_probabilities
from audiocourse.classify.events.scoring import segment_f1
from audiocourse.classify.features import log_mel
from audiocourse.classify.training.events_mini import Options, best_options, scenes_at
from audiocourse.classify.yamnet.model import Yamnet, tag
from audiocourse.intervals import LabelledSegment, labelled_segments
from audiocourse.signal import FloatArray
from audiocourse.sounds import EVENTS
from audiocourse.zoo import seeded
from audiocourse.zoo.batching import fit_examples

LEVELS_DB = (0.0, 10.0, 20.0)
SEED = 2_000  # of the scenes that are tested
WINDOW = 48  # frames of 20 ms: what the tagger sees, 0.96 s
Detector = Callable[[FloatArray], FloatArray]  # from samples to probabilities (frames of 40 ms, classes)


@dataclass(frozen=True)
class Settings:
    """How many scenes the taggers and the linear model learn from, how many tune, and how many test."""

    training: int = 400
    development: int = 60
    testing: int = 60
    epochs: int = 12


TINY = Settings(training=24, development=4, testing=2, epochs=1)


def training_scenes(settings: Settings) -> tuple[FloatArray, FloatArray]:
    """Synthesise scenes as those of the network: log-mel (scenes, n_mels, 500), targets (scenes, 250, classes)."""
    features = []
    targets = []
    for number in range(settings.training):
        y, events = training_events(rng=np.random.default_rng([SEED + 1, number]))
        features.append(log_mel(y, SR)[:, :500])
        targets.append(
            frame_targets(labelled_segments(events), classes=EVENTS, frames=250, frame_seconds=FRAME_SECONDS)
        )
    return np.stack(features), np.stack(targets)


def detecting() -> Detector:
    """Return the network of the course that detects."""
    model = cast("Crnn", zoo.load("events-mini").model)
    return lambda y: frame_probabilities(y, SR, model=model)


def clip_tagger(features: FloatArray, targets: FloatArray, settings: Settings) -> Detector:
    """Train a CNN on the tags of whole scenes, and use it frame by frame: on a window of 0.96 s around each frame."""

    def loss(model: nn.Module, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
        return nn.functional.binary_cross_entropy_with_logits(model(recorded_differently(batch[0])), batch[1])

    with seeded(1):
        model = SpectrogramCnn(CnnConfig(channels=(16, 32, 64, 64), num_classes=len(EVENTS)))
    fit_examples(
        model,
        torch.from_numpy(features)[:, None],
        torch.from_numpy(targets.max(axis=1)),
        loss=loss,
        epochs=settings.epochs,
        batch_size=8,
        seed=1,
        warm_up=1 / 10,
        log=lambda _: None,
    )

    def detect(y: FloatArray) -> FloatArray:
        padded = np.pad(log_mel(y, SR), ((0, 0), (WINDOW // 2, WINDOW // 2)), mode="edge")
        windows = sliding_window_view(padded, WINDOW, axis=1)[:, :-2:2].transpose(1, 0, 2)  # (frames, n_mels, 48)
        with torch.no_grad():
            logits = model(torch.from_numpy(windows.copy())[:, None])
        probabilities: FloatArray = torch.sigmoid(logits).numpy()
        return probabilities

    return detect


def yamnet_tagger() -> Detector:
    """Use the bundled tagger frame by frame: each frame gets what it says of the nearest patch of 0.96 s."""
    model = cast("Yamnet", zoo.load("yamnet-mini").model)
    columns = [model.config.classes.index(label) for label in EVENTS]

    def detect(y: FloatArray) -> FloatArray:
        patches = tag(y, SR, model=model)[:, columns]
        centres = (np.arange((1 + y.size // 320) // 2) + 0.5) * FRAME_SECONDS
        nearest = np.rint((centres - 0.48) / 0.48).astype(int)
        probabilities: FloatArray = patches[np.clip(nearest, 0, len(patches) - 1)]
        return probabilities

    return detect


def linear_model(features: FloatArray, targets: FloatArray) -> Detector:
    """Fit a logistic regression for each class on the log-mel frames, each with its neighbours 0.2 s away."""

    def context(spectrogram: FloatArray) -> FloatArray:
        x = (spectrogram - spectrogram.mean()).T[: len(spectrogram.T) // 2 * 2].reshape(-1, 2 * len(spectrogram))
        padded = np.pad(x, ((5, 5), (0, 0)), mode="edge")
        return np.concatenate([padded[:-10], x, padded[10:]], axis=1)  # (frames, features)

    inputs = np.concatenate([context(spectrogram)[::5] for spectrogram in features])
    models = [
        make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=200)).fit(
            inputs, targets[:, ::5, column].ravel() > 0.5
        )
        for column in range(len(EVENTS))
    ]

    def detect(y: FloatArray) -> FloatArray:
        inputs = context(log_mel(y, SR))
        probabilities: FloatArray = np.stack([model.predict_proba(inputs)[:, 1] for model in models], axis=1)
        return probabilities

    return detect


def tuned(detector: Detector, settings: Settings) -> Options:
    """Choose thresholds and the median filter of each class on development scenes."""
    scenes = [training_events(rng=np.random.default_rng([SEED + 2, number])) for number in range(settings.development)]
    return best_options([detector(y) for y, _ in scenes], [labelled_segments(events) for _, events in scenes], EVENTS)


def found_by(detector: Detector, options: Options, y: FloatArray) -> list[LabelledSegment]:
    """Detect the events of a recording."""
    active = active_frames(detector(y), **options._asdict())
    return events_from_frames(active, classes=EVENTS, frame_seconds=FRAME_SECONDS)


def row(name: str, detector: Detector, settings: Settings) -> str:
    """Measure one detector at every level, and how many events it finds in minutes of silence and noise."""
    options = tuned(detector, settings)
    cells = []
    for level in LEVELS_DB:
        scenes = scenes_at(level, settings.testing, seed=SEED)
        references = [events for _, events in scenes]
        estimates = [found_by(detector, options, y) for y, _ in scenes]
        segment = segment_f1(references, estimates)
        cells.append(f"{event_f1(references, estimates):14.2f}{segment:9.2f}")
    rng = np.random.default_rng(SEED)
    silence = [rms * rng.standard_normal(10 * SR).astype(np.float32) for rms in (0.0, 1e-4, 1e-3, 1e-2)]
    false = sum(len(found_by(detector, options, y)) for y in silence)
    return f"{name:<40}{''.join(cells)}{false:10d}"


def tables(_data: Path | None) -> Iterator[str]:
    """Yield the table; all of its sound is synthetic."""
    yield scenes_table(Settings())


def scenes_table(settings: Settings) -> str:
    """Compare detectors."""
    features, targets = training_scenes(settings)
    detectors = {
        "events-mini, a CRNN that detects": detecting(),
        "CNN trained on clip tags, frame by frame": clip_tagger(features, targets, settings),
        "yamnet-mini, frame by frame": yamnet_tagger(),
        "linear, log-mel with neighbours": linear_model(features, targets),
    }
    lines = [f"Sound events, synthetic: {settings.testing} scenes of 10 s with five events, up to two at a time"]
    levels = "".join(f"{f'{level:.0f} dB: event':>14}{'segment':>9}" for level in LEVELS_DB)
    lines.append(f"{'':<40}{levels}{'silence':>10}")
    lines += [row(name, detector, settings) for name, detector in detectors.items()]
    lines.append(
        "F of events (collar 200 ms at the onset, 200 ms or half the event at the offset), and of segments of 1 s."
    )
    lines.append("Silence: events found in 10 s of digital silence and in 30 s of white noise at −80, −60 and −40 dB.")
    return "\n".join(lines)
