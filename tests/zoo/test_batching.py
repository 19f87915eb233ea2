"""Batches hold each example once, with others of similar length, and padding is told from sound."""

from __future__ import annotations

import numpy as np
import torch

from audiocourse.zoo.batching import batches_by_length, padded, padding_mask, shuffled_batches


def test_batches_hold_each_example_once_and_are_of_similar_length() -> None:
    lengths = list(np.random.default_rng(1).integers(50, 600, 1_000))
    dealt = list(batches_by_length(lengths, np.random.default_rng(2), batch_size=32))
    assert sorted(number for batch in dealt for number in batch) == list(range(1_000))
    spread = [max(lengths[number] for number in batch) - min(lengths[number] for number in batch) for batch in dealt]
    assert np.median(spread) < 40, "of 550"


def test_shuffled_batches_keep_features_with_their_targets() -> None:
    numbers = torch.arange(10)
    batches = shuffled_batches(numbers.float()[:, None], numbers, batch_size=4, seed=1)
    drawn = list(batches(0))
    assert [len(targets) for _, targets in drawn] == [4, 4], "an incomplete batch is left out"
    assert all(torch.equal(features[:, 0], targets.float()) for features, targets in drawn)
    assert len({int(number) for _, targets in drawn for number in targets}) == 8
    assert [targets.tolist() for _, targets in batches(0)] == [targets.tolist() for _, targets in drawn]
    assert [targets.tolist() for _, targets in batches(1)] != [targets.tolist() for _, targets in drawn]


def test_padding_is_where_the_mask_says() -> None:
    features, lengths = padded([np.ones((2, 3), np.float32), np.ones((4, 3), np.float32)])
    assert features.shape == (2, 4, 3)
    assert lengths.tolist() == [2, 4]
    mask = padding_mask(lengths, 4)
    assert mask.tolist() == [[False, False, True, True], [False] * 4]
    assert torch.equal(features.sum(dim=2) == 0, mask)
