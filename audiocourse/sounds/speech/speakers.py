"""Ninety-six artificial people who speak nine languages.

A person is a timbre of espeak-ng (a variant) with a length of the vocal tract, a pitch, a rate and a liveliness of its
own. There are 32 families; the three people of a family share the timbre and belong to the same split, so that nobody
in the test has a relative in training. Left out are the timbres that echo (f2 to f5, m2, Alicia, Marco, pablo, the
robots), that whisper (whisper, whisperf, caleb), that a recogniser of 20 words trained on the others understands badly
(zac, kaukovalta, Lee: 57 to 90 % where nearly all others reach 100 %), and near copies of those taken.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from audiocourse.intervals import Interval, active_samples
from audiocourse.require import require_choice, require_positive, require_seed
from audiocourse.signal import resample
from audiocourse.sounds.acoustics.mix import at_level
from audiocourse.sounds.speech.espeak import SAMPLE_RATE
from audiocourse.sounds.speech.synthesis import Speech, say
from audiocourse.sounds.speech.texts import LANGUAGES, SPLITS

HIGH_VOICE = 150.0  # Hz: from this median f0 on, a person belongs to the voice group "high"

_ACCENTS = {
    "de": ("de",),
    "en": ("en-us", "en", "en-us", "en-gb-x-rp", "en-us", "en-gb-scotland"),
    "es": ("es", "es-419"),
    "fr": ("fr", "fr-be", "fr", "fr-ch"),
    "it": ("it",),
    "nl": ("nl",),
    "pl": ("pl",),
    "pt": ("pt", "pt-br"),
    "sv": ("sv",),
}
# family, variant, split, and for each of its people: pitch, rate, pitch range, tract, median f0 in Hz (in English)
_FAMILIES = (
    ("avocet", "m3", "train", ((42, 175, 50, 1.03, 97), (46, 150, 30, 0.95, 89), (87, 150, 50, 1.15, 172))),
    ("bittern", "david", "train", ((60, 190, 35, 1.04, 82), (43, 185, 50, 0.94, 64), (87, 170, 35, 1.14, 121))),
    ("bunting", "belinda", "test", ((48, 180, 35, 0.99, 214), (49, 160, 50, 1.09, 243), (8, 155, 40, 0.89, 124))),
    ("coot", "AnxiousAndy", "train", ((53, 160, 45, 0.98, 104), (51, 150, 35, 0.92, 96), (76, 175, 45, 1.17, 174))),
    ("crane", "benjamin", "validation", ((41, 175, 40, 1.05, 93), (50, 170, 50, 0.92, 91), (87, 175, 40, 1.17, 170))),
    ("curlew", "steph2", "train", ((44, 170, 40, 1.00, 168), (53, 180, 30, 1.07, 198), (36, 145, 45, 0.89, 136))),
    ("dipper", "ian", "train", ((45, 170, 40, 1.03, 77), (49, 170, 35, 0.91, 70), (87, 180, 40, 1.18, 142))),
    ("dove", "travis", "test", ((60, 145, 50, 0.99, 108), (55, 170, 40, 0.90, 91), (87, 175, 40, 1.17, 164))),
    ("dunlin", "shelby", "train", ((42, 170, 45, 0.98, 156), (48, 180, 50, 1.07, 180), (37, 155, 50, 0.87, 136))),
    ("eider", "boris", "train", ((55, 160, 40, 1.01, 103), (54, 150, 45, 0.91, 92), (87, 170, 30, 1.14, 162))),
    ("finch", "gustave", "train", ((48, 165, 50, 0.99, 99), (50, 150, 45, 0.93, 94), (87, 180, 40, 1.15, 170))),
    ("fulmar", "anika", "test", ((46, 165, 35, 0.97, 238), (43, 155, 30, 1.10, 259), (5, 180, 40, 0.86, 148))),
    ("gannet", "klatt3", "train", ((49, 170, 40, 0.99, 95), (44, 190, 40, 0.94, 86), (87, 165, 45, 1.15, 168))),
    ("godwit", "Storm", "validation", ((64, 185, 40, 1.01, 92), (43, 170, 50, 0.95, 74), (87, 180, 50, 1.14, 133))),
    ("grebe", "f1", "train", ((50, 160, 45, 0.97, 169), (55, 180, 30, 1.05, 187), (45, 185, 35, 0.86, 139))),
    ("heron", "Andy", "train", ((54, 155, 30, 1.04, 99), (53, 155, 35, 0.93, 88), (87, 180, 30, 1.15, 164))),
    ("jackdaw", "Hugo", "test", ((56, 150, 40, 0.98, 105), (43, 165, 35, 0.95, 90), (87, 165, 40, 1.16, 166))),
    ("kestrel", "grandma", "train", ((40, 190, 35, 1.03, 175), (66, 165, 30, 1.06, 223), (25, 165, 40, 0.88, 136))),
    ("lapwing", "Jacky", "train", ((61, 165, 50, 1.01, 122), (43, 160, 45, 0.95, 96), (87, 170, 45, 1.14, 181))),
    ("lark", "sandro", "train", ((59, 185, 30, 0.98, 99), (42, 185, 50, 0.95, 85), (87, 160, 35, 1.14, 160))),
    ("linnet", "Andrea", "validation", ((46, 145, 50, 1.02, 237), (53, 180, 30, 1.08, 261), (5, 170, 50, 0.87, 135))),
    ("magpie", "iven2", "train", ((57, 150, 45, 1.00, 103), (38, 160, 50, 0.93, 81), (87, 165, 50, 1.15, 162))),
    ("merlin", "norbert", "test", ((43, 170, 50, 1.02, 94), (41, 180, 30, 0.95, 83), (86, 160, 50, 1.14, 167))),
    ("osprey", "Annie", "train", ((44, 145, 40, 1.02, 217), (53, 180, 50, 1.07, 250), (5, 185, 40, 0.87, 148))),
    ("petrel", "Tweaky", "train", ((54, 180, 40, 0.98, 100), (51, 145, 30, 0.93, 90), (87, 155, 50, 1.15, 171))),
    ("plover", "m7", "train", ((51, 185, 30, 1.00, 99), (46, 185, 45, 0.92, 90), (87, 165, 40, 1.15, 166))),
    ("puffin", "aunty", "validation", ((41, 170, 35, 1.01, 155), (53, 175, 50, 1.09, 198), (32, 160, 45, 0.90, 119))),
    ("robin", "victor", "train", ((54, 185, 45, 1.02, 98), (52, 190, 30, 0.94, 87), (87, 150, 35, 1.14, 158))),
    ("siskin", "ed", "train", ((59, 160, 30, 1.04, 131), (53, 185, 40, 0.91, 111), (72, 145, 40, 1.13, 166))),
    ("swift", "quincy", "test", ((55, 180, 40, 1.02, 87), (55, 160, 35, 0.93, 78), (87, 145, 50, 1.17, 142))),
    ("tern", "rob", "train", ((60, 170, 30, 1.03, 101), (54, 170, 40, 0.92, 92), (87, 185, 50, 1.14, 146))),
    ("wren", "m5", "train", ((64, 160, 45, 0.98, 113), (53, 180, 35, 0.93, 93), (87, 145, 40, 1.13, 166))),
)


@dataclass(frozen=True)
class Speaker:
    """An artificial person.

    Parameters
    ----------
    name : str
        Family and number, such as ``wren-2``: the same person in every language.
    language : str
        What the person speaks here, one of `LANGUAGES`.
    voice : str
        Voice and variant for `say`.
    split : str
        train, validation or test: the same for the whole family, in every language.
    f0 : float
        Median fundamental frequency in Hz of an English sentence; other languages and sentences differ a little.
    pitch, rate, pitch_range : float
        As for `say`; the rate in words per minute as heard.
    tract : float
        How much shorter than usual the vocal tract is: all formants are higher by this factor.

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
        """The timbre: people of one family sound alike."""
        return self.name.partition("-")[0]

    @property
    def group(self) -> str:
        """The voice group: low, or high from a median f0 of 150 Hz on."""
        return "high" if self.f0 >= HIGH_VOICE else "low"

    def say(self, text: str, *, seed: int = 0, sr: int = 16_000) -> Speech:
        """Speak a text, a little differently with each seed.

        espeak-ng speaks at rate / tract; its samples are then played at 22050 · tract samples a second, which raises
        formants and pitch by the factor tract. The seed varies rate (±6 %), pitch (±3 of 99) and pitch range (±8).

        How real is it? As real as `sounds.say`. People differ in timbre, pitch, speed and liveliness, but not in how
        they articulate, and one person never sounds tired, hoarse or far away.

        Parameters
        ----------
        text : str
            What to say, in the language of the speaker, at least one word.
        seed : int
            Of the variation, and of breath noise.
        sr : int
            Sampling rate in Hz.

        Returns
        -------
        Speech
            The sound, at −26 dB re full scale over its speech, with words and phones; its `voice` is our name.

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
        words, phones = (_slower(times, SAMPLE_RATE / played) for times in (spoken.words, spoken.phones))
        heard = replace(spoken, y=y, sr=sr, voice=self.name, words=words, phones=phones)
        return replace(heard, y=at_level(y, active_samples(heard.speech, samples=y.size, sr=sr)))


def speakers(language: str | None = None, *, split: str | None = None) -> list[Speaker]:
    """List the people.

    66 for training, 12 for validation, 18 for testing

    Parameters
    ----------
    language : str, optional
        All of them, speaking this language: one of `LANGUAGES`, with several accents of English, French, Portuguese and
        Spanish. If not given, each speaks a language that is their own, every ninth the same.
    split : str, optional
        Only those of train, validation or test. Of a test family nothing was heard in training, in no language.

    Returns
    -------
    list of Speaker
        In the order of their names.

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
    return [_speaking(one, language) for one in _roster() if split in (None, one.split)]


