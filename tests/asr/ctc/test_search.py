"""Greedy and beam search against every labelling of small cases, and what a language model changes."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocourse.asr.ctc.from_scratch import ctc_forward
from audiocourse.asr.ctc.ngram import NgramModel
from audiocourse.asr.ctc.search import Fusion, ctc_beam_search, ctc_greedy, grow_prefix, spell

SYMBOLS = ("", " ", "a", "b")
cases = st.tuples(st.integers(1, 6), st.integers(0, 10_000))


def distributions(frames: int, seed: int, *, spread: float = 1.5) -> np.ndarray:
    scores = np.random.default_rng(seed).normal(0, spread, (frames, len(SYMBOLS)))
    return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)


def all_labellings(log_probs: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of every labelling, over every path."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for path in product(range(log_probs.shape[1]), repeat=len(log_probs)):
        labels = tuple(symbol for symbol, _ in groupby(path) if symbol)
        found[labels] += float(np.exp(log_probs[np.arange(len(path)), path].sum()))
    return found


def model(order: int = 3) -> NgramModel:
    return NgramModel(["ab ab", "a ba", "abba ab"], order=order, vocabulary=SYMBOLS[1:])


@given(cases)
@settings(max_examples=40, deadline=None)
def test_a_wide_beam_finds_every_labelling_with_its_probability(case: tuple[int, int]) -> None:
    log_probs = distributions(*case)
    expected = all_labellings(log_probs)
    found = ctc_beam_search(log_probs, width=5000)
    assert {one.labels for one in found} == set(expected)
    for one in found:
        assert np.exp(one.log_probability) == pytest.approx(expected[one.labels], abs=1e-12)
        assert one.score == one.log_probability
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)


@given(cases, st.sampled_from([0.3, 1.0, 2.5]), st.sampled_from([0.0, 0.7, -0.4]))
@settings(max_examples=30, deadline=None)
def test_with_a_language_model_the_sum_of_both_is_found(case: tuple[int, int], weight: float, bonus: float) -> None:
    log_probs, grammar = distributions(*case), model()
    found = ctc_beam_search(log_probs, width=5000, fusion=Fusion(grammar, SYMBOLS, weight=weight, word_bonus=bonus))
    expected = {}
    for labels, probability in all_labellings(log_probs).items():
        text = spell(labels, SYMBOLS)
        gain = weight * grammar.log_probability(text) + bonus * len(text.split())
        expected[labels] = np.log(probability) + gain
    assert {one.labels for one in found} == set(expected)
    for one in found:
        assert one.score == pytest.approx(expected[one.labels], abs=1e-9)
        assert one.log_probability == pytest.approx(ctc_forward(log_probs, one.labels), abs=1e-9)


@pytest.mark.parametrize("blank", [0, 2])
def test_prefixes_grown_step_by_step_hold_all_paths_of_every_text(blank: int) -> None:
    log_probs = distributions(5, 1)[:, :3]
    log_probs = log_probs - np.logaddexp.reduce(log_probs, axis=1, keepdims=True)
    beam: dict[tuple[int, ...], np.ndarray] = {(): np.array([1.0, 0.0])}
    for y in np.exp(log_probs):
        found: dict[tuple[int, ...], np.ndarray] = defaultdict(lambda: np.zeros(2))
        for prefix, (p_blank, p_letter) in beam.items():
            *stays, grown = grow_prefix(p_blank, p_letter, prefix[-1] if prefix else blank, y, blank)
            found[prefix] += stays
            for symbol in {0, 1, 2} - {blank}:
                found[*prefix, symbol] += (0.0, grown[symbol])
        beam = dict(found)
    for text, two in beam.items():
        expected = ctc_forward(log_probs, np.array(text, dtype=int), blank=blank)
        assert two.sum() == pytest.approx(np.exp(expected), abs=1e-12)
    assert sum(two.sum() for two in beam.values()) == pytest.approx(1)


def test_the_best_path_is_not_the_best_labelling() -> None:
    log_probs = np.log(np.array([[0.6, 0.4], [0.6, 0.4]]))
    assert ctc_greedy(log_probs).tolist() == []
    best = ctc_beam_search(log_probs, width=2)[0]
    assert best.labels == (1,)
    assert np.exp(best.log_probability) == pytest.approx(0.64)


def test_a_beam_finds_likelier_texts_than_greedy_and_a_wider_one_likelier_still() -> None:
    gains = []
    for seed in range(20):
        log_probs = distributions(40, seed)
        path = ctc_forward(log_probs, ctc_greedy(log_probs))
        narrow, wide = (ctc_forward(log_probs, ctc_beam_search(log_probs, width=w)[0].labels) for w in (8, 64))
        gains.append((wide - path, wide - narrow))
    over_path, over_narrow = np.array(gains).T
    assert np.mean(over_path > 0.1) > 0.5  # frames this unsure are where it pays
    assert np.mean(over_path < -1e-9) <= 0.1  # a beam that drops prefixes may drop the right one
    assert np.mean(over_narrow) > 0


def test_a_narrow_beam_claims_no_more_than_the_truth_and_keeps_its_width() -> None:
    log_probs = distributions(30, 5)
    found = ctc_beam_search(log_probs, width=4)
    assert len(found) == len({one.labels for one in found}) == 4
    for one in found:
        assert one.log_probability <= ctc_forward(log_probs, one.labels) + 1e-9


def test_double_letters_need_their_blank() -> None:
    sure = np.full((5, 4), 1e-6)
    for t, k in enumerate([2, 2, 0, 2, 3]):
        sure[t, k] = 1
    log_probs = np.log(sure / sure.sum(axis=1, keepdims=True))
    assert spell(ctc_greedy(log_probs), SYMBOLS) == spell(ctc_beam_search(log_probs)[0].labels, SYMBOLS) == "aab"


def test_a_language_model_decides_where_the_sound_does_not() -> None:
    unsure = np.full((3, 4), 1e-3)
    unsure[0, 2] = 1
    unsure[1, [2, 3]] = 0.52, 0.48  # "aa" or "ab"? the sound leans to a single "a"
    unsure[2, 0] = 1
    log_probs = np.log(unsure / unsure.sum(axis=1, keepdims=True))
    assert spell(ctc_beam_search(log_probs)[0].labels, SYMBOLS) == "a"
    fusion = Fusion(NgramModel(["ab"] * 9 + ["a"], order=3, vocabulary=SYMBOLS[1:]), SYMBOLS, weight=0.5)
    assert spell(ctc_beam_search(log_probs, fusion=fusion)[0].labels, SYMBOLS) == "ab"


def test_a_bonus_buys_words() -> None:
    log_probs = distributions(30, 8)

    def words(bonus: float) -> int:
        fusion = Fusion(model(), SYMBOLS, weight=1.0, word_bonus=bonus)
        return len(spell(ctc_beam_search(log_probs, fusion=fusion)[0].labels, SYMBOLS).split())

    assert words(-5.0) < words(5.0)


def test_a_blank_of_another_number() -> None:
    log_probs = distributions(12, 3)
    moved = log_probs[:, [1, 2, 3, 0]]
    expected = ctc_beam_search(log_probs, width=16)[0]
    got = ctc_beam_search(moved, width=16, blank=3)[0]
    assert [k + 1 for k in got.labels] == list(expected.labels)
    assert got.log_probability == pytest.approx(expected.log_probability)
    assert [k + 1 for k in ctc_greedy(moved, blank=3)] == ctc_greedy(log_probs).tolist()


def test_impossible_symbols_stay_out() -> None:
    with np.errstate(divide="ignore"):
        log_probs = np.log(np.array([[1.0, 0, 0, 0], [0.0, 0, 0.5, 0.5]]))
    assert {one.labels for one in ctc_beam_search(log_probs, width=50)} == {(2,), (3,)}


def test_bad_input_is_one_sentence(refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses("sum to"):
        ctc_beam_search(np.zeros((3, 4)))
    with refuses("sum to"):
        ctc_greedy(np.ones((3, 4)))
    with refuses("width"):
        ctc_beam_search(distributions(3, 0), width=0)
    with refuses("does not know 'b'", "vocabulary of all symbols"):
        Fusion(NgramModel(["a a"], order=2), SYMBOLS)
    with refuses("weight", "0 or more"):
        Fusion(model(), SYMBOLS, weight=-1.0)
    with refuses("word_bonus", "finite"):
        Fusion(model(), SYMBOLS, word_bonus=float("nan"))
