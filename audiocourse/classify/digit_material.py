"""What `digits-mini` learns from: English digits, each said alone by a made voice, in rooms and through microphones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from audiocourse.signal import FloatArray
from audiocourse.sounds import Speaker, augment, speakers
from audiocourse.sounds.speech.espeak import variant_names
from audiocourse.sounds.speech.texts import digit_names

SR = 8_000
ACCENTS = (
    "en",
    "en-029",
    "en-gb-scotland",
    "en-gb-x-gbclan",
    "en-gb-x-gbcwmd",
    "en-gb-x-rp",
    "en-us",
    "en-us-nyc",
)
_NO_VOICES = ("Mr serious", "Demonic", "UniRobot", "anikaRobot", "robosoft", "whisper", "fast")


def training_digit(*, rng: np.random.Generator, split: str = "train") -> tuple[FloatArray, int]:
    """Let somebody say a digit in English, and say which.

    People say a digit that stands alone slowly, in 0.41 to 0.55 s; espeak-ng's digits last 0.28 to 0.47 s. So the rate
    is by a quarter lower than the speaker's own on average, and varies widely, as do pitch and vocal tract.

    Parameters
    ----------
    rng : np.random.Generator
        Where chance comes from.
    split : {"train", "validation", "test"}
        Which people speak.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        The word at 8 kHz, float32 in [-1, 1], through a room, noise or a microphone half of the time each.
    digit : int
        0 to 9.

    Notebook: 00b_the_sounds
    """
    digit = int(rng.integers(10))
    said = _someone(rng, split).say(digit_names("en")[digit], seed=int(rng.integers(2**31)), sr=SR)
    y = augment(said.y, sr=SR, rng=rng, share=0.5, speed=(0.8, 1.25), rt60=(0.1, 0.5), snr_db=(5, 30)).y
    return y, digit


def in_quiet(y: FloatArray, *, rng: np.random.Generator) -> FloatArray:
    """Put a word into the soft noise of a quiet room, with a little of it before and after.

    espeak-ng's silence is exactly 0, and no microphone's is.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The word, at 8 kHz.
    rng : np.random.Generator
        Where chance comes from.

    Returns
    -------
    np.ndarray [shape=(more_samples,)]
        Up to 80 ms before and 120 ms after the word are new; the noise is white, −70 to −45 dB re full scale.

    Notebook: 00b_the_sounds
    """
    longer = np.pad(y, (int(rng.uniform(0, 0.08) * SR), int(rng.uniform(0, 0.12) * SR)))
    quiet = rng.standard_normal(longer.size) * 10 ** (rng.uniform(-70, -45) / 20)
    return (longer + quiet).astype(np.float32)


def _someone(rng: np.random.Generator, split: str) -> Speaker:
    """Draw a person, and change accent, vocal tract, pitch, liveliness and rate.

    Half of those who train get another timbre: 22 are too few to learn what a digit is beyond its voice.
    """
    people = speakers("en", split=split)
    who = people[int(rng.integers(len(people)))]
    timbre = who.voice.partition("+")[2]
    pitch = who.pitch
    if split == "train" and rng.random() < 0.5:
        timbre = _timbres()[int(rng.integers(len(_timbres())))]
        pitch = 50.0
    return replace(
        who,
        voice=f"{ACCENTS[int(rng.integers(len(ACCENTS)))]}+{timbre}",
        tract=float(np.clip(who.tract * np.exp(rng.normal(0, 0.06)), 0.8, 1.25)),
        pitch=float(np.clip(pitch + rng.normal(0, 12), 5, 92)),
        pitch_range=float(np.clip(who.pitch_range + rng.normal(0, 15), 5, 90)),
        rate=float(np.clip(who.rate * np.exp(rng.normal(-0.3, 0.25)), 110, 260)),
    )


@cache
def _timbres() -> tuple[str, ...]:
    """List the timbres of espeak-ng without those that robots have, that whisper, or that others are tested on."""
    held_out = {one.voice.partition("+")[2] for one in speakers("en") if one.split != "train"}
    return tuple(name for name in variant_names() if name not in held_out and not name.startswith(_NO_VOICES))
