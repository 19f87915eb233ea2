"""Misconceptions about CTC, as answers that people really give."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from audiocourse.learn.checking.authoring import mutant

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
    hint="A letter that lasts four steps: how often is it written in the text?",
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
    hint="np.roll wraps around. What comes before the first step?",
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
    hint="The caller passes blank=3. Which symbol do you drop?",
)
def always_zero(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[(np.diff(path, prepend=-1) != 0) & (path != 0)]


@mutant(
    task="ctc_collapse",
    name="a list instead of an array",
    hint="Which type does the docstring promise?",
)
def as_list(path: np.ndarray, blank: int = 0) -> list[int]:
    return path[(np.diff(path, prepend=-1) != 0) & (path != blank)].tolist()


@mutant(
    task="ctc_collapse",
    name="a first step compared with 0",
    hint="With blank=3, 0 is a letter. What does your rule do with a path that begins with it?",
)
def before_is_zero(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[(np.diff(path, prepend=0) != 0) & (path != blank)]


@mutant(
    task="ctc_collapse",
    name="0 dropped along with the blank",
    hint="`if symbol:` and `symbol > 0` are false for 0. With blank=3, is 0 nothing, or a letter?",
)
def zero_is_nothing(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[(np.diff(path, prepend=-1) != 0) & (path != blank) & (path != 0)]


@mutant(
    task="ctc_collapse",
    name="only symbols with a larger number than the one before",
    hint="From l to e the number falls, and np.diff is negative. Is e then not a new letter?",
)
def only_rising(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[(np.diff(path, prepend=-1) > 0) & (path != blank)]


@mutant(
    task="ctc_collapse",
    name="a last run that is lost",
    hint="You write a letter when the symbol changes after it. What changes after the last step?",
)
def last_lost(path: np.ndarray, blank: int = 0) -> np.ndarray:
    earlier = path[:-1]
    return earlier[(np.diff(path) != 0) & (earlier != blank)]


@mutant(
    task="ctc_collapse",
    name="each letter only once, in the order in which letters first appear",
    hint="The path a b a: is the second a lost? A set or a dict never forgets a letter.",
)
def first_of_each(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return np.array([symbol for symbol in dict.fromkeys(path.tolist()) if symbol != blank], dtype=int)


@mutant(
    task="ctc_collapse",
    name="repetitions that are merged in pairs",
    hint="A letter lasts four steps. After you have merged the first with the second, what is the third compared with?",
)
def merged_in_pairs(path: np.ndarray, blank: int = 0) -> np.ndarray:
    labels, t = [], 0
    while t < len(path):
        labels.append(int(path[t]))
        t += 2 if t + 1 < len(path) and path[t + 1] == path[t] else 1
    return np.array([symbol for symbol in labels if symbol != blank], dtype=int)


@mutant(
    task="ctc_collapse",
    name="a first step taken from an empty path",
    hint="What is path[0] if nothing was recorded?",
)
def needs_a_step(path: np.ndarray, blank: int = 0) -> np.ndarray:
    labels, before = [], path[0]
    if before != blank:
        labels.append(int(before))
    for symbol in path[1:]:
        if symbol not in (before, blank):
            labels.append(int(symbol))
        before = symbol
    return np.array(labels, dtype=int)


@mutant(
    task="ctc_collapse",
    name="an array of floats",
    hint="np.array([]) and np.zeros hold floats by default. Can a float be the number of a letter?",
)
def as_floats(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return path[(np.diff(path, prepend=-1) != 0) & (path != blank)].astype(float)


def merged(path: np.ndarray) -> np.ndarray:
    """The first step of each run."""
    return path[np.diff(path, prepend=-1) != 0]


@mutant(
    task="ctc_collapse",
    name="only symbols above the blank",
    hint="`symbol > blank` is the same as `symbol != blank` only if the blank is 0. What if it is 3?",
)
def above_the_blank(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return merged(path)[merged(path) > blank]


@mutant(
    task="ctc_collapse",
    name="blanks that are dropped only at the beginning and the end",
    hint="Which blanks of · h · i · do not belong to the text?",
)
def outer_blanks(path: np.ndarray, blank: int = 0) -> np.ndarray:
    kept = np.flatnonzero(merged(path) != blank)
    return merged(path)[kept[0] : kept[-1] + 1] if kept.size else path[:0]


@mutant(
    task="ctc_collapse",
    name="the blank mistaken for a position in the path",
    hint="np.delete(x, 0) and del x[0] remove the first element. What should go: a position, or a value?",
)
def blank_as_place(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return np.delete(merged(path), blank) if len(merged(path)) > blank else merged(path)


@mutant(
    task="ctc_collapse",
    name="only the first blank dropped",
    hint="list.remove removes one. How many blanks does the path have once it is merged?",
)
def first_blank(path: np.ndarray, blank: int = 0) -> np.ndarray:
    labels = merged(path).tolist()
    if blank in labels:
        labels.remove(blank)
    return np.array(labels, dtype=int)


@mutant(
    task="ctc_collapse",
    name="letters of a single step left out",
    hint="How long must a letter last to be written? One step is enough for the rule.",
)
def short_runs_lost(path: np.ndarray, blank: int = 0) -> np.ndarray:
    runs = [(symbol, len(list(run))) for symbol, run in groupby(path.tolist())]
    return np.array([symbol for symbol, length in runs if symbol != blank and length > 1], dtype=int)


@mutant(
    task="ctc_collapse",
    name="steps in place of symbols",
    hint="np.flatnonzero returns *where* something is new. What does the docstring ask for?",
)
def steps_returned(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return np.flatnonzero((np.diff(path, prepend=-1) != 0) & (path != blank))


@mutant(
    task="ctc_collapse",
    name="an empty text that is an array of floats",
    hint="What is np.array([]).dtype? Pass dtype=int where a list may be empty.",
)
def empty_of_floats(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return np.array([symbol for symbol in merged(path).tolist() if symbol != blank])


@mutant(
    task="ctc_collapse",
    name="symbols split into digits",
    hint="As text, 12 is 1 and 2. Can the numbers stay numbers?",
)
def digits(path: np.ndarray, blank: int = 0) -> np.ndarray:
    text = "".join(map(str, path.tolist()))
    return np.array([int(digit) for digit, _ in groupby(text) if digit != str(blank)], dtype=int)


@mutant(
    task="ctc_collapse",
    name="symbols that do not fit into 8 bits",
    hint="uint8 ends at 255. What becomes of symbol 300?",
)
def eight_bits(path: np.ndarray, blank: int = 0) -> np.ndarray:
    return merged(path)[merged(path) != blank].astype(np.uint8)


@mutant(
    task="ctc_collapse",
    name="a path that is changed in place",
    hint="The path belongs to the caller. What does it hold after your call?",
)
def overwritten(path: np.ndarray, blank: int = 0) -> np.ndarray:
    again = np.diff(path, prepend=-1) == 0
    path[again] = blank
    return path[path != blank]


# ---------------------------------------------------------------- 2a.2 forward recursion


def recursion(
    log_probs: np.ndarray,
    labels: np.ndarray,
    blank: int = 0,
    *,
    begin: int = 2,
    end: int = 2,
    jumps: str = "different",
    stay: bool = True,
    add: np.ufunc = np.logaddexp,
) -> float:
    """The correct recursion; its options are common mistakes."""
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    letter, jump = states != blank, np.zeros(len(states), dtype=bool)
    different = states[2:] != states[:-2]
    jump[2:] = {
        "different": different,
        "letters": letter[2:],
        "all": True,
        "all but equals": different | ~letter[2:],
        "none": False,
    }[jumps]
    alpha = np.full(len(states), -np.inf)
    alpha[:begin] = log_probs[0, states[:begin]]
    for step in log_probs[1:]:
        before = alpha
        alpha = before.copy() if stay else np.full(len(states), -np.inf)
        alpha[1:] = add(alpha[1:], before[:-1])
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
    name="a jump from every state to the next but one",
    hint="What is jumped over between one blank and the next? And between an l and the l after it?",
)
def jump_anywhere(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, jumps="all")


@mutant(
    task="ctc_forward",
    name="a jump from blank to blank",
    hint="What is jumped over between one blank and the next? Is that letter then written?",
)
def jump_over_letters(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, jumps="all but equals")


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
    hint="In floating point, 0.1 to the power of 1000 is 0. Which operations on logarithms replace product and sum?",
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
    hint="The caller passes blank=2. Which symbol do you put between the letters?",
)
def blank_always_zero(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, 0)


@mutant(
    task="ctc_forward",
    name="paths that begin anywhere",
    hint="In step 0, can a path be in the middle of the text, with no step for the letters before?",
)
def begins_anywhere(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, begin=2 * len(labels) + 1)


@mutant(
    task="ctc_forward",
    name="paths that end anywhere",
    hint="A path that stops in the first letter: has it spelled the whole text?",
)
def ends_anywhere(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, end=2 * len(labels) + 1)


@mutant(
    task="ctc_forward",
    name="the better of the two ends in place of their sum",
    hint="Some paths end in the last letter, others in the last blank. Do both kinds spell the text?",
)
def better_end(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    last = recursion(log_probs, labels, blank, end=1)
    both = recursion(log_probs, labels, blank)
    with np.errstate(invalid="ignore"):
        letter = both + np.log1p(-np.exp(last - both)) if last < both else -np.inf
    return float(max(last, letter))


@mutant(
    task="ctc_forward",
    name="an empty text that has a first letter",
    hint="How many states does the empty text have? Which of them do you fill in step 0?",
)
def needs_a_letter(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    labels[0]
    return recursion(log_probs, labels, blank)


@mutant(
    task="ctc_forward",
    name="the probabilities of the first step left out",
    hint="In step 0 a path already writes a symbol. Where do its probability and y come together?",
)
def first_step_free(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    log_probs = log_probs.copy()
    log_probs[0] = 0
    return recursion(log_probs, labels, blank)


@mutant(
    task="ctc_forward",
    name="a first step that is taken twice",
    hint="You fill the row for step 0. At which step does your loop begin?",
)
def first_step_twice(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(np.concatenate([log_probs[:1], log_probs]), labels, blank)


@mutant(
    task="ctc_forward",
    name="a last step that is left out",
    hint="range(1, T - 1) stops before which step?",
)
def last_step_lost(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs[: max(1, len(log_probs) - 1)], labels, blank)


@mutant(
    task="ctc_forward",
    name="paths that never stay in a state",
    hint="A letter may last for several steps. From which state does a path come that writes it once more?",
)
def never_stays(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, stay=False)


@mutant(
    task="ctc_forward",
    name="logarithms added where probabilities add up",
    hint="log a + log b is the logarithm of a·b. Which function gives the logarithm of a + b?",
)
def logs_added(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, add=np.add)


@mutant(
    task="ctc_forward",
    name="NaN out of −∞ minus −∞",
    hint="Before the path has reached a state, both ways into it are −∞. What is −∞ − (−∞), and what can handle it?",
)
def not_a_number(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    def add(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        highest = np.maximum(one, other)
        return highest + np.log(np.exp(one - highest) + np.exp(other - highest))

    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    alpha = np.full(len(states), -np.inf)
    alpha[:2] = log_probs[0, states[:2]]
    with np.errstate(all="ignore"):
        for step in log_probs[1:]:
            before, alpha = alpha, alpha.copy()
            alpha[1:] = add(before[1:], before[:-1])
            alpha[2:] = np.where(states[2:] != states[:-2], add(alpha[2:], before[:-2]), alpha[2:])
            alpha = alpha + step[states]
        return float(alpha[-1] if len(alpha) == 1 else add(alpha[-2], alpha[-1]))


@mutant(
    task="ctc_forward",
    name="states without the first and the last blank",
    hint="May a path of 'hello' begin and end in silence? Write the states of a text of one letter.",
)
def no_outer_blanks(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = np.full(2 * len(labels) - 1, blank)
    states[::2] = labels
    jump = np.zeros(len(states), dtype=bool)
    jump[2:] = states[2:] != states[:-2]
    alpha = np.full(len(states), -np.inf)
    alpha[0] = log_probs[0, states[0]]
    for step in log_probs[1:]:
        before, alpha = alpha, alpha.copy()
        alpha[1:] = np.logaddexp(before[1:], before[:-1])
        alpha[2:] = np.where(jump[2:], np.logaddexp(alpha[2:], before[:-2]), alpha[2:])
        alpha = alpha + step[states]
    return float(alpha[-1])


def state_by_state(
    log_probs: np.ndarray, labels: np.ndarray, blank: int, *, nothing: float = -np.inf, around: bool = False
) -> tuple[np.ndarray, list[int]]:
    """The correct recursion in loops; its options are mistakes that loops invite: the last row, and the states."""
    states = [blank, *(k for label in np.asarray(labels).tolist() for k in (label, blank))]
    alpha = np.full(len(states), nothing)
    alpha[:2] = log_probs[0, states[:2]]
    for step in log_probs[1:]:
        before, alpha = alpha, np.full(len(states), nothing)
        for s, k in enumerate(states):
            total = before[s]
            if s > 0 or around:
                total = np.logaddexp(total, before[s - 1])
            if k != blank and (s > 1 or around) and states[s] != states[s - 2]:
                total = np.logaddexp(total, before[s - 2])
            alpha[s] = total + step[k]
    return alpha, states


@mutant(
    task="ctc_forward",
    name="an index that wraps around from the first state to the last",
    hint="alpha[s - 1] with s = 0 is alpha[-1]: which state is that? From where may the first state be entered?",
)
def goes_round(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return float(np.logaddexp.reduce(state_by_state(log_probs, labels, blank, around=True)[0][-2:]))


@mutant(
    task="ctc_forward",
    name="a large negative number in place of −∞",
    hint="Is the logarithm of probability 0 a number? Which float represents it?",
)
def not_quite_nothing(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return float(np.logaddexp.reduce(state_by_state(log_probs, labels, blank, nothing=-1e9)[0][-2:]))


@mutant(
    task="ctc_forward",
    name="paths that must end in the last letter",
    hint="May a path of the text end in silence? And in which state does a path of the empty text end?",
)
def ends_in_letter(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return float(state_by_state(log_probs, labels, blank)[0][-2])


@mutant(
    task="ctc_forward",
    name="logarithms to the base 10",
    hint="np.log and np.log10 differ. Which of them belongs to exp and logaddexp?",
)
def to_base_ten(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank) / np.log(10)


@mutant(
    task="ctc_forward",
    name="a probability divided by the number of steps",
    hint="The task asks for the probability of a text. Is that a mean over the steps?",
)
def for_each_step(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank) / len(log_probs)


@mutant(
    task="ctc_forward",
    name="a probability divided by the number of letters",
    hint="PyTorch's CTC loss divides by the length of the text by default. Does the formula?",
)
def for_each_letter(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank) / max(1, len(labels))


@mutant(
    task="ctc_forward",
    name="the probability of the symbol that is left",
    hint="On the way from h to e in step t, which of the two is written in step t?",
)
def symbol_left(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    alpha = np.full(len(states), -np.inf)
    alpha[:2] = log_probs[0, states[:2]]
    for step in log_probs[1:]:
        before = alpha + step[states]
        alpha = before.copy()
        alpha[1:] = np.logaddexp(before[1:], before[:-1])
        alpha[2:] = np.where(states[2:] != states[:-2], np.logaddexp(alpha[2:], before[:-2]), alpha[2:])
    return float(np.logaddexp.reduce(alpha[-2:]))


@mutant(
    task="ctc_forward",
    name="paths that end in a blank left out, unless the text is empty",
    hint="May a path of the text end in silence? Which two entries of the last row belong together?",
)
def letter_unless_empty(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return float(state_by_state(log_probs, labels, blank)[0][-2 if len(labels) else -1])


@mutant(
    task="ctc_forward",
    name="an empty text of probability 1",
    hint="Which path spells the empty text? Is it certain that nothing but blanks comes?",
)
def empty_is_certain(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank) if len(labels) else 0.0


@mutant(
    task="ctc_forward",
    name="sums of probabilities to the base 2",
    hint="np.logaddexp2 belongs to log2. To which base are log_probs logarithms?",
)
def sums_to_base_two(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(log_probs, labels, blank, add=np.logaddexp2)


@mutant(
    task="ctc_forward",
    name="the probabilities of the step before",
    hint="In step t a path writes a symbol. Which row of log_probs holds its probability?",
)
def step_before(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    return recursion(np.concatenate([log_probs[:1], log_probs[:-1]]), labels, blank)


@mutant(
    task="ctc_forward",
    name="blanks that cost nothing after the first step",
    hint="A blank is a symbol like the others, and has a probability in each step. Where do you multiply by it?",
)
def free_blanks(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    log_probs = log_probs.copy()
    log_probs[1:, blank] = 0
    return recursion(log_probs, labels, blank)


@mutant(
    task="ctc_forward",
    name="a text without any blanks",
    hint="A path may be silent before, between and after the letters. Which of your states represents that?",
)
def only_letters(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = labels if len(labels) else np.array([blank])
    alpha = np.full(len(states), -np.inf)
    alpha[0] = log_probs[0, states[0]]
    for step in log_probs[1:]:
        alpha[1:] = np.logaddexp(alpha[1:], alpha[:-1])
        alpha = alpha + step[states]
    return float(alpha[-1])


@mutant(
    task="ctc_forward",
    name="paths that must begin with the first letter",
    hint="May a path be silent before the first letter? In which two states may it begin?",
)
def begins_with_letter(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    if not len(labels):
        return recursion(log_probs, labels, blank)
    log_probs = log_probs.copy()
    log_probs[0, blank] = -np.inf
    return recursion(log_probs, labels, blank)


@mutant(
    task="ctc_forward",
    name="a function that calls itself once for each step",
    hint="Python stops a function that calls itself more than about a thousand times. Can a loop go through the steps?",
)
def once_for_each_step(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = [blank, *(k for label in np.asarray(labels).tolist() for k in (label, blank))]

    def alpha(t: int) -> np.ndarray:
        if t == 0:
            return np.where(np.arange(len(states)) < 2, log_probs[0, states], -np.inf)
        before = alpha(t - 1)
        row = np.logaddexp(before, np.r_[-np.inf, before[:-1]])
        for s in range(2, len(states)):
            if states[s] not in (blank, states[s - 2]):
                row[s] = np.logaddexp(row[s], before[s - 2])
        return row + log_probs[t, states]

    return float(np.logaddexp.reduce(alpha(len(log_probs) - 1)[-2:]))


@mutant(
    task="ctc_forward",
    name="a jump that depends on the letter after it",
    hint="To jump into a letter, it must differ from the letter that was left. Is that states[s - 2] or states[s + 2]?",
)
def asks_the_next(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = [blank, *(k for label in np.asarray(labels).tolist() for k in (label, blank)), blank, -1]
    alpha = np.full(len(states) - 2, -np.inf)
    alpha[:2] = log_probs[0, states[:2]][: len(alpha)]
    for step in log_probs[1:]:
        before, alpha = alpha, np.logaddexp(alpha, np.r_[-np.inf, alpha[:-1]])
        for s in range(3, len(alpha), 2):
            if states[s] != states[s + 2]:
                alpha[s] = np.logaddexp(alpha[s], before[s - 2])
        alpha = alpha + step[states[:-2]]
    return float(np.logaddexp.reduce(alpha[-2:]))


@mutant(
    task="ctc_forward",
    name="letters that never last",
    hint="May a letter be written in two steps in a row? From which state does such a path come?",
)
def letters_never_last(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    states = [blank, *(k for label in np.asarray(labels).tolist() for k in (label, blank))]
    alpha = np.full(len(states), -np.inf)
    alpha[:2] = log_probs[0, states[:2]]
    for step in log_probs[1:]:
        before = alpha
        alpha = np.where(np.arange(len(states)) % 2 == 0, before, -np.inf)
        alpha[1:] = np.logaddexp(alpha[1:], before[:-1])
        for s in range(3, len(states), 2):
            if states[s] != states[s - 2]:
                alpha[s] = np.logaddexp(alpha[s], before[s - 2])
        alpha = alpha + step[states]
    return float(np.logaddexp.reduce(alpha[-2:]))


@mutant(
    task="ctc_forward",
    name="−∞ replaced in the caller's array",
    hint="log_probs belongs to the caller. What does it hold after your call? Does −∞ need to go at all?",
)
def nothing_overwritten(log_probs: np.ndarray, labels: np.ndarray, blank: int = 0) -> float:
    log_probs[np.isneginf(log_probs)] = -1e9
    total = recursion(log_probs, labels, blank)
    return total if total > -1e8 else -np.inf
