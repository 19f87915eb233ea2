"""Misconceptions about prefixes and spans, as answers that people really give."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Grown = tuple[float, float, np.ndarray]

# ---------------------------------------------------------------- 2b.1 grow a prefix


def one_step(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    """The correct step, for answers that get one part wrong."""
    grown = (p_blank + p_letter) * y
    grown[last] = p_blank * y[last]
    grown[blank] = 0
    return (p_blank + p_letter) * y[blank], p_letter * y[last], grown


@mutant(
    task="grow_prefix",
    name="a double letter without a blank between",
    hint="A path that ends in l writes l once more. Is that a second letter, or the first one that lasts?",
)
def doubles_merge(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    if last != blank:
        grown[last] = (p_blank + p_letter) * y[last]
    return stays_blank, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="double letters that never come",
    hint="A path that ends in a blank writes the last letter once more: which text does it spell now?",
)
def no_doubles(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    grown[last] = 0
    return stays_blank, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="a double letter from paths that ended in the letter",
    hint="Which of the two kinds of path has a blank between the two letters?",
)
def doubles_from_letter(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    if last != blank:
        grown[last] = p_letter * y[last]
    return stays_blank, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="a new letter mistaken for the old one that lasts",
    hint="'l ·' and then l: is that still the text 'l', or already 'll'?",
)
def lasts_after_blank(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, _, grown = one_step(p_blank, p_letter, last, y, blank)
    return stays_blank, (p_blank + p_letter) * y[last], grown


@mutant(
    task="grow_prefix",
    name="a lasting letter from paths that ended in a blank",
    hint="Two steps 'l l' spell 'l'. What did the path end in after the first of them?",
)
def lasts_from_blank(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, _, grown = one_step(p_blank, p_letter, last, y, blank)
    return stays_blank, p_blank * y[last], grown


@mutant(
    task="grow_prefix",
    name="blanks only after blanks",
    hint="May a path that ends in l write a blank next? Which text does it then spell?",
)
def blank_after_blank(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    _, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return p_blank * y[blank], stays_letter, grown


@mutant(
    task="grow_prefix",
    name="blanks only after letters",
    hint="A silence of three steps is three blanks in a row. From which kind of path does the second one come?",
)
def blank_after_letter(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    _, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return p_letter * y[blank], stays_letter, grown


@mutant(
    task="grow_prefix",
    name="new letters only after a blank",
    hint="'h e' in two steps, without a blank: is that a path of 'he'?",
)
def grows_after_blank(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    others = np.arange(len(y)) != blank
    grown[others] = p_blank * y[others]
    return stays_blank, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="new letters only after a letter",
    hint="'h · e': which kind of path does the e come from?",
)
def grows_after_letter(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    others = (np.arange(len(y)) != blank) & (np.arange(len(y)) != last)
    grown[others] = p_letter * y[others]
    return stays_blank, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="a prefix that grows by a blank",
    hint="Is the blank a letter of the text? What does collapse do with it?",
)
def grows_by_blank(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    grown[blank] = (p_blank + p_letter) * y[blank]
    return stays_blank, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="the two kinds of path exchanged",
    hint="Which comes first in what you return: the paths that end in a blank, or those in the letter?",
)
def exchanged(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return stays_letter, stays_blank, grown


@mutant(
    task="grow_prefix",
    name="a blank that is always 0",
    hint="The caller passes blank=3. Which number of y do you take for the blank?",
)
def prefix_blank_zero(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    return one_step(p_blank, p_letter, last, y, 0)


@mutant(
    task="grow_prefix",
    name="the better of two kinds in place of their sum",
    hint="Two paths of probability 0.2 spell the same text. Is its probability 0.2?",
)
def better_of_two(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    total = max(p_blank, p_letter)
    grown = total * y
    grown[last] = p_blank * y[last]
    grown[blank] = 0
    return total * y[blank], p_letter * y[last], grown


@mutant(
    task="grow_prefix",
    name="logarithms where probabilities are given",
    hint="Are the numbers that you are given logarithms? When are probabilities added, when multiplied?",
)
def in_logarithms(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    total = np.logaddexp(p_blank, p_letter)
    grown = total + y
    grown[last] = p_blank + y[last]
    grown[blank] = 0
    return total + y[blank], p_letter + y[last], grown


@mutant(
    task="grow_prefix",
    name="the probability of the step left out",
    hint="What makes a path less probable with each step? Does y of the symbol take part in all three results?",
)
def staying_is_free(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    _, _, grown = one_step(p_blank, p_letter, last, y, blank)
    return p_blank + p_letter, p_letter, grown


@mutant(
    task="grow_prefix",
    name="paths of both kinds treated alike",
    hint="After 'l' comes l once more. Is it the same for a path that ended in l and for one that ended in a blank?",
)
def treated_alike(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    total = p_blank + p_letter
    grown = total * y
    grown[blank] = 0
    return total * y[blank], total * y[last], grown


@mutant(
    task="grow_prefix",
    name="the same letter always merged",
    hint="'l · l' spells 'll'. Which part of your result holds that text?",
)
def always_merged(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    total = p_blank + p_letter
    grown = total * y
    grown[last] = grown[blank] = 0
    return total * y[blank], total * y[last], grown


@mutant(
    task="grow_prefix",
    name="the two kinds exchanged where the last letter comes again",
    hint="l after l, and l after a blank: which of them is the old letter that lasts, and which is a new one?",
)
def exchanged_for_last(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, _, grown = one_step(p_blank, p_letter, last, y, blank)
    grown[last] = p_letter * y[last]
    grown[blank] = 0
    return stays_blank, p_blank * y[last], grown


@mutant(
    task="grow_prefix",
    name="a last letter that never lasts",
    hint="Three steps 'l l l' spell 'l'. Which part of your result holds that text after the second step?",
)
def never_lasts(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, _, grown = one_step(p_blank, p_letter, last, y, blank)
    return stays_blank, 0.0, grown


@mutant(
    task="grow_prefix",
    name="old probabilities added to the new ones",
    hint="After the step every path is one step longer. Is there still a path of the old length?",
)
def added_to_the_old(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return p_blank + stays_blank, p_letter + stays_letter, grown


@mutant(
    task="grow_prefix",
    name="results scaled to sum to 1",
    hint="A prefix has 0.3 of the probability. May it have more of it after one more step?",
)
def scaled_to_one(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    total = stays_blank + stays_letter + grown.sum()
    return stays_blank / total, stays_letter / total, grown / total


@mutant(
    task="grow_prefix",
    name="an empty prefix that grows by a blank",
    hint="For the empty prefix `last` is the blank. Which of your lines about grown[last] and grown[blank] wins?",
)
def empty_grows(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    total = p_blank + p_letter
    grown = total * y
    grown[blank] = 0
    grown[last] = p_blank * y[last]
    return total * y[blank], p_letter * y[last], grown


@mutant(
    task="grow_prefix",
    name="logarithms returned",
    hint="The docstring asks for probabilities. Are yours between 0 and 1?",
)
def logarithms_returned(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    with np.errstate(divide="ignore"):
        return float(np.log(stays_blank)), float(np.log(stays_letter)), np.log(grown)


@mutant(
    task="grow_prefix",
    name="a list in place of an array",
    hint="Which type does the docstring promise for grown?",
)
def grown_as_list(
    p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0
) -> tuple[float, float, list[float]]:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return stays_blank, stays_letter, grown.tolist()


@mutant(
    task="grow_prefix",
    name="the last letter's paths multiplied by p_blank once more",
    hint="grown[last] *= p_blank keeps the sum of both kinds in it. What should the line do instead?",
)
def factor_twice(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    grown[last] *= p_blank + p_letter
    return stays_blank, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="a blank that costs nothing",
    hint="A blank has a probability in this step like every symbol. Does stays_blank contain it?",
)
def free_blank(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    _, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return p_blank + p_letter, stays_letter, grown


@mutant(
    task="grow_prefix",
    name="a lasting letter without the paths that lead to it",
    hint="y[last] is the probability of this step alone. How probable were the paths before it?",
)
def forgotten_paths(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, _, grown = one_step(p_blank, p_letter, last, y, blank)
    return stays_blank, y[last], grown


@mutant(
    task="grow_prefix",
    name="a result with grown first and what stays last",
    hint="In which order does the docstring return the three?",
)
def grown_first(
    p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0
) -> tuple[np.ndarray, float, float]:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return grown, stays_blank, stays_letter


@mutant(
    task="grow_prefix",
    name="no entry for the blank",
    hint="grown has one number for each symbol. Is the blank left out, or is its number 0?",
)
def no_entry_for_the_blank(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return stays_blank, stays_letter, np.delete(grown, blank)


@mutant(
    task="grow_prefix",
    name="an empty prefix that cannot stay empty",
    hint="Silence before the first letter: which prefix has a path of two blanks?",
)
def empty_never_stays(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    return (0.0 if last == blank else stays_blank), stays_letter, grown


@mutant(
    task="grow_prefix",
    name="an array y that is changed in place",
    hint="y belongs to the caller. What does it hold after your call?",
)
def y_overwritten(p_blank: float, p_letter: float, last: int, y: np.ndarray, blank: int = 0) -> Grown:
    stays_blank, stays_letter, grown = one_step(p_blank, p_letter, last, y, blank)
    y[:] = grown
    return stays_blank, stays_letter, y


# ---------------------------------------------------------------- 2b.2 spans of a path


def spans_of(path: np.ndarray) -> list[tuple[int, int, int]]:
    """All runs, blanks included."""
    edges = np.flatnonzero(np.diff(path, prepend=-1, append=-1)) if len(path) else np.zeros(1, dtype=int)
    return [(int(path[start]), int(start), int(end)) for start, end in pairwise(edges)]


@mutant(
    task="label_spans",
    name="blanks among the spans",
    hint="In the steps of a blank, which label is spoken?",
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
    name="two equal letters with a blank between them mistaken for one",
    hint="How many l does 'l l · l' have? Did you drop the blanks before you looked for runs?",
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
    hint="A letter lasts four steps. Is it written four times?",
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
    hint="The caller passes blank=2. Which symbol do you leave out?",
)
def spans_blank_zero(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [span for span in spans_of(path) if span[0] != 0]


@mutant(
    task="label_spans",
    name="borders one step early",
    hint="np.diff(path)[t] compares step t with step t + 1. In which of the two does the new run begin?",
)
def borders_early(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    if not len(path):
        return []
    edges = [0, *np.flatnonzero(np.diff(path)).tolist(), len(path)]
    return [(int(path[start]), start, end) for start, end in pairwise(edges) if path[start] != blank]


@mutant(
    task="label_spans",
    name="steps counted from 1",
    hint="Which number does the first step of the path have?",
)
def from_one(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, start + 1, end + 1) for label, start, end in spans_of(path) if label != blank]


@mutant(
    task="label_spans",
    name="a first run that is lost",
    hint="A label in step 0 has no change before it. Where does its run begin in your code?",
)
def first_run_lost(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [span for span in spans_of(path) if span[0] != blank and span[1] > 0]


@mutant(
    task="label_spans",
    name="a clock that stops during the blanks",
    hint="Three blanks and then an l: in which step does the l begin? Do you count the steps of the blanks?",
)
def blanks_take_no_time(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    spans, t = [], 0
    for symbol, run in groupby(np.asarray(path).tolist()):
        if symbol != blank:
            length = len(list(run))
            spans.append((symbol, t, t + length))
            t += length
    return spans


@mutant(
    task="label_spans",
    name="one span for each label of the alphabet",
    hint="The l of 'hello world' comes three times. How many spans does it have?",
)
def one_for_each_label(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    spans: dict[int, tuple[int, int, int]] = {}
    for label, start, end in spans_of(path):
        if label != blank:
            first = spans[label][1] if label in spans else start
            spans[label] = (label, first, end)
    return list(spans.values())


@mutant(
    task="label_spans",
    name="a label 0 mistaken for nothing",
    hint="With blank=2, is 0 a label? `if label:` and `label > 0` are false for it.",
)
def zero_is_nothing(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [span for span in spans_of(path) if span[0] not in (0, blank)]


@mutant(
    task="label_spans",
    name="a first step taken from an empty path",
    hint="What is path[0] if nothing was recorded?",
)
def needs_a_step(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    path[0]
    return [span for span in spans_of(path) if span[0] != blank]


@mutant(
    task="label_spans",
    name="spans with the times first and the label last",
    hint="In which order does the docstring list the three numbers?",
)
def label_last(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(start, end, label) for label, start, end in spans_of(path) if label != blank]


@mutant(
    task="label_spans",
    name="runs that only a blank ends, and a last one that nothing ends",
    hint="1 1 2 2 has no blank. Where does the first label end? And one that lasts to the end of the path?",
)
def only_blanks_end(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    spans = []
    start = None
    for t, symbol in enumerate(path):
        if symbol != blank and start is None:
            start = t
        if symbol == blank and start is not None:
            spans.append((int(path[start]), start, t))
            start = None
    return spans


@mutant(
    task="label_spans",
    name="blanks thrown away before steps are counted",
    hint="In which step of the *path* does the second letter begin? Which steps are missing once the blanks are gone?",
)
def counted_without_blanks(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return spans_of(path[path != blank])


@mutant(
    task="label_spans",
    name="a last run that ends one step early",
    hint="One past the last step of the whole path is len(path). Does your last span end there?",
)
def last_end_early(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    last = len(path) - 1
    return [(label, start, min(end, last)) for label, start, end in spans_of(path) if label != blank]


@mutant(
    task="label_spans",
    name="times without their label",
    hint="How many numbers does the docstring promise for each run?",
)
def no_label(path: np.ndarray, blank: int = 0) -> list[tuple[int, int]]:
    return [(start, end) for label, start, end in spans_of(path) if label != blank]


@mutant(
    task="label_spans",
    name="an array in place of a list",
    hint="Which type does the docstring promise?",
)
def as_array(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return np.array([span for span in spans_of(path) if span[0] != blank])


@mutant(
    task="label_spans",
    name="spans that begin one step late",
    hint="Is the first step of a run part of it? For a run of one step, compare your two numbers.",
)
def begins_late(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, start + 1, end) for label, start, end in spans_of(path) if label != blank]


@mutant(
    task="label_spans",
    name="spans that last until the next label begins",
    hint="A letter ends, and a silence follows. To which of the two do the steps of the silence belong?",
)
def until_the_next(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    spans = [(label, start, end) for label, start, end in spans_of(path) if label != blank]
    ends = [*(start for _, start, _ in spans[1:]), len(path)]
    return [(label, start, end) for (label, start, _), end in zip(spans, ends, strict=False)]


@mutant(
    task="label_spans",
    name="spans sorted by label",
    hint="In which order does the docstring list the spans: by label, or by time?",
)
def by_label(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return sorted(span for span in spans_of(path) if span[0] != blank)


@mutant(
    task="label_spans",
    name="labels left out if they directly follow another",
    hint="1 1 2 2 has no blank. Where does the 2 begin, and which of your conditions finds it?",
)
def only_after_blanks(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, a, b) for label, a, b in spans_of(path) if label != blank and (a == 0 or path[a - 1] == blank)]


@mutant(
    task="label_spans",
    name="numbers of runs in place of steps",
    hint="The third run is not the third step. How many steps have passed when it begins?",
)
def runs_counted(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, i, i + 1) for i, (label, _, _) in enumerate(spans_of(path)) if label != blank]


@mutant(
    task="label_spans",
    name="runs of a single step left out",
    hint="How long must a run be to have a span? Is one step a run?",
)
def short_runs_lost(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, start, end) for label, start, end in spans_of(path) if label != blank and end - start > 1]


@mutant(
    task="label_spans",
    name="a path treated as if a 0 came before it",
    hint="With blank=2, 0 is a label. What do you compare the first step with?",
)
def zero_comes_before(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [span for span in spans_of(path) if span[0] != blank and span[:2] != (0, 0)]


@mutant(
    task="label_spans",
    name="a path with a 0 added at both ends",
    hint="With blank=2, 0 is a label. Where does your code end a run of 0 at the beginning or end of the path?",
)
def zero_around(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    spans = [span for span in spans_of(path) if span[0] != blank]
    return [span for span in spans if span[0] != 0 or (span[1] > 0 and span[2] < len(path))]


@mutant(
    task="label_spans",
    name="only labels above the blank",
    hint="`label > blank` is the same as `label != blank` only if the blank is 0. What if it is 2?",
)
def above_the_blank(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [span for span in spans_of(path) if span[0] > blank]


@mutant(
    task="label_spans",
    name="borders only where the number rises",
    hint="From 3 to 1 the number falls, and np.diff is negative. Does no new run begin there?",
)
def only_rising(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    return [(label, a, b) for label, a, b in spans_of(path) if label != blank and (a == 0 or path[a - 1] < label)]


@mutant(
    task="label_spans",
    name="lists in place of tuples, or floats in place of whole numbers",
    hint="Each run is a tuple of three whole numbers. Which brackets make a tuple, and of which type are your numbers?",
)
def lists_inside(path: np.ndarray, blank: int = 0) -> list[list[int]]:
    return [list(span) for span in spans_of(path) if span[0] != blank]


@mutant(
    task="label_spans",
    name="a blank written over the last step",
    hint="The path belongs to the caller, and its last step counts. How can the last run end without overwriting it?",
)
def last_step_overwritten(path: np.ndarray, blank: int = 0) -> list[tuple[int, int, int]]:
    if len(path):
        path[-1] = blank
    return [span for span in spans_of(path) if span[0] != blank]


@mutant(
    task="label_spans",
    name="a generator in place of a list",
    hint="`yield` makes one item at a time, when the caller asks for it. What does the docstring promise?",
)
def as_generator(path: np.ndarray, blank: int = 0) -> Iterator[tuple[int, int, int]]:
    yield from (span for span in spans_of(path) if span[0] != blank)
