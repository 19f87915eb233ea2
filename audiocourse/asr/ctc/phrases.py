"""How likely each of a few texts is, given a recording: the recogniser need not transcribe, only compare."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiocourse.asr.ctc.from_scratch import ctc_forward
from audiocourse.asr.ctc.model import CtcNet, log_probabilities
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray
from audiocourse.sounds import normal_form


def phrase_scores(y: FloatArray, sr: int, texts: Sequence[str], *, model: CtcNet, language: str = "en") -> FloatArray:
    """Compute how likely a recording is for each text, summed over all paths.

    log p(text | y) = log Σ_π Π_t y[t, π_t], over the paths π that collapse to the text (`ctc_forward`).

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least 50 ms.
    sr : int
        16 000.
    texts : sequence of str
        What may have been said, in words of the language.
    model : CtcNet
        Such as ``zoo.load("ctc-mini").model``.
    language : str
        See `normal_form`.

    Returns
    -------
    np.ndarray [shape=(texts,)]
        log p in nats, float64; −inf for a text that is too long for the recording.

    Raises
    ------
    AudioCourseError
        If there is no text, a letter is not one of the model's, y is not mono or too short, or the rate is another.

    Source: A. Graves et al., Connectionist temporal classification, ICML 2006.

    Notebook: 03e_cloning
    """
    if isinstance(texts, str) or len(texts) == 0:
        raise AudioCourseError("texts must be a list with at least one text: pass [phrase, *decoy_phrases(phrase)].")
    numbers = {symbol: number for number, symbol in enumerate(model.symbols)}
    spellings = [normal_form(text, language) for text in texts]
    if unknown := sorted(set("".join(spellings)) - set(numbers)):
        raise AudioCourseError(f"The network has no symbol for {unknown[0]!r}: pass texts in its alphabet.")
    log_probs = log_probabilities(y, sr, model=model).astype(np.float64)  # (steps, symbols)
    labels = [np.array([numbers[letter] for letter in spelling]) for spelling in spellings]
    return np.array([ctc_forward(log_probs, each) for each in labels])
