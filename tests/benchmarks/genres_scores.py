"""The score board of made genres: how far each kind of model comes, and what a confound does to it.

The clips of `genre_clip` share instruments, levels, tempi and keys, so that models blind to time should do badly and
those that see rhythm well. With `easy=True` each genre has a band of its own: then anything seems to work, until others
play. All sound is synthetic, made by rule: no figure here says how well real genres are told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from audiocourse.signal import FloatArray, IntArray, mel_spectrogram, power_to_db
from audiocourse.sounds.music.genres import GENRES, genre_clip

SR = 22_050
HOP = 512
MELS = 40
TRAIN_SEED, TEST_SEED = 1, 2
EPOCHS = 15


class Clips(NamedTuple):
    """Log-mel spectra in dB (clips, mels, frames), and the number of the genre of each."""

    mels: FloatArray
    genres: IntArray


Learner = Callable[
    [Clips], Callable[[FloatArray], IntArray]
]  # training clips in, a function from spectra to genres out


def clips(each: int, *, seed: int, easy: bool, seconds: float) -> Clips:
    """Make as many clips of each genre, each from a seed of its own."""
    mels = [
        _mel(genre_clip(genre, rng=np.random.default_rng([seed, number, clip]), seconds=seconds, sr=SR, easy=easy).y)
        for number, genre in enumerate(GENRES)
        for clip in range(each)
    ]
    return Clips(np.array(mels), np.repeat(np.arange(len(GENRES)), each))


def _mel(y: FloatArray) -> FloatArray:
    power = mel_spectrogram(y, sr=SR, n_fft=1024, hop_length=HOP, n_mels=MELS)
    return np.asarray(power_to_db(np.maximum(power, 1e-8)), dtype=np.float32)


def mean_and_deviation(mels: FloatArray) -> FloatArray:
    """Forget time: the mean and the standard deviation of each band over the frames."""
    return np.concatenate([mels.mean(axis=2), mels.std(axis=2)], axis=1)


def rhythm(mels: FloatArray, *, frame_seconds: float = HOP / SR, octaves: float = 4.625) -> FloatArray:
    """Forget pitch and level: how the rises in four bands repeat, over lags of 0.15 to 3.7 s, 24 to an octave."""
    lags = 0.15 * 2 ** (np.arange(1 + round(24 * octaves)) / 24) / frame_seconds
    rises = np.maximum(np.diff(mels, axis=2), 0)
    bands = np.stack([band.mean(axis=1) for band in np.array_split(rises, 4, axis=1)], axis=1)
    bands -= bands.mean(axis=2, keepdims=True)
    frames = bands.shape[2]
    power = np.abs(np.fft.rfft(bands, 2 * frames)) ** 2
    repeats = np.fft.irfft(power)[..., :frames]
    repeats /= repeats[..., :1] + 1e-9
    return np.array([np.concatenate([np.interp(lags, np.arange(frames), one) for one in clip]) for clip in repeats])


def linear(train: Clips) -> Callable[[FloatArray], IntArray]:
    """Logistic regression on means and deviations; its regularisation is chosen by cross-validation."""
    strengths = {"logisticregression__C": [0.001, 0.01, 0.1, 1.0, 10.0]}
    model = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)), strengths, cv=4)
    return _fitted(model, mean_and_deviation, train)


def trees_without_time(train: Clips) -> Callable[[FloatArray], IntArray]:
    """Extremely randomised trees on means and deviations."""
    return _fitted(ExtraTreesClassifier(500, random_state=0), mean_and_deviation, train)


def trees_on_rhythm(train: Clips) -> Callable[[FloatArray], IntArray]:
    """Extremely randomised trees on the autocorrelation of rises."""
    return _fitted(ExtraTreesClassifier(500, random_state=0), rhythm, train)


def _fitted(model: Any, features: Callable[[FloatArray], FloatArray], train: Clips) -> Callable[[FloatArray], IntArray]:
    model.fit(features(train.mels), train.genres)
    return lambda mels: model.predict(features(mels))


def network(train: Clips) -> Callable[[FloatArray], IntArray]:
    """Train a small convolutional network (62 000 weights) on the spectra, moved in time at random."""
    import torch
    from torch import nn

    def block(inputs: int, outputs: int, kernel: tuple[int, int], pool: tuple[int, int]) -> list[nn.Module]:
        convolution = nn.Conv2d(inputs, outputs, kernel, padding="same")
        return [convolution, nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(pool)]

    mean, deviation = (getattr(train.mels, name)(axis=(0, 2), keepdims=True) for name in ("mean", "std"))

    def tensor(mels: FloatArray) -> torch.Tensor:
        return torch.from_numpy((mels - mean) / deviation)[:, None]

    with torch.random.fork_rng():
        torch.manual_seed(0)
        layers = block(1, 16, (5, 5), (4, 2)) + block(16, 32, (3, 9), (2, 2)) + block(32, 48, (3, 9), (5, 2))
        layers += [nn.Conv2d(48, 64, (1, 9), padding="same"), nn.BatchNorm2d(64), nn.ReLU()]
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(64, len(GENRES))]
        model = nn.Sequential(*layers)
        _train(model, tensor(train.mels), torch.from_numpy(train.genres))

    def predict(mels: FloatArray) -> IntArray:
        with torch.no_grad():
            return torch.cat([model(part) for part in tensor(mels).split(64)]).argmax(dim=1).numpy()

    return predict


def _train(model: Any, inputs: Any, targets: Any) -> None:
    """Fit by AdamW with one cycle of the learning rate; the model comes back ready to predict."""
    import torch

    steps = EPOCHS * -(-len(inputs) // 32)
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(inputs)).split(32):
            moved = torch.roll(inputs[batch], int(torch.randint(inputs.shape[3], (1,))), dims=3)
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(model(moved), targets[batch]).backward()
            optimiser.step()
            rate.step()
    model.eval()


LEARNERS: dict[str, Learner] = {
    "linear, mean spectrum": linear,
    "trees, mean spectrum": trees_without_time,
    "trees, rhythm": trees_on_rhythm,
    "CNN, spectrogram": network,
}


def tables(data: Path | None) -> Iterator[str]:
    """Yield the table; no data of others is needed.

    Parameters
    ----------
    data : Path or None
        Not used.
    """
    del data
    yield genres_table(train=100, test=50, seconds=8.0, learners=LEARNERS)


def genres_table(*, train: int, test: int, seconds: float, learners: dict[str, Learner]) -> str:
    """Measure each model on clips of new seeds: shared bands, own bands, and trained on own but tested on shared."""
    shared, own = (
        [clips(each, seed=seed, easy=easy, seconds=seconds) for each, seed in ((train, TRAIN_SEED), (test, TEST_SEED))]
        for easy in (False, True)
    )
    lines = [
        f"Six genres made by rule (synthetic), {train} clips of {seconds:g} s of each to learn from, {test} to be "
        f"tested on; % right, {100 / len(GENRES):.0f} by chance",
        f"{'':<24}{'shared bands':>14}{'own bands':>14}{'own to shared':>16}",
    ]
    for name, learn in learners.items():
        by_shared, by_own = learn(shared[0]), learn(own[0])
        right = [accuracy(by_shared, shared[1]), accuracy(by_own, own[1]), accuracy(by_own, shared[1])]
        lines.append(f"{name:<24}{100 * right[0]:>14.1f}{100 * right[1]:>14.1f}{100 * right[2]:>16.1f}")
    return "\n".join(lines)


def accuracy(predict: Callable[[FloatArray], IntArray], test: Clips) -> float:
    """Measure how many of the clips get their genre."""
    return float(np.mean(predict(test.mels) == test.genres))
