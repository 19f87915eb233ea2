"""Filters and resampling beside scipy and torchaudio."""

from __future__ import annotations

import numpy as np
import scipy.signal
import torch
import torchaudio

from audiocourse.signal.sampling import decimate, filter_fir, lowpass, resample_sinc

RATES = [(44_100, 22_050), (44_100, 16_000), (48_000, 44_100), (16_000, 22_050), (8_000, 16_000), (44_100, 44_100)]
LENGTHS = [1, 7, 300, 4_001]  # shorter than the filter, longer, and what no ratio divides


def apart(ours: np.ndarray, peer: np.ndarray) -> float:
    """Largest difference in units of the peer's largest magnitude; shapes must be equal."""
    assert ours.shape == peer.shape, (ours.shape, peer.shape)
    return float(np.abs(ours - peer).max() / np.abs(peer).max())


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).uniform(-1, 1, shape)


def lowpass_scipy() -> float:
    return max(
        apart(lowpass(cutoff, sr=sr, taps=taps), scipy.signal.firwin(taps, cutoff, window="blackman", fs=sr))
        for sr, cutoff in [(16_000, 4_000), (44_100, 100), (44_100, 21_000), (8_000, 3_400.5)]
        for taps in (3, 31, 257, 1_001)
    )


def filter_fir_scipy() -> float:
    filters = {taps: noise(taps) for taps in (1, 3, 101)}
    return max(
        apart(filter_fir(y, h), scipy.signal.oaconvolve(y, np.broadcast_to(h, (*y.shape[:-1], taps)), "same", axes=-1))
        for y in [*map(noise, LENGTHS), noise(2, 500)]
        for taps, h in filters.items()
    )


def decimate_scipy() -> float:
    """The same filter through scipy's polyphase decimator: our way to filter and then drop against its."""

    def peer(y: np.ndarray, factor: int) -> np.ndarray:
        h = scipy.signal.firwin(128 * factor + 1, 0.95 / factor, window="blackman")
        return scipy.signal.upfirdn(h, y, down=factor)[64 : 64 + -(-y.size // factor)]

    return max(apart(decimate(noise(n), factor=d), peer(noise(n), d)) for n in LENGTHS for d in (2, 3, 7))


def resample_sinc_torchaudio() -> float:
    """In float64: for a float32 signal torchaudio computes the weights in float32, too, and is 2e-5 off itself."""
    signals = [*map(noise, LENGTHS), noise(2, 500)]
    return max(
        apart(
            resample_sinc(y, sr_from=a, sr_to=b, zeros=zeros, rolloff=rolloff),
            torchaudio.functional.resample(torch.from_numpy(y), a, b, zeros, rolloff).numpy(),
        )
        for y in signals
        for a, b in RATES
        for zeros, rolloff in [(6, 0.99), (16, 0.9)]
    )


def resample_sinc_torchaudio_float32() -> float:
    """The same float32 samples, handed to the peer as float64."""
    return max(
        apart(
            resample_sinc(y, sr_from=a, sr_to=b),
            torchaudio.functional.resample(torch.from_numpy(y).double(), a, b).numpy(),
        )
        for y in [noise(n).astype(np.float32) for n in LENGTHS]
        for a, b in RATES
    )


PEERS = [
    ("lowpass", "scipy.signal.firwin", 1e-6, "of the peak", lowpass_scipy),
    ("filter_fir", "scipy.signal.oaconvolve", 1e-5, "of the peak", filter_fir_scipy),
    ("decimate", "scipy.signal.upfirdn", 1e-5, "of the peak", decimate_scipy),
    ("resample_sinc", "torchaudio.functional.resample", 1e-5, "of the peak", resample_sinc_torchaudio),
    (
        "resample_sinc (float32)",
        "torchaudio.functional.resample (float64)",
        1e-5,
        "of the peak",
        resample_sinc_torchaudio_float32,
    ),
]
