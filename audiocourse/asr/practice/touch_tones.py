"""A telephone that spells: the voice of chapter 2's experiments, since everybody hears which letter a tone is.

Each of six keys plays two tones at once, as on a touch-tone telephone, and carries a letter. A word is a key after the
other, held for a random time, in noise; a frame of it is described by how strong each tone is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiocourse.signal import FloatArray, frame

TONE_SR = 8_000
STEP = 160  # from frame to frame, in samples: 20 ms
FRAME = 256
KEYS = {"a": (697, 1209), "e": (697, 1336), "h": (770, 1336), "l": (770, 1209), "o": (852, 1209), "t": (852, 1336)}
LETTERS = tuple(KEYS)
TONES = (697, 770, 852, 1209, 1336)  # Hz: those that the six keys use
ALL_TONES = (697, 770, 852, 941, 1209, 1336, 1477, 1633)  # Hz: those of a whole telephone


def key_tone(letter: str, samples: int) -> FloatArray:
    """Play the two tones of a key, which begin at once and fade away like a plucked string [shape=(samples,)]."""
    t = np.arange(samples) / TONE_SR
    tones = sum(np.sin(2 * np.pi * hz * t) for hz in KEYS[letter])
    return np.asarray(0.1 * tones * np.exp(-8 * t) * np.minimum(1, t / 0.01))


def tone_word(word: str, rng: np.random.Generator, noise: float = 0.03) -> tuple[FloatArray, list[tuple[float, float]]]:
    """Play a word: keys held 90 to 190 ms, silence before and after, noise everywhere.

    Returns the sound [shape=(samples,)] and the truth, (start, end) of each key in seconds.
    """
    quiet = [np.zeros(int(rng.integers(400, 900))) for _ in range(2)]
    keys = [key_tone(letter, int(rng.integers(700, 1500))) for letter in word]
    borders = np.cumsum([len(part) for part in (quiet[0], *keys)]) / TONE_SR
    y = np.concatenate([quiet[0], *keys, quiet[1]])
    noisy = (y + rng.normal(0, noise, y.size)).astype(np.float32)
    return noisy, list(zip(borders.tolist(), borders[1:].tolist(), strict=False))


def tone_strengths(y: FloatArray, hz: Sequence[int] = TONES) -> FloatArray:
    """Measure how strong each tone is in each frame: 1 for a key at its loudest.

    y : [shape=(samples,)], at 8 kHz  ->  [shape=(frames, tones)]
    """
    probe = np.hanning(FRAME) * np.exp(-2j * np.pi * np.array(hz)[:, None] * np.arange(FRAME) / TONE_SR)
    return np.asarray(np.abs(probe @ frame(y, frame_length=FRAME, hop_length=STEP)).T / 6.4)


def frame_times(frames: int) -> FloatArray:
    """Give the middle of each frame, in seconds [shape=(frames,)]."""
    return np.asarray((np.arange(frames) * STEP + FRAME / 2) / TONE_SR)


def with_neighbours(frames: FloatArray, around: int = 2) -> FloatArray:
    """Join each frame with those around it, and with a 1 for the bias.

    frames : [shape=(frames, features)], zeros beyond the ends  ->  [shape=(frames, (2 · around + 1) · features + 1)]
    """
    padded = np.pad(frames, ((around, around), (0, 0)))
    moved = [padded[i : i + len(frames)] for i in range(2 * around + 1)]
    return np.concatenate([*moved, np.ones((len(frames), 1))], axis=1)
