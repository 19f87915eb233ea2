"""The watermark: as loud as promised, found after what it must survive, not found where it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray
from audiocourse.sounds import vary_speed
from audiocourse.tts.cloning import watermark
from audiocourse.tts.cloning.detection import copy_synthesis
from audiocourse.tts.cloning.watermark import correlation_z, detect_mark, key_signs, mark, relative_levels, tile_powers

SR = 16_000
KEY = "a key of this test"
SIGNS_OF_A = [1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0]


@pytest.fixture(scope="module")
def marked(spoken: dict[str, list[FloatArray]]) -> list[FloatArray]:
    return [mark(clips[0], SR, KEY) for clips in spoken.values()]


def with_noise(y: FloatArray, snr_db: float) -> FloatArray:
    noise = np.random.default_rng(1).normal(0, 1, y.size)
    noise *= np.sqrt(np.mean(y**2) / np.mean(noise**2)) * 10 ** (-snr_db / 20)
    return (y + noise).astype(np.float32)


def test_the_change_is_as_soft_as_promised(spoken: dict[str, list[FloatArray]], marked: list[FloatArray]) -> None:
    """25.5 dB below the speech; the rounds of scaling end within 0.1 dB."""
    for clips, y in zip(spoken.values(), marked, strict=True):
        assert y.dtype == np.float32
        assert y.shape == clips[0].shape
        assert signal.snr_db(clips[0], y) == pytest.approx(watermark.SNR_DB, abs=0.1)


def test_the_mark_is_found_in_any_two_seconds(marked: list[FloatArray]) -> None:
    for y in marked:
        score = detect_mark(y[5_123 : 5_123 + 2 * SR], SR, KEY)
        assert score.found, score
        assert score.p_value < 1e-3


@pytest.mark.parametrize("change", ["gain", "telephone", "noise", "mp3", "delay", "copy"])
def test_the_mark_survives(change: str, marked: list[FloatArray], tmp_path: Path) -> None:
    for y in marked[:4]:
        if change == "gain":
            changed = 0.2 * y
        elif change == "telephone":
            changed = signal.resample(signal.resample(y, SR, 8_000), 8_000, SR)
        elif change == "noise":
            changed = with_noise(y, 30.0)
        elif change == "mp3":
            signal.write(tmp_path / "a.mp3", y, SR)
            changed = signal.read(tmp_path / "a.mp3").y
        elif change == "copy":
            changed = copy_synthesis(y, SR, rng=np.random.default_rng(0), iterations=16)
        else:
            changed = np.concatenate([np.zeros(777, np.float32), y])
        assert detect_mark(changed, SR, KEY).found


def test_another_speed_removes_it(marked: list[FloatArray]) -> None:
    """As the docstring warns."""
    assert not any(detect_mark(vary_speed(y, 1.06), SR, KEY).found for y in marked)


def test_no_mark_is_found_in_unmarked_speech_nor_with_other_keys(
    spoken: dict[str, list[FloatArray]], marked: list[FloatArray]
) -> None:
    """At a false alarm rate of at most 1e-3, two among 32 would have a probability below 0.1 %."""
    clips = [clips[0][: 2 * SR] for clips in spoken.values()][:4] + [y[: 2 * SR] for y in marked[:4]]
    alarms = [detect_mark(y, SR, f"wrong {number}").found for y in clips for number in range(4)]
    assert sum(alarms) <= 1


def test_z_of_random_keys_has_mean_0_and_spread_1() -> None:
    """Whatever was folded, such as a single loud band; 400 keys: the standard error of the mean is 0.05."""
    rng = np.random.default_rng(3)
    folded = rng.normal(0, 1, (watermark.BANDS, watermark.BLOCKS))
    folded[5] *= 20
    z = np.array([correlation_z(folded, key_signs(str(number)))[0] for number in range(400)])
    assert abs(z.mean()) < 0.2
    assert z.std() == pytest.approx(1, abs=0.15)


def test_the_shift_of_the_pattern_is_found() -> None:
    signs = key_signs("k")
    z = correlation_z(np.roll(signs, 5, axis=1), signs)
    assert int(np.argmax(z)) == watermark.BLOCKS - 5
    assert z.max() == pytest.approx(np.sqrt(signs.size))


def test_correlation_of_nothing_is_0() -> None:
    assert not correlation_z(np.zeros((watermark.BANDS, watermark.BLOCKS)), key_signs("k")).any()


def test_relative_levels_forget_the_level_and_a_slope() -> None:
    tiles = 10 ** (np.add.outer(np.arange(8.0), np.arange(6.0)) / 10)  # a plane in dB
    inside = relative_levels(tiles)[1:-1, 1:-1]
    assert np.allclose(inside, 0)
    assert np.allclose(relative_levels(100 * tiles)[1:-1, 1:-1], inside)


def test_tiles_hold_the_power_of_their_bins() -> None:
    power = np.zeros((watermark.N_FFT // 2 + 1, 9))
    power[watermark.LOWEST_BIN + watermark.BINS, 4] = 2.0  # second band, second block
    tiles = tile_powers(power)
    assert tiles.shape == (watermark.BANDS, 2)
    assert tiles[1, 1] == tiles.sum() == 2.0


def test_keys_differ_and_stay() -> None:
    assert np.array_equal(key_signs("a"), key_signs("a"))
    assert abs(np.mean(key_signs("a") * key_signs("b"))) < 0.1  # 2304 coin flips: spread 0.02
    assert key_signs("a")[0, :8].tolist() == SIGNS_OF_A  # a mark of today must be found next year


@pytest.mark.parametrize(
    ("y", "sr", "key", "message"),
    [
        (np.zeros(SR, np.float32), SR, "k", "silent"),
        (np.ones(1_600, np.float32), SR, "k", "too short"),
        (np.full(SR, np.nan, np.float32), SR, "k", "NaN"),
        (np.ones((2, SR), np.float32), SR, "k", "mono"),
        (np.ones(SR, np.float32), 22_050, "k", "16 000"),
        (np.ones(SR, np.float32), SR, "", "key"),
    ],
)
def test_bad_input_is_one_sentence(y: FloatArray, sr: int, key: str, message: str) -> None:
    for function in (mark, detect_mark):
        with pytest.raises(AudioCourseError, match=message):
            function(y, sr, key)
