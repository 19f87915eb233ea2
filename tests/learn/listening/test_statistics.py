"""The exact binomial test and its interval equal SciPy's; a sentence says what was shown, and when nothing was."""

from __future__ import annotations

import pytest
from conftest import Refuses
from scipy.stats import binomtest

from audiocourse.learn.listening.statistics import (
    binomial_test,
    clopper_pearson,
    percent,
    significance_sentences,
    staircase_threshold,
)

COUNTS = [(k, n) for n in (1, 2, 5, 16, 31, 100) for k in range(n + 1)]


@pytest.mark.parametrize("two_sided", [False, True])
@pytest.mark.parametrize("chance", [0.5, 1 / 3])
def test_p_values_equal_those_of_scipy(two_sided: bool, chance: float) -> None:
    alternative = "two-sided" if two_sided else "greater"
    for k, n in COUNTS:
        peer = binomtest(k, n, chance, alternative=alternative).pvalue
        assert binomial_test(k, n, chance=chance, two_sided=two_sided) == pytest.approx(peer, rel=1e-9), (k, n)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_intervals_equal_those_of_scipy(confidence: float) -> None:
    for k, n in COUNTS:
        peer = binomtest(k, n).proportion_ci(confidence_level=confidence, method="exact")
        assert clopper_pearson(k, n, confidence=confidence) == pytest.approx(tuple(peer), abs=1e-9), (k, n)


def test_fourteen_of_sixteen_is_hardly_chance() -> None:
    lines = significance_sentences(14, 16, what="right")
    assert lines[0] == "14 of 16 right; chance alone gives that many or more in 0.2 % of tests."
    assert lines[1].startswith("The long-run share lies between 62 % and 98 %")
    assert len(lines) == 2


@pytest.mark.parametrize(("right", "shows"), [(11, False), (12, True)])
def test_it_says_when_nothing_was_shown(right: int, shows: bool) -> None:
    """At 16 trials the line of 5 % lies between 11 (10.5 %) and 12 (3.8 %)."""
    assert ("This shows nothing" in " ".join(significance_sentences(right, 16, what="right"))) is not shows


def test_a_preference_goes_either_way() -> None:
    few = significance_sentences(2, 16, what="for A", two_sided=True)
    many = significance_sentences(14, 16, what="for A", two_sided=True)
    assert "0.4 % of tests" in few[0]
    assert "0.4 % of tests" in many[0]
    assert "100 % of tests" in significance_sentences(2, 16, what="right")[0]


@pytest.mark.parametrize(
    ("p", "text"), [(1.0, "100 %"), (0.105, "10 %"), (0.038, "3.8 %"), (0.002, "0.2 %"), (1e-9, "less than 0.1 %")]
)
def test_percentages_are_short(p: float, text: str) -> None:
    assert percent(p) == text


def test_a_threshold_is_the_mean_of_the_last_reversals() -> None:
    assert staircase_threshold([9, 1, 4, 2, 4, 2, 4, 2]) == 3.0, "the first two are left out"
    assert staircase_threshold([9, 4, 2]) == 3.0, "an even number of them"
    assert staircase_threshold([9]) is None


def test_impossible_counts_are_refused(refuses: Refuses) -> None:
    with refuses("17 of 16"):
        binomial_test(17, 16)
    with refuses("0 of 0"):
        clopper_pearson(0, 0)
