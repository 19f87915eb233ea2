"""Whisper's input: the logarithm of the power in mel bands, scaled to a range near −1 … 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, mel_spectrogram

FAINTEST = 1e-10  # power below which all is equal
DECADES = 8.0  # what lies more than eight powers of ten below the loudest band becomes equally black


@dataclass(frozen=True)
class WhisperFrontEnd:
    """The sizes with which a checkpoint was trained; another size is another model's.

    ``sr`` in Hz; ``n_fft`` and ``hop_length`` in samples; ``n_mels`` bands (80, and 128 from large-v3 on); ``seconds``
    of one window (30 in the published checkpoints).
    """

    sr: int = 16_000
    n_fft: int = 400
    hop_length: int = 160
    n_mels: int = 80
    seconds: float = 30.0

    @classmethod
    def of(cls, extractor: Any) -> WhisperFrontEnd:
        """Read the sizes from a `transformers.WhisperFeatureExtractor`."""
        e = extractor
        return cls(e.sampling_rate, e.n_fft, e.hop_length, e.feature_size, e.n_samples / e.sampling_rate)

    @property
    def samples(self) -> int:
        """Samples in a window."""
        return round(self.seconds * self.sr)

    @property
    def frames(self) -> int:
        """Frames in a window."""
        return self.samples // self.hop_length


def whisper_scale(power: FloatArray) -> FloatArray:
    """Turn the power in mel bands into the numbers that Whisper's encoder was trained on.

    L = log₁₀ max(P, 10⁻¹⁰), then x = (max(L, max L − 8) + 4) / 4, with max L the largest L of all bands and frames:
    the range from top to bottom is at most 2, whatever the level of the recording.

    Parameters
    ----------
    power : np.ndarray [shape=(bands, frames)]
        P, the power in each band.

    Returns
    -------
    np.ndarray [shape=(bands, frames)]
        x, without unit, dtype as P.

    Examples
    --------
    >>> whisper_scale(np.array([[1.0, 1e-4], [1e-8, 0.0]]))
    array([[ 1.,  0.],
           [-1., -1.]])

    Source: A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, arXiv:2212.04356.

    Notebook: ex01_multilingual_asr
    """
    level = np.log10(np.maximum(power, FAINTEST))
    scaled: FloatArray = (np.maximum(level, level.max() - DECADES) + 4) / 4
    return scaled


def whisper_log_mel(y: FloatArray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> FloatArray:
    """Measure log-mel features as Whisper's encoder expects them.

    P[b, m] = Σₖ F[b, k] · |X[k, m]|², with X the short-time Fourier transform of y, mirrored by N / 2 samples at both
    ends, and F the mel filters of equal area up to sr / 2; frame m is centred at sample mH, and the last one, at the
    very end, is left out. Then `whisper_scale`.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1], more than N / 2 samples.
    sr : int
        Samples per second.
    n_fft, hop_length : int
        N and H, in samples.
    n_mels : int
        Number of bands.

    Returns
    -------
    np.ndarray [shape=(n_mels, samples // hop_length)]
        float32, without unit.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short to be mirrored, or a mel band is empty.

    Examples
    --------
    >>> x = whisper_log_mel(np.zeros(16000, dtype=np.float32), sr=16000, n_fft=400, hop_length=160, n_mels=80)
    >>> x.shape, float(x.max().round(3))
    ((80, 100), -1.5)

    Source: A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, arXiv:2212.04356.

    Notebook: 02e_whisper, ex01_multilingual_asr
    """
    require_mono(y, at_least=n_fft // 2 + 1)
    mirrored = np.pad(y, n_fft // 2, mode="reflect")
    power = mel_spectrogram(mirrored, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels, center=False)
    return whisper_scale(power[:, : y.size // hop_length]).astype(np.float32)


def whisper_features(y: FloatArray, sr: int, *, front: WhisperFrontEnd) -> FloatArray:
    """Pad a recording with silence to one window and measure its `whisper_log_mel`.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1], at most one window long.
    sr : int
        Samples per second; the rate of the front end.
    front : WhisperFrontEnd
        The sizes of a checkpoint.

    Returns
    -------
    np.ndarray [shape=(n_mels, frames)]
        float32; always the frames of a whole window.

    Raises
    ------
    AudioCourseError
        If y is not mono, of another rate, or longer than the window, which would have to be cut.

    Notebook: 02e_whisper
    """
    require_rate(require_mono(y), sr, front=front)
    if y.size > front.samples:
        raise AudioCourseError(
            f"{y.size / sr:.1f} s do not fit into the window of {front.seconds:g} s: call transcribe, which decodes "
            "window by window."
        )
    window = np.pad(y, (0, front.samples - y.size))
    return whisper_log_mel(window, sr=sr, n_fft=front.n_fft, hop_length=front.hop_length, n_mels=front.n_mels)


def require_rate(y: FloatArray, sr: int, *, front: WhisperFrontEnd) -> FloatArray:
    """Refuse a sampling rate that the checkpoint was not trained on; return y [shape=(samples,)] as it is."""
    if sr != front.sr:
        raise AudioCourseError(f"Whisper expects {front.sr} samples per second, not {sr}: call signal.resample first.")
    return y
