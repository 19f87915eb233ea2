"""Spectrograms of music computed directly from the rhythms of genres: the open task of exercise 3.

To synthesise five hundred songs would take too long for a check. So the strokes of a style are added directly to a
coarse spectrogram: each stroke raises the power in the bands of its instrument, which then decays. This yields
hundreds of spectrograms per second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.classify.features import mean_and_deviation
from audiocourse.classify.practice.linear import fit_linear
from audiocourse.require import require_positive, require_rng
from audiocourse.sounds.music.genres import GENRES
from audiocourse.sounds.music.styles import STYLES, Style

BANDS = 16
FRAMES = 64
FRAME_SECONDS = 0.06
SEGMENTS = 4  # of each artist
TRAIN_ARTISTS = 14  # in each genre
TEST_ARTISTS = 10
_TEMPO = (95.0, 145.0)  # beats per minute
_CENTRES = {"low": 1.5, "mid": 7.0, "high": 12.5, "bass": 3.0, "chords": 6.5}  # of the role, in bands
_SPREAD = 1.5  # bands
_LEVELS_DB = (-14.0, 0.0)
_DECAYS = (0.06, 0.25)  # seconds
_FLOOR_DB = -28.0
_GUEST_STEPS = (0.25, 0.5, 1.0)  # beats: a drummer who is not of the genre
_EDGES_HZ = (60.0, 7_000.0)

Answer = Callable[[FloatArray, IntArray, FloatArray], IntArray]


class GenreTask(NamedTuple):
    """Spectrograms to train on, and spectrograms of other artists: features (segments, BANDS, FRAMES), ln of power."""

    train_features: FloatArray
    train_labels: IntArray
    test_features: FloatArray
    test_labels: IntArray


@dataclass(frozen=True, eq=False)
class _Artist:
    """The spectrum of each role [shape=(BANDS,)], in power, its decay in seconds, and the guest's steps in beats."""

    spectra: Mapping[str, FloatArray]
    decays: Mapping[str, float]
    guest_step: float


def genre_task(
    rng: np.random.Generator, *, train_artists: int = TRAIN_ARTISTS, test_artists: int = TEST_ARTISTS
) -> GenreTask:
    """Draw segments of artists to train on, and of other artists to test on, in random order.

    How realistic is it? The rhythms are those of `sounds.genre_clip`, and artists differ in spectrum, level and decay
    much as the bands there do. Each segment has a tempo of its own. But there is no sound, no melody and no harmony,
    and every bar is the same.

    Parameters
    ----------
    rng : np.random.Generator
        Source of all randomness.
    train_artists, test_artists : int
        In each genre, with four segments each.

    Returns
    -------
    GenreTask
        float32 features and labels, numbers into `GENRES`.

    Raises
    ------
    AudioCourseError
        If a number of artists is not positive.

    Notebook: ex03_genre
    """
    require_positive(train_artists=train_artists, test_artists=test_artists)
    return GenreTask(*_segments(train_artists, require_rng(rng)), *_segments(test_artists, rng))


