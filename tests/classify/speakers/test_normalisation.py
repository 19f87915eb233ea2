"""Normalised scores: standard scores of impostors, which repair biased voiceprints and utterances."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses
from scipy.stats import zscore

from audiocourse.classify.speakers import normalisation
from audiocourse.trials import equal_error_rate


def test_the_norms_are_standard_scores_of_impostors(rng: np.random.Generator) -> None:
    scores = rng.random((3, 4))
    models, tests = rng.random((3, 9)), rng.random((4, 7))
    z = normalisation.z_norm(scores, models)
    t = normalisation.t_norm(scores, tests)
    for model in range(3):
        row = np.append(models[model], scores[model, 1])
        assert z[model, 1] == pytest.approx((row[-1] - row[:-1].mean()) / row[:-1].std())
    assert normalisation.t_norm(scores, tests)[:, 2] == pytest.approx((scores[:, 2] - tests[2].mean()) / tests[2].std())
    assert normalisation.s_norm(scores, models, tests) == pytest.approx((z + t) / 2)
    assert normalisation.z_norm(models, models) == pytest.approx(zscore(models, axis=1))


def test_z_norm_repairs_voiceprints_that_resemble_everyone(rng: np.random.Generator) -> None:
    """Each model adds a constant of its own to its scores; one threshold cannot serve all until it is removed."""
    targets = np.eye(20, dtype=bool).repeat(5, axis=1)  # (models, tests)
    bias = rng.normal(0, 2, (20, 1))
    scores = rng.normal(3.0 * targets, 1.0) + bias
    cohort = rng.normal(0, 1, (20, 200)) + bias
    before = equal_error_rate(scores.ravel(), targets.ravel())
    after = equal_error_rate(normalisation.z_norm(scores, cohort).ravel(), targets.ravel())
    assert after < 0.12 < 0.2 < before
    unrepaired = normalisation.t_norm(scores, rng.normal(0, 1, (100, 200)))
    assert equal_error_rate(unrepaired.ravel(), targets.ravel()) > 0.2, "t-norm corrects the other side"


def test_t_norm_repairs_test_utterances(rng: np.random.Generator) -> None:
    targets = np.eye(20, dtype=bool).repeat(5, axis=1)
    bias = rng.normal(0, 2, 100)
    scores = rng.normal(3.0 * targets, 1.0) + bias
    cohort = rng.normal(0, 1, (100, 200)) + bias[:, None]
    assert equal_error_rate(normalisation.t_norm(scores, cohort).ravel(), targets.ravel()) < 0.12
    assert equal_error_rate(scores.ravel(), targets.ravel()) > 0.2


def test_s_norm_does_not_depend_on_who_is_enrolled(rng: np.random.Generator) -> None:
    scores, models, tests = rng.random((3, 4)), rng.random((3, 9)), rng.random((4, 9))
    swapped = normalisation.s_norm(scores.T, tests, models)
    assert pytest.approx(normalisation.s_norm(scores, models, tests)) == swapped.T


def test_cohorts_that_do_not_fit(refuses: Refuses) -> None:
    scores = np.ones((2, 3))
    with refuses("enrolled speaker", "(2)"):
        normalisation.z_norm(scores, np.ones((3, 5)))
    with refuses("test utterance", "(3)"):
        normalisation.t_norm(scores, np.ones((2, 5)))
    with refuses("two finite"):
        normalisation.z_norm(scores, np.ones((2, 1)))
    with refuses("(models, tests)"):
        normalisation.z_norm(np.ones(3), np.ones((3, 2)))
    assert np.isfinite(normalisation.z_norm(scores, np.ones((2, 4)))).all(), "a cohort of equal scores"
