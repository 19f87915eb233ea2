"""Speech from text, with the times of words and phones."""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from html import unescape
from itertools import groupby
from re import compile as pattern

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, merge
from audiocourse.require import require_between, require_positive, require_seed
from audiocourse.signal import FloatArray, resample
from audiocourse.sounds.speech.espeak import (
    PHONEME,
    SAMPLE_RATE,
    WORD,
    EspeakEvent,
    synthesize,
    variant_names,
    voice_languages,
)

SHORTEST_PAUSE = 0.05  # seconds; what is shorter belongs to the speech around it

_FULL_SCALE = 2 * 32_768  # espeak-ng's full scale becomes 0.5: resampling can raise the peaks of a clipped voice
_PUNCTUATION = " .,:;!?…·/()[]{}<>«»„“”‚‘’\"'–—-¡¿。、，！？：；「」।॥؟،۔"
_MARKUP = pattern(r"<[^>]*>|&#?\w+;")


@dataclass(frozen=True, eq=False)
class Speech:
    """Synthetic speech and its ground truth.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    text, voice : str
        The text, and the voice that speaks it.
    words : list of Interval
        Each word from its first to the end of its last phone, labelled as in the text without punctuation. What the
        voice runs together is one word, such as the English "of the" or the French "êtes-vous".
    phones : list of Interval
        Each phone, labelled in IPA with its stress mark; pauses left out. A stop begins with its closure, which is
        silent, unless a pause comes before it: then its beginning is inaudible.

    Examples
    --------
    >>> [word.label for word in say("Good morning!").words]
    ['Good', 'morning']

    Notebook: 04a_voice_activity
    """

    y: FloatArray
    sr: int
    text: str
    voice: str
    words: list[Interval]
    phones: list[Interval]

    @property
    def speech(self) -> list[Interval]:
        """Where there is speech: the union of the phones, with gaps of at most 50 ms closed."""
        return merge(self.phones, gap=SHORTEST_PAUSE)


def say(
    text: str,
    *,
    voice: str = "en-us+f2",
    seed: int = 0,
    rate: float = 160,
    pitch: float = 50,
    pitch_range: float = 50,
    volume: float = 100,
    ssml: bool = False,
    sr: int = 16_000,
) -> Speech:
    """Synthesise a text.

    The same arguments give the same samples, bit for bit, in any order of calls.

    How real is it? Words, phones and their times are exact, and energy, pitch and formants behave like those of speech.
    The voice is synthesised from formants by rule, more regular than any person in timing, melody and timbre, and two
    voices differ less than two people do. A score on it says little about real recordings.

    Parameters
    ----------
    text : str
        At least one word.
    voice : str
        One of `voices`, optionally with ``+`` and one of `variants`: ``en-us+f2``, ``fr+m3``, ``de``.
    seed : int
        Seed of the breath noise; only breathy variants such as f3 or whisper change with it.
    rate : float
        Speed in words per minute, 80 to 449; rounded. From 450 on the library shortens what it has spoken, and its
        times no longer fit.
    pitch : float
        Pitch of the voice, 0 (low) to 99 (high), 50 is the voice's own; rounded.
    pitch_range : float
        Liveliness of the melody, 0 (flat) to 99, 50 is the voice's own; rounded.
    volume : float
        0 to 200, in percent of the voice's own amplitude; above 100 it may clip; rounded.
    ssml : bool
        Whether the text is marked up with SSML tags such as ``<break time="1s"/>``, ``<emphasis>``, ``<prosody>``.
    sr : int
        Sampling rate in Hz. The library speaks at 22050 Hz and is resampled, which leaves the times as they are.

    Returns
    -------
    Speech
        The sound with its words and phones.

    Raises
    ------
    AudioCourseError
        If there is nothing to say, voice or variant are unknown, a setting is out of range, or the library is missing.

    Examples
    --------
    >>> hello = say("Hello there.")
    >>> hello.words[0].end == hello.words[1].start
    True

    Source: espeak-ng 1.52; for SSML https://www.w3.org/TR/speech-synthesis11/, of which it knows a part.

    Notebook: 04a_voice_activity
    """
    _require_text(text)
    text = unicodedata.normalize("NFC", text)  # espeak-ng reads "é" as one letter, and "e" with an accent as "e"
    require_positive(sr=sr)
    _require_voice(voice)
    pcm, events = synthesize(
        text,
        voice=voice,
        seed=require_seed(seed),
        rate=round(require_between("rate (in words per minute)", rate, 80, 449)),
        pitch=round(require_between("pitch", pitch, 0, 99)),
        pitch_range=round(require_between("pitch_range", pitch_range, 0, 99)),
        volume=round(require_between("volume", volume, 0, 200)),
        ssml=ssml,
    )
    located = _locate(events)
    if not located:
        raise AudioCourseError(f"There is nothing to say in {text!r}: pass at least one word the voice can pronounce.")
    y = resample(pcm.astype(np.float32) / _FULL_SCALE, SAMPLE_RATE, sr)
    words = _words(_without_markup(text) if ssml else text, events, located)
    return Speech(y, sr, text=text, voice=voice, words=words, phones=[phone for _, phone in located])


