"""What `yamnet-mini` is taught: the targets of a patch, that it learns, and what the bundled one has learned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from audiocourse import zoo
from audiocourse.classify.tagged_clips import TAGS
from audiocourse.classify.training import yamnet_mini
from audiocourse.classify.yamnet.model import Yamnet, YamnetConfig, tag
from audiocourse.intervals import Interval
from audiocourse.sounds import COLORS, event, noise
from audiocourse.zoo import seeded


def test_a_class_is_present_from_a_quarter_of_the_patch_on() -> None:
    """Patches begin at 0, 0.48 and 0.96 s and last 0.96 s."""
    targets = yamnet_mini.patch_targets([Interval(0.72, 3.0, "rain"), Interval(1.32, 2.0, "siren")], patches=3)
    rain, siren = targets[:, TAGS.index("rain")], targets[:, TAGS.index("siren")]
    np.testing.assert_allclose(rain, [1, 1, 1])
    np.testing.assert_allclose(siren, [0, 0.5, 1], atol=1e-6)  # 0, 0.12 and 0.6 s of it
    assert targets.sum() == rain.sum() + siren.sum()


def test_a_short_sound_is_present_where_all_of_it_is() -> None:
    targets = yamnet_mini.patch_targets([Interval(0.9, 1.0, "gunshot")], patches=2)[:, TAGS.index("gunshot")]
    np.testing.assert_allclose(targets, [0.6, 1.0], atol=1e-6)


def test_two_sounds_of_a_class_do_not_count_twice() -> None:
    twice = [Interval(0.1, 0.2, "dog_bark"), Interval(0.8, 1.2, "dog_bark")]
    assert yamnet_mini.patch_targets(twice, patches=1).max() == 1.0


def test_the_network_fits_a_few_patches() -> None:
    """Eight patches with a class each, until the loss, without augmentation, has nearly vanished."""
    with seeded(4):
        model = Yamnet(YamnetConfig(TAGS[:8], width=0.25))
        patches = torch.randn(8, 96, 64)
        optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
        for _ in range(16):
            optimiser.zero_grad()
            value = torch.nn.functional.binary_cross_entropy_with_logits(model(patches), torch.eye(8))
            value.backward()
            optimiser.step()
    assert value.item() < 0.1


def test_the_loss_has_a_gradient_for_every_weight() -> None:
    with seeded(5):
        model = Yamnet(YamnetConfig(TAGS, width=0.1)).train()
        yamnet_mini.loss(model, (torch.randn(6, 96, 64), torch.rand(6, len(TAGS)).round())).backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in model.parameters())


@pytest.fixture(scope="module")
def bundled() -> Any:
    return zoo.load("yamnet-mini")


def test_the_bundled_one_ranks_clean_events_first_and_is_silent_in_silence(bundled: Any) -> None:
    """Of 20 clean events the class of the event has the highest probability in at least 13; by chance in 2."""
    assert bundled.model.config.classes == TAGS
    right = 0
    for number, kind in enumerate(TAGS[:10] * 2):
        y = event(kind, rng=np.random.default_rng([77, number]), max_seconds=2.0).y
        y = np.pad(y, (0, max(0, 15_600 - y.size)))
        right += kind == TAGS[int(tag(0.3 * y, 16_000, model=bundled.model).max(axis=0).argmax())]
    assert right >= 13, right
    assert tag(np.zeros(48_000, np.float32), 16_000, model=bundled.model).max() < 0.3


def test_the_bundled_one_beats_the_linear_baseline_by_its_card(bundled: Any) -> None:
    network, linear, _ = bundled.card.training.scores.values()
    assert network > linear + 0.3


def test_the_bundled_one_gives_noise_no_tag(bundled: Any) -> None:
    for number, color in enumerate(COLORS):
        y = noise(color, seconds=2, sr=16_000, rng=np.random.default_rng([78, number]))
        assert tag(y, 16_000, model=bundled.model).mean(axis=0).max() < 0.5, color
