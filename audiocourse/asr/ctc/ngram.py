"""An n-gram language model: the probability of the next letter (or word), given the last few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray

START = "<s>"
END = "</s>"


class NgramModel:
    """Counts of what followed what, interpolated over shorter and shorter contexts (Witten and Bell).

    P(w | h) = (c(h w) + T(h) · P(w | h′)) / (c(h) + T(h)), where c counts, T(h) is the number of different tokens that
    followed h, and h′ is h without its first token. A context that was often followed by something new gives more
    weight to the shorter one. Below the empty context is the uniform distribution, so that nothing in the vocabulary is
    impossible, and every distribution sums to 1.

    Parameters
    ----------
    sentences : iterable of sequences of str
        The text to count: strings for a model of characters, lists of words for a model of words.
    order : int
        n: how many tokens are used, the next one included.
    vocabulary : sequence of str, optional
        All tokens that may come; those of the sentences if not given.

    Raises
    ------
    AudioCourseError
        If the order is not possible, there is no sentence, or a token is not in the vocabulary.

    Source: I. Witten and T. Bell, The zero-frequency problem, IEEE Trans. Information Theory 37(4), 1991; S. Chen and
    J. Goodman, An empirical study of smoothing techniques for language modeling, 1998.

    Examples
    --------
    >>> model = NgramModel(["abab", "abb"], order=3)
    >>> p = np.exp(model.log_probabilities("a"))
    >>> [f"{token} {value:.2f}" for token, value in zip(model.tokens, p)]
    ['a 0.03', 'b 0.95', '</s> 0.02']

    Notebook: 02b_ctc_decoding
    """

    def __init__(
        self, sentences: Iterable[Sequence[str]], *, order: int, vocabulary: Sequence[str] | None = None
    ) -> None:
        require_positive(order=order)
        texts = [list(sentence) for sentence in sentences]
        if not texts:
            raise AudioCourseError("There is no sentence to count: pass at least one.")
        if vocabulary is None:
            vocabulary = sorted({token for text in texts for token in text})
        self.order = order
        self.tokens: tuple[str, ...] = (*vocabulary, END)
        self._index = {token: index for index, token in enumerate(self.tokens)}
        self._counts: defaultdict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
        self._cache: dict[tuple[str, ...], FloatArray] = {}
        for text in texts:
            self._count(text)

    def log_probabilities(self, context: Sequence[str]) -> FloatArray:
        """Return the distribution of the next token.

        Parameters
        ----------
        context : sequence of str
            Everything since the beginning of the sentence.

        Returns
        -------
        np.ndarray [shape=(tokens,)]
            log P of each of `tokens`, the end of the sentence last; read-only.
        """
        h = tuple(self._padded(context)[len(context) :])  # the last n − 1 tokens
        if h not in self._cache:
            distribution = np.log(self._interpolated(h))
            distribution.flags.writeable = False
            self._cache[h] = distribution
        return self._cache[h]

    def log_probability(self, sentence: Sequence[str]) -> float:
        """Compute the log-probability of a whole sentence, its end included.

        Σ_i log P(w_i | w_1 … w_(i − 1)), w_(L + 1) = end

        Parameters
        ----------
        sentence : sequence of str
            Tokens of the vocabulary.

        Returns
        -------
        float
            At most 0.

        Raises
        ------
        AudioCourseError
            If a token is not in the vocabulary.
        """
        following = [*self._numbers(sentence), len(self.tokens) - 1]
        return float(sum(self.log_probabilities(sentence[:i])[token] for i, token in enumerate(following)))

    def perplexity(self, sentences: Iterable[Sequence[str]]) -> float:
        """Measure the perplexity: among how many equally likely tokens the model seems to choose.

        e^(−Σ log P / N), N the number of tokens, the end of each sentence included

        Parameters
        ----------
        sentences : iterable of sequences of str
            Text that was not counted.

        Returns
        -------
        float
            1 if each token was certain; the size of the vocabulary if all were equally likely.

        Raises
        ------
        AudioCourseError
            If there is no sentence, or a token is not in the vocabulary.
        """
        texts = list(sentences)
        if not texts:
            raise AudioCourseError("Perplexity is measured on text: pass at least one sentence.")
        tokens = sum(len(text) + 1 for text in texts)
        return float(np.exp(-sum(self.log_probability(text) for text in texts) / tokens))

    def _count(self, text: Sequence[str]) -> None:
        """Count each token after each of its contexts, the longest to the empty one."""
        padded = self._padded(text)
        for i, token in enumerate([*self._numbers(text), len(self.tokens) - 1]):
            for length in range(self.order):
                end = i + self.order - 1
                self._counts[tuple(padded[end - length : end])][token] += 1

    def _interpolated(self, context: tuple[str, ...]) -> FloatArray:
        """Begin with the uniform distribution and mix in the counts of longer and longer contexts."""
        p: FloatArray = np.full(len(self.tokens), 1 / len(self.tokens))
        for length in range(self.order):
            followers = self._counts.get(context[len(context) - length :])
            if followers is None:
                break
            p *= len(followers)  # T(h) · P(w | h′)
            p[list(followers)] += list(followers.values())  # + c(h w)
            p /= len(followers) + followers.total()  # / (T(h) + c(h))
        return p

    def _padded(self, text: Sequence[str]) -> list[str]:
        """Put n − 1 starts before a text, as many as a context has tokens."""
        return [START] * (self.order - 1) + list(text)

    def _numbers(self, text: Sequence[str]) -> list[int]:
        """Look up the number of each token."""
        unknown = [token for token in text if token not in self._index]
        if unknown:
            raise AudioCourseError(
                f"{unknown[0]!r} is not in the vocabulary of {len(self.tokens) - 1} tokens: pass a vocabulary with all "
                "tokens that may come."
            )
        return [self._index[token] for token in text]
