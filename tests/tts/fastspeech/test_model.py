"""FastSpeech: parallel, padded, steered."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.tts.fastspeech import from_scratch
from audiocourse.tts.fastspeech.model import (
    FastSpeech,
    FastSpeechConfig,
    FastSpeechOutput,
    length_regulate,
    rounded_durations,
)
from audiocourse.tts.text import PHONES
from audiocourse.zoo import seeded

SMALL = FastSpeechConfig(
    PHONES, hidden=16, filter_size=24, encoder_layers=1, decoder_layers=1, voice_size=8, energy=True
)


@pytest.fixture(scope="module")
def model() -> FastSpeech:
    with seeded(3):
        return FastSpeech(SMALL).eval()


def inputs(*lengths: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Symbols padded with 0, lengths and voices."""
    generator = torch.Generator().manual_seed(seed)
    symbols = torch.zeros(len(lengths), max(lengths), dtype=torch.long)
    for row, length in enumerate(lengths):
        symbols[row, :length] = torch.randint(1, 3 * len(PHONES), (length,), generator=generator)
    voices = torch.nn.functional.normalize(torch.randn(len(lengths), 8, generator=generator), dim=1)
    return symbols, torch.tensor(lengths), voices


def run(model: FastSpeech, *arguments: torch.Tensor, **options: object) -> FastSpeechOutput:
    with torch.no_grad():
        return model(*arguments, **options)


def test_frames_are_the_sum_of_the_durations_not_the_number_of_symbols(model: FastSpeech) -> None:
    symbols, lengths, voice = inputs(5, 3)
    durations = torch.tensor([[2, 0, 4, 1, 3], [7, 7, 7, 0, 0]])
    output = run(model, symbols, lengths, voice, durations=durations)
    assert output.frame_lengths.tolist() == [10, 21]
    assert output.frames.shape == (2, 21, 80)


def test_padding_changes_nothing(model: FastSpeech) -> None:
    symbols, lengths, voice = inputs(9, 4)
    both = run(model, symbols, lengths, voice)
    alone = run(model, symbols[1:, :4], lengths[1:], voice[1:])
    frames = int(alone.frame_lengths[0])
    assert int(both.frame_lengths[1]) == frames
    # float32 sums in another order
    torch.testing.assert_close(both.frames[1, :frames], alone.frames[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(both.log_durations[1, :4], alone.log_durations[0], atol=1e-6, rtol=0)


def test_all_frames_come_from_one_pass(model: FastSpeech) -> None:
    calls = []
    hook = model.mel_linear.register_forward_hook(lambda *_: calls.append(1))
    run(model, *inputs(12))
    hook.remove()
    assert len(calls) == 1


def test_rate_shortens_and_pitch_and_voice_are_audible(model: FastSpeech) -> None:
    symbols, lengths, voice = inputs(12)
    with torch.no_grad():
        model.duration_predictor.head.bias.fill_(2.0)  # an untrained network says durations near 0
    slow, fast = (run(model, symbols, lengths, voice, rate=rate) for rate in (0.5, 2.0))
    assert int(slow.frame_lengths[0]) > 3 * int(fast.frame_lengths[0])
    plain, higher = (run(model, symbols, lengths, voice, pitch_shift=shift) for shift in (0.0, 0.5))
    assert plain.frames.shape == higher.frames.shape
    assert not torch.allclose(plain.frames, higher.frames)
    durations = torch.full_like(symbols, 3)
    one, other = (run(model, symbols, lengths, v, durations=durations) for v in (voice, -voice))
    assert not torch.allclose(one.frames, other.frames)


def test_true_pitch_and_energy_replace_the_predicted(model: FastSpeech) -> None:
    symbols, lengths, voice = inputs(6)
    durations = torch.full_like(symbols, 2)
    low, high = (
        run(model, symbols, lengths, voice, durations=durations, pitch=torch.full((1, 6), p), energy=torch.zeros(1, 6))
        for p in (-1.0, 1.0)
    )
    assert not torch.allclose(low.frames, high.frames)
    torch.testing.assert_close(low.pitch, high.pitch)


def test_pitch_and_energy_are_options() -> None:
    plain = FastSpeech(
        FastSpeechConfig(PHONES, hidden=16, filter_size=16, encoder_layers=1, decoder_layers=1, pitch=False)
    )
    output = run(plain.eval(), *inputs(4)[:2], torch.zeros(1, 64))
    assert output.pitch is None and output.energy is None


def test_the_regulator_is_that_of_numpy() -> None:
    rng = np.random.default_rng(1)
    states, durations = rng.normal(size=(2, 5, 3)), rng.integers(0, 4, (2, 5))
    ours, lengths = length_regulate(torch.from_numpy(states), torch.from_numpy(durations))
    for row in range(2):
        expected = from_scratch.length_regulate(states[row], durations[row])
        np.testing.assert_array_equal(ours[row, : lengths[row]].numpy(), expected)


def test_rounded_durations_are_those_of_numpy_and_0_on_padding() -> None:
    p = torch.log1p(torch.tensor([[0.1, 3.4, 9.0, 5.0]]))
    mask = torch.tensor([[False, False, False, True]])
    ours = rounded_durations(p, mask, 1.5)[0]
    assert ours[:3].tolist() == from_scratch.durations_at_rate(p[0, :3].numpy(), rate=1.5).tolist()
    assert ours[3] == 0


def test_a_voice_has_length_1_and_does_not_depend_on_padding_or_order(model: FastSpeech) -> None:
    frames = torch.randn(1, 40, 80, generator=torch.Generator().manual_seed(2)) - 2
    padded = torch.nn.functional.pad(frames, (0, 0, 0, 25), value=3.0)
    with torch.no_grad():
        voice = model.reference_encoder(frames, torch.tensor([40]))
        again = model.reference_encoder(padded, torch.tensor([40]))
    torch.testing.assert_close(voice, again, atol=1e-5, rtol=0)
    assert float(voice.norm()) == pytest.approx(1, abs=1e-5)
