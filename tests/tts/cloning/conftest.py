"""Sentences of a few test speakers, synthesised once."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.sounds import sentence, speakers

SR = 16_000


@pytest.fixture(scope="session")
def spoken() -> dict[str, list[FloatArray]]:
    """Two sentences of three to five seconds for each of six test speakers, one of each family."""
    clips = {}
    for number, speaker in enumerate(speakers("en", split="test")[::3]):
        rng = np.random.default_rng([7, number])
        texts = [f"{sentence(rng, 'en', split='test').text} {sentence(rng, 'en', split='test').text}" for _ in range(2)]
        clips[speaker.name] = [speaker.say(text, seed=number, sr=SR).y for text in texts]
    return clips
