"""A listening test and a prediction in the real JupyterLab, taken with the keyboard alone, in both themes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser.lab_page import SHOTS, open_notebook, opened_browser, run_all

from audiocourse.learn.predictions import find_prediction

TRIALS = 4
QUESTION = "A tone of 440 Hz or of 445 Hz?"
PREDICTION = find_prediction("rising_tone")
SOUNDS = """import numpy as np
from audiocourse import blind_test, predict
t = np.arange(4000) / 8000
low, high = (0.2 * np.sin(2 * np.pi * hz * t).astype(np.float32) for hz in (440, 445))"""
CELLS = [
    SOUNDS,
    'predict("rising_tone")',
    f'blind_test({{"440 Hz": low, "445 Hz": high}}, 8000, trials={TRIALS}, question="{QUESTION}")',
    'blind_test({"original": low, "changed": high}, 8000, kind="mushra")',
]


@pytest.fixture(scope="module")
def page(course: Path, address: str) -> Iterator[Any]:
    """The notebook, with all its cells run."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, course / "work" / "listening.ipynb")
    with opened_browser() as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 1000})
        page.set_default_timeout(30_000)
        page.goto(address)
        open_and_run(page)
        yield page


def open_and_run(page: Any) -> None:
    open_notebook(page, "listening")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before, JupyterLab would ask which kernel to use
    run_all(page)


def enter_command_mode(page: Any) -> None:
    """Select a cell: now JupyterLab's own keys are on, which insert, cut and leave cells."""
    page.locator(".jp-CodeCell .jp-InputPrompt").first.click()
    page.wait_for_selector(".jp-Notebook.jp-mod-commandMode")


def kept(course: Path, name: str) -> Any:
    return json.loads((course / "work" / name).read_text(encoding="utf-8"))


def test_a_prediction_hides_its_answer_until_one_is_chosen(page: Any, course: Path) -> None:
    root = page.get_by_role("group", name="prediction")
    root.get_by_role("button", name=PREDICTION.choices[0]).wait_for()
    assert PREDICTION.why not in page.content(), "Run All reveals nothing"
    enter_command_mode(page)
    root.get_by_role("button").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    root.get_by_text(PREDICTION.why).wait_for()
    assert f"You chose “{PREDICTION.choices[1]}”" in root.get_by_role("status").inner_text()
    assert kept(course, "progress.json")["predictions"]["rising_tone"] == {
        "choice": PREDICTION.choices[1],
        "right": False,
    }


def test_a_listening_test_is_taken_with_the_keyboard(page: Any, course: Path) -> None:
    root = page.get_by_role("group", name="listening test").first
    root.scroll_into_view_if_needed()
    enter_command_mode(page)
    root.get_by_role("button", name="Begin").focus()
    page.keyboard.press("Enter")
    sources = set()
    for number in range(TRIALS):
        root.get_by_text(f"Trial {number + 1} of {TRIALS}").wait_for()
        sources.add(root.inner_html().replace(f"Trial {number + 1}", "Trial"))
        for key in ("a", "x", "b"):
            page.keyboard.press(key)
            playing = root.locator(f"[data-key={key.upper()}][aria-pressed=true]")
            playing.wait_for()
            assert root.locator("[aria-pressed=true]").count() == 1
        if number == 0:
            page.screenshot(path=SHOTS / "listening_test.png")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert root.get_by_role("button", name="X is B").evaluate("button => button === document.activeElement")
        page.keyboard.press("Enter")
    root.get_by_text("The test is over.").wait_for()
    assert len(sources) == 1, "the page is the same whatever X is"
    assert page.locator(".jp-CodeCell").count() == len(CELLS), "the keys a, b and x reach the test, not the notebook"
    (result,) = kept(course, "listening_tests.json")
    assert (result["question"], result["trials"]) == (QUESTION, TRIALS)
    assert f"{result['count']} of {TRIALS} right; chance alone" in root.inner_text()
    page.screenshot(path=SHOTS / "listening_result.png")


def test_sounds_are_rated_with_sliders(page: Any, course: Path) -> None:
    root = page.get_by_role("group", name="listening test").last
    root.scroll_into_view_if_needed()
    root.get_by_role("button", name="Begin").click()
    sliders = root.get_by_role("slider")
    sliders.first.wait_for()
    assert sliders.count() == 3, "the hidden reference, the other sound, the anchor"
    sliders.first.press("ArrowRight")
    root.locator("input[aria-valuetext='51, fair']").wait_for()
    page.keyboard.press("c")
    root.locator("[data-key=C][aria-pressed=true]").wait_for()
    page.screenshot(path=SHOTS / "listening_ratings.png")
    root.get_by_role("button", name="Done").click()
    root.get_by_text("Listen first: A, B have not been played.").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("b")
    root.get_by_role("button", name="Done").click()
    root.get_by_text("The test is over.").wait_for()
    ratings = kept(course, "listening_tests.json")[-1]["ratings"]
    assert sorted(ratings.values()) == [50, 50, 51]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_no_serious_violation(page: Any, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    page.click("text=Settings >> nth=0")
    page.hover(".lm-Menu-itemLabel:text-is('Theme')")
    page.click(f".lm-Menu-itemLabel:text-is('{theme}')")
    page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
    open_and_run(page)
    beginning = page.get_by_role("button", name="Begin")
    beginning.last.wait_for()
    while beginning.count():
        beginning.first.click()
        page.wait_for_timeout(500)
    page.screenshot(path=SHOTS / f"listening_{theme.split()[-1].lower()}.png")
    page.add_style_tag(content="body { width: 100vw; height: 100vh }")  # of a body without a size axe sees no text
    found = axe.Axe().run(page, context=".ac-widget").response["violations"]
    serious = [(rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in ("serious", "critical")]
    assert not serious
