"""The page as one reads it: nothing that shuts a reader out, lines that can be read, a Run All without a fault."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from browser.lab_page import MINUTE, ROOT, open_notebook, playwright, run_all
from nbconvert import HTMLExporter

from audiocourse.course import load_course
from audiocourse.learn.files.notebook import read_notebook

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

NOTEBOOKS = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))
EVERY = "AUDIOCOURSE_RUN_EVERY_NOTEBOOK"  # set once a week: it takes ten minutes
WITH_CODE = [name for name in NOTEBOOKS if load_course().find_notebook(name).kind != "reference"]
RUN = WITH_CODE if EVERY in os.environ else ["00_start_here"]
THEMES = {"light": ("#ffffff", "#212121"), "dark": ("#111111", "#e0e0e0")}  # ground and text of JupyterLab
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
LONGEST_LINE = 80
LINE_LENGTHS = """() => [...document.querySelectorAll('.jp-MarkdownOutput p')].flatMap(p => {
    const range = document.createRange();
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    const lines = new Map();
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (let i = 0; i < node.length; i++) {
            range.setStart(node, i);
            range.setEnd(node, i + 1);
            const top = Math.round(range.getBoundingClientRect().bottom / 8);
            lines.set(top, (lines.get(top) || 0) + 1);
        }
    return [...lines.values()];
})"""


def outputs(name: str) -> str:
    """The HTML of all outputs of a stored notebook, in order."""
    cells = read_notebook(ROOT / "solutions" / f"{name}.ipynb")["cells"]
    data = [out.get("data", {}) for cell in cells if cell["cell_type"] == "code" for out in cell["outputs"]]
    return "\n".join(each["text/html"] for each in data if "text/html" in each)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_output_shuts_a_reader_out(browser: Any, tmp_path: Path, name: str, theme: str) -> None:
    ground, ink = THEMES[theme]
    page = browser.new_page(color_scheme=theme)
    path = tmp_path / "page.html"
    style = f"background:{ground};color:{ink};color-scheme:{theme}"
    path.write_text(
        f"<!doctype html><html lang='en' data-theme='{theme}'><meta charset='utf-8'><title>{name}</title>"
        f"<body style='{style}'><main><h1>{name}</h1>{outputs(name)}</main>",
        encoding="utf-8",
    )
    page.goto(path.as_uri())
    found = axe.Axe().run(page, options=RULES).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    page.close()
    assert [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in serious] == []


def test_an_exported_page_plays_without_a_kernel(browser: Any, tmp_path: Path) -> None:
    """Also a figure whose sound is stored with an earlier output."""
    exported, _ = HTMLExporter().from_filename(str(ROOT / "solutions" / "04a_voice_activity.ipynb"))
    path = tmp_path / "page.html"
    path.write_text(exported, encoding="utf-8")
    page = browser.new_page()
    page.route("https://**", lambda route: route.abort())  # MathJax, which nbconvert takes from the network
    page.goto(path.as_uri())
    figure = page.locator(".ac-player:has(img):has(span[data-sound])").first
    figure.scroll_into_view_if_needed()
    figure.locator(".ac-pane").first.click(position={"x": 100, "y": 20})
    moment = figure.evaluate("root => root.audiocourse.position()")
    assert moment > 0.2
    figure.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "([root, moment]) => root.audiocourse.position() > moment + 0.2", arg=[figure.element_handle(), moment]
    )
    page.close()


@pytest.fixture(scope="module")
def faults() -> list[str]:
    """What the browser's console and network report while notebooks run."""
    return []


@pytest.fixture(scope="module")
def lab(browser: Any, address: str, faults: list[str]) -> playwright.Page:
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.set_default_timeout(2 * MINUTE)
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if re.match(r"(https?|ws)://(localhost|127\.0\.0\.1)[:/]|data:|blob:", request.url)
            else faults.append(f"request to {request.url}")
        ),
    )
    page.goto(address)
    return page


@pytest.mark.parametrize("name", RUN)
def test_a_fresh_run_of_all_cells_has_no_fault(lab: playwright.Page, faults: list[str], name: str) -> None:
    faults.clear()
    open_notebook(lab, name)
    run_all(lab)
    assert faults == []
    red = lab.locator(".jp-NotebookPanel:not(.lm-mod-hidden) [data-mime-type='application/vnd.jupyter.stderr']")
    assert red.all_text_contents() == []


def test_no_line_of_text_is_longer_than_one_can_read(lab: playwright.Page) -> None:
    lengths = lab.evaluate(LINE_LENGTHS)
    assert len(lengths) > 20
    assert max(lengths) <= LONGEST_LINE
