"""Cents: intervals by hand, and frequencies that have none."""

from typing import Any

import numpy as np
import pytest

from audiocourse.signal import cents_apart, hz_to_cents


def test_cents() -> None:
    assert hz_to_cents(440 * 2 ** (1 / 12), ref=440.0) == pytest.approx(100)
    assert hz_to_cents(np.array([220.0, 440.0]), ref=440).tolist() == [-1200, 0]
    assert cents_apart(220.0, 440.0) == cents_apart(440.0, 220.0) == 1200
    assert cents_apart(np.array([110.0, 440.0]), 220).tolist() == [1200, 1200]


def test_bad_frequencies_have_no_cents(refuses: Any) -> None:
    for hz in (0.0, -1.0, float("nan"), np.array([1.0, np.nan])):
        with refuses("above 0 Hz", "f0[voiced]"):
            hz_to_cents(hz, ref=440)
        with refuses("above 0 Hz"):
            cents_apart(440.0, hz)  # type: ignore[arg-type]
    with refuses("(2,) and (3,)"):
        cents_apart(np.ones(2), np.ones(3))
