"""Tools of instructors and authors: building notebooks, proving checks, releasing, grading, reporting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiocourse.teach.grading.reports.gradebook import Result

__all__ = ["grade"]


def grade(
    notebook: str | Path, *, seed: int | None = None, sandbox: str = "", checks: str | Path | None = None
) -> Result:
    """Grade one notebook on hidden data in the strongest sandbox of this system; no result is stored.

    Parameters
    ----------
    notebook : str or Path
        The submission.
    seed : int, optional
        Seed of the hidden data; without it, a new one each time.
    sandbox : str
        ``namespaces``, ``seccomp`` or ``limits``; the strongest that works if it is not given.
    checks : str or Path, optional
        A folder of further checks, laid out as ``tests/exercises`` is.

    Returns
    -------
    Result
        Points in all and by task; ``problem`` says why a submission cannot be graded.

    Raises
    ------
    AudioCourseError
        If the file cannot be read, the sandbox level does not work here, or a further check is unusable.
    """
    from audiocourse.learn.checking.registry import require_checks
    from audiocourse.teach.grading.classroom import grade_one

    further = Path(checks) if checks is not None else None
    if further is not None:
        require_checks(further)
    return grade_one(Path(notebook), seed=seed, level=sandbox, checks=further)
