"""The score board of pitch: its figures on made melodies, and on real contours and voices where they lie."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from audiocourse import AudioCourseError, signal
from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("pitch_scores.py"))
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"
no_contours = pytest.mark.skipif(
    not (REAL / "mir_eval" / "melody").is_dir(), reason="the annotated contours are not part of the project"
)
no_singer = pytest.mark.skipif(
    not (REAL / "vocadito").is_dir(), reason="the recording of the singer is not part of the project"
)


def rows(table: str) -> dict[tuple[str, str], list[float]]:
    """The figures of each sound and tracker."""
    found = re.findall(r"^(.+?) {2,}((?:librosa\.)?p?yin) +([\d. ]+)$", table, re.MULTILINE)
    return {(sound, tracker): [float(figure) for figure in figures.split()] for sound, tracker, figures in found}


def assert_as_good_as_librosa(found: dict[tuple[str, str], list[float]]) -> None:
    """Within half a percent in every rate, and at most a cent further from the truth.

    Where yin hears something is left out: in digital silence ours has no answer, and librosa's is fmax.
    """
    for (sound, tracker), figures in found.items():
        if not tracker.startswith("librosa"):
            theirs = found[sound, f"librosa.{tracker}"]
            assert figures[:3] == pytest.approx(theirs[:3], abs=0.5), (sound, tracker)
            assert tracker == "yin" or figures[3] == pytest.approx(theirs[3], abs=1), (sound, tracker)
            assert figures[4] <= theirs[4] + 1, (sound, tracker)


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, str], list[float]]:
    return rows(board.table("made", board.made_sounds(notes=5)))


def test_made_melodies_are_followed_in_every_timbre(made: dict[tuple[str, str], list[float]]) -> None:
    for timbre in board.TIMBRES:
        pitch, chroma, recall, false_alarm, cents = made[timbre, "pyin"]
        assert min(pitch, chroma, recall) > 90, timbre
        assert false_alarm < 40, timbre  # a frame of 93 ms hears the notes beside a rest of half a second
        assert cents < 15, timbre  # the mean over 93 ms lags behind a vibrato of 50 cents


def test_yin_calls_everything_voiced_that_is_not_silent(made: dict[tuple[str, str], list[float]]) -> None:
    assert min(made["all four, noise at 10 dB", "yin"][2:4]) > 99
    assert made["all four, noise at 10 dB", "pyin"][3] < 40


def test_ours_are_as_good_as_librosas(made: dict[tuple[str, str], list[float]]) -> None:
    assert len(made) == 6 * 4
    assert_as_good_as_librosa(made)


def test_an_octave_is_an_error_of_pitch_and_not_of_chroma() -> None:
    times = np.arange(0, 2, 0.01)
    sound = board.Sound(np.zeros(2 * board.SR), times, np.full(times.size, 220.0))
    frames = 1 + sound.y.size // board.HOP
    assert board.score(sound, np.full(frames, 440.0)) == pytest.approx([0, 100, 100, 0, 1200])
    assert board.score(sound, np.full(frames, 220.0)) == pytest.approx([100, 100, 100, 0, 0], abs=1e-6)


def test_a_contour_sounds_where_it_is_voiced() -> None:
    times = np.arange(0, 1, 0.01)
    f0 = np.where((times > 0.3) & (times < 0.6), 0.0, 200.0)
    sound = board.along(times, f0, timbre="flute")
    assert not sound.y[round(0.32 * board.SR) : round(0.58 * board.SR)].any()
    assert sound.y[: round(0.29 * board.SR)].any()
    assert sound.y[round(0.61 * board.SR) :].any()


def test_recordings_without_annotation_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "Audio").mkdir()
    with pytest.raises(AudioCourseError, match="There is no recording"):
        list(board.sung_sounds(tmp_path))
    signal.write(tmp_path / "Audio" / "a.flac", np.zeros(1000, np.float32), 22_050)
    with pytest.raises(AudioCourseError, match=r"a\.flac has no annotation"):
        list(board.sung_sounds(tmp_path))


@no_contours
def test_the_ruler_is_right() -> None:
    differences = board.ruler_differences(REAL / "mir_eval" / "melody")
    assert len(differences) == 5
    assert max(differences.values()) < 1e-9


@no_contours
def test_contours_of_real_music_are_followed() -> None:
    found = rows(board.table("contours", board.contour_sounds(REAL / "mir_eval" / "melody"), ["pyin"]))
    assert found["voice", "pyin"][0] > 90
    assert found["weak_fundamental", "pyin"][0] > 90


@no_singer
def test_a_singer_is_followed() -> None:
    found = rows(board.table("vocadito", board.sung_sounds(REAL / "vocadito")))
    assert_as_good_as_librosa(found)
    pitch, _, recall, false_alarm, cents = found["vocadito_1", "pyin"]
    assert pitch > 90
    assert recall > 90
    assert false_alarm < 40
    assert cents < 20
