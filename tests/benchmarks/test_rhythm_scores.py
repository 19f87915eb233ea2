"""The score board of rhythm: its tables on small made music, and its figures on annotated times where they lie."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from audiocourse import AudioCourseError
from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("rhythm_scores.py"))
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_annotations = pytest.mark.skipif(
    not (REAL / "mir_eval" / "beat").is_dir(), reason="the annotations of real music are not part of the project"
)


def row(table: str, name: str) -> list[float]:
    (line,) = (line for line in table.splitlines() if line.startswith(name + " "))
    return [float(cell) for cell in line[len(name) :].split() if cell not in ("yes", "no")]


def test_made_music() -> None:
    """Nine columns: onset F, beat F, beats at any level; ours by mean and median, librosa."""
    table = board.made_table(bars=6)
    for kind in ("clicks", "drums, rock", "drums, waltz", "drums, rock, swing"):
        scores = row(table, kind)
        assert scores[0] >= 0.95
        assert scores[0] == pytest.approx(scores[2], abs=0.001)  # the same frames as librosa
        assert scores[6] >= 0.95
    for kind in ("clicks", "drums, rock", "drums, waltz", "drums, bossa", "drums, rock, in noise", "chords and melody"):
        scores = row(table, kind)
        assert max(scores[3:5]) >= scores[5] - 0.02
        assert max(scores[6:8]) >= scores[8] - 0.02


def test_tempi_and_their_octave() -> None:
    table = board.tempo_table((90, 180), seconds=15.0)
    ours, level, peer, peer_level = row(table, "90")
    assert [level, peer_level] == pytest.approx([1, 1], abs=0.04)
    assert abs(ours - 90) <= abs(peer - 90)
    assert row(table, "180")[1] == pytest.approx(0.5, abs=0.01)
    (line,) = (line for line in table.splitlines() if line.startswith("180"))
    assert line.split()[3] == "yes"  # the true tempo is offered though the answer is half of it
    assert line.split()[6] == "no"


def test_tables_on_times_of_ones_own(tmp_path: Path) -> None:
    beats = 0.7 + np.cumsum(np.random.default_rng(3).normal(0.5, 0.01, 40))
    for task in ("onset", "beat"):
        (tmp_path / task).mkdir()
        np.savetxt(tmp_path / task / "ref00.txt", beats)
    assert row(board.onset_table(tmp_path / "onset"), "ref00")[1] >= 0.95
    assert row(board.beat_table(tmp_path / "beat"), "ref00")[4] >= 0.9


def test_a_ruler_that_is_off_is_seen(tmp_path: Path) -> None:
    for task, name, score in (("onset", "txt", "F-measure"), ("beat", "txt", "F-measure"), ("tempo", "lab", "P-score")):
        (tmp_path / task).mkdir()
        for kind in ("ref", "est"):
            times = "60 120 0.5" if task == "tempo" else "\n".join(str(6 + 0.5 * k) for k in range(8))
            (tmp_path / task / f"{kind}00.{name}").write_text(times)
        (tmp_path / task / "output00.json").write_text(json.dumps({score: 0.75 if task == "beat" else 1.0}))
    table = board.ruler_table(tmp_path)
    assert [row(table, task)[-1] for task in ("onset", "beat", "tempo")] == [0, 0.25, 0]


def test_an_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AudioCourseError, match=r"no ref\*\.txt"):
        board.beat_table(tmp_path)


@needs_annotations
def test_the_ruler_is_right() -> None:
    """mir_eval reproduces every score stored with its examples, but for rounding."""
    table = board.ruler_table(REAL / "mir_eval")
    assert all(row(table, task)[-1] < 1e-9 for task in ("onset", "beat", "tempo"))


@needs_annotations
def test_onsets_and_beats_at_annotated_times() -> None:
    """Without ref04 of the onsets: its one event, 4 ms after the start, has no before."""
    onsets = board.onset_table(REAL / "mir_eval" / "onset")
    assert all(row(onsets, f"ref0{index}")[1] >= 0.9 for index in range(4))
    beats = board.beat_table(REAL / "mir_eval" / "beat")
    for index in range(5):
        scores = row(beats, f"ref0{index}")
        assert scores[5] >= 0.95  # by the median over bands, as librosa does
        assert scores[5] >= scores[6] - 0.01
