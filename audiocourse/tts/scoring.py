"""How near a synthesised sound comes to the one it copies, and how fast it is made."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray, dct_basis
from audiocourse.tts.mel import MelParameters, MelSpectrogram, log_mel, require_mel

Vocode = Callable[[MelSpectrogram], FloatArray]


def mel_distance(reference: MelSpectrogram, other: MelSpectrogram) -> float:
    """Measure how far two mel spectrograms are apart, in dB.

    D = mean over bands b and frames m of |L[b, m] − L′[b, m]|, with L the levels of the bands in dB

    Parameters
    ----------
    reference, other : MelSpectrogram
        With the same parameters and the same number of frames.

    Returns
    -------
    float
        D ≥ 0 in dB; 1 dB is about the smallest change of level that one hears.

    Raises
    ------
    AudioCourseError
        If parameters or numbers of frames differ.

    Examples
    --------
    >>> quiet = MelSpectrogram(np.full((80, 3), -2.0))
    >>> mel_distance(MelSpectrogram(np.full((80, 3), -1.0)), quiet)
    20.0

    Notebook: 03d_vocoders
    """
    _require_same_frames(reference, other)
    return float(np.mean(np.abs(_levels_db(reference) - _levels_db(other))))


def mel_cepstral_distortion(
    reference: MelSpectrogram, other: MelSpectrogram, *, coefficients: int = 13, warp: bool = False
) -> float:
    """Measure how far the spectral envelopes of two sounds are apart, in dB, whatever their levels.

    MCD = mean over frames of (10 / ln 10) · √(2 Σ_d (c_d − c′_d)²), d = 1, …, D, with the cepstrum c of ln magnitudes:
    ln X_b = c_0 + Σ_d c_d cos(π d (b + ½) / B). The root is the rms difference over bands of two levels in dB, once
    smoothed to D cosines; c_0, the level of the frame, is left out.

    Parameters
    ----------
    reference, other : MelSpectrogram
        With the same parameters and, without `warp`, the same number of frames.
    coefficients : int
        D, fewer than the bands.
    warp : bool
        Whether the frames are aligned first (dynamic time warping, the path of the smallest sum): for two recordings of
        a sentence. The mean is then over the steps of the path.

    Returns
    -------
    float
        MCD ≥ 0 in dB.

    Raises
    ------
    AudioCourseError
        If parameters or numbers of frames differ, or there are too many coefficients.

    Source: R. Kubichek, Mel-cepstral distance measure for objective speech quality assessment, IEEE PACRIM 1993.

    Notebook: 03d_vocoders
    """
    require_positive(coefficients=coefficients)
    bands = _parameters(reference).n_mels
    if coefficients >= bands:
        raise AudioCourseError(
            f"{bands} bands have {bands - 1} coefficients beside the level, not {coefficients}: ask for fewer."
        )
    if warp:
        require_mel(other, reference.parameters)
    else:
        _require_same_frames(reference, other)
    a, b = (_mel_cepstrum(mel, coefficients) for mel in (reference, other))  # (coefficients, frames)
    if warp:
        path = _warping_path(a, b)  # (steps, 2)
        a, b = a[:, path[:, 0]], b[:, path[:, 1]]
    return float(np.mean(10 / np.log(10) * np.sqrt(2 * np.sum((a - b) ** 2, axis=0))))


def resynthesis(vocode: Vocode, mel: MelSpectrogram) -> MelSpectrogram:
    """Compute the mel spectrogram of what a vocoder makes of one, frame for frame comparable.

    The sound has frames · H samples; the frame that is centred where it ends is left out.
    """
    again = log_mel(vocode(mel), mel.parameters.sr, parameters=mel.parameters)
    return MelSpectrogram(again.values[:, : mel.values.shape[1]], mel.parameters)


def real_time_factor(vocode: Vocode, mel: MelSpectrogram) -> float:
    """Measure how many seconds one core takes for a second of sound.

    Parameters
    ----------
    vocode : callable
        From a mel spectrogram to samples; it runs four times, and the fastest of the last three counts: other programs
        can only slow it down.
    mel : MelSpectrogram
        What it turns into sound.

    Returns
    -------
    float
        Processor seconds, of all threads together, per second of sound: under 1 one core is faster than it plays.

    Notebook: 03d_vocoders
    """
    duration = len(vocode(mel)) / mel.parameters.sr
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        vocode(mel)
        seconds.append(time.process_time() - begin)
    return min(seconds) / duration


def _levels_db(mel: MelSpectrogram) -> FloatArray:
    """Return 20 log10 of the magnitudes, (n_mels, frames), in dB."""
    log10 = mel.values.astype(np.float64) * (1.0 if mel.parameters.log == "log10" else 1 / np.log(10))
    levels: FloatArray = 20 / mel.parameters.power * log10
    return levels


def _mel_cepstrum(mel: MelSpectrogram, coefficients: int) -> FloatArray:
    """Return c_1, …, c_D of each frame, (coefficients, frames)."""
    bands = mel.parameters.n_mels
    ln_magnitudes = _levels_db(mel) * np.log(10) / 20
    orthonormal = dct_basis(coefficients + 1, bands) @ ln_magnitudes
    cepstrum: FloatArray = np.sqrt(2 / bands) * orthonormal[1:]
    return cepstrum


def _warping_path(a: FloatArray, b: FloatArray) -> FloatArray:
    """Align frames: two cepstra (coefficients, frames) -> pairs of frame numbers (steps, 2)."""
    from librosa.sequence import dtw  # not at the top: librosa loads slowly, and most comparisons need no path

    _, path = dtw(a, b, metric="euclidean")
    return path[::-1]


def _parameters(mel: MelSpectrogram) -> MelParameters:
    """Return the parameters of a mel spectrogram; anything else is refused."""
    if not isinstance(mel, MelSpectrogram):
        raise AudioCourseError(f"A distance takes two MelSpectrograms, not a {type(mel).__name__}: use log_mel(y, sr).")
    return mel.parameters


def _require_same_frames(reference: MelSpectrogram, other: MelSpectrogram) -> None:
    """Refuse two mel spectrograms that cannot be compared number by number."""
    require_mel(other, _parameters(reference))
    frames, others = reference.values.shape[1], other.values.shape[1]
    if frames != others:
        raise AudioCourseError(
            f"The mel spectrograms have {frames} and {others} frames: cut them to the same interval, or compare "
            "different recordings with mel_cepstral_distortion(…, warp=True)."
        )
