"""Listing the files that a person brings, without those that their system put beside them."""

from pathlib import Path


def visible(folder: Path, pattern: str) -> list[Path]:
    """List what matches a pattern in a folder, in order, as its owner sees it.

    Names that begin with a dot are left out (macOS writes ``._voice.wav`` beside ``voice.wav`` on disks of another
    system), and so are all files in folders of such names and links whose target does not exist.
    """
    return [
        path
        for path in sorted(folder.glob(pattern))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts) and path.exists()
    ]
