"""From a sound to words: a CTC network, a language model, and the time of each word."""

from __future__ import annotations

import numpy as np

from audiocourse.asr.ctc.alignment import forced_align, token_spans, word_times
from audiocourse.asr.ctc.model import SHORTEST, CtcNet, log_probabilities
from audiocourse.asr.ctc.ngram import NgramModel
from audiocourse.asr.ctc.search import Fusion, ctc_beam_search, ctc_greedy, spell
from audiocourse.signal import FloatArray, IntArray
from audiocourse.sounds import Interval

QUIET = 10 ** (-60 / 20)  # of full scale: a sound whose peak is lower is silence, which normalising would amplify


class CtcRecogniser:
    """Recordings in, text or timed words out.

    argmax over texts of log p(text | y) + weight · log P(text) + bonus · words(text), by prefix beam search; without a
    language model the collapsed best path.

    Parameters
    ----------
    model : CtcNet
        A trained network, such as ``zoo.load("ctc-mini").model``.
    language_model : NgramModel, optional
        Over characters, such as `grammar_language_model`: it knows how words are spelt.
    width : int
        How many prefixes the search keeps.
    weight, word_bonus : float
        See `Fusion`; of a few values tried on training voices in noise these are among the best.

    Examples
    --------
    >>> from audiocourse import zoo
    >>> recogniser = CtcRecogniser(zoo.load("ctc-mini").model)
    >>> recogniser.text(np.zeros(16000, dtype=np.float32), 16000)
    ''

    Notebook: 02b_ctc_decoding, 02f_streaming
    """

    def __init__(
        self,
        model: CtcNet,
        language_model: NgramModel | None = None,
        *,
        width: int = 16,
        weight: float = 0.8,
        word_bonus: float = 1.5,
    ) -> None:
        self.model = model
        self._width = width
        self._fusion = (
            Fusion(language_model, model.symbols, weight=weight, word_bonus=word_bonus) if language_model else None
        )

    def text(self, y: FloatArray, sr: int) -> str:
        """Transcribe a recording.

        Parameters
        ----------
        y : np.ndarray [shape=(samples,)]
            Mono signal, at least 50 ms.
        sr : int
            16 000.

        Returns
        -------
        str
            In normal form; "" for silence.

        Raises
        ------
        AudioCourseError
            If y is not mono or too short, or the rate is another.
        """
        return spell(self._labels(log_probabilities(y, sr, model=self.model), y), self.model.symbols).strip()

    def words(self, y: FloatArray, sr: int) -> list[Interval]:
        """Transcribe the words with their times, by forced alignment of the text that was found.

        Parameters
        ----------
        y : np.ndarray [shape=(samples,)]
            Mono signal; one shorter than 50 ms holds no word.
        sr : int
            16 000.

        Returns
        -------
        list of Interval
            In seconds from the beginning of y; [] for silence.

        Raises
        ------
        AudioCourseError
            If y is not mono, or the rate is another.
        """
        if 0 < y.size < SHORTEST:
            return []
        scores = log_probabilities(y, sr, model=self.model)
        labels = self._labels(scores, y)
        if not len(labels):
            return []
        spans = token_spans(forced_align(scores, labels))
        step = self.model.frame_seconds
        return word_times(spans, self.model.symbols, frame_seconds=step, begin=-step / 2)

    def _labels(self, scores: FloatArray, y: FloatArray) -> IntArray:
        """Find the symbols; a sound that is too soft to be heard has none."""
        if np.abs(y).max() < QUIET:
            return np.zeros(0, dtype=np.int64)
        if self._fusion is None:
            return ctc_greedy(scores)
        return np.array(ctc_beam_search(scores, width=self._width, fusion=self._fusion)[0].labels, dtype=np.int64)
