"""WaveGlow: an exact inverse, the determinant of its true Jacobian, and a loss that is a density."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tts.vocoders.tiny_mels import random_mel, shaken, two_clips

from audiocourse.tts.vocoders.waveglow import WaveGlow, WaveGlowConfig, waveglow_loss
from audiocourse.zoo import seeded

SMALL = WaveGlowConfig(channels=12, layers=3)


@pytest.fixture(scope="module")
def flow() -> WaveGlow:
    with seeded(7):
        return shaken(WaveGlow(SMALL), 0.05)


def log_mel_of(frames: int) -> torch.Tensor:
    return torch.from_numpy(random_mel(frames).frames)[None]


def test_the_inverse_is_exact(flow: WaveGlow) -> None:
    y = 0.5 * torch.randn(1, 3 * 256)
    with torch.no_grad():
        z, log_determinant = flow(y, log_mel_of(3))
        again = flow.inverse(z, log_mel_of(3))
        assert z.shape == (1, 8, 96)
        assert (again - y).abs().max() < 1e-4  # float32; measured 5e-7
        assert (z.transpose(1, 2).reshape(1, -1) - y).abs().max() > 0.1  # something happened in between
        assert log_determinant.abs() > 1
        other = flow.inverse(z, log_mel_of(3) + 1)
    assert (other - y).abs().max() > 1e-2  # the mel spectrogram matters


def test_the_determinant_is_that_of_the_jacobian() -> None:
    with seeded(8):
        config = WaveGlowConfig(n_mels=80, hop_length=16, groups=4, flows=3, early_every=2, channels=5, layers=2)
        flow = shaken(WaveGlow(config), 0.2).double()
    mel = log_mel_of(2).double()
    y = torch.randn(1, 32, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda each: flow(each[None], mel).z.flatten(), y[0])
    expected = torch.linalg.slogdet(jacobian).logabsdet
    torch.testing.assert_close(flow(y, mel).log_determinant[0], expected)  # float64: 1e-7
    assert expected.abs() > 0.1


def test_the_loss_is_the_density_of_white_noise_where_the_flow_is_a_rotation() -> None:
    """A new flow only rotates, so p(y) = N(y; 0, σ²): −ln p / N is y² / 2σ² + ln(σ √2π), on average."""
    with seeded(9):
        flow = WaveGlow(SMALL)
    y = torch.randn(1, 512)
    for sigma in (1.0, 0.6):
        expected = -torch.distributions.Normal(0, sigma).log_prob(y).mean()
        torch.testing.assert_close(waveglow_loss(flow, (y, log_mel_of(2), None), sigma=sigma), expected)


def test_padding_does_not_change_a_clip(flow: WaveGlow) -> None:
    log_mel, lengths = two_clips(2, 4)
    y = torch.randn(2, 4 * 256)
    with torch.no_grad():
        together = flow(y, log_mel, lengths)
        alone = flow(y[:1, : 2 * 256], log_mel[:1, :2])
        losses = [
            waveglow_loss(flow, (y[i : i + 1, :n], log_mel[i : i + 1, : n // 256], None))
            for i, n in ((0, 512), (1, 1024))
        ]
        both = waveglow_loss(flow, (y, log_mel, lengths))
    torch.testing.assert_close(together.z[:1, :, :64], alone.z, atol=1e-4, rtol=1e-4)  # float32 in another order
    torch.testing.assert_close(together.log_determinant[:1], alone.log_determinant, atol=1e-2, rtol=1e-4)
    assert not together.z[0, :, 64:].any()
    torch.testing.assert_close(both, (losses[0] + 2 * losses[1]) / 3, atol=1e-4, rtol=1e-4)


def test_training_makes_a_sound_more_probable() -> None:
    with seeded(10):
        flow = WaveGlow(SMALL)
    y = torch.from_numpy(0.1 * np.sin(2 * np.pi * np.arange(512) / 50)).float()[None]
    y = y + 0.01 * torch.randn(1, 512)
    optimiser = torch.optim.Adam(flow.parameters(), lr=2e-3)
    losses = []
    for _ in range(40):
        loss = waveglow_loss(flow, (y, log_mel_of(2), None))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 1  # nats per sample; measured 2.3
