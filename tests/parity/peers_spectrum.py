"""Spectra, mel and cepstra beside librosa, torchaudio and scipy."""

from __future__ import annotations

from collections.abc import Iterator

import librosa
import numpy as np
import scipy.fft
import torch
import torchaudio

from audiocourse import signal

SR = 22_050
SHAPES = [(2048, 512, 2048), (1024, 256, 800), (512, 512, 512), (400, 160, 400), (401, 100, 401)]  # n_fft, hop, window
LENGTHS = [1, 300, 5000, 22_051]  # shorter than a frame, a few frames, a length no hop divides


def apart(ours: np.ndarray, peer: np.ndarray) -> float:
    """Largest difference in units of the peer's largest magnitude; shapes must be equal."""
    assert ours.shape == peer.shape, (ours.shape, peer.shape)
    return float(np.abs(ours - peer).max() / np.abs(peer).max())


def sounds() -> Iterator[np.ndarray]:
    rng = np.random.default_rng(7)
    for samples in LENGTHS:
        yield rng.uniform(-1, 1, samples).astype(np.float32)


def stft_librosa() -> float:
    return max(
        apart(
            signal.stft(y, n_fft=n, hop_length=h, win_length=w),
            librosa.stft(y, n_fft=n, hop_length=h, win_length=w, pad_mode="constant"),
        )
        for y in sounds()
        for n, h, w in SHAPES
        if n % 2 == 0
    )


def stft_torch() -> float:
    def torch_stft(y: np.ndarray, n: int, h: int, w: int) -> np.ndarray:
        window = torch.hann_window(w)
        return torch.stft(torch.from_numpy(y), n, h, w, window, pad_mode="constant", return_complex=True).numpy()

    return max(
        apart(signal.stft(y, n_fft=n, hop_length=h, win_length=w), torch_stft(y, n, h, w))
        for y in sounds()
        for n, h, w in SHAPES
    )


