"""Verification of speakers beside scikit-learn, torch and SciPy."""

from __future__ import annotations

import numpy as np
import torch
from scipy.stats import zscore
from sklearn.metrics import det_curve

from audiocourse import trials
from audiocourse.classify.speakers import from_scratch as ours
from audiocourse.classify.speakers import normalisation


def rates() -> float:
    """2,000 trials of two overlapping classes."""
    rng = np.random.default_rng(0)
    targets = rng.random(2_000) < 0.2
    scores = rng.normal(1.0 * targets, 1.0)
    found = trials.error_rates(scores, targets)
    false_alarm, miss, thresholds = det_curve(targets, scores)
    finite = np.isfinite(thresholds)
    rows = np.searchsorted(found.thresholds, thresholds[finite])
    apart = [found.miss[rows] - miss[finite], found.false_alarm[rows] - false_alarm[finite]]
    return float(np.max(np.abs(apart)))


def similarities() -> float:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(30, 64)), 100 * rng.normal(size=(20, 64))
    peer = torch.nn.functional.cosine_similarity(torch.from_numpy(a)[:, None], torch.from_numpy(b), dim=2)
    return float(np.abs(ours.cosine_similarities(a, b) - peer.numpy()).max())


def margin() -> float:
    """Cross-entropy of logits whose own angle was widened, for angles that stay below π."""
    rng = np.random.default_rng(2)
    e, w = (ours.unit_vectors(rng.normal(size=shape)) for shape in ((40, 32), (10, 32)))
    labels = rng.integers(10, size=40)
    theta = torch.arccos(torch.from_numpy(e @ w.T))
    theta[torch.arange(40), torch.from_numpy(labels)] += 0.2
    peer = torch.nn.functional.cross_entropy(30 * torch.cos(theta), torch.from_numpy(labels))
    return abs(ours.aam_softmax_loss(e, w, labels) - float(peer))


def standard_scores() -> float:
    cohort = np.random.default_rng(3).normal(0.3, 0.1, (20, 50))
    return float(np.abs(normalisation.z_norm(cohort, cohort) - zscore(cohort, axis=1)).max())


PEERS = [
    ("trials.error_rates", "sklearn.metrics.det_curve", 1e-12, "", rates),
    ("cosine_similarities", "torch.nn.functional.cosine_similarity", 1e-12, "", similarities),
    ("aam_softmax_loss", "torch.nn.functional.cross_entropy", 1e-12, "", margin),
    ("z_norm", "scipy.stats.zscore", 1e-12, "", standard_scores),
]
