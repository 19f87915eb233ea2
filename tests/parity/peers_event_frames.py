"""The stages around a sound event detector beside torch's loss, SciPy's filter and matching, scikit-learn's F."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage, sparse
from sklearn.metrics import f1_score

from audiocourse.classify.events import from_scratch as ours
from audiocourse.intervals import LabelledSegment


def loss_with_padding() -> float:
    """Three clips of 30, 17 and 4 frames with logits up to ±100; the padding holds NaN."""
    rng = np.random.default_rng(0)
    logits = rng.uniform(-100, 100, (3, 30, 5))
    targets = rng.random(logits.shape)
    lengths = np.array([30, 17, 4])
    real = np.arange(30) < lengths[:, None]
    logits[~real] = np.nan
    peer = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.from_numpy(logits[real]), torch.from_numpy(targets[real])
    )
    return abs(ours.masked_binary_cross_entropy(logits, targets, lengths) - float(peer))


def filtered() -> float:
    scores = np.random.default_rng(1).random((60, 4))
    apart = [
        np.abs(ours.median_filter(scores, size=size) - ndimage.median_filter(scores, size=(size, 1), mode="reflect"))
        for size in (1, 3, 9, 25, 59)
    ]
    return float(np.max(apart))


def best_f() -> float:
    """How far F at our threshold is from the largest that scikit-learn finds among the candidates."""
    rng = np.random.default_rng(2)
    targets = (rng.random((400, 3)) < [0.05, 0.3, 0.6]).astype(float)
    probabilities = np.clip(0.4 * targets + rng.uniform(0, 0.6, targets.shape), 0, 1)
    candidates = np.linspace(0.1, 0.9, 17)
    thresholds = ours.class_thresholds(probabilities, targets, candidates=candidates)
    apart = []
    for p, t, mine in zip(probabilities.T, targets.T, thresholds, strict=True):
        best = max(f1_score(t, p >= theta, zero_division=0.0) for theta in candidates)
        apart.append(abs(best - f1_score(t, p >= mine, zero_division=0.0)))
    return float(max(apart))


def unmatched() -> float:
    """Pairs that SciPy's maximum matching finds and ours does not, or the reverse, in 60 crowded files."""
    differing = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        reference, estimated = _shots(rng, 12), _shots(rng, 14)
        fits = [
            [abs(r[0] - e[0]) <= 0.2 and abs(r[1] - e[1]) <= max(0.2, 0.5 * (r[1] - r[0])) for e in estimated]
            for r in reference
        ]
        graph = sparse.csr_matrix(np.array(fits, dtype=int))
        peer = int(np.sum(sparse.csgraph.maximum_bipartite_matching(graph, perm_type="column") >= 0))
        differing += abs(len(ours.match_events(reference, estimated)) - peer)
    return float(differing)


def _shots(rng: np.random.Generator, count: int) -> list[LabelledSegment]:
    """Short events close to each other, in random order."""
    edges = np.cumsum(rng.uniform(0.02, 0.12, 2 * count))
    shots = [(float(start), float(end), "gunshot") for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [shots[int(i)] for i in rng.permutation(count)]


PEERS = [
    ("masked_binary_cross_entropy", "torch binary_cross_entropy_with_logits", 1e-12, "nats", loss_with_padding),
    ("median_filter", "scipy.ndimage.median_filter", 0.0, "of the score", filtered),
    ("class_thresholds", "sklearn.metrics.f1_score", 1e-12, "of F", best_f),
    ("match_events", "scipy maximum_bipartite_matching", 0.0, "pairs", unmatched),
]
