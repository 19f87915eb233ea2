"""Saving and loading the state of a training, in a file that is never half written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audiocourse.atomic import remove_parts, replacing
from audiocourse.errors import AudioCourseError


def save_state(state: dict[str, Any], path: Path) -> None:
    """Replace the file in one step: a kill leaves the old state or the new one."""
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    remove_parts(path)
    with replacing(path) as part, part.open("wb") as file:
        torch.save(state, file)


def load_state(path: Path) -> dict[str, Any] | None:
    """Return the state in a file, or None if there is no such file.

    Raises
    ------
    AudioCourseError
        If the file is damaged.
    """
    import torch

    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file raises almost any error
        raise AudioCourseError(f"{path} is damaged: delete it, and the training starts from the beginning.") from error
    return state
