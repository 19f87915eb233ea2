"""From scores to text: greedy decoding, sampling, and when to believe the result. Without torch, as tasks need it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray

NextScores: TypeAlias = Callable[[list[int]], FloatArray]


def greedy_decode(next_scores: NextScores, prompt: Sequence[int], *, end: int, max_new_tokens: int) -> list[int]:
    """Continue a prompt by the most probable token, step by step, until the end token or the limit.

    t[n + 1] = argmax_k next_scores([prompt, t[1], …, t[n]])[k].

    Parameters
    ----------
    next_scores : callable
        Takes all tokens so far, the prompt included, and returns a score for each token that could come next.
    prompt : sequence of int
        What the decoder is forced to begin with.
    end : int
        The token that ends a text.
    max_new_tokens : int
        The limit: how many tokens may be written.

    Returns
    -------
    list of int
        What was written: without the prompt and without the end.

    Examples
    --------
    >>> count = lambda tokens: np.eye(10)[tokens[-1] + 1]
    >>> greedy_decode(count, [1, 2], end=6, max_new_tokens=20)
    [3, 4, 5]

    Notebook: ex01_multilingual_asr
    """
    tokens = list(prompt)
    while len(tokens) < len(prompt) + max_new_tokens:
        best = int(np.argmax(next_scores(tokens)))
        if best == end:
            break
        tokens.append(best)
    return tokens[len(prompt) :]


def sampling_probabilities(logits: FloatArray, *, temperature: float) -> FloatArray:
    """Return the probability with which each token is drawn at a temperature.

    P(k) = exp(z_k / T) / Σ_j exp(z_j / T). Below T = 1 probable tokens become more probable, above it all become more
    equal; as T goes to 0, only the most probable one is left.

    Parameters
    ----------
    logits : np.ndarray [shape=(tokens,)]
        z; −∞ for what must not be drawn.
    temperature : float
        T > 0.

    Returns
    -------
    np.ndarray [shape=(tokens,)]
        float64, adding up to 1.

    Raises
    ------
    AudioCourseError
        If the temperature is not above 0.

    Examples
    --------
    >>> z = np.log(np.array([0.8, 0.2]))
    >>> [sampling_probabilities(z, temperature=T).round(3).tolist() for T in (0.5, 1.0, 2.0)]
    [[0.941, 0.059], [0.8, 0.2], [0.667, 0.333]]

    Source: D. Ackley, G. Hinton and T. Sejnowski, "A learning algorithm for Boltzmann machines", Cognitive Science
    9(1), 1985.

    Notebook: 02e_whisper
    """
    if not temperature > 0:
        raise AudioCourseError(f"At a temperature of {temperature} no token can be drawn: pass more than 0.")
    z = np.asarray(logits, dtype=np.float64) / temperature
    powers = np.exp(z - z.max())  # the largest becomes 1: nothing overflows
    probabilities: FloatArray = powers / powers.sum()
    return probabilities


def compression_ratio(text: str) -> float:
    """Measure how much a text repeats itself.

    r = bytes of the text in UTF-8 / bytes after zlib. Ordinary sentences stay below 2; a decoder in a loop
    repeats the same words, which compress well.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    float
        0 for an empty text.

    Examples
    --------
    >>> compression_ratio("so say we all " * 20) > 2.4 > compression_ratio("so say we all")
    True

    Source: A. Radford et al., arXiv:2212.04356, section 4.5.

    Notebook: 02e_whisper
    """
    raw = text.encode("utf-8")
    return len(raw) / len(zlib.compress(raw))


def believable(
    text: str, log_probabilities: Sequence[float], *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    """Decide whether to believe what the decoder wrote: not a loop, and not too improbable.

    True if the `compression_ratio` of the text is at most ``compression`` and the mean of its tokens' log-probabilities
    at least ``log_probability``.

    Parameters
    ----------
    text : str
        What was written.
    log_probabilities : sequence of float
        ln P of each token when it was chosen, the end included.
    compression, log_probability : float
        The two thresholds; −1 means that a token has e⁻¹ ≈ 37 % in the (geometric) mean.

    Returns
    -------
    bool
        Whether to keep it; if not, the window is decoded again at a higher temperature.

    Examples
    --------
    >>> believable("so say we all", [-0.1, -0.3, -0.2, -0.1, -0.05])
    True
    >>> believable("so say we all " * 20, [-0.1] * 81), believable("so say we all", [-2.0] * 5)
    (False, False)

    Source: A. Radford et al., arXiv:2212.04356, section 4.5.

    Notebook: 02e_whisper
    """
    return compression_ratio(text) <= compression and float(np.mean(log_probabilities)) >= log_probability
