"""The spectrum: librosa's and torch's numbers, and 0 dB where a full-scale sine is."""

import warnings
from typing import Any

import librosa
import numpy as np
import pytest
import scipy.signal

from audiocourse.signal import FloatArray, fft_frequencies, hann, power_to_db, spectrogram_dbfs, stft

OF_THE_PEAK = 1e-5  # float32 through different FFT libraries
CASES = [
    {"n_fft": 512, "hop_length": 128},
    {"n_fft": 2048, "hop_length": 512},
    {"n_fft": 512, "hop_length": 160, "win_length": 400},
    {"n_fft": 512, "hop_length": 160, "win_length": 401},
    {"n_fft": 511, "hop_length": 100},
    {"n_fft": 256, "hop_length": 300},
    {"n_fft": 512, "hop_length": 128, "center": False},
]


@pytest.fixture
def y(rng: np.random.Generator) -> FloatArray:
    """Two and a half seconds, more than a block of frames, of noise with a tone in it."""
    tone = np.sin(2 * np.pi * 1234 * np.arange(40_001) / 16_000)
    return (0.5 * tone + 0.1 * rng.standard_normal(40_001)).astype(np.float32)


def assert_equal_of_peak(ours: Any, theirs: Any, tolerance: float = OF_THE_PEAK) -> None:
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    assert np.max(np.abs(ours - theirs)) <= tolerance * np.max(np.abs(theirs))


@pytest.mark.parametrize("case", CASES)
def test_stft_equals_librosas(case: dict[str, Any], y: FloatArray) -> None:
    assert_equal_of_peak(stft(y, **case), librosa.stft(y, pad_mode="constant", **case))
    double = y.astype(np.float64)
    assert_equal_of_peak(stft(double, **case), librosa.stft(double, pad_mode="constant", **case), 1e-12)


@pytest.mark.parametrize("case", CASES)
def test_stft_equals_torchs(case: dict[str, Any], y: FloatArray) -> None:
    torch = pytest.importorskip("torch")
    window = torch.hann_window(case.get("win_length", case["n_fft"]))
    theirs = torch.stft(torch.from_numpy(y), window=window, pad_mode="constant", return_complex=True, **case)
    assert_equal_of_peak(stft(y, **case), theirs.numpy())


@pytest.mark.parametrize("samples", [1, 2, 127, 128, 129, 511, 512])
def test_short_signals_equal_librosas(samples: int, rng: np.random.Generator) -> None:
    y = rng.standard_normal(samples).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # librosa warns where n_fft exceeds the signal
        theirs = librosa.stft(y, n_fft=512, hop_length=128, pad_mode="constant")
    assert_equal_of_peak(stft(y, n_fft=512, hop_length=128), theirs)


@pytest.mark.parametrize("frames", [255, 256, 257, 513])
def test_blocks_leave_no_seam(frames: int, rng: np.random.Generator) -> None:
    y = rng.standard_normal(64 + 16 * (frames - 1)).astype(np.float32)
    whole = stft(y, n_fft=64, hop_length=16, center=False)
    assert whole.shape == (33, frames)
    last = stft(np.ascontiguousarray(y[-64:]), n_fft=64, hop_length=16, center=False)
    np.testing.assert_allclose(whole[:, -1], last[:, 0], atol=1e-5)  # float32, peak about 10


def test_layout_does_not_matter(y: FloatArray) -> None:
    expected = stft(y, n_fft=512, hop_length=128)
    np.testing.assert_array_equal(stft(np.repeat(y, 2)[::2], n_fft=512, hop_length=128), expected)
    np.testing.assert_array_equal(
        stft(np.asfortranarray(np.stack([y, y], 1))[:, 1], n_fft=512, hop_length=128), expected
    )


@pytest.mark.parametrize("n", [2, 5, 400, 512])
def test_window_is_scipys_periodic_one(n: int) -> None:
    np.testing.assert_allclose(hann(n), scipy.signal.get_window("hann", n, fftbins=True), rtol=0, atol=1e-15)


@pytest.mark.parametrize("n_fft", [400, 511, 2048])
def test_frequencies_equal_librosas(n_fft: int) -> None:
    np.testing.assert_allclose(
        fft_frequencies(n_fft, 22_050), librosa.fft_frequencies(sr=22_050, n_fft=n_fft), rtol=1e-15
    )


