"""The constant-Q transform: its definition by brute force, and what follows from it. librosa's is in tests/parity."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.signal.cqt import cqt, cqt_frequencies, cqt_quality

SR = 16_000
SIZES = {"sr": SR, "hop_length": 256, "fmin": 55.0, "n_bins": 72}


def from_the_definition(y: FloatArray, k: int, m: int, *, sr: int, hop_length: int, fmin: float, **_: int) -> complex:
    """Write the sum out, sample by sample, with y zero outside."""
    f = fmin * 2 ** (k / 12)
    length = cqt_quality(12) * sr / f
    n = np.arange(-(length // 2), length // 2 + 1).astype(int)
    window = np.cos(np.pi * n / length) ** 2
    at = m * hop_length + n
    inside = (at >= 0) & (at < y.size)
    samples = np.where(inside, y[np.clip(at, 0, y.size - 1)], 0)
    return complex(np.sqrt(length) * np.sum(samples * window * np.exp(-2j * np.pi * f * n / sr)) / window.sum())


@pytest.mark.parametrize("samples", [1, 100, 5120, 20_001])
def test_it_is_its_definition(samples: int, rng: np.random.Generator) -> None:
    """Also where windows reach over the edges; 5120 is a whole number of hops, so the last frame is centred after y."""
    y = rng.uniform(-1, 1, samples)
    X = cqt(y, **SIZES)  # noqa: N806
    assert X.shape == (72, 1 + samples // 256)
    for k in (0, 1, 35, 71):
        for m in {0, X.shape[1] // 2, X.shape[1] - 1}:
            assert X[k, m] == pytest.approx(from_the_definition(y, k, m, **SIZES), abs=1e-10)


def test_quality_and_frequencies() -> None:
    assert cqt_quality(12) == pytest.approx(17.331, abs=1e-3)
    assert cqt_quality(24) == pytest.approx(2 * cqt_quality(12), rel=2e-3)  # half the distance, twice the periods
    f = cqt_frequencies(49, fmin=55, bins_per_octave=24)
    assert (f[0], f[24], f[48]) == pytest.approx((55, 110, 220))
    np.testing.assert_allclose(f[1:] / f[:-1], 2 ** (1 / 24))


@pytest.mark.parametrize("k", [0, 1, 12, 30, 59, 71])
def test_a_tone_peaks_in_its_bin_at_half_its_peak_times_the_root(k: int, tone: Any) -> None:
    f = cqt_frequencies(72, fmin=55)[k]
    column = np.abs(cqt(tone(f, peak=0.5, seconds=2), **SIZES))[:, 62]
    assert np.argmax(column) == k
    root = np.sqrt(cqt_quality(12) * SR / f)
    assert column[k] == pytest.approx(0.25 * root, rel=1e-3)  # what the mirror image at −f leaks


def test_an_octave_up_is_as_many_bins_up_as_an_octave_has(tone: Any) -> None:
    for per_octave in (12, 24, 36):
        sizes = {**SIZES, "n_bins": 5 * per_octave, "bins_per_octave": per_octave}
        peaks = [int(np.argmax(np.abs(cqt(tone(hz), **sizes))[:, 31])) for hz in (110, 220, 440, 880)]
        np.testing.assert_array_equal(np.diff(peaks), per_octave)


def test_neighbouring_notes_are_apart_in_every_octave(tone: Any) -> None:
    """Two semitones between two tones, and a dip between them: as clear at 60 Hz as at 2 kHz."""
    frequencies = cqt_frequencies(72, fmin=55)
    for k in (2, 26, 62):
        both = tone(frequencies[k], seconds=2) + tone(frequencies[k + 2], seconds=2)
        depth = np.abs(cqt(both / 2, **SIZES)) / np.sqrt(1 / frequencies)[:, None]
        # the two beat: over time, the note between is never as strong as they are
        assert depth[k + 1, 30:-30].mean() < 0.9 * min(depth[k, 30:-30].mean(), depth[k + 2, 30:-30].mean())


def test_low_bins_smear_a_click_and_high_bins_place_it() -> None:
    click = np.zeros(SR, np.float32)
    click[SR // 2] = 1
    magnitude = np.abs(cqt(click, **{**SIZES, "hop_length": 16}))
    frames = np.count_nonzero(magnitude > 0.01 * magnitude.max(axis=1, keepdims=True), axis=1)
    assert np.all(np.diff(frames) <= 0)
    assert frames[0] / frames[60] == pytest.approx(32, rel=0.1)  # five octaves; a few frames more or less
    np.testing.assert_array_equal(np.argmax(magnitude, axis=1), SR // 2 // 16)


def test_white_noise_is_equally_strong_in_all_bins(rng: np.random.Generator) -> None:
    power = np.abs(cqt(rng.standard_normal(60 * SR).astype(np.float32), **SIZES)) ** 2
    octaves = power.reshape(6, 12, -1).mean(axis=(1, 2))
    np.testing.assert_allclose(octaves / octaves.mean(), 1, atol=0.1)  # few independent windows in the lowest octave


def test_blocks_leave_no_seam_and_memory_does_not_grow(rng: np.random.Generator) -> None:
    """Frames straddle several blocks; the peak of memory stays below the frames of the lowest bin written out."""
    y = rng.uniform(-1, 1, 20 * SR).astype(np.float32)
    sizes = {**SIZES, "hop_length": 64, "n_bins": 2}
    tracemalloc.start()
    X = cqt(y, **sizes)  # noqa: N806
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    written_out = X.shape[1] * cqt_quality(12) * SR / 55 * 4
    assert peak < 0.25 * written_out
    for m in (207, 208, 209, 415, 416, 2500, 4999):
        assert X[0, m] == pytest.approx(from_the_definition(y, 0, m, **sizes), abs=1e-4)  # float32, peak about 1


def test_scale_layout_and_type(tone: Any) -> None:
    y = tone(440, peak=0.3)
    X = cqt(y, **SIZES)  # noqa: N806
    assert X.dtype == np.complex64
    assert cqt(y.astype(float), **SIZES).dtype == np.complex128
    np.testing.assert_allclose(cqt(2 * y, **SIZES), 2 * X, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(cqt(np.repeat(y, 2)[::2], **SIZES), X)


def test_silence_is_zero_and_an_offset_nearly() -> None:
    assert not cqt(np.zeros(100, np.float32), **SIZES).any()
    offset = np.abs(cqt(np.full(2 * SR, 0.5, np.float32), **SIZES))[:, 40:-40]
    assert offset.max() < 1e-2  # a sine of this peak reads 18 in the lowest bin


def test_hops_longer_than_the_signal_or_the_windows(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 4000)
    assert cqt(y, **{**SIZES, "hop_length": 5000}).shape == (72, 1)
    np.testing.assert_allclose(cqt(y, **{**SIZES, "hop_length": 2560}), cqt(y, **SIZES)[:, ::10], atol=1e-12)


def test_bins_beyond_half_the_rate_are_refused_with_the_number_that_fits(refuses: Any) -> None:
    y = np.zeros(1000, np.float32)
    with refuses("sr=16000", "below 8000 Hz", "at most n_bins=87"):
        cqt(y, **{**SIZES, "n_bins": 88})
    assert cqt(y, **{**SIZES, "n_bins": 87}).shape[0] == 87
    with refuses("at most n_bins=24"):  # 4 · 2000 Hz is exactly sr / 2, which no longer fits
        cqt(y, **{**SIZES, "fmin": 2000.0, "n_bins": 25})
    with refuses("lower fmin"):
        cqt(y, **{**SIZES, "fmin": 8000.0, "n_bins": 1})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sr": 0}, "sr is 0"),
        ({"hop_length": 0}, "hop_length is 0"),
        ({"fmin": 0}, "fmin is 0"),
        ({"fmin": -5.0}, "fmin is -5.0"),
        ({"fmin": np.nan}, "fmin is nan"),
        ({"fmin": "C1"}, "fmin is 'C1'"),
        ({"fmin": 0.01}, "would last 1733 s"),
        ({"n_bins": 0}, "n_bins is 0"),
        ({"n_bins": 10**12}, "more than 30 octaves"),
        ({"bins_per_octave": 0}, "bins_per_octave is 0"),
        ({"bins_per_octave": 10**7}, "fewer bins_per_octave"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], said: str, refuses: Any) -> None:
    with refuses(said):
        cqt(np.zeros(1000, np.float32), **{**SIZES, **options})


def test_bad_signals_are_refused(refuses: Any) -> None:
    for y, said in [
        (np.zeros((2, 5000), np.float32), "2 channels"),
        (np.full(5000, np.nan, np.float32), "NaN"),
        (np.zeros(5000, np.int16), "int16"),
        (np.zeros(0, np.float32), "empty"),
    ]:
        with refuses(said):
            cqt(y, **SIZES)
