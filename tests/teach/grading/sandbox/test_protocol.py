"""Nothing but values and ProtocolError comes out of a frame, whoever wrote it."""

from __future__ import annotations

import json
import math
import socket
import struct
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from audiocourse.learn.checking.given import Given
from audiocourse.teach.grading.sandbox.protocol import Channel, Closed, ObjectRef, ProtocolError, Slow, pack, unpack
from audiocourse.teach.grading.sandbox.protocol.limits import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_FRAME_BYTES,
    MAX_HEADER_BYTES,
    MAX_VALUES,
)

PREFIX = struct.Struct("<4sHIQ")
DTYPES = [
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
]
fuzz = settings(
    max_examples=120, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def frame(header: object, body: bytes = b"", *, magic: bytes = b"ACG\n", version: int = 1) -> bytes:
    """Write a frame whose prefix is right: header as bytes, as text, or as anything json can write."""
    text = header if isinstance(header, (bytes, str)) else json.dumps(header)
    raw = text if isinstance(text, bytes) else text.encode()
    return PREFIX.pack(magic, version, len(raw), len(body)) + raw + body


def assert_same(got: Any, sent: Any) -> None:
    """Equal to the bit, with the same types all the way down."""
    assert type(got) is type(sent)
    if isinstance(sent, np.ndarray):
        assert (got.dtype, got.shape) == (sent.dtype, sent.shape)
        assert got.tobytes() == sent.tobytes()
        assert got.flags.c_contiguous
        assert got.flags.writeable
        assert got.dtype.isnative
    elif isinstance(sent, (list, tuple)):
        assert len(got) == len(sent)
        for one, other in zip(got, sent, strict=True):
            assert_same(one, other)
    elif isinstance(sent, dict):
        assert_same(list(got.items()), list(sent.items()))
    elif isinstance(sent, Given):
        assert_same((got.name, got.options), (sent.name, dict(sent.options)))
    else:
        assert repr(got) == repr(sent)  # tells 0.0 from -0.0 and lets nan equal nan


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


VALUES: list[Any] = [
    np.arange(6, dtype=np.float32).reshape(2, 3),
    np.zeros((0, 3), dtype=np.int16),
    np.zeros((3, 0, 2)),
    np.array(3.0),
    np.array([True, False]),
    np.array([1 + 2j]),
    np.array([np.nan, np.inf, -0.0, 5e-324]),
    np.zeros((1,) * 64),
    np.zeros(2**18, np.float32),
    None,
    True,
    -7,
    10**600,
    0.1,
    -0.0,
    5e-324,
    float("inf"),
    float("-inf"),
    float("nan"),
    complex(float("nan"), -0.0),
    "",
    'wörds 🎵 \0 \\ " \\" \n',
    "m" * MAX_CHARACTERS,
    ["\\", "[" * 100, '"', "{" * 100],
    (),
    (1, 2.0),
    [np.arange(2), "a"],
    {"a": np.arange(3), "b": [1, 2]},
    {"tuple": [1], "array": ["float32", [2]], "object_ref": 1, "dict": {"dict": {}}, "": None},
    {"tuple": [1]},
    ObjectRef(0),
    {"handle": ObjectRef(2**63 - 1)},
    Given("above", threshold=0.5),
    Given("model", weights=np.ones((2, 2), np.float32), sizes=(1, 2), inner=Given("above", threshold=1)),
    nested(MAX_DEPTH),
    [0] * (MAX_VALUES - 1),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:40])
def test_values_come_back_as_they_went(value: Any) -> None:
    assert_same(unpack(pack(value)), value)


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_crosses(name: str) -> None:
    assert_same(unpack(pack(np.arange(6).reshape(3, 2).astype(name))), np.arange(6).reshape(3, 2).astype(name))


class Liar(np.ndarray):
    """An array that says of itself what it likes."""

    nbytes = 0  # type: ignore[assignment]
    shape = (1,)  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        return np.array(True)


