"""Hypotheses of a recogniser that changes its mind, made by chance: for measuring when words can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from audiocourse.asr.streaming.agreement import TimedWord
from audiocourse.signal import require_positive

GuessedWord: TypeAlias = tuple[float, float, str, float]  # start, end, what it is taken for, and how sure that is

STEP = 0.4  # seconds from one hypothesis to the next
HARD = 0.10  # share of words that are understood late only
HOPELESS = 0.02  # share that never is
STICKY = 0.35  # how often a wrong guess is guessed again
SUREST = 0.99  # nothing is certain: the odds c / (1 − c) of every confidence are a number
_WORDS = (
    "the",
    "a",
    "to",
    "on",
    "off",
    "light",
    "door",
    "please",
    "turn",
    "open",
    "radio",
    "now",
    "kitchen",
    "warm",
    "window",
    "not",
    "seven",
    "nine",
)


@dataclass(frozen=True)
class UnsteadyStream:
    """What was said, and what was heard of it step by step.

    Parameters
    ----------
    words : list of (start, end, word)
        The truth, in seconds.
    hypotheses : list of (float, list of (start, end, word, confidence))
        After each step: how many seconds have been heard, and a guess at every word that has begun by then. Guess i is
        about word i; its confidence lies between 0.01 and 0.99.

    Notebook: ex10_realtime_asr
    """

    words: list[TimedWord]
    hypotheses: list[tuple[float, list[GuessedWord]]]


def unsteady_stream(rng: np.random.Generator, *, words: int = 40) -> UnsteadyStream:
    """Make a stream of words, and hypotheses about them that settle with time.

    A word is heard right from some moment after its end on: most within a few tenths of a second, hard ones after 0.7
    to 2 s, hopeless ones never. Before that moment it is taken for another word, after each step for a different one
    or, now and then, for the same again. Confidences are higher for what is right, with exceptions.

    How real is it? It has the three things that matter to whoever commits words: the end of a hypothesis is unsteady,
    some words stay wrong for a while, and confidence is a hint and no proof. Its numbers are chosen, not measured; a
    real recogniser also joins words, splits them and leaves some out, which this one never does.

    Parameters
    ----------
    rng : np.random.Generator
        Where chance comes from.
    words : int
        How many are said.

    Returns
    -------
    UnsteadyStream
        Words of 0.15 to 0.6 s with short pauses, and a hypothesis every 0.4 s, the last one a second after the end.

    Raises
    ------
    AudioCourseError
        If the number of words is no positive whole number.

    Notebook: ex10_realtime_asr
    """
    require_positive(words=words)
    truth = _said(rng, words)
    ends = np.array([end for _, end, _ in truth])
    times = np.round(STEP * np.arange(1, 2 + int((ends[-1] + 1) / STEP)), 3)
    right = times[:, None] >= ends + _delays(rng, words)
    sure = np.where(right, rng.beta(9, 2, right.shape), rng.beta(5, 4, right.shape))
    sure = np.clip(sure, 1 - SUREST, SUREST)
    mistaken = _mistakes(rng, [word for *_, word in truth], steps=times.size)
    hypotheses = []
    for step, now in enumerate(times):
        guesses = [
            (start, min(end, float(now)), word if right[step, i] else mistaken[step][i], round(float(sure[step, i]), 2))
            for i, (start, end, word) in enumerate(truth)
            if start < now
        ]
        hypotheses.append((float(now), guesses))
    return UnsteadyStream(truth, hypotheses)


def _mistakes(rng: np.random.Generator, truth: list[str], *, steps: int) -> list[list[str]]:
    """Draw what each word is taken for after each step: another word; some mistakes are made again."""
    shape = (steps, len(truth))
    further = rng.integers(1, len(_WORDS), size=shape)  # how far down the list: never as far as the word itself again
    again = rng.random(shape) < STICKY
    for step in range(1, steps):
        further[step] = np.where(again[step], further[step - 1], further[step])
    places = (np.array([_WORDS.index(word) for word in truth]) + further) % len(_WORDS)
    return [[_WORDS[place] for place in row] for row in places]


def _said(rng: np.random.Generator, words: int) -> list[TimedWord]:
    lengths, pauses = rng.uniform(0.15, 0.6, words), rng.uniform(0.02, 0.25, words)
    starts = np.cumsum(lengths + pauses) - lengths
    return [
        (round(float(start), 2), round(float(start + length), 2), str(rng.choice(_WORDS)))
        for start, length in zip(starts, lengths, strict=True)
    ]


def _delays(rng: np.random.Generator, words: int) -> np.ndarray:
    """Draw how long after its end each word is understood, in seconds."""
    fate = rng.random(words)
    easy, hard = rng.exponential(0.15, words), rng.uniform(0.7, 2.0, words)
    return np.where(fate < HOPELESS, np.inf, np.where(fate < HOPELESS + HARD, hard, easy))
