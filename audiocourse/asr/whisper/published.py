"""Whisper as a recogniser: any length of sound in, its language and its words out.

::

    sound → windows → features → encoder → which language? → prompt → decoder → sure enough? → words, joined
            windows             features                  tokens           decoding

A checkpoint with timestamps is heard window after window, each beginning where the last complete sentence ended;
one without them in windows that overlap by 30 %, joined at the words that both heard at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
import torch

from audiocourse.asr.whisper.decoding import DecoderSteps, Written, encode, token_times, write
from audiocourse.asr.whisper.features import WhisperFrontEnd, require_rate, whisper_features
from audiocourse.asr.whisper.search import believable
from audiocourse.asr.whisper.tokens import (
    SECONDS_PER_TIMESTAMP,
    WhisperTokens,
    language_probabilities,
)
from audiocourse.asr.whisper.windows import WindowWord, seam_in_time, split_at_timestamps, window_starts
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, frame, frame_level_db, pad_to_frames

IsSpeech: TypeAlias = Callable[[FloatArray, int], bool]

SHARED = 0.3  # of a window that the next one hears again
QUIET_DB = -60.0  # re full scale: a window whose loudest 25 ms stay below holds no speech


@dataclass(frozen=True)
class Trust:
    """When to believe what the decoder wrote.

    A window is written at each of ``temperatures`` in turn, until the text is `believable` by ``compression`` and
    ``log_probability``; the last try counts if none is. A window counts as silent when the probability of the no-speech
    token exceeds ``no_speech`` and the text's mean log-probability stays too low.

    Source: A. Radford et al., arXiv:2212.04356, section 4.5, with its numbers.
    """

    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression: float = 2.4
    log_probability: float = -1.0
    no_speech: float = 0.6

    def __post_init__(self) -> None:
        if not self.temperatures:
            raise AudioCourseError("Without a temperature nothing is written: give at least one, 0 for no chance.")


@dataclass(frozen=True)
class Segment:
    """A stretch of a transcript: ``start`` and ``end`` in seconds, ``text``, and how it was found.

    ``temperature`` at which it was written, ``mean_log_probability`` of its window's tokens, ``no_speech``: the
    probability of the no-speech token, 0 where the checkpoint has none.
    """

    start: float
    end: float
    text: str
    temperature: float
    mean_log_probability: float
    no_speech: float


@dataclass(frozen=True)
class Transcript:
    """What was said: ``text``, its ``language`` with the probability of every language, and its ``segments``.

    ``language`` is None and there are no probabilities where nobody speaks and no language was given.
    """

    text: str
    language: str | None
    segments: tuple[Segment, ...]
    language_probabilities: dict[str, float] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """The text's words."""
        return self.text.split()


def audible(y: FloatArray, sr: int) -> bool:
    """Tell whether anything is loud enough to be speech: any 25 ms above −60 dB re full scale.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.

    Returns
    -------
    bool
        False for silence; noise and music are audible, too, and need a detector that knows voices.

    Examples
    --------
    >>> audible(np.zeros(16000, dtype=np.float32), 16000)
    False

    Notebook: 02e_whisper
    """
    length = round(0.025 * sr)
    frames = frame(pad_to_frames(y, frame_length=length, hop_length=length), frame_length=length, hop_length=length)
    return bool(frame_level_db(frames).max() > QUIET_DB)


@dataclass(frozen=True)
class Whisper:
    """A checkpoint, ready to listen: its network, front end and special tokens, and its tokens' spelling.

    Make one with ``Whisper.of(zoo.load("whisper-mini"))``, or of any published size, ``openai/whisper-tiny`` to
    ``openai/whisper-large-v3-turbo``.
    """

    net: Any
    front: WhisperFrontEnd
    tokens: WhisperTokens
    spell: Callable[[list[int]], str]

    @classmethod
    def of(cls, loaded: Any) -> Whisper:
        """Take a model and its processor from `zoo.load`."""
        tokenizer = loaded.processor.tokenizer

        def spell(tokens: list[int]) -> str:
            text: str = tokenizer.decode(tokens, skip_special_tokens=True)
            return text.strip()

        front = WhisperFrontEnd.of(loaded.processor.feature_extractor)
        return cls(loaded.model, front, WhisperTokens.of(tokenizer, loaded.model.generation_config), spell)

    def first_scores(self, hidden: torch.Tensor) -> FloatArray:
        """Score which language is spoken, or none: the logits [shape=(tokens,)] right after <|startoftranscript|>."""
        return DecoderSteps(self.net, hidden)([self.tokens.start])


