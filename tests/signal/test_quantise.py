"""Rounding: the levels of a file, 6.02 dB a bit, and dither that turns distortion into hiss."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray, read, write
from audiocourse.signal.quantise import quantisation_snr_db, quantise, snr_db

STEP_AT_8 = 2.0**-7


def sine(peak: float, *, samples: int = 65_536, periods: int = 1_361) -> FloatArray:
    """A whole, odd number of periods, so that a spectrum has the sine and its harmonics in single bins."""
    return peak * np.sin(2 * np.pi * periods * np.arange(samples) / samples)


@pytest.mark.parametrize("bits", [2, 3, 8, 12, 16, 24])
def test_the_levels_are_those_of_integers(bits: int) -> None:
    levels = np.unique(quantise(np.linspace(-1.2, 1.2, 10_001), bits=bits)) * 2.0 ** (bits - 1)
    np.testing.assert_array_equal(levels, np.rint(levels))
    assert (levels[0], levels[-1]) == (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1)
    assert 0 in levels  # mid-tread: silence stays silence
    if bits <= 12:
        assert len(levels) == 2**bits


@pytest.mark.parametrize("bits", [2, 5, 8, 16, 24])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_error_is_at_most_half_a_step(bits: int, dtype: type, rng: np.random.Generator) -> None:
    step = 2.0 ** (1 - bits)
    y = np.append(rng.uniform(-1, 1 - step, 5000), [-1, 1 - step, step / 2, -step / 2]).astype(dtype)
    rounded = quantise(y, bits=bits)
    assert rounded.dtype == dtype
    assert np.max(np.abs(rounded.astype(np.float64) - y)) <= step / 2
    np.testing.assert_array_equal(quantise(rounded, bits=bits), rounded)  # the levels stay where they are


def test_what_is_too_loud_is_limited_and_not_wrapped() -> None:
    np.testing.assert_array_equal(quantise(np.array([1.2, 5.0, -1.2]), bits=8), [1 - STEP_AT_8, 1 - STEP_AT_8, -1])


@pytest.mark.parametrize(("bits", "subtype"), [(8, "PCM_U8"), (16, "PCM_16"), (24, "PCM_24")])
def test_it_is_what_a_file_of_that_depth_stores(
    bits: int, subtype: str, tmp_path: Path, rng: np.random.Generator
) -> None:
    y = rng.uniform(-1, 1 - 2.0 ** (1 - bits), 4000).astype(np.float32)
    stored = read(write(tmp_path / "a.wav", y, 16_000, subtype=subtype)).y
    np.testing.assert_array_equal(quantise(y, bits=bits), stored)


@pytest.mark.parametrize("bits", range(4, 17))
def test_uniform_noise_is_20_log_of_the_number_of_levels_above_its_error(bits: int, rng: np.random.Generator) -> None:
    peak = 1 - 2.0**-bits  # whole steps, all of them rounded and none limited
    y = rng.uniform(-peak, peak, 200_000)
    expected = 20 * np.log10(peak * 2.0**bits)
    assert snr_db(y, quantise(y, bits=bits)) == pytest.approx(expected, abs=0.05)  # 200,000 draws


@pytest.mark.parametrize("bits", range(4, 17))
def test_a_sine_that_just_fits_follows_the_formula(bits: int) -> None:
    y = sine(1 - 2.0**-bits)
    measured = snr_db(y, quantise(y, bits=bits))
    assert measured == pytest.approx(quantisation_snr_db(bits), abs=0.2 if bits >= 8 else 1.2)  # few steps: not uniform


def test_the_formula_is_6_02_db_a_bit_and_1_76() -> None:
    for bits in range(2, 25):
        assert quantisation_snr_db(bits) == pytest.approx(6.0206 * bits + 1.7609, abs=1e-3)


def test_a_sine_below_half_a_step_vanishes_without_dither_and_survives_with() -> None:
    y = sine(0.4 * STEP_AT_8)
    assert not quantise(y, bits=8).any()
    for dither in ("rectangular", "triangular"):
        survived = quantise(y, bits=8, dither=dither, rng=np.random.default_rng(1))
        gain = np.dot(survived, y) / np.dot(y, y)
        assert gain == pytest.approx(1, abs=0.05)  # at its full level: 65536 samples average the noise to 1 %


def test_triangular_dither_makes_mean_and_variance_of_the_error_the_same_everywhere() -> None:
    def error(fraction: float, dither: Any) -> FloatArray:
        y = np.full(100_000, (3 + fraction) * STEP_AT_8)
        return (quantise(y, bits=8, dither=dither, rng=np.random.default_rng(2)) - y) / STEP_AT_8

    fractions = [0.0, 0.1, 0.25, 0.4, 0.5]
    within = 0.01  # of 100,000 draws with a deviation of half a step: six standard errors
    np.testing.assert_allclose([np.mean(error(f, "triangular")) for f in fractions], 0, atol=within)
    np.testing.assert_allclose([np.var(error(f, "triangular")) for f in fractions], 1 / 4, atol=within)
    np.testing.assert_allclose([np.mean(error(f, "rectangular")) for f in fractions], 0, atol=within)
    rectangular = [np.var(error(f, "rectangular")) for f in fractions]
    np.testing.assert_allclose(rectangular, [f - f**2 for f in fractions], atol=within)  # it breathes with the signal


def test_dither_turns_harmonics_into_hiss() -> None:
    """A soft sine rounded to a few steps: its third harmonic against the average of all bins between."""
    harmonics = np.arange(3, 16, 2) * 1_361
    y = sine(2.3 * STEP_AT_8)

    def distortion_and_floor(dither: Any) -> tuple[float, float]:
        power = np.abs(np.fft.rfft(quantise(y, bits=8, dither=dither, rng=np.random.default_rng(3)))) ** 2
        floor = np.mean(np.delete(power, np.arange(0, len(power), 1_361)))
        return tuple(10 * np.log10([np.max(power[harmonics]) / power[1_361], floor / power[1_361]]))

    plain, plain_floor = distortion_and_floor(None)
    dithered, floor = distortion_and_floor("triangular")
    assert plain > -30
    assert plain - plain_floor > 30
    assert dithered < plain - 15
    assert dithered - floor < 10  # the highest of seven bins of noise, exponentially distributed


@pytest.mark.parametrize("gain_db", [-60, -6, 0, 20])
def test_snr_is_the_level_between_signal_and_error(gain_db: float, rng: np.random.Generator) -> None:
    clean, noise = rng.standard_normal((2, 50_000))
    noisy = clean + 10 ** (-gain_db / 20) * noise * np.std(clean) / np.std(noise)
    assert snr_db(clean, noisy) == pytest.approx(gain_db, abs=0.02)  # means of 50,000 are not exactly 0
    assert snr_db(np.stack([clean, clean]), np.stack([noisy, noisy])) == pytest.approx(snr_db(clean, noisy))


def test_layout_channels_and_silence(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, (2, 3000)).astype(np.float32)
    expected = quantise(y, bits=6)
    np.testing.assert_array_equal(quantise(np.asfortranarray(y), bits=6), expected)
    np.testing.assert_array_equal(quantise(np.repeat(y, 2, axis=1)[:, ::2], bits=6), expected)
    np.testing.assert_array_equal(quantise(y[0], bits=6), expected[0])
    assert not quantise(np.zeros(10), bits=6).any()


def test_dither_repeats_with_its_seed_and_leaves_its_input_alone() -> None:
    y = sine(0.5, samples=1000, periods=7)
    before = y.copy()
    a, b = (quantise(y, bits=4, dither="triangular", rng=np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(y, before)


def test_bad_input_is_refused(refuses: Any) -> None:
    y = np.zeros(100)
    for bits in (0, 1, 25, 8.0, True, "8"):
        with refuses("bits is", "2 to 24"):
            quantise(y, bits=bits)
        with refuses("bits is", "2 to 24"):
            quantisation_snr_db(bits)
    with refuses("dither is 'gaussian'", '"triangular"'):
        quantise(y, bits=8, dither="gaussian", rng=np.random.default_rng(0))
    with refuses("pass rng="):
        quantise(y, bits=8, dither="triangular")
    with refuses("pass rng="):
        quantise(y, bits=8, dither="triangular", rng=0)
    with refuses("dtype int16"):
        quantise(np.zeros(100, np.int16), bits=8)
    with refuses("NaN"):
        quantise(np.array([0.0, np.nan]), bits=8)
    with refuses("empty"):
        quantise(np.zeros(0), bits=8)


def test_bad_pairs_are_refused(refuses: Any) -> None:
    with refuses("(3,)", "(4,)"):
        snr_db(np.ones(3), np.ones(4))
    with refuses("silent"):
        snr_db(np.zeros(3), np.ones(3))
    with refuses("infinite"):
        snr_db(np.ones(3), np.ones(3))
    with refuses("list"):
        snr_db(np.ones(3), [1.0, 1.0, 1.0])
