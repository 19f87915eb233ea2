"""The score board of splits and shifts: what each split lets through, and its tables on a few songs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("genre_shift_scores.py"))


@pytest.fixture
def segments() -> board.Segments:
    """Two genres, three artists each, three songs each, three segments each."""
    number = np.arange(54)
    return board.Segments(np.zeros((54, 2, 3), np.float32), number // 27, number // 3, number // 9)


@pytest.mark.parametrize(("split", "song_leaks", "artist_leaks"), [("segment", 1, 1), ("song", 0, 1), ("artist", 0, 0)])
def test_each_split_leaks_what_it_says(
    split: str, song_leaks: int, artist_leaks: int, segments: board.Segments
) -> None:
    parts = board.tested_parts(segments, split, board.Settings(folds=3))
    assert np.sum(parts, axis=0).tolist() == [1] * 54
    for tested in parts:
        assert len(np.unique(segments.genre[tested])) == 2
        leaked_songs = np.isin(segments.song[tested], segments.song[~tested])
        leaked_artists = np.isin(segments.artist[tested], segments.artist[~tested])
        assert leaked_songs.mean() == song_leaks
        assert leaked_artists.mean() == artist_leaks


def test_segments_vote_by_their_mean_probability() -> None:
    segments = board.Segments(np.zeros((6, 1, 1)), np.array([0, 0, 0, 1, 1, 1]), np.array([7, 7, 7, 2, 2, 2]), None)
    first = np.array([0.99, 0.4, 0.4, 0.4, 0.4, 0.6])
    probabilities = np.stack([first, 1 - first], axis=1)
    assert board.accuracy(probabilities, segments) == 3 / 6
    assert board.song_accuracy(probabilities, segments) == 1


def test_a_shift_is_measured_on_artists_that_were_not_in_training(segments: board.Segments) -> None:
    trained = []

    def learn(train: board.Segments, _: board.Settings) -> board.Probabilities:
        trained.append(set(train.artist))

        def probabilities(test: board.Segments) -> np.ndarray:
            assert trained[-1].isdisjoint(test.artist)
            return np.ones((len(test.genre), 2))

        return probabilities

    settings = board.Settings(folds=3, genres=("rock", "waltz"))
    found = board.shifted(learn, {"a": segments, "b": segments}, settings)
    assert len(found) == 4
    assert len(trained) == 6
    assert all(np.all(probabilities == 1) for probabilities in found.values())


def test_the_tables() -> None:
    splits, shifts = board.both_tables(board.TINY, board.LEARNERS)
    for table, columns in ((splits, 4), (shifts, 4)):
        rows = table.splitlines()[-3:]
        for row, name in zip(rows, board.LEARNERS, strict=True):
            figures = [float(word) for word in row.removeprefix(name).split()]
            assert len(figures) == columns
            assert all(0 <= figure <= 100 for figure in figures)
    assert "synthetic" in splits
    assert float(splits.splitlines()[-3].split()[3]) > 50, "two genres, the same songs in training: above chance"
