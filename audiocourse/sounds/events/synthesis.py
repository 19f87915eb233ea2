"""The building blocks of synthetic events: harmonics along a contour, noise with a spectrum, decaying modes.

Filters are causal, so nothing sounds before it happens. Frequencies above 0.45 · sr are left out, so nothing aliases.
"""

from collections.abc import Callable, Sequence

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from audiocourse.signal import ComplexArray, FloatArray

Parameters = dict[str, float | str]
Generated = tuple[FloatArray, Parameters]  # an event and the parameters drawn for it
Response = Callable[[NDArray[np.float64]], FloatArray | ComplexArray]
Amplitude = Callable[[int, FloatArray], float | FloatArray]  # of harmonic k, which is at hz

HIGHEST = 0.45  # of the sampling rate

_TAIL = 0.5  # seconds of silence after a sound while it is filtered


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number whose logarithm is uniform, as frequencies and decays are best drawn.

    low · (high / low)^u, u uniform in [0, 1)

    Examples
    --------
    >>> 100 <= log_uniform(np.random.default_rng(1), 100, 1000) < 1000
    True
    """
    return float(low * (high / low) ** rng.random())


def low_pass(hz: FloatArray, cutoff: float, order: int = 1) -> ComplexArray:
    """Return the complex, causal response of `order` RC low-passes in a row: (1 + j · f / f_c)^−order.

    f = hz [shape=(bins,)] and f_c = cutoff are in Hz.
    """
    return np.asarray((1 + 1j * hz / cutoff) ** -order)


def high_pass(hz: FloatArray, cutoff: float, order: int = 1) -> ComplexArray:
    """Return the complex, causal response of `order` RC high-passes in a row: (1 − j · f_c / f)^−order, 0 at 0 Hz.

    f = hz [shape=(bins,)] and f_c = cutoff are in Hz.
    """
    part = 1j * hz / cutoff
    return np.asarray((part / (1 + part)) ** order)


def resonances(hz: FloatArray, formants: Sequence[tuple[float, float, float]], floor: float = 0.02) -> FloatArray:
    """Return the gain of a resonating tube or box: floor + Σ a / (1 + ((f − F) / B)²).

    f = hz [shape=(bins,)]; formants are triples (F, B, a), with F and B in Hz.
    """
    gain = np.full(hz.shape, floor)
    for centre, width, peak in formants:
        gain += peak / (1 + ((hz - centre) / width) ** 2)
    return gain


def filtered(y: FloatArray, sr: int, response: Response) -> FloatArray:
    """Multiply the spectrum of y [shape=(samples,)] by a response; what rings on after the end is cut off."""
    size = scipy.fft.next_fast_len(y.size + round(_TAIL * sr), real=True)
    x: FloatArray = scipy.fft.irfft(scipy.fft.rfft(y, size) * response(scipy.fft.rfftfreq(size, 1 / sr)), size)
    return x[: y.size]


def noise_with(response: Response, samples: int, sr: int, rng: np.random.Generator) -> FloatArray:
    """Synthesise Gaussian noise with the spectrum of a response, at a root mean square of 1."""
    y = filtered(rng.standard_normal(samples), sr, response)
    return np.asarray(y / np.sqrt(np.mean(y**2)))


def harmonics(f0: FloatArray, sr: int, amplitude: Amplitude, *, max_harmonics: int | None = None) -> FloatArray:
    """Synthesise a tone from its harmonics, along the contour f0 [shape=(samples,)], in Hz and above 0.

    Σ_k a_k(k · f0) · sin(k · φ), φ[n] = 2π / sr · Σ_{m ≤ n} f0[m], as long as k · f0 < 0.45 · sr. The sines come from
    sin(kφ) = 2 · cos φ · sin((k − 1)φ) − sin((k − 2)φ), which is several times as fast.
    """
    phase = 2 * np.pi * np.cumsum(f0) / sr
    double_cosine = 2 * np.cos(phase)
    before = np.zeros_like(phase)
    now = np.sin(phase)
    y = np.zeros_like(phase)
    limit = HIGHEST * sr
    highest = int(limit / f0.min())
    for k in range(1, (highest if max_harmonics is None else min(highest, max_harmonics)) + 1):
        hz = k * f0
        y += np.where(hz < limit, amplitude(k, hz), 0) * now
        following = double_cosine * now - before
        before = now
        now = following
    return y


def struck(
    hz: Sequence[float] | FloatArray,
    amplitudes: Sequence[float] | FloatArray,
    decays: Sequence[float] | FloatArray,
    samples: int,
    sr: int,
) -> FloatArray:
    """Synthesise the sound of a stroke: Σ a · e^(−t / τ) · sin(2π · f · t), modes below 0.45 · sr only.

    f in Hz, a and τ in seconds [shape=(modes,)] -> [shape=(samples,)]
    """
    y = np.zeros(samples)
    time = np.arange(samples) / sr
    for f, a, tau in zip(hz, amplitudes, decays, strict=True):
        if f < HIGHEST * sr:
            t = time[: round(7 * tau * sr) + 1]  # −60 dB
            y[: t.size] += a * np.exp(-t / tau) * np.sin(2 * np.pi * f * t)
    return y


def wander(samples: int, sr: int, rng: np.random.Generator, per_second: float) -> FloatArray:
    """Return a random contour about 0: straight lines between Gaussian numbers, `per_second` of them per second."""
    knots = rng.standard_normal(int(samples / sr * per_second) + 2)
    return np.asarray(np.interp(np.arange(samples) * (per_second / sr), np.arange(knots.size), knots))


def hull(samples: int, sr: int, attack: float, release: float) -> FloatArray:
    """Return an envelope: half a cosine up, 1, half a cosine down, in seconds; shorter if the sound is."""
    whole = attack + release
    shrink = min(1.0, samples / sr / whole)
    position = np.arange(samples) / sr
    rising = np.minimum(1, (position + 0.5 / sr) / (attack * shrink))
    falling = np.minimum(1, (samples / sr - position - 0.5 / sr) / (release * shrink))
    return np.asarray((1 - np.cos(np.pi * rising)) * (1 - np.cos(np.pi * np.maximum(falling, 0))) / 4)


def add(y: FloatArray, piece: FloatArray, start: int) -> None:
    """Add a piece to y [shape=(samples,)] from a sample on, in place; samples beyond the end of y are dropped."""
    y[start : start + piece.size] += piece[: max(0, y.size - start)]
