"""What may be sent: the largest frame, header, text, number and depth, and a check for each."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from audiocourse.errors import AudioCourseError

MAX_FRAME_BYTES = 64 * 2**20
MAX_HEADER_BYTES = 8 * 2**20
MAX_CHARACTERS = 2**20  # of one text
MAX_VALUES = 100_000  # of one message; an array counts as one, and one more for each dimension
MAX_DEPTH = 32
MAX_DIMENSIONS = 64  # numpy's own limit
MAX_INT_BITS = 2_048  # 617 digits: less than the smallest value of Python's own limit on digits
PREFIX = struct.Struct("<4sHIQ")  # magic, version, bytes of header and body


class ProtocolError(AudioCourseError):
    """A value cannot be sent, or the bytes received are not a message."""


def invalid_header() -> ProtocolError:
    """Return the error for a header that `pack` does not write."""
    return ProtocolError("The header of the frame is not what this protocol writes; drop the connection.")


def require_lengths(header_bytes: int, body_bytes: int, max_bytes: int) -> None:
    """Refuse a frame or a header that is too long."""
    if header_bytes > MAX_HEADER_BYTES or PREFIX.size + header_bytes + body_bytes > max_bytes:
        raise ProtocolError(
            f"The message is too large (at most {max_bytes} bytes, {MAX_HEADER_BYTES} without arrays); send less."
        )


def array_bytes(shape: Sequence[int], itemsize: int, max_bytes: int) -> int:
    """Return the number of bytes of an array.

    Its other lengths are limited even where one is zero: the sum of shape (2⁴⁰, 0) over its second axis has 2⁴⁰ items.
    """
    if len(shape) > MAX_DIMENSIONS or math.prod(max(length, 1) for length in shape) * itemsize > max_bytes:
        raise ProtocolError("An array has too many dimensions or bytes; send less.")
    return math.prod(shape) * itemsize


def require_depth(depth: int) -> None:
    """Refuse values that are nested too deeply."""
    if depth >= MAX_DEPTH:
        raise ProtocolError(f"Lists and dicts are nested more than {MAX_DEPTH} deep; make the value flatter.")


def require_int(value: int) -> int:
    """Return an integer that is not too large."""
    if value.bit_length() > MAX_INT_BITS:
        raise ProtocolError(f"An integer has more than {MAX_INT_BITS} bits; send a float or a smaller one.")
    return value


def require_text(text: str) -> str:
    """Return a text that is not too long."""
    if len(text) > MAX_CHARACTERS:
        raise ProtocolError(f"A text has more than {MAX_CHARACTERS} characters; shorten it.")
    return text


def require_number(number: int) -> int:
    """Return a number that can be that of an object."""
    if type(number) is not int or not 0 <= number < 2**63:
        raise ProtocolError("The number of an object is an integer from 0 to 2⁶³ − 1.")
    return number
