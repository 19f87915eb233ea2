"""From log-probabilities to a text: the best path (greedy), or the best labelling (prefix beam search)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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

    score(l) = log p(l | y) + weight · log P(l) + bonus · words(l): what was heard, what one would expect, and a reward
    for each word, because every further symbol costs probability and a model left alone prefers to say little.

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
        """Give what each symbol would add to the score after these labels [shape=(symbols,)]; the blank's is unused."""
        row: FloatArray = self._weight * self._following(labels)[self._columns]
        if not labels or self._symbols[labels[-1]] == " ":
            row[self._letters] += self._bonus
        return row

    def ending(self, labels: Sequence[int]) -> float:
        """Give what the end of the text adds to the score after these labels."""
        return self._weight * float(self._following(labels)[-1])

    def _following(self, labels: Sequence[int]) -> FloatArray:
        """Ask the model what follows; it looks at the last order − 1 symbols only."""
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
        If the log-probabilities are none.

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
    """Take one prefix one frame further: it stays, or grows by a symbol. One step of a prefix beam search.

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
    end in its last symbol. A frame makes of them

    p_b′(l) = (p_b + p_s)(l) · y[∅], p_s′(l) = p_s(l) · y[l_L], and, for each symbol k,
    p_s′(l k) += y[k] · (p_b(l) if k = l_L, else (p_b + p_s)(l)):

    a repeated symbol is a new letter only after a blank. All paths that write the same prefix are added up. After each
    frame the `width` best prefixes stay. With a width that never drops a prefix, the result is exact.

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
        If the log-probabilities are none, or the width is not positive.

    Source: A. Graves and N. Jaitly, ICML 2014; A. Hannun et al., 2014.

    Notebook: 02b_ctc_decoding
    """
    log_probs = require_log_probabilities(log_probs)
    require_positive(width=width)
    prefixes = _Prefixes(blank=blank, symbols=log_probs.shape[1], fusion=fusion)
    beam = _Beam.at_start()
    for frame in log_probs:
        beam = _next_beam(beam, frame, prefixes, width=width)
    heard = np.logaddexp(beam.blank, beam.spoken)
    found = []
    for node, log_probability, gain in zip(beam.node.tolist(), heard.tolist(), beam.gain.tolist(), strict=True):
        labels = prefixes.labels(node)
        end = fusion.ending(labels) if fusion else 0.0
        found.append(Hypothesis(labels, log_probability, log_probability + gain + end))
    return sorted((one for one in found if one.score > -np.inf), key=lambda one: -one.score)


def spell(labels: Labels, symbols: Sequence[str]) -> str:
    """Write labels as text.

    Parameters
    ----------
    labels : sequence of int [shape=(labels,)]
        Without blanks.
    symbols : sequence of str
        What the numbers stand for.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> spell([1, 2], ["", "o", "k"])
    'ok'

    Notebook: 02b_ctc_decoding
    """
    return "".join(symbols[k] for k in labels)


@dataclass
class _Prefixes:
    """A tree of all prefixes met: a prefix is the number of its node, the empty one is node 0."""

    blank: int
    symbols: int
    fusion: Fusion | None
    parent: list[int] = field(default_factory=lambda: [-1])
    last: list[int] = field(init=False)
    children: dict[tuple[int, int], int] = field(default_factory=dict)
    known_gains: dict[int, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.last = [self.blank]  # of the empty prefix, which no symbol can repeat

    def child(self, node: int, symbol: int) -> int:
        """Find or make the prefix with one more symbol: the same one, however often it left the beam."""
        number = self.children.setdefault((node, symbol), len(self.parent))
        if number == len(self.parent):
            self.parent.append(node)
            self.last.append(symbol)
        return number

    def labels(self, node: int) -> tuple[int, ...]:
        """Spell out a prefix."""
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
            if node not in self.known_gains:
                self.known_gains[node] = self.fusion.gains(self.labels(node))
        return np.stack([self.known_gains[node] for node in nodes.tolist()])


@dataclass(frozen=True, eq=False)
class _Beam:
    """The prefixes that stay, with log p_b, log p_s and what the language model has added so far."""

    node: IntArray
    parent: IntArray
    last: IntArray
    blank: FloatArray
    spoken: FloatArray
    gain: FloatArray

    @classmethod
    def at_start(cls, *, blank: int = 0) -> _Beam:
        """Hold the empty prefix alone, before the first frame."""
        one = np.zeros(1)
        return cls(np.array([0]), np.array([-1]), np.array([blank]), one, one - np.inf, one)


def _next_beam(beam: _Beam, frame: FloatArray, prefixes: _Prefixes, *, width: int) -> _Beam:
    """Hear one more frame: let each prefix stay or grow, add up what meets, and keep the best."""
    blank, spoken, grown = _heard(beam, frame, prefixes.blank)
    gain = beam.gain[:, None] + prefixes.gains(beam.node)
    staying = np.logaddexp(blank, spoken) + beam.gain
    kept = _best(np.concatenate([staying, (grown + gain).ravel()]), width)
    stay = kept[kept < len(staying)]
    source, symbol = np.divmod(kept[kept >= len(staying)] - len(staying), len(frame))
    new = [prefixes.child(*pair) for pair in zip(beam.node[source].tolist(), symbol.tolist(), strict=True)]
    return _Beam(
        np.concatenate([beam.node[stay], np.array(new, dtype=np.int64)]),
        np.concatenate([beam.parent[stay], beam.node[source]]),
        np.concatenate([beam.last[stay], symbol]),
        np.concatenate([blank[stay], np.full(len(source), -np.inf)]),
        np.concatenate([spoken[stay], grown[source, symbol]]),
        np.concatenate([beam.gain[stay], np.broadcast_to(gain, grown.shape)[source, symbol]]),
    )


def _heard(beam: _Beam, frame: FloatArray, blank: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return log p_b′ and log p_s′ of the prefixes, and log p_s′ of each prefix with each symbol added."""
    total = np.logaddexp(beam.blank, beam.spoken)
    rows = np.arange(len(total))
    grown = total[:, None] + frame
    grown[rows, beam.last] = beam.blank + frame[beam.last]
    grown[:, blank] = -np.inf
    spoken = beam.spoken + frame[beam.last]
    shorter, longer = np.nonzero(beam.node[:, None] == beam.parent)  # a prefix in the beam may grow into another one
    met = beam.last[longer]
    spoken[longer] = np.logaddexp(spoken[longer], grown[shorter, met])
    grown[shorter, met] = -np.inf
    return total + frame[blank], spoken, grown


def _best(scores: FloatArray, count: int) -> IntArray:
    """Return the places of the best scores, in no order; what is impossible (−∞) is none of them."""
    best = np.argpartition(scores, -count)[-count:] if len(scores) > count else np.arange(len(scores))
    return best[scores[best] > -np.inf]
