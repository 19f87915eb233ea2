"""SpecAugment hides strips, and never everything."""

from __future__ import annotations

import numpy as np
import torch

from audiocourse.zoo import seeded
from audiocourse.zoo.augment import hide_strips, spec_augment


def test_masking_hides_some_and_never_all() -> None:
    features = np.ones((120, 40), dtype=np.float32)
    kept = [spec_augment(features, np.random.default_rng(seed)).mean() for seed in range(20)]
    assert 0.5 < min(kept) < max(kept) <= 1
    assert features.min() == 1, "the original has changed"


def test_strips_are_whole_and_differ_between_examples() -> None:
    with seeded(1):
        hidden = hide_strips(torch.ones(50, 1, 32, 48), axis=3, max_width=7) == 0
    assert torch.equal(hidden.any(dim=2), hidden.all(dim=2)), "all bands of a frame, or none"
    widths = hidden[:, 0, 0].sum(dim=1)  # (50,)
    assert sorted(set(widths.tolist())) == list(range(8))
    edges = (hidden[:, 0, 0, 1:] != hidden[:, 0, 0, :-1]).sum(dim=1)
    assert int(edges.max()) == 2, "one strip"
