"""The score board of ESC-10: classifiers on real recordings of ten kinds, which are not part of the project (`LAYOUT`).

Each fold is tested by models that learn from the others; clips of one original recording are all in one fold. The folds
that lie here are three of the five of the published figures, so every model learns from half as many clips. Nothing is
tuned on a fold that is tested: the options were chosen on fold 3 alone, tested with models that learn from 1 and 2.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from torch import nn

from audiocourse.classify.augment import mixed_up, recorded_differently
from audiocourse.classify.cnn import CnnConfig, SpectrogramCnn
from audiocourse.classify.features import FrontEnd, log_mel
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, IntArray, frame, mfcc, read, resample, to_mono, zero_crossing_rate
from audiocourse.sounds import EVENTS, event_scene
from audiocourse.zoo import seeded
from audiocourse.zoo.augment import hide_strips
from audiocourse.zoo.batching import shuffled_batches
from audiocourse.zoo.fitting import fit
from audiocourse.zoo.schedules import warm_up_then_cosine

LAYOUT = "esc10/: labels.csv with file, label, fold, and the recordings it names, as in ESC-10"
PUBLISHED = {"k-NN": 66.7, "SVM": 67.5, "random forest": 72.7, "people": 95.7}  # Piczak 2015, five folds
SECONDS = 5
FRONT_END = FrontEnd(sr=22_050, hop_length=512, fmax=11_000.0)
CROP = 128  # frames of a training example, 3.0 s
PRETRAINED_CLIPS = 60  # synthetic clips of each kind
PRETRAINED_SNR_DB = (0.0, 25.0)


@dataclass(frozen=True)
class Settings:
    """How long the network is trained: on a fold, on synthetic events, and from there on a fold again."""

    epochs: int = 180
    batch_size: int = 16
    learning_rate: float = 2e-3
    pretrained_epochs: int = 10
    seed: int = 0


class Clips(NamedTuple):
    """What the models see of each clip, its class and its fold."""

    spectrograms: FloatArray  # (clips, n_mels, frames)
    cepstra: FloatArray  # (clips, features)
    labels: IntArray
    folds: IntArray
    classes: tuple[str, ...]


Predict = Callable[[Clips], IntArray]  # from clips to their classes
Learner = Callable[[Clips], Predict]

BASELINES: dict[str, Callable[[], Any]] = {
    "k-NN": lambda: KNeighborsClassifier(8),
    "SVM": lambda: SVC(C=1.0),
    "random forest": lambda: RandomForestClassifier(500, random_state=0),
}


def five_seconds(y: FloatArray, sr: int) -> FloatArray:
    """Resample a clip to the rate of the front end and cut or fill it up to 5 s."""
    samples = SECONDS * FRONT_END.sr
    y = resample(y, sr, FRONT_END.sr)[:samples]
    return np.pad(y, (0, samples - y.size))


def cepstral_statistics(y: FloatArray) -> FloatArray:
    """Mean and deviation over time of twelve MFCCs and of the zero-crossing rate, as in the published baselines."""
    coefficients = mfcc(y, sr=FRONT_END.sr, n_fft=1024, hop_length=512, n_mels=64, n_mfcc=13)[1:]
    crossings = zero_crossing_rate(frame(y, frame_length=1024, hop_length=512))
    frames = np.vstack([coefficients[:, : crossings.size], crossings[: coefficients.shape[1]]])
    return np.concatenate([frames.mean(axis=1), frames.std(axis=1)])


def real_clips(folder: Path) -> Clips:
    """Read the recordings.

    Raises
    ------
    AudioCourseError
        If a recording is missing.
    """
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    classes = tuple(sorted({row["label"] for row in rows}))
    sounds = []
    for row in rows:
        path = folder / row["file"]
        if not path.is_file():
            raise AudioCourseError(f"labels.csv names {row['file']}, which is not in {folder}: {LAYOUT}.")
        recording = read(path)
        sounds.append(five_seconds(to_mono(recording.y), recording.sr))
    return Clips(
        np.stack([log_mel(y, FRONT_END.sr, front_end=FRONT_END) for y in sounds]),
        np.stack([cepstral_statistics(y) for y in sounds]),
        np.array([classes.index(row["label"]) for row in rows]),
        np.array([int(row["fold"]) for row in rows]),
        classes,
    )


def baseline(name: str) -> Learner:
    """Return a learner of one of `BASELINES`, on standardised cepstral statistics."""

    def learn(clips: Clips) -> Predict:
        model = make_pipeline(StandardScaler(), BASELINES[name]()).fit(clips.cepstra, clips.labels)
        return lambda others: np.asarray(model.predict(others.cepstra))

    return learn


def changed(spectrograms: torch.Tensor) -> torch.Tensor:
    """Cut a clip at a random place of its endless repetition, change level and tilt, and hide strips (SpecAugment)."""
    clips, _, bands, frames = spectrograms.shape
    first = torch.randint(frames, (clips, 1))
    index = (torch.arange(CROP) + first) % frames  # (clips, CROP)
    x = torch.gather(spectrograms, 3, index[:, None, None].expand(-1, 1, bands, -1))
    x = recorded_differently(x, level=1.0, tilt=0.1)
    average = x.mean(dim=(2, 3), keepdim=True)
    x = hide_strips(x - average, axis=3, max_width=24)
    return hide_strips(x, axis=2, max_width=12) + average


def loss(model: nn.Module, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Cross-entropy of clips that are changed and mixed with one another."""
    features, targets = mixed_up(changed(batch[0]), batch[1], strength=0.3)
    return nn.functional.cross_entropy(model(features), targets, label_smoothing=0.05)


