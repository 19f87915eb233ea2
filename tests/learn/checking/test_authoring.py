"""The marks of an author of exercises."""

import pytest

from audiocourse.learn.checking.authoring import (
    MARK,
    AlternativeMark,
    Mismatch,
    MutantMark,
    alternative,
    expect_intervals,
    mutant,
)


def test_functions_and_classes_are_marked() -> None:
    @mutant(task="buffer", name="forgets", hint="Where does the oldest sample go?")
    class Forgets:
        """A wrong answer that is a class."""

    @alternative(task="buffer")
    def other() -> int:
        return 1

    assert vars(Forgets)[MARK] == MutantMark("buffer", "forgets", "Where does the oldest sample go?")
    assert vars(other)[MARK] == AlternativeMark("buffer")
    assert other() == 1


def test_an_end_that_is_off_by_little_is_told_with_enough_digits() -> None:
    with pytest.raises(Mismatch, match=r"starts at 0\.007506 s; 0\.0075 s is right"):
        expect_intervals([(0.00750625, 1.0)], [(0.0075, 1.0)], atol=1e-6)
