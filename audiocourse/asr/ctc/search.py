"""From log-probabilities to a text: the best path (greedy), or the best labelling (prefix beam search)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from audiocourse.asr.ctc.from_scratch import Labels, ctc_collapse, require_log_probabilities
from audiocourse.asr.ctc.ngram import NgramModel
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number, require_positive
from audiocourse.signal import FloatArray, IntArray


@dataclass(frozen=True)
class Hypothesis:
    """A labelling that the beam kept.

    Parameters
    ----------
    labels : tuple of int
        Without blanks.
    log_probability : float
        Of all its paths that the beam followed: the log-likelihood, or less if paths were lost on the way.
    score : float
        What hypotheses are compared by: the same with the language model and the bonus added.

    Notebook: 02b_ctc_decoding
    """

    labels: tuple[int, ...]
    log_probability: float
    score: float


class Fusion:
    """A language model that takes part in the search, symbol by symbol (shallow fusion).

    score(l) = log p(l | y) + weight · log P(l) + bonus · words(l): the network, the language model, and a bonus per
    word, because every further symbol costs probability and the language model alone prefers short texts.

    Parameters
    ----------
    model : NgramModel
        Over characters, with a vocabulary that holds all symbols.
    symbols : sequence of str
        What the numbers stand for, the blank included; words are separated by the symbol " ".
    weight : float
        Of the language model, 0 or more.
    word_bonus : float
        Added for each word, in nats.
    blank : int
        The number of the blank.

    Raises
    ------
    AudioCourseError
        If the model does not know a symbol, or the weight is negative.

    Source: A. Graves and N. Jaitly, Towards end-to-end speech recognition with recurrent neural networks, ICML 2014;
    A. Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional recurrent DNNs,
    2014.

    Notebook: 02b_ctc_decoding
    """

    def __init__(
        self,
        model: NgramModel,
        symbols: Sequence[str],
        *,
        weight: float = 0.5,
        word_bonus: float = 0.0,
        blank: int = 0,
    ) -> None:
        require_number(weight=weight, word_bonus=word_bonus)
        if weight < 0:
            raise AudioCourseError(f"The weight of the language model is {weight}, but it must be 0 or more.")
        unknown = {symbol for k, symbol in enumerate(symbols) if k != blank} - set(model.tokens)
        if unknown:
            raise AudioCourseError(
                f"The language model does not know {min(unknown)!r}: build it with a vocabulary of all symbols."
            )
        self._model = model
        self._symbols = tuple(symbols)
        self._weight = weight
        self._bonus = word_bonus
        self._columns = [-1 if k == blank else model.tokens.index(symbol) for k, symbol in enumerate(symbols)]
        self._letters = [k for k, symbol in enumerate(symbols) if k != blank and symbol != " "]

    def gains(self, labels: Sequence[int]) -> FloatArray:
        """Return what each symbol adds to the score after these labels [shape=(symbols,)]; the blank's is unused."""
        row: FloatArray = self._weight * self._following(labels)[self._columns]
        if not labels or self._symbols[labels[-1]] == " ":
            row[self._letters] += self._bonus
        return row

    def ending(self, labels: Sequence[int]) -> float:
        """Return what the end of the text adds to the score after these labels."""
        return self._weight * float(self._following(labels)[-1])

    def _following(self, labels: Sequence[int]) -> FloatArray:
        """Ask the model what follows; it depends on the last order − 1 symbols only."""
        recent = labels[max(0, len(labels) - self._model.order + 1) :]
        return self._model.log_probabilities([self._symbols[k] for k in recent])


def ctc_greedy(log_probs: FloatArray, *, blank: int = 0) -> IntArray:
    """Take the most probable symbol of each frame, and collapse.

    B(argmax_k y[0, k], argmax_k y[1, k], …): the labelling of the best path, which need not be the best labelling.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(frames, symbols)]
        log y, each frame a distribution.
    blank : int
        The number of the blank.

    Returns
    -------
    np.ndarray [shape=(labels,)]
        int64.

    Raises
    ------
    AudioCourseError
        If log_probs does not hold distributions.

    Examples
    --------
    >>> y = np.array([[0.6, 0.4], [0.6, 0.4]])  # ∅∅ has 0.36, but a∅, ∅a and aa together have 0.64
    >>> ctc_greedy(np.log(y)), ctc_beam_search(np.log(y))[0].labels
    (array([], dtype=int64), (1,))

    Notebook: 02b_ctc_decoding
    """
    return ctc_collapse(require_log_probabilities(log_probs).argmax(axis=1), blank=blank)


