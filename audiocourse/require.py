"""The arguments that every sound shares, and the sentences a reader gets when one is out of range."""

from collections.abc import Collection

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import is_number, require_positive

LONGEST = 3600.0  # seconds: beyond it, milliseconds or samples handed over as seconds are the likelier story


def require_between(name: str, value: float, low: float, high: float) -> float:
    """Refuse a number outside [low, high], NaN, or what is no number.

    low ≤ value ≤ high

    Parameters
    ----------
    name : str
        What the number is, with its unit where it has one, as the reader knows it.
    value, low, high : float
        The number and its limits, which are allowed themselves.

    Returns
    -------
    float
        value.

    Raises
    ------
    AudioCourseError
        If value is out of range or no real number.

    Examples
    --------
    >>> require_between("pitch", 50, 0, 99)
    50.0

    Notebook: 04a_voice_activity
    """
    if not is_number(value) or not low <= value <= high:
        raise AudioCourseError(f"{name} is {value!r}, but it must be a number from {low:g} to {high:g}.")
    return float(value)


def require_frequency(name: str, hertz: float, sr: int) -> float:
    """Refuse a frequency that the sampling rate cannot hold.

    0 < f < sr / 2

    Parameters
    ----------
    name : str
        What the frequency is.
    hertz : float
        f, in Hz.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    float
        f.

    Raises
    ------
    AudioCourseError
        If f is not between 0 and sr / 2, or no real number.

    Examples
    --------
    >>> require_frequency("f0", 440, 16000)
    440.0

    Notebook: 01a_digital_audio
    """
    require_positive(sr=sr)
    if not is_number(hertz) or not 0 < hertz < sr / 2:
        raise AudioCourseError(
            f"{name} is {hertz!r} Hz, but at a sampling rate of {sr} Hz it must lie between 0 and {sr / 2:g} Hz: from "
            "there on a tone comes out as another one (aliasing)."
        )
    return float(hertz)


def require_rng(rng: np.random.Generator) -> np.random.Generator:
    """Refuse what is no random generator, such as a bare seed.

    rng = np.random.default_rng(seed)

    Parameters
    ----------
    rng : np.random.Generator
        Where all chance comes from.

    Returns
    -------
    np.random.Generator
        rng.

    Raises
    ------
    AudioCourseError
        If rng is a number, None, a RandomState or anything else.

    Examples
    --------
    >>> require_rng(np.random.default_rng(7)).random() < 1
    True

    Notebook: 04a_voice_activity
    """
    if not isinstance(rng, np.random.Generator):
        raise AudioCourseError(f"rng is a {type(rng).__name__}, no random generator: pass np.random.default_rng(seed).")
    return rng


def require_seed(seed: int) -> int:
    """Refuse a seed that does not fit into 31 bits.

    0 ≤ seed < 2³¹

    Parameters
    ----------
    seed : int
        What chance starts from.

    Returns
    -------
    int
        seed.

    Raises
    ------
    AudioCourseError
        If seed is no whole number, or out of range.

    Examples
    --------
    >>> require_seed(7)
    7
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**31:
        raise AudioCourseError(f"seed is {seed!r}, but it must be a whole number from 0 to {2**31 - 1}.")
    return int(seed)


def require_choice(what: str, value: str, choices: Collection[str]) -> str:
    """Refuse a name that is none of those there are.

    value ∈ choices

    Parameters
    ----------
    what : str
        What is chosen, as the reader knows it: ``channel``, ``emotion``.
    value : str
        The name.
    choices : collection of str
        Those there are.

    Returns
    -------
    str
        value.

    Raises
    ------
    AudioCourseError
        If value is none of them.

    Examples
    --------
    >>> require_choice("split", "test", ("train", "test"))
    'test'

    Notebook: 04a_voice_activity
    """
    if not isinstance(value, str) or value not in choices:
        raise AudioCourseError(f"There is no {what} {value!r}: choose one of {', '.join(choices)}.")
    return value


def sample_count(seconds: float, sr: int) -> int:
    """Turn a duration into a number of samples.

    N = round(seconds · sr)

    Parameters
    ----------
    seconds : float
        Duration, above 0 and at most an hour.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    int
        N, at least 1.

    Raises
    ------
    AudioCourseError
        If the duration is not positive, not finite, over an hour or shorter than one sample, or sr no whole number of
        at least 1.

    Examples
    --------
    >>> sample_count(0.5, 16000)
    8000

    Notebook: 01a_digital_audio
    """
    require_positive(sr=sr)
    if not is_number(seconds) or not 0 < seconds <= LONGEST:
        raise AudioCourseError(
            f"seconds is {seconds!r}, but a duration is a number of seconds above 0 and at most {LONGEST:g}."
        )
    samples = round(seconds * sr)
    if samples < 1:
        raise AudioCourseError(f"{seconds:g} s is less than one sample at {sr} Hz: ask for a longer sound.")
    return samples
