"""Sampling: folding, filters that prevent it, and rates that change without it."""

import warnings
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.signal.sampling import alias_frequency, decimate, filter_fir, lowpass, resample_sinc


def level_db(x: FloatArray) -> float:
    """Level of the middle of a signal, without the edges that a filter blurs, in dB re a sine with peak 1."""
    middle = x[x.size // 4 : -x.size // 4]
    return float(10 * np.log10(2 * np.mean(np.square(middle, dtype=np.float64)) + 1e-30))


def loudest_hz(x: FloatArray, sr: int) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(x * np.hanning(x.size)))) * sr / x.size)


@pytest.mark.parametrize(
    ("hz", "sr", "expected"),
    [
        (440, 8_000, 440),
        (4_000, 8_000, 4_000),
        (4_001, 8_000, 3_999),
        (5_000, 8_000, 3_000),
        (8_000, 8_000, 0),
        (12_000, 8_000, 4_000),
        (13_000, 8_000, 3_000),
        (15_000, 22_050, 7_050),
        (0, 8_000, 0),
        (-5_000, 8_000, 3_000),
    ],
)
def test_a_tone_appears_at_its_alias(hz: float, sr: int, expected: float) -> None:
    alias = alias_frequency(hz, sr=sr)
    assert alias == expected
    assert type(alias) is float
    samples = np.cos(2 * np.pi * hz * np.arange(1000) / sr)
    np.testing.assert_allclose(samples, np.cos(2 * np.pi * expected * np.arange(1000) / sr), atol=1e-9)


def test_aliases_of_arrays_lie_below_nyquist_and_stay_there(rng: np.random.Generator) -> None:
    hz = rng.uniform(-1e5, 1e5, (3, 500))
    alias = alias_frequency(hz, sr=16_000)
    assert alias.shape == hz.shape
    assert np.all((alias >= 0) & (alias <= 8_000))
    np.testing.assert_array_equal(alias_frequency(alias, sr=16_000), alias)
    np.testing.assert_allclose(alias_frequency(hz + 3 * 16_000, sr=16_000), alias, atol=1e-9)
    assert alias_frequency(np.array([5_000, 440]), sr=8_000).tolist() == [3000.0, 440.0]
    assert alias_frequency(hz.astype(np.float32), sr=16_000).dtype == np.float64


@pytest.mark.parametrize("hz", [5_000, 15_000, 21_000, 30_000])
def test_a_spectrum_shows_the_tone_at_its_alias(hz: float) -> None:
    tone = np.sin(2 * np.pi * hz * np.arange(8_000) / 8_000 + 0.5)
    assert loudest_hz(tone, 8_000) == alias_frequency(hz, sr=8_000)


def test_a_sine_at_exactly_half_the_rate_can_vanish() -> None:
    n = np.arange(1000)
    assert np.max(np.abs(np.sin(np.pi * n))) < 1e-12  # "at least twice" is not enough: only rounding is left
    assert np.min(np.abs(np.cos(np.pi * n))) > 1 - 1e-12  # and with another phase it is all there


@pytest.mark.parametrize(("cutoff", "taps"), [(4_000, 101), (1_000, 257), (7_000, 1_001)])
def test_lowpass_passes_what_lies_below_and_stops_what_lies_above(cutoff: float, taps: int) -> None:
    h = lowpass(cutoff, sr=16_000, taps=taps)
    gain = 20 * np.log10(np.abs(np.fft.rfft(h, 2**17)) + 1e-12)
    hz = np.arange(gain.size) * 16_000 / 2**17
    slope = 2.8 * 16_000 / taps
    assert gain[0] == pytest.approx(0, abs=1e-9)
    assert np.interp(cutoff, hz, gain) == pytest.approx(-6.02, abs=0.01)
    assert np.max(np.abs(gain[hz < cutoff - slope])) < 0.01
    assert np.max(gain[hz > cutoff + slope]) < -74


