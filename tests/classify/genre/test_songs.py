"""Songs with artists: what songs of one artist share, and what they do not."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.classify.genre.songs import SONG_SR, GenreSong, genre_songs
from audiocourse.signal import mel_spectrogram
from audiocourse.sounds import genre_clip


@pytest.fixture(scope="module")
def songs() -> list[GenreSong]:
    return genre_songs(artists_per_genre=3, songs_per_artist=2, seconds=4, genres=("rock", "waltz"), seed=1)


def test_every_song_has_its_genre_artist_and_title(songs: list[GenreSong]) -> None:
    assert [song.genre for song in songs] == ["rock"] * 6 + ["waltz"] * 6
    assert len({song.artist for song in songs}) == 6
    assert len({song.title for song in songs}) == 12
    assert all(song.title.startswith(song.artist) and song.artist.startswith(song.genre) for song in songs)
    for song in songs:
        assert song.sr == SONG_SR
        assert song.y.shape == (4 * SONG_SR,)
        assert np.abs(song.y).max() == pytest.approx(0.5)


def spectrum(song: GenreSong) -> np.ndarray:
    bands = np.log(mel_spectrogram(song.y, sr=song.sr, n_fft=1024, hop_length=512, n_mels=40) + 1e-8).mean(axis=1)
    return np.asarray(bands - bands.mean())


def test_songs_of_an_artist_sound_alike_and_are_not_the_same(songs: list[GenreSong]) -> None:
    spectra = np.array([spectrum(song) for song in songs])
    distances = np.linalg.norm(spectra[:, None] - spectra[None], axis=2)
    same = np.array([[one.artist == other.artist for other in songs] for one in songs])
    itself = np.eye(len(songs), dtype=bool)
    assert distances[same & ~itself].mean() < 0.6 * distances[~same].mean()
    assert distances[~itself].min() > 0.1


def test_the_same_seed_gives_the_same_songs_and_another_one_others() -> None:
    options = {"artists_per_genre": 1, "songs_per_artist": 1, "seconds": 1, "genres": ["disco"]}
    first, again, other = (genre_songs(**options, seed=seed)[0] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.y, again.y)
    assert np.abs(first.y - other.y).max() > 0.1


def test_more_songs_do_not_change_the_first_ones() -> None:
    few = genre_songs(artists_per_genre=1, songs_per_artist=1, seconds=1, genres=["march"])
    more = genre_songs(artists_per_genre=2, songs_per_artist=2, seconds=1, genres=["blues", "march"])
    np.testing.assert_array_equal(few[0].y, more[4].y)


def test_two_synthesisers_play_the_same_songs() -> None:
    sampled, additive = (
        genre_clip("rock", rng=np.random.default_rng(1), seconds=2, sr=SONG_SR, artist=5, instruments=instruments)
        for instruments in ("sampled", "additive")
    )
    assert sampled.song.parts == additive.song.parts
    assert sampled.snr_db == additive.snr_db
    assert sampled.start == additive.start
    assert np.corrcoef(sampled.y, additive.y)[0, 1] < 0.9


def test_bad_numbers_and_names_are_refused(refuses: Refuses) -> None:
    good = {"artists_per_genre": 1, "songs_per_artist": 1, "seconds": 1}
    with refuses("artists_per_genre"):
        genre_songs(**{**good, "artists_per_genre": 0})
    with refuses("songs_per_artist"):
        genre_songs(**{**good, "songs_per_artist": 1.5})
    with refuses("'polka'", "waltz"):
        genre_songs(**good, genres=["polka"])
    with refuses("at least one genre"):
        genre_songs(**good, genres=[])
    with refuses("none of them twice"):
        genre_songs(**good, genres=["rock", "rock"])
    with refuses("'theremin'", "additive"):
        genre_songs(**good, instruments="theremin")
    with refuses("seed"):
        genre_songs(**good, seed=-1)
