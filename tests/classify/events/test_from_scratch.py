"""From labelled events to frame targets and back, against libraries of other authors."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch
from scipy import ndimage
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import f1_score

from audiocourse.classify.events import from_scratch as events
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import LabelledSegment

CLASSES = ["dog", "rain", "siren"]
D = 0.04
NOT_BOOL: Any = np.zeros((2, 1))


def random_events(
    rng: np.random.Generator, *, per_class: int = 4, shortest: float = 0.1, longest: float = 1.0
) -> list[LabelledSegment]:
    """Events without overlap inside a class, sorted by start, on no grid."""
    found = []
    for label in CLASSES:
        edges = np.cumsum(rng.uniform(shortest, longest, 2 * per_class))
        found += [(float(start), float(end), label) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return sorted(found)


def jittered(rng: np.random.Generator, reference: list[LabelledSegment], spread: float) -> list[LabelledSegment]:
    """The same events at slightly other times, some of them lost, in random order."""
    moved = [
        (start + float(rng.uniform(0, spread)), end + float(rng.uniform(spread, 1.2 * spread)), label)
        for start, end, label in reference
        if rng.random() < 0.8
    ]
    apart: list[LabelledSegment] = []
    for start, end, label in sorted(moved):
        if all(other[2] != label or other[1] <= start for other in apart):
            apart.append((start, end, label))
    return [apart[int(i)] for i in rng.permutation(len(apart))]


def test_the_centre_of_a_frame_decides_and_the_end_does_not_belong_to_the_event() -> None:
    targets = events.frame_targets([(0.25, 0.75, "dog")], classes=["dog"], frames=3, frame_seconds=0.5)
    assert targets[:, 0].tolist() == [1, 0, 0]
    assert targets.dtype == np.float32


def test_targets_equal_a_count_frame_by_frame() -> None:
    for seed in range(5):
        reference = random_events(np.random.default_rng(seed))
        targets = events.frame_targets(reference, classes=CLASSES, frames=400, frame_seconds=D)
        for c, label in enumerate(CLASSES):
            expected = [any(s <= (m + 0.5) * D < e for s, e, name in reference if name == label) for m in range(400)]
            assert targets[:, c].tolist() == expected


def test_events_survive_the_way_through_frames_to_half_a_frame() -> None:
    reference = random_events(np.random.default_rng(1), shortest=0.2)
    targets = events.frame_targets(reference, classes=CLASSES, frames=400, frame_seconds=D)
    found = events.events_from_frames(targets == 1, classes=CLASSES, frame_seconds=D)
    assert len(found) == len(reference)
    in_order = sorted(reference, key=lambda event: (event[2], event[0]))
    for mine, true in zip(sorted(found, key=lambda event: (event[2], event[0])), in_order, strict=True):
        assert mine[2] == true[2]
        assert mine[:2] == pytest.approx(true[:2], abs=0.5 * D + 1e-9)


def test_the_loss_equals_that_of_torch_and_does_not_see_the_padding() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 40, (3, 7, 4))
    targets = rng.integers(0, 2, logits.shape).astype(float)
    lengths = np.array([7, 3, 0])
    real = np.arange(7) < lengths[:, None]
    peer = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.from_numpy(logits[real]), torch.from_numpy(targets[real])
    )
    assert events.masked_binary_cross_entropy(logits, targets, lengths) == pytest.approx(float(peer), rel=1e-12)
    logits[~real] = np.nan
    targets[~real] = np.inf
    assert events.masked_binary_cross_entropy(logits, targets, lengths) == pytest.approx(float(peer), rel=1e-12)


@pytest.mark.parametrize("size", [1, 3, 7, 25])
@pytest.mark.parametrize("frames", [1, 4, 40])
def test_the_median_filter_equals_that_of_scipy(size: int, frames: int) -> None:
    scores = np.random.default_rng(frames).random((frames, 3)).astype(np.float32)
    mine = events.median_filter(scores, size=size)
    np.testing.assert_array_equal(mine, ndimage.median_filter(scores, size=(size, 1), mode="reflect"))
    assert mine.dtype == scores.dtype


def test_a_threshold_has_the_best_f_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    targets = (rng.random((300, 3)) < [0.1, 0.4, 0.0]).astype(np.float32)
    probabilities = np.clip(0.3 * targets + rng.uniform(0, 0.6, targets.shape), 0, 1)
    candidates = np.linspace(0.05, 0.95, 19)
    thresholds = events.class_thresholds(probabilities, targets, candidates=candidates)
    for c in range(2):
        scores = [f1_score(targets[:, c], probabilities[:, c] >= theta, zero_division=0.0) for theta in candidates]
        assert scores[list(candidates).index(thresholds[c])] == pytest.approx(max(scores))
    assert thresholds[2] == candidates[-1]


def test_of_equally_good_thresholds_the_highest_is_taken() -> None:
    probabilities = np.array([[0.2], [0.9]])
    thresholds = events.class_thresholds(probabilities, np.array([[0], [1]]), candidates=np.array([0.1, 0.5, 0.9, 1.0]))
    assert thresholds.tolist() == [0.9]


def test_events_that_touch_the_ends_of_the_clip_are_kept() -> None:
    assert events.events_from_frames(np.ones((5, 1), dtype=bool), classes=["dog"], frame_seconds=0.5) == [
        (0.0, 2.5, "dog")
    ]
    assert events.events_from_frames(np.zeros((0, 1), dtype=bool), classes=["dog"], frame_seconds=0.5) == []


def test_matching_finds_as_many_pairs_as_an_optimal_assignment() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        reference = random_events(rng, per_class=6, shortest=0.02, longest=0.2)
        estimated = jittered(rng, reference, 0.15)
        pairs = events.match_events(reference, estimated, collar=0.2, share=0.5)
        fits = np.array(
            [
                [
                    r[2] == e[2] and abs(r[0] - e[0]) <= 0.2 and abs(r[1] - e[1]) <= max(0.2, 0.5 * (r[1] - r[0]))
                    for e in estimated
                ]
                for r in reference
            ],
            dtype=float,
        )
        rows, columns = linear_sum_assignment(fits, maximize=True)
        assert len(pairs) == fits[rows, columns].sum()
        assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
        assert all(fits[i, j] for i, j in pairs)


def test_the_order_of_the_events_does_not_matter() -> None:
    reference = [(1.0, 1.1, "dog"), (1.15, 1.25, "dog")]
    estimated = [(1.05, 1.15, "dog"), (0.85, 0.95, "dog")]
    for shuffled in permutations(reference):
        assert events.event_f1([list(shuffled)], [estimated]) == 1.0


def test_an_end_has_more_tolerance_in_a_long_event_but_a_start_has_not() -> None:
    assert events.event_f1([[(1.0, 5.0, "rain")]], [[(1.0, 3.25, "rain")]]) == 1.0
    assert events.event_f1([[(1.0, 5.0, "rain")]], [[(1.5, 5.0, "rain")]]) == 0.0
    assert events.event_f1([[(1.0, 3.25, "rain")]], [[(1.0, 5.0, "rain")]]) == 0.0, "the reference's duration counts"


def test_f_is_counted_over_all_files_and_silence_without_events_is_perfect() -> None:
    event = (1.0, 2.0, "dog")
    assert events.event_f1([[event], []], [[event], [event, (3.0, 4.0, "dog")]]) == 0.5
    assert events.event_f1([[]], [[]]) == 1.0
    assert events.event_f1([[event]], [[]]) == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: targets_of([(0.0, 1.0, "cat")]), "no class 'cat'"),
        (lambda: targets_of([(0.0, 5.0, "dog")]), "cut it at the end of the clip"),
        (lambda: targets_of([(0.0, 1.0, "dog"), (0.5, 1.5, "dog")]), "two events 'dog' overlap from 0.5 s"),
        (lambda: targets_of([(1.0, 0.5, "dog")]), "give 0 ≤ start ≤ end"),
        (lambda: targets_of([(np.nan, 0.5, "dog")]), "give 0 ≤ start ≤ end"),
        (lambda: targets_of([(0.5, "dog")]), "not (start, end, label)"),  # type: ignore[list-item]
        (lambda: targets_of([], classes=[]), "at least one"),
        (lambda: targets_of([], classes=["dog", "dog"]), "occurs twice"),
        (lambda: loss_of(np.zeros((1, 2, 1)), np.zeros((1, 3, 1)), [2]), "do not fit"),
        (lambda: loss_of(np.zeros((1, 2, 1)), np.zeros((1, 2, 1)), [3]), "from 0 to 2 frames"),
        (lambda: loss_of(np.zeros((1, 2, 1)), np.zeros((1, 2, 1)), [0]), "no real frame"),
        (lambda: loss_of(np.full((1, 2, 1), np.nan), np.zeros((1, 2, 1)), [1]), "NaN or infinity"),
        (lambda: loss_of(np.zeros((1, 2, 1)), np.full((1, 2, 1), 2.0), [1]), "outside 0 to 1"),
        (lambda: events.median_filter(np.zeros((4, 1)), size=4), "odd number of frames: pass 5"),
        (lambda: events.median_filter(np.zeros((0, 1)), size=3), "at least one of each"),
        (lambda: events.median_filter(np.array([[0.0], [np.nan]]), size=3), "first in frame 1"),
        (lambda: thresholds_of(np.zeros((2, 1)), np.zeros((3, 1)), [0.5]), "give 0 or 1"),
        (lambda: thresholds_of(np.zeros((2, 1)), np.full((2, 1), 0.5), [0.5]), "give 0 or 1"),
        (lambda: thresholds_of(np.zeros((2, 1)), np.zeros((2, 1)), [0.5, 0.4]), "increasing order"),
        (lambda: thresholds_of(np.zeros((2, 1)), np.zeros((2, 1)), [0.5, np.inf]), "between 0 and 1"),
        (lambda: events.events_from_frames(NOT_BOOL, classes=["dog"], frame_seconds=D), "dtype bool"),
        (lambda: events.events_from_frames(np.zeros((2, 1), bool), classes=CLASSES, frame_seconds=D), "3 classes"),
        (lambda: events.events_from_frames(np.zeros((2, 1), bool), classes=["dog"], frame_seconds=0.0), "above 0"),
        (lambda: events.event_f1([[]], []), "one list of events per file"),
        (lambda: events.event_f1([], []), "at least one file"),
        (lambda: events.event_f1([[(0.0, 1.0, "dog"), (0.5, 2.0, "dog")]], [[]]), "In the reference two events"),
        (lambda: events.match_events([], [], collar=-0.1), "collar"),
        (lambda: events.match_events([], "dog"), "give a list of"),  # type: ignore[arg-type]
    ],
)
def test_bad_input_is_refused_in_one_sentence(call: Callable[[], object], words: str) -> None:
    with pytest.raises(AudioCourseError, match=r"[.]$") as refused:
        call()
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def targets_of(labelled: list[LabelledSegment], classes: list[str] = CLASSES) -> np.ndarray:
    return events.frame_targets(labelled, classes=classes, frames=50, frame_seconds=D)


def loss_of(logits: np.ndarray, targets: np.ndarray, lengths: list[int]) -> float:
    return events.masked_binary_cross_entropy(logits, targets, np.array(lengths))


def thresholds_of(probabilities: np.ndarray, targets: np.ndarray, candidates: list[float]) -> np.ndarray:
    return events.class_thresholds(probabilities, targets, candidates=np.array(candidates))


def test_touching_events_of_one_class_and_overlaps_of_two_are_legal() -> None:
    touching = [(0.0, 1.0, "dog"), (1.0, 2.0, "dog"), (0.5, 1.5, "rain")]
    assert targets_of(touching).sum() == 75
    assert targets_of([]).sum() == 0
