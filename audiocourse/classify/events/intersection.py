"""How well sound events are detected, by intersection: no collar, and no single threshold.

::

    detections ∩ references → detection tolerance, ground truth tolerance → true positives
                            → what fails the first: false positives, cross-triggers → rates per hour
    one such operating point for each threshold → a PSD-ROC curve of each class → their mean → the area under it, PSDS

Source of all measures: Ç. Bilen, G. Ferroni, F. Tuveri, J. Azcarreta and S. Krstulović, A framework for the robust
evaluation of sound event detection, ICASSP 2020, arXiv:1910.08440 (the package psds_eval).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from audiocourse.arrays import BoolArray, FloatArray
from audiocourse.classify.events.scoring import Events, require_event_lists
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import LabelledSegment
from audiocourse.require import is_number, require_between, require_events, require_seconds

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Tolerances:
    """The shares that decide: of a detection, of a reference, and of a detection that lies in another class.

    detection : share of a detection that must lie in references of its class (ρ_DTC)
    ground_truth : share of a reference that such detections must cover (ρ_GTC)
    cross_trigger : share of a failed detection in references of another class that makes it a cross-trigger (ρ_CTTC)
    """

    detection: float = 0.7
    ground_truth: float = 0.7
    cross_trigger: float = 0.3

    def __post_init__(self) -> None:
        require_between("detection", self.detection, 0, 1)
        require_between("ground_truth", self.ground_truth, 0, 1)
        require_between("cross_trigger", self.cross_trigger, 0, 1)


class OperatingPoint(NamedTuple):
    """Scores of the detections at one threshold: for each class the share of references found and two rates per hour.

    true_positive_ratio, false_positives_per_hour : (classes,)
    cross_triggers_per_hour : (classes, classes), of the detected class in each hour of another; NaN on the diagonal
    """

    true_positive_ratio: FloatArray
    false_positives_per_hour: FloatArray
    cross_triggers_per_hour: FloatArray


class PsdRoc(NamedTuple):
    """A polyphonic sound detection ROC curve, a staircase from (0, …).

    per_hour : (points,), the effective false positives per hour e
    ratio : (points,), the effective true positive ratio from e on, up to the next point
    """

    per_hour: FloatArray
    ratio: FloatArray


def detection_tolerance(reference: Events, estimated: Events, *, share: float) -> BoolArray:
    """Decide which detections meet the detection tolerance criterion.

    A detection d meets it if Σ_r |d ∩ r| ≥ share · |d|, over the references r of its label; |·| is a duration.

    Parameters
    ----------
    reference, estimated : list of (start, end, label)
        The events of one recording, in seconds, in any order; events of the same label do not overlap.
    share : float
        ρ_DTC, above 0 and at most 1.

    Returns
    -------
    np.ndarray [shape=(len(estimated),), dtype=bool]
        In the order of the estimates.

    Raises
    ------
    AudioCourseError
        If something is not an event, events of the same label overlap, or share is out of range.

    Examples
    --------
    >>> rain = [(0.0, 1.0, "rain"), (1.5, 3.0, "rain")]
    >>> detection_tolerance(rain, [(0.0, 2.0, "rain"), (0.0, 1.0, "siren")], share=0.7)
    array([ True, False])

    Notebook: 04c_sound_events
    """
    require_events(reference, "reference")
    require_events(estimated, "estimate")
    if require_between("share", share, 0, 1) == 0:
        raise AudioCourseError("share is 0, so every detection would meet the criterion: give more than 0.")
    return _share_within(estimated, reference) >= share


def operating_point(
    references: Sequence[Events], estimates: Sequence[Events], *, seconds: Sequence[float], tolerances: Tolerances
) -> OperatingPoint:
    """Score detections by intersection.

    A reference is found if the detections of its class that meet the detection tolerance cover at least the share
    ρ_GTC of it. A detection that fails the detection tolerance is a false positive; if at least the share ρ_CTTC of it
    lies in references of another class, it is a cross-trigger of that class as well.

    Parameters
    ----------
    references, estimates : list of list of (start, end, label)
        One list of events for each recording, in the same order; times in seconds.
    seconds : list of float
        The duration of each recording.
    tolerances : Tolerances
        The three shares.

    Returns
    -------
    OperatingPoint
        The classes are the labels of the references, sorted.

    Raises
    ------
    AudioCourseError
        If the numbers of recordings differ, something is not an event, events of the same label overlap, an event ends
        after its recording, there is no reference, or a label occurs in the estimates only.

    Notebook: 04c_sound_events
    """
    classes = _require_recordings(references, estimates, seconds)
    found = np.zeros(len(classes))
    failed = np.zeros(len(classes))
    crossed = np.zeros((len(classes), len(classes)))
    for reference, estimated in zip(_lasting(references), _lasting(estimates), strict=True):
        meets = _share_within(estimated, reference) >= tolerances.detection
        good = [event for event, met in zip(estimated, meets, strict=True) if met]
        for event, share in zip(reference, _share_within(reference, good), strict=True):
            touched = any(_overlap(event, other) > 0 for other in good if other[2] == event[2])
            found[classes.index(event[2])] += touched and share >= tolerances.ground_truth
        for event, met in zip(estimated, meets, strict=True):
            if not met:
                row = classes.index(event[2])
                failed[row] += 1
                crossed[row] += _crossed(event, reference, classes, tolerances.cross_trigger)
    events = [event for reference in _lasting(references) for event in reference]
    number = np.array([sum(event[2] == label for event in events) for label in classes])
    active = np.array([sum(end - start for start, end, own in events if own == label) for label in classes])
    np.fill_diagonal(crossed, np.nan)
    hours = sum(seconds) / SECONDS_PER_HOUR
    return OperatingPoint(found / number, failed / hours, crossed / (active / SECONDS_PER_HOUR))


def psd_roc(
    points: Sequence[OperatingPoint], *, cross_trigger_cost: float = 0.0, instability_cost: float = 1.0
) -> PsdRoc:
    """Join operating points into the PSD-ROC curve.

    e_c = FP_c per hour + α_CT · mean over other classes of CT_c per hour; r_c(e) is the best true positive ratio of
    class c at no more than e; r(e) = max(0, mean_c r_c(e) − α_ST · std_c r_c(e)).

    Parameters
    ----------
    points : list of OperatingPoint
        One for each threshold, in any order.
    cross_trigger_cost, instability_cost : float
        α_CT from 0 to 1, and α_ST, 0 or more.

    Returns
    -------
    PsdRoc
        The curve. It may fall where one class improves and the others do not.

    Raises
    ------
    AudioCourseError
        If there is no operating point, or a cost is out of range.

    Notebook: 04c_sound_events
    """
    if not points:
        raise AudioCourseError("There is no operating point: pass the detections of at least one threshold.")
    require_between("cross_trigger_cost", cross_trigger_cost, 0, 1)
    require_between("instability_cost", instability_cost, 0, 100)
    ratio = np.stack([point.true_positive_ratio for point in points], axis=1)  # (classes, points)
    per_hour = np.stack([_effective_rate(point, cross_trigger_cost) for point in points], axis=1)
    rates = np.unique(np.append(per_hour, 0.0))
    curves = np.stack([_staircase(rates, *own) for own in zip(per_hour, ratio, strict=True)])  # (classes, rates)
    return PsdRoc(rates, np.maximum(0, curves.mean(axis=0) - instability_cost * curves.std(axis=0)))


def psds(curve: PsdRoc, *, max_per_hour: float = 100.0) -> float:
    """Compute the polyphonic sound detection score, the normalised area under the PSD-ROC.

    PSDS = (1 / e_max) ∫ r(e) de for e from 0 to e_max; the last value holds beyond the end of the curve.

    Parameters
    ----------
    curve : PsdRoc
        As `psd_roc` returns it.
    max_per_hour : float
        e_max, in effective false positives per hour.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    AudioCourseError
        If max_per_hour is not above 0.

    Examples
    --------
    >>> psds(PsdRoc(np.array([0.0, 50.0]), np.array([0.2, 0.6])), max_per_hour=100)
    0.4

    Notebook: 04c_sound_events
    """
    if not is_number(max_per_hour) or not 0 < max_per_hour < np.inf:
        raise AudioCourseError(f"max_per_hour is {max_per_hour!r}, but it must be a rate above 0.")
    within = curve.per_hour < max_per_hour
    edges = np.append(curve.per_hour[within], max_per_hour)
    return float(np.sum(np.diff(edges) * curve.ratio[within]) / max_per_hour)


def _lasting(files: Sequence[Events]) -> list[list[LabelledSegment]]:
    """Leave out events without a duration, which can neither cover anything nor be covered."""
    return [[event for event in events if event[1] > event[0]] for events in files]


def _duration(event: LabelledSegment) -> float:
    """Return the duration in seconds, not quite 0, so that it can be divided by."""
    return max(event[1] - event[0], 1e-12)


def _overlap(a: LabelledSegment, b: LabelledSegment) -> float:
    """Measure the intersection of two events in seconds, whatever their labels."""
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0]))


def _share_within(events: Events, others: Events) -> FloatArray:
    """Return for each event which share of it lies in others of the same label: (len(events),)."""
    return np.array(
        [
            sum(_overlap(event, other) / _duration(event) for other in others if other[2] == event[2])
            for event in events
        ],
        dtype=np.float64,
    )


def _crossed(event: LabelledSegment, reference: Events, classes: list[str], share: float) -> FloatArray:
    """Return 1 for each other class in which a failed detection lies with at least this share: (classes,)."""
    within = np.zeros(len(classes))
    for other in reference:
        within[classes.index(other[2])] += _overlap(event, other) / _duration(event)
    return ((within > 0) & (within >= share)).astype(np.float64)


def _effective_rate(point: OperatingPoint, cross_trigger_cost: float) -> FloatArray:
    """Return e_c of each class, in events per hour: (classes,)."""
    others = len(point.true_positive_ratio) - 1
    if not others or not cross_trigger_cost:
        return point.false_positives_per_hour
    crossed = np.nansum(point.cross_triggers_per_hour, axis=1) / others
    rate: FloatArray = point.false_positives_per_hour + cross_trigger_cost * crossed
    return rate


def _staircase(rates: FloatArray, per_hour: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return the best ratio at no more than each rate, 0 where there is none: (rates,)."""
    reached = np.where(per_hour <= rates[:, None], ratio, 0.0)  # (rates, points)
    best: FloatArray = reached.max(axis=1)
    return best


def _require_recordings(
    references: Sequence[Events], estimates: Sequence[Events], seconds: Sequence[float]
) -> list[str]:
    """Refuse lists that do not fit together; return the labels of the references, sorted."""
    require_event_lists(references, estimates)
    if len(seconds) != len(references):
        raise AudioCourseError(
            f"There are {len(references)} recordings, but {len(seconds)} durations: pass one for each."
        )
    for end_of_file, *files in zip(seconds, references, estimates, strict=True):
        require_seconds(seconds=end_of_file)
        late = [event for events in files for event in events if event[1] > end_of_file]
        if late:
            raise AudioCourseError(f"{late[0]!r} ends after its recording of {end_of_file:g} s: clip it first.")
    classes = sorted({event[2] for reference in _lasting(references) for event in reference})
    if not classes:
        raise AudioCourseError("There is no event in the references, so no class can be scored: pass some.")
    foreign = {event[2] for estimated in estimates for event in estimated} - set(classes)
    if foreign:
        raise AudioCourseError(
            f"The references hold no {sorted(foreign)[0]!r}, so its detections cannot be scored: leave that class out."
        )
    return classes
