"""The spectrum: librosa's and torch's numbers, and 0 dB where a full-scale sine is."""

import warnings
from typing import Any

import librosa
import numpy as np
import pytest
import scipy.signal

from audiocourse.signal import (
    FloatArray,
    fft_frequencies,
    hann,
    istft,
    magnitude_dbfs,
    overlap_add,
    power_spectrogram,
    power_to_db,
    resynthesise,
    spectra,
    spectrogram_dbfs,
    spectrum_dbfs,
    stft,
    stft_frame_count,
)

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


# the way back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n_fft", "hop", "window"), [(512, 128, 512), (512, 160, 400), (511, 100, 511), (64, 32, 64)])
@pytest.mark.parametrize("samples", [1, 2, 31, 127, 128, 129, 511, 512, 513, 5000, 5001])
def test_what_was_analysed_comes_back_at_every_length(
    samples: int, n_fft: int, hop: int, window: int, rng: Any
) -> None:
    y = rng.uniform(-1, 1, samples)
    sizes = {"n_fft": n_fft, "hop_length": hop, "win_length": window}
    back = istft(stft(y, **sizes), **sizes, length=samples)
    # for hop = N / 2 the last sample may have met w² ≈ 6e-6 only: 1e-9 is double precision divided by that
    np.testing.assert_allclose(back, y, rtol=0, atol=1e-9)


def test_float32_stays_float32_and_comes_back_to_its_precision(y: FloatArray) -> None:
    back = istft(stft(y, n_fft=512, hop_length=128), n_fft=512, hop_length=128, length=y.size)
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, y, rtol=0, atol=2e-6)  # a few steps of float32 at full scale


def test_in_float32_only_the_foot_of_a_window_is_less_exact(rng: np.random.Generator) -> None:
    """At a hop of half the window the last sample may have met w² ≈ 1e-11 only, which float32 cannot undo."""
    y = rng.uniform(-1, 1, 21_503).astype(np.float32)
    back = istft(stft(y, n_fft=2048, hop_length=1024), n_fft=2048, hop_length=1024, length=y.size)
    np.testing.assert_allclose(back[:-40], y[:-40], rtol=0, atol=1e-4)
    np.testing.assert_allclose(back, y, rtol=0, atol=1e-2)


def test_without_centring_all_but_the_first_sample_come_back(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 512 + 9 * 128)
    back = istft(stft(y, n_fft=512, hop_length=128, center=False), n_fft=512, hop_length=128, center=False)
    assert back.size == y.size
    assert back[0] == 0  # the window is zero there: nothing of this sample is left
    np.testing.assert_allclose(back[1:], y[1:], rtol=0, atol=1e-9)


def test_windows_that_are_not_divided_out_would_be_heard(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 4096)
    frames = np.stack([hann(512) * y[m : m + 512] for m in range(0, 4096 - 511, 256)], axis=1)
    bare = overlap_add(frames * hann(512)[:, None], hop_length=256)
    assert np.max(np.abs(bare - y)[512:-512]) > 0.3
    np.testing.assert_allclose(resynthesise(frames, hann(512), hop_length=256)[512:-512], y[512:-512], atol=1e-12)


def test_overlap_add_is_the_adjoint_of_cutting(rng: np.random.Generator) -> None:
    y, z = rng.standard_normal(100), rng.standard_normal((16, 15))
    cut = np.stack([y[m : m + 16] for m in range(0, 85, 6)], axis=1)
    assert np.sum(cut * z) == pytest.approx(np.sum(y * overlap_add(z, hop_length=6)))


def test_a_hop_that_leaves_gaps_is_refused(refuses: Any) -> None:
    transform = stft(np.ones(3000, np.float32), n_fft=256, hop_length=300)
    with refuses("no window covers", "at most half the window"):
        istft(transform, n_fft=256, hop_length=300)


def test_istft_refuses_what_is_no_transform(refuses: Any) -> None:
    transform = stft(np.ones(3000, np.float32), n_fft=256, hop_length=64)
    for wrong, said in [
        (np.abs(transform), "griffin_lim"),
        (transform[:-1], "needs 129 rows"),
        (transform[:, :0], "at least one frame"),
        (transform * np.nan, "NaN"),
    ]:
        with refuses(said):
            istft(wrong, n_fft=256, hop_length=64)
    with refuses("length is 99999"):
        istft(transform, n_fft=256, hop_length=64, length=99_999)
    with refuses("array of the same length"):
        resynthesise(np.ones((4, 3)), np.ones(5), hop_length=2)


# blocks, counts, powers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_blocks_are_the_columns_of_the_stft(case: dict[str, Any], y: FloatArray) -> None:
    together = np.concatenate(list(spectra(y, **case))).T
    np.testing.assert_array_equal(together, stft(y, **case))


@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("n_fft", [511, 512])
def test_the_count_is_what_stft_returns(center: bool, n_fft: int) -> None:
    for samples in (512, 513, 639, 640, 641, 5000):
        count = stft_frame_count(samples, n_fft=n_fft, hop_length=128, center=center)
        assert count == stft(np.ones(samples, np.float32), n_fft=n_fft, hop_length=128, center=center).shape[1]
    assert stft_frame_count(100, n_fft=512, hop_length=128, center=False) == 0


def test_power_is_the_squared_magnitude_and_filters_are_a_matrix_product(y: FloatArray, rng: Any) -> None:
    expected = np.abs(stft(y.astype(float), n_fft=512, hop_length=160)) ** 2
    assert_equal_of_peak(power_spectrogram(y, n_fft=512, hop_length=160), expected.astype(np.float32))
    filters = rng.uniform(0, 1, (7, 257))
    bands = power_spectrogram(y, n_fft=512, hop_length=160, filters=filters)
    assert_equal_of_peak(bands, (filters @ expected).astype(np.float32))


def test_filters_of_another_size_are_refused(refuses: Any) -> None:
    with refuses("(40, 129)", "n_fft = 512 has 257"):
        power_spectrogram(np.ones(1000, np.float32), n_fft=512, hop_length=160, filters=np.ones((40, 129)))


# a spectrum of everything --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("samples", [4000, 4001])
@pytest.mark.parametrize("peak", [1.0, 0.01])
def test_the_spectrum_of_a_tone_reads_its_level(samples: int, peak: float) -> None:
    y = peak * np.sin(2 * np.pi * 500 / samples * np.arange(samples))  # 500 whole periods
    levels = spectrum_dbfs(y)
    assert np.argmax(levels) == 500
    assert levels[500] == pytest.approx(20 * np.log10(peak), abs=1e-6)


def test_more_points_draw_the_same_curve_finer(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 1000)
    np.testing.assert_allclose(spectrum_dbfs(y, n_fft=4000)[4:-4:4], spectrum_dbfs(y)[1:-1], atol=1e-9)


def test_levels_need_all_frequencies(refuses: Any) -> None:
    with refuses("100 frequencies", "257"):
        magnitude_dbfs(np.ones(100), window=hann(512), n_fft=512)
    with refuses("cut off samples"):
        spectrum_dbfs(np.ones(1000, np.float32), n_fft=512)
    with refuses("too short"):
        spectrum_dbfs(np.ones(1, np.float32))
