"""One number per frame that describes its spectrum: where it lies, how wide, how far up, how noise-like.

All of them take a magnitude spectrogram, |X| and not |X|², because the field's libraries weight with it, and all
are ratios: doubling the amplitude does not change them.
"""

from typing import Literal

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_magnitudes, require_number

_SMALLEST_POWER = 1e-10  # −100 dB: a single empty row must not make the product over all rows zero


def spectral_centroid(magnitude: FloatArray, frequencies: FloatArray) -> FloatArray:
    """Compute the centre of gravity of each spectrum, a measure of brightness.

    c[m] = Σₖ f[k] · S[k, m] / Σₖ S[k, m]

    Parameters
    ----------
    magnitude : np.ndarray [shape=(bins, frames)]
        S, the magnitudes np.abs(stft(…)).
    frequencies : np.ndarray [shape=(bins,)]
        f in Hz, as `fft_frequencies` gives it.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        c in Hz, dtype as magnitude; 0 in frames of digital silence, which have no centre.

    Raises
    ------
    AudioCourseError
        If `require_magnitudes` refuses magnitude, or frequencies does not hold one finite frequency for each row.

    Examples
    --------
    >>> spectral_centroid(np.array([[0.0, 1.0], [1.0, 3.0]]), np.array([100.0, 200.0]))
    array([200., 175.])

    Source: G. Peeters, "A large set of audio features for sound description", IRCAM, 2004.

    Notebook: 01c_mel_and_timbre
    """
    _require_rows(magnitude, frequencies)
    centroid: FloatArray = frequencies @ _shares(magnitude)
    return centroid.astype(magnitude.dtype)


def spectral_bandwidth(magnitude: FloatArray, frequencies: FloatArray, *, p: float = 2) -> FloatArray:
    """Measure how far each spectrum spreads around its centre.

    b[m] = ( Σₖ |f[k] − c[m]|^p · S[k, m] / Σₖ S[k, m] )^(1 / p), with c the `spectral_centroid`. p = 2 makes it a
    standard deviation, p = 1 a mean distance.

    Parameters
    ----------
    magnitude : np.ndarray [shape=(bins, frames)]
        S, the magnitudes np.abs(stft(…)).
    frequencies : np.ndarray [shape=(bins,)]
        f in Hz, as `fft_frequencies` gives it.
    p : float
        The exponent, from 0.1 to 10. Larger ones give distant frequencies more weight.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        b in Hz, dtype as magnitude; 0 for a single line, and in frames of digital silence.

    Raises
    ------
    AudioCourseError
        If `require_magnitudes` refuses magnitude, frequencies does not hold one finite frequency for each row, or p is
        out of its range.

    Examples
    --------
    >>> spectral_bandwidth(np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([100.0, 200.0]))
    array([ 0., 50.])

    Source: G. Peeters, "A large set of audio features for sound description", IRCAM, 2004.

    Notebook: 01c_mel_and_timbre
    """
    _require_rows(magnitude, frequencies)
    if not 0.1 <= p <= 10:
        raise AudioCourseError(f"p is {p}, but the exponent must lie between 0.1 and 10: 2 is a standard deviation.")
    shares = _shares(magnitude)
    deviation = np.abs(frequencies[:, np.newaxis] - frequencies @ shares)  # |f − c| : (bins, frames)
    bandwidth: FloatArray = np.sum(shares * deviation**p, axis=0) ** (1 / p)
    return bandwidth.astype(magnitude.dtype)


