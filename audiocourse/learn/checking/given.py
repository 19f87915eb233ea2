"""Callables that a task hands to an answer: named, so that either side of a process border can build them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from audiocourse.learn.checking.student import Value


@dataclass(frozen=True)
class Given:
    """The name of a callable in `GIVEN` and the options to build it with."""

    name: str
    options: Mapping[str, Value]

    def __init__(self, name: str, **options: Value) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "options", options)

    def build(self) -> Callable[..., Any]:
        """Make the callable.

        Raises
        ------
        KeyError
            If `GIVEN` does not have this name: a mistake of the check, not of the answer.
        """
        maker = GIVEN[self.name]
        return maker(**self.options)


def _above(*, threshold: float) -> Callable[[np.ndarray], np.ndarray]:
    """Give a detector that says yes where its input is above a threshold."""
    return lambda values: np.asarray(values) > threshold


def _scores_after(
    *, seed: int, tokens: int, calls: int | None = None, shift: float = 0.0
) -> Callable[[Sequence[int]], np.ndarray]:
    """Give a decoder that knows nothing: scores of the next token, by chance, but decided by all tokens so far.

    It raises when it is asked more often than ``calls``; ``shift`` is added to all scores, which changes no choice.
    """
    left = itertools.count() if calls is None else iter(range(calls))

    def scores(so_far: Sequence[int]) -> np.ndarray:
        if next(left, None) is None:
            raise RuntimeError(f"the decoder is asked for scores more than {calls} times")
        return np.random.default_rng([seed, *so_far]).normal(size=tokens) + shift

    return scores


def _scale_and_shift(
    *, seed: int, scale: float = 1.0, shift: float = 1.0
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Give a network that answers an array (channels, steps) with two arrays of its shape, of these sizes.

    Its channels are mixed at random, and each step depends on the step before it.
    """

    def network(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weights = np.random.default_rng(seed).normal(size=(2, len(a), len(a)))
        mixed = np.asarray(a, dtype=np.float64) + 0.5 * np.roll(a, 1, axis=1)  # (channels, steps)
        return scale * np.tanh(weights[0] @ mixed + 0.3), shift * np.sin(weights[1] @ mixed + 0.7)

    return network


GIVEN: dict[str, Callable[..., Callable[..., Any]]] = {
    "above": _above,
    "scale_and_shift": _scale_and_shift,
    "scores_after": _scores_after,
}
