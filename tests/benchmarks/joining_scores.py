"""The bands of the open task of exercise 1: who reaches which, on a hundred grading seeds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from audiocourse.asr.practice.overlapping_windows import OverlappingHypotheses, overlapping_hypotheses
from audiocourse.asr.whisper.windows import stitch_words
from audiocourse.course import course_root, load_course
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.learn.checking.runner import rng_for
from audiocourse.teach.build import solution_of
from audiocourse.teach.prove import answers_with

SEEDS = 100
Windows = Sequence[Sequence[str]]
Join = Callable[[Windows], Sequence[str]]
checks = load_by_path(course_root() / "tests" / "exercises" / "ex01_multilingual_asr" / "checks.py")


def stitched(windows: Windows) -> list[str]:
    """Join each window to the text before at their longest common run."""
    text: list[str] = []
    for words in windows:
        text = stitch_words(text, words)
    return text


def ladder() -> dict[str, Join]:
    """Return one answer for each band; voting is the solution in which an edge counts like any other place."""
    task = load_course().find_task("join_windows")
    solution = solution_of(task)
    voting = solution
    for idea, without in (("] = 0.25", "] = 1.0"), ("1.0 if alike", "-0.5 if alike")):
        assert idea in voting, f"the solution no longer says {idea!r}"
        voting = voting.replace(idea, without)
    return {
        "one window after the other": lambda windows: list(itertools.chain(*windows)),
        "stitching": stitched,
        "voting": answers_with(task, voting)["join_windows"],
        "solution": answers_with(task, solution)["join_windows"],
    }


def practice_texts() -> list[OverlappingHypotheses]:
    """Make the practice texts of the notebook."""
    return [
        overlapping_hypotheses(np.random.default_rng([3, k]), language=language, split="train")
        for k, language in enumerate(LANGUAGES)
    ]


def graded_texts(seed: int) -> Sequence[OverlappingHypotheses]:
    """Make the texts that the checks use with a grading seed."""
    rng = rng_for(seed, "join_windows", "bands")
    texts: Sequence[OverlappingHypotheses] = checks.unseen_texts(int(rng.integers(2**31)))
    return texts


LANGUAGES: Sequence[str] = checks.LANGUAGES


def word_error_rate(join: Join, texts: Sequence[OverlappingHypotheses]) -> float:
    """Return the share of wrong words over all texts."""
    wrong = sum(Levenshtein.distance(text.words, join([list(window) for window in text.windows])) for text in texts)
    return float(wrong / sum(len(text.words) for text in texts))


def band_of(rate: float) -> int:
    """Return the band that a word error rate reaches; 0 is none."""
    return max((band for band, most in checks.BANDS.items() if rate <= most), default=0)


@dataclass(frozen=True)
class Answer:
    """Word error rates of one answer: on the practice texts, and with each grading seed."""

    practice: float
    graded: np.ndarray

    def row(self, name: str) -> str:
        """Write a line of the table."""
        bands = np.array([band_of(rate) for rate in self.graded])
        near = np.mean(np.abs(bands - band_of(self.practice)) <= 1)
        reached = " ".join(f"{100 * np.mean(bands == band):5.0f}" for band in range(4))
        low, high = 100 * self.graded.min(), 100 * self.graded.max()
        mean = 100 * self.graded.mean()
        return f"{name:<28}{100 * self.practice:8.1f}{mean:8.1f}{low:8.1f}{high:8.1f}   {reached}{100 * near:8.0f}"


def measured(seeds: Sequence[int]) -> dict[str, Answer]:
    """Measure every answer, seed by seed."""
    answers = ladder()
    rates: dict[str, list[float]] = {name: [] for name in answers}
    for seed in seeds:
        texts = graded_texts(seed)
        for name, join in answers.items():
            rates[name].append(word_error_rate(join, texts))
    texts = practice_texts()
    return {name: Answer(word_error_rate(join, texts), np.array(rates[name])) for name, join in answers.items()}


def tables(data: Path | None, *, seeds: int = SEEDS) -> Iterator[str]:  # noqa: ARG001 (every board takes a folder)
    """Yield the table.

    Parameters
    ----------
    data : Path or None
        Not needed: all texts are synthetic.
    seeds : int
        How many grading seeds.
    """
    sets = f"{seeds} grading seeds, {len(LANGUAGES)} texts each"
    lines = [f"Exercise 1, open task (synthetic): word error rates in %; {sets}"]
    lines.append(f"{'':<28}{'':>8}{'graded':>8}{'':>16}   {'% of the seeds in band':<23}{'within one':>8}")
    head = f"{'answer':<28}{'practice':>8}{'mean':>8}{'least':>8}{'most':>8}"
    lines.append(f"{head}       0     1     2     3 of practice")
    yield "\n".join([*lines, *(answer.row(name) for name, answer in measured(range(1, seeds + 1)).items())])
