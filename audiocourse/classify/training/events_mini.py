"""How ``events-mini`` is trained: on synthetic scenes of sound events, with the times of every event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from audiocourse.classify.augment import recorded_differently
from audiocourse.classify.clips import training_events
from audiocourse.classify.events.from_scratch import (
    LabelledSegment,
    event_f1,
    events_from_frames,
    frame_targets,
    median_filter,
)
from audiocourse.classify.events.model import FRAME_SECONDS, SR, Crnn, CrnnConfig, detect_events, frame_probabilities
from audiocourse.classify.features import log_mel
from audiocourse.intervals import Interval
from audiocourse.signal import FloatArray
from audiocourse.sounds import event_scene
from audiocourse.zoo import Card, Trained, seeded
from audiocourse.zoo.augment import hide_strips
from audiocourse.zoo.batching import fit_examples

CARD = Card(
    name="events-mini",
    task="sound-event-detection",
    model="audiocourse.classify.events.model:Crnn",
    licence="MIT",
    source="This course; the plan is that of E. Çakır et al., IEEE/ACM TASLP 25(6), 2017, arXiv:1702.06286.",
    expect="Ten kinds of sound events with onset and offset, every 40 ms, at 16 kHz. It was trained on synthetic "
    "events only: real alarms and bells are close to them, real shots, dogs and babies are not.",
)

BACKGROUNDS = ("pink", "white", "brown", "street")
CANDIDATES = tuple(np.round(np.arange(0.1, 0.95, 0.1), 1).tolist())  # thresholds that are tried
SIZES = (1, 5, 9, 15, 25, 41)  # lengths of the median filter that are tried, in frames of 40 ms
FRAMES = 500  # of 20 ms, in a scene of 10 s

Batch = tuple[torch.Tensor, ...]  # features and targets


@dataclass(frozen=True)
class Settings:
    """How much is trained; a scene lasts 10 s."""

    scenes: int = 2_400
    epochs: int = 10
    batch_size: int = 32
    seed: int = 7
    development_scenes: int = 100
    test_scenes: int = 100


TINY = Settings(scenes=64, epochs=1, development_scenes=8, test_scenes=8)


def examples(scenes: int, *, seed: int) -> Batch:
    """Synthesise scenes: features (scenes, frames, n_mels) and targets (scenes, frames / 2, classes)."""
    features = []
    targets = []
    for number in range(scenes):
        y, events = training_events(rng=np.random.default_rng([seed, number]))
        features.append(log_mel(y, SR)[:, :FRAMES].T.astype(np.float16))
        targets.append(_targets(events))
    return torch.from_numpy(np.stack(features)), torch.from_numpy(np.stack(targets))


def _targets(events: Sequence[Interval]) -> FloatArray:
    """Say which class sounds in which frame of a scene: (frames / 2, classes)."""
    return frame_targets(
        _segments(events), classes=CrnnConfig().classes, frames=FRAMES // 2, frame_seconds=FRAME_SECONDS
    )


def _segments(events: Sequence[Interval]) -> list[LabelledSegment]:
    return [(event.start, event.end, event.label) for event in events]


def loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Mean binary cross-entropy over frames and classes, of scenes at another level and tilt with strips hidden."""
    features, targets = batch
    changed = recorded_differently(features.float())
    changed = changed + 0.2 * torch.randn_like(changed)
    average = changed.mean(dim=(1, 2), keepdim=True)
    hidden = hide_strips((changed - average)[:, None], axis=3, max_width=10)[:, 0] + average
    return nn.functional.binary_cross_entropy_with_logits(model(hidden), targets)


def scenes_at(snr_db: float, scenes: int, *, seed: int) -> list[tuple[FloatArray, list[LabelledSegment]]]:
    """Synthesise scenes of five events, up to two at a time, at one ratio to the background; half of them in a room."""
    scenes_and_events = []
    for number in range(scenes):
        scene = event_scene(
            rng=np.random.default_rng([seed, number]),
            events=5,
            snr_db=snr_db,
            background=BACKGROUNDS[number % len(BACKGROUNDS)],
            rt60=0.4 if number % 2 else None,
        )
        scenes_and_events.append((scene.y, _segments(scene.events)))
    return scenes_and_events


def tuned(model: Crnn, settings: Settings) -> CrnnConfig:
    """Choose the threshold and the median filter of each class that give the best event F on development scenes."""
    probabilities = []
    references = []
    for number in range(settings.development_scenes):
        y, events = training_events(rng=np.random.default_rng([settings.seed + 1, number]))
        probabilities.append(frame_probabilities(y, SR, model=model))
        references.append(_segments(events))
    chosen = [
        _best_of_class(label, [frames[:, [column]] for frames in probabilities], references)
        for column, label in enumerate(model.config.classes)
    ]
    thresholds, sizes = zip(*chosen, strict=True)
    return replace(model.config, thresholds=thresholds, median_frames=sizes)


def _best_of_class(
    label: str, probabilities: list[FloatArray], references: list[list[LabelledSegment]]
) -> tuple[float, int]:
    """Return the threshold and the size of the median filter with the largest event F of one class."""
    own = [[event for event in events if event[2] == label] for events in references]
    scores = {}
    for size in SIZES:
        smooth = [median_filter(frames, size=size) for frames in probabilities]
        for threshold in CANDIDATES:
            found = [
                events_from_frames(frames > threshold, classes=[label], frame_seconds=FRAME_SECONDS)
                for frames in smooth
            ]
            scores[threshold, size] = event_f1(own, found)
    return max(scores, key=lambda option: scores[option])


def evaluate(model: Crnn, settings: Settings) -> dict[str, float]:
    """Measure the event F on scenes of other seeds, in which many events overlap, at three ratios to the background."""
    scores = {}
    for snr_db in (0.0, 10.0, 20.0):
        scenes = scenes_at(snr_db, settings.test_scenes, seed=settings.seed + 2)
        found = [_segments(detect_events(y, SR, model=model)) for y, _ in scenes]
        score = event_f1([events for _, events in scenes], found)
        scores[f"synthetic scenes at {snr_db:.0f} dB, event F (collar 200 ms)"] = round(score, 3)
    return scores


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train on shuffled scenes, then tune thresholds and filters on development scenes."""
    features, targets = examples(settings.scenes, seed=settings.seed)
    with seeded(settings.seed):
        model = Crnn(CrnnConfig())
    fit_examples(
        model,
        features,
        targets,
        loss=loss,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        seed=settings.seed,
        warm_up=1 / 10,
        folder=folder,
    )
    model.config = tuned(model, settings)
    data = f"{settings.scenes} synthetic scenes of 10 s (sounds): ten kinds of events, noises, rooms, speech and music"
    return Trained(model, data, settings.seed, evaluate(model, settings))
