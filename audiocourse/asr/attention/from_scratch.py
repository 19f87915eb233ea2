"""What an attention decoder does, by hand: it points at frames softly, and reads its own text one letter behind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, IntArray


def masked_attention(
    query: FloatArray, keys: FloatArray, values: FloatArray, lengths: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Point softly at the frames whose keys are like the query, and read the mean of their values there.

    e[b, t] = q[b] · k[b, t] / √d, a[b, t] = exp(e[b, t]) / Σ_{u < T_b} exp(e[b, u]) for t < T_b and 0 for t ≥ T_b,
    c[b] = Σ_t a[b, t] v[b, t]: T_b is the length of utterance b, d the size of a query.

    Parameters
    ----------
    query : np.ndarray [shape=(batch, units)]
        What each utterance's decoder looks for.
    keys : np.ndarray [shape=(batch, frames, units)]
        What each frame offers to be found by; beyond an utterance's end anything.
    values : np.ndarray [shape=(batch, frames, size)]
        What is read where the pointer points.
    lengths : np.ndarray [shape=(batch,)]
        Frames of each utterance, 1 to frames.

    Returns
    -------
    context : np.ndarray [shape=(batch, size)]
        c
    weights : np.ndarray [shape=(batch, frames)]
        a; each row sums to 1.

    Raises
    ------
    AudioCourseError
        If an utterance has no frame, or more than there are.

    Source: D. Bahdanau et al., ICLR 2015; A. Vaswani et al., Attention is all you need, NeurIPS 2017 (the scaling).

    Examples
    --------
    >>> frames = np.array([[[2.0], [2.0], [9.0]]])
    >>> masked_attention(np.array([[1.0]]), frames, frames, np.array([2]))
    (array([[2.]]), array([[0.5, 0.5, 0. ]]))

    Notebook: 02c_attention
    """
    lengths = np.asarray(lengths)
    if lengths.min() < 1 or lengths.max() > keys.shape[1]:
        raise AudioCourseError(f"Lengths must lie between 1 and the {keys.shape[1]} frames there are: {lengths}.")
    scores = np.einsum("bu,btu->bt", query, keys) / np.sqrt(query.shape[1])
    scores = np.where(np.arange(keys.shape[1]) < lengths[:, None], scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return np.einsum("bt,bts->bs", weights, values), weights


def shift_right(texts: Sequence[Sequence[int]], *, sos: int, eos: int, pad: int) -> tuple[IntArray, IntArray]:
    """Make what a decoder reads and what it shall write: the text one step later, and the text with its end.

    text y₁ … y_L: inputs sos, y₁, …, y_L, targets y₁, …, y_L, eos; both filled up with pad. In step i the decoder has
    read y₁ … y_(i−1) and shall write y_i: teacher forcing gives it the true text to read, whatever it wrote.

    Parameters
    ----------
    texts : sequence of sequences of int
        Letters as numbers; a text may be empty.
    sos, eos, pad : int
        The numbers of 'start', 'end' and 'nothing here', which are no letters.

    Returns
    -------
    inputs, targets : np.ndarray [shape=(batch, longest + 1)]
        Whole numbers.

    Raises
    ------
    AudioCourseError
        If there is no text, or one of the three numbers stands in one.

    Source: R. Williams and D. Zipser, Neural Computation 1, 1989 (teacher forcing).

    Examples
    --------
    >>> inputs, targets = shift_right([[5, 6], [7]], sos=1, eos=2, pad=0)
    >>> inputs.tolist(), targets.tolist()
    ([[1, 5, 6], [1, 7, 0]], [[5, 6, 2], [7, 2, 0]])

    Notebook: 02c_attention
    """
    special = {sos, eos, pad}
    if not texts or any(special & {int(letter) for letter in text} for text in texts):
        raise AudioCourseError(
            f"Pass at least one text, of letters only: {sorted(special)} mean start, end and filling."
        )
    inputs = np.full((len(texts), max(len(text) for text in texts) + 1), pad, dtype=np.int64)
    targets = inputs.copy()
    for row, text in enumerate(texts):
        inputs[row, : len(text) + 1] = [sos, *text]
        targets[row, : len(text) + 1] = [*text, eos]
    return inputs, targets
