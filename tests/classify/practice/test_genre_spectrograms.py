"""The spectrograms of exercise 3's open task: rhythm is in them, and in nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse import AudioCourseError
from audiocourse.classify.practice.genre_spectrograms import (
    BANDS,
    FRAME_SECONDS,
    FRAMES,
    describe_accuracy,
    genre_task,
    linear_classifier,
    noise_from,
)
from audiocourse.sounds.music.genres import GENRES


def test_a_task_has_balanced_genres_and_follows_from_its_seed() -> None:
    task = genre_task(np.random.default_rng(0), train_artists=3, test_artists=2)
    assert task.train_features.shape == (72, BANDS, FRAMES)
    assert task.test_features.dtype == np.float32
    assert np.bincount(task.train_labels).tolist() == [12] * len(GENRES)
    assert np.bincount(task.test_labels).tolist() == [8] * len(GENRES)
    again = genre_task(np.random.default_rng(0), train_artists=3, test_artists=2)
    other = genre_task(np.random.default_rng(1), train_artists=3, test_artists=2)
    np.testing.assert_array_equal(again.train_features, task.train_features)
    assert not np.array_equal(other.train_features, task.train_features)
    assert np.isfinite(task.train_features).all()


def test_the_spectrum_alone_says_little_about_genre_and_the_rhythm_much_more() -> None:
    def periodicities(x: np.ndarray) -> np.ndarray:
        onsets = np.maximum(np.diff(x.astype(float), axis=2), 0).reshape(len(x), 4, BANDS // 4, -1).mean(axis=2)
        onsets -= onsets.mean(axis=2, keepdims=True)
        power = np.abs(np.fft.rfft(onsets, 128)) ** 2
        correlation = np.fft.irfft(power)[:, :, :40]
        return correlation / correlation[:, :, :1]

    task = genre_task(np.random.default_rng(5))
    spectrum = np.mean(linear_classifier(*task[:3]) == task.test_labels)
    lags = [periodicities(x).reshape(len(x), 1, -1) for x in (task.train_features, task.test_features)]
    nearest = np.linalg.norm(lags[1] - lags[0].transpose(1, 0, 2), axis=2).argmin(axis=1)
    rhythm = np.mean(task.train_labels[nearest] == task.test_labels)
    assert 1 / 6 < spectrum < 0.55
    assert rhythm > spectrum + 0.1


def test_the_noise_lasts_as_long_as_the_spectrogram_and_is_loud_where_it_is() -> None:
    features = np.full((BANDS, FRAMES), -12.0)
    features[:, FRAMES // 2 :] = 0.0
    y = noise_from(features, 16_000, rng=np.random.default_rng(0))
    assert y.size == round(FRAMES * FRAME_SECONDS * 16_000)
    assert np.abs(y).max() == pytest.approx(0.5)
    assert y[-20_000:].std() > 50 * y[:20_000].std()


def test_an_answer_that_is_not_written_is_described_as_such() -> None:
    def blank(*_: object) -> np.ndarray:
        raise NotImplementedError

    task = genre_task(np.random.default_rng(0), train_artists=1, test_artists=1)
    assert describe_accuracy(blank, task) == "blank is not written yet."
    assert describe_accuracy(lambda *_: task.test_labels, task) == "100 % (synthetic)"


def test_no_artists_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="train_artists"):
        genre_task(np.random.default_rng(0), train_artists=0)
