"""Tacotron 2 by hand: one step of attention that knows where it has been."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray


def location_features(weights: FloatArray, cumulative: FloatArray, filters: FloatArray) -> FloatArray:
    """Describe for each symbol how much it and its neighbours were read, last time and in all.

    f[n] = Σ_j F₁[j] a[n + j] + F₂[j] A[n + j], j = −w … w: the filters over the last weights a and over their sum A;
    beyond the text both are 0.

    Parameters
    ----------
    weights, cumulative : np.ndarray [shape=(symbols,)]
        a of the step before, and A, the sum of the weights of all steps before.
    filters : np.ndarray [shape=(filters, 2, 2 * w + 1)]
        F, as PyTorch's Conv1d stores them.

    Returns
    -------
    np.ndarray [shape=(symbols, filters)]
        f

    Raises
    ------
    AudioCourseError
        If a and A differ in length, or the filters do not have two channels and an odd width.

    Source: J. Chorowski et al., Attention-based models for speech recognition, NeurIPS 2015.

    Examples
    --------
    >>> what_is_left = np.array([[[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    >>> location_features(np.array([0.0, 1.0, 0.0, 0.0]), np.zeros(4), what_is_left).ravel().tolist()
    [0.0, 0.0, 1.0, 0.0]

    Notebook: 03b_attention
    """
    if weights.ndim != 1 or weights.shape != cumulative.shape:
        raise AudioCourseError(f"weights {weights.shape} and cumulative {cumulative.shape} must both be (symbols,).")
    if filters.ndim != 3 or filters.shape[1] != 2 or filters.shape[2] % 2 == 0:
        raise AudioCourseError(f"The filters have shape {filters.shape}, but they must be (filters, 2, odd width).")
    margin = filters.shape[2] // 2
    history = np.pad(np.stack([weights, cumulative]), ((0, 0), (margin, margin)))
    windows = sliding_window_view(history, filters.shape[2], axis=1)  # (2, symbols, width)
    features: FloatArray = np.einsum("csw,fcw->sf", windows, filters)
    return features


def location_sensitive_attention(
    query: FloatArray, keys: FloatArray, values: FloatArray, location: FloatArray, energy: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Take one step of location-sensitive attention: additive attention with a third summand.

    e[n] = vᵀ tanh(q + k[n] + l[n]), a[n] = exp(e[n]) / Σ_m exp(e[m]), c = Σ_n a[n] h[n]

    Parameters
    ----------
    query : np.ndarray [shape=(attention,)]
        q (W q of the network).
    keys, location : np.ndarray [shape=(symbols, attention)]
        k, and l, the projected `location_features`.
    values : np.ndarray [shape=(symbols, size)]
        h
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

    Source: J. Chorowski et al., NeurIPS 2015; J. Shen et al., ICASSP 2018.

    Examples
    --------
    >>> same = np.zeros((2, 1))
    >>> moved_on = np.array([[0.0], [5.0]])
    >>> _, weights = location_sensitive_attention(np.zeros(1), same, np.eye(2), moved_on, np.array([9.0]))
    >>> weights.round(3)
    array([0., 1.])

    Notebook: 03b_attention
    """
    if len(keys) == 0 or keys.shape != location.shape or len(keys) != len(values):
        raise AudioCourseError(
            f"keys {keys.shape} and location {location.shape} must both be (symbols, attention), values {values.shape} "
            "(symbols, size), with at least one symbol."
        )
    if query.shape != keys.shape[1:] or energy.shape != query.shape:
        raise AudioCourseError(f"query {query.shape} and energy {energy.shape} must be (attention,), as long as a key.")
    e = np.tanh(query + keys + location) @ energy  # (symbols,)
    a = np.exp(e - e.max())
    a = a / a.sum()
    return a @ values, a
