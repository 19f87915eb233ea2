"""The soft pointer and the shift, in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.asr.attention.from_scratch import masked_attention, shift_right


def made(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    return rng.normal(size=(3, 4)), rng.normal(size=(3, 6, 4)), rng.normal(size=(3, 6, 2)), np.array([6, 2, 4])


def test_weights_sum_to_one_and_are_zero_on_padding(rng: np.random.Generator) -> None:
    _, weights = masked_attention(*made(rng))
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert not weights[1, 2:].any()
    assert not weights[2, 4:].any()


def test_an_utterance_is_alone_in_its_batch(rng: np.random.Generator) -> None:
    query, keys, values, lengths = made(rng)
    together, _ = masked_attention(query, keys, values, lengths)
    for row, length in enumerate(lengths):
        alone, _ = masked_attention(query[[row]], keys[[row], :length], values[[row], :length], lengths[[row]])
        np.testing.assert_allclose(together[row], alone[0])


def test_it_points_at_the_frame_that_is_like_the_query() -> None:
    keys = 100 * np.eye(5)[None]  # so like that e^score overflows, unless the largest is taken off first
    context, weights = masked_attention(100 * np.eye(5)[[3]], keys, np.arange(5.0)[None, :, None], np.array([5]))
    np.testing.assert_allclose(weights[0], np.eye(5)[3], atol=1e-12)
    np.testing.assert_allclose(context, [[3.0]])


@pytest.mark.parametrize("lengths", [[0, 2, 4], [7, 2, 4]])
def test_lengths_that_cannot_be(lengths: list[int], rng: np.random.Generator, refuses: Refuses) -> None:
    with refuses("between 1 and the 6 frames"):
        masked_attention(*made(rng)[:3], np.array(lengths))


def test_each_input_is_the_target_before() -> None:
    inputs, targets = shift_right([[5, 3, 3], [], [4]], sos=1, eos=2, pad=0)
    assert inputs.tolist() == [[1, 5, 3, 3], [1, 0, 0, 0], [1, 4, 0, 0]]
    assert targets.tolist() == [[5, 3, 3, 2], [2, 0, 0, 0], [4, 2, 0, 0]]


@pytest.mark.parametrize("texts", [[], [[5, 2]], [[0]]])
def test_texts_with_special_numbers_are_refused(texts: list[list[int]], refuses: Refuses) -> None:
    with refuses("of letters only"):
        shift_right(texts, sos=1, eos=2, pad=0)
