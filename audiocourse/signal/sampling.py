"""Sampling: the aliases of tones that are too high, the filter that prevents them, and changing the rate.

A rate of sr samples per second can hold frequencies *below* sr / 2 (the Nyquist frequency), and only those. At exactly
sr / 2 a sine can vanish. Higher frequencies are not lost but folded down onto others, irreversibly.
"""

import math
from typing import Any, TypeVar

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_audio, require_number, require_positive

Hertz = TypeVar("Hertz", float, FloatArray)  # a number in gives a number out, an array an array


def alias_frequency(hz: Hertz, *, sr: int) -> Hertz:
    """Return the frequency at which a tone appears after sampling.

    f′ = |f − sr · round(f / sr)|, between 0 and sr / 2.

    The samples of a tone at f and of one at f − k · sr are the same for every whole k, so the tone appears at the one
    nearest to 0. The sign tells only in which direction the phase turns, and |…| drops it: −f counts
    as f.

    Parameters
    ----------
    hz : float or np.ndarray [shape=(...)]
        f, in Hz.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        f′ in Hz; an array is float64. Tones below sr / 2 stay where they are.

    Raises
    ------
    AudioCourseError
        If a frequency is not a finite number, or sr is not a positive whole number.

    Examples
    --------
    >>> alias_frequency(5000, sr=8000)
    3000.0
    >>> alias_frequency(np.array([3000.0, 4000.0, 8000.0, 13000.0]), sr=8000)
    array([3000., 4000.,    0., 3000.])

    Source: C. E. Shannon, "Communication in the presence of noise", Proceedings of the IRE 37(1), 1949.

    Notebook: 01a_digital_audio
    """
    require_positive(sr=sr)
    f = np.asarray(hz)
    if f.dtype.kind not in "iuf" or not np.all(np.isfinite(f)):
        raise AudioCourseError(
            f"A frequency is a finite number of hertz, but this is {hz!r}: pass numbers such as 440.0."
        )
    folded: Any = np.abs(f - sr * np.rint(f / np.float64(sr)))
    alias: Hertz = folded if f.ndim else folded.item()
    return alias


def lowpass(cutoff: float, *, sr: int, taps: int) -> FloatArray:
    """Design a low-pass filter: it keeps the frequencies below a cutoff.

    h[n] = g · sinc( 2 · f_c · (n − c) / sr ) · w[n], n = 0, …, K − 1, with K = taps, c = (K − 1) / 2, sinc x =
    sin(πx) / πx, w the symmetric Blackman window, and g such that Σₙ h[n] = 1: a constant passes unchanged.

    The ideal low-pass is a sinc without end. The window ends it smoothly: with enough taps, K ≥ 5.6 · sr / f_c, the
    gain is ½ (−6 dB) at f_c, falls to −74 dB at about f_c + 2.8 · sr / K and stays below. Fewer let more pass; 3 let
    everything pass, as the window is 0 at both ends.

    Parameters
    ----------
    cutoff : float
        f_c in Hz, between 0 and sr / 2, both excluded.
    sr : int
        Sampling rate in Hz.
    taps : int
        K, odd, so that the filter has a middle. Twice as many make the slope twice as steep.

    Returns
    -------
    np.ndarray [shape=(taps,)]
        h, float64, symmetric.

    Raises
    ------
    AudioCourseError
        If cutoff is not between 0 and sr / 2, sr is not a positive whole number, or taps is not a positive odd one.

    Examples
    --------
    >>> h = lowpass(3000, sr=16000, taps=101)
    >>> round(float(h.sum()), 12), bool(np.allclose(h, h[::-1]))
    (1.0, True)

    Source: F. J. Harris, "On the use of windows for harmonic analysis with the discrete Fourier transform",
    Proceedings of the IEEE 66(1), 1978.

    Notebook: 01a_digital_audio
    """
    require_positive(sr=sr, taps=taps)
    if taps % 2 == 0:
        raise AudioCourseError(f"taps is {taps}, but the filter needs a middle one: choose an odd number.")
    require_number(cutoff=cutoff)
    if not 0 < cutoff < sr / 2:
        raise AudioCourseError(f"The cutoff is {cutoff} Hz, but at {sr} Hz it must lie between 0 and {sr / 2:g} Hz.")
    n = np.arange(taps) - (taps - 1) / 2
    h: FloatArray = np.sinc(2 * cutoff / sr * n) * np.blackman(taps)
    h /= h.sum()
    return h


def filter_fir(y: FloatArray, h: FloatArray) -> FloatArray:
    """Filter a signal with a finite impulse response, without delay.

    x[n] = Σₖ h[k] · y[n + c − k], k = 0, …, K − 1, with c = (K − 1) / 2 and y zero outside its samples. A symmetric h
    of K taps delays a signal by c samples; the shift by c compensates for this.

    It is computed as a product of spectra, zero-padded so that the end does not run into the beginning.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1].
    h : np.ndarray [shape=(taps,)]
        The filter, an odd number of taps, as from `lowpass`.

    Returns
    -------
    np.ndarray [shape=(samples,) or (channels, samples)]
        x, dtype as y. The zeros beyond the edges affect the first and last c samples.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y or h, or h is not a vector of an odd number of taps.

    Examples
    --------
    >>> filter_fir(np.array([0.0, 1.0, 0.0, 0.0]), np.array([0.25, 0.5, 0.25])).round(6) + 0.0
    array([0.25, 0.5 , 0.25, 0.  ])

    Notebook: 01a_digital_audio
    """
    require_audio(y)
    if require_audio(h).ndim != 1 or len(h) % 2 == 0:
        raise AudioCourseError(f"The filter has shape {h.shape}, but it must be (taps,) with an odd number of taps.")
    samples = y.shape[-1]
    middle = (len(h) - 1) // 2
    n = scipy.fft.next_fast_len(samples + len(h) - 1, real=True)
    spectrum = scipy.fft.rfft(y, n) * scipy.fft.rfft(h.astype(y.dtype), n)
    return np.ascontiguousarray(scipy.fft.irfft(spectrum, n)[..., middle : middle + samples])


