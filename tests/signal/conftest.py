"""What the tests of sound share: a seeded generator, tones, and the rule for what a refusal looks like."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray

Refuses = Callable[..., AbstractContextManager[None]]
Tone = Callable[..., FloatArray]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_241)


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
def tone() -> Tone:
    """A sine of `hz` at `sr` with a given peak, float32."""

    def make(hz: float, *, sr: int = 16_000, seconds: float = 1.0, peak: float = 1.0) -> FloatArray:
        return (peak * np.sin(2 * np.pi * hz * np.arange(round(sr * seconds)) / sr)).astype(np.float32)

    return make
