"""The score board of speakers, in miniature: synthetic people in the layout of the real recordings."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.classify.speakers.baseline import mfcc_mean
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.sounds import dialogue, speakers
from audiocourse.sounds.speech.texts import digit_names

board = load_by_path(Path(__file__).with_name("speakers_scores.py"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cepstrum alone, hardly any sentences."""
    board.synthetic.cache_clear()
    board._development_cepstra.cache_clear()
    monkeypatch.setattr(board, "ENCODERS", {"mean of the cepstrum": mfcc_mean})
    monkeypatch.setattr(board, "SENTENCES", 2)
    monkeypatch.setattr(board, "RESAMPLES", 5)
    monkeypatch.setattr(board, "CONDITIONS", {"clean": 0.0})


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """Digits of three people at 8 kHz and a meeting of two."""
    (tmp_path / "fsdd").mkdir()
    (tmp_path / "ami_diar").mkdir()
    with (tmp_path / "fsdd" / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "digit", "speaker"])
        for person in speakers("en", split="test")[::6]:
            for digit, word in enumerate(digit_names("en")):
                name = f"{digit}_{person.name}_0.wav"
                signal.write(tmp_path / "fsdd" / name, person.say(word, sr=8_000).y, 8_000)
                table.writerow([name, digit, person.name])
    talk = dialogue(speakers=speakers("en", split="test")[:6:3], rng=np.random.default_rng(1), turns=6, sr=16_000)
    signal.write(tmp_path / "ami_diar" / "m0.flac", talk.y, talk.sr)
    (tmp_path / "ami_diar" / "labels.rttm").write_text(talk.rttm("m0"), encoding="utf-8")
    return tmp_path


def test_turns_are_cut_and_grouped_by_meeting(tmp_path: Path) -> None:
    for name in ("m0", "m1", "m2"):
        signal.write(tmp_path / f"{name}.flac", np.zeros(160_000, np.float32), 16_000)
    turns = [("m0", 0, 5, "a"), ("m0", 6, 1.5, "b"), ("m1", 0, 2, "c"), ("m2", 4, 3, "d"), ("m2", 2, 2, "a")]
    turns.append(("m2", 6.8, 2.2, "a"))
    turns.append(("m2", 4.5, 2, "e"))  # at the same time as d
    rows = [f"SPEAKER {name} 1 {start} {length} <NA> <NA> {who} <NA> <NA>\n" for name, start, length, who in turns]
    (tmp_path / "labels.rttm").write_text("".join(rows), encoding="utf-8")
    meetings = board.turns(tmp_path)
    assert [sorted(meeting.names) for meeting in meetings] == [["a", "a", "a", "a"], ["c"]]
    assert sorted(y.size / 16_000 for y in meetings[0].sounds) == pytest.approx([2.0, 2.2, 2.5, 2.5])


@pytest.mark.usefixtures("small")
def test_the_tables_of_synthetic_and_real_people(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SHORTEST_TURN", 1.0)
    monkeypatch.setattr(board, "groups_table", lambda: "")
    synthetic, _, recorded, *_ = board.tables(real)
    assert "18 people of 6 families" in synthetic
    row = synthetic.splitlines()[2].split()
    assert row[:5] == ["mean", "of", "the", "cepstrum,", "clean"]
    assert 0 <= float(row[5]) < 15
    assert "FSDD, single digits (3 people, 30)" in recorded
    assert "FSDD, five digits (3 people, 6)" in recorded
    assert "AMI turns within a meeting (2 people)" in recorded
    assert len(recorded.splitlines()) == 4


def test_the_groups_are_of_unseen_speakers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SENTENCES", 2)
    monkeypatch.setattr(board, "LANGUAGES", ("it",))
    monkeypatch.setattr(board.vad_board(), "HAS_FLITE", False)
    board.synthetic.cache_clear()
    groups = dict(board.voice_groups())
    assert list(groups) == ["pitch: low", "pitch: high", "language: it", "synthesiser: espeak-ng"]
    low, high = (set(groups[f"pitch: {name}"].names) for name in ("low", "high"))
    assert not low & high
    assert low | high == {speaker.name for speaker in speakers(split="test")} == set(groups["language: it"].names)
    board.synthetic.cache_clear()


@pytest.mark.usefixtures("small")
def test_what_is_missing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "groups_table", lambda: "")
    monkeypatch.setattr(board, "is_installed", lambda: False)
    _, _, real, published = board.tables(None)
    assert "--data DIR" in real
    assert "pip install --no-deps resemblyzer" in published
