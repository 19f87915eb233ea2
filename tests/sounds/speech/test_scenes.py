"""Scenes: the truth is exact, the ratio is right, and the seed decides everything."""

from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import BoolArray
from audiocourse.sounds import NOISES, Scene, active_samples, merge, say, speech_with_pauses, total_duration
from audiocourse.sounds.speech.scene_texts import SCENE_SENTENCES, SCENE_VOICES

PROGRAM = """
import numpy as np
from hashlib import sha256
from audiocourse.sounds import speech_with_pauses
scene = speech_with_pauses(rng=np.random.default_rng(3), seconds=4, noise="babble", rt60=0.3, voices=["en-us+caleb"])
print(sha256(scene.y.tobytes() + repr(scene.words).encode()).hexdigest())
"""

SEEDS = pytest.mark.parametrize("seed", range(4))


def scene_of(seed: int, **settings: Any) -> Scene:
    return speech_with_pauses(rng=np.random.default_rng(seed), **settings)


def mask_of(scene: Scene) -> BoolArray:
    return active_samples(scene.speech, samples=scene.y.size, sr=scene.sr)


@SEEDS
def test_clean_is_silent_outside_speech(seed: int) -> None:
    scene = scene_of(seed, noise="none")
    active = mask_of(scene)
    around = np.convolve(active, np.ones(2 * 80 + 1), mode="same") > 0.5
    # from 22050 to 16000 Hz the resampler rings for about 5 ms around an onset: −100 dB beyond that
    assert np.max(np.abs(scene.clean[~around])) < 1e-5
    assert np.sqrt(np.mean(scene.clean[active] ** 2)) > 0.04


@SEEDS
def test_clean_is_exactly_silent_where_nothing_was_resampled(seed: int) -> None:
    scene = scene_of(seed, sr=22_050, noise="none")
    active = mask_of(scene)
    # times of a sentence are shifted by whole samples, but the ends of its phones may be rounded to the next one
    around = np.convolve(active, np.ones(3), mode="same") > 0.5
    assert not np.any(scene.clean[~around])


@pytest.mark.parametrize("sentence", SCENE_SENTENCES)
def test_every_sentence_is_silent_outside_its_speech(sentence: str) -> None:
    one = say(sentence, voice=SCENE_VOICES[len(sentence) % len(SCENE_VOICES)], sr=22_050)
    assert not np.any(one.y[~active_samples(one.speech, samples=one.y.size, sr=one.sr)])


@SEEDS
def test_there_is_sound_in_every_stretch_of_speech(seed: int) -> None:
    scene = scene_of(seed)
    for part in scene.speech:
        begin, end = round(part.start * scene.sr), round(part.end * scene.sr)
        assert np.max(np.abs(scene.clean[begin:end])) > 0.01


@SEEDS
def test_pauses(seed: int) -> None:
    scene = scene_of(seed, seconds=20)
    assert 1 <= scene.speech[0].start <= 1.5
    assert all(a.end < b.start for a, b in pairwise(scene.speech))
    long = [b.start - a.end for a, b in pairwise(scene.speech) if b.start - a.end >= 0.3]
    assert len(long) >= len(scene.voices) - 1
    assert max(long) <= 1.5 + 1e-9
    assert 0.3 < total_duration(scene.speech) / 20 < 0.9


@SEEDS
@pytest.mark.parametrize("seconds", [2, 7.3])
def test_truth_ends_with_the_scene(seed: int, seconds: float) -> None:
    scene = scene_of(seed, seconds=seconds)
    assert scene.y.size == round(seconds * scene.sr)
    assert scene.words
    assert max(one.end for one in [*scene.words, *scene.speech]) <= scene.y.size / scene.sr
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(scene.words))
    assert total_duration(merge([*scene.speech, *scene.words], gap=0.05)) == pytest.approx(
        total_duration(scene.speech), abs=1e-6
    )


