"""Shots and glass begin at once; one is dark and dies away, the other is bright and rings."""

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.sounds.events.impacts import glass_break, gunshot

SR = 16_000


def centroid(y: FloatArray) -> float:
    power = np.abs(np.fft.rfft(y)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(y.size, 1 / SR)) / power.sum())


def test_a_shot_is_loudest_at_its_start() -> None:
    for seed in range(20):
        y, parameters = gunshot(np.random.default_rng(seed), SR, 3.0)
        if parameters["shots"] == 1:
            assert np.argmax(np.abs(y)) < 0.06 * SR  # the crack of the bullet comes up to 30 ms before the blast
            assert np.sum(y[: SR // 2] ** 2) > 0.7 * np.sum(y**2)


def test_shots_come_in_bursts() -> None:
    several = [made for seed in range(30) if (made := gunshot(np.random.default_rng(seed), SR, 6.0))[1]["shots"] > 1]  # type: ignore[operator]
    assert 4 <= len(several) <= 22
    y, parameters = several[0]
    second = round(float(parameters["gap_s"]) * SR)
    assert np.max(np.abs(y[second : second + 1600])) > 0.5 * np.max(np.abs(y[:1600]))


def test_glass_is_brighter_than_a_shot() -> None:
    glass = np.median([centroid(glass_break(np.random.default_rng(seed), SR, 3.0)[0]) for seed in range(20)])
    shots = np.median([centroid(gunshot(np.random.default_rng(seed), SR, 3.0)[0]) for seed in range(20)])
    assert glass > 2 * shots


def test_the_highs_of_glass_last_longer_than_its_lows() -> None:
    lasts = []
    for seed in range(10):
        spectrum = np.fft.rfft(glass_break(np.random.default_rng(seed), SR, 3.0)[0])
        for keep in (slice(None, spectrum.size // 10), slice(spectrum.size // 4, None)):  # 800 Hz, 2000 Hz
            band = np.zeros_like(spectrum)
            band[keep] = spectrum[keep]
            energy = np.cumsum(np.fft.irfft(band) ** 2)
            lasts.append(np.searchsorted(energy, 0.9 * energy[-1]) / SR)
    lows, highs = np.array(lasts).reshape(-1, 2).T
    assert np.median(lows) < 0.2
    assert np.median(highs) > np.median(lows)


@pytest.mark.parametrize("maker", [gunshot, glass_break])
def test_nothing_is_heard_after_the_end(maker: object) -> None:
    y, _ = maker(np.random.default_rng(3), SR, 1.0)  # type: ignore[operator]
    assert y.size <= SR
