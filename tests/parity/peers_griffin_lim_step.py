"""One Griffin-Lim iteration, repeated, beside librosa's method without momentum."""

from __future__ import annotations

import librosa
import numpy as np

from audiocourse.signal import istft, stft
from audiocourse.tts.vocoders.griffin_lim_step import griffin_lim_step

SIZES = {"n_fft": 512, "hop_length": 128}


def steps_librosa() -> float:
    """Both begin with phases of 0, in float64."""
    S = np.abs(stft(np.random.default_rng(1).uniform(-1, 1, 8_000), **SIZES))  # noqa: N806
    estimate = S + 0j
    for _ in range(8):
        estimate = griffin_lim_step(estimate, S, length=8_000, **SIZES)
    theirs = librosa.griffinlim(S, n_iter=8, momentum=0.0, init=None, length=8_000, hop_length=128)
    return float(np.abs(istft(estimate, length=8_000, **SIZES) - theirs).max())


PEERS = [("griffin_lim_step", "librosa.griffinlim, momentum 0", 1e-10, "of the full scale", steps_librosa)]
