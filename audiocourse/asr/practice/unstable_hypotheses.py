"""Random hypotheses of a recogniser that changes its mind: for measuring when words can be committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from audiocourse.asr.streaming.agreement import TimedWord
from audiocourse.require import require_positive

ScoredWord: TypeAlias = tuple[float, float, str, float]  # start, end, hypothesis, confidence

STEP = 0.4  # seconds from one hypothesis to the next
HARD = 0.10  # share of words that are recognised late only
HOPELESS = 0.02  # share that never is
REPEATED = 0.35  # how often a wrong hypothesis is repeated
MAX_CONFIDENCE = 0.99  # nothing is certain: the odds c / (1 − c) of every confidence are a number
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
class UnstableHypotheses:
    """The words of a stream, and the hypotheses about them step by step.

    Parameters
    ----------
    words : list of (start, end, word)
        The truth, in seconds.
    hypotheses : list of (float, list of (start, end, word, confidence))
        After each step: how many seconds have arrived, and a hypothesis for every word that has begun by then, in the
        order of the words; each confidence lies between 0.01 and 0.99.

    Notebook: ex10_realtime_asr
    """

    words: list[TimedWord]
    hypotheses: list[tuple[float, list[ScoredWord]]]


def unstable_hypotheses(rng: np.random.Generator, *, words: int = 40) -> UnstableHypotheses:
    """Draw a stream of words, and hypotheses about them that settle with time.

    A word is recognised from some moment after its end on: most within a few tenths of a second, hard ones after 0.7
    to 2 s, hopeless ones never. Before that moment it is taken for another word, after each step for a different one
    or, now and then, for the same again. Confidences are higher for what is right, with exceptions.

    How real is it? It has the three things that matter to a policy that commits words: the end of a hypothesis is
    unstable, some words stay wrong for a while, and confidence is a hint but no proof. Its numbers are chosen, not
    measured; a real recogniser also joins words, splits them and leaves some out, which this one never does.

    Parameters
    ----------
    rng : np.random.Generator
        The random numbers.
    words : int
        How many there are.

    Returns
    -------
    UnstableHypotheses
        Words of 0.15 to 0.6 s with short pauses, and a hypothesis every 0.4 s, the last one a second after the end.

    Raises
    ------
    AudioCourseError
        If the number of words is not a positive whole number.

    Notebook: ex10_realtime_asr
    """
    require_positive(words=words)
    truth = _draw_words(rng, words)
    ends = np.array([end for _, end, _ in truth])
    times = np.round(STEP * np.arange(1, 2 + int((ends[-1] + 1) / STEP)), 3)
    correct = times[:, None] >= ends + _delays(rng, words)  # (steps, words)
    confidence = np.where(correct, rng.beta(9, 2, correct.shape), rng.beta(5, 4, correct.shape))
    confidence = np.clip(confidence, 1 - MAX_CONFIDENCE, MAX_CONFIDENCE)
    mistaken = _mistakes(rng, [word for *_, word in truth], steps=times.size)
    hypotheses = []
    for step, now in enumerate(times):
        scored = [
            (
                start,
                min(end, float(now)),
                word if correct[step, i] else mistaken[step][i],
                round(float(confidence[step, i]), 2),
            )
            for i, (start, end, word) in enumerate(truth)
            if start < now
        ]
        hypotheses.append((float(now), scored))
    return UnstableHypotheses(truth, hypotheses)


class CommitPolicy(Protocol):
    """Decides when words are final. One object for each stream."""

    def update(self, words: list[ScoredWord], now: float) -> int:
        """Return how many of the first open words are final when ``now`` seconds of the stream have arrived."""


class CommitCost(NamedTuple):
    """The mean delay of words in seconds, and the percentage of them that are wrong."""

    delay: float
    wrong: float

    @property
    def total(self) -> float:
        """The delay, and a tenth of a second for each percent of wrong words."""
        return self.delay + 0.1 * self.wrong


def commit_cost(policy: Callable[[], CommitPolicy], streams: Sequence[UnstableHypotheses]) -> CommitCost:
    """Commit the words of streams by a policy, one object for each; what is left at the end is committed as it is."""
    delays: list[float] = []
    wrong: list[bool] = []
    for stream in streams:
        commits = policy()
        final = 0
        for now, hypothesis in stream.hypotheses:
            more = commits.update(hypothesis[final:], now)
            stop = len(hypothesis) if now == stream.hypotheses[-1][0] else final + more
            for i in range(final, stop):
                delays.append(now - stream.words[i][1])
                wrong.append(hypothesis[i][2] != stream.words[i][2])
            final = stop
    return CommitCost(float(np.mean(delays)), 100 * float(np.mean(wrong)))


def describe_policy(
    policy: Callable[[], CommitPolicy],
    streams: Sequence[UnstableHypotheses],
    *,
    baseline: Callable[[], CommitPolicy],
) -> str:
    """Describe delay, errors and cost of a policy, and the cost in percent of the baseline's, in one line."""
    try:
        cost = commit_cost(policy, streams)
    except NotImplementedError:
        return f"{getattr(policy, '__name__', 'The policy')} is not written yet."
    share = 100 * cost.total / commit_cost(baseline, streams).total
    numbers = f"delay {cost.delay:.2f} s, wrong {cost.wrong:.1f} %, cost {cost.total:.2f} s"
    return f"{numbers}: {share:.0f} % of the baseline (synthetic hypotheses)"


def describe_hypotheses(stream: UnstableHypotheses, *, words: int, steps: slice) -> str:
    """List the first reference words, and the last four words of the hypotheses at these steps, wrong ones marked."""
    reference = [word for *_, word in stream.words]
    lines = [" ".join(["reference: ", *reference[:words], "…"])]
    for now, hypothesis in stream.hypotheses[steps]:
        marked = [
            f"{word}{'' if word == correct else '?'} ({confidence:.2f})"
            for (*_, word, confidence), correct in zip(hypothesis, reference, strict=False)
        ]
        lines.append(" ".join([f"{now:.1f} s ", *marked[-4:]]))
    return "\n".join([*lines, "? marks what is wrong; a policy does not see that"])


def _mistakes(rng: np.random.Generator, truth: list[str], *, steps: int) -> list[list[str]]:
    """Draw what each word is taken for after each step: another word; some mistakes are repeated."""
    shape = (steps, len(truth))
    offsets = rng.integers(1, len(_WORDS), size=shape)  # how far down the list: never as far as the word itself again
    repeated = rng.random(shape) < REPEATED
    for step in range(1, steps):
        offsets[step] = np.where(repeated[step], offsets[step - 1], offsets[step])
    indices = (np.array([_WORDS.index(word) for word in truth]) + offsets) % len(_WORDS)
    return [[_WORDS[index] for index in row] for row in indices]


def _draw_words(rng: np.random.Generator, words: int) -> list[TimedWord]:
    """Draw the words of a stream, with short pauses between them."""
    durations = rng.uniform(0.15, 0.6, words)
    pauses = rng.uniform(0.02, 0.25, words)
    starts = np.cumsum(durations + pauses) - durations
    return [
        (round(float(start), 2), round(float(start + duration), 2), str(rng.choice(_WORDS)))
        for start, duration in zip(starts, durations, strict=True)
    ]


def _delays(rng: np.random.Generator, words: int) -> np.ndarray:
    """Draw how long after its end each word is recognised, in seconds."""
    fate = rng.random(words)
    easy = rng.exponential(0.15, words)
    hard = rng.uniform(0.7, 2.0, words)
    return np.where(fate < HOPELESS, np.inf, np.where(fate < HOPELESS + HARD, hard, easy))
