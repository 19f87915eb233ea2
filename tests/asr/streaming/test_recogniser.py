"""Streaming recognition: however a stream is cut, each word comes once, in order, soon, in bounded memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocourse.asr.streaming.agreement import LocalAgreement
from audiocourse.asr.streaming.endpointing import Endpointer
from audiocourse.asr.streaming.latency import Commit
from audiocourse.asr.streaming.recogniser import StreamingRecogniser
from audiocourse.intervals import Interval

SR, FRAME, STEP, WINDOW = 1_000, 20, 400, 3_000
LONGEST = 2**20  # samples of a made stream: their number is the value of a sample


def stream(samples: int) -> np.ndarray:
    """A stream in which every sample says where it is: float32 has 24 bits for it."""
    return (np.arange(samples) / LONGEST).astype(np.float32)


def where(y: np.ndarray) -> int:
    return round(float(y[0]) * LONGEST)


class Oracle:
    """A recogniser that knows the words of a made stream, and still errs as real ones do.

    It hears a word cut at an edge of what it is given as a part of that word, changes its mind with each call about a
    word that has just ended, and its times tremble by up to 30 ms.
    """

    def __init__(self, words: Sequence[Interval], *, unsure: float = 0.0, tremble: bool = False) -> None:
        self.words, self.unsure, self.tremble, self.calls = words, unsure, tremble, 0

    def recognise(self, y: np.ndarray) -> list[Interval]:
        self.calls += 1
        start = where(y) / SR
        end = start + y.size / SR
        heard = [self.heard(word, start, end) for word in self.words if word.start < end and start < word.end]
        return [Interval(max(0, one.start - start), max(0, one.end - start), one.label) for one in heard]

    def heard(self, word: Interval, start: float, end: float) -> Interval:
        if word.start < start:
            return Interval(start, word.end, word.label[1:])
        if word.end > end:
            return Interval(word.start, end, word.label[:1])
        label = f"{word.label}{self.calls}" if word.end > end - self.unsure else word.label
        off = 0.03 * np.sin(self.calls + word.start) if self.tremble else 0.0
        return Interval(word.start + off if word.start > 0.1 else word.start, min(end, word.end + off), label)

    def is_speech(self, y: np.ndarray) -> np.ndarray:
        """Whether a word lies over the frame."""
        begins = (where(y) + np.arange(0, y.size, FRAME)) / SR
        return np.array([any(word.start < t + FRAME / SR and t < word.end for word in self.words) for t in begins])


def recogniser(oracle: Oracle, *, window: int = WINDOW, n: int = 2, frames: int = 25) -> StreamingRecogniser:
    return StreamingRecogniser(
        oracle.recognise,
        oracle.is_speech,
        sr=SR,
        step=STEP,
        window=window,
        frame_length=FRAME,
        endpointer=Endpointer(min_speech=3, hangover=frames, lead=10),
        agreement=LocalAgreement(n=n),
        clock=lambda: 0.0,
    )


def run(oracle: Oracle, y: np.ndarray, sizes: Sequence[int], **options: int) -> list[Commit]:
    one, commits, start = recogniser(oracle, **options), [], 0
    for size in cycle(sizes):
        commits += one.feed(y[start : start + size], SR)
        start += size
        if start >= y.size:
            return commits + one.flush()
    raise AssertionError("no chunks")


def texts(commits: Sequence[Commit]) -> list[str]:
    return [commit.word.label for commit in commits]


@st.composite
def spoken(draw: st.DrawFn) -> tuple[list[Interval], np.ndarray]:
    """Words of 0.15 to 1.2 s, some of them the same as the one before, with pauses up to 1.5 s, then silence."""
    words, now = [], draw(st.sampled_from([0.0, 0.4, 2.0]))
    for _ in range(draw(st.integers(0, 14))):
        end = now + draw(st.sampled_from([0.15, 0.2, 0.4, 0.7, 1.2]))
        words.append(Interval(round(now, 3), round(end, 3), draw(st.sampled_from(["no", "yes", "well", "a"]))))
        now = end + draw(st.sampled_from([0.05, 0.05, 0.1, 0.3, 0.9, 1.5]))
    return words, stream(round((now + draw(st.sampled_from([0.5, 0.77, 2.0]))) * SR))


CHUNKS = st.lists(st.integers(1, 10 * SR), min_size=1, max_size=5)


@given(made=spoken(), sizes=CHUNKS, unsure=st.sampled_from([0.0, 0.05, 0.4]), tremble=st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_chunking_commits_every_word_once_and_in_order(
    made: tuple[list[Interval], np.ndarray], sizes: list[int], unsure: float, tremble: bool
) -> None:
    words, y = made
    commits = run(Oracle(words, unsure=unsure, tremble=tremble), y, sizes)
    assert texts(commits) == [word.label for word in words]
    for commit, word in zip(commits, words, strict=True):
        assert abs(commit.word.start - word.start) <= 0.031  # as much as the oracle trembles
    assert [commit.audio_time for commit in commits] == sorted(commit.audio_time for commit in commits)


@given(made=spoken(), sizes=CHUNKS, n=st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_chunks_change_nothing_not_even_the_last_bit(
    made: tuple[list[Interval], np.ndarray], sizes: list[int], n: int
) -> None:
    words, y = made
    whole = run(Oracle(words, unsure=0.3, tremble=True), y, [y.size], n=n)
    assert run(Oracle(words, unsure=0.3, tremble=True), y, sizes, n=n) == whole


def test_sample_by_sample_is_as_good_as_all_at_once() -> None:
    words = [Interval(0.1 + 0.5 * k, 0.45 + 0.5 * k, f"w{k}") for k in range(20)]
    y = stream(12 * SR)
    assert run(Oracle(words), y, [1]) == run(Oracle(words), y, [10 * SR])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_more_agreement_is_later(n: int) -> None:
    words = [Interval(0.1 + 0.5 * k, 0.45 + 0.5 * k, f"w{k}") for k in range(20)]
    commits = run(Oracle(words), stream(12 * SR), [STEP], n=n)
    assert len(commits) == 20
    late = [commit.latency for commit in commits[:-3]]  # the last ones are committed by the end of the utterance
    assert (n - 1) * STEP / SR <= min(late)
    assert max(late) <= n * STEP / SR + 0.1 + 1e-9  # 0.1 s before the end of the sound nothing is certain


def test_flush_emits_the_tail() -> None:
    """One short word, cut off by the end of the stream before any hypothesis could agree with another."""
    words = [Interval(0.05, 0.3, "help")]
    one = recogniser(Oracle(words))
    assert one.feed(stream(310), SR) == []
    assert texts(one.flush()) == ["help"]
    assert one.flush() == []


def test_a_word_cut_by_the_end_of_the_stream_is_given_as_heard() -> None:
    assert texts(run(Oracle([Interval(0.1, 0.9, "help")]), stream(700), [100])) == ["h"]


def test_speech_that_has_ended_is_committed_without_waiting_for_more() -> None:
    one = recogniser(Oracle([Interval(0.1, 0.5, "stop")]), n=3)
    commits = [commit for chunk in np.split(stream(4 * SR), 20) for commit in one.feed(chunk, SR)]
    assert texts(commits) == ["stop"]
    assert commits[0].audio_time == 1.2  # 25 frames of silence end at 1.0 s, the step after that at 1.2 s


def test_words_of_two_utterances_in_one_step_keep_apart() -> None:
    words = [Interval(0.1, 0.9, "one"), Interval(1.25, 1.5, "two")]
    oracle = Oracle(words)
    one = recogniser(oracle, frames=5)
    assert texts(one.feed(stream(1_600), SR) + one.flush()) == ["one", "two"]


def test_silence_and_noise_give_no_words_and_ask_no_recogniser() -> None:
    def never(_: np.ndarray) -> list[Interval]:
        raise AssertionError("asked to recognise silence")

    one = StreamingRecogniser(never, lambda y: np.zeros(y.size // 320, dtype=bool))
    assert one.feed(np.random.default_rng(1).normal(0, 0.1, 100_000).astype(np.float32), 16_000) == []
    assert one.flush() == []


def test_a_recogniser_that_never_agrees_with_itself_is_cut_short_and_says_nothing_twice() -> None:
    """It speaks without a pause, and no word is ever the same: each must be committed when its sound leaves."""
    words = [Interval(0.5 * k, 0.5 * k + 0.5, f"w{k} ") for k in range(40)]
    oracle = Oracle(words, unsure=1e9)
    sizes = []
    one = StreamingRecogniser(
        lambda y: (sizes.append(y.size), oracle.recognise(y))[1],
        oracle.is_speech,
        sr=SR,
        step=STEP,
        window=WINDOW,
        frame_length=FRAME,
    )
    commits = one.feed(stream(20 * SR), SR) + one.flush()
    assert [text.split(" ")[0] for text in texts(commits)] == [f"w{k}" for k in range(40)]
    assert max(sizes) <= WINDOW + STEP


def test_a_window_that_was_cut_is_short_again() -> None:
    """It begins anew at the last committed word, not a window's length back: recognising costs as long as it is."""
    oracle, sizes = Oracle([Interval(0.5 * k, 0.5 * k + 0.5, f"w{k} ") for k in range(40)]), []
    one = recogniser(oracle)
    one._recognise = lambda y: (sizes.append(y.size), oracle.recognise(y))[1]
    one.feed(stream(20 * SR), SR)
    assert max(sizes) <= WINDOW + STEP
    assert np.mean(sizes[10:]) < 0.85 * WINDOW  # a window that only slides would have all of it, each time


