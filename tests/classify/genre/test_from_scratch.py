"""Splits, segments, votes and gaps: properties that hold for any data, and mistakes that are refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import bootstrap

from audiocourse import AudioCourseError
from audiocourse.classify.genre.from_scratch import (
    fold_first_conv,
    group_split,
    shift_gap,
    song_segments,
    vote_per_song,
)


def songs_of_artists(artists_per_genre: int, genres: int = 3) -> tuple[list[str], list[str]]:
    pairs = [
        (f"{g}-{a}", f"genre {g}") for g in range(genres) for a in range(artists_per_genre) for _ in range(1 + a % 3)
    ]
    order = np.random.default_rng(0).permutation(len(pairs))
    return [pairs[i][0] for i in order], [pairs[i][1] for i in order]


@pytest.mark.parametrize("artists_per_genre", [1, 4, 7, 10])
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.6, 0.2, 0.2), (1.0,)])
def test_a_split_keeps_artists_together_and_genres_apart(artists_per_genre: int, shares: tuple[float, ...]) -> None:
    artists, genres = songs_of_artists(artists_per_genre)
    parts = group_split(artists, genres, shares=shares, seed=1)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(artists)))
    groups = [{artists[song] for song in part} for part in parts]
    assert sum(len(group) for group in groups) == len(set(artists))
    for share, group in zip(shares, groups, strict=True):
        for genre in range(3):
            count = sum(name.startswith(f"{genre}-") for name in group)
            assert abs(count - share * artists_per_genre) < 1


@pytest.mark.parametrize(("shares", "artists_per_genre"), [((0.25, 0.5, 0.25), 6), ((0.3, 0.6, 0.1), 15)])
def test_cuts_at_halves_are_all_rounded_upwards_in_floats_too(
    shares: tuple[float, ...], artists_per_genre: int
) -> None:
    artists, genres = songs_of_artists(artists_per_genre, genres=1)
    parts = group_split(artists, genres, shares=shares, seed=0)
    middle = len({artists[song] for song in parts[1]})
    assert middle == round(shares[1] * artists_per_genre)


def test_the_split_depends_on_the_seed_but_not_on_the_order_of_the_songs() -> None:
    artists, genres = songs_of_artists(8)
    split = [group_split(artists, genres, shares=(0.5, 0.5), seed=seed)[0].tolist() for seed in range(4)]
    assert len({tuple(part) for part in split}) > 1
    turned = group_split(artists[::-1], genres[::-1], shares=(0.5, 0.5), seed=0)[0]
    assert {artists[::-1][song] for song in turned} == {artists[song] for song in split[0]}


@pytest.mark.parametrize(
    ("artists", "genres", "shares", "what"),
    [
        ([], [], (1.0,), "each song needs one"),
        (["a"], ["rock", "pop"], (1.0,), "each song needs one"),
        (["a", "a"], ["rock", "pop"], (1.0,), "plays two genres"),
        (["a", "b"], ["rock", "rock"], (0.5, 0.4), "sum to 1"),
        (["a", "b"], ["rock", "rock"], (1.5, -0.5), "at least 0"),
    ],
)
def test_an_impossible_split_is_refused(artists: list[str], genres: list[str], shares: tuple, what: str) -> None:
    with pytest.raises(AudioCourseError, match=what):
        group_split(artists, genres, shares=shares, seed=0)


def test_segments_are_those_of_torch_unfold() -> None:
    rng = np.random.default_rng(1)
    songs = [rng.normal(size=(4, frames)) for frames in (30, 9, 17)]
    segments, song_of = song_segments(songs, frames=9, hop=4)
    peers = [torch.from_numpy(song).unfold(1, 9, 4).permute(1, 0, 2).numpy() for song in songs]
    np.testing.assert_array_equal(segments, np.concatenate(peers))
    assert song_of.tolist() == [number for number, peer in enumerate(peers) for _ in peer]


def test_songs_that_are_all_too_short_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="shorter segments"):
        song_segments([np.zeros((4, 8))], frames=9, hop=2)
    with pytest.raises(AudioCourseError, match="hop"):
        song_segments([np.zeros((4, 8))], frames=3, hop=0)


def test_a_folded_convolution_equals_the_old_one_on_grey_pictures_and_a_fresh_one_does_not() -> None:
    torch.manual_seed(0)
    weight = torch.randn(8, 3, 7, 7)
    grey = torch.rand(2, 1, 20, 24)
    old = torch.conv2d(grey.expand(-1, 3, -1, -1), weight, stride=2, padding=3)
    new = torch.conv2d(grey, torch.from_numpy(fold_first_conv(weight.numpy())), stride=2, padding=3)
    torch.testing.assert_close(new, old, atol=1e-4, rtol=1e-4)
    for wrong in (torch.randn(8, 1, 7, 7), weight.mean(dim=1, keepdim=True), weight[:, :1]):
        assert (torch.conv2d(grey, wrong, stride=2, padding=3) - old).abs().max() > 0.5
    with pytest.raises(AudioCourseError, match="the shape"):
        fold_first_conv(np.zeros((3, 7, 7)))


def test_votes_equal_softmax_and_mean_of_torch_whatever_the_order() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 50, (40, 5))
    song_of = rng.permutation(np.arange(40) % 7 * 3)
    songs, probabilities = vote_per_song(logits, song_of)
    of_segments = torch.softmax(torch.from_numpy(logits), dim=1).numpy()
    peer = np.stack([of_segments[song_of == song].mean(axis=0) for song in sorted(set(song_of.tolist()))])
    np.testing.assert_allclose(probabilities, peer, atol=1e-12)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    order = rng.permutation(40)
    np.testing.assert_allclose(vote_per_song(logits[order], song_of[order])[1], probabilities, atol=1e-12)
    assert songs.tolist() == [0, 3, 6, 9, 12, 15, 18]


def test_votes_without_segments_are_refused() -> None:
    for logits, song_of in ((np.zeros((0, 3)), np.zeros(0, int)), (np.zeros((2, 3)), np.zeros(3, int))):
        with pytest.raises(AudioCourseError, match="segment"):
            vote_per_song(logits, song_of)


def test_the_interval_of_the_gap_is_that_of_scipy_over_songs_and_wider_than_one_over_segments() -> None:
    rng = np.random.default_rng(3)
    inside = np.repeat(rng.random((40, 1)) < 0.8, 5, axis=1).astype(int)
    outside = np.repeat(rng.random((40, 1)) < 0.4, 5, axis=1).astype(int)
    gap, low, high = shift_gap(inside, outside, rng.integers(40, size=(4000, 40)))
    songs = inside.mean(axis=1) - outside.mean(axis=1)
    peer = bootstrap((songs,), np.mean, n_resamples=4000, method="percentile", rng=rng).confidence_interval
    assert gap == pytest.approx(inside.mean() - outside.mean())
    assert (low, high) == pytest.approx((peer.low, peer.high), abs=0.03)
    segments = (inside - outside).ravel()
    assert high - low > 1.8 * 2 * 1.96 * segments.std() / np.sqrt(segments.size)


def test_gaps_of_songs_that_differ_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="alike"):
        shift_gap(np.zeros((3, 2)), np.zeros((3, 1)), np.zeros((5, 3), int))
    with pytest.raises(AudioCourseError, match="resamples"):
        shift_gap(np.zeros((3, 2)), np.zeros((3, 2)), np.zeros((0, 3), int))
