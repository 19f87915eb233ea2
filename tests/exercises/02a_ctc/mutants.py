"""Misconceptions about CTC, as answers that people really give."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from audiocourse.learn.authoring import mutant

# ---------------------------------------------------------------- 2a.1 collapse


@mutant(
    task="ctc_collapse",
    name="blanks dropped before repetitions are merged",
    hint="Follow l · l: what is left once the blank is gone, and what does merging make of it?",
)
def blanks_first(path: np.ndarray, blank: int = 0) -> np.ndarray:
    kept = path[path != blank]
    return kept[np.diff(kept, prepend=-1) != 0]


@mutant(
    task="ctc_collapse",
    name="repetitions that are never merged",
    hint="A letter that lasts four steps: how often does it stand in the text?",
)
def never_merged(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[path != blank]


@mutant(
    task="ctc_collapse",
    name="blanks that stay in the text",
    hint="The blank says 'nothing new'. Does it belong to the text?",
)
def blanks_kept(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[np.diff(path, prepend=-1) != 0]


@mutant(
    task="ctc_collapse",
    name="each letter only once in the whole text",
    hint="The path a b a: is the second a lost? np.unique looks at all steps at once, and sorts them.",
)
def unique_letters(path: np.ndarray, blank: int = 0) -> np.ndarray:
    letters = np.unique(path)
    return letters[letters != blank]


@mutant(
    task="ctc_collapse",
    name="a first step compared with the last one",
    hint="np.roll goes round in a circle. What stands before the first step?",
)
def round_in_a_circle(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[(path != np.roll(path, 1)) & (path != blank)]


@mutant(
    task="ctc_collapse",
    name="a first step that is lost",
    hint="np.diff has one entry fewer than the path. Which step has none?",
)
def first_lost(path: np.ndarray, blank: int = 0) -> np.ndarray:
    later = path[1:]
    return later[(np.diff(path) != 0) & (later != blank)]


@mutant(
    task="ctc_collapse",
    name="a blank that is always 0",
    hint="Somebody calls your function with blank=3. Which symbol do you drop?",
)
def always_zero(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[(np.diff(path, prepend=-1) != 0) & (path != 0)]


@mutant(
    task="ctc_collapse",
    name="a list instead of an array",
    hint="What kind of thing does the docstring promise?",
)
def as_list(path: np.ndarray, blank: int = 0) -> list[int]:
    return path[(np.diff(path, prepend=-1) != 0) & (path != blank)].tolist()


# ---------------------------------------------------------------- 2a.2 forward recursion


def recursion(
    log_probs: np.ndarray,
    labels: np.ndarray,
    blank: int = 0,
    *,
    begin: int = 2,
    end: int = 2,
    jumps: str = "different",
    add: np.ufunc = np.logaddexp,
) -> float:
    """The right recursion, with what is often got wrong as options."""
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    letter, jump = states != blank, np.zeros(len(states), dtype=bool)
    different = states[2:] != states[:-2]
    jump[2:] = {"different": different, "letters": letter[2:], "all": True, "none": False}[jumps]
    alpha = np.full(len(states), -np.inf)
    alpha[:begin] = log_probs[0, states[:begin]]
    for step in log_probs[1:]:
        before, alpha = alpha, alpha.copy()
        alpha[1:] = add(before[1:], before[:-1])
        alpha[2:] = np.where(jump[2:], add(alpha[2:], before[:-2]), alpha[2:])
        alpha = alpha + step[states]
    return float(add.reduce(alpha[-end:]))


@mutant(
    task="ctc_forward",
    name="a jump between two equal letters",
    hint="Jump from l to l over the blank: which path is that, and what does it collapse to?",
)
def jump_between_equals(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, jumps="letters")


@mutant(
    task="ctc_forward",
    name="a jump from blank to blank",
    hint="Over what does one jump from one blank to the next? Is that letter then written?",
)
def jump_over_letters(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, jumps="all")


@mutant(
    task="ctc_forward",
    name="a blank between all letters, never jumped over",
    hint="Two steps, two different letters: is there a path without any blank?",
)
def no_jump(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, jumps="none")


@mutant(
    task="ctc_forward",
    name="paths that must begin with a blank",
    hint="May the first step already write the first letter?",
)
def begins_with_blank(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, begin=1)


@mutant(
    task="ctc_forward",
    name="paths that must end in the last blank",
    hint="In which two states may a path of the text end?",
)
def ends_with_blank(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, end=1)


@mutant(
    task="ctc_forward",
    name="the best path in place of the sum of all",
    hint="Two paths of probability 0.2 spell the text. Is its probability 0.2?",
)
def best_path(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, add=np.maximum)


@mutant(
    task="ctc_forward",
    name="a loss in place of a log-probability",
    hint="The logarithm of a probability is at most 0. Which sign has yours?",
)
def negative(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return -recursion(log_probs, labels, blank)


@mutant(
    task="ctc_forward",
    name="a probability in place of its logarithm",
    hint="A thousand steps: how small can a float be?",
)
def plain_probability(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return float(np.exp(recursion(log_probs, labels, blank)))


@mutant(
    task="ctc_forward",
    name="products of probabilities that vanish",
    hint="0.1 to the power of 1000 is 0 to a computer. Which operations on logarithms replace product and sum?",
)
def underflow(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    alpha = np.zeros(len(states))
    alpha[:2] = np.exp(log_probs[0, states[:2]])
    for y in np.exp(log_probs[1:]):
        before, alpha = alpha, alpha.copy()
        alpha[1:] += before[:-1]
        alpha[2:] += np.where(states[2:] != states[:-2], before[:-2], 0)
        alpha = alpha * y[states]
    with np.errstate(divide="ignore"):
        return float(np.log(alpha[-2:].sum()))


@mutant(
    task="ctc_forward",
    name="a recursion in place, which runs through several states in one step",
    hint="When you compute the second state, does it see the first one as it was a step ago, or as it is now?",
)
def in_place(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = [blank, *(k for label in np.asarray(labels).tolist() for k in (label, blank))]
    alpha = np.full(len(states), -np.inf)
    alpha[:2] = log_probs[0, states[:2]]
    for step in log_probs[1:]:
        for s, k in enumerate(states):
            total = alpha[s]
            if s > 0:
                total = np.logaddexp(total, alpha[s - 1])
            if s > 1 and k not in (blank, states[s - 2]):
                total = np.logaddexp(total, alpha[s - 2])
            alpha[s] = total + step[k]
    return float(np.logaddexp.reduce(alpha[-2:]))


@mutant(
    task="ctc_forward",
    name="a blank that is always 0",
    hint="Somebody calls your function with blank=2. Which symbol stands between your letters?",
)
def blank_always_zero(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, 0)


# ---------------------------------------------------------------- 2a.3 spans of a path


def spans_of(path: np.ndarray) -> list[tuple[int, int, int]]:
    """All runs, blanks included."""
    edges = np.flatnonzero(np.diff(path, prepend=-1, append=-1)) if len(path) else np.zeros(1, dtype=int)
    return [(int(path[start]), int(start), int(end)) for start, end in pairwise(edges)]


@mutant(
    task="label_spans",
    name="blanks among the spans",
    hint="In the steps of a blank, which label is said?",
)
def spans_of_blanks(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return spans_of(path)


@mutant(
    task="label_spans",
    name="the last step itself as the end",
    hint="A run of one step at step 4 begins at 4. How long is it by your numbers, end − start?",
)
def inclusive_end(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, start, end - 1) for label, start, end in spans_of(path) if label != blank]


@mutant(
    task="label_spans",
    name="two equal letters with a blank between taken for one",
    hint="How many l has 'l l · l'? Did you drop the blanks before you looked for runs?",
)
def merged_over_blanks(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    spans: list[tuple[int, int, int]] = []
    for label, start, end in spans_of(path):
        if label != blank:
            if spans and spans[-1][0] == label:
                spans[-1] = (label, spans[-1][1], end)
            else:
                spans.append((label, start, end))
    return spans


@mutant(
    task="label_spans",
    name="a last run that is never written",
    hint="You write a span when the symbol changes. What changes after the last step?",
)
def last_lost(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [span for span in spans_of(path) if span[0] != blank and span[2] < len(path)]


@mutant(
    task="label_spans",
    name="a span for every step",
    hint="A letter that lasts four steps: is it said four times?",
)
def step_by_step(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(int(k), t, t + 1) for t, k in enumerate(path) if k != blank]


@mutant(
    task="label_spans",
    name="runs that only a blank ends",
    hint="1 1 2 2 has no blank. Where does the first label end?",
)
def ended_by_blanks(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    spans: list[tuple[int, int, int]] = []
    for label, start, end in spans_of(path):
        if label != blank:
            if spans and spans[-1][2] == start:
                spans[-1] = (spans[-1][0], spans[-1][1], end)
            else:
                spans.append((label, start, end))
    return spans


@mutant(
    task="label_spans",
    name="how long a span lasts in place of where it ends",
    hint="The third number is a step, not a count. Is it larger than the second in your longest path?",
)
def durations(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, start, end - start) for label, start, end in spans_of(path) if label != blank]


@mutant(
    task="label_spans",
    name="a blank that is always 0",
    hint="Somebody calls your function with blank=2. Which symbol do you leave out?",
)
def spans_blank_zero(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [span for span in spans_of(path) if span[0] != 0]
