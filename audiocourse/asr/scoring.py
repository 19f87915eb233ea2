"""How wrong transcripts are: the cheapest way to turn the reference into each, in words or characters, by group."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from rapidfuzz.distance import Levenshtein

from audiocourse.errors import AudioCourseError
from audiocourse.signal import IntArray

_LARGEST_TABLE = 1_000_000  # cells: a thousand words or characters in each text, 8 MB
Operation = Literal["=", "S", "D", "I"]


@dataclass(frozen=True)
class Edit:
    """One column of an alignment.

    Parameters
    ----------
    operation : {"=", "S", "D", "I"}
        Equal, substitution, deletion (the recogniser left it out), insertion (the recogniser made it up).
    reference, hypothesis : str
        The word or character of each text; empty where there is none.

    Notebook: ex01_multilingual_asr
    """

    operation: Operation
    reference: str
    hypothesis: str


@dataclass(frozen=True)
class ErrorCounts:
    """Errors over one text or a corpus: add the counts of texts, do not average their rates.

    rate = (S + D + I) / N, N the length of the reference. It has no upper bound: insertions are not limited.

    Parameters
    ----------
    substitutions, deletions, insertions : int
        S, D and I.
    length : int
        N: words or characters of the reference.

    Examples
    --------
    >>> (ErrorCounts(1, 0, 0, 2) + ErrorCounts(0, 0, 0, 8)).rate
    0.1

    Notebook: ex01_multilingual_asr
    """

    substitutions: int
    deletions: int
    insertions: int
    length: int

    @property
    def errors(self) -> int:
        """S + D + I."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Errors for each word (or character) of the reference.

        Raises
        ------
        AudioCourseError
            If the reference is empty.
        """
        if self.length == 0:
            raise AudioCourseError(
                "The reference is empty, so errors for each of its words are not defined: leave such texts out, or "
                "count their insertions apart."
            )
        return self.errors / self.length

    def __add__(self, other: ErrorCounts) -> ErrorCounts:
        return ErrorCounts(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.length + other.length,
        )


def align(reference: Sequence[str], hypothesis: Sequence[str]) -> list[Edit]:
    """Find a cheapest sequence of edits that turns the reference into the hypothesis.

    d[i, j] = min(d[i − 1, j] + 1, d[i, j − 1] + 1, d[i − 1, j − 1] + [r_i ≠ h_j]), d[i, 0] = i, d[0, j] = j: deletion,
    insertion, and substitution or match. The way back from the last corner takes the diagonal where it can, then a
    deletion. Other alignments may be as cheap; the number of errors is the same in all of them.

    Parameters
    ----------
    reference, hypothesis : sequence of str
        Words, or characters (a string is a sequence of them).

    Returns
    -------
    list of Edit
        In order; without insertions their number is the length of the reference.

    Source: V. Levenshtein, Binary codes capable of correcting deletions, insertions, and reversals, 1966; R. Wagner and
    M. Fischer, The string-to-string correction problem, JACM 21(1), 1974.

    Examples
    --------
    >>> [edit.operation for edit in align("the cat sat on it".split(), "the bat sat it".split())]
    ['=', 'S', '=', 'D', '=']

    Notebook: ex01_multilingual_asr
    """
    distance = _distances(reference, hypothesis)
    i = len(reference)
    j = len(hypothesis)
    edits: list[Edit] = []
    while i or j:
        here = distance[i, j]
        if i and j and here == distance[i - 1, j - 1] + (reference[i - 1] != hypothesis[j - 1]):
            i -= 1
            j -= 1
            operation: Operation = "=" if reference[i] == hypothesis[j] else "S"
            edits.append(Edit(operation, reference[i], hypothesis[j]))
        elif i and here == distance[i - 1, j] + 1:
            i -= 1
            edits.append(Edit("D", reference[i], ""))
        else:
            j -= 1
            edits.append(Edit("I", "", hypothesis[j]))
    return edits[::-1]


def count_errors(reference: Sequence[str], hypothesis: Sequence[str]) -> ErrorCounts:
    """Count substitutions, deletions and insertions of a cheapest alignment.

    S + D + I = d[N, M], see `align`. The table of an hour of speech does not fit into memory, so long texts go to
    rapidfuzz, which needs linear memory and finds the same number of errors.

    Parameters
    ----------
    reference, hypothesis : sequence of str
        Words, or characters.

    Returns
    -------
    ErrorCounts
        Also for an empty reference, which has no rate.

    Examples
    --------
    >>> count_errors("abc", "axcd")
    ErrorCounts(substitutions=1, deletions=0, insertions=1, length=3)

    Notebook: ex01_multilingual_asr
    """
    if len(reference) * len(hypothesis) > _LARGEST_TABLE:
        edits = Levenshtein.editops(reference, hypothesis)
        counted = Counter(edit.tag for edit in edits)
        return ErrorCounts(counted["replace"], counted["delete"], counted["insert"], len(reference))
    found = Counter(edit.operation for edit in align(reference, hypothesis))
    return ErrorCounts(found["S"], found["D"], found["I"], len(reference))


def edit_distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Count the fewest words to replace, delete or insert to turn the reference into the hypothesis.

    d[i, j] = min(d[i − 1, j] + 1, d[i, j − 1] + 1, d[i − 1, j − 1] + [r_i ≠ h_j]), d[i, 0] = i, d[0, j] = j; the
    distance is d[N, M].

    Parameters
    ----------
    reference, hypothesis : sequence of str
        Words.

    Returns
    -------
    int
        0 if they are equal.

    Examples
    --------
    >>> edit_distance(["we", "see", "it"], ["we", "see", "a", "bit"])
    2

    Source: V. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", 1966.

    Notebook: ex01_multilingual_asr
    """
    return count_errors(reference, hypothesis).errors


