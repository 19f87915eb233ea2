"""Randomness of a training that depends on a seed alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from audiocourse.errors import AudioCourseError


@contextmanager
def seeded(*seed: int) -> Iterator[None]:
    """Make what happens within depend on the seed alone: torch, and what transformers draws from Python and NumPy.

    Afterwards the global states are as before.

    Raises
    ------
    AudioCourseError
        If the seed is negative.

    Examples
    --------
    >>> with seeded(7):
    ...     first = random.random()
    >>> with seeded(7):
    ...     random.random() == first
    True
    """
    import torch

    if any(part < 0 for part in seed):
        raise AudioCourseError(f"A seed is a whole number from 0 on, not {min(seed)}.")
    word = int(np.random.SeedSequence(seed).generate_state(1)[0])
    python = random.getstate()
    legacy = np.random.get_state()  # noqa: NPY002 (transformers draws from it)
    with torch.random.fork_rng():
        torch.manual_seed(word)
        random.seed(word)
        np.random.seed(word)  # noqa: NPY002
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(legacy)  # noqa: NPY002