def transcribe(
    y: FloatArray,
    sr: int,
    *,
    whisper: Whisper,
    language: str | None = None,
    task: str = "transcribe",
    is_speech: IsSpeech = audible,
    trust: Trust | None = None,
    rng: np.random.Generator | None = None,
) -> Transcript:
    """Write down what is said in a recording of any length.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1]; beyond one window it is heard window by window, never cut off.
    sr : int
        Samples per second; 16 000 for every checkpoint.
    whisper : Whisper
        The checkpoint.
    language : str, optional
        Such as ``de``; if not given, the language of the first window in which somebody speaks.
    task : str
        ``transcribe``, or ``translate`` (into English) where the checkpoint can.
    is_speech : callable
        Takes a window's samples and the rate, and says whether anybody speaks; where not, no word is written.
    trust : Trust, optional
        When to believe the decoder; Whisper's own numbers if not given.
    rng : np.random.Generator, optional
        For drawing at temperatures above 0; a generator with seed 0 if not given.

    Returns
    -------
    Transcript
        Text, language and segments.

    Raises
    ------
    AudioCourseError
        If y is not mono or of another rate, or the checkpoint does not know the language or the task.

    Source: A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, arXiv:2212.04356.

    Notebook: 02e_whisper, ex01_multilingual_asr
    """
    require_rate(require_mono(y), sr, front=whisper.front)
    tokens = whisper.tokens
    tokens.prompt(next(iter(tokens.languages)) if language is None else language, task=task)  # refuse before any work
    rng = np.random.default_rng(0) if rng is None else rng
    listener = _Listener(whisper, task, is_speech, trust or Trust(), rng, language)
    hear = _by_overlap if tokens.first_timestamp is None else _by_timestamps
    segments = tuple(hear(y.astype(np.float32, copy=False), listener))
    text = " ".join(segment.text for segment in segments if segment.text)
    return Transcript(text, listener.language, segments, listener.probabilities)


@dataclass(frozen=True)
class _Heard:
    """What was written about a window, and how."""

    written: Written
    temperature: float
    no_speech: float
    hidden: torch.Tensor
    prompt: list[int]

    def segment(self, start: float, end: float, text: str) -> Segment:
        """Say where in the recording it is."""
        return Segment(start, end, text, self.temperature, self.written.mean_log_probability, self.no_speech)


@dataclass
class _Listener:
    """What stays the same from window to window; the language is known from the first window with speech on."""

    whisper: Whisper
    task: str
    is_speech: IsSpeech
    trust: Trust
    rng: np.random.Generator
    language: str | None
    probabilities: dict[str, float] = field(default_factory=dict)

    def hear(self, window: FloatArray) -> _Heard | None:
        """Write down a window [shape=(samples,)]; None where nobody speaks or nothing is written."""
        whisper = self.whisper
        sr = self.whisper.front.sr
        if not self.is_speech(window, sr):
            return None
        hidden = encode(whisper.net, whisper_features(window, sr, front=whisper.front))
        first = whisper.first_scores(hidden)
        likely = language_probabilities(first, whisper.tokens.languages)
        language = self.language or max(likely, key=likely.__getitem__)
        heard = self._believable(hidden, language, no_speech=_share(first, whisper.tokens.no_speech))
        unsure = heard.written.mean_log_probability < self.trust.log_probability
        if not whisper.spell(list(heard.written.tokens)) or (heard.no_speech > self.trust.no_speech and unsure):
            return None
        if self.language is None:
            self.language = language
            self.probabilities = likely
        return heard

    def _believable(self, hidden: torch.Tensor, language: str, *, no_speech: float) -> _Heard:
        """Write at rising temperatures until the text is no loop and the decoder is sure enough."""
        whisper = self.whisper
        trust = self.trust
        tokens = self.whisper.tokens
        prompt = tokens.prompt(language, task=self.task, timestamps=tokens.first_timestamp is not None)
        for temperature in trust.temperatures:
            written = write(whisper.net, hidden, prompt, tokens=tokens, temperature=temperature, rng=self.rng)
            text = whisper.spell(list(written.tokens))
            sure = written.log_probabilities
            if believable(text, sure, compression=trust.compression, log_probability=trust.log_probability):
                break
        return _Heard(written, temperature, no_speech, hidden, prompt)


