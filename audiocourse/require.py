"""The checks of arguments: each refuses what does not fit in one sentence that says what to do, and changes nothing.

Audio is float32 (or float64) in [-1, 1], shaped ``(samples,)`` or ``(channels, samples)``; a matrix of frames is
``(frame_length, frames)``.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise
from numbers import Real

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError

MAX_SECONDS = 3600.0  # a longer duration is more likely one in milliseconds or samples
MAX_CHANNELS = 32  # more channels are more likely (samples, channels), not transposed

_TO_FLOAT = {
    "int16": "divide by 32768 or call signal.from_pcm",
    "int32": "divide by 2147483648 or call signal.from_pcm",
    "uint8": "call signal.from_pcm, which knows that silence is 128 in 8-bit audio",
    "complex64": "take its real part, or the magnitude with np.abs",
    "complex128": "take its real part, or the magnitude with np.abs",
}


def is_number(value: object) -> bool:
    """Whether this is a real number, NumPy's included; True and False are not numbers, NaN and infinity are."""
    return isinstance(value, Real) and not isinstance(value, bool)


def require_number(**numbers: float) -> None:
    """Refuse anything that is not a finite real number."""
    for name, number in numbers.items():
        if not is_number(number) or not np.isfinite(number):
            raise AudioCourseError(f"{name} is {number!r}, but it must be a finite number: pass a float.")


def require_between(name: str, value: float, low: float, high: float) -> float:
    """Refuse anything that is not a number in [low, high]; return it as a float."""
    if not is_number(value) or not low <= value <= high:
        raise AudioCourseError(f"{name} is {value!r}, but it must be a number from {low:g} to {high:g}.")
    return float(value)


def require_positive(**counts: int) -> None:
    """Refuse counts that are not whole numbers of at least 1: lengths in samples, hops, rates in Hz."""
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 1:
            raise AudioCourseError(f"{name} is {count!r}, but it must be a whole number of at least 1: pass an int.")


def require_seed(seed: int) -> int:
    """Refuse a seed that is not a whole number of 31 bits."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**31:
        raise AudioCourseError(f"seed is {seed!r}, but it must be a whole number from 0 to {2**31 - 1}.")
    return int(seed)


def require_rng(rng: np.random.Generator) -> np.random.Generator:
    """Refuse anything that is not a random generator, such as a bare seed."""
    if not isinstance(rng, np.random.Generator):
        raise AudioCourseError(
            f"rng is a {type(rng).__name__}, not a random generator: pass np.random.default_rng(seed)."
        )
    return rng


def require_choice(what: str, value: str, choices: Collection[str]) -> str:
    """Refuse a name that is not one of the choices; `what` is the reader's word for it: "channel", "emotion"."""
    if not isinstance(value, str) or value not in choices:
        raise AudioCourseError(f"There is no {what} {value!r}: choose one of {', '.join(choices)}.")
    return value


def require_frequency(name: str, hertz: float, sr: int) -> float:
    """Refuse a frequency that is not between 0 and sr / 2; return it as a float, in Hz."""
    require_positive(sr=sr)
    if not is_number(hertz) or not 0 < hertz < sr / 2:
        raise AudioCourseError(
            f"{name} is {hertz!r} Hz, but at a sampling rate of {sr} Hz it must lie between 0 and {sr / 2:g} Hz: from "
            "there on a tone comes out as another one (aliasing)."
        )
    return float(hertz)


def sample_count(seconds: float, sr: int) -> int:
    """Return round(seconds · sr), a number of samples of at least 1 and at most an hour."""
    require_positive(sr=sr)
    if not is_number(seconds) or not 0 < seconds <= MAX_SECONDS:
        raise AudioCourseError(
            f"seconds is {seconds!r}, but a duration is a number of seconds above 0 and at most {MAX_SECONDS:g}."
        )
    samples = round(seconds * sr)
    if samples < 1:
        raise AudioCourseError(f"{seconds:g} s is less than one sample at {sr} Hz: ask for a longer sound.")
    return samples


def require_audio(y: FloatArray, *, at_least: int = 1) -> FloatArray:
    """Refuse an array that is not audio with at least so many samples; return it as it is."""
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
    """Refuse an array that is not audio with a single channel; return it as it is."""
    require_audio(y, at_least=at_least)
    if y.ndim == 2:
        channels = "1 channel" if y.shape[0] == 1 else f"{y.shape[0]} channels"
        raise AudioCourseError(
            f"The signal has {channels}, shape {y.shape}, but this needs mono: mix them with to_mono(y) or take one "
            "with y[0]."
        )
    return y


def require_frames(frames: FloatArray) -> FloatArray:
    """Refuse an array that is not a matrix of frames [shape=(frame_length, frames)]; return it as it is."""
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


