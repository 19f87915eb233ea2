"""What a student reads and hears after a check."""

from __future__ import annotations

import re
import signal as signals
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audiocourse import AudioCourseError, check, mine_or_reference, signal, status
from audiocourse.course import load_course
from audiocourse.learn.checking import limits
from audiocourse.learn.checking.runner import run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.learn.display.feedback import (
    DONE,
    NOT_STARTED,
    OPEN,
    CheckFailed,
    _show_not_implemented,
    calm_blanks,
    give_feedback,
)
from audiocourse.learn.files import progress

Pages = list[tuple[str, str]]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Collect what would be displayed, as (html, plain text)."""
    shown: Pages = []
    for name in ("display.listen", "display.feedback", "api"):
        module = sys.modules[f"audiocourse.learn.{name}"]
        monkeypatch.setattr(module, "put", lambda html, plain: shown.append((html, plain)))
    return shown


def wrapped(y: np.ndarray) -> np.ndarray:
    return np.round(y * 32767.0).astype(np.int32).astype(np.int16)


def test_of_a_wrong_sound_one_hears_yours_the_right_one_and_the_difference(pages: Pages) -> None:
    task = load_course().find_task("to_pcm16")
    report = run_checks(
        task, LocalStudent({"to_pcm16": lambda y: np.floor(y * 32767.0).astype(np.int32).astype(np.int16)})
    )
    label = "samples beyond full scale are clipped; they do not wrap around"
    outcomes = tuple(outcome for outcome in report.outcomes if outcome.label == label)
    give_feedback(type(report)(report.task, outcomes))
    players = "".join(html for html, _ in pages)
    assert re.findall(r'<audio[^>]* aria-label="([^"]+)"', players) == ["yours", "right", "difference"]
    assert "difference: 1.00 s" in pages[-1][1]


def test_check_displays_and_raises(pages: Pages) -> None:
    with pytest.raises(CheckFailed, match="checks pass"):
        check("to_pcm16", wrapped)
    html, plain = pages[0]
    assert "role='status'" in html
    assert plain.startswith("to_pcm16: ")
    assert plain.splitlines()[1].startswith("This looks like")
    assert plain.splitlines()[-1].startswith("Last call: to_pcm16(⟨float32, shape (")


def test_a_misconception_beside_another_fault_is_not_named(pages: Pages) -> None:
    with pytest.raises(CheckFailed):
        check("to_pcm16", lambda y: np.floor(y * 32767).astype(np.int32).astype(np.int16))  # wraps, and rounds down
    assert "This looks like" not in pages[0][1]


def test_check_on_a_right_answer_is_quiet(pages: Pages) -> None:
    check("to_pcm16", lambda y: np.round(np.clip(y, -1, 1) * 32767.0).astype(np.int16))
    assert "Done." in pages[0][1]
    assert load_course().find_task("to_pcm16").after in pages[0][1]


def blank(y: np.ndarray) -> np.ndarray:
    raise NotImplementedError("Task 1.1")


def test_a_blank_gets_a_calm_note_and_no_error(pages: Pages) -> None:
    assert check("to_pcm16", blank) is None
    ((html, plain),) = pages
    assert plain.startswith("to_pcm16: not started.")
    assert NOT_STARTED in html
    assert OPEN not in html


def test_the_colours_of_what_was_started(pages: Pages) -> None:
    with pytest.raises(CheckFailed):
        check("to_pcm16", wrapped)
    check("to_pcm16", lambda y: np.round(np.clip(y, -1, 1) * 32767.0).astype(np.int16))
    assert OPEN in pages[0][0] and DONE in pages[-1][0]


def test_a_blank_earns_nothing_where_nbgrader_counts_cells_without_an_error(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(progress.NBGRADER, "autograde")
    with pytest.raises(CheckFailed, match="not started"):
        check("to_pcm16", blank)
    assert pages


def test_the_reference_itself_is_no_answer(pages: Pages) -> None:
    with pytest.raises(CheckFailed):
        check("to_pcm16", signal.to_pcm16)
    assert "asks you to write yourself" in pages[0][1]


def test_an_interrupted_check_is_one_sentence(pages: Pages) -> None:
    def endless(y: np.ndarray) -> np.ndarray:
        raise KeyboardInterrupt(y.size)  # what stopping the kernel does to a loop

    with pytest.raises(AudioCourseError, match="never end"):
        check("to_pcm16", endless)
    assert pages == []


posix = pytest.mark.skipif(not hasattr(signals, "setitimer"), reason="the timer of POSIX")


@posix
def test_an_endless_loop_ends_with_a_sentence(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS_PER_TASK", 0.5)

    def endless(y: np.ndarray) -> np.ndarray:
        while True:
            y = y + 0

    begin = time.monotonic()
    with pytest.raises(AudioCourseError, match=r"to_pcm16: stopped after 0 s; does one of its loops never end\?"):
        check("to_pcm16", endless)
    assert time.monotonic() - begin < 10 and pages == []


@posix
def test_memory_that_grows_ends_with_a_sentence(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BYTES_PER_TASK", 50e6)
    kept: list[np.ndarray] = []

    def greedy(y: np.ndarray) -> np.ndarray:
        for _ in range(3000):
            kept.append(np.ones(100_000))
            time.sleep(0.001)
        return y

    with pytest.raises(AudioCourseError, match="GB more memory"):
        check("to_pcm16", greedy)
    assert len(kept) < 3000 and pages == []


@posix
def test_the_limit_around_a_limit_still_counts() -> None:
    begin = time.monotonic()
    with pytest.raises(limits.TooSlow), limits.time_limit(0.5), limits.time_limit(60.0):
        while True:
            time.sleep(0.01)
    assert time.monotonic() - begin < 10
    with limits.time_limit(60.0):
        with pytest.raises(limits.TooSlow), limits.time_limit(0.2):
            time.sleep(5)
        assert signals.getitimer(signals.ITIMER_REAL)[0] > 0, "the outer one goes on"
    assert signals.getitimer(signals.ITIMER_REAL)[0] == 0


def test_text_of_an_answer_cannot_become_html(pages: Pages) -> None:
    def loud(y: np.ndarray) -> np.ndarray:
        raise ValueError(f"<script>{y.size}</script>")

    with pytest.raises(CheckFailed):
        check("to_pcm16", loud)
    assert "<script>" not in pages[0][0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: check("explain_vad"), "graded by a person"),
        (lambda: check("loudness"), "no task 'loudness'"),
        (lambda: mine_or_reference("hangover", use="mine"), "no hangover in this notebook yet"),
        (lambda: mine_or_reference("detect_speech"), "every good answer to an open task is different"),
    ],
)
def test_wrong_calls_are_one_sentence(call: Callable[[], object], words: str) -> None:
    with pytest.raises(AudioCourseError, match=words):
        call()


def test_later_stages_get_mine_when_it_is_right_and_the_reference_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def right(y: np.ndarray) -> np.ndarray:
        return np.round(np.clip(y, -1, 1) * 32767.0).astype(np.int16)

    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "to_pcm16", right, raising=False)
    assert mine_or_reference("to_pcm16") is right
    monkeypatch.setattr(main, "to_pcm16", wrapped)
    assert mine_or_reference("to_pcm16") is signal.to_pcm16
    assert mine_or_reference("to_pcm16", use="mine") is wrapped
    assert mine_or_reference("to_pcm16", use="reference") is signal.to_pcm16
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "to_pcm16: yours"
    assert "yours is not right yet" in said[1]


def test_status_is_a_line_and_a_bar_for_each_notebook_with_its_tasks_folded(pages: Pages) -> None:
    status()
    html, plain = pages[0]
    notebooks = [notebook for notebook in load_course().notebook if notebook.task]
    assert html.count("<details>") == html.count("<progress") == len(notebooks)
    assert html.count("scope='col'") == 3 * len(notebooks)
    assert "5.3 Two thresholds" in html
    assert [line.split()[0] for line in plain.splitlines()[1:]] == [notebook.name for notebook in notebooks]


def test_status_counts_the_points_of_a_notebook(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"tasks": {"duration_seconds": {"passed": 3, "of": 3, "points": 1}}, "hints": {}, "predictions": {}}
    monkeypatch.setattr("audiocourse.learn.files.progress.read_progress", lambda: kept)
    status()
    html, plain = pages[0]
    assert "<progress value='1' max='1' aria-label='points in 00_start_here'" in html
    assert "00_start_here           1 of 1 points" in plain


class Shell:
    """Plays IPython's shell: notes what is shown in red."""

    def __init__(self) -> None:
        self.red: list[Exception] = []

    def showtraceback(self, found: tuple[Any, Exception, Any], *, tb_offset: int | None) -> None:  # noqa: ARG002
        self.red.append(found[1])


@pytest.mark.parametrize(("message", "is_calm"), [("Task 0.1: How long is a sound?", True), ("my own", False)])
def test_a_cell_that_calls_a_blank_gets_a_calm_note(pages: Pages, message: str, is_calm: bool) -> None:
    shell = Shell()
    _show_not_implemented(shell, NotImplementedError, NotImplementedError(message), None)
    assert (len(pages), len(shell.red)) == ((1, 0) if is_calm else (0, 1))
    assert not is_calm or pages[0][1] == f"This cell needs {message}, which is not written yet."


def test_only_a_students_kernel_is_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[type[Exception], ...]] = []
    shell = SimpleNamespace(set_custom_exc=lambda kinds, _: calls.append(kinds))
    monkeypatch.setattr("IPython.core.interactiveshell.InteractiveShell.initialized", lambda: True)
    monkeypatch.setattr("IPython.core.interactiveshell.InteractiveShell.instance", lambda: shell)
    calm_blanks()
    assert calls == []
    monkeypatch.setattr("audiocourse.learn.files.progress.is_on", lambda: True)
    calm_blanks()
    assert calls == [(NotImplementedError,)]
