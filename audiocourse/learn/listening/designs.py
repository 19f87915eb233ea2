"""The designs of a listening test: what is played in each trial, in a hidden order, and what the answers say.

A design keeps the order to itself. `Trial` is all that a listener, or the page in front of one, gets to know.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import ClassVar

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.learn.listening.results import Kind, ListeningResult, level_name
from audiocourse.learn.listening.statistics import (
    clopper_pearson,
    percent,
    significance_sentences,
    staircase_threshold,
)
from audiocourse.signal import FloatArray, filter_fir, lowpass

Answer = int | Sequence[float]  # the number of a choice, or a rating for each letter

REFERENCE_KEY = "R"
ANCHOR = "anchor (low-pass at 3.5 kHz)"
ANCHOR_HZ = 3500
MAX_STIMULI = 12  # BS.1534-3, section 6: with the hidden reference and the anchor
RATED_BELOW = 90.0  # BS.1534-3, section 4.1.2: below this, a listener has not recognised the hidden reference
MAX_REVERSALS = 8
MAX_LEVELS = 20  # a longer list would still be on its way from the easiest level when it has turned eight times


@dataclass(frozen=True)
class Trial:
    """What a listener gets: a label of a sound for each key, and the choices; none where each letter is rated."""

    plays: Mapping[str, str]
    captions: Mapping[str, str]
    choices: tuple[str, ...]


class Design(ABC):
    """A listening test that is under way.

    Parameters
    ----------
    labels : sequence of str
        The names of the sounds, in the order in which the author gave them.
    trials : int
        How many trials there are, or at most.
    rng : np.random.Generator
        Where the hidden order comes from.
    """

    kind: ClassVar[Kind]
    question: ClassVar[str]
    trials: ClassVar[int]

    def __init__(self, labels: Sequence[str], *, trials: int, rng: np.random.Generator) -> None:
        self.labels = tuple(labels)
        self.of = trials
        self.done = 0
        self._rng = rng
        self._begin()

    @property
    def is_over(self) -> bool:
        """Whether no trial is left."""
        return self.done == self.of

    def answer(self, answer: Answer) -> None:
        """Take the answer to the present trial and go on to the next one."""
        self._take(answer)
        self.done += 1
        if not self.is_over:
            self._begin()

    @abstractmethod
    def trial(self) -> Trial:
        """Return the present trial."""

    @abstractmethod
    def simulated_answer(self, rng: np.random.Generator, *, hears: float) -> Answer:
        """Answer as a listener who hears the difference with a stated probability, and guesses else."""

    @abstractmethod
    def describe_simulation(self, *, hears: float) -> str:
        """Return what the simulated listener does; it completes "A simulated listener who …"."""

    @abstractmethod
    def result(self, question: str) -> ListeningResult:
        """Return what is kept of the answers."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """Describe the result."""

    def examples(self) -> Sequence[str]:
        """Return the sounds that a page without a test plays."""
        return self.labels

    @abstractmethod
    def _begin(self) -> None: ...

    @abstractmethod
    def _take(self, answer: Answer) -> None: ...


class _Pair(Design):
    """A test in which two sounds are in question, and each answer is the number of one of two choices."""

    _hidden: int  # where the sound in question is: 0 or 1, an independent throw in each trial

    def __init__(self, labels: Sequence[str], *, trials: int, rng: np.random.Generator) -> None:
        _require_sounds(self.kind, labels, at_least=2, at_most=2)
        self.count = 0
        super().__init__(labels, trials=trials, rng=rng)

    def _begin(self) -> None:
        self._hidden = int(self._rng.integers(2))

    def _take(self, answer: Answer) -> None:
        self.count += answer == self._hidden

    def simulated_answer(self, rng: np.random.Generator, *, hears: float) -> Answer:
        """Give the right answer with the probability `hears`, else guess."""
        return self._hidden if rng.random() < hears else int(rng.integers(2))

    def result(self, question: str) -> ListeningResult:
        """Return the count."""
        return ListeningResult(question, self.kind, self.labels, trials=self.done, count=self.count)


class Abx(_Pair):
    """A and B are known, X is one of them: which one is it.

    D. Clark, "High-resolution subjective testing using a double-blind comparator", JAES 30(5), 1982.
    """

    kind = "abx"
    question = "Is X the same as A, or as B?"
    trials = 16

    def trial(self) -> Trial:
        """Return A, B and the unknown X."""
        a, b = self.labels
        return Trial({"A": a, "B": b, "X": self.labels[self._hidden]}, {"A": a, "B": b}, ("X is A", "X is B"))

    def describe_simulation(self, *, hears: float) -> str:
        """Return what it hears."""
        return f"hears the difference in {percent(hears)} of trials, and guesses in the others"

    def sentences(self) -> list[str]:
        """Return count, probability by chance, and interval."""
        return significance_sentences(self.count, self.done, what="right")


class Preference(_Pair):
    """Two sounds without names, in a new order each time, of which the better one is chosen."""

    kind = "preference"
    question = "Which one do you prefer?"
    trials = 16

    def trial(self) -> Trial:
        """Return both under letters that mean nothing."""
        plays = {"AB"[self._hidden]: self.labels[0], "BA"[self._hidden]: self.labels[1]}
        return Trial(dict(sorted(plays.items())), {}, ("I prefer A", "I prefer B"))

    def describe_simulation(self, *, hears: float) -> str:
        """Return what it prefers."""
        return f"prefers “{self.labels[0]}” in {percent(hears)} of trials, and guesses in the others"

    def sentences(self) -> list[str]:
        """Return how often the first was preferred, probability by chance, and interval."""
        what = f"answers prefer “{self.labels[0]}” to “{self.labels[1]}”"
        return significance_sentences(self.count, self.done, what=what, two_sided=True)


class Staircase(Design):
    """A threshold: two right answers make it harder, a wrong one easier, until it has turned eight times.

    One of A and B is the reference, the other the sound of the present level. Where the staircase settles, two right
    answers in a row are as probable as not, so that p² = ½ and p = 70.7 %. H. Levitt, "Transformed up-down methods in
    psychoacoustics", JASA 49(2B), 1971.
    """

    kind = "staircase"
    question = "One of A and B is the reference R. Which one differs from it?"
    trials = 50

    def __init__(self, labels: Sequence[str], *, trials: int, rng: np.random.Generator) -> None:
        _require_sounds(self.kind, labels, at_least=3, at_most=MAX_LEVELS + 1)
        self.level = 0  # of labels[1:], from the easiest to the hardest
        self.count = 0
        self.reversals: list[int] = []
        self._right_in_a_row = 0
        self._direction = 0  # none yet
        super().__init__(labels, trials=trials, rng=rng)

    @property
    def is_over(self) -> bool:
        """Whether it has turned often enough, or no trial is left."""
        return super().is_over or len(self.reversals) == MAX_REVERSALS

    def _begin(self) -> None:
        self._hidden = int(self._rng.integers(2))

    def _take(self, answer: Answer) -> None:
        if answer != self._hidden:
            self._right_in_a_row = 0
            self._move(-1)
            return
        self.count += 1
        self._right_in_a_row += 1
        if self._right_in_a_row == 2:
            self._right_in_a_row = 0
            self._move(1)

    def _move(self, direction: int) -> None:
        """Go one level on, where there is one, and note the level at which the direction changes."""
        if self._direction not in (0, direction):
            self.reversals.append(self.level)
        self._direction = direction
        self.level = min(max(self.level + direction, 0), len(self.labels) - 2)

    def trial(self) -> Trial:
        """Return the reference, and A and B, one of which is the reference again."""
        reference, present = self.labels[0], self.labels[1 + self.level]
        plays = {REFERENCE_KEY: reference, "A": reference, "B": reference, "AB"[self._hidden]: present}
        return Trial(plays, {REFERENCE_KEY: "reference"}, ("A differs", "B differs"))

    def simulated_answer(self, rng: np.random.Generator, *, hears: float) -> Answer:  # noqa: ARG002 (levels decide)
        """Hear the easiest level always, the hardest never, those between in proportion."""
        share_audible = 1 - self.level / (len(self.labels) - 2)
        return self._hidden if rng.random() < share_audible else int(rng.integers(2))

    def describe_simulation(self, *, hears: float) -> str:  # noqa: ARG002 (levels decide)
        """Return what it hears."""
        return f"hears “{self.labels[1]}” always, “{self.labels[-1]}” never, and the levels between in proportion"

    @property
    def _is_at_the_easiest(self) -> bool:
        """Whether it kept coming back to the easiest level, where a listener who guesses ends too."""
        threshold = staircase_threshold(self.reversals)
        return threshold is not None and threshold < 1

    def result(self, question: str) -> ListeningResult:
        """Return count and threshold."""
        threshold = None if self._is_at_the_easiest else staircase_threshold(self.reversals)
        return ListeningResult(question, self.kind, self.labels, self.done, self.count, threshold=threshold)

    def sentences(self) -> list[str]:
        """Return the threshold, or why there is none."""
        threshold = staircase_threshold(self.reversals)
        if threshold is None:
            return [
                f"No threshold: in {self.done} trials the staircase turned {len(self.reversals)} times; "
                f"it ended at “{self.labels[1 + self.level]}”, so the list needs harder or easier levels."
            ]
        if self._is_at_the_easiest:
            return [
                f"No threshold: {self.count} of {self.done} answers were right, and the staircase kept coming back to "
                f"the easiest level, “{self.labels[1]}”. A listener who guesses ends there too."
            ]
        used = len(self.reversals) // 2 * 2
        return [
            f"Threshold: {level_name(self.labels[1:], threshold)} (mean of the last {min(6, used)} reversals).",
            f"At this level 70.7 % of answers are right; the test took {self.done} trials.",
        ]

    def examples(self) -> Sequence[str]:
        """Return the reference, the easiest and the hardest level."""
        return [self.labels[0], self.labels[1], self.labels[-1]]


class HiddenReference(Design):
    """Several sounds rated from 0 to 100 against an open reference, which is hidden among them, as is a bad anchor.

    The anchor is the reference below 3.5 kHz. Recommendation ITU-R BS.1534-3, 2015 (MUSHRA).
    """

    kind = "mushra"
    question = "How close is each sound to the reference R? 100 means that you hear no difference."
    trials = 1

    def __init__(self, labels: Sequence[str], *, trials: int, rng: np.random.Generator) -> None:
        _require_sounds(self.kind, labels, at_least=2, at_most=MAX_STIMULI - 1)
        self._stimuli = (*labels, ANCHOR)
        self._ratings: list[dict[str, float]] = []
        super().__init__(labels, trials=trials, rng=rng)

    def _begin(self) -> None:
        self._order = [self._stimuli[number] for number in self._rng.permutation(len(self._stimuli))]

    def _take(self, answer: Answer) -> None:
        if isinstance(answer, int) or len(answer) != len(self._order):
            raise AudioCourseError(f"{len(self._order)} ratings are needed, one for each letter.")
        self._ratings.append({label: float(rating) for label, rating in zip(self._order, answer, strict=True)})

    def trial(self) -> Trial:
        """Return the open reference, and all sounds under letters in a hidden order."""
        letters = dict(zip(ascii_uppercase, self._order, strict=False))
        return Trial({REFERENCE_KEY: self.labels[0], **letters}, {REFERENCE_KEY: "reference"}, ())

    def simulated_answer(self, rng: np.random.Generator, *, hears: float) -> Answer:  # noqa: ARG002 (ranks decide)
        """Rate by place in the list: the reference near 100, the anchor near 20, and others evenly between."""
        means = np.linspace(97, 20, len(self._stimuli))
        rated = {label: mean + rng.normal(0, 3) for label, mean in zip(self._stimuli, means, strict=True)}
        return [float(np.clip(round(rated[label]), 0, 100)) for label in self._order]

    def describe_simulation(self, *, hears: float) -> str:  # noqa: ARG002 (ranks decide)
        """Return how it rates."""
        return "rates the sounds in the order in which the cell lists them, the anchor last"

    def means(self) -> dict[str, float]:
        """Return the mean rating of each sound, over the trials."""
        return {label: float(np.mean([trial[label] for trial in self._ratings])) for label in self._stimuli}

    def result(self, question: str) -> ListeningResult:
        """Return the mean ratings."""
        return ListeningResult(question, self.kind, self.labels, self.done, 0, ratings=self.means())

    def sentences(self) -> list[str]:
        """Return the means from the best to the worst, and a remark if the hidden reference was not recognised."""
        means = sorted(self.means().items(), key=lambda item: -item[1])
        below = sum(trial[self.labels[0]] < RATED_BELOW for trial in self._ratings)
        lines = [f"{_hidden_name(label, self.labels[0])}: {mean:.0f} of 100" for label, mean in means]
        if below:
            lines.append(
                f"In {below} of {self.done} trials the hidden reference was rated below {RATED_BELOW:.0f}: BS.1534 "
                "excludes a listener to whom this happens in more than 15 % of trials."
            )
        return lines


class Identification(Design):
    """One sound after the other, each once, in a hidden order: what is it, of several choices.

    Parameters
    ----------
    labels, trials, rng
        As for every design; each sound is one trial.
    right : Mapping[str, str]
        The right choice for each sound.
    choices : sequence of str
        All choices, in the order of the buttons.
    """

    kind = "identification"
    question = "What is it?"

    def __init__(
        self, labels: Sequence[str], *, rng: np.random.Generator, right: Mapping[str, str], choices: Sequence[str]
    ) -> None:
        if len(choices) < 2 or set(labels) != set(right) or not set(right.values()) <= set(choices):
            raise AudioCourseError("Each sound needs a right answer that is one of at least 2 choices.")
        self.answers: dict[str, str] = {}
        self._right = dict(right)
        self._choices = tuple(choices)
        self._order = [labels[place] for place in rng.permutation(len(labels))]
        super().__init__(labels, trials=len(labels), rng=rng)

    def _begin(self) -> None:
        self._sound = self._order[self.done]

    def _take(self, answer: Answer) -> None:
        if not isinstance(answer, int) or not 0 <= answer < len(self._choices):
            raise AudioCourseError(f"An answer is the number of a choice, from 0 to {len(self._choices) - 1}.")
        self.answers[self._sound] = self._choices[answer]

    def trial(self) -> Trial:
        """Return the present sound under a letter that means nothing."""
        return Trial({"X": self._sound}, {}, self._choices)

    def simulated_answer(self, rng: np.random.Generator, *, hears: float) -> Answer:
        """Give the right answer with the probability `hears`, else guess."""
        right = self._choices.index(self._right[self._sound])
        return right if rng.random() < hears else int(rng.integers(len(self._choices)))

    def describe_simulation(self, *, hears: float) -> str:
        """Return what it hears."""
        return f"knows the answer in {percent(hears)} of trials, and guesses in the others"

    @property
    def _count(self) -> int:
        return sum(self._right[sound] == answer for sound, answer in self.answers.items())

    def result(self, question: str) -> ListeningResult:
        """Return the number of right answers."""
        return ListeningResult(question, self.kind, self._choices, self.done, self._count)

    def sentences(self) -> list[str]:
        """Return how many answers are right, and how many a listener who guesses gets on average."""
        low, high = clopper_pearson(self._count, self.done)
        return [
            f"{self._count} of {self.done} answers are right; guessing gives {self.done / len(self._choices):.1f} on "
            "average.",
            f"The long-run share lies between {percent(low)} and {percent(high)} (95 % confidence, Clopper–Pearson).",
        ]

    def examples(self) -> Sequence[str]:
        """Return the first few sounds."""
        return self.labels[:3]


DESIGNS: Mapping[str, type[Design]] = {design.kind: design for design in (Abx, Preference, Staircase, HiddenReference)}


def with_anchor(sounds: Mapping[str, FloatArray], sr: int) -> dict[str, FloatArray]:
    """Add the anchor of BS.1534: the first sound below 3.5 kHz, at least 25 dB down at 4 kHz, 50 dB at 4.5 kHz."""
    if sr <= 2 * ANCHOR_HZ:
        raise AudioCourseError(f"At {sr} Hz there is nothing above the anchor's {ANCHOR_HZ} Hz: use a higher rate.")
    taps = 2 * round(2.8 * sr / 1000) + 1  # −74 dB at 4 kHz
    reference = next(iter(sounds.values()))
    return {**sounds, ANCHOR: filter_fir(reference, lowpass(ANCHOR_HZ, sr=sr, taps=taps))}


def _hidden_name(label: str, reference: str) -> str:
    return f"{label} (the hidden reference)" if label == reference else label


def _require_sounds(kind: str, labels: Sequence[str], *, at_least: int, at_most: int) -> None:
    if not at_least <= len(labels) <= at_most:
        needed = str(at_least) if at_least == at_most else f"{at_least} to {at_most}"
        raise AudioCourseError(f"A test of the kind {kind!r} has {needed} sounds, not {len(labels)}: give {needed}.")
