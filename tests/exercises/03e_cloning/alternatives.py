"""Right answers to the tasks of chapter 3e in other styles than the solution: loops, matrices, Fourier transforms."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Array: TypeAlias = np.ndarray

# ---------------------------------------------------------------- 3e.1 nearest share


@alternative(task="nearest_share")
def clone_by_clone(clones: Array, targets: Array, others: Array) -> float:
    wins = 0
    for clone, target in zip(clones, targets, strict=True):
        own = clone @ target / np.linalg.norm(clone) / np.linalg.norm(target)
        foreign = [clone @ other / np.linalg.norm(clone) / np.linalg.norm(other) for other in others]
        wins += bool(own - max(foreign) > 1e-12)
    return wins / len(clones)


@alternative(task="nearest_share")
def nearest_by_distance(clones: Array, targets: Array, others: Array) -> float:
    """Of unit vectors, the nearest has the largest cosine."""
    c, t, o = (each / np.linalg.norm(each, axis=1)[:, None] for each in (clones, targets, others))
    own = np.sum((c - t) ** 2, axis=1)
    foreign = np.sum((c[:, None] - o[None]) ** 2, axis=2).min(axis=1)
    return np.count_nonzero(own < foreign - 1e-12) / len(c)


# ---------------------------------------------------------------- 3e.2 correlation


@alternative(task="correlation_z")
def by_fourier(folded: Array, signs: Array) -> Array:
    """A circular correlation is a product of spectra."""
    product = np.fft.fft(signs, axis=1) * np.conj(np.fft.fft(folded, axis=1))
    z = np.fft.ifft(product.sum(axis=0)).real
    return z / max(np.linalg.norm(folded), 1e-300)


@alternative(task="correlation_z")
def written_twice(folded: Array, signs: Array) -> Array:
    blocks = signs.shape[1]
    twice = np.concatenate([signs, signs], axis=1)
    energy = np.sqrt((folded * folded).sum())
    z = np.array([np.vdot(twice[:, d : d + blocks], folded) for d in range(blocks)])
    return z / energy if energy > 0 else np.zeros(blocks)


@alternative(task="correlation_z")
def recording_shifted(folded: Array, signs: Array) -> Array:
    """To shift the pattern by −d is to shift the recording by d; 0 / 0 becomes 0 at the end."""
    with np.errstate(all="ignore"):
        z = np.array([np.sum(np.roll(folded, d, axis=1) * signs) for d in range(signs.shape[1])])
        return np.nan_to_num(z / np.sqrt(np.sum(folded**2)))


# ---------------------------------------------------------------- 3e.3 equal error rate


@alternative(task="equal_error_rate")
def threshold_by_threshold(scores: Array, synthetic: Array) -> float:
    best = 1.0
    for threshold in [*sorted(set(scores.tolist())), np.inf]:
        decided = scores >= threshold
        missed = np.sum(~decided & synthetic) / np.sum(synthetic)
        accused = np.sum(decided & ~synthetic) / np.sum(~synthetic)
        best = min(best, max(missed, accused))
    return float(best)


@alternative(task="equal_error_rate")
def by_counting(scores: Array, synthetic: Array) -> float:
    order = np.argsort(scores, kind="stable")
    s, label = scores[order], synthetic[order]
    starts = np.flatnonzero(np.concatenate([[True], s[1:] != s[:-1]]))  # a threshold at each new value
    starts = np.append(starts, s.size)
    below = np.concatenate([[0], np.cumsum(label)])[starts]
    natural_below = starts - below
    natural = np.sum(~label)
    return float(np.min(np.maximum(below / label.sum(), (natural - natural_below) / natural)))


@alternative(task="equal_error_rate")
def thresholds_between_the_scores(scores: Array, synthetic: Array) -> float:
    values = np.unique(scores)
    thresholds = [values[0] - 1, *(values[1:] + values[:-1]) / 2]  # above all of them, every one is missed
    return min(max(np.mean(scores[synthetic] <= t), np.mean(scores[~synthetic] > t)) for t in thresholds)
