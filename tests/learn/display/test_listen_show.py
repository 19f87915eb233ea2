"""Players do not change what they play unless they say so; figures carry their numbers."""

from __future__ import annotations

import base64
import io
import os
import re
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import soundfile
from conftest import Refuses

from audiocourse import AudioCourseError, compare, listen, show
from audiocourse.learn import own_recording
from audiocourse.learn.display import html as page
from audiocourse.learn.files import workspace

SR = 16_000
TONE = (0.1 * np.sin(2 * np.pi * 440 * np.arange(SR) / SR)).astype(np.float32)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the HTML that would be displayed, and print the text beside it, as a terminal does."""
    pages: list[str] = []

    def terminal(html: str, plain: str) -> None:
        pages.append(html)
        print(plain)

    for name in ("listen", "show"):  # the package's attributes of these names are the functions, not the modules
        module = sys.modules[f"audiocourse.learn.display.{name}"]
        monkeypatch.setattr(module, "put", terminal)
    return pages


def played(html: str, number: int = 0) -> np.ndarray:
    data = re.findall(r'src="data:audio/flac;base64,([^"]+)', html)[number]
    y, sr = soundfile.read(io.BytesIO(base64.b64decode(data)))
    assert sr == SR
    return np.asarray(y).T


def middle(y: np.ndarray) -> np.ndarray:
    return y[..., 400:-400]  # without the fades of 160 samples


@pytest.mark.parametrize("gain", [1.0, 0.1, 0.001])
def test_soft_sounds_stay_soft(shown: list[str], gain: float) -> None:
    listen(gain * TONE, SR, label="tone")
    np.testing.assert_allclose(middle(played(shown[0])), middle(gain * TONE), atol=1 / 32768)


def test_loud_sounds_are_turned_down_and_said_so(shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    listen(10 * TONE, SR, label="loud")
    assert np.abs(played(shown[0])).max() == pytest.approx(10 ** (-6 / 20), abs=1e-3)
    assert "turned down by 6.0 dB" in capsys.readouterr().out


def test_a_peak_is_in_dbfs_and_an_rms_in_db_re_full_scale(shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """AES17's dBFS is relative to a full-scale sine: an RMS compared with 1.0 must not be called so."""
    listen(0.1 * TONE / np.abs(TONE).max(), SR, label="tone")
    assert len(shown) == 1
    assert "peak −20.0 dBFS, RMS −23.0 dB re full scale" in capsys.readouterr().out


