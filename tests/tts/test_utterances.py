"""Training texts, speakers and the pitch of phones."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.tts.text import PHONES, symbol_numbers
from audiocourse.tts.utterances import (
    english_speakers,
    frequent_words,
    held_out_sentences,
    phone_pitch,
    training_text,
    utterance,
    varied,
)


def test_no_family_is_in_both_splits_and_all_have_one_accent() -> None:
    train, held_out = (english_speakers(split=split) for split in ("train", "held-out"))
    assert not {speaker.family for speaker in train} & {speaker.family for speaker in held_out}
    assert {speaker.voice.partition("+")[0] for speaker in [*train, *held_out]} == {"en-us"}


def test_training_texts_never_contain_a_held_out_sentence() -> None:
    rng = np.random.default_rng(0)
    texts = {training_text(rng) for _ in range(400)}
    assert not texts & set(held_out_sentences())
    assert len(texts) > 380, "they differ"


def test_every_training_text_can_be_written_in_symbols() -> None:
    rng = np.random.default_rng(1)
    speaker = english_speakers(split="train")[0]
    for _ in range(40):
        symbols, durations = utterance(speaker, training_text(rng), seed=0).pronunciation
        assert len(symbol_numbers(symbols, PHONES)) == len(durations)


def test_words_are_listed_once() -> None:
    assert len(set(frequent_words())) == len(frequent_words()) > 700


@pytest.mark.parametrize("number", [0, 20, 45])
def test_the_pitch_of_phones_is_that_of_the_speaker(number: int) -> None:
    speaker = english_speakers(split="train")[number]
    pronounced = utterance(speaker, "Her mother ran along a long yellow wall.", seed=2)
    pitch = phone_pitch(pronounced)
    assert pitch.shape == (len(pronounced.pronunciation.symbols),)
    # a sentence has another melody than that of the table: within a fourth
    assert abs(12 * (np.median(pitch) - np.log2(speaker.f0 / 100))) < 5
    assert np.abs(np.diff(pitch)).max() < 1, "no octave errors"


def test_varied_speakers_differ_but_stay_in_range() -> None:
    speaker = english_speakers(split="train")[0]
    people = [varied(speaker, np.random.default_rng(seed)) for seed in range(20)]
    assert len({person.tract for person in people}) == 20
    assert all(0.8 <= person.tract <= 1.25 for person in people)