def require_magnitudes(magnitude: FloatArray) -> FloatArray:
    """Refuse an array that is not a magnitude spectrogram [shape=(bins, frames)]; return it as it is."""
    if not isinstance(magnitude, np.ndarray) or magnitude.dtype not in (np.float32, np.float64):
        raise AudioCourseError(
            f"The spectrogram {_kind(magnitude)}, but magnitudes are an array of floats: pass np.abs(stft(…))."
        )
    if magnitude.ndim != 2 or magnitude.size == 0:
        raise AudioCourseError(
            f"The spectrogram has shape {magnitude.shape}, but it must be (bins, frames), at least one of each: pass "
            "np.abs(stft(…))."
        )
    if not np.isfinite(magnitude).all():
        raise AudioCourseError(
            f"The spectrogram holds {np.count_nonzero(~np.isfinite(magnitude))} NaN or infinite values: find the step "
            "that produced them."
        )
    if magnitude.min() < 0:
        raise AudioCourseError(
            "The spectrogram holds negative values, but magnitudes have none: pass np.abs(stft(…)), not decibels."
        )
    return magnitude


def require_strength(strength: FloatArray) -> FloatArray:
    """Refuse an array that is not a finite curve over frames [shape=(frames,)]; return it as it is."""
    if not isinstance(strength, np.ndarray) or strength.dtype not in (np.float32, np.float64):
        raise AudioCourseError(
            f"The onset strength {_kind(strength)}, but it is an array of floats: pass onset_strength(y, …)."
        )
    if strength.ndim != 1 or strength.size == 0:
        raise AudioCourseError(
            f"The onset strength has shape {strength.shape}, but it is one number for each frame, (frames,), and at "
            "least one: pass onset_strength(y, …) of one channel."
        )
    if not np.isfinite(strength).all():
        first = int(np.argmin(np.isfinite(strength)))
        raise AudioCourseError(
            f"The onset strength holds NaN or infinite values, the first in frame {first}: find what produced them."
        )
    return strength


def require_events(events: Sequence[tuple[float, float, str]], what: str) -> None:
    """Refuse what is not a list of (start, end, label) without overlaps inside a class."""
    if not isinstance(events, (list, tuple)):
        raise AudioCourseError(f"The {what} is a {type(events).__name__}: give a list of (start, end, label).")
    for event in events:
        if not isinstance(event, (tuple, list)) or len(event) != 3 or not isinstance(event[2], str):
            raise AudioCourseError(f"The {what} holds {event!r:.60}, which is not (start, end, label).")
        start, end, label = event
        if not (is_number(start) and is_number(end) and 0 <= start <= end < np.inf):
            raise AudioCourseError(
                f"The {what} holds an event {label!r} from {start} to {end} s: give 0 ≤ start ≤ end, in seconds."
            )
    in_order = sorted(events, key=lambda event: (event[2], event[0], event[1]))
    for earlier, later in pairwise(in_order):
        if earlier[2] == later[2] and later[0] < earlier[1]:
            raise AudioCourseError(
                f"In the {what} two events {later[2]!r} overlap from {later[0]:g} s: merge them, as only events of "
                "different classes may sound at once."
            )


def require_frame_scores(scores: FloatArray, subject: str) -> FloatArray:
    """Refuse anything but a finite float matrix (frames, classes), at least one of each; return it as an array."""
    array = np.asarray(scores)
    if array.ndim != 2 or array.size == 0 or array.dtype.kind != "f":
        raise AudioCourseError(
            f"{subject} must be floats of shape (frames, classes), at least one of each, not {array.dtype} of shape "
            f"{array.shape}."
        )
    if not np.isfinite(array).all():
        first = int(np.argmin(np.isfinite(array).all(axis=1)))
        raise AudioCourseError(f"{subject} hold NaN or infinity, first in frame {first}: find what produced them.")
    return array


def require_seconds(**durations: float) -> None:
    """Refuse durations that are not a finite number of seconds above 0."""
    for name, seconds in durations.items():
        if not is_number(seconds) or not 0 < seconds < np.inf:
            raise AudioCourseError(f"{name} is {seconds!r}, but a duration is a number of seconds above 0.")


def require_classes(classes: Sequence[str]) -> list[str]:
    """Refuse an empty list of classes, a text, and names that occur twice; return the names."""
    if isinstance(classes, str) or len(classes) == 0 or not all(isinstance(name, str) for name in classes):
        raise AudioCourseError(f'classes is {classes!r}, but it must be a list such as ["siren"], with at least one.')
    if len(set(classes)) < len(classes):
        raise AudioCourseError(f"A class occurs twice in {', '.join(classes)}: each column needs a name of its own.")
    return list(classes)


def _kind(value: object) -> str:
    return f"has dtype {value.dtype}" if isinstance(value, np.ndarray) else f"is a {type(value).__name__}"


def _require_float(array: FloatArray, subject: str, target: str) -> None:
    """Refuse anything but a NumPy array of native float32 or float64."""
    if not isinstance(array, np.ndarray):
        raise AudioCourseError(
            f"{subject} {_kind(array)}, not a NumPy array: convert it with np.asarray(…, dtype=np.float32)."
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
