"""Widgets: what stands in a notebook and speaks with its kernel. Each is one script beside this file, run by anywidget.

A widget needs a kernel in which a student works. Everywhere else (tests, CI, grading, stored notebooks, static pages)
its caller shows what can be shown without one.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

from audiocourse.learn.files import progress


def can_interact() -> bool:
    """Whether a student works in this kernel and anywidget is there."""
    return progress.is_on() and importlib.util.find_spec("anywidget") is not None


def widget(script: str, **state: object) -> Any:
    """Return a widget, not yet displayed.

    Parameters
    ----------
    script : str
        The name of a JavaScript file in this folder, which exports ``{ render({ model, el }) {…} }``.
    **state
        JSON values and bytes that the script reads with ``model.get``; both sides can change them.

    Returns
    -------
    anywidget.AnyWidget
        ``on_msg`` receives what the script sends, ``send`` speaks to it.
    """
    anywidget = importlib.import_module("anywidget")
    traitlets = importlib.import_module("traitlets")
    source = (Path(__file__).parent / script).read_text(encoding="utf-8")
    traits = {name: traitlets.Any().tag(sync=True) for name in state}
    kind = type(script.removesuffix(".js").title(), (anywidget.AnyWidget,), {"_esm": source, **traits})
    return kind(**state)
