"""Descriptors of spectra: what single lines, flat spectra and silence must read, and energy against magnitude."""

import warnings
from typing import Any

import numpy as np
import pytest

from audiocourse.require import require_magnitudes
from audiocourse.signal import FloatArray, fft_frequencies, stft
from audiocourse.signal.descriptors import spectral_bandwidth, spectral_centroid, spectral_flatness, spectral_rolloff

SR, N_FFT = 16_000, 512
F = fft_frequencies(N_FFT, SR)
OF_FREQUENCIES = [
    spectral_centroid,
    spectral_bandwidth,
    lambda s, f: spectral_rolloff(s, f, of="magnitude"),
    lambda s, f: spectral_rolloff(s, f, of="energy"),
]
ALL = [*OF_FREQUENCIES, lambda s, _: spectral_flatness(s)]


def magnitudes(y: FloatArray) -> FloatArray:
    return np.abs(stft(y, n_fft=N_FFT, hop_length=128))


def test_a_single_line_is_its_own_centre_and_has_no_width() -> None:
    line = np.zeros((257, 3))
    line[[10, 100, 256], [0, 1, 2]] = 0.3
    np.testing.assert_allclose(spectral_centroid(line, F), F[[10, 100, 256]])
    np.testing.assert_allclose(spectral_bandwidth(line, F), 0, atol=1e-9)
    for of in ("magnitude", "energy"):
        np.testing.assert_allclose(spectral_rolloff(line, F, of=of), F[[10, 100, 256]])
    assert np.all(spectral_flatness(line) < 1e-5)


def test_a_flat_spectrum() -> None:
    flat = np.full((257, 2), 0.1)
    np.testing.assert_allclose(spectral_centroid(flat, F), 4_000)
    np.testing.assert_allclose(spectral_bandwidth(flat, F), np.std(F))
    np.testing.assert_allclose(spectral_bandwidth(flat, F, p=1), np.mean(np.abs(F - 4_000)))
    np.testing.assert_allclose(spectral_rolloff(flat, F, of="magnitude"), F[int(np.ceil(0.85 * 257)) - 1])
    np.testing.assert_allclose(spectral_flatness(flat), 1)


def test_two_tones_pull_the_centre_by_their_magnitudes(tone: Any) -> None:
    both = magnitudes(tone(1_000, peak=0.6) + tone(3_000, peak=0.2))[:, 20:100]
    np.testing.assert_allclose(spectral_centroid(both, F), 1_500, rtol=1e-3)  # (0.6 · 1000 + 0.2 · 3000) / 0.8
    np.testing.assert_allclose(spectral_bandwidth(both, F), 867, rtol=2e-3)  # √(0.75 · 500² + 0.25 · 1500²), + window


def test_rolloff_of_energy_and_of_magnitude_differ_by_kilohertz(rng: np.random.Generator) -> None:
    """A low hum under a soft hiss, as in speech: nearly all energy is low, most of the magnitude is not."""
    hum = 0.3 * np.sin(2 * np.pi * 250 * np.arange(SR) / SR)
    spectrum = magnitudes(hum + 0.03 * rng.standard_normal(SR))[:, 10:110]
    magnitude, energy = (np.mean(spectral_rolloff(spectrum, F, of=of)) for of in ("magnitude", "energy"))
    assert energy < 400
    assert magnitude > energy + 2_000
    np.testing.assert_array_equal(
        spectral_rolloff(spectrum, F, of="energy"), spectral_rolloff(spectrum**2, F, of="magnitude")
    )


def test_rolloff_is_the_lowest_row_that_reaches_the_share(rng: np.random.Generator) -> None:
    spectrum = rng.exponential(size=(257, 50))
    for share in (0.05, 0.5, 0.85, 0.99):
        rows = np.searchsorted(F, spectral_rolloff(spectrum, F, share=share, of="magnitude"))
        sums, total = np.cumsum(spectrum, axis=0), np.sum(spectrum, axis=0)
        assert np.all(sums[rows, np.arange(50)] >= share * total)
        assert np.all(np.where(rows > 0, sums[rows - 1, np.arange(50)], 0) < share * total)


def test_flatness_tells_noise_from_a_tone(tone: Any, rng: np.random.Generator) -> None:
    noise = spectral_flatness(magnitudes(0.1 * rng.standard_normal(4 * SR)))[4:-4]
    assert np.mean(noise) == pytest.approx(0.561, abs=0.01)  # e^−γ, of an exponentially distributed power
    assert np.max(spectral_flatness(magnitudes(tone(1_000, peak=0.5)))[4:-4]) < 1e-4


