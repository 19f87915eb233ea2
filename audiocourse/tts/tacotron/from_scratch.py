"""Tacotron by hand: one step of additive attention, what the decoder reads, and when it should stop and does."""

from __future__ import annotations

import math

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray, IntArray


def additive_attention(
    query: FloatArray, keys: FloatArray, values: FloatArray, energy: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Take one step of additive attention, which decides what symbol is due now.

    e[n] = vᵀ tanh(q + k[n]), a[n] = exp(e[n]) / Σ_m exp(e[m]), c = Σ_n a[n] h[n]

    Parameters
    ----------
    query : np.ndarray [shape=(attention,)]
        q, what the decoder looks for (W q of the network).
    keys : np.ndarray [shape=(symbols, attention)]
        k, what each symbol is found by.
    values : np.ndarray [shape=(symbols, size)]
        h, what is read from each symbol.
    energy : np.ndarray [shape=(attention,)]
        v

    Returns
    -------
    context : np.ndarray [shape=(size,)]
        c
    weights : np.ndarray [shape=(symbols,)]
        a, which sum to 1.

    Raises
    ------
    AudioCourseError
        If there is no symbol, or the shapes do not fit together.

    Source: D. Bahdanau et al., Neural machine translation by jointly learning to align and translate, ICLR 2015.

    Examples
    --------
    >>> keys = np.array([[0.0], [5.0]])
    >>> context, weights = additive_attention(np.array([-5.0]), keys, np.array([[1.0], [2.0]]), np.array([9.0]))
    >>> weights.round(3), context.round(3)
    (array([0., 1.]), array([2.]))

    Notebook: 03b_attention
    """
    if len(keys) == 0 or len(keys) != len(values) or keys.shape[1:] != query.shape or query.shape != energy.shape:
        raise AudioCourseError(
            f"query {query.shape} and energy {energy.shape} must be (attention,), keys {keys.shape} (symbols, "
            f"attention) and values {values.shape} (symbols, size), with at least one symbol."
        )
    e = np.tanh(query + keys) @ energy  # (symbols,)
    a = np.exp(e - e.max())
    a = a / a.sum()
    return a @ values, a


def previous_frames(frames: FloatArray, *, reduction: int) -> FloatArray:
    """Return what the decoder reads before each step with teacher forcing: the last true frame of the step before.

    Step t writes the frames tr, …, tr + r − 1 and reads frame tr − 1; step 0 reads zeros. Of an incomplete last step
    the frames that exist are written.

    Parameters
    ----------
    frames : np.ndarray [shape=(frames, n_mels)]
        The true frames.
    reduction : int
        r, frames in a step.

    Returns
    -------
    np.ndarray [shape=(steps, n_mels)]
        steps = ⌈frames / r⌉.

    Raises
    ------
    AudioCourseError
        If r is not positive, or there is no frame.

    Source: Y. Wang et al., Tacotron: towards end-to-end speech synthesis, Interspeech 2017, section 3.3.

    Examples
    --------
    >>> previous_frames(np.arange(1.0, 8.0)[:, None], reduction=3).ravel().tolist()
    [0.0, 3.0, 6.0]

    Notebook: 03b_attention
    """
    require_positive(reduction=reduction)
    if frames.ndim != 2 or len(frames) == 0:
        raise AudioCourseError(
            f"The frames have shape {frames.shape}, but they must be (frames, n_mels), at least one."
        )
    go = np.zeros_like(frames[:1])
    steps = math.ceil(len(frames) / reduction)
    return np.concatenate([go, frames[reduction - 1 :: reduction]])[:steps]


def stop_targets(lengths: IntArray, steps: int, *, reduction: int) -> FloatArray:
    """Return what the stop token is to say in each step: 1 from the step on that writes the last frame.

    s[b, t] = 1 if (t + 1) r ≥ L_b, else 0

    Parameters
    ----------
    lengths : np.ndarray [shape=(batch,)]
        L, the frames of each utterance.
    steps : int
        Steps of the longest.
    reduction : int
        r, frames in a step.

    Returns
    -------
    np.ndarray [shape=(batch, steps)]
        s, float32.

    Raises
    ------
    AudioCourseError
        If r or steps is not positive, or an utterance is empty or does not end within the steps.

    Source: J. Shen et al., ICASSP 2018, section 2.2.

    Examples
    --------
    >>> stop_targets(np.array([6, 7]), 4, reduction=3).tolist()
    [[0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]]

    Notebook: 03b_attention
    """
    require_positive(steps=steps, reduction=reduction)
    lengths = np.asarray(lengths)
    if lengths.min() < 1 or lengths.max() > steps * reduction:
        raise AudioCourseError(
            f"Lengths must lie between 1 and the {steps * reduction} frames of {steps} steps: {lengths}."
        )
    written = (np.arange(steps) + 1) * reduction
    return (written >= lengths[:, None]).astype(np.float32)


def frames_until_stop(stop_logits: FloatArray, *, reduction: int) -> int:
    """Count the frames that are spoken, from the stop token of each step.

    F = r (t + 1), with t the first step in which σ(s_t) > 0.5; F = r T if there is none among the T steps. Step t has
    written its r frames when it decides, so they are spoken too.

    Parameters
    ----------
    stop_logits : np.ndarray [shape=(steps,)]
        s, before the sigmoid σ.
    reduction : int
        r, frames in a step.

    Returns
    -------
    int
        F, a multiple of r.

    Raises
    ------
    AudioCourseError
        If r is not positive, or there is no step.

    Source: J. Shen et al., ICASSP 2018, section 2.2.

    Examples
    --------
    >>> frames_until_stop(np.array([-7.0, -1.0, 0.2, 3.0]), reduction=4)
    12
    >>> frames_until_stop(np.array([-7.0, -5.0]), reduction=4)
    8

    Notebook: 03b_attention
    """
    require_positive(reduction=reduction)
    if stop_logits.ndim != 1 or len(stop_logits) == 0:
        raise AudioCourseError(
            f"The stop logits have shape {stop_logits.shape}, but they must be (steps,), at least one."
        )
    stops = np.flatnonzero(stop_logits > 0)  # where σ(s) > 0.5
    steps = int(stops[0]) + 1 if stops.size else len(stop_logits)
    return reduction * steps