def grow_prefix(
    p_blank: float, p_letter: float, last: int, y: FloatArray, blank: int = 0
) -> tuple[float, float, FloatArray]:
    """Extend one prefix by one frame: it stays, or grows by a symbol. One step of a prefix beam search.

    p_b′(l) = (p_b + p_l)(l) · y[∅], p_l′(l) = p_l(l) · y[l_L], and for each other symbol k
    p_l′(l k) = y[k] · (p_b(l) if k = l_L, else (p_b + p_l)(l)): a repeated letter is a new one only after a blank.

    Parameters
    ----------
    p_blank : float
        p_b, of the prefix's paths that end in a blank.
    p_letter : float
        p_l, of those that end in its last letter.
    last : int
        l_L, the last letter; the blank for the empty prefix, whose p_l is 0.
    y : np.ndarray [shape=(symbols,)]
        Probabilities of the frame.
    blank : int
        The number of the blank.

    Returns
    -------
    stays_blank, stays_letter : float
        p_b′ and p_l′ of the same prefix.
    grown : np.ndarray [shape=(symbols,)]
        p_l′ of the prefix with each symbol added; 0 for the blank.

    Source: A. Graves and N. Jaitly, ICML 2014; A. Hannun et al., 2014.

    Examples
    --------
    >>> stays_blank, stays_letter, grown = grow_prefix(0.25, 0.5, 1, np.array([0.5, 0.25, 0.25]))
    >>> stays_blank, stays_letter, grown.tolist()
    (0.375, 0.125, [0.0, 0.0625, 0.1875])

    Notebook: 02b_ctc_decoding
    """
    total = p_blank + p_letter
    grown = total * np.asarray(y, dtype=np.float64)
    grown[last] = p_blank * y[last]
    grown[blank] = 0.0
    return float(total * y[blank]), float(p_letter * y[last]), grown


def ctc_beam_search(
    log_probs: FloatArray, *, width: int = 32, blank: int = 0, fusion: Fusion | None = None
) -> list[Hypothesis]:
    """Search for the most probable labelling, over the frames from the first to the last (prefix beam search).

    For each prefix l two probabilities are kept: p_b(l), of its paths that end in a blank, and p_s(l), of those that
    end in its last symbol. After a frame they are

    p_b′(l) = (p_b + p_s)(l) · y[∅], p_s′(l) = p_s(l) · y[l_L], and, for each symbol k,
    p_s′(l k) += y[k] · (p_b(l) if k = l_L, else (p_b + p_s)(l)):

    a repeated symbol is a new letter only after a blank. The probabilities of all paths with the same prefix are
    added. After each frame the `width` best prefixes stay. With a width that never drops a prefix, the result is exact.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(frames, symbols)]
        log y, each frame a distribution.
    width : int
        How many prefixes stay.
    blank : int
        The number of the blank.
    fusion : Fusion, optional
        A language model to search with.

    Returns
    -------
    list of Hypothesis
        The best first, at most `width`.

    Raises
    ------
    AudioCourseError
        If log_probs does not hold distributions, or the width is not positive.

    Source: A. Graves and N. Jaitly, ICML 2014; A. Hannun et al., 2014.

    Notebook: 02b_ctc_decoding
    """
    log_probs = require_log_probabilities(log_probs)
    require_positive(width=width)
    prefixes = _Prefixes(blank=blank, symbols=log_probs.shape[1], fusion=fusion)
    beam = _Beam.at_start()
    for frame in log_probs:
        beam = _next_beam(beam, frame, prefixes, width=width)
    log_p = np.logaddexp(beam.log_p_b, beam.log_p_s)  # (prefixes,)
    found = []
    for node, log_probability, gain in zip(beam.node.tolist(), log_p.tolist(), beam.gain.tolist(), strict=True):
        labels = prefixes.labels(node)
        end = fusion.ending(labels) if fusion else 0.0
        found.append(Hypothesis(labels, log_probability, log_probability + gain + end))
    possible = [hypothesis for hypothesis in found if hypothesis.score > -np.inf]
    return sorted(possible, key=lambda hypothesis: -hypothesis.score)


def spell(labels: Labels, symbols: Sequence[str]) -> str:
    """Write labels [shape=(labels,)] as text; they are indices of the symbols.

    >>> spell([1, 2], ["", "o", "k"])
    'ok'
    """
    return "".join(symbols[k] for k in labels)


