"""The slider: stills under a test; for a student the first still at once and the rest while the kernel is idle."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import matplotlib.pyplot as plt
import pytest
from conftest import Refuses

from audiocourse import AudioCourseError
from audiocourse.learn import explore
from audiocourse.learn.display.html import put
from audiocourse.learn.files import progress

slider_module = sys.modules["audiocourse.learn.display.explore"]  # the package's attribute of this name is the function


@dataclass
class Output:
    """What `put` was called with."""

    html: str
    plain: str
    display_id: str | None
    update: bool

    @property
    def names(self) -> list[str]:
        return re.findall(r'data-name="([^"]*)"', self.html)


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> list[Output]:
    shown: list[Output] = []
    monkeypatch.setattr(
        slider_module,
        "put",
        lambda html, plain, *, display_id=None, update=False: shown.append(Output(html, plain, display_id, update)),
    )
    return shown


@pytest.fixture
def student(monkeypatch: pytest.MonkeyPatch, outputs: list[Output]) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Run a cell in a kernel in which a student works, and let it be idle until all is drawn."""
    monkeypatch.setattr(progress, "is_on", lambda: True)
    monkeypatch.setattr(slider_module, "IDLE_SECONDS", 0.0)

    def run(cell: Callable[[], None]) -> None:
        async def kernel() -> None:
            cell()
            assert len(outputs) == 1, "the cell has ended: one position is shown"
            await asyncio.gather(*slider_module._drawing.values())

        asyncio.run(kernel())

    yield run
    slider_module._drawing.clear()


def named(bits: int) -> None:
    print(f"{bits} <bits>")
    put(f"<b>{bits}</b>", f"[figure] {bits}")


def test_without_a_student_the_stills_are_shown_and_named(outputs: list[Output]) -> None:
    explore(named, knob="bits", positions=range(2, 17), stills=(8, 4))
    (output,) = outputs
    assert output.plain == "bits: 8\n8 <bits>\n[figure] 8\nbits: 4\n4 <bits>\n[figure] 4"
    assert output.names == ["8", "4"]
    assert output.display_id is None
    assert re.search(r"<pre[^>]*>8 &lt;bits&gt;</pre><b>8</b>", output.html), "in the order of the view"
    assert "random" not in output.html and 'data-id=""' in output.html


def test_what_is_stored_is_the_same_each_time(outputs: list[Output]) -> None:
    for _ in range(2):
        explore(named, knob="bits", positions=[4, 8], stills=[4])
    assert outputs[0] == outputs[1]


def test_where_scripts_do_not_run_nothing_is_hidden_but_the_slider(outputs: list[Output]) -> None:
    explore(named, knob="bits", positions=[4, 8], stills=[4, 8])
    assert re.findall(r'<div class="(\S+)" hidden', outputs[0].html) == ["ac-knob"]
    assert outputs[0].html.count('<p class="ac-heading">bits: ') == 2


def test_a_student_sees_the_first_still_at_once_and_later_all(student, outputs: list[Output]) -> None:
    student(lambda: explore(named, knob="bits", positions=range(2, 8), stills=(4, 7)))
    assert [output.names for output in outputs] == [["4"], ["4", "7"], ["2", "3", "4", "5", "6", "7"]]
    assert [output.update for output in outputs] == [False, True, True]
    assert outputs[0].display_id and len({output.display_id for output in outputs}) == 1
    assert all('data-first="2"' in output.html for output in outputs)
    assert "drawn while the kernel is idle" in outputs[1].html
    assert "drawn while the kernel is idle" not in outputs[2].html


def test_what_is_drawn_in_idle_time_prints_into_no_cell(
    student, outputs: list[Output], capsys: pytest.CaptureFixture[str]
) -> None:
    def noisy(bits: int) -> None:
        print(f"{bits} bits")
        if bits > 2:
            sys.stderr.write("careful")

    student(lambda: explore(noisy, knob="bits", positions=[2, 3, 4], stills=[2]))
    assert capsys.readouterr() == ("", "")
    assert "4 bits" in outputs[-1].plain


