"""Error rates beside jiwer's."""

from __future__ import annotations

import jiwer
import numpy as np

from audiocourse.asr import scoring as ours

WORDS = ["the", "a", "cat", "dog", "sat", "on", "mat", "élan", "naïve", "two"]


def texts(rng: np.random.Generator, count: int) -> list[str]:
    return [" ".join(rng.choice(WORDS, rng.integers(1, 12))) for _ in range(count)]


def pairs() -> tuple[list[str], list[str]]:
    """Unrelated texts, and texts with a few words changed, left out or doubled."""
    rng = np.random.default_rng(3)
    references = texts(rng, 200)
    near = []
    for text in references[100:]:
        words = [str(rng.choice(WORDS)) if rng.random() < 0.2 else word for word in text.split()]
        near.append(" ".join(word for word in words for _ in range(rng.choice(3, p=[0.1, 0.8, 0.1]))))
    return references, [*texts(rng, 100), *near]


def corpus_word_rate() -> float:
    references, hypotheses = pairs()
    return abs(ours.word_error_rate(references, hypotheses) - jiwer.wer(references, hypotheses))


def corpus_character_rate() -> float:
    references, hypotheses = pairs()
    return abs(ours.character_error_rate(references, hypotheses) - jiwer.cer(references, hypotheses))


def differing_totals() -> float:
    """Texts whose S + D + I, or D − I, is another: the split may differ where several alignments are as cheap."""
    differing = 0
    for reference, hypothesis in zip(*pairs(), strict=True):
        for count, peer in (
            (ours.word_errors, jiwer.process_words),
            (ours.character_errors, jiwer.process_characters),
        ):
            mine, theirs = count(reference, hypothesis), peer(reference, hypothesis)
            differing += mine.errors != theirs.substitutions + theirs.deletions + theirs.insertions
            differing += mine.deletions - mine.insertions != theirs.deletions - theirs.insertions
    return float(differing)


PEERS = [
    ("word_error_rate", "jiwer.wer", 1e-12, "errors a word", corpus_word_rate),
    ("character_error_rate", "jiwer.cer", 1e-12, "errors a character", corpus_character_rate),
    ("count_errors", "jiwer.process_words, process_characters", 0.0, "of 400 texts", differing_totals),
]
