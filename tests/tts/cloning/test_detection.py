"""Detection of synthetic speech: it works on its own vocoder, and fails where the docstring says so."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.signal import BoolArray, FloatArray
from audiocourse.tts.cloning.detection import (
    FEATURES,
    artefact_features,
    copy_synthesis,
    equal_error_rate,
    fit_detector,
    flutter_db,
    mean_log_kurtosis,
    phase_coherence,
)

SR = 16_000


@pytest.fixture(scope="module")
def examples(spoken: dict[str, list[FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """Features of natural clips and of their copies, (speakers, 2 clips, features) each."""
    clips_of = {name: [y[: 2 * SR] for y in clips] for name, clips in spoken.items()}
    natural = [[artefact_features(y, SR) for y in clips] for clips in clips_of.values()]
    rng = np.random.default_rng(0)
    copies = [
        [artefact_features(copy_synthesis(y, SR, rng=rng, iterations=8), SR) for y in clips]
        for clips in clips_of.values()
    ]
    return np.array(natural), np.array(copies)


def labelled(natural: FloatArray, copies: FloatArray) -> tuple[FloatArray, BoolArray]:
    x = np.concatenate([natural.reshape(-1, len(FEATURES)), copies.reshape(-1, len(FEATURES))])
    return x, np.arange(len(x)) >= len(x) // 2


def test_copies_of_unseen_speakers_are_detected(examples: tuple[FloatArray, FloatArray]) -> None:
    natural, copies = examples
    detector = fit_detector(*labelled(natural[:3], copies[:3]))
    x, synthetic = labelled(natural[3:], copies[3:])
    assert equal_error_rate(detector.logits(x), synthetic) == 0
    assert np.array_equal(detector.logits(x) > 0, synthetic)


def test_soft_noise_hides_a_copy(examples: tuple[FloatArray, FloatArray], spoken: dict[str, list[FloatArray]]) -> None:
    """What the docstring warns of, so that no one relies on this detector."""
    detector = fit_detector(*labelled(*examples))
    rng = np.random.default_rng(0)
    missed = []
    for clips in list(spoken.values())[:3]:
        copy = copy_synthesis(clips[0][: 2 * SR], SR, rng=rng, iterations=8)
        noise = rng.normal(0, np.sqrt(np.mean(copy**2)) * 10 ** (-30 / 20), copy.size)
        missed.append(detector.logits(artefact_features((copy + noise).astype(np.float32), SR)[None])[0] < 0)
    assert np.mean(missed) > 0.5


def test_the_regression_is_the_minimum_of_its_loss(examples: tuple[FloatArray, FloatArray]) -> None:
    x, synthetic = labelled(*examples)
    detector = fit_detector(x, synthetic, penalty=0.1)

    def loss(weights: FloatArray) -> float:
        logits = (x - detector.mean) / detector.spread @ weights + detector.bias
        return float(np.mean(np.logaddexp(0, np.where(synthetic, -logits, logits))) + 0.05 * np.sum(weights**2))

    for step in np.random.default_rng(1).normal(0, 0.05, (20, len(FEATURES))):
        assert loss(detector.weights) < loss(detector.weights + step)


def test_random_phases_have_no_coherence() -> None:
    phases = np.exp(2j * np.pi * np.random.default_rng(0).random((101, 50)))
    assert phase_coherence(phases) == pytest.approx(0.886 / 10, abs=0.02)  # 0.9 / √100
    assert phase_coherence(np.exp(0.2j * np.arange(101))[:, None]) == pytest.approx(1)


def test_bins_that_move_together_do_not_flutter() -> None:
    together = np.add.outer(np.arange(5.0), np.random.default_rng(0).normal(0, 5, 40))
    assert flutter_db(together) == pytest.approx(0, abs=1e-9)
    apart = np.random.default_rng(0).normal(0, 5, (200, 200))
    assert flutter_db(apart) == pytest.approx(5 * np.sqrt(2), rel=0.02)


def test_kurtosis_of_noise_and_of_pulses() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, SR).astype(np.float32)
    pulses = np.zeros(SR, np.float32)
    pulses[::100] = 1.0
    assert mean_log_kurtosis(noise) == pytest.approx(np.log(3), abs=0.05)
    assert mean_log_kurtosis(pulses) > np.log(50)


def test_equal_error_rate() -> None:
    synthetic = np.array([False, False, False, True, True, True])
    assert equal_error_rate(np.array([1.0, 2, 3, 4, 5, 6]), synthetic) == 0
    assert equal_error_rate(np.array([4.0, 5, 6, 1, 2, 3]), synthetic) == 1
    assert equal_error_rate(np.array([1.0, 2, 5, 4, 6, 7]), synthetic) == pytest.approx(1 / 3)
    assert equal_error_rate(np.zeros(6), synthetic) == 1  # no threshold separates a constant: all or none


def test_a_copy_keeps_the_level_and_not_the_waveform(spoken: dict[str, list[FloatArray]]) -> None:
    y = next(iter(spoken.values()))[0]
    copy = copy_synthesis(y, SR, rng=np.random.default_rng(0), iterations=8)
    assert 0 <= y.size - copy.size < 256
    assert 10 * np.log10(np.mean(copy**2) / np.mean(y**2)) == pytest.approx(0, abs=3)
    assert abs(np.corrcoef(copy, y[: copy.size])[0, 1]) < 0.5


@pytest.mark.parametrize(
    ("y", "sr", "message"),
    [
        (np.zeros(SR, np.float32), SR, "silent"),
        (np.ones(1_600, np.float32), SR, "too short"),
        (np.full(SR, np.nan, np.float32), SR, "NaN"),
        (np.ones(SR, np.float32), 8_000, "16 000"),
    ],
)
def test_bad_recordings_are_one_sentence(y: FloatArray, sr: int, message: str) -> None:
    with pytest.raises(AudioCourseError, match=message):
        artefact_features(y, sr)


@pytest.mark.parametrize(
    ("features", "synthetic", "message"),
    [
        (np.ones((3, 2)), np.array([True, False]), "one yes or no"),
        (np.ones((2, 2)), np.array([True, True]), "one class"),
        (np.full((2, 2), np.inf), np.array([True, False]), "infinite"),
        (np.ones((2, 2)), np.array([1, 0]), "one yes or no"),
    ],
)
def test_bad_examples_are_one_sentence(features: FloatArray, synthetic: BoolArray, message: str) -> None:
    with pytest.raises(AudioCourseError, match=message):
        fit_detector(features, synthetic)
