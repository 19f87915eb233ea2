"""Misconceptions about periods, pitch classes and tempo, as answers that people really give."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from audiocourse.learn.checking.authoring import mutant

# ---------------------------------------------------------------- 1d.1 the first dip


def dips(column: np.ndarray, min_lag: int) -> list[int]:
    """All lags of one frame that are a dip."""
    return [t for t in range(min_lag, len(column) - 1) if column[t - 1] > column[t] <= column[t + 1]]


def deepest(column: np.ndarray, min_lag: int) -> int:
    """The lag of the smallest value among the lags that are looked at."""
    return min_lag + int(np.argmin(column[min_lag:-1]))


@mutant(
    task="first_dip",
    name="the deepest value",
    hint="Twice the period is a dip as well. What if noise makes that one a little deeper than the first?",
)
def deepest_of_all(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return np.array([deepest(column, min_lag) for column in d_prime.T])


@mutant(
    task="first_dip",
    name="the first lag below the threshold",
    hint="The curve has just gone below the threshold and still falls. Is this already the bottom?",
)
def first_below(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = np.flatnonzero(column[min_lag:-1] < threshold)
        found.append(min_lag + int(below[0]) if below.size else deepest(column, min_lag))
    return np.array(found)


@mutant(
    task="first_dip",
    name="the first dip, however shallow",
    hint="Every small wiggle is a dip. What is the threshold for?",
)
def threshold_forgotten(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return np.array([next(iter(dips(column, min_lag)), deepest(column, min_lag)) for column in d_prime.T])


@mutant(
    task="first_dip",
    name="the last dip",
    hint="A curve with period τ dips at τ, 2τ and 3τ. Which of them is the pitch?",
)
def last_of_all(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] < threshold]
        found.append(below[-1] if below else deepest(column, min_lag))
    return np.array(found)


@mutant(
    task="first_dip",
    name="the deepest of the dips below the threshold",
    hint="Two dips are deep enough. Does it matter which of them is deeper?",
)
def deepest_dip(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] < threshold]
        found.append(min(below, key=lambda t: column[t]) if below else deepest(column, min_lag))
    return np.array(found)


@mutant(
    task="first_dip",
    name="lags counted from min_lag",
    hint="You cut off the first rows. Which row of the whole array is row 0 of what is left?",
)
def counted_from_min_lag(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] < threshold]
        found.append((below[0] if below else deepest(column, min_lag)) - min_lag)
    return np.array(found)


@mutant(
    task="first_dip",
    name="0 for a frame without a dip",
    hint="No dip is deep enough. Which lag is the best guess that is left?",
)
def nothing_found(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return np.array([next((t for t in dips(column, min_lag) if column[t] < threshold), 0) for column in d_prime.T])


@mutant(
    task="first_dip",
    name="a search that begins at lag 1",
    hint="Which pitch would a lag of 2 samples be? What is min_lag for?",
)
def min_lag_forgotten(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, 1) if column[t] < threshold]
        found.append(below[0] if below else deepest(column, 1))
    return np.array(found)


@mutant(
    task="first_dip",
    name="a smallest value that is looked for among all lags",
    hint="For a frame without a dip: is the lag that you return one of those that are looked at?",
)
def fallback_anywhere(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] < threshold]
        found.append(below[0] if below else int(np.argmin(column)))
    return np.array(found)


@mutant(
    task="first_dip",
    name="a smallest value that may lie before min_lag",
    hint="min_lag keeps you from pitches that no one sings. Does it still do so in a frame without a dip?",
)
def fallback_before_min_lag(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] < threshold]
        found.append(below[0] if below else int(np.argmin(column[:-1])))
    return np.array(found)


@mutant(
    task="first_dip",
    name="a smallest value that may be the last row",
    hint="The curve still falls at its end. Can anyone know whether the last lag is a bottom?",
)
def last_row_allowed(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] < threshold]
        found.append(below[0] if below else min_lag + int(np.argmin(column[min_lag:])))
    return np.array(found)


@mutant(
    task="first_dip",
    name="a dip with a flat bottom that is passed over",
    hint="Two equal values at the bottom, next to each other: which of them is the dip?",
)
def flat_bottom_missed(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] < threshold and column[t] < column[t + 1]]
        found.append(below[0] if below else deepest(column, min_lag))
    return np.array(found)


@mutant(
    task="first_dip",
    name="min_lag itself left out",
    hint="The dip lies exactly at min_lag. Is this lag looked at?",
)
def one_lag_late(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag + 1) if column[t] < threshold]
        found.append(below[0] if below else deepest(column, min_lag))
    return np.array(found)


@mutant(
    task="first_dip",
    name="exactly the threshold counted as below it",
    hint="A dip is as deep as the threshold and no deeper. Is it below?",
)
def threshold_included(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        below = [t for t in dips(column, min_lag) if column[t] <= threshold]
        found.append(below[0] if below else deepest(column, min_lag))
    return np.array(found)


@mutant(
    task="first_dip",
    name="a peak instead of a dip",
    hint="d' measures how much a curve differs from a shifted copy of itself. Is it large or small at the period?",
)
def peaks(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        above = [t for t in dips(-column, min_lag) if column[t] > threshold]
        found.append(above[0] if above else min_lag + int(np.argmax(column[min_lag:-1])))
    return np.array(found)


def found_in_each(
    d_prime: np.ndarray,
    min_lag: int,
    threshold: float,
    *,
    is_dip: Callable[[np.ndarray, int], bool],
    otherwise: Callable[[np.ndarray, int], float] = deepest,
) -> np.ndarray:
    """The right search with another idea of a dip, or of what to do without one."""
    found = []
    for column in d_prime.T:
        lags = range(min_lag, len(column) - 1)
        below = (t for t in lags if column[t] < threshold and is_dip(column, t))
        found.append(next(below, otherwise(column, min_lag)))
    return np.array(found)


def is_right_dip(column: np.ndarray, t: int) -> bool:
    """A dip as the task defines it."""
    return bool(column[t - 1] > column[t] <= column[t + 1])


@mutant(
    task="first_dip",
    name="the deepest value of all lags",
    hint="Twice the period is a dip as well, and lag 1 may be deep, too. What are min_lag and the threshold for?",
)
def deepest_of_all_rows(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return np.argmin(d_prime, axis=0)


@mutant(
    task="first_dip",
    name="the deepest value from min_lag to the end",
    hint="Twice the period is a dip as well. What if noise makes that one a little deeper than the first?",
)
def deepest_up_to_the_end(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return min_lag + np.argmin(d_prime[min_lag:], axis=0)


@mutant(
    task="first_dip",
    name="the deepest value, counted from min_lag",
    hint="You cut off the first rows. Which row is row 0 of what is left? And is the deepest dip the first?",
)
def deepest_counted_from_min_lag(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return np.argmin(d_prime[min_lag:-1], axis=0)


@mutant(
    task="first_dip",
    name="the first lag below the threshold, or min_lag",
    hint="The curve still falls. Is this the bottom? And what does argmax find if nothing is below?",
)
def first_below_or_min_lag(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return min_lag + np.argmax(d_prime[min_lag:-1] < threshold, axis=0)


@mutant(
    task="first_dip",
    name="NaN for a frame without a dip",
    hint="No dip is deep enough. Which lag is the best guess that is left?",
)
def nothing_is_nan(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=is_right_dip, otherwise=lambda *_: np.nan)


@mutant(
    task="first_dip",
    name="−1 for a frame without a dip",
    hint="No dip is deep enough. Which lag is the best guess that is left?",
)
def nothing_is_minus_one(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=is_right_dip, otherwise=lambda *_: -1)


@mutant(
    task="first_dip",
    name="min_lag for a frame without a dip",
    hint="No dip is deep enough. At which of the lags is the curve lowest?",
)
def nothing_is_min_lag(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=is_right_dip, otherwise=lambda _, lag: lag)


@mutant(
    task="first_dip",
    name="a smallest value that is counted from min_lag",
    hint="Without a dip, you search a part of the column. Which lag is position 0 of that part?",
)
def fallback_counted_from_min_lag(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(
        d_prime, min_lag, threshold, is_dip=is_right_dip, otherwise=lambda d, lag: int(np.argmin(d[lag:-1]))
    )


@mutant(
    task="first_dip",
    name="a smallest value that is looked for among dips only",
    hint="The curve falls all the way to its end and has no dip. Which lag is its smallest value?",
)
def fallback_among_dips(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    def otherwise(column: np.ndarray, lag: int) -> int:
        return min(dips(column, lag) or [lag], key=lambda t: column[t])

    return found_in_each(d_prime, min_lag, threshold, is_dip=is_right_dip, otherwise=otherwise)


@mutant(
    task="first_dip",
    name="any lag of a flat bottom, not only its first",
    hint="Two equal values at the bottom, and the search begins at the second. Is it lower than the one before it?",
)
def flat_parts_count(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=lambda d, t: d[t - 1] >= d[t] <= d[t + 1])


@mutant(
    task="first_dip",
    name="the last lag of a flat bottom",
    hint="Two equal values at the bottom, next to each other: which of them comes first?",
)
def last_of_a_flat_bottom(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=lambda d, t: d[t - 1] >= d[t] < d[t + 1])


@mutant(
    task="first_dip",
    name="the last lag but one left out",
    hint="The dip lies at the last lag but one. Has it a neighbour on each side?",
)
def last_but_one_left_out(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return np.array(
        [
            next(
                (t for t in dips(column[:-1], min_lag) if column[t] < threshold),
                deepest(column, min_lag),
            )
            for column in d_prime.T
        ]
    )


@mutant(
    task="first_dip",
    name="a dip that is only compared with what follows",
    hint="The curve is below the threshold at min_lag already, and rises from there. Is min_lag a dip?",
)
def right_side_only(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=lambda d, t: d[t] <= d[t + 1])


@mutant(
    task="first_dip",
    name="a dip that is only compared with what comes before",
    hint="The curve still falls. Is this already the bottom?",
)
def left_side_only(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=lambda d, t: d[t - 1] > d[t])


@mutant(
    task="first_dip",
    name="a lag that is one too long",
    hint="Row τ is lag τ, and the first row is lag 0. From which number do you count?",
)
def one_lag_too_long(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime, min_lag, threshold, is_dip=is_right_dip) + 1


@mutant(
    task="first_dip",
    name="the first frame only",
    hint="How many frames are there, and how many lags do you return?",
)
def first_frame_only(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    return found_in_each(d_prime[:, :1], min_lag, threshold, is_dip=is_right_dip)


@mutant(
    task="first_dip",
    name="a peak between dips",
    hint="d' measures how much a curve differs from a shifted copy of itself. Is it large or small at the period?",
)
def peaks_between(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    def is_peak(column: np.ndarray, t: int) -> bool:
        return bool(column[t - 1] < column[t] >= column[t + 1])

    return np.array(
        [
            next((t for t in range(min_lag, len(d) - 1) if is_peak(d, t) and d[t] > threshold), deepest(d, min_lag))
            for d in d_prime.T
        ]
    )


@mutant(
    task="first_dip",
    name="a dip at the first or last lag lost with the rows that were cut off",
    hint="You cut off rows first. Which neighbour is then missing for the dip at min_lag?",
)
def neighbours_cut_off(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime[min_lag:-1].T:
        below = [t for t in dips(column, 1) if column[t] < threshold]
        found.append(min_lag + (below[0] if below else int(np.argmin(column))))
    return np.array(found)


@mutant(
    task="first_dip",
    name="no lag at all for a frame without a dip",
    hint="How many frames came in, and how many lags do you return? Which lag is the best guess without a dip?",
)
def nothing_returned(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    lags = (next((t for t in dips(column, min_lag) if column[t] < threshold), None) for column in d_prime.T)
    return np.array([lag for lag in lags if lag is not None], dtype=int)


@mutant(
    task="first_dip",
    name="a dip above the threshold",
    hint="A period is where the curve nearly matches itself. Is d' large or small there?",
)
def above_the_threshold(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        above = [t for t in dips(column, min_lag) if column[t] > threshold]
        found.append(above[0] if above else deepest(column, min_lag))
    return np.array(found)


@mutant(
    task="first_dip",
    name="a last row whose right neighbour does not exist",
    hint="The curve falls to its very end. Which lag comes after the last one?",
)
def last_row_asked(d_prime: np.ndarray, *, min_lag: int, threshold: float) -> np.ndarray:
    found = []
    for column in d_prime.T:
        lags = range(min_lag, len(column))
        below = (t for t in lags if column[t] < threshold and column[t - 1] > column[t] <= column[t + 1])
        lag = next(below, None)
        found.append(deepest(column, min_lag) if lag is None else lag)
    return np.array(found)


# ---------------------------------------------------------------- 1d.2 pitch classes


@mutant(
    task="pitch_class",
    name="note numbers cut off instead of rounded",
    hint="A note 0.2 semitones too low: which note is nearest, and which one do you name?",
)
def cut_off(hz: np.ndarray) -> np.ndarray:
    return np.floor(69 + 12 * np.log2(hz / 440)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="a distance from A that is cut towards zero",
    hint="One note a little too low, one a little too high, both below A4: do you treat them alike?",
)
def cut_towards_a4(hz: np.ndarray) -> np.ndarray:
    return (69 + (12 * np.log2(hz / 440)).astype(int)) % 12


@mutant(
    task="pitch_class",
    name="classes counted from A",
    hint="Which number does 440 Hz get, and which number has the A in the text above?",
)
def counted_from_a(hz: np.ndarray) -> np.ndarray:
    return np.round(12 * np.log2(hz / 440)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="a fold before the rounding",
    hint="A C that is a little too low: can your answer be 12, and how many classes are there?",
)
def folded_first(hz: np.ndarray) -> np.ndarray:
    return np.round((69 + 12 * np.log2(hz / 440)) % 12).astype(int)


@mutant(
    task="pitch_class",
    name="a note number that still knows its octave",
    hint="Two notes an octave apart carry the same name. Do they get the same number from you?",
)
def never_folded(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz / 440)).astype(int)


@mutant(
    task="pitch_class",
    name="the natural logarithm",
    hint="An octave is a doubling. What is your logarithm of 2, times 12?",
)
def natural_logarithm(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log(hz / 440)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="the logarithm to base 10",
    hint="One octave up is 12 semitones. How many is it in your formula?",
)
def decimal_logarithm(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log10(hz / 440)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="equal steps in Hz",
    hint="From A3 to A4 are 220 Hz, from A4 to A5 are 440 Hz, and both are one octave. How wide is a semitone in each?",
)
def linear_in_hz(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * (hz / 440 - 1)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="classes counted from 1",
    hint="C is the first of twelve. Which number does it have in the text above?",
)
def counted_from_one(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz / 440)).astype(int) % 12 + 1


@mutant(
    task="pitch_class",
    name="seven steps in an octave",
    hint="Count the keys of a piano from one C to the next, black ones as well. How many are there?",
)
def white_keys_only(hz: np.ndarray) -> np.ndarray:
    return np.round(5 + 7 * np.log2(hz / 440)).astype(int) % 7


@mutant(
    task="pitch_class",
    name="an A4 of 432 Hz",
    hint="A tone of 440 Hz, 40 cents too high: which note do you name? Which A is tuned exactly here?",
)
def another_tuning(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz / 432)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="note numbers with a fraction",
    hint="A note 0.3 semitones too high: what is its class, and can a class be 4.3?",
)
def never_rounded(hz: np.ndarray) -> np.ndarray:
    return (69 + 12 * np.log2(hz / 440)) % 12


@mutant(
    task="pitch_class",
    name="note numbers rounded up",
    hint="A note 0.2 semitones too high: which note is nearest, and which one do you name?",
)
def rounded_up(hz: np.ndarray) -> np.ndarray:
    return np.ceil(69 + 12 * np.log2(hz / 440)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="a fraction upside down",
    hint="A higher note: does your note number rise or fall?",
)
def fraction_upside_down(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(440 / hz)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="the octave instead of the class",
    hint="Dividing by 12 says in which octave a note lies. What says where in the octave?",
)
def octave_instead(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz / 440)).astype(int) // 12


@mutant(
    task="pitch_class",
    name="a logarithm of hertz without a reference",
    hint="69 is the number of 440 Hz. What does your formula give for 440 Hz, before you fold?",
)
def without_a_reference(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="a remainder modulo 11",
    hint="How many classes are there, counting 0?",
)
def eleven(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz / 440)).astype(int) % 11


@mutant(
    task="pitch_class",
    name="classes below zero",
    hint="A note below A4: can your class be negative? Which remainder is never negative?",
)
def negative_classes(hz: np.ndarray) -> np.ndarray:
    return np.fmod(np.round(12 * np.log2(hz / 440)).astype(int) + 9, 12)


@mutant(
    task="pitch_class",
    name="69 + 12 added before they are multiplied",
    hint="An octave up is 12 semitones. How many is it in your formula?",
)
def sum_before_the_product(hz: np.ndarray) -> np.ndarray:
    return np.round((69 + 12) * np.log2(hz / 440)).astype(int) % 12


@mutant(
    task="pitch_class",
    name="the first note only",
    hint="How many frequencies came in, and how many classes do you return?",
)
def first_note_only(hz: np.ndarray) -> np.ndarray:
    return int(np.round(69 + 12 * np.log2(hz[0] / 440))) % 12


@mutant(
    task="pitch_class",
    name="note numbers cut towards C4",
    hint="A note below C4: does int() cut it down or up? And what of a note 0.2 semitones too low?",
)
def cut_off_from_c(hz: np.ndarray) -> np.ndarray:
    return np.array([int(12 * np.log2(one / 261.6256)) % 12 for one in hz])


@mutant(
    task="pitch_class",
    name="a wrong number for A",
    hint="C = 0, C♯ = 1, D = 2, …: which number has A, if you count on?",
)
def ten_for_a(hz: np.ndarray) -> np.ndarray:
    return (np.round(12 * np.log2(hz / 440)).astype(int) + 10) % 12


@mutant(
    task="pitch_class",
    name="a distance from C4 that still knows its octave",
    hint="Two notes an octave apart carry the same name. Do they get the same number from you?",
)
def counted_from_c4(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz / 440)).astype(int) - 60


@mutant(
    task="pitch_class",
    name="a logarithm divided by 440",
    hint="Is it the frequency that is compared with 440 Hz, or its logarithm?",
)
def divided_too_late(hz: np.ndarray) -> np.ndarray:
    return np.round(69 + 12 * np.log2(hz) / 440).astype(int) % 12


# ---------------------------------------------------------------- 1d.3 tempo


def allowed_lags(strength: np.ndarray, frame_rate: float, slowest: float, fastest: float) -> np.ndarray:
    """The whole lags whose tempo lies in the range."""
    lags = np.arange(1, len(strength))
    tempos = 60 * frame_rate / lags
    return lags[(tempos >= slowest) & (tempos <= fastest)]


def correlations(x: np.ndarray, lags: np.ndarray) -> np.ndarray:
    """The autocorrelation of x at each of the lags."""
    return np.array([np.dot(x[: len(x) - lag], x[lag:]) for lag in lags])


@mutant(
    task="dominant_bpm",
    name="a mean that is not subtracted",
    hint="A strength that never changes: at which lag is the sum of products largest, and why?",
)
def mean_left_in(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmax(correlations(strength.astype(float), lags))])


@mutant(
    task="dominant_bpm",
    name="lags counted from 0",
    hint="The list of sums begins with the shortest allowed lag. Which lag belongs to its position 0?",
)
def counted_from_zero(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    best = np.argmax(correlations(x, allowed_lags(strength, frame_rate, slowest, fastest)))
    return float(60 * frame_rate / max(1, best))


@mutant(
    task="dominant_bpm",
    name="lags counted one too short",
    hint="Position 0 of your sums is which lag: 0 or the first that is allowed? Try clicks exactly 10 frames apart.",
)
def one_lag_short(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / max(1, lags[np.argmax(correlations(x, lags))] - 1))


@mutant(
    task="dominant_bpm",
    name="the period instead of the tempo",
    hint="Beats closer together: should your number go up or down?",
)
def period_in_frames(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="a fraction that is upside down",
    hint="A lag of half a second is how many beats in a minute? Do the units of your fraction cancel to 1/minute?",
)
def upside_down(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * lags[np.argmax(correlations(x, lags))] / frame_rate)


@mutant(
    task="dominant_bpm",
    name="beats per second",
    hint="How many seconds has a minute, and where are they in your answer?",
)
def per_second(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(frame_rate / lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="a mean of products instead of a sum",
    hint="Long lags have fewer products. Does the task divide by their number?",
)
def divided_by_number(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmax(correlations(x, lags) / (len(x) - lags))])


@mutant(
    task="dominant_bpm",
    name="an end that is joined to the beginning",
    hint="The last frames have no partner l frames later. What do you multiply them by?",
)
def around_in_a_circle(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmax([np.dot(x, np.roll(x, lag)) for lag in lags])])


@mutant(
    task="dominant_bpm",
    name="any lag, however fast or slow",
    hint="Is the tempo that you return between slowest and fastest?",
)
def range_ignored(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = np.arange(1, len(x))
    return float(60 * frame_rate / lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="limits that are left out",
    hint="The tempo is exactly the fastest that is allowed. Is its lag among those that you try?",
)
def limits_left_out(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    inner = [lag for lag in lags if slowest < 60 * frame_rate / lag < fastest]
    tried = np.array(inner) if inner else lags
    return float(60 * frame_rate / tried[np.argmax(correlations(x, tried))])


@mutant(
    task="dominant_bpm",
    name="a shortest lag that is rounded down",
    hint="60·frame_rate / fastest is 42.3. Is the tempo of lag 42 still allowed?",
)
def limit_rounded_down(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = np.arange(max(1, int(60 * frame_rate / fastest)), min(int(60 * frame_rate / slowest), len(x) - 1) + 1)
    return float(60 * frame_rate / lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="the size of the correlation without its sign",
    hint="A large negative sum: do peaks meet peaks there, or peaks meet gaps?",
)
def sign_lost(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmax(np.abs(correlations(x, lags)))])


@mutant(
    task="dominant_bpm",
    name="the tempo of half the period",
    hint="Clicks half a second apart: 120 per minute. How many do you count, and is every lag a whole period?",
)
def twice_as_fast(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(120 * frame_rate / lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="lags counted from 1",
    hint="The list of sums begins with the shortest allowed lag. Which lag belongs to its position 0?",
)
def position_plus_one(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    best = np.argmax(correlations(x, allowed_lags(strength, frame_rate, slowest, fastest)))
    return float(60 * frame_rate / (1 + best))


@mutant(
    task="dominant_bpm",
    name="lags counted one too long",
    hint="Position 0 of your sums is which lag? Try clicks exactly 10 frames apart.",
)
def one_lag_long(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / (lags[np.argmax(correlations(x, lags))] + 1))


@mutant(
    task="dominant_bpm",
    name="the period in seconds",
    hint="Beats closer together: should your number go up or down?",
)
def period_in_seconds(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(lags[np.argmax(correlations(x, lags))] / frame_rate)


@mutant(
    task="dominant_bpm",
    name="the smallest sum instead of the largest",
    hint="Peaks meet peaks: is the sum of products large or small there?",
)
def smallest_sum(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmin(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="a tempo that is rounded",
    hint="A period of 26 frames at 100 frames per second: is that a whole number of beats per minute?",
)
def whole_bpm(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(round(60 * frame_rate / lags[np.argmax(correlations(x, lags))]))


@mutant(
    task="dominant_bpm",
    name="a correlation coefficient instead of a sum",
    hint="Long lags have fewer products. Does the task divide by their number, or by their spread?",
)
def correlation_coefficient(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmax([np.corrcoef(x[:-lag], x[lag:])[0, 1] for lag in lags])])


@mutant(
    task="dominant_bpm",
    name="whole tempi instead of whole lags",
    hint="The curve can only be shifted by whole frames. Which tempi are there at 100 frames per second?",
)
def whole_tempi(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    tempi = np.arange(np.ceil(slowest), np.floor(fastest) + 1)
    lags = np.maximum(1, np.round(60 * frame_rate / tempi)).astype(int)
    return float(tempi[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="the smallest squared difference, as for pitch",
    hint="Long lags have fewer terms, so their sum of differences is smaller. Which sum does the task ask for?",
)
def squared_differences(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmin([np.sum((x[:-lag] - x[lag:]) ** 2) for lag in lags])])


@mutant(
    task="dominant_bpm",
    name="the best of all lags, pressed into the range",
    hint="The tempo you return is exactly the limit. Does the curve match itself there?",
)
def pressed_into_the_range(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = np.arange(1, len(x))
    return float(np.clip(60 * frame_rate / lags[np.argmax(correlations(x, lags))], slowest, fastest))


@mutant(
    task="dominant_bpm",
    name="the median subtracted instead of the mean",
    hint="Between the peaks the curve lies near its median. Is what is left of it 0 on average?",
)
def median_taken_off(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - np.median(strength)
    lags = allowed_lags(strength, frame_rate, slowest, fastest)
    return float(60 * frame_rate / lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="the strongest frequency of a spectrum",
    hint="Clicks have many harmonics, and a spectrum has steps of its own. With what is the curve to be compared?",
)
def strongest_frequency(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    bpm = 60 * np.fft.rfftfreq(len(x), 1 / frame_rate)
    allowed = (bpm >= slowest) & (bpm <= fastest)
    return float(bpm[allowed][np.argmax(np.abs(np.fft.rfft(x))[allowed])])


@mutant(
    task="dominant_bpm",
    name="a longest lag that is left out",
    hint="range(14, 73) ends before 73. Is the slowest tempo still among those that you try?",
)
def longest_lag_left_out(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = np.arange(math.ceil(60 * frame_rate / fastest), math.floor(60 * frame_rate / slowest))
    return float(60 * frame_rate / lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="a shortest lag rounded down, and the longest left out",
    hint="60·frame_rate / fastest is 42.3: is lag 42 allowed? And where does range end?",
)
def int_and_range(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = np.arange(int(60 * frame_rate / fastest), int(60 * frame_rate / slowest))
    return float(60 * frame_rate / lags[np.argmax(correlations(x, lags))])


@mutant(
    task="dominant_bpm",
    name="limits rounded to the nearest lag",
    hint="60·frame_rate / fastest is 42.3. Is the tempo of lag 42 still allowed?",
)
def limits_rounded(strength: np.ndarray, *, frame_rate: float, slowest: float, fastest: float) -> float:
    x = strength - strength.mean(dtype=float)
    lags = np.arange(round(60 * frame_rate / fastest), round(60 * frame_rate / slowest) + 1)
    return float(60 * frame_rate / lags[np.argmax(correlations(x, lags))])
