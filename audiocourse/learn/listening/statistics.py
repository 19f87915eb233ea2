"""The statistics of a listening test: exact binomial test, Clopper–Pearson interval, threshold of a staircase."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from audiocourse.errors import AudioCourseError

SIGNIFICANCE = 0.05
CONFIDENCE = 0.95
REVERSALS_USED = 6  # an even number, so that upper and lower ones balance


def binomial_probability(successes: int, trials: int, *, chance: float = 0.5) -> float:
    """P(k) = C(n, k) · p^k · (1 − p)^(n − k), with k = successes, n = trials, p = chance."""
    return comb(trials, successes) * chance**successes * (1 - chance) ** (trials - successes)


def binomial_test(successes: int, trials: int, *, chance: float = 0.5, two_sided: bool = False) -> float:
    """Return how often chance alone gives a result at least as extreme: the p-value of the exact binomial test.

    One-sided: Σ P(i) over i ≥ k. Two-sided: Σ P(i) over all i that are at most as probable as k.

    Parameters
    ----------
    successes : int
        k, from 0 to n.
    trials : int
        n, independent of each other.
    chance : float
        p, the probability of a success by guessing.
    two_sided : bool
        Whether few successes count as much as many: a preference can go either way, a right answer cannot.

    Raises
    ------
    AudioCourseError
        If there are no trials, or more successes than trials.

    Examples
    --------
    >>> round(binomial_test(14, 16), 4)
    0.0021
    """
    _require_counts(successes, trials)
    probabilities = [binomial_probability(i, trials, chance=chance) for i in range(trials + 1)]
    if not two_sided:
        return min(1.0, sum(probabilities[successes:]))
    limit = probabilities[successes] * (1 + 1e-7)  # equal but for rounding
    return min(1.0, sum(p for p in probabilities if p <= limit))


def clopper_pearson(successes: int, trials: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact confidence interval of a probability.

    With α = 1 − confidence, the lower end is the p for which k or more successes have probability α / 2, the upper end
    the p for which k or fewer have it. Both are quantiles of beta distributions: of B(k, n − k + 1) at α / 2 and of
    B(k + 1, n − k) at 1 − α / 2.

    Raises
    ------
    AudioCourseError
        If there are no trials, or more successes than trials.

    Examples
    --------
    >>> [round(end, 3) for end in clopper_pearson(14, 16)]
    [0.617, 0.984]

    Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 26(4), 1934.
    """
    from scipy.special import betaincinv

    _require_counts(successes, trials)
    tail = (1 - confidence) / 2
    failures = trials - successes
    low = float(betaincinv(successes, failures + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, failures, 1 - tail)) if failures else 1.0
    return low, high


def staircase_threshold(reversals: Sequence[int]) -> float | None:
    """Return the mean of the last reversals, an even number of them; None if there are fewer than two."""
    used = min(REVERSALS_USED, len(reversals) // 2 * 2)
    return sum(reversals[-used:]) / used if used else None


def significance_sentences(successes: int, trials: int, *, what: str, two_sided: bool = False) -> list[str]:
    """Describe a count: how often chance gives it, the confidence interval, and whether it shows anything.

    ``what`` completes "14 of 16 …".
    """
    p = binomial_test(successes, trials, two_sided=two_sided)
    low, high = clopper_pearson(successes, trials)
    extreme = "a split at least as uneven" if two_sided else "that many or more"
    lines = [
        f"{successes} of {trials} {what}; chance alone gives {extreme} in {percent(p)} of tests.",
        f"The long-run share lies between {percent(low)} and {percent(high)} (95 % confidence, Clopper–Pearson).",
    ]
    if p > SIGNIFICANCE:
        lines.append("This shows nothing, because chance explains it; nor does it prove that there is no difference.")
    return lines


def percent(p: float) -> str:
    """Write a probability as a percentage: whole from 10 % on, with one digit below."""
    if 0 < p < 0.0005:
        return "less than 0.1 %"
    return f"{100 * p:.1f} %" if 0 < p < 0.0995 else f"{100 * p:.0f} %"


def _require_counts(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials or trials < 1:
        raise AudioCourseError(f"{successes} of {trials} is not a count of successes: give 0 to n of at least 1 trial.")
