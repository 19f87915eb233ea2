"""The attention recogniser: every property that an encoder with an attention layer on top does not have.

Each property is also tried on `NoDecoder`, which reads encoder frames in place of letters: it must not hold there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest
import torch
from asr.played_letters import KEYS, SOUNDS, inputs_of
from conftest import Refuses

from audiocourse.asr.attention.from_scratch import masked_attention
from audiocourse.asr.attention.model import (
    FIRST_LETTER,
    AttentionNet,
    EncoderOutput,
    attend,
    numbers,
    spelling_loss,
)
from audiocourse.zoo import seeded
from audiocourse.zoo.batching import padded

Property: TypeAlias = Callable[[torch.nn.Module], float]


class NoDecoder(torch.nn.Module):
    """An LSTM over encoder frames, attention with the axes of PyTorch's default, no letters, no lengths."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = torch.nn.LSTM(4, 8, batch_first=True, bidirectional=True)
        self.decoder = torch.nn.LSTM(16, 16, batch_first=True)
        self.attention = torch.nn.MultiheadAttention(16, 2)
        self.score = torch.nn.Linear(16, FIRST_LETTER + len(KEYS))

    def forward(self, features: torch.Tensor, *_: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        heard, _ = self.encoder(features)
        attended, weights = self.attention(self.decoder(heard)[0], heard, heard)
        return self.score(attended).log_softmax(dim=2), weights


@pytest.fixture(scope="module")
def broken() -> NoDecoder:
    with seeded(3):
        return NoDecoder().eval()


def neighbours_matter(net: torch.nn.Module) -> float:
    """Largest change of utterance 0 when the other one in its batch is another sound."""
    batch = torch.stack([SOUNDS[0], SOUNDS[0].flip(0)])
    other = torch.stack([SOUNDS[0], 3 * SOUNDS[0]])
    lengths, inputs = torch.tensor([9, 9]), inputs_of("ab", "cd")
    return difference(net(batch, lengths, inputs)[0][0], net(other, lengths, inputs)[0][0])


def padding_matters(net: torch.nn.Module) -> float:
    """Largest change of a short utterance when it is padded with 7."""
    filled = torch.full((1, 9, 4), 7.0)
    filled[0, :5] = SOUNDS[1]
    length, inputs = torch.tensor([5]), inputs_of("ab")
    alone, together = (net(x, length, inputs)[0][0] for x in (SOUNDS[1][None], filled))
    return difference(alone, together[: len(alone)])


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    finite = one.isfinite()  # filling and <sos> are −∞ in both
    return float((one - other)[finite].detach().abs().max())


@pytest.mark.parametrize("matters", [neighbours_matter, padding_matters])
def test_what_must_not_matter(matters: Property, net: AttentionNet, broken: NoDecoder) -> None:
    with torch.no_grad():
        assert matters(net) < 1e-5  # float32, sums in other groups
        assert matters(broken) > 1e-3, "the test does not see what it is for"


def test_as_many_answers_as_letters_not_frames(net: AttentionNet, broken: NoDecoder) -> None:
    batch, lengths = padded([sound.numpy() for sound in SOUNDS])
    inputs = inputs_of("abc", "d")
    assert net(batch, lengths, inputs)[0].shape == (2, 4, FIRST_LETTER + 4)  # three letters and the end
    assert broken(batch, lengths, inputs)[0].shape[1] == 9, "one for each frame"


def test_later_letters_never_reach_earlier_answers_and_earlier_ones_do(net: AttentionNet) -> None:
    sound, length = SOUNDS[0][None], torch.tensor([9])
    (one, _), (other, _) = (net(sound, length, inputs_of(text)) for text in ("abcd", "abda"))
    assert difference(one[0, :3], other[0, :3]) == 0  # <sos>, a, b: read before c or d
    assert difference(one[0, 3], other[0, 3]) > 1e-4


def test_weights_sum_to_one_and_are_zero_on_padding(net: AttentionNet, broken: NoDecoder) -> None:
    batch, lengths = padded([sound.numpy() for sound in SOUNDS])
    inputs = inputs_of("ab", "cd")
    weights = net(batch, lengths, inputs)[1]
    torch.testing.assert_close(weights.sum(dim=2), torch.ones(2, 3))
    assert not weights[1, :, 5:].any()
    assert broken(batch, lengths, inputs)[1].shape != weights.shape


def test_the_pointer_is_the_one_written_by_hand(rng: np.random.Generator) -> None:
    query, keys, values = (rng.normal(size=shape) for shape in ((2, 3), (2, 5, 3), (2, 5, 3)))
    lengths = np.array([5, 2])
    ours = attend(torch.from_numpy(query), EncoderOutput(*(torch.from_numpy(each) for each in (keys, values, lengths))))
    for mine, right in zip(ours, masked_attention(query, keys, values, lengths), strict=True):
        np.testing.assert_allclose(mine.numpy(), right, atol=1e-12)


def test_filling_costs_nothing(net: AttentionNet) -> None:
    """The loss of a batch is the mean over letters, so that it is that of its utterances, weighted by their letters."""
    texts = [numbers(text, KEYS) for text in ("abcd", "b")]
    batch, lengths = padded([sound.numpy() for sound in SOUNDS])
    together = spelling_loss(net, (batch, lengths, texts))
    alone = [
        spelling_loss(net, (sound[None], torch.tensor([len(sound)]), [text]))
        for sound, text in zip(SOUNDS, texts, strict=True)
    ]
    torch.testing.assert_close(together, (5 * alone[0] + 2 * alone[1]) / 7)


def test_letters_it_cannot_write_are_named(refuses: Refuses) -> None:
    with refuses("'x'"):
        numbers("axb", KEYS)


def test_a_letter_is_the_same_however_its_accent_is_stored() -> None:
    assert numbers(unicodedata.normalize("NFD", "é"), ["e", "é"]) == numbers("é", ["e", "é"]) == [4]
