"""Mixing: the ratio measured from the parts that come back, and the sum of the parts."""

from typing import Any

import numpy as np
import pytest

from audiocourse.signal import BoolArray, FloatArray
from audiocourse.sounds import mix
from audiocourse.sounds.acoustics.mix import at_level, gain_for_snr


def ratio_db(target: FloatArray, noise: FloatArray, active: BoolArray | slice = slice(None)) -> float:
    power = [np.mean(np.square(y[active], dtype=np.float64)) for y in (target, noise)]
    return float(10 * np.log10(power[0] / power[1]))


@pytest.fixture
def sounds(rng: np.random.Generator) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Half a second of sound in a second of silence, and steady noise of a quite different level."""
    active = np.zeros(8000, dtype=bool)
    active[3000:7000] = True
    target = (0.1 * rng.standard_normal(8000) * active).astype(np.float32)
    return target, (0.003 * rng.standard_normal(9000)).astype(np.float32), active


@pytest.mark.parametrize("snr_db", [-40, -5, 0, 3.5, 20, 60])
def test_ratio_over_everything(snr_db: float, sounds: Any) -> None:
    mixed = mix(sounds[0], sounds[1], snr_db=snr_db)
    # within 0.01 dB: 20·log₁₀ or a ratio of amplitudes would be off by the ratio itself
    assert ratio_db(mixed.target, mixed.noise) == pytest.approx(snr_db, abs=0.01)
    assert mixed.snr_db == snr_db


@pytest.mark.parametrize("snr_db", [-5, 0, 10])
def test_ratio_over_active_samples(snr_db: float, sounds: Any) -> None:
    target, noise, active = sounds
    mixed = mix(target, noise, snr_db=snr_db, active=active)
    assert ratio_db(mixed.target, mixed.noise, active) == pytest.approx(snr_db, abs=0.01)
    # half of the samples are silent: over all of them the same mixture has 3 dB less
    assert ratio_db(mixed.target, mixed.noise) == pytest.approx(snr_db - 3.01, abs=0.2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_whole_is_the_sum_of_its_parts(dtype: Any, sounds: Any) -> None:
    mixed = mix(sounds[0].astype(dtype), sounds[1].astype(dtype), snr_db=5)
    assert mixed.y.dtype == mixed.target.dtype == mixed.noise.dtype == dtype
    assert np.array_equal(mixed.y, mixed.target + mixed.noise)
    assert mixed.y.shape == sounds[0].shape


def test_the_target_is_left_as_it_is(sounds: Any) -> None:
    copies = [array.copy() for array in sounds]
    mixed = mix(sounds[0], sounds[1], snr_db=5, active=sounds[2])
    assert mixed.gain == 1
    assert np.array_equal(mixed.target, sounds[0])
    assert all(np.array_equal(array, copy) for array, copy in zip(sounds, copies, strict=True))


def test_the_level_of_the_noise_does_not_matter(sounds: Any) -> None:
    soft, loud = (mix(sounds[0], gain * sounds[1], snr_db=5) for gain in (1, 64))  # powers of two: no rounding
    assert np.array_equal(soft.y, loud.y)


def test_full_scale_is_kept_by_both_parts(sounds: Any) -> None:
    target, noise, _ = sounds
    mixed = mix(8 * target, noise, snr_db=-10)
    assert np.max(np.abs(mixed.y)) == pytest.approx(0.999, abs=1e-6)
    assert 0 < mixed.gain < 1
    assert mixed.target == pytest.approx(mixed.gain * 8 * target, abs=1e-6)
    assert ratio_db(mixed.target, mixed.noise) == pytest.approx(-10, abs=0.01)
    assert np.array_equal(mixed.y, mixed.target + mixed.noise)


@pytest.mark.parametrize("snr_db", [-12, 0, 7.5])
def test_the_gain_gives_the_ratio(snr_db: float, sounds: Any) -> None:
    target, noise, _ = sounds
    gain = gain_for_snr(target, noise, snr_db=snr_db)
    assert ratio_db(target, gain * noise) == pytest.approx(snr_db, abs=1e-6)


def test_longer_noise_is_cut(sounds: Any) -> None:
    target, noise, _ = sounds
    assert np.array_equal(mix(target, noise, snr_db=0).y, mix(target, noise[: target.size], snr_db=0).y)


def test_refusals(sounds: Any, refuses: Any) -> None:
    target, noise, active = sounds
    with refuses("7999 samples", "8000"):
        mix(target, noise[:7999], snr_db=0)
    with refuses("target is silent"):
        mix(0 * target, noise, snr_db=0)
    with refuses("noise is silent"):
        mix(target, 0 * noise, snr_db=0)
    with refuses("target is silent over the active"):
        mix(target, noise, snr_db=0, active=~active)
    with refuses("No sample is active"):
        mix(target, noise, snr_db=0, active=active & False)
    for mask in (active[:-1], active.astype(int), active.tolist(), active[None]):
        with refuses("bool array of shape (8000,)"):
            mix(target, noise, snr_db=0, active=mask)
    for snr_db in (float("nan"), float("inf"), 101, "loud"):
        with refuses("snr_db"):
            mix(target, noise, snr_db=snr_db)
    with refuses("NaN"):
        mix(np.full(9, np.nan), noise, snr_db=0)
    with refuses("int16"):
        mix(np.ones(9, np.int16), noise, snr_db=0)
    with refuses("mono"):
        mix(target, np.stack([noise, noise]), snr_db=0)


def test_a_level_over_the_active_samples(rng: np.random.Generator) -> None:
    y = rng.uniform(-0.1, 0.1, 1000).astype(np.float32)
    active = np.arange(1000) < 300
    x = at_level(y, active, level_db=-30)
    assert 10 * np.log10(np.mean(x[active].astype(np.float64) ** 2)) == pytest.approx(-30, abs=1e-4)
    assert np.allclose(x / y, x[0] / y[0])
    assert x.dtype == np.float32


@pytest.mark.parametrize(
    ("y", "active", "level_db", "words"),
    [
        (np.zeros(4), np.ones(4, bool), -26, ("silent",)),
        (np.ones(4), np.zeros(4, bool), -26, ("No sample is active",)),
        (np.ones(4), np.ones(3, bool), -26, ("active must be",)),
        (np.ones(4), np.ones(4, bool), 1, ("level_db",)),
        (np.ones((2, 4)), np.ones(4, bool), -26, ("mono",)),
    ],
)
def test_levels_that_cannot_be(y: Any, active: Any, level_db: float, words: tuple[str, ...], refuses: Any) -> None:
    with refuses(*words):
        at_level(y, active, level_db=level_db)
