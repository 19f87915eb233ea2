"""Frames: the same as librosa's, never a copy, and no sample lost where none should be."""

from typing import Any

import librosa
import numpy as np
import pytest

from audiocourse.signal import frame, frame_count, frame_times, pad_to_frames

SIZES = [(400, 160, 16_000), (3, 2, 5), (3, 2, 6), (7, 7, 21), (5, 9, 100), (1, 1, 1), (8, 3, 8)]


@pytest.mark.parametrize(("frame_length", "hop_length", "samples"), SIZES)
def test_frames_equal_librosas(frame_length: int, hop_length: int, samples: int, rng: np.random.Generator) -> None:
    y = rng.standard_normal(samples).astype(np.float32)
    frames = frame(y, frame_length=frame_length, hop_length=hop_length)
    np.testing.assert_array_equal(frames, librosa.util.frame(y, frame_length=frame_length, hop_length=hop_length))
    assert frames.shape[1] == frame_count(samples, frame_length=frame_length, hop_length=hop_length)


def test_frames_are_a_read_only_view() -> None:
    y = np.zeros(1000, np.float32)
    frames = frame(y, frame_length=400, hop_length=160)
    assert np.shares_memory(frames, y)
    with pytest.raises(ValueError, match="read-only"):
        frames[0, 0] = 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_memory_layout_and_dtype_do_not_matter(dtype: type, rng: np.random.Generator) -> None:
    y = rng.standard_normal(1000).astype(dtype)
    scattered = np.asfortranarray(np.stack([y, -y], axis=1))[:, 0]
    every_second = np.repeat(y, 2)[::2]
    expected = frame(y, frame_length=40, hop_length=16)
    assert expected.dtype == dtype
    for other in (scattered, every_second):
        np.testing.assert_array_equal(frame(other, frame_length=40, hop_length=16), expected)


def test_bad_frames_are_refused(refuses: Any) -> None:
    y = np.zeros(100, np.float32)
    with refuses("too short", "100 of the 101 samples"):
        frame(y, frame_length=101, hop_length=10)
    with refuses("2 channels", "to_mono(y)"):
        frame(np.zeros((2, 100), np.float32), frame_length=10, hop_length=10)
    for hop in (0, -10, 2.5):  # a negative hop would run backwards in time without a word
        with refuses("hop_length", "whole number"):
            frame(y, frame_length=10, hop_length=hop)
    with refuses("frame_length", "whole number"):
        frame(y, frame_length=0, hop_length=10)


def test_no_frame_fits_a_signal_that_is_too_short(refuses: Any) -> None:
    assert frame_count(1, frame_length=400, hop_length=160) == 0
    assert frame_count(399, frame_length=400, hop_length=160) == 0
    assert frame_count(400, frame_length=400, hop_length=160) == 1
    with refuses("samples"):
        frame_count(0, frame_length=400, hop_length=160)


def test_times_are_the_centres_of_frames() -> None:
    times = frame_times(4, frame_length=400, hop_length=160, sr=16_000)
    np.testing.assert_allclose(times, [0.0125, 0.0225, 0.0325, 0.0425], rtol=0, atol=1e-12)  # float64 rounding only
    np.testing.assert_allclose(
        times, librosa.frames_to_time(np.arange(4), sr=16_000, hop_length=160, n_fft=400), rtol=0, atol=1e-12
    )


def test_time_finds_a_click(rng: np.random.Generator) -> None:
    at = int(rng.integers(1000, 15_000))
    y = np.zeros(16_000, np.float32)
    y[at] = 1
    frames = frame(y, frame_length=401, hop_length=1)
    times = frame_times(frames.shape[1], frame_length=401, hop_length=1, sr=16_000)
    centre = np.mean(times[frames.any(axis=0)])
    assert abs(centre - (at + 0.5) / 16_000) < 1e-9  # sample n lasts from n / sr to (n + 1) / sr


def test_times_of_no_frames_and_bad_times(refuses: Any) -> None:
    assert frame_times(0, frame_length=4, hop_length=2, sr=8000).shape == (0,)
    for frames in (-1, 2.0, np.zeros((4, 3))):
        with refuses("frames is the number of frames", "frame_count"):
            frame_times(frames, frame_length=4, hop_length=2, sr=8000)
    with refuses("sr is 0"):
        frame_times(3, frame_length=4, hop_length=2, sr=0)


@pytest.mark.parametrize("samples", [1, 399, 400, 401, 559, 560, 561, 16_000])
def test_padding_keeps_every_sample_and_adds_less_than_a_hop(samples: int, rng: np.random.Generator) -> None:
    y = rng.uniform(0.1, 1, samples).astype(np.float32)  # no zeros, so that the padding can be told apart
    padded = pad_to_frames(y, frame_length=400, hop_length=160)
    frames = frame(padded, frame_length=400, hop_length=160)
    assert padded.dtype == y.dtype
    np.testing.assert_array_equal(padded[:samples], y)
    assert not padded[samples:].any()
    assert frames[-1, -1] == padded[-1]  # the last frame ends with the last sample: nothing is left out
    assert len(padded) - samples < 160 or len(padded) == 400


def test_padding_copies_and_refuses(refuses: Any) -> None:
    y = np.ones(4, np.float32)
    assert not np.shares_memory(pad_to_frames(y, frame_length=4, hop_length=2), y)
    with refuses("hop of 5 jumps over samples", "at most 4"):
        pad_to_frames(y, frame_length=4, hop_length=5)
    with refuses("2 channels"):
        pad_to_frames(np.ones((2, 9), np.float32), frame_length=4, hop_length=2)
