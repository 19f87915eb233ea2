"""How two results differ, in the field's words: shape, dtype, where in time or frequency, scale, sign, offset, lag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

TIMES = {2.0: "twice", 0.5: "half", 10.0: "ten times", 0.1: "a tenth of", -1.0: "the negative of", 4.0: "four times"}
COUNTED = ("frames", "samples", "symbols")  # units with a singular
LAGS_TRIED = 64
ENOUGH_FOR_A_FACTOR = 4  # values; with fewer, a relation is a coincidence
ENOUGH_FOR_A_SHIFT = 16  # values


class ScaleOptions(TypedDict, total=False):
    """The fields of a `Scale`, as a check gives them."""

    axis: str
    unit: str
    step: float | None
    step_unit: str
    row: str


@dataclass(frozen=True)
class Scale:
    """What the last axis of a result counts, and what its values are.

    ``axis`` names one step along the last axis (frame, sample, bin); ``step`` is the size of that step in ``step_unit``
    (0.01 s a frame); ``unit`` is the unit of the values; ``row`` names one step along the axis before, if there is one.
    """

    axis: str = "element"
    unit: str = ""
    step: float | None = None
    step_unit: str = "s"
    row: str = "row"

    def value(self, value: Any) -> str:
        """Write a value with its unit."""
        return self.with_unit(number(value))

    def with_unit(self, text: str) -> str:
        """Write a number that is text already with its unit; one frame is not one frames."""
        unit = self.unit.removesuffix("s") if text in ("1", "−1") and self.unit in COUNTED else self.unit
        return f"{text} {unit}".rstrip()

    def place(self, index: int) -> str:
        """Write a position: ``frame 12 (0.12 s)``."""
        at = "" if self.step is None else f" ({number(index * self.step)} {self.step_unit})"
        return f"{self.axis} {index}{at}"

    def length(self, steps: int) -> str:
        """Write a distance: ``3 frames (0.03 s)``."""
        at = "" if self.step is None else f" ({number(steps * self.step)} {self.step_unit})"
        plural = "es" if self.axis.endswith("s") else "s"
        return f"{steps} {self.axis}{'' if steps == 1 else plural}{at}"


def number(value: Any, *, digits: int = 4) -> str:
    """Write a number as a person would: yes and no, no exponent where none is needed, a real minus sign."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (complex, np.complexfloating)):
        return f"{value:.{digits}g}".replace("-", "−")
    if isinstance(value, (int, np.integer)):
        return str(value).replace("-", "−")
    if not isinstance(value, (float, np.floating)):
        return repr(value)
    value = float(value)
    value = 0.0 if abs(value) < 1e-12 else value  # rounding, not a result
    text = f"{value:.{digits}g}"
    if "e" in text and 1e-6 < abs(value) < 1e7:
        text = f"{value:.0f}" if abs(value) > 1 else f"{value:.{digits + 5}f}".rstrip("0")
    return text.replace("-", "−").replace("inf", "infinity").replace("nan", "NaN (not a number)")