def test_pending_words_are_those_that_may_change() -> None:
    one = recogniser(Oracle([Interval(0.0, 0.2, "so"), Interval(0.25, 0.7, "what")]))
    one.feed(stream(400), SR)
    assert [word.label for word in one.pending] == ["so", "w"]
    assert texts(one.feed(stream(800)[400:], SR)) == ["so"]
    assert [word.label for word in one.pending] == ["what"]


def test_memory_is_flat_over_an_hour() -> None:
    """A clip of four seconds, two of them loud, again and again: 900 utterances of one word."""
    rng = np.random.default_rng(3)
    clip = np.concatenate([rng.normal(0, 0.1, 32_000), np.zeros(32_000)]).astype(np.float32)
    one = StreamingRecogniser(
        lambda y: [Interval(0.5, 1.0, "word")] if y.size > 20_000 else [],
        lambda y: np.abs(y.reshape(-1, 320)).max(axis=1) > 0.05,
        step=16_000,
    )
    minute, words, held = np.tile(clip, 15), 0, []
    tracemalloc.start()
    for _ in range(60):
        words += len(one.feed(minute, 16_000))
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert words in (899, 900)  # the last one may wait for the end of its utterance
    assert max(held[1:]) - held[0] < 20_000, held  # bytes; a second of sound has 64 000


