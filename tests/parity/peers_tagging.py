"""The loss and the balanced accuracy of chapter 4b beside PyTorch's and scikit-learn's."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.metrics import balanced_accuracy_score

from audiocourse.classify import balanced_accuracy, cross_entropy


def losses() -> float:
    """Mixed targets, and logits from a few units to thousands; the difference is relative."""
    apart = []
    for seed, scale in ((0, 1.0), (1, 30.0), (2, 3000.0)):
        rng = np.random.default_rng(seed)
        logits = scale * rng.normal(size=(8, 10))
        targets = rng.dirichlet(np.ones(10), size=8)
        peer = torch.nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(targets)).item()
        apart.append(abs(cross_entropy(logits, targets) - peer) / peer)
    return max(apart)


def recalls() -> float:
    """Six classes of very different frequency, some of them absent."""
    apart = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        reference = rng.choice(6, 60, p=[0.6, 0.2, 0.1, 0.05, 0.03, 0.02])
        predicted = np.where(rng.random(60) < 0.5, reference, rng.choice(reference, 60))
        apart.append(abs(balanced_accuracy(reference, predicted) - balanced_accuracy_score(reference, predicted)))
    return max(apart)


PEERS = [
    ("cross_entropy", "torch.nn.functional.cross_entropy", 1e-9, "of the loss", losses),
    ("balanced_accuracy", "sklearn.metrics.balanced_accuracy_score", 1e-12, "of 1", recalls),
]
