"""The log-mel front end of chapter 4: the same as librosa's, and clear words for what it cannot take."""

from __future__ import annotations

import librosa
import numpy as np
import pytest

from audiocourse.classify.features import FAINTEST, FRONT_END, FrontEnd, log_mel, mean_and_deviation
from audiocourse.errors import AudioCourseError


def test_it_is_the_logarithm_of_librosas_mel_power() -> None:
    y = np.random.default_rng(1).normal(0, 0.1, 8_000).astype(np.float32)
    peer = librosa.feature.melspectrogram(y=y, sr=16_000, n_fft=1024, hop_length=320, n_mels=64, fmin=50, fmax=8000)
    assert log_mel(y, 16_000) == pytest.approx(np.log(peer + FAINTEST), abs=1e-3)  # float32


def test_silence_is_the_floor_in_every_band() -> None:
    assert np.all(log_mel(np.zeros(1_600, np.float32), 16_000) == np.float32(np.log(FAINTEST)))


def test_there_is_a_frame_for_every_hop_and_one_more() -> None:
    assert FRONT_END.frame_seconds == 0.02
    for samples in (1_600, 3_199, 3_200):
        assert log_mel(np.zeros(samples, np.float32), 16_000).shape == (64, 1 + samples // 320)


def test_another_front_end_has_other_bands() -> None:
    front_end = FrontEnd(sr=22_050, n_fft=512, hop_length=256, n_mels=40, fmax=11_000.0)
    assert log_mel(np.zeros(2_560, np.float32), 22_050, front_end=front_end).shape == (40, 11)


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.zeros(16_000, np.float32), 44_100, "16000 samples per second"),
        (np.zeros(100, np.float32), 16_000, "100"),
        (np.zeros((2, 16_000), np.float32), 16_000, "mono"),
        (np.full(16_000, np.nan, np.float32), 16_000, "NaN"),
        (np.zeros(16_000, np.int16), 16_000, "int16"),
    ],
)
def test_bad_input_is_one_clear_sentence(y: np.ndarray, sr: int, words: str) -> None:
    with pytest.raises(AudioCourseError, match=words):
        log_mel(y, sr)


def test_mean_and_deviation_do_not_depend_on_the_order_of_frames() -> None:
    spectrogram = np.random.default_rng(2).normal(size=(3, 50))
    shuffled = spectrogram[:, np.random.default_rng(3).permutation(50)]
    assert mean_and_deviation(spectrogram) == pytest.approx(mean_and_deviation(shuffled))
    assert mean_and_deviation(spectrogram)[3:] == pytest.approx(spectrogram.std(axis=1))
