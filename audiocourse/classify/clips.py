"""Synthetic clips with their labels: scenes for `vad-mini` and `events-mini`, spoken digits for `digits-mini`.

Scenes hold speech, other sounds, rooms, noises and microphones. Each digit is spoken alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

import numpy as np
import scipy.signal

from audiocourse.intervals import Interval, active_samples, clip_to, merge, shift
from audiocourse.signal import BoolArray, FloatArray
from audiocourse.sounds import (
    COLORS,
    EVENTS,
    GENRES,
    LANGUAGES,
    Speaker,
    apply_channel,
    augment,
    event,
    event_scene,
    genre_clip,
    hum,
    keyboard_clicks,
    mix,
    noise,
    reverberate,
    room_impulse_response,
    sentence,
    speakers,
    street,
)
from audiocourse.sounds.speech.espeak import variant_names
from audiocourse.sounds.speech.texts import digit_names

T = TypeVar("T")
SCENE_SR = 16_000
PAUSE = 0.25  # seconds: people who annotate speech do not mark shorter ones
CHANNELS = ("microphone", "telephone", "narrowband", "small_speaker", "clipping", "mu_law", "gsm")
BACKGROUNDS = (*COLORS, "hum", "keyboard", "street")
DIGIT_SR = 8_000
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
UNNATURAL_TIMBRES = ("Mr serious", "Demonic", "UniRobot", "anikaRobot", "robosoft", "whisper", "fast")


def training_scene(
    *, rng: np.random.Generator, split: str = "train", seconds: float = 8.0
) -> tuple[FloatArray, BoolArray]:
    """Build a scene, with a label for each sample: whether someone speaks.

    One to three people speak any of nine languages, some nearer than others; one scene in twelve is without speech.
    Other sounds, a room, a background and a microphone are drawn at random, and so is the level, from −50 to −15 dB.

    Parameters
    ----------
    rng : np.random.Generator
        Source of every random choice.
    split : {"train", "validation", "test"}
        Which people speak, and which sentences.
    seconds : float
        Length.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        The scene at 16 kHz, float32 in [-1, 1].
    active : np.ndarray [shape=(samples,)]
        Bool. Reverberation after the end of speech does not count as speech.

    Notebook: ex05_vad
    """
    samples = round(seconds * SCENE_SR)
    without_speech = rng.random() < 1 / 12
    speech, intervals = (np.zeros(samples, np.float32), []) if without_speech else _conversation(rng, split, samples)
    y: FloatArray = speech + _other_sounds(rng, samples)
    if np.any(y) and rng.random() < 0.75:
        impulse_response = room_impulse_response(
            rt60=rng.uniform(0.15, 0.9), sr=SCENE_SR, rng=rng, direct_to_reverberant_db=rng.uniform(-6, 10)
        )
        y = reverberate(y, impulse_response)[:samples]
    background = _background(rng, seconds)[:samples]
    y = mix(y, background, snr_db=float(rng.uniform(-2, 30))).y if np.any(y) else background
    if rng.random() < 0.4:
        y = apply_channel(y * 0.9 / np.max(np.abs(y)), CHANNELS[int(rng.integers(len(CHANNELS)))], sr=SCENE_SR, rng=rng)
    level = 10 ** (rng.uniform(-50, -15) / 20)
    y = np.clip(y * level / np.sqrt(np.mean(np.square(y))), -1, 1).astype(np.float32)
    return y, active_samples(intervals, samples=samples, sr=SCENE_SR)


def _conversation(rng: np.random.Generator, split: str, samples: int) -> tuple[FloatArray, list[Interval]]:
    """Synthesise people who speak one after the other, sometimes at once, until the scene is full."""
    people = [draw(rng, speakers(split=split)) for _ in range(int(rng.integers(1, 4)))]
    distances = rng.uniform(-14, 0, len(people))
    y = np.zeros(samples, dtype=np.float32)
    intervals = list[Interval]()
    start = float(rng.exponential(1.0))
    while start < samples / SCENE_SR - 0.3:
        turn = int(rng.integers(len(people)))
        utterance, spoken = utterance_of(rng, people[turn], split)
        first = round(start * SCENE_SR)
        part = utterance[: samples - first] * 10 ** ((distances[turn] + rng.uniform(-3, 3)) / 20)
        y[first : first + part.size] += part
        intervals += clip_to(shift(spoken, start), end=samples / SCENE_SR)
        pause = rng.exponential(0.9) if rng.random() < 0.8 else rng.uniform(-0.5, 0)  # a fifth comes too early
        start = max(0.0, start + utterance.size / SCENE_SR + float(pause))
    return y, merge(intervals, gap=PAUSE)


def utterance_of(rng: np.random.Generator, speaker: Speaker, split: str) -> tuple[FloatArray, list[Interval]]:
    """Synthesise a sentence, or only its first words: a third of the utterances in conversations are that short."""
    text = sentence(rng, draw(rng, list(LANGUAGES)), split=split).text
    utterance = speaker.say(text, seed=int(rng.integers(2**31)), sr=SCENE_SR)
    if rng.random() > 0.35 or len(utterance.words) < 4:
        return utterance.y, utterance.speech
    end = utterance.words[int(rng.integers(0, 3))].end
    cut = utterance.y[: round(end * SCENE_SR)].copy()
    fade = min(400, cut.size)
    cut[cut.size - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return cut, clip_to(utterance.speech, end=end)


def _other_sounds(rng: np.random.Generator, samples: int) -> FloatArray:
    """Build a few sounds that are not speech, four on average; three of four are typical of a table."""
    y = np.zeros(samples, dtype=np.float32)
    for _ in range(int(rng.poisson(4.0))):
        synthesize = draw(rng, (knock, rumble, breath, _event))
        sound = synthesize(rng)
        first = int(rng.integers(samples))
        part = sound[: samples - first] * (10 ** (rng.uniform(-30, -8) / 20) / np.max(np.abs(sound)))
        y[first : first + part.size] += part
    return y


def knock(rng: np.random.Generator) -> FloatArray:
    """Build a short noise that decays: cups, doors, pens."""
    length = int(rng.uniform(0.005, 0.25) * SCENE_SR)
    return (rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 5))).astype(np.float32)


def rumble(rng: np.random.Generator) -> FloatArray:
    """Build noise below a few hundred hertz that comes and goes: chairs, steps, a hand on the table."""
    return _swell(rng, seconds=rng.uniform(0.1, 1.5), lowest=30.0, highest=rng.uniform(120, 600))


def breath(rng: np.random.Generator) -> FloatArray:
    """Build noise in a middle or high band that comes and goes: breath, paper, clothes."""
    lowest = rng.uniform(300, 3000)
    return _swell(rng, seconds=rng.uniform(0.1, 1.0), lowest=lowest, highest=min(7500.0, lowest * rng.uniform(2, 8)))


def _swell(rng: np.random.Generator, *, seconds: float, lowest: float, highest: float) -> FloatArray:
    length = int(seconds * SCENE_SR)
    band = scipy.signal.butter(2, [lowest, highest], "bandpass", fs=SCENE_SR, output="sos")
    noisy = scipy.signal.sosfilt(band, rng.standard_normal(length))
    swell: FloatArray = (noisy * np.hanning(length)).astype(np.float32)
    return swell


def _event(rng: np.random.Generator) -> FloatArray:
    return event(draw(rng, list(EVENTS)), rng=rng, sr=SCENE_SR, max_seconds=3.0).y


def _background(rng: np.random.Generator, seconds: float) -> FloatArray:
    """Build a background with a level that drifts by a few dB."""
    kind = draw(rng, list(BACKGROUNDS))
    if kind == "hum":
        y = hum(seconds=seconds, sr=SCENE_SR, rng=rng)
    elif kind == "keyboard":
        y = keyboard_clicks(seconds=seconds, sr=SCENE_SR, rng=rng)[0] + noise(
            "pink", seconds=seconds, sr=SCENE_SR, rng=rng, rms=0.01
        )
    elif kind == "street":
        y = street(seconds=seconds, sr=SCENE_SR, rng=rng)
    else:
        y = noise(kind, seconds=seconds, sr=SCENE_SR, rng=rng)
    drift = np.interp(np.arange(y.size), np.linspace(0, y.size, 5), rng.uniform(-3, 3, 5))
    return (y * 10 ** (drift / 20)).astype(np.float32)


def draw(rng: np.random.Generator, items: Sequence[T]) -> T:
    """Draw one of the items, all equally likely."""
    return items[int(rng.integers(len(items)))]


def training_events(*, rng: np.random.Generator, seconds: float = 10.0) -> tuple[FloatArray, list[Interval]]:
    """Build a scene of up to eight sound events, up to three at a time, and say what sounds when.

    Background, room and the ratio of each event to the background (−5 to 25 dB) are drawn at random. In one scene of
    five a person speaks and in one of ten there is music: neither is one of the events. One scene of forty is digital
    silence or a very soft hiss. The level is from −50 to −15 dB re full scale, and two scenes of five pass a channel.

    Parameters
    ----------
    rng : np.random.Generator
        Source of every random choice.
    seconds : float
        Length.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        The scene at 16 kHz, float32 in [-1, 1].
    events : list of Interval
        Each with its kind as label, sorted by start.

    Notebook: 04c_sound_events
    """
    samples = round(seconds * SCENE_SR)
    if rng.random() < 1 / 40:
        return (rng.choice([0.0, 1e-4]) * rng.standard_normal(samples)).astype(np.float32), []
    lowest = float(rng.uniform(-5, 15))
    scene = event_scene(
        rng=rng,
        seconds=seconds,
        sr=SCENE_SR,
        events=int(rng.integers(0, 9)),
        snr_db=(lowest, lowest + 10),
        background=draw(rng, (*COLORS, "street")),
        rt60=float(rng.uniform(0.1, 0.8)) if rng.random() < 0.5 else None,
        polyphony=int(rng.integers(1, 4)),
    )
    y: FloatArray = scene.y + _distractor(rng, samples, rms=float(np.sqrt(np.mean(np.square(scene.y)))))
    if rng.random() < 0.4:
        y = apply_channel(y * 0.9 / np.max(np.abs(y)), draw(rng, CHANNELS), sr=SCENE_SR, rng=rng)
    level = 10 ** (rng.uniform(-50, -15) / 20)
    return np.clip(y * level / np.sqrt(np.mean(np.square(y))), -1, 1).astype(np.float32), scene.events


def _distractor(rng: np.random.Generator, samples: int, *, rms: float) -> FloatArray:
    """Build a sound that is none of the events: a sentence, music, or nothing in seven scenes of ten."""
    kind = rng.random()
    if kind < 0.2:
        sound, _ = utterance_of(rng, draw(rng, speakers(split="train")), "train")
    elif kind < 0.3:
        sound = genre_clip(draw(rng, GENRES), rng=rng, seconds=6.0, sr=SCENE_SR).y
    else:
        return np.zeros(samples, dtype=np.float32)
    y = np.zeros(samples, dtype=np.float32)
    first = int(rng.integers(samples))
    part = sound[: samples - first]
    gain = rms * 10 ** (rng.uniform(-12, 6) / 20) / np.sqrt(np.mean(np.square(sound)))
    y[first : first + part.size] = gain * part
    return y


def training_digit(*, rng: np.random.Generator, split: str = "train") -> tuple[FloatArray, int]:
    """Synthesise a digit, spoken alone in English, and return it with its label.

    People speak isolated digits slowly, in 0.41 to 0.55 s; espeak-ng's digits last 0.28 to 0.47 s. So the rate is on
    average a quarter lower than the speaker's own, and varies widely, as do pitch and vocal tract.

    Parameters
    ----------
    rng : np.random.Generator
        Source of every random choice.
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
    utterance = _draw_speaker(rng, split).say(digit_names("en")[digit], seed=int(rng.integers(2**31)), sr=DIGIT_SR)
    y = augment(utterance.y, sr=DIGIT_SR, rng=rng, share=0.5, speed=(0.8, 1.25), rt60=(0.1, 0.5), snr_db=(5, 30)).y
    return y, digit


