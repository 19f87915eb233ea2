"""The score board of speech recognition: its parts on made material, its figures on real recordings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.asr.utterances import SR
from audiocourse.cli import main
from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("asr_scores.py"))
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def test_errors_are_counted_by_group() -> None:
    clips = [
        board.Clip(np.zeros(1, np.float32), text, group) for text, group in (("a b", "de high"), ("c d e", "de low"))
    ]
    assert board.rate(clips, ["a b", "c x"]) == pytest.approx(40.0)
    assert board.rate(clips, ["a b", "c x"], "high") == 0
    assert np.isnan(board.rate(clips, ["a b", "c x"], "fr"))


def test_noise_comes_at_its_level() -> None:
    clip = board.made_clips(1)[0]
    noisy = board.in_noise(clip, 5.0, 1)
    gain = np.dot(noisy.y, clip.y) / np.dot(clip.y, clip.y)  # mixing may make everything softer
    noise = noisy.y - gain * clip.y
    assert 10 * np.log10(np.mean((gain * clip.y) ** 2) / np.mean(noise**2)) == pytest.approx(5.0, abs=0.5)
    assert noisy.text == clip.text


def test_what_a_recogniser_says_decides_its_row() -> None:
    clips = {clip.y.tobytes(): clip.text for clip in board.made_clips(10)}
    table = board.made_table({"knows": lambda y: clips.get(y.tobytes(), ""), "is deaf": lambda _: ""}, 10)
    rows = {name: re.findall(r"[\d.]+", table.split(name)[1].splitlines()[0]) for name in ("knows", "is deaf")}
    assert rows["knows"][1] == "0.0"
    assert rows["is deaf"][1] == "100.0"
    assert rows["knows"][-2] == "100.0", "it knows nothing of the noisy ones"


def test_long_recordings_are_long_and_of_one_person() -> None:
    one, other = board.long_clips(2)
    assert 35 <= one.y.size / SR < 45
    assert len(one.text.split()) > 60
    assert (one.group, other.group) == ("de", "en")


@pytest.mark.skipif(shutil.which("flite") is None, reason="needs the command flite: a second synthesiser")
def test_a_second_synthesiser_speaks() -> None:
    one, other = board.flite_clips(2)
    assert one.text != other.text
    assert 1 < one.y.size / SR < 10
    assert one.group != other.group


def test_without_recordings_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board.shutil, "which", lambda _: None)
    monkeypatch.setattr(board, "long_clips", lambda _: board.made_clips(5))
    said = list(board.tables(tmp_path, utterances=10))
    assert "flite is not installed" in said[-2]
    assert "--data DIR" in said[-1]


def test_a_recording_is_mixed_and_brought_to_16_khz(tmp_path: Path) -> None:
    t = np.arange(8_000) / 8_000
    left = (0.4 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)
    signal.write(tmp_path / "one.wav", np.stack([left, np.zeros_like(left)]), 8_000)
    heard = board.loaded(tmp_path / "one.wav")
    assert heard.size == SR
    assert np.abs(heard).max() == pytest.approx(0.2, abs=0.005), "the mean of both channels"


@pytest.mark.skipif(not (REAL / "asr_misc").is_dir(), reason="needs the real recordings in ../shared/data")
def test_the_board_on_real_recordings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scores", "asr", "--data", str(REAL)]) == 0
    said = capsys.readouterr().out
    for name, most in {"ctc-mini, beam + 6-gram": 4, "whisper-mini": 8}.items():
        row = re.findall(r"[\d.]+", said.split(f"\n{name}  ")[1].splitlines()[0])
        assert float(row[1]) <= most, "clean, in %"
    assert float(re.findall(r"[\d.]+", said.split("Their language by whisper-mini: ")[1])[0]) >= 97
    yesno = re.findall(r"[\d.]+", said.split("10 others tested")[1].splitlines()[0])
    spelt, nearest, always_the_same = (float(one) for one in yesno)
    assert max(spelt, nearest) < always_the_same / 4
