"""Descriptors of spectra beside librosa's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import librosa
import numpy as np

from audiocourse.signal.descriptors import (
    spectral_bandwidth,
    spectral_centroid,
    spectral_flatness,
    spectral_rolloff,
)

SR = 22_050
SIZES = [(2048, 512), (512, 128), (401, 100)]  # n_fft, hop
LENGTHS = [300, 5_000, 22_051]  # shorter than a frame, a few frames, a length no hop divides


def spectrograms() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Noise under a falling tone, then digital silence, and matrices that come from no sound."""
    rng = np.random.default_rng(9)
    for n_fft, hop in SIZES:
        frequencies = librosa.fft_frequencies(sr=SR, n_fft=n_fft)
        for samples in LENGTHS:
            t = np.arange(samples) / SR
            y = 0.5 * np.sin(2 * np.pi * (3_000 * t - 1_000 * t**2)) + 0.01 * rng.standard_normal(samples)
            y = np.concatenate([y, np.zeros(3 * n_fft)]).astype(np.float32)
            yield np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop)), frequencies
        yield rng.exponential(size=(len(frequencies), 20)), frequencies


def furthest(ours: Callable[..., np.ndarray], peer: Callable[..., np.ndarray]) -> float:
    """Largest difference in units of the peer's largest value; librosa keeps an axis of one row."""
    worst = 0.0
    for magnitude, frequencies in spectrograms():
        expected = peer(magnitude, frequencies)
        got = ours(magnitude, frequencies)[np.newaxis]
        assert got.shape == expected.shape
        worst = max(worst, float(np.abs(got - expected).max() / np.abs(expected).max()))
    return worst


def centroid_librosa() -> float:
    return furthest(spectral_centroid, lambda s, f: librosa.feature.spectral_centroid(S=s, freq=f))


def bandwidth_librosa() -> float:
    return max(
        furthest(
            lambda s, f, p=p: spectral_bandwidth(s, f, p=p),
            lambda s, f, p=p: librosa.feature.spectral_bandwidth(S=s, freq=f, p=p),
        )
        for p in (1, 2, 3.5)
    )


def rolloff_of_magnitude_librosa() -> float:
    return max(
        furthest(
            lambda s, f, share=share: spectral_rolloff(s, f, share=share, of="magnitude"),
            lambda s, f, share=share: librosa.feature.spectral_rolloff(S=s, freq=f, roll_percent=share),
        )
        for share in (0.1, 0.5, 0.85, 0.95)
    )


def rolloff_of_energy_librosa() -> float:
    return max(
        furthest(
            lambda s, f, share=share: spectral_rolloff(s, f, share=share, of="energy"),
            lambda s, f, share=share: librosa.feature.spectral_rolloff(S=s**2, freq=f, roll_percent=share),
        )
        for share in (0.1, 0.5, 0.85, 0.95)
    )


def flatness_librosa() -> float:
    """Without the frames of digital silence, which ours calls 0 and librosa 1."""

    def ours(magnitude: np.ndarray, _: np.ndarray) -> np.ndarray:
        return spectral_flatness(magnitude[:, magnitude.max(axis=0) > 0])

    def peer(magnitude: np.ndarray, _: np.ndarray) -> np.ndarray:
        return librosa.feature.spectral_flatness(S=magnitude[:, magnitude.max(axis=0) > 0])

    return furthest(ours, peer)


PEERS = [
    ("spectral_centroid", "librosa.feature.spectral_centroid", 1e-5, "of the peak", centroid_librosa),
    ("spectral_bandwidth", "librosa.feature.spectral_bandwidth", 1e-5, "of the peak", bandwidth_librosa),
    (
        "spectral_rolloff (magnitude)",
        "librosa.feature.spectral_rolloff",
        1e-5,
        "of the peak",
        rolloff_of_magnitude_librosa,
    ),
    (
        "spectral_rolloff (energy)",
        "librosa.feature.spectral_rolloff of S²",
        1e-5,
        "of the peak",
        rolloff_of_energy_librosa,
    ),
    ("spectral_flatness", "librosa.feature.spectral_flatness", 1e-5, "of the peak", flatness_librosa),
]
