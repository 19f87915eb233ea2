"""Hypotheses for overlapping windows of long texts: what a recogniser might have written, with random mistakes.

How real are they? Mistakes come alone and at random, in one word of nine; real ones come in clusters, where the sound
is difficult, and often the same in every window. What is real is the edge: a word cut in half is written as another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.asr.whisper.windows import window_starts
from audiocourse.sounds import sentence

LETTERS_PER_SECOND = 13.0
SUBSTITUTED = 0.07  # share of the words inside a window, as the next two
DELETED = 0.02
INSERTED = 0.02
EDGE_SECONDS = 0.8
SUBSTITUTED_AT_EDGE = 0.6  # share of the words this near to an edge


@dataclass(frozen=True)
class OverlappingHypotheses:
    """The ``words`` of a text, and the hypothesis for each of its ``windows``."""

    words: tuple[str, ...]
    windows: tuple[tuple[str, ...], ...]


def overlapping_hypotheses(
    rng: np.random.Generator, *, language: str, split: str, sentences: int = 9, window: float = 10.0, hop: float = 2.5
) -> OverlappingHypotheses:
    """Draw a long text, and what a recogniser might have written for each of its windows.

    Parameters
    ----------
    rng : np.random.Generator
        The random numbers.
    language : str
        One of `sounds.LANGUAGES`.
    split : str
        Of the sentences.
    sentences : int
        How many.
    window, hop : float
        Length of a window and distance between two, in seconds: with 10 and 2.5 s most words are in four windows.

    Returns
    -------
    OverlappingHypotheses
        The words of the text, and of the hypothesis for each window.

    Notebook: ex01_multilingual_asr
    """
    words = " ".join(sentence(rng, language, split=split).normal for _ in range(sentences)).split()
    ends = np.cumsum([(len(word) + 1) / LETTERS_PER_SECOND for word in words])
    edges = np.concatenate([[0.0], ends])
    starts = window_starts(round(100 * ends[-1]), window=round(100 * window), hop=round(100 * hop))
    hypotheses = (_hypothesis(rng, words, edges, (start / 100, start / 100 + window)) for start in starts)
    return OverlappingHypotheses(tuple(words), tuple(hypotheses))


def _hypothesis(
    rng: np.random.Generator, words: Sequence[str], edges: np.ndarray, window: tuple[float, float]
) -> tuple[str, ...]:
    """Draw the hypothesis for one window, with mistakes: words across an edge, or near one, are hard to recognise."""
    first, last = window
    hypothesis: list[str] = []
    for word, begin, end in zip(words, edges[:-1], edges[1:], strict=True):
        inside = word[_letter(word, begin, end, first) : _letter(word, begin, end, last)]
        if inside != word:
            hypothesis += [inside] if inside else []
            continue
        near_start = first > 0 and begin < first + EDGE_SECONDS
        near_end = last < edges[-1] and end > last - EDGE_SECONDS
        substituted = SUBSTITUTED_AT_EDGE if near_start or near_end else SUBSTITUTED
        chance = rng.random()
        if chance >= DELETED:
            hypothesis.append(_misspell(rng, word) if chance < DELETED + substituted else word)
        if rng.random() < INSERTED:
            hypothesis.append(words[int(rng.integers(len(words)))])
    return tuple(hypothesis)


def _letter(word: str, begin: float, end: float, time: float) -> int:
    """Count the letters of a word that are spoken before a time."""
    return round(len(word) * float(np.clip((time - begin) / (end - begin), 0, 1)))


def _misspell(rng: np.random.Generator, word: str) -> str:
    """Change a word by one letter: with another letter, without one, or with one more."""
    i = int(rng.integers(len(word)))
    letter = "aeiourstnl"[int(rng.integers(10))]
    letter = letter if letter != word[i] else "m"
    substitution = word[:i] + letter + word[i + 1 :]
    deletion = word[:i] + word[i + 1 :] or letter
    insertion = word[:i] + letter + word[i:]
    return (substitution, deletion, insertion)[int(rng.integers(3))]
