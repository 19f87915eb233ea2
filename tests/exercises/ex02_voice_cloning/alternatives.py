"""Right answers to exercise 2 in other styles than the solution: loops, masks, matrices."""

from __future__ import annotations

import math

import numpy as np

from audiocourse.learn.checking.authoring import alternative
from audiocourse.signal import istft, stft

Array = np.ndarray
Weights = dict[str, Array]


# ---------------------------------------------------------------- 2.1 the length regulator


@alternative(task="length_regulate")
def frame_by_frame(states: Array, durations: Array) -> Array:
    rows = [state for state, duration in zip(states, durations, strict=True) for _ in range(duration)]
    return np.array(rows)


@alternative(task="length_regulate")
def search_for_the_symbol(states: Array, durations: Array) -> Array:
    ends = np.cumsum(durations)
    return states[np.searchsorted(ends, np.arange(ends[-1]), side="right")]


# ---------------------------------------------------------------- 2.2 the loss of durations


@alternative(task="log_duration_loss")
def text_by_text(predicted: Array, durations: Array, lengths: Array) -> float:
    total = sum((predicted[b, i] - math.log(1 + durations[b, i])) ** 2 for b, n in enumerate(lengths) for i in range(n))
    return float(total / sum(lengths))


@alternative(task="log_duration_loss")
def masked(predicted: Array, durations: Array, lengths: Array) -> float:
    beyond = np.arange(predicted.shape[1]) >= lengths[:, None]
    return float(np.ma.masked_array(predicted - np.log1p(durations), beyond).__pow__(2).mean())


@alternative(task="log_duration_loss")
def in_single_precision(predicted: Array, durations: Array, lengths: Array) -> Array:
    """An array of one number is a number, as a tensor of torch would be."""
    real = np.arange(predicted.shape[1]) < lengths[:, None]
    errors = np.where(real, predicted - np.log1p(durations), 0).astype(np.float32)
    return np.asarray(np.sum(errors**2) / np.float32(lengths.sum()))


# ---------------------------------------------------------------- 2.3 one step of Griffin-Lim