def new_network(classes: int, *, seed: int) -> SpectrogramCnn:
    """Build the network with random weights."""
    with seeded(seed):
        network = SpectrogramCnn(CnnConfig(num_classes=classes, dropout=0.5))
    return network.to(memory_format=torch.channels_last)


def fit_network(
    network: SpectrogramCnn, spectrograms: FloatArray, labels: IntArray, *, epochs: int, settings: Settings
) -> None:
    """Train the network in place."""
    features = torch.from_numpy(spectrograms)[:, None]
    targets = nn.functional.one_hot(torch.from_numpy(labels), network.config.num_classes).float()
    steps = epochs * (len(features) // settings.batch_size)
    fit(
        network,
        shuffled_batches(features, targets, batch_size=settings.batch_size, seed=settings.seed),
        loss=loss,
        epochs=epochs,
        seed=settings.seed,
        learning_rate=settings.learning_rate,
        average=0.99,
        schedule=warm_up_then_cosine(steps, warm_up=steps // 10),
        log=lambda _: None,
    )


def network(settings: Settings, *, start: SpectrogramCnn | None = None) -> Learner:
    """Return a learner: the CNN from random weights, or from the layers of another CNN with a new last layer."""

    def learn(clips: Clips) -> Predict:
        model = new_network(len(clips.classes), seed=settings.seed)
        if start is not None:
            weights = {name: value for name, value in start.state_dict().items() if not name.startswith("head")}
            model.load_state_dict(weights, strict=False)
        fit_network(model, clips.spectrograms, clips.labels, epochs=settings.epochs, settings=settings)
        return partial(predicted, model)

    return learn


def predicted(model: SpectrogramCnn, clips: Clips) -> IntArray:
    """Return the class with the largest score for each clip."""
    with torch.no_grad():
        logits = model(torch.from_numpy(clips.spectrograms)[:, None])
    classes: IntArray = logits.argmax(dim=1).numpy()
    return classes


def pretrained(settings: Settings, *, clips: int = PRETRAINED_CLIPS) -> SpectrogramCnn:
    """Train the network on synthetic clips of one event each, of the ten kinds of `sounds`."""
    spectrograms = []
    labels = []
    for number in range(clips * len(EVENTS)):
        label = number % len(EVENTS)
        rng = np.random.default_rng([settings.seed, number])
        scene = event_scene(
            rng=rng,
            seconds=SECONDS,
            sr=FRONT_END.sr,
            events=1,
            kinds=[EVENTS[label]],
            snr_db=PRETRAINED_SNR_DB,
            background=str(rng.choice(["pink", "white", "street"])),
            rt60=0.4 if rng.random() < 0.5 else None,
        )
        spectrograms.append(log_mel(scene.y, FRONT_END.sr, front_end=FRONT_END))
        labels.append(label)
    model = new_network(len(EVENTS), seed=settings.seed)
    fit_network(model, np.stack(spectrograms), np.array(labels), epochs=settings.pretrained_epochs, settings=settings)
    return model


def part(clips: Clips, chosen: np.ndarray) -> Clips:
    """Return some of the clips."""
    return Clips(
        clips.spectrograms[chosen], clips.cepstra[chosen], clips.labels[chosen], clips.folds[chosen], clips.classes
    )


def fold_accuracies(learner: Learner, clips: Clips) -> list[float]:
    """Test on each fold what is learned from the others, in percent."""
    accuracies = []
    for fold in np.unique(clips.folds):
        predict = learner(part(clips, clips.folds != fold))
        held_out = part(clips, clips.folds == fold)
        accuracies.append(100 * float(np.mean(predict(held_out) == held_out.labels)))
    return accuracies


def tables(data: Path | None) -> Iterator[str]:
    """Yield the table, or one sentence.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    if data is None or not (data / "esc10" / "labels.csv").is_file():
        yield f"ESC-10 is measured on real recordings: --data DIR, with {LAYOUT}."
    else:
        yield esc10_table(real_clips(data / "esc10"), Settings())


def esc10_table(clips: Clips, settings: Settings) -> str:
    """Compare learners, each tested on every fold.

    Parameters
    ----------
    clips : Clips
        The real recordings.
    settings : Settings
        Of the network.
    """
    folds = np.unique(clips.folds)
    learners = {name: baseline(name) for name in BASELINES}
    learners["CNN, from random weights"] = network(settings)
    learners["CNN, pre-trained on synthetic events"] = network(settings, start=pretrained(settings))
    lines = [f"ESC-10, {len(clips.labels)} real clips of {len(clips.classes)} kinds: accuracy in %, tested on a fold"]
    lines.append(f"{'':<38}" + "".join(f"{f'fold {fold}':>8}" for fold in folds) + "    mean  published  CPU s a fold")
    for name, learner in learners.items():
        begin = time.process_time()
        accuracies = fold_accuracies(learner, clips)
        seconds = (time.process_time() - begin) / len(folds)
        row = f"{name:<38}" + "".join(f"{accuracy:8.1f}" for accuracy in accuracies)
        lines.append(f"{row}{np.mean(accuracies):8.1f}{PUBLISHED.get(name, '') or '':>11}{seconds:14.0f}")
    lines.append(f"{'(chance)':<38}" + f"{100 / len(clips.classes):8.1f}" * (len(folds) + 1))
    lines.append("Published: Piczak 2015, on five folds, so from twice as many clips; people reach 95.7 %.")
    return "\n".join(lines)
