"""Whisper as a recogniser: any length of sound in, its language and its words out.

::

    sound → windows → features → encoder  → language → prompt → decoder  → sure enough? → words, joined
            windows   features   decoding   tokens     tokens   decoding   search         windows

With a checkpoint that has timestamps, each window begins where the last complete segment ended. Without timestamps,
windows overlap by 30 %, and are joined at the words that both have at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
import torch

from audiocourse.asr.whisper.decoding import DecoderSteps, DecodingResult, decode, encode, token_times
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

OVERLAP = 0.3  # of a window, with the next one
QUIET_DB = -60.0  # re full scale: a window whose loudest 25 ms stay below holds no speech


@dataclass(frozen=True)
class FallbackThresholds:
    """When to accept what the decoder wrote; names and numbers are those of the published recogniser.

    A window is decoded at each of ``temperatures`` in turn, until the text is `believable` by
    ``compression_ratio_threshold`` and ``logprob_threshold``; if none is, the last text counts. A window counts as
    silent, and no further temperature is tried, when the probability of the no-speech token exceeds
    ``no_speech_threshold`` and the text's mean log-probability is below ``logprob_threshold``.

    Source: A. Radford et al., arXiv:2212.04356, section 4.5.
    """

    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression_ratio_threshold: float = 2.4
    logprob_threshold: float = -1.0
    no_speech_threshold: float = 0.6

    def __post_init__(self) -> None:
        if not self.temperatures:
            raise AudioCourseError("There is no temperature to decode at: pass at least one, 0 for greedy decoding.")


@dataclass(frozen=True)
class Segment:
    """A part of a transcript: ``start`` and ``end`` in seconds, ``text``, and how it was decoded.

    ``temperature`` of the decoder, ``mean_log_probability`` of its window's tokens, ``no_speech_probability`` of the
    no-speech token, 0 where the checkpoint has none.
    """

    start: float
    end: float
    text: str
    temperature: float
    mean_log_probability: float
    no_speech_probability: float


@dataclass(frozen=True)
class Transcript:
    """The result: ``text``, its ``language`` with the probability of every language, and its ``segments``.

    ``language`` is None and there are no probabilities where no one speaks and no language was given.
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
    """Tell whether any 25 ms are loud enough to be speech: above −60 dB re full scale.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.

    Returns
    -------
    bool
        False for silence. Noise and music are audible, too; to reject them, pass a voice activity detector.

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
    """A checkpoint, ready for use: its network, front end and special tokens, and how tokens become text.

    Create one with ``Whisper.of(zoo.load("whisper-mini"))``, or of any published size, ``openai/whisper-tiny`` to
    ``openai/whisper-large-v3-turbo``.
    """

    model: Any
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

    def first_scores(self, encoder_output: torch.Tensor) -> FloatArray:
        """Score each language, and no speech: the logits [shape=(vocabulary,)] right after <|startoftranscript|>."""
        return DecoderSteps(self.model, encoder_output)([self.tokens.start])


def transcribe(
    y: FloatArray,
    sr: int,
    *,
    whisper: Whisper,
    language: str | None = None,
    task: str = "transcribe",
    is_speech: IsSpeech = audible,
    thresholds: FallbackThresholds | None = None,
    rng: np.random.Generator | None = None,
) -> Transcript:
    """Transcribe a recording of any length.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1]; longer than a window it is decoded window by window, never cut off.
    sr : int
        Samples per second; 16 000 for every checkpoint.
    whisper : Whisper
        The checkpoint.
    language : str, optional
        Such as ``de``; if not given, the language of the first window with speech.
    task : str
        ``transcribe``, or ``translate`` (into English) where the checkpoint can.
    is_speech : callable
        Takes a window's samples and the rate, and returns whether there is speech; without speech, no word is written.
    thresholds : FallbackThresholds, optional
        When to accept what the decoder wrote; the published numbers if not given.
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
    decoder = _WindowDecoder(whisper, task, is_speech, thresholds or FallbackThresholds(), rng, language)
    segments_of = _by_overlap if tokens.first_timestamp is None else _by_timestamps
    segments = tuple(segments_of(y.astype(np.float32, copy=False), decoder))
    text = " ".join(segment.text for segment in segments if segment.text)
    return Transcript(text, decoder.language, segments, decoder.probabilities)


@dataclass(frozen=True)
class _DecodedWindow:
    """What was written about a window, at which temperature, and the encoder output and prompt that led to it."""

    decoded: DecodingResult
    temperature: float
    no_speech_probability: float
    encoder_output: torch.Tensor
    prompt: list[int]

    def segment(self, start: float, end: float, text: str) -> Segment:
        """Make a segment of the recording, from ``start`` to ``end`` in seconds."""
        mean = self.decoded.mean_log_probability
        return Segment(start, end, text, self.temperature, mean, self.no_speech_probability)


