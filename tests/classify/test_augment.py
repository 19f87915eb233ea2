"""Mixup, level and tilt, another vocal tract, and noise at a stated ratio."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.classify.augment import mixed_up, over_soft_noise, recorded_differently, resized, with_noise
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


def test_a_stretched_mel_axis_moves_a_formant() -> None:
    bands = torch.arange(64.0)
    formant = torch.exp(-((bands - 30) ** 2) / 20).expand(3, 4, 64)  # (batch, frames, bands)
    moved = resized(formant, torch.tensor([1.0, 1.2, 0.8]))
    assert torch.equal(moved[0], formant[0])
    assert moved[:, 0].argmax(dim=1).tolist() == [30, 25, 37]  # 30 / a; 37.5 lies between two bands


def test_noise_is_added_to_a_share_at_a_ratio_in_its_range() -> None:
    quiet = torch.full((400, 20, 64), -10.0)
    with seeded(5):
        noisy = over_soft_noise(quiet, share=0.25, snr_db=(10.0, 20.0), tilt=0.0)
    added = noisy.exp() - quiet.exp()
    changed = added.flatten(1).amax(dim=1) > 0
    assert 0.15 < float(changed.float().mean()) < 0.35
    ratio_db = 10 * torch.log10(quiet.exp().mean() / added[changed].mean(dim=(1, 2)))
    assert float(ratio_db.min()) > 9.8 and float(ratio_db.max()) < 20.2  # the mean of the flutter is 1 ± 0.01
    assert float(ratio_db.std()) > 1.5
