"""What crosses a socket between a grader and the processes that run answers: JSON and raw array bytes, never pickle.

A frame is a prefix (magic, version, two lengths), a header (JSON in UTF-8) and a body (the bytes of the arrays, one
after the other, in the order in which the header names them). In the header None, bool, int, finite float, str and list
stand for themselves; everything else is an object with one key, its tag: ``{"tuple": […]}``, ``{"dict": {…}}``,
``{"array": ["float32", [2, 3]]}``, ``{"float": "nan"}``, ``{"complex": [re, im]}``, ``{"reference": 7}``,
``{"given": ["above", {"dict": {…}}]}``. A frame names no positions, so arrays cannot overlap, and none is left over.

The receiving side trusts nothing: a frame gives a value that could have been packed, or a `ProtocolError`.
"""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.given import Given
from audiocourse.learn.checking.student import DTYPES, Value

MOST_BYTES = 64 * 2**20  # of one frame
MOST_HEADER_BYTES = 8 * 2**20
MOST_CHARACTERS = 2**20  # of one text
MOST_NODES = 100_000  # an array counts once, and once for each dimension
MOST_DEPTH = 32
MOST_DIMENSIONS = 64  # numpy's own limit
INT_BITS = 2_048  # 617 digits: below the least that Python's own limit on digits can be set to

_PREFIX = struct.Struct("<4sHIQ")
_MAGIC = b"ACG\n"
_VERSION = 1
_DTYPES = {name: np.dtype(name).newbyteorder("<") for name in DTYPES}
_CHUNK = 256 * 1024
_BYTES_PER_VALUE = 64  # what a single value costs whoever receives it, beside its bytes on the way

Tree = Any  # what the json module writes and reads


class ProtocolError(AudioCourseError):
    """What was to be sent cannot cross, or what came is no message."""


class Closed(ProtocolError):
    """The other side is gone, or this channel broke earlier."""


class Slow(ProtocolError):
    """The message was not through when its time was over."""


@dataclass(frozen=True)
class ObjectRef:
    """An object that lives on the student's side, by its number."""

    id: int


def pack(message: Value, *, most_bytes: int = MOST_BYTES) -> bytes:
    """Turn a value into a frame.

    Parameters
    ----------
    message : Value
        None, bool, int, float, complex, str, arrays (bool, integers, float16 to float64, complex64 and complex128),
        `ObjectRef`, `Given`, and lists, tuples and dicts with text keys of these. Array subclasses become plain arrays,
        numpy scalars plain numbers.
    most_bytes : int
        Largest frame.

    Returns
    -------
    bytes
        The frame; `unpack` gives the value back, with the same types, dtypes and shapes.

    Raises
    ------
    ProtocolError
        If there is anything else in it, or too much of it.
    """
    writer = _Writer(most_bytes)
    tree = writer.tree(message, 0)
    try:
        header = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise ProtocolError("A text with half a character (a lone surrogate) cannot cross; remove it.") from None
    body_bytes = sum(blob.nbytes for blob in writer.blobs)
    _require_lengths(len(header), body_bytes, most_bytes)
    prefix = _PREFIX.pack(_MAGIC, _VERSION, len(header), body_bytes)
    return b"".join([prefix, header, *(blob.data for blob in writer.blobs)])


def unpack(frame: bytes | bytearray | memoryview, *, most_bytes: int = MOST_BYTES) -> Value:
    """Turn a frame into the value that was packed.

    Parameters
    ----------
    frame : bytes | bytearray | memoryview
        The whole frame, from anybody.
    most_bytes : int
        Largest frame.

    Returns
    -------
    Value
        A copy: arrays own their memory, are writable, in C order and in the byte order of this machine.

    Raises
    ------
    ProtocolError
        If the frame is not what `pack` makes.
    """
    value, _ = _unpacked(frame, most_bytes)
    return value


def _unpacked(frame: bytes | bytearray | memoryview, most_bytes: int) -> tuple[Value, int]:
    """Return the value in a frame, and of how many single values it is made."""
    view = memoryview(frame).cast("B")
    header_bytes, body_bytes = _lengths(view[: _PREFIX.size], most_bytes)
    if len(view) != _PREFIX.size + header_bytes + body_bytes:
        raise ProtocolError("The frame is longer or shorter than its prefix says; drop the connection.")
    header = view[_PREFIX.size :][:header_bytes]
    body = view[_PREFIX.size + header_bytes :]
    reader = _Reader(body, most_bytes)
    value = reader.value(_parse(bytes(header)), 0)
    if reader.at != body_bytes:
        raise ProtocolError("The frame holds bytes that belong to no array; drop the connection.")
    return value, reader.nodes


