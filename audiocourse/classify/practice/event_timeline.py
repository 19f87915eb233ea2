"""The timeline of exercise 4: a row for each class, and in it the events of several lists, one above the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audiocourse.intervals import LabelledSegment
from audiocourse.require import require_classes, require_events
from audiocourse.signal import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def event_timeline(lists: Mapping[str, Sequence[LabelledSegment]], *, classes: Sequence[str], seconds: float) -> Figure:
    """Draw events over time, one row per class and within it one bar height per list, the first list on top.

    Parameters
    ----------
    lists : mapping of str to list of (start, end, label)
        Events in seconds, by a name for each list such as "reference" and "estimate".
    classes : sequence of str
        The rows, from top to bottom.
    seconds : float
        Length of the time axis.

    Returns
    -------
    matplotlib.figure.Figure
        For `show`, with its sound: a click in it plays from there.

    Raises
    ------
    AudioCourseError
        If a list is malformed.

    Notebook: ex04_event_detection
    """
    from matplotlib import pyplot
    from matplotlib.patches import Patch

    names = require_classes(classes)
    fig, ax = pyplot.subplots(figsize=(8, 1.4 + 0.35 * len(names)))
    height = 0.8 / len(lists)
    for number, (name, events) in enumerate(lists.items()):
        require_events(events, name)
        for row, label in enumerate(names):
            spans = [(start, end - start) for start, end, other in events if other == label]
            if spans:
                top = row - 0.4 + number * height
                ax.broken_barh(spans, (top, 0.9 * height), facecolor=f"C{number}", label=f"{name}, {label}")
    _rows(ax, names, seconds)
    handles = [Patch(facecolor=f"C{number}") for number in range(len(lists))]
    ax.legend(handles, list(lists), loc="lower right", bbox_to_anchor=(1, 1), ncols=len(lists), frameon=False)
    return fig


def probability_map(probabilities: FloatArray, *, classes: Sequence[str], frame_seconds: float) -> Figure:
    """Draw one value from 0 to 1 per frame and class [shape=(frames, classes)] as an image, a row for each class.

    Parameters
    ----------
    probabilities : np.ndarray [shape=(frames, classes)]
        Probabilities or targets.
    classes : sequence of str
        The rows, from top to bottom.
    frame_seconds : float
        Duration of a frame.

    Returns
    -------
    matplotlib.figure.Figure

    Notebook: ex04_event_detection
    """
    from matplotlib import pyplot

    names = require_classes(classes)
    values = np.asarray(probabilities, dtype=np.float64).T  # (classes, frames)
    seconds = values.shape[1] * frame_seconds
    fig, ax = pyplot.subplots(figsize=(8, 1.0 + 0.3 * len(names)))
    extent = (0.0, seconds, len(names) - 0.5, -0.5)
    image = ax.imshow(values, aspect="auto", extent=extent, vmin=0, vmax=1, interpolation="nearest")
    fig.colorbar(image, ax=ax, label="value")
    _rows(ax, names, seconds)
    return fig


def _rows(ax: Axes, names: list[str], seconds: float) -> None:
    """Label the axes: time, and a row for each class, the first on top."""
    ax.set(xlabel="time (s)", ylabel="class", xlim=(0, seconds), ylim=(len(names) - 0.5, -0.5))
    ax.set_yticks(range(len(names)), names)
