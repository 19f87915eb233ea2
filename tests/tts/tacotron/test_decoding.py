"""What holds for both Tacotrons: teacher forcing, free running, stop token, masks, and the one door."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tts.tiny_tacotrons import PHONES, example, tacotron, tacotron2

from audiocourse.errors import AudioCourseError
from audiocourse.tts.mel import MEL, MelSpectrogram
from audiocourse.tts.tacotron.decoding import AttentionSynthesizer, synthesize_mel
from audiocourse.zoo import seeded

pytestmark = pytest.mark.parametrize("build", [tacotron, tacotron2])
Build = Callable[..., AttentionSynthesizer]
TEXTS = ((5, 14), (9, 7), (1, 1))  # symbols, frames; the longest text does not have the most frames
CLOSE = 1e-4  # float32, on numbers around 3, through batch normalisation and some twenty layers


def batch() -> tuple[torch.Tensor, ...]:
    """The three texts in one batch; garbage in the padding."""
    rows = [example(symbols=symbols, frames=frames, seed=n) for n, (symbols, frames) in enumerate(TEXTS)]
    texts = torch.full((3, 9), 20)
    mel = torch.full((3, 14, 80), 1.5)
    for n, (text, frames) in enumerate(rows):
        texts[n, : len(text)] = text
        mel[n, : len(frames)] = frames
    return texts, torch.tensor([n for n, _ in TEXTS]), mel, torch.tensor([n for _, n in TEXTS])


@torch.no_grad()
def test_batch_and_padding_do_not_change_a_prediction(build: Build) -> None:
    model = build(prenet_dropout=0.0)
    texts, lengths, mel, frames = batch()
    together = model(texts, lengths, mel, frames)
    assert together.frames.shape == mel.shape
    for n, (symbols, length) in enumerate(TEXTS):
        alone = model(texts[n : n + 1, :symbols], lengths[n : n + 1], mel[n : n + 1, :length], frames[n : n + 1])
        steps = -(-length // 3)
        torch.testing.assert_close(together.frames[n, :length], alone.frames[0], atol=CLOSE, rtol=0)
        torch.testing.assert_close(together.stop_logits[n, :steps], alone.stop_logits[0], atol=CLOSE, rtol=0)
        torch.testing.assert_close(together.weights[n, :steps, :symbols], alone.weights[0], atol=1e-5, rtol=0)
        assert (together.frames[n, length:] == MEL.log_floor).all(), "silence beyond the end"


@torch.no_grad()
def test_batch_and_padding_do_not_change_what_is_generated(build: Build) -> None:
    model = build(prenet_dropout=0.0)
    texts, lengths, _, _ = batch()
    together = model.generate(texts, lengths, max_frames=12)
    for n, (symbols, _) in enumerate(TEXTS):
        alone = model.generate(texts[n : n + 1, :symbols], lengths[n : n + 1], max_frames=12)
        length = int(alone.lengths[0])
        assert together.lengths[n] == length
        torch.testing.assert_close(together.frames[n, :length], alone.frames[0, :length], atol=CLOSE, rtol=0)


@torch.no_grad()
def test_attention_rows_sum_to_one_and_never_reach_the_padding(build: Build) -> None:
    texts, lengths, mel, frames = batch()
    weights = build()(texts, lengths, mel, frames).weights
    torch.testing.assert_close(weights.sum(dim=2), torch.ones(3, 5), atol=1e-5, rtol=0)  # float32
    for n, (symbols, _) in enumerate(TEXTS):
        assert (weights[n, :, symbols:] == 0).all()


@torch.no_grad()
def test_free_running_is_teacher_forcing_with_its_own_frames(build: Build) -> None:
    """Shown the frames that it generated before the post-net, the network predicts the same ones again."""
    model = build(prenet_dropout=0.0)
    model.stop_projection.bias.data.fill_(-20.0)
    text, _ = example(symbols=6, frames=1, seed=4)
    lengths = torch.tensor([6])
    generated = model.generate(text[None], lengths, max_frames=12)
    own = torch.zeros(1, 12, 80)
    for _ in range(4):  # each round makes one more step right
        own = model(text[None], lengths, own, torch.tensor([12])).frames_before_postnet
    prediction = model(text[None], lengths, own, torch.tensor([12]))
    assert prediction.frames.shape == generated.frames.shape
    assert prediction.weights.shape == generated.weights.shape
    torch.testing.assert_close(prediction.frames, generated.frames, atol=CLOSE, rtol=0)
    torch.testing.assert_close(prediction.stop_logits, generated.stop_logits, atol=CLOSE, rtol=0)
    torch.testing.assert_close(prediction.weights, generated.weights, atol=1e-5, rtol=0)


@torch.no_grad()
def test_a_frame_depends_on_the_true_frames_before_its_step_only(build: Build) -> None:
    model = build(prenet_dropout=0.0)
    text, mel = example(symbols=6, frames=12, seed=5)
    changed = mel.clone()
    changed[5:] = 0.0  # step 1 writes frames 3 to 5, step 2 is the first to read a changed one
    both = torch.stack([mel, changed])
    before = model(text.repeat(2, 1), torch.tensor([6, 6]), both, torch.tensor([12, 12])).frames_before_postnet
    torch.testing.assert_close(before[0, :6], before[1, :6], atol=1e-6, rtol=0)
    assert (before[0, 6:9] - before[1, 6:9]).abs().max() > 1e-3


@torch.no_grad()
def test_the_number_of_frames_has_nothing_to_do_with_the_number_of_symbols(build: Build) -> None:
    model = build()
    for symbols in (1, 4, 17):
        text, _ = example(symbols=symbols, frames=1, seed=symbols)
        generated = model.generate(text[None], torch.tensor([symbols]), max_frames=21)
        assert generated.weights.shape[2] == symbols
        assert generated.frames.shape[1] == 3 * generated.weights.shape[1]
    model.stop_projection.bias.data.fill_(-20.0)
    lengths = {int(model.generate(text[None], torch.tensor([17]), max_frames=limit).lengths) for limit in (6, 14, 21)}
    assert lengths == {6, 12, 21}, "at most max_frames, in steps of r = 3"


@torch.no_grad()
def test_the_stop_token_ends_an_utterance(build: Build) -> None:
    model = build()
    texts, lengths, _, _ = batch()
    model.stop_projection.bias.data.fill_(20.0)
    stopped = model.generate(texts, lengths, max_frames=30)
    assert stopped.finished.all()
    assert stopped.lengths.tolist() == [3, 3, 3]
    model.stop_projection.bias.data.fill_(-20.0)
    cut_off = model.generate(texts, lengths, max_frames=30)
    assert not cut_off.finished.any()
    assert cut_off.lengths.tolist() == [30, 30, 30]


@torch.no_grad()
def test_dropout_in_front_of_the_decoder_stays_on_in_use(build: Build) -> None:
    model = build()
    texts, lengths, mel, frames = batch()
    with seeded(1):
        twice = [model(texts, lengths, mel, frames).frames for _ in range(2)]
    assert (twice[0] - twice[1]).abs().max() > 1e-3
    with seeded(1):
        again = model(texts, lengths, mel, frames).frames
    assert torch.equal(again, twice[0])


def test_the_door_returns_a_mel_spectrogram_and_leaves_the_mode(build: Build) -> None:
    model = build().train()
    model.stop_projection.bias.data.fill_(-20.0)
    result = synthesize_mel(["a", "b", "."], model=model, max_frames=9)
    assert isinstance(result.mel, MelSpectrogram)
    assert result.mel.values.shape == (80, 3 * len(result.attention))
    assert result.mel.parameters == MEL
    assert result.attention.shape[1] == 3
    assert not result.finished
    assert model.training
    again = synthesize_mel(["a", "b", "."], model=model, max_frames=9)
    np.testing.assert_array_equal(again.mel.values, result.mel.values)
    other = synthesize_mel(["a", "b", "."], model=model, max_frames=9, seed=1)
    assert np.abs(other.mel.values - result.mel.values).max() > 1e-3


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        ([], "at least one"),
        ("abc", "as a list"),
        (["a", "☃"], "☃"),
        (["a"] * 5_000, "split the text into sentences"),
    ],
)
def test_bad_input_is_refused_by_the_door(build: Build, symbols: list[str], message: str) -> None:
    with pytest.raises(AudioCourseError, match=message):
        synthesize_mel(symbols, model=build())
    with pytest.raises(AudioCourseError, match="max_frames"):
        synthesize_mel(PHONES, model=build(), max_frames=0)
