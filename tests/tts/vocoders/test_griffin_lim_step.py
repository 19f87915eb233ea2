"""Tests of one Griffin-Lim iteration."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.signal import istft, spectral_convergence, stft
from audiocourse.tts.vocoders.griffin_lim_step import griffin_lim_step

SIZES = {"n_fft": 256, "hop_length": 64}
LENGTH = 2_000


def magnitudes(rng: np.random.Generator) -> np.ndarray:
    return np.abs(stft(rng.normal(size=LENGTH), **SIZES))


def with_random_phases(S: np.ndarray, rng: np.random.Generator) -> np.ndarray:  # noqa: N803 (the symbol)
    return S * np.exp(2j * np.pi * rng.random(S.shape))


def test_no_step_takes_the_sound_further_from_its_magnitudes() -> None:
    rng = np.random.default_rng(1)
    S = magnitudes(rng)  # noqa: N806
    estimate = with_random_phases(S, rng)
    apart = []
    for _ in range(12):
        apart.append(spectral_convergence(S, istft(estimate, length=LENGTH, **SIZES), **SIZES))
        estimate = griffin_lim_step(estimate, S, length=LENGTH, **SIZES)
    assert (np.diff(apart) < 1e-9).all()  # rounding of float64
    assert apart[-1] < 0.5 * apart[0]  # from 0.64 to 0.25 here


def test_the_magnitudes_asked_for_are_kept() -> None:
    rng = np.random.default_rng(2)
    S = magnitudes(rng)  # noqa: N806
    step = griffin_lim_step(with_random_phases(S, rng), S, length=LENGTH, **SIZES)
    np.testing.assert_allclose(np.abs(step), S, atol=1e-12)  # float64


def test_silence_has_no_phase_and_gives_no_nan() -> None:
    S = np.zeros((129, 32))  # noqa: N806
    assert np.array_equal(griffin_lim_step(S + 0j, S, length=LENGTH, **SIZES), S)
    assert np.array_equal(griffin_lim_step(S + 0j, S + 1, length=LENGTH, **SIZES), S + 1)


def test_magnitudes_of_another_shape_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="must be the same"):
        griffin_lim_step(np.zeros((129, 32), complex), np.zeros((129, 31)), length=LENGTH, **SIZES)
