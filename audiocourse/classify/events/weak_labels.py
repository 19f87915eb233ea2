"""Pooling for weak labels, which say what occurs but not when: the probabilities of all frames become one per clip."""

from __future__ import annotations

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError

POOLINGS = ("mean", "max", "linear softmax")


def linear_softmax_pooling(probabilities: FloatArray, lengths: np.ndarray) -> FloatArray:
    """Pool frame probabilities into clip probabilities, a mean weighted by the probabilities themselves.

    P_c = Σ_m p[m, c]² / Σ_m p[m, c], over the real frames m < length. Where all are 0, P_c = 0.

    A few frames with a high probability suffice, as with the maximum, but all frames get a
    gradient, ∂P/∂p[m] = (2 p[m] − P) / Σ p: frames above P / 2 are pushed up, frames below it down.

    Parameters
    ----------
    probabilities : np.ndarray [shape=(batch, frames, classes)]
        p, 0 to 1. Frames beyond the end of a clip hold padding.
    lengths : np.ndarray [shape=(batch,)]
        Number of real frames of each clip, at least 1.

    Returns
    -------
    np.ndarray [shape=(batch, classes)]
        P, 0 to 1.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, a length is out of range, or a real frame is not a probability.

    Examples
    --------
    >>> p = np.array([[[0.8], [0.2], [0.9]]])
    >>> round(float(linear_softmax_pooling(p, np.array([2]))[0, 0]), 3)
    0.68

    Source: Y. Wang, J. Li and F. Metze, A comparison of five multiple instance learning pooling functions for sound
    event detection with weak labeling, ICASSP 2019, arXiv:1810.09050.

    Notebook: 04c_sound_events
    """
    real = _real_frames(probabilities, lengths)
    p = np.where(real, probabilities, 0.0)
    total = p.sum(axis=1)  # (batch, classes)
    pooled: FloatArray = np.divide(np.square(p).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
    return pooled


def pool(probabilities: FloatArray, lengths: np.ndarray, *, how: str) -> FloatArray:
    """Pool by a name of `POOLINGS`, for comparison: (batch, frames, classes), (batch,) -> (batch, classes).

    Notebook: 04c_sound_events
    """
    if how == "linear softmax":
        return linear_softmax_pooling(probabilities, lengths)
    p = np.where(_real_frames(probabilities, lengths), probabilities, 0.0)
    if how == "max":
        largest: FloatArray = p.max(axis=1)
        return largest
    if how != "mean":
        raise AudioCourseError(f"There is no pooling {how!r}: choose one of {', '.join(POOLINGS)}.")
    mean: FloatArray = p.sum(axis=1) / lengths[:, None]
    return mean


def _real_frames(probabilities: FloatArray, lengths: np.ndarray) -> np.ndarray:
    """Refuse what is not a batch of probabilities with lengths; mark the real frames: (batch, frames, 1)."""
    if probabilities.ndim != 3 or lengths.shape != probabilities.shape[:1]:
        raise AudioCourseError(
            f"(batch, frames, classes) and (batch,) are needed, not {probabilities.shape} and {lengths.shape}."
        )
    if lengths.size == 0 or lengths.dtype.kind not in "iu":
        raise AudioCourseError("lengths must hold whole numbers: pass the number of real frames of each clip.")
    if lengths.min() < 1 or lengths.max() > probabilities.shape[1]:
        raise AudioCourseError(
            f"Lengths from {lengths.min()} to {lengths.max()} do not fit {probabilities.shape[1]} frames: give 1 to "
            "that number."
        )
    real = (np.arange(probabilities.shape[1]) < lengths[:, None])[:, :, None]
    inside = np.where(real, probabilities, 0.0)
    if not np.all((inside >= 0) & (inside <= 1)):
        raise AudioCourseError("A real frame holds something other than a probability from 0 to 1.")
    return real
