"""Recognition of a stream: words appear while somebody is still speaking, each once, and none is taken back.

::

    chunks of any size → blocks of one step → ring buffer → recognise the last seconds → words on which two agree
                         Chunker              RingBuffer    (given)                      new_words, LocalAgreement

The recogniser itself and the detector of voice activity are given. Positions are counted in samples from the beginning
of the stream, and everything happens at the end of a step: how the samples were cut into chunks changes nothing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from audiocourse.asr.streaming.endpointing import Endpoint, Endpointer
from audiocourse.errors import AudioCourseError
from audiocourse.signal import BoolArray, FloatArray, require_mono, require_positive
from audiocourse.sounds import Interval

TimedWord: TypeAlias = tuple[float, float, str]  # start and end in seconds of the stream, and the word

SAME_WORD = 0.1  # seconds: nobody says the same word twice with beginnings closer than this
SETTLED = 0.1  # seconds before the end of what was heard: a word that ends later may be going on


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
        If the size is no positive whole number.

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
        """Return the samples [shape=(samples,)] that wait for the rest of their block, and begin a new one."""
        waiting = self._block[: self._filled].copy()
        self._filled = 0
        return waiting


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
        If the size is no positive whole number.

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
            Any number of them, more than the buffer holds included.
        """
        self.end += chunk.size
        kept = chunk[-self._cells.size :]
        self._cells[np.arange(self.end - kept.size, self.end) % self._cells.size] = kept

    def read(self, start: int, end: int) -> FloatArray:
        """Copy a stretch of the stream.

        Parameters
        ----------
        start, end : int
            From which sample to before which, counted from the beginning of the stream.

        Returns
        -------
        np.ndarray [shape=(end - start,)]
            The samples, float32.

        Raises
        ------
        AudioCourseError
            If some of them are lost, or have not arrived.
        """
        if not self.start <= start <= end <= self.end:
            raise AudioCourseError(
                f"The samples from {start} to {end} cannot be read: the buffer holds those from {self.start} to "
                f"{self.end}, so read earlier or make it larger."
            )
        return self._cells[np.arange(start, end) % self._cells.size]


def common_prefix(first: Sequence[str], second: Sequence[str]) -> int:
    """Count the words that two lists have in common at their beginning.

    The largest k with first[i] = second[i] for all i < k.

    Parameters
    ----------
    first, second : sequence of str
        Words in order.

    Returns
    -------
    int
        k, between 0 and the length of the shorter list.

    Examples
    --------
    >>> common_prefix(["turn", "on", "the", "light"], ["turn", "on", "a", "light"])
    2

    Notebook: 02f_streaming
    """
    k = 0
    while k < min(len(first), len(second)) and first[k] == second[k]:
        k += 1
    return k


def new_words(hypothesis: Sequence[TimedWord], *, last: TimedWord | None) -> list[TimedWord]:
    """Leave out what has been committed already, although the window has moved and times tremble.

    A word is old if its middle lies before the end of the last committed word, or if it is that very word, found a
    little later: the same label, begun less than 0.1 s after it.

    Parameters
    ----------
    hypothesis : list of (start, end, word)
        What was recognised, times in seconds of the stream.
    last : (start, end, word) or None
        The last committed word; None before the first.

    Returns
    -------
    list of (start, end, word)
        The new ones, in order.

    Examples
    --------
    >>> new_words([(0.9, 1.3, "no"), (1.4, 1.8, "no")], last=(0.9, 1.25, "no"))
    [(1.4, 1.8, 'no')]

    Source: D. Macháček, R. Dabre and O. Bojar, Turning Whisper into Real-Time Transcription System, IJCNLP-AACL 2023
    (which compares the texts around the border of what is committed).

    Notebook: ex10_realtime_asr
    """
    if last is None:
        return list(hypothesis)
    last_start, last_end, last_word = last
    return [
        (start, end, word)
        for start, end, word in hypothesis
        if (start + end) / 2 >= last_end and not (word == last_word and start < last_start + SAME_WORD)
    ]


