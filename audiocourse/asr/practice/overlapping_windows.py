"""What a recogniser would have written: long texts, heard in overlapping windows, with its mistakes put in by chance.

How real are they? Mistakes come alone and by chance, in one word of nine; real ones come in clusters, where the sound
is difficult, and often the same in every window. What is real is the edge: a word cut in half is written as another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.asr.whisper.windows import window_starts
from audiocourse.sounds import sentence

LETTERS_A_SECOND = 13.0
WRONG, LEFT_OUT, MADE_UP = 0.07, 0.02, 0.02  # shares of the words inside a window
EDGE, WRONG_AT_EDGE = 0.8, 0.6  # seconds; share of wrong words this near to an edge


@dataclass(frozen=True)
class Misheard:
    """A text and what was written about it: ``words`` said, and the words of each of its ``windows``."""

    words: tuple[str, ...]
    windows: tuple[tuple[str, ...], ...]


def misheard(
    rng: np.random.Generator, *, language: str, split: str, sentences: int = 9, window: float = 10.0, hop: float = 2.5
) -> Misheard:
    """Make a long text and what a recogniser may have written about its windows.

    Parameters
    ----------
    rng : np.random.Generator
        Where chance comes from.
    language : str
        One of `sounds.LANGUAGES`.
    split : str
        Of the sentences.
    sentences : int
        How many.
    window, hop : float
        Length of a window and distance between two, in seconds: with 10 and 2.5 s most words are heard four times.

    Returns
    -------
    Misheard
        The words said, and those written about each window.

    Notebook: ex01_multilingual_asr
    """
    words = " ".join(sentence(rng, language, split=split).normal for _ in range(sentences)).split()
    ends = np.cumsum([(len(word) + 1) / LETTERS_A_SECOND for word in words])
    edges = np.concatenate([[0.0], ends])
    starts = window_starts(round(100 * ends[-1]), window=round(100 * window), hop=round(100 * hop))
    heard = (_heard(rng, words, edges, (start / 100, start / 100 + window)) for start in starts)
    return Misheard(tuple(words), tuple(heard))


def _heard(
    rng: np.random.Generator, words: Sequence[str], edges: np.ndarray, span: tuple[float, float]
) -> tuple[str, ...]:
    """Write down one window, with mistakes: what lies across an edge, or near one, is hard to make out."""
    first, last = span
    cut = (first > 0, last < edges[-1])
    written: list[str] = []
    for word, begin, end in zip(words, edges[:-1], edges[1:], strict=True):
        inside = word[_letter(word, begin, end, first) : _letter(word, begin, end, last)]
        if inside != word:
            written += [inside] if inside else []
            continue
        near = (cut[0] and begin < first + EDGE) or (cut[1] and end > last - EDGE)
        wrong, chance = WRONG_AT_EDGE if near else WRONG, rng.random()
        if chance >= LEFT_OUT:
            written.append(_like(rng, word) if chance < LEFT_OUT + wrong else word)
        if rng.random() < MADE_UP:
            written.append(words[int(rng.integers(len(words)))])
    return tuple(written)


def _letter(word: str, begin: float, end: float, time: float) -> int:
    """Say how many letters of a word are spoken before a time."""
    return round(len(word) * float(np.clip((time - begin) / (end - begin), 0, 1)))


def _like(rng: np.random.Generator, word: str) -> str:
    """Write a word wrongly: with another letter, without one, or with one more."""
    at, letter = int(rng.integers(len(word))), "aeiourstnl"[int(rng.integers(10))]
    letter = letter if letter != word[at] else "m"
    kinds = (word[:at] + letter + word[at + 1 :], word[:at] + word[at + 1 :] or letter, word[:at] + letter + word[at:])
    return kinds[int(rng.integers(3))]
