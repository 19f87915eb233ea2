"""Voices without words: a baby that cries, a dog that barks.

Both are a source (harmonics of a moving pitch, and noise) and a tube that resonates, as in speech. They are stylised:
the spectrograms have the right parts in the right places, the ear hears a synthesiser. Real cries and barks differ in
many more ways, and from one baby or dog to the next.
"""

from collections.abc import Sequence

import numpy as np

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
    resonances,
    wander,
)

_Formants = Sequence[tuple[float, float, float]]


def baby_cry(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise a crying baby: a few cries of 1.4 ± 0.6 s, gasps between them.

    The mean pitch is 496 ± 95 Hz, and rises and falls (1836 cries of 172 newborns: Michelsson et al. 2002).
    """
    seconds = rng.uniform(0.5, 1.0) * max_seconds
    pitch = float(np.clip(rng.normal(496, 95), 330, 700))
    tract = rng.uniform(0.85, 1.2)
    tube = [(1100 * tract, 350.0, 1.0), (3300 * tract, 600.0, rng.uniform(0.5, 1.2)), (5500 * tract, 800.0, 0.3)]
    rough = rng.uniform(0, 0.5)
    slope = rng.uniform(0.2, 0.8)
    y = np.zeros(round(max_seconds * sr))
    start = 0.0
    cries = 0
    while start < seconds - 0.3:
        on = float(np.clip(rng.normal(1.4, 0.6), 0.4, max(0.4, seconds - start)))
        add(y, _cry(rng, sr, on, pitch * rng.uniform(0.92, 1.1), tube, rough, slope), round(start * sr))
        cries = cries + 1
        start = start + on + rng.uniform(0.05, 0.25)
        gasp = rng.uniform(0.1, 0.3)
        if rng.random() < 0.7 and start < seconds - 0.3:
            add(y, rng.uniform(0.03, 0.15) * _gasp(rng, sr, gasp, tube), round(start * sr))
        start += gasp + rng.uniform(0.02, 0.3)
    return y, {"f0_hz": pitch, "cries": float(cries), "roughness": rough}


def dog_bark(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise a dog's bark, once or several times.

    Barks go from harsh, low and level to tonal, high and bent (Yin and McCowan 2004); one number, `tonal`, moves along
    that line here, another one, `size`, from a small dog to a large one.
    """
    size = rng.uniform(0, 1)
    tonal = rng.uniform(0, 1)
    pitch = 230 * (1000 / 230) ** (1 - size) * (0.8 + 0.4 * tonal)
    tract = 1.9 - 1.2 * size
    tube = [(650 * tract, 220 * tract, 1.0), (1500 * tract, 300 * tract, 0.7), (2900 * tract, 600 * tract, 0.35)]
    gap = log_uniform(rng, 0.15, 0.9)
    number = int(rng.integers(1, 7))
    y = np.zeros(round(max_seconds * sr))
    start = 0.0
    barks = 0
    while barks < number and start < max_seconds - 0.3:
        on = rng.uniform(0.09, 0.2) * (1.3 - 0.4 * tonal)
        add(y, rng.uniform(0.5, 1) * _bark(rng, sr, on, pitch * rng.uniform(0.9, 1.1), tube, tonal), round(start * sr))
        barks = barks + 1
        start = start + on + gap * rng.uniform(0.7, 1.4)
    return y, {"f0_hz": pitch, "barks": float(barks), "size": size, "tonal": tonal}


def _cry(
    rng: np.random.Generator, sr: int, seconds: float, pitch: float, tube: _Formants, rough: float, slope: float
) -> FloatArray:
    """Cry once: the pitch rises and falls, the mouth opens, the voice breaks now and then."""
    samples = round(seconds * sr)
    place = np.linspace(0, 1, samples)
    time = np.arange(samples) / sr
    rise = rng.uniform(0.1, 0.45)
    bend = rng.uniform(0.1, 0.45)
    arch = np.where(place < rise, np.sin(np.pi / 2 * place / rise), np.cos(np.pi / 2 * (place - rise) / (1 - rise)))
    vibrato = rng.uniform(0, 0.025) * np.sin(2 * np.pi * rng.uniform(5, 9) * time)
    f0 = pitch * (1 - bend / 2 + bend * arch + vibrato + rng.uniform(0.01, 0.06) * wander(samples, sr, rng, 8))
    f0 *= 1 + 0.006 * wander(samples, sr, rng, 150)
    mouth = 1 - rng.uniform(0, 0.35) * np.exp(-time / 0.12)  # a closed mouth resonates lower
    effort = np.maximum(slope + 0.5 * wander(samples, sr, rng, 4), 0)  # a voice that presses is brighter
    tone = harmonics(f0, sr, lambda k, hz: resonances(hz / mouth, tube) * k**-effort)
    broken = rough * np.clip(wander(samples, sr, rng, 3), 0, 2)  # noise and a second period, where a voice breaks
    if rough > 0.1:
        half = harmonics(f0 / 2, sr, lambda k, hz: resonances(hz / mouth, tube) * k**-effort * (k % 2))
        tone += np.minimum(broken, 1) * half
    level = float(np.sqrt(np.mean(tone**2)))
    breath = noise_with(lambda hz: resonances(hz, tube) * high_pass(hz, 300), samples, sr, rng)
    return (tone + level * (0.015 + broken) * breath) * hull(
        samples, sr, rng.uniform(0.04, 0.12), rng.uniform(0.1, 0.3)
    )


def _gasp(rng: np.random.Generator, sr: int, seconds: float, tube: _Formants) -> FloatArray:
    """Draw breath: noise through the same tube, with a squeak."""
    samples = round(seconds * sr)
    breath = noise_with(lambda hz: resonances(hz, tube) * high_pass(hz, 800), samples, sr, rng)
    f0 = np.linspace(rng.uniform(600, 900), rng.uniform(900, 1400), samples)
    squeak = harmonics(f0, sr, lambda k, hz: resonances(hz, tube) / k)
    return (breath + rng.uniform(0, 1) * squeak) * hull(samples, sr, 0.04, 0.06)


def _bark(rng: np.random.Generator, sr: int, seconds: float, pitch: float, tube: _Formants, tonal: float) -> FloatArray:
    """Bark once: the jaw opens and shuts, the pitch goes up and down, noise where the bark is harsh."""
    samples = round((seconds + 0.08) * sr)
    place = np.linspace(0, 1, samples)
    peak = rng.uniform(0.25, 0.5)
    bend = 0.1 + 0.5 * tonal * rng.uniform(0.6, 1.2)
    arch = 1 - np.abs(place - peak) / np.where(place < peak, peak, 1 - peak)
    f0 = pitch * (1 - bend / 2 + bend * np.sin(np.pi / 2 * arch))
    f0 *= 1 + (0.08 - 0.07 * tonal) * wander(samples, sr, rng, 120)
    jaw = 0.75 + 0.35 * np.sin(np.pi * place) ** 0.7
    slope = rng.uniform(0.2, 0.8)
    dull = log_uniform(rng, 1200, 5000)
    tone = harmonics(np.maximum(f0, 60), sr, lambda k, hz: resonances(hz / jaw, tube, 0.03) * k**-slope)
    harsh = noise_with(lambda hz: resonances(hz, tube, 0.03) * low_pass(hz, 4000), samples, sr, rng)
    bursts = 1 + 0.7 * np.sin(2 * np.pi * np.cumsum(f0) / sr)  # the noise comes in puffs, one for each period
    level = float(np.sqrt(np.mean(tone**2)))
    y = tone + level * (0.15 + 1.3 * (1 - tonal)) * harsh * bursts
    decay = np.exp(-3 * np.maximum(place - peak, 0)) * hull(samples, sr, 0.012, 0.07)
    return filtered(y * decay, sr, lambda hz: high_pass(hz, 200, 2) * low_pass(hz, dull, 2))
