"""Misconceptions about streaming recognition, as answers that people really give; the guides' own defects first.

Where a task asks for a class, a class here spoils one thing of a right answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Word = tuple[float, float, str]
Event = tuple[str, int]

# ---------------------------------------------------------------- 10.1 blocks out of chunks


class Blocks:
    """A right answer, for wrong ones to spoil."""

    def __init__(self, size: int) -> None:
        self.size, self.waiting = size, np.zeros(0, dtype=np.float32)

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        count = self.waiting.size // self.size
        blocks = [self.waiting[k * self.size : (k + 1) * self.size] for k in range(count)]
        self.waiting = self.waiting[count * self.size :]
        return blocks

    def flush(self) -> np.ndarray:
        rest, self.waiting = self.waiting, self.waiting[:0]
        return rest


@mutant(
    task="Chunker",
    name="the same samples in several blocks",
    hint="Samples have gone out in a block. Do you remove them from what waits? A recogniser that is given them twice "
    "writes their words twice.",
)
class EveryWindowAgain(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        return [self.waiting[-self.size :]] if self.waiting.size >= self.size else []


@mutant(
    task="Chunker",
    name="a flush that returns no samples",
    hint="Someone says a short word and the stream ends before its block is full. What happens to the samples that "
    "wait?",
)
class NeverFlushed(Blocks):
    def flush(self) -> np.ndarray:
        return np.zeros(0, dtype=np.float32)


@mutant(
    task="Chunker",
    name="at most one block out of each chunk",
    hint="A chunk may be ten blocks long. How often does your method check whether another block is full?",
)
class OneBlockAChunk(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        if self.waiting.size < self.size:
            return []
        block, self.waiting = self.waiting[: self.size], self.waiting[self.size :]
        return [block]


@mutant(
    task="Chunker",
    name="discarding what is left over from a chunk",
    hint="Sound is missing at every border. What happens to the samples after the last whole block of a chunk?",
)
class RestThrownAway(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        blocks = super().feed(chunk)
        self.waiting = self.waiting[:0]
        return blocks


@mutant(
    task="Chunker",
    name="a last block padded with zeros",
    hint="flush returns the waiting samples unchanged. Does the docstring ask for zeros? How long is the last "
    "piece with yours?",
)
class FilledWithZeros(Blocks):
    def flush(self) -> np.ndarray:
        rest = super().flush()
        return np.pad(rest, (0, -rest.size % self.size))


@mutant(
    task="Chunker",
    name="blocks that are longer than `size`",
    hint="Each block has exactly `size` samples. How long is yours when a chunk is longer than that?",
)
class AllThereIs(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        return [self.flush()] if self.waiting.size >= self.size else []


@mutant(
    task="Chunker",
    name="a flush that returns the same samples again each time",
    hint="flush has returned the samples. Do they still wait afterwards?",
)
class StillThere(Blocks):
    def flush(self) -> np.ndarray:
        return self.waiting


@mutant(
    task="Chunker",
    name="a block that is returned but not removed",
    hint="The first samples go out as a block. Do they still wait when the next chunk comes?",
)
class AlwaysFromTheFront(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        return [self.waiting[: self.size]] if self.waiting.size >= self.size else []


@mutant(
    task="Chunker",
    name="all blocks since the beginning returned again",
    hint="Your loop begins at the first sample that ever came. Which samples should be left after a block went out?",
)
class AllBlocksAgain(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        return [self.waiting[k : k + self.size] for k in range(0, self.waiting.size - self.size + 1, self.size)]


@mutant(
    task="Chunker",
    name="waiting for one sample more than a block",
    hint="Exactly `size` samples wait. Is the block full, and what does your comparison (> or >=) say?",
)
class OneMoreNeeded(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        blocks = []
        while self.waiting.size > self.size:
            blocks.append(self.waiting[: self.size])
            self.waiting = self.waiting[self.size :]
        return blocks


@mutant(
    task="Chunker",
    name="a short block of what is left over",
    hint="A range or np.split continues to the last sample, whether or not the block is full. How many samples are in "
    "your last block?",
)
class BorrowsForTheLast(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        blocks = super().feed(chunk)
        return [*blocks, self.flush()] if blocks and self.waiting.size else blocks


@mutant(
    task="Chunker",
    name="cutting each chunk by itself, without the waiting samples",
    hint="Two samples wait and a chunk comes. With which sample does the next block begin?",
)
class ChunkAlone(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        count = chunk.size // self.size
        self.waiting = np.concatenate([self.waiting, chunk[count * self.size :]])
        return [chunk[k * self.size : (k + 1) * self.size] for k in range(count)]


@mutant(
    task="Chunker",
    name="the new chunk in front of the waiting samples",
    hint="Which arrived first, the waiting samples or the new chunk? In which order do you join them?",
)
class NewestFirst(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting, chunk = chunk, self.waiting
        return super().feed(chunk)


@mutant(
    task="Chunker",
    name="the same array in every block",
    hint="You fill one array again and again and append it each time. How many different arrays are in the list?",
)
class OneArrayForAll:
    def __init__(self, size: int) -> None:
        self.block, self.filled = np.zeros(size, dtype=np.float32), 0

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        blocks = []
        for sample in chunk:
            self.block[self.filled] = sample
            self.filled += 1
            if self.filled == self.block.size:
                blocks.append(self.block)
                self.filled = 0
        return blocks

    def flush(self) -> np.ndarray:
        rest, self.filled = self.block[: self.filled].copy(), 0
        return rest


@mutant(
    task="Chunker",
    name="forgetting what is left over when a block is complete",
    hint="You empty your memory after a block has gone out. Which samples of the last chunk were still in it?",
)
class ForgetsAtABlock(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        blocks = super().feed(chunk)
        self.waiting = self.waiting[:0] if blocks else self.waiting
        return blocks


@mutant(
    task="Chunker",
    name="None instead of an empty list where no block is complete",
    hint="The caller of feed loops over the blocks. What is a list with no blocks in it?",
)
class NothingForNoBlock(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray] | None:  # type: ignore[override]
        return super().feed(chunk) or None


@mutant(
    task="Chunker",
    name="a slice [−r:] with a rest of no samples",
    hint="For r = 0, waiting[-0:] is waiting[0:]. Is that no sample, or all of them?",
)
class RestFromTheEnd(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        heard = np.concatenate([self.waiting, chunk])
        blocks = super().feed(chunk)
        self.waiting = heard[-(heard.size % self.size) :]
        return blocks


@mutant(
    task="Chunker",
    name="removing only one block, however many are returned",
    hint="Three blocks go out. How many samples must you remove, and how many do you remove?",
)
class OneTakenAway(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        heard = np.concatenate([self.waiting, chunk])
        blocks = super().feed(chunk)
        self.waiting = heard[self.size :] if blocks else heard
        return blocks


@mutant(
    task="Chunker",
    name="losing one sample between two blocks",
    hint="A block ends before the sample `size`. With which sample does the next one begin, size or size + 1?",
)
class OneLostAtEachBorder(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        blocks = []
        while self.waiting.size >= self.size:
            blocks.append(self.waiting[: self.size])
            self.waiting = self.waiting[self.size + 1 :]
        return blocks


@mutant(
    task="Chunker",
    name="one memory for all chunkers",
    hint="An attribute of the class itself, or a default in `def`, exists only once. When does each object get its "
    "own?",
)
class SharedSamples(Blocks):
    shared: ClassVar[dict[str, np.ndarray]] = {}

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = self.shared.get("waiting", self.waiting[:0])
        blocks = super().feed(chunk)
        self.shared["waiting"] = self.waiting
        return blocks

    def flush(self) -> np.ndarray:
        rest = self.shared.get("waiting", self.waiting)
        self.shared["waiting"] = rest[:0]
        return rest


@mutant(
    task="Chunker",
    name="a flush that returns None where nothing waits",
    hint="The caller of flush uses the result as an array. What is an array with no samples in it?",
)
class FlushOfNothing(Blocks):
    def flush(self) -> np.ndarray | None:  # type: ignore[override]
        return super().flush() if self.waiting.size else None


@mutant(
    task="Chunker",
    name="a flush that returns a list of blocks",
    hint="feed returns a list, since there may be several blocks. How many remainders can there be for flush to "
    "return?",
)
class FlushAsAList(Blocks):
    def flush(self) -> list[np.ndarray]:  # type: ignore[override]
        rest = super().flush()
        return [rest] if rest.size else []


@mutant(
    task="Chunker",
    name="cutting each chunk to its end, including a short last block",
    hint="A range continues to the last sample, whether or not the block is full. What should happen to the last "
    "samples?",
)
class CutToTheEnd(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        return [chunk[k : k + self.size] for k in range(0, chunk.size, self.size)]


@mutant(
    task="Chunker",
    name="counting the blocks of the chunk alone",
    hint="Two thirds of a block wait and one third arrives. Is len(chunk) // size the number of full blocks?",
)
class BlocksOfTheChunk(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.waiting = np.concatenate([self.waiting, chunk])
        blocks = []
        for _ in range(chunk.size // self.size):
            blocks.append(self.waiting[: self.size])
            self.waiting = self.waiting[self.size :]
        return blocks


@mutant(
    task="Chunker",
    name="a flush without a return statement",
    hint="flush empties the memory. Which statement gives the samples to the caller?",
)
class FlushWithoutReturn(Blocks):
    def flush(self) -> None:  # type: ignore[override]
        self.waiting = self.waiting[:0]


@mutant(
    task="Chunker",
    name="what waits replaced by a chunk that is too short",
    hint="Two short chunks come one after the other. Which of them waits after the second?",
)
class ShortChunkReplaces(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        if self.waiting.size + chunk.size < self.size:
            self.waiting = chunk
            return []
        return super().feed(chunk)


@mutant(
    task="Chunker",
    name="one array of blocks instead of a list of them",
    hint="No block is complete: what is a list of none, and which shape has your array?",
)
class ArrayOfBlocks(Blocks):
    def feed(self, chunk: np.ndarray) -> np.ndarray:  # type: ignore[override]
        return np.array(super().feed(chunk), dtype=np.float32).reshape(-1, self.size)


@mutant(
    task="Chunker",
    name="a flush that returns a list of numbers",
    hint="The blocks are arrays. What turns the samples that wait into one?",
)
class FlushOfNumbers(Blocks):
    def flush(self) -> list[float]:  # type: ignore[override]
        return [float(sample) for sample in super().flush()]


@mutant(
    task="Chunker",
    name="blocks of 4800 samples, whatever `size` says",
    hint="Another recogniser wants blocks of another size. Where does your class ask for it?",
)
class AlwaysTheSameSize(Blocks):
    def __init__(self, size: int) -> None:  # noqa: ARG002 (the misconception)
        super().__init__(4_800)


@mutant(
    task="Chunker",
    name="borders that a flush does not move",
    hint="After a flush the next chunk begins a new block. From which sample on do you count to `size`?",
)
class BordersStay(Blocks):
    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.heard = 0

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        first = self.heard - self.waiting.size
        self.heard += chunk.size
        borders = [border for border in range(0, self.heard + 1, self.size) if border > first]
        *blocks, self.waiting = np.split(np.concatenate([self.waiting, chunk]), [border - first for border in borders])
        return blocks


@mutant(
    task="Chunker",
    name="a chunk cut off where the block is full",
    hint="The block is full, and the chunk is not at its end. Where do its other samples go?",
)
class CutOffWhereFull(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        return super().feed(chunk[: self.size - self.waiting.size])


@mutant(
    task="Chunker",
    name="samples kept in whole numbers",
    hint="Samples lie between −1 and 1. Which whole numbers are left of them?",
)
class WholeNumbers(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        return [block.astype(int) for block in super().feed(chunk.astype(int))]

    def flush(self) -> np.ndarray:
        return super().flush().astype(int)


@mutant(
    task="Chunker",
    name="a last block lost when the samples are exactly enough",
    hint="The samples are exactly enough for the block, and your range ends before it. Where are its samples now?",
)
class LastBlockLost(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        exact = (self.waiting.size + chunk.size) % self.size == 0
        blocks = super().feed(chunk)
        return blocks[:-1] if exact else blocks


@mutant(
    task="Chunker",
    name="an empty chunk taken for the end of the stream",
    hint="A sound card may have nothing yet. Does an empty chunk say that nothing more will come?",
)
class EndsWithNothing(Blocks):
    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        if chunk.size == 0 and self.waiting.size:
            return [self.flush()]
        return super().feed(chunk)


@mutant(
    task="Chunker",
    name="the whole stream kept",
    hint="After a day of listening, how many samples are in your memory, and how many of them wait?",
)
class WholeStreamKept(Blocks):
    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.all = np.zeros(0, dtype=np.float32)

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        self.all = np.concatenate([self.all, chunk])
        return super().feed(chunk)


@mutant(
    task="Chunker",
    name="a flush that gives a part of the array that is filled again",
    hint="Who keeps what flush gave: what is in it after the next feed? Which way of slicing copies?",
)
class FlushGivesAView:
    def __init__(self, size: int) -> None:
        self.block, self.count = np.zeros(size, dtype=np.float32), 0

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        blocks = []
        for sample in chunk:
            self.block[self.count] = sample
            self.count += 1
            if self.count == self.block.size:
                blocks.append(self.block.copy())
                self.count = 0
        return blocks

    def flush(self) -> np.ndarray:
        rest, self.count = self.block[: self.count], 0
        return rest


@mutant(
    task="Chunker",
    name="a generator where a list is asked for",
    hint="A function with `yield` does nothing until someone goes through it. What does feed return?",
)
class FeedYields(Blocks):
    def feed(self, chunk: np.ndarray) -> Iterator[np.ndarray]:  # type: ignore[override]
        yield from super().feed(chunk)


# ---------------------------------------------------------------- 10.2 the ring buffer


class Ring:
    """A right answer, for wrong ones to spoil: it keeps the last samples in a row."""

    def __init__(self, size: int) -> None:
        self.size, self.end, self.kept = size, 0, np.zeros(0, dtype=np.float32)

    def write(self, chunk: np.ndarray) -> None:
        self.end += chunk.size
        self.kept = np.concatenate([self.kept, chunk])[-self.size :]

    def require(self, start: int, end: int) -> None:
        if not self.end - self.kept.size <= start <= end <= self.end:
            raise ValueError("not here")

    def read(self, start: int, end: int) -> np.ndarray:
        self.require(start, end)
        first = self.end - self.kept.size
        return self.kept[start - first : end - first].copy()


class DequeOfFive:
    def __init__(self) -> None:
        self.kept: deque[float] = deque(maxlen=5)

    def write(self, chunk: np.ndarray) -> None:
        self.kept.extend(chunk)

    def read(self, start: int, end: int) -> np.ndarray:
        return np.array(self.kept, dtype=np.float32)[: end - start]


@mutant(
    task="RingBuffer",
    name="a deque(maxlen=5) for five seconds",
    hint="maxlen counts the items, which are samples here. How long do five samples last at 16 000 samples per second?",
)
def deque_of_five(*, size: int) -> DequeOfFive:  # the size is not looked at: the author has seconds in mind
    return DequeOfFive()


@mutant(
    task="RingBuffer",
    name="a view of the cells instead of a copy",
    hint="A caller keeps what it has read for a while. What is in it after the next write? Which kind of indexing "
    "copies?",
)
class ViewOfTheCells(Ring):
    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.cells = np.zeros(size, dtype=np.float32)

    def write(self, chunk: np.ndarray) -> None:
        latest = chunk[-self.size :]
        first = self.end + chunk.size - latest.size
        self.cells[np.arange(first, first + latest.size) % self.size] = latest
        self.end += chunk.size

    def read(self, start: int, end: int) -> np.ndarray:
        if not max(0, self.end - self.size) <= start <= end <= self.end:
            raise ValueError("These samples are not in the buffer.")
        first = start % self.size
        if first + end - start <= self.size:
            return self.cells[first : first + end - start]
        return self.cells[np.arange(start, end) % self.size]


@mutant(
    task="RingBuffer",
    name="positions counted from the oldest sample still held",
    hint="Sample 96 000 of the stream keeps its number while others are overwritten. From where do you count?",
)
class FromTheBuffer(Ring):
    def read(self, start: int, end: int) -> np.ndarray:
        return self.kept[start:end].copy()


@mutant(
    task="RingBuffer",
    name="a buffer that never forgets",
    hint="After a day of listening, how many samples are in your memory? A ring buffer has `size` cells, and no more.",
)
class NeverForgets(Ring):
    def write(self, chunk: np.ndarray) -> None:
        self.end += chunk.size
        self.kept = np.concatenate([self.kept, chunk])


class Cells(Ring):
    """Cells in a ring, as the task describes them, without a look at what is in them."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.cells = np.zeros(size, dtype=np.float32)

    def write(self, chunk: np.ndarray) -> None:
        self.cells[np.arange(self.end, self.end + chunk.size) % self.size] = chunk
        self.end += chunk.size

    def read(self, start: int, end: int) -> np.ndarray:
        return self.cells[np.arange(start, end) % self.size]