def word_errors(reference: str, hypothesis: str) -> ErrorCounts:
    """Count the errors in words, which are separated by white space.

    Parameters
    ----------
    reference, hypothesis : str
        Texts, both in the same normal form: "Two." and "two" are different words here.

    Returns
    -------
    ErrorCounts
        In words.

    Examples
    --------
    >>> word_errors("nine green plates", "nine plates").deletions
    1

    Notebook: ex01_multilingual_asr
    """
    return count_errors(_composed(reference).split(), _composed(hypothesis).split())


def character_errors(reference: str, hypothesis: str) -> ErrorCounts:
    """Count the errors in characters; the blanks between words count, white space at the ends does not.

    Parameters
    ----------
    reference, hypothesis : str
        Texts, both in the same normal form.

    Returns
    -------
    ErrorCounts
        In characters.

    Examples
    --------
    >>> character_errors("a cat", "acat").errors
    1

    Notebook: ex01_multilingual_asr
    """
    return count_errors(_composed(reference).strip(), _composed(hypothesis).strip())


def word_error_rate(references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Measure the word error rate over a corpus.

    WER = Σ (S + D + I) / Σ N: a long text weighs more than a short one.

    Parameters
    ----------
    references, hypotheses : list of str
        Texts, pair by pair.

    Returns
    -------
    float
        0 if all is right; 0.05 is "5 %"; more than 1 is possible.

    Raises
    ------
    AudioCourseError
        If the lists are not lists, of different lengths, or there is no word in any reference.

    Examples
    --------
    >>> word_error_rate(["one two", "one two three four five six seven eight"], ["one too", "one two three four five \
six seven eight"])
    0.1

    Notebook: ex01_multilingual_asr
    """
    pairs = _pairs(references, hypotheses)
    return sum((word_errors(*pair) for pair in pairs), ErrorCounts(0, 0, 0, 0)).rate


def character_error_rate(references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Measure the character error rate over a corpus.

    CER = Σ (S + D + I) / Σ N, in characters

    Parameters
    ----------
    references, hypotheses : list of str
        Texts, pair by pair.

    Returns
    -------
    float
        0 if all is right.

    Raises
    ------
    AudioCourseError
        If the lists are not lists, of different lengths, or there is no character in any reference.

    Examples
    --------
    >>> character_error_rate(["word"], ["ward"])
    0.25

    Notebook: ex01_multilingual_asr
    """
    pairs = _pairs(references, hypotheses)
    return sum((character_errors(*pair) for pair in pairs), ErrorCounts(0, 0, 0, 0)).rate


def rates_by_group(groups: Sequence[str], errors: Sequence[int], words: Sequence[int]) -> dict[str, float]:
    """Measure the word error rate of each group of texts.

    WER(g) = Σ errors / Σ words of the references, both sums over the texts of group g: a text counts by its length.

    Parameters
    ----------
    groups : sequence of str
        To which group each text belongs, such as its language.
    errors, words : sequence of int
        The errors in each text, see `edit_distance`, and the words of its reference.

    Returns
    -------
    dict
        A rate for each group, in the order in which the groups first occur.

    Raises
    ------
    AudioCourseError
        If the three are not equally long, or a group has no word in its references.

    Examples
    --------
    >>> rates_by_group(["de", "fr", "de"], [1, 1, 0], [2, 2, 6])
    {'de': 0.125, 'fr': 0.5}

    Notebook: ex01_multilingual_asr
    """
    if not len(groups) == len(errors) == len(words):
        raise AudioCourseError(
            f"There are {len(groups)} groups, {len(errors)} counts of errors and {len(words)} of words: pass one of "
            "each for every text."
        )
    group_errors = Counter[str]()
    group_words = Counter[str]()
    for group, text_errors, text_words in zip(groups, errors, words, strict=True):
        group_errors[group] += text_errors
        group_words[group] += text_words
    if empty := [group for group, count in group_words.items() if count <= 0]:
        raise AudioCourseError(f"The references of group {empty[0]!r} hold no words: leave it out.")
    return {group: group_errors[group] / count for group, count in group_words.items()}


def alignment_lines(edits: Sequence[Edit]) -> str:
    """Write an alignment as three lines of text, column under column, as NIST's sclite prints it.

    Parameters
    ----------
    edits : list of Edit
        See `align`.

    Returns
    -------
    str
        REF, HYP and OPS; stars fill the place of what is not there.

    Examples
    --------
    >>> print(alignment_lines(align("the cat sat".split(), "the bat sat down".split())))
    REF: the cat sat ****
    HYP: the bat sat down
    OPS:     S       I

    Notebook: ex01_multilingual_asr
    """
    rows: tuple[list[str], ...] = ([], [], [])
    for edit in edits:
        width = max(len(edit.reference), len(edit.hypothesis))
        mark = "" if edit.operation == "=" else edit.operation
        for row, cell in zip(rows, (edit.reference or "*" * width, edit.hypothesis or "*" * width, mark), strict=True):
            row.append(cell.ljust(width))
    return "\n".join(f"{name}: {' '.join(row)}".rstrip() for name, row in zip(("REF", "HYP", "OPS"), rows, strict=True))


def _distances(reference: Sequence[str], hypothesis: Sequence[str]) -> IntArray:
    """Fill the table d row by row.

    Within a row, insertions chain up: d[i, j] = min over k ≤ j of (best without insertions)[k] + (j − k), a running
    minimum once j is subtracted.
    """
    h = np.array(list(hypothesis), dtype=object)
    columns = np.arange(len(hypothesis) + 1)
    distance = np.empty((len(reference) + 1, len(hypothesis) + 1), dtype=np.int64)
    distance[0] = columns
    for i, r_i in enumerate(reference, start=1):
        row = distance[i - 1] + 1
        row[1:] = np.minimum(row[1:], distance[i - 1, :-1] + (h != r_i))
        distance[i] = np.minimum.accumulate(row - columns) + columns
    return distance


def _composed(text: str) -> str:
    """Write each accented letter as one character (NFC), however the editor or file system stored it."""
    if not isinstance(text, str):
        raise AudioCourseError(f"A text is a string, not {text!r}: leave out what was not transcribed, or pass ''.")
    return unicodedata.normalize("NFC", text)


def _pairs(references: Sequence[str], hypotheses: Sequence[str]) -> list[tuple[str, str]]:
    """Pair up two lists of texts."""
    if isinstance(references, str) or isinstance(hypotheses, str):
        raise AudioCourseError("A rate is measured over lists of texts: put a single text into a list, [text].")
    if len(references) != len(hypotheses):
        raise AudioCourseError(
            f"There are {len(references)} references and {len(hypotheses)} hypotheses: pass one of each for every text."
        )
    return list(zip(references, hypotheses, strict=True))
