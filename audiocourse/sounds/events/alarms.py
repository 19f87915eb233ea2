"""Sounds meant to be noticed: alarms, sirens, doorbells, telephones.

They are close to the real ones, which are produced by circuits, bars and gongs as simple as these formulas. What a real
device adds (its case, its loudspeaker, a worn hammer) is a random slope of the spectrum here. The pairs alarm and
siren, doorbell and telephone deliberately share tones, bells and melodies: their rhythm tells them apart.
"""

from collections.abc import Callable

import numpy as np

from audiocourse.signal import FloatArray
from audiocourse.sounds.events.synthesis import (
    Generated,
    Parameters,
    add,
    filtered,
    harmonics,
    high_pass,
    hull,
    log_uniform,
    low_pass,
    struck,
)

_EDGE = 0.004  # seconds that a loudspeaker takes to follow a switch
_BAR = (1.0, 2.756, 5.404, 8.933)  # modes of a bar that is free at both ends, as in a chime
_GONG = (1.0, 1.68, 2.41, 3.37, 4.55, 6.1)  # modes of a small gong, each a little elsewhere in every one
_SOUND = 343.0  # m/s
_Pattern = Callable[[FloatArray, np.random.Generator], tuple[FloatArray, FloatArray, Parameters]]


def alarm(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise an alarm: smoke and fire alarms, alarm clocks, car and machine alarms."""
    time = np.arange(round(rng.uniform(0.5, 1.0) * max_seconds * sr)) / sr
    pattern = tuple(_ALARMS)[int(rng.integers(len(_ALARMS)))]
    on, f0, parameters = _ALARMS[pattern](time, rng)
    return _switched(on, sr) * _loudspeaker(f0, sr, rng), {"pattern": pattern, **parameters}


def siren(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise the siren of a vehicle that drives past, or stands."""
    time = np.arange(round(rng.uniform(0.6, 1.0) * max_seconds * sr)) / sr
    pattern = ("wail", "yelp", "hi-lo")[int(rng.integers(3))]
    f0, parameters = _hi_lo(time, rng) if pattern == "hi-lo" else _swept(time, rng, pattern)
    distance = rng.uniform(5, 40)
    speed = rng.uniform(0, 25)
    closest = rng.uniform(-0.3, 1.3) * time[-1]
    along = speed * (time - closest)
    away = np.sqrt(distance**2 + along**2)
    doppler = 1 / (1 + speed * along / away / _SOUND)
    y = distance / away * _loudspeaker(f0 * doppler, sr, rng)
    y *= hull(y.size, sr, 0.05, 0.15)
    return y, {"pattern": pattern, **parameters, "speed_m_s": speed, "distance_m": distance}


def doorbell(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise a doorbell: a chime of two bars, a gong with a hammer, an electronic melody or a buzzer."""
    pattern = ("chime", "gong", "melody", "buzzer")[int(rng.integers(4))]
    if pattern == "chime":
        return _chime(rng, sr, max_seconds)
    if pattern == "gong":
        on = rng.uniform(0.4, 1.5)
        y, parameters = _gongs(rng, sr, on=on, strokes=rng.uniform(14, 30), bells=1)
        return y[: round(max_seconds * sr)], {"pattern": pattern, **parameters}
    if pattern == "melody":
        y, parameters = _melody(rng, sr, max_seconds, notes=int(rng.integers(2, 9)), beat=rng.uniform(0.2, 0.6))
        return y, {"pattern": pattern, **parameters}
    hz = float(rng.choice([100.0, 120.0]))  # twice the mains: the armature is pulled in both half-waves
    samples = round(rng.uniform(0.4, min(2.0, max_seconds)) * sr)
    colour = rng.uniform(600, 2500)
    y = harmonics(np.full(samples, hz), sr, lambda k, f: (1 + k % 3) / (1 + ((f - colour) / 900) ** 2) + 0.1 / k)
    return y * hull(samples, sr, 0.01, 0.04), {"pattern": pattern, "hz": hz, "colour_hz": colour}


def phone_ring(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Synthesise a telephone: two gongs, an electronic warble or a melody, in the cadence of a network."""
    pattern = ("bell", "warble", "melody")[int(rng.integers(3))]
    bursts, pause = ((2.0,), 4.0) if rng.random() < 0.5 else ((0.4, 0.4), 2.0)  # North America; Great Britain
    scale = rng.uniform(0.6, 1.1)
    if pattern == "melody":
        y, parameters = _melody(rng, sr, max_seconds, notes=int(rng.integers(8, 25)), beat=rng.uniform(0.07, 0.22))
        return y, {"pattern": pattern, **parameters}
    y = np.zeros(round(max_seconds * sr))
    parameters = Parameters()
    seed = int(rng.integers(2**63))
    start = 0.0
    while start < 0.6 * max_seconds:
        for on in bursts:  # the same seed, because every ring comes from the same telephone
            ring, parameters = _ring(np.random.default_rng(seed), sr, pattern, on * scale)
            add(y, ring, round(start * sr))
            start += (on + 0.2) * scale
        start += (pause - 0.2) * scale
    return y, {"pattern": pattern, "bursts": float(len(bursts)), **parameters}


def _temporal_three(time: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Parameters]:
    """Beep three times and pause, as smoke alarms and evacuation signals do (ISO 8201: 0.5 s on, 0.5 s off, 1.5 s)."""
    hz = log_uniform(rng, 2900, 3400) if rng.random() < 0.6 else log_uniform(rng, 490, 550)
    beat = (time * rng.uniform(0.9, 1.1)) % 4
    on = (beat < 3) & (beat % 1 < 0.5)
    return on.astype(float), np.full(time.size, hz), {"hz": hz}


def _beeps(time: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Parameters]:
    """Beep evenly, or in groups with a pause, as alarm clocks and machines do."""
    hz = log_uniform(rng, 700, 3600)
    rate = log_uniform(rng, 1.2, 9)
    duty = rng.uniform(0.3, 0.7)
    group = float(rng.integers(2, 6)) if rng.random() < 0.5 else np.inf
    beat = time * rate
    on = (beat % 1 < duty) & (beat % (group + 2) < group)
    return on.astype(float), np.full(time.size, hz), {"hz": hz, "per_second": rate}


def _sweeps(time: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Parameters]:
    """Sweep, and jump back: upwards in some seconds (slow whoop, NEN 2575), or down in one (DIN 33404-3)."""
    up = rng.random() < 0.5
    period = rng.uniform(1.5, 4) if up else rng.uniform(0.7, 1.3)
    low = log_uniform(rng, 450, 800)
    high = log_uniform(rng, 1000, 1700)
    position = (time / period) % 1
    on = position < (0.88 if up else 1)
    place = np.minimum(position / 0.88, 1) if up else 1 - position
    return on.astype(float), low + (high - low) * place, {"low_hz": low, "high_hz": high, "period_s": period}


def _two_tones(time: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Parameters]:
    """Change between two tones several times a second (NF S 32-001: 554 Hz for 0.1 s, 440 Hz for 0.4 s)."""
    low = log_uniform(rng, 400, 900)
    ratio = rng.uniform(1.15, 1.4)
    period = log_uniform(rng, 0.2, 1.0)
    share = rng.uniform(0.2, 0.5)
    f0 = np.where((time / period) % 1 < share, low * ratio, low)
    return np.ones(time.size), f0, {"low_hz": low, "high_hz": low * ratio, "period_s": period}


def _steady(time: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Parameters]:
    """Sound all the time (BS 5839-1: 970 Hz), some with a fast tremolo of the pitch."""
    hz = log_uniform(rng, 600, 2600)
    depth = rng.choice([0.0, 0.04])
    rate = rng.uniform(12, 40)
    return np.ones(time.size), hz * (1 + depth * np.sin(2 * np.pi * rate * time)), {"hz": hz}


_ALARMS: dict[str, _Pattern] = {
    "temporal three": _temporal_three,
    "beeps": _beeps,
    "sweeps": _sweeps,
    "two tones": _two_tones,
    "steady": _steady,
}


def _swept(time: FloatArray, rng: np.random.Generator, pattern: str) -> tuple[FloatArray, Parameters]:
    """Rise and fall: 10 to 30 times a minute in a wail, 150 to 250 times in a yelp (California, 13 CCR § 1028)."""
    per_minute = rng.uniform(10, 30) if pattern == "wail" else rng.uniform(150, 250)
    low = log_uniform(rng, 450, 800)
    high = log_uniform(rng, 1100, 1800)
    rising = rng.uniform(0.25, 0.6)
    position = (time * per_minute / 60 + rng.random()) % 1
    place = np.where(position < rising, position / rising, (1 - position) / (1 - rising))
    f0 = low * (high / low) ** (np.sin(np.pi / 2 * place) ** rng.uniform(0.8, 1.6))
    return f0, {"low_hz": low, "high_hz": high, "per_minute": per_minute}


def _hi_lo(time: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, Parameters]:
    """Change between two tones about a fourth apart, more slowly than an alarm does."""
    low = log_uniform(rng, 360, 630)
    ratio = rng.uniform(1.25, 1.36)
    period = rng.uniform(0.9, 1.8)
    f0 = np.where((time / period + rng.random()) % 1 < 0.5, low, low * ratio)
    return f0, {"low_hz": low, "high_hz": low * ratio, "period_s": period}


def _loudspeaker(f0: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Play a square-like wave through a horn: odd harmonics, some even ones, a band."""
    slope = rng.uniform(0.8, 1.8)
    even = rng.uniform(0, 0.7)
    low = log_uniform(rng, 150, 500)
    high = log_uniform(rng, 2500, 8000)
    tone = harmonics(f0, sr, lambda k, _: k**-slope * (1.0 if k % 2 else even))
    return filtered(tone, sr, lambda hz: high_pass(hz, low, 2) * low_pass(hz, high, 2))


def _switched(on: FloatArray, sr: int) -> FloatArray:
    """Smooth the edges of a switch, and end switched off."""
    samples = max(1, round(_EDGE * sr))
    smooth = np.convolve(on, np.ones(samples) / samples)[: on.size]
    return smooth * hull(on.size, sr, _EDGE, 2 * _EDGE)


def _chime(rng: np.random.Generator, sr: int, max_seconds: float) -> Generated:
    """Strike two bars, ding-dong; the second some semitones lower."""
    hz = log_uniform(rng, 480, 1000)
    fall = float(rng.integers(3, 6))
    decay = rng.uniform(0.25, 0.8)
    gap = rng.uniform(0.3, 0.9)
    soft = rng.uniform(0.1, 0.5)  # how much of the higher modes a hammer of rubber leaves
    y = np.zeros(round(min(max_seconds, gap + 4 * decay) * sr))
    rings = tuple(decay / mode**0.7 for mode in _BAR)
    for start, pitch in ((0.0, hz), (gap, hz * 2 ** (-fall / 12))):
        modes = [pitch * mode for mode in _BAR]
        add(y, struck(modes, [soft**k for k in range(len(_BAR))], rings, y.size, sr), round(start * sr))
    return y, {"pattern": "chime", "hz": hz, "gap_s": gap}


def _gongs(rng: np.random.Generator, sr: int, *, on: float, strokes: float, bells: int) -> Generated:
    """Strike gongs with a hammer in turns, for `on` seconds."""
    hz = log_uniform(rng, 900, 2400)
    decay = rng.uniform(0.08, 0.35)
    pitches = hz * np.array([1.0, rng.uniform(1.1, 1.3)])
    modes = np.array(_GONG) * rng.uniform(0.95, 1.05, len(_GONG))
    loud = rng.uniform(0.2, 1, len(_GONG))
    rings = decay / np.sqrt(modes)
    y = np.zeros(round((on + 4 * decay) * sr))
    ringing = [struck(pitch * modes, loud, rings, round(5 * decay * sr), sr) for pitch in pitches[:bells]]
    knock = rng.standard_normal(round(0.006 * sr)) * hull(round(0.006 * sr), sr, 0.001, 0.004)
    for number, start in enumerate(np.arange(0, on, 1 / strokes)):
        force = rng.uniform(0.8, 1)
        late = rng.uniform(0, 0.1) / strokes
        add(y, force * ringing[number % bells], round((start + late) * sr))
        add(y, 0.3 * force * knock, round((start + late) * sr))
    return y, {"hz": hz, "strokes_per_second": strokes}


def _ring(rng: np.random.Generator, sr: int, pattern: str, on: float) -> Generated:
    """Ring once: gongs struck by a current of 20 or 25 Hz in both of its half-waves, or two tones in fast turns."""
    if pattern == "bell":
        return _gongs(rng, sr, on=on, strokes=2 * float(rng.choice([20.0, 25.0])) * rng.uniform(0.6, 1), bells=2)
    low = log_uniform(rng, 600, 1900)
    ratio = rng.uniform(1.1, 1.4)
    rate = rng.uniform(8, 25)
    time = np.arange(round(on * sr)) / sr
    y = _loudspeaker(np.where((time * rate) % 1 < 0.5, low, low * ratio), sr, rng)
    return y * _switched(np.ones(y.size), sr), {"low_hz": low, "high_hz": low * ratio, "per_second": rate}


def _melody(rng: np.random.Generator, sr: int, max_seconds: float, *, notes: int, beat: float) -> Generated:
    """Play notes of a pentatonic scale on a cheap chip, each dying away."""
    root = log_uniform(rng, 500, 1300)
    slope = rng.uniform(1, 2.5)
    decay = rng.uniform(0.8, 2.5) * beat
    steps = np.array([-5, -3, 0, 2, 4, 7, 9])[rng.integers(0, 7, notes)]
    lengths = beat * rng.choice([0.5, 1.0, 1.0, 2.0], notes)
    y = np.zeros(round(min(max_seconds, float(lengths.sum()) + 2 * decay) * sr))
    number = np.arange(1, 9)
    for start, step in zip(np.cumsum(lengths) - lengths, steps, strict=True):
        hz = root * 2 ** (step / 12)
        add(
            y,
            struck(hz * number, number**-slope, decay / np.sqrt(number), round(5 * decay * sr), sr),
            round(start * sr),
        )
    return y * hull(y.size, sr, 0.002, 0.02), {"hz": root, "notes": float(notes), "beat_s": beat}
