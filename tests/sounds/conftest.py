"""What the tests of made sound share: levels in dB, the rule for what a refusal looks like, a fresh Python."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray

Refuses = Callable[..., AbstractContextManager[None]]
Level = Callable[[FloatArray], float]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_242)


@pytest.fixture
def refuses() -> Refuses:
    """The block raises AudioCourseError with one sentence that says all the given words."""

    @contextmanager
    def expect(*words: str) -> Iterator[None]:
        with pytest.raises(AudioCourseError) as caught:
            yield
        message = str(caught.value)
        assert message.endswith(".")
        assert "\n" not in message
        assert not re.search(r"[.!?] [A-Z]", message), f"more than one sentence: {message}"
        for word in words:
            assert word in message

    return expect


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