def test_samples_that_are_no_numbers_are_silent_and_said_so(
    shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    y = TONE.copy()
    y[5000:5010] = np.nan
    listen(y, SR, label="broken")
    assert not played(shown[0])[5000:5010].any()
    assert "10 samples that are not numbers" in capsys.readouterr().out


def test_a_comparison_is_at_equal_loudness(shown: list[str]) -> None:
    compare({"loud": TONE, "soft": 0.25 * TONE}, SR)
    np.testing.assert_allclose(played(shown[0], 0), played(shown[0], 1), atol=2 / 32768)


def test_unless_level_is_the_lesson(shown: list[str]) -> None:
    compare({"loud": TONE, "soft": 0.25 * TONE}, SR, equal_loudness=False)
    loud, soft = (np.abs(middle(played(shown[0], number))).max() for number in (0, 1))
    assert soft / loud == pytest.approx(0.25, abs=1e-3)


def test_a_private_sound_is_played_from_a_file_that_forget_deletes(shown: list[str], clone: Path) -> None:
    compare({"my voice": TONE}, SR, private=True)
    assert 'src="data:' not in shown[0]
    address = shown[0].split(' src="')[1].split('"')[0]
    y, _ = soundfile.read(clone / "work" / address)
    np.testing.assert_allclose(middle(y), middle(TONE), atol=1 / 32768)
    assert workspace.forget() == 1
    assert not (clone / "work" / address).exists()


def test_own_recordings_are_read_by_their_owner_only(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = clone / "work" / "recordings"
    folder.mkdir(parents=True)
    assert own_recording() is None
    soundfile.write(folder / "me.wav", TONE, SR)
    mine = own_recording()
    assert mine is not None
    assert mine.sr == SR
    monkeypatch.setenv("AUDIOCOURSE_PROGRESS", "off")
    assert own_recording() is None


def test_what_phones_record_is_found_and_named(
    clone: Path, capsys: pytest.CaptureFixture[str], refuses: Refuses
) -> None:
    folder = clone / "work" / "recordings"
    folder.mkdir(parents=True)
    soundfile.write(folder / "me.opus", TONE, SR, format="OGG", subtype="OPUS")
    mine = own_recording()
    assert mine is not None and mine.subtype == "OPUS"
    later = time.time() + 10
    for name in ("._me.wav", ".hidden.wav", "notes.txt"):
        (folder / name).write_bytes(b"\0\5\x16\7" + bytes(100))
        os.utime(folder / name, (later, later))
    (folder / "gone.wav").symlink_to(folder / "nowhere.wav")
    assert own_recording() is not None, "what macOS keeps beside a file is not a recording, nor is a broken link"
    (folder / "me.opus").unlink()
    capsys.readouterr()
    assert own_recording() is None
    assert "notes.txt cannot be read as sound" in capsys.readouterr().out
    (folder / "voice.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    with refuses("voice.m4a is AAC", "convert it"):
        own_recording()


def test_it_begins_and_ends_without_a_click(shown: list[str]) -> None:
    listen(np.full(SR, 0.3, dtype=np.float32), SR, label="step")
    y = played(shown[0])
    assert abs(y[0]) < 1e-3
    assert abs(y[-1]) < 1e-2
    assert np.abs(np.diff(y)).max() < 0.01


def test_two_channels_play_as_two(shown: list[str]) -> None:
    listen(np.stack([TONE, 0 * TONE]), SR, label="left only")
    y = played(shown[0])
    assert y.shape == (2, SR)
    assert not y[1].any()


def test_a_player_has_a_name_controls_and_no_autoplay(shown: list[str]) -> None:
    listen(TONE, SR, label='a "tone" <b>')
    assert 'aria-label="a &quot;tone&quot; &lt;b&gt;"' in shown[0]
    assert "controls" in shown[0]
    assert "autoplay" not in shown[0]


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.zeros(0), SR, "nothing to play"),
        (np.zeros((SR, 2)), SR, "one or two channels"),
        (np.zeros((2, 2, 2)), SR, "nothing to play"),
        (np.zeros(9, dtype=np.int16), SR, "from_pcm"),
        (np.zeros(9), 100, "Browsers play"),
        (np.array(["a"]), SR, "nothing to play"),
    ],
)
def test_what_cannot_be_played_is_one_sentence(y: np.ndarray, sr: int, words: str) -> None:
    with pytest.raises(AudioCourseError, match=words):
        listen(y, sr, label="x")


