"""Pitch beside librosa's: differences, YIN, pYIN, the Viterbi search."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import librosa
import numpy as np
from librosa.core.pitch import _cumulative_mean_normalized_difference

from audiocourse import signal as ours
from audiocourse import sounds
from audiocourse.signal import FloatArray, frame
from audiocourse.sounds.music.melody import TIMBRES, melody

SR = 22_050
SCALE = [57, 59, 60.5, None, 64, 52, 69, 57]


def songs() -> list[tuple[FloatArray, int]]:
    """Melodies in every timbre with vibrato, and leaps of more than an octave."""
    beats = [1, 0.5, 0.5, 1, 1, 0.5, 0.5, 1]
    made = [melody(SCALE, beats=beats, bpm=120, sr=SR, timbre=timbre, vibrato_cents=30) for timbre in TIMBRES]
    return [(song.y, SR) for song in made]


def voices() -> list[tuple[FloatArray, int]]:
    """Two speakers, the first with much breath, the second low."""
    text = "Where were you while we were away? She sells six short sticks."
    return [(sounds.say(text, voice=voice).y, 16_000) for voice in ("en-us+f3", "en-us+m1")]


def noisy() -> list[tuple[FloatArray, int]]:
    """The melodies in white noise 15 dB below them."""
    rng = np.random.default_rng(7)
    return [(y + (0.1 * 10 ** (-15 / 20) * rng.standard_normal(y.size)).astype(np.float32), sr) for y, sr in songs()]


def options(sr: int) -> dict[str, float]:
    return {"sr": sr, "fmin": 65.4, "fmax": 1046.5, "frame_length": 2048 if sr > 20_000 else 1024, "hop_length": 256}


def d_prime_difference() -> float:
    """The largest difference anywhere, over two lengths of frame; librosa's rows begin at its shortest lag.

    The first sample of every frame is set to 0: librosa 0.11 does not take its energy off at lag 1.
    """
    largest = 0.0
    for y, _ in songs():
        for frame_length, max_lag in ((2048, 340), (1001, 400)):
            frames = frame(y.astype(np.float64), frame_length=frame_length, hop_length=777)
            frames = np.where(np.arange(frame_length)[:, None] > 0, frames, 0)
            frames = frames[:, np.any(frames, axis=0)]  # where nothing differs we say 1 and librosa 0
            d_prime = ours.cumulative_mean_normalised_difference(ours.difference_function(frames, max_lag=max_lag))
            theirs = _cumulative_mean_normalized_difference(frames, 10, max_lag)
            largest = max(largest, float(np.max(np.abs(d_prime[10:] - theirs)) / np.max(theirs)))
    return largest


def yin_median_cents() -> float:
    """The largest median over the recordings, in frames that both call voiced."""
    return max(float(np.median(cents)) for cents in _yin_cents("melodies", "in noise", "speech"))


def yin_largest_cents() -> float:
    """The largest difference in any voiced frame of the clean melodies."""
    return max(float(np.max(cents)) for cents in _yin_cents("melodies"))


def _yin_cents(*kinds: str) -> Iterator[FloatArray]:
    for track, _, voiced, y, sr in _tracks(*kinds):
        both = voiced & track.voiced
        yield ours.cents_apart(ours.yin(y, **options(sr))[both], librosa.yin(y, **options(sr))[both])


def pyin_voicing_melodies() -> float:
    return _voiced_differently("melodies", "in noise")


def pyin_voicing_speech() -> float:
    return _voiced_differently("speech")


def _voiced_differently(*kinds: str) -> float:
    """Percent of the frames, of the recording with the most of them."""
    return max(100 * float(np.mean(voiced != track.voiced)) for track, _, voiced, *_ in _tracks(*kinds))


def pyin_median_cents() -> float:
    """The largest median over the recordings, where both are voiced."""
    medians = []
    for track, f0, voiced, *_ in _tracks("melodies", "in noise", "speech"):
        both = voiced & track.voiced
        medians.append(float(np.median(ours.cents_apart(track.f0[both], f0[both]))))
    return max(medians)


def _tracks(*kinds: str) -> list[tuple]:
    return [tracks for kind in kinds for tracks in _tracks_of(kind)]


@cache
def _tracks_of(kind: str) -> list[tuple]:
    """Our track, librosa's f0 and voicing, and what they listened to."""
    recordings = {"melodies": songs, "in noise": noisy, "speech": voices}[kind]()
    return [(ours.pyin(y, **options(sr)), *librosa.pyin(y, **options(sr))[:2], y, sr) for y, sr in recordings]


def viterbi_states() -> float:
    """Frames in which the states differ, over bands of several widths in one and two layers."""
    rng, apart = np.random.default_rng(3), 0
    for layers, positions, reach in ((1, 7, 1), (1, 9, 3), (2, 8, 2), (2, 5, 4), (3, 6, 0)):
        near = np.abs(np.subtract.outer(np.arange(positions), np.arange(positions))) <= reach
        step = rng.random((positions, positions)) * near
        step /= step.sum(axis=1, keepdims=True)
        switch = rng.random((layers, layers)) + layers * np.eye(layers)
        switch /= switch.sum(axis=1, keepdims=True)
        emission = rng.random((layers * positions, 50))
        theirs = librosa.sequence.viterbi(emission, np.kron(switch, step))
        with np.errstate(divide="ignore"):
            path = ours.viterbi_banded(
                np.log(emission).reshape(layers, positions, -1),
                log_band=np.log(arrivals(step, reach)),
                log_switch=np.log(switch),
                log_floor=float(np.log(np.finfo(float).tiny)),
            )
        apart += int(np.count_nonzero(path != theirs))
    return float(apart)


def arrivals(step: FloatArray, reach: int) -> FloatArray:
    """The band of a square matrix of steps from row to column: row R + i, column q is the step from q + i to q."""
    padded = np.pad(step, ((reach, reach), (0, 0)))
    return np.stack([np.diagonal(padded[reach + i :]) for i in range(-reach, reach + 1)])


PEERS = [
    (
        "cumulative_mean_normalised_difference",
        "librosa.core.pitch._cumulative_mean_normalized_difference",
        1e-9,
        "of the peak",
        d_prime_difference,
    ),
    ("yin", "librosa.yin (median)", 0.01, "cents", yin_median_cents),
    ("yin", "librosa.yin (largest, clean melodies)", 0.1, "cents", yin_largest_cents),
    ("pyin", "librosa.pyin (voicing, melodies)", 0.5, "% of the frames", pyin_voicing_melodies),
    ("pyin", "librosa.pyin (voicing, speech)", 0.5, "% of the frames", pyin_voicing_speech),
    ("pyin", "librosa.pyin (median)", 5.0, "cents, half of librosa's grid", pyin_median_cents),
    ("viterbi_banded", "librosa.sequence.viterbi", 0.0, "frames", viterbi_states),
]
