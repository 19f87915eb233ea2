"""How two results differ, in the field's words: shape, dtype, where in time or frequency, scale, sign, offset, lag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

TIMES = {2.0: "twice", 0.5: "half", 10.0: "ten times", 0.1: "a tenth of", -1.0: "the negative of", 4.0: "four times"}
LAGS_TRIED = 64


@dataclass(frozen=True)
class Scale:
    """What the last axis of a result counts, and what its values are.

    ``axis`` names one step along the last axis (frame, sample, bin); ``step`` is the size of that step in ``step_unit``
    (0.01 s a frame); ``unit`` is the unit of the values.
    """

    axis: str = "element"
    unit: str = ""
    step: float | None = None
    step_unit: str = "s"

    def value(self, value: Any) -> str:
        """Write a value with its unit."""
        return f"{number(value)} {self.unit}".rstrip()

    def place(self, index: int) -> str:
        """Write a position: ``frame 12 (0.12 s)``."""
        at = "" if self.step is None else f" ({number(index * self.step)} {self.step_unit})"
        return f"{self.axis} {index}{at}"

    def length(self, steps: int) -> str:
        """Write a distance: ``3 frames (0.03 s)``."""
        at = "" if self.step is None else f" ({number(steps * self.step)} {self.step_unit})"
        return f"{steps} {self.axis}{'' if steps == 1 else 's'}{at}"


def number(value: Any) -> str:
    """Write a number as a person would: booleans by name, four significant digits, a real minus sign."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (complex, np.complexfloating)):
        return f"{value:.4g}".replace("-", "−")
    if isinstance(value, (int, np.integer)):
        return str(value).replace("-", "−")
    return f"{value:.4g}".replace("-", "−") if isinstance(value, (float, np.floating)) else repr(value)


def differs(got: np.ndarray, expected: np.ndarray, *, atol: float, rtol: float) -> np.ndarray:
    """Return where two arrays of one shape differ by more than the tolerance (NaN never equals a number).

    Parameters
    ----------
    got, expected : np.ndarray [shape=(...)]
        Results of the same shape.
    atol, rtol : float
        Allowed: |got − expected| ≤ atol + rtol·|expected|.

    Returns
    -------
    np.ndarray [shape=(...)]
        True where they differ.
    """
    if expected.dtype.kind in "bUSO":
        return np.asarray(got != expected)
    return np.asarray(~np.isclose(got, expected, atol=atol, rtol=rtol, equal_nan=True))


def explain(got: Any, expected: Any, *, scale: Scale, atol: float, rtol: float) -> str:
    """Say in one or two sentences how a result differs from the right one.

    Parameters
    ----------
    got, expected : array or number
        The answer's result and the right one.
    scale : Scale
        Names and units of the axes.
    atol, rtol : float
        The tolerance with which they were compared.
    """
    if isinstance(got, (str, dict)) or got is None:
        return f"You return {'nothing (None)' if got is None else repr(got)}; {_kind(expected)} is right."
    try:
        mine, right = np.asarray(got), np.asarray(expected)
    except ValueError:
        return f"You return a ragged list; {_kind(expected)} is right."
    if mine.dtype.kind in "OUS" and right.dtype.kind not in "OUS":
        return f"You return {_kind(got)}; {_kind(expected)} is right."
    if mine.shape != right.shape:
        return _shapes(mine.shape, right.shape, scale)
    if not np.all(np.isfinite(mine)) and np.all(np.isfinite(right)):
        index = int(np.argwhere(~np.isfinite(np.atleast_1d(mine)))[0][-1])
        return (
            f"You return {number(np.atleast_1d(mine)[~np.isfinite(np.atleast_1d(mine))][0])} at {scale.place(index)}."
        )
    wrong = differs(mine, right, atol=atol, rtol=rtol)
    relation = next(_relations(mine, right, scale, atol=atol, rtol=rtol), "")
    return _where(np.atleast_1d(mine), np.atleast_1d(right), np.atleast_1d(wrong), scale) + relation


