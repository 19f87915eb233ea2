"""Buffers between a source of sound and a recogniser: blocks of one size, and the last samples of a stream."""

from __future__ import annotations

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray


class Chunker:
    """Turn chunks of any size into blocks of one size.

    Block k holds the samples from k · size to (k + 1) · size, whatever the chunks are.

    Parameters
    ----------
    size : int
        Samples in a block.

    Raises
    ------
    AudioCourseError
        If the size is not a positive whole number.

    Examples
    --------
    >>> chunker = Chunker(size=3)
    >>> chunker.feed(np.array([1.0, 2.0])), chunker.feed(np.array([3.0, 4.0]))
    ([], [array([1., 2., 3.], dtype=float32)])
    >>> chunker.flush()
    array([4.], dtype=float32)

    Notebook: ex10_realtime_asr
    """

    def __init__(self, *, size: int) -> None:
        require_positive(size=size)
        self._block = np.zeros(size, dtype=np.float32)
        self._filled = 0

    def feed(self, chunk: FloatArray) -> list[FloatArray]:
        """Take the next samples [shape=(samples,)] and return the blocks that are complete now, each of `size`."""
        blocks = []
        while chunk.size:
            taken = chunk[: self._block.size - self._filled]
            self._block[self._filled : self._filled + taken.size] = taken
            self._filled += taken.size
            chunk = chunk[taken.size :]
            if self._filled == self._block.size:
                blocks.append(self.flush())
        return blocks

    def flush(self) -> FloatArray:
        """Return the samples [shape=(samples,)] of the incomplete block, and begin a new one."""
        block = self._block[: self._filled].copy()
        self._filled = 0
        return block


class RingBuffer:
    """The last samples of a stream, in a fixed amount of memory.

    Sample n lies in cell n mod size; it is lost when sample n + size arrives.

    Parameters
    ----------
    size : int
        How many samples to hold.

    Raises
    ------
    AudioCourseError
        If the size is not a positive whole number.

    Examples
    --------
    >>> ring = RingBuffer(size=4)
    >>> ring.write(np.arange(6, dtype=np.float32))
    >>> ring.start, ring.end, ring.read(3, 5)
    (2, 6, array([3., 4.], dtype=float32))

    Notebook: ex10_realtime_asr
    """

    def __init__(self, *, size: int) -> None:
        require_positive(size=size)
        self._cells = np.zeros(size, dtype=np.float32)
        self.end = 0

    @property
    def start(self) -> int:
        """Position of the oldest sample that is still held; `end` is one past the newest."""
        return max(0, self.end - self._cells.size)

    def write(self, chunk: FloatArray) -> None:
        """Take the next samples of the stream, over the oldest ones.

        Parameters
        ----------
        chunk : np.ndarray [shape=(samples,)]
            Any number of them, even more than the buffer holds.
        """
        self.end += chunk.size
        kept = chunk[-self._cells.size :]
        self._cells[np.arange(self.end - kept.size, self.end) % self._cells.size] = kept

    def read(self, start: int, end: int) -> FloatArray:
        """Copy a segment of the stream.

        Parameters
        ----------
        start, end : int
            The first sample and one past the last, counted from the beginning of the stream.

        Returns
        -------
        np.ndarray [shape=(end - start,)]
            The samples, float32.

        Raises
        ------
        AudioCourseError
            If some of them have been overwritten or have not arrived.
        """
        if not self.start <= start <= end <= self.end:
            raise AudioCourseError(
                f"The samples from {start} to {end} cannot be read: the buffer holds those from {self.start} to "
                f"{self.end}, so read earlier or make it larger."
            )
        return self._cells[np.arange(start, end) % self._cells.size]
