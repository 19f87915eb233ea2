"""What the tests of made sound share: levels in dB, a fresh Python."""

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from audiocourse.signal import FloatArray

Level = Callable[[FloatArray], float]


@pytest.fixture
def level_db() -> Level:
    """Ten times the logarithm of the mean square; −200 dB for silence."""
    return lambda y: float(10 * np.log10(np.mean(np.square(y, dtype=np.float64)) + 1e-20))


@pytest.fixture
def fresh_python() -> Callable[[str], str]:
    """Run a program in a Python of its own, with a hash seed of its own, and return what it prints."""

    def run(program: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": "7"}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
