"""The scenes of exercise 5's open task: evenly spread, repeatable, with the truth intact."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from audiocourse.classify.practice.noisy_scenes import SNR_DB, SOFTER_DB, SR, noisy_scenes
from audiocourse.sounds import SCENE_VOICES, Scene, active_samples


@pytest.fixture(scope="module")
def scenes() -> list[tuple[str, Scene]]:
    """Three scenes of each noise."""
    return noisy_scenes(rng=np.random.default_rng(5), voices=SCENE_VOICES[:4], per_noise=3, seconds=4.0)


def test_every_noise_has_as_many_scenes(scenes: list[tuple[str, Scene]]) -> None:
    assert Counter(kind for kind, _ in scenes) == dict.fromkeys(SNR_DB, 3)
    assert all(scene.y.size == 4 * SR and scene.sr == SR for _, scene in scenes)


def test_ratios_are_spread_and_true(scenes: list[tuple[str, Scene]]) -> None:
    for kind, scene in scenes:
        low, high = SNR_DB[kind]
        active = active_samples(scene.speech, samples=scene.y.size, sr=SR)
        power = [np.mean(np.square(part[active], dtype=np.float64)) for part in (scene.clean, scene.noise)]
        assert 10 * np.log10(power[0] / power[1]) == pytest.approx(scene.snr_db, abs=0.05)
        assert low < scene.snr_db < high
    third = (SNR_DB["hum"][1] - SNR_DB["hum"][0]) / 3
    ratios = sorted(scene.snr_db for kind, scene in scenes if kind == "hum")
    np.testing.assert_allclose(np.diff(ratios), third)


def test_levels_are_spread(scenes: list[tuple[str, Scene]]) -> None:
    """Speech at −26 dB re full scale, made softer by 3, 9 and 15 dB."""
    levels = []
    for _, scene in scenes[:3]:
        active = active_samples(scene.speech, samples=scene.y.size, sr=SR)
        levels.append(10 * np.log10(np.mean(np.square(scene.clean[active], dtype=np.float64))))
    assert SOFTER_DB == (0.0, 18.0)
    np.testing.assert_allclose(sorted(levels), [-41, -35, -29], atol=0.3)


def test_the_parts_add_up_and_a_seed_says_all(scenes: list[tuple[str, Scene]]) -> None:
    again = noisy_scenes(rng=np.random.default_rng(5), voices=SCENE_VOICES[:4], per_noise=3, seconds=4.0)
    for (_, one), (_, other) in zip(scenes, again, strict=True):
        np.testing.assert_array_equal(one.y, other.y)
        np.testing.assert_allclose(one.y, one.clean + one.noise, atol=1e-6)
        assert set(one.voices) <= set(SCENE_VOICES[:4])
