"""What the tests of attention share: a network with random weights, and one that has learned to spell."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from asr.played_letters import KEYS, played, word

from audiocourse.asr.attention.model import AttentionConfig, AttentionNet, numbers, spelling_loss
from audiocourse.zoo import seeded
from audiocourse.zoo.batching import padded


@pytest.fixture(scope="module")
def net() -> AttentionNet:
    with seeded(3):
        return AttentionNet(AttentionConfig(features=4, letters=KEYS, units=16)).eval()


@pytest.fixture(scope="module")
def trained() -> AttentionNet:
    """A net that has learned to spell what is played: about two seconds on a free core."""
    rng = np.random.default_rng(1)
    with seeded(1):
        net = AttentionNet(AttentionConfig(features=4, letters=KEYS, units=32))
    steps = torch.optim.Adam(net.parameters(), lr=1e-2)
    for step in range(200):
        steps.param_groups[0]["lr"] = 1e-2 * (1 - step / 200)
        words = [word(rng) for _ in range(16)]
        batch = (*padded([played(one, rng) for one in words]), [numbers(one, KEYS) for one in words])
        steps.zero_grad()
        spelling_loss(net, batch).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        steps.step()
    return net.eval()
