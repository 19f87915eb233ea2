"""The scripts of this folder, in the form in which an output carries them."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def on_one_line(name: str) -> str:
    """Return a script on one line, without its comments; every statement in it ends with a semicolon or a brace."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return " ".join(code for line in lines if (code := line.partition("// ")[0].strip()))
