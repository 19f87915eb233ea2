"""How ``events-mini`` is trained: on synthetic scenes of sound events, with the times of every event."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.classify.augment import recorded_differently
from audiocourse.classify.clips import training_events
from audiocourse.classify.events.from_scratch import (
    event_f1,
    events_from_frames,
    frame_targets,
    median_filter,
)
from audiocourse.classify.events.model import (
    FRAME_SECONDS,
    FRAME_STRIDE,
    SR,
    Crnn,
    CrnnConfig,
    active_frames,
    detect_events,
    frame_probabilities,
)
from audiocourse.classify.features import log_mel
from audiocourse.intervals import Interval, LabelledSegment, labelled_segments
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
LOWER = (1.0, 0.6, 0.3, 0.15)  # shares of the threshold that are tried as the lower threshold
SIZES = (1, 5, 9, 15, 25, 41)  # lengths of the median filter that are tried, in frames of 40 ms
LEVELS_DB = (0.0, 10.0, 20.0)  # ratios to the background at which it is tested
LONGEST_PAUSE = 2.2  # seconds within one event, of a telephone or an alarm
FRAMES = 500  # of 20 ms, in a scene of 10 s

Batch = tuple[torch.Tensor, ...]  # features and targets


@dataclass(frozen=True)
class Settings:
    """How much is trained, in how many epochs of how many rounds; a scene lasts 10 s."""

    scenes: int = 6_400
    epochs: tuple[int, ...] = (22, 20)
    batch_size: int = 16
    seed: int = 7
    development_scenes: int = 300
    test_scenes: int = 150


TINY = Settings(scenes=16, epochs=(1, 1), development_scenes=2, test_scenes=2)


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
    """Return the classes that sound in each frame of a scene, 0 or 1: (frames / 2, classes)."""
    return frame_targets(
        labelled_segments(events), classes=CrnnConfig().classes, frames=FRAMES // 2, frame_seconds=FRAME_SECONDS
    )


def loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Mean binary cross-entropy over frames and classes, of excerpts at another level and tilt with strips hidden."""
    features, targets = excerpts(*batch)
    features, targets = together(recorded_differently(features.float()), targets, share=0.5)
    features = features + 0.2 * torch.randn_like(features)
    average = features.mean(dim=(1, 2), keepdim=True)
    hidden = hide_strips((features - average)[:, None], axis=3, max_width=10)[:, 0] + average
    return nn.functional.binary_cross_entropy_with_logits(model(hidden), targets)


def excerpts(features: torch.Tensor, targets: torch.Tensor) -> Batch:
    """Cut half of each scene out, at a random place: (batch, frames, …) -> (batch, frames / 2, …), both."""
    half = features.shape[1] // 4  # frames of 40 ms
    start = torch.randint(half + 1, (len(features), 1), device=features.device)
    slow = start + torch.arange(half, device=features.device)  # (batch, half), of the targets
    fast = FRAME_STRIDE * start + torch.arange(FRAME_STRIDE * half, device=features.device)
    rows = torch.arange(len(features), device=features.device)[:, None]
    return features[rows, fast], targets[rows, slow]


def together(features: torch.Tensor, targets: torch.Tensor, *, share: float = 0.25) -> Batch:
    """Add the sound of the next scene to a share of the scenes, up to 9 dB softer: powers add up, and so do events."""
    chosen = torch.rand(len(features), 1, 1, device=features.device) < share
    softer = 2 * torch.rand(len(features), 1, 1, device=features.device)  # nepers of power
    both = torch.logaddexp(features, features.roll(1, dims=0) - softer)
    union = torch.maximum(targets, targets.roll(1, dims=0))
    return torch.where(chosen, both, features), torch.where(chosen, union, targets)


def scenes_at(
    snr_db: float, scenes: int, *, seed: int, same_kind_gap: float = 0.3
) -> list[tuple[FloatArray, list[LabelledSegment]]]:
    """Synthesise scenes of five events, up to two at a time, at one ratio to the background; half of them in a room."""
    scenes_and_events = []
    for number in range(scenes):
        scene = event_scene(
            rng=np.random.default_rng([seed, number]),
            events=5,
            snr_db=snr_db,
            background=BACKGROUNDS[number % len(BACKGROUNDS)],
            rt60=0.4 if number % 2 else None,
            same_kind_gap=same_kind_gap,
        )
        scenes_and_events.append((scene.y, labelled_segments(scene.events)))
    return scenes_and_events


