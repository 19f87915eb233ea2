"""Turning a knob: its positions are drawn once, and a slider in the page itself shows one of them at a time."""

from __future__ import annotations

import asyncio
import contextlib
import io
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any, TypeVar

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.learn.display.html import collected, escape, put
from audiocourse.learn.display.script import on_one_line
from audiocourse.learn.files import progress

T = TypeVar("T", int, float, str)

MAX_BYTES = 6_000_000  # of the HTML of one slider: a notebook with several must still open at once
IDLE_SECONDS = 0.05  # a kernel in which no cell ran for so long has nothing to do
TO_COME = "The other positions are drawn while the kernel is idle."
STYLE = """
.ac-knob { display: flex; gap: 0.6em; align-items: center; margin: 0.4em 0; }
.ac-knob[hidden] { display: none; } .ac-knob input { width: 24em; max-width: 60vw; }
.ac-heading { font-weight: bold; margin: 0.8em 0 0.2em; } .ac-explore-on .ac-heading { display: none; }
""".replace("\n", " ")

_drawing: dict[object, asyncio.Task[None]] = {}  # what is drawn while the kernel is idle, by cell and view


@dataclass(frozen=True)
class Panel:
    """What a view shows and prints at a position; ``at`` is the number of the position."""

    at: int
    name: str
    html: str
    plain: str


def explore(view: Callable[[T], None], *, knob: str, positions: Sequence[T], stills: Sequence[T]) -> None:
    """Give a student a knob to turn, and show and play what it does.

    Each position is drawn once, and a slider switches between them in the page: it needs no kernel. A kernel in which a
    student works shows the first still at once and draws the other positions while it has nothing else to do. Under a
    test, in CI and in a stored notebook the slider has the stills only; where scripts do not run, they are visible
    below each other.

    Parameters
    ----------
    view : Callable
        Called with a position; it shows, plays and prints.
    knob : str
        What the knob changes, with its unit: it is written beside the slider and before each still.
    positions : Sequence
        All positions, in order.
    stills : Sequence
        The most telling positions, beginning with the one that the slider starts at.

    Raises
    ------
    AudioCourseError
        If there are no stills, or one is not among the positions.
    """
    if not stills or any(still not in positions for still in stills):
        raise AudioCourseError(f"The stills {list(stills)} must be among the positions {list(positions)} of the knob.")
    slider = Slider(_frozen(view), knob, list(positions), list(stills))
    loop = _kernel_loop()
    if loop is None:
        slider.draw_now(stills)
        slider.display()
        return
    slider.display_id = secrets.token_hex(8)
    slider.draw_now(stills[:1])
    slider.display(note=TO_COME if len(slider.positions) > 1 else "")
    key = (_cell(), getattr(view, "__qualname__", ""), knob)
    if key in _drawing:  # the cell ran again
        _drawing[key].cancel()
    _drawing[key] = loop.create_task(slider.draw_when_idle())


