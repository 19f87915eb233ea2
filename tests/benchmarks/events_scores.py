"""The score board of sound events: how hard the made ones are to tell apart, and what they are worth on real ones.

Clips of five seconds hold one event against a background, half of them in a room, most of them through a microphone, a
loudspeaker or a telephone. Two models learn from them and are tested on clips of other seeds, and on real recordings of
the kinds that both have (DIR/esc10).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, mel_spectrogram, read, resample, to_mono
from audiocourse.sounds.acoustics.channels import apply_channel
from audiocourse.sounds.events.kinds import EVENTS
from audiocourse.sounds.events.scenes import BACKGROUNDS, event_scene

LAYOUT = "esc10/: labels.csv with file, label, fold, and the recordings it names, as in ESC-10"
SR = 16_000
SECONDS = 5.0
TRAINING, TESTING = 120, 30  # clips of each kind
TRAINING_SNR = (-10.0, 30.0)
TEST_SNR = (-10.0, -5.0, 0.0, 10.0, 20.0)
HELD_OUT = 1_000_000  # seeds of test clips begin here

_CHANNELS = (None, "microphone", "microphone", "small_speaker", "narrowband", "telephone")
_BACKGROUNDS = tuple(name for name in BACKGROUNDS if name != "babble")  # which takes most of the time


class Clip(NamedTuple):
    """What a model sees of a clip: few figures for the linear one, more for the trees."""

    few: FloatArray
    many: FloatArray
    kind: str


class Model(NamedTuple):
    """A model, and which of the figures it sees."""

    make: Callable[[], Any]
    figures: Callable[[Clip], FloatArray]


MODELS = {
    "linear, mean and deviation of log-mel": Model(
        lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=500)), lambda clip: clip.few
    ),
    "gradient boosting, and modulation": Model(
        lambda: HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=12, learning_rate=0.15, random_state=0),
        lambda clip: clip.many,
    ),
}


def made_clip(kind: str, seed: int, snr_db: float | tuple[float, float]) -> Clip:
    """Make a clip with one event.

    Parameters
    ----------
    kind : str
        One of `EVENTS`.
    seed : int
        Chooses everything else.
    snr_db : float or (float, float)
        As in `event_scene`.
    """
    rng = np.random.default_rng((seed, EVENTS.index(kind)))
    background, channel = (options[int(rng.integers(len(options)))] for options in (_BACKGROUNDS, _CHANNELS))
    rt60 = rng.uniform(0.1, 0.8) if rng.random() < 0.5 else None
    scene = event_scene(
        rng=rng, seconds=SECONDS, sr=SR, events=1, kinds=[kind], snr_db=snr_db, background=background, rt60=rt60
    )
    return seen(scene.y if channel is None else apply_channel(scene.y, channel, sr=SR, rng=rng), kind)


def made_clips(kinds: Sequence[str], seeds: range, snr_db: float | tuple[float, float]) -> list[Clip]:
    """Make a clip of each kind with each seed.

    Parameters
    ----------
    kinds : sequence of str
        Some of `EVENTS`.
    seeds : range
        A clip for each.
    snr_db : float or (float, float)
        As in `event_scene`.
    """
    return [made_clip(kind, seed, snr_db) for seed in seeds for kind in kinds]


def seen(y: FloatArray, kind: str) -> Clip:
    """Measure a clip of 5 s: over time the mean, deviation, percentiles and steps of each mel band, and how it swells.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        At 16 kHz; its level does not matter.
    kind : str
        What it is.
    """
    level = np.sqrt(np.mean(np.square(y, dtype=np.float64)))
    mel = mel_spectrogram((y / level).astype(np.float32), sr=SR, n_fft=512, hop_length=160, n_mels=40)
    db = 10 * np.log10(mel + 1e-6)
    few = np.concatenate([db.mean(axis=1), db.std(axis=1)])
    bands = (db - db.mean(axis=1, keepdims=True)).reshape(8, 5, -1).mean(axis=1)
    swell = np.log10(np.abs(np.fft.rfft(bands, axis=1))[:, 1:146] + 1).reshape(8, 29, 5).mean(axis=2)
    steps = np.abs(np.diff(db, axis=1)).mean(axis=1)
    many = np.concatenate([few, np.percentile(db, [5, 50, 95], axis=1).ravel(), steps, swell.ravel()])
    return Clip(few, many, kind)


def trained(model: Model, clips: Sequence[Clip]) -> Any:
    """Fit a new model to clips.

    Parameters
    ----------
    model : Model
        One of `MODELS`.
    clips : sequence of Clip
        What it learns from.
    """
    return model.make().fit([model.figures(clip) for clip in clips], [clip.kind for clip in clips])


def accuracy(model: Model, fitted: Any, clips: Sequence[Clip]) -> float:
    """Return the share of clips whose kind is recognised.

    Parameters
    ----------
    model : Model
        One of `MODELS`.
    fitted : object
        What `trained` returned for it.
    clips : sequence of Clip
        Which the model has not seen.
    """
    said = fitted.predict([model.figures(clip) for clip in clips])
    return float(np.mean([a == clip.kind for a, clip in zip(said, clips, strict=True)]))


def tables(data: Path | None) -> Iterator[str]:
    """Yield the table of made clips, and that of real ones or one sentence.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    training = made_clips(EVENTS, range(TRAINING), TRAINING_SNR)
    yield made_table(training)
    if data is None or not (data / "esc10" / "labels.csv").is_file():
        yield f"Sound events are measured on real recordings, too: --data DIR, with {LAYOUT}."
    else:
        yield real_table(training, data / "esc10")


