"""Parse the header of a frame, JSON from an untrusted source, without more memory or stack than a message may cost.

A scanner looks at the bytes before the parser of the standard library does; the parser's hooks refuse the rest.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from audiocourse.teach.grading.sandbox.protocol.limits import (
    MAX_DEPTH,
    MAX_VALUES,
    ProtocolError,
    invalid_header,
    require_int,
)

Tree = Any  # what the json module writes and reads

_STEPS = np.zeros(256, np.int8)
_STEPS[list(b"[{")] = 1
_STEPS[list(b"]}")] = -1
_MARKS = np.zeros(256, np.bool_)
_MARKS[list(b"[{,:")] = True  # every JSON value but the first follows one of these
_MAX_MARKS = 8 * MAX_VALUES  # an array in a dict has seven and one for each dimension; everything else has fewer
_MAX_STEPS = 2 * MAX_DEPTH + 3  # a tuple is an object and a list; an array in the innermost has three


def parse_header(header: bytes) -> Tree:
    """Scan a header, then parse it."""
    scan_header(header)
    try:
        return _DECODER.decode(header.decode())
    except ValueError:  # not UTF-8, or not JSON
        raise invalid_header() from None


def scan_header(header: bytes) -> None:
    """Refuse a header that would cost the parser much memory or stack, by its brackets and commas outside texts."""
    # 1. Only bytes outside texts: an odd number of quotes before a byte puts it inside one
    unescaped = np.frombuffer(header.replace(b"\\\\", b"").replace(b'\\"', b""), np.uint8)
    outside = unescaped[~np.logical_xor.accumulate(unescaped == ord('"'))]
    # 2. The number of values, and the depth as opening minus closing brackets so far
    if np.count_nonzero(_MARKS[outside]) > _MAX_MARKS:
        raise ProtocolError("The header of the frame has too many values; drop the connection.")
    if np.cumsum(_STEPS[outside], dtype=np.int32).max(initial=0) > _MAX_STEPS:
        raise ProtocolError("The header of the frame is nested too deep; drop the connection.")


def _parse_int(digits: str) -> int:
    if len(digits) > 640:
        raise invalid_header()
    return require_int(int(digits))


def _parse_float(digits: str) -> float:
    number = float(digits) if len(digits) <= 32 else math.inf  # repr needs 24 at most
    if not math.isfinite(number):
        raise invalid_header()
    return number


def _parse_constant(_word: str) -> float:
    raise invalid_header()


def _parse_object(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise invalid_header()
    return found


_DECODER = json.JSONDecoder(
    parse_int=_parse_int,
    parse_float=_parse_float,
    parse_constant=_parse_constant,
    object_pairs_hook=_parse_object,
)