def kind_of(value: Any) -> str:
    """Name what a value is, with its article: a list, an int, an array of text.

    Examples
    --------
    >>> kind_of([]), kind_of(3), kind_of(None), kind_of(np.array(["a"]))
    ('a list', 'an int', 'nothing (None)', 'an array of text')
    """
    if value is None:
        return "nothing (None)"
    if isinstance(value, np.ndarray):
        return f"an array of {'text' if value.dtype.kind in 'US' else value.dtype}"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def apart(value: Any, other: Any) -> tuple[str, str]:
    """Write two different numbers with as many digits as it takes to see the difference."""
    for digits in range(4, 13):
        texts = number(value, digits=digits), number(other, digits=digits)
        if texts[0] != texts[1]:
            break
    return texts


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
    """Describe in one or two sentences how a result differs from the right one.

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
        mine = np.asarray(got)
        right = np.asarray(expected)
    except ValueError:
        return f"You return a ragged list; {_kind(expected)} is right."
    if mine.dtype.kind in "OUS" and right.dtype.kind not in "OUS":
        return f"You return {_kind(got)}; {_kind(expected)} is right."
    if mine.shape != right.shape:
        return _shapes(mine.shape, right.shape, scale)
    wrong = np.atleast_1d(differs(mine, right, atol=atol, rtol=rtol))
    relation = next(_relations(mine, right, scale, atol=atol, rtol=rtol), "") if np.all(np.isfinite(mine)) else ""
    return _where(np.atleast_1d(mine), np.atleast_1d(right), wrong, scale) + relation


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a dict"
    if isinstance(value, str) or value is None:
        return repr(value)
    array = np.asarray(value)
    if array.ndim == 0:
        return f"one {'truth value' if array.dtype == bool else 'number'}"
    return f"an array of shape {array.shape}"


def _shapes(mine: tuple[int, ...], right: tuple[int, ...], scale: Scale) -> str:
    if not mine:
        return f"You return one number; one for each {scale.axis} is right: shape {right}."
    if not right:
        return f"You return shape {mine}; one number is right."
    text = f"You return shape {mine}; {right} is right"
    if len(mine) == len(right) == 2 and mine == right[::-1]:
        return f"{text}: the two axes are swapped."
    extra = mine[-1] - right[-1]
    if len(mine) == len(right) and mine[:-1] == right[:-1] and abs(extra) <= max(3, right[-1] // 10):
        return f"{text}: {scale.length(abs(extra))} too {'many' if extra > 0 else 'few'}."
    return f"{text}."


def _where(mine: np.ndarray, right: np.ndarray, wrong: np.ndarray, scale: Scale) -> str:
    """Name the values at the first difference, or the one value that is everywhere."""
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    value, truth = map(scale.with_unit, apart(mine[first], right[first]))
    if wrong.size == 1:
        return f"You return {value}; {truth} is right."
    if wrong.all() and all(np.all(values == values.flat[0]) for values in (mine, right)):
        return f"You return {value} in every {scale.axis}; {truth} is right."
    row = f"{scale.row} {first[0]}, " if wrong.ndim == 2 else ""
    count = f"{int(wrong.sum())} of {wrong.size} values differ"
    return f"You return {value} at {row}{scale.place(first[-1])}; {truth} is right ({count})."


def _relations(mine: np.ndarray, right: np.ndarray, scale: Scale, *, atol: float, rtol: float) -> Iterator[str]:
    """Yield what simple change would turn the right result into this one."""
    if mine.dtype.kind == "b" and right.dtype.kind == "b":
        if np.array_equal(mine, ~right) and mine.size > 1:
            yield " Yes and no are exchanged."
    elif mine.dtype.kind in "iuf" and right.dtype.kind in "iufb":
        yield from _linear(mine.astype(float), right.astype(float), scale, atol=atol, rtol=rtol)
    yield from _moved(mine, right, scale, atol=atol, rtol=rtol)


def _linear(mine: np.ndarray, right: np.ndarray, scale: Scale, *, atol: float, rtol: float) -> Iterator[str]:
    """Yield the offset or the factor; a factor between decibels means something only when it has a name."""
    if np.count_nonzero(right) < ENOUGH_FOR_A_FACTOR:
        return
    factor = float(np.vdot(right, mine)) / float(np.vdot(right, right))
    named = next((word for k, word in TIMES.items() if abs(factor / k - 1) < 5e-3), "")
    telling = named or (scale.unit != "dB" and not 0.99 < factor < 1.01 and abs(factor) > 1e-3)
    if telling and not differs(mine, factor * right, atol=atol * abs(factor), rtol=rtol or 1e-4).any():
        yield f" That is {named or f'{number(factor)} times'} the right value everywhere."
    offset = float(np.median(mine - right))
    if abs(offset) > atol and not differs(mine - offset, right, atol=atol, rtol=rtol).any():
        yield f" Every value is {scale.value(abs(offset))} too {'high' if offset > 0 else 'low'}."


def _moved(mine: np.ndarray, right: np.ndarray, scale: Scale, *, atol: float, rtol: float) -> Iterator[str]:
    """Yield whether the values are in reverse order, or come late or early."""
    if mine.ndim == 0 or mine.shape[-1] < ENOUGH_FOR_A_SHIFT or np.all(right == right.flat[0]):
        return
    if not differs(mine[..., ::-1], right, atol=atol, rtol=rtol).any():
        yield f" Your values are in reverse order along the {scale.axis}s."
    for lag in range(1, min(LAGS_TRIED, mine.shape[-1] // 2)):
        shifted = {"late": (mine[..., lag:], right[..., :-lag]), "early": (mine[..., :-lag], right[..., lag:])}
        for word, (got, expected) in shifted.items():
            if not np.all(expected == expected.flat[0]) and not differs(got, expected, atol=atol, rtol=rtol).any():
                yield f" Your values are the right ones, {scale.length(lag)} too {word}."
