"""Ninety-six synthetic speakers of nine languages.

A speaker is a timbre of espeak-ng (a variant) with a length of the vocal tract, a pitch, a rate and a liveliness of its
own: a row of ``speakers.csv``. The three speakers of each of the 32 families share the timbre and belong to the same
split, so that no test speaker has a relative in training. Left out are the timbres that echo (f2 to f5, m2, Alicia,
Marco, pablo, the robots), that whisper (whisper, whisperf, caleb), that a recogniser of 20 words trained on the others
understands badly (zac, kaukovalta, Lee: 57 to 90 % where nearly all others reach 100 %), and near copies of others.

A new family goes to the end of the table, since languages and accents are given out in turn. ``f0`` is the speaker's
median pitch in Hz; the test of this module measures it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from pydantic.dataclasses import dataclass as pydantic_dataclass

from audiocourse.intervals import Interval, active_samples
from audiocourse.require import require_choice, require_positive, require_seed
from audiocourse.signal import resample
from audiocourse.sounds.acoustics.mix import at_level
from audiocourse.sounds.data_files import STRICT, read_csv
from audiocourse.sounds.speech.espeak import SAMPLE_RATE
from audiocourse.sounds.speech.grammars import LANGUAGE_TABLE
from audiocourse.sounds.speech.synthesis import Speech, say
from audiocourse.sounds.speech.texts import LANGUAGES, SPLITS

HIGH_VOICE = 150.0  # Hz: from this median f0 on, a speaker belongs to the voice group "high"


@pydantic_dataclass(frozen=True, config=STRICT)
class _Row:
    """A row of ``speakers.csv``: pitch and pitch range of 99, rate in words per minute, f0 in Hz, in English."""

    name: str
    variant: str
    split: str
    pitch: float
    rate: float
    pitch_range: float
    tract: float
    f0: float


@dataclass(frozen=True)
class Speaker:
    """A synthetic speaker.

    Parameters
    ----------
    name : str
        Family and number, such as ``wren-2``: the same in every language.
    language : str
        The language spoken here, one of `LANGUAGES`.
    voice : str
        Voice and variant for `say`.
    split : str
        train, validation or test: the same for the whole family, in every language.
    f0 : float
        Median fundamental frequency in Hz of an English sentence; other languages and sentences differ a little.
    pitch, rate, pitch_range : float
        As for `say`; the rate in words per minute after resampling.
    tract : float
        How much shorter than usual the vocal tract is: all formants rise by this factor.

    Examples
    --------
    >>> speaker("wren-2").say("Good morning!").words[0].label
    'Good'
    """

    name: str
    language: str
    voice: str
    split: str
    f0: float
    pitch: float
    rate: float
    pitch_range: float
    tract: float

    @property
    def family(self) -> str:
        """The timbre: speakers of one family sound alike."""
        return self.name.partition("-")[0]

    @property
    def group(self) -> str:
        """The voice group: low, or high from a median f0 of 150 Hz on."""
        return "high" if self.f0 >= HIGH_VOICE else "low"

    def say(self, text: str, *, seed: int = 0, sr: int = 16_000) -> Speech:
        """Synthesise a text, slightly differently with each seed.

        espeak-ng speaks at rate / tract; its samples are then played at 22050 · tract samples a second, which raises
        formants and pitch by the factor tract. The seed varies rate (±6 %), pitch (±3 of 99) and pitch range (±8).

        How real is it? As real as `sounds.say`. Speakers differ in timbre, pitch, speed and liveliness, but not in
        articulation, and none ever sounds tired, hoarse or far away.

        Parameters
        ----------
        text : str
            At least one word, in the language of the speaker.
        seed : int
            Seed of the variation and of breath noise.
        sr : int
            Sampling rate in Hz.

        Returns
        -------
        Speech
            The sound, at −26 dB re full scale over its speech, with words and phones; its `voice` is the speaker's
            name.

        Raises
        ------
        AudioCourseError
            If there is nothing to say, or seed or sr is out of range.
        """
        require_positive(sr=sr)
        rate, pitch, pitch_range = np.random.default_rng(require_seed(seed)).uniform(-1, 1, 3)
        spoken = say(
            text,
            voice=self.voice,
            seed=seed,
            rate=self.rate / self.tract * (1 + 0.06 * rate),
            pitch=float(np.clip(self.pitch + 3 * pitch, 0, 99)),
            pitch_range=float(np.clip(self.pitch_range + 8 * pitch_range, 0, 99)),
            sr=SAMPLE_RATE,
        )
        played = round(SAMPLE_RATE * self.tract)
        y = resample(spoken.y, played, sr)
        words, phones = (_stretched(times, SAMPLE_RATE / played) for times in (spoken.words, spoken.phones))
        speech = replace(spoken, y=y, sr=sr, voice=self.name, words=words, phones=phones)
        return replace(speech, y=at_level(y, active_samples(speech.speech, samples=y.size, sr=sr)))


def speakers(language: str | None = None, *, split: str | None = None) -> list[Speaker]:
    """List the speakers: 66 for training, 12 for validation, 18 for testing.

    Parameters
    ----------
    language : str, optional
        All of them, in this language: one of `LANGUAGES`, with several accents of English, French, Portuguese and
        Spanish. If not given, each speaks a language that is their own, every ninth the same.
    split : str, optional
        Only those of train, validation or test. No member of a test family is in the training set, in any language.

    Returns
    -------
    list of Speaker
        In the order of the table.

    Raises
    ------
    AudioCourseError
        If language or split is unknown.

    Examples
    --------
    >>> len(speakers()), len(speakers("fr", split="test"))
    (96, 18)
    """
    if language is not None:
        require_choice("language", language, LANGUAGES)
    if split is not None:
        require_choice("split", split, SPLITS)
    return [
        _speaking(number, speaker, language)
        for number, speaker in enumerate(_roster())
        if split in (None, speaker.split)
    ]


def speaker(name: str, language: str | None = None) -> Speaker:
    """Find a speaker by name.

    Parameters
    ----------
    name : str
        One of the names in `speakers`.
    language : str, optional
        If not given, their own.

    Returns
    -------
    Speaker
        The speaker.

    Raises
    ------
    AudioCourseError
        If name or language is unknown.

    Examples
    --------
    >>> speaker("dove-1", "it").voice
    'it+travis'
    """
    found = {speaker.name: speaker for speaker in speakers(language)}
    return found[require_choice("speaker", name, found)]


@cache
def _roster() -> tuple[Speaker, ...]:
    """Read ``speakers.csv``; within each split, the languages take turns, and within each language the accents."""
    roster: list[Speaker] = []
    turns: Counter[str] = Counter()
    for row in read_csv(Path(__file__).with_name("speakers.csv"), _Row):
        language = tuple(LANGUAGES)[turns[row.split] % len(LANGUAGES)]
        turns[row.split] += 1
        voice = f"{language}+{row.variant}"  # the accent follows in _speaking
        roster.append(
            Speaker(
                row.name,
                language=language,
                voice=voice,
                split=row.split,
                f0=row.f0,
                pitch=row.pitch,
                rate=row.rate,
                pitch_range=row.pitch_range,
                tract=row.tract,
            )
        )
    return tuple(roster)


def _speaking(number: int, speaker: Speaker, language: str | None) -> Speaker:
    """Return a speaker, the number-th of all, in a language, with an accent that is theirs."""
    language = language or speaker.language
    accents = LANGUAGE_TABLE[language].accents
    accent = accents[number % len(accents)]
    return replace(speaker, language=language, voice=f"{accent}+{speaker.voice.partition('+')[2]}")


def _stretched(intervals: list[Interval], factor: float) -> list[Interval]:
    """Multiply times by a factor."""
    return [Interval(interval.start * factor, interval.end * factor, interval.label) for interval in intervals]
