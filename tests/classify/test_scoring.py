"""The measures of detectors against libraries of other authors."""

from __future__ import annotations

import numpy as np
import pytest
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.detection import DetectionErrorRate
from sklearn.metrics import roc_auc_score, roc_curve

from audiocourse import AudioCourseError
from audiocourse.classify import scoring
from audiocourse.intervals import Interval
from audiocourse.sounds.speech.dialogues import read_rttm


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def random_segments(generator: np.random.Generator, count: int) -> list[tuple[float, float]]:
    edges = np.cumsum(generator.uniform(0.05, 1.0, 2 * count))
    return [(float(start), float(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def test_segments_may_be_the_courses_own_intervals() -> None:
    (turns,) = read_rttm("SPEAKER a 1 0.0 2.0 <NA> <NA> anna").values()
    assert scoring.detection_error(turns, [(0.5, 3.0)]) == scoring.detection_error([(0.0, 2.0)], [Interval(0.5, 3.0)])
    grid = {"frames": 4, "frame_length": 8000, "hop_length": 8000, "sr": 16_000}
    assert scoring.frame_truth(turns, **grid).all()


def test_detection_error_equals_pyannote() -> None:
    peer = DetectionErrorRate(collar=0.0, skip_overlap=False)
    for seed in range(20):
        reference, hypothesis = random_segments(rng(seed), 8), random_segments(rng(seed + 100), 9)
        annotations = []
        for segments in (reference, hypothesis):
            annotation = Annotation()
            for start, end in segments:
                annotation[Segment(start, end)] = "speech"
            annotations.append(annotation)
        everything = Timeline([Segment(0, 30)])
        detail = peer(*annotations, uem=everything, detailed=True)
        missed, false_alarm, error = scoring.detection_error(reference, hypothesis)
        assert missed == pytest.approx(detail["miss"], abs=1e-6)
        assert false_alarm == pytest.approx(detail["false alarm"], abs=1e-6)
        assert error == pytest.approx(detail["detection error rate"], abs=1e-6)


@pytest.mark.parametrize("ties", [False, True])
def test_auc_equals_scikit_learn(ties: bool) -> None:
    truth = rng(6).random(1000) < 0.3
    score = truth + rng(7).normal(0, 1, 1000)
    score = np.round(score) if ties else score
    assert scoring.roc_auc(truth, score) == pytest.approx(roc_auc_score(truth, score), abs=1e-9)


def test_roc_points_lie_on_the_curve_of_scikit_learn() -> None:
    truth = rng(8).random(500) < 0.3
    score = truth + rng(9).normal(0, 1, 500)
    false_alarms, hits, thresholds = roc_curve(truth, score, drop_intermediate=False)
    for expected, threshold in zip(zip(false_alarms, hits, strict=True), thresholds, strict=True):
        assert scoring.roc_point(truth, score >= threshold) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scoring.detection_error([], [(0.0, 1.0)]), "no speech in the reference"),
        (lambda: scoring.detection_error([(1.0, 2.0), (0.0, 1.0)], []), "reference is out of order"),
        (lambda: scoring.detection_error([(0.0, 1.0)], [(0.0, 2.0), (1.0, 3.0)]), "hypothesis is out of order"),
        (lambda: scoring.roc_point(np.ones(3, dtype=bool), np.ones(3, dtype=bool)), "only where there are both"),
        (lambda: scoring.roc_auc(np.ones(3, dtype=bool), np.ones(4)), "as many entries"),
        (lambda: scoring.roc_auc(np.array([True, False]), np.array([1.0, np.nan])), "One finite number per frame"),
        (lambda: scoring.roc_point(np.array([True, False]), np.array([3.0, 6.0])), "dtype bool"),
        (lambda: scoring.detection_error([(0.0, 1.0)], [(0.0, float("inf"))]), "hypothesis is out of order"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_one_sentence(call: object, words: str) -> None:
    with pytest.raises(AudioCourseError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_confusion_matrix_has_references_in_rows_and_zeros_for_classes_that_do_not_occur() -> None:
    matrix = scoring.confusion_matrix(np.array([0, 0, 2]), np.array([2, 2, 0]), num_classes=4)
    assert matrix.tolist() == [[0, 0, 2, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    shares = scoring.confusion_matrix(np.array([0, 0, 2]), np.array([2, 2, 0]), num_classes=4, normalise=True)
    assert shares.sum(axis=1).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert not scoring.confusion_matrix(np.zeros(0, int), np.zeros(0, int), num_classes=3).any()


@pytest.mark.parametrize(
    ("reference", "predicted", "what"),
    [
        ([0, 1], [0], "pair them"),
        ([0, 3], [0, 1], "0 to 2"),
        ([0, -1], [0, 1], "0 to 2"),
        ([0.0, 1.0], [0, 1], "whole"),
    ],
)
def test_classes_that_do_not_exist_are_refused(reference: list[float], predicted: list[float], what: str) -> None:
    with pytest.raises(AudioCourseError, match=what):
        scoring.confusion_matrix(np.array(reference), np.array(predicted), num_classes=3)