@mutant(
    task="RingBuffer",
    name="returning what is in the cell, even where the sample was overwritten",
    hint="`% size` always finds a cell. Which sample of the stream is in it by now, and can the caller tell?",
)
def whatever_is_in_the_cell(*, size: int) -> Ring:
    return Cells(size)


@mutant(
    task="RingBuffer",
    name="zeros in place of lost samples",
    hint="Zeros sound like a pause. How would a recogniser tell your zeros from real silence?",
)
class SilenceForLost(Ring):
    def read(self, start: int, end: int) -> np.ndarray:
        padded = np.zeros(max(end, self.end) + 1, dtype=np.float32)
        padded[self.end - self.kept.size : self.end] = self.kept
        return padded[max(0, start) : end]


@mutant(
    task="RingBuffer",
    name="reading without a check of what is held",
    hint="Slicing a Python list beyond its ends raises no error. Where do you compare start and end with the samples "
    "that you hold?",
)
class UncheckedDeque:
    """A deque of the right length, sliced without a look at what it holds."""

    def __init__(self, size: int) -> None:
        self.kept: deque[float] = deque(maxlen=size)
        self.end = 0

    def write(self, chunk: np.ndarray) -> None:
        self.kept.extend(chunk.tolist())
        self.end += chunk.size

    def read(self, start: int, end: int) -> np.ndarray:
        oldest = self.end - len(self.kept)
        return np.array(list(self.kept)[start - oldest : end - oldest], dtype=np.float32)


@mutant(
    task="RingBuffer",
    name="a slice that stops at the last cell and does not wrap around",
    hint="The samples may begin in the last cells and continue in the first. What does a slice do at the end of an "
    "array?",
)
class NotRoundTheCorner(Cells):
    def read(self, start: int, end: int) -> np.ndarray:
        if not max(0, self.end - self.size) <= start <= end <= self.end:
            raise ValueError("not here")
        return self.cells[start % self.size : start % self.size + end - start].copy()


@mutant(
    task="RingBuffer",
    name="the beginning of a long chunk kept instead of its end",
    hint="Eight seconds arrive at once in a buffer of five. Which five seconds are the last ones?",
)
class BeginningOfALongChunk(Ring):
    def write(self, chunk: np.ndarray) -> None:
        self.end += chunk.size
        self.kept = np.concatenate([self.kept, chunk[: self.size]])[-self.size :]


@mutant(
    task="RingBuffer",
    name="an oldest sample that is off by one",
    hint="With `size` cells and `end` samples written, which is the oldest one held: end − size or the one before?",
)
class OneTooMany(Ring):
    def require(self, start: int, end: int) -> None:
        if end > self.end or start < 0 or start < self.end - self.size - 1:
            raise ValueError("not here")


