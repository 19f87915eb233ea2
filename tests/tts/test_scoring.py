"""Distances with known values: levels, cosines over the bands, warped time."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse import sounds
from audiocourse.tts.mel import MEL, MelParameters, MelSpectrogram, log_mel
from audiocourse.tts.scoring import mel_cepstral_distortion, mel_distance, real_time_factor, resynthesis


def mel_of(levels: np.ndarray) -> MelSpectrogram:
    return MelSpectrogram(levels)


def flat(level: float, frames: int = 4) -> np.ndarray:
    return np.full((80, frames), level)


@pytest.mark.parametrize("parameters", [MEL, MelParameters(power=2.0), MelParameters(log="ln")])
def test_half_the_amplitude_is_six_decibels_however_it_is_written(parameters: MelParameters) -> None:
    y = sounds.noise("white", seconds=0.3, sr=16_000, rng=np.random.default_rng(0))
    loud, quiet = (log_mel(gain * y, 16_000, parameters=parameters) for gain in (1.0, 0.5))
    assert abs(mel_distance(loud, quiet) - 6.0206) < 1e-3  # float32 values
    assert mel_cepstral_distortion(loud, quiet) < 1e-3  # a level is not an envelope


@pytest.mark.parametrize("number", [1, 5, 13])
def test_a_cosine_over_the_bands_counts_its_root_mean_square(number: int) -> None:
    """3 dB · cos(π d (b + ½) / B) has the rms 3 / √2 dB, for every d up to D, and counts nothing beyond."""
    bump = 3 / 20 * np.cos(np.pi * number * (np.arange(80) + 0.5) / 80)
    a, b = mel_of(flat(-2.0)), mel_of(flat(-2.0) + bump[:, None])
    assert abs(mel_cepstral_distortion(a, b) - 3 / np.sqrt(2)) < 1e-9
    assert mel_cepstral_distortion(a, b, coefficients=max(number - 1, 1)) < (1e-9 if number > 1 else 3)


def test_warping_forgives_time_and_nothing_else(rng: np.random.Generator) -> None:
    frames = rng.uniform(-3, 0, (80, 6))
    slow = mel_of(np.repeat(frames, 3, axis=1))
    assert mel_cepstral_distortion(mel_of(frames), slow, warp=True) < 1e-9
    other = mel_of(rng.uniform(-3, 0, (80, 18)))
    assert mel_cepstral_distortion(mel_of(frames), other, warp=True) > 3


def test_a_resynthesis_has_the_frames_of_the_original() -> None:
    y = sounds.noise("pink", seconds=0.3, sr=16_000, rng=np.random.default_rng(0))
    mel = log_mel(y, 16_000)
    whole = np.pad(y, (0, mel.values.shape[1] * 256 - len(y)))
    again = resynthesis(lambda _: whole, mel)
    assert again.values.shape == mel.values.shape
    assert mel_distance(mel, again) < 0.5  # the sound itself, but for its reflection at the end


def test_the_real_time_factor_counts_the_fastest_run(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 5.0, 10.0, 12.0, 20.0, 29.0])  # before and after each of three runs
    monkeypatch.setattr("audiocourse.tts.scoring.time.process_time", lambda: next(clock))
    sound = np.zeros(10 * mel_of(flat(-1.0)).parameters.sr, dtype=np.float32)
    assert real_time_factor(lambda _: sound, mel_of(flat(-1.0))) == pytest.approx(2.0 / 10)


def test_refusals(refuses: Refuses) -> None:
    with refuses("4 and 5 frames"):
        mel_distance(mel_of(flat(0.0)), mel_of(flat(0.0, 5)))
    with refuses("power: "):
        mel_distance(mel_of(flat(0.0)), MelSpectrogram(flat(0.0), MelParameters(power=2.0)))
    with refuses("fmax: "):
        mel_cepstral_distortion(mel_of(flat(0.0)), MelSpectrogram(flat(0.0), MelParameters(fmax=8000.0)), warp=True)
    with refuses("79 coefficients"):
        mel_cepstral_distortion(mel_of(flat(0.0)), mel_of(flat(0.0)), coefficients=80)
    with refuses("MelSpectrogram"):
        mel_distance(flat(0.0), mel_of(flat(0.0)))  # type: ignore[arg-type]
