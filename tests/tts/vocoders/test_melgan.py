"""MelGAN: what a sample sees, padding, losses at their corners, and gradients on the right side."""

from __future__ import annotations

import pytest
import torch
from tts.vocoders.tiny_mels import random_mel, shaken, two_clips

from audiocourse.tts.vocoders.melgan import PUBLISHED, MelGan, MelGanConfig
from audiocourse.tts.vocoders.melgan_discriminators import (
    Judgement,
    MultiScaleDiscriminator,
    discriminator_loss,
    feature_matching,
    generator_loss,
)
from audiocourse.zoo import seeded

SMALL = MelGanConfig(channels=16)


@pytest.fixture(scope="module")
def generator() -> MelGan:
    with seeded(11):
        return shaken(MelGan(SMALL), 0.05)


@pytest.mark.parametrize("sample", [20 * 256, 20 * 256 + 100, 21 * 256 - 1])
def test_the_frames_that_a_sample_sees_by_its_gradient(generator: MelGan, sample: int) -> None:
    """Where the leaky ReLUs bend cannot make a gradient zero, so it is zero exactly where there is no path."""
    double = MelGan(SMALL).double()
    double.load_state_dict(generator.state_dict())
    log_mel = torch.from_numpy(random_mel(40).frames)[None].double().requires_grad_()
    double(log_mel)[0, sample].backward()
    reached = log_mel.grad[0].abs().sum(dim=1).nonzero().flatten()  # type: ignore[index]
    assert (int(reached[0]), int(reached[-1])) == generator.frames_seen(sample)


def test_every_output_of_a_transposed_convolution_lies_under_two_copies(generator: MelGan) -> None:
    """With all weights 1 the inner outputs are equal: no checkerboard. A kernel of 3 at a stride of 2 has one."""
    upsample = torch.nn.ConvTranspose1d(1, 1, 16, stride=8, padding=4, bias=False)
    uneven = torch.nn.ConvTranspose1d(1, 1, 3, stride=2, padding=1, bias=False)
    for conv in (upsample, uneven):
        torch.nn.init.ones_(conv.weight)
    assert upsample(torch.ones(1, 1, 6))[0, 0, 4:-4].unique().tolist() == [2.0]
    assert uneven(torch.ones(1, 1, 6))[0, 0, 1:-1].unique().tolist() == [1.0, 2.0]
    for conv, factor in zip(generator.upsampling, SMALL.upsampling, strict=True):
        assert conv.kernel_size == (2 * factor,)  # type: ignore[comparison-overlap]


def test_padding_does_not_change_a_clip(generator: MelGan) -> None:
    log_mel, lengths = two_clips(3, 9)
    with torch.no_grad():
        together = generator(log_mel, lengths)
        alone = generator(log_mel[:1, :3])
    torch.testing.assert_close(together[0, : 3 * 256], alone[0], atol=1e-5, rtol=1e-4)  # float32 in another order
    assert not together[0, 3 * 256 :].any()
    assert together.shape == (2, 9 * 256)
    assert generator.hop_length == 256


def test_the_published_size() -> None:
    parameters = sum(each.numel() for each in MelGan(PUBLISHED).parameters())
    assert 4.26e6 <= parameters < 4.27e6  # Table 2 of the paper: 4.26 million


def judged(score: float, feature: float = 0.0) -> list[Judgement]:
    return [Judgement(torch.full((1, 4), score), [torch.full((1, 2, 3), feature)]) for _ in range(3)]


def test_losses_at_their_corners() -> None:
    assert discriminator_loss(judged(1.0), judged(-1.0)) == 0
    assert discriminator_loss(judged(5.0), judged(-5.0)) == 0  # beyond the hinge
    assert discriminator_loss(judged(0.0), judged(0.0)) == 3 * 2
    assert discriminator_loss(judged(-1.0), judged(1.0)) == 3 * 4
    assert feature_matching(judged(0.0, 2.0), judged(0.0, 0.5)) == 1.5
    assert generator_loss(judged(0.0, 2.0), judged(0.25, 0.5)) == -0.75 + 10 * 1.5


def test_a_step_of_each_side(generator: MelGan) -> None:
    """A few steps let the discriminator win; the generator's gradient reaches it through all scales."""
    with seeded(12):
        discriminator = MultiScaleDiscriminator(MelGanConfig(discriminator_channels=2))
    log_mel = torch.from_numpy(random_mel(4).frames)[None]
    real = torch.sin(torch.arange(4 * 256) / 5)[None]
    optimiser = torch.optim.Adam(discriminator.parameters(), lr=2e-3)
    losses = []
    for _ in range(10):
        loss = discriminator_loss(discriminator(real), discriminator(generator(log_mel).detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]
    judgements = discriminator(generator(log_mel))
    assert [judgement.scores.shape[1] for judgement in judgements] == [16, 8, 4]  # a window of 64 samples at each scale
    generator_loss(discriminator(real), judgements).backward()
    assert all(each.grad is not None and each.grad.isfinite().all() for each in generator.parameters())
    generator.zero_grad()
