"""The learned detector on a stream: the scores of a recording, chunk by chunk, for chunks of any size."""

from __future__ import annotations

import numpy as np
import torch

from audiocourse.classify.vad.model import HOP, N_FFT, STEP, VadNet, VadState, vad_frames
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray
from audiocourse.zoo.inference import evaluating


class VadStream:
    """Scores of a stream, chunk by chunk.

    Parameters
    ----------
    model : VadNet
        A trained network in evaluation mode.

    Notebook: ex05_vad
    """

    def __init__(self, model: VadNet) -> None:
        self._model = model
        self._pending = np.zeros(N_FFT - HOP, dtype=np.float32)  # samples that the next frames still need
        self._state: VadState | None = None

    def feed(self, chunk: FloatArray) -> FloatArray:
        """Take the next samples and return the scores that are known now.

        Parameters
        ----------
        chunk : np.ndarray [shape=(samples,)]
            Mono, at 16 kHz, in [-1, 1]; any length, 0 included.

        Returns
        -------
        np.ndarray [shape=(scores,)]
            One for each whole 20 ms since the beginning; score k belongs to the samples from 320 k to 320 (k + 1).

        Raises
        ------
        AudioCourseError
            If the chunk is not a mono float signal, or holds NaN or infinite values.
        """
        if np.size(chunk) == 0:
            return np.zeros(0, dtype=np.float32)
        samples = np.concatenate([self._pending, require_mono(chunk).astype(np.float32)])
        steps = (samples.size - (N_FFT - HOP)) // STEP
        self._pending = samples[steps * STEP :]
        if steps == 0:
            return np.zeros(0, dtype=np.float32)
        frames = vad_frames(samples[: steps * STEP + N_FFT - HOP])
        with evaluating(self._model) as device:
            scores, self._state = self._model(torch.from_numpy(frames)[None].to(device), self._state)
        row: FloatArray = scores[0].cpu().numpy()  # (scores,)
        return row