@dataclass
class _WindowDecoder:
    """What stays the same from window to window; the language is that of the first window with speech."""

    whisper: Whisper
    task: str
    is_speech: IsSpeech
    thresholds: FallbackThresholds
    rng: np.random.Generator
    language: str | None
    probabilities: dict[str, float] = field(default_factory=dict)

    def decode(self, window: FloatArray) -> _DecodedWindow | None:
        """Decode a window [shape=(samples,)]; None without speech or without text."""
        whisper = self.whisper
        sr = self.whisper.front.sr
        if not self.is_speech(window, sr):
            return None

        # 1. the encoder, once
        encoder_output = encode(whisper.model, whisper_features(window, sr, front=whisper.front))

        # 2. the language and the probability of no speech, from the logits right after the start
        logits = whisper.first_scores(encoder_output)
        likely = language_probabilities(logits, whisper.tokens.languages)
        language = self.language or max(likely, key=likely.__getitem__)
        no_speech = _probability(logits, whisper.tokens.no_speech)

        # 3. the text, at the first temperature that passes
        result = self._decode_with_fallback(encoder_output, language, no_speech_probability=no_speech)
        if result is None or not whisper.spell(list(result.decoded.tokens)):
            return None
        if self.language is None:
            self.language = language
            self.probabilities = likely
        return result

    def _decode_with_fallback(
        self, encoder_output: torch.Tensor, language: str, *, no_speech_probability: float
    ) -> _DecodedWindow | None:
        """Decode at rising temperatures until the text is not a loop and the decoder is sure; None in silence."""
        whisper = self.whisper
        tokens = self.whisper.tokens
        thresholds = self.thresholds
        prompt = tokens.prompt(language, task=self.task, timestamps=tokens.first_timestamp is not None)
        for temperature in thresholds.temperatures:
            decoded = decode(
                whisper.model, encoder_output, prompt, tokens=tokens, temperature=temperature, rng=self.rng
            )
            unsure = decoded.mean_log_probability < thresholds.logprob_threshold
            if no_speech_probability > thresholds.no_speech_threshold and unsure:
                return None
            if believable(
                whisper.spell(list(decoded.tokens)),
                decoded.log_probabilities,
                compression=thresholds.compression_ratio_threshold,
                log_probability=thresholds.logprob_threshold,
            ):
                break
        return _DecodedWindow(decoded, temperature, no_speech_probability, encoder_output, prompt)


def _probability(logits: FloatArray, token: int | None) -> float:
    """Return the probability of one token among all; 0 for a token that does not exist."""
    return 0.0 if token is None else float(np.exp(logits[token] - np.logaddexp.reduce(logits)))


def _by_timestamps(y: FloatArray, decoder: _WindowDecoder) -> Iterator[Segment]:
    """Decode window after window; each begins where the last complete segment ended."""
    whisper = decoder.whisper
    sr = decoder.whisper.front.sr
    step = SECONDS_PER_TIMESTAMP
    first = whisper.tokens.first_timestamp or 0
    seek = 0  # in samples
    while seek < y.size:
        window = y[seek : seek + whisper.front.samples]
        offset = seek / sr
        result = decoder.decode(window)
        if result is None:
            seek += whisper.front.samples
            continue
        length = round(whisper.front.seconds / step)
        segments, advance = split_at_timestamps(result.decoded.tokens, first_timestamp=first, length=length)
        seek += round(advance * step * sr)
        latest = window.size / sr  # the window may be padded with silence
        for segment in segments:
            start, end = (offset + min(time * step, latest) for time in (segment.start, segment.end))
            yield result.segment(start, end, whisper.spell(list(segment.tokens)))


def _by_overlap(y: FloatArray, decoder: _WindowDecoder) -> Iterator[Segment]:
    """Decode overlapping windows, and keep each word of an overlap once; a segment is a window."""
    whisper = decoder.whisper
    sr = decoder.whisper.front.sr
    samples = decoder.whisper.front.samples
    left: _WindowWords | None = None
    for start in window_starts(y.size, window=samples, hop=round((1 - OVERLAP) * samples)):
        window = y[start : start + samples]
        result = decoder.decode(window)
        if result is None:
            continue
        segment = result.segment(start / sr, (start + window.size) / sr, "")
        right = _WindowWords(segment, _timed_words(result, whisper, offset=start / sr))
        if left is not None:
            left, right = _share_overlap(left, right)
            yield left.with_text
        left = right
    if left is not None:
        yield left.with_text


@dataclass(frozen=True)
class _WindowWords:
    """The segment of a window, and its words with their times."""

    segment: Segment
    words: list[WindowWord]

    @property
    def with_text(self) -> Segment:
        """The segment with its text."""
        return replace(self.segment, text=" ".join(word.text for word in self.words))


def _timed_words(result: _DecodedWindow, whisper: Whisper, *, offset: float) -> list[WindowWord]:
    """Find the time of each word of a window: that of the first of its tokens."""
    tokens = list(result.decoded.tokens)
    times = offset + whisper.front.seconds * token_times(whisper.model, result.encoder_output, result.prompt, tokens)
    words = whisper.spell(tokens).split()
    word_counts = [len(whisper.spell(tokens[: n + 1]).split()) for n in range(len(tokens))]
    return [WindowWord(word, float(times[word_counts.index(n)])) for n, word in enumerate(words, start=1)]


def _share_overlap(left: _WindowWords, right: _WindowWords) -> tuple[_WindowWords, _WindowWords]:
    """Divide the words of an overlap between two windows; with a silent window between them there is no overlap."""
    if right.segment.start >= left.segment.end:
        return left, right
    middle = (right.segment.start + left.segment.end) / 2
    keep, skip = seam_in_time(left.words, right.words, middle=middle)
    return replace(left, words=left.words[:keep]), replace(right, words=right.words[skip:])
