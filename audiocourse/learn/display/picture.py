"""A figure as a picture for a page: sharp on every screen, in the text colour of the page, on its ground.

The picture is an SVG. What has many points (spectrograms, waveforms) is drawn as pixels inside it; text, axes and short
lines stay shapes. Its ink follows the page, light or dark.
"""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from audiocourse.learn.display.html import escape
from audiocourse.learn.display.style import INK, THEME, WIDTH

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

DPI = 144  # of what is drawn as pixels: twice the 72 points of an inch
MANY_POINTS = 400
FONTS = "DejaVu Sans, Verdana, sans-serif"  # the first two are equally wide


def picture_html(fig: Figure, *, alt: str) -> str:
    """Return a figure as an HTML image with an alternative text."""
    return f'{THEME}<img class="ac-picture" alt="{escape(alt)}" src="{_address(_svg(fig))}" style="max-width:100%">'


def fit(fig: Figure) -> None:
    """Give a figure the width of all figures, and lay it out once and for all."""
    fig.set_figwidth(WIDTH)
    if fig.get_layout_engine() is None:
        fig.set_layout_engine("constrained")
    fig.canvas.draw()
    fig.set_layout_engine("none")


def _svg(fig: Figure) -> str:
    """Return a figure as an SVG whose black is the ink of the page."""
    import matplotlib as mpl

    for artist in fig.findobj(_has_many_points):
        artist.set_rasterized(True)
    drawn = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "audiocourse"}):
        fig.savefig(drawn, format="svg", dpi=DPI, metadata={"Date": None, "Creator": None})
    return _with_ink(_shortened(drawn.getvalue()))


def _shortened(svg: str) -> str:
    """Return an SVG without what no browser needs: comments, names, digits behind the second, quotes inside quotes."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'data:image/png;base64,([^"]+)', _with_few_colours, svg)
    svg = re.sub(r' id="[a-zA-Z0-9.]+_\d+"', "", svg)
    svg = re.sub(r"font-family: [^;]*sans-serif", f"font-family: {FONTS}", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return re.sub(r"<[^>]*>", _shortened_tag, svg)


def _shortened_tag(found: re.Match[str]) -> str:
    tag = found[0].replace("'", "").replace('"', "'")
    return re.sub(r"(\d+\.\d\d)\d+", r"\1", tag)


def _with_ink(svg: str) -> str:
    """Return an SVG whose black follows the page."""
    light = f":root{{color:{INK['light']};fill:currentColor}}"
    dark = f"@media(prefers-color-scheme:dark){{:root{{color:{INK['dark']}}}}}"
    svg = svg.replace("stroke: #000000", "stroke: currentColor")
    return svg.replace(">", f"><style>{light}{dark}</style>", 1)


def _has_many_points(artist: Artist) -> bool:
    from matplotlib.collections import Collection
    from matplotlib.lines import Line2D

    if isinstance(artist, Line2D):
        return np.size(artist.get_xdata()) > MANY_POINTS and not _is_ink(artist.get_color())
    if not isinstance(artist, Collection):
        return False
    if artist.get_array() is not None:
        return True
    points = sum(len(np.asarray(path.vertices)) for path in artist.get_paths())
    return points > MANY_POINTS and not any(_is_ink(colour) for colour in np.atleast_2d(artist.get_facecolor()))


def _is_ink(colour: Any) -> bool:
    """Whether a colour is black, which pixels could not turn into the ink of the page."""
    from matplotlib.colors import to_hex

    return to_hex(colour) == "#000000"


def _with_few_colours(found: re.Match[str]) -> str:
    """Return a PNG in 256 colours, less than half as big as one of 16 million; it looks the same."""
    from PIL import Image

    small = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(found[1]))) as image:
        is_opaque = image.convert("RGBA").getchannel("A").getextrema() == (255, 255)
        best = Image.Quantize.MEDIANCUT if is_opaque else Image.Quantize.FASTOCTREE  # the first knows no transparency
        few = image.convert("RGB" if is_opaque else "RGBA").quantize(256, method=best, dither=Image.Dither.NONE)
        few.save(small, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(small.getvalue()).decode()}"


def _address(svg: str) -> str:
    """Return a data address of an SVG: a third shorter than in base64."""
    return "data:image/svg+xml," + quote(svg, safe=" =:/;,+()'!*@")
