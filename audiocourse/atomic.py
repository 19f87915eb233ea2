"""Replacing a file in one step: after a kill at any moment the old file is there or the new one, never a half."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiocourse.errors import AudioCourseError

NO_SPACE = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; what the block writes there replaces the file when the block ends.

    If the block or the disk fails, the error comes through, the old file is still there, and nothing is left of the
    new one.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")  # two writers never share one
    try:
        yield part
        with part.open("rb+") as file:  # Windows flushes only what is open for writing
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_atomically(path: Path, content: bytes | str) -> None:
    """Replace a file in one step by this content; text is written as UTF-8, with its line ends as they are.

    Missing folders are created.

    Raises
    ------
    AudioCourseError
        If there is no space left, or the folder cannot be written; the old file is still there then.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part, part.open("wb") as file:
            file.write(data)
    except OSError as error:
        raise AudioCourseError(_message(path, error)) from error


def remove_parts(path: Path) -> None:
    """Delete what killed writers of a file left beside it; only where no one else writes that file."""
    for part in path.parent.glob(".*.part"):
        if part.name.startswith(f".{path.name}."):
            part.unlink(missing_ok=True)


def _message(path: Path, error: OSError) -> str:
    if error.errno in NO_SPACE:
        return f"There is no space left to write {path}; free some and run the command again, nothing written is lost."
    return f"{path} cannot be written ({error.strerror or error}); choose a folder of your own."


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can; the file is whole either way."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
