"""WaveNet: what a sample depends on, that both ways of generating are one, and that it learns."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from tts.vocoders.tiny_mels import random_mel, shaken, two_clips

from audiocourse.tts.vocoders.conditioning import interpolate_frames
from audiocourse.tts.vocoders.mu_law import mu_law_encode
from audiocourse.tts.vocoders.wavenet import WaveNet, WaveNetConfig, wavenet_loss
from audiocourse.tts.vocoders.wavenet_queues import draw, generate_naively, generate_with_queues, wavenet_vocode
from audiocourse.zoo import seeded

CONFIG = WaveNetConfig(residual_channels=6, skip_channels=10, condition_channels=5, dilations=(1, 2, 4, 1, 2, 4))


@pytest.fixture(scope="module")
def net() -> WaveNet:
    with seeded(4):
        return shaken(WaveNet(CONFIG), 0.3)


def codes_of(samples: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).integers(0, 256, samples))[None]


def test_the_receptive_field_by_its_gradient(net: WaveNet) -> None:
    """Replace the embedding by a leaf: the gradient of the last logits is zero further back than R, and not at R."""
    samples = 40
    x = torch.randn(1, samples, CONFIG.residual_channels, requires_grad=True)
    embed = torch.nn.Module()
    embed.forward = lambda codes: x[:, : codes.shape[1]]  # type: ignore[method-assign]
    embedding, net.embedding = net.embedding, embed  # type: ignore[assignment]
    try:
        logits = net.next_logits(codes_of(samples), torch.zeros(1, CONFIG.condition_channels, samples))
        logits[0, -1].square().sum().backward()
    finally:
        net.embedding = embedding
    reached = x.grad[0].abs().sum(dim=1) > 0  # type: ignore[index]
    assert net.receptive_field == 1 + 14
    assert reached.nonzero()[0] == samples - net.receptive_field
    assert reached[-net.receptive_field :].all()


def test_neither_a_sample_nor_those_after_it_have_an_influence_on_its_logits(net: WaveNet) -> None:
    mel = torch.from_numpy(random_mel(1).frames)[None]
    codes = codes_of(256)
    changed = codes.clone()
    changed[0, 100:] = 3
    before, after = net(codes, mel), net(changed, mel)
    torch.testing.assert_close(before[0, :101], after[0, :101], atol=0, rtol=0)
    assert (before[0, 101] - after[0, 101]).abs().max() > 1e-3


@pytest.mark.parametrize("cached", [False, True])
def test_free_running_draws_from_the_logits_of_teacher_forcing(net: WaveNet, cached: bool) -> None:
    """Draw, then feed what was drawn back in: at each step the same uniform number picks the same code."""
    double = WaveNet(CONFIG).double().eval()
    double.load_state_dict(net.state_dict())
    mel = torch.from_numpy(random_mel(2).frames)[None].double()
    uniform = np.random.default_rng(1).random(80)
    generate = generate_with_queues if cached else generate_naively
    with torch.no_grad():
        codes = generate(double, double.mel_condition(mel), uniform, 1.0)
        padded = torch.nn.functional.pad(torch.from_numpy(codes)[None], (0, 512 - 80), value=0)
        logits = double(padded, mel)[0, :80].numpy()
    assert [draw(row, u) for row, u in zip(logits, uniform, strict=True)] == codes.tolist()


def test_queues_change_no_sample(net: WaveNet) -> None:
    """Beyond the receptive field, across frames, and at another temperature."""
    naive, fast = (
        wavenet_vocode(random_mel(2), model=net, rng=np.random.default_rng(2), cached=cached, temperature=0.7)
        for cached in (False, True)
    )
    np.testing.assert_array_equal(naive, fast)
    assert len(np.unique(fast)) > 20


def test_queues_are_much_faster() -> None:
    """One pass over the default receptive field beside one column: measured 100 times, in processor time."""
    with seeded(5):
        net = WaveNet(WaveNetConfig()).eval()
    codes, condition = codes_of(net.receptive_field), torch.zeros(1, 32, net.receptive_field)
    with torch.no_grad():
        begin = time.process_time()
        net.next_logits(codes, condition)
        naive = time.process_time() - begin
        begin = time.process_time()
        generate_with_queues(net, torch.zeros(1, 32, 1), np.full(100, 0.5), 1.0)
        fast = (time.process_time() - begin) / 100
    assert naive > 50 * fast


def test_padding_does_not_change_a_clip(net: WaveNet) -> None:
    log_mel, lengths = two_clips(2, 4)
    codes = codes_of(4 * 256).expand(2, -1)
    with torch.no_grad():
        together = net(codes, log_mel, lengths)[0, : 2 * 256]
        alone = net(codes[:1, : 2 * 256], log_mel[:1, :2])[0]
        torch.testing.assert_close(together, alone, atol=1e-4, rtol=1e-4)  # float32 in another order
        losses = [
            wavenet_loss(net, (codes[i : i + 1, :n], log_mel[i : i + 1, : n // 256], None))
            for i, n in ((0, 512), (1, 1024))
        ]
        both = wavenet_loss(net, (codes, log_mel, lengths))
    torch.testing.assert_close(both, (losses[0] + 2 * losses[1]) / 3, atol=1e-4, rtol=1e-4)


def test_an_untrained_network_guesses_and_a_few_steps_overfit_a_tone() -> None:
    with seeded(6):
        net = WaveNet(WaveNetConfig(residual_channels=8, skip_channels=16, dilations=(1, 2, 4, 8, 16)))
    y = 0.5 * np.sin(2 * np.pi * np.arange(512) / 32)
    batch = (torch.from_numpy(mu_law_encode(y))[None], torch.from_numpy(random_mel(2).frames)[None], None)
    optimiser = torch.optim.Adam(net.parameters(), lr=0.02)
    losses = []
    for _ in range(60):
        loss = wavenet_loss(net, batch)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert abs(losses[0] - np.log(256)) < 0.5
    assert losses[-1] < 1.5  # measured 0.03


def test_the_condition_runs_in_straight_lines_through_the_frames() -> None:
    frames = torch.tensor([[[0.0, 4.0, -4.0]]])
    expected = [0, 1, 2, 3, 4, 2, 0, -2, -4, -4, -4, -4]
    torch.testing.assert_close(interpolate_frames(frames, 4)[0, 0], torch.tensor(expected, dtype=torch.float32))


def test_draw_follows_the_probabilities() -> None:
    logits = np.log(np.array([0.1, 0.0, 0.6, 0.3]) + 1e-300)
    assert [draw(logits, u) for u in (0.0, 0.09, 0.11, 0.69, 0.71, 0.999)] == [0, 0, 2, 2, 3, 3]
