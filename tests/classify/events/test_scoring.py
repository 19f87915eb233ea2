"""Properties of segment- and event-based scores."""

from __future__ import annotations

import math

import pytest

from audiocourse import AudioCourseError
from audiocourse.classify.events import scoring

SIREN = [[(0.5, 2.5, "siren")]]


def test_a_perfect_output_scores_1_in_every_measure() -> None:
    events = [[(0.0, 1.5, "rain"), (1.0, 2.0, "siren")], []]
    assert scoring.segment_f1(events, events) == 1
    assert scoring.segment_error_rate(events, events).error_rate == 0
    assert scoring.overall(scoring.event_counts(events, events)).f1 == 1


def test_an_event_that_ends_on_a_boundary_leaves_the_next_segment_alone() -> None:
    counts = scoring.segment_counts([[(1.0, 2.0, "rain")]], [[(1.5, 3.0, "rain")]])
    assert counts == {"rain": scoring.Counts(true_positives=1, reference=1, estimated=2)}


def test_segments_of_different_recordings_are_different() -> None:
    assert scoring.segment_f1([SIREN[0], []], [[], SIREN[0]]) == 0


def test_nothing_found_where_nothing_is_scores_1_and_something_found_there_0() -> None:
    assert scoring.segment_f1([[]], [[]]) == 1
    assert scoring.segment_f1([[]], SIREN) == 0


def test_a_long_event_dominates_segments_and_counts_once_among_events() -> None:
    references = [[(0.0, 9.0, "rain"), (3.0, 3.2, "gunshot"), (6.0, 6.2, "gunshot")]]
    estimates = [[(0.0, 9.0, "rain")]]
    assert scoring.segment_f1(references, estimates) == 18 / 20
    assert scoring.overall(scoring.event_counts(references, estimates)).f1 == 2 / 4


def test_an_event_found_in_pieces_is_right_by_segments_and_wrong_by_events() -> None:
    estimates = [[(0.5, 1.2, "siren"), (1.3, 2.5, "siren")]]
    assert scoring.segment_f1(SIREN, estimates) == 1
    assert scoring.overall(scoring.event_counts(SIREN, estimates)).f1 == 0


def test_the_micro_average_follows_the_frequent_class_and_the_macro_average_does_not() -> None:
    counts = {"rain": scoring.Counts(8, 8, 8), "gunshot": scoring.Counts(0, 2, 2)}
    assert scoring.overall(counts).f1 == 0.8
    assert scoring.class_wise_f1(counts) == 0.5


def test_a_class_that_was_never_detected_counts_0_in_the_macro_average() -> None:
    counts = scoring.segment_counts([[(0, 1, "rain"), (0, 1, "siren")]], [[(0, 1, "rain")]])
    assert scoring.class_wise_f1(counts) == 0.5


def test_the_macro_average_takes_the_classes_of_the_reference_or_those_asked_for() -> None:
    counts = scoring.segment_counts([[(0, 1, "rain")]], [[(0, 1, "rain"), (0, 1, "siren")]])
    assert scoring.class_wise_f1(counts) == 1
    assert scoring.class_wise_f1(counts, classes=["rain", "siren", "alarm"]) == 0.5
    assert math.isnan(scoring.class_wise_f1(counts, classes=["alarm"]))


def test_a_wrong_label_is_one_substitution_not_two_errors() -> None:
    rate = scoring.segment_error_rate([[(0, 1, "siren")]], [[(0, 1, "alarm")]])
    assert rate == (1, 0, 0)
    assert rate.error_rate == 1


def test_the_error_rate_may_pass_1() -> None:
    noisy = [[(0, 5, label) for label in ("alarm", "rain", "glass_break")]]
    assert scoring.segment_error_rate([[(0, 1, "siren")]], noisy).error_rate == 15


def test_ratios_of_nothing_are_not_a_number() -> None:
    assert all(math.isnan(x) for x in (scoring.Counts(0, 0, 0).f1, scoring.Counts(0, 0, 1).recall))
    assert math.isnan(scoring.Counts(0, 1, 0).precision)
    assert scoring.Counts(0, 1, 0).f1 == 0


@pytest.mark.parametrize(
    ("references", "estimates", "sentence"),
    [
        ([[]], [], "1 references and 0 estimates"),
        ([[(0, 1)]], [[]], "not .start, end, label"),
        ([[(2, 1, "rain")]], [[]], "0 ≤ start ≤ end"),
        ([[(0, math.nan, "rain")]], [[]], "0 ≤ start ≤ end"),
        ([[]], [[(0, 2, "rain"), (1, 3, "rain")]], "overlap"),
    ],
)
def test_lists_that_cannot_be_scored_are_refused_in_a_sentence(
    references: list, estimates: list, sentence: str
) -> None:
    for measure in (scoring.segment_f1, scoring.segment_error_rate, scoring.event_counts):
        with pytest.raises(AudioCourseError, match=sentence):
            measure(references, estimates)


def test_a_segment_needs_a_length_and_an_error_rate_a_reference() -> None:
    with pytest.raises(AudioCourseError, match="segment_seconds"):
        scoring.segment_f1(SIREN, SIREN, segment_seconds=0)
    with pytest.raises(AudioCourseError, match="no event in the references"):
        scoring.segment_error_rate([[]], SIREN)
