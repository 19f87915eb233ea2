"""Feedback says what differs and where, in the field's words."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.learn.checking.authoring import Mismatch, expect_close, expect_equal, expect_intervals
from audiocourse.learn.checking.diagnose import Scale, explain, number

RIGHT = np.sin(np.arange(50) * 0.37) * 3
FRAMES = Scale(axis="frame", unit="dB", step=0.01)


def said(got: object, expected: object = RIGHT, scale: Scale = FRAMES) -> str:
    return explain(got, expected, scale=scale, atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (2 * RIGHT, "twice the right value everywhere"),
        (0.5 * RIGHT, "half the right value"),
        (-RIGHT, "the negative of the right value"),
        (RIGHT + 4, "Every value is 4 dB too high"),
        (RIGHT - 0.25, "Every value is 0.25 dB too low"),
        (np.roll(RIGHT, 1), "frame 0"),
        (RIGHT[::-1], "reverse order along the frames"),
        (RIGHT[:-1], "1 frame (0.01 s) too few"),
        (np.append(RIGHT, [0, 0]), "2 frames (0.02 s) too many"),
        (RIGHT[:, None], "shape (50, 1); (50,) is right"),
        (None, "nothing (None)"),
        (3.0, "You return one number; one for each frame"),
        ("loud", "'loud'"),
        ([[1, 2], [3]], "ragged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_relation_is_named(got: object, words: str) -> None:
    assert words in said(got)


def test_one_number_is_right_where_an_array_of_one_is_given() -> None:
    assert said(np.ones(1), 1.0) == "You return shape (1,); one number is right."


def test_a_lag_is_named_with_its_time() -> None:
    late = np.concatenate([np.zeros(3), RIGHT[:-3]])
    assert "3 frames (0.03 s) too late" in said(late)
    early = np.concatenate([RIGHT[3:], np.zeros(3)])
    assert "3 frames (0.03 s) too early" in said(early)


def test_an_unnamed_factor_is_said_of_linear_values_only() -> None:
    assert "3.5 times the right value everywhere" in said(3.5 * RIGHT, RIGHT, Scale(unit="Hz"))
    assert "times" not in said(3.5 * RIGHT, RIGHT, Scale(unit="dB"))


def test_a_single_difference_is_located() -> None:
    got = RIGHT.copy()
    got[7] += 1
    assert "frame 7 (0.07 s)" in said(got)
    assert "1 of 50" in said(got)


def test_not_a_number_is_located() -> None:
    got = RIGHT.copy()
    got[4] = np.nan
    assert said(got).startswith("You return NaN (not a number) dB at frame 4 (0.04 s); 2.988 dB is right")


def test_swapped_axes_are_named() -> None:
    assert "axes are swapped" in said(np.zeros((3, 5)), np.zeros((5, 3)))


def test_one_value_everywhere_is_said_once() -> None:
    text = said(np.full(5, -6.02), np.full(5, -3.01))
    assert text.startswith("You return −6.02 dB in every frame; −3.01 dB is right.")
    assert "twice" in text


def test_exchanged_yes_and_no() -> None:
    right = np.array([True, False, True, True])
    assert "exchanged" in said(~right, right)


def test_tolerance_is_a_border() -> None:
    expect_close(np.array([1.0]), [1.0 + 1e-7], atol=1e-6)
    with pytest.raises(Mismatch):
        expect_close(np.array([1.0]), [1.0 + 2e-6], atol=1e-6)


@pytest.mark.parametrize("got", [np.nan, [1, [2]], "1", None, {"a": 1}, np.array(["1"]), np.empty(0), [1.0, 1.0]])
def test_nothing_odd_is_close_to_one(got: object) -> None:
    with pytest.raises(Mismatch):
        expect_close(got, 1.0, atol=1e-3)


def test_equal_asks_for_the_kind() -> None:
    expect_equal(np.array([True, False]), np.array([True, False]))
    with pytest.raises(Mismatch, match="dtype bool"):
        expect_equal(np.array([1, 0]), np.array([True, False]))
    with pytest.raises(Mismatch, match="bool values"):
        expect_equal(np.array([True]), np.array([1]))


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ([(0.0, 1.0)], "1 segment "),
        ([(0.0, 1.0), (2.0, 3.2)], "segment 2 of 2 ends at 3.2 s; 3 s"),
        ([(0.5, 1.0), (2.0, 3.0)], "segment 1 of 2 starts"),
        ([], "no segment"),
        (np.zeros(3), "a list of"),
        (None, "a list of"),
        ([(0.0, float("nan")), (2.0, 3.0)], "ends at NaN"),
    ],
)
def test_intervals_are_compared_by_their_ends(got: object, words: str) -> None:
    with pytest.raises(Mismatch, match=r".") as caught:
        expect_intervals(got, [(0.0, 1.0), (2.0, 3.0)], atol=1e-3)
    assert words in str(caught.value)


def test_equal_intervals_pass() -> None:
    expect_intervals(((0.0, 1.0004),), [(0.0, 1.0)], atol=1e-3)


def test_numbers_that_print_alike_get_more_digits() -> None:
    assert said(1.00005, 1.0, Scale(unit="s")) == "You return 1.0001 s; 1 s is right."


def test_one_frame_is_written_in_the_singular() -> None:
    assert said(1, 2, Scale(unit="frames")) == "You return 1 frame; 2 frames is right."
    assert said(1.0, 2.0, Scale(unit="ms")) == "You return 1 ms; 2 ms is right."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (np.False_, "no"),
        (22050.0, "22050"),
        (6.25e-05, "0.0000625"),
        (-3.0103, "−3.01"),
        (1e-9, "1e−09"),
    ],
)
def test_numbers_are_written_for_people(value: object, text: str) -> None:
    assert number(value) == text


def test_few_values_give_no_relation() -> None:
    """Of two or three values any relation is a coincidence."""
    assert "twice" not in said(1.0, 0.5, Scale())
    assert "reverse" not in said(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0]))
