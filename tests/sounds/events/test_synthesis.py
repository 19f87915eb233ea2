"""What events are put together from: harmonics, filters, noise, things that are struck."""

from typing import Any

import numpy as np
import pytest

from audiocourse.sounds.events.synthesis import (
    add,
    filtered,
    harmonics,
    high_pass,
    hull,
    log_uniform,
    low_pass,
    noise_with,
    resonances,
    struck,
    wander,
)

SR = 16_000


def test_harmonics_are_sines_of_multiples() -> None:
    f0 = np.linspace(300, 700, SR // 2)
    phase = 2 * np.pi * np.cumsum(f0) / SR
    direct = sum(np.sin(k * phase) / k for k in range(1, 11))
    # the recurrence in float64
    assert harmonics(f0, SR, lambda k, _: 1 / k, max_harmonics=10) == pytest.approx(direct, abs=1e-9)


def test_harmonics_end_before_they_alias() -> None:
    spectrum = np.abs(np.fft.rfft(harmonics(np.full(SR, 1000.0), SR, lambda *_: 1.0)))
    assert np.flatnonzero(spectrum > 1).tolist() == [1000 * k for k in range(1, 8)]


def test_harmonics_of_a_rising_tone_end_one_by_one() -> None:
    f0 = np.repeat([1000.0, 5000.0], SR)
    spectrum = np.abs(np.fft.rfft(harmonics(f0, SR, lambda *_: 1.0)[SR:]))
    assert np.flatnonzero(spectrum > 1).tolist() == [5000]


def test_filters_are_causal_and_have_their_cutoff() -> None:
    click = np.zeros(SR)
    click[100] = 1
    for one in (low_pass, high_pass):
        y = filtered(click, SR, lambda hz, one=one: one(hz, 500.0, 2))
        # the spectrum ends at sr / 2: what would lie above it leaves ripples before the click
        assert np.max(np.abs(y[:90])) < 0.02 * np.max(np.abs(y))
        assert abs(one(np.array([500.0]), 500.0)[0]) == pytest.approx(np.sqrt(0.5))


def test_resonances_peak_where_they_should() -> None:
    hz = np.arange(4000.0)
    gain = resonances(hz, [(700, 100, 1.0), (2500, 100, 0.5)], floor=0.0)
    assert abs(int(np.argmax(gain)) - 700) <= 1
    assert abs(1500 + int(np.argmax(gain[1500:])) - 2500) <= 1


def test_noise_has_its_spectrum_and_level(rng: np.random.Generator) -> None:
    y = noise_with(lambda hz: low_pass(hz, 500, 4), SR, SR, rng)
    power = np.abs(np.fft.rfft(y)) ** 2
    assert np.mean(y**2) == pytest.approx(1)
    assert power[2000:].sum() < 0.01 * power.sum()


def test_what_is_struck_rings_and_dies_away() -> None:
    y = struck([1000, 9000], [1.0, 1.0], [0.05, 0.05], SR // 2, SR)  # 9000 Hz would alias
    assert np.argmax(np.abs(np.fft.rfft(y))) == 500
    early, late = (np.max(np.abs(y[start : start + 160])) for start in (0, 1600))
    assert late / early == pytest.approx(np.exp(-2), rel=0.02)  # two time constants; peaks fall on samples
    assert not y[round(7 * 0.05 * SR) + 2 :].any()


@pytest.mark.parametrize("samples", [1, 2, 50, 5000])
def test_a_hull_goes_up_and_down(samples: int) -> None:
    envelope = hull(samples, SR, 0.01, 0.05)
    assert envelope.shape == (samples,)
    assert np.all((envelope >= 0) & (envelope <= 1))
    assert samples < 5000 or (envelope[2000] == 1 and envelope[0] < 0.01 and envelope[-1] < 0.01)


def test_what_wanders_stays_near_zero(rng: np.random.Generator) -> None:
    contour = wander(60 * SR, SR, rng, 5)
    assert contour.shape == (60 * SR,)
    assert abs(contour.mean()) < 0.3
    assert 0.5 < contour.std() < 1
    assert np.max(np.abs(np.diff(contour))) < 0.01  # it has no steps


def test_numbers_are_even_in_their_logarithm(rng: np.random.Generator) -> None:
    drawn = np.array([log_uniform(rng, 100, 10_000) for _ in range(2000)])
    assert np.mean(drawn < 1000) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(("start", "heard"), [(0, 3), (8, 2), (10, 0)])
def test_what_lies_behind_the_end_is_lost(start: int, heard: int) -> None:
    y: Any = np.zeros(10)
    add(y, np.ones(3), start)
    assert y.sum() == heard
