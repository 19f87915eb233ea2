"""Who is misheard how often: error rates by language, by voice, by noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from audiocourse.asr.scoring import count_errors
from audiocourse.errors import AudioCourseError


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
    wrong, said = Counter[str](), Counter[str]()
    for group, bad, length in zip(groups, errors, words, strict=True):
        wrong[group] += bad
        said[group] += length
    if empty := [group for group, length in said.items() if length <= 0]:
        raise AudioCourseError(f"Nothing is said in group {empty[0]!r}, so it has no error rate: leave it out.")
    return {group: wrong[group] / length for group, length in said.items()}
