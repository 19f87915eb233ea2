"""The careful way in for files that a person brings: what is listed, and what a text holds."""

from pathlib import Path


def visible(folder: Path, pattern: str) -> list[Path]:
    """List what matches a pattern in a folder, in order, as its owner sees it.

    Left out is what nobody put there knowingly: names that begin with a dot (``._voice.wav`` is what macOS keeps beside
    ``voice.wav`` on foreign disks), everything in folders of such names, and links that lead nowhere.
    """
    return [
        path
        for path in sorted(folder.glob(pattern))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts) and path.exists()
    ]
