"""Trainings of the emotion notebooks: they learn, and unseen actors are required."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.classify.emotion.clips import NAMES, ActedClip, labels_of
from audiocourse.classify.emotion.model import EmotionConfig
from audiocourse.classify.practice.emotion_training import (
    confusion_figure,
    mean_differences,
    nearest_neighbours,
    predictions,
    require_unseen,
    statistics,
    train_emotion_net,
)
from audiocourse.errors import AudioCourseError

SMALL = EmotionConfig(hidden=4, dropout=0)


@pytest.fixture
def clips() -> list[ActedClip]:
    """Clips of two classes that differ in pitch."""
    rng = np.random.default_rng(0)
    drawn = []
    for number in range(24):
        x = rng.normal(size=(10 + number % 5, 16)).astype(np.float32)
        x[:, 0] += 6 * (number % 2)
        emotion = NAMES[number % 2]
        drawn.append(ActedClip(rng.normal(size=160), x, x + 9, emotion, f"actor {number % 6}", "low", "text"))
    return drawn


def test_a_training_learns_and_the_seed_decides(clips: list[ActedClip]) -> None:
    model = train_emotion_net(clips, epochs=8, config=SMALL)
    assert np.mean(predictions(model, clips) == labels_of(clips)) > 0.9
    again = train_emotion_net(clips, epochs=8, config=SMALL)
    assert all((a == b).all() for a, b in zip(model.parameters(), again.parameters(), strict=True))


def test_weights_decide_between_classes_that_sound_alike() -> None:
    rng = np.random.default_rng(1)
    noise = [rng.normal(size=(12, 16)).astype(np.float32) for _ in range(40)]
    clips = [ActedClip(x[0], x, x, NAMES[i % 2], "actor", "low", "text") for i, x in enumerate(noise)]
    shares = []
    for weights in ([0.05, 1, 0, 0, 0, 0, 0], [1, 0.05, 0, 0, 0, 0, 0]):
        model = train_emotion_net(clips, weights=np.array(weights), epochs=5, config=SMALL)
        shares.append(np.mean(predictions(model, clips) == 1))
    assert shares[0] > 0.6
    assert shares[1] < 0.4


def test_an_actor_on_both_sides_is_refused(clips: list[ActedClip]) -> None:
    require_unseen(clips[:2], clips[2:4])
    with pytest.raises(AudioCourseError, match="actor 0"):
        require_unseen(clips[:1], clips[6:])


def test_statistics_are_relative_or_raw(clips: list[ActedClip]) -> None:
    moved = statistics(clips, raw=True) - statistics(clips)
    assert moved[:, :16] == pytest.approx(np.full((24, 16), 9.0), abs=1e-3)
    assert moved[:, 16:] == pytest.approx(np.zeros((24, 16)), abs=1e-3)


def test_the_nearest_neighbour_has_the_label() -> None:
    train = np.array([[0.0, 0.0], [10.0, 1.0]])
    assert nearest_neighbours(train, np.array([4, 2]), np.array([[9.0, 1.0], [1.0, 0.0]])).tolist() == [2, 4]


def test_differences_are_listed_for_each_emotion(clips: list[ActedClip]) -> None:
    every = [
        ActedClip(c.y, c.features, c.raw_features, name, c.actor, c.group, c.text) for name in NAMES for c in clips[:2]
    ]
    assert list(mean_differences(every)) == list(NAMES)


def test_a_matrix_is_drawn_with_its_counts() -> None:
    fig = confusion_figure(np.array([[3, 1], [0, 2]]), ["calm", "loud"])
    assert [text.get_text() for text in fig.axes[0].texts] == ["3", "1", "2"]
