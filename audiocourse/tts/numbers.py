"""English numbers in words: what a front end says for 42, 1st, 1905 and 3.50.

The wording is the American one, without "and": it is what the English voices of espeak-ng say, too. Written out instead
of taken from a library because the course teaches it; num2words needs a package that has no wheel, and inflect takes
seconds to import.
"""

from __future__ import annotations

from audiocourse.errors import AudioCourseError

LONGEST = 15  # digits of a number that is read as one; longer strings are read digit by digit

_BELOW_TWENTY = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_SMALL = _BELOW_TWENTY.split()
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ("", " thousand", " million", " billion", " trillion")
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def spell_number(n: int) -> str:
    """Spell a whole number.

    The digits are cut into groups of three from the right; each group is read like a number below 1000 and followed by
    its scale, and groups of zeros are left out.

    Parameters
    ----------
    n : int
        The number, of at most 15 digits; "minus" stands before a negative one.

    Returns
    -------
    str
        Its words, with a hyphen between tens and ones.

    Raises
    ------
    AudioCourseError
        If n is not a whole number, or too long.

    Examples
    --------
    >>> spell_number(42), spell_number(1_000_107), spell_number(-3)
    ('forty-two', 'one million one hundred seven', 'minus three')

    Source: P. Taylor, Text-to-Speech Synthesis, Cambridge 2009, chapter 5.

    Notebook: 03a_text_and_phonemes
    """
    if isinstance(n, bool) or not isinstance(n, int):
        raise AudioCourseError(f"{n!r} is not a whole number: pass an int.")
    if abs(n) >= 10**LONGEST:
        raise AudioCourseError(
            f"A number of {len(str(abs(n)))} digits has no usual name: read it with spell_digits(str(n))."
        )
    if n < 0:
        return f"minus {spell_number(-n)}"
    if n == 0:
        return _SMALL[0]
    groups = [n // 1000**i % 1000 for i in range(len(_SCALES))]
    return " ".join(_below_thousand(group) + _SCALES[i] for i, group in reversed(list(enumerate(groups))) if group)


def spell_ordinal(n: int) -> str:
    """Spell an ordinal: the last word of the cardinal changes.

    Examples
    --------
    >>> spell_ordinal(1), spell_ordinal(20), spell_ordinal(142)
    ('first', 'twentieth', 'one hundred forty-second')

    Notebook: 03a_text_and_phonemes
    """
    words = spell_number(n)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return words[:cut] + _IRREGULAR.get(last, regular)


def spell_year(year: int) -> str:
    """Spell a year: two digits and two digits, where people read it so.

    1999 is nineteen ninety-nine, 1905 nineteen oh five, 1900 nineteen hundred. Years whose second digit is 0 and third
    digit is 0 (1000 to 1009, 2000 to 2009), and those below 1000, are read as numbers.

    Parameters
    ----------
    year : int
        1 to 9999.

    Raises
    ------
    AudioCourseError
        If the year is outside of that range.

    Examples
    --------
    >>> spell_year(1905), spell_year(2005), spell_year(2026)
    ('nineteen oh five', 'two thousand five', 'twenty twenty-six')

    Notebook: 03a_text_and_phonemes
    """
    if isinstance(year, bool) or not isinstance(year, int) or not 1 <= year <= 9999:
        raise AudioCourseError(f"{year!r} is not a year: pass a whole number from 1 to 9999.")
    century, rest = divmod(year, 100)
    if year < 1000 or (century % 10 == 0 and rest < 10):
        return spell_number(year)
    if rest == 0:
        return f"{spell_number(century)} hundred"
    return f"{spell_number(century)} {'oh ' if rest < 10 else ''}{spell_number(rest)}"


def spell_digits(digits: str) -> str:
    """Spell each digit by itself; what is not a digit is skipped.

    Examples
    --------
    >>> spell_digits("007")
    'zero zero seven'

    Notebook: 03a_text_and_phonemes
    """
    return " ".join(_SMALL[int(digit)] for digit in digits if digit in "0123456789")


def spell_numeral(numeral: str) -> str:
    """Spell digits as they are written: with commas between thousands, with decimals, or with leading zeros.

    Decimals are read one by one. A whole part with a leading zero, or of more than 15 digits, is not a quantity but a
    code, and is read digit by digit, too.

    Examples
    --------
    >>> spell_numeral("1,234"), spell_numeral("3.50"), spell_numeral("007")
    ('one thousand two hundred thirty-four', 'three point five zero', 'zero zero seven')

    Notebook: 03a_text_and_phonemes
    """
    whole, point, decimals = numeral.replace(",", "").partition(".")
    is_code = len(whole) > LONGEST or (len(whole) > 1 and whole.startswith("0"))
    words = spell_digits(whole) if is_code else spell_number(int(whole or "0"))
    return f"{words} point {spell_digits(decimals)}" if point else words


def _below_thousand(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= 20 and rest % 10:
        words.append(f"{_TENS[rest // 10]}-{_SMALL[rest % 10]}")
    elif rest:
        words.append(_TENS[rest // 10] if rest >= 20 else _SMALL[rest])
    return " ".join(words)
