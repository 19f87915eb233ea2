"""Error rates against scikit-learn's, and trials that allow none."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses
from sklearn.metrics import det_curve

from audiocourse.trials import equal_error_rate, error_rates


@pytest.mark.parametrize("digits", [1, 6])  # one digit: many equal scores
def test_the_rates_are_those_of_scikit_learn(rng: np.random.Generator, digits: int) -> None:
    targets = rng.random(200) < 0.4
    scores = np.round(rng.normal(1.0 * targets, 1.0), digits)
    ours = error_rates(scores, targets)
    false_alarm, miss, thresholds = det_curve(targets, scores)
    inside = np.isin(ours.thresholds, thresholds) & np.isfinite(ours.thresholds)
    finite = np.isfinite(thresholds)
    assert ours.thresholds[inside] == pytest.approx(thresholds[finite])
    assert ours.miss[inside] == pytest.approx(miss[finite])
    assert ours.false_alarm[inside] == pytest.approx(false_alarm[finite])


def test_at_the_ends_everything_is_accepted_or_rejected(rng: np.random.Generator) -> None:
    rates = error_rates(rng.random(20), np.arange(20) < 7)
    assert (rates.miss[0], rates.false_alarm[0]) == (0.0, 1.0)
    assert (rates.miss[-1], rates.false_alarm[-1]) == (1.0, 0.0)


def test_equal_error_rates_that_are_known() -> None:
    targets = np.arange(100) >= 50
    assert equal_error_rate(1.0 * targets, targets) == 0.0
    assert equal_error_rate(-1.0 * targets, targets) == 1.0
    assert equal_error_rate(np.arange(100) % 50 * 1.0, targets) == 0.5


def test_trials_that_allow_no_rate(refuses: Refuses) -> None:
    with refuses("one yes or no", "3 examples"):
        equal_error_rate(np.zeros(3), np.array([True, False]))
    with refuses("dtype int64"):
        equal_error_rate(np.zeros(2), np.array([0, 1]))
    with refuses("one class"):
        equal_error_rate(np.zeros(2), np.array([True, True]))
    with refuses("NaN"):
        equal_error_rate(np.array([0.0, np.nan]), np.array([True, False]))
