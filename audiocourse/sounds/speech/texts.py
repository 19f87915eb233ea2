"""Texts to speak: digits, commands and sentences in nine languages, generated from small grammars.

No two texts of different splits have the same words: the split of a text is a function of the text itself.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from string import Formatter, ascii_lowercase
from typing import TypeVar

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_choice, require_rng
from audiocourse.sounds.speech.grammars import LANGUAGE_TABLE, Grammar, load_grammar

LANGUAGES = {code: language.name for code, language in LANGUAGE_TABLE.items()}
SPLITS = ("train", "validation", "test")

Entry = TypeVar("Entry")

_TRAIN = 205  # of 256 values of a byte: 80 % train
_VALIDATION = 230  # 10 % validation; the rest is the test set
_MAX_DIGITS = 20
_PUNCTUATION = str.maketrans("’-", "' ", '.,:;!?¿¡…“”„«»"')  # apostrophe to plain, hyphen to blank, the rest left out


@dataclass(frozen=True)
class Text:
    """A text to speak.

    Parameters
    ----------
    text : str
        As it is written.
    normal : str
        In normal form: the reference of a recogniser.
    language : str
        Its code, one of `LANGUAGES`.
    split : str
        train, validation or test: a function of the normal form.
    """

    text: str
    normal: str
    language: str
    split: str


def digit_names(language: str = "en") -> tuple[str, ...]:
    """Return the words for 0 to 9, in normal form.

    Examples
    --------
    >>> digit_names("de")[:3]
    ('null', 'eins', 'zwei')
    """
    return _grammar(language).digits


def digits(rng: np.random.Generator, n: int, *, language: str = "en", split: str | None = None) -> Text:
    """Draw a number, digit by digit.

    Each of the n digits is 0 to 9 with the same probability.

    Parameters
    ----------
    rng : np.random.Generator
        Source of randomness.
    n : int
        Number of digits, 1 to 20.
    language : str
        One of `LANGUAGES`.
    split : str, optional
        train, validation or test, for n ≥ 3: with fewer digits there are too few numbers to split.

    Returns
    -------
    Text
        Such as "three seven one".

    Raises
    ------
    AudioCourseError
        If n, language or split is not possible.

    Examples
    --------
    >>> len(digits(np.random.default_rng(1), 4).normal.split())
    4
    """
    require_rng(rng)
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not 1 <= n <= _MAX_DIGITS:
        raise AudioCourseError(f"n is {n!r}, but a number has 1 to {_MAX_DIGITS} digits here: pass a whole number.")
    if split is not None and n < 3:
        raise AudioCourseError(f"{n} digit(s) make too few numbers to split: ask for 3 or more, or pass no split.")
    names = digit_names(language)
    while True:
        text = text_of(" ".join(names[digit] for digit in rng.integers(10, size=n)), language)
        if _belongs(text, split):
            return text


def command(rng: np.random.Generator, language: str = "en", *, split: str | None = None) -> Text:
    """Draw a command to a smart speaker, such as "turn off the radio".

    One of five templates, then for each of its groups one of the alternatives, all with the same probability.

    Parameters
    ----------
    rng : np.random.Generator
        Source of randomness.
    language : str
        One of `LANGUAGES`.
    split : str, optional
        train, validation or test. There are about 200 commands per language, so they soon repeat within a split.

    Returns
    -------
    Text
        The command.

    Raises
    ------
    AudioCourseError
        If language or split is unknown.

    Examples
    --------
    >>> command(np.random.default_rng(1)).normal
    'play quiet piano music upstairs'
    """
    commands = _grammar(language).commands
    require_rng(rng)
    while True:
        parts = [part if isinstance(part, str) else _draw(rng, part) for part in _draw(rng, commands)]
        text = text_of(f"{' '.join(parts)}.", language)
        if _belongs(text, split):
            return text


def sentence(rng: np.random.Generator, language: str = "en", *, split: str | None = None) -> Text:
    """Draw an everyday sentence: who does what, where and when.

    One of three patterns (a statement, one that begins with the time, a question), with each part from its list.

    How real is it? The grammar is right and the words are common, but there are some 165 of them, what happens is often
    odd ("The baker hides nine plates under the big tree at noon."), and no one hesitates. A recogniser trained on it
    knows no other word.

    Parameters
    ----------
    rng : np.random.Generator
        Source of randomness.
    language : str
        One of `LANGUAGES`.
    split : str, optional
        train, validation or test: sentences of different splits never have the same words in the same order.

    Returns
    -------
    Text
        One of `sentence_count` sentences.

    Raises
    ------
    AudioCourseError
        If language or split is unknown.

    Examples
    --------
    >>> sentence(np.random.default_rng(1), split="test").split
    'test'
    """
    grammar = _grammar(language)
    require_rng(rng)
    while True:
        text = text_of(_sentence(rng, grammar), language)
        if _belongs(text, split):
            return text


def sentence_count(language: str) -> int:
    """Count the different sentences of a grammar: Σ over the patterns of the product of the lengths of their lists.

    Examples
    --------
    >>> min(sentence_count(language) for language in LANGUAGES) > 1_000_000
    True
    """
    grammar = _grammar(language)
    counts = {name: len(entries) for name, entries in grammar.phrases.items()}
    counts |= {"subject": len(grammar.subjects), "verb": len(grammar.verbs), "plural": len(grammar.verbs), "do": 1}
    return sum(prod(counts[name] for name in _names(pattern)) for pattern in grammar.patterns)


def alphabet(language: str) -> str:
    """List the characters of the normal form of a language.

    The blank, a to z, and the language's own: letters with accents, an apostrophe.

    Parameters
    ----------
    language : str
        One of `LANGUAGES`.

    Returns
    -------
    str
        Each once.

    Raises
    ------
    AudioCourseError
        If the language is unknown.

    Examples
    --------
    >>> alphabet("de")
    ' abcdefghijklmnopqrstuvwxyzäöüß'
    """
    letters = LANGUAGE_TABLE[require_choice("language", language, LANGUAGES)].letters
    return f" {ascii_lowercase}{letters}"


def normal_form(text: str, language: str) -> str:
    """Normalise a text: lower case, one space between words, no punctuation or hyphens.

    Accents may be stored either way (NFC, or NFD as macOS and some editors do).

    Parameters
    ----------
    text : str
        Words of that language. Numbers must be written out: "24" is read differently in each language.
    language : str
        One of `LANGUAGES`.

    Returns
    -------
    str
        The text over its `alphabet`.

    Raises
    ------
    AudioCourseError
        If the language is unknown, or the text is empty or contains another character.

    Examples
    --------
    >>> normal_form("Où est l’école?", "fr")
    "où est l'école"
    """
    allowed = alphabet(language)
    composed = unicodedata.normalize("NFC", text)  # however the editor or file system stored an accent
    normal = " ".join(composed.lower().translate(_PUNCTUATION).split())
    unknown = sorted(set(normal) - set(allowed))
    if unknown:
        raise AudioCourseError(
            f"{unknown[0]!r} in {text!r} is not in the alphabet of {LANGUAGES[language]}: write numbers as words, and "
            "leave out other signs."
        )
    if not normal:
        raise AudioCourseError(f"There is no word in {text!r}: pass at least one.")
    return normal


def text_of(text: str, language: str) -> Text:
    """Wrap a text with its normal form and its split.

    The split follows from the first byte of the SHA-256 of language and normal form: 80 % train, 10 % validation, 10 %
    test.

    Examples
    --------
    >>> text_of("Good morning!", "en").normal
    'good morning'
    """
    normal = normal_form(text, language)
    byte = sha256(f"{language} {normal}".encode()).digest()[0]
    split = SPLITS[(byte >= _TRAIN) + (byte >= _VALIDATION)]
    return Text(text, normal, language, split)


def _grammar(language: str) -> Grammar:
    """Load the grammar of a language."""
    return load_grammar(require_choice("language", language, LANGUAGES))


def _draw(rng: np.random.Generator, entries: Sequence[Entry]) -> Entry:
    """Draw one of the entries."""
    return entries[int(rng.integers(len(entries)))]


def _sentence(rng: np.random.Generator, grammar: Grammar) -> str:
    """Fill in one of the patterns: the verb follows the number of the subject."""
    subject = _draw(rng, grammar.subjects)
    is_plural = subject in grammar.plural
    singular, plural = _draw(rng, grammar.verbs)
    words = {name: _draw(rng, entries) for name, entries in grammar.phrases.items()}
    words |= {
        "subject": subject,
        "verb": plural if is_plural else singular,
        "plural": plural,
        "do": "do" if is_plural else "does",
    }
    text = _draw(rng, grammar.patterns).format(**words)
    first = next(index for index, character in enumerate(text) if character.isalpha())  # Spanish questions begin with ¿
    return text[:first] + text[first].upper() + text[first + 1 :]


def _names(pattern: str) -> set[str]:
    """List the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def _belongs(text: Text, split: str | None) -> bool:
    """Return whether a text is in the split."""
    return split is None or text.split == require_choice("split", split, SPLITS)
