"""Interfering sounds: coloured noise, mains hum, babble, a keyboard."""

import numpy as np
from numpy.typing import NDArray

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_frequency, require_rng, sample_count
from audiocourse.signal import FloatArray
from audiocourse.sounds.speech.scene_texts import SCENE_SENTENCES, SCENE_VOICES
from audiocourse.sounds.speech.synthesis import say

COLORS = {"white": 0, "pink": -1, "brown": -2, "blue": 1, "violet": 2}  # β: the power per hertz goes as f^β
LOWEST = 20.0  # Hz: what is below is inaudible, and would hold most of the power of brown noise

_HARMONICS = 20
_PRESS_SECONDS = 0.015
_SHORTEST_GAP = 0.06  # seconds between two keys: no one types faster for long


def noise(color: str, *, seconds: float, sr: int, rng: np.random.Generator, rms: float = 0.1) -> FloatArray:
    """Synthesise noise of a colour.

    P(f) ∝ f^β from 20 Hz on, nothing below; β = 0 white, −1 pink (−3 dB an octave), −2 brown (−6 dB), 1 blue, 2 violet.
    The Fourier transform of Gaussian white noise is multiplied by f^(β/2).

    Parameters
    ----------
    color : str
        white, pink, brown, blue or violet.
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Source of randomness.
    rms : float
        Root mean square of the whole, between 0 and 1. Peaks are about four times as high, so that above 0.2 they pass
        full scale.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        Noise without offset, float32.

    Raises
    ------
    AudioCourseError
        If the colour is unknown, duration, rate or rms is out of range, or the sound is too short to hold anything from
        20 Hz on.

    Examples
    --------
    >>> hiss = noise("white", seconds=1, sr=8000, rng=np.random.default_rng(1), rms=0.25)
    >>> round(float(np.sqrt(np.mean(hiss**2))), 6)
    0.25

    Notebook: 04a_voice_activity
    """
    samples = sample_count(seconds, sr)
    if not isinstance(color, str) or color not in COLORS:
        raise AudioCourseError(f"There is no noise of colour {color!r}: choose one of {', '.join(COLORS)}.")
    frequencies = np.fft.rfftfreq(samples, 1 / sr)
    audible = frequencies >= LOWEST
    if not audible.any():
        raise AudioCourseError(f"{samples} sample(s) at {sr} Hz hold nothing from 20 Hz on: ask for a longer sound.")
    shape = np.zeros_like(frequencies)
    shape[audible] = frequencies[audible] ** (COLORS[color] / 2)
    white = np.fft.rfft(require_rng(rng).standard_normal(samples))
    return _with_rms(np.fft.irfft(shape * white, n=samples), rms)


def hum(*, seconds: float, sr: int, rng: np.random.Generator, mains: float = 50, rms: float = 0.1) -> FloatArray:
    """Synthesise the hum of a bad cable: the frequency of the mains and its harmonics.

    y[n] = c · Σ_k (1 / k) · sin(2π · k · f · n / sr + φ_k), k = 1, …, 20 as long as k · f < sr / 2, random phases φ_k

    Parameters
    ----------
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Source of the phases.
    mains : float
        f in Hz: 50 in most of the world, 60 in the Americas and parts of Asia.
    rms : float
        Root mean square of the whole, between 0 and 1; c follows from it.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32.

    Raises
    ------
    AudioCourseError
        If duration, rate, mains or rms is out of range.

    Examples
    --------
    >>> spectrum = np.abs(np.fft.rfft(hum(seconds=1, sr=1000, rng=np.random.default_rng(1))))
    >>> int(np.argmax(spectrum))
    50

    Notebook: 04a_voice_activity
    """
    time = np.arange(sample_count(seconds, sr)) / sr
    require_frequency("mains", mains, sr)
    phases = require_rng(rng).uniform(0, 2 * np.pi, _HARMONICS)
    audible = [k for k in range(1, _HARMONICS + 1) if k * mains < sr / 2]
    tones = [np.sin(2 * np.pi * k * mains * time + phases[k - 1]) / k for k in audible]
    return _with_rms(np.sum(tones, axis=0), rms)


