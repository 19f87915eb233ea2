"""Putting HTML with a plain-text twin on the page of a notebook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from html import escape

from audiocourse.learn.files import progress

__all__ = ["Page", "collected", "escape", "is_new", "put"]

_page: Page | None = None  # where HTML goes instead of a notebook
_stored: set[str] = set()  # what earlier outputs of a stored notebook hold


class Page(list[str]):
    """Pieces of HTML in the order in which they were displayed; what was printed between them is a piece too.

    ``plain`` is the same as text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.plain = ""
        self._printed = ""

    def add(self, html: str, plain: str) -> None:
        """Add what is displayed."""
        self.flush()
        self.append(html)
        self.plain += f"{plain}\n"

    def write(self, text: str) -> int:
        """Add what is printed; this makes a page a place to print to."""
        self._printed += text
        self.plain += text
        return len(text)

    def flush(self) -> None:
        """Turn what was printed so far into a piece."""
        if self._printed.strip():
            self.append(f'<pre style="margin:0.4em 0;white-space:pre-wrap">{escape(self._printed.rstrip())}</pre>')
        self._printed = ""


def put(html: str, plain: str, *, display_id: str | None = None, update: bool = False) -> None:
    """Display HTML where there is a notebook, the plain text everywhere else.

    Parameters
    ----------
    html : str
        What a browser shows; text taken from elsewhere must already be escaped.
    plain : str
        The same for terminals, screen readers of terminals and plain-text exports.
    display_id : str, optional
        A name under which it can be replaced later.
    update : bool
        Replace what has this name.
    """
    if _page is not None:
        _page.add(html, plain)
        return
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    if not InteractiveShell.initialized():
        print(plain)
        return
    display({"text/html": html, "text/plain": plain}, raw=True, display_id=display_id, update=update)


def is_new(name: str) -> bool:
    """Whether an output must bring something itself; in a stored notebook an earlier output may have brought it.

    Where a student works, and outside a kernel, every output is complete: another may be cleared.
    """
    from IPython.core.interactiveshell import InteractiveShell

    in_kernel = InteractiveShell.initialized() and hasattr(InteractiveShell.instance(), "kernel")
    if progress.is_on() or not in_kernel:
        return True
    is_stored = name in _stored
    _stored.add(name)
    return not is_stored


@contextlib.contextmanager
def collected() -> Iterator[Page]:
    """Collect what would be displayed and printed, in order, for a page that is written elsewhere."""
    global _page
    before = _page
    page = Page()
    _page = page
    try:
        with contextlib.redirect_stdout(page):
            yield page
    finally:
        page.flush()
        _page = before
