"""The course as a student meets it: the real JupyterLab in a real browser, answers wrong and right, a sound playing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal, sounds

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # Chromium's own sandbox does not start for root, which CI is
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
]
IDLE = ".jp-Notebook-ExecutionIndicator[data-status='idle']"  # the kernel is there and waits
MINUTE = 60_000  # Playwright counts in milliseconds; a loaded machine of two cores needs most of one to start a kernel

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")  # part of [test]


def find_browser() -> str | None:
    """Return a browser on this machine, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with nothing in ``work/`` yet."""
    root: Path = tmp_path_factory.mktemp("browser") / "course"
    for name in ("notebooks", "tests/exercises"):
        shutil.copytree(ROOT / name, root / name)
    (root / "audiocourse").mkdir()
    shutil.copy(ROOT / "audiocourse" / "course.toml", root / "audiocourse")
    scene = sounds.speech_with_pauses(rng=np.random.default_rng(0), seconds=4.0, sr=16_000, snr_db=20.0)
    (root / "work" / "recordings").mkdir(parents=True)
    signal.write(root / "work" / "recordings" / "mine.wav", scene.y, scene.sr)
    return root


@pytest.fixture(scope="module")
def address(course: Path) -> Iterator[str]:
    """Start ``audiocourse lab`` and return the address that it prints."""
    environment = {**os.environ, "AUDIOCOURSE_HOME": str(course), "AUDIOCOURSE_PROGRESS": "on", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "audiocourse", "lab", "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as lab:
        try:
            assert lab.stdout is not None
            for line in lab.stdout:
                if found := re.search(r"http://\S+token=\w+", line):
                    yield found[0]
                    break
            else:
                pytest.fail("audiocourse lab ended without printing an address")
        finally:
            lab.terminate()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[playwright.Page]:
    """A page of a headless browser on the course; it goes on from test to test like a student."""
    browser_path = find_browser()
    if browser_path is None:
        message = "no Chromium or Chrome on this machine: the browser test did not run"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    SHOTS.mkdir(parents=True, exist_ok=True)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(2 * MINUTE)
        page.goto(address)
        yield page
        browser.close()


def open_notebook(page: playwright.Page, name: str) -> None:
    """Open a notebook as the only one, and wait until its kernel is there."""
    page.goto(re.sub(r"/lab/.*", f"/lab/tree/{name}.ipynb?reset", page.url))
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
    page.wait_for_selector(IDLE, state="attached")


def run_all(page: playwright.Page) -> None:
    """Choose Run, Run All Cells, until it begins: a kernel that has just come may miss it. Wait until all have run."""
    for _ in range(3):
        page.click("text=Run >> nth=0")
        page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
        try:
            wait_for_prompts(page, "some(text => /[*\\d]/.test(text))", timeout=MINUTE)
        except playwright.TimeoutError:
            continue
        break
    wait_until_idle(page, timeout=4 * MINUTE)


def wait_until_idle(page: playwright.Page, *, timeout: int = 2 * MINUTE) -> None:
    """Wait until every code cell has a number and none shows a star."""
    wait_for_prompts(page, "every(text => /\\d/.test(text))", timeout=timeout)


def wait_for_prompts(page: playwright.Page, condition: str, *, timeout: int) -> None:
    """Wait until the prompts of the code cells, such as [3]: or [*]:, fulfil a condition in JavaScript."""
    page.wait_for_function(
        f"""() => {{
            const panel = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
            const prompts = [...panel.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(p => p.textContent);
            return prompts.length > 0 && prompts.{condition};
        }}""",
        timeout=timeout,
    )


def cell(page: playwright.Page, beginning: str) -> playwright.Locator:
    """Find the code cell whose source begins so."""
    code = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")
    return code.filter(has=page.locator(".cm-line >> nth=0", has_text=beginning)).first


def answer(page: playwright.Page, task: str, source: str) -> str:
    """Type an answer into the cell of a task, run it and its check as a student would, and return the feedback."""
    editor = cell(page, f"def {task}(").locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")
    checking = cell(page, f'check("{task}"')
    checking.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    wait_until_idle(page)
    return read(checking.locator(".jp-Cell-outputArea"))


def read(place: playwright.Locator) -> str:
    """Return the text of a place, in view or not (JupyterLab renders only what is in view), and scroll there."""
    text: str = place.text_content() or ""
    place.scroll_into_view_if_needed()
    return text


def test_the_start_page_runs_shows_and_plays(page: playwright.Page) -> None:
    page.wait_for_selector(".jp-NotebookPanel h1:has-text('Start here')")
    page.wait_for_selector(IDLE, state="attached")
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
    table = cell(page, "status()")
    table.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    wait_until_idle(page)
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
