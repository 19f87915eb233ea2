"""Right answers to exercise 9 in other styles than the solution: loops, dictionaries, matrices."""

from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Array = np.ndarray


# ---------------------------------------------------------------- 9.1 folds of actors


@alternative(task="actor_folds")
def with_slices(actors: list[str], *, folds: int, seed: int) -> list[tuple[list[int], list[int], list[int]]]:
    cast = sorted(set(actors))
    random.Random(seed).shuffle(cast)
    groups = [set(cast[fold::folds]) for fold in range(folds)]
    result = []
    for test, validation in zip(groups, groups[1:] + groups[:1], strict=True):
        chosen: tuple[list[int], list[int], list[int]] = ([], [], [])
        for clip, actor in enumerate(actors):
            chosen[2 if actor in test else 1 if actor in validation else 0].append(clip)
        result.append(chosen)
    return result


@alternative(task="actor_folds")
def with_array_split(actors: list[str], *, folds: int, seed: int) -> list[list[Array]]:
    names = np.array(actors)
    groups = np.array_split(np.random.default_rng(seed).permutation(np.unique(names)), folds)
    member = np.stack([np.isin(names, group) for group in groups])
    following = np.roll(member, -1, axis=0)
    return [
        [np.flatnonzero(part) for part in (~(test | validation), validation, test)]
        for test, validation in zip(member, following, strict=True)
    ]


# ---------------------------------------------------------------- 9.2 final states


@alternative(task="final_states")
def clip_by_clip(states: Array, lengths: Array) -> Array:
    hidden = states.shape[-1] // 2
    return np.array([[*h[n - 1][:hidden], *h[0][hidden:]] for h, n in zip(states, lengths, strict=True)])


@alternative(task="final_states")
def in_torch(states: Array, lengths: Array) -> Array:
    import torch

    forward, backward = torch.from_numpy(states).chunk(2, dim=2)
    index = torch.from_numpy(lengths - 1)[:, None, None].expand(-1, 1, forward.shape[2])
    return torch.cat([forward.gather(1, index)[:, 0], backward[:, 0]], dim=1).numpy()


# ---------------------------------------------------------------- 9.3 attention pooling


@alternative(task="attention_pooling")
def clip_after_clip(states: Array, scores: Array, lengths: Array) -> tuple[Array, Array]:
    weights = np.zeros(scores.shape)
    rows = []
    for clip, length in enumerate(lengths):
        e = [math.exp(score - max(scores[clip, :length])) for score in scores[clip, :length]]
        weights[clip, :length] = np.array(e) / sum(e)
        rows.append(sum(weights[clip, m] * states[clip, m] for m in range(length)))
    return np.stack(rows), weights


@alternative(task="attention_pooling")
def attention_in_torch(states: Array, scores: Array, lengths: Array) -> tuple[Array, Array]:
    import torch

    padding = torch.arange(scores.shape[1])[None] >= torch.from_numpy(lengths)[:, None]
    weights = torch.from_numpy(scores).masked_fill(padding, -math.inf).softmax(dim=1)
    clean = torch.from_numpy(states).masked_fill(padding[:, :, None], 0)
    return (weights[:, :, None] * clean).sum(dim=1).numpy(), weights.numpy()


# ---------------------------------------------------------------- 9.4 class weights


@alternative(task="class_weights")
def with_a_counter(labels: Array, *, classes: int) -> Array:
    counts = Counter(labels.tolist())
    return np.array([len(labels) / (len(counts) * counts[c]) if c in counts else 0.0 for c in range(classes)])


@alternative(task="class_weights")
def from_shares(labels: Array, *, classes: int) -> Array:
    shares = np.eye(classes)[labels].mean(axis=0)
    inverse = np.zeros(classes)
    inverse[shares > 0] = 1 / shares[shares > 0]
    return inverse / np.count_nonzero(shares)


# ---------------------------------------------------------------- 9.5 loss and gradient


