"""Sound from magnitudes: closer with every round, and every length that a spectrogram can have."""

import warnings
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray, stft
from audiocourse.signal.griffin_lim import griffin_lim, spectral_convergence

SIZES = {"n_fft": 512, "hop_length": 128}


@pytest.fixture
def y(rng: np.random.Generator) -> FloatArray:
    """Half a second of a rising tone over a buzz and a little hiss."""
    t = np.arange(8_000) / 16_000
    buzz = 0.2 * np.sign(np.sin(2 * np.pi * 140 * t))
    return 0.4 * np.sin(2 * np.pi * (300 * t + 400 * t**2)) + buzz + 0.02 * rng.standard_normal(8_000)


def magnitudes(y: FloatArray, **sizes: int) -> FloatArray:
    return np.abs(stft(y, **(sizes or SIZES)))


def distances(y: FloatArray, rounds: list[int], **options: Any) -> FloatArray:
    wanted = magnitudes(y)
    return np.array(
        [
            spectral_convergence(
                wanted,
                griffin_lim(wanted, iterations=i, rng=np.random.default_rng(1), length=y.size, **{**SIZES, **options}),
                **SIZES,
            )
            for i in rounds
        ]
    )


def test_every_round_comes_closer_without_momentum(y: FloatArray) -> None:
    closer = np.diff(distances(y, [1, 2, 3, 4, 8, 16, 32], momentum=0.0))
    assert np.all(closer < 0)  # Griffin and Lim's theorem


def test_momentum_comes_closer_still(y: FloatArray) -> None:
    start, few, many = distances(y, [1, 8, 64])
    assert many < few < start
    assert many < 0.5 * distances(y, [64], momentum=0.0)[0]
    assert many < 0.08


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_comes_out_sounds_like_what_went_in(y: FloatArray, dtype: type) -> None:
    wanted = magnitudes(y.astype(dtype))
    before = wanted.copy()
    x = griffin_lim(wanted, **SIZES, rng=np.random.default_rng(2), length=y.size)
    assert x.dtype == dtype
    assert x.shape == y.shape
    assert np.sqrt(np.mean(x**2)) == pytest.approx(np.sqrt(np.mean(y**2)), rel=0.05)
    np.testing.assert_array_equal(wanted, before)


@pytest.mark.parametrize("n_fft", [256, 255])
@pytest.mark.parametrize("samples", [1, 63, 64, 65, 300, 1_000, 1_024])
def test_every_length_comes_back(n_fft: int, samples: int, rng: np.random.Generator) -> None:
    wanted = magnitudes(rng.uniform(-1, 1, samples), n_fft=n_fft, hop_length=64)
    x = griffin_lim(wanted, n_fft=n_fft, hop_length=64, iterations=2, rng=rng, length=samples)
    assert x.shape == (samples,)
    assert np.isfinite(x).all()
    if wanted.shape[1] > 1:
        shortest = griffin_lim(wanted, n_fft=n_fft, hop_length=64, iterations=2)
        assert magnitudes(shortest, n_fft=n_fft, hop_length=64).shape == wanted.shape


def test_the_generator_decides(y: FloatArray) -> None:
    wanted = magnitudes(y)
    first, again, other = (
        griffin_lim(wanted, **SIZES, iterations=2, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.max(np.abs(first - other)) > 0.01
    plain, same = (griffin_lim(wanted, **SIZES, iterations=2) for _ in range(2))
    np.testing.assert_array_equal(plain, same)


def test_silence_stays_silent_and_layout_does_not_matter(y: FloatArray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in (np.float32, np.float64):
            assert not griffin_lim(np.zeros((257, 20), dtype), **SIZES, rng=np.random.default_rng(0)).any()
    wanted = magnitudes(y)
    expected = griffin_lim(wanted, **SIZES, iterations=3)
    np.testing.assert_allclose(griffin_lim(np.asfortranarray(wanted), **SIZES, iterations=3), expected, atol=1e-9)
    np.testing.assert_allclose(griffin_lim(np.repeat(wanted, 2, 1)[:, ::2], **SIZES, iterations=3), expected, atol=1e-9)


def test_convergence_reads_0_for_a_match_and_1_for_silence(y: FloatArray) -> None:
    wanted = magnitudes(y)
    assert spectral_convergence(wanted, y, **SIZES) == 0
    assert spectral_convergence(wanted, np.zeros(8_000), **SIZES) == 1
    assert spectral_convergence(wanted, 1.1 * y, **SIZES) == pytest.approx(0.1)


def test_bad_magnitudes_are_refused(y: FloatArray, refuses: Any) -> None:
    for function in (
        lambda s, **kw: griffin_lim(s, **kw),
        lambda s, **kw: spectral_convergence(s, y, **kw),
    ):
        with refuses("negative"):
            function(np.full((257, 63), -1.0), **SIZES)
        with refuses("complex"):
            function(stft(y, **SIZES), **SIZES)
        with refuses("NaN"):
            function(np.full((257, 63), np.nan), **SIZES)
        with refuses("80 rows", "gives 257"):
            function(np.ones((80, 63)), **SIZES)
        with refuses("shape (257,)"):
            function(np.ones(257), **SIZES)
        with refuses("n_fft is 0"):
            function(np.ones((257, 63)), n_fft=0, hop_length=128)
        with refuses("hop_length is 0"):
            function(np.ones((257, 63)), n_fft=512, hop_length=0)


def test_bad_options_are_refused(y: FloatArray, refuses: Any) -> None:
    wanted = magnitudes(y)
    with refuses("iterations is 0"):
        griffin_lim(wanted, **SIZES, iterations=0)
    for momentum in (-0.1, 1.1, np.nan):
        with refuses("momentum is"):
            griffin_lim(wanted, **SIZES, momentum=momentum)
    for length in (7_935, 8_064, 16_000):
        with refuses("63 frames", "7936 to 8063", str(length)):
            griffin_lim(wanted, **SIZES, length=length)
    with refuses("length is -1"):
        griffin_lim(wanted, **SIZES, length=-1)
    with refuses("1 frames", "1 to 127"):
        griffin_lim(wanted[:, :1], **SIZES)
    with refuses("hop of 512"):
        griffin_lim(wanted, n_fft=512, hop_length=512)
    with refuses("hop of 1000"):
        griffin_lim(wanted, n_fft=512, hop_length=1_000)


def test_convergence_needs_a_matching_sound(y: FloatArray, refuses: Any) -> None:
    wanted = magnitudes(y)
    with refuses("63 frames", "there are 4000"):
        spectral_convergence(wanted, y[:4_000], **SIZES)
    with refuses("all zero"):
        spectral_convergence(np.zeros_like(wanted), y, **SIZES)
    with refuses("2 channels"):
        spectral_convergence(wanted, np.stack([y, y]), **SIZES)
