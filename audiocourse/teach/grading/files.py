"""Files that are whole or not there, and text that every reader shows as it is."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import unicodedata
from pathlib import Path

from audiocourse.errors import AudioCourseError

NO_SPACE = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
TURNS_TEXT = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # would show what follows in another order


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file in one step: whoever looks, and whenever this is killed, finds the old file or the new one.

    Parameters
    ----------
    path : Path
        Where to; missing folders are made.
    data : bytes
        The whole content.

    Raises
    ------
    AudioCourseError
        If there is no space left, or the place cannot be written; the old file is still there then.
    """
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise AudioCourseError(_told(path, error)) from error
    _remember_the_name(path.parent)


def _told(path: Path, error: OSError) -> str:
    if error.errno in NO_SPACE:
        return f"There is no space left to write {path}; free some and run the command again, nothing written is lost."
    return f"{path} cannot be written ({error.strerror or error}); choose a folder of your own."


def _remember_the_name(folder: Path) -> None:
    """Let the rename survive a power cut, where the system can; the file is whole either way."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def file_name(name: str) -> str:
    """Return a name that is safe on every system, readable, and different for different names.

    >>> file_name("Anna Müller/ex05_vad.ipynb")
    'Anna-M-ller-ex05_vad-ipynb-a918883d193b'
    """
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", name)[:60].strip("-")
    return f"{readable}-{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"


def clean(text: str) -> str:
    """Replace what no page and no sheet can show: control characters, half characters, turns of reading direction.

    >>> clean(chr(27) + "[2J")
    '�[2J'
    """
    return "".join("\ufffd" if _hidden(character) else character for character in text)


def _hidden(character: str) -> bool:
    if character in "\t\r\n":
        return False
    return character in TURNS_TEXT or unicodedata.category(character) in ("Cc", "Cs")
