"""Properties of scores by intersection."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse import AudioCourseError
from audiocourse.classify.events.intersection import (
    OperatingPoint,
    PsdRoc,
    Tolerances,
    detection_tolerance,
    operating_point,
    psd_roc,
    psds,
)

HOUR = 3600.0
REFERENCES = [[(0.0, 4.0, "rain"), (10.0, 11.0, "siren")]]


def judged(estimates: list, **tolerances: float) -> OperatingPoint:
    return operating_point(REFERENCES, [estimates], seconds=[HOUR], tolerances=Tolerances(**tolerances))


def test_two_references_together_can_satisfy_the_detection_tolerance() -> None:
    reference = [(0.0, 1.0, "rain"), (1.2, 2.0, "rain"), (1.0, 1.2, "siren")]
    assert detection_tolerance(reference, [(0.0, 2.0, "rain")], share=0.9).tolist() == [True]
    assert detection_tolerance(reference, [(0.0, 2.0, "rain")], share=0.91).tolist() == [False]


def test_the_detection_tolerance_asks_about_the_detection_not_the_reference() -> None:
    estimated = [(1.0, 1.5, "rain"), (0.0, 9.0, "rain")]
    meets = [detection_tolerance(REFERENCES[0], [event], share=0.5)[0] for event in estimated]
    assert meets == [True, False]


def test_no_detections_give_an_empty_answer() -> None:
    assert detection_tolerance(REFERENCES[0], [], share=0.5).shape == (0,)
    assert detection_tolerance([], [(0, 1, "rain")], share=0.5).tolist() == [False]


def test_an_event_found_in_pieces_is_found() -> None:
    point = judged([(0.0, 1.5, "rain"), (1.6, 4.0, "rain")])
    assert point.true_positive_ratio.tolist() == [1, 0]
    assert point.false_positives_per_hour.tolist() == [0, 0]


def test_a_short_detection_is_neither_a_hit_nor_a_false_positive() -> None:
    point = judged([(1.0, 2.0, "rain")])
    assert point.true_positive_ratio.tolist() == [0, 0]
    assert point.false_positives_per_hour.tolist() == [0, 0]


def test_a_detection_in_another_class_is_a_false_positive_and_a_cross_trigger() -> None:
    point = judged([(10.0, 11.0, "rain")])
    assert point.false_positives_per_hour.tolist() == [1, 0]
    assert point.cross_triggers_per_hour[0, 1] == HOUR  # one in a second of sirens
    assert np.isnan(np.diag(point.cross_triggers_per_hour)).all()


def test_a_cost_of_instability_lowers_the_curve_where_classes_differ() -> None:
    points = [judged([(0.0, 4.0, "rain")])]
    assert psd_roc(points, instability_cost=0.0).ratio.tolist() == [0.5]
    assert psd_roc(points, instability_cost=1.0).ratio.tolist() == [0]
    assert psds(psd_roc([judged(REFERENCES[0])])) == 1


def test_cross_triggers_cost_what_is_asked() -> None:
    points = [judged([*REFERENCES[0], (11.0, 12.0, "rain")]), judged([(9.9, 11.0, "rain")], detection=1.0)]
    free = psd_roc(points[1:], cross_trigger_cost=0.0)
    paid = psd_roc(points[1:], cross_trigger_cost=0.5)
    assert free.per_hour.tolist() == [0, 1]
    assert paid.per_hour.tolist() == [0, 1 + 0.5 * HOUR]


def test_a_worse_operating_point_does_not_lower_a_class_curve() -> None:
    good = judged(REFERENCES[0])
    worse = judged([(0.0, 4.0, "rain"), (20.0, 21.0, "siren")])
    assert psd_roc([good, worse], instability_cost=0.0).ratio.min() == 1


def test_the_area_is_that_of_a_staircase() -> None:
    curve = PsdRoc(np.array([0.0, 10.0, 40.0, 200.0]), np.array([0.0, 0.5, 0.8, 1.0]))
    assert psds(curve, max_per_hour=100) == pytest.approx((30 * 0.5 + 60 * 0.8) / 100)
    assert psds(curve, max_per_hour=10) == 0


def test_events_without_a_duration_are_left_out() -> None:
    with_points = operating_point(
        [[*REFERENCES[0], (7.0, 7.0, "rain")]],
        [[(0.0, 4.0, "rain"), (20.0, 20.0, "siren")]],
        seconds=[HOUR],
        tolerances=Tolerances(),
    )
    assert with_points.true_positive_ratio.tolist() == [1, 0]
    assert with_points.false_positives_per_hour.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("references", "estimates", "seconds", "sentence"),
    [
        (REFERENCES, [[(0, 1, "alarm")]], [60.0], "hold no 'alarm'"),
        (REFERENCES, [[(59, 61, "rain")]], [60.0], "ends after its recording of 60 s"),
        (REFERENCES, [[]], [60.0, 60.0], "2 durations"),
        (REFERENCES, [[]], [0.0], "above 0"),
        ([[]], [[]], [60.0], "no event in the references"),
        (REFERENCES, [[(0, 2, "rain"), (1, 3, "rain")]], [60.0], "overlap"),
        (REFERENCES, [], [60.0], "1 references and 0 estimates"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_a_sentence(
    references: list, estimates: list, seconds: list, sentence: str
) -> None:
    with pytest.raises(AudioCourseError, match=sentence):
        operating_point(references, estimates, seconds=seconds, tolerances=Tolerances())


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="share"):
        detection_tolerance(REFERENCES[0], [], share=0.0)
    with pytest.raises(AudioCourseError, match="detection"):
        Tolerances(detection=1.5)
    with pytest.raises(AudioCourseError, match="no operating point"):
        psd_roc([])
    with pytest.raises(AudioCourseError, match="max_per_hour"):
        psds(PsdRoc(np.zeros(1), np.zeros(1)), max_per_hour=0)
