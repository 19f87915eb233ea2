"""Speed of everything that makes sound: seconds of audio for each second of one processor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np

from audiocourse import sounds
from audiocourse.sounds.acoustics.channels import CHANNELS, apply_channel, augment
from audiocourse.sounds.events.kinds import EVENTS, event
from audiocourse.sounds.events.scenes import event_scene
from audiocourse.sounds.speech.dialogues import dialogue
from audiocourse.sounds.speech.emotions import EMOTIONS, emotional
from audiocourse.sounds.speech.speakers import speaker, speakers
from audiocourse.sounds.speech.texts import sentence

SR = 16_000
SECONDS = 0.5  # of processor time for each maker
Maker = Callable[[np.random.Generator], float]  # makes one item and returns how many seconds it lasts


def _spoken(rng: np.random.Generator) -> float:
    people = speakers("en")
    one = people[int(rng.integers(len(people)))]
    return one.say(sentence(rng).text, seed=int(rng.integers(1000))).y.size / SR


def _felt(rng: np.random.Generator) -> float:
    name = tuple(EMOTIONS)[int(rng.integers(len(EMOTIONS)))]
    return emotional(sentence(rng).text, name, speaker=speaker("wren-1", "en")).y.size / SR


def _scene(rng: np.random.Generator, noise: str) -> float:
    return sounds.speech_with_pauses(rng=rng, seconds=10, noise=noise).y.size / SR


def _events(rng: np.random.Generator) -> float:
    return event_scene(rng=rng, background="street", rt60=0.4).y.size / SR


def _through(channel: str) -> Maker:
    y = speaker("wren-1", "en").say("The children are building a castle from boxes in the garden.").y

    def send(rng: np.random.Generator) -> float:
        return apply_channel(y, channel, sr=SR, rng=rng).size / SR

    return send


def _augmented() -> Maker:
    y = speaker("wren-1", "en").say("The children are building a castle from boxes in the garden.").y

    def make(rng: np.random.Generator) -> float:
        return augment(y, sr=SR, rng=rng).y.size / SR

    return make


MAKERS: dict[str, Callable[[], Maker]] = {
    "say": lambda: lambda rng: sounds.say(sentence(rng).text, sr=SR).y.size / SR,
    "Speaker.say": lambda: _spoken,
    "emotional": lambda: _felt,
    "dialogue": lambda: lambda rng: dialogue(rng=rng, speakers=speakers("en")[:3], turns=6).y.size / SR,
    "speech_with_pauses, pink noise": lambda: lambda rng: _scene(rng, "pink"),
    "speech_with_pauses, babble": lambda: lambda rng: _scene(rng, "babble"),
    "noise": lambda: lambda rng: sounds.noise("pink", seconds=10, sr=SR, rng=rng).size / SR,
    "babble": lambda: lambda rng: sounds.babble(seconds=10, sr=SR, rng=rng).size / SR,
    "drum_loop": lambda: lambda rng: sounds.drum_loop(120, bars=4, sr=SR, rng=rng).y.size / SR,
    "augment": _augmented,
    "event_scene": lambda: lambda rng: event_scene(rng=rng, background="pink").y.size / SR,
    "event_scene, with a room, street": lambda: _events,
    **{f"event {kind}": (lambda kind=kind: lambda rng: event(kind, rng=rng, sr=SR).y.size / SR) for kind in EVENTS},
    **{f"through {name}": (lambda name=name: _through(name)) for name in CHANNELS},
}


def times_real_time(maker: Maker, *, seconds: float) -> float:
    """Make items for a while, after one that warms up: seconds of audio for each second of processor time."""
    maker(np.random.default_rng(0))
    begin, made = time.process_time(), 0.0
    for seed in count(1):
        made += maker(np.random.default_rng(seed))
        taken = time.process_time() - begin
        if taken > seconds:
            return made / taken
    raise AssertionError("count() does not end")


def tables(data: Path | None = None) -> Iterator[str]:  # noqa: ARG001 (every board takes the folder of real recordings)
    """Yield the table of all makers."""
    lines = [f"Makers of sound, at {SR} Hz, one thread", f"{'maker':<32} seconds of audio per CPU second"]
    for name, prepare in MAKERS.items():
        lines.append(f"{name:<32} {times_real_time(prepare(), seconds=SECONDS):8.0f}")
    yield "\n".join(lines)
