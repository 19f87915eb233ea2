"""A text that grows while something listens: with a button for a student, its last state elsewhere."""

from __future__ import annotations

import importlib
import importlib.util
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from audiocourse.errors import AudioCourseError
from audiocourse.learn.display.html import escape
from audiocourse.learn.files import progress


def live(texts: Callable[[], Iterator[str]], *, label: str) -> None:
    """Show the texts of an iterator one after the other, as they come.

    A kernel that a student works in shows a button that starts and stops it; meanwhile the kernel is free. Under a
    test, in CI, and where ipywidgets is missing, the iterator runs to its end and its last text is printed: that is
    what a stored notebook holds.

    Parameters
    ----------
    texts : Callable
        Makes a new iterator; each text replaces the one before. It is closed when the student stops it.
    label : str
        What is shown, also for screen readers.
    """
    if not (progress.is_on() and importlib.util.find_spec("ipywidgets")):
        last = ""
        for last in texts():  # noqa: B007 (what it ends with counts)
            pass
        print(f"{label}\n{last}")
        return
    from IPython.display import display

    widgets = importlib.import_module("ipywidgets")
    button = widgets.ToggleButton(description="Listen", icon="microphone")
    page = widgets.HTML(f"<p>{escape(label)}</p>")
    button.observe(lambda change: _start(texts, button, page, label) if change["new"] else None, names="value")
    display(widgets.VBox([button, page]))


def _start(texts: Callable[[], Iterator[str]], button: Any, page: Any, label: str) -> None:
    threading.Thread(target=_run, args=(texts, button, page, label), daemon=True).start()


def _run(texts: Callable[[], Iterator[str]], button: Any, page: Any, label: str) -> None:
    """Show what comes until it ends or the button is up; an error of the course is a sentence below the text."""
    text = ""
    try:
        with closing(texts()) as stream:  # type: ignore[type-var]
            for text in stream:
                page.value = _page(label, text)
                if not button.value:
                    break
    except AudioCourseError as problem:
        page.value = _page(label, f"{text}\n{problem}")
    button.value = False


def _page(label: str, text: str) -> str:
    return f'<pre role="log" aria-label="{escape(label)}">{escape(text)}</pre>'
