"""The state of a training in a file, which is whole at every moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audiocourse.atomic import remove_parts, replacing
from audiocourse.errors import AudioCourseError


def save_state(state: dict[str, Any], path: Path) -> None:
    """Replace the file in one step: a kill leaves the old state or the new one, never a half."""
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    remove_parts(path)
    with replacing(path) as part, part.open("wb") as file:
        torch.save(state, file)


def load_state(path: Path) -> dict[str, Any] | None:
    """Return the state in a file, or None where there is none.

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
    except Exception as error:  # a damaged file fails in as many ways as it has bytes
        raise AudioCourseError(f"{path} is damaged: delete it, and the training starts again.") from error
    return state