def spectral_rolloff(
    magnitude: FloatArray,
    frequencies: FloatArray,
    *,
    share: float = 0.85,
    of: Literal["magnitude", "energy"],
) -> FloatArray:
    """Find the frequency below which a given share of each spectrum lies.

    r[m] = f[k] for the lowest k with Σ_{i ≤ k} A[i, m] ≥ share · Σᵢ A[i, m], where A = S of the magnitude, S² of the
    energy.

    There is no default for `of`, because the two differ widely (on speech often by kilohertz): squaring favours the
    strong low frequencies. librosa sums the magnitude, while many texts about librosa write "energy".

    Parameters
    ----------
    magnitude : np.ndarray [shape=(bins, frames)]
        S, the magnitudes np.abs(stft(…)).
    frequencies : np.ndarray [shape=(bins,)]
        f in Hz, ascending, as `fft_frequencies` gives it.
    share : float
        Between 0 and 1, both excluded.
    of : {"magnitude", "energy"}
        What is summed.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        r in Hz, dtype as magnitude; 0 in frames of digital silence.

    Raises
    ------
    AudioCourseError
        If `require_magnitudes` refuses magnitude, frequencies does not hold one finite frequency for each row,
        share is not between 0 and 1, or of is another word.

    Examples
    --------
    >>> S, f = np.array([[8.0], [2.0], [1.0]]), np.array([100.0, 200.0, 300.0])
    >>> spectral_rolloff(S, f, of="magnitude"), spectral_rolloff(S, f, of="energy")
    (array([200.]), array([100.]))

    Source: E. Scheirer and M. Slaney, "Construction and evaluation of a robust multifeature speech/music
    discriminator", ICASSP 1997.

    Notebook: 01c_mel_and_timbre
    """
    _require_rows(magnitude, frequencies)
    require_number(share=share)
    if not 0 < share < 1:
        raise AudioCourseError(f"share is {share}, but it must lie between 0 and 1: 0.85 is usual.")
    if of not in ("magnitude", "energy"):
        raise AudioCourseError(f'of is {of!r}, but a rolloff is of the "magnitude" (as in librosa) or of the "energy".')
    below = np.cumsum(  # Σ_{i ≤ k} A : (bins, frames)
        magnitude if of == "magnitude" else np.square(magnitude, dtype=np.float64), axis=0, dtype=np.float64
    )
    first = np.argmax(below >= share * below[-1], axis=0)  # (frames,)
    return np.where(below[-1] > 0, frequencies[first], 0).astype(magnitude.dtype)


def spectral_flatness(magnitude: FloatArray) -> FloatArray:
    """Measure how noise-like each spectrum is: near 1 where all frequencies are equally strong, near 0 for a tone.

    F[m] = exp( (1 / K) · Σₖ ln P[k, m] ) / ( (1 / K) · Σₖ P[k, m] ), the geometric over the arithmetic mean of the
    power P = max(S², 10⁻¹⁰), K rows.

    The ratio needs no reference, but its floor of −100 dB is absolute: a frame that lies entirely below it reads 1.

    Parameters
    ----------
    magnitude : np.ndarray [shape=(bins, frames)]
        S, the magnitudes np.abs(stft(…)).

    Returns
    -------
    np.ndarray [shape=(frames,)]
        F between 0 and 1, dtype as magnitude; 0 in frames of digital silence (where librosa reads 1). White noise
        has about 0.56, because its spectrum is flat only on average.

    Raises
    ------
    AudioCourseError
        If `require_magnitudes` refuses magnitude.

    Examples
    --------
    >>> spectral_flatness(np.array([[1.0, 1.0], [1.0, 0.0]])).round(3)
    array([1., 0.])

    Source: J. D. Johnston, "Transform coding of audio signals using perceptual noise criteria", IEEE Journal on
    Selected Areas in Communications 6(2), 1988.

    Notebook: 01c_mel_and_timbre
    """
    power = np.maximum(np.square(require_magnitudes(magnitude), dtype=np.float64), _SMALLEST_POWER)
    flatness = np.exp(np.mean(np.log(power), axis=0)) / np.mean(power, axis=0)
    return np.where(magnitude.max(axis=0) > 0, flatness, 0).astype(magnitude.dtype)


def _require_rows(magnitude: FloatArray, frequencies: FloatArray) -> None:
    """Refuse anything that is not a magnitude spectrogram, and frequencies that do not belong to its rows."""
    require_magnitudes(magnitude)
    shape = getattr(frequencies, "shape", None)
    if shape != (len(magnitude),) or frequencies.dtype.kind != "f" or not np.isfinite(frequencies).all():
        raise AudioCourseError(
            f"The spectrogram has {len(magnitude)} rows, but frequencies is not an array of as many finite floats "
            f"(shape {shape}): pass fft_frequencies(n_fft, sr) with the n_fft of the spectrogram."
        )


def _shares(magnitude: FloatArray) -> FloatArray:
    """Divide each column by its sum, in float64; columns of zeros stay zero."""
    total = np.sum(magnitude, axis=0, dtype=np.float64)
    shares: FloatArray = np.divide(magnitude, total, out=np.zeros(magnitude.shape), where=total > 0)
    return shares
