"""Frames and the channel that carries them."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import time
from collections.abc import Iterator

from audiocourse.learn.checking.student import Value
from audiocourse.teach.grading.sandbox.protocol.header import parse_header
from audiocourse.teach.grading.sandbox.protocol.limits import MAX_FRAME_BYTES, PREFIX, ProtocolError, require_lengths
from audiocourse.teach.grading.sandbox.protocol.values import Decoder, Encoder

_MAGIC = b"ACG\n"
_VERSION = 1
_CHUNK_BYTES = 256 * 1024
_BYTES_PER_VALUE = 64  # memory that a single value costs the receiver, beside its bytes in the frame


class Closed(ProtocolError):
    """The other side is gone, or this channel broke earlier."""


class Slow(ProtocolError):
    """The message was not complete when its time was over."""


def pack(message: Value, *, max_bytes: int = MAX_FRAME_BYTES) -> bytes:
    """Turn a value into a frame.

    Parameters
    ----------
    message : Value
        None, bool, int, float, complex, str, arrays (bool, integers, float16 to float64, complex64 and complex128),
        `ObjectRef`, `Given`, and lists, tuples and dicts with text keys of these. Array subclasses become plain arrays,
        numpy scalars plain numbers.
    max_bytes : int
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
    encoder = Encoder(max_bytes)
    tree = encoder.tree(message, 0)
    try:
        header = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise ProtocolError("A text with a lone surrogate cannot be sent; remove it.") from None
    body_bytes = sum(blob.nbytes for blob in encoder.blobs)
    require_lengths(len(header), body_bytes, max_bytes)
    prefix = PREFIX.pack(_MAGIC, _VERSION, len(header), body_bytes)
    return b"".join([prefix, header, *(blob.data for blob in encoder.blobs)])


def unpack(frame: bytes | bytearray | memoryview, *, max_bytes: int = MAX_FRAME_BYTES) -> Value:
    """Turn a frame into the value that was packed.

    Parameters
    ----------
    frame : bytes | bytearray | memoryview
        The whole frame, from an untrusted source.
    max_bytes : int
        Largest frame.

    Returns
    -------
    Value
        A copy: arrays own their memory, are writable, in C order and in the byte order of this machine.

    Raises
    ------
    ProtocolError
        If the frame is not one that `pack` writes.
    """
    value, _ = _unpacked(frame, max_bytes)
    return value


def _unpacked(frame: bytes | bytearray | memoryview, max_bytes: int) -> tuple[Value, int]:
    """Return the value in a frame, and the number of its single values."""
    view = memoryview(frame).cast("B")
    header_bytes, body_bytes = _lengths(view[: PREFIX.size], max_bytes)
    if len(view) != PREFIX.size + header_bytes + body_bytes:
        raise ProtocolError("The frame is longer or shorter than its prefix says; drop the connection.")
    header = view[PREFIX.size :][:header_bytes]
    body = view[PREFIX.size + header_bytes :]
    decoder = Decoder(body, max_bytes)
    value = decoder.value(parse_header(bytes(header)), 0)
    if decoder.at != body_bytes:
        raise ProtocolError("The frame holds bytes that belong to no array; drop the connection.")
    return value, decoder.value_count


class Channel:
    """Messages over a connected socket, each within its time.

    A message that cannot be packed is refused before anything is sent, and the channel stays usable. After any other
    error the beginning of the next frame is unknown, so the channel refuses everything but `close`.

    Parameters
    ----------
    sock : socket.socket
        A connected stream socket; the channel sets its timeout.
    max_bytes : int
        Largest frame, either way.

    Attributes
    ----------
    received : int
        Bytes of memory that all messages so far have cost; a single value counts as an object.
    max_received : float
        The largest value that ``received`` may reach.
    """

    def __init__(self, sock: socket.socket, *, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._sock = sock
        self._max_bytes = max_bytes
        self._broken = False
        self.received = 0
        self.max_received = math.inf

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
            If the message cannot be sent; `Closed` if the other side is gone, `Slow` if it does not read in time.
        """
        deadline = _deadline(timeout)
        frame = pack(message, max_bytes=self._max_bytes)
        with self._one_frame():
            self._set_timeout(deadline)
            self._sock.sendall(frame)  # its timeout is for all of it

    def receive(self, *, timeout: float | None = None) -> Value:
        """Wait for one message and return it.

        Parameters
        ----------
        timeout : float | None
            Seconds for the whole message, even if it arrives in small pieces; None waits for ever.

        Returns
        -------
        Value
            See `unpack`.

        Raises
        ------
        ProtocolError
            If the bytes received are not a message; `Closed` if the other side is gone, `Slow` if the time is over.
        """
        deadline = _deadline(timeout)
        with self._one_frame():
            frame = bytearray()
            self._fill(frame, PREFIX.size, deadline)
            size = PREFIX.size + sum(_lengths(frame, self._max_bytes))
            self._count(size)
            self._fill(frame, size, deadline)
            value, count = _unpacked(frame, self._max_bytes)
            self._count(_BYTES_PER_VALUE * count)
            return value

    def close(self) -> None:
        """Close the socket; closing twice is allowed."""
        self._broken = True
        self._sock.close()

    def _count(self, more: int) -> None:
        self.received += more
        if self.received > self.max_received:
            raise ProtocolError("Too much has been received over this connection in all; drop it.")

    @contextlib.contextmanager
    def _one_frame(self) -> Iterator[None]:
        """Count the channel as broken until the frame is whole, and turn errors of the socket into our own."""
        if self._broken:
            raise Closed("The channel is closed or broke earlier; open a new one.")
        self._broken = True
        try:
            yield
        except TimeoutError:
            raise Slow("The message was not complete in time; drop the connection.") from None
        except OSError as error:
            raise Closed(f"The other side is gone ({error.strerror or type(error).__name__}).") from None
        self._broken = False

    def _fill(self, frame: bytearray, size: int, deadline: float) -> None:
        """Receive until the frame holds ``size`` bytes; memory is taken for received bytes, not for announced ones."""
        while len(frame) < size:
            self._set_timeout(deadline)
            chunk = self._sock.recv(min(_CHUNK_BYTES, size - len(frame)))
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


def _lengths(prefix: bytes | bytearray | memoryview, max_bytes: int) -> tuple[int, int]:
    """Return the lengths of header and body that a prefix announces."""
    if len(prefix) < PREFIX.size:
        raise ProtocolError("The frame ends within its prefix; drop the connection.")
    magic, version, header_bytes, body_bytes = PREFIX.unpack(prefix)
    if (magic, version) != (_MAGIC, _VERSION):
        raise ProtocolError("The frame does not begin as one of this version; drop the connection.")
    require_lengths(header_bytes, body_bytes, max_bytes)
    return header_bytes, body_bytes
