"""One output in two forms: HTML for a page, text for everything else."""

from __future__ import annotations

import sys

import pytest

from audiocourse.learn.display import html
from audiocourse.learn.display.html import collected, is_new, put


def test_without_a_notebook_the_text_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("IPython.core.interactiveshell.InteractiveShell.initialized", lambda: False)
    put("<b>bold</b>", "bold")
    assert capsys.readouterr().out == "bold\n"


def test_a_page_holds_what_is_displayed_and_printed_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    with collected() as page:
        print("a <b>", 1)
        print("c", flush=True)
        put("<i>d</i>", "d")
        print("e")
    assert [piece.partition(">")[2] if piece.startswith("<pre") else piece for piece in page] == [
        "a &lt;b&gt; 1\nc</pre>",
        "<i>d</i>",
        "e</pre>",
    ]
    assert page.plain == "a <b> 1\nc\nd\ne\n"
    assert capsys.readouterr().out == ""


def test_a_page_within_a_page_keeps_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with collected() as outer:
        put("1", "1")
        with pytest.raises(ValueError, match="stop"), collected() as inner:
            put("2", "2")
            raise ValueError("stop")
        put("3", "3")
    assert (list(outer), list(inner)) == (["1", "3"], ["2"])
    print("after")
    assert capsys.readouterr().out == "after\n"
    assert not isinstance(sys.stdout, type(outer))


class Shell:
    """Plays IPython's shell, in a kernel."""

    kernel = "there"


def test_a_stored_notebook_holds_a_thing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("IPython.core.interactiveshell.InteractiveShell.initialized", lambda: True)
    monkeypatch.setattr("IPython.core.interactiveshell.InteractiveShell.instance", Shell)
    monkeypatch.setattr(html, "_stored", set())
    assert [is_new("a"), is_new("b"), is_new("a")] == [True, True, False]
    with collected():
        assert [is_new("a"), is_new("c"), is_new("c")] == [False, True, False], (
            "nor do the panels of a slider repeat it"
        )
    monkeypatch.setattr("audiocourse.learn.files.progress.is_on", lambda: True)
    assert is_new("a"), "where a student works, an earlier output may be cleared"


def test_outside_a_kernel_every_output_is_complete() -> None:
    assert [is_new("a"), is_new("a")] == [True, True]
