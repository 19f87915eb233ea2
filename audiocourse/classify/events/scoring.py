"""How well sound events are detected: segment by segment, or event by event with a collar.

An event is a tuple ``(start, end, label)`` in seconds, and every measure takes one list of events for each recording,
for the references and for the estimates. Events of different labels may overlap, events of the same label may not.
Measures by intersection are in `audiocourse.classify.events.intersection`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from audiocourse.classify.events.from_scratch import match_events
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import LabelledSegment
from audiocourse.require import require_events, require_seconds

Events: TypeAlias = Sequence[LabelledSegment]


class Counts(NamedTuple):
    """How many segments or events of a class are in the reference, how many in the estimates, how many in both.

    precision = TP / N_est, recall = TP / N_ref, F1 = 2 TP / (N_ref + N_est). A ratio of 0 to 0 is NaN.
    """

    true_positives: int
    reference: int
    estimated: int

    @property
    def precision(self) -> float:
        """The share of the estimates that are right."""
        return _ratio(self.true_positives, self.estimated)

    @property
    def recall(self) -> float:
        """The share of the reference that was found."""
        return _ratio(self.true_positives, self.reference)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _ratio(2 * self.true_positives, self.reference + self.estimated)


class ErrorRate(NamedTuple):
    """Substitutions, deletions and insertions as shares of the active segments of the reference, and their sum."""

    substitutions: float
    deletions: float
    insertions: float

    @property
    def error_rate(self) -> float:
        """All errors as a share of the reference; above 1 where there are more errors than references."""
        return self.substitutions + self.deletions + self.insertions


def segment_f1(references: Sequence[Events], estimates: Sequence[Events], *, segment_seconds: float = 1.0) -> float:
    """Compute the overall (micro-averaged) segment-based F1.

    Time is cut into segments k of s seconds, [k s, (k + 1) s). A class is active in every segment that one of its
    events touches: from ⌊start / s⌋ to ⌈end / s⌉ − 1. Over all recordings, segments and classes,
    F1 = 2 TP / (N_ref + N_est), TP the number of pairs (segment, class) that are active in both.

    Parameters
    ----------
    references, estimates : list of list of (start, end, label)
        One list of events for each recording, in the same order; times in seconds.
    segment_seconds : float
        s, the length of a segment.

    Returns
    -------
    float
        0 to 1; 1 where neither the references nor the estimates hold an event, so that nothing was to be found.

    Raises
    ------
    AudioCourseError
        If the numbers of recordings differ, or something is not an event, or two events of a label overlap.

    Examples
    --------
    >>> segment_f1([[(0.5, 2.5, "siren")]], [[(0.9, 2.0, "siren"), (0.0, 1.0, "alarm")]])
    0.6666666666666666

    Source: A. Mesaros, T. Heittola and T. Virtanen, Metrics for polyphonic sound event detection, Applied Sciences
    6(6), 2016, doi:10.3390/app6060162 (the package sed_eval).

    Notebook: 04c_sound_events
    """
    total = overall(segment_counts(references, estimates, segment_seconds=segment_seconds))
    return total.f1 if total.reference + total.estimated else 1.0


def segment_counts(
    references: Sequence[Events], estimates: Sequence[Events], *, segment_seconds: float = 1.0
) -> dict[str, Counts]:
    """Count the active segments of each class; see `segment_f1` for arguments and errors.

    Returns
    -------
    dict of str to Counts
        For each label of the references or the estimates, sorted.

    Notebook: 04c_sound_events
    """
    cells = [_active_cells(files, segment_seconds) for files in require_event_lists(references, estimates)]
    both = cells[0] & cells[1]
    labels = sorted({label for _, _, label in cells[0] | cells[1]})
    tallies = [Counter(label for _, _, label in each) for each in (both, *cells)]
    return {label: Counts(*(tally[label] for tally in tallies)) for label in labels}


def segment_error_rate(
    references: Sequence[Events], estimates: Sequence[Events], *, segment_seconds: float = 1.0
) -> ErrorRate:
    """Compute the segment-based error rate: a missed and a wrong class in one segment are one substitution.

    In segment k with N_ref active classes in the reference, N_est in the estimate and TP in both: S = min(N_ref, N_est)
    − TP, D = max(0, N_ref − N_est), I = max(0, N_est − N_ref); ER = Σ_k (S + D + I) / Σ_k N_ref.

    Parameters
    ----------
    references, estimates, segment_seconds
        As in `segment_f1`.

    Returns
    -------
    ErrorRate
        The three shares; ``error_rate`` is their sum.

    Raises
    ------
    AudioCourseError
        As `segment_f1`, and if there is no event in the references.

    Examples
    --------
    >>> segment_error_rate([[(0.0, 2.0, "siren")]], [[(0.0, 1.0, "alarm")]])
    ErrorRate(substitutions=0.5, deletions=0.5, insertions=0.0)

    Source: as `segment_f1`.

    Notebook: 04c_sound_events
    """
    reference, estimated = (
        _active_cells(files, segment_seconds) for files in require_event_lists(references, estimates)
    )
    if not reference:
        raise AudioCourseError("There is no event in the references, so an error relative to them is not defined.")
    errors = np.zeros(3)
    both, ours, theirs = (
        Counter((file, k) for file, k, _ in each) for each in (reference & estimated, reference, estimated)
    )
    for place in {(file, k) for file, k, _ in reference | estimated}:
        n_reference = ours[place]
        n_estimated = theirs[place]
        errors += (
            min(n_reference, n_estimated) - both[place],
            max(0, n_reference - n_estimated),
            max(0, n_estimated - n_reference),
        )
    return ErrorRate(*(float(count) / len(reference) for count in errors))


def event_counts(
    references: Sequence[Events], estimates: Sequence[Events], *, collar: float = 0.2, share: float = 0.5
) -> dict[str, Counts]:
    """Count the events of each class: in the references, in the estimates, and in a largest one-to-one matching.

    An estimate may be matched with a reference of its label if |Δonset| ≤ collar and |Δoffset| ≤ max(collar, share ·
    duration of the reference).

    Parameters
    ----------
    references, estimates : list of list of (start, end, label)
        One list of events for each recording, in the same order; times in seconds.
    collar : float
        In seconds.
    share : float
        0 to 1.

    Returns
    -------
    dict of str to Counts
        For each label of the references or the estimates, sorted.

    Raises
    ------
    AudioCourseError
        If the numbers of recordings differ, or something is not an event, or two events of a label overlap.

    Examples
    --------
    >>> event_counts([[(1.0, 2.0, "siren")]], [[(1.1, 2.4, "siren")]])
    {'siren': Counts(true_positives=1, reference=1, estimated=1)}

    Source: as `segment_f1`.

    Notebook: 04c_sound_events
    """
    require_event_lists(references, estimates)
    counts: dict[str, Counts] = defaultdict(lambda: Counts(0, 0, 0))
    for reference, estimated in zip(references, estimates, strict=True):
        for label in {event[2] for event in (*reference, *estimated)}:
            ours = [event for event in reference if event[2] == label]
            theirs = [event for event in estimated if event[2] == label]
            matched = match_events(ours, theirs, collar=collar, share=share)
            found = Counts(len(matched), len(ours), len(theirs))
            counts[label] = Counts(*(a + b for a, b in zip(counts[label], found, strict=True)))
    return dict(sorted(counts.items()))


def overall(counts: Mapping[str, Counts]) -> Counts:
    """Add the counts of all classes; the F1 of the sum is the micro-average, dominated by frequent classes.

    >>> overall({"rain": Counts(8, 8, 8), "gunshot": Counts(0, 2, 2)}).f1
    0.8

    Notebook: 04c_sound_events
    """
    return Counts(*(sum(count[k] for count in counts.values()) for k in range(3)))


def class_wise_f1(counts: Mapping[str, Counts], *, classes: Sequence[str] | None = None) -> float:
    """Average the F1 of the classes: the macro-average, in which a rare class weighs as much as a frequent class.

    Parameters
    ----------
    counts : mapping of str to Counts
        As `segment_counts` or `event_counts` return them.
    classes : sequence of str, optional
        The classes to average over; without it, those of the references. A class without any reference or estimate is
        left out; a class that was only estimated has F1 = 0.

    Returns
    -------
    float
        0 to 1; NaN if no class is left.

    Examples
    --------
    >>> class_wise_f1({"rain": Counts(8, 8, 8), "gunshot": Counts(0, 2, 2)})
    0.5

    Notebook: 04c_sound_events
    """
    if classes is None:
        classes = [label for label, count in counts.items() if count.reference]
    values = [counts[label].f1 for label in classes if label in counts]
    return float(np.mean(values)) if values else math.nan


def require_event_lists(
    references: Sequence[Events], estimates: Sequence[Events]
) -> tuple[Sequence[Events], Sequence[Events]]:
    """Refuse numbers of recordings that differ, and anything that is not an event; return both."""
    if len(references) != len(estimates):
        raise AudioCourseError(
            f"There are {len(references)} references and {len(estimates)} estimates: pass a list of events for each "
            "recording in both, an empty list where there is none."
        )
    for name, files in (("reference", references), ("estimate", estimates)):
        for events in files:
            require_events(events, name)
    return references, estimates


def _active_cells(files: Sequence[Events], segment_seconds: float) -> set[tuple[int, int, str]]:
    """Return (recording, segment, label) of every active segment."""
    require_seconds(segment_seconds=segment_seconds)
    return {
        (file, k, label)
        for file, events in enumerate(files)
        for start, end, label in events
        for k in range(math.floor(start / segment_seconds), math.ceil(end / segment_seconds))
    }


def _ratio(numerator: int, denominator: int) -> float:
    """Divide; 0 / 0 is NaN."""
    return numerator / denominator if denominator else math.nan
