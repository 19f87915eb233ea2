"""A crying baby and a barking dog: pitch, rhythm and colour as they were measured."""

import numpy as np
import pytest

from audiocourse.signal.pitch.yin import yin
from audiocourse.sounds.events.cries import baby_cry, dog_bark
from audiocourse.sounds.events.kinds import audible_intervals

SR = 16_000


def test_babies_cry_at_the_pitch_of_babies() -> None:
    drawn = [float(baby_cry(np.random.default_rng(seed), 8000, 1.0)[1]["f0_hz"]) for seed in range(60)]
    assert np.mean(drawn) == pytest.approx(496, abs=40)
    assert np.std(drawn) == pytest.approx(95, abs=30)


def test_a_cry_has_the_pitch_it_says() -> None:
    close = []
    for seed in range(6):
        y, parameters = baby_cry(np.random.default_rng(seed), SR, 2.0)
        f0 = yin(y.astype(np.float32), sr=SR, fmin=150, fmax=1200, frame_length=1024, hop_length=256)
        close.append(float(np.nanmedian(f0)) / float(parameters["f0_hz"]))
    assert np.median(close) == pytest.approx(1, abs=0.15)  # the melody goes up and down


def test_a_baby_draws_breath() -> None:
    y, parameters = baby_cry(np.random.default_rng(1), SR, 6.0)
    assert float(parameters["cries"]) >= 2
    assert all(part.seconds < 3.5 for part in audible_intervals(y, SR))


def test_a_dog_barks_in_bursts() -> None:
    for seed in range(10):
        y, parameters = dog_bark(np.random.default_rng(seed), SR, 6.0)
        assert 1 <= len(audible_intervals(y, SR)) <= float(parameters["barks"])
        level = np.abs(y[: y.size // 160 * 160].reshape(-1, 160)).max(axis=1)
        assert np.mean(level > 0.1 * level.max()) < 0.6


def test_small_dogs_bark_higher() -> None:
    sizes, centroids = [], []
    for seed in range(30):
        y, parameters = dog_bark(np.random.default_rng(seed), SR, 2.0)
        power = np.abs(np.fft.rfft(y)) ** 2
        sizes.append(float(parameters["size"]))
        centroids.append(float(np.sum(power * np.fft.rfftfreq(y.size, 1 / SR)) / power.sum()))
    assert np.corrcoef(sizes, np.log(centroids))[0, 1] < -0.6
