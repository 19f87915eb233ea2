"""Buffers: blocks do not depend on chunks, and a ring holds the last samples and no others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocourse.asr.streaming.buffers import Chunker, RingBuffer


def stream(samples: int) -> np.ndarray:
    """A stream in which every sample is its own number."""
    return np.arange(samples, dtype=np.float32)


@given(sizes=st.lists(st.integers(0, 40), max_size=12), size=st.integers(1, 17))
def test_blocks_do_not_depend_on_chunks(sizes: list[int], size: int) -> None:
    y, chunker = stream(sum(sizes)), Chunker(size=size)
    found = [block for chunk in np.split(y, np.cumsum(sizes)) for block in chunker.feed(chunk)]
    assert all(block.size == size for block in found)
    rest = chunker.flush()
    assert rest.size < size
    assert np.array_equal(np.concatenate([*found, rest]), y)


@given(sizes=st.lists(st.integers(0, 40), min_size=1, max_size=12), size=st.integers(1, 25), data=st.data())
def test_a_ring_holds_the_last_samples(sizes: list[int], size: int, data: st.DataObject) -> None:
    y, ring = stream(sum(sizes)), RingBuffer(size=size)
    for chunk in np.split(y, np.cumsum(sizes)):
        ring.write(chunk)
    assert (ring.start, ring.end) == (max(0, y.size - size), y.size)
    start = data.draw(st.integers(ring.start, ring.end))
    end = data.draw(st.integers(start, ring.end))
    assert np.array_equal(ring.read(start, end), y[start:end])


def test_what_is_read_from_a_ring_stays_what_it_was() -> None:
    ring = RingBuffer(size=4)
    ring.write(stream(4))
    read = ring.read(0, 4)
    ring.write(np.ones(4, np.float32))
    assert np.array_equal(read, stream(4))


@pytest.mark.parametrize(("start", "end"), [(1, 5), (5, 7), (4, 3), (-1, 2)])
def test_lost_and_future_samples_are_refused(start: int, end: int, refuses) -> None:  # type: ignore[no-untyped-def]
    ring = RingBuffer(size=4)
    ring.write(stream(6))
    with refuses(f"The samples from {start} to {end} cannot be read: the buffer holds those from 2 to 6"):
        ring.read(start, end)