@pytest.mark.parametrize(
    ("sent", "comes"),
    [
        (np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3)),
        (np.arange(6)[::-2], np.array([5, 3, 1])),
        (np.broadcast_to(np.float32(2), (2, 2)), np.full((2, 2), 2, np.float32)),
        (np.arange(3, dtype=">i4"), np.arange(3, dtype=np.int32)),
        (np.arange(3.0).view(Liar), np.arange(3.0)),
        (np.ma.masked_array([1.0, 2.0], mask=[True, False]), np.array([1.0, 2.0])),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.complex64(1j), 1j),
        (np.str_("a"), "a"),
        ({np.str_("a"): 1}, {"a": 1}),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_plain_value_arrives_as_one(sent: Any, comes: Any) -> None:
    assert_same(unpack(pack(sent)), comes)


def test_arrays_are_copies() -> None:
    sent = bytearray(pack([np.zeros(3), np.zeros(3)]))
    first, second = unpack(sent)
    first[:] = 9
    sent[-48:] = b"\xff" * 48
    assert not second.any()


def looped() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


def doubling() -> list[Any]:
    """Thirty lists in memory, a milliard when walked."""
    value: list[Any] = [0]
    for _ in range(30):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        object(),
        b"bytes",
        {1, 2},
        {1: 2},
        range(3),
        print,
        Path("/"),
        np.array([object()]),
        np.array(["a"]),
        np.array(["2020-01-01"], "datetime64[D]"),
        np.zeros(2, [("a", "f4")]),
        np.longdouble(1),
        np.datetime64("2020-01-01"),
        1 << 2048,
        -(1 << 2048),
        "\ud800",
        {"\udfff": 1},
        "m" * (MAX_CHARACTERS + 1),
        ["m" * MAX_CHARACTERS] * 9,
        ["\0" * MAX_CHARACTERS] * 2,
        nested(MAX_DEPTH + 1),
        looped(),
        doubling(),
        [0] * MAX_VALUES,
        np.broadcast_to(np.zeros(1), (10**6, 10**6)),
        [np.zeros(MAX_FRAME_BYTES // 16)] * 3,
        np.zeros((0, 2**40)),
        [np.zeros((1,) * 64)] * (MAX_VALUES // 64),
        ObjectRef(-1),
        ObjectRef(2**63),
        ObjectRef(True),
        Given("model", layers={1: 2}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_cross_is_refused(value: Any) -> None:
    with pytest.raises(ProtocolError):
        pack(value)


@pytest.mark.parametrize(
    "value", [["m" * MAX_CHARACTERS] * 40, [np.zeros((2, 2**17)).T] * 20], ids=["texts", "arrays not in C order"]
)
def test_what_is_too_large_together_is_refused_before_it_is_copied(value: Any) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            pack(value, max_bytes=9 * 2**20)
        assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    finally:
        tracemalloc.stop()


def test_a_type_that_cannot_cross_is_named() -> None:
    with pytest.raises(ProtocolError, match="A set cannot be sent"):
        pack([{1}])


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="longdouble is float64 here")
def test_a_longdouble_is_refused_with_what_to_do() -> None:
    with pytest.raises(ProtocolError, match="float64"):
        pack(np.zeros(2, np.longdouble))


ALMOST: list[Any] = [
    b"",
    b"ACG\n",
    b"GET / HTTP/1.1\r\nHost: grader\r\n\r\n",
    b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94.",
    frame([]) + b"\0",
    frame([])[:-1],
    frame([], magic=b"ACG "),
    frame([], version=2),
    frame([], b"\0"),
    frame(""),
    frame(" "),
    frame("[1,]"),
    frame("[1] 2"),
    frame(b'"\xff"'),
    frame(b'\xef\xbb\xbf"a"'),
    frame('"\\ud800"'),
    frame('"\n"'),
    frame("NaN"),
    frame("-Infinity"),
    frame("1e999"),
    frame("0." + "1" * 40),
    frame("1" * 618),
    frame("1" * 100_000),
    frame("[" * 100_000),
    frame("[" * 100 + "]" * 100),
    frame('{"tuple":[' * 33 + "]}" * 33),
    frame("[" + "0," * MAX_VALUES + "0]"),
    frame("[" + "{}," * 400_000 + "0]"),
    frame('{"tuple":[],"tuple":[]}'),
    frame('{"dict":{"a":1,"a":2}}'),
    frame({}),
    frame({"a": 1}),
    frame({"tuple": [], "dict": {}}),
    frame({"tuple": 3}),
    frame({"tuple": "ab"}),
    frame({"dict": []}),
    frame({"dict": {"a": {"b": 1}}}),
    frame('{"dict":{"\\udc00":1}}'),
    frame(json.dumps("m" * (MAX_CHARACTERS + 1))),
    frame({"float": "1.5"}),
    frame({"float": 1.5}),
    frame({"float": ["nan"]}),
    frame({"complex": [1.0]}),
    frame({"complex": [1, 2]}),
    frame({"complex": [1.0, [2.0]]}),
    frame({"complex": "12"}),
    frame({"complex": [{"float": "nan", "more": 1}, 1.0]}),
    frame({"object_ref": -1}),
    frame({"object_ref": True}),
    frame({"object_ref": 1.0}),
    frame({"object_ref": 2**63}),
    frame({"object_ref": [1]}),
    frame({"given": "above"}),
    frame({"given": ["above"]}),
    frame({"given": ["above", []]}),
    frame({"given": [1, {"dict": {}}]}),
    frame({"given": ["above", {"dict": {"name": 1}}]}),
    frame({"given": ["above", {"dict": {"self": 1}}]}),
    frame({"array": []}),
    frame({"array": ["float32"]}),
    frame({"array": ["float32", 2]}, bytes(8)),
    frame({"array": [["float32"], [2]]}, bytes(8)),
    frame({"array": ["object", [1]]}, bytes(8)),
    frame({"array": ["O", [1]]}, bytes(8)),
    frame({"array": ["float128", [1]]}, bytes(16)),
    frame({"array": ["float32", [2, 0]]}, bytes(8)),
    frame({"array": ["float32", [2]]}, bytes(7)),
    frame({"array": ["float32", [2]]}, bytes(9)),
    frame({"array": ["float32", [2]]}),
    frame([{"array": ["float32", [2]]}, {"array": ["float32", [2]]}], bytes(8)),
    frame({"array": ["float32", [-2]]}, bytes(8)),
    frame({"array": ["float32", [-1, -2]]}, bytes(8)),
    frame({"array": ["float32", [2.0]]}, bytes(8)),
    frame({"array": ["float32", [True, 2]]}, bytes(8)),
    frame({"array": ["float32", [None]]}, bytes(8)),
    frame({"array": ["float32", [[2]]]}, bytes(8)),
    frame({"array": ["float32", ["2"]]}, bytes(8)),
    frame({"array": ["float32", [2**62, 2**62]]}, bytes(8)),
    frame({"array": ["float32", [2**32, 2**32]]}),
    frame({"array": ["float32", [10**600] * 60]}, bytes(8)),
    frame({"array": ["float32", [0, 2**40]]}),
    frame({"array": ["float32", [0, 10**600]]}),
    frame({"array": ["int8", [1] * 65]}, bytes(1)),
    frame([{"array": ["int8", [0] * 64]}] * 2_000),
    frame({"array": ["bool", [2]]}, b"\x01\x02"),
    PREFIX.pack(b"ACG\n", 1, 2**32 - 1, 2**64 - 1) + b"[]",
    PREFIX.pack(b"ACG\n", 1, MAX_HEADER_BYTES + 1, 0) + b"[]",
    PREFIX.pack(b"ACG\n", 1, 2, MAX_FRAME_BYTES) + b"[]",
]


@pytest.mark.parametrize("raw", ALMOST, ids=lambda raw: repr(raw[18:60]))
def test_what_is_almost_a_frame_is_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        unpack(raw)


@pytest.mark.parametrize(
    "header",
    [
        b"[" * MAX_HEADER_BYTES,
        b"[" + b"{}," * 2_000_000 + b"0]",
        b"]" * MAX_HEADER_BYTES,
        b'"' * MAX_HEADER_BYTES,
        b'"' + b'\\"' * (MAX_HEADER_BYTES // 2 - 1),
        b"\\" * MAX_HEADER_BYTES,
        b"1" * MAX_HEADER_BYTES,
        b"1." + b"1" * (MAX_HEADER_BYTES - 2),
        b'"' + b"m" * (MAX_HEADER_BYTES - 6) + "🎵".encode() + b'"',
        b"{" + b",".join(b'"%d":0' % key for key in range(390_000)) + b"}",
    ],
    ids=lambda header: repr(header[:12]),
)
def test_the_largest_header_costs_little(header: bytes) -> None:
    raw = frame(header)
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # Python's own guard may be off
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            unpack(raw)
        assert tracemalloc.get_traced_memory()[1] < 12 * MAX_HEADER_BYTES
    finally:
        tracemalloc.stop()
        sys.set_int_max_str_digits(digits)


def test_a_smaller_limit_binds_both_ways() -> None:
    raw = pack(np.zeros(100))
    assert_same(unpack(raw, max_bytes=len(raw)), np.zeros(100))
    with pytest.raises(ProtocolError, match="too large"):
        unpack(raw, max_bytes=len(raw) - 1)
    with pytest.raises(ProtocolError, match="too large"):
        pack(np.zeros(100), max_bytes=len(raw) - 1)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
tags = st.sampled_from(["tuple", "dict", "array", "float", "complex", "object_ref", "given"])
dtypes = st.sampled_from(DTYPES).map(np.dtype)
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**2048) + 1, 2**2048 - 1)
    | st.floats()
    | st.complex_numbers()
    | texts
    | arrays
    | st.integers(0, 2**63 - 1).map(ObjectRef)
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(tags | texts, inner, max_size=4)
        | st.builds(
            lambda name, options: Given(name, **options),
            texts,
            st.dictionaries(texts.filter(lambda key: key not in ("self", "name")), inner, max_size=2),
        )
    ),
    max_leaves=12,
)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | texts | tags | st.sampled_from([*DTYPES, "nan"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(tags, inner, max_size=2)
        | st.tuples(st.sampled_from(DTYPES), st.lists(st.integers(-1, 3), max_size=3)).map(lambda a: {"array": list(a)})
    ),
    max_leaves=10,
)