@pytest.mark.parametrize("descriptor", ALL)
def test_a_gain_changes_nothing(descriptor: Any, rng: np.random.Generator) -> None:
    spectrum = rng.exponential(size=(257, 40))
    np.testing.assert_allclose(descriptor(100 * spectrum, F), descriptor(spectrum, F), rtol=1e-6)


@pytest.mark.parametrize("descriptor", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_silent_frames_read_zero_and_disturb_no_other(descriptor: Any, dtype: type, rng: np.random.Generator) -> None:
    spectrum = rng.exponential(size=(257, 6)).astype(dtype)
    spectrum[:, [0, 3]] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = descriptor(spectrum, F + 50)  # not even 0 Hz in the table
        assert not descriptor(np.zeros((257, 2), dtype), F).any()
    assert got.shape == (6,)
    assert got.dtype == dtype
    np.testing.assert_array_equal(got == 0, [True, False, False, True, False, False])
    alone = descriptor(spectrum[:, [1, 2, 4, 5]], F + 50)
    np.testing.assert_allclose(got[[1, 2, 4, 5]], alone, rtol=1e-6)  # the order of a sum depends on the shape


@pytest.mark.parametrize("descriptor", ALL)
def test_layout_does_not_matter(descriptor: Any, rng: np.random.Generator) -> None:
    spectrum = rng.exponential(size=(257, 40))
    expected = descriptor(spectrum, F)
    before = spectrum.copy()
    np.testing.assert_allclose(descriptor(np.asfortranarray(spectrum), F), expected, rtol=1e-12)
    np.testing.assert_allclose(descriptor(np.repeat(spectrum, 2, axis=1)[:, ::2], F), expected, rtol=1e-12)
    np.testing.assert_array_equal(spectrum, before)


@pytest.mark.parametrize("y", [np.ones(16_000), np.full(100, 0.5), np.sign(np.sin(np.arange(5_000.0)))])
@pytest.mark.parametrize("descriptor", ALL)
def test_odd_sounds_give_finite_numbers(descriptor: Any, y: FloatArray) -> None:
    """A constant, a sound shorter than a frame, a clipped one."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = descriptor(magnitudes(y), F)
    assert np.isfinite(got).all()
    assert np.all(got >= 0)


@pytest.mark.parametrize("descriptor", [*ALL, lambda s, _: require_magnitudes(s)])
def test_bad_spectrograms_are_refused(descriptor: Any, refuses: Any) -> None:
    with refuses("negative", "not decibels"):
        descriptor(np.full((257, 3), -20.0), F)
    with refuses("dtype complex128", "np.abs(stft(…))"):
        descriptor(np.ones((257, 3), complex), F)
    with refuses("dtype int64"):
        descriptor(np.ones((257, 3), int), F)
    with refuses("list"):
        descriptor([[1.0]], F)
    with refuses("3 NaN or infinite"):
        descriptor(np.full((257, 3), 1.0) * np.where(np.arange(257) == 5, np.nan, 1)[:, None], F)
    with refuses("shape (257,)"):
        descriptor(np.ones(257), F)
    with refuses("shape (257, 0)"):
        descriptor(np.ones((257, 0)), F)


@pytest.mark.parametrize("descriptor", OF_FREQUENCIES)
def test_bad_frequencies_are_refused(descriptor: Any, refuses: Any) -> None:
    spectrum = np.ones((257, 3))
    for frequencies in (F[:-1], F[:, None], np.arange(257), np.where(F > 100, F, np.nan), list(F), SR):
        with refuses("257 rows", "fft_frequencies"):
            descriptor(spectrum, frequencies)


def test_bad_options_are_refused(refuses: Any) -> None:
    spectrum = np.ones((257, 3))
    for share in (0, 1, 85, np.nan):
        with refuses("share is"):
            spectral_rolloff(spectrum, F, share=share, of="energy")
    with refuses("of is 'power'", '"energy"'):
        spectral_rolloff(spectrum, F, of="power")
    with pytest.raises(TypeError, match="of"):
        spectral_rolloff(spectrum, F)  # no default: the reader has to say which
    for p in (0, -1, 11, np.nan):
        with refuses("p is"):
            spectral_bandwidth(spectrum, F, p=p)
