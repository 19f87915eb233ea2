"""Right answers to the tasks of chapter 1b in other styles than the solution: ranges, decibels, other loops."""

from __future__ import annotations

import math

import numpy as np

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 1b.1 how many frames


@alternative(task="stft_frame_count")
def starts_listed(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    last_start = samples + (n_fft // 2 * 2 if center else 0) - n_fft
    return len(range(0, last_start + 1, hop_length))


@alternative(task="stft_frame_count")
def moved_along(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    """Push a frame along until its end leaves the sound."""
    first, end = (-(n_fft // 2), samples + n_fft // 2) if center else (0, samples)
    frames = 0
    while first + n_fft <= end:
        frames += 1
        first += hop_length
    return frames


@alternative(task="stft_frame_count")
def cut_out_with_numpy(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    y = np.pad(np.zeros(samples, dtype=bool), n_fft // 2 if center else 0)
    if y.size < n_fft:
        return 0
    return int(np.lib.stride_tricks.sliding_window_view(y, n_fft)[::hop_length].shape[0])


# ---------------------------------------------------------------- 1b.2 dB relative to full scale


@alternative(task="magnitude_dbfs")
def decibels_added(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    """The factors are constants, so in dB they are sums; 6.02 dB are taken back at the edges."""
    level = np.full(magnitude.shape, -np.inf)
    np.log10(magnitude, out=level, where=magnitude > 0, dtype=np.float64)
    level = 20 * level + 20 * math.log10(2 / math.fsum(window.tolist()))
    level[0] -= 20 * math.log10(2)
    level[n_fft // 2] -= 20 * math.log10(2)
    return np.where(level < -100, -100.0, level)


@alternative(task="magnitude_dbfs")
def weights_by_matrix(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    mirror = np.diag([1.0] + [2.0] * (n_fft // 2 - 1) + [1.0])
    return 20 * np.log10((mirror @ magnitude / np.sum(window, dtype=float)).clip(min=1e-5))


@alternative(task="magnitude_dbfs")
def number_by_number(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    """Through the power, 10·log10."""
    total = float(sum(window.tolist()))
    out = np.empty(magnitude.shape)
    for (row, frame), value in np.ndenumerate(magnitude):
        amplitude = float(value) / total if row in (0, n_fft // 2) else 2 * float(value) / total
        out[row, frame] = 10 * math.log10(max(amplitude**2, 1e-10))
    return out


# ---------------------------------------------------------------- 1b.3 overlap and add


@alternative(task="resynthesise")
def counted_places(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    """Every value knows its sample; np.bincount adds up what meets."""
    length, count = frames.shape
    place = (np.arange(length)[:, None] + hop_length * np.arange(count)).ravel()
    weight = np.repeat(window.astype(np.float64), count)
    samples = length + (count - 1) * hop_length
    total = np.bincount(place, weights=weight * frames.ravel(), minlength=samples)
    squares = np.bincount(place, weights=weight**2, minlength=samples)
    return np.where(squares > 0, total / np.where(squares > 0, squares, 1), 0)


@alternative(task="resynthesise")
def position_by_position(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    """Loop over the places within a frame instead of over the frames."""
    count = frames.shape[1]
    reach = (count - 1) * hop_length + 1
    above = np.zeros(len(window) + reach - 1)
    below = np.zeros_like(above)
    for n, weight in enumerate(window.astype(float)):
        above[n : n + reach : hop_length] += weight * frames[n]
        below[n : n + reach : hop_length] += weight * weight
    above[below == 0], below[below == 0] = 0, 1
    return above / below


@alternative(task="resynthesise")
def nonzero_only(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    """For each sample, ask which frames reach it."""
    length, count = frames.shape
    y = np.zeros(length + (count - 1) * hop_length)
    for n in range(len(y)):
        first = max(0, -((length - 1 - n) // hop_length))
        m = np.arange(first, min(count - 1, n // hop_length) + 1)
        weights = window[n - m * hop_length].astype(float)
        if weights.any():
            y[n] = weights @ frames[n - m * hop_length, m] / (weights @ weights)
    return y
