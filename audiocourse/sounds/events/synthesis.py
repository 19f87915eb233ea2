"""What made events are put together from: harmonics along a contour, noise with a spectrum, things that are struck.

Filters are causal: nothing is heard before it happens. What would lie above 0.45 · sr is left out, so nothing aliases.
"""

from collections.abc import Callable, Sequence

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from audiocourse.signal import ComplexArray, FloatArray

Parameters = dict[str, float | str]
Generated = tuple[FloatArray, Parameters]  # an event and what was drawn for it
Response = Callable[[NDArray[np.float64]], FloatArray | ComplexArray]
Amplitude = Callable[[int, FloatArray], float | FloatArray]  # of harmonic k, which is at hz

HIGHEST = 0.45  # of the sampling rate

_TAIL = 0.5  # seconds of silence behind a sound while it is filtered


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
    """Give the response of `order` RC low-passes in a row: (1 + j · f / f_c)^−order.

    Parameters
    ----------
    hz : np.ndarray [shape=(bins,)]
        f, in Hz.
    cutoff : float
        f_c, in Hz: −3 dB for each order there, −6 dB an octave for each order far above.
    order : int
        How many.

    Returns
    -------
    np.ndarray [shape=(bins,)]
        The response, complex, and causal.
    """
    return np.asarray((1 + 1j * hz / cutoff) ** -order)


def high_pass(hz: FloatArray, cutoff: float, order: int = 1) -> ComplexArray:
    """Give the response of `order` RC high-passes in a row: (1 − j · f_c / f)^−order, 0 at 0 Hz.

    Parameters
    ----------
    hz : np.ndarray [shape=(bins,)]
        f, in Hz.
    cutoff : float
        f_c, in Hz.
    order : int
        How many.

    Returns
    -------
    np.ndarray [shape=(bins,)]
        The response, complex, and causal.
    """
    part = 1j * hz / cutoff
    return np.asarray((part / (1 + part)) ** order)


def resonances(hz: FloatArray, formants: Sequence[tuple[float, float, float]], floor: float = 0.02) -> FloatArray:
    """Give the gain of a tube or a box that resonates: floor + Σ a / (1 + ((f − F) / B)²).

    Parameters
    ----------
    hz : np.ndarray [shape=(bins,)]
        f, in Hz.
    formants : sequence of (float, float, float)
        F in Hz, B in Hz, a.
    floor : float
        What passes anywhere.

    Returns
    -------
    np.ndarray [shape=(bins,)]
        The gain.
    """
    gain = np.full(hz.shape, floor)
    for centre, width, peak in formants:
        gain += peak / (1 + ((hz - centre) / width) ** 2)
    return gain


def filtered(y: FloatArray, sr: int, response: Response) -> FloatArray:
    """Multiply the spectrum by a response; what rings on after the end is cut off.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Signal.
    sr : int
        Sampling rate in Hz.
    response : callable
        From frequencies in Hz to the response.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The filtered signal.
    """
    size = scipy.fft.next_fast_len(y.size + round(_TAIL * sr), real=True)
    x: FloatArray = scipy.fft.irfft(scipy.fft.rfft(y, size) * response(scipy.fft.rfftfreq(size, 1 / sr)), size)
    return x[: y.size]


def noise_with(response: Response, samples: int, sr: int, rng: np.random.Generator) -> FloatArray:
    """Make Gaussian noise with a spectrum, at a root mean square of 1.

    Parameters
    ----------
    response : callable
        From frequencies in Hz to the gain; its phase does not matter.
    samples : int
        How many.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Where the noise comes from.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The noise.
    """
    y = filtered(rng.standard_normal(samples), sr, response)
    return np.asarray(y / np.sqrt(np.mean(y**2)))


def harmonics(f0: FloatArray, sr: int, amplitude: Amplitude, *, most: int | None = None) -> FloatArray:
    """Put a tone together from its harmonics, along a contour.

    Σ_k a_k(k · f0) · sin(k · φ), φ[n] = 2π / sr · Σ_{m ≤ n} f0[m], as long as k · f0 < 0.45 · sr. The sines come from
    sin(kφ) = 2 · cos φ · sin((k − 1)φ) − sin((k − 2)φ), which is several times as fast.

    Parameters
    ----------
    f0 : np.ndarray [shape=(samples,)]
        Fundamental frequency in Hz, above 0.
    sr : int
        Sampling rate in Hz.
    amplitude : callable
        a: from k and the frequencies of harmonic k to its amplitudes.
    most : int, optional
        How many harmonics there are at most.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The tone.
    """
    phase = 2 * np.pi * np.cumsum(f0) / sr
    double_cosine = 2 * np.cos(phase)
    before = np.zeros_like(phase)
    now = np.sin(phase)
    y = np.zeros_like(phase)
    limit = HIGHEST * sr
    highest = int(limit / f0.min())
    for k in range(1, (highest if most is None else min(highest, most)) + 1):
        hz = k * f0
        y += np.where(hz < limit, amplitude(k, hz), 0) * now
        before, now = now, double_cosine * now - before
    return y


def struck(
    hz: Sequence[float] | FloatArray,
    amplitudes: Sequence[float] | FloatArray,
    decays: Sequence[float] | FloatArray,
    samples: int,
    sr: int,
) -> FloatArray:
    """Let something ring after a stroke: Σ a · e^(−t / τ) · sin(2π · f · t), modes below 0.45 · sr only.

    Parameters
    ----------
    hz, amplitudes, decays : sequence of float
        f in Hz, a and τ in seconds of each mode.
    samples : int
        How long it is heard.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The sound, from the stroke on.
    """
    y = np.zeros(samples)
    time = np.arange(samples) / sr
    for f, a, tau in zip(hz, amplitudes, decays, strict=True):
        if f < HIGHEST * sr:
            heard = time[: round(7 * tau * sr) + 1]  # −60 dB
            y[: heard.size] += a * np.exp(-heard / tau) * np.sin(2 * np.pi * f * heard)
    return y


def wander(samples: int, sr: int, rng: np.random.Generator, per_second: float) -> FloatArray:
    """Make a contour that goes its own way: straight lines between Gaussian numbers, `per_second` of them a second.

    Parameters
    ----------
    samples : int
        How long.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Where the numbers come from.
    per_second : float
        How many a second.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The contour, about 0, with a standard deviation below 1.
    """
    knots = rng.standard_normal(int(samples / sr * per_second) + 2)
    return np.asarray(np.interp(np.arange(samples) * (per_second / sr), np.arange(knots.size), knots))


def hull(samples: int, sr: int, attack: float, release: float) -> FloatArray:
    """Make an envelope: half a cosine up, 1, half a cosine down; shorter ones where the sound is too short.

    Parameters
    ----------
    samples : int
        How long.
    sr : int
        Sampling rate in Hz.
    attack, release : float
        In seconds.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The envelope, 0 to 1.
    """
    whole = attack + release
    shrink = min(1.0, samples / sr / whole)
    position = np.arange(samples) / sr
    rising = np.minimum(1, (position + 0.5 / sr) / (attack * shrink))
    falling = np.minimum(1, (samples / sr - position - 0.5 / sr) / (release * shrink))
    return np.asarray((1 - np.cos(np.pi * rising)) * (1 - np.cos(np.pi * np.maximum(falling, 0))) / 4)


def add(y: FloatArray, piece: FloatArray, start: int) -> None:
    """Add a piece to a sound, in place; what lies behind its end is lost.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound.
    piece : np.ndarray [shape=(piece_samples,)]
        What is added.
    start : int
        The sample where it begins.
    """
    y[start : start + piece.size] += piece[: max(0, y.size - start)]
