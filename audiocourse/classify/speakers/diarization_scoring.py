"""How well a diarisation fits its reference: the diarisation error rate and its parts, purity and coverage.

A turn is an `Interval` labelled with its speaker, or the same as a tuple ``(start, end, speaker)`` in seconds. Turns of
different speakers may overlap. Turns of one speaker that overlap or touch count as one, because a speaker does not
overlap with themselves. The labels of the hypothesis are arbitrary: "speaker-1" may be anyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from audiocourse.arrays import BoolArray, FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, LabelledSegment, merge_by_label
from audiocourse.require import is_number

Turns: TypeAlias = Sequence[Interval | LabelledSegment]


class DiarizationErrors(NamedTuple):
    """The seconds of each kind of error, and the seconds of speech in the reference to which they are related.

    Where n people speak at once, a second counts n times.
    """

    missed: float
    false_alarm: float
    confusion: float
    reference_seconds: float

    @property
    def error_rate(self) -> float:
        """DER = (missed + false alarm + confusion) / reference seconds; above 1 with many false alarms."""
        return (self.missed + self.false_alarm + self.confusion) / self.reference_seconds


class PurityCoverage(NamedTuple):
    """The share of the hypothesis in the main speaker of each cluster; the share of the reference in its main cluster.

    One cluster for everyone has full coverage and low purity, one cluster for each window the opposite.
    """

    purity: float
    coverage: float


class _Slices(NamedTuple):
    """Time cut at every boundary, so that in each slice the same people speak throughout.

    seconds [shape=(slices,)] is the duration of a slice, 0 where it is not scored; reference [shape=(speakers, slices)]
    and hypothesis [shape=(clusters, slices)] are true where someone speaks.
    """

    seconds: FloatArray
    reference: BoolArray
    hypothesis: BoolArray
    speakers: list[str]
    clusters: list[str]

    @property
    def shared(self) -> FloatArray:
        """C[r, h]: for how many seconds r and h speak at the same time [shape=(speakers, clusters)]."""
        seconds: FloatArray = (self.reference * self.seconds) @ self.hypothesis.T
        return seconds


def diarization_error_rate(
    reference: Turns, hypothesis: Turns, *, collar: float = 0.0, skip_overlap: bool = False
) -> float:
    """Compute the diarisation error rate of a recording.

    DER = (missed + false alarm + confusion) / total, each in seconds. Cut time at every boundary into slices k of d[k]
    seconds. In slice k, let R[k] people speak according to the reference and H[k] according to the hypothesis, and let
    M[k] of these be the same, after each label of the hypothesis was renamed to at most one speaker of the reference:

    missed      = Σ_k d[k] max(0, R[k] − H[k])
    false alarm = Σ_k d[k] max(0, H[k] − R[k])
    confusion   = Σ_k d[k] (min(R[k], H[k]) − M[k])
    total       = Σ_k d[k] R[k]

    Of all renamings the one with the smallest DER counts. Only Σ_k d[k] M[k] depends on it, so it is the one-to-one
    assignment with the most shared time (`speaker_mapping`).

    Parameters
    ----------
    reference, hypothesis : list of Interval or of (start, end, speaker)
        Turns in seconds, in any order.
    collar : float
        Seconds before and after each boundary of a turn in the reference that are not scored, because no one marks
        boundaries more precisely. NIST's customary value is 0.25. (pyannote.metrics takes both sides together: 0.5.)
    skip_overlap : bool
        Whether to leave out the time in which the reference has several speakers.

    Returns
    -------
    float
        DER as a ratio: 0 for a perfect hypothesis, without upper bound.

    Raises
    ------
    AudioCourseError
        If something is not a turn, collar is not a number of seconds from 0 on, or no speech is left to score.

    Examples
    --------
    >>> reference = [(0.0, 4.0, "anna"), (4.0, 8.0, "ben")]
    >>> diarization_error_rate(reference, [(0.0, 5.0, "x"), (5.0, 8.0, "y")])
    0.125
    >>> diarization_error_rate(reference, [(0.0, 8.0, "everyone")])
    0.5

    Source: NIST, The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan, section 6 (md-eval);
    H. Bredin, pyannote.metrics, Interspeech 2017.
    """
    return diarization_errors(reference, hypothesis, collar=collar, skip_overlap=skip_overlap).error_rate


def diarization_errors(
    reference: Turns, hypothesis: Turns, *, collar: float = 0.0, skip_overlap: bool = False
) -> DiarizationErrors:
    """Compute the parts of the diarisation error rate; see `diarization_error_rate` for formula, arguments, errors.

    >>> diarization_errors([(0.0, 4.0, "anna"), (4.0, 8.0, "ben")], [(1.0, 5.0, "x"), (5.0, 9.0, "y")])
    DiarizationErrors(missed=1.0, false_alarm=1.0, confusion=1.0, reference_seconds=8.0)
    """
    slices = _slices(reference, hypothesis, collar=collar, skip_overlap=skip_overlap)
    d = slices.seconds
    in_reference = slices.reference.sum(axis=0)  # R, (slices,)
    in_hypothesis = slices.hypothesis.sum(axis=0)  # H, (slices,)
    rows, columns = _assignment(slices.shared)
    matched = (slices.reference[rows] & slices.hypothesis[columns]).sum(axis=0)  # M, (slices,)
    parts = (
        np.maximum(0, in_reference - in_hypothesis),
        np.maximum(0, in_hypothesis - in_reference),
        np.minimum(in_reference, in_hypothesis) - matched,
        in_reference,
    )
    return DiarizationErrors(*(float(d @ part) for part in parts))


def pool_errors(errors: Iterable[DiarizationErrors]) -> DiarizationErrors:
    """Add the errors of several recordings, so that a second counts the same in each; labels are mapped in each alone.

    >>> pool_errors([DiarizationErrors(1, 0, 0, 2), DiarizationErrors(0, 0, 1, 18)]).error_rate
    0.1
    """
    rows = list(errors)
    if not rows:
        raise AudioCourseError("There are no recordings to pool: pass the errors of at least one.")
    return DiarizationErrors(*(float(sum(column)) for column in zip(*rows, strict=True)))


def speaker_mapping(
    reference: Turns, hypothesis: Turns, *, collar: float = 0.0, skip_overlap: bool = False
) -> dict[str, str]:
    """Find which speaker of the reference each label of the hypothesis stands for.

    The one-to-one assignment a that maximises Σ_h C[a(h), h], with C[r, h] the scored seconds in which r speaks in the
    reference and h in the hypothesis. An optimal assignment may give up the largest C[r, h]: picking the largest first
    is not optimal.

    Parameters
    ----------
    reference, hypothesis, collar, skip_overlap
        As in `diarization_error_rate`.

    Returns
    -------
    dict of str to str
        Labels of the hypothesis to speakers of the reference; labels without a partner, or without a second in common
        with it, are left out.

    Raises
    ------
    AudioCourseError
        As `diarization_error_rate`.

    Examples
    --------
    >>> speaker_mapping([(0, 4, "anna"), (4, 8, "ben")], [(0, 5, "x"), (5, 8, "y")])
    {'x': 'anna', 'y': 'ben'}

    Source: H. W. Kuhn, The Hungarian method for the assignment problem, Naval Research Logistics 2, 1955.
    """
    slices = _slices(reference, hypothesis, collar=collar, skip_overlap=skip_overlap)
    shared = slices.shared
    pairs = zip(*_assignment(shared), strict=True)
    found = {slices.clusters[h]: slices.speakers[r] for r, h in pairs if shared[r, h] > 0}
    return dict(sorted(found.items()))


def purity_coverage(
    reference: Turns, hypothesis: Turns, *, collar: float = 0.0, skip_overlap: bool = False
) -> PurityCoverage:
    """Compute how pure the clusters are, and how completely they cover the speakers.

    purity = Σ_h max_r C[r, h] / Σ_h |h|, coverage = Σ_r max_h C[r, h] / Σ_r |r|, with C[r, h] the scored seconds that r
    and h share and |·| the scored seconds of a label. No label is renamed: several clusters may have the same main
    speaker. Too many clusters leave purity high and lower coverage.

    Parameters
    ----------
    reference, hypothesis, collar, skip_overlap
        As in `diarization_error_rate`.

    Returns
    -------
    PurityCoverage
        Both from 0 to 1; a hypothesis without turns has purity 1, as nothing in it is wrong, and coverage 0.

    Raises
    ------
    AudioCourseError
        As `diarization_error_rate`.

    Examples
    --------
    >>> purity_coverage([(0.0, 4.0, "anna"), (4.0, 8.0, "ben")], [(0.0, 8.0, "everyone")])
    PurityCoverage(purity=0.5, coverage=1.0)

    Source: H. Bredin, pyannote.metrics, Interspeech 2017.
    """
    slices = _slices(reference, hypothesis, collar=collar, skip_overlap=skip_overlap)
    shared = slices.shared
    in_hypothesis = float(np.sum(slices.hypothesis @ slices.seconds))
    in_reference = float(np.sum(slices.reference @ slices.seconds))
    purity = float(shared.max(axis=0).sum()) / in_hypothesis if in_hypothesis else 1.0
    coverage = float(shared.max(axis=1, initial=0.0).sum()) / in_reference
    return PurityCoverage(purity, coverage)


def require_turns(turns: Turns, name: str) -> list[Interval]:
    """Refuse what is not a list of turns; return them as intervals, those of one speaker merged, sorted by start."""
    if not isinstance(turns, (list, tuple)):
        raise AudioCourseError(f"The {name} is a {type(turns).__name__}: give a list of (start, end, speaker).")
    return merge_by_label([_require_turn(turn, name) for turn in turns])


def _require_turn(turn: Interval | LabelledSegment, name: str) -> Interval:
    """Refuse what is not a turn of a named speaker; return it as an interval."""
    if isinstance(turn, Interval):
        turn = (turn.start, turn.end, turn.label)
    if not isinstance(turn, (tuple, list)) or len(turn) != 3 or not isinstance(turn[2], str):
        raise AudioCourseError(f"The {name} holds {turn!r:.60}, which is not (start, end, speaker).")
    start, end, speaker = turn
    if not (is_number(start) and is_number(end) and 0 <= start <= end < np.inf):
        raise AudioCourseError(
            f"The {name} holds a turn of {speaker!r} from {start} to {end} s: give 0 ≤ start ≤ end, in seconds."
        )
    if not speaker:
        raise AudioCourseError(f"The {name} holds a turn from {start:g} to {end:g} s without a speaker: give a name.")
    return Interval(start, end, speaker)


def _slices(reference: Turns, hypothesis: Turns, *, collar: float, skip_overlap: bool) -> _Slices:
    """Cut time at all boundaries, and set the duration of what is not scored to 0."""
    if not is_number(collar) or not 0 <= collar < np.inf:
        raise AudioCourseError(f"collar is {collar!r}, but it is a number of seconds, 0 or more: pass 0.25, or 0.")
    true_turns = require_turns(reference, "reference")
    turns = require_turns(hypothesis, "hypothesis")
    boundaries = np.array([time for turn in true_turns for time in (turn.start, turn.end)], dtype=np.float64)
    others = [time for turn in turns for time in (turn.start, turn.end)]
    cuts = np.unique(np.concatenate([boundaries, boundaries - collar, boundaries + collar, others]))
    middles = (cuts[:-1] + cuts[1:]) / 2  # (slices,)
    speakers = sorted({turn.label for turn in true_turns})
    clusters = sorted({turn.label for turn in turns})
    truth = _activity(true_turns, speakers, middles)
    scored = np.ones(len(middles), dtype=bool)
    for boundary in np.unique(boundaries):
        scored &= np.abs(middles - boundary) >= collar
    if skip_overlap:
        scored &= truth.sum(axis=0) < 2
    seconds = np.where(scored, np.diff(cuts), 0.0)
    if not np.any(truth @ seconds > 0):
        raise AudioCourseError(
            "No speech of the reference is left to score, so an error relative to it is not defined: pass turns that "
            f"are longer than two collars of {collar:g} s."
        )
    return _Slices(seconds, truth, _activity(turns, clusters, middles), speakers, clusters)


def _activity(turns: Sequence[Interval], labels: Sequence[str], times: FloatArray) -> BoolArray:
    """Mark who speaks at which time: (labels, times)."""
    active = np.zeros((len(labels), len(times)), dtype=bool)
    rows = {label: row for row, label in enumerate(labels)}
    for turn in turns:
        first, last = np.searchsorted(times, [turn.start, turn.end])
        active[rows[turn.label], first:last] = True
    return active


def _assignment(shared: FloatArray) -> tuple[np.ndarray, np.ndarray]:
    """Assign rows to columns one to one so that the sum of shared seconds is largest."""
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return rows, columns
