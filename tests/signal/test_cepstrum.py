"""Cepstral coefficients: peers stand in tests/parity; here is what must hold, and what they are not robust to."""

from typing import Any

import numpy as np
import pytest

from audiocourse.signal import cepstrum, cmvn, dct_basis, delta, mfcc

SIZES = {"sr": 16_000, "n_fft": 512, "hop_length": 160, "n_mels": 40, "n_mfcc": 13}


@pytest.fixture
def features(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(3, 2, (13, 60))


def test_the_cosines_are_a_rotation() -> None:
    basis = dct_basis(40, 40)
    np.testing.assert_allclose(basis @ basis.T, np.eye(40), atol=1e-12)


def test_all_coefficients_give_the_spectrum_back_and_a_few_its_broad_shape(rng: np.random.Generator) -> None:
    levels = rng.normal(-40, 10, (40, 5))
    np.testing.assert_allclose(dct_basis(40, 40).T @ cepstrum(levels, n=40), levels, atol=1e-9)
    ripple = np.cos(np.pi * 20 * (np.arange(40) + 0.5) / 40)[:, None]  # a fine comb, as of a low voice
    np.testing.assert_allclose(cepstrum(levels + ripple, n=13), cepstrum(levels, n=13), atol=1e-9)


def test_gain_is_in_the_first_coefficient_only(rng: np.random.Generator) -> None:
    """The guide's −20 dB: c0 falls by 20 · √bands, 226 for 128 of them."""
    y = rng.uniform(-0.9, 0.9, 16_000)
    shift = mfcc(0.1 * y, **{**SIZES, "n_fft": 2048, "n_mels": 128}) - mfcc(
        y, **{**SIZES, "n_fft": 2048, "n_mels": 128}
    )
    np.testing.assert_allclose(shift[0], -20 * np.sqrt(128), atol=1e-6)
    np.testing.assert_allclose(shift[1:], 0, atol=1e-6)


def test_the_range_below_the_loudest_is_limited(tone: Any) -> None:
    y = tone(1000, peak=0.5)
    assert not np.allclose(mfcc(y, **SIZES), mfcc(y, **SIZES, top_db=None))
    np.testing.assert_allclose(mfcc(y, **SIZES, top_db=500.0), mfcc(y, **SIZES, top_db=None))


def test_the_slope_of_a_ramp_and_the_curvature_of_a_parabola() -> None:
    m = np.arange(30.0)
    np.testing.assert_allclose(delta(np.stack([3 * m, -m])), np.stack([np.full(30, 3.0), np.full(30, -1.0)]))
    np.testing.assert_allclose(delta((m**2)[None], order=2), 2, atol=1e-9)
    assert delta(m[None].astype(np.float32)).dtype == np.float32


def test_a_short_clip_has_no_delta(refuses: Any, features: np.ndarray) -> None:
    with refuses("5 frames", "line through 9", "smaller width"):
        delta(features[:, :5])
    assert delta(features[:, :5], width=5).shape == (13, 5)


def test_a_microphones_colour_is_taken_off_by_the_mean(rng: np.random.Generator, features: np.ndarray) -> None:
    coloured = 2.5 * features + rng.normal(0, 30, (13, 1))
    np.testing.assert_allclose(cmvn(coloured), cmvn(features), atol=1e-9)
    np.testing.assert_allclose(cmvn(features).std(axis=1), 1)
    np.testing.assert_allclose(cmvn(features, variance=False), features - features.mean(axis=1, keepdims=True))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_never_changes_becomes_zero_not_noise(dtype: Any) -> None:
    assert np.all(cmvn(np.full((3, 50), -189.7, dtype)) == 0)
    assert np.all(cmvn(np.zeros((3, 50), dtype)) == 0)


def test_bad_features_are_refused(refuses: Any, features: np.ndarray) -> None:
    for wrong in (features[0], features.astype(int), features.tolist()):
        for function in (cmvn, delta, lambda levels: cepstrum(levels, n=5)):
            with refuses("float matrix"):
                function(wrong)
    with refuses("NaN"):
        cmvn(features * np.nan)
    with refuses("at most, not 14"):
        cepstrum(features, n=14)
    with refuses("width is 8"):
        delta(features, width=8)
    with refuses("width is 3", "above order 3"):
        delta(features, width=3, order=3)
    with refuses("top_db is 0"):
        mfcc(np.ones(1000, np.float32), **SIZES, top_db=0.0)


def test_silence_has_a_cepstrum_too() -> None:
    silent = mfcc(np.zeros(8000, np.float32), **SIZES)
    np.testing.assert_allclose(silent[0], -100 * np.sqrt(40), rtol=1e-6)
    np.testing.assert_allclose(silent[1:], 0, atol=1e-4)