def voices(language: str | None = None) -> list[str]:
    """List the voices of espeak-ng: languages and accents.

    Parameters
    ----------
    language : str, optional
        A language code such as ``en``, ``fr`` or ``pt-br``: only voices that speak it.

    Returns
    -------
    list of str
        Names for the argument `voice` of `say`, sorted.

    Raises
    ------
    AudioCourseError
        If no voice speaks that language.

    Examples
    --------
    >>> voices("fr")
    ['fr', 'fr-be', 'fr-ch']
    """
    languages = voice_languages()
    if language is None:
        return list(languages)
    wanted = str(language).lower()
    found = [name for name, codes in languages.items() if any(f"{code}-".startswith(f"{wanted}-") for code in codes)]
    if not found or not wanted:
        raise AudioCourseError(f"No voice speaks {language!r}: pass a language code such as 'en' or 'pt-br'.")
    return found


def variants() -> list[str]:
    """List the variants of espeak-ng: timbres that any voice can take.

    Returns
    -------
    list of str
        Names for after the ``+`` of a voice, sorted: f1 to f5, m1 to m8, whisper, and names.

    Examples
    --------
    >>> "m3" in variants()
    True
    """
    return list(variant_names())


def _require_text(text: str) -> None:
    """Refuse a text that is not a string, is empty or contains NUL."""
    if not isinstance(text, str) or not text.strip():
        raise AudioCourseError(f"The text is {text!r}, so there is nothing to say: pass at least one word.")
    if "\0" in text:
        raise AudioCourseError("The text contains the character NUL, which ends a text in C: remove it.")


def _require_voice(voice: str) -> None:
    """Refuse an unknown voice or variant: the library itself silently ignores an unknown variant."""
    name, plus, variant = str(voice).partition("+")
    if name not in voice_languages():
        speakers = [voice for voice, codes in voice_languages().items() if codes[0] == name.lower()]  # "fr-fr": "fr"
        raise AudioCourseError(_unknown("voice", name, speakers or get_close_matches(name.lower(), voices(), n=1)))
    if plus and variant not in variant_names():
        raise AudioCourseError(_unknown("variant", variant, get_close_matches(variant.lower(), variants(), n=1)))


def _unknown(what: str, name: str, close: Sequence[str]) -> str:
    """Write the message for an unknown voice or variant, with a suggestion."""
    guess = f", but there is {close[0]!r}" if close else ""
    return f"There is no {what} {name!r}{guess}: sounds.{what}s() lists them."


def _locate(events: Sequence[EspeakEvent]) -> list[tuple[int, Interval]]:
    """Locate each phone: the position of its word in the text, and its interval.

    A phone lasts until the next event. Where a word begins without a pause, its first sound is announced a little later
    than the word: the time between is the closure of a stop, and the phone begins with it.
    """
    located: list[tuple[int, Interval]] = []
    phone = None
    closure = None
    for event in events:
        if phone is not None:
            begin = phone.sample if closure is None else closure
            located.append((phone.position, Interval(begin / SAMPLE_RATE, event.sample / SAMPLE_RATE, phone.name)))
        if event.kind == WORD:
            closure = event.sample if phone is not None else None
            phone = None
        elif event.kind == PHONEME and event.name:
            closure = closure if phone is None else None
            phone = event
        else:
            phone = None
            closure = None
    return located


def _words(text: str, events: Sequence[EspeakEvent], located: Sequence[tuple[int, Interval]]) -> list[Interval]:
    """Gather the phones of each word, and label it with its part of the text."""
    starts: list[int] = []
    end = 0
    for event in events:
        # Else inside the word before: 24 is announced as 24 and 4, ± as "plus" and, past itself, "minus".
        if event.kind == WORD and event.position >= end and text[event.position - 1 : event.position].strip():
            starts.append(event.position)
            end = event.position + event.length
    starts = starts or [1]
    ends = [*starts[1:], len(text) + 1]
    words = []
    for index, group in groupby(located, key=lambda pair: max(bisect_right(starts, pair[0]), 1) - 1):
        phones = [phone for _, phone in group]
        label = " ".join(text[starts[index] - 1 : ends[index] - 1].split())
        words.append(Interval(phones[0].start, phones[-1].end, label.strip(_PUNCTUATION) or label))
    return words


def _without_markup(text: str) -> str:
    """Blank out SSML tags and resolve entities, leaving every other character where it was."""
    return _MARKUP.sub(lambda match: f"{unescape(match[0]) if match[0][0] == '&' else '':>{len(match[0])}}", text)
