"""The clips of chapter 4b: complete, repeatable, as loud as stated, and not separable by their level."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse import AudioCourseError
from audiocourse.classify.practice.tagging_clips import (
    INSTRUMENTS,
    LEVEL_DB,
    SAMPLES,
    Clips,
    event_clips,
    instrument_clips,
    rain_segments,
    unknown_sounds,
)
from audiocourse.sounds import EVENTS


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def clips() -> Clips:
    return event_clips(dict.fromkeys(EVENTS, 1), rng=rng())


def level_db(y: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.mean(np.square(y, dtype=np.float64), axis=-1))


def test_every_kind_has_its_clips(clips: Clips) -> None:
    assert clips.labels.tolist() == list(range(10))
    assert clips.y.shape == (10, SAMPLES)
    assert clips.log_mel.shape == (10, 64, 101)
    assert clips.statistics.shape == (10, 128)


def test_levels_are_spread_over_their_range(clips: Clips) -> None:
    levels = level_db(clips.y)
    assert levels.min() > LEVEL_DB[0] - 1  # clipped peaks may take a little
    assert levels.max() < LEVEL_DB[1] + 0.1
    assert np.ptp(levels) > 5


def test_the_same_seed_gives_the_same_clips_and_another_seed_others() -> None:
    first, again, other = (event_clips({"dog_bark": 1}, rng=rng(seed)).y for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_tones_of_instruments_are_clips_too() -> None:
    tones = instrument_clips(1, rng=rng())
    assert tones.labels.tolist() == list(range(len(INSTRUMENTS)))
    assert tones.y.shape == (len(INSTRUMENTS), SAMPLES)


def test_unknown_sounds_are_none_of_the_ten_kinds() -> None:
    sounds = unknown_sounds(rng=rng())
    assert len(sounds) == 5
    assert not set(sounds) & set(EVENTS)
    assert all(y.shape == (SAMPLES,) and np.isfinite(y).all() for y in sounds.values())


def test_segments_of_a_recording_of_rain_resemble_each_other_more_than_others() -> None:
    statistics, recording = rain_segments(3, segments=3, rng=rng())
    assert recording.tolist() == np.repeat(np.arange(3), 3).tolist()
    x = (statistics - statistics.mean(axis=0)) / statistics.std(axis=0)
    distances = np.square(x[:, None] - x[None]).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    assert np.mean(recording[distances.argmin(axis=1)] == recording) >= 0.75


def test_clips_must_be_asked_for() -> None:
    with pytest.raises(AudioCourseError):
        event_clips({"rain": 0}, rng=rng())
    with pytest.raises(AudioCourseError):
        event_clips({"thunder": 1}, rng=rng())
