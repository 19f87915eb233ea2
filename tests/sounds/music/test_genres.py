"""Genres: each has its metre and pattern, all share everything else, and the truth lies where it is heard."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import mir_eval
import numpy as np
import pytest

from audiocourse.signal import onset_strength
from audiocourse.sounds.music.genres import GENRES, GenreClip, _composed, genre_clip
from audiocourse.sounds.music.songs import Song
from audiocourse.sounds.music.soundfont import PEAK
from audiocourse.sounds.music.styles import STYLES

SR = 22_050
Refuses = Any
ALL = pytest.mark.parametrize("genre", GENRES)


def made(genre: str = "waltz", seed: int = 1, **options: Any) -> GenreClip:
    return genre_clip(genre, rng=np.random.default_rng(seed), **{"seconds": 3.0, **options})


@ALL
@pytest.mark.parametrize("easy", [False, True])
def test_shape_type_and_level(genre: str, easy: bool) -> None:
    for sr, seconds in ((16_000, 2.5), (SR, 3.0)):
        one = made(genre, sr=sr, seconds=seconds, easy=easy)
        assert one.y.dtype == np.float32
        assert one.y.shape == (round(seconds * sr),)
        assert np.abs(one.y).max() == pytest.approx(PEAK)
        assert 10 <= one.snr_db <= 35


@ALL
def test_the_truth_is_that_of_the_clip(genre: str) -> None:
    one = made(genre, seconds=8.0, seed=4)
    assert one.song.beats_a_bar == (3 if genre == "waltz" else 4)
    assert np.diff(one.beats) == pytest.approx(60 / one.song.tempo)
    assert 0 <= one.beats[0] < 60 / one.song.tempo
    assert 8 - 60 / one.song.tempo <= one.beats[-1] < 8
    assert set(one.downbeats) <= set(one.beats)
    assert one.chords[0].start == 0
    assert one.chords[-1].end == 8
    assert [chord.start for chord in one.chords[1:]] == pytest.approx(one.downbeats[one.downbeats > 0])
    mir_eval.chord.validate([chord.label for chord in one.chords], [chord.label for chord in one.chords])


@ALL
def test_notes_are_heard_when_they_are_written(genre: str) -> None:
    """Over all shifts of the notes against the sound, up to 100 ms, onset strength fits best within 30 ms of none;
    it peaks some 10 ms after a note begins."""
    one = made(genre, seconds=8.0, seed=3)
    notes = np.array([note.start for part in one.song.parts for note in part.notes]) - one.start
    strength = onset_strength(one.y, sr=SR, n_fft=1024, hop_length=128)
    frames = np.round(notes[(notes > 0.2) & (notes < 7.8)] * SR / 128).astype(int)
    shifts = np.arange(-17, 18)
    fit = [strength[frames + shift].mean() for shift in shifts]
    assert abs(shifts[np.argmax(fit)]) * 128 / SR < 0.03
    assert max(fit) > 1.5 * strength.mean()


@ALL
def test_the_pattern_is_that_of_the_genre(genre: str) -> None:
    one = made(genre, seconds=8.0)
    rules = STYLES[genre]
    within = {round(note.start * one.song.tempo / 60, 3) % rules.beats for note in one.song.part("bass").notes}
    assert within == {round(at, 3) for at, *_ in rules.bass}


def songs(genre: str, count: int, *, easy: bool) -> list[Song]:
    """Only the notes: playing them takes longer."""
    rngs = [np.random.default_rng([seed, part]) for seed in range(count) for part in range(2)]
    pairs = zip(rngs[::2], rngs[1::2], strict=True)
    return [_composed(STYLES[genre], 4.0, SR, one, None if easy else other) for one, other in pairs]


def test_genres_share_bands_and_tempi() -> None:
    drawn = [songs(genre, 80, easy=False) for genre in GENRES]
    for name in ("chords", "bass", "drums"):
        programs = [{one.part(name).program for one in each} for each in drawn]
        assert len(programs[0]) > 5
        assert all(each == programs[0] for each in programs)
    tempi = np.array([[one.tempo for one in each] for each in drawn])
    assert np.ptp(tempi.mean(axis=1)) < 10
    assert tempi.min() >= 95
    assert tempi.max() <= 145


def test_easy_gives_each_genre_its_own_band() -> None:
    bands = [{tuple(part.program for part in one.parts) for one in songs(genre, 5, easy=True)} for genre in GENRES]
    assert all(len(band) == 1 for band in bands)
    assert len(set.union(*bands)) == len(GENRES)


def test_the_same_seed_the_same_clip(fresh_python: Callable[[str], str]) -> None:
    one = made("bossa", seed=7)
    made("rock", seed=8)
    assert np.array_equal(made("bossa", seed=7).y, one.y)
    assert not np.array_equal(made("bossa", seed=8).y, one.y)
    program = """
import hashlib, numpy as np
from audiocourse.sounds.music.genres import genre_clip
print(hashlib.sha256(genre_clip("bossa", rng=np.random.default_rng(7), seconds=3.0).y.tobytes()).hexdigest())
"""
    assert fresh_python(program) == hashlib.sha256(one.y.tobytes()).hexdigest()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"genre": "polka"}, "polka"),
        ({"genre": 3}, "genre"),
        ({"seconds": 0.5}, "seconds"),
        ({"seconds": 1000}, "seconds"),
        ({"seconds": None}, "seconds"),
        ({"sr": 0}, "sr"),
    ],
)
def test_clips_that_cannot_be(options: dict[str, Any], word: str, refuses: Refuses) -> None:
    with refuses(word):
        made(**options)
    with refuses("default_rng"):
        genre_clip("rock", rng=1)  # type: ignore[arg-type]