class LocalAgreement:
    """Commit the words on which n successive hypotheses agree, from the first word on.

    Of the hypotheses h₁, …, hₙ the longest common prefix is committed. The end of a hypothesis trembles, since half a
    word at the end of the sound is no word yet; what stands still while sound is added is taken as final.

    Parameters
    ----------
    n : int
        How many must agree; 1 commits every word at once.

    Raises
    ------
    AudioCourseError
        If n is no positive whole number.

    Source: D. Liu et al., Low-latency sequence-to-sequence speech recognition and translation by partial hypothesis
    selection, Interspeech 2020; D. Macháček, R. Dabre and O. Bojar, Turning Whisper into Real-Time Transcription
    System, IJCNLP-AACL 2023.

    Examples
    --------
    >>> agreement = LocalAgreement()
    >>> agreement.update([(0.0, 0.4, "turn"), (0.5, 0.6, "of")], until=1.0)
    []
    >>> agreement.update([(0.0, 0.4, "turn"), (0.5, 0.7, "off")], until=1.5)
    [(0.0, 0.4, 'turn')]
    >>> agreement.flush()
    [(0.5, 0.7, 'off')]

    Notebook: ex10_realtime_asr
    """

    def __init__(self, *, n: int = 2) -> None:
        require_positive(n=n)
        self._history: deque[list[TimedWord]] = deque(maxlen=n)  # what the last hypotheses hold beyond the commits

    def update(self, words: Sequence[TimedWord], until: float) -> list[TimedWord]:
        """Take the next hypothesis and return the words that are final now.

        Parameters
        ----------
        words : list of (start, end, word)
            The words not committed so far, see `new_words`.
        until : float
            Seconds of the stream after which nothing is certain: words that end later are not committed yet.

        Returns
        -------
        list of (start, end, word)
            The first words of the hypothesis, none to all of them.
        """
        self._history.append(list(words))
        agreed = 0
        if len(self._history) == self._history.maxlen:
            texts = [[word for *_, word in hypothesis] for hypothesis in self._history]
            agreed = min(common_prefix(texts[-1], text) for text in texts)
        agreed = next((k for k in range(agreed) if words[k][1] > until), agreed)
        for hypothesis in self._history:
            del hypothesis[:agreed]
        return list(words[:agreed])

    @property
    def pending(self) -> list[TimedWord]:
        """What the last hypothesis held beyond the committed words."""
        return list(self._history[-1]) if self._history else []

    def flush(self) -> list[TimedWord]:
        """Return the pending words, since nothing more will be heard, and forget all hypotheses."""
        left = self.pending
        self._history.clear()
        return left


def ready_times(arrived: FloatArray, computing: FloatArray, *, free: float = 0.0) -> FloatArray:
    """Say when each of several results is ready, if a computer works on one after the other.

    ready[k] = max(arrived[k], ready[k − 1]) + computing[k]: work begins when its sound is there and the computer is
    free. One that needs more time than its sound lasts falls behind, further with each step.

    Parameters
    ----------
    arrived : np.ndarray [shape=(steps,)]
        When the sound of each step was complete, in seconds, in order.
    computing : np.ndarray [shape=(steps,)]
        How long each computation takes, in seconds.
    free : float
        ready[−1]: when the computer is free for the first, in seconds.

    Returns
    -------
    np.ndarray [shape=(steps,)]
        Seconds, float64.

    Source: D. V. Lindley, The theory of queues with a single server, Mathematical Proceedings of the Cambridge
    Philosophical Society 48(2), 1952.

    Examples
    --------
    >>> ready_times(np.array([1.0, 2.0, 3.0]), np.array([0.5, 2.0, 0.5]))
    array([1.5, 4. , 4.5])

    Notebook: 02f_streaming
    """
    ready = np.empty(len(arrived))
    for k, (begin, seconds) in enumerate(zip(arrived, computing, strict=True)):
        free = max(begin, free) + seconds
        ready[k] = free
    return ready


