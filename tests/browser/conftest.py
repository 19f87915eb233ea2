"""A real JupyterLab on a fresh clone, and outputs as static pages in a headless browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiocourse import signal, sounds
from audiocourse.learn.display.html import collected

ROOT = Path(__file__).resolve().parents[2]


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
    settings = course.parent / "settings"  # not those of the home: a test changes the theme
    own = {"AUDIOCOURSE_HOME": str(course), "JUPYTERLAB_SETTINGS_DIR": str(settings)}
    environment = {**os.environ, **own, "AUDIOCOURSE_PROGRESS": "on", "OMP_NUM_THREADS": "1"}
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
def browser() -> Iterator[Any]:
    from browser.lab_page import opened_browser

    with opened_browser() as browser:
        yield browser


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
