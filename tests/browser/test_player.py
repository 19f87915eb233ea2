"""The player on a static page: the cursor is where the sound is, a click seeks, a drag loops, keys switch versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

from audiocourse.learn.display.html import collected, put
from audiocourse.learn.display.listen import compare, listen
from audiocourse.learn.display.show import show

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

SR = 8_000
SECONDS = 2.0
TONE = (0.2 * np.sin(2 * np.pi * 440 * np.arange(int(SECONDS * SR)) / SR)).astype(np.float32)
WITHIN = 0.02  # s of the axis: a pixel of a figure of 600 pixels over 2 s is 0.003 s

CURSORS = """root => [...root.querySelectorAll(".ac-pane")].map(pane => {
    const cursor = pane.querySelector(".ac-cursor");
    return cursor.hidden ? null : parseFloat(cursor.style.left) / 100;
})"""


def figure(scale: str = "linear", *, invert: bool = False, rows: int = 2, unit: str = "s") -> Any:
    fig, plots = plt.subplots(rows, squeeze=False, figsize=(7, 2 * rows))
    fig.patch.set_alpha(0)
    factor = {"s": 1, "ms": 1_000}[unit]
    for axes in plots[:, 0]:
        axes.patch.set_alpha(0)
        axes.spines[["top", "right"]].set_visible(True)  # whatever style an earlier test has left
        t = np.linspace(0.01, SECONDS, 50) * factor
        axes.plot(t, np.sin(t), label="y")
        axes.set(xlabel=f"time ({unit})", ylabel="amplitude", xscale=scale, xlim=(t[0], t[-1]))
        if invert:
            axes.invert_xaxis()
    return fig


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({}, lambda t: (t - 0.01) / 1.99),
        ({"unit": "ms"}, lambda t: (t - 0.01) / 1.99),
        ({"scale": "log"}, lambda t: np.log(t / 0.01) / np.log(200)),
        ({"invert": True}, lambda t: 1 - (t - 0.01) / 1.99),
    ],
    ids=["linear", "milliseconds", "logarithmic", "inverted"],
)
def test_the_cursor_is_where_the_sound_is(
    opened: Any, options: dict[str, Any], where: Callable[[float], float]
) -> None:
    page = opened(lambda: show(figure(**options), says="A curve.", sound=(TONE, SR)))
    root = page.locator(".ac-player")
    for seconds in (0.02, 0.5, 1.7):
        root.evaluate("(root, seconds) => root.audiocourse.seek(seconds)", seconds)
        places = root.evaluate(CURSORS)
        assert len(places) == 2, "one cursor for each time axis"
        slope = abs(where(seconds + 1e-4) - where(seconds - 1e-4)) / 2e-4  # of the axis's width per second
        assert places == pytest.approx([where(seconds)] * 2, abs=WITHIN * slope)


def test_a_sound_longer_than_the_axis_leaves_it_and_a_shorter_one_ends_on_it(opened: Any) -> None:
    page = opened(lambda: show(figure(), says="A curve.", sound=(np.tile(TONE, 2), SR)))
    root = page.locator(".ac-player")
    root.evaluate("root => root.audiocourse.seek(3)")
    assert root.evaluate(CURSORS) == [None, None], "the axis ends at 2 s"
    page = opened(lambda: show(figure(), says="A curve.", sound=(TONE[: SR // 2], SR)))
    root = page.locator(".ac-player")
    root.evaluate("root => root.audiocourse.seek(1.5)")
    assert root.evaluate(CURSORS) == pytest.approx([(0.5 - 0.01) / 1.99] * 2, abs=WITHIN), "the sound ends at 0.5 s"


def test_the_pane_lies_on_the_axes_of_the_picture(opened: Any) -> None:
    """The frame of the axes is black, so the picture is dark along the edges of the pane and not between them."""
    page = opened(lambda: show(figure(rows=1), says="A curve.", sound=(TONE, SR)))
    darkness = page.evaluate(
        """async () => {
            const image = document.querySelector("img");
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const pen = canvas.getContext("2d");
            pen.drawImage(image, 0, 0);
            const {left, top, width, height} = document.querySelector(".ac-pane").style;
            const size = [canvas.width, canvas.height];
            const [x, y, w, h] = [left, top, width, height].map((p, i) => parseFloat(p) / 100 * size[i % 2]);
            const column = (at) => {
                const data = pen.getImageData(Math.round(at) - 1, y + 0.1 * h, 3, 0.3 * h).data;
                let dark = 0;
                for (let i = 0; i < data.length; i += 4) dark += data[i + 3] > 128; // the ground is transparent
                return dark / (data.length / 12);
            };
            return [column(x), column(x + w), column(x + 0.97 * w)];
        }"""
    )
    assert darkness[0] > 0.9 and darkness[1] > 0.9, "both edges of the frame"
    assert darkness[2] < 0.5, "between them only the curve"


def test_it_plays_in_time_and_stops_at_the_end(opened: Any) -> None:
    page = opened(lambda: listen(TONE[: SR // 2], SR, label="half a second"))
    root = page.locator(".ac-player")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("root => root.audiocourse.position() > 0.2", arg=root.element_handle())
    assert page.get_by_role("button", name="Pause").is_visible()
    page.wait_for_function("root => !root.audiocourse.state.playing", arg=root.element_handle())
    assert root.evaluate("root => root.audiocourse.position()") == 0


def test_a_click_seeks_and_a_drag_loops(opened: Any) -> None:
    page = opened(lambda: show(figure(), says="A curve.", sound=(TONE, SR)))
    root = page.locator(".ac-player")
    box = page.locator(".ac-pane").last.bounding_box()
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 20)
    assert root.evaluate("root => root.audiocourse.position()") == pytest.approx(0.01 + 0.25 * 1.99, abs=WITHIN)
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 20)
    page.mouse.up()
    loop = root.evaluate("root => root.audiocourse.state.loop")
    assert loop == pytest.approx([0.01 + 0.5 * 1.99, 0.01 + 0.6 * 1.99], abs=WITHIN)
    page.wait_for_timeout(500)  # more than twice its length
    assert root.evaluate("root => root.audiocourse.state.playing"), "a loop does not end"
    assert loop[0] <= root.evaluate("root => root.audiocourse.position()") <= loop[1]
    root.press("Escape")
    assert root.evaluate("root => root.audiocourse.state.loop") is None


def test_keys_play_seek_and_switch(opened: Any) -> None:
    page = opened(lambda: compare({"yours": TONE, "reference": 0.5 * TONE}, SR))
    root = page.locator(".ac-player")
    root.focus()
    page.keyboard.press("ArrowRight")
    assert root.evaluate("root => root.audiocourse.position()") == pytest.approx(0.1)
    page.keyboard.press("Space")
    page.wait_for_function("root => root.audiocourse.position() > 0.3", arg=root.element_handle())
    page.keyboard.press("2")
    assert root.evaluate("root => [root.audiocourse.state.version, root.audiocourse.state.playing]") == [1, True]
    page.wait_for_timeout(50)
    assert root.evaluate("root => root.audiocourse.state.gains.map(g => g.gain.value)") == pytest.approx(
        [0, 1], abs=0.01
    )
    assert page.get_by_role("radio", name="2 reference").get_attribute("aria-checked") == "true"
    page.keyboard.press("Space")
    assert not root.evaluate("root => root.audiocourse.state.playing")


def test_only_one_player_sounds(opened: Any) -> None:
    def two() -> None:
        listen(TONE, SR, label="first")
        listen(TONE, SR, label="second")

    page = opened(two)
    for number in (0, 1):
        page.get_by_role("button", name="Play").first.click()
        page.wait_for_function(
            "number => document.querySelectorAll('.ac-player')[number].audiocourse.state.playing", arg=number
        )
    playing = page.evaluate("[...document.querySelectorAll('.ac-player')].map(root => root.audiocourse.state.playing)")
    assert playing == [False, True]


def test_without_scripts_plain_players_are_left(opened: Any) -> None:
    page = opened(lambda: compare({"yours": TONE, "reference": 0.5 * TONE}, SR), scripts=False)
    assert page.locator("audio").count() == 2
    assert all(page.locator("audio").nth(number).is_visible() for number in range(2))
    assert page.locator("button, input, canvas").count() == 0  # an untrusted notebook: nothing that does not work


def test_the_waveform_is_drawn(opened: Any) -> None:
    page = opened(lambda: listen(TONE, SR, label="a tone"))
    page.wait_for_function(
        """() => {
            const {width, height} = document.querySelector("canvas");
            const pen = document.querySelector("canvas").getContext("2d");
            return width > 0 && pen.getImageData(0, 0, width, height).data.some((value) => value);
        }"""
    )


@pytest.mark.parametrize("order", [[0, 1], [1, 0]], ids=["in order", "the later output is rendered first"])
def test_outputs_of_a_stored_notebook_share_the_script_and_their_sounds(
    opened: Any, monkeypatch: pytest.MonkeyPatch, order: list[int]
) -> None:
    stored: set[str] = set()

    def is_new(name: str) -> bool:
        is_stored = name in stored
        stored.add(name)
        return not is_stored

    def two() -> None:
        with collected() as page:
            listen(TONE, SR, label="first")
            listen(TONE, SR, label="second")
        pieces = list(page)
        assert len(pieces[1]) < 0.1 * len(pieces[0])
        for number in order:
            put(pieces[number], "")

    monkeypatch.setattr("audiocourse.learn.display.player.is_new", is_new)
    page = opened(two)
    second = page.locator(".ac-player").filter(has=page.locator("span[data-sound]"))
    second.get_by_role("button", name="Play").click()
    page.wait_for_function("root => root.audiocourse.position() > 0.2", arg=second.element_handle())
    assert not second.get_by_text("earlier output").is_visible()


def test_a_sound_whose_output_is_gone_says_so(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiocourse.learn.display.player.is_new", lambda name: name.startswith("player."))
    page = opened(lambda: listen(TONE, SR, label="a tone"))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('output').textContent.includes('run the notebook')")
