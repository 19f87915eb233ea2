"""A synthesiser put together from parts, so that a student's own parts can speak in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from audiocourse.arrays import ComplexArray, FloatArray, IntArray
from audiocourse.require import require_positive
from audiocourse.signal import istft
from audiocourse.tts.fastspeech.from_scratch import durations_at_rate
from audiocourse.tts.fastspeech.model import FastSpeech, contour, run_blocks, waves
from audiocourse.tts.fastspeech.reference import reference_frames
from audiocourse.tts.fastspeech.synthesizer import FastSpeechSynthesizer, Vocode
from audiocourse.tts.mel import MelSpectrogram, require_mel
from audiocourse.tts.scaling import scale_mel, unscale_mel
from audiocourse.tts.text import symbol_numbers
from audiocourse.tts.vocoders.griffin_lim import nonnegative_magnitudes
from audiocourse.zoo.inference import evaluating

ITERATIONS = 40


@dataclass(frozen=True, eq=False)
class AssembledSynthesizer(FastSpeechSynthesizer):
    """A `FastSpeechSynthesizer` whose length regulator and pooling are given; the network does the rest.

    Parameters
    ----------
    model, vocode
        As in `FastSpeechSynthesizer`.
    length_regulate, voice_embedding : callable
        As in `audiocourse.tts`.

    Notebook: ex02_voice_cloning
    """

    length_regulate: Callable[[FloatArray, IntArray], FloatArray]
    voice_embedding: Callable[[FloatArray, IntArray, FloatArray, FloatArray], FloatArray]

    def voice_of(self, y: FloatArray, sr: int) -> FloatArray:
        """Describe a voice by the given pooling of the states of the network: (samples,) -> (voice_size,)."""
        states = reference_states(y, sr, model=self.model)
        weight, bias = pooling_weights(self.model)
        voice = self.voice_embedding(states[None], np.array([len(states)]), weight, bias)[0]
        return np.asarray(voice, dtype=np.float32)

    def _sentence(
        self, symbols: list[str], voice: FloatArray, rate: float, pitch_shift: float
    ) -> tuple[FloatArray, list[int]]:
        """Predict the frames of one sentence as `FastSpeech.forward` does, with the given length regulator."""
        model = self.model
        code = torch.from_numpy(symbol_numbers(symbols, model.config.phones))[None] - 1  # (1, symbols)
        mask = torch.zeros(code.shape, dtype=torch.bool)
        with evaluating(model) as device:
            code, mask = code.to(device), mask.to(device)
            x = model.phone_embedding(code // 3) + model.stress_embedding(code % 3)  # (1, symbols, hidden)
            x = run_blocks(model.encoder, x, mask)
            speaker = torch.from_numpy(voice).to(device)  # (voice_size,)
            x = x + model.voice_projection(speaker)
            durations = durations_at_rate(model.duration_predictor(x, mask)[0].cpu().numpy(), rate=rate)
            pitch = model.pitch_predictor(x, mask) + pitch_shift  # (1, symbols)
            y = self._regulated(x[0], durations)  # (1, frames, hidden)
            steps = self._regulated(pitch.T, durations)[..., 0]  # (1, frames)
            y = y + model.pitch_embedding(waves(contour(steps, torch.ones_like(steps, dtype=torch.long))))
            y = y + model.decoder_voice_projection(speaker)
            y = run_blocks(model.decoder, y, torch.zeros(y.shape[:2], dtype=torch.bool, device=device))
            frames = unscale_mel(model.mel_linear(y))[0]  # (frames, n_mels)
        return frames.cpu().numpy(), [int(duration) for duration in durations]

    def _regulated(self, states: torch.Tensor, durations: IntArray) -> torch.Tensor:
        """Pass through the given length regulator: (symbols, features) -> (1, frames, features)."""
        frames = self.length_regulate(states.cpu().numpy(), durations)
        return torch.from_numpy(np.ascontiguousarray(frames, dtype=np.float32))[None].to(states)


def reference_states(y: FloatArray, sr: int, *, model: FastSpeech) -> FloatArray:
    """Return the last layer of the reference encoder, before it is pooled: (samples,) -> (frames - 8, hidden)."""
    encoder = model.reference_encoder
    with evaluating(model) as device:
        x = scale_mel(torch.from_numpy(reference_frames(y, sr)).to(device)).T[None]
        for layer in (encoder.conv1, encoder.conv2, encoder.conv3):
            x = torch.relu(layer(x))  # (1, hidden, frames), 8 frames shorter at the end
        states: FloatArray = x[0].T.cpu().numpy()
    return states


def pooling_weights(model: FastSpeech) -> tuple[FloatArray, FloatArray]:
    """Return W (voice_size, 2 * hidden) and b (voice_size,) of the reference encoder."""
    head = model.reference_encoder.head
    return head.weight.detach().cpu().numpy(), head.bias.detach().cpu().numpy()


def step_vocoder(step: Callable[..., ComplexArray], *, seed: int = 0, iterations: int = ITERATIONS) -> Vocode:
    """Build a vocoder that repeats one Griffin-Lim iteration.

    Parameters
    ----------
    step : callable
        (estimate, magnitude, n_fft=…, hop_length=…, length=…) -> estimate, such as `griffin_lim_step`.
    seed : int
        Of the first phases.
    iterations : int
        How often.

    Returns
    -------
    callable
        From a `MelSpectrogram` to samples.

    Notebook: ex02_voice_cloning
    """
    require_positive(iterations=iterations)

    def vocode(mel: MelSpectrogram) -> FloatArray:
        parameters = require_mel(mel).parameters
        padded = MelSpectrogram(mel.values[:, np.r_[: mel.values.shape[1], -1]], parameters)  # a frame at the very end
        S = nonnegative_magnitudes(padded)  # noqa: N806 (the symbol of the formula)
        sizes = {
            "n_fft": parameters.n_fft,
            "hop_length": parameters.hop_length,
            "length": mel.values.shape[1] * parameters.hop_length,
        }
        phases = 2 * np.pi * np.random.default_rng(seed).random(S.shape)
        estimate = (S * np.exp(1j * phases)).astype(np.complex64)
        for _ in range(iterations):
            estimate = step(estimate, S, **sizes)
        return np.clip(istft(estimate, **sizes), -1, 1).astype(np.float32)

    return vocode
