"""What an encoder of voices is made of, apart from its layers: pooling over real frames, and two losses.

A vector of length 1 stands for each utterance. Training pulls the vectors of one speaker together and pushes those of
different speakers apart, so that the cosine of an angle says whether two utterances are of one speaker.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number
from audiocourse.signal import FloatArray

LEAST_VARIANCE = 1e-6


def statistics_pooling(states: FloatArray, lengths: NDArray[np.integer]) -> FloatArray:
    """Summarise utterances of different lengths: mean and standard deviation of each state over the real frames.

    μ[n] = (1 / T_n) Σ_(t < T_n) h[n, t], σ[n] = √max((1 / T_n) Σ_(t < T_n) (h[n, t] − μ[n])², 10⁻⁶). Frames from T_n on
    are padding and have no effect.

    Parameters
    ----------
    states : np.ndarray [shape=(batch, frames, features)]
        h; the padding is ignored, even if it is not 0.
    lengths : np.ndarray [shape=(batch,)]
        T: the real frames of each utterance, whole numbers from 1 to frames.

    Returns
    -------
    np.ndarray [shape=(batch, 2 * features)]
        μ and then σ, float64.

    Raises
    ------
    AudioCourseError
        If a length is below 1 or above the number of frames, or the shapes do not fit.

    Examples
    --------
    >>> padded = np.array([[[1.0], [3.0], [99.0]]])
    >>> statistics_pooling(padded, np.array([2]))
    array([[2., 1.]])

    Source: D. Snyder et al., X-vectors: robust DNN embeddings for speaker recognition, ICASSP 2018.
    """
    _require_lengths(states, lengths)
    pooled = []
    for h, length in zip(states.astype(np.float64), lengths, strict=True):
        real = h[:length]  # (length, features)
        sigma = np.sqrt(np.maximum(real.var(axis=0), LEAST_VARIANCE))
        pooled.append(np.concatenate([real.mean(axis=0), sigma]))
    return np.stack(pooled)


def cosine_similarities(a: FloatArray, b: FloatArray) -> FloatArray:
    """Compute the cosine of the angle between each vector of a and each of b.

    cos(a_i, b_j) = a_i · b_j / (|a_i| |b_j|)

    Parameters
    ----------
    a : np.ndarray [shape=(vectors, dimensions)]
        Such as embeddings of test utterances.
    b : np.ndarray [shape=(other_vectors, dimensions)]
        Such as voiceprints of enrolled speakers.

    Returns
    -------
    np.ndarray [shape=(vectors, other_vectors)]
        float64, from −1 to 1.

    Raises
    ------
    AudioCourseError
        If the numbers of dimensions differ, or a vector is 0 or not finite.

    Examples
    --------
    >>> cosine_similarities(np.array([[3.0, 4.0]]), np.array([[6.0, 8.0], [4.0, -3.0]])).round(3)
    array([[1., 0.]])
    """
    a, b = unit_vectors(a), unit_vectors(b)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise AudioCourseError(
            f"Vectors of shapes {a.shape} and {b.shape} cannot be compared: pass two matrices (vectors, dimensions) of "
            "embeddings from one encoder."
        )
    similarities: FloatArray = a @ b.T
    return similarities


def ge2e_loss(embeddings: FloatArray, *, scale: float = 10.0, offset: float = -5.0) -> float:
    """Compute the generalised end-to-end loss (softmax variant) of a batch of speakers.

    S[j, i, k] = w cos(e[j, i], c_k) + b, where e[j, i] is utterance i of speaker j and c_k the mean of the utterances
    of speaker k. For k = j the mean is taken without e[j, i] itself, as otherwise every utterance would be near its
    own centroid from the beginning. L = −(1 / NM) Σ_ji ln (e^(S[j, i, j]) / Σ_k e^(S[j, i, k])).

    Parameters
    ----------
    embeddings : np.ndarray [shape=(speakers, utterances, dimensions)]
        e, of length 1 each; at least two speakers with at least two utterances each.
    scale, offset : float
        w > 0 and b; learned in training.

    Returns
    -------
    float
        ln(speakers) if all similarities are alike; near 0 for separate speakers and a large w.

    Raises
    ------
    AudioCourseError
        If the shape does not fit, a vector is 0 or not finite, or w is not above 0.

    Examples
    --------
    >>> together = np.ones((4, 3, 2)) / np.sqrt(2)  # all utterances at one point
    >>> round(ge2e_loss(together), 4)  # ln 4
    1.3863

    Source: L. Wan et al., Generalized end-to-end loss for speaker verification, ICASSP 2018, arXiv:1710.10467. The
    paper sums over utterances; here the mean is taken.
    """
    require_number(scale=scale, offset=offset)
    e = unit_vectors(embeddings)
    if e.ndim != 3 or e.shape[0] < 2 or e.shape[1] < 2 or scale <= 0:
        raise AudioCourseError(
            f"GE2E needs at least two speakers with two utterances each, (speakers, utterances, dimensions), and a "
            f"scale above 0, not the shape {e.shape} and {scale:g}."
        )
    speakers, utterances, _ = e.shape
    centroids = e.mean(axis=1)  # (speakers, dimensions)
    cosine = np.einsum("jid,kd->jik", e, unit_vectors(centroids))  # (speakers, utterances, speakers)
    others = (utterances * centroids[:, None] - e) / (utterances - 1)  # without the utterance itself
    each = np.arange(speakers)
    cosine[each, :, each] = np.sum(e * unit_vectors(others), axis=2)
    logits = scale * cosine + offset
    return float(-np.mean(log_softmax(logits)[each, :, each]))


def aam_softmax_loss(
    embeddings: FloatArray,
    weights: FloatArray,
    labels: NDArray[np.integer],
    *,
    margin: float = 0.2,
    scale: float = 30.0,
) -> float:
    """Compute the additive angular margin softmax loss: the right angle must be smaller by a margin.

    L = −(1 / N) Σ_n ln (e^(s cos(θ_(n, y) + m)) / (e^(s cos(θ_(n, y) + m)) + Σ_(k ≠ y) e^(s cos θ_(n, k)))), with
    θ_(n, k) the angle between embedding n and the vector w_k of speaker k, and y the speaker of n. Where θ + m > π,
    cos θ − m sin m stands for cos(θ + m), so that the loss keeps rising with θ.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(batch, dimensions)]
        Of any length but 0: only directions count.
    weights : np.ndarray [shape=(speakers, dimensions)]
        w, likewise.
    labels : np.ndarray [shape=(batch,)]
        y, whole numbers from 0 to speakers − 1.
    margin : float
        m in radians, from 0 (a softmax of cosines) to π / 2.
    scale : float
        s > 0.

    Returns
    -------
    float
        The mean over the batch.

    Raises
    ------
    AudioCourseError
        If shapes do not fit, a label is out of range, a vector is 0 or not finite, or an option is out of range.

    Examples
    --------
    >>> right_angles = np.eye(2)
    >>> round(aam_softmax_loss(right_angles, right_angles, np.array([0, 1]), margin=0.0, scale=1.0), 4)  # ln(1 + 1/e)
    0.3133

    Source: J. Deng et al., ArcFace: additive angular margin loss for deep face recognition, CVPR 2019,
    arXiv:1801.07698.
    """
    cosine = cosine_similarities(embeddings, weights)  # (batch, speakers)
    _require_labels(labels, *cosine.shape)
    if not 0 <= margin <= np.pi / 2 or scale <= 0:
        raise AudioCourseError(f"The margin is {margin} and the scale {scale}: choose 0 to π / 2 and one above 0.")
    each = np.arange(len(labels))
    theta = np.arccos(np.clip(cosine[each, labels], -1, 1))  # θ_(n, y)
    logits = cosine.copy()
    logits[each, labels] = np.where(
        theta + margin > np.pi, np.cos(theta) - margin * np.sin(margin), np.cos(theta + margin)
    )
    return float(-np.mean(log_softmax(scale * logits)[each, labels]))


def log_softmax(logits: FloatArray) -> FloatArray:
    """Return ln (e^(x_k) / Σ_i e^(x_i)) along the last axis, without overflow: (..., classes) -> (..., classes)."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def unit_vectors(vectors: FloatArray) -> FloatArray:
    """Return v / |v| along the last axis, float64: (..., dimensions) -> the same shape; 0 and NaN are refused."""
    array = np.asarray(vectors)
    if array.dtype.kind != "f" or array.ndim < 1 or array.size == 0:
        raise AudioCourseError(
            f"Embeddings must be floats of shape (..., dimensions), not {array.dtype} of shape {array.shape}."
        )
    norm = np.linalg.norm(array.astype(np.float64), axis=-1, keepdims=True)
    if not np.isfinite(norm).all() or norm.min() == 0:
        raise AudioCourseError("An embedding is 0 or not finite, so it has no direction: look at its recording.")
    units: FloatArray = array / norm
    return units


def _require_lengths(states: FloatArray, lengths: NDArray[np.integer]) -> None:
    if states.ndim != 3 or np.ndim(lengths) != 1 or len(lengths) != len(states):
        raise AudioCourseError(
            f"States are (batch, frames, features) with one length each, not {states.shape} and {np.shape(lengths)}."
        )
    if np.asarray(lengths).dtype.kind not in "iu" or np.min(lengths) < 1 or np.max(lengths) > states.shape[1]:
        raise AudioCourseError(f"Lengths must be whole numbers from 1 to {states.shape[1]} frames, not {lengths}.")


def _require_labels(labels: NDArray[np.integer], batch: int, speakers: int) -> None:
    labels = np.asarray(labels)
    if labels.shape != (batch,) or labels.dtype.kind not in "iu":
        raise AudioCourseError(
            f"Each of the {batch} embeddings needs one speaker number, not labels of shape {labels.shape} and dtype "
            f"{labels.dtype}."
        )
    if labels.min() < 0 or labels.max() >= speakers:
        raise AudioCourseError(
            f"The labels go from {labels.min()} to {labels.max()}, but there are {speakers} speakers: number them from "
            f"0 to {speakers - 1}."
        )
