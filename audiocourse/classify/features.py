"""The input of the networks of this chapter: a log-mel spectrogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, mel_spectrogram

FAINTEST = 1e-8  # power added to a band: about −110 dB re full scale after the mel filters


@dataclass(frozen=True)
class FrontEnd:
    """How a log-mel spectrogram is computed: rate and band edges in Hz, window and hop in samples, number of bands."""

    sr: int = 16_000
    n_fft: int = 1024
    hop_length: int = 320
    n_mels: int = 64
    fmin: float = 50.0
    fmax: float = 8_000.0

    @property
    def frame_seconds(self) -> float:
        """The time from one frame to the next."""
        return self.hop_length / self.sr


FRONT_END = FrontEnd()


def log_mel(y: FloatArray, sr: int, *, front_end: FrontEnd = FRONT_END) -> FloatArray:
    """Compute a log-mel spectrogram.

    x[b, m] = ln(10⁻⁸ + Σ_k M[b, k] |Y[k, m]|²), frame m centred on sample m · hop_length.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least half a window long.
    sr : int
        Samples per second; that of the front end.
    front_end : FrontEnd
        Window, hop and bands.

    Returns
    -------
    np.ndarray [shape=(n_mels, frames)]
        float32, with frames = 1 + samples // hop_length.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, or not at the rate of the front end.

    Examples
    --------
    >>> log_mel(np.zeros(16_000, dtype=np.float32), 16_000).shape
    (64, 51)

    Notebook: 04b_audio_tagging
    """
    require_mono(y, at_least=front_end.n_fft // 2 + 1)
    if sr != front_end.sr:
        raise AudioCourseError(f"The network needs {front_end.sr} samples per second, not {sr}: resample the sound.")
    power = mel_spectrogram(
        y,
        sr=sr,
        n_fft=front_end.n_fft,
        hop_length=front_end.hop_length,
        n_mels=front_end.n_mels,
        fmin=front_end.fmin,
        fmax=front_end.fmax,
    )
    spectrogram: FloatArray = np.log(power + FAINTEST).astype(np.float32)  # (n_mels, frames)
    return spectrogram


def mean_and_deviation(spectrogram: FloatArray) -> FloatArray:
    """Return the mean and the standard deviation of each band over time: (n_mels, frames) -> (2 * n_mels,).

    These are the features of the linear baselines of the chapter. They do not depend on the order of the frames.

    Notebook: 04b_audio_tagging
    """
    return np.concatenate([spectrogram.mean(axis=1), spectrogram.std(axis=1)])