def in_quiet(y: FloatArray, *, rng: np.random.Generator) -> FloatArray:
    """Add the soft noise of a quiet room to a word, and a little of it before and after.

    espeak-ng's silence is exactly 0, but that of a microphone never is.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The word, at 8 kHz.
    rng : np.random.Generator
        Source of every random choice.

    Returns
    -------
    np.ndarray [shape=(more_samples,)]
        Up to 80 ms before and 120 ms after the word are new; the noise is white, −70 to −45 dB re full scale.

    Notebook: 00b_the_sounds
    """
    longer = np.pad(y, (int(rng.uniform(0, 0.08) * DIGIT_SR), int(rng.uniform(0, 0.12) * DIGIT_SR)))
    quiet = rng.standard_normal(longer.size) * 10 ** (rng.uniform(-70, -45) / 20)
    return (longer + quiet).astype(np.float32)


def _draw_speaker(rng: np.random.Generator, split: str) -> Speaker:
    """Draw a person, and change accent, vocal tract, pitch, pitch range and rate.

    Half of the training speakers get another timbre, because 22 timbres are too few to generalise from.
    """
    people = speakers("en", split=split)
    speaker = people[int(rng.integers(len(people)))]
    timbre = speaker.voice.partition("+")[2]
    pitch = speaker.pitch
    if split == "train" and rng.random() < 0.5:
        timbre = training_timbres()[int(rng.integers(len(training_timbres())))]
        pitch = 50.0
    return replace(
        speaker,
        voice=f"{ACCENTS[int(rng.integers(len(ACCENTS)))]}+{timbre}",
        tract=float(np.clip(speaker.tract * np.exp(rng.normal(0, 0.06)), 0.8, 1.25)),
        pitch=float(np.clip(pitch + rng.normal(0, 12), 5, 92)),
        pitch_range=float(np.clip(speaker.pitch_range + rng.normal(0, 15), 5, 90)),
        rate=float(np.clip(speaker.rate * np.exp(rng.normal(-0.3, 0.25)), 110, 260)),
    )


@cache
def training_timbres() -> tuple[str, ...]:
    """List the timbres of espeak-ng, except robots, whispers and those of the validation and test speakers."""
    held_out = {speaker.voice.partition("+")[2] for speaker in speakers("en") if speaker.split != "train"}
    return tuple(name for name in variant_names() if name not in held_out and not name.startswith(UNNATURAL_TIMBRES))