def assert_value_or_refused(raw: bytes) -> bool:
    """Whatever unpack accepts is a value that crosses again, unchanged."""
    try:
        value = unpack(raw)
    except ProtocolError:
        return False
    assert_same(unpack(pack(value)), value)
    return True


@given(value=values)
@fuzz
def test_any_value_comes_back(value: Any) -> None:
    assert_same(unpack(pack(value)), value)


@given(raw=st.binary(max_size=80), header=st.binary(max_size=60), body=st.binary(max_size=20))
@fuzz
def test_any_bytes_are_a_value_or_refused(raw: bytes, header: bytes, body: bytes) -> None:
    assert_value_or_refused(raw)
    assert_value_or_refused(frame(header, body))


@given(tree=trees, body=st.binary(max_size=40))
@fuzz
def test_any_json_is_a_value_or_refused(tree: Any, body: bytes) -> None:
    assert_value_or_refused(frame(tree, body))


@given(value=values, data=st.data())
@fuzz
def test_a_damaged_frame_is_a_value_or_refused(value: Any, data: st.DataObject) -> None:
    raw = bytearray(pack(value))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert_value_or_refused(bytes(raw))
    header_bytes = PREFIX.unpack(pack(value)[: PREFIX.size])[2]
    raw = raw[PREFIX.size :]
    assert_value_or_refused(frame(bytes(raw[:header_bytes]), bytes(raw[header_bytes:])))


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    yield Channel(ours), theirs
    ours.close()
    theirs.close()


