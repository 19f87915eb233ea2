"""The progress line: what pip and uv print, turned into what, how much and how long still."""

from __future__ import annotations

import io

import pytest

from audiocourse.setup.progress import LINE_WIDTH, ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def last(terminal: io.StringIO) -> str:
    return terminal.getvalue().rpartition("\r")[2].strip()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_pips_bytes_become_a_share_and_a_time(clock: Clock) -> None:
    terminal = Terminal()
    line = ProgressLine(500.0, stream=terminal, clock=clock)
    line.read("Collecting numpy")
    assert terminal.getvalue() == "", "nothing is known yet"
    line.read("  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (20.0 MB)")
    clock.seconds = 2.0
    line.read("  Downloading torch-2.11.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl (180.0 MB)")
    clock.seconds = 10.0
    line.read("Progress 80000000 of 180000000")
    assert line.done_mb == pytest.approx(100.0), "the file before has arrived"
    assert last(terminal) == "audiocourse: downloading torch, 0.10 of 0.5 GB, about 40 s left"
    clock.seconds = 60.0
    line.read("Progress 80000000 of 180000000")
    assert last(terminal).endswith("about 4 min left")


def test_what_was_kept_from_an_earlier_download_counts_too(clock: Clock) -> None:
    line = ProgressLine(500.0, stream=Terminal(), clock=clock)
    line.read("  Using cached torch-2.11.0-cp311.whl (530.6 MB)")
    line.read("  Downloading six-1.17.0-py2.py3-none-any.whl.metadata (11 kB)")
    line.read("  Downloading six-1.17.0-py2.py3-none-any.whl (11 kB)")
    assert line.done_mb == pytest.approx(530.6)


def test_uv_says_itself_what_has_arrived(clock: Clock) -> None:
    terminal = Terminal()
    line = ProgressLine(500.0, stream=terminal, clock=clock)
    for text in ("Downloading torch (181.2MiB)", "Downloading scipy (33.0MiB)", " Downloaded scipy"):
        line.read(text)
    assert line.done_mb == pytest.approx(33.0)
    line.read("Prepared 180 packages in 12.00s")
    assert "unpacking" in last(terminal)


def test_a_broken_connection_is_said(clock: Clock) -> None:
    terminal = Terminal()
    ProgressLine(500.0, stream=terminal, clock=clock).read("WARNING: Retrying (Retry(total=4)) after connection broken")
    assert "trying again" in last(terminal)


def test_the_line_is_overwritten_and_in_the_end_cleared(clock: Clock) -> None:
    terminal = Terminal()
    line = ProgressLine(500.0, stream=terminal, clock=clock)
    line.show("x" * 200)
    line.show("short")
    assert "\n" not in terminal.getvalue() and last(terminal) == "audiocourse: short"
    shown = terminal.getvalue().split("\r")
    assert len(shown[1]) == len(shown[2]) == LINE_WIDTH, "the rest of the longer text is painted over"
    line.close()
    assert last(terminal) == ""


def test_a_log_gets_a_line_now_and_then(clock: Clock) -> None:
    log = io.StringIO()
    line = ProgressLine(500.0, stream=log, clock=clock)
    for second in range(40):
        clock.seconds = float(second)
        line.show(f"{second}")
    assert log.getvalue().splitlines() == ["audiocourse: 0", "audiocourse: 15", "audiocourse: 30"]
