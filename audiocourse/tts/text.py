"""From a sentence to the symbols that a network reads: phones, pauses and the end of the sentence.

Letters say little about sounds: "though", "through" and "tough" share four of them. A network that reads phones need
not learn English spelling, and can pronounce words that it has never seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval
from audiocourse.sounds import Speech, say
from audiocourse.tts.mel import MEL, MelParameters

PAUSE = ","
STRESS = ("ˌ", "ˈ")  # marks of secondary and primary stress
ENDS = ".?!"  # of a sentence; its melody depends on them
VOICE = "en-us"  # whose pronunciation the course's own networks read
_PHONES = """
! , . ? aɪ aɪə aɪɚ aʊ b d dʒ eɪ f h i iə iː j k l m n n̩ oʊ p s t tʃ uː v w z æ ð ŋ ɐ ɑː ɑːɹ ɔ ɔɪ ɔː ɔːɹ ə əl ɚ ɛ ɛɹ ɜː ɡ
ɪ ɪɹ ɹ ɾ ʃ ʊ ʊɹ ʌ ʒ ʔ θ ᵻ
"""
PHONES = tuple(_PHONES.split())  # of that voice, without stress, and the marks
MAX_CHARACTERS = 5_000
_SHORTEST_PAUSE = 0.03  # seconds; what is shorter belongs to the phone before
_SENTENCES = re.compile(r"(?<=[.?!…])\s+")
_LETTER = re.compile(r"\w")


class Pronunciation(NamedTuple):
    """The ``symbols`` of a sentence, and how many frames each lasts: ``durations`` [shape=(symbols,)]."""

    symbols: list[str]
    durations: IntArray


def phonemes(text: str, *, voice: str = VOICE) -> list[str]:
    """Return the symbols of one sentence.

    A symbol is an IPA phone of espeak-ng with its stress mark, "," for a pause, or ".", "?" or "!" for the end.

    Parameters
    ----------
    text : str
        One sentence without digits and abbreviations (`normalise`).
    voice : str
        The voice of espeak-ng, and so the accent.

    Returns
    -------
    list of str
        The last is ".", "?" or "!".

    Raises
    ------
    AudioCourseError
        If there is nothing to pronounce.

    Examples
    --------
    >>> phonemes("Though, tough?")
    ['ð', 'ˈoʊ', ',', 't', 'ˈʌ', 'f', '?']

    Notebook: 03a_text_and_phonemes
    """
    return aligned_phonemes(say(text, voice=voice)).symbols


def aligned_phonemes(speech: Speech, *, parameters: MelParameters = MEL) -> Pronunciation:
    """Return the symbols of a synthesised sentence, and for how many frames of its mel spectrogram each lasts.

    Boundaries in seconds are rounded to frames: b = round(t · sr / H). d[i] = b[i + 1] − b[i], so that the durations
    add up to the 1 + samples // H frames. The end symbol takes the silence after the last phone.

    Parameters
    ----------
    speech : Speech
        With the true times of its phones.
    parameters : MelParameters
        Of the mel spectrogram.

    Returns
    -------
    Pronunciation
        Symbols, and their durations in frames, of which some are 0.

    Examples
    --------
    >>> symbols, durations = aligned_phonemes(say("Yes."))
    >>> symbols, int(durations.sum()) == 1 + say("Yes.").y.size // 256
    (['j', 'ˈɛ', 's', '.'], True)

    Notebook: 03a_text_and_phonemes
    """
    symbols: list[str] = []
    starts: list[float] = []
    for phone, following in zip(speech.phones, [*speech.phones[1:], None], strict=True):
        symbols.append(phone.label)
        starts.append(phone.start)
        if following is not None and following.start - phone.end > _SHORTEST_PAUSE:
            symbols.append(PAUSE)
            starts.append(phone.end)
    symbols.append(_end_of(speech.text))
    starts.append(speech.phones[-1].end)
    frames = 1 + speech.y.size // parameters.hop_length
    durations = frame_durations(np.array(starts), frames=frames, sr=parameters.sr, hop_length=parameters.hop_length)
    return Pronunciation(symbols, durations)


def frame_durations(starts: FloatArray, *, frames: int, sr: int, hop_length: int) -> IntArray:
    """Turn the moments at which symbols begin into whole numbers of frames that add up.

    b[i] = round(start[i] · sr / H), but b[0] = 0 and b[N] = frames; d[i] = b[i + 1] − b[i]. Boundaries are rounded, not
    durations: N rounded durations would drift away from the sound by up to N / 2 frames.

    Parameters
    ----------
    starts : np.ndarray [shape=(symbols,)]
        In seconds, rising.
    frames : int
        Of the whole mel spectrogram.
    sr : int
        Sampling rate in Hz.
    hop_length : int
        H, in samples.

    Returns
    -------
    np.ndarray [shape=(symbols,)]
        d, int64, 0 or more, Σ d = frames. The first symbol also has the frames before it begins.

    Raises
    ------
    AudioCourseError
        If there are no starts, or they fall.

    Examples
    --------
    >>> frame_durations(np.array([0.02, 0.05, 0.13]), frames=12, sr=16000, hop_length=256)
    array([3, 5, 4])

    Notebook: 03a_text_and_phonemes
    """
    if starts.ndim != 1 or starts.size == 0 or np.any(np.diff(starts) < 0):
        raise AudioCourseError("Starts are an array (symbols,) of seconds in rising order, with at least one.")
    inner = np.round(starts[1:] * sr / hop_length).astype(np.int64)
    boundaries = np.minimum(np.concatenate([[0], inner, [frames]]), frames)
    durations: IntArray = np.diff(boundaries)
    return durations


def intervals_of(pronunciation: Pronunciation, *, parameters: MelParameters = MEL) -> list[Interval]:
    """Return when each symbol sounds, in seconds."""
    ends = np.cumsum(pronunciation.durations) * parameters.hop_length / parameters.sr
    starts = [0.0, *ends[:-1]]
    return [
        Interval(float(start), float(end), symbol)
        for start, end, symbol in zip(starts, ends, pronunciation.symbols, strict=True)
        if end > start
    ]


def sentences(text: str) -> list[str]:
    """Split a text after ".", "?" and "!"; a part without a letter or digit belongs to the one before.

    Raises
    ------
    AudioCourseError
        If there is nothing to say, or the text is longer than 5,000 characters.

    Examples
    --------
    >>> sentences("Is it you? Yes. I came at once...")
    ['Is it you?', 'Yes.', 'I came at once...']

    Notebook: 03a_text_and_phonemes
    """
    if not isinstance(text, str) or not _LETTER.search(text):
        raise AudioCourseError(f"There is nothing to say in {text!r}: pass at least one word.")
    if len(text) > MAX_CHARACTERS:
        raise AudioCourseError(
            f"The text has {len(text):,} characters, but {MAX_CHARACTERS:,} are the limit: speak it in several parts."
        )
    parts: list[str] = []
    for part in _SENTENCES.split(text.strip()):
        if _LETTER.search(part):
            parts.append(part)
        elif parts:
            parts[-1] = f"{parts[-1]} {part}"
    return parts


def symbol_numbers(symbols: Sequence[str], phones: Sequence[str]) -> IntArray:
    """Turn symbols into numbers, n = 1 + 3 · phone + stress; 0 is padding.

    Phone and stress (0 none, 1 secondary "ˌ", 2 primary "ˈ") are counted apart, so that a network knows a phone under a
    stress that it has rarely met.

    Raises
    ------
    AudioCourseError
        If a phone is not among those of the network.

    Examples
    --------
    >>> symbol_numbers(["t", "ˈoʊ", ","], [",", "oʊ", "t"])
    array([7, 6, 1])
    """
    bare = [symbol.lstrip("".join(STRESS)) for symbol in symbols]
    unknown = sorted(set(bare) - set(phones))
    if unknown:
        raise AudioCourseError(
            f"The network does not know the phones {', '.join(unknown)}: it was trained on American English."
        )
    place = {phone: index for index, phone in enumerate(phones)}
    stress = [STRESS.index(symbol[0]) + 1 if symbol[0] in STRESS else 0 for symbol in symbols]
    return np.array([1 + 3 * place[phone] + mark for phone, mark in zip(bare, stress, strict=True)], dtype=np.int64)


def _end_of(text: str) -> str:
    """Return how a sentence ends: ".", "?" or "!"."""
    marks = [character for character in text.strip()[-3:] if character in ENDS]
    return marks[-1] if marks else "."
