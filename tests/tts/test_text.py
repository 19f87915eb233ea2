"""Phones, pauses and their frames."""

from __future__ import annotations

import time

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.sounds import say
from audiocourse.tts.mel import log_mel
from audiocourse.tts.text import (
    PHONES,
    STRESS,
    aligned_phonemes,
    intervals_of,
    phonemes,
    sentences,
    symbol_numbers,
)
from audiocourse.tts.utterances import frequent_words, held_out_sentences


def test_durations_add_up_to_the_frames_and_lie_on_the_phones() -> None:
    speech = say("Well, three wet geese sneezed.")
    symbols, durations = pronounced = aligned_phonemes(speech)
    assert durations.sum() == log_mel(speech.y, speech.sr).values.shape[1]
    assert durations.min() >= 0
    assert symbols[-1] == "." and "," in symbols
    frame = 256 / 16_000
    vowels = [each for each in intervals_of(pronounced) if each.label == "ˈiː"]
    true = [each for each in speech.phones if each.label == "ˈiː"]
    for ours, theirs in zip(vowels, true, strict=True):
        assert abs(ours.start - theirs.start) <= frame and abs(ours.end - theirs.end) <= frame


@pytest.mark.parametrize(
    ("text", "end"), [("You are here.", "."), ("You are here?", "?"), ("Here!", "!"), ("Here", ".")]
)
def test_the_last_symbol_says_how_the_sentence_ends(text: str, end: str) -> None:
    assert phonemes(text)[-1] == end


def test_homographs_and_spelling_do_not_matter() -> None:
    assert phonemes("New knight.") == phonemes("Knew night.")


def test_the_inventory_covers_frequent_words_and_held_out_sentences() -> None:
    texts = [*held_out_sentences(), " ".join(frequent_words()[::3])]
    bare = {symbol.lstrip("".join(STRESS)) for text in texts for symbol in phonemes(text)}
    assert bare <= set(PHONES)


def test_stress_and_phone_are_counted_apart() -> None:
    plain, secondary, primary = (int(symbol_numbers([mark + "oʊ"], PHONES)[0]) for mark in ("", "ˌ", "ˈ"))
    assert (secondary, primary) == (plain + 1, plain + 2)
    numbers = symbol_numbers(list(PHONES), PHONES)
    assert len(set(numbers.tolist())) == len(PHONES) and numbers.min() >= 1, "0 is padding"


def test_a_foreign_phone_is_named() -> None:
    with pytest.raises(AudioCourseError, match="ʁ"):
        symbol_numbers(["ʁ", "t"], PHONES)


def held_out_sentences_are_split_after_their_marks() -> None:
    assert sentences("Is it? Yes! ... It is.") == ["Is it?", "Yes! ...", "It is."]
    assert sentences("no mark") == ["no mark"]


@pytest.mark.parametrize("text", ["", "  ", "...", "?!"])
def test_nothing_to_say(text: str) -> None:
    with pytest.raises(AudioCourseError, match="nothing to say"):
        sentences(text)


def test_long_texts_are_split_fast_and_too_long_ones_refused() -> None:
    begin = time.perf_counter()
    assert len(sentences("So it is. " * 499)) == 499
    assert time.perf_counter() - begin < 0.5
    with pytest.raises(AudioCourseError, match="5,000"):
        sentences("a" * 5_001)


def test_no_two_symbols_share_a_number_in_a_sentence() -> None:
    symbols = phonemes("The judge measured a large orange church.")
    numbers = symbol_numbers(symbols, PHONES)
    assert len(set(zip(symbols, numbers.tolist(), strict=True))) == len(set(symbols)) == len(np.unique(numbers))
