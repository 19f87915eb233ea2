"""Continuous sounds: rain, a helicopter, a street.

All three are noise whose spectrum and modulation are shaped. Rain comes closest to the real one; a real helicopter
changes with every manoeuvre, and a real street has more than cars. Rain, a helicopter far away and a street share
their spectrum on purpose: drops, blades and passing cars tell them apart.
"""

import numpy as np

from audiocourse.require import require_between, require_rng, sample_count
from audiocourse.signal import FloatArray
from audiocourse.sounds.events.synthesis import (
    Generated,
    add,
    filtered,
    harmonics,
    high_pass,
    hull,
    log_uniform,
    low_pass,
    noise_with,
    struck,
    wander,
)

_KINDS_OF_DROP = 60


def rain(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise rain: single drops at Poisson times on the hiss of all the others.

    A drop is a click that rings where it falls, or a bubble in a puddle, which rings at 3.26 m/s divided by its radius
    (Minnaert 1933): 1 to 6 kHz for 3 to 0.5 mm.
    """
    samples = round(rng.uniform(0.6, 1.0) * max_seconds * sr)
    per_second = log_uniform(rng, 15, 500)
    hard = log_uniform(rng, 0.1, 3)
    low = log_uniform(rng, 80, 1200)
    high = log_uniform(rng, 1500, 9000)
    hiss = noise_with(lambda hz: high_pass(hz, low) * low_pass(hz, high, 2) + 0.02, samples, sr, rng)
    each = [_drops(rng, sr, samples, per_second / _KINDS_OF_DROP) for _ in range(_KINDS_OF_DROP)]
    drops = filtered(np.sum(each, axis=0), sr, lambda hz: low_pass(hz, high))
    drops /= np.sqrt(np.mean(drops**2)) + 1e-9
    rumble = rng.uniform(0, 0.6) * noise_with(lambda hz: low_pass(hz, 90, 2) * high_pass(hz, 25), samples, sr, rng)
    y = hiss * 10 ** (0.06 * wander(samples, sr, rng, 1)) + hard * drops + rumble
    edge = rng.uniform(0.05, 0.6)
    return y * hull(samples, sr, edge, edge), {"drops_per_second": per_second, "drops_re_hiss": hard, "low_hz": low}


def helicopter(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise a helicopter that flies past.

    The main rotor passes 10 to 25 blades a second (13 for a Bell 206L: two blades at 395 turns a minute): harmonics,
    and noise that swells with each blade. The tail rotor hums, the turbine whines, and with distance everything turns
    dark.
    """
    samples = round(rng.uniform(0.6, 1.0) * max_seconds * sr)
    blades = log_uniform(rng, 10, 25)
    slap = rng.uniform(0.1, 1)
    rate = blades * (1 + 0.01 * wander(samples, sr, rng, 0.5))
    sharp = rng.uniform(2, 12)
    puff = np.exp(sharp * (np.cos(2 * np.pi * np.cumsum(rate) / sr) - 1))  # narrow swells, one for each blade
    high = log_uniform(rng, 300, 4000)
    deep = log_uniform(rng, 150, 700)
    wind = noise_with(lambda hz: low_pass(hz, high, 2) * high_pass(hz, 60), samples, sr, rng)
    thump = filtered(puff - puff.mean(), sr, lambda hz: high_pass(hz, 40, 2) * low_pass(hz, deep))
    thump /= np.sqrt(np.mean(thump**2))
    tail = rng.uniform(45, 130)
    whine = log_uniform(rng, 1500, 7000)
    hum = harmonics(tail / blades * rate, sr, lambda k, _: 0.3 / k, max_harmonics=8)
    turbine = harmonics(whine / blades * rate, sr, lambda _, hz: np.ones_like(hz), max_harmonics=1)
    y = wind * (1 - slap + 2 * slap * puff) + rng.uniform(0.2, 1.2) * thump + rng.uniform(0, 1) * hum
    y += rng.uniform(0, 0.08) * turbine
    y *= 10 ** (0.08 * wander(samples, sr, rng, 0.7))
    edge = rng.uniform(0.1, 0.8)
    return y * hull(samples, sr, edge, edge), {"blades_per_second": blades, "slap": slap, "cutoff_hz": high}


def street(*, seconds: float, sr: int, rng: np.random.Generator, rms: float = 0.1) -> FloatArray:
    """Synthesise the background of a street: distant rumble, passing cars.

    Each car is noise and the hum of an engine whose level goes as 1 / (1 + ((t − t₀) / w)²), about one in three
    seconds.

    Parameters
    ----------
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    rng : np.random.Generator
        Source of randomness.
    rms : float
        Root mean square of the whole, between 0 and 1.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The sound, float32.

    Raises
    ------
    AudioCourseError
        If duration, rate or rms is out of range.

    Examples
    --------
    >>> street(seconds=0.5, sr=8000, rng=np.random.default_rng(1)).shape
    (4000,)
    """
    samples = sample_count(seconds, sr)
    require_between("rms", rms, 0, 1)
    y = noise_with(lambda hz: low_pass(hz, 200) * high_pass(hz, 25), samples, sr, require_rng(rng))
    for _ in range(1 + int(rng.poisson(seconds / 3))):
        y += _car(rng, sr, samples)
    return np.asarray(rms / np.sqrt(np.mean(y**2)) * y, dtype=np.float32)


def _car(rng: np.random.Generator, sr: int, samples: int) -> FloatArray:
    """Synthesise a passing car."""
    time = np.arange(samples) / sr
    centre = rng.uniform(0, samples / sr)
    width = rng.uniform(0.5, 2)
    bright = log_uniform(rng, 400, 2500)
    tyres = noise_with(lambda hz: low_pass(hz, bright) * high_pass(hz, 150), samples, sr, rng)
    engine = harmonics(np.full(samples, rng.uniform(40, 110)), sr, lambda k, _: 0.3 / k, max_harmonics=12)
    return np.asarray(rng.uniform(0.5, 2) / (1 + ((time - centre) / width) ** 2) * (tyres + engine))


def _drops(rng: np.random.Generator, sr: int, samples: int, per_second: float) -> FloatArray:
    """Synthesise drops of one kind: the same ring, at Poisson times, with very different forces."""
    hz = log_uniform(rng, 500, 6500)
    decay = log_uniform(rng, 0.0004, 0.005)
    drop = struck([hz], [1.0], [decay], round(8 * decay * sr) + 1, sr)
    click = np.exp(-np.arange(drop.size) / (0.0008 * sr)) * rng.standard_normal(drop.size)
    drop += rng.uniform(0.3, 2) * click
    y = np.zeros(samples)
    for start in rng.integers(0, samples, int(rng.poisson(per_second * samples / sr))):
        add(y, rng.lognormal(0, 0.8) * drop, int(start))
    return y
