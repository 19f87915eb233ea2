"""Scenes of events: tracks add up, every ratio is the one stated, the truth holds."""

from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from audiocourse.sounds import active_samples
from audiocourse.sounds.events.kinds import EVENTS
from audiocourse.sounds.events.scenes import BACKGROUNDS, EventScene, event_scene

PROGRAM = """
import numpy as np
from hashlib import sha256
from audiocourse.sounds.events.scenes import event_scene
scene = event_scene(rng=np.random.default_rng(3), seconds=4, events=3, background="street", rt60=0.3)
print(sha256(scene.y.tobytes() + repr((scene.events, scene.parts, scene.snr_db)).encode()).hexdigest())
"""

SEEDS = pytest.mark.parametrize("seed", range(3))


def scene_of(seed: int, **settings: Any) -> EventScene:
    return event_scene(rng=np.random.default_rng(seed), **settings)


def own_parts(scene: EventScene, index: int) -> np.ndarray:
    """The samples in which one event is heard; two of one kind never overlap, so its label finds its parts."""
    whole = scene.events[index]
    parts = [part for part in scene.parts if part.label == whole.label and whole.start <= part.start < whole.end]
    return active_samples(parts, samples=scene.y.size, sr=scene.sr)


@SEEDS
@pytest.mark.parametrize("rt60", [None, 0.4])
def test_tracks_add_up_to_the_scene(seed: int, rt60: float | None) -> None:
    scene = scene_of(seed, rt60=rt60, snr_db=30.0)
    assert scene.tracks.shape == (len(scene.events), scene.y.size) == (4, 160_000)
    assert scene.y.dtype == scene.tracks.dtype == np.float32
    assert np.array_equal(scene.clean, scene.tracks.sum(axis=0))
    assert np.array_equal(scene.y, scene.clean + scene.noise)
    assert np.max(np.abs(scene.y)) <= 1
    assert scene.gain < 1


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_every_event_has_its_ratio(background: str) -> None:
    scene = scene_of(5, seconds=6, events=3, background=background, snr_db=(-5.0, 15.0), rt60=0.3)
    assert len(set(scene.snr_db)) == 3
    for index, ratio in enumerate(scene.snr_db):
        active = own_parts(scene, index)
        power = [np.mean(np.square(y[active], dtype=np.float64)) for y in (scene.tracks[index], scene.noise)]
        assert -5 <= ratio <= 15
        assert 10 * np.log10(power[0] / power[1]) == pytest.approx(ratio, abs=0.01)


@SEEDS
def test_a_dry_event_is_heard_where_the_truth_says(seed: int) -> None:
    scene = scene_of(seed)
    for index, whole in enumerate(scene.events):
        track, inside = np.abs(scene.tracks[index]), own_parts(scene, index)
        assert np.max(track[~inside]) <= 0.0101 * np.max(track)
        begin, end = round(whole.start * scene.sr), round(whole.end * scene.sr)
        assert np.max(track[begin : begin + 400]) > 0.0099 * np.max(track)
        assert track[end - 1] > 0.0099 * np.max(track)


@SEEDS
@pytest.mark.parametrize("polyphony", [1, 2])
def test_no_more_at_once_than_asked_for(seed: int, polyphony: int) -> None:
    scene = scene_of(seed, seconds=20, events=8, polyphony=polyphony, snr_db=10)
    at_once = np.sum(np.abs(scene.tracks) > 0, axis=0)
    assert at_once.max() == polyphony
    assert [one.start for one in scene.events] == sorted(one.start for one in scene.events)
    assert [one.start for one in scene.parts] == sorted(one.start for one in scene.parts)
    assert all(0 <= one.start < one.end <= 20 for one in scene.events)
    for kind in {one.label for one in scene.events}:
        same = [one for one in scene.events if one.label == kind]
        assert all(b.start - a.end >= 0.28 for a, b in pairwise(same))  # 0.3 s on a grid of 10 ms


def test_events_of_one_kind_keep_apart_and_others_may_still_overlap() -> None:
    overlaps = 0
    for seed in range(4):
        scene = scene_of(seed, seconds=30, events=10, kinds=["dog_bark", "rain"], same_kind_gap=1.5)
        for kind in {one.label for one in scene.events}:
            same = [one for one in scene.events if one.label == kind]
            assert all(b.start - a.end >= 1.48 for a, b in pairwise(same))
        overlaps += sum(b.start < a.end for a, b in pairwise(scene.events))
    assert overlaps > 0, "a gap after a dog is no time at which it rains less"


def test_the_same_events_in_any_background_room_and_ratio() -> None:
    scenes = [
        scene_of(6, seconds=5, background=name, rt60=rt60, snr_db=ratio)
        for name, rt60, ratio in (("pink", None, 0.0), ("street", 0.5, 10.0), ("babble", None, (0.0, 20.0)))
    ]
    assert scenes[0].events == scenes[1].events == scenes[2].events
    assert scenes[0].parts == scenes[1].parts == scenes[2].parts


def test_the_seed_decides() -> None:
    first, again, other = (scene_of(seed, seconds=4, events=2) for seed in (1, 1, 2))
    assert np.array_equal(first.y, again.y)
    assert first.events == again.events != other.events


def test_another_process_makes_the_same(fresh_python: Callable[[str], str]) -> None:
    scene = scene_of(3, seconds=4, events=3, background="street", rt60=0.3)
    ours = scene.y.tobytes() + repr((scene.events, scene.parts, scene.snr_db)).encode()
    assert sha256(ours).hexdigest() == fresh_python(PROGRAM)


def test_a_scene_without_events() -> None:
    scene = scene_of(1, events=0, seconds=2)
    assert scene.events == scene.parts == scene.snr_db == []
    assert scene.tracks.shape == (0, 32_000)
    assert not scene.clean.any()
    assert np.array_equal(scene.y, scene.noise)


def test_a_crowded_scene_finds_room_or_says_so(refuses: Any) -> None:
    for seed in range(3):
        assert len(scene_of(seed, events=8).events) == 8
    with refuses("5 events", "polyphony"):
        scene_of(1, seconds=2, events=5, kinds=["rain"])


def test_only_the_kinds_asked_for() -> None:
    labels = {one.label for seed in range(3) for one in scene_of(seed, kinds=("gunshot", "glass_break")).events}
    assert labels == {"gunshot", "glass_break"}
    assert {one.label for seed in range(4) for one in scene_of(seed, seconds=30, events=15).events} == set(EVENTS)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rng": 5}, ("default_rng",)),
        ({"seconds": 1.9}, ("seconds", "2")),
        ({"seconds": 121}, ("seconds", "120")),
        ({"sr": 0}, ("sr",)),
        ({"sr": 4000}, ("sr", "8000")),
        ({"events": -1}, ("events",)),
        ({"events": 2.0}, ("events",)),
        ({"events": 51}, ("events", "50")),
        ({"kinds": "siren"}, ("kinds", "list")),
        ({"kinds": []}, ("kinds",)),
        ({"kinds": ["meow"]}, ("'meow'",)),
        ({"snr_db": (0, 10, 20)}, ("snr_db", "pair")),
        ({"snr_db": (10, 0)}, ("snr_db", "upper")),
        ({"snr_db": float("nan")}, ("snr_db",)),
        ({"background": "grey"}, ("'grey'", "street")),
        ({"rt60": -1, "events": 0}, ("rt60",)),
        ({"polyphony": 0}, ("polyphony",)),
    ],
)
def test_refusals(settings: Any, words: tuple[str, ...], refuses: Any, rng: np.random.Generator) -> None:
    with refuses(*words):
        event_scene(**{"rng": rng, **settings})