class Options(NamedTuple):
    """How frames become events: two thresholds and an odd length of the median filter, in frames, for each class."""

    thresholds: tuple[float, ...]
    lower_thresholds: tuple[float, ...]
    median_frames: tuple[int, ...]


def best_options(
    probabilities: Sequence[FloatArray], references: Sequence[Sequence[LabelledSegment]], classes: Sequence[str]
) -> Options:
    """Choose the thresholds and the median filter of each class that give the best event F on development scenes.

    The probabilities of a scene, (frames, classes), and its events, for each scene -> thresholds and sizes, one of each
    class.
    """
    chosen = []
    for column, label in enumerate(classes):
        own = [[event for event in events if event[2] == label] for events in references]
        chosen.append(_best_of_class(label, [frames[:, [column]] for frames in probabilities], own))
    return Options(*zip(*chosen, strict=True))


def _best_of_class(
    label: str, probabilities: list[FloatArray], references: list[list[LabelledSegment]]
) -> tuple[float, float, int]:
    """Return the two thresholds and the size of the median filter that give the best event F of one class."""
    scores = {}
    for size in SIZES:
        smooth = [median_filter(frames, size=size) for frames in probabilities]
        for threshold, share in itertools.product(CANDIDATES, LOWER):
            lower = share * threshold
            active = [
                active_frames(frames, thresholds=(threshold,), lower_thresholds=(lower,), median_frames=(1,))
                for frames in smooth
            ]
            found = [events_from_frames(frames, classes=[label], frame_seconds=FRAME_SECONDS) for frames in active]
            scores[threshold, lower, size] = event_f1(references, found)
    return max(scores, key=lambda option: scores[option])


def tuned(model: Crnn, settings: Settings) -> CrnnConfig:
    """Put the best options into the network's config, found on scenes that it was not trained on."""
    scenes = [
        training_events(rng=np.random.default_rng([settings.seed + 1, number]))
        for number in range(settings.development_scenes)
    ]
    probabilities = [frame_probabilities(y, SR, model=model) for y, _ in scenes]
    options = best_options(probabilities, [labelled_segments(events) for _, events in scenes], model.config.classes)
    return replace(model.config, **options._asdict())


def evaluate(model: Crnn, settings: Settings) -> dict[str, float]:
    """Measure the event F on scenes of other seeds, in which many events overlap, at three ratios to the background.

    At 0 dB once more on scenes in which two events of one kind keep further apart than the longest pause within one:
    only there can be heard whether there are two.
    """

    def measured(snr_db: float, **options: float) -> float:
        scenes = scenes_at(snr_db, settings.test_scenes, seed=settings.seed + 2, **options)
        found = [labelled_segments(detect_events(y, SR, model=model)) for y, _ in scenes]
        return round(event_f1([events for _, events in scenes], found), 3)

    scores = {f"synthetic scenes at {snr_db:.0f} dB, event F (collar 200 ms)": measured(snr_db) for snr_db in LEVELS_DB}
    apart = f"synthetic scenes at 0 dB, one kind at least {LONGEST_PAUSE:g} s apart, event F (collar 200 ms)"
    return {**scores, apart: measured(0.0, same_kind_gap=LONGEST_PAUSE)}


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train on shuffled scenes, then tune thresholds and filters on development scenes.

    Each round begins with the weights of the one before, and its learning rate rises and falls anew (warm restart; I.
    Loshchilov and F. Hutter, SGDR, ICLR 2017, arXiv:1608.03983).
    """
    features, targets = examples(settings.scenes, seed=settings.seed)
    with seeded(settings.seed):
        model = Crnn(CrnnConfig())
    for number, epochs in enumerate(settings.epochs):
        fit_examples(
            model,
            features,
            targets,
            loss=loss,
            epochs=epochs,
            batch_size=settings.batch_size,
            seed=settings.seed + 100 * number,
            warm_up=1 / 10,
            folder=folder / f"round-{number + 1}",
        )
    model.config = tuned(model, settings)
    data = f"{settings.scenes} synthetic scenes of 10 s (sounds): ten kinds of events, noises, rooms, speech and music"
    return Trained(model, data, settings.seed, evaluate(model, settings))
