"""Late rules say what they mean, and cost what they say."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.teach.grading.reports.gradebook import Result
from audiocourse.teach.grading.reports.late import (
    NO_RULE,
    LateRule,
    read_times,
    times_are_lost,
    with_times,
    without_submission,
)

RULE = LateRule.parse("10% per 24h, grace 15m, cap 50%")


@pytest.mark.parametrize(
    ("hours", "factor"),
    [
        (-3.0, 1.0),
        (0.0, 1.0),
        (0.25, 1.0),  # the grace itself is free
        (0.2503, 0.9),  # one second more begins the first day
        (24.25, 0.9),
        (24.26, 0.8),
        (24 * 3 + 0.25, 0.7),
        (24 * 4 + 1, 0.5),
        (24 * 5 + 1, 0.5),  # the cap
        (1e6, 0.5),
    ],
)
def test_every_begun_period_costs(hours: float, factor: float) -> None:
    assert RULE.factor(hours) == factor


def test_fractions_of_hours_do_not_begin_a_period_by_rounding() -> None:
    rule = LateRule.parse("5% per 1h, grace 10m")
    for hours in range(1, 20):
        assert rule.factor(hours + 10 / 60) == (100 - 5 * hours) / 100


@pytest.mark.parametrize("text", ["none", " None ", "0% per 24h"])
def test_none_takes_nothing(text: str) -> None:
    rule = LateRule.parse(text)
    assert {rule.factor(hours) for hours in (-1.0, 0.0, 5.0, 1e5)} == {1.0}
    assert str(rule) == "none"


def test_a_rule_falls_and_stays_between_its_bounds(rng: np.random.Generator) -> None:
    for _ in range(50):
        percent, per, grace, cap = rng.uniform(1, 100), rng.integers(1, 90), rng.integers(0, 90), rng.integers(0, 101)
        rule = LateRule.parse(f"{percent:.1f}% per {per}m, grace {grace}m, cap {cap}%")
        factors = [rule.factor(hours) for hours in np.linspace(-1, 200, 400)]
        assert all(later <= earlier for earlier, later in pairwise(factors))
        assert min(factors) >= (100 - cap) / 100
        assert factors[0] == 1.0
        assert LateRule.parse(str(rule)) == rule


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("10%per 1d,CAP 50 %,grace 0.25h", "10% per 24h, grace 15m, cap 50%"),
        ("2.5% per 60m", "2.5% per 1h, grace 0m, cap 100%"),
    ],
)
def test_rules_are_read_in_any_order_and_unit(text: str, same: str) -> None:
    assert LateRule.parse(text) == LateRule.parse(same)


@pytest.mark.parametrize("text", ["10% per 24h, grace 15m, cap 50%", "5% per 90m", "1% per 1h, cap 30%"])
def test_a_rule_is_written_as_it_is_read(text: str) -> None:
    assert str(LateRule.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "10%", "10% per 24", "10% per day", "ten per hour", "-5% per 24h", "10% per 24h; cap 5%", "1e3% per 1h"],
)
def test_what_is_not_understood_is_shown_with_an_example(refuses: Refuses, text: str) -> None:
    with refuses("10% per 24h, grace 15m, cap 50%"):
        LateRule.parse(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("cap 50%", "no percentage per period"),
        ("5% per 1h, 6% per 1h", "twice"),
        ("5% per 1h, cap 5%, cap 6%", "cap twice"),
        ("101% per 1h", "100 %"),
        ("5% per 1h, cap 101%", "100 %"),
        ("5% per 0h", "no length"),
        ("5% per 0.0001m", "no length"),
    ],
)
def test_impossible_rules_are_refused(refuses: Refuses, text: str, word: str) -> None:
    with refuses(word):
        LateRule.parse(text)


@pytest.mark.parametrize("hours", [math.nan, math.inf, -math.inf])
def test_no_time_is_no_number(refuses: Refuses, hours: float) -> None:
    with refuses("hours late"):
        NO_RULE.factor(hours)


def test_points_are_rounded_to_cents_only_at_the_end() -> None:
    assert LateRule.parse("33% per 1h").after(2.9, 0.5) == 1.94
    assert NO_RULE.after(1 / 3, 0.0) == 0.33


def result(student: str, submitted: str = "2026-11-30T18:00") -> Result:
    return Result(student, f"{student}.ipynb", "", "ex05_vad", (), "", submitted=submitted)


@pytest.mark.parametrize(("due", "hours"), [("2026-11-30", 0.0), ("2026-11-30 17:00", 1.0), ("2026-11-29", 18.0003)])
def test_a_deadline_without_a_time_is_the_end_of_that_day(due: str, hours: float) -> None:
    (late,) = with_times([result("anna")], due=due)
    assert late.late_hours == pytest.approx(hours, abs=1e-3)


def test_names_match_however_their_accents_are_stored_and_the_others_are_named(tmp_path: Path) -> None:
    times = tmp_path / "times.csv"
    apart = unicodedata.normalize("NFD", "Zoë")
    times.write_text(f"student,submitted\nanna,2026-11-29 10:00\n{apart},2026-11-29 10:00\nNobody,2026-11-29 10:00\n")
    results = with_times([result("anna"), result("Zoë")], due="2026-11-30 09:00", times=read_times(times))
    assert [one.late_hours for one in results] == [0.0, 0.0]
    assert without_submission(results, read_times(times)) == ["Nobody"]


def test_of_several_times_of_a_student_the_last_one_counts(tmp_path: Path) -> None:
    times = tmp_path / "times.csv"
    times.write_text("student,submitted\nanna,2026-11-30 12:00\nanna,2026-11-30 10:00\n")
    (late,) = with_times([result("anna")], due="2026-11-30 09:00", times=read_times(times))
    assert late.late_hours == 3.0


def test_a_table_may_use_the_platforms_names_where_only_one_student_has_them() -> None:
    file = "Anna Ö_{}_assignsubmission_file/ex05_vad.ipynb"
    anna, other = (replace(result(f"Anna Ö_{number}"), file=file.format(number)) for number in (11, 12))
    times = {"Anna Ö": "2026-11-30T12:00", "Participant 12": "2026-11-30T11:00"}
    (alone,) = with_times([anna], due="2026-11-30 09:00", times=times)
    assert alone.late_hours == 3.0
    both = with_times([anna, other], due="2026-11-30 09:00", times=times)
    assert [one.late_hours for one in both] == [9.0, 2.0], "the name alone says nothing here"
    assert without_submission(both, times) == ["Anna Ö"]


def test_a_download_that_loses_the_times_is_noticed() -> None:
    alike = [result(name) for name in ("anna", "ben", "cleo")]
    assert times_are_lost(alike)
    assert not times_are_lost(alike[:2])
    assert not times_are_lost([*alike, result("dora", "2026-11-30T18:07")])
    assert not times_are_lost(with_times(alike, due="", times={"anna": "2026-11-30T18:07"}))


@pytest.mark.parametrize("column", ["sandbox", "rung"])
def test_a_table_of_grades_serves_as_one_of_times_whatever_its_version(tmp_path: Path, column: str) -> None:
    """Earlier versions call the column with the sandbox level ``rung``."""
    table = tmp_path / "grades.csv"
    table.write_text(f"student,submitted,{column}\nanna,2026-11-30T18:07:00+00:00,limits\n", encoding="utf-8")
    assert datetime.fromisoformat(read_times(table)["anna"]) == datetime(2026, 11, 30, 18, 7, tzinfo=UTC)
