"""What the tests of signals share: tones."""

from collections.abc import Callable

import numpy as np
import pytest

from audiocourse.signal import FloatArray

Tone = Callable[..., FloatArray]


@pytest.fixture
def tone() -> Tone:
    """A sine of `hz` at `sr` with a given peak, float32."""

    def make(hz: float, *, sr: int = 16_000, seconds: float = 1.0, peak: float = 1.0) -> FloatArray:
        return (peak * np.sin(2 * np.pi * hz * np.arange(round(sr * seconds)) / sr)).astype(np.float32)

    return make
