"""Right answers to exercise 10 in other styles than the solution: queues, lists, regular expressions, counting back."""

from __future__ import annotations

import math
import re
from collections import deque
from itertools import takewhile

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Word = tuple[float, float, str]
Event = tuple[str, int]


# ---------------------------------------------------------------- 10.1 blocks out of chunks


class SampleBySample:
    def __init__(self, size: int) -> None:
        self.size, self.block = size, []

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        blocks = []
        for sample in chunk.tolist():
            self.block.append(sample)
            if len(self.block) == self.size:
                blocks.append(self.flush())
        return blocks

    def flush(self) -> np.ndarray:
        block, self.block = self.block, []
        return np.array(block, dtype=np.float32)


@alternative(task="Chunker")
def sample_by_sample(*, size: int) -> SampleBySample:
    return SampleBySample(size)


class SplitAtBorders:
    """Cut where the position in the stream is a multiple of the size."""

    def __init__(self, size: int) -> None:
        self.size, self.heard, self.rest = size, 0, np.zeros(0, dtype=np.float32)

    def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
        first = self.heard - self.rest.size
        self.heard += chunk.size
        borders = np.arange(first + self.size, self.heard + 1, self.size) - first
        *blocks, self.rest = np.split(np.concatenate([self.rest, chunk]), borders)
        return blocks

    def flush(self) -> np.ndarray:
        rest, self.rest = self.rest, self.rest[:0]
        self.heard = 0
        return rest


@alternative(task="Chunker")
def split_at_borders(*, size: int) -> SplitAtBorders:
    return SplitAtBorders(size)


# ---------------------------------------------------------------- 10.2 the ring buffer


class LongDeque:
    """A deque as long as the ring: slow, and right."""

    def __init__(self, size: int) -> None:
        self.kept: deque[float] = deque(maxlen=size)
        self.end = 0

    def write(self, chunk: np.ndarray) -> None:
        self.kept.extend(chunk.tolist())
        self.end += len(chunk)

    def read(self, start: int, end: int) -> np.ndarray:
        oldest = self.end - len(self.kept)
        if start < oldest or end > self.end:
            raise LookupError("lost, or not here yet")
        return np.array(list(self.kept)[start - oldest : end - oldest], dtype=np.float32)


@alternative(task="RingBuffer")
def long_deque(*, size: int) -> LongDeque:
    return LongDeque(size)


class TwoSlices:
    """Write and read in at most two slices, one on each side of the corner."""

    def __init__(self, size: int) -> None:
        self.cells, self.written = np.zeros(size, dtype=np.float32), 0

    def write(self, chunk: np.ndarray) -> None:
        size = self.cells.size
        skipped = max(0, chunk.size - size)
        at, kept = (self.written + skipped) % size, chunk[skipped:]
        before = kept[: size - at]
        self.cells[at : at + before.size] = before
        self.cells[: kept.size - before.size] = kept[before.size :]
        self.written += chunk.size

    def read(self, start: int, end: int) -> np.ndarray:
        size = self.cells.size
        assert self.written - size <= start, "written over"
        assert start >= 0, "before the beginning"
        assert end <= self.written, "not here yet"
        at = start % size
        twice = np.concatenate([self.cells[at:], self.cells[:at]])
        return twice[: end - start]


@alternative(task="RingBuffer")
def two_slices(*, size: int) -> TwoSlices:
    return TwoSlices(size)


# ---------------------------------------------------------------- 10.3 what is new?


