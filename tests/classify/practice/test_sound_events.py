"""What chapter 4c works with: scenes, and a tagger used as a detector."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse import AudioCourseError
from audiocourse.classify.practice.sound_events import labelled_scenes, tagger_events

OPTIONS = {"threshold": 0.5, "patch_seconds": 0.96, "hop_seconds": 0.48, "seconds": 10.0}


def test_a_tag_stands_for_the_middle_of_its_patch() -> None:
    p = np.zeros((4, 2))
    p[1:3, 0] = 0.9
    assert tagger_events(p, classes=["rain", "siren"], **OPTIONS) == [(0.72, 1.68, "rain")]


def test_an_event_of_the_tagger_ends_with_the_recording() -> None:
    found = tagger_events(np.ones((3, 1)), classes=["rain"], **OPTIONS | {"seconds": 1.0})
    assert found == [(0.24, 1.0, "rain")]
    late = np.array([[0.0], [0.0], [1.0]])
    assert tagger_events(late, classes=["rain"], **OPTIONS | {"seconds": 1.0}) == []


def test_patches_with_gaps_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="gaps"):
        tagger_events(np.ones((3, 1)), classes=["rain"], **OPTIONS | {"hop_seconds": 2.0})


def test_the_same_seed_gives_the_same_events_at_every_ratio() -> None:
    loud, soft = (labelled_scenes(2, seed=3, snr_db=snr_db) for snr_db in (20.0, -5.0))
    assert [scene.events for scene in loud] == [scene.events for scene in soft]
    assert all(len(scene.events) == 5 for scene in loud)
    assert not np.array_equal(loud[0].y, soft[0].y)
