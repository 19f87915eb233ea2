"""From scores to a text: greedy decoding, and beam search beside a search through all texts."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from asr.played_letters import KEYS, SOUNDS, inputs_of, played, word
from conftest import Refuses

from audiocourse.asr.attention.from_scratch import shift_right
from audiocourse.asr.attention.model import EOS, PAD, SOS, AttentionConfig, AttentionNet, numbers
from audiocourse.asr.attention.search import attention_beam_search, attention_greedy
from audiocourse.zoo import seeded


def test_it_learns_to_spell_and_its_pointer_moves_forwards(trained: AttentionNet) -> None:
    rng, right, backwards, steps = np.random.default_rng(9), 0, 0, 0
    for text in (word(rng) for _ in range(40)):
        found = attention_greedy(trained, played(text, rng))
        right += list(found.letters) == numbers(text, KEYS)
        centre = found.weights @ np.arange(found.weights.shape[1])
        backwards, steps = backwards + int((np.diff(centre) < 0).sum()), steps + len(centre) - 1
    assert right >= 36, f"{right} of 40"
    assert backwards <= 0.05 * steps


def test_greedy_takes_the_best_letter_of_each_step(trained: AttentionNet) -> None:
    sound = played("abca", np.random.default_rng(2))
    found = attention_greedy(trained, sound)
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
    single = attention_greedy(trained, features)
    double = attention_greedy(copy.deepcopy(trained).double(), features)
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
    found = attention_beam_search(net, SOUNDS[0].numpy(), width=200, max_length=3)[0]
    assert found.log_probability == pytest.approx(max(scored), abs=1e-5)
    assert list(found.letters) == numbers(texts[int(np.argmax(scored))], KEYS)


def test_a_decoder_that_never_ends_stops_at_the_limit() -> None:
    with seeded(1):
        net = AttentionNet(AttentionConfig(features=4, letters=KEYS, units=8)).eval()
    with torch.no_grad():
        net.head.bias[EOS] = -100.0
    for width in (1, 5):
        found = attention_beam_search(net, SOUNDS[0].numpy(), width=width, max_length=7)
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
        attention_greedy(net, features)