def test_an_error_in_idle_time_is_a_sentence_and_leaves_no_figure(student, outputs: list[Output]) -> None:
    def fragile(bits: int) -> None:
        if bits == 3:
            plt.figure()
            raise ValueError("no <3>")
        if bits == 4:
            raise AudioCourseError("Four is too much.")
        print("fine")

    before = plt.get_fignums()
    student(lambda: explore(fragile, knob="bits", positions=[2, 3, 4, 5], stills=[2]))
    assert outputs[-1].plain.splitlines() == [
        *("bits: 2", "fine", "bits: 3", "ValueError: no <3>", "bits: 4", "Four is too much.", "bits: 5", "fine")
    ]
    assert "no &lt;3&gt;" in outputs[-1].html
    assert plt.get_fignums() == before


def test_an_error_at_the_first_still_is_an_error_of_the_cell(student) -> None:
    def unsolved(bits: int) -> None:
        raise NotImplementedError(f"Task {bits}")

    with pytest.raises(NotImplementedError, match="Task 2"):
        student(lambda: explore(unsolved, knob="bits", positions=[2, 3], stills=[2]))


shift = 1


def shifted(x: int) -> int:
    return x + shift


def test_a_view_keeps_the_values_that_its_names_had(student, outputs: list[Output]) -> None:
    def view(x: int) -> None:
        print(f"{shift} {shifted(x)}")

    def cells() -> None:
        global shift
        explore(view, knob="x", positions=[0, 10], stills=[0])
        shift = 100  # as a later cell would

    student(cells)
    assert outputs[-1].plain.splitlines() == ["x: 0", "1 1", "x: 10", "1 11"]


@pytest.mark.usefixtures("student")
def test_a_cell_that_runs_again_draws_once(outputs: list[Output]) -> None:
    drawn: list[int] = []

    async def kernel() -> None:
        for _ in range(2):
            explore(drawn.append, knob="bits", positions=[2, 3], stills=[2])
            await asyncio.sleep(0)
        await asyncio.gather(*slider_module._drawing.values())

    asyncio.run(kernel())
    assert drawn == [2, 2, 3]
    assert len(outputs) == 3


@pytest.mark.parametrize(("limit", "count"), [(10_000_000, 41), (20_000, 20), (1_000, 3)])
def test_what_does_not_fit_is_left_out_evenly_and_said(
    student, outputs: list[Output], monkeypatch: pytest.MonkeyPatch, limit: int, count: int
) -> None:
    monkeypatch.setattr(slider_module, "MAX_BYTES", limit)
    stills = [0, 20, 40]
    student(lambda: explore(lambda _: put("x" * 1_000, "x"), knob="at", positions=range(41), stills=stills))
    names = [int(name) for name in outputs[-1].names]
    assert len(names) == count and names == sorted(names)
    assert set(stills) <= set(names)
    gaps = [after - before for before, after in pairwise(names)]
    assert max(gaps) - min(gaps) <= 2 or count == 3
    assert (f"{count} of 41 positions" in outputs[-1].html) == (count < 41)


def test_large_positions_after_small_stills_do_not_break_the_limit(
    student, outputs: list[Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slider_module, "MAX_BYTES", 10_000)
    sizes = [10, *[4_000] * 9]
    student(lambda: explore(lambda at: put("x" * sizes[at], "x"), knob="at", positions=range(10), stills=[0]))
    assert len(outputs[-1].names) == 4


def test_without_a_loop_a_student_gets_the_stills(outputs: list[Output], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "is_on", lambda: True)
    explore(named, knob="bits", positions=[4, 8], stills=[8])
    assert [output.names for output in outputs] == [["8"]]


@pytest.mark.parametrize("stills", [(), (3,)])
def test_stills_are_positions(stills: tuple[int, ...], refuses: Refuses) -> None:
    with refuses("positions [4, 8] of the knob"):
        explore(named, knob="bits", positions=[4, 8], stills=stills)