@alternative(task="weighted_cross_entropy")
def by_autograd(logits: Array, labels: Array, weights: Array) -> tuple[float, Array]:
    import torch

    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    y = torch.as_tensor(labels)
    w = torch.as_tensor(weights, dtype=torch.float64)[y]
    loss = (w * (z.logsumexp(dim=1) - z[torch.arange(len(y)), y])).sum() / w.sum()
    (gradient,) = torch.autograd.grad(loss, z)
    return loss.item(), gradient.numpy()


@alternative(task="weighted_cross_entropy")
def with_targets(logits: Array, labels: Array, weights: Array) -> tuple[float, Array]:
    share = weights[labels] / weights[labels].sum()
    targets = np.eye(logits.shape[1])[labels]
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return float(-share @ (targets * log_p).sum(axis=1)), np.diag(share) @ (np.exp(log_p) - targets)


# ---------------------------------------------------------------- 9.6 reading a confusion matrix


@alternative(task="read_confusion")
def with_loops(counts: Array) -> tuple[float, float, tuple[int, int], float]:
    size = len(counts)
    totals = [int(row.sum()) for row in counts]
    recalls = [counts[c, c] / totals[c] for c in range(size) if totals[c] > 0]
    best, largest = (0, 1), -1.0
    for i in range(size):
        for j in range(i + 1, size):
            share = sum(counts[a, b] / totals[a] for a, b in ((i, j), (j, i)) if totals[a] > 0) / 2
            if share > largest:
                best, largest = (i, j), share
    right = sum(counts[c, c] for c in range(size))
    return float(right / sum(totals)), float(sum(recalls) / len(recalls)), best, float(largest)


@alternative(task="read_confusion")
def with_indices(counts: Array) -> tuple[float, float, list[int], float]:
    totals = counts.sum(axis=1)
    shares = np.divide(counts, totals[:, None], out=np.zeros(counts.shape), where=totals[:, None] > 0)
    i, j = np.triu_indices(len(counts), k=1)
    confused = (shares[i, j] + shares[j, i]) / 2
    best = int(confused.argmax())
    uar = shares.diagonal()[totals > 0].mean()
    return (
        float(counts.diagonal().sum() / totals.sum()),
        float(uar),
        [int(i[best]), int(j[best])],
        float(confused[best]),
    )


# ---------------------------------------------------------------- 9.7 your own classifier


@alternative(task="train_emotion_classifier")
def discriminants(
    train_features: Array,
    train_lengths: Array,
    train_labels: Array,
    train_actors: Array,
    test_features: Array,
    test_lengths: Array,
    test_actors: Array,
) -> Array:
    """Another method: quantiles and moving averages of tracks relative to the actor's mean, and Gaussian classes."""
    from scipy.ndimage import uniform_filter1d
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    def describe(features: Array, lengths: Array, actors: Array) -> Array:
        clips = [x[:n].astype(float) for x, n in zip(features, lengths, strict=True)]
        rows = []
        for clip, actor in zip(clips, actors, strict=True):
            own = np.concatenate([other for other, name in zip(clips, actors, strict=True) if name == actor])
            x = clip - own.mean(axis=0)
            smooth = uniform_filter1d(x, 9, axis=0)[4:-4]
            spread = np.sqrt(np.maximum(uniform_filter1d(x**2, 9, axis=0)[4:-4] - smooth**2, 0))
            parts = [x.mean(axis=0), x.std(axis=0), *np.quantile(smooth, [0.05, 0.95], axis=0), spread.max(axis=0)]
            rows.append(np.concatenate([*parts, spread.min(axis=0), [x[-4:, 0].mean() - x[-12:-4, 0].mean()]]))
        return np.stack(rows)

    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=np.full(7, 1 / 7))
    model.fit(describe(train_features, train_lengths, train_actors), train_labels)
    return model.predict(describe(test_features, test_lengths, test_actors))