def made_table(training: Sequence[Clip]) -> str:
    """Test models on made clips of other seeds.

    Parameters
    ----------
    training : sequence of Clip
        What they learn from.
    """
    lines = [
        f"Sound events, synthetic: {len(EVENTS)} kinds, {len(training)} clips of 5 s to learn from at −10 to 30 dB"
    ]
    lines.append(f"{'accuracy, in %, at an SNR of':<40}" + "".join(f"{snr:5.0f} dB" for snr in TEST_SNR))
    tests = [made_clips(EVENTS, range(HELD_OUT, HELD_OUT + TESTING), snr) for snr in TEST_SNR]
    for name, model in MODELS.items():
        fitted = trained(model, training)
        lines.append(f"{name:<40}" + "".join(f"{100 * accuracy(model, fitted, clips):8.1f}" for clips in tests))
    lines.append(f"{'(chance)':<40}" + f"{100 / len(EVENTS):8.1f}" * len(TEST_SNR))
    return "\n".join(lines)


def real_table(training: Sequence[Clip], folder: Path) -> str:
    """Test models on real recordings: those that learned from made clips, and those that learned from the other folds.

    Parameters
    ----------
    training : sequence of Clip
        Made clips.
    folder : Path
        With the real ones.
    """
    clips, folds = real_clips(folder)
    kinds = sorted({clip.kind for clip in clips})
    lines = [f"Sound events, {len(clips)} real clips of ESC-10: {', '.join(kinds)}"]
    lines.append(f"{'accuracy, in %, learned from':<40} made clips   real clips of the other folds")
    made = [clip for clip in training if clip.kind in kinds]
    for name, model in MODELS.items():
        on_made = accuracy(model, trained(model, made), clips)
        on_real = np.mean([_left_out(model, clips, folds, fold) for fold in sorted(set(folds))])
        lines.append(f"{name:<40} {100 * on_made:10.1f}   {100 * on_real:30.1f}")
    lines.append(f"{'(chance)':<40} {100 / len(kinds):10.1f}   {100 / len(kinds):30.1f}")
    lines.append("No real clip was learned from, but mean spectra of these were looked at while the sounds were made.")
    return "\n".join(lines)


def real_clips(folder: Path) -> tuple[list[Clip], list[str]]:
    """Read the recordings whose label is one of `EVENTS`, cut or filled up to 5 s; return them and their folds.

    Parameters
    ----------
    folder : Path
        As in `LAYOUT`.

    Raises
    ------
    AudioCourseError
        If a recording is missing.
    """
    clips, folds = [], []
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] in EVENTS]
    for row in rows:
        path = folder / row["file"]
        if not path.is_file():
            raise AudioCourseError(f"labels.csv names {row['file']}, which is not in {folder}: {LAYOUT}.")
        recording = read(path)
        y = resample(to_mono(recording.y), recording.sr, SR)[: round(SECONDS * SR)]
        clips.append(seen(np.pad(y, (0, round(SECONDS * SR) - y.size)), row["label"]))
        folds.append(row["fold"])
    return clips, folds


def _left_out(model: Model, clips: Sequence[Clip], folds: Sequence[str], fold: str) -> float:
    """Learn from the other folds and test on this one."""
    others = [clip for clip, own in zip(clips, folds, strict=True) if own != fold]
    return accuracy(model, trained(model, others), [c for c, own in zip(clips, folds, strict=True) if own == fold])
