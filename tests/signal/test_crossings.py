"""Zero crossings: librosa's count, the order of sounds, and nothing that an offset could change."""

from typing import Any

import librosa
import numpy as np
import pytest
from scipy.signal import lfilter

from audiocourse.signal import FloatArray, frame, remove_dc, zero_crossing_rate

SR = 16_000


def vowel(rng: np.random.Generator) -> FloatArray:
    """One second of pulses at 120 Hz through resonances at 700, 1220 and 2600 Hz, with a little breath."""
    y = 0.02 * rng.standard_normal(SR)
    y[:: SR // 120] += 1
    for hz, width in ((700, 130), (1220, 70), (2600, 160)):
        radius = np.exp(-np.pi * width / SR)
        y = lfilter([1], [1, -2 * radius * np.cos(2 * np.pi * hz / SR), radius**2], y)
    return (0.5 * y / np.max(np.abs(y))).astype(np.float32)


def cut(y: FloatArray) -> FloatArray:
    return frame(y, frame_length=400, hop_length=160)


def test_crossings_equal_librosas(rng: np.random.Generator) -> None:
    frames = remove_dc(cut(rng.standard_normal(SR).astype(np.float32)))
    counts = np.sum(librosa.zero_crossings(frames, axis=0, pad=False, threshold=0), axis=0)
    # The first sample has no neighbour before it: a frame of N samples has N - 1 pairs.
    np.testing.assert_allclose(zero_crossing_rate(frames), counts / 399, rtol=1e-6)  # float32


def test_rate_equals_librosas_but_for_the_divisor(rng: np.random.Generator) -> None:
    y = rng.choice([-0.5, 0.5], SR).astype(np.float32)  # its sign is the same with and without the frame's small mean
    theirs = librosa.feature.zero_crossing_rate(y, frame_length=400, hop_length=160, center=False)[0]
    # librosa divides the same count by N, so that even (+, −, +, −, …) never reads 1.
    np.testing.assert_allclose(zero_crossing_rate(cut(y)), theirs * 400 / 399, rtol=1e-6)


def test_alternating_signs_read_one_and_silence_reads_zero() -> None:
    alternating = np.resize([0.5, -0.5], 400)
    frames = np.stack([alternating, np.zeros(400), np.full(400, 0.1), np.full(400, -0.1)], axis=1).astype(np.float32)
    np.testing.assert_array_equal(zero_crossing_rate(frames), [1, 0, 0, 0])
    np.testing.assert_array_equal(zero_crossing_rate(frames, remove_mean=False), [1, 0, 0, 0])


def test_zero_counts_as_positive() -> None:
    frames = np.array([[1.0], [0.0], [0.0], [-1.0], [0.0]])  # mean 0; signs + + + − +
    assert zero_crossing_rate(frames) == pytest.approx([0.5])


def test_a_sine_crosses_twice_a_period(tone: Any) -> None:
    frames = frame(tone(440.0), frame_length=SR, hop_length=SR)
    assert zero_crossing_rate(frames)[0] == pytest.approx(2 * 440 / SR, abs=2 / SR)  # ± the two ends


def test_order_of_sounds(tone: Any, rng: np.random.Generator) -> None:
    hum, hiss = tone(100.0), (0.1 * rng.standard_normal(SR)).astype(np.float32)
    rates = [float(np.median(zero_crossing_rate(cut(y)))) for y in (hum, vowel(rng), hiss)]
    assert rates[0] < 0.02 < rates[1] < 0.2 < 0.45 < rates[2] < 0.55  # 2 · 100 / 16000; formants; a fair coin
    assert rates == sorted(rates)


@pytest.mark.parametrize("offset", [0.3, -0.05, 0.001])
def test_an_offset_changes_nothing(offset: float, rng: np.random.Generator) -> None:
    for y in (vowel(rng).astype(np.float64), 0.01 * rng.standard_normal(SR)):
        np.testing.assert_array_equal(zero_crossing_rate(cut(y + offset)), zero_crossing_rate(cut(y)))


def test_without_removing_the_mean_an_offset_hides_everything(rng: np.random.Generator) -> None:
    frames = cut(0.01 * rng.standard_normal(SR) + 0.3)
    assert not zero_crossing_rate(frames, remove_mean=False).any()
    assert np.all(zero_crossing_rate(frames) > 0.4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_means_are_removed_frame_by_frame(dtype: type, rng: np.random.Generator) -> None:
    frames = (rng.standard_normal((400, 9)) + np.arange(9)).astype(dtype)
    before = frames.copy()
    centred = remove_dc(frames)
    assert centred.dtype == zero_crossing_rate(frames).dtype == dtype
    np.testing.assert_allclose(centred.mean(axis=0), 0, atol=1e-6 if dtype == np.float32 else 1e-14)  # rounding at 8
    np.testing.assert_allclose(np.diff(centred, axis=0), np.diff(frames, axis=0), atol=2e-6)
    np.testing.assert_array_equal(frames, before)
    np.testing.assert_array_equal(zero_crossing_rate(np.asfortranarray(frames)), zero_crossing_rate(frames))


@pytest.mark.parametrize("function", [remove_dc, zero_crossing_rate])
def test_frames_are_required(function: Any, refuses: Any) -> None:
    with refuses("(frame_length, frames)", "frame(y"):
        function(np.zeros(400, np.float32))


def test_one_sample_has_no_neighbour(refuses: Any) -> None:
    with refuses("one sample", "at least 2"):
        zero_crossing_rate(np.zeros((1, 5), np.float32))
