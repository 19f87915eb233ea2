"""wav2vec 2.0 in miniature: what is masked, what is chosen, what is learned."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.asr.wav2vec2.from_scratch import span_mask
from audiocourse.asr.wav2vec2.model import (
    GumbelQuantiser,
    Wav2Vec2Mini,
    diversity_loss,
    feature_frames,
    perplexity,
)
from audiocourse.zoo import seeded


def mini(seed: int = 1) -> Wav2Vec2Mini:
    with seeded(seed):
        return Wav2Vec2Mini(channels=16, units=16, layers=1, quantiser=GumbelQuantiser(16, entries=8, size=8))


def test_a_frame_every_20_ms() -> None:
    net, samples = mini(), torch.randn(1, 4_000, generator=torch.Generator().manual_seed(1))
    assert net.encoder(samples).shape == (1, feature_frames(4_000), 16)
    assert feature_frames(16_000 + 320) == feature_frames(16_000) + 1


def test_what_is_hidden_is_hidden() -> None:
    net, mask = mini().eval(), torch.zeros(12, dtype=torch.bool)
    mask[4:8] = True
    z = torch.randn(12, 16, generator=torch.Generator().manual_seed(1))
    hidden, seen = z.clone(), z.clone()
    hidden[5], seen[9] = 7.0, 7.0
    torch.testing.assert_close(net.context(hidden, mask), net.context(z, mask))
    assert not torch.allclose(net.context(seen, mask)[5], net.context(z, mask)[5], atol=1e-4)


def test_the_choice_of_a_codeword_is_hard_and_has_a_slope() -> None:
    with seeded(2):
        quantiser = GumbelQuantiser(6, groups=2, entries=4, size=6)
    z = torch.randn(30, 6, generator=torch.Generator().manual_seed(1))
    q, probabilities = quantiser(z, temperature=0.5)
    for group, part in enumerate(q.view(30, 2, 3).unbind(dim=1)):
        nearest = torch.cdist(part, quantiser.codewords[group]).min(dim=1).values
        assert float(nearest.detach().max()) < 1e-3, "a mixture of codewords"  # what hard + soft − soft rounds away
    torch.testing.assert_close(probabilities.sum(dim=2), torch.ones(30, 2))
    q.sum().backward()
    assert quantiser.projection.weight.grad is not None
    assert float(quantiser.projection.weight.grad.abs().max()) > 0


def test_chance_only_in_training() -> None:
    with seeded(2):
        quantiser, z = GumbelQuantiser(6, entries=8, size=4), torch.randn(40, 6)
        one, other = (quantiser(z)[0] for _ in range(2))
        assert not torch.equal(one, other)
        quantiser.eval()
        assert torch.equal(quantiser(z)[0], quantiser(z)[0])


def test_idle_codewords_cost() -> None:
    even = torch.full((5, 2, 4), 0.25)
    same = torch.zeros(5, 2, 4)
    same[..., 1] = 1
    assert float(perplexity(even)) == pytest.approx(8)
    assert float(diversity_loss(even)) == pytest.approx(0, abs=1e-6)
    assert float(perplexity(same)) == pytest.approx(2)
    assert float(diversity_loss(same)) == pytest.approx(6 / 8)


def test_one_sound_can_be_learned() -> None:
    """Four tones one after the other, always the same frames hidden, and no chance in the codewords."""
    net = mini().train()
    net.quantiser.eval()
    samples = torch.from_numpy(np.concatenate([np.sin(np.arange(1_280) * k) for k in (0.1, 0.9, 0.3, 2.0)])).float()
    mask = span_mask(feature_frames(len(samples)), rng=np.random.default_rng(1), start=0.3, span=2)
    steps, rng, seen = torch.optim.Adam(net.parameters(), lr=1e-2), np.random.default_rng(3), []
    for _ in range(60):
        seen.append(net(samples, mask, rng=rng, distractors=5))
        steps.zero_grad()
        (seen[-1].contrastive + 0.1 * seen[-1].diversity).backward()
        steps.step()
    first, last = (np.mean([float(one.contrastive.detach()) for one in part]) for part in (seen[:3], seen[-10:]))
    assert last < 0.4 * first
    assert np.mean([one.accuracy for one in seen[-10:]]) > 0.8


def test_a_mask_of_another_sound_is_refused(refuses: Refuses) -> None:
    with refuses("give 12 frames"):
        mini()(torch.zeros(4_000), np.ones(11, dtype=bool), rng=np.random.default_rng(1))
