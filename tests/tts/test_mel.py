"""The mel spectrogram of chapter 3 refuses what a vocoder would misunderstand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.sounds import sine
from audiocourse.tts.mel import MEL, MelParameters, MelSpectrogram, log_mel, magnitudes, require_mel

SR = MEL.sr
SILENT = np.full((80, 80), -5.0, dtype=np.float32)


def test_a_tone_lies_in_its_band() -> None:
    mel = log_mel(sine(1000, seconds=0.5, sr=SR), SR)
    low, high = log_mel(sine(300, seconds=0.5, sr=SR), SR), log_mel(sine(3000, seconds=0.5, sr=SR), SR)
    peaks = [each.values[:, 15].argmax() for each in (low, mel, high)]
    assert peaks == sorted(set(peaks)), "higher tones lie in higher rows"
    assert mel.values.shape == (80, 1 + SR // 2 // MEL.hop_length)


def test_a_square_array_is_refused_because_it_does_not_say_which_axis_is_time() -> None:
    with pytest.raises(AudioCourseError, match="which axis is time"):
        require_mel(SILENT)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(79, 30), (30, 80), (80, 0), (80,)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(AudioCourseError):
        MelSpectrogram(np.zeros(shape, dtype=np.float32))


def test_frames_come_first_in_from_frames_and_bands_otherwise() -> None:
    frames = np.linspace(-4, 0, 30 * 80, dtype=np.float32).reshape(30, 80)
    mel = MelSpectrogram.from_frames(frames)
    np.testing.assert_array_equal(mel.frames, frames)
    with pytest.raises(AudioCourseError, match="transpose"):
        MelSpectrogram.from_frames(frames.T)
    with pytest.raises(AudioCourseError, match="transpose"):
        MelSpectrogram(frames)


@pytest.mark.parametrize(
    "other",
    [
        {"sr": 22_050},
        {"hop_length": 200},
        {"n_fft": 800},
        {"fmin": 0.0},
        {"fmax": 8_000.0},
        {"power": 2.0},
        {"log": "ln"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_vocoder_names_the_parameter_that_differs(other: dict) -> None:
    mel = MelSpectrogram(SILENT, replace(MEL, **other))
    with pytest.raises(AudioCourseError, match=next(iter(other))):
        require_mel(mel)


def test_the_floor_changes_silence_alone_and_is_not_compared() -> None:
    assert require_mel(MelSpectrogram(SILENT, MelParameters(floor=1e-10))) is not None


@pytest.mark.parametrize("values", [SILENT * 16, SILENT + 40, np.full((80, 9), np.nan, dtype=np.float32)])
def test_values_where_no_sound_lies_are_refused(values: np.ndarray) -> None:
    """Decibels, powers of a loud sound times 2^16, NaN."""
    with pytest.raises(AudioCourseError):
        MelSpectrogram(values)


def test_another_rate_is_refused() -> None:
    with pytest.raises(AudioCourseError, match="resample"):
        log_mel(sine(440, seconds=0.2, sr=8_000), 8_000)


def test_magnitudes_have_the_mel_spectrogram_they_came_from() -> None:
    """The pseudo-inverse undoes the filters, except where it had to be clipped at zero: within 1 dB in the median."""
    mel = log_mel(sine(440, seconds=0.3, sr=SR) + sine(1100, seconds=0.3, sr=SR) / 2, SR)
    from audiocourse.tts.mel import filters

    again = np.log10(np.maximum(filters(MEL) @ magnitudes(mel), MEL.floor))
    assert np.median(np.abs(again - mel.values)) < 1 / 20
