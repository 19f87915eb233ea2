"""Loops that are compiled when they are first called: the same results as in Python, and no numba before."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from audiocourse.asr.ctc import alignment
from audiocourse.compiled import compiled
from audiocourse.signal import beats


@compiled
def running_sum(values: np.ndarray, start: float) -> np.ndarray:
    """Add up."""
    total = np.empty(values.size)
    for i in range(values.size):
        start += values[i]
        total[i] = start
    return total


def test_a_compiled_loop_gives_what_the_loop_gives(rng: np.random.Generator) -> None:
    values = rng.normal(size=50)
    np.testing.assert_allclose(running_sum(values, 2.0), 2 + np.cumsum(values))
    np.testing.assert_allclose(running_sum(values, start=2.0), running_sum.__wrapped__(values, 2.0))
    assert running_sum.__doc__ == "Add up."


def test_the_loops_of_the_course_are_what_they_read(rng: np.random.Generator) -> None:
    local = rng.random(200)
    for mine, in_python in zip(
        beats._best_sums(local, 20.5, 100.0), beats._best_sums.__wrapped__(local, 20.5, 100.0), strict=True
    ):
        np.testing.assert_allclose(mine, in_python)
    states = np.array([0, 1, 0, 2, 0])
    arguments = (np.log(rng.dirichlet(np.ones(4), 30)), states, np.array([False, False, False, True, False]))
    for mine, in_python in zip(alignment._trellis(*arguments), alignment._trellis.__wrapped__(*arguments), strict=True):
        np.testing.assert_allclose(mine, in_python)


def test_importing_the_loops_does_not_load_numba() -> None:
    source = "import sys, audiocourse.signal.beats, audiocourse.asr.ctc.alignment; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0
