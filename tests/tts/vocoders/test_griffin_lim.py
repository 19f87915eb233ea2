"""Magnitudes without negative values, and a sound whose pitch and level are those of the original."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse import signal, sounds
from audiocourse.tts.mel import MEL, MelParameters, MelSpectrogram, filters, log_mel, magnitudes
from audiocourse.tts.scoring import mel_distance, resynthesis
from audiocourse.tts.vocoders.griffin_lim import griffin_lim_vocode, nonnegative_magnitudes

SR = MEL.sr


@pytest.fixture(scope="module")
def spoken() -> tuple[np.ndarray, MelSpectrogram]:
    y = sounds.speaker("wren-1", "en").say("Seven boxes.").y
    return y, log_mel(y, SR)


def test_the_bands_of_the_magnitudes_are_those_given(spoken: tuple[np.ndarray, MelSpectrogram]) -> None:
    _, mel = spoken
    target = 10.0**mel.values

    def error(magnitude: np.ndarray) -> float:
        return float(np.linalg.norm(filters(MEL) @ magnitude - target) / np.linalg.norm(target))

    errors = [error(nonnegative_magnitudes(mel, updates=updates)) for updates in (1, 5, 30)]
    assert errors[0] > errors[1] > errors[2]  # each update brings it down: Lee and Seung's proof
    assert errors[2] < 0.02  # measured 0.005
    assert error(magnitudes(mel)) > 2 * errors[2]  # the cut pseudo-inverse: measured 0.05


def test_they_are_nearer_to_the_true_ones_than_the_pseudo_inverse(spoken: tuple[np.ndarray, MelSpectrogram]) -> None:
    y, mel = spoken
    true = np.abs(signal.stft(y, n_fft=MEL.n_fft, hop_length=MEL.hop_length))
    ours, cut = (np.linalg.norm(each(mel) - true) for each in (nonnegative_magnitudes, magnitudes))
    assert ours < 0.95 * cut  # measured 0.89


def test_powers_are_powers_of_the_same_magnitudes() -> None:
    """Of one sine, whose spectrum lies in two or three bands either way."""
    y = sounds.sine(1000, seconds=0.2, sr=SR)
    bins = [
        np.argmax(nonnegative_magnitudes(log_mel(y, SR, parameters=MelParameters(power=power)))[:, 5])
        for power in (1.0, 2.0)
    ]
    assert np.abs(np.array(bins) * SR / MEL.n_fft - 1000).max() < 40  # Hz, half a band there


@pytest.mark.parametrize("f0", [220.0, 440.0])
def test_a_tone_keeps_its_pitch(f0: float) -> None:
    y = sounds.harmonic_tone(f0, harmonics=8, seconds=0.4, sr=SR)
    x = griffin_lim_vocode(log_mel(y, SR), rng=np.random.default_rng(0))
    track = signal.yin(x, sr=SR, fmin=100, fmax=1000, frame_length=1024, hop_length=256)
    cents = 1200 * np.log2(np.median(track[4:-4]) / f0)
    assert abs(cents) < 50  # half a semitone: a band at 220 Hz is 40 Hz wide


def test_speech_comes_back_within_two_decibels(spoken: tuple[np.ndarray, MelSpectrogram]) -> None:
    _, mel = spoken
    again = resynthesis(lambda each: griffin_lim_vocode(each, rng=np.random.default_rng(0)), mel)
    assert mel_distance(mel, again) < 2  # measured 1.1; 6 for phases at random
