"""Texts: many, in a known alphabet, and never the same in two splits."""

import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from audiocourse.sounds import say
from audiocourse.sounds.speech.grammars import load_grammar
from audiocourse.sounds.speech.texts import (
    LANGUAGES,
    SPLITS,
    Text,
    alphabet,
    command,
    digit_names,
    digits,
    normal_form,
    sentence,
    sentence_count,
    text_of,
)

EACH = pytest.mark.parametrize("language", LANGUAGES)
MAKERS: dict[str, Callable[..., Text]] = {
    "sentence": sentence,
    "command": command,
    "digits": lambda rng, language, **k: digits(rng, 4, language=language, **k),
}


@EACH
def test_more_than_a_million_sentences(language: str) -> None:
    """The count, and that draws collide as seldom as from so many: the birthday problem over one pattern in three."""
    assert sentence_count(language) > 1_000_000
    rng = np.random.default_rng(1)
    drawn = [sentence(rng, language).text for _ in range(2000)]
    assert len(set(drawn)) >= 1995  # 2000² / 2 / 3 million = 0.7 pairs expected


@EACH
@pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))
def test_splits_share_no_text(make: Callable[..., Text], language: str) -> None:
    rng = np.random.default_rng(2)
    found = {split: {make(rng, language, split=split).normal for _ in range(100)} for split in SPLITS}
    assert not found["train"] & found["test"]
    assert not found["train"] & found["validation"]
    assert not found["validation"] & found["test"]
    assert all(text_of(normal, language).split == split for split in SPLITS for normal in found[split])


def test_eight_in_ten_are_for_training() -> None:
    rng = np.random.default_rng(3)
    splits = [sentence(rng, "en").split for _ in range(3000)]
    shares = [splits.count(split) / 3000 for split in SPLITS]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.03)  # three standard deviations are 0.022


def test_the_split_does_not_hang_on_case_or_punctuation() -> None:
    assert text_of("Good morning!", "en").split == text_of("good  morning", "en").split


@EACH
@pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))
def test_the_normal_form_is_over_the_alphabet(make: Callable[..., Text], language: str) -> None:
    rng = np.random.default_rng(4)
    allowed = set(alphabet(language))
    for _ in range(300):
        text = make(rng, language)
        assert set(text.normal) <= allowed
        assert text.normal == text.normal.strip() == " ".join(text.normal.split())
        assert text.language == language


@EACH
def test_sentences_begin_with_a_capital_and_end(language: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        text = sentence(rng, language).text
        assert text.lstrip("¿")[0].isupper()
        assert text[-1] in ".?"
        assert (text[-1] == "?") == text.startswith("¿") or language != "es"


@EACH
def test_verbs_agree_with_their_subject(language: str) -> None:
    """Of each subject and verb only the form of the right number ever comes together."""
    words = load_grammar(language)
    rng = np.random.default_rng(6)
    forms = [(singular, plural) for singular, plural in words.verbs if singular != plural]
    wrong = {subject: {plural for _, plural in forms} for subject in words.singular}
    wrong |= {subject: {singular for singular, _ in forms} for subject in words.plural}
    for _ in range(300):
        text = sentence(rng, language)
        if language == "en" and text.text.startswith(("Do ", "Does ")):
            continue  # there the verb has one form, and the auxiliary agrees
        subject = max((name for name in wrong if f" {name.lower()} " in f" {text.normal} "), key=len)
        assert not wrong[subject] & set(text.normal.split()), text.text


def test_english_questions_agree_by_their_auxiliary() -> None:
    rng = np.random.default_rng(7)
    questions = [text for _ in range(300) if (text := sentence(rng, "en").text).endswith("?")]
    assert questions
    plural = load_grammar("en").plural
    for question in questions:
        assert question.startswith("Do ") == any(question.startswith(f"Do {subject} ") for subject in plural)


@EACH
def test_ten_digits(language: str) -> None:
    names = digit_names(language)
    assert len(set(names)) == 10
    assert all(normal_form(name, language) == name for name in names)
    spoken = {word for _ in range(60) for word in digits(np.random.default_rng(_), 5, language=language).normal.split()}
    assert spoken == set(names)


@EACH
def test_a_voice_can_say_each_of_its_characters(language: str) -> None:
    """Nothing is spelt out or skipped: a sentence has about as many words spoken as written."""
    rng = np.random.default_rng(8)
    voice = {"en": "en-us"}.get(language, language)
    for _ in range(5):
        text = sentence(rng, language)
        spoken = " ".join(word.label for word in say(text.text, voice=voice).words)
        assert normal_form(spoken.replace("-", " "), language).replace(" ", "") == text.normal.replace(" ", "")


def test_normal_form() -> None:
    assert normal_form("  ¿Dónde está el Río?  ", "es") == "dónde está el río"
    assert normal_form("L’été, «déjà»!", "fr") == "l'été déjà"
    assert normal_form("GROSSE STRAẞE", "de") == "grosse straße"
    assert normal_form("Twenty-one", "en") == "twenty one"
    assert normal_form(unicodedata.normalize("NFD", "L’été, «déjà»!"), "fr") == "l'été déjà"


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda rng: sentence(rng, "xx"), ("language 'xx'", "en")),
        (lambda rng: sentence(rng, split="dev"), ("split 'dev'",)),
        (lambda _rng: sentence(7), ("default_rng",)),
        (lambda _rng: command(7), ("default_rng",)),
        (lambda rng: command(rng, None), ("language None",)),
        (lambda rng: digits(rng, 0), ("n is 0",)),
        (lambda rng: digits(rng, True), ("n is True",)),
        (lambda rng: digits(rng, 2, split="test"), ("3 or more",)),
        (lambda rng: digits(rng, 3, split="dev"), ("split 'dev'",)),
        (lambda _rng: normal_form("24 dogs", "en"), ("'2'", "write numbers as words")),
        (lambda _rng: normal_form("mañana", "en"), ("'ñ'", "English")),
        (lambda _rng: normal_form("?!", "en"), ("no word",)),
        (lambda _rng: sentence_count("xx"), ("language 'xx'",)),
    ],
)
def test_refusals(
    ask: Callable[[np.random.Generator], object], words: tuple[str, ...], rng: np.random.Generator, refuses: Any
) -> None:
    with refuses(*words):
        ask(rng)