def _segments(artists: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Draw four segments of each artist: (segments, BANDS, FRAMES) and labels (segments,)."""
    labels = np.repeat(np.arange(len(GENRES)), artists * SEGMENTS)
    drawn = []
    for genre in GENRES:
        for _ in range(artists):
            artist = _artist(rng)
            drawn += [_spectrogram(STYLES[genre], artist, rng) for _ in range(SEGMENTS)]
    order = rng.permutation(len(labels))
    return np.stack(drawn)[order].astype(np.float32), labels[order]


def _artist(rng: np.random.Generator) -> _Artist:
    """Draw the instruments of an artist, and the room and microphone in which all of them are recorded."""
    band = np.arange(BANDS)
    tilt_db = rng.uniform(-1.0, 1.0) * (band - BANDS / 2)
    spectra = {}
    for role, centre in {**_CENTRES, "guest": rng.uniform(8, 14)}.items():
        distance = (band - centre - rng.normal(0, _SPREAD)) / rng.uniform(0.8, 2.0)
        level_db = rng.uniform(*_LEVELS_DB) + tilt_db + rng.normal(0, 2, BANDS)
        spectra[role] = 10 ** (level_db / 10) * np.exp(-(distance**2) / 2)
    decays = {role: float(rng.uniform(*_DECAYS)) for role in spectra}
    return _Artist(spectra, decays, float(rng.choice(_GUEST_STEPS)))


def _spectrogram(style: Style, artist: _Artist, rng: np.random.Generator) -> FloatArray:
    """Build the spectrogram of a segment from its strokes: (BANDS, FRAMES), ln of power."""
    beat = 60 / rng.uniform(*_TEMPO)  # seconds
    seconds = FRAMES * FRAME_SECONDS
    start = rng.uniform(0, style.beats * beat)
    power = np.full((BANDS, FRAMES), 10 ** (_FLOOR_DB / 10)) * rng.exponential(size=(BANDS, FRAMES))
    bars = np.arange(1 + int(np.ceil((start + seconds) / (style.beats * beat)))) * style.beats
    for role, positions in _positions(style, artist.guest_step).items():
        strokes = (bars[:, None] + _swung(positions, style.swing)).ravel() * beat - start
        level = rng.uniform(0.5, 1.5, strokes.size)
        power += np.outer(artist.spectra[role], level @ _envelope(strokes, artist.decays[role]))
    spectrogram: FloatArray = np.log(power)
    return spectrogram


def _positions(style: Style, guest_step: float) -> dict[str, FloatArray]:
    """List where in a bar each role plays, in beats."""
    roles = {role: np.array(positions, dtype=float) for role, positions in style.drums.items()}
    roles["bass"] = np.array([position for position, *_ in style.bass])
    roles["chords"] = np.array([position for position, *_ in style.chords])
    roles["guest"] = np.arange(0, style.beats, guest_step)
    return roles


def _swung(positions: FloatArray, swing: float) -> FloatArray:
    """Delay what lies between two beats by swing / 6 of a beat."""
    swung: FloatArray = positions + swing / 6 * (positions % 1 == 0.5)
    return swung


def _envelope(strokes: FloatArray, decay: float) -> FloatArray:
    """Return the power of each stroke in each frame: (strokes,) in seconds -> (strokes, FRAMES)."""
    since = np.arange(FRAMES) * FRAME_SECONDS - strokes[:, None]
    attack = np.clip(since / FRAME_SECONDS + 1, 0, 1)  # a stroke between two frames is partly in the first of them
    envelope: FloatArray = attack * np.exp(-np.maximum(since, 0) / decay)
    return envelope


def linear_classifier(train_features: FloatArray, train_labels: IntArray, test_features: FloatArray) -> IntArray:
    """Classify by the mean and the deviation of each band with a linear classifier: the baseline.

    Parameters
    ----------
    train_features, test_features : np.ndarray [shape=(segments, n_mels, frames)]
        Spectrograms, ln of power.
    train_labels : np.ndarray [shape=(segments,)]
        Whole numbers from 0.

    Returns
    -------
    np.ndarray [shape=(test segments,)]
        Predicted classes.

    Notebook: ex03_genre
    """
    seen, unseen = (np.stack([mean_and_deviation(x) for x in each]) for each in (train_features, test_features))
    model = fit_linear(seen, train_labels.astype(np.int64), classes=int(train_labels.max()) + 1)
    predictions: IntArray = model.probabilities(unseen).argmax(axis=1)
    return predictions


def describe_accuracy(answer: Answer, task: GenreTask) -> str:
    """Describe the accuracy of an answer on the test artists of a task in one line."""
    try:
        predictions = answer(*task[:3])
    except NotImplementedError:
        return f"{getattr(answer, '__name__', 'The answer')} is not written yet."
    return f"{100 * float(np.mean(predictions == task.test_labels)):.0f} % (synthetic)"


def noise_from(features: FloatArray, sr: int, *, rng: np.random.Generator) -> FloatArray:
    """Turn a spectrogram into audible noise with its power in each band and frame: (BANDS, FRAMES) -> samples.

    The bands lie a third of an octave or more apart, from 60 Hz to 7 kHz; the peak is 0.5.
    """
    samples = round(FRAMES * FRAME_SECONDS * sr)
    frequencies = np.fft.rfftfreq(samples, 1 / sr)
    edges = np.geomspace(_EDGES_HZ[0], _EDGES_HZ[1], BANDS + 1)
    times = np.arange(samples) / sr
    centres = np.arange(FRAMES) * FRAME_SECONDS
    y = np.zeros(samples)
    for band, power in enumerate(np.exp(features.astype(float))):
        spectrum = np.fft.rfft(rng.normal(size=samples))
        inside = (edges[band] <= frequencies) & (frequencies < edges[band + 1])
        noise = np.fft.irfft(spectrum * inside, samples)
        y += noise / noise.std() * np.sqrt(np.interp(times, centres, power))
    scaled: FloatArray = (0.5 * y / np.abs(y).max()).astype(np.float32)
    return scaled
