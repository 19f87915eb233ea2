"""Error rates of a detector that compares a score with a threshold: two kinds of errors, and where they are equal.

A trial has a score, and either is a target (synthetic speech, the claimed speaker) or is not. A target whose score is
below the threshold is a miss; anything else whose score is not below it is a false alarm.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from audiocourse.arrays import BoolArray, FloatArray
from audiocourse.errors import AudioCourseError


class ErrorRates(NamedTuple):
    """Miss rate and false alarm rate at each threshold; all three are arrays of one length, the thresholds ascend."""

    thresholds: FloatArray
    miss: FloatArray
    false_alarm: FloatArray


def error_rates(scores: FloatArray, targets: BoolArray) -> ErrorRates:
    """Count both kinds of errors at every threshold that makes a difference.

    miss(θ) = P(s < θ | target), false_alarm(θ) = P(s ≥ θ | no target).

    Parameters
    ----------
    scores : np.ndarray [shape=(trials,)]
        s, higher for targets.
    targets : np.ndarray [shape=(trials,), dtype=bool]
        Which trials are targets.

    Returns
    -------
    ErrorRates
        Three arrays [shape=(thresholds,)]: every different score, and +∞, at which everything is rejected.

    Raises
    ------
    AudioCourseError
        If the lengths differ, a score is not finite, or there are only targets or none.
    """
    require_trials(scores, targets)
    thresholds = np.append(np.unique(scores), np.inf)
    miss = np.searchsorted(np.sort(scores[targets]), thresholds) / targets.sum()
    false_alarm = 1 - np.searchsorted(np.sort(scores[~targets]), thresholds) / (~targets).sum()
    return ErrorRates(thresholds, miss, false_alarm)


def equal_error_rate(scores: FloatArray, targets: BoolArray) -> float:
    """Find the error rate at the threshold where misses and false alarms are as nearly equal as they can be.

    EER = min_θ max(P(s < θ | target), P(s ≥ θ | no target)): (trials,), (trials,) -> float. 0 for scores that a
    threshold separates, 0.5 for scores without information, 1 for those of the wrong sign.
    """
    _, miss, false_alarm = error_rates(scores, targets)
    return float(np.min(np.maximum(miss, false_alarm)))


def require_trials(values: FloatArray, targets: BoolArray) -> None:
    """Refuse scores or features that are not finite, labels that do not fit them, and labels of one class."""
    if not isinstance(targets, np.ndarray) or targets.dtype != bool or targets.ndim != 1 or len(values) != len(targets):
        raise AudioCourseError(
            f"Each example needs one yes or no: {len(values)} examples have labels of shape {np.shape(targets)} and "
            f"dtype {np.asarray(targets).dtype}."
        )
    if targets.all() or not targets.any():
        raise AudioCourseError("All examples are of one class: error rates need targets and others.")
    if not np.isfinite(values).all():
        raise AudioCourseError("The examples hold NaN or infinite values: find the one that produced them.")
