"""The languages and the words of which `texts` makes its sentences.

``languages.toml`` lists the languages, ``grammars/CODE.toml`` the words of each. Noun phrases come with article,
adjective and case as they appear in the sentence, so that any combination is grammatical; verbs are in the third person
of the present. All was written for this course, to be short, everyday and easy to pronounce, not to be probable.
"""

from functools import cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from audiocourse.sounds.data_files import STRICT, read_toml

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, config=STRICT)
class Language:
    """A language that the speakers speak.

    Parameters
    ----------
    name : str
        In English.
    letters : str
        Characters of its normal form beyond a–z.
    accents : tuple of str
        Voices of espeak-ng, which the speakers take in turn.
    """

    name: str
    letters: str
    accents: tuple[str, ...]


@dataclass(frozen=True, config=STRICT)
class Grammar:
    """The words and patterns of a language.

    Parameters
    ----------
    digits : tuple of str
        The words for 0 to 9.
    singular, plural : tuple of str
        Subjects.
    verbs : tuple of (str, str)
        Verbs that take any of the things: singular and plural.
    things, places, times : tuple of str
        Objects, and adverbials of place and time.
    patterns : tuple of str
        Sentences with {subject}, {verb}, {thing}, {place}, {time}; in English also {do}, and {plural} for its verb.
    commands : tuple of tuple
        The parts of each command, in order: a text, or alternatives.
    """

    digits: tuple[str, ...]
    singular: tuple[str, ...]
    plural: tuple[str, ...]
    verbs: tuple[tuple[str, str], ...]
    things: tuple[str, ...]
    places: tuple[str, ...]
    times: tuple[str, ...]
    patterns: tuple[str, ...]
    commands: tuple[tuple[str | tuple[str, ...], ...], ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """All subjects, those in the singular first."""
        return self.singular + self.plural

    @property
    def phrases(self) -> dict[str, tuple[str, ...]]:
        """What can stand for {thing}, {place} and {time}."""
        return {"thing": self.things, "place": self.places, "time": self.times}


LANGUAGE_TABLE = read_toml(_FOLDER / "languages.toml", dict[str, Language])


@cache
def load_grammar(code: str) -> Grammar:
    """Read the grammar of a language."""
    return read_toml(_FOLDER / "grammars" / f"{code}.toml", Grammar)
