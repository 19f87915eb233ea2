"""The kernel's side of the record button: resampling, files, silence, clipping, parts that are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from conftest import Refuses

from audiocourse.learn import own_recording, record
from audiocourse.learn.display import microphone
from audiocourse.learn.display.microphone import Recorder, quality_notes
from audiocourse.learn.files import workspace

SR = 16_000
DEVICE_SR = 48_000


def tone(hz: float, sr: int, *, peak: float = 0.5, seconds: float = 1.0) -> np.ndarray:
    return (peak * np.sin(2 * np.pi * hz * np.arange(round(seconds * sr)) / sr)).astype(np.float32)


def recorded(recorder: Recorder, y: np.ndarray, *, parts: int = 1, skip: int = 0) -> list[Any]:
    """Send a recording in parts, without the first `skip` ones, and return the answers."""
    answers: list[Any] = []
    for index, part in list(enumerate(np.array_split(y, parts)))[skip:]:
        content = {"kind": "part", "index": index, "of": parts, "sr": DEVICE_SR}
        recorder.receive(content, [memoryview(part.tobytes())], answers.append)
    return answers


def files(clone: Path) -> list[str]:
    return sorted(path.name for path in (clone / "work" / "recordings").glob("*"))


def test_a_recording_is_resampled_to_mono_floats_and_forgotten(clone: Path) -> None:
    (answer,) = recorded(Recorder("mine", SR), tone(440, DEVICE_SR), parts=3)
    assert answer == {"kind": "stored", "text": "mine.wav is stored: 1.0 s at 16000 Hz."}
    path = clone / "work" / "recordings" / "mine.wav"
    stored = soundfile.info(path)
    assert (stored.samplerate, stored.channels, stored.subtype, stored.frames) == (SR, 1, "FLOAT", SR)
    y, _ = soundfile.read(path)
    np.testing.assert_allclose(y[500:-500], tone(440, SR)[500:-500], atol=1e-4)
    mine = own_recording()
    assert mine is not None and mine.seconds == 1.0
    assert workspace.forget() == 1
    assert files(clone) == []


def test_a_tone_above_half_the_rate_does_not_fold_down(clone: Path) -> None:
    recorded(Recorder("mine", SR), tone(9_000, DEVICE_SR))
    y, _ = soundfile.read(clone / "work" / "recordings" / "mine.wav")
    assert np.abs(y[500:-500]).max() < 1e-3


def test_a_new_take_replaces_the_file_of_its_button_and_no_other(clone: Path) -> None:
    first = Recorder("mine", SR)
    recorded(first, tone(440, DEVICE_SR))
    recorded(Recorder("mine", SR), tone(440, DEVICE_SR))
    recorded(first, tone(440, DEVICE_SR, seconds=0.5))
    assert files(clone) == ["mine-2.wav", "mine.wav"]
    assert soundfile.info(clone / "work" / "recordings" / "mine.wav").frames == SR // 2


def test_a_kernel_that_was_restarted_within_a_recording_says_so_and_writes_nothing(clone: Path) -> None:
    recorder = Recorder("mine", SR)
    answers = recorded(recorder, tone(440, DEVICE_SR), parts=4, skip=2)
    assert {answer["kind"] for answer in answers} == {"problem"}
    assert "save it with the link" in answers[0]["text"]
    assert files(clone) == []
    assert recorded(recorder, tone(440, DEVICE_SR), parts=4)[-1]["kind"] == "stored", "the whole one can be sent again"


def test_a_folder_that_cannot_be_written_is_a_sentence(clone: Path) -> None:
    recorder = Recorder("mine", SR)
    (clone / "work").mkdir()
    (clone / "work" / "recordings").write_text("a file where the folder should be")
    (answer,) = recorded(recorder, tone(440, DEVICE_SR))
    assert answer["kind"] == "problem"
    assert "recordings cannot be created" in answer["text"]


@pytest.mark.parametrize(("level_db", "silent"), [(-70, True), (-50, False)])
def test_silence_is_said(level_db: float, silent: bool) -> None:
    rng = np.random.default_rng(0)
    noise = rng.standard_normal(SR).astype(np.float32) * np.float32(10 ** (level_db / 20))
    assert any("silent" in note for note in quality_notes(noise, SR)) == silent


def test_a_short_word_in_silence_is_not_silence() -> None:
    y = np.zeros(10 * SR, dtype=np.float32)
    y[: SR // 10] = tone(440, SR, peak=0.01, seconds=0.1)
    assert quality_notes(y, SR) == []


def test_clipping_is_said_with_the_number_of_samples(clone: Path) -> None:
    clipped = np.clip(tone(100, DEVICE_SR, peak=1.5), -1, 32_767 / 32_768).astype(np.float32)
    (answer,) = recorded(Recorder("mine", SR), clipped)
    assert f"with {np.sum(np.abs(clipped) >= 32_767 / 32_768)} samples at full scale" in answer["text"]
    assert (clone / "work" / "recordings" / "mine.wav").exists(), "it is kept all the same"
    assert quality_notes(tone(100, SR, peak=0.99), SR) == []


def test_files_of_other_programs_are_judged_alike(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = clone / "work" / "recordings"
    folder.mkdir(parents=True)
    soundfile.write(folder / "silent.wav", np.zeros((SR, 2)), SR)
    assert own_recording() is not None
    assert "It is silent" in capsys.readouterr().out


def test_a_student_gets_a_button_and_others_a_line(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    record(seconds=5, name="voice")
    assert (shown[0].seconds, shown[0].name) == (5.0, "voice")
    assert own_recording() is None
    assert len(shown) == 2
    assert "record one with the button" in capsys.readouterr().out
    monkeypatch.setattr(microphone, "can_interact", lambda: False)
    record(seconds=5)
    assert len(shown) == 2
    assert "[record button]" in capsys.readouterr().out
    assert not (clone / "work").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [({"seconds": 0}, "seconds"), ({"seconds": 301}, "300"), ({"sr": 10}, "sr"), ({"name": "../up"}, "letters")],
)
def test_what_cannot_be_recorded_is_one_sentence(options: dict[str, Any], words: str, refuses: Refuses) -> None:
    with refuses(words):
        record(**options)
