"""The learned detector on a stream: the same scores however the stream is cut."""

from __future__ import annotations

import numpy as np

from audiocourse.classify.vad.model import STEP, VadNet, neural_score
from audiocourse.classify.vad.stream import VadStream


def test_the_scores_are_the_same_however_the_stream_is_cut(net: VadNet) -> None:
    y = (0.1 * np.random.default_rng(1).standard_normal(32_000)).astype(np.float32)
    rng = np.random.default_rng(2)
    whole = neural_score(y, 16_000, model=net)
    assert whole.shape == (y.size // STEP,)
    for longest in (1, 300, 5_000):
        stream = VadStream(net)
        known = []
        first = 0
        while first < y.size:
            chunk = y[first : first + int(rng.integers(0, longest + 1))]
            known.append(stream.feed(chunk))
            first += chunk.size
            if first > 4_000 and longest == 1:
                break
        scores = np.concatenate(known)
        np.testing.assert_allclose(scores, whole[: scores.size], atol=1e-5)  # sums in float32, in other groups
        assert scores.size == min(first, y.size) // STEP
