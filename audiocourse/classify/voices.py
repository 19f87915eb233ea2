"""Synthetic voices for the recognition of speakers: more of them than the course has, and recorded in many ways.

How real are they? They differ in timbre, length of the vocal tract, pitch and rate. People differ in how they move from
sound to sound, too, and one person sounds different on another day; these voices do not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from audiocourse.classify.clips import CHANNELS, draw, training_timbres
from audiocourse.signal import FloatArray
from audiocourse.sounds import Speaker, augment, sentence, speakers

SR = 16_000


def training_voice(*, rng: np.random.Generator) -> Speaker:
    """Draw a speaker for training that is not in the table: a person of a training family, or of another timbre.

    Vocal tract, pitch, pitch range and rate are changed, since 66 speakers of 22 timbres are too few to learn what
    distinguishes a voice from all others. Half of the speakers get one of about 80 timbres that no speaker of the
    validation or test set has.

    Parameters
    ----------
    rng : np.random.Generator
        Source of every random choice.
    """
    speaker = draw(rng, speakers(split="train"))
    if rng.random() < 0.5:
        accent = speaker.voice.partition("+")[0]
        speaker = replace(speaker, voice=f"{accent}+{draw(rng, training_timbres())}", pitch=50.0)
    return replace(
        speaker,
        tract=float(np.clip(speaker.tract * np.exp(rng.normal(0, 0.08)), 0.8, 1.25)),
        pitch=float(np.clip(speaker.pitch + rng.normal(0, 16), 5, 92)),
        pitch_range=float(np.clip(speaker.pitch_range + rng.normal(0, 12), 10, 90)),
        rate=float(np.clip(speaker.rate * np.exp(rng.normal(0, 0.1)), 120, 220)),
    )


def speaking(speaker: Speaker, language: str, *, rng: np.random.Generator) -> Speaker:
    """Change the language of a speaker to another, with one of its accents; the voice remains."""
    accent = draw(rng, speakers(language)).voice.partition("+")[0]
    return replace(speaker, language=language, voice=f"{accent}+{speaker.voice.partition('+')[2]}")


def recorded(y: FloatArray, *, rng: np.random.Generator, share: float) -> FloatArray:
    """Record speech elsewhere: a room, noise of 5 to 35 dB, a channel and a level, each with the probability `share`.

    (samples,) at 16 kHz -> (more_samples,); the voice does not change.
    """
    return augment(
        y, sr=SR, rng=rng, share=share, speed=(1.0, 1.0), rt60=(0.1, 0.6), snr_db=(5.0, 35.0), channels=CHANNELS
    ).y


class Utterances(NamedTuple):
    """Recordings of several speakers, and the name of the speaker of each."""

    sounds: list[FloatArray]
    names: list[str]


def utterances_of(split: str, number: int, *, share: float, seed: int) -> Utterances:
    """Synthesise English sentences of each speaker of a split, so that the language does not tell who speaks.

    Parameters
    ----------
    split : {"train", "validation", "test"}
        Which speakers, and which sentences.
    number : int
        How many sentences of each.
    share : float
        The probability of each step of `recorded`: 0 for clean speech.
    seed : int
        Chooses the sentences and the recordings.

    Returns
    -------
    Utterances
        In the order of the speakers.
    """
    found = Utterances([], [])
    for index, speaker in enumerate(speakers("en", split=split)):
        rng = np.random.default_rng([seed, index])
        for _ in range(number):
            spoken = speaker.say(sentence(rng, "en", split=split).text, seed=int(rng.integers(2**31)), sr=SR)
            found.sounds.append(recorded(spoken.y, rng=rng, share=share))
            found.names.append(speaker.name)
    return found