def _kind(value: Any) -> str:
    array = np.asarray(value)
    if array.ndim == 0:
        return f"one {'truth value' if array.dtype == bool else 'number'}"
    return f"an array of shape {array.shape}"


def _shapes(mine: tuple[int, ...], right: tuple[int, ...], scale: Scale) -> str:
    said = f"You return shape {mine}; {right} is right"
    if len(mine) == len(right) == 2 and mine == right[::-1]:
        return f"{said}: the two axes are swapped."
    if len(mine) == len(right) and mine[:-1] == right[:-1]:
        extra = mine[-1] - right[-1]
        return f"{said}: {scale.length(abs(extra))} too {'many' if extra > 0 else 'few'}."
    return f"{said}."


def _where(mine: np.ndarray, right: np.ndarray, wrong: np.ndarray, scale: Scale) -> str:
    """Say the values at the first difference, or the one value that stands everywhere."""
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    said = f"You return {scale.value(mine[first])}"
    right_value = f"{scale.value(right[first])} is right"
    if wrong.size == 1:
        return f"{said}; {right_value}."
    if wrong.all() and np.ptp(mine.astype(complex).real) == 0 and np.ptp(right.astype(complex).real) == 0:
        return f"{said} in every {scale.axis}; {right_value}."
    row = f"row {first[0]}, " if wrong.ndim == 2 else ""
    count = f"{int(wrong.sum())} of {wrong.size} values differ"
    return f"{said} at {row}{scale.place(first[-1])}; {right_value} ({count})."


def _relations(mine: np.ndarray, right: np.ndarray, scale: Scale, *, atol: float, rtol: float) -> Iterator[str]:
    """Yield what simple change would turn the right result into this one."""
    if mine.dtype.kind == "b" and right.dtype.kind == "b":
        if np.array_equal(mine, ~right) and mine.size > 1:
            yield " Yes and no are exchanged."
    elif mine.dtype.kind in "iuf" and right.dtype.kind in "iufb":
        yield from _linear(mine.astype(float), right.astype(float), scale, atol=atol, rtol=rtol)
    yield from _moved(mine, right, scale, atol=atol, rtol=rtol)


def _linear(mine: np.ndarray, right: np.ndarray, scale: Scale, *, atol: float, rtol: float) -> Iterator[str]:
    power = float(np.vdot(right, right))
    if power > 0:
        factor = float(np.vdot(right, mine)) / power
        if abs(factor) > rtol and not differs(mine, factor * right, atol=atol * abs(factor), rtol=rtol or 1e-4).any():
            named = next((word for k, word in TIMES.items() if abs(factor / k - 1) < 5e-3), None)
            everywhere = "" if right.size == 1 else " everywhere"
            yield f" That is {named or f'{number(factor)} times'} the right value{everywhere}."
    if right.size > 1:
        offset = float(np.median(mine - right))
        if abs(offset) > atol and not differs(mine - offset, right, atol=atol, rtol=rtol).any():
            yield f" Every value is {scale.value(abs(offset))} too {'high' if offset > 0 else 'low'}."


def _moved(mine: np.ndarray, right: np.ndarray, scale: Scale, *, atol: float, rtol: float) -> Iterator[str]:
    if mine.ndim == 0 or mine.shape[-1] < 4 or np.ptp(right.astype(float)) == 0:
        return
    if not differs(mine[..., ::-1], right, atol=atol, rtol=rtol).any():
        yield f" Your values stand in reverse order along the {scale.axis}s."
    for lag in range(1, min(LAGS_TRIED, mine.shape[-1] // 2)):
        for late, (a, b) in {
            "late": (mine[..., lag:], right[..., :-lag]),
            "early": (mine[..., :-lag], right[..., lag:]),
        }.items():
            if np.ptp(b.astype(float)) > 0 and not differs(a, b, atol=atol, rtol=rtol).any():
                yield f" Your values are the right ones, {scale.length(lag)} too {late}."
