"""Synthetic clips for tagging, on which `yamnet-mini` is trained: up to two of twelve kinds of sound in each."""

from __future__ import annotations

from functools import partial

import numpy as np

from audiocourse.classify.clips import CHANNELS, SCENE_SR, breath, draw, knock, rumble, utterance_of
from audiocourse.intervals import Interval, active_samples
from audiocourse.signal import FloatArray
from audiocourse.sounds import (
    COLORS,
    EVENTS,
    GENRES,
    apply_channel,
    event,
    gain_for_snr,
    genre_clip,
    noise,
    reverberate,
    room_impulse_response,
    speakers,
    street,
)

TAGS = (*EVENTS, "speech", "music")


def tagged_clip(
    *, rng: np.random.Generator, split: str = "train", seconds: float = 3.0
) -> tuple[FloatArray, list[Interval]]:
    """Build a clip with no, one or two kinds of sound, and say when each is audible.

    Each sound is drawn anew, is somewhere in a room half of the time, and is −5 to 30 dB louder than the background
    while it is audible. One clip in six has no background, one in seven no sound but the background and a few knocks
    and rumbles. Two in five pass through a microphone, a telephone or a codec.

    Parameters
    ----------
    rng : np.random.Generator
        Source of every random choice.
    split : {"train", "validation", "test"}
        Which people speak, and which sentences; the other sounds follow from ``rng`` alone.
    seconds : float
        Length, at least 1.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        The clip at 16 kHz, float32 in [-1, 1], at −40 to −10 dB re full scale.
    intervals : list of Interval
        When each sound is audible, with one of `TAGS` as its label. Reverberation after its end does not count.

    Notebook: 04b_audio_tagging
    """
    samples = round(seconds * SCENE_SR)
    background = _clip_background(rng, seconds)[:samples]
    y = background if rng.random() < 5 / 6 else np.zeros(samples, np.float32)
    intervals = list[Interval]()
    for number in rng.permutation(len(TAGS))[: int(rng.choice(3, p=(1 / 7, 4 / 7, 2 / 7)))]:
        sound, audible = _tagged_sound(rng, TAGS[number], split, seconds)
        active = active_samples(audible, samples=samples, sr=SCENE_SR)
        if not np.any(sound[active]):
            continue
        y = y + sound / gain_for_snr(sound[active], background, snr_db=float(rng.uniform(-5, 30)))
        intervals += audible
    if np.any(y) and rng.random() < 0.4:
        y = apply_channel(y * 0.9 / np.max(np.abs(y)), CHANNELS[int(rng.integers(len(CHANNELS)))], sr=SCENE_SR, rng=rng)
    level = 10 ** (rng.uniform(-40, -10) / 20)
    if np.any(y):
        y = np.clip(y * level / np.sqrt(np.mean(np.square(y))), -1, 1)
    return y.astype(np.float32), intervals


def _clip_background(rng: np.random.Generator, seconds: float) -> FloatArray:
    """Build noise or a street, with a knock, a rumble or a breath now and then."""
    kind = draw(rng, (*COLORS, "street"))
    build = street if kind == "street" else partial(noise, kind)
    y = build(seconds=seconds, sr=SCENE_SR, rng=rng)
    level = float(np.sqrt(np.mean(np.square(y))))
    for _ in range(int(rng.poisson(0.7))):
        sound = draw(rng, (knock, rumble, breath))(rng)[: y.size]
        first = int(rng.integers(y.size - sound.size + 1))
        y[first : first + sound.size] += sound * level * rng.uniform(1, 10) / np.max(np.abs(sound))
    return y


def _tagged_sound(rng: np.random.Generator, kind: str, split: str, seconds: float) -> tuple[FloatArray, list[Interval]]:
    """Synthesise a sound of one of `TAGS` at a random time, half of the time in a room; and say when it is audible."""
    if kind == "speech":
        y, audible = utterance_of(rng, draw(rng, speakers(split=split)), split)
    elif kind == "music":
        y = genre_clip(draw(rng, GENRES), rng=rng, seconds=seconds, sr=SCENE_SR).y
        audible = [Interval(0.0, seconds)]
    else:
        drawn = event(kind, rng=rng, sr=SCENE_SR, max_seconds=float(rng.uniform(1.0, 6.0)))
        y = drawn.y
        audible = drawn.parts
    # the beginning of a short sound, or what is cut off a long one, is drawn
    samples = round(seconds * SCENE_SR)
    spare = samples - y.size
    first = int(rng.integers(min(0, spare), max(0, spare) + 1))
    y = np.pad(y[max(0, -first) :][:samples], (max(0, first), max(0, spare - first)))[:samples]
    if rng.random() < 0.5:
        y = reverberate(y, room_impulse_response(rt60=rng.uniform(0.15, 0.9), sr=SCENE_SR, rng=rng))[:samples]
    times = [(part.start + first / SCENE_SR, part.end + first / SCENE_SR) for part in audible]
    inside = [(max(0.0, start), min(seconds, end)) for start, end in times]
    return y, [Interval(start, end, kind) for start, end in inside if start < end]