class Checked(Cells):
    """Cells in a ring, and a look at what is in them before they are read."""

    def read(self, start: int, end: int) -> np.ndarray:
        self.require(start, end)
        return self.cells[np.arange(start, end) % self.size]

    def require(self, start: int, end: int) -> None:
        if start < max(0, self.end - self.size) or end > self.end:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="a slice from cell start % M to cell end % M that ignores the wrap-around",
    hint="After a wrap-around, end % M is smaller than start % M. What does Python return for cells[90:10]?",
)
class CellToCell(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        self.require(start, end)
        return self.cells[start % self.size : end % self.size]


@mutant(
    task="RingBuffer",
    name="a full buffer of samples read as none",
    hint="For exactly M samples, start % M equals end % M. Which of your two cases is that?",
)
class WholeRingIsNothing(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        self.require(start, end)
        first, last = start % self.size, end % self.size
        return self.cells[first:last] if first <= last else np.concatenate([self.cells[first:], self.cells[:last]])


@mutant(
    task="RingBuffer",
    name="no samples read as a full buffer",
    hint="From sample 60 to before 60 there are none, and 60 % M equals 60 % M. How many samples does your code "
    "return?",
)
class NothingIsAWholeRing(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        self.require(start, end)
        first, last = start % self.size, end % self.size
        return self.cells[first:last] if first < last else np.concatenate([self.cells[first:], self.cells[:last]])


@mutant(
    task="RingBuffer",
    name="the sample at `end` included",
    hint="From 3 to *before* 5 there are two samples. How many do you return?",
)
class EndAsWell(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        self.require(start, end)
        return self.cells[np.arange(start, end + 1) % self.size]


@mutant(
    task="RingBuffer",
    name="refusing the oldest sample still held",
    hint="With 4 cells and 6 samples written, sample 2 is still in its cell. Does your comparison accept it?",
)
class OldestRefused(Checked):
    def require(self, start: int, end: int) -> None:
        if start < 0 or start <= self.end - self.size or end > self.end:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="refusing the newest sample",
    hint="`end` is one past the last sample read. After 6 samples, is read(4, 6) possible?",
)
class NewestRefused(Checked):
    def require(self, start: int, end: int) -> None:
        if start < max(0, self.end - self.size) or end >= self.end:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="returning samples that have not arrived yet",
    hint="You compare `start` with the oldest sample. With what must `end` be compared?",
)
class OnlyTheOldIsLookedAt(Checked):
    def require(self, start: int, _end: int) -> None:
        if start < max(0, self.end - self.size):
            raise ValueError("written over")


@mutant(
    task="RingBuffer",
    name="returning other samples in place of overwritten ones",
    hint="You compare `end` with the number of samples received. Which sample was in the cell of `start`, and which "
    "is there now?",
)
class OnlyTheNewIsLookedAt(Checked):
    def require(self, start: int, end: int) -> None:
        if start < 0 or end > self.end:
            raise ValueError("not here yet")


@mutant(
    task="RingBuffer",
    name="a check of `end` only, not of `start`",
    hint="You know that the samples have arrived. How do you know that `start` has not been overwritten, and is not "
    "below 0?",
)
class EndAlone(Checked):
    def require(self, _start: int, end: int) -> None:
        if end > self.end:
            raise ValueError("not here yet")


@mutant(
    task="RingBuffer",
    name="a check only of whether `start` was overwritten",
    hint="Samples that have not arrived yet, and a sample −1: does your comparison of `start` with end − M refuse "
    "them?",
)
class OldestAlone(Checked):
    def require(self, start: int, _end: int) -> None:
        if start < self.end - self.size:
            raise ValueError("written over")


@mutant(
    task="RingBuffer",
    name="an oldest sample with a number below zero",
    hint="After 10 samples, end − M = −40 in a buffer of 50. Was there ever a sample −1?",
)
class BeforeTheBeginning(Checked):
    def require(self, start: int, end: int) -> None:
        if start < self.end - self.size or end > self.end:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="returning only the part that is held, without an error",
    hint="A caller asks for 16 000 samples and gets 9 000. To which times will it assign the words in them?",
)
class PartOfIt(Ring):
    def read(self, start: int, end: int) -> np.ndarray:
        first = self.end - self.kept.size
        start, end = max(start, first), min(end, self.end)
        return self.kept[start - first : max(start, end) - first].copy()


@mutant(
    task="RingBuffer",
    name="returning None in place of an error",
    hint="A printed message or a None is easily overlooked. Which statement of Python stops the caller?",
)
class NoneForLost(Checked):
    def read(self, start: int, end: int) -> np.ndarray | None:  # type: ignore[override]
        try:
            return super().read(start, end)
        except ValueError:
            return None


@mutant(
    task="RingBuffer",
    name="returning an empty array in place of an error",
    hint="No samples, no words: the recogniser would report silence. How does the caller learn that the sound is lost?",
)
class EmptyForLost(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        try:
            return super().read(start, end)
        except ValueError:
            return self.cells[:0]


@mutant(
    task="RingBuffer",
    name="a position that grows only by the samples that are kept",
    hint="A chunk of 8 s arrives in a buffer of 5 s. By how much has the stream advanced, 5 s or 8 s?",
)
class PositionOfTheKept(Ring):
    def write(self, chunk: np.ndarray) -> None:
        super().write(chunk[-self.size :])


@mutant(
    task="RingBuffer",
    name="a position advanced before the samples are written",
    hint="The first sample of a chunk has the number that `end` had *before* the chunk. Which number do you use?",
)
class WrittenTooFar(Checked):
    def write(self, chunk: np.ndarray) -> None:
        self.end += chunk.size
        for place, sample in enumerate(chunk, self.end):
            self.cells[place % self.size] = sample


@mutant(
    task="RingBuffer",
    name="a chunk written into a slice that ends at the last cell",
    hint="Ten samples arrive and four cells are left before the last. Where do the other six go?",
)
class WriteStopsAtTheLastCell(Checked):
    def write(self, chunk: np.ndarray) -> None:
        at = self.end % self.size
        self.cells[at : at + chunk.size] = chunk
        self.end += chunk.size


@mutant(
    task="RingBuffer",
    name="two slices that a long chunk does not fit into",
    hint="Eight seconds arrive at once in a buffer of five. Which part of them should be left in the end?",
)
class LongChunkInTwo(Checked):
    def write(self, chunk: np.ndarray) -> None:
        at = self.end % self.size
        before = chunk[: self.size - at]
        self.cells[at : at + before.size] = before
        self.cells[: chunk.size - before.size] = chunk[before.size :]
        self.end += chunk.size


@mutant(
    task="RingBuffer",
    name="refusing to read no samples",
    hint="If no samples are asked for, has any of them been overwritten? What is the copy of no samples?",
)
class NothingRefused(Checked):
    def require(self, start: int, end: int) -> None:
        super().require(start, end)
        if start >= end:
            raise ValueError("nothing asked for")


@mutant(
    task="RingBuffer",
    name="one memory for all buffers",
    hint="An attribute of the class itself, or a default in `def`, exists only once. When does each object get its "
    "own?",
)
class OneMemory(Ring):
    samples: ClassVar[list[float]] = []

    def write(self, chunk: np.ndarray) -> None:
        self.samples.extend(chunk.tolist())
        del self.samples[: -self.size]
        self.end += chunk.size
        self.kept = np.array(self.samples, dtype=np.float32)

    def read(self, start: int, end: int) -> np.ndarray:
        kept, first = self.samples, self.end - len(self.samples)
        if start < max(0, first) or end > self.end:
            raise ValueError("not here")
        return np.array(kept[start - first : end - first], dtype=np.float32)


@mutant(
    task="RingBuffer",
    name="a slice [−n:] with a chunk of no samples",
    hint="For n = 0, cells[-0:] is cells[0:]. Is that no cell, or all of them?",
)
class Rolled(Ring):
    def write(self, chunk: np.ndarray) -> None:
        self.end += chunk.size
        cells = np.roll(
            np.concatenate([np.zeros(self.size - self.kept.size, dtype=np.float32), self.kept]), -chunk.size
        )
        cells[-chunk.size :] = chunk[-self.size :]
        self.kept = cells[-min(self.end, self.size) :]


@mutant(
    task="RingBuffer",
    name="keeping the whole stream and refusing what is old",
    hint="You refuse old samples, and yet they are all still there. How much memory does a week of listening take?",
)
class KeepsTheStream(NeverForgets):
    def require(self, start: int, end: int) -> None:
        if not max(0, self.end - self.size) <= start <= end <= self.end:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="a position advanced before a chunk is written, so that the chunk lies too far on",
    hint="A chunk goes from `end` *before* it to `end` after it. Which two numbers do you give to cells_of?",
)
class ChunkTooFar(Checked):
    def write(self, chunk: np.ndarray) -> None:
        self.end += chunk.size
        kept = chunk[-self.size :]
        self.cells[np.arange(self.end, self.end + kept.size) % self.size] = kept


@mutant(
    task="RingBuffer",
    name="the end of a long chunk in the cells of its beginning",
    hint="You keep the last M samples of the chunk. Which positions of the stream do they have?",
)
class EndInTheCellsOfTheBeginning(Checked):
    def write(self, chunk: np.ndarray) -> None:
        kept = chunk[-self.size :]
        self.cells[np.arange(self.end, self.end + kept.size) % self.size] = kept
        self.end += chunk.size


@mutant(
    task="RingBuffer",
    name="refusing the oldest sample still held, even sample 0",
    hint="After 6 samples in a buffer of 100, sample 0 is the oldest. Does your comparison (< or <=) accept it?",
)
class OldestAndZeroRefused(Checked):
    def require(self, start: int, end: int) -> None:
        if start <= max(0, self.end - self.size) or end > self.end:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="an array of zeros in place of an error",
    hint="Zeros sound like a pause. How does the caller learn that these samples are not available?",
)
class ZerosInPlaceOfAnError(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        try:
            return super().read(start, end)
        except ValueError:
            return np.zeros(end - start, dtype=np.float32)


@mutant(
    task="RingBuffer",
    name="a position that never advances",
    hint="How many samples have arrived after three chunks, and how does your object know?",
)
class NeverMovesOn(Checked):
    def write(self, chunk: np.ndarray) -> None:
        self.cells[np.arange(self.end, self.end + chunk.size) % self.size] = chunk


@mutant(
    task="RingBuffer",
    name="giving the sample that was written over last",
    hint="A ring of M cells holds the samples from end − M on. Is the one before still there?",
)
class OneOldSample(Checked):
    def require(self, start: int, end: int) -> None:
        if start < max(0, self.end - self.size - 1) or end > self.end:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="giving one sample that has not come yet",
    hint="`end` is one past the last sample that is read. How large may it be when 10 samples have come?",
)
class OneNewSample(Checked):
    def require(self, start: int, end: int) -> None:
        if start < max(0, self.end - self.size) or end > self.end + 1:
            raise ValueError("not here")


@mutant(
    task="RingBuffer",
    name="a chunk cut off at the last cell",
    hint="After the last cell comes the first. Where does the rest of the chunk go?",
)
class CutOffAtTheLastCell(Checked):
    def write(self, chunk: np.ndarray) -> None:
        at = self.end % self.size
        part = chunk[: self.size - at]
        self.cells[at : at + part.size] = part
        self.end += chunk.size


@mutant(
    task="RingBuffer",
    name="positions that begin with the oldest sample, and a check that they are held",
    hint="The caller asks for sample 96 000 of the stream. What do you add to it, and where do you land?",
)
class OldestAdded(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        oldest = max(0, self.end - self.size)
        return super().read(start + oldest, end + oldest)


@mutant(
    task="RingBuffer",
    name="a long chunk that becomes the cells as it is",
    hint="Sample n lies in cell n % M. In which cell is the first sample of a chunk that fills the whole ring?",
)
class LongChunkBecomesTheCells(Checked):
    def write(self, chunk: np.ndarray) -> None:
        if chunk.size >= self.size:
            self.cells = chunk[-self.size :].copy()
            self.end += chunk.size
        else:
            super().write(chunk)


@mutant(
    task="RingBuffer",
    name="samples that can be read only once",
    hint="A recogniser looks at the same second again and again. What does reading change?",
)
class ReadOnce(Checked):
    read_so_far = 0

    def read(self, start: int, end: int) -> np.ndarray:
        if start < self.read_so_far:
            raise ValueError("read already")
        found = super().read(start, end)
        self.read_so_far = end
        return found


@mutant(
    task="RingBuffer",
    name="a slice that goes to the last cell, but does not wrap around",
    hint="A read may begin near the last cell and end near the first. How many slices is that?",
)
class NotOverTheCorner(Checked):
    def read(self, start: int, end: int) -> np.ndarray:
        self.require(start, end)
        return self.cells[start % self.size : end % self.size or self.size].copy()


@mutant(
    task="RingBuffer",
    name="a position that is counted round the ring",
    hint="After 77 samples the stream is 77 samples long. How long is it for you, with a ring of 50?",
)
class PositionRoundTheRing(Checked):
    def write(self, chunk: np.ndarray) -> None:
        super().write(chunk)
        if self.end > self.size:
            self.end %= self.size


# ---------------------------------------------------------------- 10.3 what is new?


def _same_word(word: Word, last: Word) -> bool:
    return word[2] == last[2] and word[0] < last[0] + 0.1


def _new(hypothesis: list[Word], last: Word | None) -> list[Word]:
    """Choose rightly, for wrong answers to spoil."""
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1] and not _same_word(word, last)]


