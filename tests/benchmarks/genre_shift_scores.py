"""The score board of splits and shifts of domain: how the same classifiers look in honest and in leaking tests.

Songs of several artists in six genres, played by two synthesisers. Segments of a song share nearly everything, songs of
an artist share band and recording. So a test on other segments, on other songs and on other artists asks three
different questions. All sound is synthetic, made by rule: no figure here says how well real genres are recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from audiocourse.classify.augment import recorded_differently
from audiocourse.classify.cnn import CnnConfig, SpectrogramCnn
from audiocourse.classify.features import FRONT_END, log_mel, mean_and_deviation
from audiocourse.classify.genre.songs import GenreSong, genre_songs
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.signal import BoolArray, FloatArray, IntArray
from audiocourse.sounds.music.genres import GENRES, INSTRUMENTS
from audiocourse.zoo import seeded
from audiocourse.zoo.batching import fit_examples

genres = load_by_path(Path(__file__).with_name("genres_scores.py"))


class Settings(NamedTuple):
    """How much is synthesised and trained."""

    artists: int = 9
    songs: int = 3
    seconds: float = 12.0
    segment_seconds: float = 4.0
    folds: int = 3
    epochs: int = 25
    channels: tuple[int, ...] = (8, 16, 32, 64, 64)  # five poolings: what the network sees lasts nearly two seconds
    seed: int = 1
    genres: tuple[str, ...] = GENRES


TINY = Settings(2, 2, seconds=2.0, segment_seconds=1.0, folds=2, epochs=1, channels=(4, 8), genres=("rock", "waltz"))


class Segments(NamedTuple):
    """Log-mel spectrograms (segments, n_mels, frames), and genre, song and artist of each, as numbers."""

    mels: FloatArray
    genre: IntArray
    song: IntArray
    artist: IntArray

    def where(self, chosen: BoolArray) -> Segments:
        """Return some of the segments."""
        return Segments(*(values[chosen] for values in self))


Probabilities = Callable[[Segments], FloatArray]  # segments in, (segments, genres) out
Learner = Callable[[Segments, Settings], Probabilities]


def songs_by(instruments: str, settings: Settings) -> list[GenreSong]:
    """Synthesise the songs; each synthesiser plays the same ones."""
    return genre_songs(
        artists_per_genre=settings.artists,
        songs_per_artist=settings.songs,
        seconds=settings.seconds,
        seed=settings.seed,
        genres=settings.genres,
        instruments=instruments,
    )


def segments_of(songs: list[GenreSong], settings: Settings) -> Segments:
    """Cut songs into segments that follow one another without overlap."""
    size = round(settings.segment_seconds * FRONT_END.sr)
    artists = sorted({song.artist for song in songs})
    rows = [
        (
            log_mel(song.y[start : start + size], song.sr),
            settings.genres.index(song.genre),
            number,
            artists.index(song.artist),
        )
        for number, song in enumerate(songs)
        for start in range(0, song.y.size - size + 1, size)
    ]
    mels, *numbers = zip(*rows, strict=True)
    return Segments(np.stack(mels), *(np.array(values) for values in numbers))


def linear(train: Segments, _: Settings) -> Probabilities:
    """Logistic regression on mean and deviation of each band."""
    return _regression(train, lambda mels: np.stack([mean_and_deviation(mel) for mel in mels]), strength=0.1)


def linear_on_rhythm(train: Segments, settings: Settings) -> Probabilities:
    """Logistic regression on the autocorrelation of rises, over lags of 0.15 s to half a segment."""
    octaves = float(np.log2(settings.segment_seconds / 2 / 0.15))

    def features(mels: FloatArray) -> FloatArray:
        return np.asarray(genres.rhythm(mels, frame_seconds=FRONT_END.frame_seconds, octaves=octaves))

    return _regression(train, features, strength=0.01)


def _regression(train: Segments, features: Callable[[FloatArray], FloatArray], *, strength: float) -> Probabilities:
    model: Any = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=2000))
    model.fit(features(train.mels), train.genre)
    return lambda test: np.asarray(model.predict_proba(features(test.mels)))


def network(train: Segments, settings: Settings) -> Probabilities:
    """Train `SpectrogramCnn` on the segments, moved in time, in level and in spectral tilt at random."""

    def loss(model: torch.nn.Module, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
        mels, targets = batch
        moved = torch.roll(mels, int(torch.randint(mels.shape[3], (1,))), dims=3)
        return torch.nn.functional.cross_entropy(model(recorded_differently(moved)), targets)

    with seeded(settings.seed):
        model = SpectrogramCnn(CnnConfig(channels=settings.channels, num_classes=len(settings.genres)))
    inputs = torch.from_numpy(train.mels)[:, None]
    options = {"epochs": settings.epochs, "batch_size": min(32, len(inputs)), "seed": settings.seed, "warm_up": 0.15}
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        fit_examples(model, inputs, torch.from_numpy(train.genre), loss=loss, **options, folder=Path(folder))
    model.eval()

    def probabilities(test: Segments) -> FloatArray:
        with torch.no_grad():
            logits = torch.cat([model(part) for part in torch.from_numpy(test.mels)[:, None].split(64)])
        return torch.softmax(logits, dim=1).numpy()

    return probabilities


LEARNERS: dict[str, Learner] = {
    "linear, mean spectrum": linear,
    "linear, rhythm": linear_on_rhythm,
    "CNN, spectrogram": network,
}


def tested_parts(segments: Segments, split: str, settings: Settings) -> list[BoolArray]:
    """Return for each fold which segments are tested on, so that every one is tested once.

    "segment" leaves other segments of the same songs in training, "song" other songs of the same artists, "artist"
    neither.
    """
    rng = np.random.default_rng(settings.seed)
    groups = {"segment": np.arange(len(segments.genre)), "song": segments.song, "artist": segments.artist}[split]
    fold = np.zeros(len(groups), dtype=int)
    strata = {"segment": segments.song, "song": segments.artist, "artist": segments.genre}[split]
    for stratum in np.unique(strata):
        members = rng.permutation(np.unique(groups[strata == stratum]))
        first = int(rng.integers(settings.folds))
        for place, group in enumerate(members):
            fold[groups == group] = (first + place) % settings.folds
    return [fold == number for number in range(settings.folds)]


def cross_validated(learn: Learner, segments: Segments, split: str, settings: Settings) -> FloatArray:
    """Return the probabilities of every segment by a model that was not trained on it."""
    found = np.zeros((len(segments.genre), len(settings.genres)))
    for tested in tested_parts(segments, split, settings):
        found[tested] = learn(segments.where(~tested), settings)(segments.where(tested))
    return found


def accuracy(probabilities: FloatArray, segments: Segments) -> float:
    """Return the share of segments whose most probable genre is their own."""
    return float(np.mean(probabilities.argmax(axis=1) == segments.genre))


def song_accuracy(probabilities: FloatArray, segments: Segments) -> float:
    """Return the share of songs for which the mean probability of the segments is largest for their own genre."""
    songs, firsts = np.unique(segments.song, return_index=True)
    means = np.stack([probabilities[segments.song == song].mean(axis=0) for song in songs])
    return float(np.mean(means.argmax(axis=1) == segments.genre[firsts]))


def tables(data: Path | None) -> Iterator[str]:
    """Yield both tables; no data of others is needed.

    Parameters
    ----------
    data : Path or None
        Not used.
    """
    del data
    yield from both_tables(Settings(), LEARNERS)


def both_tables(settings: Settings, learners: dict[str, Learner]) -> Iterator[str]:
    """Yield the table of splits and that of shifts."""
    domains = {instruments: segments_of(songs_by(instruments, settings), settings) for instruments in INSTRUMENTS}
    shifts = {name: shifted(learn, domains, settings) for name, learn in learners.items()}
    yield splits_table(
        settings, learners, domains["sampled"], {name: shift["sampled", "sampled"] for name, shift in shifts.items()}
    )
    yield shift_table(domains, shifts)


def shifted(learn: Learner, domains: dict[str, Segments], settings: Settings) -> dict[tuple[str, str], FloatArray]:
    """Return the probabilities of every segment by models trained on other artists, for each pair of domains.

    Both synthesisers play the same songs in the same order, so the folds are the same.
    """
    found = {}
    for trained, segments in domains.items():
        for other in domains:
            found[trained, other] = np.zeros((len(segments.genre), len(settings.genres)))
        for tested in tested_parts(segments, "artist", settings):
            model = learn(segments.where(~tested), settings)
            for other, others in domains.items():
                found[trained, other][tested] = model(others.where(tested))
    return found


def splits_table(
    settings: Settings, learners: dict[str, Learner], segments: Segments, by_artist: dict[str, FloatArray]
) -> str:
    """Measure each model on segments whose songs, artists, or neither were in training."""
    lines = [
        f"Genres by rule (synthetic), {settings.artists} artists of each, {settings.songs} songs of "
        f"{settings.seconds:g} s by each artist, segments of {settings.segment_seconds:g} s, {settings.folds} folds; "
        f"% right, {100 / len(settings.genres):.0f} by chance",
        f"{'split by':<24}{'segment':>10}{'song':>10}{'artist':>10}{'artist, vote per song':>25}",
    ]
    for name, learn in learners.items():
        leaking = [
            accuracy(cross_validated(learn, segments, split, settings), segments) for split in ("segment", "song")
        ]
        honest = [accuracy(by_artist[name], segments), song_accuracy(by_artist[name], segments)]
        right = [100 * share for share in (*leaking, *honest)]
        lines.append(f"{name:<24}{right[0]:>10.1f}{right[1]:>10.1f}{right[2]:>10.1f}{right[3]:>25.1f}")
    return "\n".join(lines)


def shift_table(domains: dict[str, Segments], shifts: dict[str, dict[tuple[str, str], FloatArray]]) -> str:
    """Measure each model on artists that were not in training, played by either synthesiser."""
    pairs = [(trained, tested) for trained in domains for tested in domains]
    lines = [
        "The same songs played by recorded instruments (sampled) or sums of sines (additive), split by artist; % right",
        f"{'trained on':<24}" + "".join(f"{trained:>10}" for trained, _ in pairs),
        f"{'tested on':<24}" + "".join(f"{tested:>10}" for _, tested in pairs),
    ]
    for name, found in shifts.items():
        right = [100 * accuracy(found[pair], domains[pair[1]]) for pair in pairs]
        lines.append(f"{name:<24}" + "".join(f"{share:>10.1f}" for share in right))
    return "\n".join(lines)
