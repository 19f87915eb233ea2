"""Folders of a person: the files in them that they see, and whether more can be saved."""

import tempfile
from pathlib import Path


def visible(folder: Path, pattern: str) -> list[Path]:
    """List the paths that match a pattern in a folder, in order, as its owner sees them.

    Left out are names that begin with a dot (macOS writes ``._voice.wav`` beside ``voice.wav`` on disks of another
    system), all files in folders of such names, and links whose target does not exist.
    """
    return [
        path
        for path in sorted(folder.glob(pattern))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts) and path.exists()
    ]


def why_not_writable(folder: Path) -> str | None:
    """Return why a student's answers could not be saved, or an empty text."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return (
            f"{folder} cannot be written ({error.strerror}), so no answer could be saved: "
            "change its rights, or copy the course to a folder of your own."
        )
