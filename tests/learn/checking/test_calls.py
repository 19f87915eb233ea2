"""The calls of a check: what is noted of them, when two results are the same, and how a call is written."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.learn.checking.authoring import Given
from audiocourse.learn.checking.calls import Call, Recorder, same_results, written
from audiocourse.learn.checking.student import AnswerError, LocalStudent


class Counter:
    """Counts what it is fed."""

    def __init__(self, *, start: int) -> None:
        self.count = start

    def feed(self, values: np.ndarray) -> int:
        self.count += len(values)
        return self.count


def test_small_inputs_are_written_in_full() -> None:
    assert written("f", (np.array([0.5, -1.0]), [(0.0, 1.5)], "ab"), {"sr": 8000}) == (
        "f([0.5, −1], [(0, 1.5)], 'ab', sr=8000)"
    )
    assert written("f", (np.array([np.nan, 0.5]),), {}) == "f([nan, 0.5])"
    assert written("f", (np.eye(2, dtype=int),), {}) == "f([[1, 0], [0, 1]])"
    assert written("f", (np.empty(0), np.empty((2, 0)), None, {"a": 1.0}), {}) == (
        "f([], ⟨empty, shape (2, 0)⟩, None, {'a': 1})"
    )


def test_large_inputs_are_written_by_what_they_are() -> None:
    call = written(
        "f", (np.zeros((80, 300), np.float32), list(range(50)), "x" * 900), {"is_speech": Given("above", threshold=1)}
    )
    assert call.startswith("f(⟨float32, shape (80, 300)⟩, [0, 1, 2, 3, 4, 5, … 50 in all], 'xxx")
    assert call.endswith("is_speech=⟨above⟩)")
    assert len(call) < 250


def test_of_an_object_the_calls_that_led_there_are_told() -> None:
    recorder = Recorder(LocalStudent({"Counter": Counter}))
    counter = recorder.new("Counter", start=2)
    assert recorder.last_call == "Counter(start=2)"
    counter.call("feed", np.array([1.0]))
    assert recorder.last_call == "Counter(start=2), then feed([1])"
    for _ in range(9):
        counter.call("feed", np.zeros(0))
    assert recorder.last_call == "Counter(start=2), then 6 more calls" + ", then feed([])" * 4
    assert recorder.calls[-1].result == 3


def test_a_new_check_begins_without_a_call() -> None:
    recorder = Recorder(LocalStudent({"f": abs}))
    recorder.call("f", -1)
    with recorder.during("another"):
        assert recorder.last_call == ""
        recorder.call("f", -2)
    assert [call.label for call in recorder.calls] == ["", "another"] and recorder.last_call == "f(-2)"


@pytest.mark.parametrize(
    ("mine", "other", "same"),
    [
        (1, 1.0, True),
        (1.0, 1.0 + 1e-7, True),
        (1.0, 1.01, False),
        (True, 1, False),
        ([1, (2, "a")], [1, (2, "a")], True),
        ([1], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
        (np.nan, np.nan, True),
        ("a", "b", False),
        ([1.0], np.array([1.0]), False),
        (AnswerError("x", kind="ValueError"), AnswerError("y", kind="ValueError"), True),
        (AnswerError("x", kind="ValueError"), AnswerError("x", kind="KeyError"), False),
        (AnswerError("x"), AnswerError("x"), False),
        (AnswerError("x", kind="ValueError"), 1, False),
    ],
)
def test_same_results(mine: object, other: object, same: bool) -> None:
    assert same_results([Call("a", mine)], [Call("a", other)]) is same
    assert not same_results([Call("a", mine)], [])
