"""Emotion recognition beside PyTorch and scikit-learn; agreement and concordance beside statsmodels and audmetric."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import balanced_accuracy_score, confusion_matrix
from sklearn.utils.class_weight import compute_class_weight
from torch import nn

from audiocourse.classify import (
    attention_pooling,
    class_weights,
    concordance_correlation,
    final_states,
    fleiss_kappa,
    read_confusion,
    weighted_cross_entropy,
)
from audiocourse.learn.checking.registry import load_by_path

golden = load_by_path(Path(__file__).parents[1] / "classify/emotion/golden.py")
CLASSES = 7


def agreement() -> float:
    """Ratings of 2 to 11 raters; the peer's values are those of the golden file."""
    saved = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))["fleiss_kappa"]
    return max(abs(fleiss_kappa(golden.ratings(seed)) - value) for seed, value in enumerate(saved))


def concordance() -> float:
    """Predictions that are shrunk, moved, reversed or unrelated; the peer's values are those of the golden file."""
    saved = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))["concordance"]
    return max(abs(concordance_correlation(*golden.scales(seed)) - value) for seed, value in enumerate(saved))


def losses() -> float:
    """Loss and gradient, logits from a few units to thousands."""
    apart = []
    for seed, scale in ((0, 1.0), (1, 30.0), (2, 3000.0)):
        rng = np.random.default_rng(seed)
        z = torch.tensor(scale * rng.normal(size=(8, CLASSES)), requires_grad=True)
        labels = rng.integers(CLASSES, size=8)
        weights = rng.uniform(0.1, 3, CLASSES)
        peer = nn.functional.cross_entropy(z, torch.from_numpy(labels), torch.from_numpy(weights))
        (slope,) = torch.autograd.grad(peer, z)
        loss, gradient = weighted_cross_entropy(z.detach().numpy(), labels, weights)
        apart += [abs(loss - peer.item()) / peer.item(), float(np.abs(gradient - slope.numpy()).max())]
    return max(apart)


def weights_of_classes() -> float:
    """Seven classes of very different frequency."""
    labels = np.concatenate([np.arange(CLASSES), np.random.default_rng(0).geometric(0.5, 200).clip(1, CLASSES) - 1])
    peer = compute_class_weight("balanced", classes=np.arange(CLASSES), y=labels)
    return float(np.abs(class_weights(labels, classes=CLASSES) - peer).max())


def last_states() -> float:
    """Padded clips of four lengths."""
    torch.manual_seed(0)
    lstm = nn.LSTM(3, 5, batch_first=True, bidirectional=True)
    lengths = torch.tensor([9, 4, 1, 7])
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(4, 9, 3), lengths, batch_first=True, enforce_sorted=False)
    with torch.no_grad():
        states, (h_n, _) = lstm(packed)
        states, _ = nn.utils.rnn.pad_packed_sequence(states, batch_first=True)
    peer = torch.cat([h_n[0], h_n[1]], dim=1).numpy()
    return float(np.abs(final_states(states.numpy(), lengths.numpy()) - peer).max())


def attention() -> float:
    """Padded clips of four lengths; the peer's query is 1, its keys are the scores."""
    rng = np.random.default_rng(0)
    lengths = np.array([9, 4, 1, 7])
    states, scores = rng.normal(size=(4, 9, 6)), 3 * rng.normal(size=(4, 9))
    peer = nn.functional.scaled_dot_product_attention(
        torch.ones(4, 1, 1, dtype=torch.float64),
        torch.from_numpy(scores)[:, :, None],
        torch.from_numpy(states),
        attn_mask=torch.from_numpy(np.arange(9) < lengths[:, None])[:, None],
    )
    return float(np.abs(attention_pooling(states, scores, lengths)[0] - peer[:, 0].numpy()).max())


def recalls() -> float:
    """The UAR of matrices in which some classes do not occur."""
    apart = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        reference = rng.choice(CLASSES, 60, p=[0.5, 0.2, 0.1, 0.1, 0.06, 0.03, 0.01])
        predicted = np.where(rng.random(60) < 0.5, reference, rng.choice(reference, 60))
        counts = confusion_matrix(reference, predicted, labels=np.arange(CLASSES))
        apart.append(abs(read_confusion(counts).uar - balanced_accuracy_score(reference, predicted)))
    return max(apart)


PEERS = [
    ("fleiss_kappa", "statsmodels.stats.inter_rater.fleiss_kappa", 1e-12, "golden", agreement),
    ("concordance_correlation", "audmetric.concordance_cc", 1e-12, "golden", concordance),
    ("weighted_cross_entropy", "torch.nn.functional.cross_entropy", 1e-9, "of the loss", losses),
    ("class_weights", "sklearn.utils.class_weight.compute_class_weight", 1e-12, "", weights_of_classes),
    ("final_states", "torch.nn.LSTM", 1e-7, "", last_states),
    ("attention_pooling", "torch.nn.functional.scaled_dot_product_attention", 1e-12, "", attention),
    ("read_confusion", "sklearn.metrics.balanced_accuracy_score", 1e-12, "UAR", recalls),
]
