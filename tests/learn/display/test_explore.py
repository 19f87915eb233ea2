"""The slider: stills under a test, a real slider for somebody who sits in front of it."""

from __future__ import annotations

import ipywidgets
import pytest

from audiocourse.learn import explore
from audiocourse.learn.files import progress


@pytest.fixture
def seen() -> list[int]:
    return []


def test_without_a_student_the_stills_are_shown_and_named(seen: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    explore(seen.append, knob="bits", positions=range(2, 17), stills=(4, 8))
    assert seen == [4, 8]
    assert capsys.readouterr().out == "bits: 4\nbits: 8\n"


def test_a_student_gets_a_slider_that_redraws(seen: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[ipywidgets.VBox] = []
    monkeypatch.setattr(progress, "is_on", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    explore(lambda bits: seen.append(bits), knob="bits", positions=range(2, 17), stills=(4, 8))
    slider, _ = shown[0].children
    assert (slider.description, slider.value, seen) == ("bits", 4, [4])
    slider.value = 12
    assert seen == [4, 12]


def test_without_ipywidgets_a_student_gets_the_stills(seen: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "is_on", lambda: True)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    explore(seen.append, knob="bits", positions=[4, 8], stills=[8])
    assert seen == [8]


@pytest.mark.parametrize("stills", [(), (3,)])
def test_stills_are_positions(stills: tuple[int, ...], refuses, seen: list[int]) -> None:
    with refuses("positions [4, 8] of the knob"):
        explore(seen.append, knob="bits", positions=[4, 8], stills=stills)
