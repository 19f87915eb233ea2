"""The course as a student meets it: the real JupyterLab in a real browser, answers wrong and right, a sound playing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.lab_page import (
    KERNEL_IS_THERE,
    MINUTE,
    SHOTS,
    answer,
    cell,
    open_notebook,
    opened_browser,
    playwright,
    read,
    run_all,
    wait_until_idle,
)


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[playwright.Page]:
    """A page of a headless browser on the course; it goes on from test to test like a student."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    with opened_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(2 * MINUTE)
        page.goto(address)
        yield page


def test_the_start_page_runs_shows_and_plays(page: playwright.Page) -> None:
    page.wait_for_selector(".jp-NotebookPanel h1:has-text('Start here')")
    page.wait_for_selector(KERNEL_IS_THERE)
    run_all(page)
    assert not page.get_by_text("Jupyter news").count(), "a student should not be asked about news first"
    page.screenshot(path=SHOTS / "start_page.png")
    player = page.locator(".ac-player").first
    player.scroll_into_view_if_needed()
    assert player.get_attribute("aria-label")
    player.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.ac-player').audiocourse.position() > 0.3")
    figure = page.locator(".ac-player:has(img)").first
    figure.scroll_into_view_if_needed()
    figure.locator(".ac-pane").click(position={"x": 100, "y": 20})
    figure.press("Space")
    page.wait_for_function("root => root.audiocourse.state.playing", arg=figure.element_handle())
    assert figure.locator(".ac-cursor").is_visible()
    page.screenshot(path=SHOTS / "playing_figure.png")
    figure.press("Space")
    assert not figure.evaluate("root => root.audiocourse.state.playing"), "the key reaches the player, not the notebook"
    place = figure.get_by_role("slider", name="position in seconds")
    place.focus()
    before = figure.evaluate("root => root.audiocourse.position()")
    place.press("ArrowRight")
    place.press("ArrowRight")  # JupyterLab would have taken the focus by now
    assert figure.evaluate("root => root.audiocourse.position()") == pytest.approx(before + 0.02, abs=0.005)
    assert page.locator("img[alt]").count() >= 1
    assert page.locator(".jp-OutputArea-output img:not([alt])").count() == 0


def test_a_wrong_answer_is_explained_and_a_right_one_counts(page: playwright.Page, course: Path) -> None:
    wrong = answer(page, "duration_seconds", "def duration_seconds(y, sr):\n    return sr / y.shape[-1]")
    assert "duration_seconds: 1 of 3 checks pass." in wrong
    assert "This looks like" in wrong
    assert "Traceback" not in wrong
    page.screenshot(path=SHOTS / "wrong_answer.png")
    right = answer(page, "duration_seconds", "def duration_seconds(y, sr):\n    return y.shape[-1] / sr")
    assert "3 of 3 checks pass. Done." in right
    page.screenshot(path=SHOTS / "right_answer.png")
    kept = json.loads((course / "work" / "progress.json").read_text(encoding="utf-8"))
    assert kept["tasks"]["duration_seconds"]["passed"] == 3
    files = page.evaluate(
        "fetch('/api/contents').then(reply => reply.json()).then(folder => folder.content.map(f => f.name))"
    )
    assert "00_start_here.ipynb" in files and "progress.json" not in files, "only what a student opens is listed"
    table = cell(page, "status()")
    table.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    wait_until_idle(page)
    table.locator("summary", has_text="00_start_here").click()
    assert "done" in read(table.locator("tr", has_text="How long is a sound?"))


def test_a_slider_turns_and_plays_what_it_shows(page: playwright.Page) -> None:
    open_notebook(page, "01a_digital_audio")
    run_all(page)
    knob = cell(page, 'words = sounds.say("Quiet')
    knob.scroll_into_view_if_needed()
    assert "4 bits: 16 values" in read(knob.locator(".jp-Cell-outputArea"))
    slider = knob.get_by_role("slider", name="bits")
    slider.and_(page.locator("[max='13']")).wait_for()  # all positions are there once the kernel was idle
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "5", "one after the first still"
    assert knob.get_by_text("5 bits: 32 values").is_visible()
    assert not knob.get_by_text("4 bits: 16 values").is_visible()
    player = knob.locator(".ac-player:visible")
    assert player.get_attribute("aria-label") == "5 bits"
    player.get_by_role("button", name="Play").click()
    page.wait_for_function("player => player.audiocourse.position() > 0.2", arg=player.element_handle())
    slider.press("ArrowRight")
    page.wait_for_function("player => player.audiocourse.state.playing", arg=player.element_handle())
    page.screenshot(path=SHOTS / "slider.png")


def test_the_exercise_runs_through_unsolved_and_takes_an_answer(page: playwright.Page, course: Path) -> None:
    open_notebook(page, "ex05_vad")
    run_all(page)
    assert "frame_level_db: not started." in read(cell(page, 'check("frame_level_db"'))
    assert page.locator("audio").count() >= 5
    page.screenshot(path=SHOTS / "exercise.png")
    mine = page.locator(".ac-player:has(audio[src*='recordings/players'])").first
    mine.scroll_into_view_if_needed()
    mine.get_by_role("button", name="Play").click()
    page.wait_for_function(  # never, where the file cannot be reached
        "root => root.audiocourse.position() > 0.1", arg=mine.element_handle()
    )
    mine.press("Space")
    blank = read(cell(page, "def frame_level_db(").locator(".cm-content"))
    assert "NotImplementedError" in blank
    body = "    return {}*np.log10(np.maximum(np.mean(frames.astype(float)**2, axis=0), 1e-{}))"
    wrong = answer(page, "frame_level_db", "def frame_level_db(frames):\n" + body.format(20, 5))
    assert "twice" in wrong
    assert "This looks like" in wrong
    page.screenshot(path=SHOTS / "exercise_wrong.png")
    right = answer(page, "frame_level_db", "def frame_level_db(frames):\n" + body.format(10, 10))
    assert "Done." in right
    kept = json.loads((course / "work" / "progress.json").read_text(encoding="utf-8"))
    assert kept["tasks"]["frame_level_db"]["points"] == 2
