"""The diarisation error rate: what it must be, and what it must not depend on. Beside pyannote: tests/parity."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocourse import AudioCourseError
from audiocourse.classify.speakers.diarization_scoring import (
    diarization_error_rate,
    diarization_errors,
    pool_errors,
    purity_coverage,
    speaker_mapping,
)
from audiocourse.intervals import Interval, LabelledSegment
from audiocourse.sounds import read_rttm

Turns = list[LabelledSegment]
GRID = 0.25  # seconds
FRAMES = 60

turn = st.tuples(st.integers(0, 40), st.integers(1, 16), st.sampled_from("abc"))
some_turns = st.lists(turn, min_size=1, max_size=7).map(
    lambda turns: [(start * GRID, (start + length) * GRID, speaker) for start, length, speaker in turns]
)
ANNA_BEN = [(0.0, 4.0, "anna"), (4.0, 8.0, "ben")]


def on_frames(turns: Turns, labels: list[str | None]) -> np.ndarray:
    """Which label is active in which frame of GRID seconds: (labels, frames)."""
    active = np.zeros((len(labels), FRAMES), dtype=bool)
    for start, end, label in turns:
        active[labels.index(label), round(start / GRID) : round(end / GRID)] = True
    return active


def frame_errors(reference: Turns, hypothesis: Turns, partners: tuple[str | None, ...], scored: np.ndarray) -> float:
    """Count the errors of one renaming frame by frame: partners[n] is the cluster of the n-th speaker, or None."""
    speakers = sorted({label for *_, label in reference})
    clusters = sorted({label for *_, label in hypothesis})
    truth = on_frames(reference, [*speakers])
    guess = on_frames(hypothesis, [*clusters])
    errors = 0
    for m in np.flatnonzero(scored):
        speaking = {n for n in range(len(speakers)) if truth[n, m]}
        active = {cluster for row, cluster in enumerate(clusters) if guess[row, m]}
        right = sum(partners[n] in active for n in speaking)
        errors += max(len(speaking), len(active)) - right
    return errors / int(truth[:, scored].sum())


@settings(max_examples=40, deadline=None)
@given(some_turns, some_turns, st.sampled_from([0, 1, 2]), st.booleans())
def test_it_is_the_smallest_error_of_all_renamings(
    reference: Turns, hypothesis: Turns, collar: int, skip_overlap: bool
) -> None:
    speakers = sorted({label for *_, label in reference})
    clusters = sorted({label for *_, label in hypothesis})
    truth = on_frames(reference, [*speakers])
    scored = np.ones(FRAMES, dtype=bool)
    for row in truth:  # a boundary is where a speaker, merged, begins or ends
        for edge in np.flatnonzero(np.diff(row.astype(int), prepend=0, append=0)):
            scored[max(0, edge - collar) : edge + collar] = False
    if skip_overlap:
        scored &= truth.sum(axis=0) < 2
    if not truth[:, scored].any():
        with pytest.raises(AudioCourseError, match="left to score"):
            diarization_error_rate(reference, hypothesis, collar=collar * GRID, skip_overlap=skip_overlap)
        return
    free: list[str | None] = [*clusters, *[None] * len(speakers)]
    renamings = set(permutations(free, len(speakers)))
    smallest = min(frame_errors(reference, hypothesis, partners, scored) for partners in renamings)
    ours = diarization_error_rate(reference, hypothesis, collar=collar * GRID, skip_overlap=skip_overlap)
    assert ours == pytest.approx(smallest, abs=1e-9)


@given(some_turns, some_turns, st.permutations("abc"))
def test_the_names_and_the_order_in_the_hypothesis_do_not_matter(
    reference: Turns, hypothesis: Turns, names: list[str]
) -> None:
    renamed = [(start, end, names["abc".index(label)]) for start, end, label in reversed(hypothesis)]
    assert diarization_errors(reference, renamed) == pytest.approx(diarization_errors(reference, hypothesis))
    assert purity_coverage(reference, renamed) == pytest.approx(purity_coverage(reference, hypothesis))


@given(some_turns, some_turns)
def test_exchanging_both_lists_exchanges_missed_and_false_alarm(reference: Turns, hypothesis: Turns) -> None:
    errors = diarization_errors(reference, hypothesis)
    swapped = diarization_errors(hypothesis, reference)
    assert (swapped.missed, swapped.false_alarm) == pytest.approx((errors.false_alarm, errors.missed))
    assert swapped.confusion == pytest.approx(errors.confusion)
    assert purity_coverage(reference, hypothesis).purity == pytest.approx(
        purity_coverage(hypothesis, reference).coverage
    )


@given(some_turns)
def test_the_reference_has_no_error_against_itself(reference: Turns) -> None:
    assert diarization_errors(reference, reference)[:3] == (0, 0, 0)
    assert set(speaker_mapping(reference, reference)) == {label for *_, label in reference}


def test_an_exchange_of_two_names_is_no_error_and_is_found() -> None:
    swapped = [(0.0, 4.0, "ben"), (4.0, 8.0, "anna")]
    assert diarization_error_rate(ANNA_BEN, swapped) == 0
    assert speaker_mapping(ANNA_BEN, swapped) == {"anna": "ben", "ben": "anna"}


def test_the_pair_with_the_most_time_may_not_be_in_the_best_mapping() -> None:
    """x shares 5 s with anna and 4 with ben, y shares 4 s with anna and none with ben: x is ben."""
    reference = [(0.0, 9.0, "anna"), (9.0, 13.0, "ben")]
    hypothesis = [(0.0, 5.0, "x"), (5.0, 9.0, "y"), (9.0, 13.0, "x")]
    assert speaker_mapping(reference, hypothesis) == {"x": "ben", "y": "anna"}
    assert diarization_errors(reference, hypothesis).confusion == 5.0  # with x as anna 8.0


def test_two_clusters_cannot_both_be_one_speaker() -> None:
    errors = diarization_errors([(0.0, 8.0, "anna")], [(0.0, 5.0, "x"), (5.0, 8.0, "y")])
    assert errors == (0.0, 0.0, 3.0, 8.0)
    assert speaker_mapping([(0.0, 8.0, "anna")], [(0.0, 5.0, "x"), (5.0, 8.0, "y")]) == {"x": "anna"}


def test_overlap_counts_once_for_each_speaker() -> None:
    reference = [(0.0, 4.0, "anna"), (2.0, 4.0, "ben")]
    assert diarization_errors(reference, [(0.0, 4.0, "x")]) == (2.0, 0.0, 0.0, 6.0)
    assert diarization_errors(reference, [(0.0, 4.0, "x")], skip_overlap=True) == (0.0, 0.0, 0.0, 2.0)
    # a wrong and a missing label: at 2 to 4 s one is confused, none is missed
    assert diarization_errors(reference, [(0.0, 4.0, "x"), (2.0, 4.0, "y"), (2.0, 4.0, "z")]).false_alarm == 2.0


def test_a_collar_lies_on_both_sides_of_a_boundary_of_the_reference_only() -> None:
    late = [(0.0, 4.25, "x"), (4.25, 8.0, "y")]
    assert diarization_errors(ANNA_BEN, late).confusion == 0.25
    errors = diarization_errors(ANNA_BEN, late, collar=0.25)
    assert errors == (0.0, 0.0, 0.0, 7.0)  # 0.25 s at each end, 0.5 s in the middle
    inside = [(0.0, 2.0, "x"), (2.0, 3.0, "y"), (3.0, 4.0, "x"), (4.0, 8.0, "y")]
    assert diarization_errors(ANNA_BEN, inside, collar=0.25).confusion == 1.0


def test_turns_of_one_speaker_that_overlap_or_touch_are_one() -> None:
    twice = [(0.0, 3.0, "anna"), (2.0, 5.0, "anna"), (5.0, 8.0, "anna")]
    plain = [(0.0, 8.0, "anna")]
    for collar in (0.0, 0.25):
        assert diarization_errors(twice, [(0.0, 8.0, "x")], collar=collar) == diarization_errors(
            plain, [(0.0, 8.0, "x")], collar=collar
        )
    assert diarization_errors(plain, twice) == (0.0, 0.0, 0.0, 8.0)


def test_intervals_of_the_course_are_turns() -> None:
    (turns,) = read_rttm("SPEAKER a 1 0.0 4.0 - - anna\nSPEAKER a 1 4.0 4.0 - - ben").values()
    assert diarization_error_rate(turns, [(0.0, 8.0, "x")]) == 0.5
    assert diarization_error_rate(ANNA_BEN, [Interval(0.0, 4.0, "x")]) == 0.5


def test_nothing_detected_is_everything_missed() -> None:
    assert diarization_errors(ANNA_BEN, []) == (8.0, 0.0, 0.0, 8.0)
    assert speaker_mapping(ANNA_BEN, []) == {}
    assert purity_coverage(ANNA_BEN, []) == (1.0, 0.0)


def test_a_label_that_shares_no_time_with_anyone_has_no_partner() -> None:
    assert speaker_mapping(ANNA_BEN, [(0.0, 4.0, "x"), (9.0, 10.0, "y")]) == {"x": "anna"}


def test_more_false_alarms_than_speech_are_an_error_above_1() -> None:
    assert diarization_error_rate([(0.0, 1.0, "anna")], [(2.0, 9.0, "x")]) == 8.0


def test_too_many_clusters_are_pure_and_too_few_cover() -> None:
    many = [(float(second), second + 1.0, f"x{second}") for second in range(8)]
    assert purity_coverage(ANNA_BEN, many) == (1.0, 0.25)
    assert purity_coverage(ANNA_BEN, [(0.0, 8.0, "x")]) == (0.5, 1.0)
    assert diarization_error_rate(ANNA_BEN, many) == 0.75


def test_a_pool_weighs_recordings_by_their_speech() -> None:
    short = diarization_errors([(0.0, 2.0, "anna")], [])
    long = diarization_errors(ANNA_BEN, [(0.0, 4.0, "x"), (4.0, 8.0, "y")])
    assert pool_errors([short, long]).error_rate == 0.2
    with pytest.raises(AudioCourseError, match="no recordings"):
        pool_errors([])


@pytest.mark.parametrize(
    ("reference", "hypothesis", "collar", "message"),
    [
        ([], [(0.0, 1.0, "x")], 0.0, "No speech of the reference"),
        ([(1.0, 1.0, "anna")], [], 0.0, "No speech of the reference"),
        ([(0.0, 0.4, "anna")], [], 0.25, "longer than two collars"),
        (ANNA_BEN, [(2.0, 1.0, "x")], 0.0, "hypothesis holds a turn of 'x' from 2.0 to 1.0 s"),
        (ANNA_BEN, [(np.nan, 1.0, "x")], 0.0, "from nan to 1"),
        (ANNA_BEN, [(0.0, np.inf, "x")], 0.0, "to inf s"),
        ([(-1.0, 1.0, "anna")], [], 0.0, "reference holds a turn"),
        (ANNA_BEN, [(0.0, 1.0)], 0.0, "not .start, end, speaker."),
        (ANNA_BEN, [(0.0, 1.0, 3)], 0.0, "not .start, end, speaker."),
        (ANNA_BEN, [Interval(0.0, 1.0)], 0.0, "without a speaker"),
        (ANNA_BEN, "anna", 0.0, "hypothesis is a str"),
        (ANNA_BEN, [], -0.25, "collar is -0.25"),
        (ANNA_BEN, [], np.nan, "collar is nan"),
        (ANNA_BEN, [], True, "collar is True"),
    ],
)
def test_what_cannot_be_scored_is_refused(reference: Turns, hypothesis: Turns, collar: float, message: str) -> None:
    with pytest.raises(AudioCourseError, match=message):
        diarization_error_rate(reference, hypothesis, collar=collar)
