"""HiFi-GAN: length, receptive field, parity of its losses with their formulas, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audiocourse.errors import AudioCourseError
from audiocourse.tts.mel import MEL, MelSpectrogram, log_mel
from audiocourse.tts.training.hifigan_mini import Adversaries, Batch
from audiocourse.tts.utterances import english_speakers, utterance
from audiocourse.tts.vocoders import adversarial
from audiocourse.tts.vocoders.hifigan import V1, HifiGan, HifiGanConfig, hifigan_vocode
from audiocourse.zoo import load, seeded

SMALL = HifiGanConfig(channels=16)


@pytest.fixture(scope="module")
def model() -> HifiGan:
    with seeded(5):
        return HifiGan(SMALL).eval()


def test_the_sound_has_a_hop_of_samples_for_each_frame_and_no_gradient(model: HifiGan) -> None:
    mel = MelSpectrogram(np.full((80, 9), -3, dtype=np.float32))
    y = hifigan_vocode(mel, model=model)
    assert y.shape == (9 * MEL.hop_length,)
    assert y.dtype == np.float32 and np.abs(y).max() < 1


def test_a_square_array_other_parameters_and_another_hop_are_refused(model: HifiGan) -> None:
    square = np.full((80, 80), -3, dtype=np.float32)
    with pytest.raises(AudioCourseError, match="which axis"):
        hifigan_vocode(square, model=model)  # type: ignore[arg-type]
    with pytest.raises(AudioCourseError, match="fmax"):
        hifigan_vocode(MelSpectrogram(square, replace(MEL, fmax=8_000.0)), model=model)
    short = HifiGan(replace(SMALL, upsample_rates=(8, 8), upsample_kernels=(16, 16)))
    with pytest.raises(AudioCourseError, match="64 samples"):
        hifigan_vocode(MelSpectrogram(square), model=short)


def test_far_frames_have_no_influence(model: HifiGan) -> None:
    """Measured by gradient: a sample depends on frames near it alone, so a long sound can be vocoded in blocks."""
    frames = torch.zeros(1, 60, 80, requires_grad=True)
    model(frames)[0, 30 * 256].backward()
    touched = frames.grad.abs().sum(dim=2)[0].nonzero().ravel()
    assert 20 < int(touched.min()) <= 30 <= int(touched.max()) < 40


def test_the_published_size() -> None:
    """SpeechT5's vocoder has 12.7 million weights (its card: 12,656,257 with the 160 of mean and scale left out)."""
    assert sum(weight.numel() for weight in HifiGan(V1).parameters()) == 12_656_257


def test_each_part_gets_the_gradient_of_its_own_loss() -> None:
    with seeded(1):
        generator = HifiGan(SMALL)
        discriminators = adversarial.Discriminators(adversarial.DiscriminatorConfig(scales=1, periods=(2, 3)))
    batch = Batch(0.1 * torch.randn(2, 16 * 256), torch.randn(2, 16, 80) - 2)
    Adversaries(generator, discriminators)(batch).backward()
    got = [weight.grad.clone() for weight in discriminators.parameters()]
    for weight in discriminators.parameters():
        weight.grad = None
    generated = generator(batch.frames).detach()
    adversarial.discriminator_loss(discriminators(batch.y), discriminators(generated)).backward()
    for ours, alone in zip(got, discriminators.parameters(), strict=True):
        torch.testing.assert_close(ours, alone.grad)
    assert all(weight.requires_grad for weight in discriminators.parameters())
    assert float(generator.conv_post.weight.grad.abs().sum()) > 0


def test_period_discriminators_fold_by_their_period() -> None:
    """What repeats every 5 samples is the same in each row of the discriminator of period 5, and of no other."""
    y = torch.tile(torch.tensor([0.5, -0.2, 0.1, 0.9, -0.7]), (40,))[None]
    for period, constant in ((5, True), (3, False)):
        part = adversarial.PeriodDiscriminator(period, (4,))
        with torch.no_grad():
            first = part(y)[0][0, :, 2:-2]  # (channels, rows, period), without the padded rows
        assert bool((first.std(dim=1) < 1e-5).all()) is constant


def test_losses_are_their_formulas() -> None:
    real = [[torch.ones(1, 2), torch.tensor([0.9, 0.7])]]
    fake = [[torch.zeros(1, 2), torch.tensor([0.2, 0.0])]]
    assert float(adversarial.discriminator_loss(real, fake)) == pytest.approx(0.05 + 0.02)
    assert float(adversarial.generator_loss(fake)) == pytest.approx((0.64 + 1) / 2)
    assert float(adversarial.feature_matching_loss(real, fake)) == pytest.approx(1)
    y = torch.randn(1, 4096)
    assert float(adversarial.mel_loss(y, y, sr=16_000)) == 0
    # half the amplitude: ln 2 in every band that is above the floor
    assert float(adversarial.mel_loss(y, y / 2, sr=16_000)) == pytest.approx(np.log(2), abs=1e-3)


def test_single_bins_tell_a_buzz_from_a_tone() -> None:
    generator = torch.Generator().manual_seed(3)
    y = 0.3 * torch.sin(2 * torch.pi * 3_000 / 16_000 * torch.arange(8_192))[None]
    assert float(adversarial.stft_loss(y, y)) == 0
    noise = torch.randn(1, 8_192, generator=generator)
    half = adversarial.stft_loss(noise, noise / 2)
    assert float(half) == pytest.approx(0.5 + np.log(2), abs=1e-2)  # ‖X / 2‖ / ‖X‖ and ln 2, but for few bins near 0
    moved = torch.sin(2 * torch.pi * 3_030 / 16_000 * torch.arange(8_192))[None] * 0.3
    in_bands = adversarial.mel_loss(y, moved, sr=16_000)
    assert float(adversarial.stft_loss(y, moved)) > 2 * float(in_bands)


def test_the_bundled_vocoder_keeps_the_bands() -> None:
    """Copy-synthesis of an unseen voice."""
    speaker = next(each for each in english_speakers(split="held-out") if each.name == "jackdaw-3")
    mel = log_mel(utterance(speaker, "Her voice was calm.", seed=3).speech.y, MEL.sr)
    copy = hifigan_vocode(mel, model=load("hifigan-mini").model)
    again = log_mel(copy, MEL.sr).values[:, : mel.values.shape[1]]
    assert 20 * np.abs(again - mel.values).mean() < 7.0  # dB; 4.2 on average, and an untrained network is beyond 13
