"""Schedules: from the number of a step to a factor of the learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable


def warm_up_then_cosine(steps: int, *, warm_up: int) -> Callable[[int], float]:
    """Return a schedule: up in a line during ``warm_up`` steps, then down along half a cosine to 0 after ``steps``.

    Examples
    --------
    >>> factor = warm_up_then_cosine(11, warm_up=2)
    >>> [round(factor(step), 2) for step in (0, 1, 2, 6, 11)]
    [0.5, 1.0, 1.0, 0.59, 0.0]
    """

    def factor(step: int) -> float:
        if step < warm_up:
            return (step + 1) / warm_up
        return 0.5 + 0.5 * math.cos(math.pi * min(1.0, (step - warm_up) / max(1, steps - warm_up)))

    return factor