def speaker(name: str, language: str | None = None) -> Speaker:
    """Find a person by name.

    Parameters
    ----------
    name : str
        One of the names in `speakers`.
    language : str, optional
        What to speak; if not given, their own language.

    Returns
    -------
    Speaker
        The person.

    Raises
    ------
    AudioCourseError
        If name or language is unknown.

    Examples
    --------
    >>> speaker("dove-1", "it").voice
    'it+travis'
    """
    found = {one.name: one for one in speakers(language)}
    return found[require_choice("speaker", name, found)]


@cache
def _roster() -> tuple[Speaker, ...]:
    """Unfold the families: within each split, the languages take turns."""
    roster: list[Speaker] = []
    for family, variant, split, people in _FAMILIES:
        for number, (pitch, rate, pitch_range, tract, f0) in enumerate(people, start=1):
            so_far = Counter(one.split for one in roster)[split]
            language = tuple(LANGUAGES)[so_far % len(LANGUAGES)]
            voice = f"{language}+{variant}"  # the accent follows in _speaking
            one = Speaker(f"{family}-{number}", language, voice, split, f0, pitch, rate, pitch_range, tract)
            roster.append(one)
    return tuple(roster)


def _speaking(one: Speaker, language: str | None) -> Speaker:
    """Let a person speak a language, with an accent that is theirs."""
    language = language or one.language
    accents = _ACCENTS[language]
    accent = accents[_roster().index(one) % len(accents)]
    return replace(one, language=language, voice=f"{accent}+{one.voice.partition('+')[2]}")


def _slower(times: list[Interval], factor: float) -> list[Interval]:
    """Stretch times by a factor."""
    return [Interval(one.start * factor, one.end * factor, one.label) for one in times]
