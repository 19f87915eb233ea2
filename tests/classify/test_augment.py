"""Mixup, level and tilt, and noise at a stated ratio."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.classify.augment import mixed_up, recorded_differently, with_noise
from audiocourse.zoo import seeded


def test_mixup_mixes_targets_as_it_mixes_inputs() -> None:
    inputs = torch.eye(6)
    with seeded(1):
        mixed, targets = mixed_up(inputs, inputs.clone(), strength=1.0)
    assert torch.equal(mixed, targets)
    assert targets.sum(dim=1) == pytest.approx(torch.ones(6))
    assert int(((targets > 0).sum(dim=1) == 2).sum()) > 0, "some examples hold two"
    assert torch.equal(inputs, torch.eye(6)), "the batch itself is unchanged"


def test_another_recording_is_a_gain_and_a_curve_over_the_bands() -> None:
    with seeded(2):
        difference = recorded_differently(torch.zeros(500, 1, 8, 5), level=2.0, tilt=0.1)
    assert torch.all(difference == difference[..., :1]), "the same in all frames"
    gain = difference.mean(dim=2)[:, 0, 0]
    assert float(gain.std()) == pytest.approx(2.0, rel=0.1)  # of 500 draws
    steps = difference[:, 0, 1:, 0] - difference[:, 0, :-1, 0]
    assert float(steps.std()) == pytest.approx(0.1, rel=0.1)


def test_bands_may_be_on_another_axis() -> None:
    with seeded(3):
        difference = recorded_differently(torch.zeros(4, 5, 8), axis=2)
    assert torch.all(difference == difference[:, :1])


@pytest.mark.parametrize("snr_db", [-5.0, 0.0, 20.0])
def test_noise_has_the_stated_ratio(snr_db: float) -> None:
    y = np.sin(np.arange(160_000) / 5).astype(np.float32) / 4
    noisy = with_noise(y, snr_db=snr_db, color="white", sr=16_000, rng=np.random.default_rng(1))
    gain = np.dot(noisy, y) / np.dot(y, y)  # `mix` may attenuate both; noise and sine correlate by 1 / 400
    added = noisy - gain * y
    ratio = 10 * np.log10(np.mean(np.square(gain * y)) / np.mean(np.square(added)))
    assert ratio == pytest.approx(snr_db, abs=0.2)
