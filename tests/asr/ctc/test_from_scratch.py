"""CTC against the definition: all paths listed, derivatives measured, texts that do not fit."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocourse.asr.ctc.from_scratch import (
    backward_table,
    ctc_collapse,
    ctc_forward,
    ctc_loss,
    forward_table,
    frames_needed,
    require_path,
    symbol_posteriors,
    with_blanks,
)

cases = st.tuples(st.integers(1, 6), st.integers(2, 4), st.integers(0, 10_000))


def distributions(frames: int, symbols: int, seed: int) -> np.ndarray:
    scores = np.random.default_rng(seed).normal(0, 2, (frames, symbols))
    return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)


def spelled(path: tuple[int, ...], blank: int = 0) -> tuple[int, ...]:
    """Collapse by its definition: one of each run, then without blanks."""
    return tuple(symbol for symbol, _ in groupby(path) if symbol != blank)


def all_labellings(log_probs: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of every labelling, over every path."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for path in product(range(log_probs.shape[1]), repeat=len(log_probs)):
        found[spelled(path)] += float(np.exp(log_probs[np.arange(len(path)), path].sum()))
    return found


# Collapse -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(0, 3))
def test_collapse_is_runs_without_blanks(path: list[int], blank: int) -> None:
    assert tuple(ctc_collapse(path, blank=blank).tolist()) == spelled(tuple(path), blank)


@given(st.lists(st.integers(1, 3), max_size=8))
def test_the_states_collapse_to_the_labels_and_the_shortest_path_has_the_frames_needed(labels: list[int]) -> None:
    states = with_blanks(labels)
    assert ctc_collapse(states).tolist() == labels
    shortest = [k for i, k in enumerate(labels) for k in ([0, k] if i and labels[i - 1] == k else [k])]
    assert ctc_collapse(shortest).tolist() == labels
    assert frames_needed(labels) == len(shortest)


# Sums over paths ----------------------------------------------------------------------------------------------------


@given(cases)
@settings(max_examples=40, deadline=None)
def test_the_likelihood_is_the_sum_over_all_paths(case: tuple[int, int, int]) -> None:
    log_probs = distributions(*case)
    found = all_labellings(log_probs)
    assert sum(found.values()) == pytest.approx(1)
    for labels, probability in found.items():
        assert np.exp(ctc_forward(log_probs, labels)) == pytest.approx(probability, abs=1e-12)
    assert ctc_forward(log_probs, [1] * (case[0] + 1)) == -np.inf


@given(cases, st.lists(st.integers(1, 3), max_size=4))
@settings(max_examples=40, deadline=None)
def test_forward_and_backward_meet_in_every_frame(case: tuple[int, int, int], labels: list[int]) -> None:
    log_probs = distributions(case[0], 4, case[2])
    alpha, beta = forward_table(log_probs, labels), backward_table(log_probs, labels)
    through = np.logaddexp.reduce(alpha + beta, axis=1)
    np.testing.assert_allclose(through, ctc_forward(log_probs, labels), atol=1e-9)


def test_a_blank_of_any_number() -> None:
    log_probs = distributions(7, 4, 1)
    moved = log_probs[:, [1, 2, 3, 0]]
    assert ctc_forward(moved, [0, 0, 2], blank=3) == pytest.approx(ctc_forward(log_probs, [1, 1, 3]))


def test_a_thousand_frames_do_not_underflow() -> None:
    log_probs = distributions(1000, 30, 2)
    assert -1e4 < ctc_forward(log_probs, list(range(1, 30)) * 5) < -1e3


def test_a_symbol_of_probability_zero_gives_no_nan() -> None:
    with np.errstate(divide="ignore"):
        log_probs = np.log(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.0, 0.25, 0.75]]))
    assert np.exp(ctc_forward(log_probs, [1, 2])) == pytest.approx(0.375)
    gamma = symbol_posteriors(log_probs, [1, 2])
    np.testing.assert_allclose(gamma, [[0, 1, 0], [1, 0, 0], [0, 0, 1]])


# The loss and its gradient ------------------------------------------------------------------------------------------


def test_the_gradient_is_the_measured_slope() -> None:
    scores = np.random.default_rng(3).normal(0, 1, (1, 6, 4))
    lengths = {"input_lengths": [6], "target_lengths": [3]}
    targets = np.array([[2, 2, 1]])

    def loss(moved: np.ndarray) -> float:
        log_probs = moved - np.logaddexp.reduce(moved, axis=-1, keepdims=True)
        return float(ctc_loss(log_probs, targets, **lengths).values[0])

    log_probs = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    gradient = ctc_loss(log_probs, targets, **lengths).gradient
    step = 1e-5
    for place in np.ndindex(scores.shape):
        nudge = np.zeros(scores.shape)
        nudge[place] = step
        slope = (loss(scores + nudge) - loss(scores - nudge)) / (2 * step)
        assert gradient[place] == pytest.approx(slope, abs=1e-8)


def test_posteriors_are_distributions_over_what_can_be() -> None:
    gamma = symbol_posteriors(distributions(9, 6, 4), [3, 3, 5])
    np.testing.assert_allclose(gamma.sum(axis=1), 1)
    assert not gamma[:, [1, 2, 4]].any()


def test_padding_and_neighbours_change_nothing() -> None:
    items = [distributions(frames, 5, frames) for frames in (4, 9)]
    labels = [[1, 2], [4, 4, 4]]
    batch = np.full((2, 12, 5), np.nan)  # what lies behind an item is not looked at
    targets = np.full((2, 4), 99)
    for n, (item, row) in enumerate(zip(items, labels, strict=True)):
        batch[n, : len(item)] = item
        targets[n, : len(row)] = row
    loss = ctc_loss(batch, targets, input_lengths=[4, 9], target_lengths=[2, 3])
    for n, (item, row) in enumerate(zip(items, labels, strict=True)):
        alone = ctc_loss(item[None], np.array([row]), input_lengths=[len(item)], target_lengths=[len(row)])
        assert loss.values[n] == alone.values[0] == -ctc_forward(item, row)
        np.testing.assert_array_equal(loss.gradient[n, : len(item)], alone.gradient[0])
        assert not loss.gradient[n, len(item) :].any()
        assert not loss.posteriors[n, len(item) :].any()


def test_too_few_frames_are_said_and_teach_nothing(refuses) -> None:  # type: ignore[no-untyped-def]
    hello = [8, 5, 12, 12, 15]
    batch = np.stack([distributions(6, 20, seed) for seed in (1, 2)])
    loss = ctc_loss(batch, np.array([hello, hello]), input_lengths=[6, 5], target_lengths=[5, 5])
    assert loss.impossible.tolist() == [False, True]
    assert loss.values[1] == np.inf
    assert not loss.gradient[1].any()
    require_path(hello, frames=6)
    with refuses("5 labels need 6 frames", "but there are 5", "longer recording"):
        require_path(hello, frames=5)


# Bad input ----------------------------------------------------------------------------------------------------------


def test_bad_input_is_one_sentence(refuses) -> None:  # type: ignore[no-untyped-def]
    good = distributions(4, 3, 0)
    bad = good.copy()
    bad[2, 1] = np.nan
    with refuses("In frame 2", "sum to nan"):
        ctc_forward(bad, [1])
    with refuses("In frame 0", "softmax"):
        ctc_forward(np.zeros((4, 3)), [1])
    with refuses("(frames, symbols)", "(4,)"):
        ctc_forward(np.zeros(4), [1])
    with refuses("at least one frame", "(0, 3)"):
        ctc_forward(np.zeros((0, 3)), [1])
    with refuses("int64"):
        ctc_forward(np.zeros((4, 3), dtype=np.int64), [1])
    with refuses("3 symbols"):
        ctc_forward(good, [3])
    with refuses("from -1"):
        ctc_forward(good, [-1])
    with refuses("blank (0) is among the labels"):
        ctc_forward(good, [1, 0])
    with refuses("look up the number of each letter"):
        ctc_collapse("hello")  # type: ignore[arg-type]
    with refuses("whole numbers"):
        ctc_collapse(np.zeros((2, 3), dtype=int))


def test_batches_that_do_not_fit(refuses) -> None:  # type: ignore[no-untyped-def]
    batch, targets = distributions(4, 3, 0)[None], np.array([[1, 2]])
    with refuses("batch first"):
        ctc_loss(batch[0], targets, input_lengths=[4], target_lengths=[2])
    with refuses("2 input lengths"):
        ctc_loss(batch, targets, input_lengths=[4, 4], target_lengths=[2])
    with refuses("input lengths", "0 to 4"):
        ctc_loss(batch, targets, input_lengths=[5], target_lengths=[2])
    with refuses("target lengths", "0 to 2"):
        ctc_loss(batch, targets, input_lengths=[4], target_lengths=[3])
