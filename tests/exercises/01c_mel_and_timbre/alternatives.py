"""Right answers to the tasks of chapter 1c in other styles than the solution: np.interp, splines, the FFT, loops."""

from __future__ import annotations

import itertools
import math

import numpy as np
import scipy.fft
from scipy.interpolate import BSpline

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 1c.1 triangles


@alternative(task="mel_triangles")
def between_three_points(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.array([np.interp(frequencies, edges[b : b + 3], [0, 1, 0]) for b in range(len(edges) - 2)])


@alternative(task="mel_triangles")
def case_by_case(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    heights = np.zeros((len(edges) - 2, len(frequencies)))
    for b, k in np.ndindex(heights.shape):
        left, top, right = (float(edge) for edge in edges[b : b + 3])
        f = float(frequencies[k])
        if left < f <= top:
            heights[b, k] = (f - left) / (top - left)
        elif top < f < right:
            heights[b, k] = (right - f) / (right - top)
    return heights


@alternative(task="mel_triangles")
def linear_splines(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """A triangle is the B-spline of degree 1 over three knots."""
    splines = (BSpline.basis_element(edges[b : b + 3].astype(float), extrapolate=False) for b in range(len(edges) - 2))
    return np.stack([np.nan_to_num(spline(frequencies.astype(float))) for spline in splines])


# ---------------------------------------------------------------- 1c.2 cepstrum


@alternative(task="cepstrum")
def by_the_library(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scipy.fft.dct(levels.astype(np.float64), axis=0, norm="ortho")[:n]


@alternative(task="cepstrum")
def mirrored_and_transformed(levels: np.ndarray, *, n: int) -> np.ndarray:
    """A curve and its mirror image have a Fourier transform of cosines only, up to a turn by half a band."""
    bands = len(levels)
    i = np.arange(n)[:, None]
    spectrum = np.fft.fft(np.concatenate([levels, levels[::-1]]), axis=0)[:n]
    sums = np.real(spectrum * np.exp(-0.5j * np.pi * i / bands)) / 2
    sums[0] /= math.sqrt(2)
    return sums * math.sqrt(2 / bands)


@alternative(task="cepstrum")
def the_formula(levels: np.ndarray, *, n: int) -> np.ndarray:
    bands, frames = levels.shape
    out = np.zeros((n, frames))
    for i in range(n):
        for b in range(bands):
            out[i] += levels[b] * math.cos(math.pi * i * (b + 0.5) / bands)
        out[i] *= math.sqrt((2 if i else 1) / bands)
    return out


# ---------------------------------------------------------------- 1c.3 rolloff


@alternative(task="spectral_rolloff")
def bisection(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    out = np.zeros(magnitude.shape[1])
    for m, column in enumerate(magnitude.T.astype(np.float64)):
        running = np.cumsum(column * column if of == "energy" else column)
        if running[-1] > 0:
            out[m] = frequencies[np.searchsorted(running, share * running[-1], side="left")]
    return out


@alternative(task="spectral_rolloff")
def rows_not_there_yet(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    """Count the rows at which the sum is still too small; a matrix of ones below the diagonal adds up."""
    exponent = {"magnitude": 1, "energy": 2}[of]
    running = np.tri(len(frequencies)) @ np.power(magnitude, exponent, dtype=np.float64)
    missing = np.sum(running < share * running[-1], axis=0)
    return np.where(magnitude.any(axis=0), frequencies[missing], 0)


@alternative(task="spectral_rolloff")
def frame_by_frame(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    def rolloff(column: list[float]) -> float:
        running = list(itertools.accumulate(value**2 if of == "energy" else value for value in column))
        if running[-1] == 0:
            return 0.0
        pairs = zip(running, frequencies.tolist(), strict=True)
        return next(hz for reached, hz in pairs if reached >= share * running[-1])

    return np.array([rolloff(column) for column in magnitude.T.astype(float).tolist()], dtype=float)
