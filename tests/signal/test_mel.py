"""The mel scale and its filters: librosa's and torchaudio's numbers stand in tests/parity; here is what must hold."""

from typing import Any

import numpy as np
import pytest

from audiocourse.signal import (
    fft_frequencies,
    hz_to_mel,
    mel_filterbank,
    mel_frequencies,
    mel_spectrogram,
    mel_to_hz,
    mel_triangles,
)

SCALES = ("slaney", "htk")


@pytest.mark.parametrize("scale", SCALES)
def test_there_and_back(scale: Any) -> None:
    hz = np.linspace(0, 22_050, 500)
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(hz, scale=scale), scale=scale), hz, atol=1e-8)
    assert np.all(np.diff(hz_to_mel(hz, scale=scale)) > 0)


def test_the_two_formulas_agree_on_nothing_but_zero() -> None:
    """1000 Hz is 1000 mel of the one and 15 of the other; and the shapes differ, not only the unit."""
    assert hz_to_mel(1000.0, scale="htk") == pytest.approx(1000, abs=0.1)
    assert hz_to_mel(1000.0) == 15
    quarter = [mel_frequencies(5, fmin=0, fmax=8000, scale=scale)[1] for scale in SCALES]
    np.testing.assert_allclose(quarter, [754.1, 614.3], atol=0.05)  # Hz: a quarter of the way up lies elsewhere


def test_slaney_is_straight_below_1000_hz_and_smooth_there() -> None:
    np.testing.assert_allclose(hz_to_mel(np.array([200.0, 400.0, 1000.0])), [3, 6, 15])
    below, above = (hz_to_mel(1000 + step) - 15 for step in (-1e-3, 1e-3))
    assert above / -below == pytest.approx(200 / 3 / (1000 * np.log(6.4) / 27), rel=1e-3)


def test_triangles_rise_from_one_neighbour_and_end_at_the_other() -> None:
    edges = np.array([100.0, 200.0, 400.0, 500.0])
    np.testing.assert_allclose(mel_triangles(edges, edges), [[0, 1, 0, 0], [0, 0, 1, 0]])
    np.testing.assert_allclose(mel_triangles(np.array([150.0, 300.0, 50.0]), edges), [[0.5, 0.5, 0], [0, 0.5, 0]])


def test_slaneys_norm_gives_each_band_the_area_one() -> None:
    bank = mel_filterbank(sr=16_000, n_fft=16_384, n_mels=20)
    np.testing.assert_allclose(bank.sum(axis=1) * 16_000 / 16_384, 1, rtol=1e-3)  # the sum is a Riemann sum


@pytest.mark.parametrize("scale", SCALES)
def test_a_tone_lands_in_the_band_around_it(scale: Any, tone: Any) -> None:
    tops = mel_frequencies(42, fmin=0, fmax=8000, scale=scale)[1:-1]
    for band in (10, 20, 35):
        power = mel_spectrogram(
            tone(float(tops[band]), seconds=0.5), sr=16_000, n_fft=2048, hop_length=512, n_mels=40, scale=scale
        )
        assert np.argmax(power[:, 8]) == band


def test_twice_the_signal_is_four_times_the_power(tone: Any) -> None:
    y = tone(500, peak=0.4)
    sizes = {"sr": 16_000, "n_fft": 512, "hop_length": 160, "n_mels": 40}
    np.testing.assert_allclose(mel_spectrogram(2 * y, **sizes), 4 * mel_spectrogram(y, **sizes), rtol=1e-5)


def test_bands_that_would_be_empty_are_refused_with_a_way_out(refuses: Any) -> None:
    with refuses("mel bands are empty", "every 31.2 Hz", "larger n_fft"):
        mel_filterbank(sr=16_000, n_fft=512, n_mels=200)
    assert mel_filterbank(sr=16_000, n_fft=400, n_mels=128).max(axis=1).min() > 0  # Whisper large's front end is fine


def test_bad_options_are_refused(refuses: Any) -> None:
    sizes = {"sr": 16_000, "n_fft": 512, "n_mels": 20}
    for options, said in [
        ({"fmin": 4000, "fmax": 4000}, "must lie below fmax"),
        ({"fmin": 5000, "fmax": 400}, "must lie below fmax"),
        ({"fmin": -1}, "at least 0 Hz"),
        ({"fmax": 8001}, "lies above 8000.0 Hz"),
        ({"scale": "bark"}, "no mel scale 'bark'"),
        ({"norm": "l1"}, "norm is 'l1'"),
        ({"n_mels": 0}, "n_mels is 0"),
    ]:
        with refuses(said):
            mel_filterbank(**{**sizes, **options})
    with refuses("two ends"):
        mel_frequencies(1, fmin=0, fmax=100)
    with refuses("at least 0 mel"):
        mel_to_hz(np.array([-1.0]))
    with refuses("rising order"):
        mel_triangles(fft_frequencies(512, 16_000), np.array([0.0, 200.0, 100.0]))


def test_bad_signals_are_refused_and_silence_is_zero(refuses: Any) -> None:
    sizes = {"sr": 16_000, "n_fft": 512, "hop_length": 160, "n_mels": 20}
    with refuses("2 channels"):
        mel_spectrogram(np.zeros((2, 1000), np.float32), **sizes)
    with refuses("NaN"):
        mel_spectrogram(np.full(1000, np.nan, np.float32), **sizes)
    assert mel_spectrogram(np.zeros(100, np.float32), **sizes).max() == 0
