"""Synthetic songs by several artists, for experiments with splits and domain shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_choice, require_positive, require_seed
from audiocourse.signal import FloatArray
from audiocourse.sounds import genre_clip
from audiocourse.sounds.music.genres import GENRES, INSTRUMENTS

SONG_SR = 16_000


@dataclass(frozen=True, eq=False)
class GenreSong:
    """A song with the annotations that a data set of music should have.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound, float32; its peak is 0.5.
    sr : int
        Sampling rate in Hz.
    genre : str
        One of the six genres of `genre_clip`.
    artist : str
        Such as "rock artist 2". All songs by an artist share band, equaliser and SNR.
    title : str
        Such as "rock artist 2, song 1": different for every song.
    instruments : str
        "sampled" or "additive".
    """

    y: FloatArray
    sr: int
    genre: str
    artist: str
    title: str
    instruments: str


def genre_songs(
    *,
    artists_per_genre: int,
    songs_per_artist: int,
    seconds: float = 12.0,
    seed: int = 0,
    sr: int = SONG_SR,
    genres: Sequence[str] = GENRES,
    instruments: str = "sampled",
    easy: bool = False,
) -> list[GenreSong]:
    """Synthesise songs of several artists in each genre.

    Each song is a clip by `genre_clip`. Its notes follow from seed, genre, artist and song, so another synthesiser
    plays the same songs.

    Parameters
    ----------
    artists_per_genre, songs_per_artist : int
        How many. An artist plays one genre only.
    seconds : float
        Duration of each song, 1 to 120.
    seed : int
        Source of all randomness; another seed gives other artists and other songs.
    sr : int
        Sampling rate in Hz.
    genres : sequence of str
        Which genres.
    instruments : {"sampled", "additive"}
        Which synthesiser plays, as in `genre_clip`.
    easy : bool
        Whether each genre has its own instruments, as in `genre_clip`; only equaliser and SNR then distinguish
        the artists of a genre.

    Returns
    -------
    list of GenreSong
        Sorted by genre, artist and song: ``len(genres) * artists_per_genre * songs_per_artist`` of them.

    Raises
    ------
    AudioCourseError
        If a number is not positive, or genres are missing, repeated or unknown.

    Examples
    --------
    >>> songs = genre_songs(artists_per_genre=2, songs_per_artist=1, seconds=1, genres=("rock", "waltz"))
    >>> [song.artist for song in songs]
    ['rock artist 1', 'rock artist 2', 'waltz artist 1', 'waltz artist 2']

    Notebook: ex03_genre
    """
    require_positive(artists_per_genre=artists_per_genre, songs_per_artist=songs_per_artist)
    require_seed(seed)
    require_choice("instruments", instruments, INSTRUMENTS)
    genres = [genres] if isinstance(genres, str) else list(genres)
    if not genres or len(set(genres)) < len(genres):
        raise AudioCourseError("genres must list at least one genre, and none of them twice.")
    songs = []
    for genre in genres:
        for artist in range(1, artists_per_genre + 1):
            name = f"{genre} artist {artist}"
            key = [seed, GENRES.index(require_choice("genre", genre, GENRES)), artist]
            band = int(np.random.default_rng(key).integers(2**31))
            for number in range(1, songs_per_artist + 1):
                rng = np.random.default_rng([*key, number])
                clip = genre_clip(
                    genre, rng=rng, seconds=seconds, sr=sr, easy=easy, artist=band, instruments=instruments
                )
                songs.append(GenreSong(clip.y, sr, genre, name, f"{name}, song {number}", instruments))
    return songs
