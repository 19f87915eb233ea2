"""Values as they are sent: a tree that JSON can hold, and the bytes of arrays beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiocourse.learn.checking.given import Given
from audiocourse.learn.checking.student import DTYPES, Value
from audiocourse.teach.grading.sandbox.protocol.header import Tree
from audiocourse.teach.grading.sandbox.protocol.limits import (
    MAX_HEADER_BYTES,
    MAX_VALUES,
    ProtocolError,
    array_bytes,
    invalid_header,
    require_depth,
    require_int,
    require_number,
    require_text,
)

_DTYPES = {name: np.dtype(name).newbyteorder("<") for name in DTYPES}


@dataclass(frozen=True)
class ObjectRef:
    """An object in the worker, by its number."""

    id: int


class _ValueCounter:
    """Counts the single values of one message."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self.value_count = 0

    def _count(self, more: int) -> None:
        self.value_count += more
        if self.value_count > MAX_VALUES:
            raise ProtocolError(f"There are more than {MAX_VALUES} single values; send them as an array.")


class Encoder(_ValueCounter):
    """Turns a value into its tree and collects the bytes of its arrays."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes)
        self.blobs: list[NDArray[np.uint8]] = []
        self._left = max_bytes
        self._characters = 0

    def tree(self, value: Value, depth: int) -> Tree:
        """Return a value as a tree."""
        self._count(1)
        if isinstance(value, np.generic):
            value = value.item()
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return require_int(value)
        if kind is float:
            return _float_tree(value)
        if kind is complex:
            return {"complex": [_float_tree(value.real), _float_tree(value.imag)]}
        if kind is str:
            return self._text(value)
        if isinstance(value, np.ndarray):
            return self._array(np.asarray(value))  # a subclass could lie
        if isinstance(value, ObjectRef):
            return {"object_ref": require_number(value.id)}
        return self._container(value, depth)

    def _container(self, value: Value, depth: int) -> Tree:
        require_depth(depth)
        if isinstance(value, (list, tuple)):
            items = [self.tree(item, depth + 1) for item in value]
            return items if isinstance(value, list) else {"tuple": items}
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {"dict": {self._text(key): self.tree(item, depth + 1) for key, item in value.items()}}
        if isinstance(value, Given):
            return {"given": [self._text(value.name), self.tree(dict(value.options), depth + 1)]}
        raise ProtocolError(
            f"A {type(value).__name__} cannot be sent; send arrays, numbers, text, lists and dicts with text keys."
        )

    def _array(self, array: NDArray[Any]) -> Tree:
        dtype = _DTYPES.get(array.dtype.name)
        if dtype is None:
            raise ProtocolError(f"An array of {array.dtype} cannot be sent; convert it, to float64 for instance.")
        self._count(array.ndim)
        self._left -= array_bytes(array.shape, dtype.itemsize, self._max_bytes)
        if self._left < 0:
            raise ProtocolError("The arrays are too large together; send less.")
        self.blobs.append(np.asarray(array, dtype, order="C").reshape(-1).view(np.uint8))
        return {"array": [array.dtype.name, list(array.shape)]}

    def _text(self, text: str) -> str:
        self._characters += len(require_text(text))
        if self._characters > MAX_HEADER_BYTES:
            raise ProtocolError("There is too much text in the message; shorten it.")
        return text


def _float_tree(number: float) -> Tree:
    return number if math.isfinite(number) else {"float": repr(number)}


class Decoder(_ValueCounter):
    """Turns a tree from an untrusted source into a value, with arrays from the body."""

    def __init__(self, body: memoryview, max_bytes: int) -> None:
        super().__init__(max_bytes)
        self.at = 0
        self._body = body

    def value(self, tree: Tree, depth: int) -> Value:
        """Return the value of a tree."""
        self._count(1)
        if tree is None or isinstance(tree, (bool, int, float)):
            return tree
        if isinstance(tree, str):
            return _read_text(tree)
        if isinstance(tree, list):
            return self._items(tree, depth)
        return self._tagged(tree, depth)

    def _tagged(self, tree: dict[str, Tree], depth: int) -> Value:
        match list(tree.items()):
            case [("tuple", list(items))]:
                return tuple(self._items(items, depth))
            case [("dict", dict(items))]:
                return dict(zip(map(_read_text, items), self._items(items.values(), depth), strict=True))
            case [("array", [str(name), list(shape)])] if name in _DTYPES:
                return self._array(name, shape)
            case [("float", _)]:
                return _read_float(tree)
            case [("complex", [real, imaginary])]:
                return complex(_read_float(real), _read_float(imaginary))
            case [("object_ref", number)]:
                return ObjectRef(require_number(number))
            case [("given", [str(name), options])]:
                return self._given(_read_text(name), options, depth)
        raise invalid_header()

    def _items(self, trees: Iterable[Tree], depth: int) -> list[Value]:
        require_depth(depth)
        return [self.value(tree, depth + 1) for tree in trees]

    def _array(self, name: str, shape: list[Tree]) -> NDArray[Any]:
        self._count(len(shape))
        if not all(type(length) is int and length >= 0 for length in shape):
            raise invalid_header()
        dtype = _DTYPES[name]
        size = array_bytes(shape, dtype.itemsize, self._max_bytes)
        blob = self._body[self.at : self.at + size]
        if len(blob) < size:
            raise ProtocolError("The frame ends within an array; drop the connection.")
        self.at += size
        if name == "bool" and size and np.frombuffer(blob, np.uint8).max() > 1:
            raise ProtocolError("An array of bool holds a byte that is neither 0 nor 1; drop the connection.")
        return np.ndarray(shape, dtype, blob).astype(name)

    def _given(self, name: str, options: Tree, depth: int) -> Given:
        require_depth(depth)
        options = self.value(options, depth + 1)
        if not isinstance(options, dict) or options.keys() & {"self", "name"}:
            raise invalid_header()
        return Given(name, **options)


def _read_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ProtocolError("A text holds a lone surrogate; drop the connection.") from None
    return require_text(text)


def _read_float(tree: Tree) -> float:
    match tree:
        case float():
            return tree
        case {"float": "nan" | "inf" | "-inf" as word} if len(tree) == 1:
            return float(word)
    raise invalid_header()
