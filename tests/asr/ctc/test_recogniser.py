"""The recogniser on the bundled network: unseen voices, unseen sentences, word times, silence."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse import zoo
from audiocourse.asr.ctc.recogniser import CtcRecogniser
from audiocourse.asr.scoring import word_error_rate
from audiocourse.asr.utterances import LANGUAGES, SR, Utterance, grammar_language_model, letters, utterance


@pytest.fixture(scope="module")
def plain() -> CtcRecogniser:
    return CtcRecogniser(zoo.load("ctc-mini").model)


@pytest.fixture(scope="module")
def guided(plain: CtcRecogniser) -> CtcRecogniser:
    return CtcRecogniser(plain.model, grammar_language_model())


@pytest.fixture(scope="module")
def said() -> list[Utterance]:
    return [
        utterance(np.random.default_rng([31, number]), language=language, split="test")
        for number in range(4)
        for language in LANGUAGES
    ]


def test_it_understands_voices_and_sentences_it_never_heard(guided: CtcRecogniser, said: list[Utterance]) -> None:
    """20 utterances; the score board measures hundreds. A network with random weights is wrong in every word."""
    texts = [guided.text(one.y, SR) for one in said]
    assert word_error_rate([one.text for one in said], texts) < 0.1


def test_the_language_model_helps(plain: CtcRecogniser, guided: CtcRecogniser, said: list[Utterance]) -> None:
    alone, together = (
        word_error_rate([one.text for one in said], [hears.text(one.y, SR) for one in said])
        for hears in (plain, guided)
    )
    assert together < alone


def test_the_words_come_when_they_are_said(guided: CtcRecogniser, said: list[Utterance]) -> None:
    """CTC says a letter somewhere within it, so the ends of words are off by up to a letter or two."""
    off = []
    for one in said:
        heard = guided.words(one.y, SR)
        assert " ".join(word.label for word in heard) == guided.text(one.y, SR)
        if [word.label for word in heard] == one.text.split():
            off += [abs(a.start - b.start) for a, b in zip(heard, one.words, strict=True)]
    assert len(off) > 50
    assert np.median(off) < 0.08


def test_silence_has_no_words(plain: CtcRecogniser) -> None:
    for y in (np.zeros(SR, np.float32), np.full(SR, 1e-4, np.float32), np.zeros(300, np.float32)):
        assert plain.words(y, SR) == []


def test_the_model_of_letters_knows_words_and_all_symbols(plain: CtcRecogniser) -> None:
    model = grammar_language_model(order=4)
    assert set(plain.model.symbols[1:]) == set(letters()) <= set(model.tokens)
    assert model.log_probability("the teacher") > model.log_probability("the taecher") + 3


def test_other_rates_are_refused(plain: CtcRecogniser, refuses: Refuses) -> None:
    with refuses("16 000"):
        plain.words(np.ones(8_000, np.float32), 8_000)
