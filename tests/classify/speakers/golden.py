"""Embeddings and what ArcFaceLoss of pytorch-metric-learning returns for them: the script that writes ``golden.json``.

The package is not in the course's environment. Where it is installed, ``python tests/classify/speakers/golden.py``
writes the file anew, and `test_golden.py` compares it with what the package returns.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).with_name("golden.json")
OPTIONS = ((0.0, 30.0), (0.2, 30.0), (0.5, 64.0), (1.2, 5.0))  # margin in radians and scale
BATCH, DIMENSIONS, SPEAKERS = 6, 4, 5


def case(number: int) -> dict[str, Any]:
    """Draw embeddings, vectors of the speakers and labels; in every second case some point away from their speaker."""
    rng = np.random.default_rng(number)
    embeddings, weights = rng.normal(size=(BATCH, DIMENSIONS)), rng.normal(size=(SPEAKERS, DIMENSIONS))
    labels = rng.integers(SPEAKERS, size=BATCH)
    if number % 2:
        embeddings[:3] = -weights[labels[:3]] + 0.1 * embeddings[:3]
    margin, scale = OPTIONS[number % len(OPTIONS)]
    return {
        "embeddings": embeddings.round(6).tolist(),
        "weights": weights.round(6).tolist(),
        "labels": labels.tolist(),
        "margin": margin,
        "scale": scale,
    }


def peer_loss(drawn: dict[str, Any]) -> float:
    """Return what the package computes, in float64."""
    import torch
    from pytorch_metric_learning.losses import ArcFaceLoss

    peer = ArcFaceLoss(SPEAKERS, DIMENSIONS, margin=float(np.degrees(drawn["margin"])), scale=drawn["scale"])
    peer.W.data = torch.tensor(drawn["weights"], dtype=torch.float64).T  # (dimensions, speakers)
    embeddings = torch.tensor(drawn["embeddings"], dtype=torch.float64)
    return float(peer(embeddings, torch.tensor(drawn["labels"])).detach())


def computed() -> dict[str, Any]:
    """Compute the whole file."""
    cases = [case(number) for number in range(2 * len(OPTIONS))]
    return {
        "pytorch-metric-learning": version("pytorch-metric-learning"),
        "cases": [{**drawn, "loss": peer_loss(drawn)} for drawn in cases],
    }


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(computed(), indent=1) + "\n", encoding="utf-8")
