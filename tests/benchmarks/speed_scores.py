"""Speed and memory of the signal functions beside librosa, on five minutes of made sound, pair by pair in one run."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import librosa
import numpy as np

from audiocourse import signal, sounds

SR = 22_050
SECONDS = 300
SIZES = {"n_fft": 2048, "hop_length": 512}
PITCH = {"sr": SR, "fmin": 65.0, "fmax": 2093.0, "frame_length": 2048}  # librosa's example: C2 to C7
Job = Callable[[signal.FloatArray], object]

JOBS: dict[str, tuple[Job, Job]] = {
    "stft": (lambda y: signal.stft(y, **SIZES), lambda y: librosa.stft(y, **SIZES)),
    "mel_spectrogram": (
        lambda y: signal.mel_spectrogram(y, sr=SR, n_mels=128, **SIZES),
        lambda y: librosa.feature.melspectrogram(y=y, sr=SR, n_mels=128, **SIZES),
    ),
    "mfcc": (
        lambda y: signal.mfcc(y, sr=SR, n_mels=128, n_mfcc=20, **SIZES),
        lambda y: librosa.feature.mfcc(y=y, sr=SR, n_mels=128, n_mfcc=20, **SIZES),
    ),
    "chroma": (
        lambda y: signal.chroma(y, sr=SR, tuning=0.0, **SIZES),
        lambda y: librosa.feature.chroma_stft(y=y, sr=SR, tuning=0.0, **SIZES),
    ),
    "cqt": (
        lambda y: signal.cqt(y, sr=SR, hop_length=512, fmin=32.7, n_bins=84),
        lambda y: librosa.cqt(y, sr=SR, hop_length=512, fmin=32.7, n_bins=84, tuning=0.0),
    ),
    "onset_strength and beat_frames": (
        lambda y: signal.beat_frames(signal.onset_strength(y, sr=SR, **SIZES), bpm=120, sr=SR, hop_length=512),
        lambda y: librosa.beat.beat_track(y=y, sr=SR, hop_length=512, bpm=120),
    ),
    "pyin": (
        lambda y: signal.pyin(y, hop_length=512, **PITCH),
        lambda y: librosa.pyin(y, hop_length=512, **PITCH),
    ),
}


@dataclass(frozen=True)
class Race:
    """What one pair took: the median of seconds, of the ratio within a pair, and the peak of memory in MB."""

    ours: float
    theirs: float
    ratio: float
    our_memory: float
    their_memory: float


def made_sound(seconds: float) -> signal.FloatArray:
    """A sung scale over drums, again and again: voiced and unvoiced, tonal and noisy."""
    tune = sounds.melody([60, 62, 64, None, 67, 69, 72, None], beats=[1] * 8, bpm=120, sr=SR, timbre="voice")
    drums = sounds.drum_loop(120, bars=2, sr=SR, rng=np.random.default_rng(0)).y
    bar = 0.5 * (tune.y + drums[: tune.y.size])
    return np.resize(bar, round(seconds * SR)).astype(np.float32)


def race(job: str, y: signal.FloatArray, *, rounds: int) -> Race:
    """Run a pair in turns, after one run of each that warms up."""
    pair = JOBS[job]
    for run in pair:
        run(y[: 5 * SR])
    times: list[list[float]] = [[], []]
    for _ in range(rounds):
        for run, taken in zip(pair, times, strict=True):
            begin = time.perf_counter()
            run(y)
            taken.append(time.perf_counter() - begin)
    ratio = median(theirs / ours for ours, theirs in zip(*times, strict=True))
    return Race(median(times[0]), median(times[1]), ratio, *(memory(run, y) for run in pair))


def memory(run: Job, y: signal.FloatArray) -> float:
    """Peak of what NumPy and Python allocate during a run, in MB, without the sound itself."""
    tracemalloc.start()
    try:
        run(y)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def tables(data: Path | None = None) -> Iterator[str]:  # noqa: ARG001 (every board takes the folder of real recordings)
    """Yield the table of all pairs."""
    y = made_sound(SECONDS)
    lines = [f"Speed beside librosa, {SECONDS // 60} minutes at {SR} Hz, one thread: seconds (median) and peak memory"]
    lines.append(f"{'function':<31}    ours  librosa  times as fast   MB ours  MB librosa")
    for job in JOBS:
        r = race(job, y, rounds=1 if job == "pyin" else 7)
        lines.append(
            f"{job:<31} {r.ours:7.3f} {r.theirs:8.3f} {r.ratio:14.1f} {r.our_memory:9.0f} {r.their_memory:11.0f}"
        )
    yield "\n".join(lines)