@alternative(task="new_words")
def with_a_filter(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    def old(word: Word) -> bool:
        assert last is not None
        middle = word[0] + (word[1] - word[0]) / 2
        return middle < last[1] or (word[2] == last[2] and word[0] - last[0] < 0.1)

    return [word for word in hypothesis if last is None or not old(word)]


@alternative(task="new_words")
def in_columns(hypothesis: list[Word], *, last: Word | None) -> list[Word]:
    if last is None or not hypothesis:
        return list(hypothesis)
    starts, ends = np.array([[start, end] for start, end, _ in hypothesis]).T
    same = np.array([word == last[2] for *_, word in hypothesis])
    old = (starts + ends < 2 * last[1]) | (same & (starts < last[0] + 0.1))
    return [hypothesis[i] for i in np.flatnonzero(~old)]


# ---------------------------------------------------------------- 10.4 local agreement


class WithTakewhile:
    def __init__(self) -> None:
        self.before: list[str] = []
        self.words: list[Word] = []

    def update(self, words: list[Word], until: float) -> list[Word]:
        pairs = zip(words, self.before, strict=False)
        agreed = [mine for mine, _ in takewhile(lambda pair: pair[0][2] == pair[1] and pair[0][1] <= until, pairs)]
        self.words = words[len(agreed) :]
        self.before = [word for *_, word in self.words]
        return agreed

    def flush(self) -> list[Word]:
        left, self.words, self.before = self.words, [], []
        return left


@alternative(task="LocalAgreement")
def with_takewhile() -> WithTakewhile:
    return WithTakewhile()


class LongestThatFits:
    """Try all beginnings, the longest first."""

    def __init__(self) -> None:
        self.rest: list[Word] = []

    def update(self, words: list[Word], until: float) -> list[Word]:
        def agrees(k: int) -> bool:
            same = [w[2] for w in words[:k]] == [w[2] for w in self.rest[:k]]
            return same and len(self.rest) >= k and all(w[1] <= until for w in words[:k])

        k = max(k for k in range(len(words) + 1) if agrees(k))
        agreed, self.rest = words[:k], words[k:]
        return agreed

    def flush(self) -> list[Word]:
        left, self.rest = list(self.rest), []
        return left


@alternative(task="LocalAgreement")
def longest_that_fits() -> LongestThatFits:
    return LongestThatFits()


# ---------------------------------------------------------------- 10.5 endpointing


class LooksBack:
    """Keep all decisions as text, and look at the last ones."""

    def __init__(self, min_speech: int, hangover: int, lead: int) -> None:
        self.text, self.since, self.last, self.open = "", 0, 0, False
        self.min_speech, self.hangover, self.lead = min_speech, hangover, lead

    def feed(self, decisions: np.ndarray) -> list[Event]:
        events: list[Event] = []
        for yes in decisions:
            self.text += "#" if yes else "."
            recent = self.text[self.since :]
            if self.open and re.search(rf"\.{{{self.hangover}}}$", recent):
                events += self.flush()
            elif not self.open and re.search(rf"#{{{self.min_speech}}}$", recent):
                events.append(("start", max(self.last, len(self.text) - self.min_speech - self.lead)))
                self.open, self.since = True, len(self.text)
        return events

    def flush(self) -> list[Event]:
        events: list[Event] = [("end", len(self.text))] if self.open else []
        if self.open:
            self.open, self.since, self.last = False, len(self.text), len(self.text)
        return events


@alternative(task="Endpointer")
def looks_back(*, min_speech: int, hangover: int, lead: int) -> LooksBack:
    return LooksBack(min_speech, hangover, lead)


class TwoCounters:
    """How many frames ago the last yes and the last no were."""

    def __init__(self, min_speech: int, hangover: int, lead: int) -> None:
        self.limits, self.lead = (min_speech, hangover), lead
        self.now, self.last_yes, self.last_no, self.ended, self.active = -1, -1, -1, 0, False

    def feed(self, decisions: np.ndarray) -> list[Event]:
        events: list[Event] = []
        for yes in decisions.tolist():
            self.now += 1
            if yes:
                self.last_yes = self.now
            else:
                self.last_no = self.now
            if not self.active and self.now - self.last_no == self.limits[0]:
                self.active, self.last_yes = True, self.now
                events.append(("start", max(self.ended, self.last_no + 1 - self.lead)))
            elif self.active and self.now - self.last_yes == self.limits[1]:
                events += self.flush()
        return events

    def flush(self) -> list[Event]:
        if not self.active:
            return []
        self.active, self.ended, self.last_no = False, self.now + 1, self.now
        return [("end", self.ended)]


@alternative(task="Endpointer")
def two_counters(*, min_speech: int, hangover: int, lead: int) -> TwoCounters:
    return TwoCounters(min_speech, hangover, lead)


# ---------------------------------------------------------------- 10.6 the latency report


@alternative(task="latency_report")
def by_definition(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, float]:
    late = (ready - ends).tolist()

    def percentile(percent: int) -> float:
        """The smallest latency that enough words do not exceed."""
        return min(x for x in late if 100 * sum(other <= x for other in late) >= percent * len(late))

    return {"median": percentile(50), "p95": percentile(95), "real_time_factor": compute_seconds / audio_seconds}


@alternative(task="latency_report")
def by_counting(
    ends: np.ndarray, ready: np.ndarray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, float]:
    late = sorted(float(r) - float(e) for e, r in zip(ends, ready, strict=True))
    report = {name: late[math.ceil(len(late) * p / 100) - 1] for name, p in (("median", 50), ("p95", 95))}
    return {**report, "real_time_factor": compute_seconds / audio_seconds}


# ---------------------------------------------------------------- 10.7 when to believe a word


class TwoThresholds:
    """Agreement of two with a sum of confidences, one very sure hypothesis, or two seconds of patience."""

    def __init__(self) -> None:
        self.before: list[tuple[str, float]] = []

    def update(self, words: list[tuple[float, float, str, float]], now: float) -> int:
        count = 0
        while count < len(words) and self.final(count, words[count], now):
            count += 1
        self.before = [(word, sure) for _, _, word, sure in words[count:]]
        return count

    def final(self, i: int, word: tuple[float, float, str, float], now: float) -> bool:
        age, sure = now - word[1], word[3]
        again = i < len(self.before) and self.before[i][0] == word[2]
        agreed = again and sure + self.before[i][1] > 1.4
        return age > 0.1 and (agreed or sure > 0.86 or age > 1.9)


@alternative(task="CommitPolicy")
def two_thresholds() -> TwoThresholds:
    return TwoThresholds()
