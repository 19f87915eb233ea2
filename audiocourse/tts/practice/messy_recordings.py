"""Five recordings that should all be of one voice: the open task of exercise 2, find the voice in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive, require_rng
from audiocourse.signal import FloatArray, frame
from audiocourse.sounds import Speaker, noise, sentence
from audiocourse.tts.fastspeech.model import FastSpeech
from audiocourse.tts.fastspeech.reference import at_level, level
from audiocourse.tts.mel import log_mel
from audiocourse.zoo.batching import padded
from audiocourse.zoo.inference import evaluating

SR = 16_000
KINDS = ("good", "fair", "noisy", "weak", "other")  # one recording of each, in random order
SNR_DB = {"good": (32.0, 42.0), "fair": (22.0, 32.0), "noisy": (-8.0, 2.0), "weak": (2.0, 10.0), "other": (25.0, 42.0)}
LEVELS_DB = (-38.0, -20.0)  # of recordings
WEAK_DB = (-58.0, -48.0)  # of those from too far away
CUT_SECONDS = (0.35, 0.6)  # what is left of a cut recording
SENTENCES = 3  # of each voice, for the recordings
TRUE_SENTENCES = 1  # of each voice, for its true vector
NOISES = ("white", "pink", "brown")
_NOISE_SECONDS = 12.0
_FLOOR = 0.1  # the share of the frames that is softer than the floor
_FRAME = 512  # samples

Encode = Callable[[Sequence[FloatArray]], FloatArray]
Answer = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True, eq=False)
class MessyRecordings:
    """Five recordings that should be of one voice, as their numbers and as sound.

    Parameters
    ----------
    vectors : np.ndarray [shape=(5, voice_size)]
        Of each recording, brought to −26 dB first; of length 1.
    level_db : np.ndarray [shape=(5,)]
        Level in dB re full scale.
    floor_db : np.ndarray [shape=(5,)]
        The level below which the softest tenth of the frames lies, in dB re full scale.
    voice : np.ndarray [shape=(voice_size,)]
        The vector of another sentence of the voice, clean, of length 1.
    kinds : tuple of str
        What was done to each recording, see `KINDS`.
    recordings : tuple of np.ndarray [shape=(samples,)]
        The sounds, at 16 kHz.

    Notebook: ex02_voice_cloning
    """

    vectors: FloatArray
    level_db: FloatArray
    floor_db: FloatArray
    voice: FloatArray
    kinds: tuple[str, ...]
    recordings: tuple[FloatArray, ...]


class _Voice(NamedTuple):
    """Sentences for the recordings, and the vector of other, clean ones."""

    sentences: list[FloatArray]
    vector: FloatArray


def reference_vectors(recordings: Sequence[FloatArray], *, model: FastSpeech) -> FloatArray:
    """Describe the voice of recordings by the reference encoder, at one level: a list of (samples,) -> (n, voice_size).

    Parameters
    ----------
    recordings : sequence of np.ndarray [shape=(samples,)]
        Mono at 16 kHz.
    model : FastSpeech
        Whose reference encoder.

    Returns
    -------
    np.ndarray [shape=(recordings, voice_size)]
        Each of length 1.

    Raises
    ------
    AudioCourseError
        If a recording is silent, too short or not mono.

    Notebook: ex02_voice_cloning
    """
    frames, lengths = padded([log_mel(at_level(y), SR).frames for y in recordings])
    with evaluating(model) as device:
        voices = model.reference_encoder(frames.to(device), lengths.to(device))
    result: FloatArray = voices.cpu().numpy()
    return result


def floor_level(y: FloatArray) -> float:
    """Return the level in dB below which the softest tenth of the frames of 32 ms lies, (samples,) -> float."""
    power = np.mean(np.square(frame(y, frame_length=_FRAME, hop_length=_FRAME // 2), dtype=np.float64), axis=0)
    return float(10 * np.log10(np.quantile(power, _FLOOR) + 1e-12))


def messy_recordings(
    rng: np.random.Generator, *, speakers: Sequence[Speaker], encode: Encode, per_voice: int = 4
) -> list[MessyRecordings]:
    """Draw sets of five recordings that should all be of one voice.

    In random order: a good recording; a fair one; one in loud noise; one that is weak, either so soft that the
    microphone's own noise comes close or cut to half a second; and one of another speaker.

    How real is it? Everything that spoils the recordings is met in practice, and the vectors are those that the
    reference encoder computes from the sounds. But the voices are synthetic, there are no rooms and no telephones, and
    exactly one of each five recordings is of someone else.

    Parameters
    ----------
    rng : np.random.Generator
        Draws sentences, noises, levels and the order.
    speakers : sequence of Speaker
        The voices, two or more; each is also the other speaker of some.
    encode : callable
        From recordings to their vectors, such as `reference_vectors`.
    per_voice : int
        How many sets of each voice.

    Returns
    -------
    list of MessyRecordings
        speakers · per_voice sets.

    Raises
    ------
    AudioCourseError
        If there are fewer than two speakers.

    Notebook: ex02_voice_cloning
    """
    require_rng(rng)
    require_positive(per_voice=per_voice)
    if len(speakers) < 2:
        raise AudioCourseError("There must be two speakers at least: one recording of five is of someone else.")
    voices = [_voice(speaker, rng, encode) for speaker in speakers]
    backgrounds = [noise(kind, seconds=_NOISE_SECONDS, sr=SR, rng=rng) for kind in NOISES]
    sets: list[MessyRecordings] = []
    for chosen in np.tile(np.arange(len(voices)), per_voice):
        others = [voice for index, voice in enumerate(voices) if index != chosen]
        kinds = tuple(str(kind) for kind in rng.permutation(KINDS))
        takes = iter(rng.permutation(SENTENCES))
        recordings = []
        for kind in kinds:
            voice = others[int(rng.integers(len(others)))] if kind == "other" else voices[chosen]
            recordings.append(_spoilt(voice.sentences[next(takes, 0)], kind, backgrounds, rng))
        sets.append(
            MessyRecordings(
                vectors=encode(recordings),
                level_db=np.array([level(y) for y in recordings]),
                floor_db=np.array([floor_level(y) for y in recordings]),
                voice=voices[chosen].vector,
                kinds=kinds,
                recordings=tuple(recordings),
            )
        )
    return sets


def voice_distance(answer: Answer, sets: Sequence[MessyRecordings]) -> float:
    """Measure how far an answer is from the voices: mean of 1 − cos(answer, voice), from 0 to 2."""
    return float(np.mean([1 - answer(each.vectors, each.level_db, each.floor_db) @ each.voice for each in sets]))


def single_distance(sets: Sequence[MessyRecordings]) -> float:
    """Measure how far one recording is from the voice: the mean over all five of each set."""
    return float(np.mean([1 - each.vectors @ each.voice for each in sets]))


def describe_voices(answer: Answer, sets: Sequence[MessyRecordings]) -> str:
    """Describe the distance of an answer, and its percentage of that of one recording, in one line."""
    try:
        distance = voice_distance(answer, sets)
    except NotImplementedError:
        return f"{getattr(answer, '__name__', 'The answer')} is not written yet."
    share = 100 * distance / single_distance(sets)
    return f"distance {distance:.3f}: {share:.0f} % of that of one recording (synthetic)"


def _voice(speaker: Speaker, rng: np.random.Generator, encode: Encode) -> _Voice:
    sentences = [
        speaker.say(sentence(rng, "en").text, seed=int(rng.integers(2**31)), sr=SR).y
        for _ in range(SENTENCES + TRUE_SENTENCES)
    ]
    return _Voice(sentences[:SENTENCES], encode([np.concatenate(sentences[SENTENCES:])])[0])


def _spoilt(clean: FloatArray, kind: str, backgrounds: Sequence[FloatArray], rng: np.random.Generator) -> FloatArray:
    """Record a sentence in one of the ways of `KINDS`: (samples,) -> (samples,), float32."""
    y = clean
    snr_db, levels_db = SNR_DB[kind], LEVELS_DB
    if kind == "weak" and rng.random() < 0.5:
        samples = round(rng.uniform(*CUT_SECONDS) * SR)
        start = int(rng.integers(y.size // 4, y.size // 2))
        y = y[start : start + samples]
        snr_db = SNR_DB["fair"]
    elif kind == "weak":
        levels_db = WEAK_DB
    background = backgrounds[int(rng.integers(len(backgrounds)))]
    start = int(rng.integers(background.size - y.size))
    disturbance = at_level(background[start : start + y.size], level(y) - rng.uniform(*snr_db))
    return at_level(y + disturbance, rng.uniform(*levels_db))
