"""Each design asks what it says, keeps its order to itself, and finds what is there to find."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.learn.listening import designs
from audiocourse.learn.listening.designs import (
    ANCHOR,
    Abx,
    Design,
    HiddenReference,
    Preference,
    Staircase,
    with_anchor,
)
from audiocourse.learn.listening.results import level_name

LEVELS = [f"{bits} bits" for bits in range(2, 14)]


def take(design: Design, rng: np.random.Generator, *, hears: float = 1.0) -> Design:
    while not design.is_over:
        design.answer(design.simulated_answer(rng, hears=hears))
    return design


def make(kind: type[Design], labels: list[str], trials: int, seed: int = 0) -> Design:
    return kind(labels, trials=trials, rng=np.random.default_rng(seed))


def test_a_perfect_listener_is_always_right_and_a_deaf_one_half_of_the_time(rng: np.random.Generator) -> None:
    perfect = take(make(Abx, ["a", "b"], 16), rng)
    assert perfect.result("?").count == perfect.result("?").trials == 16
    deaf = take(make(Abx, ["a", "b"], 2000), rng, hears=0.0)
    assert deaf.result("?").count == pytest.approx(1000, abs=100)


def test_x_is_either_in_an_order_that_depends_on_the_seed() -> None:
    orders = []
    for seed in (1, 1, 2):
        design = make(Abx, ["a", "b"], 200, seed)
        orders.append([])
        while not design.is_over:
            assert design.trial().plays["A"] == "a" and design.trial().plays["B"] == "b"
            orders[-1].append(design.trial().plays["X"])
            design.answer(0)
    assert orders[0] == orders[1] != orders[2]
    assert 70 < Counter(orders[0])["a"] < 130


def test_a_preference_counts_the_first_sound_wherever_it_was() -> None:
    design = make(Preference, ["16 bits", "8 bits"], 40)
    places = set()
    while not design.is_over:
        place = [*design.trial().plays.values()].index("16 bits")
        places.add(place)
        design.answer(place)
    assert places == {0, 1}
    assert design.result("?").count == 40
    assert design.sentences()[0].startswith("40 of 40 answers prefer “16 bits” to “8 bits”")
    assert not design.trial().captions, "no name is shown"


def test_two_right_answers_make_it_harder_and_one_wrong_easier() -> None:
    design = make(Staircase, ["reference", *LEVELS], 40)
    levels = []
    for right in (True, True, True, True, False, True, False, True, True, False):
        levels.append(design.level)
        hidden = [*design.trial().plays.values()].index(LEVELS[design.level]) - 1  # behind the reference
        design.answer(hidden if right else 1 - hidden)
    assert levels == [0, 0, 1, 1, 2, 1, 1, 0, 0, 1]
    assert design.reversals == [2, 0, 1]


def test_a_staircase_converges_on_70_7_percent(rng: np.random.Generator) -> None:
    """Levitt 1971: it settles where p² = 1 / 2."""

    def right_at(level: float) -> float:
        return 0.5 + 0.5 / (1 + np.exp(level - 6))

    settled = []
    for seed in range(300):
        design = make(Staircase, ["reference", *LEVELS], 400, seed)
        while not design.is_over:
            hidden = design._hidden
            design.answer(hidden if rng.random() < right_at(design.level) else 1 - hidden)
        settled.append(design.result("?").threshold)
    assert right_at(np.mean(settled)) == pytest.approx(0.707, abs=0.04)


def test_a_listener_who_guesses_gets_no_threshold(rng: np.random.Generator) -> None:
    found = 0
    for seed in range(200):
        design = make(Staircase, ["reference", *LEVELS], 50, seed)
        while not design.is_over:
            design.answer(int(rng.integers(2)))
        found += design.result("?").threshold is not None
        if design.result("?").threshold is None and len(design.reversals) == 8:
            assert "A listener who guesses ends there too" in design.sentences()[0]
    assert found < 0.3 * 200  # about a quarter are lucky often enough to stay above the easiest level


def test_a_list_without_a_threshold_is_reported() -> None:
    design = make(Staircase, ["reference", "easy", "hard"], 12)
    while not design.is_over:
        design.answer(design._hidden)
    assert design.result("?").threshold is None
    assert design.sentences()[0].startswith("No threshold") and "“hard”" in design.sentences()[0]


def test_a_place_in_a_list_has_a_name() -> None:
    assert level_name(LEVELS, 3.0) == "at “5 bits”"
    assert level_name(LEVELS, 3.5) == "between “5 bits” and “6 bits”"


def test_ratings_are_given_back_to_their_sounds() -> None:
    design = make(HiddenReference, ["original", "64 kbit/s", "16 kbit/s"], 3)
    marks = {"original": 95.0, "64 kbit/s": 80.0, "16 kbit/s": 40.0, ANCHOR: 10.0}
    orders = set()
    while not design.is_over:
        plays = dict(design.trial().plays)
        assert plays.pop("R") == "original", "the reference is open, and hidden among the others"
        orders.add(tuple(plays.values()))
        design.answer([marks[label] for label in plays.values()])
    assert len(orders) > 1
    assert design.result("?").ratings == marks
    assert not any("below 90" in line for line in design.sentences())


def test_a_hidden_reference_rated_below_90_is_remarked() -> None:
    design = make(HiddenReference, ["original", "64 kbit/s"], 1)
    design.answer([50.0, 50.0, 50.0])
    assert "In 1 of 1 trials the hidden reference was rated below 90" in design.sentences()[-1]


@pytest.mark.parametrize("sr", [8_000, 16_000, 44_100])
def test_the_anchor_is_that_of_the_recommendation(sr: int) -> None:
    """BS.1534-3, section 5.1: ±0.1 dB up to the cut-off, at least 25 dB down at 4 kHz and 50 dB at 4.5 kHz."""
    impulse = np.zeros(sr)
    impulse[sr // 2] = 1.0
    response = np.abs(np.fft.rfft(with_anchor({"original": impulse}, sr)[ANCHOR]))  # a bin for each Hz
    assert np.abs(20 * np.log10(response[20:3000])).max() < 0.1
    assert 20 * np.log10(response[min(4_000, sr // 2 - 1)]) < -25
    if sr > 9_000:
        assert 20 * np.log10(response[4_500:].max()) < -50


@pytest.mark.parametrize(
    ("kind", "labels", "words"),
    [
        ("abx", ["a"], "'abx' has 2 sounds, not 1"),
        ("preference", ["a", "b", "c"], "2 sounds, not 3"),
        ("staircase", ["a", "b"], "3 to 21 sounds, not 2"),
        ("mushra", list("abcdefghijkl"), "2 to 11 sounds, not 12"),
    ],
)
def test_the_number_of_sounds_fits_the_design(kind: str, labels: list[str], words: str, refuses: Refuses) -> None:
    with refuses(words):
        make(designs.DESIGNS[kind], labels, 4)


def test_the_anchor_needs_something_above_it(refuses: Refuses) -> None:
    with refuses("At 6000 Hz"):
        with_anchor({"original": np.ones(100)}, 6_000)


def test_answers_of_another_form_are_refused(refuses: Refuses) -> None:
    with refuses("3 ratings are needed"):
        make(HiddenReference, ["a", "b"], 1).answer([50.0])
