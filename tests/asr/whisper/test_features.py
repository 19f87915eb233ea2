"""Whisper's front end: the sizes of a checkpoint, the range of the numbers, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import transformers

from audiocourse.asr.whisper.features import WhisperFrontEnd, whisper_features, whisper_log_mel, whisper_scale

SR = 16_000
SIZES = {"sr": SR, "n_fft": 400, "hop_length": 160, "n_mels": 80}


@pytest.fixture
def hiss(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, 0.1, SR).astype(np.float32)


def test_the_sizes_come_from_the_extractor() -> None:
    large = WhisperFrontEnd.of(transformers.WhisperFeatureExtractor(feature_size=128))
    assert (large.n_mels, large.samples, large.frames) == (128, 480_000, 3000)
    mini = WhisperFrontEnd.of(transformers.WhisperFeatureExtractor(hop_length=320, chunk_length=10))
    assert (mini.hop_length, mini.seconds, mini.frames) == (320, 10.0, 500)


def test_the_range_is_eight_decades_at_most_and_the_level_moves_it(hiss: np.ndarray) -> None:
    faded = hiss * np.geomspace(100, 1e-4, hiss.size).astype(np.float32)
    x, tenth = (whisper_log_mel(y, **SIZES) for y in (faded, 0.1 * faded))
    assert x.max() - x.min() == pytest.approx(2.0, abs=1e-6)  # 8 decades / 4
    np.testing.assert_allclose(x - tenth, 0.5, atol=1e-3)  # a hundredth of the power: 2 decades / 4; float32 spectra


def test_scaling_by_hand() -> None:
    power = np.array([[1.0, 1e-2], [1e-6, 1e-20]])
    np.testing.assert_allclose(whisper_scale(power), [[1.0, 0.5], [-0.5, -1.0]])


def test_a_short_sound_fills_a_window_with_silence(hiss: np.ndarray) -> None:
    front = WhisperFrontEnd(seconds=3.0)
    x = whisper_features(hiss, SR, front=front)
    assert x.shape == (80, 300)
    assert (x[:, 105:] == x.min()).all()
    longer = np.pad(hiss, (0, SR))  # silence the caller put there himself
    np.testing.assert_array_equal(x, whisper_features(longer, SR, front=front))


def test_a_window_hears_its_last_sample(hiss: np.ndarray) -> None:
    front = WhisperFrontEnd(seconds=1.0)
    later = hiss.copy()
    later[-1] = 0.9
    assert not np.allclose(*(whisper_features(y, SR, front=front)[:, -1] for y in (hiss, later)), atol=1e-3)


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.zeros(8_000, np.float32), 8_000, "16000 samples per second, not 8000"),
        (np.zeros((2, 16_000), np.float32), SR, "mono"),
        (np.full(16_000, np.nan, np.float32), SR, "NaN"),
        (np.zeros(0, np.float32), SR, "empty"),
        (np.zeros(16_000, np.int16), SR, "int16"),
        (np.zeros(31 * 16_000, np.float32), SR, "31.0 s do not fit into the window of 30 s"),
    ],
)
def test_what_is_refused(y: np.ndarray, sr: int, words: str, refuses) -> None:
    with refuses(words):
        whisper_features(y, sr, front=WhisperFrontEnd())