def test_messages_cross_in_order_and_both_ways(pair: tuple[Channel, socket.socket]) -> None:
    left, right = pair[0], Channel(pair[1])
    large = np.arange(2**20, dtype=np.float32)  # more than the buffers of a socket hold
    sender = threading.Thread(target=lambda: [left.send(value, timeout=20) for value in (1, (), large, "last")])
    sender.start()
    for value in (1, (), large, "last"):
        assert_same(right.receive(timeout=20), value)
    sender.join()
    right.send(None)
    assert left.receive() is None


def test_a_message_that_cannot_cross_leaves_the_channel_usable(pair: tuple[Channel, socket.socket]) -> None:
    with pytest.raises(ProtocolError, match="set cannot be sent"):
        pair[0].send({1})
    pair[0].send("still here")
    assert Channel(pair[1]).receive(timeout=5) == "still here"


def test_nothing_comes_in_time(pair: tuple[Channel, socket.socket]) -> None:
    with pytest.raises(Slow):
        pair[0].receive(timeout=0.05)


@pytest.mark.parametrize("before", [b"", PREFIX.pack(b"ACG\n", 1, 60, 0)], ids=["in the prefix", "in the header"])
def test_who_drips_gains_no_time(pair: tuple[Channel, socket.socket], before: bytes) -> None:
    stop = threading.Event()

    def drip() -> None:
        for byte in frame([0] * 300):
            pair[1].send(bytes([byte]))
            if stop.wait(0.03):
                return

    pair[1].sendall(before)
    dripping = threading.Thread(target=drip)
    dripping.start()
    start = time.monotonic()
    with pytest.raises(Slow):
        pair[0].receive(timeout=0.25)
    assert 0.2 < time.monotonic() - start < 8  # the drips alone would last 9 s or more
    stop.set()
    dripping.join()


