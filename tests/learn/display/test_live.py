"""The growing text: its end under a test, a button and a thread for somebody who sits in front of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import ipywidgets
import pytest

from audiocourse import AudioCourseError
from audiocourse.learn.display.live import live
from audiocourse.learn.files import progress


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[ipywidgets.VBox]:
    """Somebody sits there: what is displayed to them."""
    found: list[ipywidgets.VBox] = []
    monkeypatch.setattr(progress, "is_on", lambda: True)
    monkeypatch.setattr("IPython.display.display", found.append)
    return found


def finished() -> None:
    for thread in threading.enumerate():
        if thread.daemon and thread is not threading.main_thread() and thread.name.endswith("(_run)"):
            thread.join(timeout=5)


def test_without_a_student_the_last_text_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    live(lambda: iter(["a", "a b"]), label="Captions")
    live(lambda: iter([]), label="Nothing said")
    assert capsys.readouterr().out == "Captions\na b\nNothing said\n\n"


def test_a_button_starts_it_and_it_ends_by_itself(shown: list[ipywidgets.VBox]) -> None:
    live(lambda: (text for text in ["a", "a <b>"]), label="Captions")
    button, page = shown[0].children
    assert "Captions" in page.value
    button.value = True
    finished()
    assert "a &lt;b&gt;</pre>" in page.value
    assert button.value is False


def test_the_button_stops_it_and_closes_what_was_open(shown: list[ipywidgets.VBox]) -> None:
    closed, first, go_on = [], threading.Event(), threading.Event()

    def texts() -> Iterator[str]:
        try:
            yield "one"
            first.set()
            go_on.wait(5)
            yield "two"
            yield "three"
        finally:
            closed.append(True)

    live(texts, label="Captions")
    button, page = shown[0].children
    button.value = True
    assert first.wait(5)
    button.value = False
    go_on.set()
    finished()
    assert "two" in page.value
    assert closed == [True]


def test_a_microphone_that_vanishes_leaves_the_text_and_a_sentence(shown: list[ipywidgets.VBox]) -> None:
    def texts() -> Iterator[str]:
        yield "heard so far"
        raise AudioCourseError("The microphone has stopped.")

    live(texts, label="Captions")
    button, page = shown[0].children
    button.value = True
    finished()
    assert "heard so far\nThe microphone has stopped." in page.value
    assert button.value is False
