"""Putting HTML with a plain-text twin on the page of a notebook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from html import escape

__all__ = ["collected", "escape", "put"]

_page: list[str] | None = None  # where HTML goes instead of a notebook


def put(html: str, plain: str) -> None:
    """Display HTML where there is a notebook, the plain text everywhere else.

    Parameters
    ----------
    html : str
        What a browser shows; text taken from elsewhere must already be escaped.
    plain : str
        The same for terminals, screen readers of terminals and plain-text exports.
    """
    if _page is not None:
        _page.append(html)
        return
    from IPython.display import display

    display({"text/html": html, "text/plain": plain}, raw=True)


@contextlib.contextmanager
def collected() -> Iterator[list[str]]:
    """Collect the HTML that would be displayed, for a page that is written elsewhere; nothing is printed either."""
    global _page
    before = _page
    _page = []
    try:
        with contextlib.redirect_stdout(None):
            yield _page
    finally:
        _page = before
