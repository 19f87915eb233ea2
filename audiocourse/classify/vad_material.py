"""What `vad-mini` learns from: made scenes with speech, other sounds, rooms, noises and microphones, and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import scipy.signal

from audiocourse.signal import BoolArray, FloatArray
from audiocourse.sounds import (
    COLORS,
    EVENTS,
    LANGUAGES,
    Interval,
    Speaker,
    active_samples,
    apply_channel,
    event,
    hum,
    keyboard_clicks,
    merge,
    mix,
    noise,
    reverberate,
    room_impulse_response,
    sentence,
    speakers,
    street,
)

T = TypeVar("T")
SR = 16_000
PAUSE = 0.25  # seconds: people who annotate speech do not mark shorter ones
CHANNELS = ("microphone", "telephone", "narrowband", "small_speaker", "clipping", "mu_law", "gsm")
BACKGROUNDS = (*COLORS, "hum", "keyboard", "street")


def training_scene(
    *, rng: np.random.Generator, split: str = "train", seconds: float = 8.0
) -> tuple[FloatArray, BoolArray]:
    """Make a scene, and say of each sample whether somebody speaks.

    One to three people in any of nine languages, some nearer than others; one scene in twelve is without speech. Other
    sounds, a room, a background and a microphone come by chance; the level is anything from −50 to −15 dB.

    Parameters
    ----------
    rng : np.random.Generator
        Where chance comes from.
    split : {"train", "validation", "test"}
        Which people speak, and which sentences.
    seconds : float
        Length.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        The scene at 16 kHz, float32 in [-1, 1].
    active : np.ndarray [shape=(samples,)]
        Bool. A room lets speech ring on; that does not count.

    Notebook: ex05_vad
    """
    samples = round(seconds * SR)
    quiet = rng.random() < 1 / 12
    talk, spoken = (np.zeros(samples, np.float32), []) if quiet else _conversation(rng, split, samples)
    y: FloatArray = talk + _other_sounds(rng, samples)
    if np.any(y) and rng.random() < 0.75:
        echo = room_impulse_response(
            rt60=rng.uniform(0.15, 0.9), sr=SR, rng=rng, direct_to_reverberant_db=rng.uniform(-6, 10)
        )
        y = reverberate(y, echo)[:samples]
    background = _background(rng, seconds)[:samples]
    y = mix(y, background, snr_db=float(rng.uniform(-2, 30))).y if np.any(y) else background
    if rng.random() < 0.4:
        y = apply_channel(y * 0.9 / np.max(np.abs(y)), CHANNELS[int(rng.integers(len(CHANNELS)))], sr=SR, rng=rng)
    level = 10 ** (rng.uniform(-50, -15) / 20)
    y = np.clip(y * level / np.sqrt(np.mean(np.square(y))), -1, 1).astype(np.float32)
    return y, active_samples(spoken, samples=samples, sr=SR)


def _conversation(rng: np.random.Generator, split: str, samples: int) -> tuple[FloatArray, list[Interval]]:
    """Let people speak one after the other, sometimes at once, until the scene is full."""
    people = [_drawn(rng, speakers(split=split)) for _ in range(int(rng.integers(1, 4)))]
    distances = rng.uniform(-14, 0, len(people))
    y = np.zeros(samples, dtype=np.float32)
    spoken = list[Interval]()
    start = float(rng.exponential(1.0))
    while start < samples / SR - 0.3:
        who = int(rng.integers(len(people)))
        words, heard = _utterance(rng, people[who], split)
        first = round(start * SR)
        part = words[: samples - first] * 10 ** ((distances[who] + rng.uniform(-3, 3)) / 20)
        y[first : first + part.size] += part
        end = samples / SR
        spoken += [Interval(start + one.start, min(start + one.end, end)) for one in heard if start + one.start < end]
        pause = rng.exponential(0.9) if rng.random() < 0.8 else rng.uniform(-0.5, 0)  # a fifth comes too early
        start = max(0.0, start + words.size / SR + float(pause))
    return y, merge(spoken, gap=PAUSE)


def _utterance(rng: np.random.Generator, who: Speaker, split: str) -> tuple[FloatArray, list[Interval]]:
    """Let somebody say a sentence, or only its first words: a third of what people say in talks is that short."""
    text = sentence(rng, _drawn(rng, list(LANGUAGES)), split=split).text
    said = who.say(text, seed=int(rng.integers(2**31)), sr=SR)
    if rng.random() > 0.35 or len(said.words) < 4:
        return said.y, said.speech
    end = said.words[int(rng.integers(0, 3))].end
    cut = said.y[: round(end * SR)].copy()
    fade = min(400, cut.size)
    cut[cut.size - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return cut, [Interval(one.start, min(one.end, end)) for one in said.speech if one.start < end]


def _other_sounds(rng: np.random.Generator, samples: int) -> FloatArray:
    """Make a few sounds that are no speech, four on average: three of four are what happens on a table."""
    y = np.zeros(samples, dtype=np.float32)
    for _ in range(int(rng.poisson(4.0))):
        make = _drawn(rng, (_knock, _rumble, _breath, _event))
        sound = make(rng)
        first = int(rng.integers(samples))
        part = sound[: samples - first] * (10 ** (rng.uniform(-30, -8) / 20) / np.max(np.abs(sound)))
        y[first : first + part.size] += part
    return y


def _knock(rng: np.random.Generator) -> FloatArray:
    """Make a short noise that dies away: cups, doors, pens."""
    length = int(rng.uniform(0.005, 0.25) * SR)
    return (rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 5))).astype(np.float32)


def _rumble(rng: np.random.Generator) -> FloatArray:
    """Make noise below a few hundred hertz that comes and goes: chairs, steps, a hand on the table."""
    return _swell(rng, seconds=rng.uniform(0.1, 1.5), lowest=30.0, highest=rng.uniform(120, 600))


def _breath(rng: np.random.Generator) -> FloatArray:
    """Make noise in a band of the middle or above that comes and goes: breath, paper, clothes."""
    lowest = rng.uniform(300, 3000)
    return _swell(rng, seconds=rng.uniform(0.1, 1.0), lowest=lowest, highest=min(7500.0, lowest * rng.uniform(2, 8)))


def _swell(rng: np.random.Generator, *, seconds: float, lowest: float, highest: float) -> FloatArray:
    length = int(seconds * SR)
    band = scipy.signal.butter(2, [lowest, highest], "bandpass", fs=SR, output="sos")
    noisy = scipy.signal.sosfilt(band, rng.standard_normal(length))
    swell: FloatArray = (noisy * np.hanning(length)).astype(np.float32)
    return swell


def _event(rng: np.random.Generator) -> FloatArray:
    return event(_drawn(rng, list(EVENTS)), rng=rng, sr=SR, max_seconds=3.0).y


def _background(rng: np.random.Generator, seconds: float) -> FloatArray:
    """Make a background whose level drifts by a few dB."""
    kind = _drawn(rng, list(BACKGROUNDS))
    if kind == "hum":
        y = hum(seconds=seconds, sr=SR, rng=rng)
    elif kind == "keyboard":
        y = keyboard_clicks(seconds=seconds, sr=SR, rng=rng)[0] + noise(
            "pink", seconds=seconds, sr=SR, rng=rng, rms=0.01
        )
    elif kind == "street":
        y = street(seconds=seconds, sr=SR, rng=rng)
    else:
        y = noise(kind, seconds=seconds, sr=SR, rng=rng)
    drift = np.interp(np.arange(y.size), np.linspace(0, y.size, 5), rng.uniform(-3, 3, 5))
    return (y * 10 ** (drift / 20)).astype(np.float32)


def _drawn(rng: np.random.Generator, items: Sequence[T]) -> T:
    return items[int(rng.integers(len(items)))]
