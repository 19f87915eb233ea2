"""Recognition of a stream: words appear while someone is still speaking, each once, and none is withdrawn.

::

    chunks of any size → blocks of one step → ring buffer → recognise the last seconds → words on which two agree
                         Chunker              RingBuffer    (given)                      new_words, LocalAgreement

The recogniser itself and the detector of voice activity are given. Positions are counted in samples from the beginning
of the stream, and everything happens at the end of a step: how the samples were cut into chunks changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from audiocourse.asr.streaming.agreement import LocalAgreement, TimedWord, new_words
from audiocourse.asr.streaming.buffers import Chunker, RingBuffer
from audiocourse.asr.streaming.endpointing import Endpoint, Endpointer
from audiocourse.asr.streaming.latency import Commit, ready_times
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval
from audiocourse.require import require_mono, require_positive
from audiocourse.signal import BoolArray, FloatArray

SETTLED = 0.1  # seconds before the end of the sound: a word that ends later may not be complete


class StreamingRecogniser:
    """Recognise a stream while it arrives.

    At the end of each step: detect speech; recognise the sound since the window began; commit
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
        Largest number of samples to keep for the next hypothesis.
    frame_length : int
        Samples per decision of `is_speech`.
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
        self._recognise = recognise
        self._is_speech = is_speech
        self._clock = clock
        self._sr = sr
        self._max_window = window
        self._frame_length = frame_length
        self._endpointer = endpointer or Endpointer()
        self._agreement = agreement or LocalAgreement()
        onset = (self._endpointer.min_speech + self._endpointer.lead) * frame_length
        self._chunker = Chunker(size=step)
        self._ring = RingBuffer(size=max(window, onset) + step)
        self._speaking = False
        self._window_start = 0  # sample at which the window begins; it counts while `_speaking`
        self._last_word: TimedWord | None = None  # the last committed one
        self._flushed = False
        self._free_at = 0.0  # when the computer has finished the previous step, in seconds
        self.compute_seconds = 0.0

    @property
    def audio_seconds(self) -> float:
        """How much of the stream has been processed."""
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
            Samples per second, as given to the constructor.

        Returns
        -------
        list of Commit
            In order; each word once, and never changed.

        Raises
        ------
        AudioCourseError
            If the chunk is not a mono float signal, holds NaN, or has another rate; or if the stream was ended.
        """
        if self._flushed:
            raise AudioCourseError("The stream was ended by flush(): make a new recogniser for a new one.")
        if sr != self._sr:
            raise AudioCourseError(
                f"The stream has {self._sr} samples per second, this chunk {sr}: resample it with signal.resample."
            )
        if np.shape(chunk) == (0,):
            return []
        return [commit for block in self._chunker.feed(require_mono(chunk)) for commit in self._process(block)]

    def flush(self) -> list[Commit]:
        """End the stream and return the words that are still open."""
        if self._flushed:
            return []
        self._flushed = True
        return self._process(self._chunker.flush())

    def _process(self, block: FloatArray) -> list[Commit]:
        """Process one step, and compute when its words are ready."""
        begin = self._clock()
        words = self._step(block)
        seconds = self._clock() - begin
        self.compute_seconds += seconds
        now = self.audio_seconds
        self._free_at = float(ready_times(np.array([now]), np.array([seconds]), free=self._free_at)[0])
        return [Commit(Interval(*word), now, self._free_at) for word in words]

    def _step(self, block: FloatArray) -> list[TimedWord]:
        """Take the samples of one step and return the words that are final after it."""
        self._ring.write(block)
        words: list[TimedWord] = []
        for event, frame in self._endpoints(block):
            sample = min(frame * self._frame_length, self._ring.end)  # the last frame of a stream may lack samples
            self._speaking = event == "start"
            if self._speaking:
                self._window_start = sample
            else:
                words += self._update_hypothesis(sample, final=True)
        if self._speaking:
            words += self._update_hypothesis(self._ring.end, final=False)
            words += self._trim_window()
        return words

    def _endpoints(self, block: FloatArray) -> list[Endpoint]:
        """Detect speech in the frames of a block, and return where utterances begin and end."""
        frames = np.pad(block, (0, -block.size % self._frame_length))
        num_frames = frames.size // self._frame_length
        decisions = self._is_speech(frames) if num_frames else np.zeros(0, dtype=bool)
        if np.shape(decisions) != (num_frames,):
            raise AudioCourseError(
                f"is_speech gives {np.shape(decisions)} decisions for {num_frames} frames of {self._frame_length} "
                "samples: it must return one for each, shape (frames,)."
            )
        return self._endpointer.feed(decisions) + (self._endpointer.flush() if self._flushed else [])

    def _update_hypothesis(self, end: int, *, final: bool) -> list[TimedWord]:
        """Recognise the window up to a sample, and commit the words that are final now."""
        offset = self._window_start / self._sr
        hypothesis = self._recognise(self._ring.read(self._window_start, end))
        words = [(offset + word.start, offset + word.end, word.label) for word in hypothesis]
        until = np.inf if final else end / self._sr - SETTLED
        agreed = self._agreement.update(new_words(words, last=self._last_word), until=until)
        return self._commit(agreed + (self._agreement.flush() if final else []))

    def _trim_window(self) -> list[TimedWord]:
        """Cut a window that is too long, after committing the pending words that begin before the cut."""
        oldest = self._ring.end - self._max_window
        if self._window_start >= oldest:
            return []
        words = self._commit([word for word in self._agreement.pending if word[0] * self._sr < oldest])
        last_start = 0 if self._last_word is None else int(self._last_word[0] * self._sr)
        self._window_start = max(oldest, last_start)
        return words

    def _commit(self, words: list[TimedWord]) -> list[TimedWord]:
        """Return final words, and keep the last one: it separates new words from old ones."""
        self._last_word = words[-1] if words else self._last_word
        return words
