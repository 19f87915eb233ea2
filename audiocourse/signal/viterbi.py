"""The Viterbi search: the most likely path through states of which each is reached from its neighbours."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.errors import AudioCourseError


def viterbi_banded(
    log_emission: FloatArray, *, log_band: FloatArray, log_switch: FloatArray, log_floor: float = -np.inf
) -> IntArray:
    """Find the most likely path through states in rows, where each step leads to a neighbour.

    A state is a layer l and a position q. V[l, q, m] = log E[l, q, m] + max over l′, q′ of
    (V[l′, q′, m − 1] + log A[q′, q] + log S[l′, l]): the score of the best path that ends there.
    A is 0 for |q − q′| > R, so that a step compares a band of 2R + 1 positions instead of all of them, which makes it
    fast. All states are equally likely at first.

    Parameters
    ----------
    log_emission : np.ndarray [shape=(layers, positions, frames)]
        log E, how well each state explains each frame; −∞ for not at all.
    log_band : np.ndarray [shape=(2 * reach + 1, positions)]
        log A, by the position at which a step arrives: row R + i, column q is the step from q + i to q. −∞ where q + i
        is not a position.
    log_switch : np.ndarray [shape=(layers, layers)]
        log S, from the layer of the row to that of the column.
    log_floor : float
        Log probability of a step outside the band, to any state; −∞ for never.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        The state in each frame, as l · positions + q: `np.divmod` takes it apart.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, or a value is NaN or +∞.

    Examples
    --------
    >>> with np.errstate(divide="ignore"):
    ...     log_emission = np.log([[[0.9, 0.0, 0.1], [0.1, 0.4, 0.0], [0.0, 0.6, 0.9]]])
    >>> viterbi_banded(log_emission, log_band=np.zeros((3, 3)), log_switch=np.zeros((1, 1)))
    array([0, 1, 2])

    Source: A. Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm", IEEE
    Transactions on Information Theory 13(2), 1967.

    Notebook: 01d_pitch_and_rhythm
    """
    _require_model(log_emission, log_band, log_switch, log_floor)
    layers, positions, frames = log_emission.shape
    reach = len(log_band) // 2
    score = np.moveaxis(log_emission, -1, 0).astype(np.float64, order="C")  # V : (frames, layers, positions)
    padded = np.full((layers, positions + 2 * reach), -np.inf)  # no step begins beyond the ends
    windows = sliding_window_view(padded, positions, axis=1).swapaxes(0, 1)  # V at q + i : (2R + 1, layers, positions)
    sums = np.empty(windows.shape)
    for m in range(1, frames):
        padded[:, reach : reach + positions] = score[m - 1]
        np.add(windows, log_band[:, None], out=sums)
        near = sums.max(axis=0)  # max over q′ of V + log A : (layers, positions)
        best = np.max(near[:, None] + log_switch[:, :, None], axis=0)  # max over l′, too : (layers, positions)
        score[m] += np.maximum(best, score[m - 1].max() + log_floor)
    return _trace_back(score, log_band, log_switch, log_floor)


def _trace_back(score: FloatArray, log_band: FloatArray, log_switch: FloatArray, log_floor: float) -> IntArray:
    """Follow the best path back from its last state, finding again at each step the state before it.

    Repeating the search along the path costs less than storing the predecessor of every state.
    """
    positions = score.shape[2]
    reach = len(log_band) // 2
    path = np.empty(len(score), dtype=np.intp)
    path[-1] = np.argmax(score[-1])
    for m in range(len(score) - 1, 0, -1):
        layer, position = divmod(int(path[m]), positions)
        near = np.arange(max(position - reach, 0), min(position + reach + 1, positions))
        arrival = score[m - 1][:, near] + log_band[near - position + reach, position] + log_switch[:, layer, None]
        from_layer, step = np.unravel_index(np.argmax(arrival), arrival.shape)
        path[m - 1] = from_layer * positions + near[step]
        if score[m - 1].max() + log_floor > arrival[from_layer, step]:
            path[m - 1] = np.argmax(score[m - 1])
    return path


def _require_model(log_emission: FloatArray, log_band: FloatArray, log_switch: FloatArray, log_floor: float) -> None:
    """Refuse the parts of a hidden Markov model that do not belong together."""
    shapes = f"log_emission {log_emission.shape}, log_band {log_band.shape}, log_switch {log_switch.shape}"
    if log_emission.ndim != 3 or 0 in log_emission.shape:
        raise AudioCourseError(f"log_emission must be (layers, positions, frames), but the shapes are: {shapes}.")
    layers, positions, _ = log_emission.shape
    if log_band.ndim != 2 or log_band.shape[1] != positions or len(log_band) % 2 == 0:
        raise AudioCourseError(f"log_band must be (2 · reach + 1, positions), but the shapes are: {shapes}.")
    if log_switch.shape != (layers, layers):
        raise AudioCourseError(f"log_switch must be (layers, layers), but the shapes are: {shapes}.")
    for values in (log_emission, log_band, log_switch, np.asarray(log_floor)):
        if not np.all(values < np.inf):
            raise AudioCourseError("Log probabilities are at most 0, but there is NaN or infinity among them.")
