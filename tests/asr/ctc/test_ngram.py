"""The language model: distributions that sum to one, the formula by hand, fewer surprises with more context."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocourse.asr.ctc.ngram import END, NgramModel
from audiocourse.sounds.speech.texts import alphabet, sentence

texts = st.lists(st.text("abc", max_size=8), min_size=1, max_size=5)


@given(texts, st.integers(1, 4), st.text("abcd", max_size=6))
@settings(max_examples=60, deadline=None)
def test_every_distribution_sums_to_one_and_rules_nothing_out(sentences: list[str], order: int, context: str) -> None:
    model = NgramModel(sentences, order=order, vocabulary="abcd")
    p = np.exp(model.log_probabilities(context))
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert p.min() > 0
    assert len(p) == len(model.tokens) == 5


def test_witten_and_bell_by_hand() -> None:
    """After "a" came b, b and the end: c = 3, T = 2. Overall a, a, a, b, b, end, end: c = 7, T = 3."""
    model = NgramModel(["aba", "ab"], order=2)
    uniform = np.full(3, 1 / 3)
    unigram = (np.array([3, 2, 2]) + 3 * uniform) / (7 + 3)
    expected = (np.array([0, 2, 1]) + 2 * unigram) / (3 + 2)
    np.testing.assert_allclose(np.exp(model.log_probabilities("a")), expected)
    np.testing.assert_allclose(np.exp(model.log_probabilities("bba")), expected)
    np.testing.assert_allclose(np.exp(NgramModel(["aba", "ab"], order=1).log_probabilities("a")), unigram)


def test_the_beginning_of_a_sentence_is_a_context() -> None:
    model = NgramModel(["ab", "ac", "ab"], order=3)
    assert np.exp(model.log_probabilities("")[0]) > 0.7  # every sentence begins with a
    assert np.exp(model.log_probabilities("ca")[0]) < np.exp(model.log_probabilities("")[0])


def test_the_beginning_is_no_blank_between_words() -> None:
    model = NgramModel(["a b"] * 5, order=2)
    after_start, after_blank = (model.tokens[int(model.log_probabilities(said).argmax())] for said in ("", "a "))
    assert (after_start, after_blank) == ("a", "b")


def test_a_sentence_is_the_product_of_its_steps_and_of_its_end() -> None:
    model = NgramModel(["abc", "ab"], order=3)
    steps = [model.log_probabilities("ab"[:i])[model.tokens.index(t)] for i, t in enumerate(["a", "b", END])]
    assert model.log_probability("ab") == pytest.approx(sum(steps))
    assert model.perplexity(["ab", "ab"]) == pytest.approx(np.exp(-sum(steps) / 3))


def test_all_sentences_together_sum_to_one() -> None:
    """With an alphabet of one letter they can be listed: endings are counted right."""
    model = NgramModel(["a", "aa", ""], order=2)
    total = sum(np.exp(model.log_probability("a" * n)) for n in range(60))
    assert total == pytest.approx(1, abs=1e-6)


def test_words_are_tokens_as_well() -> None:
    model = NgramModel([["two", "plates"], ["two", "cats"]], order=2)
    assert model.tokens == ("cats", "plates", "two", END)
    assert model.log_probabilities(["two"])[1] == model.log_probabilities(["two"])[0]


def test_more_context_surprises_less_on_new_sentences() -> None:
    rng = np.random.default_rng(1)
    seen = [sentence(rng, "en", split="train").normal for _ in range(400)]
    new = [sentence(rng, "en", split="test").normal for _ in range(40)]
    surprise = [NgramModel(seen, order=order, vocabulary=alphabet("en")).perplexity(new) for order in (1, 2, 4, 6)]
    assert surprise == sorted(surprise, reverse=True)
    assert surprise[0] > 10
    assert surprise[-1] < 2


def test_a_distribution_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        NgramModel(["ab"], order=2).log_probabilities("a")[0] = 0


def test_bad_input_is_one_sentence(refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses("order", "at least 1"):
        NgramModel(["ab"], order=0)
    with refuses("no sentence to count"):
        NgramModel([], order=2)
    with refuses("'c' is not in the vocabulary of 2 tokens"):
        NgramModel(["abc"], order=2, vocabulary="ab")
    model = NgramModel(["ab"], order=2)
    with refuses("'x' is not in the vocabulary"):
        model.perplexity(["ax"])
    with refuses("at least one sentence"):
        model.perplexity([])
