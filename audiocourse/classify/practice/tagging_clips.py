"""Synthetic clips for chapter 4b: events of ten kinds in noise, sounds of none of these kinds, and other classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiocourse.classify.features import log_mel, mean_and_deviation
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive, require_rng
from audiocourse.signal import FloatArray, resample
from audiocourse.sounds import EVENTS, chord, digits, drum_loop, event, keyboard_clicks, mix, noise, say, tone

SR = 16_000
SECONDS = 2.0
SAMPLES = round(SECONDS * SR)
SNR_DB = (0.0, 20.0)
LEVEL_DB = (-40.0, -20.0)  # re full scale: the clip with its noise
BACKGROUNDS = ("white", "pink", "brown")
INSTRUMENTS = {"piano": 0, "xylophone": 13, "guitar": 24, "violin": 40, "trumpet": 56, "flute": 73}  # General MIDI
TONE_SR = 44_100


@dataclass(frozen=True, eq=False)
class Clips:
    """Clips of 2 s: y (clips, samples), float32; labels (clips,), integers; log_mel (clips, n_mels, frames)."""

    y: FloatArray
    labels: NDArray[np.int64]
    log_mel: FloatArray

    @property
    def statistics(self) -> FloatArray:
        """Mean and standard deviation of each band over time, (clips, 2 * n_mels): the input of the linear baseline."""
        return np.stack([mean_and_deviation(spectrogram) for spectrogram in self.log_mel])


def event_clips(counts: Mapping[str, int], *, rng: np.random.Generator) -> Clips:
    """Synthesise clips of 2 s: an event at a random time, in noise of a random colour, at a random SNR and level.

    Parameters
    ----------
    counts : mapping of str to int
        The number of clips of each kind of event; the label of a kind is its place in `audiocourse.sounds.EVENTS`.
    rng : np.random.Generator
        Source of all randomness.

    Raises
    ------
    AudioCourseError
        If there is no such kind of event, or no clip at all.

    Notebook: 04b_audio_tagging
    """
    require_rng(rng)
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    if not kinds:
        raise AudioCourseError("No clip is asked for: give a number of at least 1 for one of the kinds.")
    sounds = [event(kind, rng=rng, sr=SR, max_seconds=SECONDS).y for kind in kinds]
    return _clips(sounds, [EVENTS.index(kind) for kind in kinds], rng)


def instrument_clips(per_instrument: int, *, rng: np.random.Generator) -> Clips:
    """Synthesise clips of 2 s with a tone of one of six instruments, C3 to B4; labels are places in `INSTRUMENTS`.

    Notebook: 04b_audio_tagging
    """
    require_rng(rng)
    require_positive(per_instrument=per_instrument)
    sounds = []
    for program in INSTRUMENTS.values():
        for _ in range(per_instrument):
            held = tone(float(rng.integers(48, 72)), program=program, seconds=float(rng.uniform(0.3, 1.5)))
            sounds.append(resample(held[: round(SECONDS * TONE_SR)], TONE_SR, SR))
    return _clips(sounds, np.repeat(np.arange(len(INSTRUMENTS)), per_instrument).tolist(), rng)


def unknown_sounds(*, rng: np.random.Generator) -> dict[str, FloatArray]:
    """Synthesise five sounds of 2 s that belong to none of the ten kinds, in noise like those of `event_clips`.

    Notebook: 04b_audio_tagging
    """
    require_rng(rng)
    root = int(rng.integers(45, 69))
    dry = {
        "speech": say(digits(rng, 5).text, sr=SR, seed=int(rng.integers(1000))).y,
        "chord": chord([root, root + 4, root + 7], seconds=SECONDS, sr=SR),
        "drums": drum_loop(float(rng.uniform(90, 150)), bars=2, sr=SR, rng=rng).y,
        "typing": keyboard_clicks(seconds=SECONDS, sr=SR, rng=rng)[0],
        "noise": noise("white", seconds=SECONDS, sr=SR, rng=rng),
    }
    return {name: _in_noise(y, rng) for name, y in dry.items()}


def rain_segments(recordings: int, *, segments: int, rng: np.random.Generator) -> tuple[FloatArray, NDArray[np.int64]]:
    """Synthesise recordings of rain, each drawn anew, and cut them into segments of 2 s.

    Returns
    -------
    statistics : np.ndarray [shape=(recordings * segments, 2 * n_mels)]
        Mean and deviation of each mel band over each segment.
    recording : np.ndarray [shape=(recordings * segments,)]
        The number of the recording that each segment comes from.

    Notebook: 04b_audio_tagging
    """
    require_rng(rng)
    require_positive(recordings=recordings, segments=segments)
    statistics = []
    for _ in range(recordings):
        y = event("rain", rng=rng, sr=SR, max_seconds=2 * segments * SECONDS).y  # lasts half of it at least
        parts = y[: segments * SAMPLES].reshape(segments, SAMPLES)
        statistics += [mean_and_deviation(log_mel(part, SR)) for part in parts]
    return np.stack(statistics), np.repeat(np.arange(recordings), segments)


def _clips(sounds: list[FloatArray], labels: list[int], rng: np.random.Generator) -> Clips:
    """Put each sound into noise, and compute the spectrograms."""
    y = np.stack([_in_noise(sound, rng) for sound in sounds])
    return Clips(y, np.array(labels, dtype=np.int64), np.stack([log_mel(clip, SR) for clip in y]))


def _in_noise(y: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Place a sound at a random time in 2 s of noise, at a random SNR, and set the level of the mixture."""
    y = y[:SAMPLES]
    start = int(rng.integers(SAMPLES - y.size + 1))
    placed = np.pad(y, (start, SAMPLES - y.size - start))  # (SAMPLES,)
    active = np.zeros(SAMPLES, dtype=np.bool_)
    active[start : start + y.size] = True
    behind = noise(str(rng.choice(BACKGROUNDS)), seconds=SECONDS, sr=SR, rng=rng)
    mixed = mix(placed, behind, snr_db=float(rng.uniform(*SNR_DB)), active=active).y
    gain = 10 ** (rng.uniform(*LEVEL_DB) / 20) / np.sqrt(np.mean(np.square(mixed, dtype=np.float64)))
    clip: FloatArray = np.clip(gain * mixed, -1, 1).astype(np.float32)
    return clip
