"""Whisper's special tokens, the prompt that consists of them, and which token may come next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from audiocourse.asr.whisper.search import sampling_probabilities
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray

LANGUAGE_TOKEN = re.compile(r"<\|([a-z]{2,3})\|>")
TASKS = ("transcribe", "translate")
NO_SPEECH_TOKENS = ("<|nospeech|>", "<|nocaptions|>")  # the second is its name up to large-v2
SECONDS_PER_TIMESTAMP = 0.02
LATEST_BEGINNING = 50  # timestamps: a window's first segment begins within its first second


@dataclass(frozen=True)
class WhisperTokens:
    """The special tokens of a checkpoint, as numbers (ids).

    ``start`` and ``end`` of a transcript; ``languages`` and ``tasks`` by name; ``no_timestamps``; ``no_speech``, None
    where the checkpoint has none; ``first_timestamp``, the token of 0.00 s, None where it was not trained with
    timestamps; ``suppress_tokens`` and ``begin_suppress_tokens``: those that are not text, and those that begin none.
    """

    start: int
    end: int
    languages: Mapping[str, int]
    tasks: Mapping[str, int]
    no_timestamps: int
    no_speech: int | None = None
    first_timestamp: int | None = None
    suppress_tokens: tuple[int, ...] = ()
    begin_suppress_tokens: tuple[int, ...] = ()

    @classmethod
    def of(cls, tokenizer: Any, options: Any) -> WhisperTokens:
        """Read them from a `transformers.WhisperTokenizer` and the model's `transformers.GenerationConfig`."""
        ids = tokenizer.get_vocab()
        matches = ((LANGUAGE_TOKEN.fullmatch(token), number) for token, number in ids.items())
        return cls(
            start=ids["<|startoftranscript|>"],
            end=ids["<|endoftext|>"],
            languages={match[1]: number for match, number in sorted(matches, key=lambda pair: pair[1]) if match},
            tasks={task: ids[f"<|{task}|>"] for task in TASKS if f"<|{task}|>" in ids},
            no_timestamps=ids["<|notimestamps|>"],
            no_speech=next((ids[token] for token in NO_SPEECH_TOKENS if token in ids), None),
            first_timestamp=ids.get("<|0.00|>"),
            suppress_tokens=tuple(getattr(options, "suppress_tokens", None) or ()),
            begin_suppress_tokens=tuple(getattr(options, "begin_suppress_tokens", None) or ()),
        )

    def prompt(self, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list[int]:
        """Return the beginning that the decoder is forced to continue.

        <|startoftranscript|>, the language, the task, and <|notimestamps|> unless timestamps are wanted.

        Parameters
        ----------
        language : str
            Such as ``en``.
        task : str
            ``transcribe``, or ``translate`` (into English) where the checkpoint can.
        timestamps : bool
            Whether the text is to hold times.

        Raises
        ------
        AudioCourseError
            If the checkpoint does not know the language or the task, or was not trained with timestamps.

        Notebook: 02e_whisper
        """
        for option, name, names in (("language", language, self.languages), ("task", task, self.tasks)):
            if name not in names:
                raise AudioCourseError(
                    f"This checkpoint does not know the {option} {name!r}: it knows {', '.join(sorted(names))}."
                )
        if timestamps and self.first_timestamp is None:
            raise AudioCourseError("This checkpoint was not trained with timestamps: pass timestamps=False.")
        beginning = {"startoftranscript": self.start, "notimestamps": self.no_timestamps}
        numbers = {**self.languages, **self.tasks, **beginning}
        ids = {f"<|{name}|>": number for name, number in numbers.items()}
        return forced_prompt(ids, language, task=task, timestamps=timestamps)


def forced_prompt(
    ids: Mapping[str, int], language: str, *, task: str = "transcribe", timestamps: bool = False
) -> list[int]:
    """Return the tokens that the decoder is forced to continue.

    <|startoftranscript|>, the language such as <|de|>, the task such as <|transcribe|>, and <|notimestamps|> unless
    timestamps are wanted.

    Parameters
    ----------
    ids : mapping
        The number of each special token.
    language : str
        Such as ``de``.
    task : str
        ``transcribe`` or ``translate``.
    timestamps : bool
        Whether the text is to hold times.

    Returns
    -------
    list of int
        Four numbers, or three with timestamps.

    Examples
    --------
    >>> ids = {"<|startoftranscript|>": 90, "<|de|>": 91, "<|transcribe|>": 95, "<|notimestamps|>": 97}
    >>> forced_prompt(ids, "de")
    [90, 91, 95, 97]

    Notebook: 02e_whisper
    """
    names = ["startoftranscript", language, task, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


def language_probabilities(logits: FloatArray, languages: Mapping[str, int]) -> dict[str, float]:
    """Return the probability of each language, from what the decoder expects right after <|startoftranscript|>.

    P(l) = exp(z_l) / Σ_j exp(z_j), the sum over the language tokens only; no other token counts.

    Parameters
    ----------
    logits : np.ndarray [shape=(tokens,)]
        z, one number for each token of the vocabulary.
    languages : mapping
        The token of each language.

    Returns
    -------
    dict
        A probability for each language; they add up to 1.

    Examples
    --------
    >>> likely = language_probabilities(np.log(np.array([0.6, 0.3, 0.1])), {"de": 1, "fr": 2})
    >>> {language: round(p, 3) for language, p in likely.items()}
    {'de': 0.75, 'fr': 0.25}

    Notebook: ex01_multilingual_asr
    """
    z = np.array([logits[number] for number in languages.values()])  # (languages,)
    return dict(zip(languages, sampling_probabilities(z, temperature=1.0).tolist(), strict=True))


def allowed_scores(
    logits: FloatArray, written: Sequence[int], *, tokens: WhisperTokens, timestamps: bool = False
) -> FloatArray:
    """Forbid what must not come next: −∞ for tokens that are not text, and for times out of order.

    With timestamps: the first token is a time within the first second; a time that ends a segment is followed by one
    that begins the next, or by the end; a time that begins one is followed by text; times never go back; and if all
    times together are more probable than any single other token, the next token is a time.

    Parameters
    ----------
    logits : np.ndarray [shape=(tokens,)]
        What the decoder expects next.
    written : sequence of int
        The tokens after the prompt.
    tokens : WhisperTokens
        The special tokens.
    timestamps : bool
        Whether the prompt asks for times.

    Returns
    -------
    np.ndarray [shape=(tokens,)]
        A copy of the logits with −∞ for what is forbidden.

    Source: A. Radford et al., arXiv:2212.04356, section 4.5; the rules are those of OpenAI's `whisper.decoding`.

    Notebook: 02e_whisper
    """
    scores = logits.astype(np.float64)
    scores[list(tokens.suppress_tokens)] = -np.inf
    if not written:
        scores[list(tokens.begin_suppress_tokens)] = -np.inf
    if timestamps and tokens.first_timestamp is not None:
        scores[tokens.no_timestamps] = -np.inf
        _keep_times_in_order(scores, written, tokens.first_timestamp, tokens.end)
        _prefer_a_time(scores, tokens.first_timestamp)
    return scores


def _keep_times_in_order(scores: FloatArray, written: Sequence[int], first: int, end: int) -> None:
    """Forbid, in place, times without a partner and times that go back; ``first`` is the token of 0.00 s."""
    if not written:
        scores[:first] = -np.inf
        scores[first + LATEST_BEGINNING + 1 :] = -np.inf
        return
    last_is_time = written[-1] >= first
    previous_is_time = len(written) < 2 or written[-2] >= first
    if last_is_time and previous_is_time:
        scores[first:] = -np.inf
    elif last_is_time:
        scores[:end] = -np.inf
    times = [number for number in written if number >= first]
    if times:
        earliest = times[-1] if last_is_time and not previous_is_time else times[-1] + 1
        scores[first:earliest] = -np.inf


def _prefer_a_time(scores: FloatArray, first: int) -> None:
    """Forbid, in place, everything but times where these together are the most probable."""
    times = np.logaddexp.reduce(scores[first:])
    if times > scores[:first].max():
        scores[:first] = -np.inf
