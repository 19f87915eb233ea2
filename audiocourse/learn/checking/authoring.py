"""What an author of exercises writes with: checks, known misconceptions, other right answers, and how to compare.

A folder ``tests/exercises/NOTEBOOK/`` holds ``checks.py``, ``mutants.py`` and ``alternatives.py``; the decorators here
only mark the functions, and `audiocourse.learn.checking.registry` finds the marks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, Unpack

import numpy as np

from audiocourse.intervals import Segment
from audiocourse.learn.checking.diagnose import Scale, ScaleOptions, apart, differs, explain, kind_of
from audiocourse.learn.checking.given import Given
from audiocourse.learn.checking.student import Handle, Student

__all__ = [
    "Given",
    "Handle",
    "Mismatch",
    "Segment",
    "Student",
    "alternative",
    "check",
    "expect",
    "expect_close",
    "expect_equal",
    "expect_intervals",
    "kind_of",
    "mutant",
]

MARK = "__mark__"  # where a mark is found
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class CheckMark:
    """What `check` writes on a function."""

    task: str
    label: str


@dataclass(frozen=True)
class MutantMark:
    """What `mutant` writes on a function or class."""

    task: str
    name: str
    hint: str


@dataclass(frozen=True)
class AlternativeMark:
    """What `alternative` writes on a function or class."""

    task: str


def check(*, task: str, label: str) -> Callable[[F], F]:
    """Mark ``f(student, rng)`` as a check of a task; the label is the truth about sound that it tests, in words."""
    return _marker(CheckMark(task, label))


def mutant(*, task: str, name: str, hint: str) -> Callable[[F], F]:
    """Mark a wrong answer that people really give; the hint is a question that leads out of it."""
    return _marker(MutantMark(task, name, hint))


def alternative(*, task: str) -> Callable[[F], F]:
    """Mark a right answer that is written differently from the solution."""
    return _marker(AlternativeMark(task))


def _marker(mark: CheckMark | MutantMark | AlternativeMark) -> Callable[[F], F]:
    def write(thing: F) -> F:
        setattr(thing, MARK, mark)  # the __dict__ of a class is read-only
        return thing

    return write


class Mismatch(Exception):
    """An answer's result is not the right one.

    Parameters
    ----------
    got, expected : array, number or list
        The claim and the right result. With ``message`` they may be left out.
    atol, rtol : float
        The tolerance of the comparison.
    sr : int, optional
        Given when both are sounds: the feedback then plays yours, the right one and the difference.
    message : str, optional
        The sentence to show instead of a computed one.
    **scale
        axis, unit, step, step_unit, row: what the axes and values are; see `audiocourse.learn.checking.diagnose.Scale`.
    """

    def __init__(
        self,
        got: Any = None,
        expected: Any = None,
        *,
        atol: float = 0.0,
        rtol: float = 0.0,
        sr: int | None = None,
        message: str = "",
        **scale: Unpack[ScaleOptions],
    ) -> None:
        super().__init__(message or explain(got, expected, scale=Scale(**scale), atol=atol, rtol=rtol))
        self.got = got
        self.expected = expected
        self.sr = sr


def expect(condition: bool, message: str) -> None:
    """Require a truth; ``message`` is the whole sentence a student reads when it does not hold."""
    if not condition:
        raise Mismatch(message=message)


def expect_close(
    got: Any,
    expected: Any,
    *,
    atol: float = 0.0,
    rtol: float = 0.0,
    sr: int | None = None,
    **scale: Unpack[ScaleOptions],
) -> None:
    """Require the same shape and |got − expected| ≤ atol + rtol·|expected| everywhere.

    Parameters
    ----------
    got : array or number [shape=(...)]
        What the answer returned.
    expected : array or number [shape=(...)]
        What is right.
    atol, rtol : float
        The tolerance; atol in the unit of the values.
    sr, **scale
        As in `Mismatch`.

    Raises
    ------
    Mismatch
        If they differ.
    """
    right = np.asarray(expected)
    if right.ndim and isinstance(got, (list, tuple)):
        raise Mismatch(message=f"You return {kind_of(got)}; an array (np.ndarray) is right, as later stages need one.")
    if isinstance(got, (np.ndarray, list, tuple, int, float, bool)):
        try:
            mine = np.asarray(got)
        except ValueError:
            mine = np.empty(0, dtype=object)
        numeric = mine.dtype.kind in "biufc"
        if numeric and mine.shape == right.shape and not differs(mine, right, atol=atol, rtol=rtol).any():
            return
    raise Mismatch(got, expected, atol=atol, rtol=rtol, sr=sr, **scale)


def expect_equal(got: Any, expected: Any, *, sr: int | None = None, **scale: Unpack[ScaleOptions]) -> None:
    """Require the same shape, kind of values (yes/no, whole, real) and exactly the same values.

    Parameters
    ----------
    got, expected : array or number [shape=(...)]
        The claim and what is right.
    sr, **scale
        As in `Mismatch`.

    Raises
    ------
    Mismatch
        If they differ.
    """
    if isinstance(got, (np.ndarray, bool, int, float)) and (np.asarray(got).dtype == bool) != (
        np.asarray(expected).dtype == bool
    ):
        kind = (
            "yes/no values (dtype bool)"
            if np.asarray(expected).dtype == bool
            else f"{np.asarray(expected).dtype} values"
        )
        raise Mismatch(message=f"You return {np.asarray(got).dtype} values; {kind} are right.")
    expect_close(got, expected, sr=sr, **scale)


def expect_intervals(got: Any, expected: Sequence[Segment], *, atol: float, unit: str = "s") -> None:
    """Require a list of (start, end) pairs, each end within ``atol`` of the right one.

    Parameters
    ----------
    got : list of (start, end)
        What the answer returned.
    expected : list of (start, end)
        What is right.
    atol : float
        Allowed distance of each end, in ``unit``.
    unit : str
        Unit of the ends.

    Raises
    ------
    Mismatch
        If the number of intervals or one of the ends differs.
    """
    try:
        mine = [(float(start), float(end)) for start, end in got]
    except (TypeError, ValueError):
        raise Mismatch(message=f"You return {got!r:.80}; a list of (start, end) pairs is right.") from None
    if len(mine) != len(expected):
        raise Mismatch(message=f"You return {_listed(mine, unit)}; {_listed(list(expected), unit)} would be right.")
    for index, (pair, right) in enumerate(zip(mine, expected, strict=True)):
        for name, value, truth in zip(("starts", "ends"), pair, right, strict=True):
            if not abs(value - truth) <= atol:
                which = f"Your segment {index + 1} of {len(mine)}"
                found, expected_end = apart(value, truth)
                raise Mismatch(message=f"{which} {name} at {found} {unit}; {expected_end} {unit} is right.")


def _listed(intervals: list[Segment], unit: str) -> str:
    if not intervals:
        return "no segment"
    pairs = ", ".join(f"{start:.4g}–{end:.4g} {unit}" for start, end in intervals[:4])
    more = ", …" if len(intervals) > 4 else ""
    return f"{len(intervals)} segment{'s' * (len(intervals) > 1)} ({pairs}{more})"