def decimate(y: FloatArray, *, factor: int, anti_alias: bool = True) -> FloatArray:
    """Lower the sampling rate by a whole factor: filter, then keep every factor-th sample.

    x[m] = (h * y)[m · D], with D = factor and h a `lowpass` of 128 · D + 1 taps at 0.95 of the new Nyquist frequency.
    It attenuates the new Nyquist frequency and all above it by at least 74 dB. Without it
    x[m] = y[m · D], and they appear at their `alias_frequency`.

    In practice use `resample`; this function shows why it filters.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1].
    factor : int
        D, at least 2.
    anti_alias : bool
        Filter first. False is wrong on purpose: it lets one hear aliasing.

    Returns
    -------
    np.ndarray [shape=(new_samples,) or (channels, new_samples)]
        x, new_samples = ⌈samples / D⌉, dtype as y. Its rate is sr / D.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y, or factor is not a whole number of at least 2.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 15000 * np.arange(44100) / 44100)
    >>> x = decimate(y, factor=2, anti_alias=False)
    >>> int(np.argmax(np.abs(np.fft.rfft(x)))), alias_frequency(15000, sr=22050)
    (7050, 7050.0)

    Notebook: 01a_digital_audio
    """
    require_positive(factor=factor)
    if factor == 1:
        raise AudioCourseError("factor is 1, which leaves the rate as it is: pass 2 or more to lower it.")
    require_audio(y)
    filtered = filter_fir(y, lowpass(0.95 * 0.5 / factor, sr=1, taps=128 * factor + 1)) if anti_alias else y
    return np.ascontiguousarray(filtered[..., ::factor])


def resample_sinc(y: FloatArray, *, sr_from: int, sr_to: int, zeros: int = 6, rolloff: float = 0.99) -> FloatArray:
    """Change the sampling rate by band-limited interpolation: evaluate the signal between its samples.

    x[j] = s · Σₙ y[n] · sinc t · cos²(πt / 2Z), |t| < Z, with t = s · (n − j · sr_from / sr_to), Z = zeros and
    s = rolloff · min(1, sr_to / sr_from).

    Each sample is a sinc; their sum is the one signal below sr_from / 2 that passes through them. s stretches the sinc
    so that nothing stays above the new Nyquist frequency, and a Hann window, written cos², ends it at its Z-th zero.
    With sr_to / sr_from = L / M in lowest terms the fraction of j · M / L repeats after L samples, so there are only L
    different sets of weights ("polyphase").

    This is the method of torchaudio. With Z = 6 its slope is gentle: a tone at 0.9 of the new Nyquist
    frequency loses 2.4 dB, and one at 1.1 still passes as an alias, 14 dB softer. In practice use `resample`.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1].
    sr_from, sr_to : int
        The rate y has and the rate it is to have, in Hz.
    zeros : int
        Z, zeros of the sinc on each side. More of them make the slope steeper and the work longer.
    rolloff : float
        Where the low-pass lies, as a fraction of the lower Nyquist frequency, above 0 and at most 1.

    Returns
    -------
    np.ndarray [shape=(new_samples,) or (channels, new_samples)]
        x, new_samples = ⌈samples · sr_to / sr_from⌉, dtype as y; a copy of y if the rates are equal.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y, a rate or zeros is not a positive whole number, or rolloff is not in its range.

    Examples
    --------
    >>> resample_sinc(np.zeros((2, 44101)), sr_from=44100, sr_to=16000).shape
    (2, 16001)

    Source: J. O. Smith and P. Gossett, "A flexible sampling-rate conversion method", ICASSP 1984.

    Notebook: 01a_digital_audio
    """
    require_audio(y)
    require_number(rolloff=rolloff)
    require_positive(sr_from=sr_from, sr_to=sr_to, zeros=zeros)
    if not 0 < rolloff <= 1:
        raise AudioCourseError(f"rolloff is {rolloff}, but it is a fraction of the Nyquist frequency: pass 0.99.")
    if sr_from == sr_to:
        return y.copy()
    phases = sr_to // math.gcd(sr_from, sr_to)
    step = sr_from // math.gcd(sr_from, sr_to)
    s = rolloff * min(1.0, phases / step)
    reach = math.ceil(zeros / s)
    padded = np.pad(y, [(0, 0)] * (y.ndim - 1) + [(reach, reach)])
    around = sliding_window_view(padded, 2 * reach + 1, axis=-1)  # (…, samples, 2 * reach + 1), y[n] in the middle
    x = np.empty((*y.shape[:-1], math.ceil(y.shape[-1] * phases / step)), dtype=y.dtype)
    for j in range(min(phases, x.shape[-1])):
        whole, part = divmod(j * step, phases)
        t = np.clip(s * (np.arange(-reach, reach + 1) - part / phases), -zeros, zeros)
        weights = s * np.sinc(t) * np.cos(np.pi * t / (2 * zeros)) ** 2
        x[..., j::phases] = around[..., whole::step, :] @ weights.astype(y.dtype)
    return x