class Slider:
    """The positions of a knob that are drawn so far."""

    def __init__(self, view: Callable[[Any], None], knob: str, positions: list[Any], stills: list[Any]) -> None:
        self.view = view
        self.knob = knob
        self.positions = positions
        self.stills = stills
        self.panels: list[Panel] = []
        self.display_id: str | None = None

    def draw_now(self, positions: Sequence[Any]) -> None:
        """Draw some positions; an error of the view is an error of the cell."""
        self.panels += [self._panel(position) for position in positions]

    async def draw_when_idle(self) -> None:
        """Draw the other stills and show them, then as many of the other positions as the notebook can hold."""
        for still in self.stills[1:]:
            await self._draw_idly(still)
        rest = [position for position in self.positions if position not in self.stills]
        if rest and len(self.stills) > 1:
            self.display(note=TO_COME, update=True)
        for position in self._affordable(rest):
            if self._bytes() < MAX_BYTES:
                await self._draw_idly(position)
        self.panels.sort(key=lambda panel: panel.at)
        share = f"{len(self.panels)} of {len(self.positions)} positions"
        missing = f"{share}; all of them would take more than {MAX_BYTES // 1_000_000} MB."
        self.display(note=missing if len(self.panels) < len(self.positions) else "", update=True)

    async def _draw_idly(self, position: Any) -> None:
        await _idle()
        with _quiet():
            self.panels.append(self._panel(position, forgiving=True))

    def _bytes(self) -> int:
        return sum(len(panel.html) for panel in self.panels)

    def _affordable(self, rest: list[Any]) -> list[Any]:
        """Choose positions, evenly spread, that need together no more bytes than are left; stills tell their size."""
        mean = max(self._bytes() // len(self.panels), 1)
        room = MAX_BYTES // mean - len(self.panels)
        count = min(max(room, 0), len(rest))
        return [rest[round(at)] for at in np.linspace(0, len(rest) - 1, count)]

    def _panel(self, position: Any, *, forgiving: bool = False) -> Panel:
        with collected() as page:
            try:
                self.view(position)
            except Exception as error:
                if not forgiving:
                    raise
                print(str(error) if isinstance(error, AudioCourseError) else f"{type(error).__name__}: {error}")
        at = self.positions.index(position)
        return Panel(at, str(position), "".join(page), page.plain)

    def display(self, *, note: str = "", update: bool = False) -> None:
        """Display what is drawn."""
        plain = "\n".join(f"{self.knob}: {panel.name}\n{panel.plain}".rstrip() for panel in self.panels)
        put(self._html(note), plain, display_id=self.display_id, update=update)

    def _html(self, note: str) -> str:
        panels = "".join(
            f'<div class="ac-position" role="group" aria-label="{escape(f"{self.knob}: {panel.name}")}" '
            f'data-at="{panel.at}" data-name="{escape(panel.name)}">'
            f'<p class="ac-heading">{escape(f"{self.knob}: {panel.name}")}</p>{panel.html}</div>'
            for panel in self.panels
        )
        return (
            f'<div class="ac-explore" data-lm-suppress-shortcuts="true" data-id="{self.display_id or ""}" '
            f'data-first="{self.positions.index(self.stills[0])}">'
            f"<style>{STYLE}</style>"
            f'<div class="ac-knob" hidden><label>{escape(self.knob)} <input type="range" min="0" step="1"></label>'
            f'<strong aria-hidden="true"></strong></div>'
            f"{f'<p>{escape(note)}</p>' if note else ''}{panels}<script>{on_one_line('explore.js')}</script></div>"
        )


def _kernel_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop of a kernel in which a student works, None where there is none."""
    with contextlib.suppress(RuntimeError):
        return asyncio.get_running_loop() if progress.is_on() else None
    return None


def _shell() -> Any:
    from IPython import get_ipython

    return get_ipython()


def _cell() -> str:
    """Return the id of the cell that runs, "" where the page does not tell it."""
    parent: dict[str, Any] = getattr(_shell(), "get_parent", dict)()
    return str(parent.get("metadata", {}).get("cellId", ""))


async def _idle() -> None:
    """Wait until no cell has run for a moment: cells that wait for their turn go first."""
    count = None
    while count != (count := getattr(_shell(), "execution_count", 0)):
        await asyncio.sleep(IDLE_SECONDS)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep warnings and unfinished figures out of the output of the cell that happens to be the last one."""
    before = _figures()
    with contextlib.redirect_stderr(io.StringIO()):
        yield
    for number in _figures() - before:
        sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def _frozen(view: Callable[[T], None]) -> Callable[[T], None]:
    """Return a view for which all names keep the values that they have now: later cells may use the names again."""
    if not isinstance(view, FunctionType):
        return view
    names = dict(view.__globals__)

    def copied(function: FunctionType) -> FunctionType:
        copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
        copy.__kwdefaults__ = function.__kwdefaults__
        return copy

    for name, value in view.__globals__.items():
        if isinstance(value, FunctionType) and value.__globals__ is view.__globals__:
            names[name] = copied(value)
    return copied(view)
