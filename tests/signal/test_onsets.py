"""Onset strength, its peaks, and when they are."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import mir_eval
import numpy as np
import pytest

from audiocourse.require import require_strength
from audiocourse.signal import FloatArray
from audiocourse.signal.onsets import frames_to_seconds, onset_frames, onset_strength, onset_times, pick_peaks
from audiocourse.sounds.music.drums import PATTERNS, clicks_at, drum_loop

SR = 22_050
PEAKS = {"pre_max": 1, "post_max": 2, "pre_avg": 1, "post_avg": 2, "delta": 0.0, "wait": 0}


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def strength_of(y: FloatArray, hop: int = 512, n_fft: int = 2048) -> FloatArray:
    return onset_strength(y, sr=SR, n_fft=n_fft, hop_length=hop)


@pytest.mark.parametrize(("n_fft", "hop"), [(2048, 512), (2048, 256), (1024, 441), (512, 512)])
def test_the_strength_is_largest_where_a_click_is(n_fft: int, hop: int) -> None:
    times = np.array([0.4, 1.1, 1.7])
    strength = strength_of(clicks_at(times, seconds=2, sr=SR), hop, n_fft)
    assert strength.size == 1 + 2 * SR // hop
    loudest = np.sort(pick_peaks(strength, **{**PEAKS, "pre_max": 5, "post_max": 6, "delta": 1.0}))
    assert loudest * hop / SR == pytest.approx(times, abs=1.5 * hop / SR)  # frame and shift are rounded


def test_only_rises_count() -> None:
    """A tone that starts at 0.5 s and dies away from 0.8 to 1.2 s is an onset once."""
    time = np.arange(2 * SR) / SR
    envelope = (time >= 0.5) * np.interp(time, [0.8, 1.2], [1, 0])
    strength = strength_of((0.5 * envelope * np.sin(2 * np.pi * 1000 * time)).astype(np.float32))
    assert strength.min() == 0
    assert strength.argmax() == pytest.approx(0.5 * SR / 512, abs=1.5)
    assert strength[round(0.7 * SR / 512) :].max() < 0.05 * strength.max()


def test_the_level_does_not_matter_and_the_type_stays(rng: np.random.Generator) -> None:
    y = drum_loop(120, bars=1, sr=SR, rng=rng).y
    double = strength_of(y.astype(np.float64))
    assert double.dtype == np.float64
    assert strength_of(y).dtype == np.float32
    assert strength_of(y) == pytest.approx(double, abs=1e-3)  # decibels of float32 powers
    assert strength_of(0.25 * y.astype(np.float64)) == pytest.approx(double, abs=1e-9)


def test_the_mean_hears_one_band_and_the_median_does_not() -> None:
    time = np.arange(2 * SR) / SR
    swelling = np.interp(time, [0.5, 0.6], [0, 0.5])  # slow enough to make no click
    tone = swelling * np.sin(2 * np.pi * 1000 * time)
    hiss = np.random.default_rng(6).normal(0, 1e-3, time.size)
    by_mean, by_median = (
        onset_strength(tone + hiss, sr=SR, n_fft=2048, hop_length=512, average=average)
        for average in ("mean", "median")
    )
    around = slice(round(0.5 * SR / 512) - 2, round(0.7 * SR / 512))
    assert by_mean[around].max() > 1.1 * np.delete(by_mean, np.r_[around]).max()
    assert by_median[around].max() < 1.1 * np.delete(by_median, np.r_[around]).max()


def test_silence_and_a_constant_have_no_onset_but_their_start() -> None:
    assert not strength_of(np.zeros(SR, dtype=np.float32)).any()
    assert onset_frames(np.zeros(50), sr=SR, hop_length=512).size == 0
    assert onset_frames(np.full(50, 3.0), sr=SR, hop_length=512).size == 0
    constant = strength_of(np.full(SR, 0.5, dtype=np.float32))
    assert np.flatnonzero(constant > 0.01 * constant.max()).max() <= 4  # the start, where 0 becomes 0.5


@pytest.mark.parametrize("samples", [1, 100, 511, 512, 2047, 2048, 2049])
def test_short_signals(samples: int, rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, samples).astype(np.float32)
    strength = strength_of(y)
    assert strength.shape == (1 + samples // 512,)
    assert np.isfinite(strength).all()
    assert onset_times(strength, sr=SR, hop_length=512).size <= 1


def test_a_hop_longer_than_the_window(rng: np.random.Generator) -> None:
    strength = onset_strength(rng.uniform(-1, 1, SR), sr=SR, n_fft=512, hop_length=1000, n_mels=40)
    assert strength.shape == (23,)
    assert np.isfinite(strength).all()


def test_order_in_memory_does_not_matter(rng: np.random.Generator) -> None:
    both = rng.uniform(-1, 1, (2, 5000)).astype(np.float32)
    every_other = np.repeat(both[0], 2)[::2]
    assert np.array_equal(strength_of(both[0]), strength_of(every_other))
    assert np.array_equal(strength_of(both[0]), strength_of(np.asfortranarray(both)[0]))


def test_a_hop_of_256_gives_the_times_of_a_hop_of_512(rng: np.random.Generator) -> None:
    """The classic defect is to forget the hop: then the times double."""
    made = drum_loop(100, bars=4, sr=SR, rng=rng)
    fine = onset_times(strength_of(made.y, 256), sr=SR, hop_length=256)
    coarse = onset_times(strength_of(made.y, 512), sr=SR, hop_length=512)
    assert fine.size == coarse.size
    assert np.abs(fine - coarse).max() <= 1.01 * 512 / SR


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("bpm", [70, 100, 140])
def test_onsets_of_drums(pattern: str, bpm: float, rng: np.random.Generator) -> None:
    made = drum_loop(bpm, bars=8, sr=SR, rng=rng, pattern=pattern)
    noisy = made.y + rng.normal(0, 1e-3, made.y.size).astype(np.float32)  # −60 dB re full scale
    for y in (made.y, noisy):
        found = onset_times(strength_of(y), sr=SR, hop_length=512)
        assert mir_eval.onset.f_measure(made.onsets, found, window=0.05)[0] >= 0.95


def test_more_delta_fewer_onsets(rng: np.random.Generator) -> None:
    strength = strength_of(drum_loop(100, bars=4, sr=SR, rng=rng).y)
    counts = [onset_frames(strength, sr=SR, hop_length=512, delta=delta).size for delta in (0.0, 0.07, 0.3, 1.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 0


def test_a_peak_is_highest_stands_out_and_waits() -> None:
    x = np.array([0, 2, 1, 0, 3, 0, 2.5, 0])
    assert pick_peaks(x, **PEAKS).tolist() == [1, 4, 6]
    assert pick_peaks(x, **{**PEAKS, "wait": 2}).tolist() == [1, 4]  # 6 comes 2 after 4, not more
    assert pick_peaks(x, **{**PEAKS, "wait": 1}).tolist() == [1, 4, 6]
    assert pick_peaks(x, **{**PEAKS, "delta": 1.5}).tolist() == [4, 6]
    assert pick_peaks(x, **{**PEAKS, "pre_max": 2}).tolist() == [1, 4]
    assert pick_peaks(x, **{**PEAKS, "post_max": 3}).tolist() == [1, 4, 6]
    assert pick_peaks(x, **{**PEAKS, "post_max": 4}).tolist() == [4, 6]


def test_frames_become_seconds() -> None:
    frames = np.array([[0, 1], [100, 43]])
    assert frames_to_seconds(frames, hop_length=441, sr=44_100) == pytest.approx(frames / 100)


BAD_STRENGTHS = [
    ([0.0, 1.0], "list"),
    (np.array([0, 1, 0]), "int64"),
    (np.array([0, 1j]), "complex128"),
    (np.zeros((2, 9)), "(2, 9)"),
    (np.zeros(0), "(0,)"),
    (np.array([0.0, np.nan]), "frame 1"),
    (np.array([np.inf, 0.0]), "frame 0"),
]


@pytest.mark.parametrize(("strength", "word"), BAD_STRENGTHS)
def test_strengths_that_cannot_be(strength: Any, word: str, refuses: Any) -> None:
    for take in (
        require_strength,
        lambda o: pick_peaks(o, **PEAKS),
        lambda o: onset_frames(o, sr=SR, hop_length=512),
        lambda o: onset_times(o, sr=SR, hop_length=512),
    ):
        with refuses("onset strength", word):
            take(strength)


BAD_SIGNALS = [
    (np.zeros((2, SR), dtype=np.float32), "channels"),
    (np.zeros(SR, dtype=np.int16), "int16"),
    (np.full(SR, np.nan, dtype=np.float32), "NaN"),
    (np.zeros(0, dtype=np.float32), "empty"),
]


@pytest.mark.parametrize(("y", "word"), BAD_SIGNALS)
def test_signals_that_cannot_be(y: Any, word: str, refuses: Any) -> None:
    with refuses(word):
        strength_of(y)


def test_options_that_cannot_be(refuses: Any) -> None:
    o = np.array([0.0, 1.0, 0.0])
    for name in ("post_max", "post_avg"):
        with refuses(name):
            pick_peaks(o, **{**PEAKS, name: 0})
    for name in ("pre_max", "pre_avg", "wait"):
        for value in (-1, 1.5, True):
            with refuses(name, "whole"):
                pick_peaks(o, **{**PEAKS, name: value})
    for delta in (-0.1, float("nan"), float("inf"), "0"):
        with refuses("delta"):
            onset_frames(o, sr=SR, hop_length=512, delta=delta)
        with refuses("delta"):
            onset_frames(np.zeros(3), sr=SR, hop_length=512, delta=delta)
    for options in ({"sr": 0, "hop_length": 512}, {"sr": SR, "hop_length": 0}, {"sr": SR, "hop_length": 512.0}):
        with refuses("whole number"):
            onset_times(o, **options)
        with refuses("whole number"):
            frames_to_seconds(np.array([1]), **options)
    for frames in ([1, 2], np.array([1.0])):
        with refuses("frame numbers"):
            frames_to_seconds(frames, hop_length=512, sr=SR)
    for options in ({"n_fft": 0, "hop_length": 512}, {"n_fft": 512, "hop_length": 0}):
        with refuses("whole number"):
            onset_strength(np.zeros(SR), sr=SR, **options)
    with refuses("average", "median"):
        onset_strength(np.zeros(SR), sr=SR, n_fft=512, hop_length=512, average="max")