def latency_report(
    ends: FloatArray, ready: FloatArray, *, audio_seconds: float, compute_seconds: float
) -> dict[str, float]:
    """Sum up how late words are, and how much computing they cost.

    Latency = ready − end of the word. The 95th percentile is the smallest latency that at least 95 % of the words do
    not exceed: the ⌈0.95 n⌉-th smallest of n; the median likewise with one half. The real-time factor is seconds of
    computing per second of sound: above 1, a recogniser cannot keep up.

    Parameters
    ----------
    ends : np.ndarray [shape=(words,)]
        When each word ended, in seconds of the stream.
    ready : np.ndarray [shape=(words,)]
        When it was on the screen for good.
    audio_seconds, compute_seconds : float
        How much was heard, and how long that took to compute.

    Returns
    -------
    dict of str to float
        ``median`` and ``p95`` in seconds (NaN if there are no words), ``real_time_factor``.

    Raises
    ------
    AudioCourseError
        If there are not as many ends as times, or nothing was heard.

    Examples
    --------
    >>> latency_report(np.array([1.0, 2.0]), np.array([1.5, 3.0]), audio_seconds=4.0, compute_seconds=1.0)
    {'median': 0.5, 'p95': 1.0, 'real_time_factor': 0.25}

    Notebook: ex10_realtime_asr
    """
    if np.shape(ends) != np.shape(ready):
        raise AudioCourseError(f"{np.shape(ends)} ends and {np.shape(ready)} times do not match: pass one each a word.")
    if not audio_seconds > 0:
        raise AudioCourseError("No sound was heard yet, so there is no real-time factor: feed the recogniser first.")
    late = np.sort(np.subtract(ready, ends))
    median, p95 = (float(late[-(-late.size * percent // 100) - 1]) if late.size else np.nan for percent in (50, 95))
    return {"median": median, "p95": p95, "real_time_factor": compute_seconds / audio_seconds}


@dataclass(frozen=True)
class Commit:
    """A word that will not change any more.

    latency = ready − word.end

    Parameters
    ----------
    word : Interval
        The word and its times, in seconds of the stream.
    at : float
        How many seconds of the stream had been heard when it became final.
    ready : float
        The same, and the time for computing it: when it is on the screen.

    Notebook: ex10_realtime_asr
    """

    word: Interval
    at: float
    ready: float

    @property
    def latency(self) -> float:
        """Seconds from the end of the word to its appearance."""
        return self.ready - self.word.end


class StreamingRecogniser:
    """Recognise a stream while it arrives.

    At the end of each step: find out whether somebody speaks; recognise what was said since the window began; commit
    what n hypotheses agree on. When an utterance ends, all of it is committed. The window begins where the utterance
    does; when it grows too long it is cut before the last committed word.

    Parameters
    ----------
    recognise : Callable
        Recognises samples [shape=(samples,)] at `sr`, between `endpointer.min_speech` frames and a window and a step of
        them: a list of words in order, as `Interval` with times from the first sample on.
    is_speech : Callable
        Takes whole frames, samples [shape=(frames · frame_length,)] that follow those of the call before, and returns a
        yes or no for each [shape=(frames,)].
    sr : int
        Samples per second.
    step : int
        Samples from one hypothesis to the next, a multiple of `frame_length`: short steps are quick and expensive.
    window : int
        The most samples to keep for the next hypothesis.
    frame_length : int
        Samples a decision of `is_speech`.
    endpointer : Endpointer, optional
        Where utterances begin and end; with its usual values if not given.
    agreement : LocalAgreement, optional
        What is final; of two hypotheses if not given.
    clock : Callable
        Gives the time in seconds.

    Raises
    ------
    AudioCourseError
        If a number is impossible, or they do not fit together.

    Source: D. Macháček, R. Dabre and O. Bojar, Turning Whisper into Real-Time Transcription System, IJCNLP-AACL 2023.

    Notebook: 02f_streaming
    """

    def __init__(
        self,
        recognise: Callable[[FloatArray], list[Interval]],
        is_speech: Callable[[FloatArray], BoolArray],
        *,
        sr: int = 16_000,
        step: int = 4_800,
        window: int = 128_000,
        frame_length: int = 320,
        endpointer: Endpointer | None = None,
        agreement: LocalAgreement | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        require_positive(sr=sr, step=step, window=window, frame_length=frame_length)
        if step % frame_length or window < step:
            raise AudioCourseError(
                f"A step of {step} samples does not fit frames of {frame_length} and a window of {window}: it must be "
                "a multiple of the first and at most the second."
            )
        self._recognise, self._is_speech, self._clock = recognise, is_speech, clock
        self._sr, self._window, self._frame_length = sr, window, frame_length
        self._endpointer = endpointer or Endpointer()
        self._agreement = agreement or LocalAgreement()
        begun = (self._endpointer.min_speech + self._endpointer.lead) * frame_length
        self._chunker, self._ring = Chunker(size=step), RingBuffer(size=max(window, begun) + step)
        self._first: int | None = None  # where the window begins while somebody speaks
        self._last: TimedWord | None = None
        self._ended = False
        self._free = 0.0  # when the computer is through with the last step
        self.compute_seconds = 0.0

    @property
    def audio_seconds(self) -> float:
        """How much of the stream was looked at."""
        return self._ring.end / self._sr

    @property
    def pending(self) -> list[Interval]:
        """The words of the last hypothesis that may still change."""
        return [Interval(*word) for word in self._agreement.pending]

    def feed(self, chunk: FloatArray, sr: int) -> list[Commit]:
        """Take the next samples and return the words that have become final.

        Parameters
        ----------
        chunk : np.ndarray [shape=(samples,)]
            Mono, in [-1, 1]; any number of samples, 0 included.
        sr : int
            Samples per second, as said at the beginning.

        Returns
        -------
        list of Commit
            In order; each word once, and never changed.

        Raises
        ------
        AudioCourseError
            If the chunk is no mono float signal, holds NaN, or has another rate; or if the stream was ended.
        """
        if self._ended:
            raise AudioCourseError("The stream was ended by flush(): make a new recogniser for a new one.")
        if sr != self._sr:
            raise AudioCourseError(
                f"The stream has {self._sr} samples a second, this chunk {sr}: resample it with signal.resample first."
            )
        if np.shape(chunk) == (0,):
            return []
        return [commit for block in self._chunker.feed(require_mono(chunk)) for commit in self._timed(block)]

    def flush(self) -> list[Commit]:
        """End the stream and return the words that are still open."""
        if self._ended:
            return []
        self._ended = True
        return self._timed(self._chunker.flush())

    def _timed(self, block: FloatArray) -> list[Commit]:
        """Handle one step, and say when its words are ready."""
        begun = self._clock()
        words = self._step(block)
        seconds = self._clock() - begun
        self.compute_seconds += seconds
        now = self.audio_seconds
        self._free = float(ready_times(np.array([now]), np.array([seconds]), free=self._free)[0])
        return [Commit(Interval(*word), now, self._free) for word in words]

    def _step(self, block: FloatArray) -> list[TimedWord]:
        self._ring.write(block)
        words: list[TimedWord] = []
        for what, frame in self._endpoints(block):
            sample = min(frame * self._frame_length, self._ring.end)  # the last frame of a stream may lack samples
            if what == "end":
                words += self._hypothesis(sample, final=True)
            self._first = sample if what == "start" else None
        if self._first is not None:
            words += self._hypothesis(self._ring.end, final=False)
            words += self._shortened()
        return words

    def _endpoints(self, block: FloatArray) -> list[Endpoint]:
        frames = np.pad(block, (0, -block.size % self._frame_length))
        count = frames.size // self._frame_length
        decisions = self._is_speech(frames) if count else np.zeros(0, dtype=bool)
        if np.shape(decisions) != (count,):
            raise AudioCourseError(
                f"is_speech gives {np.shape(decisions)} decisions for {count} frames of {self._frame_length} samples: "
                "it must return one for each, shape (frames,)."
            )
        return self._endpointer.feed(decisions) + (self._endpointer.flush() if self._ended else [])

    def _hypothesis(self, end: int, *, final: bool) -> list[TimedWord]:
        """Recognise the window, which ends before a sample, and return the words that are final now."""
        assert self._first is not None  # noqa: S101 (asked for while somebody speaks)
        offset = self._first / self._sr
        heard = self._recognise(self._ring.read(self._first, end))
        words = [(offset + word.start, offset + word.end, word.label) for word in heard]
        until = np.inf if final else end / self._sr - SETTLED
        agreed = self._agreement.update(new_words(words, last=self._last), until=until)
        return self._remembered(agreed + (self._agreement.flush() if final else []))

    def _shortened(self) -> list[TimedWord]:
        """Move a window that is too long; return the words that must be final because they begin before it."""
        oldest = self._ring.end - self._window
        if self._first is None or self._first >= oldest:
            return []
        left = self._remembered([word for word in self._agreement.pending if word[0] * self._sr < oldest])
        last = 0 if self._last is None else int(self._last[0] * self._sr)
        self._first = max(oldest, last)
        return left

    def _remembered(self, words: list[TimedWord]) -> list[TimedWord]:
        self._last = words[-1] if words else self._last
        return words
