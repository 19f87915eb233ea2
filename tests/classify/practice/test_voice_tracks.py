"""The open task of exercise 9: actors apart, unbalanced, and as difficult as the notebook says."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.classify.practice.voice_tracks import (
    FRAMES,
    SHORTEST,
    TEST_CLIPS,
    TRAIN_CLIPS,
    describe_uar,
    early_cue_clips,
    emotion_task,
    linear_on_statistics,
    statistics_of,
    uar_of,
)
from audiocourse.errors import AudioCourseError


def test_actors_are_apart_and_neutral_is_frequent_in_training_only() -> None:
    task = emotion_task(np.random.default_rng(0), train_actors=3, test_actors=2)
    assert not set(task.train_actors) & set(task.test_actors)
    assert np.bincount(task.train_labels).tolist() == [3 * count for count in TRAIN_CLIPS]
    assert np.bincount(task.test_labels).tolist() == [2 * count for count in TEST_CLIPS]
    assert task.train_lengths.min() >= SHORTEST
    assert task.train_lengths.max() <= FRAMES
    padding = np.arange(FRAMES) >= task.train_lengths[:, None]
    assert not task.train_features[padding].any()
    assert task.train_features[~padding].all()


def test_the_baseline_and_the_first_step_are_where_the_table_of_the_notebook_has_them() -> None:
    """54 % and 69 %, each with a standard deviation of two to four points; two draws are averaged here."""
    plain, relative = [], []
    for seed in (0, 1):
        task = emotion_task(np.random.default_rng(seed))
        plain.append(uar_of(linear_on_statistics(*task[:7]), task))
        x, n, y, a, x_test, n_test, a_test = task[:7]
        moved = linear_on_statistics(centred(x, n, a), n, y, a, centred(x_test, n_test, a_test), n_test, a_test)
        relative.append(uar_of(moved, task))
    assert np.mean(plain) == pytest.approx(0.54, abs=0.06)
    assert np.mean(relative) == pytest.approx(0.69, abs=0.07)


def centred(features: np.ndarray, lengths: np.ndarray, actors: np.ndarray) -> np.ndarray:
    means = {
        actor: np.concatenate([x[:n] for x, n, a in zip(features, lengths, actors, strict=True) if a == actor]).mean(0)
        for actor in set(actors.tolist())
    }
    return features - np.stack([means[actor] for actor in actors.tolist()])[:, None]


def test_a_score_is_described_even_before_there_is_an_answer() -> None:
    task = emotion_task(np.random.default_rng(0), train_actors=2, test_actors=2)

    def blank(*_: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    assert describe_uar(blank, task) == "blank is not written yet."
    assert describe_uar(lambda *_: task.test_labels, task) == "UAR 100 % (synthetic)"


def test_statistics_leave_out_the_padding() -> None:
    x = np.zeros((1, 5, 1))
    x[0, :2, 0] = 1, 3
    assert statistics_of(x, np.array([2])).tolist() == [[2.0, 1.0]]


def test_early_clips_say_their_class_in_the_first_frames_only() -> None:
    x, lengths, labels = early_cue_clips(300, rng=np.random.default_rng(0))
    early = x[np.arange(300), :4, labels].mean()
    late = x[np.arange(300), 4:20, labels].mean()
    assert early == pytest.approx(3, abs=0.15)
    assert late == pytest.approx(0, abs=0.1)
    assert not x[0, lengths[0] :].any()


@pytest.mark.parametrize("options", [{"train_actors": 0}, {"test_actors": 0}])
def test_a_task_without_actors_is_refused(options: dict) -> None:
    with pytest.raises(AudioCourseError):
        emotion_task(np.random.default_rng(0), **options)