@dataclass
class _Prefixes:
    """A tree of all prefixes so far: a prefix is the number of its node, the empty one is node 0."""

    blank: int
    symbols: int
    fusion: Fusion | None
    parent: list[int] = field(default_factory=lambda: [-1])
    last: list[int] = field(init=False)
    children: dict[tuple[int, int], int] = field(default_factory=dict)
    cached_gains: dict[int, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.last = [self.blank]  # of the empty prefix, which no symbol can repeat

    def child(self, node: int, symbol: int) -> int:
        """Find or add the prefix with one more symbol; it keeps its node even if it leaves the beam."""
        number = self.children.setdefault((node, symbol), len(self.parent))
        if number == len(self.parent):
            self.parent.append(node)
            self.last.append(symbol)
        return number

    def labels(self, node: int) -> tuple[int, ...]:
        """Return the labels of a prefix."""
        backwards = []
        while node:
            backwards.append(self.last[node])
            node = self.parent[node]
        return tuple(backwards[::-1])

    def gains(self, nodes: IntArray) -> FloatArray:
        """Look up what each symbol adds to the score of each prefix [shape=(prefixes, symbols)]."""
        if self.fusion is None:
            return np.zeros((1, 1))
        for node in nodes.tolist():
            if node not in self.cached_gains:
                self.cached_gains[node] = self.fusion.gains(self.labels(node))
        return np.stack([self.cached_gains[node] for node in nodes.tolist()])


@dataclass(frozen=True, eq=False)
class _Beam:
    """The prefixes that stay [shape=(prefixes,)]: log p_b, log p_s and what the language model has added so far."""

    node: IntArray
    parent: IntArray
    last: IntArray
    log_p_b: FloatArray
    log_p_s: FloatArray
    gain: FloatArray

    @classmethod
    def at_start(cls, *, blank: int = 0) -> _Beam:
        """Hold the empty prefix alone, before the first frame."""
        zero = np.zeros(1)
        return cls(np.array([0]), np.array([-1]), np.array([blank]), zero, zero - np.inf, zero)


def _next_beam(beam: _Beam, frame: FloatArray, prefixes: _Prefixes, *, width: int) -> _Beam:
    """Extend the beam by a frame: each prefix stays or grows, and the best are kept."""
    # 1. the scores of all prefixes that stay, and of all that grow by a symbol
    new = _extend(beam, frame, prefixes.blank)
    gain = beam.gain[:, None] + prefixes.gains(beam.node)  # (prefixes, symbols)
    staying = np.logaddexp(new.log_p_b, new.log_p_s) + beam.gain  # (prefixes,)

    # 2. the width best of both kinds
    best = _best(np.concatenate([staying, (new.grown + gain).ravel()]), width)
    stay = best[best < len(staying)]
    source, symbol = np.divmod(best[best >= len(staying)] - len(staying), len(frame))

    # 3. the beam of the next frame: those that stay, then those that have grown
    nodes = [prefixes.child(*pair) for pair in zip(beam.node[source].tolist(), symbol.tolist(), strict=True)]
    return _Beam(
        np.concatenate([beam.node[stay], np.array(nodes, dtype=np.int64)]),
        np.concatenate([beam.parent[stay], beam.node[source]]),
        np.concatenate([beam.last[stay], symbol]),
        np.concatenate([new.log_p_b[stay], np.full(len(source), -np.inf)]),
        np.concatenate([new.log_p_s[stay], new.grown[source, symbol]]),
        np.concatenate([beam.gain[stay], np.broadcast_to(gain, new.grown.shape)[source, symbol]]),
    )


class _Extension(NamedTuple):
    """log p_b′ and log p_s′ of the prefixes that stay, and log p_s′(l k) of those that grow [(prefixes, symbols)]."""

    log_p_b: FloatArray
    log_p_s: FloatArray
    grown: FloatArray


def _extend(beam: _Beam, frame: FloatArray, blank: int) -> _Extension:
    """Compute the probabilities of all prefixes after a frame, see `ctc_beam_search`."""
    total = np.logaddexp(beam.log_p_b, beam.log_p_s)  # (p_b + p_s)(l)

    # p_s′(l k): each symbol added; a repeated one only after a blank
    grown = total[:, None] + frame  # (prefixes, symbols)
    grown[np.arange(len(total)), beam.last] = beam.log_p_b + frame[beam.last]
    grown[:, blank] = -np.inf

    # p_s′(l): the last symbol goes on, or a shorter prefix in the beam grows into this one
    log_p_s = beam.log_p_s + frame[beam.last]
    shorter, longer = np.nonzero(beam.node[:, None] == beam.parent)
    added = beam.last[longer]
    log_p_s[longer] = np.logaddexp(log_p_s[longer], grown[shorter, added])
    grown[shorter, added] = -np.inf

    return _Extension(total + frame[blank], log_p_s, grown)


def _best(scores: FloatArray, count: int) -> IntArray:
    """Return the indices of the best scores, in any order, without those that are impossible (−∞)."""
    best = np.argpartition(scores, -count)[-count:] if len(scores) > count else np.arange(len(scores))
    return best[scores[best] > -np.inf]
