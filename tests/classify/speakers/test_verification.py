"""Enrolment, identification, thresholds, costs and intervals: definitions and simulations."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses
from scipy.stats import norm

from audiocourse.classify.speakers import verification
from audiocourse.classify.speakers.from_scratch import cosine_similarities, unit_vectors
from audiocourse.signal import BoolArray, FloatArray
from audiocourse.trials import equal_error_rate, error_rates


def people(rng: np.random.Generator, *, number: int, utterances: int, spread: float) -> tuple[FloatArray, list[int]]:
    """Embeddings around a direction for each speaker, (number * utterances, 32), and who speaks."""
    voices = rng.standard_normal((number, 1, 32))
    e = voices + spread * rng.standard_normal((number, utterances, 32))
    return unit_vectors(e.reshape(-1, 32)), [person for person in range(number) for _ in range(utterances)]


@pytest.fixture
def trials(rng: np.random.Generator) -> tuple[FloatArray, BoolArray]:
    targets = rng.random(400) < 0.3
    return rng.normal(1.5 * targets, 1.0), targets


# --- enrolment --------------------------------------------------------------------------------------------------------


def test_a_loud_utterance_counts_no_more_than_a_soft_one(rng: np.random.Generator) -> None:
    e = rng.standard_normal((3, 8))
    voiceprint = verification.enrol(e)
    assert np.linalg.norm(voiceprint) == pytest.approx(1.0)
    assert verification.enrol(e * np.array([[100.0], [1.0], [0.01]])) == pytest.approx(voiceprint)


def test_more_utterances_are_nearer_to_the_voice(rng: np.random.Generator) -> None:
    voice = rng.standard_normal(32)
    e = voice + 1.5 * rng.standard_normal((40, 32))
    nearness = [float(cosine_similarities(verification.enrol(e[:n])[None], voice[None])[0, 0]) for n in (2, 10, 40)]
    assert nearness[0] < nearness[1] < nearness[2]


def test_one_utterance_is_no_enrolment(refuses: Refuses) -> None:
    with refuses("two utterances", "(1, 4)"):
        verification.enrol(np.ones((1, 4)))


def test_two_speakers_in_one_enrolment(rng: np.random.Generator, refuses: Refuses) -> None:
    e, _ = people(rng, number=2, utterances=4, spread=0.3)
    one, other = e[:4], e[4:]
    assert verification.enrol(one, lowest_similarity=0.5) == pytest.approx(verification.enrol(one))
    with refuses("Utterance 3", "one speaker"):
        verification.enrol(np.concatenate([one[:3], other[:1]]), lowest_similarity=0.5)


def test_opposite_utterances(refuses: Refuses) -> None:
    with refuses("opposite"):
        verification.enrol(np.array([[1.0, 0.0], [-1.0, 0.0]]))


# --- identification ---------------------------------------------------------------------------------------------------


def test_those_who_are_enrolled_are_named_and_others_rejected(rng: np.random.Generator) -> None:
    e, who = people(rng, number=6, utterances=5, spread=0.4)
    grouped = e.reshape(6, 5, 32)
    voiceprints = np.stack([verification.enrol(own[:3]) for own in grouped[:4]])
    found = verification.identify(grouped[:, 3:].reshape(-1, 32), voiceprints, threshold=0.6)
    expected = [who[5 * person] if person < 4 else verification.UNKNOWN for person in range(6) for _ in range(2)]
    assert found.tolist() == expected
    closed = verification.identify(grouped[4:, 3:].reshape(-1, 32), voiceprints, threshold=-1.0)
    assert (closed >= 0).all(), "an argmax alone names someone every time"


def test_a_similarity_on_the_threshold_is_accepted() -> None:
    assert verification.identify(np.array([[0.6, 0.8]]), np.eye(2), threshold=0.8).tolist() == [1]


# --- trials and thresholds --------------------------------------------------------------------------------------------


def test_all_pairs_are_each_pair_once() -> None:
    e = unit_vectors(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, -1.0]]))
    pairs = verification.all_pairs(e, ["a", "a", "b", "b"])
    assert pairs.same.tolist() == [True, False, False, False, False, True]
    assert pairs.scores == pytest.approx([e[i] @ e[j] for i in range(4) for j in range(i + 1, 4)])


def test_labels_that_do_not_fit(refuses: Refuses) -> None:
    with refuses("3 utterances"):
        verification.all_pairs(np.eye(3), [0, 1])
    with refuses("one class"):
        verification.all_pairs(np.eye(3), [0, 1, 2])


def test_the_threshold_has_the_equal_error_rate(trials: tuple[FloatArray, BoolArray]) -> None:
    theta = verification.development_threshold(*trials)
    miss, false_alarm = verification.error_rates_at(theta, *trials)
    assert max(miss, false_alarm) == pytest.approx(equal_error_rate(*trials))
    assert not np.isin(theta, trials[0])


@pytest.mark.parametrize("scores", [[0.5, 0.5, 0.5, 0.5], [0.9, 0.7, 0.3, 0.1]])
def test_a_threshold_for_scores_without_use_is_a_number(scores: list[float]) -> None:
    theta = verification.development_threshold(np.array(scores), np.array([False, False, True, True]))
    assert np.isfinite(theta)


def test_a_threshold_from_development_holds_for_others(rng: np.random.Generator) -> None:
    thresholds = []
    for number in (30, 40):
        e, who = people(rng, number=number, utterances=6, spread=1.2)
        pairs = verification.all_pairs(e, who)
        thresholds.append(verification.development_threshold(*pairs))
    miss, false_alarm = verification.error_rates_at(thresholds[0], *pairs)
    assert thresholds[0] == pytest.approx(thresholds[1], rel=0.2)
    assert max(miss, false_alarm) < 2 * equal_error_rate(*pairs)


# --- cost and curve ---------------------------------------------------------------------------------------------------


def test_min_dcf_is_the_least_of_all_costs(trials: tuple[FloatArray, BoolArray]) -> None:
    scores, targets = trials
    costs = []
    for theta in [*scores, np.inf]:
        miss, false_alarm = np.mean(scores[targets] < theta), np.mean(scores[~targets] >= theta)
        costs.append(10 * 0.01 * miss + 1 * 0.99 * false_alarm)
    expected = min(costs) / min(10 * 0.01, 0.99)
    assert verification.min_dcf(scores, targets, prior=0.01, cost_miss=10.0) == pytest.approx(expected)


def test_min_dcf_without_information_is_1_and_never_more(rng: np.random.Generator) -> None:
    targets = np.arange(50) % 2 == 0
    assert verification.min_dcf(np.zeros(50), targets) == pytest.approx(1.0)
    assert verification.min_dcf(-1.0 * targets + 1e-3 * rng.random(50), targets) == pytest.approx(1.0)


@pytest.mark.parametrize("options", [{"prior": 0.0}, {"prior": 1.0}, {"cost_miss": -1.0}, {"cost_false_alarm": 0.0}])
def test_costs_out_of_range(options: dict[str, float], refuses: Refuses) -> None:
    with refuses("prior"):
        verification.min_dcf(np.arange(2.0), np.array([False, True]), **options)


def test_normal_scores_give_a_straight_line() -> None:
    """x = Φ⁻¹(P_fa) and y = Φ⁻¹(P_miss) of two normal distributions d apart: x + y = −d."""
    quantiles = norm.ppf((np.arange(4_000) + 0.5) / 4_000)
    scores = np.concatenate([quantiles, quantiles + 2.0])
    curve = verification.det_points(scores, np.arange(8_000) >= 4_000)
    middle = np.abs(curve.x + 1) < 1.5
    assert (curve.x + curve.y)[middle] == pytest.approx(-2.0, abs=0.05)
    assert norm.cdf(curve.x) == pytest.approx(curve.false_alarm)
    assert norm.cdf(curve.y) == pytest.approx(curve.miss)


def test_separate_classes_have_no_curve() -> None:
    assert verification.det_points(np.arange(4.0), np.arange(4) > 1).x.size == 0


# --- intervals --------------------------------------------------------------------------------------------------------


def test_the_interval_holds_the_rate_of_many_speakers(rng: np.random.Generator) -> None:
    """Of forty intervals of 90 % from 12 speakers, most hold the rate measured on many; 37 of 40 when written."""
    everyone, who = people(rng, number=150, utterances=4, spread=1.6)
    true = equal_error_rate(*verification.all_pairs(everyone, who))
    hits = 0
    for _ in range(40):
        e, own = people(rng, number=12, utterances=4, spread=1.6)
        low, high = verification.bootstrap_interval(e, own, rng=rng, confidence=0.9, resamples=60)
        assert 0 <= low <= high <= 1
        hits += low <= true <= high
    assert hits >= 28


def test_one_measure_for_another(rng: np.random.Generator) -> None:
    e, who = people(rng, number=8, utterances=3, spread=1.5)
    low, high = verification.bootstrap_interval(
        e, who, rng=rng, measure=lambda s, t: verification.error_rates_at(0.3, s, t)[1], resamples=50
    )
    miss_and_false_alarm = verification.error_rates_at(0.3, *verification.all_pairs(e, who))
    assert low <= miss_and_false_alarm[1] <= high


def test_two_speakers_have_no_interval(rng: np.random.Generator, refuses: Refuses) -> None:
    e, who = people(rng, number=2, utterances=3, spread=0.5)
    with refuses("2 speakers", "three"):
        verification.bootstrap_interval(e, who, rng=rng)


def test_the_thresholds_of_a_curve_ascend(trials: tuple[FloatArray, BoolArray]) -> None:
    rates = error_rates(*trials)
    assert np.all(np.diff(rates.miss) >= 0) and np.all(np.diff(rates.false_alarm) <= 0)
