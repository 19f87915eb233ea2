"""Scores relative to those of impostors: z-norm, t-norm, s-norm.

A cohort is a set of other speakers, none of whom is enrolled or tested. What a voiceprint or an utterance scores
against them says how high its scores are in any case.
"""

from __future__ import annotations

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray

LEAST_SPREAD = 1e-9


def z_norm(scores: FloatArray, cohort_of_models: FloatArray) -> FloatArray:
    """Normalise scores by what each enrolled speaker gets from impostors: z[e, t] = (s[e, t] − μ_e) / σ_e.

    Some voiceprints are similar to everyone. Relative to their own impostors, their scores are comparable with those
    of other voiceprints, and one threshold fits all.

    Parameters
    ----------
    scores : np.ndarray [shape=(models, tests)]
        s: enrolled speakers against test utterances.
    cohort_of_models : np.ndarray [shape=(models, cohort)]
        Scores of the same enrolled speakers against utterances of a cohort, none of whom is enrolled; their mean and
        standard deviation are μ_e and σ_e.

    Returns
    -------
    np.ndarray [shape=(models, tests)]
        float64.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit, the cohort has fewer than two scores, or a value is not finite.

    Examples
    --------
    >>> z_norm(np.array([[0.9], [0.9]]), np.array([[0.1, 0.3], [0.6, 0.8]])).round(1)
    array([[7.],
           [2.]])

    Source: R. Auckenthaler et al., Score normalization for text-independent speaker verification systems, Digital
    Signal Processing 10, 2000 (z- and t-norm).
    """
    mean, spread = _cohort_statistics(cohort_of_models, rows=_require_scores(scores).shape[0], what="enrolled speaker")
    return (scores - mean[:, None]) / spread[:, None]


def t_norm(scores: FloatArray, cohort_of_tests: FloatArray) -> FloatArray:
    """Normalise scores by what each test utterance gets from other voiceprints: t[e, t] = (s[e, t] − μ_t) / σ_t.

    Parameters
    ----------
    scores : np.ndarray [shape=(models, tests)]
        s: enrolled speakers against test utterances.
    cohort_of_tests : np.ndarray [shape=(tests, cohort)]
        Scores of the same test utterances against voiceprints of a cohort; their mean and standard deviation are μ_t
        and σ_t.

    Returns
    -------
    np.ndarray [shape=(models, tests)]
        float64.

    Raises
    ------
    AudioCourseError
        As `z_norm`.
    """
    mean, spread = _cohort_statistics(cohort_of_tests, rows=_require_scores(scores).shape[1], what="test utterance")
    return (scores - mean) / spread


def s_norm(scores: FloatArray, cohort_of_models: FloatArray, cohort_of_tests: FloatArray) -> FloatArray:
    """Average `z_norm` and `t_norm`, which makes the score symmetric: (models, tests) -> (models, tests).

    s'[e, t] = ((s − μ_e) / σ_e + (s − μ_t) / σ_t) / 2, with cohorts (models, cohort) and (tests, cohort).

    Source: P. Kenny, Bayesian speaker verification with heavy-tailed priors, Odyssey 2010.
    """
    return (z_norm(scores, cohort_of_models) + t_norm(scores, cohort_of_tests)) / 2


def _require_scores(scores: FloatArray) -> FloatArray:
    array = np.asarray(scores)
    if array.ndim != 2 or array.dtype.kind != "f" or array.size == 0 or not np.isfinite(array).all():
        raise AudioCourseError(
            f"Scores must be finite floats of shape (models, tests), not {array.dtype} of shape {array.shape}."
        )
    return array


def _cohort_statistics(cohort: FloatArray, *, rows: int, what: str) -> tuple[FloatArray, FloatArray]:
    """Return mean and standard deviation of each row: (rows, cohort) -> (rows,), (rows,)."""
    array = np.asarray(cohort)
    if array.ndim != 2 or len(array) != rows or array.shape[1] < 2 or not np.isfinite(array).all():
        raise AudioCourseError(
            f"The cohort has shape {array.shape}: it needs one row for each {what} ({rows}) with at least two finite "
            "scores of impostors."
        )
    return array.mean(axis=1), np.maximum(array.std(axis=1), LEAST_SPREAD)
