"""Putting HTML with a plain-text twin on the page of a notebook."""

from __future__ import annotations

from html import escape

__all__ = ["escape", "put"]


def put(html: str, plain: str) -> None:
    """Display HTML where there is a notebook, the plain text everywhere else.

    Parameters
    ----------
    html : str
        What a browser shows; text taken from elsewhere must already be escaped.
    plain : str
        The same for terminals, screen readers of terminals and plain-text exports.
    """
    from IPython.display import display

    display({"text/html": html, "text/plain": plain}, raw=True)
