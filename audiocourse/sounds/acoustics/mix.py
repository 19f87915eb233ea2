"""Two sounds at once, with a stated level between them."""

from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_mono
from audiocourse.signal import BoolArray, FloatArray

SPEECH_LEVEL_DB = -26.0  # re full scale, over the samples with speech: the usual level of ITU-T P.56
HIGHEST_PEAK = 0.999  # where a mixture that would pass full scale ends up: below 1, whatever rounding does


@dataclass(frozen=True, eq=False)
class Mix:
    """A mixture and its parts.

    y = target + noise

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The mixture, within ±1.
    target, noise : np.ndarray [shape=(samples,)]
        Its parts.
    snr_db : float
        Signal-to-noise ratio: the power of target re that of noise, in dB, over the active samples.
    gain : float
        Applied to the target: 1, or less where the mixture would have passed full scale. The noise was scaled by it,
        too, after being brought to its level.

    Notebook: 04a_voice_activity
    """

    y: FloatArray
    target: FloatArray
    noise: FloatArray
    snr_db: float
    gain: float


def gain_for_snr(target: FloatArray, noise: FloatArray, *, snr_db: float) -> float:
    """Return the gain of a noise that gives a stated signal-to-noise ratio.

    g = √(P_target / P_noise / 10^(snr_db / 10)), P the mean square; then 10 · log₁₀(P_target / P_{g·noise}) = snr_db.

    Parameters
    ----------
    target : np.ndarray [shape=(samples,)]
        The wanted sound.
    noise : np.ndarray [shape=(noise_samples,)]
        The interfering sound; it may have another length.
    snr_db : float
        The signal-to-noise ratio in dB, −100 to 100.

    Returns
    -------
    float
        g, above 0.

    Raises
    ------
    AudioCourseError
        If one of the two is not a mono signal or silent, or the ratio is out of range.

    Examples
    --------
    >>> round(gain_for_snr(np.array([0.4, -0.4]), np.array([0.1, 0.1, 0.1]), snr_db=20), 6)
    0.4

    Notebook: 00b_the_sounds
    """
    require_between("snr_db", snr_db, -100, 100)
    ratio = _power("target", require_mono(target)) / _power("noise", require_mono(noise))
    return float(np.sqrt(ratio / 10 ** (snr_db / 10)))


def mix(target: FloatArray, noise: FloatArray, *, snr_db: float, active: BoolArray | None = None) -> Mix:
    """Add noise to a sound at a stated signal-to-noise ratio.

    10 · log₁₀(P_target / P_noise) = snr_db, where P is the mean square over the active samples.

    Parameters
    ----------
    target : np.ndarray [shape=(samples,)]
        The wanted sound.
    noise : np.ndarray [shape=(noise_samples,)]
        The interfering sound, at least as long; the rest is left out. Its level does not matter.
    snr_db : float
        The ratio in dB, −100 to 100.
    active : np.ndarray [shape=(samples,)], optional
        Bool: the samples over which both powers are measured; if not given, all. For speech with pauses pass those with
        speech, or every second of silence lowers the noise.

    Returns
    -------
    Mix
        Mixture and parts. Nothing is clipped: if the mixture would pass full scale, both parts are attenuated equally,
        so that it peaks at 0.999, and `gain` says by how much.

    Raises
    ------
    AudioCourseError
        If one of the two is not a mono signal or silent over the active samples, the noise is too short, the mask does
        not fit, or the ratio is out of range.

    Examples
    --------
    >>> mixed = mix(np.array([0.4, -0.4]), np.array([0.1, 0.1]), snr_db=20)
    >>> mixed.noise
    array([0.04, 0.04])

    Notebook: 04a_voice_activity
    """
    if require_mono(noise).size < require_mono(target).size:
        raise AudioCourseError(
            f"The noise has {noise.size} samples and the target {target.size}: make the noise at least as long."
        )
    noise = noise[: target.size]
    require_between("snr_db", snr_db, -100, 100)
    active = _require_mask(active, target.size)
    noise_gain = np.float64(gain_for_snr(target[active], noise[active], snr_db=snr_db))  # the sum is in float64
    peak = float(np.max(np.abs(target + noise_gain * noise)))
    gain = 1.0 if peak <= 1 else HIGHEST_PEAK / peak
    dtype = np.result_type(target, noise)
    scaled_target = (gain * target).astype(dtype)
    scaled_noise = (gain * noise_gain * noise).astype(dtype)
    return Mix(scaled_target + scaled_noise, scaled_target, scaled_noise, snr_db=float(snr_db), gain=gain)


def at_level(y: FloatArray, active: BoolArray, *, level_db: float = SPEECH_LEVEL_DB) -> FloatArray:
    """Scale a sound to a level over its active samples.

    10 · log₁₀(mean of y² over the active samples) = level_db

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    active : np.ndarray [shape=(samples,)]
        Bool: the samples over which the level is measured.
    level_db : float
        In dB re full scale, −100 to 0; if not given, the usual level of speech.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y times a number, dtype as y. It can pass 1: speech peaks some 20 dB above its level.

    Raises
    ------
    AudioCourseError
        If y is not a mono signal or silent over the active samples, the mask does not fit, or the level is out of
        range.

    Examples
    --------
    >>> at_level(np.array([0.5, -0.5, 0.0]), np.array([True, True, False]), level_db=-20)
    array([ 0.1, -0.1,  0. ])

    Source: ITU-T P.56, Objective measurement of active speech level, 2011 (here the ground truth says what is active).

    Notebook: 04a_voice_activity
    """
    require_between("level_db", level_db, -100, 0)
    present = _power("sound", require_mono(y)[_require_mask(active, y.size)])
    gain = 10 ** (level_db / 20) / float(np.sqrt(present))
    return (gain * y).astype(y.dtype)


def _require_mask(active: BoolArray | None, samples: int) -> BoolArray:
    """Refuse a mask that does not fit or is empty; without a mask all samples are active."""
    if active is None:
        return np.ones(samples, dtype=np.bool_)
    if not isinstance(active, np.ndarray) or active.dtype != np.bool_ or active.shape != (samples,):
        raise AudioCourseError(f"active must be a bool array of shape ({samples},), one value for each target sample.")
    if not active.any():
        raise AudioCourseError(
            "No sample is active, so there is no level to measure: mark where the target is audible."
        )
    return active


def _power(what: str, y: FloatArray) -> float:
    """Measure the mean square, in float64, and refuse silence."""
    power = float(np.mean(np.square(y, dtype=np.float64)))
    if power == 0:
        raise AudioCourseError(f"The {what} is silent over the active samples, so no ratio can be set: pass a sound.")
    return power
