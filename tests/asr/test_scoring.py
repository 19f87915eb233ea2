"""Alignment and error rates: against brute force, by hand, and on texts that have no rate."""

from __future__ import annotations

import tracemalloc
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocourse.asr import scoring
from audiocourse.asr.scoring import (
    ErrorCounts,
    align,
    alignment_lines,
    character_error_rate,
    count_errors,
    edit_distance,
    rates_by_group,
    word_error_rate,
    word_errors,
)

letters = st.text("abc", max_size=7)


@cache
def fewest(reference: str, hypothesis: str) -> int:
    """Levenshtein's distance by its definition, from the front."""
    if not reference or not hypothesis:
        return len(reference) + len(hypothesis)
    return min(
        fewest(reference[1:], hypothesis) + 1,
        fewest(reference, hypothesis[1:]) + 1,
        fewest(reference[1:], hypothesis[1:]) + (reference[0] != hypothesis[0]),
    )


@given(letters, letters)
def test_no_alignment_is_cheaper(reference: str, hypothesis: str) -> None:
    assert count_errors(reference, hypothesis).errors == fewest(reference, hypothesis)


@given(letters, letters)
def test_an_alignment_spells_both_texts(reference: str, hypothesis: str) -> None:
    edits = align(reference, hypothesis)
    assert "".join(edit.reference for edit in edits) == reference
    assert "".join(edit.hypothesis for edit in edits) == hypothesis
    for edit in edits:
        expected = {(True, True): "S", (True, False): "D", (False, True): "I"}
        same = edit.reference == edit.hypothesis
        assert edit.operation == ("=" if same else expected[bool(edit.reference), bool(edit.hypothesis)])


@given(letters, letters)
def test_the_two_texts_trade_places(reference: str, hypothesis: str) -> None:
    forth, back = count_errors(reference, hypothesis), count_errors(hypothesis, reference)
    assert forth.errors == back.errors
    assert forth.deletions - forth.insertions == len(reference) - len(hypothesis)


def test_kinds_of_errors() -> None:
    assert word_errors("one two three", "one two three") == ErrorCounts(0, 0, 0, 3)
    assert word_errors("one two three", "one too three") == ErrorCounts(1, 0, 0, 3)
    assert word_errors("one two three", "one three") == ErrorCounts(0, 1, 0, 3)
    assert word_errors("one two three", "one two two three") == ErrorCounts(0, 0, 1, 3)
    assert word_errors("one two three", "") == ErrorCounts(0, 3, 0, 3)


def test_a_corpus_sums_errors_and_does_not_average_rates() -> None:
    references, hypotheses = ["one", "one two three four five six seven eight nine"], ["two", ""]
    hypotheses[1] = references[1]
    assert word_error_rate(references, hypotheses) == pytest.approx(0.1)  # the mean of the rates would be 0.5


def test_a_rate_can_exceed_one() -> None:
    assert word_error_rate(["one"], ["one one one one"]) == 3.0


def test_an_empty_reference_among_others_counts_its_insertions() -> None:
    assert word_error_rate(["", "one two"], ["one", "one two"]) == 0.5


def test_characters_count_blanks_between_words_but_not_at_the_ends() -> None:
    assert character_error_rate(["ab cd"], ["abcd"]) == pytest.approx(0.2)
    assert character_error_rate([" ab "], ["ab"]) == 0.0


def test_the_display_lines_up() -> None:
    edits = align(["she", "sees", "nine"], ["he", "sees", "ninety", "plates"])
    assert alignment_lines(edits).splitlines() == [
        "REF: she sees ****** nine",
        "HYP: he  sees ninety plates",
        "OPS: S        I      S",
    ]


def test_the_display_of_characters() -> None:
    assert alignment_lines(align("ab", "b")) == "REF: a b\nHYP: * b\nOPS: D"


def test_an_accent_is_the_same_letter_in_one_character_or_two() -> None:
    """macOS and some editors write é as e and an accent."""
    assert word_error_rate(["e\u0301cole"], ["\u00e9cole"]) == 0
    assert character_error_rate(["caf\u00e9"], ["cafe\u0301"]) == 0


@pytest.mark.parametrize("text", [None, float("nan"), 3, ["a"]])
def test_what_is_not_a_text_is_named(text: object, refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses("A text is a string", repr(text)):
        word_error_rate(["a", text], ["a", "b"])  # type: ignore[list-item]


def test_long_texts_have_the_same_errors_in_linear_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour of speech has 45,000 characters: the table would take 15 GB."""
    rng = np.random.default_rng(0)
    reference = "".join(rng.choice(list("abcdefg  "), 900))
    hypothesis = "".join(rng.choice(list("abcxy"), 1)[0] if rng.random() < 0.1 else letter for letter in reference)
    by_table = count_errors(reference, hypothesis)
    monkeypatch.setattr(scoring, "_LARGEST_TABLE", 1000)
    assert count_errors(reference, hypothesis).errors == by_table.errors > 50
    assert count_errors(reference.split(), hypothesis.split()).length == len(reference.split())
    hour, tracked = 50 * reference, 50 * hypothesis
    tracemalloc.start()
    assert character_error_rate([hour], [tracked]) == pytest.approx(by_table.errors / len(reference), abs=0.01)
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_no_rate_without_a_reference(refuses) -> None:  # type: ignore[no-untyped-def]
    for rate in (word_error_rate, character_error_rate):
        with refuses("reference is empty", "leave such texts out"):
            rate([""], ["something"])
        with refuses("reference is empty"):
            rate([], [])
        with refuses("put a single text into a list"):
            rate("one", "one")  # type: ignore[arg-type]
        with refuses("2 references and 1 hypotheses"):
            rate(["one", "two"], ["one"])


def distance_by_recursion(a: list[str], b: list[str]) -> int:
    """Try every edit at every place: slow and plain."""
    if not a or not b:
        return len(a) + len(b)
    same = distance_by_recursion(a[1:], b[1:]) + (a[0] != b[0])
    return min(same, distance_by_recursion(a[1:], b) + 1, distance_by_recursion(a, b[1:]) + 1)


def test_the_distance_is_the_fewest_edits(rng: np.random.Generator) -> None:
    for n, m in product(range(5), range(5)):
        a, b = (list(rng.choice(["x", "y"], k)) for k in (n, m))
        assert edit_distance(a, b) == distance_by_recursion(a, b)


def test_a_group_is_pooled_not_averaged() -> None:
    groups = ["de", "en", "de"]
    references = ["ja", "yes", "eins zwei drei vier"]
    hypotheses = ["nein", *references[1:]]
    errors = [edit_distance(a.split(), b.split()) for a, b in zip(references, hypotheses, strict=True)]
    words = [len(text.split()) for text in references]
    assert rates_by_group(groups, errors, words) == {"de": pytest.approx(1 / 5), "en": 0.0}
    assert rates_by_group(["all"] * 3, errors, words)["all"] == pytest.approx(word_error_rate(references, hypotheses))


def test_tables_that_mean_nothing_are_refused(refuses) -> None:
    with refuses("1 groups, 2 counts of errors and 2 of words"):
        rates_by_group(["de"], [0, 0], [1, 1])
    with refuses("group 'fr'"):
        rates_by_group(["de", "fr"], [0, 1], [1, 0])
