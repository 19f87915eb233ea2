"""Pitch: the formulas done by hand, tones of known f0, and everything that has no pitch."""

from typing import Any

import numpy as np
import pytest

from audiocourse.signal import (
    FloatArray,
    cents_apart,
    cumulative_mean_normalised_difference,
    difference_function,
    dip_probabilities,
    first_dip,
    frame,
    hz_to_cents,
    parabolic_offset,
    pyin,
    yin,
)
from audiocourse.signal.pitch.pyin import NO_DIP_PROBABILITY, THRESHOLD_PRIOR, THRESHOLDS
from audiocourse.sounds import harmonic_tone
from audiocourse.sounds.music.melody import TIMBRES, melody

SR = 16_000
SEARCH: dict[str, Any] = {"sr": SR, "fmin": 70, "fmax": 1000, "frame_length": 1024, "hop_length": 256}
FLOAT32 = 1e-5


def differences_by_hand(x: FloatArray, max_lag: int) -> list[float]:
    continued = np.concatenate([x, np.zeros(max_lag)])
    return [float(np.sum((continued[: x.size] - continued[lag : lag + x.size]) ** 2)) for lag in range(max_lag + 1)]


@pytest.mark.parametrize(("length", "max_lag"), [(2, 1), (50, 49), (128, 40), (333, 100)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_differences_are_sums_of_squares(length: int, max_lag: int, dtype: type, rng: np.random.Generator) -> None:
    frames = rng.standard_normal((length, 5)).astype(dtype)
    d = difference_function(frames, max_lag=max_lag)
    assert d.dtype == dtype
    expected = np.transpose([differences_by_hand(x.astype(np.float64), max_lag) for x in frames.T])
    np.testing.assert_allclose(d, expected, atol=(1e-12 if dtype is np.float64 else FLOAT32) * expected.max())


def test_normalised_differences_by_hand(rng: np.random.Generator) -> None:
    d = np.abs(rng.standard_normal((30, 4)))
    d[0] = 0
    d_prime = cumulative_mean_normalised_difference(d)
    np.testing.assert_array_equal(d_prime[0], 1)
    for lag in range(1, 30):
        np.testing.assert_allclose(d_prime[lag], d[lag] / np.mean(d[1 : lag + 1], axis=0), rtol=1e-12)


def test_loudness_does_not_matter_to_the_normalised_differences(rng: np.random.Generator) -> None:
    d = np.abs(rng.standard_normal((30, 4)))
    expected = cumulative_mean_normalised_difference(d)
    np.testing.assert_allclose(cumulative_mean_normalised_difference(1e-6 * d), expected, rtol=1e-12)


def test_layout_does_not_matter(rng: np.random.Generator) -> None:
    frames = rng.standard_normal((128, 6)).astype(np.float32)
    d = difference_function(frames, max_lag=40)
    np.testing.assert_array_equal(difference_function(np.asfortranarray(frames), max_lag=40), d)
    expected = cumulative_mean_normalised_difference(np.ascontiguousarray(d))
    np.testing.assert_array_equal(cumulative_mean_normalised_difference(np.asfortranarray(d)), expected)
    lags = first_dip(np.ascontiguousarray(expected), min_lag=2)
    np.testing.assert_array_equal(first_dip(np.asfortranarray(expected), min_lag=2), lags)
    y = rng.standard_normal(8000).astype(np.float32)
    np.testing.assert_array_equal(yin(np.repeat(y, 2)[::2], **SEARCH), yin(y, **SEARCH))


def column(*values: float) -> FloatArray:
    return np.array([values], dtype=np.float64).T


def test_the_first_dip_and_not_the_deepest() -> None:
    d_prime = column(1, 1.2, 0.6, 0.09, 0.5, 0.9, 0.01, 0.9)
    assert first_dip(d_prime, min_lag=1).tolist() == [3]
    assert first_dip(d_prime, min_lag=1, threshold=0.05).tolist() == [6]
    assert first_dip(d_prime, min_lag=4).tolist() == [6]


def test_a_dip_is_a_minimum_and_not_the_first_lag_under_the_threshold() -> None:
    assert first_dip(column(1, 0.9, 0.09, 0.05, 0.02, 0.07, 0.5), min_lag=1).tolist() == [4]


def test_without_a_deep_dip_the_smallest_value_counts() -> None:
    assert first_dip(column(1, 0.9, 0.5, 0.8, 0.3, 0.8), min_lag=1).tolist() == [4]
    assert first_dip(column(1, 0.9, 0.8, 0.7, 0.6, 0.1), min_lag=1).tolist() == [4]  # the last row is no candidate
    assert first_dip(column(1, 1, 1, 1), min_lag=1).tolist() == [1]


def test_of_a_flat_dip_the_first_lag_counts_and_a_value_on_the_threshold_is_not_under_it() -> None:
    assert first_dip(column(1, 0.9, 0.05, 0.05, 0.9, 0.01, 0.9), min_lag=1).tolist() == [2]
    assert first_dip(column(1, 0.9, 0.1, 0.5, 0.2, 0.09, 0.5), min_lag=1).tolist() == [5]


def test_each_frame_has_its_own_dip() -> None:
    lags = first_dip(np.hstack([column(1, 0.9, 0.05, 0.9, 0.9), column(1, 0.9, 0.8, 0.05, 0.9)]), min_lag=1)
    assert lags.tolist() == [2, 3]
    assert np.issubdtype(lags.dtype, np.integer)


def test_the_global_minimum_jumps_an_octave_down_and_the_first_dip_does_not() -> None:
    """d′ of a window that goes on with the signal, in a little noise: equally deep at T, 2T and 3T but for chance."""
    rng = np.random.default_rng(5)
    period, lags, window, frames = 50, 180, 500, 200
    x = np.sin(2 * np.pi * np.arange(window + lags) / period)[:, None] + 0.1 * rng.standard_normal((680, frames))
    d = np.stack([np.sum((x[:window] - x[lag : lag + window]) ** 2, axis=0) for lag in range(lags)])
    d_prime = cumulative_mean_normalised_difference(d)
    deepest = 20 + np.argmin(d_prime[20:], axis=0)
    assert np.mean(deepest > 1.5 * period) > 0.5
    assert np.all(np.abs(first_dip(d_prime, min_lag=20) - period) <= 3)


def test_the_parabola_finds_its_lowest_point(rng: np.random.Generator) -> None:
    at = rng.uniform(-0.5, 0.5, 100)
    bend = rng.uniform(0.1, 10, 100)
    offset = parabolic_offset(*(bend * (step - at) ** 2 + 3 for step in (-1, 0, 1)))
    np.testing.assert_allclose(offset, at, atol=1e-9)


def test_where_there_is_no_dip_there_is_no_offset() -> None:
    assert parabolic_offset(np.array([3.0, 1.0]), np.array([2.0, 1.0]), np.array([1.0, 1.0])).tolist() == [0, 0]


def by_hand(heights: list[float]) -> FloatArray:
    """The sum over the thresholds, one after the other."""
    probability = np.zeros(len(heights))
    for threshold, prior in zip(THRESHOLDS, THRESHOLD_PRIOR, strict=True):
        under = [i for i, height in enumerate(heights) if height < threshold]
        weights = np.exp(-2.0 * np.arange(len(under)))
        for i, weight in zip(under, weights / weights.sum(), strict=True):
            probability[i] += prior * weight
        if not under:
            probability[np.argmin(heights)] += NO_DIP_PROBABILITY * prior
    return probability


def test_dip_probabilities_by_hand(rng: np.random.Generator) -> None:
    frames = [rng.uniform(0, 1.3, size).tolist() for size in (1, 5, 2, 30, 1)] + [[1.5, 1.2], [0.0]]
    first = np.cumsum([0] + [len(heights) for heights in frames[:-1]])
    expected = np.concatenate([by_hand(heights) for heights in frames])
    np.testing.assert_allclose(dip_probabilities(np.concatenate(frames), first), expected, rtol=1e-12)


def test_the_prior_is_a_distribution_around_yins_threshold() -> None:
    assert THRESHOLD_PRIOR.sum() == pytest.approx(1)
    mean = float(THRESHOLD_PRIOR @ (THRESHOLDS - 0.005))
    assert mean == pytest.approx(0.1, abs=1e-3)  # 2 / (2 + 18)


@pytest.mark.parametrize("hz", [71.3, 110.0, 220.5, 440.0, 987.7])
def test_yin_measures_a_tone(hz: float) -> None:
    f0 = yin(harmonic_tone(hz, harmonics=8, seconds=1, sr=SR), **SEARCH)
    assert f0.shape == (1 + SR // 256,)
    # the window's bias towards short periods makes 6 cents at 71 Hz, the parabola 8 at 988 Hz (16 samples)
    assert np.max(cents_apart(f0[4:-4], hz)) < 10


@pytest.mark.parametrize("timbre", TIMBRES)
def test_pyin_follows_a_melody(timbre: str) -> None:
    song = melody([57, 60, None, 72, 55], beats=[1, 1, 1, 1, 1], bpm=120, sr=SR, timbre=timbre, vibrato_cents=30)
    track = pyin(song.y, **SEARCH)
    truth = song.f0_at(track.times)
    both = track.voiced & (truth > 0)
    assert np.mean(track.voiced == (truth > 0)) > 0.93  # a frame of 64 ms sounds beyond the edges of a note
    assert np.median(cents_apart(track.f0[both], truth[both])) < 5
    assert np.mean(cents_apart(track.f0[both], truth[both]) < 50) > 0.97
    assert np.all(np.isnan(track.f0) == ~track.voiced)


def test_pyin_is_finer_than_its_grid() -> None:
    """A pitch between two of the states, which are 10 cents apart: rounding alone would be 5 cents off."""
    hz = 70 * 2 ** ((320 + 0.5) / 120)
    track = pyin(harmonic_tone(hz, harmonics=8, seconds=1, sr=SR), **SEARCH)
    assert np.max(cents_apart(track.f0[4:-4], hz)) < 2


def test_a_leap_wider_than_the_band_is_followed() -> None:
    y = np.concatenate([harmonic_tone(hz, harmonics=8, seconds=0.5, sr=SR) for hz in (100, 880)])
    track = pyin(y, **SEARCH)
    assert track.f0[10] == pytest.approx(100, rel=0.005)
    assert track.f0[-10] == pytest.approx(880, rel=0.005)


def test_a_leap_between_two_frames_that_leave_no_doubt_costs_neither() -> None:
    """Nine semitones in a step of at most seven: a path that may never leave the band would lose a voiced frame."""
    y = np.sin(2 * np.pi * np.arange(10 * 1024) / np.repeat([10.0, 17.0], 5 * 1024))
    options: dict[str, Any] = {"sr": 32_000, "fmin": 1700, "fmax": 6000, "frame_length": 1024, "hop_length": 1024}
    expected = np.repeat([32_000 / 10, 32_000 / 17], 5)
    np.testing.assert_allclose(pyin(y, **options, center=False).f0, expected, rtol=0.01)


def test_times_are_the_middles_of_the_frames() -> None:
    y = harmonic_tone(200, harmonics=3, seconds=1, sr=SR)
    np.testing.assert_allclose(pyin(y, **SEARCH).times, np.arange(63) * 256 / SR, atol=1e-15)
    loose = pyin(y, **SEARCH, center=False)
    assert loose.f0.size == loose.voiced.size == loose.probability.size == loose.times.size == 1 + (SR - 1024) // 256
    assert loose.times[0] == 512 / SR
    np.testing.assert_allclose(yin(y, **SEARCH, center=False), yin(y, **SEARCH)[2:-2], rtol=1e-6)


def test_blocks_leave_no_seam(rng: np.random.Generator) -> None:
    song = melody([57, 60, 64, 57], beats=[1] * 4, bpm=60, sr=SR, timbre="string", vibrato_cents=40)
    y = song.y + 0.01 * rng.standard_normal(song.y.size).astype(np.float32)
    f0 = yin(y, **{**SEARCH, "hop_length": 64})
    assert f0.size > 2 * 256
    frames = frame(np.pad(y, 512), frame_length=1024, hop_length=64)
    for m in (254, 255, 256, 257, 511, 512):
        alone = yin(np.ascontiguousarray(frames[:, m]), **SEARCH, center=False)
        assert f0[m] == pytest.approx(alone[0], rel=FLOAT32)
    track = pyin(y, **{**SEARCH, "hop_length": 64})
    both = track.voiced & (song.f0_at(track.times) > 0)
    assert np.mean(both) > 0.95
    assert np.mean(cents_apart(track.f0[both], song.f0_at(track.times)[both]) < 50) > 0.95


def test_the_dtype_of_the_signal_makes_no_difference() -> None:
    y = melody([57, None, 60], beats=[1] * 3, bpm=120, sr=SR, timbre="voice").y
    single, double = (pyin(y.astype(dtype), **SEARCH) for dtype in (np.float32, np.float64))
    assert single.f0.dtype == double.f0.dtype == np.float64
    np.testing.assert_array_equal(single.voiced, double.voiced)
    np.testing.assert_allclose(single.f0, double.f0, rtol=1e-4)


def test_nothing_repeats_in_silence() -> None:
    track = pyin(np.zeros(8000, np.float32), **SEARCH)
    assert not track.voiced.any()
    assert not track.probability.any()
    assert np.isnan(track.f0).all()
    assert np.isnan(yin(np.zeros(8000, np.float32), **SEARCH)).all()


@pytest.mark.parametrize("offset", [1.0, 0.25, -0.1, 1e-4])
def test_a_constant_has_no_pitch(offset: float) -> None:
    assert not pyin(np.full(8000, offset, np.float32), **SEARCH).voiced.any()


def test_hiss_has_no_pitch(rng: np.random.Generator) -> None:
    assert pyin(0.1 * rng.standard_normal(SR), **SEARCH).voiced.mean() < 0.05


def test_a_clipped_tone_keeps_its_pitch() -> None:
    y = np.clip(5 * harmonic_tone(220, harmonics=5, seconds=0.5, sr=SR), -1, 1)
    assert np.median(pyin(y, **SEARCH).f0) == pytest.approx(220, rel=0.002)


def test_a_hop_longer_than_a_frame_and_a_signal_of_one_frame() -> None:
    y = harmonic_tone(220, harmonics=5, seconds=1, sr=SR)
    assert yin(y, **{**SEARCH, "hop_length": 3000}).shape == (6,)
    assert pyin(y, **{**SEARCH, "hop_length": 3000}).f0[2] == pytest.approx(220, rel=0.005)
    assert yin(y[:1024], **SEARCH, center=False) == pytest.approx([220], rel=0.005)
    assert pyin(y[:1024], **SEARCH, center=False).f0 == pytest.approx([220], rel=0.005)


def test_a_short_hop_still_lets_the_pitch_glide() -> None:
    """librosa rounds the fastest glide to whole semitones: at 16 samples 0, and the pitch could not move."""
    song = melody([60], beats=[1], bpm=240, sr=SR, timbre="string", vibrato_cents=200)
    track = pyin(song.y, **{**SEARCH, "hop_length": 16})
    inner = slice(50, -50)
    assert track.voiced[inner].all()
    assert np.ptp(hz_to_cents(track.f0[inner], ref=261.6)) > 300
    assert np.median(cents_apart(track.f0[inner], song.f0_at(track.times)[inner])) < 25  # 64 ms see a mean of the swing


@pytest.mark.parametrize("function", [yin, pyin])
def test_bad_signals_are_refused(function: Any, refuses: Any) -> None:
    with refuses("2 channels", "to_mono(y)"):
        function(np.zeros((2, 8000), np.float32), **SEARCH)
    with refuses("1 NaN or infinite"):
        function(np.array([0.0] * 8000 + [np.nan]), **SEARCH)
    with refuses("dtype int16", "signal.from_pcm"):
        function(np.zeros(8000, np.int16), **SEARCH)
    with refuses("empty"):
        function(np.zeros(0, np.float32), **SEARCH)
    for center in (True, False):
        with refuses("too short", "1023 of the 1024 samples"):
            function(np.zeros(1023, np.float32), **SEARCH, center=center)


@pytest.mark.parametrize("function", [yin, pyin])
def test_searches_that_cannot_be_are_refused(function: Any, refuses: Any) -> None:
    y = np.zeros(8000, np.float32)
    for fmin, fmax in ((float("nan"), 500), (70, np.inf), ("70", 500)):
        with refuses("must be a finite number"):
            function(y, sr=16_000, fmin=fmin, fmax=fmax, frame_length=1024, hop_length=256)
    for fmin, fmax in ((0, 500), (-50, 500), (500, 500), (600, 500), (70, 8001)):
        with refuses("0 < fmin < fmax ≤ sr / 2", "8000 Hz"):
            function(y, **{**SEARCH, "fmin": fmin, "fmax": fmax})
    with refuses("457 samples does not hold two periods of 70 Hz", "at least 458"):
        function(y, **{**SEARCH, "frame_length": 457})
    assert function(y, **{**SEARCH, "frame_length": 458}) is not None
    for name, count in (("hop_length", 0), ("frame_length", 0), ("frame_length", 1024.0), ("sr", 0), ("sr", 16e3)):
        with refuses(f"{name} is {count}"):
            function(y, **{**SEARCH, name: count})


def test_bad_thresholds_are_refused(refuses: Any) -> None:
    for threshold in (0, -0.1, 1.1, float("nan")):
        with refuses("threshold"):
            yin(np.zeros(8000, np.float32), **SEARCH, threshold=threshold)
        with refuses("threshold"):
            first_dip(column(1, 1, 1), min_lag=1, threshold=threshold)


def test_bad_parts_are_refused(refuses: Any) -> None:
    with refuses("no lag of 50"):
        difference_function(np.zeros((50, 2)), max_lag=50)
    with refuses("max_lag is 0"):
        difference_function(np.zeros((50, 2)), max_lag=0)
    with refuses("shape (50,)"):
        difference_function(np.zeros(50), max_lag=10)
    for wrong in (np.zeros(5), np.zeros((5, 1), int), [[1.0], [0.5]]):
        with refuses("(lags, frames)"):
            cumulative_mean_normalised_difference(wrong)  # type: ignore[arg-type]
        with refuses("(lags, frames)"):
            first_dip(wrong, min_lag=1)  # type: ignore[arg-type]
    for values in (column(0, np.nan), column(0, -1), column(0, np.inf), np.zeros((0, 3))):
        with refuses("empty or holds negative, NaN or infinite values"):
            cumulative_mean_normalised_difference(values)
    with refuses("min_lag is 4", "choose at most 3"):
        first_dip(column(1, 1, 1, 1, 1), min_lag=4)
    with refuses("min_lag is 0"):
        first_dip(column(1, 1, 1), min_lag=0)
    with refuses("(3,), (2,), (3,)"):
        parabolic_offset(np.zeros(3), np.zeros(2), np.zeros(3))
    for first in ([], [1], [0, 0], [0, 5], [0, 3, 2]):
        with refuses("rising"):
            dip_probabilities(np.zeros(5), np.array(first, int))
