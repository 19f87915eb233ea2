"""Events: there is sound where the truth says so, the seed decides everything, no two are alike."""

from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from audiocourse.sounds import Interval
from audiocourse.sounds.events.kinds import ALARMING, EVENTS, Event, audible_intervals, event

PROGRAM = """
import numpy as np
from hashlib import sha256
from audiocourse.sounds.events.kinds import EVENTS, event
made = [event(kind, rng=np.random.default_rng(5), max_seconds=2.0) for kind in reversed(EVENTS)]
print(sha256(b"".join(one.y.tobytes() + repr((one.parts, one.parameters)).encode() for one in made)).hexdigest())
"""

KINDS = pytest.mark.parametrize("kind", EVENTS)


def of(kind: str, seed: int, **settings: Any) -> Event:
    return event(kind, rng=np.random.default_rng(seed), **settings)


def test_ten_kinds_and_those_that_need_a_notice() -> None:
    assert len(EVENTS) == len(set(EVENTS)) == 10
    assert {"gunshot", "siren", "baby_cry"} <= set(ALARMING) <= set(EVENTS)


@KINDS
def test_the_truth_fits_the_sound(kind: str) -> None:
    for seed in range(8):
        one = of(kind, seed)
        assert one.y.dtype == np.float32
        assert np.all(np.isfinite(one.y))
        assert np.max(np.abs(one.y)) == pytest.approx(0.5)
        assert 0 <= one.start < 0.2  # it begins at once
        assert one.end <= one.y.size / one.sr <= 6
        assert one.interval == Interval(one.parts[0].start, one.parts[-1].end, kind)
        assert all(a.end + 0.2 < b.start + 1e-9 for a, b in pairwise(one.parts))
        outside = np.abs(one.y) > 0.0051  # −40 dB re the peak, and what float32 rounds
        for part in one.parts:
            begin, end = round(part.start * one.sr), round(part.end * one.sr)
            assert abs(one.y[begin]) > 0.0049
            assert abs(one.y[end - 1]) > 0.0049
            outside[begin:end] = False
        assert not outside.any()


@KINDS
@pytest.mark.parametrize("sr", [8000, 44_100])
def test_any_rate(kind: str, sr: int) -> None:
    one = of(kind, 3, sr=sr, max_seconds=1.5)
    assert one.sr == sr
    assert 0.05 < one.end <= 1.5
    assert np.all(np.isfinite(one.y))


@KINDS
def test_no_two_are_alike(kind: str) -> None:
    made = [of(kind, seed, max_seconds=1.5) for seed in range(12)]
    assert len({one.y.tobytes() for one in made}) == 12
    assert len({repr(one.parameters) for one in made}) == 12
    assert np.std([one.end for one in made]) > 0.01 or kind in ("gunshot", "dog_bark")


@KINDS
@pytest.mark.parametrize("max_seconds", [1.0, 3.0])
def test_nothing_is_longer_than_asked_for_or_breaks_off(kind: str, max_seconds: float) -> None:
    for seed in range(4):
        one = of(kind, seed, max_seconds=max_seconds)
        assert one.y.size <= max_seconds * one.sr
        assert np.max(np.abs(one.y[-20:])) < 0.03  # the last 1.25 ms of a fade of 30 ms


def test_what_goes_on_fills_its_time() -> None:
    for kind in ("rain", "helicopter", "siren", "alarm"):
        assert np.mean([of(kind, seed, max_seconds=4.0).end for seed in range(4)]) > 2


def test_the_seed_decides_in_any_order_of_calls() -> None:
    before = {kind: of(kind, 4, max_seconds=1.0).y for kind in EVENTS}
    after = {kind: of(kind, 4, max_seconds=1.0).y for kind in reversed(EVENTS)}
    assert all(np.array_equal(before[kind], after[kind]) for kind in EVENTS)


def test_another_process_makes_the_same(fresh_python: Callable[[str], str]) -> None:
    made = [of(kind, 5, max_seconds=2.0) for kind in reversed(EVENTS)]
    ours = b"".join(one.y.tobytes() + repr((one.parts, one.parameters)).encode() for one in made)
    assert sha256(ours).hexdigest() == fresh_python(PROGRAM)


def test_one_generator_makes_different_events(rng: np.random.Generator) -> None:
    assert not np.array_equal(event("siren", rng=rng).y[:1000], event("siren", rng=rng).y[:1000])


def test_what_is_heard_in_silence() -> None:
    assert audible_intervals(np.zeros(100), 100) == []
    assert audible_intervals(np.zeros(0), 100) == []
    assert audible_intervals(np.array([1.0, 0.009, 0.011]), 1) == [Interval(0, 1), Interval(2, 3)]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "meow"}, ("'meow'", "dog_bark")),
        ({"kind": None}, ("None",)),
        ({"rng": 5}, ("default_rng",)),
        ({"sr": 4000}, ("sr", "8000")),
        ({"sr": 16_000.0}, ("sr",)),
        ({"max_seconds": 0.5}, ("max_seconds", "1")),
        ({"max_seconds": float("nan")}, ("max_seconds",)),
    ],
)
def test_refusals(settings: Any, words: tuple[str, ...], refuses: Any, rng: np.random.Generator) -> None:
    with refuses(*words):
        event(**{"kind": "rain", "rng": rng, **settings})