class Channel:
    """Messages over a connected socket, each within its time.

    A message that cannot be packed is refused before anything is sent, and the channel goes on. After any other error
    nobody knows where the next frame begins: the channel refuses everything but `close`.

    Parameters
    ----------
    sock : socket.socket
        A connected stream socket; the channel sets its timeout.
    most_bytes : int
        Largest frame, either way.

    Attributes
    ----------
    received : int
        What has come so far, in bytes of memory; a single value counts as much as it costs as an object.
    most_received : float
        How much may come in all.
    """

    def __init__(self, sock: socket.socket, *, most_bytes: int = MOST_BYTES) -> None:
        self._sock = sock
        self._most_bytes = most_bytes
        self._broken = False
        self.received = 0
        self.most_received = math.inf

    def send(self, message: Value, *, timeout: float | None = None) -> None:
        """Send one message.

        Parameters
        ----------
        message : Value
            See `pack`.
        timeout : float | None
            Seconds for the whole message; None waits for ever.

        Raises
        ------
        ProtocolError
            If the message cannot cross; `Closed` if the other side is gone, `Slow` if it does not read in time.
        """
        deadline = _deadline(timeout)
        frame = pack(message, most_bytes=self._most_bytes)
        with self._one_frame():
            self._set_timeout(deadline)
            self._sock.sendall(frame)  # its timeout is for all of it

    def receive(self, *, timeout: float | None = None) -> Value:
        """Wait for one message and return it.

        Parameters
        ----------
        timeout : float | None
            Seconds for the whole message, however it trickles in; None waits for ever.

        Returns
        -------
        Value
            See `unpack`.

        Raises
        ------
        ProtocolError
            If what comes is no message; `Closed` if the other side is gone, `Slow` if the time is over.
        """
        deadline = _deadline(timeout)
        with self._one_frame():
            frame = bytearray()
            self._fill(frame, _PREFIX.size, deadline)
            size = _PREFIX.size + sum(_lengths(frame, self._most_bytes))
            self._count(size)
            self._fill(frame, size, deadline)
            value, nodes = _unpacked(frame, self._most_bytes)
            self._count(_BYTES_PER_VALUE * nodes)
            return value

    def close(self) -> None:
        """Close the socket; again is allowed."""
        self._broken = True
        self._sock.close()

    def _count(self, more: int) -> None:
        self.received += more
        if self.received > self.most_received:
            raise ProtocolError("Too much has come over this connection in all; drop it.")

    @contextlib.contextmanager
    def _one_frame(self) -> Iterator[None]:
        """Count the channel as broken until the frame is whole, and say what the socket raises in our words."""
        if self._broken:
            raise Closed("The channel is closed or broke earlier; open a new one.")
        self._broken = True
        try:
            yield
        except TimeoutError:
            raise Slow("The message was not through in its time; drop the connection.") from None
        except OSError as error:
            raise Closed(f"The other side is gone ({error.strerror or type(error).__name__}).") from None
        self._broken = False

    def _fill(self, frame: bytearray, size: int, deadline: float) -> None:
        """Receive until the frame holds ``size`` bytes; memory is taken for what came, not for what was announced."""
        while len(frame) < size:
            self._set_timeout(deadline)
            chunk = self._sock.recv(min(_CHUNK, size - len(frame)))
            if not chunk:
                raise Closed("The other side closed the connection.")
            frame += chunk

    def _set_timeout(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(None if left == math.inf else left)


def _deadline(timeout: float | None) -> float:
    return math.inf if timeout is None else time.monotonic() + timeout


def _lengths(prefix: bytes | bytearray | memoryview, most_bytes: int) -> tuple[int, int]:
    """Return the lengths of header and body that a prefix announces."""
    if len(prefix) < _PREFIX.size:
        raise ProtocolError("The frame ends within its prefix; drop the connection.")
    magic, version, header_bytes, body_bytes = _PREFIX.unpack(prefix)
    if (magic, version) != (_MAGIC, _VERSION):
        raise ProtocolError("The frame does not begin as one of this version; drop the connection.")
    _require_lengths(header_bytes, body_bytes, most_bytes)
    return header_bytes, body_bytes


def _require_lengths(header_bytes: int, body_bytes: int, most_bytes: int) -> None:
    if header_bytes > MOST_HEADER_BYTES or _PREFIX.size + header_bytes + body_bytes > most_bytes:
        raise ProtocolError(
            f"The message is too large (at most {most_bytes} bytes, {MOST_HEADER_BYTES} without arrays); send less."
        )


def _array_bytes(shape: Sequence[int], itemsize: int, most_bytes: int) -> int:
    """Return how many bytes an array has.

    Its other lengths are limited even where one is zero: summing shape (2⁴⁰, 0) over its second axis gives 2⁴⁰ items.
    """
    if len(shape) > MOST_DIMENSIONS or math.prod(max(length, 1) for length in shape) * itemsize > most_bytes:
        raise ProtocolError("An array has too many dimensions or bytes; send less.")
    return math.prod(shape) * itemsize


def _require_depth(depth: int) -> None:
    if depth >= MOST_DEPTH:
        raise ProtocolError(f"Lists and dicts are nested more than {MOST_DEPTH} deep; make the value flatter.")


def _require_int(value: int) -> int:
    if value.bit_length() > INT_BITS:
        raise ProtocolError(f"An integer has more than {INT_BITS} bits; send a float or a smaller one.")
    return value


def _require_text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise ProtocolError(f"A text has more than {MOST_CHARACTERS} characters; shorten it.")
    return text


def _require_number(number: int) -> int:
    if type(number) is not int or not 0 <= number < 2**63:
        raise ProtocolError("The number of a reference is an integer from 0 to 2⁶³ − 1.")
    return number


class _Counting:
    """Counts the single values of one message."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.nodes = 0

    def _count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise ProtocolError(f"There are more than {MOST_NODES} single values; send them as an array.")


class _Writer(_Counting):
    """Turns one value into its tree and collects the bytes of its arrays."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self.blobs: list[NDArray[np.uint8]] = []
        self._left = most_bytes
        self._characters = 0

    def tree(self, value: Value, depth: int) -> Tree:
        self._count(1)
        if isinstance(value, np.generic):
            value = value.item()
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return _require_int(value)
        if kind is float:
            return _float_tree(value)
        if kind is complex:
            return {"complex": [_float_tree(value.real), _float_tree(value.imag)]}
        if kind is str:
            return self._text(value)
        if isinstance(value, np.ndarray):
            return self._array(np.asarray(value))  # a subclass could lie
        if isinstance(value, ObjectRef):
            return {"reference": _require_number(value.id)}
        return self._container(value, depth)

    def _container(self, value: Value, depth: int) -> Tree:
        _require_depth(depth)
        if isinstance(value, (list, tuple)):
            items = [self.tree(item, depth + 1) for item in value]
            return items if isinstance(value, list) else {"tuple": items}
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {"dict": {self._text(key): self.tree(item, depth + 1) for key, item in value.items()}}
        if isinstance(value, Given):
            return {"given": [self._text(value.name), self.tree(dict(value.options), depth + 1)]}
        raise ProtocolError(
            f"A {type(value).__name__} cannot cross; send arrays, numbers, text, lists and dicts with text keys."
        )

    def _array(self, array: NDArray[Any]) -> Tree:
        dtype = _DTYPES.get(array.dtype.name)
        if dtype is None:
            raise ProtocolError(f"An array of {array.dtype} cannot cross; convert it, to float64 for instance.")
        self._count(array.ndim)
        self._left -= _array_bytes(array.shape, dtype.itemsize, self._most_bytes)
        if self._left < 0:
            raise ProtocolError("The arrays are too large together; send less.")
        self.blobs.append(np.asarray(array, dtype, order="C").reshape(-1).view(np.uint8))
        return {"array": [array.dtype.name, list(array.shape)]}

    def _text(self, text: str) -> str:
        self._characters += len(_require_text(text))
        if self._characters > MOST_HEADER_BYTES:
            raise ProtocolError("There is too much text in the message; shorten it.")
        return text


def _float_tree(number: float) -> Tree:
    return number if math.isfinite(number) else {"float": repr(number)}


class _Reader(_Counting):
    """Turns a tree that anybody may have written into a value, with arrays from the body."""

    def __init__(self, body: memoryview, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self.at = 0
        self._body = body

    def value(self, tree: Tree, depth: int) -> Value:
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
            case [("reference", number)]:
                return ObjectRef(_require_number(number))
            case [("given", [str(name), options])]:
                return self._given(_read_text(name), options, depth)
        raise _foreign()

    def _items(self, trees: Iterable[Tree], depth: int) -> list[Value]:
        _require_depth(depth)
        return [self.value(tree, depth + 1) for tree in trees]

    def _array(self, name: str, shape: list[Tree]) -> NDArray[Any]:
        self._count(len(shape))
        if not all(type(length) is int and length >= 0 for length in shape):
            raise _foreign()
        dtype = _DTYPES[name]
        size = _array_bytes(shape, dtype.itemsize, self._most_bytes)
        blob = self._body[self.at : self.at + size]
        if len(blob) < size:
            raise ProtocolError("The frame ends within an array; drop the connection.")
        self.at += size
        if name == "bool" and size and np.frombuffer(blob, np.uint8).max() > 1:
            raise ProtocolError("An array of bool holds a byte that is neither 0 nor 1; drop the connection.")
        return np.ndarray(shape, dtype, blob).astype(name)

    def _given(self, name: str, options: Tree, depth: int) -> Given:
        _require_depth(depth)
        options = self.value(options, depth + 1)
        if not isinstance(options, dict) or options.keys() & {"self", "name"}:
            raise _foreign()
        return Given(name, **options)


def _foreign() -> ProtocolError:
    return ProtocolError("The header of the frame is not what this protocol writes; drop the connection.")


def _read_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ProtocolError("A text holds half a character (a lone surrogate); drop the connection.") from None
    return _require_text(text)


def _read_float(tree: Tree) -> float:
    match tree:
        case float():
            return tree
        case {"float": "nan" | "inf" | "-inf" as word} if len(tree) == 1:
            return float(word)
    raise _foreign()


def _parse(header: bytes) -> Tree:
    """Parse a header after looking whether it is safe to parse."""
    _require_small(header)
    try:
        return _DECODER.decode(header.decode())
    except ValueError:  # no UTF-8, no JSON
        raise _foreign() from None


_STEPS = np.zeros(256, np.int8)
_STEPS[list(b"[{")] = 1
_STEPS[list(b"]}")] = -1
_MARKS = np.zeros(256, np.bool_)
_MARKS[list(b"[{,:")] = True  # before every JSON value but the first stands one of these
_MOST_MARKS = 8 * MOST_NODES  # an array in a dict has seven and one for each dimension; everything else has fewer
_MOST_STEPS = 2 * MOST_DEPTH + 3  # a tuple is an object and a list; an array in the innermost has three


def _require_small(header: bytes) -> None:
    """Refuse what would cost the parser much memory or stack, by the brackets and commas outside texts."""
    plain = np.frombuffer(header.replace(b"\\\\", b"").replace(b'\\"', b""), np.uint8)
    bare = plain[~np.logical_xor.accumulate(plain == ord('"'))]
    if np.count_nonzero(_MARKS[bare]) > _MOST_MARKS:
        raise ProtocolError("The header of the frame has too many values; drop the connection.")
    if np.cumsum(_STEPS[bare], dtype=np.int32).max(initial=0) > _MOST_STEPS:
        raise ProtocolError("The header of the frame is nested too deep; drop the connection.")


def _parse_int(digits: str) -> int:
    if len(digits) > 640:
        raise _foreign()
    return _require_int(int(digits))


def _parse_float(digits: str) -> float:
    number = float(digits) if len(digits) <= 32 else math.inf  # repr needs 24 at most
    if not math.isfinite(number):
        raise _foreign()
    return number


def _parse_constant(_word: str) -> float:
    raise _foreign()


def _parse_object(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _foreign()
    return found


_DECODER = json.JSONDecoder(
    parse_int=_parse_int,
    parse_float=_parse_float,
    parse_constant=_parse_constant,
    object_pairs_hook=_parse_object,
)
