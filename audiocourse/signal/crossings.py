"""How often a signal changes its sign: low for hums and vowels, high for hiss and for the noise of a quiet room."""

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_frames


def remove_dc(frames: FloatArray) -> FloatArray:
    """Subtract the mean of each frame, so that it swings around zero.

    x[n, m] = frames[n, m] − (1 / N) · Σₖ frames[k, m]

    Parameters
    ----------
    frames : np.ndarray [shape=(frame_length, frames)]
        Frames of a signal in [-1, 1].

    Returns
    -------
    np.ndarray [shape=(frame_length, frames)]
        x, a new array, dtype as frames. Each column has the mean 0.

    Raises
    ------
    AudioCourseError
        If `require_frames` refuses the frames.

    Examples
    --------
    >>> remove_dc(np.array([[0.5], [0.25], [0.75]]))
    array([[ 0.  ],
           [-0.25],
           [ 0.25]])

    Notebook: 04a_voice_activity
    """
    mean = np.mean(require_frames(frames), axis=0, dtype=np.float64)
    return frames - mean.astype(frames.dtype)


def zero_crossing_rate(frames: FloatArray, *, remove_mean: bool = True) -> FloatArray:
    """Count how often the signal changes its sign within each frame.

    zcr[m] = (1 / (N − 1)) · Σₙ [ sgn x[n, m] ≠ sgn x[n − 1, m] ], n = 1, …, N − 1, where x is the frame without its
    mean and sgn 0 = +1. Zero counts as positive so that digital silence, all zeros, has no crossings.

    The rate alone does not tell voices from pauses: a voiced sound has a low one, but the noise of a quiet room crosses
    zero more often than speech does. Use it together with the level.

    Parameters
    ----------
    frames : np.ndarray [shape=(frame_length, frames)]
        Frames of a signal in [-1, 1], of at least two samples each.
    remove_mean : bool
        Subtract each frame's mean first. Without this a small offset of the sound card hides every crossing of a quiet
        signal.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        Fraction of the N − 1 neighbouring pairs, between 0 and 1; dtype as frames. A sine of f Hz has about 2 · f / sr.

    Raises
    ------
    AudioCourseError
        If `require_frames` refuses the frames, or they are shorter than two samples.

    Examples
    --------
    >>> zero_crossing_rate(np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0]]))
    array([1., 0.])

    Source: L. R. Rabiner and M. R. Sambur, "An algorithm for determining the endpoints of isolated utterances", Bell
    System Technical Journal 54(2), 1975.

    Notebook: 04a_voice_activity
    """
    if len(require_frames(frames)) < 2:
        raise AudioCourseError(
            "A frame of one sample has no neighbours to compare: choose a frame_length of at least 2."
        )
    positive = (remove_dc(frames) if remove_mean else frames) >= 0
    rate: FloatArray = np.mean(positive[1:] != positive[:-1], axis=0, dtype=frames.dtype)
    return rate
