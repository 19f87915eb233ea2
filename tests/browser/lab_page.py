"""Driving JupyterLab in a real browser: what the tests of this folder share."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

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
KERNEL_IS_THERE = "#jp-main-statusbar >> text=/ipykernel.* [|] Idle/"
MINUTE = 60_000  # Playwright counts in milliseconds; a loaded machine of two cores needs most of one to start a kernel

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")  # part of [test]


def find_browser() -> str | None:
    """Return a browser on this machine, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextlib.contextmanager
def opened_browser(flags: Sequence[str] = ()) -> Iterator[playwright.Browser]:
    """Start a headless browser with further flags; skip where there is none, fail in CI."""
    browser_path = find_browser()
    if browser_path is None:
        message = "no Chromium or Chrome on this machine: the browser test did not run"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=[*FLAGS, *flags])
        yield browser
        browser.close()


def open_notebook(page: playwright.Page, name: str) -> None:
    """Open a notebook as the only one, and wait until its kernel is there."""
    page.goto(re.sub(r"/lab/.*", f"/lab/tree/{name}.ipynb?reset", page.url))
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
    page.wait_for_selector(KERNEL_IS_THERE)


def run_all(page: playwright.Page) -> None:
    """Choose Run, Run All Cells, until it begins: a kernel that has just come may miss it. Wait until all have run."""
    for _ in range(6):
        page.click("text=Run >> nth=0")
        page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
        try:
            wait_for_prompts(page, "some(text => /[*\\d]/.test(text))", timeout=MINUTE // 6)
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
            const prompts = [...panel.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(p => p.textContent)
                .filter(text => text.trim()); // the prompt of a collapsed cell is empty
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
