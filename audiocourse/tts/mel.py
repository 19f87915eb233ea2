"""The mel spectrogram between a text-to-speech network and its vocoder, and the contract that both keep.

A vocoder understands one kind of mel spectrogram: that of its training. Another rate, hop, range or logarithm gives
noise instead of an error, and a square array (80 frames of 80 bands) does not show which axis is time. A
`MelSpectrogram` therefore carries its `MelParameters`, and its bands come first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, mel_filterbank, stft

_LOGARITHMS = {"log10": np.log10, "ln": np.log}
_RANGE = {"log10": (-12.0, 4.0), "ln": (-28.0, 9.5)}  # no magnitude of a sound in [-1, 1] lies outside


@dataclass(frozen=True)
class MelParameters:
    """Everything that decides what a number in a log-mel spectrogram means.

    M[b, m] = log max(Σ_k F[b, k] |X[k, m]|^power, floor), with X the centred `stft` and F the `mel_filterbank`.

    Parameters
    ----------
    sr : int
        Sampling rate in Hz.
    n_fft, hop_length : int
        N and H of the `stft`, in samples.
    n_mels : int
        Number of bands.
    fmin, fmax : float
        Range of the bands in Hz.
    power : float
        1 for magnitudes, 2 for powers.
    log : {"log10", "ln"}
        Which logarithm.
    floor : float
        Smallest value before the logarithm. It changes silence alone, so it is not compared.

    Examples
    --------
    >>> MEL == MelParameters(floor=1e-10), MEL == MelParameters(log="ln")
    (True, False)

    Notebook: 03d_vocoders
    """

    sr: int = 16_000
    n_fft: int = 1024
    hop_length: int = 256
    n_mels: int = 80
    fmin: float = 80.0
    fmax: float = 7_600.0
    power: float = 1.0
    log: Literal["log10", "ln"] = "log10"
    floor: float = field(default=1e-5, compare=False)

    def differences(self, other: MelParameters) -> list[str]:
        """List what differs, as ``name: ours, not theirs``; the floor is not compared."""
        names = [name for name in self.__dataclass_fields__ if name != "floor"]
        return [
            f"{name}: {getattr(self, name)}, not {getattr(other, name)}"
            for name in names
            if getattr(self, name) != getattr(other, name)
        ]

    @property
    def log_floor(self) -> float:
        """The value of silence."""
        return float(_LOGARITHMS[self.log](self.floor))


MEL = MelParameters()  # of this chapter, and of SpeechT5 and its published vocoder


@dataclass(frozen=True, eq=False)
class MelSpectrogram:
    """A log-mel spectrogram and what its numbers mean.

    Parameters
    ----------
    values : np.ndarray [shape=(n_mels, frames)]
        M, float32; bands first, as in `audiocourse.signal`.
    parameters : MelParameters
        How it was computed.

    Raises
    ------
    AudioCourseError
        If values are not a finite float array with n_mels rows, or lie where no sound does.

    Examples
    --------
    >>> MelSpectrogram(np.zeros((80, 3), dtype=np.float32)).seconds
    0.048

    Notebook: 03d_vocoders
    """

    values: FloatArray
    parameters: MelParameters = MEL

    def __post_init__(self) -> None:
        values = self.values
        if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or values.ndim != 2:
            raise AudioCourseError("A mel spectrogram is a float array (n_mels, frames): pass log_mel(y, sr).")
        bands = self.parameters.n_mels
        if len(values) != bands or values.shape[1] == 0:
            advice = "transpose it, since bands come first" if values.shape[1] == bands else f"it needs {bands} bands"
            raise AudioCourseError(f"This mel spectrogram has shape {values.shape}: {advice}.")
        if not np.isfinite(values).all():
            raise AudioCourseError("The mel spectrogram contains NaN or infinite values: look where they come from.")
        lowest, highest = _RANGE[self.parameters.log]
        if values.min() < lowest or values.max() > highest:
            raise AudioCourseError(
                f"The values run from {values.min():.1f} to {values.max():.1f}, where no {self.parameters.log} "
                "magnitude of a sound lies: check for decibels or a normalisation that was not undone."
            )

    @classmethod
    def from_frames(cls, frames: FloatArray, parameters: MelParameters = MEL) -> MelSpectrogram:
        """Build one from what a sequence model returns.

        frames : np.ndarray [shape=(frames, n_mels)]
        """
        if not isinstance(frames, np.ndarray) or frames.ndim != 2:
            raise AudioCourseError("A sequence model returns an array (frames, n_mels): pass that.")
        if frames.shape[1] != parameters.n_mels:
            advice = "transpose it" if frames.shape[0] == parameters.n_mels else f"it needs {parameters.n_mels} bands"
            raise AudioCourseError(f"Frames come first here, but the shape is {frames.shape}: {advice}.")
        return cls(np.ascontiguousarray(frames.T), parameters)

    @property
    def frames(self) -> FloatArray:
        """The values as sequence models take them, (frames, n_mels)."""
        return np.ascontiguousarray(self.values.T)

    @property
    def seconds(self) -> float:
        """Duration of the sound that a vocoder returns: frames · H / sr."""
        return float(self.values.shape[1] * self.parameters.hop_length / self.parameters.sr)


def log_mel(y: FloatArray, sr: int, *, parameters: MelParameters = MEL) -> MelSpectrogram:
    """Compute the log-mel spectrogram that networks of this chapter predict and vocoders invert.

    M[b, m] = log max(Σ_k F[b, k] |X[k, m]|^power, floor), with X the centred `stft` and F the `mel_filterbank`.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    sr : int
        Its sampling rate in Hz, which must be that of the parameters: nothing is resampled silently.
    parameters : MelParameters
        N, H, bands, range, logarithm.

    Returns
    -------
    MelSpectrogram
        1 + samples // H frames.

    Raises
    ------
    AudioCourseError
        If y is not mono, not finite, shorter than half a window, or at another rate.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 440 * np.arange(16000) / 16000).astype(np.float32)
    >>> log_mel(y, 16000).values.shape
    (80, 63)

    Source: J. Shen et al., Natural TTS synthesis by conditioning WaveNet on mel spectrogram predictions, ICASSP 2018.

    Notebook: 03d_vocoders
    """
    require_rate(sr, parameters)
    require_mono(y, at_least=parameters.n_fft // 2 + 1)
    magnitude = np.abs(stft(y, n_fft=parameters.n_fft, hop_length=parameters.hop_length))  # (bins, frames)
    mel = filters(parameters) @ magnitude**parameters.power  # (n_mels, frames)
    values: FloatArray = _LOGARITHMS[parameters.log](np.maximum(mel, parameters.floor))
    return MelSpectrogram(values.astype(np.float32), parameters)


@cache
def filters(parameters: MelParameters) -> FloatArray:
    """Return F, (n_mels, 1 + n_fft // 2)."""
    bank = mel_filterbank(
        sr=parameters.sr,
        n_fft=parameters.n_fft,
        n_mels=parameters.n_mels,
        fmin=parameters.fmin,
        fmax=parameters.fmax,
    )
    bank.setflags(write=False)
    return bank


def magnitudes(mel: MelSpectrogram) -> FloatArray:
    """Estimate |X|, (1 + n_fft // 2, frames), from a mel spectrogram: what the bands added up is spread out again.

    |X| ≈ max(F⁺ · exp M, 0)^(1 / power), with F⁺ the pseudo-inverse: the least-squares solution of the smallest norm.
    """
    parameters = mel.parameters
    base = 10.0 if parameters.log == "log10" else np.e
    spread = _inverse_filters(parameters) @ base ** mel.values.astype(np.float64)
    result: FloatArray = (np.maximum(spread, 1e-8) ** (1 / parameters.power)).astype(np.float32)
    return result


@cache
def _inverse_filters(parameters: MelParameters) -> FloatArray:
    """Return F⁺, (1 + n_fft // 2, n_mels)."""
    inverse: FloatArray = np.linalg.pinv(filters(parameters))
    inverse.setflags(write=False)
    return inverse


def require_mel(mel: MelSpectrogram, parameters: MelParameters = MEL) -> MelSpectrogram:
    """Refuse what is not a mel spectrogram with these parameters; an array is refused even if its shape would do."""
    if not isinstance(mel, MelSpectrogram):
        raise AudioCourseError(
            f"A vocoder takes a MelSpectrogram and got {type(mel).__name__}: an array does not say which axis is time "
            "nor how it was computed, so use log_mel(y, sr) or MelSpectrogram.from_frames(array, parameters)."
        )
    differences = mel.parameters.differences(parameters)
    if differences:
        raise AudioCourseError(
            f"The vocoder was built for another mel spectrogram ({'; '.join(differences)}): compute it with "
            "the vocoder's own parameters."
        )
    return mel


def require_rate(sr: int, parameters: MelParameters = MEL) -> None:
    """Refuse another sampling rate than that of the parameters."""
    if sr != parameters.sr:
        raise AudioCourseError(
            f"The sound has {sr} samples per second, but {parameters.sr} are needed: "
            f"use signal.resample(y, {sr}, {parameters.sr})."
        )
