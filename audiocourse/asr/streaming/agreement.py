"""Which words of a changing hypothesis are final: those that are new, and on which successive hypotheses agree."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

from audiocourse.require import require_positive

TimedWord: TypeAlias = tuple[float, float, str]  # start and end in seconds of the stream, and the word

SAME_WORD = 0.1  # seconds: no one says the same word twice with beginnings closer than this


def common_prefix(first: Sequence[str], second: Sequence[str]) -> int:
    """Count the words that two lists have in common at their beginning.

    The largest k with first[i] = second[i] for all i < k.

    Parameters
    ----------
    first, second : sequence of str
        Words in order.

    Returns
    -------
    int
        k, between 0 and the length of the shorter list.

    Examples
    --------
    >>> common_prefix(["turn", "on", "the", "light"], ["turn", "on", "a", "light"])
    2

    Notebook: 02f_streaming
    """
    k = 0
    while k < min(len(first), len(second)) and first[k] == second[k]:
        k += 1
    return k


def new_words(hypothesis: Sequence[TimedWord], *, last: TimedWord | None) -> list[TimedWord]:
    """Leave out the words that have been committed already, even if the window has moved and times vary a little.

    A word is old if its middle lies before the end of the last committed word, or if it is that very word a little
    later: the same label, with a start less than 0.1 s after its start.

    Parameters
    ----------
    hypothesis : list of (start, end, word)
        What was recognised, times in seconds of the stream.
    last : (start, end, word) or None
        The last committed word; None before the first.

    Returns
    -------
    list of (start, end, word)
        The new ones, in order.

    Examples
    --------
    >>> new_words([(0.9, 1.3, "no"), (1.4, 1.8, "no")], last=(0.9, 1.25, "no"))
    [(1.4, 1.8, 'no')]

    Source: D. Macháček, R. Dabre and O. Bojar, Turning Whisper into Real-Time Transcription System, IJCNLP-AACL 2023
    (which compares the texts around the border of what is committed).

    Notebook: ex10_realtime_asr
    """
    if last is None:
        return list(hypothesis)
    last_start, last_end, last_word = last
    return [
        (start, end, word)
        for start, end, word in hypothesis
        if (start + end) / 2 >= last_end and not (word == last_word and start < last_start + SAME_WORD)
    ]


class LocalAgreement:
    """Commit the words on which n successive hypotheses agree, from the first word on.

    Of the hypotheses h₁, …, hₙ the longest common prefix is committed. The end of a hypothesis is unstable, since half
    a word at the end of the sound is not yet a word; what stays the same while sound is added is taken as final.

    Parameters
    ----------
    n : int
        How many must agree; 1 commits every word at once.

    Raises
    ------
    AudioCourseError
        If n is not a positive whole number.

    Source: D. Liu et al., Low-latency sequence-to-sequence speech recognition and translation by partial hypothesis
    selection, Interspeech 2020; D. Macháček, R. Dabre and O. Bojar, Turning Whisper into Real-Time Transcription
    System, IJCNLP-AACL 2023.

    Examples
    --------
    >>> agreement = LocalAgreement()
    >>> agreement.update([(0.0, 0.4, "turn"), (0.5, 0.6, "of")], until=1.0)
    []
    >>> agreement.update([(0.0, 0.4, "turn"), (0.5, 0.7, "off")], until=1.5)
    [(0.0, 0.4, 'turn')]
    >>> agreement.flush()
    [(0.5, 0.7, 'off')]

    Notebook: ex10_realtime_asr
    """

    def __init__(self, *, n: int = 2) -> None:
        require_positive(n=n)
        self._history: deque[list[TimedWord]] = deque(maxlen=n)  # the uncommitted words of the last hypotheses

    def update(self, words: Sequence[TimedWord], until: float) -> list[TimedWord]:
        """Take the next hypothesis and return the words that are final now.

        Parameters
        ----------
        words : list of (start, end, word)
            The words not committed so far, see `new_words`.
        until : float
            Seconds of the stream after which nothing is certain: words that end later are not committed yet.

        Returns
        -------
        list of (start, end, word)
            The first words of the hypothesis, none to all of them.
        """
        self._history.append(list(words))
        agreed = 0
        if len(self._history) == self._history.maxlen:
            texts = [[word for *_, word in hypothesis] for hypothesis in self._history]
            agreed = min(common_prefix(texts[-1], text) for text in texts)
        agreed = next((k for k in range(agreed) if words[k][1] > until), agreed)
        for hypothesis in self._history:
            del hypothesis[:agreed]
        return list(words[:agreed])

    @property
    def pending(self) -> list[TimedWord]:
        """The uncommitted words of the last hypothesis."""
        return list(self._history[-1]) if self._history else []

    def flush(self) -> list[TimedWord]:
        """Return the pending words, since no more sound will arrive, and forget all hypotheses."""
        words = self.pending
        self._history.clear()
        return words
