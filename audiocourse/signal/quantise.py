"""Bits: rounding a signal to the steps that a file of integers can store, and what dither does to the error."""

from typing import Literal

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_audio

Dither = Literal["rectangular", "triangular"]


def quantise(
    y: FloatArray, *, bits: int, dither: Dither | None = None, rng: np.random.Generator | None = None
) -> FloatArray:
    """Round a signal to the levels that integers of a given number of bits can store.

    q[n] = Δ · min(max(round(y[n] / Δ + d[n]), −2^(B − 1)), 2^(B − 1) − 1), with B = bits and the step Δ = 2^(1 − B).

    These are 2^B levels from −1 to 1 − Δ, and 0 is one of them ("mid-tread"). Halves go to the even level.
    Values beyond them are limited, not wrapped. The dither d is noise, in steps: none, d = 0; rectangular, d = u,
    uniform between −½ and ½; triangular, d = u₁ + u₂, two independent ones, between −1 and 1. Rectangular dither makes
    the mean of the error independent of the signal, triangular dither its variance, too: distortion turns into steady
    hiss.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1].
    bits : int
        B, from 2 to 24. With a single bit the two levels would be −1 and 0, which stores no sound.
    dither : {"rectangular", "triangular"}, optional
        The noise added before rounding; none if not given.
    rng : np.random.Generator, optional
        Source of the dither's noise; needed with dither only.

    Returns
    -------
    np.ndarray [shape=(samples,) or (channels, samples)]
        q, exactly on the levels, dtype as y. Without dither |q − y| ≤ Δ / 2 for −1 ≤ y ≤ 1 − Δ.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y, bits is not between 2 and 24, dither is another word, or dither has no rng.

    Examples
    --------
    >>> quantise(np.array([-1.0, 0.3, 0.6, 1.0]), bits=3)
    array([-1.  ,  0.25,  0.5 ,  0.75])

    Source: S. P. Lipshitz, R. A. Wannamaker and J. Vanderkooy, "Quantization and dither: a theoretical survey",
    Journal of the Audio Engineering Society 40(5), 1992.

    Notebook: 01a_digital_audio
    """
    _require_bits(bits)
    steps = 2.0 ** (bits - 1)
    scaled = require_audio(y) * np.float64(steps) + _dither(dither, rng, y.shape)
    return (np.clip(np.rint(scaled), -steps, steps - 1) / steps).astype(y.dtype)


def quantisation_snr_db(bits: int) -> float:
    """Predict the signal-to-noise ratio of a full-scale sine after rounding.

    SNR = 20 · log₁₀ 2^B + 10 · log₁₀ 1.5 ≈ 6.02 · B + 1.76 dB, with B = bits.

    A sine with peak 1 has the power ½. Rounding to steps of Δ = 2^(1 − B) leaves an error between −Δ / 2 and Δ / 2; if
    every value in between is equally likely, its power is Δ² / 12 = 2^(−2B) / 3. The ratio is 1.5 · 2^(2B). Softer
    signals lose one decibel for each decibel, because the error stays.

    That "if" needs enough steps: a sine that just fits, with peak 1 − Δ / 2, keeps within 0.2 dB of the formula from 8
    bits on, and is 1.1 dB below it at 4. A peak of exactly 1 is limited on the positive side (0.8 dB lost at 8 bits).

    Parameters
    ----------
    bits : int
        B, from 2 to 24.

    Returns
    -------
    float
        In dB, power of the sine over power of the error.

    Raises
    ------
    AudioCourseError
        If bits is not a whole number between 2 and 24.

    Examples
    --------
    >>> round(quantisation_snr_db(16), 2)
    98.09

    Source: W. R. Bennett, "Spectra of quantized signals", Bell System Technical Journal 27(3), 1948.

    Notebook: 01a_digital_audio
    """
    _require_bits(bits)
    return float(20 * np.log10(2.0**bits) + 10 * np.log10(1.5))


def snr_db(clean: FloatArray, noisy: FloatArray) -> float:
    """Measure the level of a signal relative to the error in a changed version of it.

    SNR = 10 · log₁₀( Σₙ clean[n]² / Σₙ (noisy[n] − clean[n])² )

    Parameters
    ----------
    clean : np.ndarray [shape=(samples,) or (channels, samples)]
        The signal as it should be.
    noisy : np.ndarray [shape=(samples,) or (channels, samples)]
        The same signal after rounding, coding or noise: same shape, sample by sample.

    Returns
    -------
    float
        In dB, power of clean over power of the error, over all channels.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses either of them, their shapes differ, clean is silent, or there is no error at all.

    Examples
    --------
    >>> round(snr_db(np.array([1.0, -1.0]), np.array([1.1, -0.9])), 6)
    20.0

    Notebook: 01a_digital_audio
    """
    if require_audio(clean).shape != require_audio(noisy).shape:
        raise AudioCourseError(
            f"The clean signal has shape {clean.shape} and the noisy one {noisy.shape}: cut them to the same samples."
        )
    error = np.subtract(noisy, clean, dtype=np.float64)
    signal_power, error_power = (float(np.mean(np.square(x, dtype=np.float64))) for x in (clean, error))
    if signal_power == 0:
        raise AudioCourseError("The clean signal is silent, so there is no level to compare with: pass one with sound.")
    if error_power == 0:
        raise AudioCourseError(
            "The two signals are equal, so their signal-to-noise ratio is infinite: check whether the second was "
            "changed at all."
        )
    return float(10 * np.log10(signal_power / error_power))


def _require_bits(bits: int) -> None:
    """Refuse a number of bits that no file of integers uses, or that float32 cannot hold."""
    if isinstance(bits, bool) or not isinstance(bits, (int, np.integer)) or not 2 <= bits <= 24:
        raise AudioCourseError(
            f"bits is {bits!r}, but it must be a whole number from 2 to 24: 8, 16 and 24 are common."
        )


def _dither(kind: Dither | None, rng: np.random.Generator | None, shape: tuple[int, ...]) -> FloatArray | float:
    """Draw the noise that is added before rounding, in steps."""
    if kind is None:
        return 0.0
    if kind not in ("rectangular", "triangular"):
        raise AudioCourseError(f'dither is {kind!r}, but it must be "rectangular", "triangular" or None.')
    if not isinstance(rng, np.random.Generator):
        raise AudioCourseError("Dither is random noise: pass rng=np.random.default_rng(…) with a seed of your choice.")
    noise = rng.random(shape) - 0.5
    return noise if kind == "rectangular" else noise + (rng.random(shape) - 0.5)
