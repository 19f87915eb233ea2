"""What instructors and authors use: building notebooks, proving checks, releasing, grading, reporting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiocourse.teach.grading.reports.gradebook import Result

__all__ = ["grade"]


def grade(notebook: str | Path, *, seed: int | None = None, jail: str = "", checks: str | Path | None = None) -> Result:
    """Grade one notebook on hidden data in the strongest jail of this system; nothing is kept.

    Parameters
    ----------
    notebook : str or Path
        The submission.
    seed : int, optional
        Of the hidden data; without it, a new one each time.
    jail : str
        ``namespaces``, ``seccomp`` or ``limits``; the strongest that works if it is not given.
    checks : str or Path, optional
        A folder of further checks, laid out as ``tests/exercises`` is.

    Returns
    -------
    Result
        Points in all and by task; what cannot be graded is a ``problem``.

    Raises
    ------
    AudioCourseError
        If the file cannot be read, the jail does not work here, or a further check is of no use.
    """
    from audiocourse.learn.checking.registry import require_checks
    from audiocourse.teach.grading.classroom import grade_one

    further = Path(checks) if checks is not None else None
    if further is not None:
        require_checks(further)
    return grade_one(Path(notebook), seed=seed, rung=jail, checks=further)
