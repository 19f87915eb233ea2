"""Sounds that begin at once: a shot, breaking glass.

Both are stylised. Real shots depend on weapon, direction, distance and surroundings, overload most microphones, and
are mostly heard as echoes; real glass breaks in as many ways as there are panes and bottles. The pair is deliberately
confusable: a burst of noise that dies away, and what follows it.
"""

import numpy as np

from audiocourse.signal import FloatArray
from audiocourse.sounds.events.synthesis import (
    Generated,
    add,
    filtered,
    high_pass,
    hull,
    log_uniform,
    low_pass,
    noise_with,
    struck,
)


def gunshot(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise one shot, or several.

    The muzzle blast is Friedlander's wave (1 − t / τ) · e^(−t / τ) with τ = 0.3 to 1.5 ms, so that it lasts 3 to 5 ms
    (Maher 2007), its reflection from the ground, and noise that dies away in two stages, darker with distance; some
    shots come with single echoes, some with the crack of the bullet before the blast.
    """
    number = 1 if rng.random() < 0.6 else int(rng.integers(2, 7))
    gap = log_uniform(rng, 0.09, 0.8)
    tau = log_uniform(rng, 0.0003, 0.0015)
    tail = log_uniform(rng, 0.05, 0.45)
    dark = log_uniform(rng, 700, 9000)
    shot = _shot(rng, sr, tau, tail, dark)
    y = np.zeros(round(max_seconds * sr))
    starts = np.arange(number) * gap
    for start in starts[starts < max_seconds - 0.2]:
        add(y, rng.uniform(0.8, 1) * shot, round((start + rng.uniform(0, 0.05) * gap) * sr))
    return y, {"shots": float(number), "gap_s": gap, "tau_ms": 1000 * tau, "tail_s": tail, "cutoff_hz": dark}


def glass_break(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise breaking glass: a blow, then shards that ring and fall.

    The blow has lows for at most 0.2 s, the highs go on to the end (crash tests of window panes: Research of the
    information signal of the security acoustic detector, Problems of Informatization and Management, Kyiv). Shards ring
    in two to five modes each; they come fast at first, then ever more slowly.
    """
    seconds = log_uniform(rng, 0.35, 1.6)
    shards = int(rng.integers(15, 90))
    low = log_uniform(rng, 900, 3000)
    high = log_uniform(rng, 5000, 10_000)
    y = np.zeros(round(min(max_seconds, seconds + 0.25) * sr))
    add(y, rng.uniform(0.3, 1) * _blow(rng, sr, low), 0)
    rate = rng.uniform(0.2, 0.45) * seconds
    bright = rng.uniform(0.1, 0.6)
    for start in np.minimum(rng.exponential(rate, shards), seconds):
        count = int(rng.integers(2, 6))
        hz = low * (high / low) ** rng.random(count)
        rings = rng.uniform(0.004, 0.05, count) * rng.choice([0.5, 1.0, 2.0])
        ring = struck(hz, rng.uniform(0.2, 1, count), rings, round(0.25 * sr), sr)
        click = noise_with(lambda f: high_pass(f, low, 2), round(0.01 * sr), sr, rng)
        ring[: click.size] += bright * click * np.exp(-np.arange(click.size) / (0.002 * sr))
        add(y, rng.uniform(0.1, 0.7) * np.exp(-0.8 * start / seconds) * ring, round(start * sr))
    return y * hull(y.size, sr, 0.0005, 0.05), {"shards": float(shards), "seconds": seconds, "lowest_hz": low}


def _shot(rng: np.random.Generator, sr: int, tau: float, tail: float, dark: float) -> FloatArray:
    """Fire once."""
    samples = round((5 * tail + 0.7) * sr)
    time = np.arange(samples) / sr
    blast = np.zeros(samples)
    wave = (1 - time / tau) * np.exp(-time / tau)
    delay = rng.uniform(0, 0.03) if rng.random() < 0.4 else 0.0
    if delay:  # the N-shaped wave of a bullet that is faster than sound
        add(blast, np.linspace(0.5, -0.5, max(2, round(0.0004 * sr))), 0)
    add(blast, wave, round(delay * sr))
    add(blast, -rng.uniform(0.3, 0.7) * wave, round((delay + rng.uniform(0.002, 0.012)) * sr))
    near = np.exp(-time / rng.uniform(0.008, 0.03)) * rng.standard_normal(samples)
    air = noise_with(lambda hz: low_pass(hz, dark / 3, 2), samples, sr, rng)
    add(blast, rng.uniform(0.2, 0.6) * near, round(delay * sr))
    add(blast, rng.uniform(0.05, 0.3) * np.exp(-time / tail) * air, round(delay * sr))
    for _ in range(int(rng.integers(0, 5))):  # walls, trees, hills: no mirror is perfect
        echo = np.exp(-time / rng.uniform(0.01, 0.05)) * np.roll(air, int(rng.integers(samples)))
        add(blast, rng.uniform(0.03, 0.2) * echo, round((delay + rng.uniform(0.05, 0.6)) * sr))
    y = filtered(blast, sr, lambda hz: low_pass(hz, dark, 2) * high_pass(hz, 40))
    return np.asarray(y / np.max(np.abs(y)) * hull(samples, sr, 0.0002, 0.1))


def _blow(rng: np.random.Generator, sr: int, low: float) -> FloatArray:
    """Hit the pane: a thud of at most 0.2 s, the crack, modes of the whole pane."""
    samples = round(0.4 * sr)
    time = np.arange(samples) / sr
    thud = np.exp(-time / rng.uniform(0.01, 0.04)) * noise_with(lambda hz: low_pass(hz, 400, 2), samples, sr, rng)
    crack = np.exp(-time / log_uniform(rng, 0.01, 0.07)) * noise_with(lambda hz: high_pass(hz, low), samples, sr, rng)
    count = int(rng.integers(6, 20))
    hz = low * 5 ** rng.random(count)
    rings = rng.uniform(0.01, 0.06, count)
    pane = struck(hz, rng.uniform(0.1, 0.5, count), rings, samples, sr)
    return rng.uniform(0.1, 0.8) * thud + crack + pane
