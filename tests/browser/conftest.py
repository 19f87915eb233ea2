"""Outputs as static pages in a headless browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audiocourse.learn.display.html import collected

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium or Chrome on this machine")
    flags = ["--no-sandbox", "--disable-gpu", "--mute-audio", "--autoplay-policy=no-user-gesture-required"]
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open what a call displays as a page of its own; an error on the page's console fails the test."""
    errors: list[str] = []
    contexts = []

    def opener(call: Callable[[], None], *, scripts: bool = True) -> Any:
        with collected() as page:
            call()
        path = tmp_path / "page.html"
        path.write_text("<!doctype html><meta charset='utf-8'><body>" + "".join(page), encoding="utf-8")
        context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1366, "height": 768})
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(path.as_uri())
        return tab

    yield opener
    for context in contexts:
        context.close()
    assert not errors
