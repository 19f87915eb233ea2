"""Numbers in words: the words read back give the number, and espeak-ng reads digits with the same phones."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses
from hypothesis import given
from hypothesis import strategies as st

from audiocourse.sounds import say
from audiocourse.tts.numbers import spell_digits, spell_number, spell_numeral, spell_ordinal, spell_year

SMALL = {spell_number(n): n for n in range(20)} | {spell_number(n): n for n in range(20, 100, 10)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def read_back(words: str) -> int:
    """Evaluate number words by another algorithm than the one that wrote them."""
    total = group = 0
    for word in words.removeprefix("minus ").replace("-", " ").split():
        if word == "hundred":
            group *= 100
        elif word in SCALES:
            total += group * SCALES[word]
            group = 0
        else:
            group += SMALL[word]
    return -(total + group) if words.startswith("minus ") else total + group


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_words_read_back_give_the_number(n: int) -> None:
    assert read_back(spell_number(n)) == n


@pytest.mark.parametrize("n", [0, 7, 13, 20, 42, 100, 101, 110, 999, 1000, 1234, 20_005, 100_000, 1_000_107])
def test_espeak_reads_the_digits_with_the_same_phones(n: int) -> None:
    """Stress marks aside, since espeak-ng weakens "hundred" in digits."""
    assert phones(str(n)) == phones(spell_number(n))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 9, 11, 12, 20, 21, 30])
def test_espeak_reads_ordinals_with_the_same_phones(n: int) -> None:
    ending = "th" if n // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    assert phones(f"{n}{ending}") == phones(spell_ordinal(n))


def phones(text: str) -> str:
    labels = "".join(phone.label for phone in say(text).phones)
    return labels.translate({ord("ˈ"): None, ord("ˌ"): None, ord("ᵻ"): "ɪ"})  # two signs for the same weak vowel


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (800, "eight hundred"),
        (1066, "ten sixty-six"),
        (1900, "nineteen hundred"),
        (1905, "nineteen oh five"),
        (1999, "nineteen ninety-nine"),
        (2000, "two thousand"),
        (2009, "two thousand nine"),
        (2010, "twenty ten"),
    ],
)
def test_years(year: int, words: str) -> None:
    assert spell_year(year) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("0.5", "zero point five"),
        ("10.05", "ten point zero five"),
        ("1,234,567", "one million two hundred thirty-four thousand five hundred sixty-seven"),
        ("007", "zero zero seven"),
        ("1" * 16, " ".join(["one"] * 16)),
        ("00", "zero zero"),
    ],
)
def test_numerals(written: str, words: str) -> None:
    assert spell_numeral(written) == words


def test_digits() -> None:
    assert spell_digits("4-0 9") == "four zero nine"


def test_bad_numbers(refuses: Refuses) -> None:
    for bad in (1.0, True, "1", np.float32(1)):
        with refuses("whole number"):
            spell_number(bad)
    with refuses("16 digits"):
        spell_number(10**15)
    for year in (0, 10_000, True):
        with refuses("is not a year"):
            spell_year(year)
