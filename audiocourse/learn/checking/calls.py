"""The calls that a check makes on an answer: noted with their results, compared, and written as one would type them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from audiocourse.learn.checking.diagnose import number
from audiocourse.learn.checking.given import Given
from audiocourse.learn.checking.student import AnswerError, Arrays, Handle, Student, Value

NUMBERS_SHOWN = 20
ITEMS_SHOWN = 6
LETTERS_SHOWN = 60
CALLS_SHOWN = 4  # of those on one object, the last ones


@dataclass(frozen=True)
class Call:
    """What came of one call during one check: a result, or an `AnswerError`."""

    label: str
    result: Value


def same_results(mine: Sequence[Call], other: Sequence[Call]) -> bool:
    """Whether calls gave the same results, to single precision."""
    return len(mine) == len(other) and all(
        _same(call.result, others.result) for call, others in zip(mine, other, strict=True)
    )


def _same(mine: Value, other: Value) -> bool:
    if isinstance(mine, AnswerError) or isinstance(other, AnswerError):
        return type(mine) is type(other) and mine.kind == other.kind and bool(mine.kind)
    if isinstance(mine, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(mine) == len(other) and all(map(_same, mine, other))
    if isinstance(mine, dict) and isinstance(other, dict):
        return mine.keys() == other.keys() and all(_same(mine[key], other[key]) for key in mine)
    if isinstance(mine, (list, tuple, dict)) or isinstance(other, (list, tuple, dict)):
        return False
    return _same_values(np.asarray(mine), np.asarray(other))


def _same_values(mine: np.ndarray, other: np.ndarray) -> bool:
    if mine.shape != other.shape:
        return False
    kinds = mine.dtype.kind + other.dtype.kind
    if ("f" in kinds and set(kinds) <= set("iuf")) or "c" in kinds:  # answers may compute in either precision
        return bool(np.allclose(mine, other, rtol=1e-5, atol=1e-5, equal_nan=True))
    return kinds[0] == kinds[1] and bool(np.array_equal(mine, other))


class Recorder:
    """A student that notes each call; it passes everything on to the one it wraps."""

    def __init__(self, student: Student) -> None:
        self._student = student
        self.printed = ""
        self.calls: list[Call] = []
        self._label = ""
        self._write_last: Callable[[], str] = str

    @contextlib.contextmanager
    def during(self, label: str) -> Iterator[None]:
        """Note the calls in this block as those of the check with this label."""
        self._label = label
        self._write_last = str
        try:
            yield
        finally:
            self._label = ""

    @property
    def last_call(self) -> str:
        """The last call of this check, as one would type it; on an object, those that led there too."""
        return self._write_last()

    def note(self, act: Callable[[], Value], write: Callable[[], str]) -> Value:
        """Make a call, and note what came of it and how it is written."""
        self._write_last = write
        try:
            result = act()
        except AnswerError as problem:
            self.calls.append(Call(self._label, problem))
            raise
        self.calls.append(Call(self._label, result))
        return result

    def call(self, name: str, *arguments: Value, **options: Value) -> Value:
        """See `Student.call`."""
        return self.note(
            lambda: self._student.call(name, *map(_unwrapped, arguments), **options),
            lambda: written(name, arguments, options),
        )

    def new(self, name: str, **options: Value) -> Handle:
        """See `Student.new`."""
        made = written(name, (), options)
        self._write_last = lambda: made
        return RecordedHandle(self._student.new(name, **options), self, made)


class RecordedHandle:
    """A handle whose calls are noted too."""

    def __init__(self, handle: Handle, recorder: Recorder, made: str) -> None:
        self._handle = handle
        self._recorder = recorder
        self._made = made
        self._number = 0
        self._latest: list[tuple[str, Sequence[Value]]] = []

    def state(self) -> dict[str, np.ndarray]:
        """See `Handle.state`; not noted, since initial values are random."""
        return self._handle.state()

    def load(self, arrays: Arrays) -> None:
        """See `Handle.load`."""
        self._handle.load(arrays)

    def call(self, method: str, *arguments: Value) -> Value:
        """See `Handle.call`."""
        self._number += 1
        self._latest = [*self._latest, (method, arguments)][-CALLS_SHOWN:]
        return self._recorder.note(lambda: self._handle.call(method, *map(_unwrapped, arguments)), self._written)

    def grad(self, inputs: Sequence[np.ndarray], cotangent: np.ndarray) -> dict[str, np.ndarray]:
        """See `Handle.grad`."""
        result: dict[str, np.ndarray] = self._recorder.note(
            lambda: self._handle.grad(inputs, cotangent), lambda: f"{self._made}, then its gradient"
        )
        return result

    def train(self, mode: bool) -> None:
        """See `Handle.train`."""
        self._handle.train(mode)

    def _written(self) -> str:
        earlier = self._number - len(self._latest)
        left_out = [f"{earlier} more call{'s' * (earlier > 1)}"] if earlier else []
        return ", then ".join([self._made, *left_out, *(written(name, given, {}) for name, given in self._latest)])


def _unwrapped(argument: Value) -> Value:
    """Return the handle itself where a check passes one on."""
    return argument._handle if isinstance(argument, RecordedHandle) else argument


def written(name: str, arguments: Sequence[Value], options: dict[str, Value]) -> str:
    """Write a call as one would type it: small arguments in full, large ones by what they are.

    Examples
    --------
    >>> written("hangover", (np.array([True, False]),), {"frames": 2})
    'hangover([True, False], frames=2)'
    >>> written("rms", (np.zeros((80, 300)),), {})
    'rms(⟨float64, shape (80, 300)⟩)'
    """
    given = [*map(_argument, arguments), *(f"{key}={_argument(value)}" for key, value in options.items())]
    return f"{name}({', '.join(given)})"


def _argument(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, str):
        return repr(value if len(value) <= LETTERS_SHOWN else f"{value[:LETTERS_SHOWN]}…")
    if isinstance(value, (float, np.floating)):
        return "nan" if np.isnan(value) else number(value)
    if isinstance(value, (tuple, list)):
        inside = ", ".join(_argument(item) for item in value[:ITEMS_SHOWN])
        more = f", … {len(value)} in all" if len(value) > ITEMS_SHOWN else ""
        return f"({inside}{more})" if isinstance(value, tuple) else f"[{inside}{more}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{key!r}: {_argument(item)}" for key, item in list(value.items())[:ITEMS_SHOWN])
        return f"{{{inside}{', …' if len(value) > ITEMS_SHOWN else ''}}}"
    if isinstance(value, Given):
        return f"⟨{value.name.replace('_', ' ')}⟩"
    if isinstance(value, RecordedHandle):
        return f"⟨{value._made}⟩"
    return repr(value)


def _array(values: np.ndarray) -> str:
    if values.size > NUMBERS_SHOWN:
        return f"⟨{values.dtype}, shape {values.shape}⟩"
    if values.ndim == 0:
        return _argument(values.item())
    if values.size == 0:
        return "[]" if values.ndim == 1 else f"⟨empty, shape {values.shape}⟩"
    inside = values if values.ndim > 1 else values.tolist()
    return f"[{', '.join(_array(row) if isinstance(row, np.ndarray) else _argument(row) for row in inside)}]"
