"""The attention recogniser: every property that an encoder with an attention layer on top does not have.

Each property is also tried on `NoDecoder`, which reads encoder frames in place of letters: it must not hold there.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.asr.attention.from_scratch import masked_attention, shift_right
from audiocourse.asr.attention.model import (
    EOS,
    LETTERS,
    PAD,
    SOS,
    AttentionNet,
    EncoderOutput,
    beam_search,
    greedy,
    numbers,
    padded,
    point,
    spelling_loss,
)
from audiocourse.zoo import seeded

KEYS = "abcd"
Property: TypeAlias = Callable[[torch.nn.Module], float]


class NoDecoder(torch.nn.Module):
    """An LSTM over encoder frames, attention with the axes of PyTorch's default, no letters, no lengths."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = torch.nn.LSTM(4, 8, batch_first=True, bidirectional=True)
        self.decoder = torch.nn.LSTM(16, 16, batch_first=True)
        self.attention = torch.nn.MultiheadAttention(16, 2)
        self.score = torch.nn.Linear(16, LETTERS + len(KEYS))

    def forward(self, features: torch.Tensor, *_: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        heard, _ = self.encoder(features)
        attended, weights = self.attention(self.decoder(heard)[0], heard, heard)
        return self.score(attended).log_softmax(dim=2), weights


def played(text: str, rng: np.random.Generator) -> np.ndarray:
    """Each letter for two to four frames, then a frame of silence."""
    held = np.repeat(np.eye(4, dtype=np.float32)[[KEYS.index(letter) for letter in text]], 4, axis=0)
    rows = held.reshape(len(text), 4, 4)
    frames = [np.vstack([row[: rng.integers(2, 5)], np.zeros((1, 4), np.float32)]) for row in rows]
    return np.vstack(frames)


def word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list(KEYS), int(rng.integers(1, 5))))


def inputs_of(*texts: str) -> torch.Tensor:
    rows, _ = shift_right([numbers(text, KEYS) for text in texts], sos=SOS, eos=EOS, pad=PAD)
    return torch.from_numpy(rows)


@pytest.fixture(scope="module")
def net() -> AttentionNet:
    with seeded(3):
        return AttentionNet(features=4, letters=KEYS, units=16).eval()


@pytest.fixture(scope="module")
def broken() -> NoDecoder:
    with seeded(3):
        return NoDecoder().eval()


@pytest.fixture(scope="module")
def trained() -> AttentionNet:
    """A net that has learned to spell what is played: about two seconds on a free core."""
    rng = np.random.default_rng(1)
    with seeded(1):
        net = AttentionNet(features=4, letters=KEYS, units=32)
    steps = torch.optim.Adam(net.parameters(), lr=1e-2)
    for step in range(200):
        steps.param_groups[0]["lr"] = 1e-2 * (1 - step / 200)
        words = [word(rng) for _ in range(16)]
        batch = (*padded([played(one, rng) for one in words]), [numbers(one, KEYS) for one in words])
        steps.zero_grad()
        spelling_loss(net, batch).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        steps.step()
    return net.eval()


SOUNDS = [torch.randn(length, 4, generator=torch.Generator().manual_seed(length)) for length in (9, 5)]


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
    assert net(batch, lengths, inputs)[0].shape == (2, 4, LETTERS + 4)  # three letters and the end
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
    ours = point(torch.from_numpy(query), EncoderOutput(*(torch.from_numpy(each) for each in (keys, values, lengths))))
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


def test_it_learns_to_spell_and_its_pointer_moves_forwards(trained: AttentionNet) -> None:
    rng, right, backwards, steps = np.random.default_rng(9), 0, 0, 0
    for text in (word(rng) for _ in range(40)):
        found = greedy(trained, played(text, rng))
        right += list(found.letters) == numbers(text, KEYS)
        centre = found.weights @ np.arange(found.weights.shape[1])
        backwards, steps = backwards + int((np.diff(centre) < 0).sum()), steps + len(centre) - 1
    assert right >= 36, f"{right} of 40"
    assert backwards <= 0.05 * steps


def test_greedy_takes_the_best_letter_of_each_step(trained: AttentionNet) -> None:
    sound = played("abca", np.random.default_rng(2))
    found = greedy(trained, sound)
    rows, _ = shift_right([found.letters], sos=SOS, eos=EOS, pad=PAD)
    with torch.no_grad():
        scores, weights = trained(torch.from_numpy(sound)[None], torch.tensor([len(sound)]), torch.from_numpy(rows))
    best = scores[0].max(dim=1)
    assert best.indices.tolist() == [*found.letters, EOS]
    assert found.log_probability == pytest.approx(float(best.values.sum()), abs=1e-5)
    np.testing.assert_allclose(found.weights, weights[0].numpy(), atol=1e-6)


def test_in_double_precision_it_writes_the_same(trained: AttentionNet) -> None:
    """The notebook trains in double precision, so that what it prints is the same on every computer."""
    features = played("abca", np.random.default_rng(2))
    single = greedy(trained, features)
    double = greedy(copy.deepcopy(trained).double(), features)
    assert double.letters == single.letters
    assert double.weights.dtype == np.float64
    np.testing.assert_allclose(double.weights, single.weights, atol=1e-4)


def test_a_beam_is_never_worse_and_wide_enough_it_finds_the_best(net: AttentionNet) -> None:
    """The best of all texts of up to three symbols, by trying them all."""
    sound, length = SOUNDS[0][None], torch.tensor([9])
    texts = ["", *KEYS, *(a + b for a in KEYS for b in KEYS)]
    with torch.no_grad():
        scored = [
            float(scores.gather(1, torch.tensor([[*numbers(text, KEYS), EOS]]).T).sum())
            for text in texts
            for scores in net(sound, length, inputs_of(text))[0]
        ]
    found = beam_search(net, SOUNDS[0].numpy(), width=200, most=3)[0]
    assert found.log_probability == pytest.approx(max(scored), abs=1e-5)
    assert list(found.letters) == numbers(texts[int(np.argmax(scored))], KEYS)


def test_a_decoder_that_never_ends_stops_at_the_limit() -> None:
    with seeded(1):
        net = AttentionNet(features=4, letters=KEYS, units=8).eval()
    with torch.no_grad():
        net.head.bias[EOS] = -100.0
    for width in (1, 5):
        found = beam_search(net, SOUNDS[0].numpy(), width=width, most=7)
        assert [len(one.letters) for one in found[:width]] == [7] * width
        assert not any(one.ended for one in found[:width])
        assert found[0].weights.shape == (7, 9)


@pytest.mark.parametrize(
    ("features", "words"),
    [
        (np.zeros((0, 4), np.float32), "at least one"),
        (np.zeros((4, 9), np.float32), "frames of 4 numbers"),
        (np.full((3, 4), np.nan, np.float32), "NaN"),
    ],
)
def test_what_cannot_be_heard_is_refused(features: np.ndarray, words: str, net: AttentionNet, refuses: Refuses) -> None:
    with refuses(words):
        greedy(net, features)


def test_letters_it_cannot_write_are_named(refuses: Refuses) -> None:
    with refuses("'x'"):
        numbers("axb", KEYS)


def test_a_letter_is_the_same_however_its_accent_is_stored() -> None:
    assert numbers(unicodedata.normalize("NFD", "é"), ["e", "é"]) == numbers("é", ["e", "é"]) == [4]
