"""Listing the files that a person provides, without those that their operating system added."""

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