def _share(logits: FloatArray, token: int | None) -> float:
    """Return the probability of one token among all; 0 for a token that does not exist."""
    return 0.0 if token is None else float(np.exp(logits[token] - np.logaddexp.reduce(logits)))


def _by_timestamps(y: FloatArray, listener: _Listener) -> Iterator[Segment]:
    """Hear window after window; each begins where the last complete segment ended."""
    whisper = listener.whisper
    sr = listener.whisper.front.sr
    step = SECONDS_PER_TIMESTAMP
    first = whisper.tokens.first_timestamp or 0
    seek = 0
    while seek < y.size:
        window = y[seek : seek + whisper.front.samples]
        offset = seek / sr
        heard = listener.hear(window)
        if heard is None:
            seek += whisper.front.samples
            continue
        length = round(whisper.front.seconds / step)
        parts, advance = split_at_timestamps(heard.written.tokens, first_timestamp=first, length=length)
        seek += round(advance * step * sr)
        latest = window.size / sr  # the window may be filled up with silence
        for part in parts:
            start, end = (offset + min(time * step, latest) for time in (part.start, part.end))
            yield heard.segment(start, end, whisper.spell(list(part.tokens)))


def _by_overlap(y: FloatArray, listener: _Listener) -> Iterator[Segment]:
    """Hear windows that overlap, and let each word of an overlap stand once; a segment is a window."""
    whisper = listener.whisper
    sr = listener.whisper.front.sr
    samples = listener.whisper.front.samples
    before: _Window | None = None
    for start in window_starts(y.size, window=samples, hop=round((1 - SHARED) * samples)):
        window = y[start : start + samples]
        heard = listener.hear(window)
        if heard is None:
            continue
        segment = heard.segment(start / sr, (start + window.size) / sr, "")
        now = _Window(segment, _words_of_window(heard, whisper, offset=start / sr))
        if before is not None:
            before, now = _joined(before, now)
            yield before.written
        before = now
    if before is not None:
        yield before.written


@dataclass(frozen=True)
class _Window:
    """A window, with its words and when each is said."""

    segment: Segment
    words: list[WindowWord]

    @property
    def written(self) -> Segment:
        """The segment with its text."""
        return replace(self.segment, text=" ".join(word.text for word in self.words))


def _words_of_window(heard: _Heard, whisper: Whisper, *, offset: float) -> list[WindowWord]:
    """Find when each word of a window begins: when the first of its tokens is said."""
    tokens = list(heard.written.tokens)
    times = offset + whisper.front.seconds * token_times(whisper.net, heard.hidden, heard.prompt, tokens)
    words = whisper.spell(tokens).split()
    begun = [len(whisper.spell(tokens[: n + 1]).split()) for n in range(len(tokens))]
    return [WindowWord(word, float(times[begun.index(n)])) for n, word in enumerate(words, start=1)]


def _joined(left: _Window, right: _Window) -> tuple[_Window, _Window]:
    """Share out the words of an overlap; windows with a silent one between them do not overlap."""
    if right.segment.start >= left.segment.end:
        return left, right
    middle = (right.segment.start + left.segment.end) / 2
    keep, skip = seam_in_time(left.words, right.words, middle=middle)
    return replace(left, words=left.words[:keep]), replace(right, words=right.words[skip:])
