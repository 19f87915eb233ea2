"""Endpointing: where utterances begin and end, whatever the pieces in which decisions arrive."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocourse.asr.streaming.endpointing import Endpointer


def yes_no(text: str) -> np.ndarray:
    return np.array([letter == "#" for letter in text], dtype=bool)


def utterances(text: str, *, min_speech: int, hangover: int, lead: int) -> list[tuple[int, int]]:
    """Say it with patterns: an utterance begins with a run of yes and goes on until a long run of no."""
    pattern = rf"#{{{min_speech}}}(?:#|\.{{1,{hangover - 1}}}#)*(?:\.{{{hangover}}}|\.*$)"
    found: list[tuple[int, int]] = []
    for match in re.finditer(pattern, text):
        found.append((max(match.start() - lead, found[-1][1] if found else 0), match.end()))
    return found


def pairs(events: list[tuple[str, int]]) -> list[tuple[int, int]]:
    assert [what for what, _ in events] == ["start", "end"] * (len(events) // 2)
    frames = [frame for _, frame in events]
    return list(zip(frames[::2], frames[1::2], strict=True))


@given(
    text=st.text("#.", max_size=120),
    cuts=st.lists(st.integers(0, 120), max_size=8),
    min_speech=st.integers(1, 4),
    hangover=st.integers(2, 6),
    lead=st.integers(0, 9),
)
def test_any_pieces_give_the_utterances_of_the_pattern(
    text: str, cuts: list[int], min_speech: int, hangover: int, lead: int
) -> None:
    endpointer = Endpointer(min_speech=min_speech, hangover=hangover, lead=lead)
    events = [event for piece in np.split(yes_no(text), sorted(cuts)) for event in endpointer.feed(piece)]
    found = pairs(events + endpointer.flush())
    assert found == utterances(text, min_speech=min_speech, hangover=hangover, lead=lead)


def test_an_utterance_is_reported_when_it_is_certain_and_not_later() -> None:
    endpointer = Endpointer(min_speech=2, hangover=3, lead=1)
    seen = [endpointer.feed(yes_no(letter)) for letter in "..##...#"]
    assert seen == [[], [], [], [("start", 1)], [], [], [("end", 7)], []]


def test_a_click_does_not_begin_and_a_short_pause_does_not_end() -> None:
    assert pairs(Endpointer(min_speech=3, hangover=5, lead=0).feed(yes_no("##..##.###....###....."))) == [(7, 22)]


def test_two_utterances_do_not_overlap_although_the_lead_is_long() -> None:
    assert pairs(Endpointer(min_speech=1, hangover=2, lead=50).feed(yes_no("#..#.."))) == [(0, 3), (3, 6)]


def test_flush_ends_what_is_open_and_nothing_else() -> None:
    endpointer = Endpointer(min_speech=2, hangover=3, lead=0)
    assert endpointer.feed(yes_no("###.")) == [("start", 0)]
    assert endpointer.flush() == [("end", 4)]
    assert endpointer.flush() == []


@pytest.mark.parametrize("decisions", [np.zeros((2, 3), dtype=bool), np.array([0, 1]), np.array([0.2, 0.7])])
def test_what_is_no_row_of_decisions_is_refused(decisions: np.ndarray, refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses("One yes or no (dtype bool) a frame"):
        Endpointer().feed(decisions)


@pytest.mark.parametrize("bad", [{"min_speech": 0}, {"hangover": 0}, {"lead": -1}, {"lead": 1.5}, {"hangover": True}])
def test_impossible_numbers_of_frames_are_refused(bad: dict[str, int], refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses(next(iter(bad))):
        Endpointer(**bad)