class Images(HTMLParser):
    """Collects the images of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.alts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.alts.append(dict(attrs).get("alt") or "")


def test_a_figure_says_what_is_in_it(shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    fig, (left, right) = plt.subplots(1, 2)
    left.plot([0, 1, 2], [1.0, 5.0, -2.0], label="level")
    left.set(xlabel="time (s)", ylabel="level (dB)", title="A")
    right.imshow(np.arange(12).reshape(3, 4))
    right.set(xlabel="frame", ylabel="bin")
    show(fig, says='Look at the "peak".')
    images = Images()
    images.feed(shown[0])
    printed = capsys.readouterr().out
    assert "A: level (dB) over time (s)." in printed
    assert "level: −2 to 5, highest at 1." in printed
    assert "image of 12 values from 0 to 11." in printed
    assert images.alts[0].startswith('Look at the "peak".')
    assert "highest at 1" in images.alts[0]
    assert re.search(r"<details[^>]*><summary>Numbers</summary><pre[^>]*>[^<]*highest at 1\.", shown[0])
    assert not plt.fignum_exists(fig.number)


def test_the_numbers_change_with_the_data(shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for top in (5.0, 6.0):
        fig, ax = plt.subplots()
        ax.plot([0, 1], [0.0, top], label="x")
        ax.set(xlabel="a", ylabel="b")
        show(fig, says="s")
    assert "0 to 5" in (out := capsys.readouterr().out)
    assert "0 to 6" in out
    assert len(shown) == 2


def test_bars_and_constants_are_said(shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    fig, ax = plt.subplots()
    ax.bar(["a", "b"], [1.25, 3.0], label="errors")
    ax.axhline(2.0, label="border")
    ax.set(xlabel="detector", ylabel="error")
    show(fig, says="s")
    out = capsys.readouterr().out
    assert "bars errors: 1.25, 3." in out
    assert "border: constant at 2." in out
    assert shown


@pytest.mark.usefixtures("shown")
def test_horizontal_bars_are_as_long_as_they_are_wide(capsys: pytest.CaptureFixture[str]) -> None:
    fig, ax = plt.subplots()
    ax.barh(["a", "b"], [1.25, 3.0], label="errors")
    ax.set(xlabel="error", ylabel="detector")
    show(fig, says="s")
    assert "bars errors: 1.25, 3." in capsys.readouterr().out


@pytest.mark.usefixtures("shown")
def test_marked_intervals_are_listed_and_added_up(capsys: pytest.CaptureFixture[str]) -> None:
    fig, (one, many) = plt.subplots(2, 1)
    one.axvspan(1.0, 2.5)
    for start in (0, 2, 4, 6):
        many.axvspan(start, start + 1.5)
    for ax in (one, many):
        ax.set(xlabel="time (s)", ylabel="level")
    show(fig, says="s")
    out = capsys.readouterr().out
    assert "marked: 1 to 2.5." in out
    assert "marked: 4 intervals: 0 to 1.5, 2 to 3.5, 4 to 5.5, …; together 6." in out


def test_a_figure_without_labels_is_refused() -> None:
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    with pytest.raises(AudioCourseError, match="no label"):
        show(fig, says="x")
    with pytest.raises(AudioCourseError, match="empty"):
        show(plt.figure(), says="x")


def test_html_is_escaped() -> None:
    assert page.escape("<script>") == "&lt;script&gt;"


def over_time(label: str = "time (s)") -> plt.Figure:
    fig, ax = plt.subplots()
    ax.plot([0.0, 1.0], [0.0, 1.0], label="y")
    ax.set(xlabel=label, ylabel="amplitude")
    return fig


def test_a_playing_figure_prints_its_numbers_and_those_of_its_sound(
    shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    show(over_time(), says="A ramp.", sound={"a tone": (TONE, SR), "softer": (0.5 * TONE, SR)})
    printed = capsys.readouterr().out
    assert "y: 0 to 1, highest at 1." in printed
    assert "a tone: 1.00 s at 16000 Hz" in printed and "to match the softest" in printed
    assert len(re.findall(r"<audio ", shown[0])) == 2
    images = Images()
    images.feed(shown[0])
    assert images.alts[0].startswith("A ramp.")


def test_nothing_is_printed_beside_the_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plains: list[str] = []
    for name in ("listen", "show"):
        module = sys.modules[f"audiocourse.learn.display.{name}"]
        monkeypatch.setattr(module, "put", lambda html, plain: plains.append(plain))  # noqa: ARG005
    listen(TONE, SR, label="tone")
    show(over_time(), says="A ramp.")
    show(over_time(), says="A ramp.", sound=(TONE, SR))
    assert capsys.readouterr().out == ""
    level = "1.00 s at 16000 Hz, peak −20.0 dBFS, RMS −23.0 dB re full scale"
    numbers = "amplitude over time (s).\n  y: 0 to 1, highest at 1."
    assert plains == [
        f"[player] tone: {level}",
        f"[figure] A ramp.\n{numbers}",
        f"[playing figure] A ramp.\n{numbers}\nsound: {level}",
    ]


def test_what_cannot_play_along_is_one_sentence(refuses: Refuses) -> None:
    with refuses("no time axis", "time (s)"):
        show(over_time("frame"), says="Frames.", sound=(TONE, SR))
    with refuses("one rate", "resample"):
        show(over_time(), says="Two rates.", sound={"a": (TONE, SR), "b": (TONE, 8_000)})
    plt.close("all")