def babble(*, seconds: float, sr: int, rng: np.random.Generator, talkers: int = 6, rms: float = 0.1) -> FloatArray:
    """Synthesise babble: several speakers at once, equally loud.

    y = c · Σ_i x_i / rms(x_i) over the talkers i, each level taken over all their sentences

    Parameters
    ----------
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Source of all randomness.
    talkers : int
        How many, each with another voice: 1 to 25. A few of them are speech for a voice activity detector, rightly.
    rms : float
        Root mean square of the whole, between 0 and 1; c follows from it.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32.

    Raises
    ------
    AudioCourseError
        If duration, rate, talkers or rms is out of range.

    Examples
    --------
    >>> babble(seconds=0.5, sr=8000, rng=np.random.default_rng(1), talkers=2).shape
    (4000,)

    Notebook: 04a_voice_activity
    """
    samples = sample_count(seconds, sr)
    require_rng(rng)
    if isinstance(talkers, bool) or not isinstance(talkers, int) or not 1 <= talkers <= len(SCENE_VOICES):
        raise AudioCourseError(f"talkers is {talkers!r}, but it must be a whole number from 1 to {len(SCENE_VOICES)}.")
    voices = rng.choice(SCENE_VOICES, size=talkers, replace=False)
    return _with_rms(np.sum([_talker(str(voice), samples, sr, rng) for voice in voices], axis=0), rms)


def keyboard_clicks(
    *, seconds: float, sr: int, rng: np.random.Generator, per_second: float = 4, peak: float = 0.5
) -> tuple[FloatArray, NDArray[np.float64]]:
    """Synthesise the sound of typing: short clicks, far louder than their average.

    Each key is a burst of noise that decays as e^(−t / 2 ms), and a softer one when it is released.

    Parameters
    ----------
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Source of all randomness.
    per_second : float
        Keys a second on average, 0.1 to 15. Two keys are at least 60 ms apart.
    peak : float
        The largest |y[n]|, between 0 and 1.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The sound, float32.
    np.ndarray [shape=(keys,)]
        When each key goes down, in seconds; at least one does.

    Raises
    ------
    AudioCourseError
        If duration, rate, per_second or peak is out of range.

    Examples
    --------
    >>> clicks, times = keyboard_clicks(seconds=2, sr=8000, rng=np.random.default_rng(1))
    >>> bool(np.any(clicks[: round(times[0] * 8000)]))
    False

    Notebook: 04a_voice_activity
    """
    samples = sample_count(seconds, sr)
    require_between("per_second", per_second, 0.1, 15)
    require_between("peak", peak, 0, 1)
    starts = _key_samples(samples / sr, sr, per_second, require_rng(rng))
    clicks = np.zeros(samples)
    for start in starts:
        strength = rng.uniform(0.4, 1)
        held = rng.uniform(0.05, 0.12)
        _add_burst(clicks, start, strength, sr, rng)
        _add_burst(clicks, start + round(held * sr), 0.3 * strength, sr, rng)
    return (peak / np.max(np.abs(clicks)) * clicks).astype(np.float32), starts / sr


def _with_rms(y: FloatArray, rms: float) -> FloatArray:
    """Scale a signal to a root mean square; refuse silence."""
    require_between("rms", rms, 0, 1)
    present = float(np.sqrt(np.mean(np.square(y, dtype=np.float64))))
    if present == 0:
        raise AudioCourseError("This short sound is silent, because it lies between two words: ask for a longer one.")
    return (rms / present * y).astype(np.float32)


def _talker(voice: str, samples: int, sr: int, rng: np.random.Generator) -> FloatArray:
    """Synthesise one voice reading sentence after sentence, from a random moment in its first second."""
    skipped = int(rng.integers(sr))
    spoken: list[FloatArray] = []
    while sum(map(len, spoken)) < skipped + samples:
        sentence = SCENE_SENTENCES[rng.integers(len(SCENE_SENTENCES))]
        spoken.append(say(sentence, voice=voice, rate=rng.uniform(140, 190), sr=sr).y)
    return _with_rms(np.concatenate(spoken), 1)[skipped : skipped + samples]


def _key_samples(seconds: float, sr: int, per_second: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw when keys go down: random gaps with the right mean, none shorter than the shortest."""
    times = [rng.uniform(0, 0.9 * min(seconds, 1 / per_second))]
    while times[-1] < seconds:
        times.append(times[-1] + _SHORTEST_GAP + rng.exponential(1 / per_second - _SHORTEST_GAP))
    return np.array([int(time * sr) for time in times[:-1]], dtype=np.int64)


def _add_burst(y: FloatArray, start: int, strength: float, sr: int, rng: np.random.Generator) -> None:
    """Add one click; samples beyond the end are dropped."""
    time = np.arange(max(1, round(_PRESS_SECONDS * sr))) / sr
    burst = strength * np.exp(-time / 0.002) * rng.standard_normal(time.size)
    y[start : start + time.size] += burst[: max(0, y.size - start)]