@mutant(
    task="new_words",
    name="every word treated as new",
    hint="The window is recognised again and again. If all its words are new each time, how often is each word "
    "written?",
)
def everything_is_new(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return list(hypothesis)


@mutant(
    task="new_words",
    name="a comparison of texts only",
    hint="Try 'no, no'. Is the second no the first one, recognised again?",
)
def by_text(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    texts = [word for *_, word in hypothesis]
    return hypothesis[texts.index(last[2]) + 1 :] if last[2] in texts else list(hypothesis)


@mutant(
    task="new_words",
    name="counting a word as new only if it begins after the end of the last one",
    hint="The next word may seem to begin 20 ms before the last one ended, just because times shift. Is it old then?",
)
def begins_behind_the_end(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return [word for word in hypothesis if last is None or (word[0] >= last[1] and not _same_word(word, last))]


@mutant(
    task="new_words",
    name="a word treated as new because it ends after the last one",
    hint="The last committed word, recognised again, may end 20 ms later than before. What do you compare with its "
    "end?",
)
def ends_behind_the_end(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return [word for word in hypothesis if last is None or word[1] > last[1]]


@mutant(
    task="new_words",
    name="the first rule only, so that very short words come twice",
    hint="An 'a' of 25 ms is found 50 ms later. Its midpoint lies after the end of the old one. Is it a new word?",
)
def middle_alone(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return [word for word in hypothesis if last is None or (word[0] + word[1]) / 2 >= last[1]]


@mutant(
    task="new_words",
    name="every word that begins close to the last one treated as old, whatever its text",
    hint="'a' and, 50 ms later, 'I': are these the same word? The second rule has two conditions.",
)
def close_is_old(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1] and word[0] >= last[0] + 0.1]


@mutant(
    task="new_words",
    name="every word with the same text treated as old, or a tolerance far above 0.1 s",
    hint="The second rule applies within a tenth of a second; are yours seconds? How far apart are the two words when "
    "someone says 'no, no'?",
)
def same_text_is_old(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1] and word[2] != last[2]]


@mutant(
    task="new_words",
    name="a word whose midpoint lies exactly at the end of the last one treated as old",
    hint="A word is old if its midpoint lies *before* the end. Is a midpoint exactly at the end before it?",
)
def middle_at_the_end_is_old(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[0] + word[1]) / 2 > last[1] and not _same_word(word, last)]


@mutant(
    task="new_words",
    name="the same word treated as old exactly 0.1 s later",
    hint="A word is old if it begins *less* than 0.1 s later. What about exactly 0.1 s?",
)
def a_tenth_is_old(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    middles = [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1]]
    return [word for word in middles if word[2] != last[2] or word[0] > last[0] + 0.1]


@mutant(
    task="new_words",
    name="half the length of a word taken for its midpoint",
    hint="A word lasts from 8.0 to 8.4 s. Is its midpoint at 0.2 s, which is (e − s)/2?",
)
def half_the_length(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[1] - word[0]) / 2 >= last[1] and not _same_word(word, last)]


@mutant(
    task="new_words",
    name="both rules required before a word is old",
    hint="A word is old if rule 1 *or* rule 2 holds, so it is new only if neither does. How do you join them?",
)
def both_rules(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1] or not _same_word(word, last)]


