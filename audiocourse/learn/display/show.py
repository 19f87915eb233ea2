"""Figures that everyone can read: each has an alternative text computed from its data, and a printed summary."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.diagnose import number
from audiocourse.learn.display.html import escape, put

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 90


def show(fig: Figure, *, says: str) -> None:
    """Display a figure with a caption and an alternative text, and print the numbers in it.

    The picture goes out as HTML with an ``alt`` text (the alternative text of a plain PNG output is lost in
    JupyterLab). The printed lines are what a test compares: pictures differ between machines, numbers must not.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; it is closed afterwards. Each axes needs labels on both axes.
    says : str
        One sentence: what to see in it.

    Raises
    ------
    AudioCourseError
        If the figure has no axes, or an axis has no label.
    """
    from matplotlib import pyplot

    plots = [axes for axes in fig.axes if axes.get_label() != "<colorbar>"]
    if not plots:
        raise AudioCourseError("The figure is empty; draw something before you show it.")
    lines = [line for axes in plots for line in _described(axes)]
    picture = io.BytesIO()
    fig.savefig(picture, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None})
    pyplot.close(fig)
    data = base64.b64encode(picture.getvalue()).decode()
    alt = escape(f"{says} {' '.join(lines)}")
    put(
        f'<figure style="margin:0.4em 0"><img alt="{alt}" src="data:image/png;base64,{data}" style="max-width:100%">'
        f"<figcaption>{escape(says)}</figcaption></figure>",
        f"[figure] {says}",
    )
    print("\n".join(lines))


def _described(axes: Axes) -> Iterator[str]:
    """Describe a plot: title and axes, then each labelled line, image, bar group and marked span with its numbers."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Rectangle

    x = axes.get_xlabel()
    y = axes.get_ylabel()
    if not (x and y):
        raise AudioCourseError("An axis has no label; say what it shows and its unit (axes.set(xlabel=…, ylabel=…)).")
    title = f"{axes.get_title()}: " if axes.get_title() else ""
    yield f"{title}{y} over {x}."
    for line in axes.get_lines():
        label = str(line.get_label())
        if not label.startswith("_"):
            yield f"  {label}: {_curve(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float))}."
    for image in [*axes.images, *[c for c in axes.collections if getattr(c, "get_array", lambda: None)() is not None]]:
        values: np.ndarray = np.ma.masked_invalid(np.ma.asarray(image.get_array())).compressed()
        if not values.size:
            continue
        yield f"  image of {values.size} values from {_rounded(values.min())} to {_rounded(values.max())}."
    for patch in axes.collections:
        if isinstance(patch, PolyCollection) and patch.get_array() is None:
            extents = [np.asarray(path.vertices)[:, 0] for path in patch.get_paths()]
            label = str(patch.get_label())
            yield f"  {'filled' if label.startswith('_') else label}: {_intervals(extents)}."
    bars_of = {id(bar) for bars in axes.containers for bar in bars}
    rectangles = [patch for patch in axes.patches if isinstance(patch, Rectangle) and id(patch) not in bars_of]
    spans = [patch.get_corners()[:, 0] for patch in rectangles]
    if spans:
        yield f"  marked: {_intervals(spans)}."
    for bars in axes.containers:
        long = "get_width" if getattr(bars, "orientation", None) == "horizontal" else "get_height"
        lengths = [getattr(patch, long)() for patch in bars if hasattr(patch, long)]
        yield f"  bars {str(bars.get_label()).lstrip('_')}: {', '.join(map(_rounded, lengths))}."


def _intervals(extents: Sequence[np.ndarray]) -> str:
    """Describe the intervals along x that are filled: their number, the first ones, and the sum of their lengths."""
    pairs = [(float(x.min()), float(x.max())) for x in extents]
    ends = [f"{_rounded(start)} to {_rounded(end)}" for start, end in pairs[:3]]
    if len(pairs) == 1:
        return ends[0]
    more = ", …" if len(pairs) > 3 else ""
    together = _rounded(sum(end - start for start, end in pairs))
    return f"{len(pairs)} intervals: {', '.join(ends)}{more}; together {together}"


def _curve(x: np.ndarray, y: np.ndarray) -> str:
    """Describe a curve: length, range and place of the peak."""
    good = np.isfinite(y)
    if not good.any():
        return "no values"
    x = x[good]
    y = y[good]
    if np.ptp(y) == 0:
        return f"constant at {_rounded(y[0])}"
    highest = int(np.argmax(y >= y.max() - 1e-6 * np.ptp(y)))  # of peaks that only rounding tells apart, the first
    return f"{_rounded(y.min())} to {_rounded(y.max())}, highest at {_rounded(x[highest])}"


def _rounded(value: float) -> str:
    """Three significant digits, so that another CPU prints the same; whole numbers as they are."""
    return number(int(value)) if float(value).is_integer() else number(float(f"{value:.3g}"))
