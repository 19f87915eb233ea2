"""The µ-law: 256 numbers for the samples of a sound, fine near zero and coarse near ±1, as a telephone has them.

WaveNet chooses the next sample as a recogniser chooses a letter: from a list. 65,536 values of 16 bits would be a long
list; 256 values at even distances would drown a quiet voice in noise.
"""

from __future__ import annotations

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, IntArray

LEVELS = 256
MU = LEVELS - 1


def mu_law_encode(y: FloatArray) -> IntArray:
    """Turn samples into codes.

    F(y) = sgn(y) · ln(1 + µ|y|) / ln(1 + µ), µ = 255; code = ⌊(F(y) + 1) / 2 · µ + ½⌋

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float in [-1, 1]; what passes ±1 is cut.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        int64, from 0 (−1) through 128 (silence) to 255 (+1).

    Raises
    ------
    AudioCourseError
        If y is not a mono signal.

    Examples
    --------
    >>> mu_law_encode(np.array([-1.0, -0.01, 0.0, 0.01, 1.0]))
    array([  0,  98, 128, 157, 255])

    Source: ITU-T G.711, Pulse code modulation of voice frequencies, 1988; A. van den Oord et al., WaveNet: a generative
    model for raw audio, 2016.

    Notebook: 03d_vocoders
    """
    magnitude = np.minimum(np.abs(require_mono(y)), 1)
    compressed = np.sign(y) * np.log1p(MU * magnitude) / np.log1p(MU)  # F(y), from −1 to 1
    codes: IntArray = np.floor((compressed + 1) / 2 * MU + 0.5).astype(np.int64)
    return codes


def mu_law_decode(codes: IntArray) -> FloatArray:
    """Turn codes back into samples: F⁻¹ of the middle of each step.

    F⁻¹(v) = sgn(v) · ((1 + µ)^|v| − 1) / µ with v = 2 · code / µ − 1

    No code is exactly 0: silence becomes 0.00009. `sounds.mu_law` is `mu_law_decode` of `mu_law_encode`.

    Parameters
    ----------
    codes : np.ndarray [shape=(samples,)]
        Whole numbers from 0 to 255.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        float32 in [-1, 1].

    Raises
    ------
    AudioCourseError
        If codes are not whole numbers from 0 to 255.

    Examples
    --------
    >>> mu_law_decode(np.array([0, 98, 128, 157, 255])).round(2)
    array([-1.  , -0.01,  0.  ,  0.01,  1.  ], dtype=float32)

    Notebook: 03d_vocoders
    """
    if not isinstance(codes, np.ndarray) or codes.dtype.kind not in "iu" or codes.ndim != 1:
        raise AudioCourseError("Codes are an array (samples,) of whole numbers: pass mu_law_encode(y).")
    if codes.size and not 0 <= codes.min() <= codes.max() <= MU:
        raise AudioCourseError(f"Codes run from 0 to {MU}, not from {codes.min()} to {codes.max()}.")
    compressed = 2 * codes / MU - 1  # v
    y: FloatArray = (np.sign(compressed) * np.expm1(np.abs(compressed) * np.log1p(MU)) / MU).astype(np.float32)
    return y
