"""Note numbers, tuning, chroma and the constant-Q transform beside librosa."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import librosa
import numpy as np

from audiocourse.signal.cqt import cqt, cqt_frequencies, cqt_quality
from audiocourse.signal.tonal import chroma, chroma_filterbank, estimate_tuning, hz_to_midi, midi_to_hz

SR = 22_050
LENGTHS = [1, 300, 5000, 66_151]  # shorter than a frame, a few frames, a length no hop divides
SHAPES = [(2048, 512), (4096, 1024), (1024, 300), (512, 2000)]  # n_fft, hop; the last hop jumps over samples
TUNINGS = (0.0, 0.3, -0.45)


def apart(ours: np.ndarray, peer: np.ndarray) -> float:
    """Largest difference in units of the peer's largest magnitude; shapes must be equal."""
    assert ours.shape == peer.shape, (ours.shape, peer.shape)
    return float(np.abs(ours - peer).max() / np.abs(peer).max())


def notes(*midi: float, seconds: float = 2.0, sr: int = SR, partials: int = 6) -> np.ndarray:
    time = np.arange(round(seconds * sr)) / sr
    waves = [np.sin(2 * np.pi * k * midi_to_hz(p) * time) / k for p in midi for k in range(1, partials + 1)]
    return (0.2 * np.sum(waves, axis=0)).astype(np.float32)


def hz_to_midi_librosa() -> float:
    hz = np.geomspace(8, 20_000, 1000)
    return apart(hz_to_midi(hz), librosa.hz_to_midi(hz))


def midi_to_hz_librosa() -> float:
    midi = np.linspace(-10, 140, 1000)
    return apart(midi_to_hz(midi), librosa.midi_to_hz(midi))


def tuning_librosa() -> float:
    """In semitones, around the circle where −0.5 and +0.5 are the same: scales out of tune by known amounts."""
    worst = 0.0
    for off in (-0.45, -0.3, -0.1, 0.0, 0.2, 0.3, 0.45):
        y = np.concatenate([notes(p + off, seconds=0.5) for p in (60, 62, 64, 65, 67, 69, 71, 72)])
        gap = estimate_tuning(y, sr=SR, n_fft=4096, hop_length=1024) - librosa.estimate_tuning(y=y, sr=SR, n_fft=4096)
        worst = max(worst, abs((gap + 0.5) % 1 - 0.5))
    return worst


def chroma_filterbank_librosa() -> float:
    return max(
        apart(chroma_filterbank(sr=sr, n_fft=n, tuning=t), librosa.filters.chroma(sr=sr, n_fft=n, tuning=t))
        for sr, n in [(22_050, 2048), (22_050, 4096), (44_100, 4096), (16_000, 512), (8000, 1025)]
        for t in TUNINGS
    )


def chroma_librosa() -> float:
    """With the gate open; librosa warns where n_fft exceeds the signal."""
    rng = np.random.default_rng(7)
    sounds = [rng.uniform(-1, 1, samples).astype(np.float32) for samples in LENGTHS] + [notes(60, 64, 67)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return max(
            apart(
                chroma(y, sr=SR, n_fft=n, hop_length=h, tuning=t, gate_db=-np.inf),
                librosa.feature.chroma_stft(y=y, sr=SR, n_fft=n, hop_length=h, tuning=t),
            )
            for y in sounds
            for n, h in SHAPES
            for t in TUNINGS
        )


def cqt_sounds(sr: int) -> Iterator[np.ndarray]:
    time = np.arange(4 * sr) / sr
    for hz in (70.0, 440.0, 1234.5):
        yield (0.5 * np.sin(2 * np.pi * hz * time)).astype(np.float32)
    yield (0.5 * np.sin(2 * np.pi * 60 * (2**time - 1) / np.log(2) * 2)).astype(
        np.float32
    )  # 120 Hz, an octave a second
    yield notes(48, 60, 64, 67, seconds=4, sr=sr)


def cqt_librosa() -> float:
    """Magnitudes where no window reaches over an edge; librosa halves the rate octave by octave, ours does not."""
    worst = 0.0
    for sr, hop, fmin, bins, per_octave in [
        (22_050, 512, 32.703, 84, 12),
        (22_050, 256, 65.406, 72, 12),
        (16_000, 320, 55.0, 60, 12),
        (22_050, 512, 65.406, 144, 24),
    ]:
        edge = int(np.ceil(cqt_quality(per_octave) * sr / cqt_frequencies(1, fmin=fmin)[0] / 2 / hop)) + 1
        for y in cqt_sounds(sr):
            sizes = {"sr": sr, "hop_length": hop, "fmin": fmin, "n_bins": bins, "bins_per_octave": per_octave}
            ours, peer = np.abs(cqt(y, **sizes)), np.abs(librosa.cqt(y, **sizes))
            assert ours.shape == peer.shape
            worst = max(worst, apart(ours[:, edge:-edge], peer[:, edge:-edge]))
    return worst


PEERS = [
    ("hz_to_midi", "librosa.hz_to_midi", 1e-5, "of the peak", hz_to_midi_librosa),
    ("midi_to_hz", "librosa.midi_to_hz", 1e-5, "of the peak", midi_to_hz_librosa),
    ("estimate_tuning", "librosa.estimate_tuning", 2e-2, "semitones", tuning_librosa),
    ("chroma_filterbank", "librosa.filters.chroma", 1e-5, "of the peak", chroma_filterbank_librosa),
    ("chroma", "librosa.feature.chroma_stft", 1e-5, "of the peak", chroma_librosa),
    ("cqt", "librosa.cqt", 2e-2, "of the peak", cqt_librosa),
]