@pytest.mark.parametrize(
    ("chunk", "sr", "word"),
    [
        (np.zeros((2, 100), np.float32), 16_000, "2 channels"),
        (np.full(100, np.nan, np.float32), 16_000, "NaN"),
        (np.zeros(100, np.int16), 16_000, "int16"),
        (np.zeros(100, np.float32), 8_000, "The stream has 16000 samples per second, this chunk 8000"),
        ([0.0, 0.1], 16_000, "not a NumPy array"),
    ],
)
def test_what_is_no_sound_of_this_stream_is_refused(chunk: np.ndarray, sr: int, word: str, refuses) -> None:  # type: ignore[no-untyped-def]
    one = StreamingRecogniser(lambda _: [], lambda y: np.ones(y.size // 320, dtype=bool))
    with refuses(word):
        one.feed(chunk, sr)


def test_a_chunk_of_length_0_and_an_empty_stream_are_nothing() -> None:
    one = recogniser(Oracle([]))
    assert one.feed(np.zeros(0, np.float32), SR) == []
    assert one.audio_seconds == 0
    assert one.flush() == []


def test_after_the_end_there_is_no_more(refuses) -> None:  # type: ignore[no-untyped-def]
    one = recogniser(Oracle([]))
    one.flush()
    with refuses("ended by flush()"):
        one.feed(stream(10), SR)


@pytest.mark.parametrize("bad", [{"step": 300, "frame_length": 200}, {"step": 400, "window": 399}, {"step": 0}])
def test_sizes_that_do_not_fit_are_refused(bad: dict[str, int], refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses("step"):
        StreamingRecogniser(lambda _: [], lambda _: np.zeros(0, dtype=bool), **{"sr": SR, "frame_length": 20, **bad})


def test_a_detector_with_too_few_decisions_is_refused(refuses) -> None:  # type: ignore[no-untyped-def]
    one = StreamingRecogniser(lambda _: [], lambda _: np.zeros(3, dtype=bool))
    with refuses("is_speech gives (3,) decisions for 15 frames"):
        one.feed(np.zeros(4_800, np.float32), 16_000)


def test_a_word_is_ready_when_the_computer_has_done_all_before_it() -> None:
    ticks = iter(np.cumsum([0.0, 0.9, 0.0, 0.1, 0.0, 0.1, 0.0, 0.1]))  # the first step takes 0.9 s, the others 0.1 s
    oracle = Oracle([Interval(0.0, 0.3, "so")])
    one = StreamingRecogniser(
        oracle.recognise, oracle.is_speech, sr=SR, step=STEP, frame_length=FRAME, clock=lambda: float(next(ticks))
    )
    (commit,) = one.feed(stream(800), SR)
    assert commit.audio_time == 0.8
    assert commit.ready == pytest.approx(1.4)  # the first step was done at 0.4 + 0.9 s
    assert commit.latency == pytest.approx(1.1)
    assert one.compute_seconds / one.audio_seconds == pytest.approx(1.0 / 0.8)
