"""Loops that read like their formula and run like C: compiled by numba when they are first called."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def compiled(loop: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function of arrays and numbers on its first call, which takes about a second.

    numba is loaded only then, so that importing the course stays quick. ``__wrapped__`` is the loop in Python.
    """

    @cache
    def fast() -> Any:
        from numba import njit

        return njit(loop)

    @wraps(loop)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        result: Result = fast()(*arguments, **options)
        return result

    return run