@pytest.mark.parametrize("noise", [name for name in NOISES if name != "none"])
@pytest.mark.parametrize("snr_db", [-5.0, 10.0])
def test_ratio_over_speech(noise: str, snr_db: float) -> None:
    scene = scene_of(2, seconds=5, noise=noise, snr_db=snr_db)
    active = mask_of(scene)
    power = [np.mean(np.square(y[active], dtype=np.float64)) for y in (scene.clean, scene.noise)]
    assert 10 * np.log10(power[0] / power[1]) == pytest.approx(snr_db, abs=0.01)
    assert scene.snr_db == snr_db
    assert np.array_equal(scene.y, scene.clean + scene.noise)
    assert np.max(np.abs(scene.y)) <= 1
    assert np.any(scene.noise[: scene.sr])


@pytest.mark.parametrize("rt60", [None, 0.5])
def test_the_level_of_speech(rt60: float | None, level_db: Any) -> None:
    scene = scene_of(4, rt60=rt60)
    assert level_db(scene.clean[mask_of(scene)]) == pytest.approx(-26, abs=0.01)


def test_no_noise() -> None:
    scene = scene_of(5, noise="none")
    assert np.array_equal(scene.y, scene.clean)
    assert not scene.noise.any()
    assert scene.snr_db == np.inf


def test_the_seed_decides() -> None:
    first, again, other = (scene_of(seed, seconds=4) for seed in (1, 1, 2))
    assert np.array_equal(first.y, again.y)
    assert (first.speech, first.words, first.voices) == (again.speech, again.words, again.voices)
    assert not np.array_equal(first.y, other.y)


def test_another_process_makes_the_same(fresh_python: Callable[[str], str]) -> None:
    scene = scene_of(3, seconds=4, noise="babble", rt60=0.3, voices=["en-us+caleb"])
    assert sha256(scene.y.tobytes() + repr(scene.words).encode()).hexdigest() == fresh_python(PROGRAM)


def test_the_same_sentences_in_any_noise_and_room() -> None:
    scenes = [scene_of(6, noise=noise, rt60=rt60) for noise, rt60 in (("pink", None), ("babble", None), ("hum", 0.4))]
    assert scenes[0].words == scenes[1].words == scenes[2].words
    assert np.array_equal(scenes[0].clean, scenes[1].clean)


def test_one_generator_makes_different_scenes(rng: np.random.Generator) -> None:
    assert speech_with_pauses(rng=rng, seconds=4).words != speech_with_pauses(rng=rng, seconds=4).words


def test_a_room_rings_on(level_db: Any) -> None:
    dry, wet = scene_of(7, noise="none"), scene_of(7, noise="none", rt60=0.8)
    assert dry.speech == wet.speech
    after = slice(round(dry.speech[0].end * dry.sr) + 200, round(dry.speech[1].start * dry.sr) - 200)
    assert level_db(wet.clean[after]) > level_db(dry.clean[after]) + 40


def test_the_voices_asked_for() -> None:
    assert set(scene_of(8, seconds=20).voices) <= set(SCENE_VOICES)
    only = scene_of(8, voices=("en-us+f2", "de"))
    assert set(only.voices) <= {"en-us+f2", "de"}
    assert len(only.voices) == len(scene_of(8).voices) or len(only.voices) > 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"noise": "grey"}, ("'grey'", "babble")),
        ({"noise": None}, ("None",)),
        ({"seconds": 1.9}, ("seconds", "2")),
        ({"seconds": -1}, ("seconds",)),
        ({"seconds": float("nan")}, ("seconds",)),
        ({"sr": 0}, ("sr",)),
        ({"snr_db": float("nan")}, ("snr_db",)),
        ({"voices": []}, ("voices",)),
        ({"voices": "en-us"}, ("voices", "list")),
        ({"voices": ["en-us+nobody"]}, ("variant 'nobody'",)),
        ({"rt60": -1}, ("rt60",)),
        ({"rng": 5}, ("default_rng",)),
    ],
)
def test_refusals(settings: Any, words: tuple[str, ...], refuses: Any, rng: np.random.Generator) -> None:
    with refuses(*words):
        speech_with_pauses(**{"rng": rng, **settings})
