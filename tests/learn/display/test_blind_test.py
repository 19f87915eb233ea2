"""A listening test: a simulated listener where no one listens, bytes that do not give X away, results that are kept."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Refuses

from audiocourse import AudioCourseError, blind_test
from audiocourse.learn.display.blind_test import MAX_GAIN_DB, as_sent, identify
from audiocourse.learn.display.html import collected
from audiocourse.learn.display.listen import stimuli_of
from audiocourse.learn.listening.results import read_results

SR = 8_000
TONE = (0.2 * np.sin(2 * np.pi * 440 * np.arange(SR // 4) / SR)).astype(np.float32)
NOISE = (0.05 * np.random.default_rng(0).standard_normal(SR // 4)).astype(np.float32)
PAIR = {"tone": TONE, "noise": NOISE}


class Widget:
    """Stands where anywidget would: keeps what is sent to the page, and speaks for it."""

    def __init__(self, *_: str, **state: object) -> None:
        self.state = state
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []

    def on_msg(self, callback: Callable[..., None]) -> None:
        self.speak = lambda message: callback(self, message, [])

    def send(self, message: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.sent.append((message, buffers or []))


@pytest.fixture
def page(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Widget]:
    """Give the test to a student, and return what is on the page."""
    assert clone.is_dir()
    shown: list[Widget] = []
    monkeypatch.setattr(sys.modules["audiocourse.learn.display.blind_test"], "widget", Widget)
    monkeypatch.setattr("IPython.display.display", shown.append)

    def begin(*arguments: Any, **options: Any) -> Widget:
        blind_test(*arguments, **options)
        shown[-1].speak({})
        return shown[-1]

    return begin


def samples(data: bytes) -> np.ndarray:
    return np.frombuffer(data, "<i2").astype(float)


def closest(page: Widget, key: str, others: str) -> str:
    """What correlation could find out: which other sound of the trial has the same content."""
    message, buffers = page.sent[-1]
    at = {name: samples(data) for name, data in zip(message["keys"], buffers, strict=True)}
    return max(others, key=lambda other: abs(np.corrcoef(at[key], at[other])[0, 1]))


@pytest.mark.parametrize(
    ("kind", "sounds", "words"),
    [
        ("abx", PAIR, "hears the difference in 80 % of trials"),
        ("preference", PAIR, "answers prefer “tone” to “noise”"),
        ("staircase", {"tone": TONE, **{f"{n}": TONE + n * NOISE for n in (4, 3, 2, 1)}}, "Threshold: "),
        ("mushra", {**PAIR, "both": TONE + NOISE}, "tone (the hidden reference): 9"),
    ],
)
def test_a_simulated_listener_takes_it_and_says_so(kind: Any, sounds: dict[str, np.ndarray], words: str) -> None:
    pages = []
    for _ in range(2):
        with collected() as page:
            blind_test(sounds, SR, kind=kind, question="Which <one>?")
        pages.append(page)
    assert pages[0].plain == pages[1].plain, "the same in each run"
    assert "A simulated listener took this test" in pages[0].plain
    assert "Run this cell yourself" in pages[0].plain
    assert "Which &lt;one&gt;?" in pages[0][-1]
    assert words in pages[0].plain


def test_a_test_is_taken_from_first_to_last_trial_and_kept(page: Callable[..., Widget]) -> None:
    shown = page(PAIR, SR, trials=6, question="Tone or noise?")
    for number in range(6):
        message, buffers = shown.sent[-1]
        assert message["trial"] == number
        assert message["keys"] == ["A", "B", "X"]
        assert len({len(data) for data in buffers}) == 1, "the length tells nothing"
        shown.speak({"trial": number, "answer": "AB".index(closest(shown, "X", "AB"))})
    (line, *_) = shown.sent[-1][0]["result"]
    assert line.startswith("6 of 6 right; chance alone gives that many or more in 1.6 % of tests")
    (kept,) = read_results()
    assert (kept.question, kept.kind, kept.labels, kept.trials, kept.count) == (
        "Tone or noise?",
        "abx",
        ("tone", "noise"),
        6,
        6,
    )


def test_no_message_and_no_state_says_what_x_is(page: Callable[..., Widget]) -> None:
    """Everything but the samples is the same whether X is A or B; the samples never equal those of A or B."""
    messages = {"A": set(), "B": set()}
    shown = page(PAIR, SR, trials=20)
    state = repr(shown.state)
    for number in range(20):
        message, buffers = shown.sent[-1]
        assert len(set(buffers)) == 3, "X has bytes of its own"
        messages[closest(shown, "X", "AB")].add(repr({**message, "trial": None}))
        shown.speak({"trial": number, "answer": 0})
    assert messages["A"] == messages["B"] and len(messages["A"]) == 1
    assert repr(shown.state) == state
    assert "noise" not in state and "tone" not in state


def test_what_is_sent_differs_each_time_and_sounds_the_same(rng: np.random.Generator) -> None:
    sent = [samples(as_sent(TONE, rng)) for _ in range(50)]
    assert len({tuple(y) for y in sent}) == 50
    for y in sent:
        gain = y @ TONE / (TONE @ TONE) / 32767
        assert abs(20 * np.log10(gain)) < MAX_GAIN_DB + 0.01
        assert np.abs(y - 32767 * gain * TONE).max() <= 2.5, "dither of one step, and rounding"


def test_an_answer_counts_once(page: Callable[..., Widget]) -> None:
    shown = page(PAIR, SR, trials=2)
    for _ in range(3):
        shown.speak({"trial": 0, "answer": 0})
    assert shown.sent[-1][0]["trial"] == 1
    shown.speak({"trial": 1, "answer": 0})
    shown.speak({"trial": 1, "answer": 0})
    shown.speak({})
    assert shown.sent[-1][0]["result"] == shown.sent[-2][0]["result"]
    assert len(read_results()) == 1


def test_ratings_have_sliders_for_the_hidden_sounds_only(page: Callable[..., Widget]) -> None:
    shown = page({**PAIR, "both": TONE + NOISE}, SR, kind="mushra")
    message, _ = shown.sent[-1]
    assert message["keys"] == ["R", "A", "B", "C", "D"]
    assert message["rated"] == ["A", "B", "C", "D"]
    shown.speak({"trial": 0, "answer": [50, 50, 50, 50]})
    assert "below 90" in " ".join(shown.sent[-1][0]["result"])
    assert set(read_results()[0].ratings) == {"tone", "noise", "both", "anchor (low-pass at 3.5 kHz)"}


@pytest.mark.parametrize("equal_loudness", [True, False])
def test_loudness_is_matched_unless_level_is_the_lesson(equal_loudness: bool) -> None:
    stimuli = stimuli_of({"loud": 4 * TONE, "soft": NOISE[:1000]}, SR, equal_loudness=equal_loudness)
    assert {y.shape for y in stimuli.values()} == {(1, len(TONE))}
    assert max(np.abs(y).max() for y in stimuli.values()) <= 10 ** (-6 / 20) * 1.001
    loud, soft = (float(np.sqrt(np.mean(y[:, 100:900] ** 2))) for y in stimuli.values())
    asked = 1 if equal_loudness else 0.8 / np.sqrt(2) / 0.05
    assert loud / soft == pytest.approx(asked, rel=0.1)


def test_bad_input_is_one_sentence(refuses: Refuses) -> None:
    with refuses("no kind of test 'telepathy'", "abx, preference, staircase, mushra"):
        blind_test(PAIR, SR, kind="telepathy")  # type: ignore[arg-type]
    with refuses("trials is 0"):
        blind_test(PAIR, SR, trials=0)
    with refuses("hears is 80"):
        blind_test(PAIR, SR, hears=80)
    with refuses("'silence' is silent"):
        blind_test({"tone": TONE, "silence": 0 * TONE}, SR)
    with refuses("the same number of channels"):
        blind_test({"tone": TONE, "stereo": np.stack([TONE, TONE])}, SR)


RIGHT = {"tone": "a tone", "noise": "a noise"}


def test_a_simulated_listener_identifies_each_sound_once() -> None:
    with collected() as shown:
        answers = identify(PAIR, SR, right=RIGHT, choices=["a tone", "a noise", "a voice"], hears=1.0)
    assert answers == RIGHT
    assert "2 of 2 answers are right" in shown.plain
    assert "simulated listener" in shown.plain


def test_a_student_identifies_with_buttons_and_the_page_does_not_name_the_sound(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clone.is_dir()
    shown: list[Widget] = []
    monkeypatch.setattr(sys.modules["audiocourse.learn.display.blind_test"], "widget", Widget)
    monkeypatch.setattr("IPython.display.display", shown.append)
    answers = identify(PAIR, SR, right=RIGHT, choices=["a tone", "a noise"])
    page = shown[-1]
    page.speak({})
    for trial in range(2):
        message = page.sent[-1][0]
        assert message["keys"] == ["X"]
        assert message["choices"] == ["a tone", "a noise"]
        assert not any(label in str(message) for label in PAIR if label not in str(message["choices"]))
        page.speak({"trial": trial, "answer": 0})
    assert answers == {"tone": "a tone", "noise": "a tone"}
    assert "1 of 2" in page.sent[-1][0]["result"][0]
    (result,) = read_results()
    assert (result.kind, result.trials, result.count) == ("identification", 2, 1)


@pytest.mark.parametrize("right", [{"tone": "a tone"}, {"tone": "a tone", "noise": "a dog"}])
def test_sounds_without_a_right_answer_are_refused(right: dict[str, str]) -> None:
    with pytest.raises(AudioCourseError):
        identify(PAIR, SR, right=right, choices=["a tone", "a noise"])