@pytest.mark.parametrize("n_fft", [256, 511, 512, 2048])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_full_scale_sine_reads_0_db(n_fft: int, dtype: type) -> None:
    bin_ = n_fft // 8
    sine = np.sin(2 * np.pi * bin_ * np.arange(10 * n_fft) / n_fft).astype(dtype)
    levels = spectrogram_dbfs(sine, n_fft=n_fft, hop_length=n_fft // 4)
    assert levels.dtype == dtype
    inner = levels[:, 4:-4]  # the frames that the zeros beyond the edges do not reach
    np.testing.assert_allclose(inner[bin_], 0, atol=1e-4)  # float32 rounding
    assert np.all(np.argmax(inner, axis=0) == bin_)
    assert np.all(np.max(np.delete(inner, [bin_ - 1, bin_, bin_ + 1], axis=0), axis=0) < -90)


def test_a_softer_sine_reads_its_own_level(tone: Any) -> None:
    level = spectrogram_dbfs(tone(1000.0, peak=0.1), n_fft=512, hop_length=128)[32, 60]
    assert level == pytest.approx(-20, abs=1e-4)  # power_to_db of a magnitude would read −10


def test_the_reference_is_what_the_bare_magnitude_lacks(tone: Any) -> None:
    magnitude = np.abs(stft(tone(1000.0), n_fft=2048, hop_length=512))[128, 15]
    level = 20 * np.log10(magnitude)
    assert level == pytest.approx(54.19, abs=0.01)  # 20 · log10(2048 / 4): a full-scale sine is not +54 dB loud
    assert power_to_db(float(magnitude)) == pytest.approx(level / 2)  # and not +27 dB either


@pytest.mark.parametrize("n_fft", [512, 511])
def test_the_lowest_and_highest_row_have_no_mirror_image(n_fft: int) -> None:
    constant = spectrogram_dbfs(np.full(8000, 0.5, np.float32), n_fft=n_fft, hop_length=128)[0, 30]
    assert constant == pytest.approx(-6.0206, abs=1e-3)
    if n_fft % 2 == 0:
        alternating = np.resize(np.array([0.5, -0.5], np.float32), 8000)
        assert spectrogram_dbfs(alternating, n_fft=n_fft, hop_length=128)[-1, 30] == pytest.approx(-6.0206, abs=1e-3)


@pytest.mark.parametrize("n_fft", [510, 511])
def test_every_row_has_its_scale(n_fft: int, y: FloatArray) -> None:
    mirrored = np.array([1 if 2 * k % n_fft == 0 else 2 for k in range(1 + n_fft // 2)])  # −k is k itself, or another
    amplitude = mirrored[:, None] * np.abs(stft(y, n_fft=n_fft, hop_length=200)) / np.sum(hann(n_fft))
    levels = spectrogram_dbfs(y, n_fft=n_fft, hop_length=200)
    np.testing.assert_allclose(levels, np.maximum(20 * np.log10(amplitude), -100), rtol=0, atol=1e-4)  # float32


def test_silence_reads_the_floor() -> None:
    np.testing.assert_array_equal(spectrogram_dbfs(np.zeros(1000, np.float32), n_fft=256, hop_length=64), -100)


def test_between_two_bins_the_level_drops_by_1_4_db(tone: Any) -> None:
    level = np.max(spectrogram_dbfs(tone(1000 + 16_000 / 1024), n_fft=512, hop_length=128)[:, 60])
    assert level == pytest.approx(-1.42, abs=0.02)  # the Hann window's scalloping loss, Harris 1978


@pytest.mark.parametrize("function", [stft, spectrogram_dbfs])
def test_bad_input_is_refused(function: Any, refuses: Any) -> None:
    sizes = {"n_fft": 512, "hop_length": 128}
    with refuses("2 channels", "to_mono(y)"):
        function(np.zeros((2, 1000), np.float32), **sizes)
    with refuses("dtype int16", "signal.from_pcm"):
        function(np.zeros(1000, np.int16), **sizes)
    with refuses("list"):
        function([0.0] * 1000, **sizes)
    with refuses("1 NaN or infinite"):
        function(np.array([0, np.nan]), **sizes)
    with refuses("hop_length is 0"):
        function(np.zeros(1000, np.float32), n_fft=512, hop_length=0)
    with refuses("n_fft is 512.0"):
        function(np.zeros(1000, np.float32), n_fft=512.0, hop_length=128)


def test_bad_windows_are_refused(refuses: Any) -> None:
    y = np.zeros(1000, np.float32)
    with refuses("window (600 samples)", "n_fft (512)"):
        stft(y, n_fft=512, hop_length=128, win_length=600)
    with refuses("win_length is 0"):
        stft(y, n_fft=512, hop_length=128, win_length=0)
    with refuses("too short", "1000 of the 1024"):
        stft(y, n_fft=1024, hop_length=128, center=False)
    with refuses("n is 0"):
        hann(0)
    with refuses("sr is -1"):
        fft_frequencies(512, -1)
