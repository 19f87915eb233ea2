"""Widgets: parts of a notebook that speak with its kernel. Their scripts are in this folder, and anywidget runs them.

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


def widget(*scripts: str, **state: object) -> Any:
    """Return a widget, not yet displayed.

    Parameters
    ----------
    *scripts : str
        The names of JavaScript files in this folder; the last one exports ``{ render({ model, el }) {…} }`` and uses
        what those before it define.
    **state
        JSON values and bytes that the script reads with ``model.get``; both sides can change them.

    Returns
    -------
    anywidget.AnyWidget
        ``on_msg`` receives what the script sends, ``send`` speaks to it.
    """
    anywidget = importlib.import_module("anywidget")
    traitlets = importlib.import_module("traitlets")
    folder = Path(__file__).parent
    source = "\n".join((folder / script).read_text(encoding="utf-8") for script in scripts)
    traits = {name: traitlets.Any().tag(sync=True) for name in state}
    kind = type(scripts[-1].removesuffix(".js").title(), (anywidget.AnyWidget,), {"_esm": source, **traits})
    return kind(**state)
