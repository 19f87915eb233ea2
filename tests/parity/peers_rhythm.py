"""Onsets, tempo and beats beside librosa."""

from __future__ import annotations

from collections.abc import Iterator

import librosa
import mir_eval
import numpy as np

from audiocourse.signal import beats, onsets
from audiocourse.sounds.music import drums

SR = 22_050
SHAPES = [(2048, 512, 128), (2048, 256, 40), (1024, 441, 64), (512, 1024, 20)]  # n_fft, hop (shifts 2, 4, 1, 0), n_mels
LAGS = [1, 2, 100, 345]


def apart(ours: np.ndarray, peer: np.ndarray) -> float:
    """Largest difference in units of the peer's largest magnitude (if it has any); shapes must be equal."""
    assert ours.shape == peer.shape, (ours.shape, peer.shape)
    return float(np.abs(ours - peer).max() / (np.abs(peer).max() or 1))


def differing(ours: np.ndarray, peer: np.ndarray) -> float:
    """How many frame numbers are in one list and not in the other."""
    return float(np.setxor1d(ours, peer).size)


def sounds() -> Iterator[np.ndarray]:
    rng = np.random.default_rng(31)
    for samples in (2100, 5000, 22_051):
        yield rng.uniform(-1, 1, samples).astype(np.float32)
    yield drums.click_track(100, seconds=9, sr=SR).y
    yield drums.drum_loop(97, bars=4, sr=SR, rng=rng, swing=0.5).y


def music() -> Iterator[tuple[np.ndarray, float]]:
    """Onset strengths of made music, as librosa measures them, so that only what follows is compared; and the tempo."""
    rng = np.random.default_rng(32)
    for index, bpm in enumerate(range(70, 200, 10)):
        made = drums.drum_loop(bpm, bars=24, sr=SR, rng=rng, pattern=drums.PATTERNS[index % 3])
        noisy = made.y + 0.01 * rng.standard_normal(made.y.size).astype(np.float32)
        yield librosa.onset.onset_strength(y=noisy, sr=SR), made.bpm


def onset_strength_librosa() -> float:
    return max(
        apart(
            onsets.onset_strength(y, sr=SR, n_fft=n, hop_length=h, n_mels=m, average=average.__name__),
            librosa.onset.onset_strength(y=y, sr=SR, n_fft=n, hop_length=h, n_mels=m, aggregate=average),
        )
        for y in sounds()
        for n, h, m in SHAPES
        for average in (np.mean, np.median)
    )


def pick_peaks_librosa() -> float:
    rng = np.random.default_rng(33)
    names = ("pre_max", "post_max", "pre_avg", "post_avg", "delta", "wait")
    options = [(1, 1, 4, 5, 0.07, 1), (3, 3, 3, 5, 0.2, 0), (0, 1, 0, 1, 0.0, 0), (10, 1, 50, 1, 0.1, 20)]
    return sum(
        differing(onsets.pick_peaks(x, **chosen), librosa.util.peak_pick(x, **chosen))
        for x in (rng.random(500), rng.random(3), rng.integers(0, 4, 400).astype(float), np.ones(9))
        for chosen in (dict(zip(names, values, strict=True)) for values in options)
    )


def onset_frames_librosa() -> float:
    return sum(
        differing(
            onsets.onset_frames(strength, sr=SR, hop_length=hop, delta=delta),
            librosa.onset.onset_detect(onset_envelope=strength, sr=SR, hop_length=hop, delta=delta),
        )
        for strength, _ in music()
        for hop in (256, 512, 1024)
        for delta in (0.07, 0.3)
    )


def autocorrelation_librosa() -> float:
    x = np.random.default_rng(34).normal(size=(300, 4))
    return max(apart(beats.autocorrelation(x, lags=n), librosa.autocorrelate(x, max_size=n, axis=0)) for n in LAGS[:3])


def tempogram_librosa() -> float:
    strength, _ = next(music())
    return max(
        apart(
            beats.tempogram(part, lags=lags),
            librosa.feature.tempogram(onset_envelope=part, sr=SR, win_length=lags),
        )
        for part in (strength, strength[100:150])
        for lags in LAGS[1:]
    )


def tempo_librosa() -> float:
    """Distance of the periods in frames: librosa returns a whole lag, ours lies between two."""
    worst = 0.0
    for strength, _ in music():
        for start in (60.0, 120.0, 180.0):
            ours = beats.tempo(strength, sr=SR, hop_length=512, start_bpm=start).bpm
            (peer,) = librosa.feature.tempo(onset_envelope=strength, sr=SR, start_bpm=start)
            worst = max(worst, abs(60 * SR / 512 / ours - 60 * SR / 512 / float(peer)))
    return worst


def beat_frames_librosa() -> float:
    """One minus the F-measure between the two lists: librosa drops more at both ends, where its threshold is double."""
    return max(
        1
        - mir_eval.beat.f_measure(
            librosa.beat.beat_track(onset_envelope=strength, sr=SR, bpm=bpm, units="time")[1],
            beats.beat_times(strength, bpm=bpm, sr=SR, hop_length=512),
        )
        for strength, bpm in music()
    )


def frames_to_seconds_librosa() -> float:
    frames = np.arange(1000)
    return max(
        apart(
            onsets.frames_to_seconds(frames, hop_length=hop, sr=SR),
            librosa.frames_to_time(frames, sr=SR, hop_length=hop),
        )
        for hop in (1, 256, 512)
    )


PEERS = [
    ("onset_strength", "librosa.onset.onset_strength", 1e-5, "of the peak", onset_strength_librosa),
    ("pick_peaks", "librosa.util.peak_pick", 0, "frames that differ", pick_peaks_librosa),
    ("onset_frames", "librosa.onset.onset_detect", 0, "frames that differ", onset_frames_librosa),
    ("autocorrelation", "librosa.autocorrelate", 1e-5, "of the peak", autocorrelation_librosa),
    ("tempogram", "librosa.feature.tempogram", 1e-5, "of the peak", tempogram_librosa),
    ("tempo", "librosa.feature.tempo", 0.5, "lags", tempo_librosa),
    ("beat_frames", "librosa.beat.beat_track", 0.03, "1 − F (mir_eval)", beat_frames_librosa),
    ("frames_to_seconds", "librosa.frames_to_time", 1e-12, "of the peak", frames_to_seconds_librosa),
]