def istft_librosa() -> float:
    """Spectra that belong to no signal: a matrix of noise, so that the least-squares rule itself is compared."""
    rng = np.random.default_rng(8)
    worst = 0.0
    for n, h, w in SHAPES[:2] + SHAPES[3:4]:
        shape = (1 + n // 2, 40)
        spectra = rng.normal(size=shape) + 1j * rng.normal(size=shape)
        spectra[[0, -1]] = spectra[[0, -1]].real  # an inverse real transform has no imaginary part there
        ours = signal.istft(spectra, n_fft=n, hop_length=h, win_length=w)
        worst = max(worst, apart(ours, librosa.istft(spectra, n_fft=n, hop_length=h, win_length=w)))
    return worst


def mel_filterbank_librosa() -> float:
    options = [(128, 0.0, None), (40, 20.0, 8000.0), (80, 0.0, 11_025.0)]
    return max(
        apart(
            signal.mel_filterbank(sr=SR, n_fft=2048, n_mels=m, fmin=low, fmax=high, scale=scale, norm=norm),
            librosa.filters.mel(
                sr=SR, n_fft=2048, n_mels=m, fmin=low, fmax=high, htk=scale == "htk", norm=norm, dtype=np.float64
            ),
        )
        for m, low, high in options
        for scale in ("slaney", "htk")
        for norm in ("slaney", None)
    )


def mel_filterbank_torchaudio() -> float:
    return max(
        apart(
            signal.mel_filterbank(sr=16_000, n_fft=400, n_mels=m, scale=scale, norm=norm),
            torchaudio.functional.melscale_fbanks(201, 0.0, 8000.0, m, 16_000, norm=norm, mel_scale=scale).numpy().T,
        )
        for m, scale in ((23, "htk"), (40, "htk"), (80, "slaney"))
        for norm in ("slaney", None)
    )


def mel_spectrogram_librosa() -> float:
    return max(
        apart(
            signal.mel_spectrogram(y, sr=SR, n_fft=2048, hop_length=512, n_mels=128),
            librosa.feature.melspectrogram(y=y, sr=SR, n_fft=2048, hop_length=512, n_mels=128),
        )
        for y in sounds()
    )


def mel_spectrogram_torchaudio() -> float:
    transform = torchaudio.transforms.MelSpectrogram(
        SR, n_fft=1024, hop_length=256, n_mels=64, mel_scale="slaney", norm="slaney", pad_mode="constant"
    )
    return max(
        apart(
            signal.mel_spectrogram(y, sr=SR, n_fft=1024, hop_length=256, n_mels=64),
            transform(torch.from_numpy(y)).numpy(),
        )
        for y in sounds()
    )


def dct_scipy() -> float:
    levels = np.random.default_rng(9).normal(-40, 15, (40, 30))
    return apart(signal.cepstrum(levels, n=13), scipy.fft.dct(levels, axis=0, norm="ortho")[:13])


def mfcc_librosa() -> float:
    return max(
        apart(
            signal.mfcc(y, sr=SR, n_fft=2048, hop_length=512, n_mels=128, n_mfcc=20),
            librosa.feature.mfcc(y=y, sr=SR, n_fft=2048, hop_length=512, n_mels=128, n_mfcc=20),
        )
        for y in sounds()
    )


def delta_librosa() -> float:
    features = np.random.default_rng(10).normal(size=(13, 50))
    return max(
        apart(
            signal.delta(features, width=width, order=order), librosa.feature.delta(features, width=width, order=order)
        )
        for width in (5, 9)
        for order in (1, 2)
    )


def decibels_librosa() -> float:
    """librosa's floors are amin=1e-10 and, unless asked not to, 80 dB under the loudest; ours is −100 dB."""
    power = np.random.default_rng(11).exponential(size=(50, 20))
    return max(
        apart(signal.power_to_db(power), librosa.power_to_db(power, top_db=None)),
        apart(signal.amplitude_to_db(power), librosa.amplitude_to_db(power, top_db=None)),
    )


def zero_crossings_librosa() -> float:
    """librosa divides by N where ours divides by the N − 1 pairs, and counts a sign before the first sample or not."""
    frames = np.random.default_rng(12).normal(size=(400, 30))
    ours = signal.zero_crossing_rate(frames, remove_mean=False) * 399 / 400
    return apart(ours, librosa.zero_crossings(frames, axis=0, pad=False).mean(axis=0))


PEERS = [
    ("stft", "librosa.stft", 1e-5, "of the peak", stft_librosa),
    ("stft", "torch.stft", 1e-5, "of the peak", stft_torch),
    ("istft", "librosa.istft", 1e-5, "of the peak", istft_librosa),
    ("mel_filterbank", "librosa.filters.mel", 1e-5, "of the peak", mel_filterbank_librosa),
    ("mel_filterbank", "torchaudio.functional.melscale_fbanks", 1e-5, "of the peak", mel_filterbank_torchaudio),
    ("mel_spectrogram", "librosa.feature.melspectrogram", 1e-5, "of the peak", mel_spectrogram_librosa),
    ("mel_spectrogram", "torchaudio.transforms.MelSpectrogram", 1e-5, "of the peak", mel_spectrogram_torchaudio),
    ("cepstrum", "scipy.fft.dct", 1e-5, "of the peak", dct_scipy),
    ("mfcc", "librosa.feature.mfcc", 1e-5, "of the peak", mfcc_librosa),
    ("delta", "librosa.feature.delta", 1e-5, "of the peak", delta_librosa),
    (
        "power_to_db, amplitude_to_db",
        "librosa.power_to_db, librosa.amplitude_to_db",
        1e-5,
        "of the peak",
        decibels_librosa,
    ),
    ("zero_crossing_rate", "librosa.zero_crossings", 1e-5, "of the peak", zero_crossings_librosa),
]
