"""Tones: the right frequencies, the right peak, nothing beyond half the sampling rate."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.sounds import chirp, harmonic_tone, silence, sine

SR = 8000


def spectrum(y: FloatArray) -> FloatArray:
    """Amplitude of each whole hertz in a second of sound."""
    return np.abs(np.fft.rfft(y.astype(np.float64))) * 2 / y.size


def test_a_sine_is_one_line() -> None:
    lines = spectrum(sine(440, seconds=1, sr=SR, peak=0.8))
    assert lines[440] == pytest.approx(0.8, abs=1e-6)
    assert np.max(np.delete(lines, 440)) < 1e-6  # float32 holds seven digits


def test_a_phase_of_half_pi_is_a_cosine() -> None:
    assert sine(100, seconds=0.1, sr=SR, phase=np.pi / 2)[0] == np.float32(0.5)


def test_harmonics_fall_as_one_over_k_and_stop_before_half_the_rate() -> None:
    tone = harmonic_tone(700, harmonics=20, seconds=1, sr=SR, peak=0.9)
    lines = spectrum(tone)
    audible = [700, 1400, 2100, 2800, 3500]
    assert np.flatnonzero(lines > 1e-4).tolist() == audible
    assert lines[audible] / lines[700] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5], abs=1e-5)
    assert np.max(np.abs(tone)) == np.float32(0.9)


def test_a_chirp_glides_at_a_steady_pace() -> None:
    glide = chirp(500, 3500, seconds=2, sr=SR, peak=1).astype(np.float64)
    analytic = np.fft.ifft(np.fft.fft(glide) * np.repeat([2, 0], glide.size // 2))
    frequency = np.diff(np.unwrap(np.angle(analytic))) * SR / (2 * np.pi)
    middle = slice(glide.size // 8, -glide.size // 8)
    expected = 500 + 3000 * (np.arange(frequency.size) + 0.5) / glide.size
    # the analytic signal of a finite piece is only nearly right: 1 % of the 3000 Hz it glides
    assert np.median(np.abs(frequency[middle] - expected[middle])) < 30


def test_silence() -> None:
    assert silence(0.25, SR).shape == (2000,)
    assert silence(0.25, SR).dtype == np.float32
    assert not silence(0.25, SR).any()


MAKERS: dict[str, Callable[..., FloatArray]] = {
    "sine": lambda **k: sine(k.pop("f", 440), **{"seconds": 0.1, "sr": SR, **k}),
    "harmonic_tone": lambda **k: harmonic_tone(k.pop("f", 440), **{"harmonics": 3, "seconds": 0.1, "sr": SR, **k}),
    "chirp": lambda **k: chirp(k.pop("f", 440), 880, **{"seconds": 0.1, "sr": SR, **k}),
}


@pytest.mark.parametrize("maker", MAKERS.values(), ids=list(MAKERS))
def test_length_type_and_refusals(maker: Callable[..., FloatArray], refuses: Any) -> None:
    assert maker().shape == (800,)
    assert maker().dtype == np.float32
    for f in (0, -440, SR / 2, float("nan"), "a"):
        with refuses("4000 Hz"):
            maker(f=f)
    for seconds in (0, -1, float("nan"), float("inf"), "1", 4000, True):
        with refuses("seconds"):
            maker(seconds=seconds)
    for peak in (-0.1, 1.1, float("nan")):
        with refuses("peak"):
            maker(peak=peak)
    for sr in (0, -8000, 8000.5):
        with refuses("sr"):
            maker(sr=sr)


def test_less_than_a_sample(refuses: Any) -> None:
    with refuses("less than one sample"):
        sine(440, seconds=1e-5, sr=SR)
    with refuses("one sample"):
        harmonic_tone(440, harmonics=2, seconds=1 / SR, sr=SR)


@pytest.mark.parametrize("harmonics", [0, 1.5, True])
def test_harmonics_are_counted(harmonics: Any, refuses: Any) -> None:
    with refuses("harmonics"):
        harmonic_tone(440, harmonics=harmonics, seconds=1, sr=SR)


def test_a_phase_is_a_number(refuses: Any) -> None:
    with refuses("phase"):
        sine(440, seconds=1, sr=SR, phase=float("nan"))