@alternative(task="griffin_lim_step")
def by_the_angle(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    y = istft(estimate, n_fft=n_fft, hop_length=hop_length, length=length)
    return magnitude * np.exp(1j * np.angle(stft(y, n_fft=n_fft, hop_length=hop_length)))


@alternative(task="griffin_lim_step")
def divided_where_it_can_be(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    t = stft(istft(estimate, n_fft=n_fft, hop_length=hop_length, length=length), n_fft=n_fft, hop_length=hop_length)
    t[t == 0] = 1
    return magnitude * (t / np.abs(t))


@alternative(task="griffin_lim_step")
def in_single_precision_too(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    y = istft(estimate, n_fft=n_fft, hop_length=hop_length, length=length)
    angle = np.angle(stft(y, n_fft=n_fft, hop_length=hop_length))
    return (magnitude * np.cos(angle) + 1j * magnitude * np.sin(angle)).astype(np.complex64)


# ---------------------------------------------------------------- 2.4 a vector for a voice


@alternative(task="voice_embedding")
def recording_by_recording(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    voices = []
    for frames, length in zip(states, lengths, strict=True):
        real = frames[:length]
        e = weight @ np.r_[real.mean(axis=0), np.sqrt(real.var(axis=0) + 1e-5)] + bias
        voices.append(e / math.sqrt(e @ e))
    return np.array(voices)


@alternative(task="voice_embedding")
def by_mean_squares(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    real = np.arange(states.shape[1]) < lengths[:, None]
    kept = np.where(real[..., None], states, 0)
    mean = kept.sum(axis=1) / lengths[:, None]
    square = (kept**2).sum(axis=1) / lengths[:, None]
    spread = np.sqrt(np.maximum(square - mean**2, 0) + 1e-5)
    half = states.shape[2]
    e = mean @ weight[:, :half].T + spread @ weight[:, half:].T + bias
    return e / np.sqrt(np.sum(e**2, axis=1))[:, None]


# ---------------------------------------------------------------- 2.5 speaking in a voice


@alternative(task="conditioned_frames")
def symbol_by_symbol(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    frames = []
    for x in encoded:
        h = x + weights["voice"] @ voice
        duration = max(1, round((math.exp(weights["duration"] @ h) - 1) / rate))
        s = h + (weights["pitch"] @ h + pitch_shift) * weights["pitch_embedding"]
        frames += duration * [weights["mel"] @ s]
    return np.array(frames)


@alternative(task="conditioned_frames")
def bands_first(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    h = (encoded.T + (weights["voice"] @ voice)[:, None]).T
    pitch = h @ weights["pitch"] + pitch_shift
    bands = (h + np.outer(pitch, weights["pitch_embedding"])) @ weights["mel"].T
    frames = np.rint((np.exp(h @ weights["duration"]) - 1) / rate).clip(min=1).astype(int)
    return bands.repeat(frames, axis=0)


# ---------------------------------------------------------------- 2.6 judging clones


@alternative(task="cloning_scores")
def clone_by_clone(
    clones: Array, targets: Array, others: Array, errors: Array, words: Array
) -> tuple[float, float, float, float]:
    def cosine(a: Array, b: Array) -> float:
        return float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))

    own = [cosine(c, t) for c, t in zip(clones, targets, strict=True)]
    foreign = [max(cosine(c, other) for other in row) for c, row in zip(clones, others, strict=True)]
    margins = [a - b for a, b in zip(own, foreign, strict=True)]
    count = len(own)
    return sum(own) / count, sum(margins) / count, sum(m > 0 for m in margins) / count, sum(errors) / sum(words)


@alternative(task="cloning_scores")
def one_matrix(
    clones: Array, targets: Array, others: Array, errors: Array, words: Array
) -> tuple[float, float, float, float]:
    everyone = np.concatenate([targets[:, None], others], axis=1)  # (clones, 1 + voices, size)
    everyone = everyone / np.linalg.norm(everyone, axis=2)[..., None]
    c = clones / np.linalg.norm(clones, axis=1)[:, None]
    cosines = (everyone @ c[..., None])[..., 0]
    best = cosines[:, 1:].max(axis=1)
    nearest = float(np.mean(cosines[:, 0] > best))
    return float(cosines[:, 0].mean()), float(np.mean(cosines[:, 0] - best)), nearest, float(errors.sum() / words.sum())


@alternative(task="cloning_scores")
def an_array_of_four(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Array:
    lengths = np.linalg.norm(clones, axis=1) * np.linalg.norm(targets, axis=1)
    own = np.einsum("ns,ns->n", clones, targets) / lengths
    products = np.einsum("ns,nvs->nv", clones, others)
    best = np.max(products / (np.linalg.norm(clones, axis=1)[:, None] * np.linalg.norm(others, axis=2)), axis=1)
    rate = np.average(errors / words, weights=words)
    return np.array([own.mean(), own.mean() - best.mean(), np.mean(own > best), rate])


# ---------------------------------------------------------------- 2.7 the voice of messy recordings


def _unit(vector: Array) -> Array:
    return vector / np.linalg.norm(vector)


@alternative(task="voice_from_recordings")
def best_pair_of_all(vectors: Array, level_db: Array, floor_db: Array) -> Array:
    clean = level_db - floor_db
    agreement = vectors @ vectors.T + 0.04 * (clean[:, None] + clean)
    np.fill_diagonal(agreement, -np.inf)
    a, b = np.unravel_index(np.argmax(agreement), agreement.shape)
    return _unit(vectors[a] + vectors[b])


@alternative(task="voice_from_recordings")
def without_the_two_that_agree_least(vectors: Array, level_db: Array, floor_db: Array) -> Array:
    left = vectors[np.argsort(floor_db - level_db)[:4]]
    for _ in range(2):
        left = np.delete(left, np.argmin((left @ left.T).sum(axis=1)), axis=0)
    return _unit(left.sum(axis=0))