@mutant(
    task="new_words",
    name="a single rule: new is what begins after the end of the last word",
    hint="Times shift, so the next word may seem to begin before the last one ends. Which time does rule 1 look at?",
)
def begins_after(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return [word for word in hypothesis if last is None or word[0] >= last[1]]


@mutant(
    task="new_words",
    name="the second rule only",
    hint="You recognise the last word again. But are the words before it, which are in the window too, new?",
)
def second_rule_alone(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return [word for word in hypothesis if last is None or not _same_word(word, last)]


@mutant(
    task="new_words",
    name="no answer where nothing is committed yet",
    hint="Before the first word, last is None, and None has no times. What should the function return then?",
)
def no_last_word(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    begin, end, text = last  # type: ignore[misc]
    return [
        word for word in hypothesis if (word[0] + word[1]) / 2 >= end and (word[2] != text or word[0] >= begin + 0.1)
    ]


@mutant(
    task="new_words",
    name="returning everything from the first new word on",
    hint="Can an old word follow a new one: the short one that was committed, found a little later?",
)
def from_the_first_new(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    new = [(word[0] + word[1]) / 2 >= last[1] and not _same_word(word, last) for word in hypothesis]
    return hypothesis[new.index(True) :] if True in new else []


@mutant(
    task="new_words",
    name="returning only what comes after the last old word",
    hint="A new word may come before an old one. Do you decide about each word, or about a position in the list?",
)
def after_the_last_old(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    old = [k for k, word in enumerate(hypothesis) if (word[0] + word[1]) / 2 < last[1] or _same_word(word, last)]
    return hypothesis[max(old, default=-1) + 1 :]


@mutant(
    task="new_words",
    name="the midpoint compared with something earlier than the end of the last word",
    hint="With which time of the last word do you compare: a, where it begins, its midpoint, or b, where it ends?",
)
def middle_after_the_beginning(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[0] and not _same_word(word, last)]


@mutant(
    task="new_words",
    name="the tenth of a second counted from the end of the last word",
    hint="Rule 2 asks how long after the *beginning* of the last word the same text begins. From where do you count?",
)
def tenth_from_the_end(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    middles = [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1]]
    return [word for word in middles if word[2] != last[2] or word[0] >= last[1] + 0.1]


@mutant(
    task="new_words",
    name="an absolute distance in the second rule",
    hint="Rule 2 says s < a + 0.1. Does it say anything about how long *before* the last word this one may begin?",
)
def distance_without_a_sign(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    middles = [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1]]
    return [word for word in middles if word[2] != last[2] or abs(word[0] - last[0]) >= 0.1]


@mutant(
    task="new_words",
    name="a search for the last word with exactly the same times",
    hint="Times shift by some hundredths of a second. Will the last word ever be found with equal times?",
)
def the_very_same_tuple(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return hypothesis[hypothesis.index(last) + 1 :] if last in hypothesis else list(hypothesis)


@mutant(
    task="new_words",
    name="a word taken for the last one because it begins with the same letters",
    hint="'a' and 'at' are two words. How do you compare their texts?",
)
def same_first_letters(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    middles = [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1]]
    return [word for word in middles if not word[2].startswith(last[2]) or word[0] >= last[0] + 0.1]


@mutant(
    task="new_words",
    name="a comparison that ignores capitals",
    hint="Rule 2 asks for the same text. Do lower() or casefold() leave the text unchanged?",
)
def capitals_do_not_count(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    middles = [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1]]
    return [word for word in middles if word[2].lower() != last[2].lower() or word[0] >= last[0] + 0.1]


@mutant(
    task="new_words",
    name="s + e/2 taken for the midpoint",
    hint="Python divides before it adds. Where do parentheses belong in (s + e)/2?",
)
def brackets_forgotten(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if word[0] + word[1] / 2 >= last[1] and not _same_word(word, last)]


@mutant(
    task="new_words",
    name="the old words instead of the new ones",
    hint="You have found the old words. Which ones does the task ask for?",
)
def the_old_words(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if (word[0] + word[1]) / 2 < last[1] or _same_word(word, last)]


@mutant(
    task="new_words",
    name="no new words where nothing is committed yet",
    hint="Before the first word is committed, which words of the hypothesis are not committed yet?",
)
def nothing_at_first(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return []
    return [word for word in hypothesis if (word[0] + word[1]) / 2 >= last[1] and not _same_word(word, last)]


@mutant(
    task="new_words",
    name="the end of a word compared with the end of the last one, in place of its midpoint",
    hint="Recognised again, the last word may end 20 ms later than before. What does rule 1 compare with b?",
)
def end_for_the_middle(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    return [word for word in hypothesis if word[1] >= last[1] and not _same_word(word, last)]


@mutant(
    task="new_words",
    name="the texts without their times",
    hint="The next step needs to know when each word ended. What is left of (start, end, word)?",
)
def texts_alone(hypothesis: list[Word], *, last: Word | None) -> list[str]:
    return [word for *_, word in _new(hypothesis, last)]


@mutant(
    task="new_words",
    name="a tenth of a second added to the end of the last word",
    hint="The tenth of a second belongs to the second rule. When is a word of another text new?",
)
def a_tenth_later(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return [word for word in _new(hypothesis, last) if last is None or (word[0] + word[1]) / 2 >= last[1] + 0.1]


@mutant(
    task="new_words",
    name="words that begin where the last one ended",
    hint="The words are wanted as they are. What have you done to the beginning of this one?",
)
def begins_at_the_end_of_the_last(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return [(start if last is None else max(start, last[1]), end, word) for start, end, word in _new(hypothesis, last)]


@mutant(
    task="new_words",
    name="only one word for each text",
    hint="Someone says 'no, no'. How often is the word new?",
)
def each_text_once(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    return list({word[2]: word for word in reversed(_new(hypothesis, last))}.values())[::-1]


@mutant(
    task="new_words",
    name="a hundredth of a second where a tenth is meant",
    hint="The same word may be found 50 ms later. How long is a tenth of a second, and which number do you "
    "compare with?",
)
def a_hundredth(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    begin, until, text = last
    behind = [word for word in hypothesis if (word[0] + word[1]) / 2 >= until]
    return [word for word in behind if word[2] != text or word[0] >= begin + 0.01]


@mutant(
    task="new_words",
    name="the second rule for the first word of the hypothesis only",
    hint="The word that is found again may come after others. At which words do you look for the same text?",
)
def second_rule_for_the_first(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None:
        return list(hypothesis)
    behind = [(k, word) for k, word in enumerate(hypothesis) if (word[0] + word[1]) / 2 >= last[1]]
    return [word for k, word in behind if k > 0 or not _same_word(word, last)]


@mutant(
    task="new_words",
    name="old words removed from the hypothesis itself",
    hint="The caller still needs its hypothesis. From which list do you remove words?",
)
def out_of_the_hypothesis(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    hypothesis[:] = _new(hypothesis, last)
    return list(hypothesis)


# ---------------------------------------------------------------- 10.4 local agreement


class Agreement:
    """A right answer, for wrong ones to spoil."""

    def __init__(self) -> None:
        self.open: list[Word] = []

    def shared(self, words: list[Word], until: float) -> int:
        count = 0
        while count < min(len(words), len(self.open)) and words[count][2] == self.open[count][2]:
            if words[count][1] > until:
                break
            count += 1
        return count

    def update(self, words: list[Word], until: float) -> list[Word]:
        count = self.shared(words, until)
        self.open = words[count:]
        return words[:count]

    def flush(self) -> list[Word]:
        left, self.open = self.open, []
        return left


@mutant(
    task="LocalAgreement",
    name="every hypothesis made final at once",
    hint="The last word of a hypothesis is often half a word. How many hypotheses must contain a word before you "
    "commit it?",
)
class NoPolicy(Agreement):
    def update(self, words: list[Word], _until: float) -> list[Word]:
        return list(words)


@mutant(
    task="LocalAgreement",
    name="a hypothesis that is never remembered",
    hint="Nothing is ever committed. Is the new hypothesis remembered, so that the next one can be compared with it?",
)
class NeverRemembers(Agreement):
    def update(self, _words: list[Word], _until: float) -> list[Word]:
        return []


@mutant(
    task="LocalAgreement",
    name="a flush that loses the open words",
    hint="Someone says 'stop' and nothing more: one hypothesis, and no second one. Who returns the word? Do you clear "
    "the very list that you return?",
)
class ShortIsLost(Agreement):
    def flush(self) -> list[Word]:
        self.open = []
        return []


@mutant(
    task="LocalAgreement",
    name="committing only if both hypotheses are equal as a whole",
    hint="While someone speaks, the end of a hypothesis changes every time. Must its beginning wait for that?",
)
class WholeOrNothing(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        same = [word for *_, word in words] == [word for *_, word in self.open]
        return len(words) if same and all(end <= until for _, end, _ in words) else 0


@mutant(
    task="LocalAgreement",
    name="committing words that occur in both hypotheses, at any position",
    hint="After a difference nothing counts: if 'off' may still become 'of the', at which position will 'light' be?",
)
class AnywhereAlike(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        before = [word for *_, word in self.open]
        agreed = [word for word in words if word[2] in before and word[1] <= until]
        self.open = [word for word in words if word not in agreed]
        return agreed


@mutant(
    task="LocalAgreement",
    name="committing words that agree after a difference",
    hint="You go on after the first difference. Can a word be final while the one before it is not?",
)
class PlaceByPlace(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        pairs = zip(words, self.open, strict=False)
        agreed = [mine for mine, before in pairs if mine[2] == before[2] and mine[1] <= until]
        self.open = words[len(agreed) :]
        return agreed


@mutant(
    task="LocalAgreement",
    name="a comparison of times as well as texts",
    hint="The same word is found a hundredth of a second later in the next hypothesis. Is it another word?",
)
class TimesToo(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = 0
        while count < min(len(words), len(self.open)) and words[count] == self.open[count] and words[count][1] <= until:
            count += 1
        return count


@mutant(
    task="LocalAgreement",
    name="remembering the committed words as well as the open ones",
    hint="The next hypothesis comes without the committed words. With which word of your memory is its first word "
    "compared?",
)
class RemembersAll(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        count = self.shared(words, until)
        self.open = list(words)
        return words[:count]


@mutant(
    task="LocalAgreement",
    name="committing a word that ends after `until`",
    hint="'for', 'for', 'forty': two hypotheses agreed on half a word. What is `until` for?",
)
class LastWordToo(Agreement):
    def shared(self, words: list[Word], _until: float) -> int:
        return super().shared(words, np.inf)


@mutant(
    task="LocalAgreement",
    name="committing words after one that ends after `until`",
    hint="A caption cannot have a gap that is filled later. What may follow the first word that is not final?",
)
class SkipsLate(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        count = super().shared(words, np.inf)
        agreed = [word for word in words[:count] if word[1] <= until]
        self.open = [word for word in words if word not in agreed]
        return agreed


@mutant(
    task="LocalAgreement",
    name="words returned with the times of the older hypothesis",
    hint="The newer hypothesis is based on more sound. Which of the two times do you return?",
)
class OlderTimes(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        count = self.shared(words, until)
        before, self.open = self.open, words[count:]
        return before[:count]


@mutant(
    task="LocalAgreement",
    name="a flush that does not forget what it returned",
    hint="After flush a new utterance begins. With which hypothesis is its first one compared?",
)
class FlushKeeps(Agreement):
    def flush(self) -> list[Word]:
        return self.open


@mutant(
    task="LocalAgreement",
    name="committing words without an older hypothesis: not compared, or compared with themselves",
    hint="With which older hypothesis do you compare the new one? If you store the new one first, which is it?",
)
class ComparedWithItself(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        self.open = words
        return super().update(words, until)


@mutant(
    task="LocalAgreement",
    name="`until` compared with the ends in the older hypothesis",
    hint="The newer hypothesis is based on more sound. Which of the two ends do you compare with `until`?",
)
class OldEnds(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = super().shared(words, np.inf)
        return next((k for k in range(count) if self.open[k][1] > until), count)


@mutant(
    task="LocalAgreement",
    name="holding back a word that ends exactly at `until`, or just before it",
    hint="A word that ends *later* than `until` is not committed. What about one that ends exactly then? Is the 0.1 s "
    "already in `until`?",
)
class EndsBefore(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = super().shared(words, np.inf)
        return next((k for k in range(count) if words[k][1] >= until), count)


@mutant(
    task="LocalAgreement",
    name="`until` compared with the beginning or the middle of a word",
    hint="A word may begin before `until` and end after it. Which of its times do you compare?",
)
class BeginsBefore(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = super().shared(words, np.inf)
        return next((k for k in range(count) if words[k][0] > until), count)


@mutant(
    task="LocalAgreement",
    name="committing at most one word for each hypothesis",
    hint="Two hypotheses agree on three words. How many of them does your method look at?",
)
class FirstWordOnly(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        return min(1, super().shared(words, until))


@mutant(
    task="LocalAgreement",
    name="an index past the end of the newer hypothesis",
    hint="A hypothesis may be shorter than the one before. Up to which index do both have a word?",
)
class PastTheEnd(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = 0
        for k in range(len(self.open)):
            if words[k][2] != self.open[k][2] or words[k][1] > until:
                break
            count += 1
        return count


@mutant(
    task="LocalAgreement",
    name="an index past the end of the older hypothesis",
    hint="The newer hypothesis is often longer than the older one. Up to which index do both have a word?",
)
class PastTheOldEnd(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = 0
        for k in range(len(words)):
            if words[k][2] != self.open[k][2] or words[k][1] > until:
                break
            count += 1
        return count


@mutant(
    task="LocalAgreement",
    name="the older hypothesis remembered in place of the newer one",
    hint="The next hypothesis must be compared with the one just before it. Which of the two do you keep?",
)
class KeepsTheOlder(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        count = self.shared(words, until)
        self.open = self.open[count:] or words[count:]
        return words[:count]


@mutant(
    task="LocalAgreement",
    name="forgetting the words that end after `until`",
    hint="A word that is not final yet is still open. Is it in your memory when the next hypothesis comes?",
)
class OnlyWhatIsBefore(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        words = [word for word in words if word[1] <= until]
        return super().update(words, until)


@mutant(
    task="LocalAgreement",
    name="forgetting the open words when others are committed",
    hint="Two words are committed, and the third is still open. With what is the next hypothesis compared?",
)
class ForgetsTheRest(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        agreed = super().update(words, until)
        self.open = [] if agreed else self.open
        return agreed


@mutant(
    task="LocalAgreement",
    name="half a word accepted as equal to a whole one",
    hint="'kit' became 'kitchen'. Do both hypotheses contain the same word?",
)
class HalfWords(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = 0
        for mine, old in zip(words, self.open, strict=False):
            if not (mine[2].startswith(old[2]) or old[2].startswith(mine[2])) or mine[1] > until:
                break
            count += 1
        return count


@mutant(
    task="LocalAgreement",
    name="a comparison that ignores capitals",
    hint="In German, 'see' and 'See' are two words, and on the screen they look different. Do both hypotheses agree?",
)
class NoCapitals(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        small = [(start, end, word.lower()) for start, end, word in words]
        self.open = [(start, end, word.lower()) for start, end, word in self.open]
        return super().shared(small, until)


@mutant(
    task="LocalAgreement",
    name="one memory for all captioners",
    hint="An attribute of the class itself, or a default in `def`, exists only once. When does each object get its "
    "own?",
)
class SharedMemory(Agreement):
    shared_words: ClassVar[list[Word]] = []

    def update(self, words: list[Word], until: float) -> list[Word]:
        self.open = list(self.shared_words)
        agreed = super().update(words, until)
        self.shared_words[:] = self.open
        return agreed

    def flush(self) -> list[Word]:
        left = list(self.shared_words)
        self.shared_words.clear()
        return left


@mutant(
    task="LocalAgreement",
    name="a flush that returns committed words again",
    hint="Some words of the last hypothesis were committed when it came. Which of them are still open?",
)
class FlushesAll(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        self.last = words
        return super().update(words, until)

    def flush(self) -> list[Word]:
        left, self.open, self.last = getattr(self, "last", []), [], []
        return left


@mutant(
    task="LocalAgreement",
    name="keeping an old hypothesis for as long as nothing agrees",
    hint="Nothing agreed this time. With which hypothesis must the next one be compared?",
)
class KeptUntilAgreed(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        count = self.shared(words, until)
        if count or not self.open:
            self.open = words[count:]
        return words[:count]


@mutant(
    task="LocalAgreement",
    name="a flush that returns None",
    hint="The caller of flush loops over the words. What is a list of no words?",
)
class FlushWithoutWords(Agreement):
    def flush(self) -> None:  # type: ignore[override]
        self.open = []


@mutant(
    task="LocalAgreement",
    name="committing one word too few",
    hint="Both hypotheses share two words. Which slice has two: words[:1] or words[:2]?",
)
class OneTooFew(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        return max(0, super().shared(words, until) - 1)


@mutant(
    task="LocalAgreement",
    name="committing nothing if one of the agreed words ends after `until`",
    hint="Three words agree, and the third goes on after `until`. What is wrong with the first two?",
)
class NothingIfOneIsLate(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = super().shared(words, np.inf)
        return count if all(end <= until for _, end, _ in words[:count]) else 0


@mutant(
    task="LocalAgreement",
    name="as many words as agree anywhere, from the first on",
    hint="Three words agree, one of them after a difference. Which three do you commit?",
)
class CountedAnywhere(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        pairs = zip(words, self.open, strict=False)
        return sum(mine[2] == before[2] and mine[1] <= until for mine, before in pairs)


@mutant(
    task="LocalAgreement",
    name="a flush that gives texts without their times",
    hint="The caller needs (start, end, word) of the last words too. What does your flush leave of them?",
)
class FlushesTexts(Agreement):
    def flush(self) -> list[str]:  # type: ignore[override]
        return [word for *_, word in super().flush()]


@mutant(
    task="LocalAgreement",
    name="agreement of three hypotheses",
    hint="Two hypotheses in a row agree. For which third one do you wait, and how much later is the word on "
    "the screen?",
)
class AgreementOfThree(Agreement):
    def __init__(self) -> None:
        super().__init__()
        self.before: list[Word] = []

    def update(self, words: list[Word], until: float) -> list[Word]:
        count = 0
        for mine, one, two in zip(words, self.open, self.before, strict=False):
            if not mine[2] == one[2] == two[2] or mine[1] > until:
                break
            count += 1
        self.before, self.open = self.open[count:], words[count:]
        return words[:count]

    def flush(self) -> list[Word]:
        self.before = []
        return super().flush()


@mutant(
    task="LocalAgreement",
    name="all or nothing, but for words that end after `until`",
    hint="While someone speaks, the newer hypothesis is always longer. Must the whole of it agree?",
)
class AllOrNothing(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        same = [word for *_, word in words] == [word for *_, word in self.open]
        return sum(end <= until for _, end, _ in words) if same else 0


@mutant(
    task="LocalAgreement",
    name="forgetting the first word that is still open",
    hint="`words[k:]` is open, k words being final. Which word is missing in `words[k + 1:]`?",
)
class FirstOpenForgotten(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        final = super().update(words, until)
        self.open = self.open[1:]
        return final


@mutant(
    task="LocalAgreement",
    name="going past the end of an older hypothesis that is not empty",
    hint="The newer hypothesis has one word more. What is at that place in the older one?",
)
class PastTheOlderOne(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = 0
        while self.open and count < len(words) and words[count][2] == self.open[count][2]:
            if words[count][1] > until:
                break
            count += 1
        return count


@mutant(
    task="LocalAgreement",
    name="a number of words where the words are asked for",
    hint="The caller writes the words on the screen. What does it write if you return 2?",
)
class NumberOfWords(Agreement):
    def update(self, words: list[Word], until: float) -> int:  # type: ignore[override]
        return len(super().update(words, until))


@mutant(
    task="LocalAgreement",
    name="a word that agrees with any of the older hypothesis",
    hint="A word agrees with the one *in the same place*. With how many words of the older hypothesis do you "
    "compare it?",
)
class AnyOfTheOlder(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        texts = {word for *_, word in self.open}
        return next((k for k, word in enumerate(words) if word[2] not in texts or word[1] > until), len(words))


@mutant(
    task="LocalAgreement",
    name="an empty hypothesis that is skipped",
    hint="An empty hypothesis says that there are no words. What should the next one be compared with?",
)
class EmptySkipped(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        return super().update(words, until) if words else []


@mutant(
    task="LocalAgreement",
    name="committing the first word that ends after `until`, and none after it",
    hint="You count the word and look at its end after that. Is it final when it ends too late?",
)
class OneTooLate(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        count = super().shared(words, np.inf)
        return next((k + 1 for k in range(count) if words[k][1] > until), count)


@mutant(
    task="LocalAgreement",
    name="committing at once where nothing is open",
    hint="There was no hypothesis before. With what does the first one agree, and how many have you compared?",
)
class AtOnceIfNothingIsOpen(Agreement):
    def shared(self, words: list[Word], until: float) -> int:
        if self.open:
            return super().shared(words, until)
        return next((k for k, (_, end, _) in enumerate(words) if end > until), len(words))


@mutant(
    task="LocalAgreement",
    name="committed words removed from the list that was given",
    hint="The caller still needs its words. From which list do you remove the committed ones?",
)
class TakesOutOfTheList(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        count = self.shared(words, until)
        final = words[:count]
        del words[:count]
        self.open = words
        return final


@mutant(
    task="LocalAgreement",
    name="the hypothesis of the caller remembered and emptied later",
    hint="You remember the very list that the caller gave, and flush clears it. Whose list is it, and who still needs "
    "it?",
)
class ClearsTheList(Agreement):
    def update(self, words: list[Word], until: float) -> list[Word]:
        count = self.shared(words, until)
        self.open = words[count:] if count else words
        return words[:count]

    def flush(self) -> list[Word]:
        left = list(self.open)
        self.open.clear()
        return left


# ---------------------------------------------------------------- 10.5 endpointing


class Ends:
    """A right answer, for wrong ones to spoil."""

    def __init__(self, min_speech: int, hangover: int, lead: int) -> None:
        self.min_speech, self.hangover, self.lead = min_speech, hangover, lead
        self.frames = self.row = self.last = 0
        self.speaking = False

    def feed(self, decisions: np.ndarray) -> list[Event]:
        return [event for yes in decisions.tolist() for event in self.frame(yes)]

    def frame(self, yes: bool) -> list[Event]:
        self.frames += 1
        self.row = self.counted(yes)
        if self.row < (self.hangover if self.speaking else self.min_speech):
            return []
        return [self.end()] if self.speaking else [self.start()]

    def counted(self, yes: bool) -> int:
        return self.row + 1 if yes != self.speaking else 0

    def start(self) -> Event:
        begun = max(self.begin(), self.last)
        self.speaking, self.row = True, 0
        return "start", begun

    def begin(self) -> int:
        return self.frames - self.min_speech - self.lead

    def end(self) -> Event:
        self.speaking, self.row, self.last = False, 0, self.frames
        return "end", self.frames

    def flush(self) -> list[Event]:
        return [self.end()] if self.speaking else []


@mutant(
    task="Endpointer",
    name="a flush that does not end the open utterance",
    hint="The stream ends in the middle of a word. Which event tells the caller that the utterance is over?",
)
class NeverEnded(Ends):
    def flush(self) -> list[Event]:
        return []


@mutant(
    task="Endpointer",
    name="ending the utterance at the first no",
    hint="The mouth is closed for 50 ms before a t. Is the sentence over? What does `hangover` count?",
)
class FirstNoEnds(Ends):
    def frame(self, yes: bool) -> list[Event]:
        self.frames += 1
        if self.speaking:
            return [] if yes else [self.end()]
        self.row = self.counted(yes)
        return [self.start()] if self.row >= self.min_speech else []


@mutant(
    task="Endpointer",
    name="beginning an utterance at the first yes",
    hint="A click of the keyboard is one frame of yes. How many in a row does it take?",
)
class ClicksBegin(Ends):
    def frame(self, yes: bool) -> list[Event]:
        if yes and not self.speaking:
            self.frames += 1
            self.row = 0
            begun = max(self.frames - 1 - self.lead, self.last)
            self.speaking = True
            return [("start", begun)]
        return super().frame(yes)


@mutant(
    task="Endpointer",
    name="the lead counted back from the frame in which the utterance is detected",
    hint="The first sound of the first word is missing. You detect the utterance after `min_speech` frames: when did "
    "it begin?",
)
class BeginsWhenCertain(Ends):
    def begin(self) -> int:
        return self.frames - 1 - self.lead


@mutant(
    task="Endpointer",
    name="no lead",
    hint="Words begin softly, before the detector says yes. How many frames does `lead` add in front?",
)
class NoLead(Ends):
    def begin(self) -> int:
        return self.frames - self.min_speech


@mutant(
    task="Endpointer",
    name="frames counted in total, not in a row",
    hint="Ten clicks in an hour are not an utterance, and ten short pauses do not end one. When is the counter reset?",
)
class AnyInAll(Ends):
    def counted(self, yes: bool) -> int:
        return self.row + 1 if yes != self.speaking else self.row


@mutant(
    task="Endpointer",
    name="a counter that begins anew with each piece",
    hint="Frames arrive one by one. Can five in a row ever be counted if each call begins at zero?",
)
class ForgetsBetweenPieces(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.row = 0
        return super().feed(decisions)


@mutant(
    task="Endpointer",
    name="frames counted from the beginning of each piece",
    hint="Frame 3 of the tenth piece is not frame 3 of the stream. What do you have to remember from call to call?",
)
class CountedFromThePiece(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.frames = self.last = 0
        return super().feed(decisions)


@mutant(
    task="Endpointer",
    name="an utterance that ends at its last yes, without the hangover",
    hint="Words end softly as well, so the hangover belongs to the utterance. After which frame does it end?",
)
class EndsAtTheLastYes(Ends):
    def end(self) -> Event:
        last_yes = self.frames - self.row
        super().end()
        self.last = last_yes
        return "end", last_yes


@mutant(
    task="Endpointer",
    name="a lead that reaches into the previous utterance",
    hint="The previous utterance has been recognised already. May the new one begin before its end?",
)
class LeadIntoTheLast(Ends):
    def start(self) -> Event:
        self.last = 0
        return super().start()


@mutant(
    task="Endpointer",
    name="the last frame of the utterance in place of one past it",
    hint="Frames 1 to 9 belong to the utterance. Which number is *one past* the last of them?",
)
class EndsOnTheLastFrame(Ends):
    def end(self) -> Event:
        what, frame = super().end()
        return what, frame - 1


@mutant(
    task="Endpointer",
    name="the last frame in place of the number of frames, in flush only",
    hint="After 5 frames the last one has the number 4. Which of the two does flush return?",
)
class FlushesTheLastFrame(Ends):
    def flush(self) -> list[Event]:
        return [(what, frame - 1) for what, frame in super().flush()]


@mutant(
    task="Endpointer",
    name="the last frame in place of one past it, in feed only",
    hint="flush returns the number of frames, one past the last. Which number does feed return for the same utterance?",
)
class FeedsTheLastFrame(EndsOnTheLastFrame):
    def flush(self) -> list[Event]:
        return [(what, frame + 1) for what, frame in super().flush()]


@mutant(
    task="Endpointer",
    name="the lead counted back from the number of frames so far",
    hint="`min_speech` frames of yes have passed when you detect the utterance. How far back is the first of them?",
)
class StartsAtTheCount(Ends):
    def begin(self) -> int:
        return self.frames - self.lead


@mutant(
    task="Endpointer",
    name="an end where the silence begins, in feed only",
    hint="Words end softly, so the hangover belongs to the utterance. After which frame does it end?",
)
class FeedEndsAtTheLastYes(EndsAtTheLastYes):
    def flush(self) -> list[Event]:
        return [self.end_now()] if self.speaking else []

    def end_now(self) -> Event:
        return Ends.end(self)


@mutant(
    task="Endpointer",
    name="frame numbers of the piece, not of the stream",
    hint="enumerate begins at 0 in each piece. How many frames of the stream came before this piece?",
)
class EndOfThePiece(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.frames = 0
        return super().feed(decisions)


@mutant(
    task="Endpointer",
    name="a frame counter increased too late, so that all events are one frame early",
    hint="At frame 7, eight frames have arrived. Is your counter at 7 or at 8 when you compute start and end?",
)
class OneFrameEarly(Ends):
    def start(self) -> Event:
        what, frame = super().start()
        return what, max(frame - 1, self.last)

    def end(self) -> Event:
        what, frame = super().end()
        self.last = frame - 1
        return what, frame - 1

    def flush(self) -> list[Event]:
        if not self.speaking:
            return []
        self.speaking, self.row, self.last = False, 0, self.frames
        return [("end", self.frames)]


@mutant(
    task="Endpointer",
    name="an utterance that begins one frame late",
    hint="After frames 2 and 3 of yes, four frames have arrived. Is 4 − 2 the first of them, or the one after it?",
)
class StartsOneLate(Ends):
    def begin(self) -> int:
        return super().begin() + 1


@mutant(
    task="Endpointer",
    name="waiting for one frame more than min_speech",
    hint="The utterance has begun after `min_speech` frames of yes. What does your comparison ask for: >= or >?",
)
class MoreThanMinSpeech(Ends):
    def frame(self, yes: bool) -> list[Event]:
        self.frames += 1
        self.row = self.counted(yes)
        if self.speaking:
            return [self.end()] if self.row == self.hangover else []
        return [self.start()] if self.row > self.min_speech else []

    def begin(self) -> int:
        return super().begin() - 1


@mutant(
    task="Endpointer",
    name="waiting for one frame more than min_speech, and beginning one frame late",
    hint="With > in place of >= the start is detected one frame later. From which frame do you count back then?",
)
class LateByOneMore(MoreThanMinSpeech):
    def begin(self) -> int:
        return super().begin() + 1


@mutant(
    task="Endpointer",
    name="waiting for one frame more than the hangover",
    hint="The utterance has ended after `hangover` frames of no. What does your comparison ask for: >= or >?",
)
class MoreThanHangover(Ends):
    def frame(self, yes: bool) -> list[Event]:
        self.frames += 1
        self.row = self.counted(yes)
        if self.speaking:
            return [self.end()] if self.row > self.hangover else []
        return [self.start()] if self.row == self.min_speech else []


@mutant(
    task="Endpointer",
    name="waiting for one frame more than min_speech and one more than the hangover",
    hint="Both counters are compared with > where the count itself is enough. At which frame is it reached?",
)
class MoreThanBoth(MoreThanHangover):
    def frame(self, yes: bool) -> list[Event]:
        self.frames += 1
        self.row = self.counted(yes)
        if self.speaking:
            return [self.end()] if self.row > self.hangover else []
        return [self.start()] if self.row > self.min_speech else []


@mutant(
    task="Endpointer",
    name="a lead that reaches into the previous hangover",
    hint="The hangover belongs to the previous utterance. Which frame do you remember as its end?",
)
class LeadIntoTheHangover(Ends):
    def end(self) -> Event:
        last_yes = self.frames - self.row
        event = super().end()
        self.last = last_yes
        return event


@mutant(
    task="Endpointer",
    name="a lead that reaches back before frame 0",
    hint="Speech begins in frame 3 and the lead has 25 frames. Is there a frame −22?",
)
class BeforeFrameZero(Ends):
    def start(self) -> Event:
        begun = self.begin() if self.last == 0 else max(self.begin(), self.last)
        super().start()
        return "start", begun


@mutant(
    task="Endpointer",
    name="a lead without any limit",
    hint="How far back may an utterance begin: before frame 0? In the previous utterance? How could max help?",
)
class LeadWithoutLimits(Ends):
    def start(self) -> Event:
        begun = self.begin()
        super().start()
        return "start", begun


@mutant(
    task="Endpointer",
    name="clicks that add up",
    hint="While silent, one frame of yes now and another in a minute: are these two in a row? When is this counter "
    "reset?",
)
class ClicksAddUp(Ends):
    def counted(self, yes: bool) -> int:
        return super().counted(yes) if self.speaking or yes else self.row


@mutant(
    task="Endpointer",
    name="pauses that add up",
    hint="While speaking, a yes comes between two short pauses. What does it do to the counter of no?",
)
class PausesAddUp(Ends):
    def counted(self, yes: bool) -> int:
        return self.row if self.speaking and yes else super().counted(yes)


@mutant(
    task="Endpointer",
    name="a counter that is not set to 0 when an utterance begins",
    hint="Three frames of yes have been counted, and the utterance begins. With which number does the count of no "
    "begin?",
)
class CounterGoesOn(Ends):
    def start(self) -> Event:
        row = self.row
        event = super().start()
        self.row = row
        return event


@mutant(
    task="Endpointer",
    name="a flush that leaves the utterance open",
    hint="flush has reported that the utterance is over. Does your object know that at the next call?",
)
class FlushGivesTwice(Ends):
    def flush(self) -> list[Event]:
        return [("end", self.frames)] if self.speaking else []


@mutant(
    task="Endpointer",
    name="a flush that ends an utterance that never began",
    hint="The stream ends in silence. Which utterance do you end?",
)
class FlushAlwaysEnds(Ends):
    def flush(self) -> list[Event]:
        return [self.end()]


@mutant(
    task="Endpointer",
    name="a counter that continues through the flush",
    hint="Two frames of no had been counted when flush was called. What do they count for afterwards, when no one "
    "speaks?",
)
class CountsThroughTheFlush(Ends):
    def flush(self) -> list[Event]:
        row = self.row
        events = super().flush()
        self.row = row
        return events


@mutant(
    task="Endpointer",
    name="a flush that sets a counter to 0 although no utterance is open",
    hint="One frame of yes has arrived, flush finds no open utterance, and another yes follows. How many are in a row?",
)
class FlushForgetsTheCount(Ends):
    def flush(self) -> list[Event]:
        events = super().flush()
        self.row = 0
        return events


@mutant(
    task="Endpointer",
    name="a flush whose end is not remembered",
    hint="The utterance that flush ended is a previous utterance, too. How far back may the next one begin?",
)
class FlushForgetsTheEnd(Ends):
    def flush(self) -> list[Event]:
        last = self.last
        events = super().flush()
        self.last = last
        return events


@mutant(
    task="Endpointer",
    name="frames counted from 0 again after a flush",
    hint="Frames are counted from the beginning of the *stream*. Does it begin again when flush is called?",
)
class BeginsAnewAfterAFlush(Ends):
    def flush(self) -> list[Event]:
        events = super().flush()
        self.frames = self.row = self.last = 0
        return events


@mutant(
    task="Endpointer",
    name="a return at the first event, so that the rest of the piece is never examined",
    hint="Your `return` is inside the loop. What happens to the frames of the piece that come after the event?",
)
class ReturnsAtTheFirst(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        for yes in decisions.tolist():
            if event := self.frame(yes):
                return event
        return []


@mutant(
    task="Endpointer",
    name="only the last event of each piece",
    hint="A long piece may hold a start, an end and the next start. How many of them are left in your list?",
)
class LastEventOnly(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        return super().feed(decisions)[-1:]


@mutant(
    task="Endpointer",
    name="all events since the beginning returned again",
    hint="Your list lives as long as the object. Which events belong to *this* call?",
)
class AllEventsAgain(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.events = [*getattr(self, "events", []), *super().feed(decisions)]
        return self.events


@mutant(
    task="Endpointer",
    name="an `is True` that never holds",
    hint="A frame of `decisions` is a numpy Boolean, for which `yes is True` never holds. How else can you test it?",
)
class NeverTrue(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.frames += len(decisions)
        return []


@mutant(
    task="Endpointer",
    name="a counter that continues when an utterance begins, and may run past the hangover",
    hint="The counter is at min_speech when the utterance begins. When is it equal to the hangover?",
)
class RunsPast(CounterGoesOn):
    def frame(self, yes: bool) -> list[Event]:
        self.frames += 1
        self.row = self.counted(yes)
        if self.row != (self.hangover if self.speaking else self.min_speech):
            return []
        return [self.end()] if self.speaking else [self.start()]


@mutant(
    task="Endpointer",
    name="a lead added instead of subtracted",
    hint="Words begin softly, *before* the detector says yes. Is an earlier frame a larger or a smaller number?",
)
class LeadAdded(Ends):
    def begin(self) -> int:
        return self.frames - self.min_speech + self.lead


@mutant(
    task="Endpointer",
    name="an utterance that begins one frame early",
    hint="The frame is counted already when you notice the utterance. How far back is the first of min_speech frames?",
)
class BeginsOneEarly(Ends):
    def begin(self) -> int:
        return max(0, super().begin() - 1)


@mutant(
    task="Endpointer",
    name="a flush that ends what never began, and does not say where",
    hint="No one speaks when the stream ends. What should flush return, and what does the next lead reach back to?",
)
class FlushesAlways(Ends):
    def flush(self) -> list[Event]:
        self.speaking, self.row = False, 0
        return [("end", self.frames)]


@mutant(
    task="Endpointer",
    name="a flush that returns the event alone",
    hint="The caller goes through a list of events. What does it meet in ('end', 31)?",
)
class FlushOfOneEvent(Ends):
    def flush(self) -> list[Event] | Event:  # type: ignore[override]
        return self.end() if self.speaking else []


@mutant(
    task="Endpointer",
    name="a flush that ends the utterance after its last yes",
    hint="The frames of no at the end have arrived as well. How many frames are there so far?",
)
class FlushEndsAtTheLastYes(Ends):
    def flush(self) -> list[Event]:
        quiet = self.row
        return [(what, frame - quiet) for what, frame in super().flush()]


@mutant(
    task="Endpointer",
    name="a lead that keeps a frame away from the utterance before",
    hint="The utterance before ended with frame 15, and 16 is one past it. May the next one begin with 16?",
)
class LeadKeepsAway(Ends):
    def start(self) -> Event:
        self.last += self.last > 0
        return super().start()


@mutant(
    task="Endpointer",
    name="a lead at the end as well",
    hint="The lead is for the beginning. Which frames do you add at the end, and have they arrived yet?",
)
class LeadAtTheEnd(Ends):
    def frame(self, yes: bool) -> list[Event]:
        return [(what, frame + self.lead * (what == "end")) for what, frame in super().frame(yes)]


@mutant(
    task="Endpointer",
    name="a piece that must not be empty",
    hint="A piece may hold no frames at all. What is its element 0?",
)
class NeedsAFrame(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.latest = bool(decisions[0])
        return super().feed(decisions)


@mutant(
    task="Endpointer",
    name="all frames examined again, and a flush that is forgotten",
    hint="You begin again with frame 0 for each piece. Does your second look know that there was a flush?",
)
class LooksAtAllAgain(Ends):
    def __init__(self, min_speech: int, hangover: int, lead: int) -> None:
        super().__init__(min_speech, hangover, lead)
        self.heard: list[bool] = []
        self.given = 0

    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.heard += decisions.tolist()
        self.speaking, self.frames, self.row, self.last = False, 0, 0, 0
        events = [event for yes in self.heard for event in self.frame(yes)]
        new, self.given = events[self.given :], len(events)
        return new


@mutant(
    task="Endpointer",
    name="one decision for each piece, by how many frames are yes",
    hint="A piece may hold the end of one utterance and the beginning of the next. How many frames do you look at?",
)
class PieceByPiece(Ends):
    def feed(self, decisions: np.ndarray) -> list[Event]:
        first, self.frames = self.frames, self.frames + decisions.size
        spoken = int(np.sum(decisions))
        if not self.speaking and spoken >= self.min_speech:
            self.speaking = True
            return [("start", max(first + int(np.argmax(decisions)) - self.lead, self.last))]
        if not self.speaking:
            return []
        self.row = 0 if spoken else self.row + decisions.size
        return [self.end()] if self.row >= self.hangover else []


@mutant(
    task="Endpointer",
    name="a flush that makes an utterance out of a click",
    hint="Fewer than min_speech frames have said yes. Is an utterance open that flush could end?",
)
class FlushBeginsToo(Ends):
    def flush(self) -> list[Event]:
        if self.speaking or self.row == 0:
            return super().flush()
        begin, self.row = max(self.frames - self.row - self.lead, self.last), 0
        self.last = self.frames
        return [("start", begin), ("end", self.frames)]


@mutant(
    task="Endpointer",
    name="a flush that does not count the last piece",
    hint="How many frames have come when the stream ends: before the last piece, or with it?",
)
class LastPieceNotCounted(Ends):
    before = 0

    def feed(self, decisions: np.ndarray) -> list[Event]:
        self.before = self.frames
        return super().feed(decisions)

    def flush(self) -> list[Event]:
        return [(what, self.before) for what, _ in super().flush()]


@mutant(
    task="Endpointer",
    name="events that come with the next call",
    hint="You return the events that were certain before this piece. Who waits for the new one in the meantime?",
)
class OneCallLate(Ends):
    def __init__(self, min_speech: int, hangover: int, lead: int) -> None:
        super().__init__(min_speech, hangover, lead)
        self.ready: list[Event] = []

    def feed(self, decisions: np.ndarray) -> list[Event]:
        late, self.ready = self.ready, super().feed(decisions)
        return late

    def flush(self) -> list[Event]:
        late, self.ready = self.ready, []
        return late + super().flush()


# ---------------------------------------------------------------- 10.6 the latency report


def _report(late: np.ndarray, median: int, p95: int, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    late = np.sort(late)
    return {
        "median": float(late[median]),
        "p95": float(late[p95]),
        "real_time_factor": compute_seconds / audio_seconds,
    }


def _place(percent: int, words: int) -> int:
    return -(-percent * words // 100) - 1


@mutant(
    task="latency_report",
    name="a mean instead of the median",
    hint="One word that waits for a minute raises the mean. Does it change the usual word?",
)
def means(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    right = _report(ready - ends, 0, _place(95, ends.size), audio_seconds, compute_seconds)
    return {**right, "median": float(np.mean(ready - ends))}


@mutant(
    task="latency_report",
    name="an interpolated value between two words",
    hint="By nearest rank a percentile is the latency of one of the words. Does any word wait as long as you report?",
)
def interpolated(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    late = np.sort(ready - ends)

    def between(share: float) -> float:
        return float(np.interp(share * (late.size - 1), np.arange(late.size), late))

    return {"median": between(0.5), "p95": between(0.95), "real_time_factor": compute_seconds / audio_seconds}


@mutant(
    task="latency_report",
    name="the worst word as 95th percentile",
    hint="Of a hundred words, five may be later than the 95th percentile. How many are later than your number?",
)
def the_worst(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    return _report(ready - ends, _place(50, ends.size), -1, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="an inverted real-time factor",
    hint="Above 1 means that the computer cannot keep up. Which of the two is the numerator?",
)
def upside_down(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    words = ends.size
    return _report(ready - ends, _place(50, words), _place(95, words), compute_seconds, audio_seconds)


@mutant(
    task="latency_report",
    name="latencies that are not sorted",
    hint="A percentile is a position in a sorted list. Is yours sorted?",
)
def not_sorted(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    late, words = ready - ends, ends.size
    return {
        "median": float(late[_place(50, words)]),
        "p95": float(late[_place(95, words)]),
        "real_time_factor": compute_seconds / audio_seconds,
    }


@mutant(
    task="latency_report",
    name="the place, counted from 1, used as an index",
    hint="Place 2 of three words is the middle one, and in Python its index is 1. Which index do you take?",
)
def one_place_later(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    places = (_place(percent, ends.size) + 1 for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="the index int(p · n / 100), which is also ⌈p · (n − 1) / 100⌉",
    hint="Of two words the median is in place 1, and its index is 0. Which index is int(2 * 0.5), and how do you get "
    "from a place to an index?",
)
def rounded_down(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    places = (int(percent * ends.size / 100) for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="absolute values of the latencies",
    hint="A word that is ready before it ends has a latency below zero. What does abs make of it?",
)
def without_a_sign(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    words = ends.size
    return _report(np.abs(ready - ends), _place(50, words), _place(95, words), audio_seconds, compute_seconds)


def _with(right: dict[str, Any], **spoiled: float) -> dict[str, Any]:
    return {**right, **{name: float(value) for name, value in spoiled.items()}}


def _right(ends: np.ndarray, ready: np.ndarray, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    words = ends.size
    return _report(ready - ends, _place(50, words), _place(95, words), audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="the mean of the two middle words as median",
    hint="Of two words with 0.5 and 0.7 s you report 0.6 s. Which word was that late? Which place is ⌈n/2⌉?",
)
def two_middle_words(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, median=np.median(ready - ends))


@mutant(
    task="latency_report",
    name="the index n // 2, or ⌈(n − 1) / 2⌉, for the median",
    hint="Of eight words, index 8 // 2 is place 5. Which place is ⌈8/2⌉, counted from 1, and which index does it have?",
)
def upper_middle_word(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, median=np.sort(ready - ends)[ends.size // 2])


@mutant(
    task="latency_report",
    name="the index int(0.95 · n), or ⌈0.95 · (n − 1)⌉, for the 95th percentile",
    hint="Of 20 words, the index int(0.95 · 20) = 19 is place 20, the latest. Which index does place 19 have?",
)
def index_for_p95(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, p95=np.sort(ready - ends)[int(95 * ends.size / 100)])


@mutant(
    task="latency_report",
    name="a 95th percentile by interpolation",
    hint="By nearest rank the 95th percentile is the latency of one of the words. Is yours one of them?",
)
def p95_between(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, p95=np.percentile(ready - ends, 95))


@mutant(
    task="latency_report",
    name="the place rounded down",
    hint="Of three words, p · n / 100 is 1.5 for the median. ⌈1.5⌉ is 2; what is int(1.5), or 1.5 // 1?",
)
def place_down(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    places = (max(0, percent * ends.size // 100 - 1) for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="the place rounded to the nearest integer",
    hint="`round` goes down as often as up, while ⌈ ⌉ always goes up. What is round(0.5) in Python?",
)
def place_rounded(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    places = (max(0, round(percent * ends.size / 100) - 1) for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="the index int(p · (n − 1) / 100)",
    hint="Of 8 words you take index int(0.95 · 7) = 6 as 95th percentile. Which share of the words is at most that "
    "late?",
)
def share_of_the_last_index(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    places = (int(percent * (ends.size - 1) / 100) for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="mean values in place of both percentiles",
    hint="A percentile is the latency of one word, at a position in the sorted list. Where do you sort?",
)
def mean_and_deviation(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    late = ready - ends
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, median=late.mean(), p95=late.mean() + 2 * late.std())


@mutant(
    task="latency_report",
    name="95 % of the longest latency",
    hint="'95th percentile' is about 95 % of the *words*. Of what do you take 95 %?",
)
def share_of_the_longest(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, p95=0.95 * np.max(ready - ends))


@mutant(
    task="latency_report",
    name="latencies with the wrong sign",
    hint="A word that is ready half a second after its end has a latency of 0.5 s. Which time do you subtract from "
    "which?",
)
def sign_turned(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    return _right(ready, ends, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="ends and ready sorted before subtracting",
    hint="After sorting, does ready[3] still belong to the word of ends[3]? Which quantity must be sorted?",
)
def sorted_too_soon(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    return _right(np.sort(ends), np.sort(ready), audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="latencies sorted from the latest to the earliest",
    hint="Place 1 is the smallest latency. At which end of your list is it?",
)
def from_the_latest(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    words = ends.size
    places = (words - 1 - _place(percent, words) for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="negative latencies set to 0",
    hint="A recogniser that guesses the end of a word is early. Is your latency for it the same as for one that is "
    "just in time?",
)
def never_below_zero(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    return _right(ends, np.maximum(ready, ends), audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="milliseconds instead of seconds",
    hint="Times come in seconds. In which unit are your latencies?",
)
def milliseconds(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    return _right(1_000 * ends, 1_000 * ready, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="mean and maximum in place of the two percentiles",
    hint="A single late word is enough to change a mean and a maximum. Which *places* of the sorted list does the "
    "task ask for?",
)
def mean_and_maximum(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, median=np.mean(ready - ends), p95=np.max(ready - ends))


@mutant(
    task="latency_report",
    name="median and 95th percentile swapped",
    hint="Which of your two numbers is the larger one, and under which name do you return it?",
)
def exchanged(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, median=right["p95"], p95=right["median"])


@mutant(
    task="latency_report",
    name="the index p · (n − 1) / 100, rounded",
    hint="Of 8 words you take index round(0.5 · 7) = 4, which is place 5. Which index does place ⌈8/2⌉ have?",
)
def rounded_share_of_the_last_index(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    places = (round(percent * (ends.size - 1) / 100) for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="one place too far, held at the last word",
    hint="Place 1 has the index 0. Which index has place ⌈n/2⌉?",
)
def one_place_too_far(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    last = ends.size - 1
    places = (min(last, _place(percent, ends.size) + 1) for percent in (50, 95))
    return _report(ready - ends, *places, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="negative latencies left out",
    hint="A word may be ready before it ends. How many words are there, and how many do you count?",
)
def negative_left_out(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    late = ready - ends
    late = late[late >= 0] if np.any(late >= 0) else late
    return _report(late, _place(50, late.size), _place(95, late.size), audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="computing divided by the time of the last word",
    hint="There may be silence after the last word. How long is the sound?",
)
def by_the_last_word(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, real_time_factor=compute_seconds / np.max(ready))


@mutant(
    task="latency_report",
    name="latencies rounded to tenths of a second",
    hint="Two words are 0.26 and 0.34 s late. What does your report make of them?",
)
def rounded_latencies(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    late = np.round(ready - ends, 1)
    return _report(late, _place(50, late.size), _place(95, late.size), audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="three numbers without their names",
    hint="The caller looks up report['p95']. What does it find in a tuple?",
)
def without_names(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> tuple[float, ...]:
    return tuple(_right(ends, ready, audio_seconds, compute_seconds).values())


@mutant(
    task="latency_report",
    name="names of one's own in the dict",
    hint="The caller looks up 'median' and 'real_time_factor'. Under which names does it find yours?",
)
def other_names(ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float) -> dict[str, Any]:
    median, p95, factor = _right(ends, ready, audio_seconds, compute_seconds).values()
    return {"p50": median, "p95": p95, "rtf": factor}


@mutant(
    task="latency_report",
    name="moments at which words were ready taken for latencies",
    hint="A word at the end of an hour is ready after an hour. How late is it?",
)
def moments_for_latencies(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    return _right(np.zeros(ends.size), ready, audio_seconds, compute_seconds)


@mutant(
    task="latency_report",
    name="a real-time factor held at 1",
    hint="A computer that falls behind needs more than a second per second of sound. What does your report make of it?",
)
def factor_held_at_one(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    right = _right(ends, ready, audio_seconds, compute_seconds)
    return _with(right, real_time_factor=min(1.0, right["real_time_factor"]))


@mutant(
    task="latency_report",
    name="equal latencies counted once",
    hint="Six words are equally late. How many of them are left after np.unique?",
)
def equal_counted_once(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, Any]:
    late = np.unique(ready - ends)
    return _report(late, _place(50, late.size), _place(95, late.size), audio_seconds, compute_seconds)


# ---------------------------------------------------------------- 10.7 when to believe a word


@mutant(
    task="CommitPolicy",
    name="committing every word at once",
    hint="No delay at all, and nearly every word is wrong. How old is the last word when you commit it?",
)
class AtOnce:
    def update(self, words: list[tuple[float, float, str, float]], _now: float) -> int:
        return len(words)


@mutant(
    task="CommitPolicy",
    name="committing nothing before the end",
    hint="A word comes 11 s after its end on average. What does a second of delay cost, and what does an error cost?",
)
class OnlyAtTheEnd:
    def update(self, _words: list[tuple[float, float, str, float]], _now: float) -> int:
        return 0


@mutant(
    task="CommitPolicy",
    name="committing only very confident words, however long that takes",
    hint="One doubtful word holds up all words after it. For how long may it?",
)
class SureOnes(AtOnce):
    def update(self, words: list[tuple[float, float, str, float]], _now: float) -> int:
        return next((i for i, word in enumerate(words) if word[3] < 0.9), len(words))


@mutant(
    task="CommitPolicy",
    name="agreement of four hypotheses",
    hint="Agreement of four is right more often than agreement of two, but later. Which words did not need the wait?",
)
class FourInARow(AtOnce):
    def __init__(self) -> None:
        self.seen: list[list[str]] = []

    def update(self, words: list[tuple[float, float, str, float]], _now: float) -> int:
        self.seen = [*self.seen[-3:], [word for *_, word, _ in words]]
        count = 0
        while len(self.seen) == 4 and all(
            seen[count : count + 1] == self.seen[-1][count : count + 1] != [] for seen in self.seen
        ):
            count += 1
        self.seen = [seen[count:] for seen in self.seen]
        return count
