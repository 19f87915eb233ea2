"""Pictures of figures: ink that follows the page, colours that stand out on it, and the same bytes each time."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from audiocourse.learn import house_style
from audiocourse.learn.display.picture import fit, picture_html
from audiocourse.learn.display.style import INK, WIDTH

PAGES = {"JupyterLab Light": "#ffffff", "JupyterLab Dark": "#111111"}
SOLUTIONS = sorted((Path(__file__).parents[3] / "solutions").glob("*.ipynb"))


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], channels))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def svg_of(*, color: str = "black", points: int = 10) -> str:
    with plt.style.context(house_style):
        fig, ax = plt.subplots()
        ax.plot(np.linspace(0, 1, points), np.linspace(0, 1, points) ** 2, color=color)
        ax.set(xlabel="time (s)", ylabel="it's α & β of 11.025")
        fit(fig)
        html = picture_html(fig, alt="a curve")
        plt.close(fig)
    return unquote(re.search('src="data:image/svg\\+xml,([^"]*)"', html)[1])  # type: ignore[index]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_colour_of_a_line_stands_out_on_the_page(page: str) -> None:
    with plt.style.context(house_style):
        colours = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    assert {colour: round(contrast(colour, page), 1) for colour in colours if contrast(colour, page) < 3} == {}


def test_the_ink_can_be_read_on_its_page() -> None:
    assert contrast(INK["light"], "#ffffff") >= 4.5
    assert contrast(INK["dark"], "#111111") >= 4.5


def test_black_is_the_ink_of_the_page_even_for_a_curve_of_many_points() -> None:
    svg = svg_of(points=5000)
    assert "stroke: currentColor" in svg and "#000000" not in svg and "<image" not in svg


def test_a_coloured_curve_of_many_points_is_pixels_and_a_short_one_is_a_shape() -> None:
    assert "<image" in svg_of(color="C0", points=5000)
    assert "<image" not in svg_of(color="C0", points=50)


def test_text_stays_text() -> None:
    assert "it's α &amp; β of 11.025" in svg_of()


def test_two_drawings_are_the_same_bytes() -> None:
    assert svg_of() == svg_of()


def test_all_figures_are_equally_wide() -> None:
    fig, ax = plt.subplots(figsize=(3, 2))
    fit(fig)
    assert fig.get_figwidth() == WIDTH
    assert 0 < ax.get_position().x0 < 0.2  # laid out without being asked
    plt.close(fig)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_notebook_draws_in_the_style_of_the_house(path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    code = "\n".join("".join(cell["source"]) for cell in cells)
    assert "plt.style.use(house_style)" in code or "pyplot" not in code
    assert re.findall(r"tab:\w+|[\"'](?:silver|grey|lightgrey|orange|red|blue|green)[\"']|#[0-9a-f]{6}", code) in (
        [],
        ["#ffffff", "#111111"],  # text on the cells of a table of grey values, which does not follow the page
    )


def test_a_colour_bar_has_no_visible_bands() -> None:
    with plt.style.context(house_style):
        fig, ax = plt.subplots()
        image = ax.pcolormesh(np.arange(256.0).reshape(16, 16))
        fig.colorbar(image)
        ax.set(xlabel="time (s)", ylabel="band")
        fit(fig)
        html = unquote(picture_html(fig, alt="levels"))
        plt.close(fig)
    pngs = [base64.b64decode(png) for png in re.findall("data:image/png;base64,([^'\"]+)", html)]
    colours = [len(Image.open(io.BytesIO(png)).convert("RGB").getcolors() or []) for png in pngs]
    assert min(colours) > 150, "of 256"
