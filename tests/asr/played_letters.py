"""Letters that are played, one frame at a time: what the tests of attention share."""

from __future__ import annotations

import numpy as np
import torch

from audiocourse.asr.attention.from_scratch import shift_right
from audiocourse.asr.attention.model import EOS, PAD, SOS, numbers

KEYS = "abcd"
SOUNDS = [torch.randn(length, 4, generator=torch.Generator().manual_seed(length)) for length in (9, 5)]


def played(text: str, rng: np.random.Generator) -> np.ndarray:
    """Each letter for two to four frames, then a frame of silence."""
    held = np.repeat(np.eye(4, dtype=np.float32)[[KEYS.index(letter) for letter in text]], 4, axis=0)
    rows = held.reshape(len(text), 4, 4)
    frames = [np.vstack([row[: rng.integers(2, 5)], np.zeros((1, 4), np.float32)]) for row in rows]
    return np.vstack(frames)


def word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list(KEYS), int(rng.integers(1, 5))))


def inputs_of(*texts: str) -> torch.Tensor:
    rows, _ = shift_right([numbers(text, KEYS) for text in texts], sos=SOS, eos=EOS, pad=PAD)
    return torch.from_numpy(rows)
