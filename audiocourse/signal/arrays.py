"""What audio looks like in this course, and checks that refuse any other array with one clear sentence.

Audio is float32 (or float64) in [-1, 1], shaped ``(samples,)`` or ``(channels, samples)``; a matrix of frames is
``(frame_length, frames)``. The functions here only check; they never change an array.
"""

from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiocourse.errors import AudioCourseError

FloatArray: TypeAlias = NDArray[np.floating[Any]]
ComplexArray: TypeAlias = NDArray[np.complexfloating[Any, Any]]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.integer[Any]]

MAX_CHANNELS = 32  # beyond this, an array (samples, channels) that was not transposed is more likely

_TO_FLOAT = {
    "int16": "divide by 32768 or call signal.from_pcm",
    "int32": "divide by 2147483648 or call signal.from_pcm",
    "uint8": "call signal.from_pcm, which knows that silence is 128 in 8-bit audio",
    "complex64": "take its real part, or the magnitude with np.abs",
    "complex128": "take its real part, or the magnitude with np.abs",
}


def is_number(value: object) -> bool:
    """Tell real numbers, NumPy's included, from everything else; True and False are not numbers here.

    Examples
    --------
    >>> [is_number(value) for value in (1, np.float32(0.5), True, "1", np.ones(2))]
    [True, True, False, False, False]

    Notebook: 00_start_here
    """
    return isinstance(value, Real) and not isinstance(value, bool)


def require_number(**numbers: float) -> None:
    """Refuse anything that is not a finite real number; the caller checks its range.

    Examples
    --------
    >>> require_number(cutoff=1000.0, share=0.85)

    Notebook: 00_start_here
    """
    for name, number in numbers.items():
        if not is_number(number) or not np.isfinite(number):
            raise AudioCourseError(f"{name} is {number!r}, but it must be a finite number: pass a float.")


def require_positive(**counts: int) -> None:
    """Refuse counts that are not whole numbers of at least 1: lengths in samples, hops, rates in Hz.

    Examples
    --------
    >>> require_positive(frame_length=400, hop_length=160)

    Notebook: 01a_digital_audio
    """
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 1:
            raise AudioCourseError(f"{name} is {count!r}, but it must be a whole number of at least 1: pass an int.")


def require_audio(y: FloatArray, *, at_least: int = 1) -> FloatArray:
    """Refuse an array that is not finite float audio [shape=(samples,) or (channels, samples)]; return it unchanged.

    At least `at_least` samples, and at most 32 channels: an array with more looks transposed.

    Examples
    --------
    >>> require_audio(np.zeros(3, dtype=np.int16))
    Traceback (most recent call last):
    ...
    audiocourse.errors.AudioCourseError: The signal has dtype int16, but audio is float32 or float64: divide by 32768 \
or call signal.from_pcm.

    Notebook: 01a_digital_audio
    """
    _require_float(y, "The signal", "audio is")
    if y.ndim not in (1, 2):
        raise AudioCourseError(
            f"The signal has shape {y.shape}, but audio is (samples,) or (channels, samples): pick one signal, y[0]."
        )
    if y.ndim == 2 and y.shape[0] > MAX_CHANNELS:
        raise AudioCourseError(
            f"The signal has shape {y.shape}, that is {y.shape[0]} channels, so it looks transposed: pass y.T, because "
            f"audio is (channels, samples) with at most {MAX_CHANNELS} channels."
        )
    if y.size == 0:
        raise AudioCourseError(f"The signal is empty (shape {y.shape}): pass at least {max(at_least, 1)} samples.")
    if y.shape[-1] < at_least:
        raise AudioCourseError(
            f"The signal is too short: it has {y.shape[-1]} of the {at_least} samples needed, so pass a longer one or "
            "add zeros at its end."
        )
    _require_finite(y, "The signal")
    return y


def require_mono(y: FloatArray, *, at_least: int = 1) -> FloatArray:
    """Refuse an array that is not finite float audio [shape=(samples,)] of one channel; return it unchanged.

    Examples
    --------
    >>> require_mono(np.zeros((2, 100), dtype=np.float32))
    Traceback (most recent call last):
    ...
    audiocourse.errors.AudioCourseError: The signal has 2 channels, shape (2, 100), but this needs mono: mix them with \
to_mono(y) or take one with y[0].

    Notebook: 01a_digital_audio
    """
    require_audio(y, at_least=at_least)
    if y.ndim == 2:
        channels = "1 channel" if y.shape[0] == 1 else f"{y.shape[0]} channels"
        raise AudioCourseError(
            f"The signal has {channels}, shape {y.shape}, but this needs mono: mix them with to_mono(y) or take one "
            "with y[0]."
        )
    return y


def require_frames(frames: FloatArray) -> FloatArray:
    """Refuse an array that is not a finite float matrix of frames [shape=(frame_length, frames)]; return it unchanged.

    Examples
    --------
    >>> require_frames(np.ones((400, 7), dtype=np.float32)).shape
    (400, 7)

    Notebook: 01b_time_and_frequency
    """
    _require_float(frames, "The matrix of frames", "frames are")
    if frames.ndim != 2:
        raise AudioCourseError(
            f"Frames are a matrix (frame_length, frames), but this has shape {frames.shape}: cut the signal with "
            "frame(y, frame_length=…, hop_length=…) first."
        )
    if frames.size == 0:
        raise AudioCourseError(f"The matrix of frames is empty (shape {frames.shape}): pass at least one whole frame.")
    _require_finite(frames, "The matrix of frames")
    return frames


def _require_float(array: FloatArray, subject: str, target: str) -> None:
    """Refuse anything but a NumPy array of native float32 or float64."""
    if not isinstance(array, np.ndarray):
        raise AudioCourseError(
            f"{subject} is a {type(array).__name__}, not a NumPy array: convert it with "
            "np.asarray(…, dtype=np.float32)."
        )
    if array.dtype not in (np.float32, np.float64):
        remedy = _TO_FLOAT.get(str(array.dtype), "convert it with astype(np.float32) and bring it to [-1, 1]")
        raise AudioCourseError(f"{subject} has dtype {array.dtype}, but {target} float32 or float64: {remedy}.")


def _require_finite(array: FloatArray, subject: str) -> None:
    """Refuse NaN and infinity, and report where the first one is (samples and frames lie along the last axis)."""
    finite = np.isfinite(array)
    if not finite.all():
        where = int(np.argmin(finite.all(axis=0) if finite.ndim == 2 else finite))
        unit = "frame" if subject.endswith("frames") else "sample"
        raise AudioCourseError(
            f"{subject} holds {np.count_nonzero(~finite)} NaN or infinite values, the first in {unit} {where}: find "
            "the step that produced them, often a division by zero."
        )
