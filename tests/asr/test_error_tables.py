"""Error rates of groups: pooled, in order, refused where they mean nothing."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from audiocourse.asr.error_tables import edit_distance, rates_by_group
from audiocourse.asr.scoring import word_error_rate


def distance_by_recursion(a: list[str], b: list[str]) -> int:
    """Try every edit at every place: slow and plain."""
    if not a or not b:
        return len(a) + len(b)
    same = distance_by_recursion(a[1:], b[1:]) + (a[0] != b[0])
    return min(same, distance_by_recursion(a[1:], b) + 1, distance_by_recursion(a, b[1:]) + 1)


def test_the_distance_is_the_fewest_edits(rng: np.random.Generator) -> None:
    for n, m in product(range(5), range(5)):
        a, b = (list(rng.choice(["x", "y"], k)) for k in (n, m))
        assert edit_distance(a, b) == distance_by_recursion(a, b)


def test_a_group_is_pooled_not_averaged() -> None:
    groups = ["de", "en", "de"]
    said, heard = ["ja", "yes", "eins zwei drei vier"], ["nein", "yes", "eins zwei drei vier"]
    errors = [edit_distance(a.split(), b.split()) for a, b in zip(said, heard, strict=True)]
    words = [len(text.split()) for text in said]
    assert rates_by_group(groups, errors, words) == {"de": pytest.approx(1 / 5), "en": 0.0}
    assert rates_by_group(["all"] * 3, errors, words)["all"] == pytest.approx(word_error_rate(said, heard))


def test_tables_that_mean_nothing_are_refused(refuses) -> None:
    with refuses("1 groups, 2 counts of errors and 2 of words"):
        rates_by_group(["de"], [0, 0], [1, 1])
    with refuses("group 'fr'"):
        rates_by_group(["de", "fr"], [0, 1], [1, 0])
