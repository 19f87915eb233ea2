"""Alarms, sirens, doorbells, telephones: their rhythm and their pitch are those of the standards."""

from collections.abc import Callable
from itertools import count

import numpy as np
import pytest

from audiocourse.sounds.events.alarms import alarm, doorbell, phone_ring, siren
from audiocourse.sounds.events.kinds import audible_intervals
from audiocourse.sounds.events.synthesis import Generated

SR = 16_000


def first(maker: Callable[..., Generated], pattern: str, longest: float = 6.0) -> Generated:
    """The first of its kind with that pattern."""
    for seed in count():
        y, parameters = maker(np.random.default_rng(seed), SR, longest)
        if parameters["pattern"] == pattern:
            return y, parameters
    raise AssertionError


@pytest.mark.parametrize(
    ("maker", "patterns"),
    [
        (alarm, {"temporal three", "beeps", "sweeps", "two tones", "steady"}),
        (siren, {"wail", "yelp", "hi-lo"}),
        (doorbell, {"chime", "gong", "melody", "buzzer"}),
        (phone_ring, {"bell", "warble", "melody"}),
    ],
)
def test_all_patterns_are_drawn(maker: Callable[..., Generated], patterns: set[str]) -> None:
    assert {maker(np.random.default_rng(seed), 8000, 1.0)[1]["pattern"] for seed in range(40)} == patterns


def test_a_smoke_alarm_beeps_three_times_and_pauses() -> None:
    y, _ = first(alarm, "temporal three", 12.0)
    parts = audible_intervals(y, SR)
    assert [part.seconds for part in parts[:3]] == pytest.approx([0.5] * 3, rel=0.12)  # clocks differ by 10 %
    assert parts[3].start - parts[2].end == pytest.approx(1.5, rel=0.12)


def test_the_pitch_of_a_steady_alarm() -> None:
    y, parameters = first(alarm, "steady")
    peak = np.argmax(np.abs(np.fft.rfft(y))) * SR / y.size
    assert peak == pytest.approx(float(parameters["hz"]), rel=0.05)  # 4 % vibrato


def test_a_wail_rises_as_often_as_it_should() -> None:
    for pattern, low, high in (("wail", 10, 30), ("yelp", 150, 250)):
        _, parameters = first(siren, pattern)
        assert low <= float(parameters["per_minute"]) <= high


def test_a_yelp_repeats_with_its_period() -> None:
    y, parameters = first(siren, "yelp")
    frames = np.abs(np.fft.rfft(y[: y.size // 400 * 400].reshape(-1, 400), axis=1))
    pitch = np.argmax(frames[:, 10:60], axis=1) - np.argmax(frames[:, 10:60], axis=1).mean()
    period = round(60 / float(parameters["per_minute"]) * SR / 400)
    lags = np.arange(period // 2, 3 * period // 2)
    similar = [np.dot(pitch[lag:], pitch[:-lag]) / (pitch.size - lag) for lag in lags]
    assert abs(lags[np.argmax(similar)] - period) <= 2  # of about 16 frames


def test_a_telephone_rings_like_one_network_or_the_other() -> None:
    for seed in range(30):
        y, parameters = phone_ring(np.random.default_rng(seed), SR, 6.0)
        if parameters["pattern"] == "warble":
            parts = audible_intervals(y, SR)
            longest = max(part.seconds for part in parts)
            # twice 0.4 s with 0.2 s between them, or 2 s; all of it 0.6 to 1.1 times as long
            assert longest < 1.01 if parameters["bursts"] == 2 else longest > 1.1


def test_a_bell_is_struck_as_often_as_it_should() -> None:
    y, parameters = first(doorbell, "gong")
    level = np.abs(y[: y.size // 80 * 80].reshape(-1, 80)).max(axis=1)  # 200 values a second
    swell = np.abs(np.fft.rfft((level - level.mean())[:80], 2000))
    found = (100 + np.argmax(swell[100:400])) / 10  # 10 to 40 Hz
    assert found == pytest.approx(float(parameters["strokes_per_second"]), rel=0.08)  # the hammer is not on time
