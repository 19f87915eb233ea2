"""Made utterances: true words, people and sentences that training never meets, and variety."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.asr.utterances import HELD_OUT, LANGUAGES, SR, utterance, varied_utterance
from audiocourse.sounds import speakers


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_and_times_are_those_of_the_sound(language: str) -> None:
    for number in range(4):
        one = utterance(np.random.default_rng([3, number]), language=language)
        assert [word.label for word in one.words] == one.text.split()
        assert one.words[-1].end <= one.y.size / SR
        assert all(before.end <= after.start + 1e-9 for before, after in zip(one.words, one.words[1:], strict=False))
        loud = [np.std(one.y[round(SR * word.start) : round(SR * word.end)]) for word in one.words]
        assert min(loud) > 1e-3, "a word is silent, so its times are wrong"


def test_people_and_sentences_of_the_test_are_new() -> None:
    train, test = (
        [utterance(np.random.default_rng([5, number]), language="en", split=split) for number in range(30)]
        for split in ("train", "test")
    )
    assert not {one.text for one in train} & {one.text for one in test}
    assert not {one.speaker.family for one in train} & {one.speaker.family for one in test}
    assert len([one for one in speakers("en") if one.split in HELD_OUT]) == 30


def test_it_is_the_same_each_time_and_another_with_another_seed() -> None:
    (first, text), (again, _), (other, _) = (
        varied_utterance(np.random.default_rng(seed), language="it") for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert first.size != other.size
    assert text


def test_training_holds_two_utterances_and_none_at_all_at_times() -> None:
    texts = [varied_utterance(np.random.default_rng([7, number]), language="fr")[1] for number in range(60)]
    assert 1 <= texts.count("") <= 6, "one in thirty"
    assert max(len(text.split()) for text in texts) > 14, "two at once"


def test_an_unknown_language(refuses: Refuses) -> None:
    with refuses("'xx'", "language"):
        utterance(np.random.default_rng(1), language="xx")
    with refuses("'validation'", "split"):
        utterance(np.random.default_rng(1), language="de", split="validation")
