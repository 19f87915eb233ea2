"""Griffin-Lim beside librosa's, from the same first phases, in float64.

The iteration multiplies rounding errors: float32 through two FFT libraries is 1e-5 of the peak apart after 4 rounds and
1e-3 after 32, while float64 stays at 1e-11. So it is float64 that tells whether both compute the same thing.
"""

from __future__ import annotations

import librosa
import numpy as np

from audiocourse.signal.griffin_lim import griffin_lim, spectral_convergence

SIZES = [(512, 128), (1024, 256), (400, 160), (401, 100)]  # n_fft, hop
SAMPLES = 8_001


def sound() -> np.ndarray:
    t = np.arange(SAMPLES) / 16_000
    hiss = np.random.default_rng(3).standard_normal(SAMPLES)
    return 0.4 * np.sin(2 * np.pi * (300 * t + 400 * t**2)) + 0.2 * np.sign(np.sin(2 * np.pi * 140 * t)) + 0.02 * hiss


def furthest(*, random: bool, dtype: type = np.float64, rounds: int = 32) -> float:
    """Largest difference in units of the peer's peak, with and without momentum and a given length."""
    worst = 0.0
    for n_fft, hop in SIZES:
        magnitude = np.abs(librosa.stft(sound(), n_fft=n_fft, hop_length=hop)).astype(dtype)
        for momentum, length in [(0.99, SAMPLES), (0.0, SAMPLES), (0.99, None if n_fft % 2 == 0 else SAMPLES)]:
            rng, same = np.random.default_rng(5), np.random.default_rng(5)
            ours = griffin_lim(
                magnitude,
                n_fft=n_fft,
                hop_length=hop,
                iterations=rounds,
                momentum=momentum,
                rng=rng if random else None,
                length=length,
            )
            peer = librosa.griffinlim(
                magnitude,
                n_fft=n_fft,
                hop_length=hop,
                n_iter=rounds,
                momentum=momentum,
                init="random" if random else None,
                random_state=same,
                length=length,
            )
            assert ours.shape == peer.shape
            assert ours.dtype == peer.dtype
            worst = max(worst, float(np.abs(ours - peer).max() / np.abs(peer).max()))
    return worst


def from_zero_phases() -> float:
    return furthest(random=False)


def from_random_phases() -> float:
    return furthest(random=True)


def few_rounds_in_float32() -> float:
    return furthest(random=False, dtype=np.float32, rounds=4)


def convergence_numpy() -> float:
    """The formula on librosa's own spectrum: an absolute difference of a ratio that is near 1."""
    y, other = sound(), sound()[::-1].copy()
    wanted, got = (np.abs(librosa.stft(x, n_fft=512, hop_length=128)) for x in (y, other))
    expected = np.linalg.norm(got - wanted) / np.linalg.norm(wanted)
    return abs(spectral_convergence(wanted, other, n_fft=512, hop_length=128) - float(expected))


PEERS = [
    ("griffin_lim (φ = 0)", "librosa.griffinlim", 1e-8, "of the peak", from_zero_phases),
    ("griffin_lim (random φ)", "librosa.griffinlim", 1e-8, "of the peak", from_random_phases),
    ("griffin_lim (float32, 4 rounds)", "librosa.griffinlim", 1e-4, "of the peak", few_rounds_in_float32),
    ("spectral_convergence", "its formula on librosa.stft", 1e-10, "absolute", convergence_numpy),
]
