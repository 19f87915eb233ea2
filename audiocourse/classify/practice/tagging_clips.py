"""Synthetic clips for chapter 4b: an event of one of ten kinds in noise, and sounds of no class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiocourse.classify.features import log_mel
from audiocourse.require import require_rng
from audiocourse.signal import FloatArray
from audiocourse.sounds import EVENTS, chord, digits, drum_loop, event, keyboard_clicks, mix, noise, say, speakers

SR = 16_000
SECONDS = 2.0
SAMPLES = round(SECONDS * SR)
SNR_DB = (0.0, 20.0)
LEVEL_DB = (-35.0, -15.0)  # re full scale: the clip with its noise
COLORS = ("white", "pink", "brown")


@dataclass(frozen=True, eq=False)
class Clips:
    """Clips of equal duration: y (clips, samples), float32; labels (clips,), numbers of classes; their log-mels."""

    y: FloatArray
    labels: NDArray[np.int64]
    log_mel: FloatArray  # (clips, n_mels, frames)

    def __len__(self) -> int:
        return len(self.labels)


def event_clips(counts: dict[str, int], *, rng: np.random.Generator) -> Clips:
    """Synthesise clips of 2 s: an event at a random time, in noise of a random colour, ratio and level.

    Parameters
    ----------
    counts : dict
        The number of clips of each kind; the label of a kind is its place in `sounds.EVENTS`.
    rng : np.random.Generator
        Source of all randomness.

    Notebook: 04b_audio_tagging
    """
    require_rng(rng)
    sounds = [event(kind, rng=rng, sr=SR, max_seconds=SECONDS).y for kind, n in counts.items() for _ in range(n)]
    labels = [EVENTS.index(kind) for kind, n in counts.items() for _ in range(n)]
    return _clips(sounds, labels, rng)


def _clips(sounds: list[FloatArray], labels: list[int], rng: np.random.Generator) -> Clips:
    y = np.stack([_in_noise(sound, rng) for sound in sounds])
    return Clips(y, np.array(labels, dtype=np.int64), np.stack([log_mel(clip, SR) for clip in y]))


def _in_noise(y: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Place a sound at a random time in 2 s of noise, at a random ratio, and set the level of the whole."""
    y = y[:SAMPLES]
    start = int(rng.integers(SAMPLES - y.size + 1))
    placed = np.pad(y, (start, SAMPLES - y.size - start))  # (SAMPLES,)
    active = np.zeros(SAMPLES, dtype=np.bool_)
    active[start : start + y.size] = True
    behind = noise(str(rng.choice(COLORS)), seconds=SECONDS, sr=SR, rng=rng)
    mixed = mix(placed, behind, snr_db=float(rng.uniform(*SNR_DB)), active=active).y
    gain = 10 ** (rng.uniform(*LEVEL_DB) / 20) / np.sqrt(np.mean(np.square(mixed, dtype=np.float64)))
    return np.clip(gain * mixed, -1, 1).astype(np.float32)
