"""Right answers to the tasks of chapter 1d in other styles than the solution: masks, circles, tables, matrices."""

from __future__ import annotations

import math

import numpy as np
import scipy.linalg

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 1d.1 the first dip


@alternative(task="first_dip")
def all_frames_at_once(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    before, here, after = d_prime[min_lag - 1 : -2], d_prime[min_lag:-1], d_prime[min_lag + 1 :]
    good = (before > here) & (here <= after) & (here < threshold)
    return min_lag + np.where(good.any(axis=0), good.argmax(axis=0), here.argmin(axis=0))


@alternative(task="first_dip")
def walk_along(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    answer = np.zeros(d_prime.shape[1], dtype=np.int64)
    for m in range(d_prime.shape[1]):
        best = min_lag
        for lag in range(min_lag, d_prime.shape[0] - 1):
            value = d_prime[lag, m]
            if value < threshold and d_prime[lag - 1, m] > value and not value > d_prime[lag + 1, m]:
                best = lag
                break
            if value < d_prime[best, m]:
                best = lag
        answer[m] = best
    return answer


@alternative(task="first_dip")
def backwards_and_overwritten(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    """From the last lag to the first: what is written last stays."""
    lags = len(d_prime)
    answer = min_lag + np.argmin(d_prime[min_lag : lags - 1], axis=0)
    slope = np.diff(d_prime, axis=0)
    for lag in range(lags - 2, min_lag - 1, -1):
        answer[(slope[lag - 1] < 0) & (slope[lag] >= 0) & (d_prime[lag] < threshold)] = lag
    return answer


# ---------------------------------------------------------------- 1d.2 pitch classes


@alternative(task="pitch_class")
def into_one_octave(hz: np.ndarray) -> np.ndarray:
    """Double or halve until it lies in one octave, then take the nearest of thirteen notes."""
    classes = []
    for f in hz.tolist():
        while f < 254.0:
            f *= 2
        while f >= 508.0:
            f /= 2
        distances = [abs(f - 440.0 * 2 ** ((note - 69) / 12)) for note in range(60, 73)]
        classes.append(distances.index(min(distances)) % 12)
    return np.array(classes, dtype=int)


@alternative(task="pitch_class")
def on_a_circle(hz: np.ndarray) -> np.ndarray:
    """An octave is once around; the nearest of twelve points is the one with the largest projection."""
    turned = np.exp(2j * np.pi * np.log2(np.asarray(hz, dtype=np.float64) / 440.0))
    points = np.exp(2j * np.pi * (np.arange(12) - 9) / 12)
    return np.argmax(np.real(np.conj(turned)[:, None] * points), axis=1)


@alternative(task="pitch_class")
def whole_semitones_above_c(hz: np.ndarray) -> np.ndarray:
    lowest_c = 440.0 * 2.0 ** (-69 / 12)
    return np.array([math.floor(12 * math.log(f / lowest_c, 2) + 0.5) % 12 for f in hz.tolist()], dtype=np.int64)


# ---------------------------------------------------------------- 1d.3 tempo


@alternative(task="dominant_bpm")
def number_by_number(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    values = strength.astype(float).tolist()
    mean = math.fsum(values) / len(values)
    x = [value - mean for value in values]
    best, tempo = -math.inf, math.nan
    for lag in range(1, len(x)):
        if slowest <= 60 * frame_rate / lag <= fastest:
            r = math.fsum(a * b for a, b in zip(x, x[lag:], strict=False))
            if r > best:
                best, tempo = r, 60 * frame_rate / lag
    return tempo


@alternative(task="dominant_bpm")
def all_lags_at_once(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    """Correlate everything with everything, then rule out the lags that are not allowed."""
    x = strength.astype(np.float64) - np.mean(strength, dtype=np.float64)
    r = np.correlate(x, x, mode="full")[len(x) - 1 :]
    tempos = 60 * frame_rate / np.maximum(np.arange(len(x)), 1e-9)
    r[(tempos < slowest) | (tempos > fastest)] = -np.inf
    return float(tempos[np.argmax(r)])


@alternative(task="dominant_bpm")
def moved_copies_as_matrix(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    """Row l of a Hankel matrix is the curve moved by l; times the curve itself, all sums at once."""
    x = np.subtract(strength, strength.mean(dtype=float), dtype=float)
    r = scipy.linalg.hankel(x) @ x
    candidates = [(-r[lag], lag) for lag in range(1, len(x)) if slowest <= 60 * frame_rate / lag <= fastest]
    return 60 * frame_rate / min(candidates)[1]
