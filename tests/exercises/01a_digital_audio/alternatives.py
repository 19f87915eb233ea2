"""Right answers to the tasks of chapter 1a in other styles than the solution: loops, geometry, other filters."""

from __future__ import annotations

import math

import numpy as np
import scipy.signal

from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 1a.1 aliases


@alternative(task="alias_frequency")
def nearer_multiple(hz: float, *, sr: int) -> float:
    below = hz % sr
    return float(min(below, sr - below))


@alternative(task="alias_frequency")
def ieee_remainder(hz: float, *, sr: int) -> float:
    return abs(math.remainder(hz, sr))


@alternative(task="alias_frequency")
def up_and_down(hz: float, *, sr: int) -> float:
    """Count the stretches of half a rate: upwards in the even ones, downwards in the odd ones."""
    half = sr / 2
    stretch, rest = divmod(float(hz), half)
    return half - rest if stretch % 2 else rest


# ---------------------------------------------------------------- 1a.2 decimate


@alternative(task="decimate")
def kept_samples_only(y: np.ndarray, *, factor: int) -> np.ndarray:
    """A Kaiser window, and nothing computed that is dropped later."""
    if factor == 1:
        return y.astype(np.float32)
    centre = 40 * factor
    weights = scipy.signal.firwin(2 * centre + 1, 1 / factor, window=("kaiser", 8.0))
    kept = -(-len(y) // factor)
    return scipy.signal.upfirdn(weights, y.astype(np.float64), 1, factor)[40 : 40 + kept].astype(np.float32)


@alternative(task="decimate")
def sample_by_sample(y: np.ndarray, *, factor: int) -> np.ndarray:
    """A weighted mean around each kept sample; at the ends the weights that are left add up to one."""
    reach = 30 * factor if factor > 1 else 0
    offsets = np.arange(-reach, reach + 1)
    weights = np.sinc(offsets / factor) * np.hamming(len(offsets)) if reach else np.ones(1)
    out = np.empty(math.ceil(len(y) / factor), dtype=np.float32)
    for index in range(len(out)):
        here = index * factor + offsets
        inside = (here >= 0) & (here < len(y))
        out[index] = np.dot(y[here[inside]], weights[inside]) / weights[inside].sum()
    return out


@alternative(task="decimate")
def forwards_and_backwards(y: np.ndarray, *, factor: int) -> np.ndarray:
    """A recursive filter, once in each direction: the delays cancel."""
    if factor == 1:
        return np.array(y, dtype=np.float32)
    sections = scipy.signal.ellip(8, 0.1, 40, 0.9 / factor, output="sos")
    padding = min(60 * factor, len(y) - 1)
    return scipy.signal.sosfiltfilt(sections, y.astype(np.float64), padlen=padding)[::factor].astype(np.float32)


# ---------------------------------------------------------------- 1a.3 quantise


@alternative(task="quantise")
def one_by_one(y: np.ndarray, *, bits: int) -> np.ndarray:
    lowest, highest = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    steps = (max(lowest, min(highest, round(sample * 2 ** (bits - 1)))) for sample in y.tolist())
    return np.array([math.ldexp(step, 1 - bits) for step in steps])


@alternative(task="quantise")
def whole_and_rest(y: np.ndarray, *, bits: int) -> np.ndarray:
    """Count whole steps from −1 upwards; a rest of half a step or more is one step more."""
    delta = 2.0 ** (1 - bits)
    held = np.clip(y.astype(np.float64), -1.0, 1.0 - delta)
    steps, rest = np.divmod(held + 1.0, delta)
    return (steps + (rest >= delta / 2)) * delta - 1.0


@alternative(task="quantise")
def as_integers(y: np.ndarray, *, bits: int) -> np.ndarray:
    top = 1 << (bits - 1)
    whole = np.rint(np.ldexp(y.astype(np.float64), bits - 1)).clip(-top, top - 1).astype(np.int64)
    return (whole / top).astype(np.float32)
