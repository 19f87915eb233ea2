"""The simulated output of a detector: reproducible, legal, and as faulty as the exercise says."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from audiocourse.classify.events.from_scratch import (
    class_thresholds,
    event_f1,
    events_from_frames,
    frame_targets,
    median_filter,
)
from audiocourse.classify.practice.event_frames import (
    CLASSES,
    FRAME_SECONDS,
    EventFrames,
    event_frames,
    simulated_probabilities,
)
from audiocourse.errors import AudioCourseError
from audiocourse.sounds import EVENTS

CANDIDATES = np.arange(0.02, 1.0, 0.02)


def scenes_of(seed: int, scenes: int = 60) -> list[EventFrames]:
    return event_frames(rng=np.random.default_rng(seed), scenes=scenes)


def f_of(scenes: list[EventFrames], thresholds: np.ndarray, size: int) -> float:
    estimates = [
        events_from_frames(
            median_filter(scene.probabilities, size=size) >= thresholds, classes=CLASSES, frame_seconds=FRAME_SECONDS
        )
        for scene in scenes
    ]
    return event_f1([scene.events for scene in scenes], estimates)


def tuned(scenes: list[EventFrames], size: int) -> np.ndarray:
    filtered = [median_filter(scene.probabilities, size=size) for scene in scenes]
    targets = [
        frame_targets(scene.events, classes=CLASSES, frames=len(scene.probabilities), frame_seconds=FRAME_SECONDS)
        for scene in scenes
    ]
    return class_thresholds(np.concatenate(filtered), np.concatenate(targets), candidates=CANDIDATES)


def test_the_classes_are_those_of_the_synthetic_events() -> None:
    assert CLASSES == EVENTS


def test_a_seed_gives_the_same_scenes() -> None:
    for mine, again in zip(scenes_of(1, 10), scenes_of(1, 10), strict=True):
        assert mine.events == again.events
        np.testing.assert_array_equal(mine.probabilities, again.probabilities)


def test_scenes_are_legal_and_at_most_two_events_overlap() -> None:
    for scene in scenes_of(2):
        assert scene.probabilities.shape == (250, len(CLASSES))
        assert scene.probabilities.dtype == np.float32
        assert 0 <= scene.probabilities.min() <= scene.probabilities.max() <= 1
        targets = frame_targets(scene.events, classes=CLASSES, frames=250, frame_seconds=FRAME_SECONDS)
        assert targets.sum(axis=1).max(initial=0) <= 2
        assert all(0 <= start < end <= 10 for start, end, _ in scene.events)


def test_classes_are_about_equally_frequent_and_a_tenth_of_the_scenes_is_empty() -> None:
    scenes = scenes_of(3, 100)
    counts = Counter(label for scene in scenes for *_, label in scene.events)
    assert set(counts) == set(CLASSES)
    assert max(counts.values()) <= 1.35 * min(counts.values())
    assert sum(not scene.events for scene in scenes) == 10


def test_a_filter_and_thresholds_for_each_class_are_worth_their_band() -> None:
    """The bands of exercise 4 (0.45, 0.68) lie between these answers."""
    development, other = scenes_of(1, 100), scenes_of(4, 80)
    half = np.full(len(CLASSES), 0.5)
    assert f_of(other, half, 1) < 0.25
    assert 0.45 < f_of(other, half, 15) < 0.66
    assert f_of(other, tuned(development, 1), 1) < 0.4
    assert 0.70 < f_of(other, tuned(development, 15), 15) < 0.83


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: event_frames(rng=np.random.default_rng(0), scenes=0), "scenes"),
        (lambda: event_frames(rng=np.random.default_rng(0), seconds=1.0), "seconds"),
        (lambda: event_frames(rng=7), "random generator"),  # type: ignore[arg-type]
        (
            lambda: simulated_probabilities([(0.0, 1.0, "cat")], frames=50, rng=np.random.default_rng(0)),
            "no class 'cat'",
        ),
    ],
    ids=["no scenes", "too short", "a bare seed", "no such class"],
)
def test_bad_options_are_refused(call: object, words: str) -> None:
    with pytest.raises(AudioCourseError, match=words):
        call()  # type: ignore[operator]
