"""The slider on a static page: it steps at once, by keys too, what sounds goes on, and without scripts all is there."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

from audiocourse.learn.display.explore import Slider, explore
from audiocourse.learn.display.html import put
from audiocourse.learn.display.listen import compare, listen
from audiocourse.learn.display.show import show

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

SR = 8_000
TONE = (0.2 * np.sin(2 * np.pi * 440 * np.arange(2 * SR) / SR)).astype(np.float32)
HALVES = [0.5, 1.0, 1.5, 2.0]
STEP_MS = 50

VISIBLE = """root => [...root.querySelectorAll(".ac-position")].filter(panel => panel.offsetHeight)
    .map(panel => panel.dataset.name)"""
STEPS = """async root => {
    const knob = root.querySelector(".ac-knob input");
    const steps = [];
    for (let at = 0; at <= Number(knob.max); at++) {
        const begin = performance.now();
        knob.value = at;
        knob.dispatchEvent(new Event("input"));
        const shown = [...root.querySelectorAll("img")].filter(image => image.offsetParent);
        await Promise.all(shown.map(image => image.decode()));
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        steps.push(performance.now() - begin);
        if (shown.length !== 1) throw new Error("one figure at a time");
    }
    return steps;
}"""


def cut(seconds: float) -> np.ndarray:
    return TONE[: int(seconds * SR)]


def drawn(bits: int) -> None:
    rng = np.random.default_rng(bits)
    print(f"{bits} bits")
    fig, axes = plt.subplots(figsize=(9, 3))
    axes.imshow(rng.random((200, 600)), aspect="auto", extent=(0, 2, 0, 4))
    axes.set(xlabel="time (s)", ylabel="frequency (kHz)")
    show(fig, says=f"Noise {bits}.", sound=(TONE, SR))


def test_a_step_takes_less_than_a_twentieth_of_a_second(opened: Any) -> None:
    page = opened(lambda: explore(drawn, knob="bits", positions=range(12), stills=list(range(12))))
    steps = page.locator(".ac-explore").evaluate(STEPS)
    print("steps in ms:", [round(step) for step in steps])
    assert statistics.median(steps) <= STEP_MS, steps
    assert max(steps[1:]) <= 2 * STEP_MS, f"a machine that does something else may lose a frame, not more: {steps}"


def test_only_the_chosen_position_is_visible_and_keys_choose(opened: Any) -> None:
    page = opened(lambda: explore(drawn, knob="bits", positions=range(8), stills=[4, 2, 7]))
    root = page.locator(".ac-explore")
    knob = page.get_by_role("slider", name="bits")
    assert root.evaluate(VISIBLE) == ["4"], "it begins at the first still"
    assert knob.get_attribute("aria-valuetext") == "4"
    knob.focus()
    page.evaluate("document.addEventListener('keydown', () => (window.left = true))")
    for key, name in [("ArrowRight", "7"), ("ArrowLeft", "4"), ("Home", "2"), ("End", "7"), ("ArrowRight", "7")]:
        page.keyboard.press(key)
        assert root.evaluate(VISIBLE) == [name]
        assert knob.get_attribute("aria-valuetext") == name
    assert not page.evaluate("window.left"), "JupyterLab would take the focus away"
    assert page.get_by_text("7 bits", exact=True).is_visible()
    assert not page.locator(".ac-heading").first.is_visible(), "the slider says which position it is"


def test_without_scripts_the_stills_are_below_each_other(opened: Any) -> None:
    page = opened(lambda: explore(drawn, knob="bits", positions=range(8), stills=[4, 2]), scripts=False)
    assert page.locator(".ac-explore").locator(".ac-heading").all_inner_texts() == ["bits: 4", "bits: 2"]
    assert page.locator("img").count() == 2
    for place in (*page.locator("img").all(), *page.locator("audio").all(), *page.locator(".ac-heading").all()):
        assert place.is_visible()
    assert not page.locator(".ac-knob").is_visible()


def test_names_of_positions_cannot_become_html(opened: Any) -> None:
    name = '"><img src=x onerror=alert(1)>'
    page = opened(lambda: explore(print, knob="<b>codec</b>", positions=[name, "b"], stills=[name, "b"]))
    assert page.locator("img").count() == 0
    assert page.locator(".ac-knob strong").inner_text() == name
    assert page.locator(".ac-knob label").inner_text().strip() == "<b>codec</b>"


def test_an_only_position_has_no_slider(opened: Any) -> None:
    page = opened(lambda: explore(drawn, knob="bits", positions=range(8), stills=[4]))
    assert page.locator("img").is_visible()
    assert not page.locator(".ac-knob").is_visible()


PLAYING = "root => [...root.querySelectorAll('.ac-player')].map(player => player.audiocourse.state.playing)"


def test_a_sound_goes_on_at_the_same_moment_in_the_next_panel(opened: Any) -> None:
    def view(gain: float) -> None:
        listen(0.5 * TONE, SR, label="before")
        compare({"a": gain * TONE, "b": TONE}, SR)

    page = opened(lambda: explore(view, knob="gain", positions=HALVES, stills=HALVES))
    root = page.locator(".ac-explore")
    player = page.locator(".ac-player").nth(1)
    player.get_by_role("button", name="Play").click()
    player.press("2")
    page.wait_for_function("player => player.audiocourse.position() > 0.3", arg=player.element_handle())
    page.get_by_role("slider", name="gain").press("ArrowRight")
    page.wait_for_function(f"root => ({PLAYING})(root)[3]", arg=root.element_handle())
    assert root.evaluate(PLAYING) == [False, False, False, True, *[False] * 4]
    state = "root => root.querySelectorAll('.ac-player')[3].audiocourse"
    assert root.evaluate(f"root => ({state})(root).position()") >= 0.3
    assert root.evaluate(f"root => ({state})(root).state.version") == 1
    page.get_by_role("slider", name="gain").press("ArrowRight")
    page.get_by_role("slider", name="gain").press("ArrowRight")
    page.wait_for_function(f"root => ({PLAYING})(root)[7]", arg=root.element_handle())
    assert root.evaluate(PLAYING) == [*[False] * 7, True], "though the knob went past a panel"


def test_a_sound_stops_where_the_next_one_is_of_another_length(opened: Any) -> None:
    page = opened(
        lambda: explore(lambda s: listen(cut(s), SR, label="tone"), knob="s", positions=HALVES, stills=HALVES[::-1])
    )
    root = page.locator(".ac-explore")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"root => ({PLAYING})(root)[0]", arg=root.element_handle())
    page.get_by_role("slider", name="s", exact=True).press("ArrowLeft")
    page.wait_for_timeout(200)
    assert not any(root.evaluate(PLAYING))


REPLACE = """(root) => {
    // what JupyterLab does when an output is updated: HTML, then each script anew
    const place = document.createElement("div");
    place.innerHTML = document.querySelector("template").innerHTML;
    root.replaceWith(place);
    for (const script of place.querySelectorAll("script")) {
        const copy = document.createElement("script");
        copy.textContent = script.textContent;
        script.replaceWith(copy);
    }
}"""


def test_more_positions_keep_the_chosen_one_its_sound_and_the_focus(opened: Any) -> None:
    def output(positions: list[float]) -> None:
        slider = Slider(lambda gain: listen(gain * TONE, SR, label="tone"), "gain", HALVES, positions)
        slider.display_id = "one"
        slider.draw_now(positions)
        slider.display()

    def both() -> None:
        output([1.0, 2.0])
        put("<template>", "")
        output([1.0, 2.0, 0.5, 1.5])
        put("</template>", "")

    page = opened(both)
    root = page.locator(".ac-explore")
    knob = page.get_by_role("slider", name="gain")
    knob.press("ArrowRight")
    page.locator(".ac-player").nth(1).get_by_role("button", name="Play").click()
    page.wait_for_function(f"root => ({PLAYING})(root)[1]", arg=root.element_handle())
    knob.focus()
    root.evaluate(REPLACE)
    assert root.evaluate(VISIBLE) == ["2.0"]
    assert knob.get_attribute("max") == "3"
    page.wait_for_function(f"root => ({PLAYING})(root)[1]", arg=root.element_handle())
    page.keyboard.press("ArrowLeft")
    assert root.evaluate(VISIBLE) == ["1.5"]
