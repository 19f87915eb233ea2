"""The sandbox level to grade in, and what it leaves open."""

from __future__ import annotations

from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.sandbox import levels


def strongest_level(wanted: str = "") -> str:
    """Return the name of the sandbox level to grade in: the wanted one, else the strongest that works here.

    Parameters
    ----------
    wanted : str
        Name of a level, or "" for the strongest.

    Raises
    ------
    AudioCourseError
        If the wanted one does not work here.
    """
    names = [level.name for level in levels.available_levels()]
    if wanted and wanted not in names:
        raise AudioCourseError(
            f"The sandbox level '{wanted}' does not work on this system; those that do are {', '.join(names)}."
        )
    return wanted or names[0]


def exposure_warning(level: str) -> str:
    """Return a warning where a sandbox level leaves network or files open, "" where it does not."""
    exposed = _exposed(level)
    if not exposed:
        return ""
    return (
        f"The sandbox level '{level}' does not protect {' and '.join(exposed)} here: an answer can reach what you can, "
        "including the solutions, the seed and your files. Grade only people whom you would let use your account, or "
        "grade in a Linux container, which is isolated: docker run --rm -v COURSE:/course -v SUBMISSIONS:/in:ro "
        "-v GRADES:/out -w /course python:3.12 python -m audiocourse grade /in --out /out --require-sandbox (COURSE is "
        "a fresh clone without .venv)."
    )


def _exposed(level: str) -> list[str]:
    promises = next(kind.promises for kind in levels.available_levels() if kind.name == level)
    barriers = {levels.NO_NETWORK: "the network", levels.READS_LIBRARIES_ONLY: "files"}
    return [name for promise, name in barriers.items() if promise not in promises]


def require_isolation(level: str) -> None:
    """Refuse a sandbox level that leaves network or files open.

    Raises
    ------
    AudioCourseError
        If it does.
    """
    if _exposed(level):
        raise AudioCourseError(
            f"The sandbox level '{level}' leaves network or files open; grade on Linux with user namespaces or seccomp "
            "or omit --require-sandbox."
        )
