"""Two ideas of vocoders in NumPy: how far back dilated convolutions see, and a coupling that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray

ScaleAndShift = Callable[[FloatArray], tuple[FloatArray, FloatArray]]


def receptive_field(dilations: Sequence[int], *, kernel_size: int = 2) -> int:
    """Count the samples from the oldest that an output of a stack of dilated convolutions depends on to the newest.

    R = 1 + (k − 1) Σ_i d_i, with k taps in every layer, d_i samples apart

    Parameters
    ----------
    dilations : sequence of int
        d_i of each layer, at least 1.
    kernel_size : int
        k, at least 1.

    Returns
    -------
    int
        R in samples, the newest included.

    Raises
    ------
    AudioCourseError
        If a dilation or the kernel size is not a whole number of at least 1.

    Examples
    --------
    >>> receptive_field([1, 2, 4, 8]), receptive_field([1, 1, 1, 1])
    (16, 5)

    Source: A. van den Oord et al., WaveNet: a generative model for raw audio, 2016.

    Notebook: 03d_vocoders
    """
    require_positive(kernel_size=kernel_size)
    for dilation in dilations:
        require_positive(dilation=dilation)
    return 1 + (kernel_size - 1) * sum(dilations)


def coupling_forward(x: FloatArray, network: ScaleAndShift) -> FloatArray:
    """Change half of the channels, by a scale and a shift that depend on the other half.

    y_a = x_a, y_b = exp(l) ⊙ x_b + t with (l, t) = network(x_a)

    Parameters
    ----------
    x : np.ndarray [shape=(channels, steps)]
        An even number of channels; x_a is the first half.
    network : callable
        From x_a to the log scale l and the shift t, of its shape.

    Returns
    -------
    np.ndarray [shape=(channels, steps)]
        y_a above y_b.

    Raises
    ------
    AudioCourseError
        If x does not have two axes and an even number of channels.

    Source: L. Dinh, J. Sohl-Dickstein and S. Bengio, Density estimation using Real NVP, ICLR 2017; R. Prenger, R. Valle
    and B. Catanzaro, WaveGlow, ICASSP 2019.

    Notebook: 03d_vocoders
    """
    a, b = _halves(x)
    log_scale, shift = network(a)
    return np.concatenate([a, np.exp(log_scale) * b + shift])


def coupling_inverse(y: FloatArray, network: ScaleAndShift) -> FloatArray:
    """Undo `coupling_forward` exactly: the half that it left alone tells how the other was changed.

    x_a = y_a, x_b = (y_b − t) ⊙ exp(−l) with (l, t) = network(y_a)

    Parameters
    ----------
    y : np.ndarray [shape=(channels, steps)]
        What `coupling_forward` returned.
    network : callable
        The same as there; it is never inverted, so it can be anything.

    Returns
    -------
    np.ndarray [shape=(channels, steps)]
        x.

    Raises
    ------
    AudioCourseError
        If y does not have two axes and an even number of channels.

    Examples
    --------
    >>> coupling_inverse(np.array([[2.0], [7.0]]), lambda a: (0 * a, 3 * a))
    array([[2.],
           [1.]])

    Source: as for `coupling_forward`.

    Notebook: 03d_vocoders
    """
    a, b = _halves(y)
    log_scale, shift = network(a)
    return np.concatenate([a, (b - shift) * np.exp(-log_scale)])


def _halves(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    if not isinstance(x, np.ndarray) or x.ndim != 2 or not len(x) or len(x) % 2:
        raise AudioCourseError("A coupling takes an array (channels, steps) with an even number of channels.")
    a, b = np.split(x, 2)
    return a, b
