"""Text normalisation for English: from what is written to what is said.

characters → addresses → abbreviations → dates, times, money, units, other numbers → Roman numerals, acronyms → symbols
→ punctuation

Each arrow is a list of rules, a pattern and what replaces it; the words of the rules are in ``normalise.toml``. The
result holds Latin letters, apostrophes and hyphens within words, and , . ? ! for pauses, and normalising it again
changes nothing. Nothing is guessed where it would be a coin toss (03/04/2026), and nothing that should be spoken is
dropped. Only these are dropped: quotation marks, invisible format characters, and the skin tone of an emoji.

Source: R. Sproat et al., Normalization of non-standard words, Computer Speech and Language 15, 2001.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic.dataclasses import dataclass

from audiocourse.errors import AudioCourseError
from audiocourse.sounds.data_files import STRICT, read_toml
from audiocourse.tts.numbers import spell_digits, spell_number, spell_numeral, spell_ordinal, spell_year

_NUMERAL = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_LETTER = r"[^\W\d_]"
_YEAR = r"(?:1[1-9][0-9]{2}|20[0-9]{2})"
_ROMAN = r"(?=[XVI])X{0,3}(?:IX|IV|V?I{0,3})"
_NAMED_AT_MOST = 5  # characters in a message
_PASSES = 6  # nothing has been found that changes in the fourth


@dataclass(frozen=True, config=STRICT)
class Rules:
    """The table ``normalise.toml``."""

    function_words: str
    short_words: str
    word_acronyms: str
    spelled_acronyms: str
    monarchs: str
    headings: str
    before_a_year: str
    pauses: str
    silent: str
    apostrophes: str
    hyphens: str
    titles: dict[str, str]
    title_or_street: dict[str, list[str]]
    abbreviations: dict[str, str]
    before_numbers: dict[str, str]
    months: dict[str, list[str]]
    currencies: dict[str, list[str]]
    scales: dict[str, str]
    units: dict[str, list[str]]
    fixed: dict[str, str]
    fractions: dict[str, str]
    symbols: dict[str, str] = field(default_factory=dict)


class Rule(NamedTuple):
    """A pattern, and what replaces each of its matches."""

    pattern: re.Pattern[str]
    replacement: Callable[[re.Match[str]], str] | str


def normalise(text: str) -> str:
    """Write a text as it is said.

    - **Numbers** are read as quantities. Before a four-digit number, words such as "in" and "since" make it a year; a
      leading zero, a telephone number, or more than 15 digits are read digit by digit.
    - **Dates**: 2026-11-30 and 11/30/2026 are read "November thirtieth, twenty twenty-six". A date that would be right
      either way round (03/04/2026), and one that does not exist, are refused.
    - **Acronyms**: NASA and others of a list are words. Otherwise two or three capitals are spelled (T-T-S), and so is
      anything without a vowel (HTML); four capitals or more are a word that someone shouts.
    - **Emoji** and other pictures are read by their Unicode name, as screen readers do.
    - **Web and e-mail addresses** are read in full: nothing in them is redundant.

    Parameters
    ----------
    text : str
        English. A blank line ends a sentence.

    Returns
    -------
    str
        The text in words, on one line.

    Raises
    ------
    AudioCourseError
        If there is nothing to say, a character cannot be said in English, or a date is ambiguous or impossible.

    Examples
    --------
    >>> normalise("Dr. Smith paid $3.50 at 3:45 pm.")
    'Doctor Smith paid three dollars and fifty cents at three forty-five P-M.'
    >>> normalise("NASA's TTS read 5 km in 1999!")
    "Nasa's T-T-S read five kilometers in nineteen ninety-nine!"

    Source: R. Sproat et al., Normalization of non-standard words, Computer Speech and Language 15, 2001.

    Notebook: 03a_text_and_phonemes
    """
    if not isinstance(text, str):
        raise AudioCourseError(f"The text is a {type(text).__name__}: pass a str.")
    spoken = _plain_characters(text)
    shouted = not any(character.islower() for character in spoken)
    for _ in range(_PASSES):  # a rule can free what an earlier one looks for, as in "5cf." -> "five cf."
        before = spoken
        for rule in _all_rules(shouted):
            spoken = rule.pattern.sub(rule.replacement, spoken)
        spoken = spoken.strip(" ,.?!") + _final_mark(spoken)
        if spoken == before:
            break
        shouted = False
    if not any(character.isalpha() for character in spoken):
        raise AudioCourseError(f"There is nothing to say in {text[:40]!r}: pass at least one word.")
    return spoken


@cache
def rules() -> Rules:
    """Read ``normalise.toml`` once."""
    return read_toml(Path(__file__).with_name("normalise.toml"), Rules)


@cache
def _all_rules(shouted: bool) -> list[Rule]:
    """Return the rules in their order; in a text without small letters (shouted), capitals do not mark acronyms."""
    numbers = [*_dates(), *_clock(), *_money(), *_telephone(), *_quantities(), *_plain_numbers()]
    return [*_addresses(), *_abbreviations(), *numbers, *_capitals(shouted), *_symbols(), *_punctuation()]


def _plain_characters(text: str) -> str:
    """Replace look-alikes by the plain character and pictures by their names; refuse what English does not speak."""
    text = re.sub(r"\s*\n\s*\n\s*", " . ", unicodedata.normalize("NFC", text))
    characters = {character: _plain(character) for character in set(text)}
    unknown = [c for c in dict.fromkeys(text) if not all(map(_is_spoken, characters[c]))]
    if unknown:
        listed = ", ".join(map(_described, unknown[:_NAMED_AT_MOST]))
        more = f" and {len(unknown) - _NAMED_AT_MOST} more" if len(unknown) > _NAMED_AT_MOST else ""
        raise AudioCourseError(
            f"An English voice cannot say {listed}{more}: write it in Latin letters, or use a voice of that language."
        )
    plain = "".join(characters[character] for character in text)
    plain = re.sub(r" +", " ", plain)
    return re.sub(r"(?<=[0-9]) (?=000)", "", plain)  # 1 000 000, as ISO 80000 writes it


def _plain(character: str) -> str:
    """Return what stands for a character before the rules run; the character itself if they know it."""
    table = rules()
    if character in table.fractions:
        return f" {table.fractions[character]}"
    for kind, plain in ((table.apostrophes, "'"), (table.hyphens, "-"), (table.silent, "")):
        if character in kind:
            return plain
    if character in "–—":
        return character  # a range or a pause
    category = unicodedata.category(character)
    if category in ("Cf", "Me") or "VARIATION SELECTOR" in (name := unicodedata.name(character, "")):
        return ""
    if "EMOJI MODIFIER" in name:
        return ""
    if character.isspace():
        return " "
    if character in table.symbols or character in table.pauses:
        return character
    if category in ("So", "Sm"):
        return f" {name.lower().replace('-', ' ')} "
    return unicodedata.normalize("NFKC", character).replace("μ", "µ")


def _is_spoken(character: str) -> bool:
    """Whether the rules know what to do with a character."""
    table = rules()
    accepted = f" ',.?!-µ{table.pauses}{''.join(table.symbols)}0123456789"
    return character in accepted or (character.isalpha() and unicodedata.name(character, "").startswith("LATIN "))


def _described(character: str) -> str:
    name = unicodedata.name(character, "without a name")
    return f"{character!r} (U+{ord(character):04X}, {name})"


def _addresses() -> list[Rule]:
    """Web and e-mail addresses."""
    label = r"[A-Za-z0-9][A-Za-z0-9_-]*"
    web = rf"(?:https?://|www\.)[^\s,;<>]*[A-Za-z0-9/]|{label}(?:\.{label})*\.(?:com|org|net|edu|gov|io|uk|de)\b(?:/\S*\w)?"
    mail = rf"[A-Za-z0-9][A-Za-z0-9._+-]*@{label}(?:\.{label})+"
    return [Rule(re.compile(rf"(?<![\w@.+-])(?:{mail}|{web})"), lambda match: _spoken_address(match[0]))]


def _spoken_address(address: str) -> str:
    names = {**rules().symbols, ".": "dot", ":": "colon", "-": "dash", "?": "question mark", "!": "exclamation mark"}
    names |= {"&": "and", "'": "apostrophe", "(": "parenthesis", ")": "parenthesis"}
    words = [_address_word(part, names) for part in re.findall(r"[^\W\d_]+|[0-9]|.", address)]
    return f" {' '.join(words)} "


def _address_word(part: str, names: dict[str, str]) -> str:
    if part in "0123456789":
        return spell_digits(part)
    if part in ("http", "https", "www"):
        return "-".join(part.upper())
    return names.get(part, part)


def _abbreviations() -> list[Rule]:
    """Titles, streets, Latin and other abbreviations, initials."""
    table = rules()
    title = re.compile(rf"\b({_any(table.titles)})(?:\.(?=\s)|(?=\s+[A-Z]))")
    place = re.compile(rf"(?:(?<=([A-Z]))|(?<!\w))({_any(table.title_or_street)})\b(\.?)(?!\w)")
    abbreviation = re.compile(rf"(?<![\w.])({_any(table.abbreviations)})(?!\w)", re.IGNORECASE)
    lowered = {short.lower(): words for short, words in table.abbreviations.items()}
    counted = re.compile(rf"\b({_any(table.before_numbers)})\.\s?(?=[0-9])")
    dotted = re.compile(r"(?<![\w.])((?:[A-Z]\.){2,})(?!\w)")
    name = rf"(?=\s(?!(?:{_any(w.capitalize() for w in table.function_words.split())})\b)[A-Z][a-z])"
    return [
        Rule(title, lambda match: table.titles[match[1]]),
        Rule(place, _title_or_street),
        Rule(abbreviation, lambda match: _capital_kept(lowered[match[1].lower()], match)),
        Rule(counted, lambda match: f"{table.before_numbers[match[1]]} "),
        Rule(dotted, lambda match: "-".join(match[1].replace(".", "")) + _end_mark(match)),
        Rule(re.compile(r"(?<![\w'-])([A-Z])\. ([A-Z])\." + name), r"\1 \2"),
        Rule(re.compile(r"(?<=[a-z])(\s[A-Z])\." + name), r"\1"),
    ]


def _title_or_street(match: re.Match[str]) -> str:
    """Dr. and St. are titles before a name, unless a house number and a name come before; else a kind of street."""
    title, street = rules().title_or_street[match[2]]
    ordinary = rules().function_words.split()
    before = match.string[: match.start()].split()[-2:]
    after = re.match(r"\s+([A-Z]\w+)", match.string[match.end() :])
    name_after = after is not None and after[1].lower() not in ordinary
    name_before = bool(before) and before[-1][:1].isupper() and before[-1].lower() not in ordinary
    address = name_before and len(before) == 2 and before[0][-1:].isdigit()
    if not match[3] and not name_after:
        return match[0]
    return street + _end_mark(match) if name_before and (address or not name_after) else title


def _capital_kept(words: str, match: re.Match[str]) -> str:
    words = words[0].upper() + words[1:] if match[0][0].isupper() else words
    return words + (_end_mark(match) if match[0].endswith(".") else "")


def _end_mark(match: re.Match[str]) -> str:
    """Return the dot of an abbreviation that ends a sentence: at the end, or before a word that begins a sentence."""
    rest = match.string[match.end() :]
    following = re.match(r"\s+([A-Z]\w*)", rest)
    begins = following is not None and following[1].lower() in rules().function_words.split()
    return "." if not rest.strip() or begins else ""


def _dates() -> list[Rule]:
    """Dates with the year first, last, with names of months; decades."""
    numbers = {short: i for i, names in enumerate(rules().months.values(), start=1) for short in names}
    month = rf"\b({_any(numbers)})"
    day = r"([0-3]?[0-9])(?:st|nd|rd|th)?"
    tail = rf"(?:,?\s({_YEAR}))?(?![\w:]|[.,/]?[0-9])"
    decade = re.compile(r"(?:(?<=[Tt]he )|(?<![\w'])(?='|[12][0-9]{3}))'?((?:1[0-9]|20)?[0-9]0)'?s\b")
    return [
        Rule(
            re.compile(r"(?<![\w.,-])([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![\w-])"),
            lambda match: _date(int(match[1]), int(match[2]), int(match[3]), match),
        ),
        Rule(
            re.compile(r"(?<![\w./])([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?![\w/])"),
            lambda match: _slashed(int(match[1]), int(match[2]), int(match[3]), match),
        ),
        Rule(
            re.compile(r"(?<![\w.])([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?!\w|\.[0-9])"),
            lambda match: _date(int(match[3]), int(match[2]), int(match[1]), match),
        ),
        Rule(
            re.compile(rf"(?:\b[Tt]he\s)?(?<![\w.,])\b{day}\s(?:of\s)?{month}{tail}"),
            lambda match: _day_month(int(match[1]), numbers[match[2]], match[3], match),
        ),
        Rule(
            re.compile(rf"{month}\s{day}{tail}"),
            lambda match: _date(int(match[3] or 0), numbers[match[1]], int(match[2]), match),
        ),
        Rule(re.compile(rf"{month},?\s({_YEAR})(?![\w:])"), _month_year),
        Rule(decade, lambda match: _decade(int(match[1]))),
    ]


def _date(year: int, month: int, day: int, match: re.Match[str]) -> str:
    _require_date(year, month, day, match)
    end = f", {spell_year(year)}" if year else ""
    return f"{list(rules().months)[month - 1]} {spell_ordinal(day)}{end}"


def _day_month(day: int, month: int, year: str | None, match: re.Match[str]) -> str:
    _require_date(int(year or 0), month, day, match)
    end = f", {spell_year(int(year))}" if year else ""
    return f"the {spell_ordinal(day)} of {list(rules().months)[month - 1]}{end}"


def _month_year(match: re.Match[str]) -> str:
    names = next(name for name, shorts in rules().months.items() if match[1] in shorts)
    return f"{names} {spell_year(int(match[2]))}"


def _slashed(a: int, b: int, year: int, match: re.Match[str]) -> str:
    """Read month/day/year or day/month/year, whichever is possible; refuse a date that can be both."""
    if a != b and max(a, b) <= 12 and min(a, b) >= 1:
        month_first = f"{year}-{a:02d}-{b:02d}"
        raise AudioCourseError(
            f"{match[0]} is {month_first} in the United States and {year}-{b:02d}-{a:02d} elsewhere: write the date "
            "in one of these two ways."
        )
    return _date(year, min(a, b), max(a, b), match)


def _require_date(year: int, month: int, day: int, match: re.Match[str]) -> None:
    try:
        datetime.date(year or 2024, month, day)  # without a year, February 29 is possible
    except ValueError:
        raise AudioCourseError(
            f"{match[0]!r} is not a date of the calendar: correct it or write it in words."
        ) from None


def _decade(number: int) -> str:
    words = spell_year(number) if number > 99 else spell_number(number)
    return re.sub("y$", "ie", words) + "s"


def _clock() -> list[Rule]:
    """Times of day, durations h:mm:ss, ratios."""
    half = r"(?:\s?(?:([ap])m\b|([ap])\.\s?m\.))"
    time = re.compile(rf"(?<![\w:.])([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?{half}?(?![\w:])", re.I)
    hour = re.compile(rf"(?<![\w:.])(1[0-2]|0?[1-9]){half}(?!\w)", re.I)
    return [
        Rule(time, lambda match: _time(match)),
        Rule(hour, lambda match: spell_number(int(match[1])) + _half(match, match[2] or match[3])),
        Rule(re.compile(r"(?<![\w:.])([0-9]+):([0-9]+)(?![\w:])"), r"\1 to \2"),
    ]


def _time(match: re.Match[str]) -> str:
    hour = int(match[1])
    minute = int(match[2])
    half = match[4] or match[5]
    if match[3]:
        parts = [("hour", hour), ("minute", minute), ("second", int(match[3]))]
        return ", ".join(f"{spell_number(n)} {name}{'' if n == 1 else 's'}" for name, n in parts) + _half(match, half)
    minutes = "" if minute == 0 else f" {'oh ' if minute < 10 else ''}{spell_number(minute)}"
    if not minutes and not half:
        minutes = " o'clock" if 1 <= hour <= 12 else " hundred hours"
    return spell_number(hour) + minutes + _half(match, half)


def _half(match: re.Match[str], letter: str | None) -> str:
    """Return " A-M" or " P-M", with the dot that ends the sentence."""
    if not letter:
        return ""
    return f" {letter.upper()}-M{_end_mark(match) if match[0].endswith('.') else ''}"


def _money() -> list[Rule]:
    table = rules()
    signs = "".join(map(re.escape, table.currencies))
    scale = rf"(?:\s?({_any(table.scales)}))?(?!\w)"
    return [
        Rule(re.compile(rf"(-?)([A-Z]{{1,2}})?([{signs}])\s?({_NUMERAL}){scale}"), _amount),
        Rule(
            re.compile(rf"(?<![\w.,])({_NUMERAL})\s?([{signs}])(?![\w{signs}])"),
            lambda match: _spoken_amount(match[2], match[1], None),
        ),
    ]


def _amount(match: re.Match[str]) -> str:
    country = f"{'-'.join(match[2])} " if match[2] else ""
    negative = "minus " if match[1] else ""
    amount = _spoken_amount(match[3], match[4], match[5])
    if not country:
        return negative + amount
    unit = re.compile(rf"\b({_any(rules().currencies[match[3]][1::-1])})\b")
    return negative + unit.sub(rf"{country}\1", amount, count=1)


def _spoken_amount(sign: str, numeral: str, scale: str | None) -> str:
    """Read an amount: with two decimals as dollars and cents, else as a number of dollars."""
    singular, plural, cent, cents = rules().currencies[sign]
    whole, _, decimals = numeral.replace(",", "").partition(".")
    if scale:
        return f"{spell_numeral(numeral)} {rules().scales[scale]} {plural}"
    if not cents or len(decimals) != 2:
        return f"{spell_numeral(numeral)} {singular if numeral == '1' else plural}"
    parts = [(int(whole), singular, plural), (int(decimals), cent, cents)]
    spoken = [f"{spell_numeral(str(n))} {name if n == 1 else names}" for n, name, names in parts if n]
    return " and ".join(spoken) or f"zero {plural}"


def _telephone() -> list[Rule]:
    """Groups of digits that are a telephone number: after a plus or a zero, or grouped 3-4 or 3-3-4."""
    groups = "|".join(
        [
            r"\+[0-9](?:[ -]?[0-9]){6,14}",
            r"\(?[0-9]{3}\)?[ -][0-9]{3}-[0-9]{4}",
            "[0-9]{3}-[0-9]{4}",
            "0[0-9]{2,4}(?:[ -][0-9]{2,})+",
        ]
    )
    return [Rule(re.compile(rf"(?<![\w.,+-])(?:{groups})(?![\w-])"), _telephone_number)]


def _telephone_number(match: re.Match[str]) -> str:
    plus = "plus " if match[0].startswith("+") else ""
    return plus + ", ".join(map(spell_digits, re.findall("[0-9]+", match[0])))


def _quantities() -> list[Rule]:
    """Ranges, signs, powers of ten, numbers with units, ordinals, fractions."""
    table = rules()
    unit = _any(table.units)
    return [
        Rule(re.compile(rf"(?<![\w./])({_any(table.fixed)})(?![\w/])"), lambda match: table.fixed[match[1]]),
        Rule(re.compile(rf"(?<![\w.,-])({_YEAR})\s?[-–]\s?({_YEAR})(?![\w-])"), _year_range),
        Rule(re.compile(r"(?<=[0-9]) [-–] (?=[0-9])"), " minus "),
        Rule(re.compile(r"(?<=[0-9])[-–](?=[0-9])"), " to "),
        Rule(re.compile(r"(?<![\w.)'])-(?=\.?[0-9])"), "minus "),
        Rule(re.compile(rf"(?<![\w.,])({_NUMERAL})[eE]([+-]?)([0-9]+)(?!\w)"), _power_of_ten),
        Rule(re.compile(rf"(?<![\w.,])({_NUMERAL})\s?({unit})(?:/({unit}))?(?![\w²³])(?:\.(?=\s[a-z]))?"), _quantity),
        Rule(re.compile(r"(?<![\w.,'])([0-9])'\s?([0-9]|1[01])(?![\w'])"), r"\1 foot \2"),
        Rule(
            re.compile(r"(?<![\w.])([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:st|nd|rd|th)\b"),
            lambda match: spell_ordinal(int(match[1].replace(",", ""))),
        ),
        Rule(re.compile(r"(?<![\w./,])(?:([0-9]+)\s+)?([0-9]{1,9})/([0-9]{1,9})(?![\w/]|\.[0-9])"), _fraction),
    ]


def _year_range(match: re.Match[str]) -> str:
    return f"{spell_year(int(match[1]))} to {spell_year(int(match[2]))}"


def _power_of_ten(match: re.Match[str]) -> str:
    sign = "minus " if match[2] == "-" else ""
    return f"{spell_numeral(match[1])} times ten to the {sign}{spell_numeral(match[3])}"


def _quantity(match: re.Match[str]) -> str:
    singular, plural = rules().units[match[2]]
    per = f" per {rules().units[match[3]][0]}" if match[3] else ""
    return f"{spell_numeral(match[1])} {singular if match[1] == '1' else plural}{per}"


def _fraction(match: re.Match[str]) -> str:
    """Read n/d: halves, quarters, thirds up to twentieths; anything else is n over d."""
    whole = f"{spell_numeral(match[1])} and " if match[1] else ""
    n = int(match[2])
    d = int(match[3])
    if not (0 < n < d and 2 <= d <= 20):
        return f"{whole}{spell_numeral(match[2])} over {spell_numeral(match[3])}"
    part = {2: "half", 4: "quarter"}.get(d, spell_ordinal(d))
    if n == 1:
        return f"{whole}{'a' if whole else 'one'} {part}"
    return f"{whole}{spell_number(n)} {part}s"


def _plain_numbers() -> list[Rule]:
    """Years after a preposition, versions, and every number that is left."""
    context = _any(word for each in rules().before_a_year.split() for word in (each, each.capitalize()))
    year = re.compile(rf"\b((?:{context})\s)({_YEAR})(?:(\s(?:and|to|or)\s)({_YEAR}))?(?![\w]|[.,][0-9])")
    return [
        Rule(year, _years),
        Rule(re.compile(rf"({_LETTER})-?(?=[0-9])"), r"\1 "),
        Rule(
            re.compile(r"(?<![0-9])[0-9]+(?:\.[0-9]+){2,}"),
            lambda match: " point ".join(map(spell_numeral, match[0].split("."))),
        ),
        Rule(re.compile(r"(?<![0-9])\.(?=[0-9])"), " point "),
        Rule(re.compile(r"#\s?(?=[0-9])"), " number "),
        Rule(re.compile(r"(?<=[0-9])\s?([*×])\s?(?=[0-9])"), " times "),
        Rule(
            re.compile(rf"{_NUMERAL}(?=(-?{_LETTER})?)"), lambda match: spell_numeral(match[0]) + " " * bool(match[1])
        ),
        Rule(re.compile(rf"(?<= )-(?={_LETTER})"), ""),
    ]


def _years(match: re.Match[str]) -> str:
    second = f"{match[3]}{spell_year(int(match[4]))}" if match[4] else ""
    return f"{match[1]}{spell_year(int(match[2]))}{second}"


def _capitals(shouted: bool) -> list[Rule]:
    """Roman numerals after monarchs and headings; acronyms."""
    table = rules()
    rest = r"(?![\w'-]|\s[A-Z]\b)(?!(?<=\sI)\s(?!of\b|and\b|was\b|is\b))"
    monarch = re.compile(rf"\b({_any(table.monarchs.split())})\s({_ROMAN}){rest}")
    heading = re.compile(rf"\b({_any(table.headings.split())})\s({_ROMAN}){rest}")
    acronym = re.compile(r"(?<![\w])([A-Z]{2,})('?s)?(?!\w)")
    return [
        Rule(monarch, lambda match: f"{match[1]} the {spell_ordinal(_roman(match[2]))}"),
        Rule(heading, lambda match: f"{match[1]} {spell_number(_roman(match[2]))}"),
        Rule(acronym, lambda match: _acronym(match[1], match[2], shouted)),
    ]


def _roman(numeral: str) -> int:
    """Return the value of a Roman numeral: a letter before a greater one counts negative."""
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in numeral]
    return sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))


def _acronym(capitals: str, ending: str | None, shouted: bool) -> str:
    """Read capitals as a word or letter by letter."""
    table = rules()
    word = capitals.lower()
    is_word = word in table.word_acronyms.split() or (shouted and word in table.short_words.split())
    is_short = len(word) <= 3
    has_vowel = bool(set(word) & set("aeiouy"))
    if is_word or (has_vowel and not is_short and word not in table.spelled_acronyms.split()):
        return word.capitalize() + (ending or "")
    return "-".join(capitals) + ("'s" if ending else "")


def _symbols() -> list[Rule]:
    """Whatever is left of the symbols."""
    symbols = rules().symbols
    return [
        Rule(re.compile(r"#(?=\w)"), " hashtag "),
        Rule(re.compile(f"[{re.escape(''.join(symbols))}]"), lambda match: f" {symbols[match[0]]} "),
    ]


def _punctuation() -> list[Rule]:
    """Quotes go, pauses become commas, of several marks the strongest stays, blanks are single."""
    pauses = re.escape(rules().pauses)
    return [
        Rule(re.compile(rf"(?<!{_LETTER})'|'(?!{_LETTER})"), ""),
        Rule(re.compile(r"(?<=[a-z])\.(?=[A-Z][a-z])"), ". "),
        Rule(re.compile(rf"(?<={_LETTER})\.(?={_LETTER})"), " dot "),
        Rule(re.compile(r"(?<!\.)\.{2,}(?=\s*[a-z])"), ","),
        Rule(re.compile(rf"[{pauses}]"), ","),
        Rule(re.compile(rf"(?<!{_LETTER})-+\s*|-+(?!{_LETTER})"), ","),
        Rule(re.compile(r"\s*[,.?!][\s,.?!]*"), lambda match: f"{_strongest(match[0])} "),
        Rule(re.compile(r"\s+"), " "),
    ]


def _strongest(marks: str) -> str:
    return next(mark for mark in "?!.," if mark in marks)


def _final_mark(spoken: str) -> str:
    """Return the mark that ends a text; a comma does not."""
    last = spoken.rstrip()[-1:]
    return last if last in tuple(".?!") else ""


def _any(names: Iterable[str]) -> str:
    """Return a pattern for any of the names, longer ones first."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