def test_filter_keeps_length_and_place(rng: np.random.Generator) -> None:
    impulse = np.zeros(101)
    impulse[40] = 1
    h = lowpass(2_000, sr=16_000, taps=31)
    np.testing.assert_allclose(filter_fir(impulse, h)[25:56], h, atol=1e-15)
    y = rng.standard_normal(500)
    np.testing.assert_allclose(filter_fir(y, np.array([1.0])), y, atol=1e-14)
    np.testing.assert_allclose(filter_fir(y, h), np.convolve(y, h)[15:-15], atol=1e-14)  # nothing wraps around
    asymmetric = rng.standard_normal(7)
    np.testing.assert_allclose(filter_fir(y, asymmetric), np.convolve(y, asymmetric)[3:-3], atol=1e-13)


@pytest.mark.parametrize("samples", [1, 5, 30])
def test_filter_longer_than_the_signal(samples: int, rng: np.random.Generator) -> None:
    y, h = rng.standard_normal(samples), lowpass(2_000, sr=16_000, taps=31)
    np.testing.assert_allclose(filter_fir(y, h), np.convolve(y, h)[15 : 15 + samples], atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_15_khz_is_kept_out_of_22_khz_by_the_filter_and_folds_without(tone: Any, dtype: type) -> None:
    y = tone(15_000, sr=44_100).astype(dtype)
    clean, folded = (decimate(y, factor=2, anti_alias=filtered) for filtered in (True, False))
    assert clean.dtype == folded.dtype == dtype
    assert level_db(clean) < -60
    assert level_db(folded) == pytest.approx(0, abs=0.01)
    assert loudest_hz(folded, 22_050) == pytest.approx(7_050, abs=1)


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_decimate_keeps_what_fits_and_drops_what_does_not(factor: int, tone: Any) -> None:
    nyquist = 24_000 / factor
    for share, expected in [(0.1, 0.0), (0.9, 0.0)]:
        kept = decimate(tone(share * nyquist, sr=48_000), factor=factor)
        assert level_db(kept) == pytest.approx(expected, abs=0.02)
    assert level_db(decimate(tone(min(1.001 * nyquist, 23_999), sr=48_000), factor=factor)) < -70


@pytest.mark.parametrize("samples", [1, 2, 3, 100, 101])
def test_decimate_counts_samples(samples: int) -> None:
    for anti_alias in (True, False):
        assert decimate(np.ones(samples), factor=3, anti_alias=anti_alias).shape == (-(-samples // 3),)


RATES = [(44_100, 22_050), (44_100, 16_000), (16_000, 44_100), (8_000, 48_000), (44_100, 44_101)]


@pytest.mark.parametrize(("sr_from", "sr_to"), RATES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_resampling_a_sine_gives_the_sine(sr_from: int, sr_to: int, dtype: type) -> None:
    hz = 0.2 * min(sr_from, sr_to)
    y = np.sin(2 * np.pi * hz * np.arange(2_000) / sr_from).astype(dtype)
    x = resample_sinc(y, sr_from=sr_from, sr_to=sr_to, zeros=32)
    expected = np.sin(2 * np.pi * hz * np.arange(x.size) / sr_to)
    assert x.dtype == dtype
    assert x.size == -(-2_000 * sr_to // sr_from)
    edge = x.size // 4
    np.testing.assert_allclose(x[edge:-edge], expected[edge:-edge], atol=2e-3)  # the window's ripple at 32 zeros


def test_resampling_filters_what_the_new_rate_cannot_hold(tone: Any) -> None:
    assert level_db(resample_sinc(tone(15_000, sr=44_100), sr_from=44_100, sr_to=22_050)) < -40
    near = resample_sinc(tone(12_127.5, sr=44_100), sr_from=44_100, sr_to=22_050)  # 1.1 of the new Nyquist frequency
    assert level_db(near) == pytest.approx(-14.1, abs=0.2)  # as the docstring says
    below = resample_sinc(tone(9_922.5, sr=44_100), sr_from=44_100, sr_to=22_050)  # 0.9 of it
    assert level_db(below) == pytest.approx(-2.4, abs=0.1)
    steeper = resample_sinc(tone(9_922.5, sr=44_100), sr_from=44_100, sr_to=22_050, zeros=64)
    assert level_db(steeper) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize(("sr_from", "sr_to"), RATES)
@pytest.mark.parametrize("samples", [1, 2, 147, 160])
def test_short_signals_have_the_right_length(samples: int, sr_from: int, sr_to: int) -> None:
    x = resample_sinc(np.ones(samples), sr_from=sr_from, sr_to=sr_to)
    assert x.size == -(-samples * sr_to // sr_from)
    assert np.isfinite(x).all()


def test_equal_rates_copy(rng: np.random.Generator) -> None:
    y = rng.standard_normal(100)
    x = resample_sinc(y, sr_from=8_000, sr_to=8_000)
    np.testing.assert_array_equal(x, y)
    assert not np.shares_memory(x, y)


CHANGES = [
    lambda y: filter_fir(y, lowpass(2_000, sr=16_000, taps=31)),
    lambda y: decimate(y, factor=3),
    lambda y: decimate(y, factor=3, anti_alias=False),
    lambda y: resample_sinc(y, sr_from=16_000, sr_to=11_025),
]


@pytest.mark.parametrize("change", CHANGES)
def test_channels_layout_silence_and_constants(change: Any, rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, (2, 3_000)).astype(np.float32)
    expected = change(y)
    assert expected.dtype == np.float32
    assert expected.flags.c_contiguous
    assert not np.shares_memory(expected, y)
    for other in (np.asfortranarray(y), np.repeat(y, 2, axis=1)[:, ::2]):
        np.testing.assert_allclose(change(other), expected, atol=1e-6)
    for channel in (0, 1):
        np.testing.assert_allclose(change(y[channel]), expected[channel], atol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not change(np.zeros(3_000)).any()
        middle = change(np.full(3_000, 0.5))[300:-300]
    np.testing.assert_allclose(middle, 0.5, atol=2e-3)  # resample_sinc's six zeros leave a ripple


@pytest.mark.parametrize("change", CHANGES)
def test_bad_signals_are_refused(change: Any, refuses: Any) -> None:
    with refuses("dtype int16"):
        change(np.zeros(100, np.int16))
    with refuses("NaN"):
        change(np.array([0.0, np.nan]))
    with refuses("empty"):
        change(np.zeros(0))
    with refuses("transposed"):
        change(np.zeros((100, 2)))
    with refuses("list"):
        change([0.0] * 100)


def test_bad_options_are_refused(refuses: Any) -> None:
    y = np.zeros(100)
    for hz in (np.nan, np.inf, "440", True, 1j, None, np.array([1.0, np.nan])):
        with refuses("finite number of hertz"):
            alias_frequency(hz, sr=8_000)
    with refuses("sr is 0"):
        alias_frequency(440.0, sr=0)
    for cutoff in (0, -1, 8_000, 9_000):
        with refuses("cutoff", "between 0 and 8000 Hz"):
            lowpass(cutoff, sr=16_000, taps=31)
    with refuses("taps is 30", "odd"):
        lowpass(1_000, sr=16_000, taps=30)
    with refuses("taps is 0"):
        lowpass(1_000, sr=16_000, taps=0)
    for h in (np.ones(2), np.ones((1, 3))):
        with refuses("odd number of taps"):
            filter_fir(y, h)
    with refuses("factor is 1"):
        decimate(y, factor=1)
    with refuses("factor is 2.0"):
        decimate(y, factor=2.0)
    with refuses("sr_to is 0"):
        resample_sinc(y, sr_from=8_000, sr_to=0)
    with refuses("zeros is 0"):
        resample_sinc(y, sr_from=8_000, sr_to=4_000, zeros=0)
    for rolloff in (0, 1.1, np.nan):
        with refuses("rolloff is"):
            resample_sinc(y, sr_from=8_000, sr_to=4_000, rolloff=rolloff)
