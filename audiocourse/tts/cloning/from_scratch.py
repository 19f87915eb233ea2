"""What voice cloning rests on, in NumPy: a vector for a voice, and a judgement of the clones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.errors import AudioCourseError


def voice_embedding(states: FloatArray, lengths: IntArray, weight: FloatArray, bias: FloatArray) -> FloatArray:
    """Describe the voice of each recording by a vector of length 1.

    μ = mean over m < T of h[m], σ = √(mean over m < T of (h[m] − μ)² + 10⁻⁵); e = W [μ, σ] + b; v = e / ‖e‖.

    What is said averages out over time; what stays the same, the voice, remains. Frames beyond the length T of a
    recording are padding and must not count.

    Parameters
    ----------
    states : np.ndarray [shape=(batch, frames, hidden)]
        h, the reference encoder's last layer.
    lengths : np.ndarray [shape=(batch,)]
        T, frames of each recording.
    weight : np.ndarray [shape=(voice_size, 2 * hidden)]
        W
    bias : np.ndarray [shape=(voice_size,)]
        b

    Returns
    -------
    np.ndarray [shape=(batch, voice_size)]
        v, each of length 1.

    Raises
    ------
    AudioCourseError
        If a length is not from 1 to the number of frames, or shapes do not fit.

    Examples
    --------
    >>> h = np.array([[[3.0], [5.0], [99.0]]])
    >>> voice_embedding(h, np.array([2]), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)).round(3)
    array([[0.97 , 0.243]])

    Source: D. Snyder et al., X-vectors: robust DNN embeddings for speaker recognition, ICASSP 2018.

    Notebook: ex02_voice_cloning
    """
    if states.ndim != 3 or len(lengths) != len(states) or weight.shape[1] != 2 * states.shape[2]:
        raise AudioCourseError("states are (batch, frames, hidden), weight (voice_size, 2 * hidden): check the shapes.")
    if lengths.min() < 1 or lengths.max() > states.shape[1]:
        raise AudioCourseError(f"Lengths are from 1 to {states.shape[1]} frames, but they are {lengths.tolist()}.")
    real = (np.arange(states.shape[1]) < lengths[:, None])[..., None]  # (batch, frames, 1)
    count = lengths[:, None]
    mean = np.where(real, states, 0).sum(axis=1) / count  # (batch, hidden)
    variance = np.where(real, np.square(states - mean[:, None]), 0).sum(axis=1) / count
    statistics = np.concatenate([mean, np.sqrt(variance + 1e-5)], axis=1)  # (batch, 2 * hidden)
    embedding = statistics @ weight.T + bias
    unit: FloatArray = embedding / np.linalg.norm(embedding, axis=1, keepdims=True)
    return unit


class CloningScores(NamedTuple):
    """``similarity`` and ``margin`` are cosines, ``nearest`` and ``word_error_rate`` shares."""

    similarity: float
    margin: float
    nearest: float
    word_error_rate: float


def cloning_scores(
    clones: FloatArray, targets: FloatArray, others: FloatArray, errors: IntArray, words: IntArray
) -> CloningScores:
    """Judge cloned speech by its likeness to the voice, beside its likeness to others, and by how it is understood.

    s[n] = cos(c[n], t[n]), o[n] = max over k of cos(c[n], a[n, k]). similarity = mean of s, margin = mean of s − o,
    nearest = share of s > o, word_error_rate = Σ errors / Σ words.

    Similarity alone flatters: an encoder that finds all voices alike gives every clone 0.95. Only beside other voices
    does it mean something.

    Parameters
    ----------
    clones, targets : np.ndarray [shape=(clones, size)]
        c and t: embeddings of each clone and of a recording of its target, from an encoder not used in training.
    others : np.ndarray [shape=(clones, voices, size)]
        a: embeddings of other voices for each clone.
    errors, words : np.ndarray [shape=(clones,)]
        Word errors of a recogniser on each clone, and words of its text.

    Returns
    -------
    CloningScores
        The four numbers.

    Raises
    ------
    AudioCourseError
        If shapes do not fit, an embedding is 0, or there are no words.

    Notebook: ex02_voice_cloning
    """
    if clones.ndim != 2 or targets.shape != clones.shape or others.ndim != 3 or len(others) != len(clones):
        raise AudioCourseError(
            "clones and targets are (clones, size), others (clones, voices, size): check the shapes."
        )
    if words.sum() == 0:
        raise AudioCourseError("There are no words in the texts, so there is no word error rate.")
    unit_clones, unit_targets, unit_others = (_unit(vectors) for vectors in (clones, targets, others))
    to_target = np.sum(unit_clones * unit_targets, axis=1)  # (clones,)
    to_others = np.einsum("ns,nvs->nv", unit_clones, unit_others).max(axis=1)
    return CloningScores(
        similarity=float(to_target.mean()),
        margin=float((to_target - to_others).mean()),
        nearest=float((to_target > to_others).mean()),
        word_error_rate=float(errors.sum() / words.sum()),
    )


def _unit(vectors: FloatArray) -> FloatArray:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not np.all(norms > 0):
        raise AudioCourseError("An embedding is 0 or NaN: it has no direction to compare.")
    unit: FloatArray = vectors / norms
    return unit