def test_who_does_not_read_cannot_hold_a_sender(pair: tuple[Channel, socket.socket]) -> None:
    start = time.monotonic()
    with pytest.raises(Slow):
        pair[0].send(np.zeros(2**22), timeout=0.2)
    assert time.monotonic() - start < 8  # it would wait for ever


@pytest.mark.parametrize("sent", [b"", b"ACG", frame([1, 2])[:-1]], ids=["at once", "in the prefix", "in the header"])
def test_the_other_side_is_gone(pair: tuple[Channel, socket.socket], sent: bytes) -> None:
    pair[1].sendall(sent)
    pair[1].close()
    with pytest.raises(Closed):
        pair[0].receive(timeout=5)


def test_sending_to_nobody(pair: tuple[Channel, socket.socket]) -> None:
    pair[1].close()
    with pytest.raises(Closed):
        pair[0].send(np.zeros(2**20), timeout=5)


@pytest.mark.parametrize("header_bytes, body_bytes", [(2, 10 * 2**30), (2, 2**64 - 1), (2**32 - 1, 0)])
def test_a_claim_of_ten_gigabytes_takes_no_memory(
    pair: tuple[Channel, socket.socket], header_bytes: int, body_bytes: int
) -> None:
    pair[1].sendall(PREFIX.pack(b"ACG\n", 1, header_bytes, body_bytes) + b"[]" + bytes(1_000))
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError, match="too large"):
            pair[0].receive(timeout=5)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_memory_is_taken_for_what_came_only(pair: tuple[Channel, socket.socket]) -> None:
    pair[1].sendall(PREFIX.pack(b"ACG\n", 1, 2, MAX_FRAME_BYTES - 100) + b"[]" + bytes(1_000))
    tracemalloc.start()
    try:
        with pytest.raises(Slow):
            pair[0].receive(timeout=0.05)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000  # one chunk and what is around it
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("spoil", ["garbage", "slow", "closed"])
def test_after_an_error_the_channel_is_unusable(pair: tuple[Channel, socket.socket], spoil: str) -> None:
    channel, other = pair
    if spoil == "garbage":
        other.sendall(b"x" * PREFIX.size)
    if spoil == "closed":
        channel.close()
    with pytest.raises(ProtocolError):
        channel.receive(timeout=0.05)
    if spoil != "closed":
        other.sendall(pack("too late"))
    for again in (lambda: channel.receive(timeout=0.05), lambda: channel.send(1, timeout=0.05)):
        with pytest.raises(Closed, match="broke earlier"):
            again()
    channel.close()
    channel.close()


def test_an_interrupted_channel_is_unusable(
    pair: tuple[Channel, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("audiocourse.teach.grading.sandbox.protocol.channel._unpacked", interrupt)
    pair[1].sendall(frame([]))
    with pytest.raises(KeyboardInterrupt):
        pair[0].receive(timeout=5)
    with pytest.raises(Closed):
        pair[0].receive(timeout=5)


def test_one_with_an_endless_deadline_waits(pair: tuple[Channel, socket.socket]) -> None:
    later = threading.Timer(0.1, lambda: pair[1].sendall(pack("late")))
    later.start()
    assert pair[0].receive(timeout=math.inf) == "late"
    later.join()
