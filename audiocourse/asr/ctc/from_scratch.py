"""Connectionist temporal classification: letters from frames, without knowing which frame holds which letter.

A network gives each frame t a log-probability for each symbol k, one of them the *blank*. A *path* has one symbol per
frame. `ctc_collapse` turns a path into a labelling: repetitions are merged, then blanks are dropped. The probability of
a labelling is the sum over all its paths; the tables here add them up, state by state, without listing them.

::

    labels        c  a  t          states   ∅ c ∅ a ∅ t ∅        with_blanks
    one step      stay, go on to the next state, or jump over a blank between two different labels
    forward α     log-probability of all paths into a state      backward β     of all paths from it to the end

Everything is NumPy in float64, written out to be read; the losses in training are torch's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import BoolArray, FloatArray, IntArray

Labels = Sequence[int] | IntArray
_SUM_TOLERANCE = 1e-3  # a float32 softmax over a few hundred symbols is closer to 1 than this


def ctc_collapse(path: Labels, *, blank: int = 0) -> IntArray:
    """Turn a path into its labelling: merge repetitions, then drop blanks.

    B(a a ∅ a b b) = a a b: a letter that lasts several frames counts once, and a blank between two equal letters keeps
    them apart.

    Parameters
    ----------
    path : np.ndarray [shape=(frames,)]
        A symbol for each frame.
    blank : int
        The number of the blank.

    Returns
    -------
    np.ndarray [shape=(labels,)]
        int64.

    Raises
    ------
    AudioCourseError
        If the path is not a row of whole numbers.

    Source: A. Graves et al., Connectionist temporal classification, ICML 2006.

    Examples
    --------
    >>> ctc_collapse([1, 1, 0, 1, 2, 2])
    array([1, 1, 2])

    Notebook: 02a_ctc
    """
    path = _require_row(path, "path")
    new = np.ones(path.size, dtype=np.bool_)
    new[1:] = path[1:] != path[:-1]
    labels: IntArray = path[new & (path != blank)]
    return labels


def with_blanks(labels: Labels, *, blank: int = 0) -> IntArray:
    """Put a blank before, between and after the labels: the states that every path of a labelling goes through.

    l′ = ∅ l₁ ∅ l₂ … l_L ∅, 2L + 1 states

    Parameters
    ----------
    labels : np.ndarray [shape=(labels,)]
        Without blanks.
    blank : int
        The number of the blank.

    Returns
    -------
    np.ndarray [shape=(2 · labels + 1,)]
        int64.

    Raises
    ------
    AudioCourseError
        If the labels are not a row of whole numbers, or the blank is among them.

    Examples
    --------
    >>> with_blanks([3, 1])
    array([0, 3, 0, 1, 0])

    Notebook: 02a_ctc
    """
    labels = _require_row(labels, "labels")
    if np.any(labels == blank):
        raise AudioCourseError(f"The blank ({blank}) is among the labels: pass the text alone, without blanks.")
    states = np.full(2 * labels.size + 1, blank, dtype=np.int64)
    states[1::2] = labels
    return states


def frames_needed(labels: Labels) -> int:
    """Count the frames of the shortest path: one for each label, one for the blank between two equal ones.

    T ≥ L + #{i : l_i = l_(i+1)}

    Parameters
    ----------
    labels : np.ndarray [shape=(labels,)]
        Without blanks.

    Returns
    -------
    int
        With fewer frames the labelling has no path, and its loss is infinite.

    Examples
    --------
    >>> frames_needed([8, 5, 12, 12, 15])
    6

    Notebook: 02a_ctc
    """
    labels = _require_row(labels, "labels")
    return int(labels.size + np.count_nonzero(labels[1:] == labels[:-1]))


def jumps(states: IntArray) -> BoolArray:
    """Find the states that can be entered from two states before: labels that differ from the label before them.

    Never a blank, and never the second of two equal labels, whose blank must be visited.

    Parameters
    ----------
    states : np.ndarray [shape=(states,)]
        See `with_blanks`.

    Returns
    -------
    np.ndarray [shape=(states,), dtype=bool]
        True where a jump is allowed.

    Examples
    --------
    >>> jumps(with_blanks([1, 1, 2]))[1::2]
    array([False, False,  True])

    Notebook: 02a_ctc
    """
    allowed = np.zeros(states.size, dtype=np.bool_)
    allowed[2:] = states[2:] != states[:-2]  # two blanks are equal, too
    return allowed


def forward_table(log_probs: FloatArray, labels: Labels, *, blank: int = 0) -> FloatArray:
    """Sum, for each frame and state, over all paths that lead there.

    α[0, s] = log y[0, l′_s] for s = 0, 1, else −∞;
    α[t, s] = log(e^α[t − 1, s] + e^α[t − 1, s − 1] + e^α[t − 1, s − 2]) + log y[t, l′_s], the last term only where
    `jumps` allows it.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(frames, symbols)]
        log y, each frame a distribution.
    labels : np.ndarray [shape=(labels,)]
        Without blanks.
    blank : int
        The number of the blank.

    Returns
    -------
    np.ndarray [shape=(frames, 2 · labels + 1)]
        α, float64; −∞ where no path leads.

    Raises
    ------
    AudioCourseError
        If log_probs does not hold distributions, or a label is not a symbol.

    Source: A. Graves et al., Connectionist temporal classification, ICML 2006, section 4.1.

    Notebook: 02a_ctc
    """
    states, log_y = _emissions(log_probs, labels, blank)
    allowed = jumps(states)
    alpha = np.full(log_y.shape, -np.inf)  # (frames, 2 · labels + 1)
    alpha[0, :2] = log_y[0, :2]
    for t in range(1, len(log_y)):
        alpha[t] = _sum_steps(alpha[t - 1], allowed) + log_y[t]
    return alpha


def backward_table(log_probs: FloatArray, labels: Labels, *, blank: int = 0) -> FloatArray:
    """Sum, for each frame and state, over all ways to the end, without the frame itself.

    β[T − 1, s] = 0 for the last two states, else −∞; β[t, s] adds up e^(β[t + 1, s′] + log y[t + 1, l′_s′]) over the
    states s′ that can follow. For every t, Σ_s e^(α[t, s] + β[t, s]) is the likelihood.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(frames, symbols)]
        log y, each frame a distribution.
    labels : np.ndarray [shape=(labels,)]
        Without blanks.
    blank : int
        The number of the blank.

    Returns
    -------
    np.ndarray [shape=(frames, 2 · labels + 1)]
        β, float64.

    Raises
    ------
    AudioCourseError
        As `forward_table`.

    Notebook: 02a_ctc
    """
    states, log_y = _emissions(log_probs, labels, blank)
    allowed = jumps(states[::-1])  # seen from the end, the same three steps
    beta = np.full(log_y.shape, -np.inf)  # (frames, 2 · labels + 1)
    beta[-1, -2:] = 0.0
    for t in range(len(log_y) - 2, -1, -1):
        beta[t] = _sum_steps((beta[t + 1] + log_y[t + 1])[::-1], allowed)[::-1]
    return beta


def ctc_forward(log_probs: FloatArray, labels: Labels, *, blank: int = 0) -> float:
    """Compute the log-probability of a labelling: the log of the sum over all its paths.

    log p(l | y) = log Σ over paths π with B(π) = l of Π_t y[t, π_t] = log(e^α[T − 1, 2L] + e^α[T − 1, 2L − 1])

    Parameters
    ----------
    log_probs : np.ndarray [shape=(frames, symbols)]
        log y, each frame a distribution.
    labels : np.ndarray [shape=(labels,)]
        Without blanks; may be empty.
    blank : int
        The number of the blank.

    Returns
    -------
    float
        At most 0; −∞ if there is no path, see `frames_needed`.

    Raises
    ------
    AudioCourseError
        As `forward_table`.

    Examples
    --------
    >>> half = np.log(np.full((3, 2), 0.5))  # of the eight paths, six give "a": all but ∅∅∅ and a∅a
    >>> float(np.exp(ctc_forward(half, [1])).round(6))
    0.75

    Notebook: 02a_ctc
    """
    return float(np.logaddexp.reduce(forward_table(log_probs, labels, blank=blank)[-1, -2:]))


def symbol_posteriors(log_probs: FloatArray, labels: Labels, *, blank: int = 0) -> FloatArray:
    """Compute the posterior probability of each symbol in each frame, given the labelling.

    γ[t, k] = Σ over the states s with l′_s = k of e^(α[t, s] + β[t, s]) / p(l | y). It is the derivative of the
    log-likelihood: ∂ log p(l | y) / ∂ log y[t, k] = γ[t, k].

    Parameters
    ----------
    log_probs : np.ndarray [shape=(frames, symbols)]
        log y, each frame a distribution.
    labels : np.ndarray [shape=(labels,)]
        Without blanks.
    blank : int
        The number of the blank.

    Returns
    -------
    np.ndarray [shape=(frames, symbols)]
        γ; each frame sums to 1, or is 0 throughout if the labelling has no path.

    Raises
    ------
    AudioCourseError
        As `forward_table`.

    Notebook: 02a_ctc
    """
    return _likelihood_and_posteriors(log_probs, labels, blank)[1]


@dataclass(frozen=True, eq=False)
class CtcLoss:
    """The losses of a batch and their derivatives.

    Parameters
    ----------
    values : np.ndarray [shape=(batch,)]
        −log p(l | y) of each item; ∞ where the labelling has no path.
    posteriors : np.ndarray [shape=(batch, frames, symbols)]
        γ, see `symbol_posteriors`: the derivative of a value by the log-probabilities is −γ. 0 in the padding.
    gradient : np.ndarray [shape=(batch, frames, symbols)]
        Derivative of each value by the scores before the softmax, y − γ. 0 in the padding, and for an item without a
        path, which therefore does not count in training.

    Notebook: 02a_ctc
    """

    values: FloatArray
    posteriors: FloatArray
    gradient: FloatArray

    @property
    def impossible(self) -> BoolArray:
        """Which items have no path; compare their frames with `frames_needed`."""
        return np.isinf(self.values)


def ctc_loss(
    log_probs: FloatArray,
    targets: IntArray,
    *,
    input_lengths: Labels,
    target_lengths: Labels,
    blank: int = 0,
) -> CtcLoss:
    """Compute the CTC loss of a batch, and its gradient by forward and backward tables.

    loss = −log p(l | y), ∂ loss / ∂ score[t, k] = y[t, k] − γ[t, k], with log y = log_softmax(score)

    Parameters
    ----------
    log_probs : np.ndarray [shape=(batch, frames, symbols)]
        log y; frames beyond an item's length are ignored.
    targets : np.ndarray [shape=(batch, labels)]
        The labels, padded with any numbers.
    input_lengths, target_lengths : sequence of int
        Frames and labels of each item.
    blank : int
        The number of the blank.

    Returns
    -------
    CtcLoss
        A value for each item, not yet averaged.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, an item does not hold distributions, or a label is not a symbol.

    Source: A. Graves et al., Connectionist temporal classification, ICML 2006, section 4.2.

    Notebook: 02a_ctc
    """
    _require_batch(log_probs, targets, input_lengths, target_lengths)
    values = np.empty(len(log_probs))
    posteriors = np.zeros(log_probs.shape)
    gradient = np.zeros(log_probs.shape)
    for n, (frames, count) in enumerate(zip(input_lengths, target_lengths, strict=True)):
        item = log_probs[n, :frames]
        labels = targets[n, :count]
        likelihood, posteriors[n, :frames] = _likelihood_and_posteriors(item, labels, blank)
        values[n] = -likelihood
        if np.isfinite(likelihood):
            gradient[n, :frames] = np.exp(item) - posteriors[n, :frames]
    return CtcLoss(values, posteriors, gradient)


def require_log_probabilities(log_probs: FloatArray) -> FloatArray:
    """Refuse what does not hold ln of a distribution for each frame; return it as float64 [shape=(frames, symbols)]."""
    log_probs = np.asarray(log_probs)
    if log_probs.ndim != 2 or log_probs.dtype.kind != "f" or 0 in log_probs.shape:
        raise AudioCourseError(
            f"Log-probabilities are floats of shape (frames, symbols) with at least one frame, not {log_probs.dtype} "
            f"of shape {log_probs.shape}: pass what the network returns for one recording."
        )
    log_probs = log_probs.astype(np.float64)
    sums = np.exp(log_probs).sum(axis=1)
    wrong = ~(np.abs(sums - 1) <= _SUM_TOLERANCE)  # NaN is wrong, too
    if wrong.any():
        t = int(np.argmax(wrong))
        raise AudioCourseError(
            f"In frame {t} the probabilities e^log_probs sum to {sums[t]:.4g}, not to 1: pass the logarithm of a "
            "softmax over the symbols."
        )
    return log_probs


def require_path(labels: Labels, *, frames: int) -> None:
    """Refuse labels [shape=(labels,)] that have no path through so few frames, see `frames_needed`."""
    needed = frames_needed(labels)
    if frames < needed:
        raise AudioCourseError(
            f"{len(labels)} labels need {needed} frames (one each, and a blank between two equal ones), but there are "
            f"{frames}: pass a longer recording or a shorter text."
        )


def _emissions(log_probs: FloatArray, labels: Labels, blank: int) -> tuple[IntArray, FloatArray]:
    """Return the states and the log-probability of each state in each frame."""
    log_probs = require_log_probabilities(log_probs)
    states = with_blanks(labels, blank=blank)
    if states.min() < 0 or states.max() >= log_probs.shape[1]:
        raise AudioCourseError(
            f"The labels and the blank lie from {states.min()} to {states.max()}, but there are {log_probs.shape[1]} "
            "symbols, counted from 0: pass the numbers of symbols."
        )
    return states, log_probs[:, states]


def _likelihood_and_posteriors(log_probs: FloatArray, labels: Labels, blank: int) -> tuple[float, FloatArray]:
    """Return log p(l | y) and γ from one forward and one backward table."""
    # 1. log p(l | y), from α of the last two states in the last frame
    alpha = forward_table(log_probs, labels, blank=blank)
    gamma = np.zeros(np.shape(log_probs))
    likelihood = float(np.logaddexp.reduce(alpha[-1, -2:]))
    if np.isneginf(likelihood):
        return likelihood, gamma

    # 2. e^(α + β) / p(l | y): the share of each state in each frame, (frames, 2 · labels + 1)
    share = np.exp(alpha + backward_table(log_probs, labels, blank=blank) - likelihood)

    # 3. γ: the shares of all states that hold the same symbol, (frames, symbols)
    for s, k in enumerate(with_blanks(labels, blank=blank)):
        gamma[:, k] += share[:, s]
    return likelihood, gamma


def _sum_steps(log_p: FloatArray, allowed: BoolArray) -> FloatArray:
    """Add what each state gets from itself, from the state before, and over a blank where that is allowed."""
    total = log_p.copy()
    total[1:] = np.logaddexp(log_p[1:], log_p[:-1])
    total[2:] = np.where(allowed[2:], np.logaddexp(total[2:], log_p[:-2]), total[2:])
    return total


def _require_row(numbers: Labels, name: str) -> IntArray:
    """Refuse an array that is not a row of whole numbers."""
    row = np.asarray(numbers)
    if row.ndim != 1 or (row.size and row.dtype.kind not in "iu"):
        raise AudioCourseError(
            f"The {name} must be a row of whole numbers, one per symbol, not {row.dtype} of shape {row.shape}: look up "
            "the number of each letter first."
        )
    return row.astype(np.int64)


def _require_batch(log_probs: FloatArray, targets: IntArray, frames: Labels, labels: Labels) -> None:
    """Refuse arrays of a batch whose shapes and lengths do not fit."""
    if np.ndim(log_probs) != 3 or np.ndim(targets) != 2:
        raise AudioCourseError(
            f"A batch is log_probs (batch, frames, symbols) and targets (batch, labels), not {np.shape(log_probs)} and "
            f"{np.shape(targets)}: stack the items, batch first."
        )
    if not len(log_probs) == len(targets) == len(frames) == len(labels):
        raise AudioCourseError(
            f"There are {len(log_probs)} items, {len(targets)} targets, {len(frames)} input lengths and {len(labels)} "
            "target lengths: pass one of each for every item."
        )
    for name, lengths, limit in (("input", frames, log_probs.shape[1]), ("target", labels, targets.shape[1])):
        row = _require_row(lengths, f"{name} lengths")
        if np.any((row < 0) | (row > limit)):
            raise AudioCourseError(f"The {name} lengths must lie from 0 to {limit}, the size of the array, not {row}.")
