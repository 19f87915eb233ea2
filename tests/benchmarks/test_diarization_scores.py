"""The score board of diarisation: its tables on synthetic meetings, the published figure, and real meetings."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal, sounds
from audiocourse.cli import main
from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("diarization_scores.py"))
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"
ONE, BEST = "(everything one speaker)", "(each window's main speaker)"
MISSED, FALSE_ALARM, CONFUSION, DER, LENIENT, WEBRTC, LEARNED = range(7)  # columns of the table of meetings


def value(table: str, row: str, column: int) -> float:
    """Read a number from the first row of a name."""
    found = re.search(rf"^{re.escape(row)}\s+(.*)$", table, re.MULTILINE)
    assert found, f"no row {row} in\n{table}"
    return float(found[1].split()[column])


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    """Two synthetic dialogues in the layout of the real ones."""
    folder = tmp_path / "ami_diar"
    (folder / "scoring").mkdir(parents=True)
    lines = []
    for number, pair in enumerate((("dove-1", "merlin-3"), ("fulmar-1", "swift-2"))):
        people = [sounds.speaker(name, "en") for name in pair]
        spoken = sounds.dialogue(rng=np.random.default_rng(number), speakers=people, turns=5, overlap=0.3)
        signal.write(folder / f"trn0{number}.flac", spoken.y, spoken.sr)
        lines.append(spoken.rttm(f"trn0{number}"))
    (folder / "labels.rttm").write_text("".join(lines), encoding="utf-8")
    for kind in ("ref", "sys"):
        (folder / "scoring" / f"ES2014c.{kind}.rttm").write_text("SPEAKER ES2014c 1 0 4 - - anna\n", encoding="utf-8")
    return tmp_path


def test_the_table_of_meetings(meeting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "DIALOGUES", 1)
    scored, table, _ = board.tables(meeting)
    assert "0.00000000 %" in scored
    assert "2 real meeting excerpts" in table
    for row in (ONE, BEST, "mean MFCC"):
        parts = [value(table, row, column) for column in (MISSED, FALSE_ALARM, CONFUSION)]
        assert value(table, row, DER) == pytest.approx(sum(parts), abs=0.2)
        assert parts[1] == 0  # with the speech of the reference
        assert value(table, row, WEBRTC) >= value(table, row, DER)
    assert value(table, BEST, CONFUSION) < value(table, ONE, CONFUSION)
    assert value(table, BEST, LENIENT) < 2  # nothing but overlap and boundaries is wrong


def test_the_table_of_dialogues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PEOPLE", (2, 3))
    table = board.dialogues_table(each=1)
    assert table.startswith("Synthetic dialogues")
    for column in (0, 1):
        assert value(table, BEST, column) < 15 < 35 < value(table, ONE, column)
        assert value(table, BEST, column) <= value(table, "mean MFCC", column)


def test_what_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "encoders", lambda: {"mean MFCC": board.mfcc_mean})
    assert "speaker-mini is not bundled" in board._absent()
    assert "pip install --no-deps resemblyzer" in board._absent()


def test_speech_that_is_too_short_for_a_window_has_no_turns() -> None:
    clip = board.Clip(np.ones(board.SR, dtype=np.float32), [sounds.Interval(0, 1, "anna")])
    item = board.embedded(clip, [sounds.Interval(0.0, 0.2)], board.mfcc_mean)
    assert board.hypothesis(item) == board.hypothesis(item, threshold=0.5) == board.main_speakers(item) == []


def test_no_recordings_to_measure_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "dialogues_table", lambda *, each: f"{each} dialogues")
    assert main(["scores", "diarization", "--data", str(tmp_path)]) == 0
    assert "measured on real meetings, too: --data DIR" in " ".join(capsys.readouterr().out.split())


@pytest.fixture(scope="module")
def real() -> str:
    """The table of the real meetings, measured once."""
    if not (REAL / "ami_diar").is_dir():
        pytest.skip("the real recordings are not part of the project")
    return str(board.meetings_table(REAL / "ami_diar"))


def test_the_published_error_rate_of_a_real_meeting() -> None:
    """md-eval's figure has eight decimals."""
    if not (REAL / "ami_diar" / "scoring").is_dir():
        pytest.skip("the published hypothesis is not part of the project")
    assert 100 * board.published_der(REAL / "ami_diar" / "scoring") == pytest.approx(board.PUBLISHED, abs=5e-9)


def test_real_meetings_are_hard(real: str) -> None:
    """A fifth of the speech is the second voice of an overlap, and missed; one speaker for all is hard to beat."""
    assert value(real, BEST, MISSED) == pytest.approx(20.9, abs=0.2)
    assert value(real, ONE, DER) == pytest.approx(31.3, abs=0.2)
    assert value(real, BEST, DER) < 25 < value(real, ONE, DER) < value(real, "mean MFCC", DER)
    assert value(real, BEST, LEARNED) < value(real, BEST, WEBRTC)
