"""Clicks and drums: sound exactly where the truth says, nothing before, nothing past full scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.sounds.music.drums import DRUMS, PATTERNS, Rhythm, click_track, clicks_at, drum_hit, drum_loop

SR = 8000
Refuses = Any


def loop(seed: int = 1, **options: Any) -> Rhythm:
    return drum_loop(**{"bpm": 120, "bars": 2, "sr": SR, "rng": np.random.default_rng(seed), **options})


def starts(y: FloatArray) -> FloatArray:
    """Sample numbers at which a sound follows 20 ms of digital silence (or the start)."""
    heard = np.flatnonzero(y)
    return heard[np.diff(heard, prepend=-SR) > 0.02 * SR]


def test_a_click_starts_at_its_time_and_is_over_after_30_ms() -> None:
    y = clicks_at([0.25, 0.5], seconds=1, sr=SR, peak=0.4)
    assert y.dtype == np.float32
    assert y.shape == (SR,)
    assert starts(y).tolist() == [2001, 4001]  # the first sample of a sine is 0
    assert not y[2000 + 240 : 4000].any()
    assert 0.3 < np.abs(y).max() <= 0.4


def test_a_click_has_its_frequency() -> None:
    spectrum = np.abs(np.fft.rfft(clicks_at([0.0], seconds=1, sr=SR, frequency=1500)))
    assert np.argmax(spectrum) == pytest.approx(1500, abs=30)  # a click of 5 ms is some 60 Hz wide


def test_a_click_ends_where_the_next_begins_and_at_the_end() -> None:
    near = clicks_at([0.1, 0.105, 0.995], seconds=1, sr=SR)
    alone = clicks_at([0.105], seconds=1, sr=SR)
    assert np.array_equal(near[840:7900], alone[840:7900])
    assert np.abs(near).max() <= 0.5
    assert near[7961:].any()


@pytest.mark.parametrize("times", [[-0.1], [1.0], [0.5, 0.2], [float("nan")], [[0.1]], ["soon"], None, 0.5])
def test_times_that_cannot_be(times: Any, refuses: Refuses) -> None:
    with refuses("times", "seconds"):
        clicks_at(times, seconds=1, sr=SR)


def test_no_clicks_are_silence() -> None:
    assert not clicks_at([], seconds=1, sr=SR).any()


@pytest.mark.parametrize("bpm", [20, 60, 97.3, 120, 400])
def test_a_metronome_ticks_bpm_times_a_minute(bpm: float) -> None:
    track = click_track(bpm, seconds=60, sr=SR)
    assert track.beats.size == np.ceil(bpm)
    assert np.diff(track.beats) == pytest.approx(60 / bpm)
    assert np.array_equal(track.beats, track.onsets)
    assert np.abs(starts(track.y) - 1 - np.round(track.beats * SR)).max() == 0


def test_every_fourth_click_is_louder() -> None:
    track = click_track(120, seconds=6, sr=SR)
    peaks = [np.abs(track.y[round(t * SR) :][:240]).max() for t in track.beats]
    assert [k for k, peak in enumerate(peaks) if peak > 0.35] == [0, 4, 8]
    unaccented = click_track(120, seconds=6, sr=SR, accent_every=1)
    assert len({np.abs(unaccented.y[round(t * SR) :][:240]).max() for t in track.beats}) == 1


@pytest.mark.parametrize(
    ("pattern", "beats", "onsets"),
    [
        ("rock", [0, 1, 2, 3], [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]),
        ("waltz", [0, 1, 2], [0, 1, 2, 2.5]),
        ("bossa", [0, 1, 2, 3], [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]),
    ],
)
def test_the_truth_of_a_bar(pattern: str, beats: list[float], onsets: list[float]) -> None:
    made = loop(pattern=pattern, bars=1, bpm=90)
    assert made.beats * 1.5 == pytest.approx(beats)
    assert made.onsets * 1.5 == pytest.approx(onsets)
    assert made.y.size == round(len(beats) * 60 / 90 * SR)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_onset_is_heard_and_nothing_else(pattern: str) -> None:
    """At 40 BPM each stroke has died away before the next: what is heard starts at the onsets."""
    made = loop(pattern=pattern, bpm=40)
    found = starts(made.y)
    assert found.size == made.onsets.size
    assert np.abs(found - np.round(made.onsets * SR)).max() <= 1  # the kick starts with a sample of 0


def test_swing_delays_what_is_between_the_beats() -> None:
    straight, swung, triplet = (loop(swing=swing).onsets * 2 for swing in (0, 0.5, 1))
    assert straight[:4] == pytest.approx([0, 1 / 2, 1, 3 / 2])
    assert swung[:4] == pytest.approx([0, 7 / 12, 1, 19 / 12])
    assert triplet[:4] == pytest.approx([0, 2 / 3, 1, 5 / 3])
    assert np.array_equal(loop(swing=1).beats, loop().beats)


def test_the_same_seed_the_same_samples() -> None:
    assert np.array_equal(loop(seed=3).y, loop(seed=3).y)
    assert not np.array_equal(loop(seed=3).y, loop(seed=4).y)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("bpm", [30, 120, 300])
def test_level_and_full_scale(pattern: str, bpm: float, level_db: Callable[[FloatArray], float]) -> None:
    for sr, seed in ((4000, 1), (22_050, 2), (48_000, 3)):
        made = loop(pattern=pattern, bpm=bpm, sr=sr, seed=seed, bars=6)
        assert made.y.dtype == np.float32
        assert np.abs(made.y).max() < 1
        if bpm == 120:
            assert -26 < level_db(made.y) < -19


def test_a_kick_is_low_and_a_hihat_high(rng: np.random.Generator) -> None:
    sr = 22_050

    def centre(drum: str) -> float:
        power = np.abs(np.fft.rfft(drum_hit(drum, sr=sr, rng=rng), sr)) ** 2
        return float(np.average(np.arange(power.size), weights=power))

    assert centre("kick") < 150
    assert 500 < centre("snare") < 5000
    assert centre("hihat") > 6000
    peaks = [float(np.abs(drum_hit(drum, sr=sr, rng=rng)).max()) for drum in DRUMS]
    assert peaks == pytest.approx([0.5, 0.3, 0.12])
    assert sum(peaks) < 1


BAD_LOOPS = [
    ({"bpm": 0}, "bpm"),
    ({"bpm": float("nan")}, "bpm"),
    ({"bpm": "fast"}, "bpm"),
    ({"bars": 0}, "bars"),
    ({"bars": 1.5}, "bars"),
    ({"bars": True}, "bars"),
    ({"bars": 900, "bpm": 30}, "seconds"),  # two hours
    ({"sr": 0}, "sr"),
    ({"sr": 8000.5}, "sr"),
    ({"swing": 1.1}, "swing"),
    ({"pattern": "polka"}, "polka"),
    ({"pattern": ["rock"]}, "pattern"),
    ({"rng": 7}, "default_rng"),
]


@pytest.mark.parametrize(("options", "word"), BAD_LOOPS)
def test_loops_that_cannot_be(options: dict[str, Any], word: str, refuses: Refuses) -> None:
    with refuses(word):
        loop(**options)


def test_clicks_and_hits_that_cannot_be(refuses: Refuses) -> None:
    for bpm in (0, 19, 401, float("nan"), True):
        with refuses("bpm"):
            click_track(bpm, seconds=1, sr=SR)
    for accent in (0, -1, 2.0, True):
        with refuses("accent_every"):
            click_track(120, seconds=1, sr=SR, accent_every=accent)
    with refuses("aliasing"):
        click_track(120, seconds=1, sr=2000)
    with refuses("seconds"):
        clicks_at([], seconds=0, sr=SR)
    with refuses("peak"):
        clicks_at([0.1], seconds=1, sr=SR, peak=1.5)
    with refuses("frequency"):
        clicks_at([0.1], seconds=1, sr=SR, frequency=0)
    with refuses("drum"):
        drum_hit("gong", sr=SR, rng=np.random.default_rng(1))
    with refuses("sr"):
        drum_hit("kick", sr=100, rng=np.random.default_rng(1))
