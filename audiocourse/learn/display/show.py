"""Figures that everyone can read: an alternative text computed from the data, the same numbers in a fold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.diagnose import number
from audiocourse.learn.display.html import escape, put
from audiocourse.learn.display.listen import versions_of
from audiocourse.learn.display.picture import fit, picture_html
from audiocourse.learn.display.player import TimeAxis, Version, player_html
from audiocourse.signal import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

TIME_UNITS = {"time (s)": 1.0, "time (ms)": 0.001}  # labels of axes along which a sound plays


def show(
    fig: Figure,
    *,
    says: str,
    sound: tuple[FloatArray, int] | Mapping[str, tuple[FloatArray, int]] | None = None,
    start: float = 0.0,
    equal_loudness: bool = True,
) -> None:
    """Display a figure with a caption, an alternative text, and the numbers in it.

    The picture goes out as HTML with an ``alt`` text (the alternative text of a plain PNG output is lost in
    JupyterLab); the numbers are in it and in a fold. The same lines are the output as plain text, which is what a
    terminal shows and a test compares: pictures differ between machines, numbers must not.

    With ``sound`` the figure plays: a cursor runs over each axis whose label is a time, a click seeks, a drag loops,
    Space starts and stops, and keys 1, 2, … switch between sounds at the same moment.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; it is closed afterwards. Each axes needs labels on both axes.
    says : str
        One sentence: what to see in it.
    sound : tuple of np.ndarray [shape=(samples,) or (channels, samples)] and int, or mapping of label to such
        Samples and their rate.
    start : float
        The time on the axes at which the sound begins, in seconds.
    equal_loudness : bool
        Whether several sounds are brought to the RMS of the softest.

    Raises
    ------
    AudioCourseError
        If the figure has no axes, an axis has no label, or there is a sound but no time axis, or two rates.
    """
    from matplotlib import pyplot

    plots = [axes for axes in fig.axes if axes.get_label() != "<colorbar>"]
    if not plots:
        raise AudioCourseError("The figure is empty; draw something before you show it.")
    lines = [line for axes in plots for line in _described(axes)]
    fit(fig)
    axes = time_axes(fig, plots) if sound is not None else []
    if sound is not None and not axes:
        raise AudioCourseError("The figure has no time axis to play along: label one 'time (s)' or 'time (ms)'.")
    image = picture_html(fig, alt=f"{says} {' '.join(lines)}")
    pyplot.close(fig)
    if sound is None:
        html = f'<figure style="margin:0.4em 0">{image}<figcaption>{escape(says)}</figcaption></figure>{_fold(lines)}'
        put(html, "\n".join([f"[figure] {says}", *lines]))
    else:
        versions, seconds = _versions(sound, equal_loudness=equal_loudness)
        html = player_html(versions, seconds=seconds, name=says, picture=image, axes=axes, start=start)
        plain = [f"[playing figure] {says}", *lines, *(version.caption for version in versions)]
        put(f"{html}<p>{escape(says)}</p>{_fold(lines)}", "\n".join(plain))


def _fold(lines: Sequence[str]) -> str:
    """Return the numbers of a figure as HTML that is closed until a reader opens it."""
    numbers = escape("\n".join(lines))
    text = f'<pre style="white-space:pre-wrap">{numbers}</pre>'
    return f'<details data-lm-suppress-shortcuts="true"><summary>Numbers</summary>{text}</details>'


def _versions(
    sound: tuple[FloatArray, int] | Mapping[str, tuple[FloatArray, int]], *, equal_loudness: bool
) -> tuple[list[Version], float]:
    """Return the sounds of a figure as versions of its player, and the length of the longest."""
    sounds = sound if isinstance(sound, Mapping) else {"sound": sound}
    rates = sorted({sr for _, sr in sounds.values()})
    if len(rates) != 1:
        raise AudioCourseError(f"The sounds of a figure have one rate, not {rates}: resample them first.")
    return versions_of({label: y for label, (y, _) in sounds.items()}, rates[0], equal_loudness=equal_loudness)


def time_axes(fig: Figure, plots: Sequence[Axes]) -> list[TimeAxis]:
    """Find the time axes of a figure: where each lies in the saved picture, and where on it times lie.

    The places come from matplotlib's own transform, so that logarithmic and inverted axes are right.
    """
    share_of_page = fig.transFigure.inverted()
    return [_time_axis(axes, share_of_page) for axes in plots if axes.get_xlabel() in TIME_UNITS]


def _time_axis(axes: Axes, share_of_page: Transform) -> TimeAxis:
    box = axes.get_window_extent().transformed(share_of_page)
    unit = TIME_UNITS[axes.get_xlabel()]
    low, high = sorted(axes.get_xlim())
    points = np.geomspace(low, high, 33) if axes.get_xscale() == "log" else np.array([low, high])
    shares = axes.transAxes.inverted().transform(axes.transData.transform([(x, axes.get_ylim()[0]) for x in points]))[
        :, 0
    ]
    order = np.argsort(shares)
    return TimeAxis(
        box=(
            round(box.x0, 5),
            round(1 - box.y1, 5),
            round(box.width, 5),
            round(box.height, 5),
        ),
        times=tuple(np.round(points[order] * unit, 6).tolist()),
        places=tuple(np.round(shares[order], 6).tolist()),
    )


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
