"""Turning a knob: a slider in JupyterLab, a few of its positions where no one can turn it."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from inspect import signature
from typing import TypeVar

from audiocourse.errors import AudioCourseError
from audiocourse.learn.files import progress

T = TypeVar("T", int, float, str)


def explore(view: Callable[[T], None], *, knob: str, positions: Sequence[T], stills: Sequence[T]) -> None:
    """Give a student a knob to turn, and show and play what it does.

    A kernel that a student works in shows a slider over all positions, starting at the first still. Under a test, in
    CI, and where ipywidgets is missing, the stills are shown below each other: that is what a stored notebook holds.

    Parameters
    ----------
    view : Callable
        Called with a position; it shows, plays and prints.
    knob : str
        What the knob changes, with its unit: it is written beside the slider and before each still.
    positions : Sequence
        All positions, in order.
    stills : Sequence
        The positions to show without a slider, the most telling ones.

    Raises
    ------
    AudioCourseError
        If there are no stills, or one is not among the positions.
    """
    if not stills or any(still not in positions for still in stills):
        raise AudioCourseError(f"The stills {list(stills)} must be among the positions {list(positions)} of the knob.")
    if not (progress.is_on() and importlib.util.find_spec("ipywidgets")):
        for still in stills:
            print(f"{knob}: {still}")
            view(still)
        return
    from IPython.display import display

    widgets = importlib.import_module("ipywidgets")
    slider = widgets.SelectionSlider(
        options=list(positions),
        value=stills[0],
        description=knob,
        continuous_update=False,  # a figure for each position on the way would queue up
        style={"description_width": "initial"},
        layout={"width": "28em"},
    )
    (argument,) = signature(view).parameters
    output = widgets.interactive_output(view, {argument: slider})
    display(widgets.VBox([slider, output]))
