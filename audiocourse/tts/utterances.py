"""Synthetic sentences with the times of their phones: the training and test data of this chapter's networks.

How real are they? The voices are a synthesiser's, and so are the durations and melodies that the networks learn: they
can become as good as espeak-ng, and no better. Speakers and sentences of the tests are new.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.require import require_choice
from audiocourse.signal import yin
from audiocourse.sounds import Speaker, Speech, command, digits, sentence, speakers
from audiocourse.tts.mel import MEL
from audiocourse.tts.text import PAUSE, VOICE, Pronunciation, aligned_phonemes

SR = MEL.sr
LOWEST, HIGHEST = 60.0, 500.0  # Hz; no voice of the course speaks outside
HELD_OUT = ("validation", "test")  # no speaker of these splits is in training
_UNVOICED = ("p", "t", "k", "f", "θ", "s", "ʃ", "h", "tʃ", "ʔ", PAUSE, ".", "?", "!")
_OCTAVE_GUARD = 1.6  # farther than this factor from the median, a pitch is taken for an octave error


@dataclass(frozen=True)
class Utterance:
    """A sentence, and what is true about it.

    Parameters
    ----------
    speech : Speech
        Sound, text and phones.
    speaker : Speaker
        Who speaks.
    pronunciation : Pronunciation
        Symbols and their durations in frames.

    Notebook: 03c_fastspeech
    """

    speech: Speech
    speaker: Speaker
    pronunciation: Pronunciation


def english_speakers(*, split: str) -> list[Speaker]:
    """List the speakers of a split with one accent, American; ``held-out`` are those of validation and test.

    >>> len(english_speakers(split="train")), len(english_speakers(split="held-out"))
    (66, 30)
    """
    require_choice("split", split, ("train", "held-out"))
    splits = (split,) if split == "train" else HELD_OUT
    return [american(speaker) for speaker in speakers("en") if speaker.split in splits]


def american(speaker: Speaker) -> Speaker:
    """Give a speaker the accent whose phones the networks read."""
    return replace(speaker, language="en", voice=f"{VOICE}+{speaker.voice.partition('+')[2]}")


def varied(speaker: Speaker, rng: np.random.Generator) -> Speaker:
    """Vary the vocal tract, pitch, speed and liveliness of a speaker: another person of the same timbre."""
    return replace(
        speaker,
        tract=float(np.clip(speaker.tract * np.exp(rng.normal(0, 0.08)), 0.8, 1.25)),
        pitch=float(np.clip(speaker.pitch + rng.normal(0, 14), 5, 92)),
        rate=float(np.clip(speaker.rate * np.exp(rng.normal(0, 0.1)), 120, 220)),
        pitch_range=float(np.clip(speaker.pitch_range + rng.normal(0, 12), 10, 90)),
    )


def utterance(speaker: Speaker, text: str, *, seed: int) -> Utterance:
    """Synthesise a sentence of a speaker."""
    speech = speaker.say(text, seed=seed, sr=SR)
    return Utterance(speech, speaker, aligned_phonemes(speech))


def training_text(rng: np.random.Generator) -> str:
    """Draw a text: a sentence of the grammars, digits, or three to nine frequent words in random order."""
    kind = rng.random()
    if kind < 0.3:
        return sentence(rng, "en", split="train").text
    if kind < 0.35:
        return command(rng, "en", split="train").text
    if kind < 0.4:
        return digits(rng, int(rng.integers(3, 7)), language="en", split="train").text
    words = list(rng.choice(frequent_words(), int(rng.integers(3, 10))))
    if len(words) > 5 and rng.random() < 0.5:
        words[int(rng.integers(1, len(words) - 2))] += ","
    return " ".join(words).capitalize() + str(rng.choice([".", ".", ".", "?", "!"]))


@cache
def frequent_words() -> tuple[str, ...]:
    """List about 800 frequent English words."""
    return tuple(_table()["words"].split())


@cache
def held_out_sentences() -> tuple[str, ...]:
    """List the sentences on which synthesisers are tested; none is read in training."""
    return tuple(_table()["held_out_sentences"])


def phone_pitch(pronounced: Utterance) -> FloatArray:
    """Measure the pitch of each symbol in octaves above 100 Hz, (symbols,).

    p[i] is the median of log₂(f0 / 100 Hz) over the frames of a voiced phone (`yin`); symbols without voice take
    what lies on the straight line between their neighbours.
    """
    symbols, durations = pronounced.pronunciation
    f0 = yin(
        pronounced.speech.y,
        sr=SR,
        fmin=LOWEST,
        fmax=HIGHEST,
        frame_length=MEL.n_fft,
        hop_length=MEL.hop_length,
    )
    ends = np.cumsum(durations)
    voiced = [symbol not in _UNVOICED for symbol in symbols]
    of_frames = np.repeat(voiced, durations)
    typical = float(np.median(f0[of_frames])) if of_frames.any() else 100.0
    plausible = np.abs(np.log(f0 / typical)) < np.log(_OCTAVE_GUARD)
    places: list[int] = []
    pitches: list[float] = []
    for index, (end, duration) in enumerate(zip(ends, durations, strict=True)):
        frames = np.arange(end - duration, end)
        usable = frames[plausible[frames]] if voiced[index] else frames[:0]
        if usable.size:
            places.append(index)
            pitches.append(float(np.log2(np.median(f0[usable]) / 100)))
    if not places:
        return np.full(len(symbols), np.log2(typical / 100), dtype=np.float32)
    return np.interp(np.arange(len(symbols)), places, pitches).astype(np.float32)


@cache
def _table() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("frequent_words.toml").read_text(encoding="utf-8"))
