"""An attention decoder by hand: masked attention over the frames, and a text shifted by one letter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, IntArray


def masked_attention(
    query: FloatArray, keys: FloatArray, values: FloatArray, lengths: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Weight the frames by how well their keys match the query, and return the weighted mean of their values.

    e[b, t] = q[b] · k[b, t] / √d, a[b, t] = exp(e[b, t]) / Σ_{u < T_b} exp(e[b, u]) for t < T_b and 0 for t ≥ T_b,
    c[b] = Σ_t a[b, t] v[b, t]: T_b is the length of utterance b, d the size of a query.

    Parameters
    ----------
    query : np.ndarray [shape=(batch, units)]
        q, what each utterance's decoder looks for.
    keys : np.ndarray [shape=(batch, frames, units)]
        k, what each frame is found by; any numbers in the padding.
    values : np.ndarray [shape=(batch, frames, size)]
        v, what is read from each frame.
    lengths : np.ndarray [shape=(batch,)]
        T, the frames of each utterance, 1 to frames.

    Returns
    -------
    context : np.ndarray [shape=(batch, size)]
        c
    weights : np.ndarray [shape=(batch, frames)]
        a; each row sums to 1.

    Raises
    ------
    AudioCourseError
        If an utterance has no frame, or more than the array.

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
        raise AudioCourseError(f"Lengths must lie between 1 and the {keys.shape[1]} frames of the array: {lengths}.")
    e = np.einsum("bu,btu->bt", query, keys) / np.sqrt(query.shape[1])  # (batch, frames)
    e = np.where(np.arange(keys.shape[1]) < lengths[:, None], e, -np.inf)
    a = np.exp(e - e.max(axis=1, keepdims=True))
    a = a / a.sum(axis=1, keepdims=True)
    return np.einsum("bt,bts->bs", a, values), a


def shift_right(texts: Sequence[Sequence[int]], *, sos: int, eos: int, pad: int) -> tuple[IntArray, IntArray]:
    """Return what a decoder reads and what it is to write: the text one step later, and the text with its end.

    text y₁ … y_L: inputs sos, y₁, …, y_L, targets y₁, …, y_L, eos; both padded with pad. In step i the decoder has read
    y₁ … y_(i−1) and is to write y_i: with teacher forcing it reads the true text, no matter what it wrote.

    Parameters
    ----------
    texts : sequence of sequences of int
        Letters as numbers; a text may be empty.
    sos, eos, pad : int
        The numbers of start, end and padding, which are not letters.

    Returns
    -------
    inputs, targets : np.ndarray [shape=(batch, longest + 1)]
        Whole numbers.

    Raises
    ------
    AudioCourseError
        If there is no text, or a text contains one of the three numbers.

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
            f"Pass at least one text, of letters only: {sorted(special)} mean start, end and padding."
        )
    inputs = np.full((len(texts), max(len(text) for text in texts) + 1), pad, dtype=np.int64)
    targets = inputs.copy()
    for row, text in enumerate(texts):
        inputs[row, : len(text) + 1] = [sos, *text]
        targets[row, : len(text) + 1] = [*text, eos]
    return inputs, targets
